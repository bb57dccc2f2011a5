//! How a run can end: the exit statuses, and the error that ends a command early. The files beside this one turn the
//! typed errors of the other modules into text and hints. No other module words these errors or decides their exit status.

mod batch;
pub mod code;
mod command_line;
pub(crate) mod decode;
pub(crate) mod document;
mod encryption;
mod exit_status;
mod fetch;
mod host;
pub(crate) mod input;
pub(crate) mod inspect;
mod json;
mod key;
mod keys;
mod mint;
pub(crate) mod network;
pub(crate) mod output;
mod recipient;
pub(crate) mod report;
mod server;
mod server_hints;
pub(crate) mod session;
mod store;
mod suite;
mod token;
mod traps;
mod url;
pub(crate) mod usage;
mod verify;

pub use self::exit_status::ExitStatus;

use crate::host::CANCELLED;
use std::fmt;
use std::io;

/// The kind of an error that ends a command; it decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Nothing was judged: wrong usage, an unreadable file, no usable key, a store or a server out of reach.
    Unjudged,
    /// The input holds no token to judge.
    NoToken,
    /// The answer is no: a claim is absent, a server refused.
    Rejected,
    /// The answer is no, and time is the only reason.
    TimeOnly,
    /// Standard output could not be written. A reader that closed it ends the run with this status instead.
    Output {
        /// The status if the reader closed its end.
        if_closed: ExitStatus,
    },
}

impl ErrorKind {
    const fn status(self) -> ExitStatus {
        match self {
            Self::Unjudged | Self::Output { .. } => ExitStatus::Unjudged,
            Self::NoToken => ExitStatus::NoToken,
            Self::Rejected => ExitStatus::Rejected,
            Self::TimeOnly => ExitStatus::TimeOnly,
        }
    }
}

/// An error that ends a command: its kind, its cause, and hints on what to do.
#[derive(Debug)]
pub struct CommandError {
    kind: ErrorKind,
    source: anyhow::Error,
    hints: Vec<String>,
    /// True if the command has written the failure into its own JSON document.
    is_documented: bool,
}

impl CommandError {
    /// Returns an error of a kind with its cause.
    pub fn new(kind: ErrorKind, source: impl Into<anyhow::Error>) -> Self {
        Self { kind, source: source.into(), hints: Vec::new(), is_documented: false }
    }

    /// Returns the same error with one more hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Returns the same error with one more hint, if there is one.
    #[must_use]
    pub(crate) fn with_optional_hint(self, hint: Option<impl Into<String>>) -> Self {
        match hint {
            Some(hint) => self.with_hint(hint),
            None => self,
        }
    }

    /// Returns what sort of error this is.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the exit status that the error ends a run with.
    #[must_use]
    pub const fn status(&self) -> ExitStatus {
        self.kind.status()
    }

    /// Returns the first hint, if there is one.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hints.first().map(String::as_str)
    }

    /// Marks the error as already written to standard output, in a JSON document of the command.
    #[must_use]
    pub(crate) fn documented(self) -> Self {
        Self { is_documented: true, ..self }
    }
}

/// Writes the chain of causes, the outermost first.
impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, cause) in self.source.chain().enumerate() {
            if index > 0 {
                f.write_str(": ")?;
            }
            write!(f, "{cause}")?;
        }
        Ok(())
    }
}

/// A prompt that a signal cancels ends the process with the status of an unjudged run.
const _: () = assert!(ExitStatus::Unjudged as i32 == CANCELLED);

/// A result that could not be written to standard output.
#[derive(Debug)]
pub(crate) struct Unwritten {
    /// The cause.
    pub(crate) error: io::Error,
    /// The status if the reader closed its end; any other failure is [`ExitStatus::Unjudged`].
    pub(crate) if_closed: ExitStatus,
}

impl Unwritten {
    /// Reports whether the reader closed its end.
    pub(crate) fn is_closed(&self) -> bool {
        self.error.kind() == io::ErrorKind::BrokenPipe
    }
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write to standard output: {}", self.error)
    }
}

impl std::error::Error for Unwritten {}

impl From<Unwritten> for CommandError {
    fn from(unwritten: Unwritten) -> Self {
        Self::new(ErrorKind::Output { if_closed: unwritten.if_closed }, unwritten)
    }
}
