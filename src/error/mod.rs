//! How a run can end: the exit statuses, and the error that ends a command early. The files beside this one turn the
//! typed errors of the other modules into text and hints. No other module knows exit statuses or words hints.

mod batch;
pub(crate) mod decode;
mod exit_status;
mod fetch;
mod host;
mod input;
pub(crate) mod inspect;
mod json;
mod key;
mod keys;
mod mint;
mod network;
pub(crate) mod output;
mod server;
mod store;
mod suite;
mod token;
mod traps;
mod url;
pub(crate) mod usage;
mod verify;

pub use self::exit_status::ExitStatus;

use crate::host::{CANCELLED, ColorMode, Host, Level};
use std::fmt;
use std::io::{self, Write as _};

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
}

impl CommandError {
    /// Returns an error of a kind with its cause.
    pub fn new(kind: ErrorKind, source: impl Into<anyhow::Error>) -> Self {
        Self { kind, source: source.into(), hints: Vec::new() }
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

    /// Writes the error and its hints to standard error, and returns the exit status.
    pub fn report(&self, host: &mut Host<'_>) -> ExitStatus {
        if let ErrorKind::Output { if_closed } = self.kind
            && self.source.downcast_ref::<Unwritten>().is_some_and(Unwritten::is_closed)
        {
            return if_closed;
        }
        host.important_message(Level::Error, &self.to_string());
        for hint in &self.hints {
            host.message(Level::Hint, hint);
        }
        self.status()
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

/// Prints clap's message, and returns the exit status. Help and version go to standard output and are results; all
/// other messages are usage errors.
pub(crate) fn report_usage(error: &clap::Error, color: ColorMode, host: &mut Host<'_>) -> ExitStatus {
    host.set_color(color);
    let stream = if error.use_stderr() { &mut host.stderr } else { &mut host.stdout };
    let text = error.render();
    let text = if stream.palette().colour { text.ansi().to_string() } else { text.to_string() };
    let written = stream.writer.write_all(text.as_bytes()).and_then(|()| stream.writer.flush());
    match written {
        _ if error.use_stderr() => ExitStatus::Unjudged,
        Ok(()) => ExitStatus::Done,
        Err(error) => CommandError::from(Unwritten { error, if_closed: ExitStatus::Done }).report(host),
    }
}
