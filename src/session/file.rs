//! One session file: where it is, its lock, and how it is replaced. Beside `FILE` lie `.FILE.lock` with the lock, and during
//! an exchange `.FILE.next` with the room for the next content. `.FILE.begin` is a session before its first exchange.

use super::error::{SessionFault, SessionFileError};
use crate::core::oauth::session::Session;
use crate::core::text::escape::Shown;
use crate::core::text::shell::make_private;
use crate::host::{FileLock, Host, IfExists, Level, ResolvedKind};
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The size limit of a session file. An answer of a server has at most 1 MiB.
const MAXIMUM: u64 = 8 << 20;
/// The room for tokens that are larger than the old ones.
const GROWTH: usize = 64 << 10;
/// The longest wait for another process. An exchange takes at most 10 seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// A session file.
#[derive(Clone, Debug)]
pub(crate) struct SessionFile {
    /// The path, as the user gave it.
    pub(crate) given: PathBuf,
    /// The file itself, without links.
    path: PathBuf,
}

impl SessionFile {
    /// Finds the file that a path leads to. It may be missing, but its folder may not.
    pub(crate) fn locate(given: &Path, host: &Host<'_>) -> Result<Self, SessionFileError> {
        let fault = |fault| SessionFileError { path: given.to_owned(), fault };
        if given == Path::new("-") {
            return Err(fault(SessionFault::Dash));
        }
        let found =
            host.locked_files.resolve(given).map_err(|error| fault(SessionFault::Unreadable(error)))?;
        match found.kind {
            ResolvedKind::Regular | ResolvedKind::Missing => {
                Ok(Self { given: given.to_owned(), path: found.path })
            }
            kind => Err(fault(SessionFault::NotAFile(kind))),
        }
    }

    /// Reads the session. Returns `None` if there is no file. Warns if other users can read the tokens.
    pub(crate) fn read(&self, host: &mut Host<'_>) -> Result<Option<Session>, SessionFileError> {
        let Some((session, is_shared)) = self.read_at(&self.path, host)? else { return Ok(None) };
        if is_shared {
            let path = Shown(&self.given.display().to_string()).to_string();
            host.message(Level::Warning, &format!("other users can read the tokens in {path}"));
            let command = make_private(&self.given.to_string_lossy());
            host.message(Level::Hint, &format!("run `{command}`"));
        }
        Ok(Some(session))
    }

    /// Locks the session against all other processes. Waits while another one has it.
    pub(crate) fn lock(&self, host: &mut Host<'_>) -> Result<FileLock, SessionFileError> {
        let waiting =
            format!("waiting for another process that uses the session in {}", self.given.display());
        match host.lock_file(&self.beside("lock"), LONGEST_WAIT, &waiting) {
            Ok(Some(lock)) => Ok(lock),
            Ok(None) => Err(self.fault(SessionFault::Busy { seconds: LONGEST_WAIT.as_secs() })),
            Err(error) => Err(self.fault(SessionFault::NotLockable(error))),
        }
    }

    /// Reads the session of a locked file. If a process was killed after it wrote the next content, that becomes the
    /// session first.
    pub(crate) fn recover(&self, host: &Host<'_>) -> Result<Option<Session>, SessionFileError> {
        let session = self.read_at(&self.path, host)?.map(|(session, _)| session);
        let next = self.beside("next");
        // A foreign file, or one that is not whole, is no session of this program.
        let is_own = host.locked_files.resolve(&next).is_ok_and(|found| found.path == next);
        let newer = if is_own { self.read_at(&next, host).ok().flatten() } else { None };
        if let Some((newer, _)) = newer
            && session.as_ref().is_none_or(|session| Some(newer.serial) == session.serial.checked_add(1))
        {
            let renamed = host.locked_files.rename(&next, &self.path);
            renamed.map_err(|error| self.fault(SessionFault::NoRoom(error)))?;
            return Ok(Some(newer));
        }
        // Only a killed process leaves these files behind while the lock is free.
        let _ = host.locked_files.remove(&next);
        let _ = host.locked_files.remove(&self.beside("begin"));
        Ok(session)
    }

    /// Reads the session of a locked file, as [`recover`](Self::recover) does. It may have been removed while this process
    /// waited for the lock.
    pub(crate) fn require(&self, host: &Host<'_>) -> Result<Session, SessionFileError> {
        let session = self.recover(host)?;
        session.ok_or_else(|| {
            self.tidy(host);
            self.missing()
        })
    }

    /// Keeps a session before its first exchange, so that another process can make that exchange.
    pub(crate) fn keep_beginning(&self, session: &Session, host: &Host<'_>) -> Result<(), SessionFileError> {
        let path = self.beside("begin");
        let kept = host
            .locked_files
            .reserve(&path, 0)
            .and_then(|()| host.locked_files.replace(&path, &path, session.to_text().as_bytes()));
        kept.map_err(|error| self.fault(SessionFault::NoRoom(error)))
    }

    /// Reads a session before its first exchange, and removes it: it is needed once.
    pub(crate) fn take_beginning(&self, host: &Host<'_>) -> Result<Session, SessionFileError> {
        let path = self.beside("begin");
        let session = self.read_at(&path, host)?.map(|(session, _)| session);
        let _ = host.locked_files.remove(&path);
        session.ok_or_else(|| self.fault(SessionFault::Missing))
    }

    /// Removes the session and the files beside it, while it is locked.
    pub(crate) fn remove(&self, host: &Host<'_>) -> Result<(), SessionFileError> {
        let _ = host.locked_files.remove(&self.beside("next"));
        host.locked_files.remove(&self.path).map_err(|error| self.fault(SessionFault::NotRemoved(error)))?;
        let _ = host.locked_files.remove(&self.beside("lock"));
        Ok(())
    }

    /// Removes the lock file of a session that never began, while it is locked.
    pub(crate) fn tidy(&self, host: &Host<'_>) {
        if host.locked_files.resolve(&self.path).is_ok_and(|found| found.kind == ResolvedKind::Missing) {
            let _ = host.locked_files.remove(&self.beside("lock"));
        }
    }

    /// Returns the error of a missing file.
    pub(crate) fn missing(&self) -> SessionFileError {
        self.fault(SessionFault::Missing)
    }

    fn fault(&self, fault: SessionFault) -> SessionFileError {
        SessionFileError { path: self.given.clone(), fault }
    }

    /// Returns the path of a hidden file beside the session file.
    fn beside(&self, ending: &str) -> PathBuf {
        let mut name = OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(format!(".{ending}"));
        self.path.with_file_name(name)
    }

    /// Reads a session, and whether other users can read it, too.
    fn read_at(&self, path: &Path, host: &Host<'_>) -> Result<Option<(Session, bool)>, SessionFileError> {
        let unreadable = |error| self.fault(SessionFault::Unreadable(error));
        let file = match (host.open)(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        // A user who can write the file could send the refresh token to another server.
        if file.is_foreign {
            return Err(self.fault(SessionFault::Foreign));
        }
        let mut content = Vec::new();
        file.stream.take(MAXIMUM + 1).read_to_end(&mut content).map_err(unreadable)?;
        if content.len() as u64 > MAXIMUM {
            return Err(self.fault(SessionFault::TooLarge));
        }
        let session = Session::parse(&content).map_err(|error| self.fault(SessionFault::Format(error)))?;
        Ok(Some((session, file.is_shared)))
    }
}

/// An exchange with the server, from before the request until its result is kept. The file is locked meanwhile.
pub(crate) struct Exchange<'f> {
    file: &'f SessionFile,
    /// The session in the file.
    kept: Option<Session>,
    next: PathBuf,
}

impl<'f> Exchange<'f> {
    /// Reserves the room for the next content, after the file says that an exchange has begun. An error means that
    /// nothing may be sent.
    pub(crate) fn begin(
        file: &'f SessionFile,
        kept: Option<Session>,
        host: &Host<'_>,
    ) -> Result<Self, SessionFileError> {
        let next = file.beside("next");
        let files = &host.locked_files;
        let no_room = |error| file.fault(SessionFault::NoRoom(error));
        let mut size = 0;
        if let Some(kept) = &kept {
            let begun = Session { begun: Some((host.clock)().seconds()), ..kept.clone() }.to_text();
            size = begun.len();
            files.reserve(&next, 0).map_err(no_room)?;
            files.replace(&file.path, &next, begun.as_bytes()).map_err(no_room)?;
        }
        files.reserve(&next, 2 * size + GROWTH).map_err(no_room)?;
        Ok(Self { file, kept, next })
    }

    /// Keeps the next session.
    pub(crate) fn finish(&self, session: &Session, host: &Host<'_>) -> Result<(), SessionFileError> {
        let (path, content) = (&self.file.path, session.to_text());
        let written = host
            .locked_files
            .replace(path, &self.next, content.as_bytes())
            // Perhaps the reserved file was removed. There may still be room for another one.
            .or_else(|_| (host.write)(path, content.as_bytes(), IfExists::Replace));
        written.map_err(|error| self.file.fault(SessionFault::NotSaved(error)))
    }

    /// Makes the file as it was before: the server has used up nothing.
    pub(crate) fn undo(&self, host: &Host<'_>) {
        let restored = match &self.kept {
            Some(kept) => host.locked_files.replace(&self.file.path, &self.next, kept.to_text().as_bytes()),
            None => host.locked_files.remove(&self.next),
        };
        // The note that stays in the file then is too careful, but does no harm.
        if restored.is_err() {
            self.leave_open(host);
        }
    }

    /// Leaves the note in the file: the answer is lost, so the server may have used up the refresh token.
    pub(crate) fn leave_open(&self, host: &Host<'_>) {
        let _ = host.locked_files.remove(&self.next);
    }
}
