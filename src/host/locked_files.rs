//! Files that several processes replace, one process at a time. This file says what the host does for them.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The operations of the host on files that several processes replace.
pub trait LockedFiles {
    /// Returns the file that a path leads to, without links and from the root.
    ///
    /// # Errors
    /// If the path, or the folder of a missing file, cannot be read.
    fn resolve(&self, path: &Path) -> io::Result<ResolvedFile>;

    /// Locks the file at this path against all other processes, and creates it if it is missing. A lock ends with its
    /// process. Calls `is_waiting` once if the wait is long. Returns `None` if the file is not free within the limit.
    ///
    /// # Errors
    /// If the file cannot be created or locked.
    fn lock(
        &self,
        path: &Path,
        limit: Duration,
        is_waiting: &mut dyn FnMut(),
    ) -> io::Result<Option<FileLock>>;

    /// Makes a file of this many spaces, readable by its owner alone, in place of an older one. Once it returns, the file
    /// is on the disk.
    ///
    /// # Errors
    /// If the disk has no room, or the folder cannot be written.
    fn reserve(&self, path: &Path, size: usize) -> io::Result<()>;

    /// Writes the content over a reserved file, and gives it the name of the target. Once it returns, both are on the disk.
    ///
    /// # Errors
    /// If the content cannot be written. The target is then as it was.
    fn replace(&self, target: &Path, reserved: &Path, content: &[u8]) -> io::Result<()>;

    /// Gives a file another name.
    ///
    /// # Errors
    /// If the file cannot be renamed.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// If the file cannot be removed.
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// The file that a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedFile {
    /// Its own path, from the root.
    pub path: PathBuf,
    /// The kind of thing there.
    pub kind: ResolvedKind,
}

/// The kind of thing that a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolvedKind {
    /// A regular file.
    Regular,
    /// Nothing, but its folder exists.
    Missing,
    /// A symbolic link that leads nowhere.
    BrokenLink,
    /// A folder.
    Folder,
    /// A pipe, a device or a socket.
    Special,
}

/// A lock on a file, which ends when it is dropped.
#[derive(Debug, Default)]
pub struct FileLock {
    /// The open file that holds the lock. `None` in tests, and once another process holds it.
    #[cfg_attr(windows, expect(dead_code, reason = "an open file is a lock"))]
    pub(super) file: Option<File>,
}
