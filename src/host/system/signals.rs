//! SIGINT and SIGTERM. At a prompt they cancel it, in a long run they end reading, while they are held they wait, otherwise
//! they end the process.

use super::terminal_state::{self, TerminalUse};
use crate::host::{SignalPatience, StopSignal};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

/// How the listening thread wakes the readers: a byte in a pipe they poll.
struct Wakeup {
    reader: PipeReader,
    writer: PipeWriter,
    is_terminate: AtomicBool,
    is_sent: AtomicBool,
}

static LISTENER: Once = Once::new();
static WAKEUP: OnceLock<Wakeup> = OnceLock::new();
/// The held signals; `None` while signals are not held.
static HELD: Mutex<Option<HeldSignals>> = Mutex::new(None);

/// Signals that wait.
struct HeldSignals {
    patience: SignalPatience,
    first: Option<StopSignal>,
}

/// Starts the listening thread, once. If that fails, signals keep their default action.
///
/// Threads inherit the blocked signals, so this must be called before worker threads start.
pub(super) fn listen() {
    LISTENER.call_once(|| {
        let ignored = ignored();
        let is_wanted = |signal: &Signal| ignored & (1 << (*signal as u32 - 1)) == 0;
        let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM].into_iter().filter(is_wanted).collect();
        if signals == SigSet::empty() || signals.thread_block().is_err() {
            return;
        }
        let listener = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Ok(signal) = signals.wait() {
                handle(signal);
            }
        });
        if listener.is_err() {
            let _ = signals.thread_unblock();
        }
    });
}

/// Returns the signals that the parent process made this one ignore, as a bit mask. Shells do that for commands in the
/// background of a script, which Ctrl-C must not reach. The mask is empty on systems without `/proc`.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
    u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
}

/// Makes the first signal end reading from now on. A second signal ends the process.
pub(super) fn end_reading() {
    if let Ok((reader, writer)) = io::pipe() {
        let _ = WAKEUP.set(Wakeup {
            reader,
            writer,
            is_terminate: AtomicBool::new(false),
            is_sent: AtomicBool::new(false),
        });
        listen();
    }
}

/// Lets this process write to a terminal although its process group is not in the foreground. With `stty tostop`, SIGTTOU
/// would stop it.
pub(super) fn leave_foreground() {
    let _ = SigSet::from(Signal::SIGTTOU).thread_block();
}

/// Makes signals wait until they are [released](release).
pub(super) fn hold(patience: SignalPatience) {
    listen();
    *held() = Some(HeldSignals { patience, first: None });
}

/// Ends the wait of signals, and returns the first one.
pub(super) fn release() -> Option<StopSignal> {
    held().take()?.first
}

fn held() -> std::sync::MutexGuard<'static, Option<HeldSignals>> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a signal wait. Returns `false` if it must not wait.
fn is_held(signal: Signal) -> bool {
    let mut held = held();
    let Some(HeldSignals { patience, first }) = held.as_mut() else { return false };
    if first.is_some() {
        return *patience == SignalPatience::All;
    }
    let is_terminate = signal == Signal::SIGTERM;
    *first = Some(if is_terminate { StopSignal::Terminate } else { StopSignal::Interrupt });
    true
}

/// Waits until the input can be read.
///
/// # Errors
/// With a [`StopSignal`] as its source if a signal arrived.
pub(super) fn wait_for(input: BorrowedFd<'_>) -> io::Result<()> {
    let Some(wakeup) = WAKEUP.get() else { return Ok(()) };
    let mut awaited =
        [PollFd::new(wakeup.reader.as_fd(), PollFlags::POLLIN), PollFd::new(input, PollFlags::POLLIN)];
    while let Err(error) = poll(&mut awaited, PollTimeout::NONE) {
        if error != Errno::EINTR {
            return Err(error.into());
        }
    }
    let [woken, _] = awaited;
    if woken.any() != Some(true) {
        return Ok(());
    }
    let is_terminate = wakeup.is_terminate.load(Ordering::Acquire);
    let signal = if is_terminate { StopSignal::Terminate } else { StopSignal::Interrupt };
    Err(io::Error::new(io::ErrorKind::Interrupted, signal))
}

#[expect(clippy::exit, reason = "a signal arrives on its own thread, which cannot return an exit status")]
fn handle(signal: Signal) {
    /// The base of the exit status that shells expect after a signal: this plus the number of the signal.
    const SIGNALLED: i32 = 128;
    if is_held(signal) {
        return;
    }
    if terminal_state::restore() == Some(TerminalUse::Prompt) {
        let _ = writeln!(io::stderr(), "\nerror: cancelled");
        std::process::exit(super::CANCELLED);
    }
    let first = WAKEUP.get().filter(|wakeup| !wakeup.is_sent.swap(true, Ordering::AcqRel));
    let Some(wakeup) = first else { std::process::exit(SIGNALLED + signal as i32) };
    wakeup.is_terminate.store(signal == Signal::SIGTERM, Ordering::Release);
    let _ = (&wakeup.writer).write_all(b"!");
}
