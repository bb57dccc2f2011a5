//! Threads that take blocks in turn, work on them at the same time, and hand over what comes of it in order: whoever has
//! the next block writes it, so at most one block a thread is ever held.

use super::reader::{Block, Blocks};
use super::tally::Tally;
use crate::error::CommandError;
use crate::host::{ProgressBar, StopSignal};
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// What is done with lines.
pub(crate) trait Work: Sync {
    /// What one thread keeps for itself: keys made ready, buffers.
    type Desk;

    /// A desk for one more thread.
    fn desk(&self) -> Self::Desk;

    /// Works on the lines of a block.
    ///
    /// # Errors
    /// If the run cannot go on. What is in the results by then is still handed over.
    fn block(&self, desk: &mut Self::Desk, block: &Block, results: &mut Results) -> Result<(), CommandError>;
}

/// What comes of a block.
#[derive(Debug, Default)]
pub(crate) struct Results {
    /// For standard output.
    pub(crate) out: Vec<u8>,
    /// For standard error: whole lines, safe to show.
    pub(crate) talk: String,
    /// Counts.
    pub(crate) tally: Tally,
}

/// Why a run ended before its input did.
#[derive(Debug)]
pub(crate) enum End {
    /// Somebody asked for it.
    Stopped(StopSignal),
    /// The input cannot be read.
    Unread(io::Error),
    /// The output cannot be written.
    Unwritten(io::Error),
    /// A block could not be worked on.
    Failed(CommandError),
}

/// Where results go.
pub(crate) struct Delivery<'d> {
    out: &'d mut (dyn Write + Send),
    err: &'d mut (dyn Write + Send),
    bar: Option<Box<dyn ProgressBar>>,
    tally: Tally,
    /// The number of the block whose turn it is.
    next: u64,
    end: Option<End>,
}

impl<'d> Delivery<'d> {
    pub(crate) fn new(
        out: &'d mut (dyn Write + Send),
        err: &'d mut (dyn Write + Send),
        bar: Option<Box<dyn ProgressBar>>,
    ) -> Self {
        Self { out, err, bar, tally: Tally::default(), next: 0, end: None }
    }

    fn deliver(&mut self, block: &Block, results: &Results, outcome: Result<(), CommandError>) {
        if !results.talk.is_empty() {
            // Nobody is left to tell when standard error fails.
            let mut say = || _ = self.err.write_all(results.talk.as_bytes()).and_then(|()| self.err.flush());
            match &mut self.bar {
                Some(bar) => bar.suspend(&mut say),
                None => say(),
            }
        }
        if !results.out.is_empty()
            && let Err(error) = self.out.write_all(&results.out).and_then(|()| self.out.flush())
        {
            self.end = Some(End::Unwritten(error));
            return;
        }
        self.tally.add(&results.tally);
        if let Some(bar) = &mut self.bar {
            bar.advance(block.read);
        }
        self.end = outcome.err().map(End::Failed);
        self.next += 1;
    }
}

/// What the threads share.
struct Floor<'f, R> {
    blocks: Mutex<(Blocks<R>, Option<io::Error>)>,
    delivery: Mutex<Delivery<'f>>,
    turn: Condvar,
    /// Whether nothing more is to be read.
    is_over: AtomicBool,
}

impl<R> Floor<'_, R> {
    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        self.turn.notify_all();
    }
}

/// A lock that a thread held when it fell is as good as before: nothing is left half done under it that matters then.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Works on a whole input, with so many threads. Says what it came to, and why it ended early if it did.
pub(crate) fn run<W: Work, R: Read + Send>(
    work: &W,
    blocks: Blocks<R>,
    threads: usize,
    delivery: Delivery<'_>,
) -> (Tally, Option<End>) {
    let floor = Floor {
        blocks: Mutex::new((blocks, None)),
        delivery: Mutex::new(delivery),
        turn: Condvar::new(),
        is_over: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Fewer threads will do, if there are no more to be had.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || take_part(work, &floor));
        }
        take_part(work, &floor);
    });
    let (_, unread) = floor.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
    let delivery = floor.delivery.into_inner().unwrap_or_else(PoisonError::into_inner);
    drop(delivery.bar);
    let unread = unread.map(|error| match error.get_ref().and_then(|cause| cause.downcast_ref()) {
        Some(stop) => End::Stopped(*stop),
        None if error.kind() == io::ErrorKind::Interrupted => End::Stopped(StopSignal::Interrupt),
        None => End::Unread(error),
    });
    (delivery.tally, delivery.end.or(unread))
}

/// Sends the others home if this thread falls.
struct Alarm<'f, 'd, R>(&'f Floor<'d, R>);

impl<R> Drop for Alarm<'_, '_, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // Nobody is between looking whether it is over and waiting.
            let _delivery = lock(&self.0.delivery);
            self.0.end();
        }
    }
}

fn take_part<W: Work, R: Read>(work: &W, floor: &Floor<'_, R>) {
    let _alarm = Alarm(floor);
    let mut desk = work.desk();
    let mut block = Block::default();
    let mut results = Results::default();
    while next_block(floor, &mut block) {
        results.out.clear();
        results.talk.clear();
        results.tally.clear();
        let outcome = work.block(&mut desk, &block, &mut results);
        let mut delivery = lock(&floor.delivery);
        while delivery.next != block.number && !floor.is_over.load(Ordering::Acquire) {
            delivery = floor.turn.wait(delivery).unwrap_or_else(PoisonError::into_inner);
        }
        // A block before this one was the last.
        if floor.is_over.load(Ordering::Acquire) {
            return;
        }
        delivery.deliver(&block, &results, outcome);
        if delivery.end.is_some() {
            floor.end();
            return;
        }
        floor.turn.notify_all();
    }
}

fn next_block<R: Read>(floor: &Floor<'_, R>, block: &mut Block) -> bool {
    let mut reading = lock(&floor.blocks);
    if floor.is_over.load(Ordering::Acquire) {
        return false;
    }
    let (blocks, unread) = &mut *reading;
    blocks.next(block).unwrap_or_else(|error| {
        *unread = Some(error);
        false
    })
}
