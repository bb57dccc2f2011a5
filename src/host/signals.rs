//! Signals that ask the program to end: at a prompt they cancel it, in a long run they end the reading, and else they
//! end the process. The one place that listens for them.

use crate::host::Stop;
use crate::host::terminal;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

/// Where the listener tells the readers.
struct Alarm {
    reader: PipeReader,
    writer: PipeWriter,
    terminated: AtomicBool,
    rung: AtomicBool,
}

static LISTENER: Once = Once::new();
static ALARM: OnceLock<Alarm> = OnceLock::new();

/// Listens, once and for all. Without a listener a signal still ends the program, only less politely.
///
/// Threads inherit that the signals are blocked, so this comes before those that are to work.
pub(crate) fn listen() {
    LISTENER.call_once(|| {
        let ignored = ignored();
        let is_heeded = |signal: &Signal| ignored & (1 << (*signal as u32 - 1)) == 0;
        let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM].into_iter().filter(is_heeded).collect();
        if signals == SigSet::empty() || signals.thread_block().is_err() {
            return;
        }
        let listener = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Ok(signal) = signals.wait() {
                received(signal);
            }
        });
        if listener.is_err() {
            let _ = signals.thread_unblock();
        }
    });
}

/// The signals that whoever began this process had it ignore, one a bit from that of number 1 on: so shells do with a
/// command in the background of a script, which Ctrl-C is not meant for. Where a system does not say, there are none.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or_default();
    u64::from_str_radix(mask.trim(), 16).unwrap_or_default()
}

/// From now on a signal ends the reading. A second one ends the process at once.
pub(crate) fn end_reading() {
    if let Ok((reader, writer)) = io::pipe() {
        let _ = ALARM.set(Alarm {
            reader,
            writer,
            terminated: AtomicBool::new(false),
            rung: AtomicBool::new(false),
        });
        listen();
    }
}

/// Waits until there is something to read, or somebody asks for the end.
///
/// # Errors
/// [`Stop`] if somebody does.
pub(crate) fn wait_for(input: BorrowedFd<'_>) -> io::Result<()> {
    let Some(alarm) = ALARM.get() else { return Ok(()) };
    let mut awaited =
        [PollFd::new(alarm.reader.as_fd(), PollFlags::POLLIN), PollFd::new(input, PollFlags::POLLIN)];
    poll(&mut awaited, PollTimeout::NONE)?;
    let [rung, _] = awaited;
    if rung.any() != Some(true) {
        return Ok(());
    }
    let stop = if alarm.terminated.load(Ordering::Acquire) { Stop::Terminate } else { Stop::Interrupt };
    Err(io::Error::new(io::ErrorKind::Interrupted, stop))
}

#[expect(clippy::exit, reason = "a signal arrives on a thread of its own, where nobody waits for a status")]
fn received(signal: Signal) {
    /// What shells expect of a program that a signal ended.
    const SIGNALLED: i32 = 128;
    terminal::cancel_prompt();
    let first = ALARM.get().filter(|alarm| !alarm.rung.swap(true, Ordering::AcqRel));
    let Some(alarm) = first else { std::process::exit(SIGNALLED + signal as i32) };
    alarm.terminated.store(signal == Signal::SIGTERM, Ordering::Release);
    let _ = (&alarm.writer).write_all(b"!");
}
