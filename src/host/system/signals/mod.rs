//! What a signal does: at a prompt it cancels it, in a long run it ends reading, while signals are held it waits, otherwise it
//! ends the process. `unix.rs` and `windows.rs` receive the signals and wake the readers.

#[cfg(unix)]
#[path = "unix.rs"]
mod platform;
#[cfg(windows)]
#[path = "windows.rs"]
mod platform;

#[cfg(windows)]
pub(super) use self::platform::{WakingReader, check};
pub(super) use self::platform::{end_reading, listen};
#[cfg(unix)]
pub(super) use self::platform::{leave_foreground, wait_for};
use super::terminal_state::{self, TerminalUse};
use crate::host::{SignalPatience, StopSignal};
use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

/// The held signals; `None` while signals are not held.
static HELD: Mutex<Option<HeldSignals>> = Mutex::new(None);

/// Signals that wait.
struct HeldSignals {
    patience: SignalPatience,
    first: Option<StopSignal>,
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
fn is_held(signal: StopSignal) -> bool {
    let mut held = held();
    let Some(HeldSignals { patience, first }) = held.as_mut() else { return false };
    if first.is_some() {
        return *patience == SignalPatience::All;
    }
    *first = Some(signal);
    true
}

#[expect(clippy::exit, reason = "a signal arrives on its own thread, which cannot return an exit status")]
fn handle(signal: StopSignal) {
    if is_held(signal) {
        return;
    }
    if terminal_state::restore() == Some(TerminalUse::Prompt) {
        let _ = writeln!(io::stderr(), "\nerror: cancelled");
        std::process::exit(super::CANCELLED);
    }
    if !platform::wake(signal) {
        // The status that shells expect after a signal: 128 plus its number.
        std::process::exit(match signal {
            StopSignal::Interrupt => 130,
            StopSignal::Terminate => 143,
        });
    }
}

/// Returns the error of a read that a signal ends.
fn interrupted(signal: StopSignal) -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, signal)
}
