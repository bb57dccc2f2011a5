//! What went wrong, in words, and the status it ends with. The one place where both are decided.

use crate::cli::ColorChoice;
use crate::core::escape::Shown;
use crate::core::palette::Role;
use crate::core::policy::{Judgement, Verdict};
use crate::host::{Host, Remark};
use std::fmt;
use std::io::{self, Write as _};
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
        match judgement.verdict {
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
    hint: Option<String>,
    status: ExitStatus,
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
pub struct Unwritten {
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

/// Says what went wrong on standard error and gives the status.
pub fn report(error: &anyhow::Error, host: &mut Host<'_>) -> ExitStatus {
    if let Some(unwritten) = error.downcast_ref::<Unwritten>()
        && unwritten.error.kind() == io::ErrorKind::BrokenPipe
    {
        return unwritten.if_closed;
    }
    // The chain from the outside in: what was being done, then why it failed.
    let message: Vec<String> = error.chain().map(ToString::to_string).collect();
    say(host, Remark::Error, &message.join(": "));
    let problem = error.downcast_ref::<Problem>();
    if let Some(hint) = problem.and_then(|problem| problem.hint.as_deref()) {
        say(host, Remark::Hint, hint);
    }
    problem.map_or(ExitStatus::Unjudged, |problem| problem.status)
}

/// Prints what clap has to say: help and versions are results, everything else is wrong usage.
pub fn usage(error: &clap::Error, host: &mut Host<'_>) -> ExitStatus {
    host.paint(ColorChoice::Auto);
    let stream = if error.use_stderr() { &mut host.stderr } else { &mut host.stdout };
    let text = error.render();
    let text = if stream.palette().colour { text.ansi().to_string() } else { text.to_string() };
    let written = stream.writer.write_all(text.as_bytes()).and_then(|()| stream.writer.flush());
    match written {
        _ if error.use_stderr() => ExitStatus::Unjudged,
        Ok(()) => ExitStatus::Done,
        Err(error) => report(&Unwritten { error, if_closed: ExitStatus::Done }.into(), host),
    }
}

/// One remark on standard error, each in the form that clap gives its own. What it quotes is made safe here.
pub fn say(host: &mut Host<'_>, kind: Remark, text: &str) {
    let (role, label) = match kind {
        Remark::Error => (Role::Bad, "error:"),
        Remark::Warning => (Role::Warning, "warning:"),
        Remark::Hint => (Role::Good, "hint:"),
    };
    let label = host.stderr.palette().paint(role, label);
    // Nobody is left to tell when standard error fails.
    let _ = writeln!(host.stderr.writer, "{label} {}", Shown(text));
    let _ = host.stderr.writer.flush();
}
