//! What went wrong, said: an error becomes words, a hint and an exit status, in one function.

use crate::cli::ColorChoice;
use crate::error::{ExitStatus, Problem, Unwritten};
use crate::host::{Host, Remark};
use std::io::{self, Write as _};

/// Says what went wrong on standard error and gives the status.
pub fn report(error: &anyhow::Error, host: &mut Host<'_>) -> ExitStatus {
    if let Some(unwritten) = error.downcast_ref::<Unwritten>()
        && unwritten.error.kind() == io::ErrorKind::BrokenPipe
    {
        return unwritten.if_closed;
    }
    // The chain from the outside in: what was being done, then why it failed.
    let message: Vec<String> = error.chain().map(ToString::to_string).collect();
    host.say(Remark::Error, &message.join(": "));
    let problem = error.downcast_ref::<Problem>();
    if let Some(hint) = problem.and_then(|problem| problem.hint.as_deref()) {
        host.remark(Remark::Hint, hint);
    }
    problem.map_or(ExitStatus::Unjudged, |problem| problem.status)
}

/// Prints what clap has to say: help and versions are results, everything else is wrong usage.
pub fn usage(error: &clap::Error, color: ColorChoice, host: &mut Host<'_>) -> ExitStatus {
    host.paint(color);
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
