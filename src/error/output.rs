//! The text and hints of errors in writing files.

use super::input::system_text;
use super::{CommandError, ErrorKind};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// A new file that was not written.
#[derive(Debug)]
pub(crate) enum NewFileError {
    /// The path is taken.
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// The system did not write the file.
    NotWritten {
        /// The content of the file, in words.
        what: String,
        /// The path.
        path: PathBuf,
        /// The cause.
        error: io::Error,
    },
}

impl fmt::Display for NewFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists { path } => {
                write!(f, "{} already exists, and is not overwritten", path.display())
            }
            Self::NotWritten { what, path, error } => {
                write!(f, "cannot write {what} to {}: {}", path.display(), system_text(error))
            }
        }
    }
}

impl std::error::Error for NewFileError {}

impl From<NewFileError> for CommandError {
    fn from(error: NewFileError) -> Self {
        let exists = matches!(error, NewFileError::Exists { .. });
        let error = Self::new(ErrorKind::Unjudged, error);
        if exists { error.with_hint("choose another path, or move the old file away") } else { error }
    }
}
