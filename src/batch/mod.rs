//! Works on many tokens, one a line. Several threads work on blocks of whole lines, and write the results in the order
//! of the input. A [`Work`] processes the lines of a block. It must give each line the result that its token has alone. A
//! [`Batch`] whose work ended early can go on with other work.

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub(crate) mod reader;
pub(crate) mod tally;
mod workers;

use self::reader::Blocks;
use self::tally::{Tally, Words};
pub(crate) use self::workers::{EarlyEnd, Results, Work};
use self::workers::{OrderedWriter, Queue};
use crate::core::json::{JsonStyle, PaintingWriter};
use crate::core::text::layout::TextLayout;
use crate::core::text::palette::TextRole;
use crate::core::token::numeric_date::NumericDate;
use crate::error::{ExitStatus, Unwritten};
use crate::host::{LongRun, ProgressBar, StopSignal};
use crate::input::lines::LineSource;
use crate::input::{InputError, Origin};
use std::io::{self, Read, Write};

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
    /// How standard output shows results that are JSON Lines.
    pub(crate) json_style: JsonStyle,
}

impl Plan {
    /// Returns a plan for tokens of up to `max_size` bytes.
    pub(crate) fn new(threads: usize, separator: u8, max_size: usize, words: Words) -> Self {
        /// The allowance for text around a token, in bytes.
        const SURROUNDINGS: usize = 64 << 10;
        Self {
            threads,
            separator,
            longest: max_size.saturating_add(SURROUNDINGS),
            words,
            json_style: JsonStyle::default(),
        }
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
    mut streams: LongRun<'_, '_>,
    status: impl Fn(&Tally) -> ExitStatus,
    if_closed: ExitStatus,
) -> Result<ExitStatus, BatchError<W::Error>> {
    let mut batch = Batch::new(source, plan, &streams);
    let end = batch.work(work, &mut streams);
    batch.end(end, &mut streams, status, if_closed)
}

/// A run that can be interrupted by its work, and go on with other work at the same block.
pub(crate) struct Batch<'s> {
    queue: Queue<Box<dyn Read + Send + 's>>,
    purpose: &'static str,
    origin: Origin,
    bar: Option<Box<dyn ProgressBar>>,
    plan: Plan,
    tally: Tally,
    begun: NumericDate,
}

impl<'s> Batch<'s> {
    /// Prepares a run.
    pub(crate) fn new(source: LineSource<'s>, plan: Plan, streams: &LongRun<'_, '_>) -> Self {
        (streams.catch_signals)();
        let LineSource { stream, purpose, origin, length } = source;
        let shows = streams.stderr.is_terminal && !streams.stdout.is_terminal && !streams.quiet;
        Self {
            queue: Queue::new(Blocks::new(stream, plan.separator, plan.longest)),
            purpose,
            origin,
            bar: if shows { (streams.progress_bar)(length) } else { None },
            plan,
            tally: Tally::default(),
            begun: (streams.real_clock)(),
        }
    }

    /// Works on the blocks that are left. Returns the reason if the work ended early.
    pub(crate) fn work<W: Work>(
        &mut self,
        work: &W,
        streams: &mut LongRun<'_, '_>,
    ) -> Option<EarlyEnd<W::Error>> {
        let bar = self.bar.as_mut();
        let style = self.plan.json_style;
        let mut painting = None;
        let stdout: &mut (dyn Write + Send) = if style.is_plain() {
            &mut *streams.stdout.writer
        } else {
            painting.insert(PaintingWriter::new(&mut *streams.stdout.writer, style))
        };
        let writer = OrderedWriter::new(stdout, &mut *streams.stderr.writer, bar);
        let (tally, end) = workers::run(work, &mut self.queue, self.plan.threads, writer);
        self.tally.add(&tally);
        end
    }

    /// Prints the summary, and returns the exit status.
    ///
    /// # Errors
    /// Returns an error if reading, writing or the work failed.
    pub(crate) fn end<E>(
        self,
        end: Option<EarlyEnd<E>>,
        streams: &mut LongRun<'_, '_>,
        status: impl Fn(&Tally) -> ExitStatus,
        if_closed: ExitStatus,
    ) -> Result<ExitStatus, BatchError<E>> {
        let tally = self.tally;
        drop(self.bar);
        let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
        if !streams.quiet && !matches!(&end, Some(EarlyEnd::Unwritten(error)) if is_closed(error)) {
            let elapsed = (streams.real_clock)().milliseconds().saturating_sub(self.begun.milliseconds());
            // A failure of standard error cannot be reported anywhere.
            let mut page = TextLayout::new(streams.message_screen);
            for line in tally.summary(&self.plan.words, elapsed).lines() {
                page.line(TextRole::Plain, line);
            }
            let writer = &mut streams.stderr.writer;
            let _ = writer.write_all(page.text.as_bytes());
            let _ = writer.flush();
        }
        match end {
            None if tally.lines() == 0 && status(&tally) == ExitStatus::NoToken => Err(BatchError::NoToken),
            None => Ok(status(&tally)),
            Some(EarlyEnd::Stopped(StopSignal::Interrupt)) => Ok(ExitStatus::Interrupted),
            Some(EarlyEnd::Stopped(StopSignal::Terminate)) => Ok(ExitStatus::Terminated),
            Some(EarlyEnd::Unread(error)) => Err(BatchError::Input(InputError::Unreadable {
                purpose: self.purpose,
                origin: self.origin,
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
}
