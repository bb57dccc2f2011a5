//! Works on many tokens, one a line. Several threads work on blocks of whole lines, and write the results in the order
//! of the input. A [`Work`] processes the lines of a block. It must give each line the result that its token has alone.

pub(crate) mod reader;
pub(crate) mod tally;
mod workers;

use self::reader::Blocks;
use self::tally::{Tally, Words};
use self::workers::{EarlyEnd, OrderedWriter};
pub(crate) use self::workers::{Results, Work};
use crate::error::{ExitStatus, Unwritten};
use crate::host::{LongRun, StopSignal};
use crate::input::InputError;
use crate::input::lines::LineSource;
use std::io;

/// The settings of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// The number of threads.
    pub(crate) threads: usize,
    /// The byte that ends a line.
    pub(crate) separator: u8,
    /// The length of the longest line that is held. A longer line is only measured.
    pub(crate) longest: usize,
    /// The words for the results.
    pub(crate) words: Words,
}

impl Plan {
    /// Returns a plan for tokens of up to `max_size` bytes.
    pub(crate) const fn new(threads: usize, separator: u8, max_size: usize, words: Words) -> Self {
        /// The allowance for text around a token, in bytes.
        const SURROUNDINGS: usize = 64 << 10;
        Self { threads, separator, longest: max_size.saturating_add(SURROUNDINGS), words }
    }
}

/// An error that ends a run over many lines.
#[derive(Debug)]
pub(crate) enum BatchError<E> {
    /// The input holds no line with a token.
    NoToken,
    /// The input cannot be read.
    Input(InputError),
    /// Standard output cannot be written.
    Output(Unwritten),
    /// The work on a line failed.
    Work(E),
}

/// Works on all lines of an input. `status` turns the counts into the exit status of the run. If the reader closes
/// standard output, the exit status is `if_closed`, or the status of the counts so far if that is worse.
///
/// # Errors
/// Returns an error if reading, writing or the work fails.
pub(crate) fn run<W: Work>(
    work: &W,
    source: LineSource<'_>,
    plan: Plan,
    streams: LongRun<'_, '_>,
    status: impl Fn(&Tally) -> ExitStatus,
    if_closed: ExitStatus,
) -> Result<ExitStatus, BatchError<W::Error>> {
    let LongRun { stdout, stderr, real_clock, quiet, catch_signals, progress_bar } = streams;
    catch_signals();
    let begun = real_clock();
    let shows = stderr.is_terminal && !stdout.is_terminal && !quiet;
    let bar = if shows { progress_bar(source.length) } else { None };
    let blocks = Blocks::new(source.stream, plan.separator, plan.longest);
    let writer = OrderedWriter::new(&mut *stdout.writer, &mut *stderr.writer, bar);
    let (tally, end) = workers::run(work, blocks, plan.threads, writer);

    let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    if !quiet && !matches!(&end, Some(EarlyEnd::Unwritten(error)) if is_closed(error)) {
        let elapsed = real_clock().milliseconds().saturating_sub(begun.milliseconds());
        // A failure of standard error cannot be reported anywhere.
        let _ = stderr.writer.write_all(tally.summary(&plan.words, elapsed).as_bytes());
        let _ = stderr.writer.flush();
    }
    match end {
        None if tally.lines() == 0 && status(&tally) == ExitStatus::NoToken => Err(BatchError::NoToken),
        None => Ok(status(&tally)),
        Some(EarlyEnd::Stopped(StopSignal::Interrupt)) => Ok(ExitStatus::Interrupted),
        Some(EarlyEnd::Stopped(StopSignal::Terminate)) => Ok(ExitStatus::Terminated),
        Some(EarlyEnd::Unread(error)) => Err(BatchError::Input(InputError::Unreadable {
            purpose: source.purpose,
            origin: source.origin,
            error,
        })),
        Some(EarlyEnd::Unwritten(error)) => {
            let so_far = status(&tally);
            let is_worse = tally.lines() > 0 && so_far != ExitStatus::Done;
            let if_closed = if is_worse { so_far } else { if_closed };
            Err(BatchError::Output(Unwritten { error, if_closed }))
        }
        Some(EarlyEnd::Failed(error)) => Err(BatchError::Work(error)),
    }
}
