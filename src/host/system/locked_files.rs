//! Locks and replacement of files of the real system.

#[cfg(windows)]
use super::windows_files;
use crate::host::{FileLock, LockedFiles, ResolvedFile, ResolvedKind};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The time between two attempts to lock a file.
const RETRY: Duration = Duration::from_millis(10);
/// The time after which a wait counts as long.
const LONG: Duration = Duration::from_secs(2);

/// The files of this system.
pub(super) struct SystemLockedFiles;

impl LockedFiles for SystemLockedFiles {
    fn resolve(&self, path: &Path) -> io::Result<ResolvedFile> {
        match fs::canonicalize(path) {
            Ok(path) => {
                let found = fs::metadata(&path)?;
                let kind = match () {
                    () if found.is_file() => ResolvedKind::Regular,
                    () if found.is_dir() => ResolvedKind::Folder,
                    () => ResolvedKind::Special,
                };
                Ok(ResolvedFile { path, kind })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let Some(name) = path.file_name() else { return Err(error) };
                let file = fs::canonicalize(folder(path))?.join(name);
                let is_link = fs::symlink_metadata(path).is_ok();
                let kind = if is_link { ResolvedKind::BrokenLink } else { ResolvedKind::Missing };
                Ok(ResolvedFile { path: file, kind })
            }
            Err(error) => Err(error),
        }
    }

    fn lock(
        &self,
        path: &Path,
        limit: Duration,
        is_waiting: &mut dyn FnMut(),
    ) -> io::Result<Option<FileLock>> {
        let start = Instant::now();
        let mut is_told = false;
        loop {
            let file = match inherited(path) {
                Some(file) => file,
                None => open_lock(path)?,
            };
            loop {
                match file.try_lock() {
                    Ok(()) => break,
                    Err(TryLockError::WouldBlock) => {}
                    Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(TryLockError::Error(error)) => return Err(error),
                }
                let waited = start.elapsed();
                if waited >= limit {
                    return Ok(None);
                }
                if waited >= LONG && !std::mem::replace(&mut is_told, true) {
                    is_waiting();
                }
                sleep(RETRY);
            }
            // The process that held the lock before may have removed the file.
            if is_at(&file, path) {
                return Ok(Some(FileLock { file: Some(file) }));
            }
        }
    }

    fn reserve(&self, path: &Path, size: usize) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        #[cfg(unix)]
        let mut file = private().write(true).create_new(true).open(path)?;
        #[cfg(windows)]
        let mut file = windows_files::create_private(path)?;
        let filled = file.write_all(&vec![b' '; size]).and_then(|()| file.sync_all());
        filled.and_then(|()| sync_folder(path)).inspect_err(|_| {
            let _ = fs::remove_file(path);
        })
    }

    fn replace(&self, target: &Path, reserved: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = File::options().write(true).open(reserved)?;
        file.write_all(content)?;
        file.set_len(content.len() as u64)?;
        file.sync_all()?;
        fs::rename(reserved, target)?;
        // The file has its name. If the folder cannot be synchronized, only a crash of the system could undo that.
        let _ = sync_folder(target);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// Returns a path from the root. Links stay as they are.
pub(super) fn absolute(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the options of a file that only its owner can access.
#[cfg(unix)]
fn private() -> fs::OpenOptions {
    let mut options = File::options();
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn open_lock(path: &Path) -> io::Result<File> {
    private().write(true).create(true).truncate(false).open(path)
}

#[cfg(windows)]
fn open_lock(path: &Path) -> io::Result<File> {
    windows_files::open_or_create_private(path, File::options().write(true).create(true).truncate(false))
}

/// Returns standard input if it is the file at this path: the process that started this one has passed on its lock.
#[cfg(unix)]
fn inherited(path: &Path) -> Option<File> {
    use std::os::fd::AsFd as _;
    let file = File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
    is_at(&file, path).then_some(file)
}

#[cfg(not(unix))]
const fn inherited(_: &Path) -> Option<File> {
    None
}

/// Reports whether a path still leads to an open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(open), Ok(named)) = (file.metadata(), fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Writes the folder of a file to the disk, so that its names survive a crash.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder(path))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_reserved_file_takes_the_place_of_the_target() {
        let folder = tempfile::tempdir().unwrap();
        let (target, reserved) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&target, "old").unwrap();
        SystemLockedFiles.reserve(&reserved, 10).unwrap();
        assert_eq!(fs::read_to_string(&reserved).unwrap(), " ".repeat(10));
        SystemLockedFiles.reserve(&reserved, 20).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        SystemLockedFiles.replace(&target, &reserved, b"new").unwrap();
        assert_eq!(
            (fs::read_to_string(&target).unwrap().as_str(), names(folder.path())),
            ("new", vec!["a".to_owned()])
        );
        assert!(SystemLockedFiles.replace(&target, &reserved, b"newer").is_err(), "nothing is reserved");
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
    }

    #[cfg(unix)]
    #[test]
    fn reserved_files_and_locks_belong_to_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (reserved, lock) = (folder.path().join("a"), folder.path().join("b"));
        SystemLockedFiles.reserve(&reserved, 0).unwrap();
        let held = SystemLockedFiles.lock(&lock, Duration::ZERO, &mut || ()).unwrap();
        assert!(held.is_some());
        for path in [reserved, lock] {
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_lock_is_free_once_its_holder_drops_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let lock = |limit| SystemLockedFiles.lock(&path, Duration::from_millis(limit), &mut || ()).unwrap();
        let held = lock(0);
        assert!(held.is_some() && lock(30).is_none());
        drop(held);
        assert!(lock(0).is_some(), "the file that stays behind does no harm");
    }

    #[test]
    fn a_lock_on_a_removed_file_is_not_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let held = SystemLockedFiles.lock(&path, Duration::ZERO, &mut || ()).unwrap();
        let waiter = std::thread::spawn({
            let path = path.clone();
            move || SystemLockedFiles.lock(&path, Duration::from_secs(5), &mut || ()).unwrap()
        });
        sleep(Duration::from_millis(50));
        fs::remove_file(&path).unwrap();
        drop(held);
        assert!(waiter.join().unwrap().is_some());
        assert!(path.exists(), "the waiter holds a lock that others meet");
    }

    #[cfg(unix)]
    #[test]
    fn resolves_links_and_names_what_is_not_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        std::os::unix::fs::symlink("gone", at("broken")).unwrap();
        for (name, leads_to, kind) in [
            ("file", "file", ResolvedKind::Regular),
            ("link", "file", ResolvedKind::Regular),
            ("broken", "broken", ResolvedKind::BrokenLink),
            ("new", "new", ResolvedKind::Missing),
            (".", "", ResolvedKind::Folder),
        ] {
            let found = SystemLockedFiles.resolve(&at(name)).unwrap();
            let path = if leads_to.is_empty() { root.clone() } else { root.join(leads_to) };
            assert_eq!(found, ResolvedFile { path, kind }, "{name}");
        }
        let device = SystemLockedFiles.resolve(Path::new("/dev/null")).unwrap();
        assert_eq!(device.kind, ResolvedKind::Special);
        assert!(SystemLockedFiles.resolve(&at("no/file")).is_err());
    }
}
