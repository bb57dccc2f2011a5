//! What the host says about files.

use std::ffi::OsString;
use std::io::Read;

/// A file that is open for reading.
pub struct OpenFile {
    /// Its bytes.
    pub stream: Box<dyn Read + Send>,
    /// Its length in bytes, if it is a regular file.
    pub length: Option<u64>,
    /// True if other users may read it: by its mode, or on Windows by its access list.
    pub is_shared: bool,
    /// True if another user may have written it: the owner, or by its mode or access list others.
    pub is_foreign: bool,
}

/// The kind of thing at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// Something that can be read.
    File,
    /// A folder with its regular files and folders. Links in it are left out.
    Folder {
        /// The names of its files.
        files: Vec<OsString>,
        /// The names of its folders.
        folders: Vec<OsString>,
    },
}

/// The rule for a file that exists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfExists {
    /// Fails with [`std::io::ErrorKind::AlreadyExists`].
    Fail,
    /// Like `Fail`, and other users can read the new file if the umask, or the folder on Windows, lets them.
    FailPublic,
    /// Replaces it in one step.
    Replace,
    /// Like `Replace`, but follows symbolic links. Pipes and devices are written to, never replaced.
    ReplaceTarget,
    /// Appends to it in one write. Follows symbolic links. A pipe needs a reader, and a missing file is created.
    Append,
}
