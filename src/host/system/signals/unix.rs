//! SIGINT and SIGTERM on Unix, received by a thread that waits for them.

use super::{handle, interrupted};
use crate::host::StopSignal;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal};
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::os::fd::{AsFd as _, BorrowedFd};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

/// The pipe with which the listening thread wakes the readers. They poll it for a byte.
struct Wakeup {
    reader: PipeReader,
    writer: PipeWriter,
    is_terminate: AtomicBool,
    is_sent: AtomicBool,
}

static LISTENER: Once = Once::new();
static WAKEUP: OnceLock<Wakeup> = OnceLock::new();

/// Starts the listening thread, once. If that fails, signals keep their default action.
///
/// Threads inherit the blocked signals, so this must be called before worker threads start.
pub(in super::super) fn listen() {
    LISTENER.call_once(|| {
        let ignored = ignored();
        let is_wanted = |signal: &Signal| ignored & (1 << (*signal as u32 - 1)) == 0;
        let signals: SigSet = [Signal::SIGINT, Signal::SIGTERM].into_iter().filter(is_wanted).collect();
        if signals == SigSet::empty() || signals.thread_block().is_err() {
            return;
        }
        let listener = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            while let Ok(signal) = signals.wait() {
                let is_terminate = signal == Signal::SIGTERM;
                handle(if is_terminate { StopSignal::Terminate } else { StopSignal::Interrupt });
            }
        });
        if listener.is_err() {
            let _ = signals.thread_unblock();
        }
    });
}

/// Returns the signals that the parent process made this one ignore, as a bit mask. Shells do that for commands in the
/// background of a script, which Ctrl-C must not reach. The mask is empty if the system does not tell.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.map_or_else(ignored_by_ps, parse_mask)
}

/// Returns the ignored signals that `ps` knows. macOS has no `/proc`.
fn ignored_by_ps() -> u64 {
    let mut ps = Command::new("/bin/ps");
    ps.args(["-o", "sigignore=", "-p", &std::process::id().to_string()]);
    let output = ps.env_clear().stdin(Stdio::null()).stderr(Stdio::null()).output();
    output.map_or(0, |output| parse_mask(&String::from_utf8_lossy(&output.stdout)))
}

fn parse_mask(text: &str) -> u64 {
    u64::from_str_radix(text.trim(), 16).unwrap_or_default()
}

/// Makes the first signal end reading from now on. A second signal ends the process.
pub(in super::super) fn end_reading() {
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
pub(in super::super) fn leave_foreground() {
    let _ = SigSet::from(Signal::SIGTTOU).thread_block();
}

/// Waits until the input can be read.
///
/// # Errors
/// With a [`StopSignal`] as its source if a signal arrived.
pub(in super::super) fn wait_for(input: BorrowedFd<'_>) -> io::Result<()> {
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
    Err(interrupted(if is_terminate { StopSignal::Terminate } else { StopSignal::Interrupt }))
}

/// Wakes the readers at the first signal. Returns `false` at the second, or if nothing waits for a signal.
pub(super) fn wake(signal: StopSignal) -> bool {
    let first = WAKEUP.get().filter(|wakeup| !wakeup.is_sent.swap(true, Ordering::AcqRel));
    let Some(wakeup) = first else { return false };
    wakeup.is_terminate.store(signal == StopSignal::Terminate, Ordering::Release);
    let _ = (&wakeup.writer).write_all(b"!");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ps_knows_the_ignored_signals() {
        if !std::path::Path::new("/bin/ps").exists() {
            return;
        }
        // Programs in Rust ignore SIGPIPE.
        let expected = 1 << (Signal::SIGPIPE as u32 - 1);
        assert_eq!(ignored_by_ps() & expected, expected);
        assert_eq!(ignored_by_ps(), ignored());
    }
}
