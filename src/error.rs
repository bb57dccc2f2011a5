//! How a run can end, as data: the exit statuses, and what ends it early.

use crate::core::verify::judge::{Judgement, Verdict};
use std::fmt;
use std::io;
use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Done; for `verify` and `refresh`, accepted.
    Done = 0,
    /// Rejected: a check failed.
    Rejected = 1,
    /// Nothing was judged: wrong usage, an unreadable file, no usable key, an output that takes nothing.
    Unjudged = 2,
    /// Rejected, and time is the only fault.
    TimeOnly = 3,
    /// Nothing to judge: no token in the input, malformed, or encrypted.
    NoToken = 4,
    /// Ctrl-C ended it before it was through.
    Interrupted = 130,
    /// It was asked to end before it was through (SIGTERM).
    Terminated = 143,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

impl ExitStatus {
    /// The status of a verdict.
    #[must_use]
    pub fn of(judgement: &Judgement<'_>) -> Self {
        match judgement.verdict() {
            Verdict::Accepted => Self::Done,
            Verdict::Rejected if judgement.only_time() => Self::TimeOnly,
            Verdict::Rejected => Self::Rejected,
            Verdict::Malformed => Self::NoToken,
        }
    }
}

/// Something that ends a run early: what happened, what to do, and the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The status it ends with.
    pub status: ExitStatus,
}

impl Problem {
    /// Nothing could be judged.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, status: ExitStatus::Unjudged }
    }

    /// There is no token to judge.
    pub fn no_token(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, status: ExitStatus::NoToken }
    }

    /// Something was asked for and is not there.
    pub fn absent(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, status: ExitStatus::Rejected }
    }

    /// With another status.
    #[must_use]
    pub const fn ending(mut self, status: ExitStatus) -> Self {
        self.status = status;
        self
    }

    /// With a way out.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// A result could not be written.
#[derive(Debug)]
pub(crate) struct Unwritten {
    /// Why.
    pub error: io::Error,
    /// The status if the reader simply went away; any other failure is [`ExitStatus::Unjudged`].
    pub if_closed: ExitStatus,
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot write to standard output: {}", self.error)
    }
}

impl std::error::Error for Unwritten {}
