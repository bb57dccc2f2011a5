//! Many tokens: an input is read in blocks of whole lines, several threads work on them, and what comes of it leaves in
//! the order of the input. What is done with a line is for a [`Work`] to say, and is what one token alone would get.

pub(crate) mod reader;
pub(crate) mod tally;
mod workers;

use self::reader::Blocks;
use self::tally::{Tally, Words};
use self::workers::{Delivery, End};
pub(crate) use self::workers::{Results, Work};
use crate::cli::lines::LinesArgs;
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, LongRun, StopSignal};
use crate::input::lines::Source;
use std::io;

/// How a run is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// How many threads work on it.
    pub(crate) threads: usize,
    /// What ends a line.
    pub(crate) separator: u8,
    /// The longest line that is held; what is longer is read past.
    pub(crate) longest: usize,
    /// What the results are called.
    pub(crate) words: Words,
}

/// Works on all lines of an input. `status` is what the counts come to; it is that of the run, unless something ended it
/// early. A reader who goes away makes it `if_closed`, or what was counted by then, if that is worse.
///
/// # Errors
/// If something cannot be read, written or judged.
pub(crate) fn run<W: Work>(
    work: &W,
    source: Source<'_>,
    plan: Plan,
    streams: LongRun<'_, '_>,
    status: impl Fn(&Tally) -> ExitStatus,
    if_closed: ExitStatus,
) -> Result<ExitStatus, CommandError> {
    let LongRun { stdout, stderr, real_clock, quiet, catch_signals, progress_bar } = streams;
    catch_signals();
    let begun = real_clock();
    let shows = stderr.is_terminal && !stdout.is_terminal && !quiet;
    let bar = if shows { progress_bar(source.length) } else { None };
    let blocks = Blocks::new(source.stream, plan.separator, plan.longest);
    let delivery = Delivery::new(&mut *stdout.writer, &mut *stderr.writer, bar);
    let (tally, end) = workers::run(work, blocks, plan.threads, delivery);

    let left = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if !quiet && !matches!(&end, Some(End::Unwritten(error)) if left(error)) {
        let elapsed = real_clock().milliseconds().saturating_sub(begun.milliseconds());
        // Nobody is left to tell when standard error fails.
        let _ = stderr.writer.write_all(tally.summary(&plan.words, elapsed).as_bytes());
        let _ = stderr.writer.flush();
    }
    match end {
        None if tally.lines() == 0 && status(&tally) == ExitStatus::NoToken => {
            Err(CommandError::no_token("there is no token in the input"))
        }
        None => Ok(status(&tally)),
        Some(End::Stopped(StopSignal::Interrupt)) => Ok(ExitStatus::Interrupted),
        Some(End::Stopped(StopSignal::Terminate)) => Ok(ExitStatus::Terminated),
        Some(End::Unread(error)) => {
            Err(CommandError::usage(format!("cannot read {} from {}: {error}", source.purpose, source.name)))
        }
        Some(End::Unwritten(error)) => {
            let so_far = status(&tally);
            let is_worse = tally.lines() > 0 && so_far != ExitStatus::Done;
            Err(Unwritten { error, if_closed: if is_worse { so_far } else { if_closed } }.into())
        }
        Some(End::Failed(error)) => Err(error),
    }
}

impl Plan {
    /// What the options make of it. `max_size` is that of a token.
    pub(crate) fn of(args: &LinesArgs, max_size: usize, words: Words, host: &Host<'_>) -> Self {
        /// What may stand around a token.
        const SURROUNDINGS: usize = 64 << 10;
        Self {
            threads: args.threads.map_or_else(|| (host.threads)().clamp(1, 256), usize::from),
            separator: if args.null { 0 } else { b'\n' },
            longest: max_size.saturating_add(SURROUNDINGS),
            words,
        }
    }
}
