//! Ctrl-C and Ctrl-Break at a console of Windows, and reading that they can end. The only file that names the crate `ctrlc`.

use super::{handle, interrupted};
use crate::host::StopSignal;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, Once, PoisonError};

static LISTENER: Once = Once::new();
/// True once the first signal ends reading, and no longer the process.
static IS_CAUGHT: AtomicBool = AtomicBool::new(false);
/// True once that signal arrived.
static IS_SENT: AtomicBool = AtomicBool::new(false);
/// The readers that may be waiting for input.
static READERS: Mutex<Vec<SyncSender<Event>>> = Mutex::new(Vec::new());

/// Starts the listening thread, once. If that fails, signals keep their default action.
///
/// The system does not deliver a Ctrl-C that the parent process made this one ignore.
pub(in super::super) fn listen() {
    LISTENER.call_once(|| {
        let _ = ctrlc::set_handler(|| handle(StopSignal::Interrupt));
    });
}

/// Makes the first signal end reading from now on. A second signal ends the process.
pub(in super::super) fn end_reading() {
    IS_CAUGHT.store(true, Ordering::Release);
    listen();
}

/// Wakes the readers at the first signal. Returns `false` at the second, or if nothing waits for a signal.
pub(super) fn wake(_: StopSignal) -> bool {
    if !IS_CAUGHT.load(Ordering::Acquire) || IS_SENT.swap(true, Ordering::AcqRel) {
        return false;
    }
    for reader in READERS.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        // A reader with a full queue is not waiting.
        let _ = reader.try_send(Event::Woken);
    }
    true
}

/// Checks whether a signal arrived. A file never makes its reader wait.
///
/// # Errors
/// With a [`StopSignal`] as its source if a signal arrived.
pub(in super::super) fn check() -> io::Result<()> {
    if IS_SENT.load(Ordering::Acquire) { Err(interrupted(StopSignal::Interrupt)) } else { Ok(()) }
}

/// An event that a reader waits for.
enum Event {
    /// Input.
    Bytes(Vec<u8>),
    /// The input cannot be read.
    Failed(io::Error),
    /// A signal arrived.
    Woken,
}

/// An input whose reading a signal can end although it waits. Once signals are caught, another thread reads it: Windows cannot
/// wait for a pipe and for a signal at once.
pub(in super::super) struct WakingReader<R> {
    /// The input, until the thread has it.
    input: Option<R>,
    events: Option<Receiver<Event>>,
    bytes: Vec<u8>,
    /// The number of bytes that were read.
    read: usize,
}

impl<R: Read + Send + 'static> WakingReader<R> {
    pub(in super::super) const fn new(input: R) -> Self {
        Self { input: Some(input), events: None, bytes: Vec::new(), read: 0 }
    }

    /// Starts the thread. It ends with the input, with this reader, or with the process.
    fn start(&mut self, mut input: R) -> io::Result<()> {
        const PIECE: usize = 64 << 10;
        let (sender, events) = sync_channel(1);
        READERS.lock().unwrap_or_else(PoisonError::into_inner).push(sender.clone());
        self.events = Some(events);
        std::thread::Builder::new().name("input".to_owned()).spawn(move || {
            loop {
                let mut bytes = vec![0; PIECE];
                let event = match input.read(&mut bytes) {
                    // The end is an empty piece, since the list of readers keeps the queue open.
                    Ok(length) => {
                        bytes.truncate(length);
                        Event::Bytes(bytes)
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Event::Failed(error),
                };
                let is_last = !matches!(&event, Event::Bytes(bytes) if !bytes.is_empty());
                if sender.send(event).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(())
    }
}

impl<R: Read + Send + 'static> Read for WakingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(mut input) = self.input.take() {
            if !IS_CAUGHT.load(Ordering::Acquire) {
                let outcome = input.read(buffer);
                self.input = Some(input);
                return outcome;
            }
            self.start(input)?;
        }
        loop {
            check()?;
            let rest = self.bytes.get(self.read..).unwrap_or_default();
            if !rest.is_empty() {
                let length = rest.len().min(buffer.len());
                if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
                    to.copy_from_slice(from);
                }
                self.read += length;
                return Ok(length);
            }
            let Some(event) = self.events.as_ref().and_then(|events| events.recv().ok()) else {
                return Ok(0);
            };
            match event {
                Event::Bytes(bytes) if bytes.is_empty() => {
                    self.events = None;
                    return Ok(0);
                }
                Event::Bytes(bytes) => (self.bytes, self.read) = (bytes, 0),
                Event::Failed(error) => return Err(error),
                Event::Woken => {}
            }
        }
    }
}
