//! Why a session cannot be read, kept or continued, as facts. Their text is in `error::session`.

use crate::core::oauth::session::{SessionFormatError, SessionLogin};
use crate::host::ResolvedKind;
use std::io;
use std::path::PathBuf;

/// A session file that cannot be used.
#[derive(Debug)]
pub(crate) struct SessionFileError {
    /// The path, as the user gave it.
    pub(crate) path: PathBuf,
    /// The fault.
    pub(crate) fault: SessionFault,
}

/// A reason why a session file cannot be used.
#[derive(Debug)]
pub(crate) enum SessionFault {
    /// The path is `-`, which stands for a stream elsewhere.
    Dash,
    /// There is no file.
    Missing,
    /// The path leads to something else than a file.
    NotAFile(ResolvedKind),
    /// The file, or its folder, cannot be read.
    Unreadable(io::Error),
    /// Another user could have written the file.
    Foreign,
    /// The file is larger than any session.
    TooLarge,
    /// The content is not a session.
    Format(SessionFormatError),
    /// The lock file cannot be made or locked.
    NotLockable(io::Error),
    /// Another process holds the lock for longer than any exchange.
    Busy {
        /// How long this process waited, in seconds.
        seconds: u64,
    },
    /// There is no room for the next tokens. Nothing was sent.
    NoRoom(io::Error),
    /// The tokens arrived, but could not be written.
    NotSaved(io::Error),
    /// The file could not be removed.
    NotRemoved(io::Error),
}

/// A session that cannot go on.
#[derive(Debug)]
pub(crate) enum SessionError {
    /// The access token has expired, and there is no refresh token.
    NoRefreshToken {
        /// The words of the command that logs in.
        login: SessionLogin,
    },
    /// An environment variable that the session names is not set.
    VariableNotSet {
        /// The name of the variable.
        name: String,
    },
    /// The URL that ends the session is not known.
    NoRevocationUrl {
        /// The path of the session file, as the user gave it.
        path: PathBuf,
    },
    /// The process with the exchange was killed.
    ExchangeKilled {
        /// The number of the signal.
        signal: i32,
    },
    /// The process with the exchange could not be awaited.
    ExchangeLost(io::Error),
}
