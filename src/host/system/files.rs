//! Files and folders of the real system, and standard input. Reading them ends when a signal is caught.

use super::signals;
#[cfg(windows)]
use super::windows_files;
use crate::host::{IfExists, OpenFile, PathKind};
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write as _};
use std::path::Path;

/// An input whose reading a [stop signal](crate::host::StopSignal) can end. No other signal does: the call that it
/// interrupts is made again.
pub(super) struct Interruptible<F>(pub(super) F);

#[cfg(unix)]
impl<F: Read + std::os::fd::AsFd> Read for Interruptible<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            signals::wait_for(self.0.as_fd())?;
            match self.0.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => return outcome,
            }
        }
    }
}

#[cfg(windows)]
impl<F: Read> Read for Interruptible<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        signals::check()?;
        self.0.read(buffer)
    }
}

/// Returns the remaining length of standard input, if it is a file.
pub(super) fn stdin_length() -> Option<u64> {
    #[cfg(unix)]
    {
        use std::io::Seek as _;
        use std::os::fd::AsFd as _;
        let mut file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
        let metadata = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        metadata.len().checked_sub(file.stream_position().ok()?)
    }
    #[cfg(not(unix))]
    None
}

/// Waits briefly for standard input. Returns `true` if neither data nor its end arrived.
#[cfg(unix)]
pub(super) fn stdin_is_idle() -> bool {
    use nix::poll::{PollFd, PollFlags, poll};
    use std::os::fd::AsFd as _;
    const MILLISECONDS: u16 = 200;
    let stdin = io::stdin();
    poll(&mut [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)], MILLISECONDS) == Ok(0)
}

#[cfg(not(unix))]
pub(super) const fn stdin_is_idle() -> bool {
    false
}

/// Opens a file for reading.
pub(super) fn open(path: &Path) -> io::Result<OpenFile> {
    let file = File::open(path)?;
    #[cfg(unix)]
    let (length, is_shared, is_foreign) = {
        use std::os::unix::fs::MetadataExt as _;
        const READABLE_BY_GROUP_OR_OTHERS: u32 = 0o044;
        const WRITABLE_BY_GROUP_OR_OTHERS: u32 = 0o022;
        let metadata = file.metadata()?;
        let is_ours = metadata.uid() == nix::unistd::geteuid().as_raw();
        let allows = |bits| metadata.mode() & bits != 0;
        (
            metadata.is_file().then_some(metadata.len()),
            metadata.is_file() && allows(READABLE_BY_GROUP_OR_OTHERS),
            !metadata.is_file() || !is_ours || allows(WRITABLE_BY_GROUP_OR_OTHERS),
        )
    };
    #[cfg(windows)]
    let (length, is_shared, is_foreign) = match file.metadata() {
        Ok(metadata) if metadata.is_file() => {
            let others = windows_files::other_users(&file)?;
            (Some(metadata.len()), others.can_read, others.can_change || others.owner.is_some())
        }
        // A device has no metadata.
        _ => (None, false, true),
    };
    Ok(OpenFile { stream: Box::new(Interruptible(file)), length, is_shared, is_foreign })
}

/// Returns what a path leads to. The path itself may be a link, but links in a folder are left out, so that no walk
/// goes in circles.
pub(super) fn path_kind(path: &Path) -> io::Result<PathKind> {
    if !std::fs::metadata(path)?.is_dir() {
        return Ok(PathKind::File);
    }
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        // Pipes and devices are left out: opening one waits for its other end.
        if kind.is_file() {
            files.push(entry.file_name());
        } else if kind.is_dir() {
            folders.push(entry.file_name());
        }
    }
    Ok(PathKind::Folder { files, folders })
}

/// Writes a file in one step: the bytes are complete in a temporary file beside it (mode 0600, or that of the umask) before it
/// gets its name. On Windows, only the user can access the file, unless it is public.
pub(super) fn write(path: &Path, bytes: &[u8], if_exists: IfExists) -> io::Result<()> {
    if if_exists == IfExists::Append {
        return append(path, bytes);
    }
    let target = if if_exists == IfExists::ReplaceTarget {
        if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
            return File::options().write(true).open(path)?.write_all(bytes);
        }
        std::fs::canonicalize(path).ok()
    } else {
        None
    };
    let path = target.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::metadata(folder)?;
    // The error would name the temporary file, which the user does not know.
    let without_name = |error: io::Error| io::Error::from(error.kind());
    let mut file = temporary_file(folder, if_exists == IfExists::FailPublic).map_err(without_name)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    // Windows renames no file that others must not open.
    let file = file.into_temp_path();
    let renamed = match if_exists {
        IfExists::Fail | IfExists::FailPublic => file.persist_noclobber(path),
        IfExists::Replace | IfExists::ReplaceTarget | IfExists::Append => file.persist(path),
    };
    renamed.map_err(|error| error.error)
}

/// Creates a file with a name of its own. Only its owner can access it, unless it is public.
fn temporary_file(folder: &Path, is_public: bool) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fob-");
    #[cfg(unix)]
    if is_public {
        use std::os::unix::fs::PermissionsExt as _;
        // The umask takes its bits away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    #[cfg(windows)]
    if !is_public {
        return builder.make_in(folder, windows_files::create_private);
    }
    builder.tempfile_in(folder)
}

/// Creates a temporary file that only its owner can access, for a library that opens it by its name.
pub(crate) fn private_temporary_path(folder: &Path) -> io::Result<tempfile::TempPath> {
    Ok(temporary_file(folder, false)?.into_temp_path())
}

/// Appends bytes to a file. A new file is for its owner alone.
fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.append(true).create(true);
    #[cfg(unix)]
    {
        use nix::fcntl::{FcntlArg, OFlag, fcntl};
        use std::os::unix::fs::OpenOptionsExt as _;
        // Opening a pipe without a reader fails instead of waiting for one.
        let file = options.mode(0o600).custom_flags(OFlag::O_NONBLOCK.bits()).open(path)?;
        fcntl(&file, FcntlArg::F_SETFL(OFlag::O_APPEND))?;
        (&file).write_all(bytes)
    }
    #[cfg(windows)]
    windows_files::open_or_create_private(path, &options)?.write_all(bytes)
}

/// Creates a folder and its parents (mode 0700).
pub(super) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
