//! Runs several threads over the blocks of an input. Each thread takes the next block, works on it in parallel
//! with the others, and waits until all earlier blocks are written. So each thread holds at most one block.

use super::reader::{Block, Blocks};
use super::tally::Tally;
use crate::host::{ProgressBar, StopSignal};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The work on the lines of an input.
pub(crate) trait Work: Sync {
    /// The state of one thread: prepared keys, buffers.
    type WorkerState;

    /// An error that ends the run.
    type Error: Send;

    /// Returns the state for one more thread.
    fn worker_state(&self) -> Self::WorkerState;

    /// Works on the lines of a block.
    ///
    /// # Errors
    /// Returns an error if the run cannot go on. The results so far are still written.
    fn block(
        &self,
        state: &mut Self::WorkerState,
        block: &Block,
        results: &mut Results,
    ) -> Result<(), Self::Error>;
}

/// The results of a block.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// The bytes for standard output.
    pub(crate) out: Vec<u8>,
    /// The text for standard error: whole lines without hostile characters.
    pub(crate) talk: String,
    /// The counts.
    pub(crate) tally: Tally,
}

/// A reason why a run ended before its input did.
#[derive(Debug)]
pub(crate) enum EarlyEnd<E> {
    /// A signal asked for it.
    Stopped(StopSignal),
    /// The input could not be read.
    Unread(io::Error),
    /// Standard output could not be written.
    Unwritten(io::Error),
    /// The work failed.
    Failed(E),
}

/// The blocks of an input, and those that an earlier run took and did not finish.
pub(crate) struct Queue<R> {
    blocks: Blocks<R>,
    /// The last block comes first.
    unfinished: Vec<Block>,
    unread: Option<io::Error>,
}

impl<R: Read> Queue<R> {
    pub(crate) const fn new(blocks: Blocks<R>) -> Self {
        Self { blocks, unfinished: Vec::new(), unread: None }
    }

    /// Takes the next block, and reports whether there was one.
    fn next(&mut self, block: &mut Block) -> bool {
        if let Some(next) = self.unfinished.pop() {
            *block = next;
            return true;
        }
        self.blocks.next(block).unwrap_or_else(|error| {
            self.unread = Some(error);
            false
        })
    }

    /// Sorts the unfinished blocks, and returns the number of the block that is written next.
    fn prepare(&mut self, after: u64) -> u64 {
        self.unfinished.sort_unstable_by_key(|block| std::cmp::Reverse(block.number));
        self.unfinished.last().map_or(after, |block| block.number)
    }
}

/// A writer of results in the order of the blocks.
pub(crate) struct OrderedWriter<'d, E> {
    out: &'d mut (dyn Write + Send),
    err: &'d mut (dyn Write + Send),
    bar: Option<&'d mut Box<dyn ProgressBar>>,
    tally: Tally,
    /// The number of the block that is written next.
    next: u64,
    end: Option<EarlyEnd<E>>,
}

impl<'d, E> OrderedWriter<'d, E> {
    /// Returns a writer that has written nothing.
    pub(crate) fn new(
        out: &'d mut (dyn Write + Send),
        err: &'d mut (dyn Write + Send),
        bar: Option<&'d mut Box<dyn ProgressBar>>,
    ) -> Self {
        Self { out, err, bar, tally: Tally::default(), next: 0, end: None }
    }

    fn write(&mut self, block: &Block, results: &Results, outcome: Result<(), E>) {
        if !results.talk.is_empty() {
            // A failure of standard error cannot be reported anywhere.
            let mut say = || _ = self.err.write_all(results.talk.as_bytes()).and_then(|()| self.err.flush());
            match &mut self.bar {
                Some(bar) => bar.suspend(&mut say),
                None => say(),
            }
        }
        if !results.out.is_empty()
            && let Err(error) = self.out.write_all(&results.out).and_then(|()| self.out.flush())
        {
            self.end = Some(EarlyEnd::Unwritten(error));
            return;
        }
        self.tally.add(&results.tally);
        self.end = outcome.err().map(EarlyEnd::Failed);
        if let Some(bar) = self.bar.as_mut().filter(|_| self.end.is_none()) {
            bar.advance(block.read);
        }
        self.next += 1;
    }
}

/// The state that the threads share.
struct Shared<'q, 'f, R, E> {
    queue: Mutex<&'q mut Queue<R>>,
    writer: Mutex<OrderedWriter<'f, E>>,
    turn: Condvar,
    /// Set when the run is over and no more blocks are read.
    is_over: AtomicBool,
}

impl<R, E> Shared<'_, '_, R, E> {
    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        self.turn.notify_all();
    }
}

/// Takes a lock, even if a thread panicked while it held it: the panic ends the run, and half-written state is not
/// used.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works on the blocks of a queue with this many threads. Returns the counts, and the reason if the run ended early. The
/// block on which the work failed, and those after it, are then in the queue again.
pub(crate) fn run<W: Work, R: Read + Send>(
    work: &W,
    queue: &mut Queue<R>,
    threads: usize,
    mut writer: OrderedWriter<'_, W::Error>,
) -> (Tally, Option<EarlyEnd<W::Error>>) {
    writer.next = queue.prepare(writer.next);
    let shared = Shared {
        queue: Mutex::new(queue),
        writer: Mutex::new(writer),
        turn: Condvar::new(),
        is_over: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // If the system gives no more threads, fewer do the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || take_part(work, &shared));
        }
        take_part(work, &shared);
    });
    let queue = shared.queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    let writer = shared.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
    let unread =
        queue.unread.take().map(|error| match error.get_ref().and_then(|cause| cause.downcast_ref()) {
            Some(stop) => EarlyEnd::Stopped(*stop),
            None if error.kind() == io::ErrorKind::Interrupted => EarlyEnd::Stopped(StopSignal::Interrupt),
            None => EarlyEnd::Unread(error),
        });
    (writer.tally, writer.end.or(unread))
}

/// A guard that ends the run for the other threads if its thread panics.
struct PanicGuard<'s, 'q, 'f, R, E>(&'s Shared<'q, 'f, R, E>);

impl<R, E> Drop for PanicGuard<'_, '_, '_, R, E> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Under the lock, no thread is between its test of `is_over` and its wait.
            let _writer = lock(&self.0.writer);
            self.0.end();
        }
    }
}

/// Takes blocks until the input or the run ends.
fn take_part<W: Work, R: Read>(work: &W, shared: &Shared<'_, '_, R, W::Error>) {
    let _guard = PanicGuard(shared);
    let mut state = work.worker_state();
    let mut block = Block::default();
    let mut results = Results::default();
    while next_block(shared, &mut block) {
        results.out.clear();
        results.talk.clear();
        results.tally.clear();
        let outcome = work.block(&mut state, &block, &mut results);
        let mut writer = lock(&shared.writer);
        while writer.next != block.number && !shared.is_over.load(Ordering::Acquire) {
            writer = shared.turn.wait(writer).unwrap_or_else(PoisonError::into_inner);
        }
        // An earlier block ended the run.
        let is_over = shared.is_over.load(Ordering::Acquire);
        if !is_over {
            writer.write(&block, &results, outcome);
        }
        if is_over || writer.end.is_some() {
            shared.end();
            drop(writer);
            lock(&shared.queue).unfinished.push(block);
            return;
        }
        shared.turn.notify_all();
    }
}

/// Takes the next block, and reports whether there was one.
fn next_block<R: Read, E>(shared: &Shared<'_, '_, R, E>, block: &mut Block) -> bool {
    let mut queue = lock(&shared.queue);
    !shared.is_over.load(Ordering::Acquire) && queue.next(block)
}
