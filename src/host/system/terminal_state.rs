//! The state of the terminal while a prompt is open. It is restored when the prompt ends or a signal arrives.

use nix::sys::termios::{self, LocalFlags, SetArg, Termios};
use std::fs::File;
use std::sync::{Mutex, PoisonError};

/// The terminal and its state before the prompt; `None` while no prompt is open.
static SAVED: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// Saves the state of the terminal.
pub(super) fn save() {
    replace(current());
}

/// Restores the saved state. Returns whether a prompt was open.
pub(super) fn restore() -> bool {
    let saved = replace(None);
    if let Some((terminal, state)) = &saved {
        let _ = termios::tcsetattr(terminal, SetArg::TCSANOW, state);
    }
    saved.is_some()
}

/// Makes the terminal deliver every key at once. By itself it delivers lines of at most 4095 characters.
pub(super) fn deliver_keys() {
    if let Some((terminal, mut state)) = current() {
        state.local_flags.remove(LocalFlags::ICANON);
        let _ = termios::tcsetattr(&terminal, SetArg::TCSANOW, &state);
    }
}

fn current() -> Option<(File, Termios)> {
    let terminal = File::open("/dev/tty").ok()?;
    let state = termios::tcgetattr(&terminal).ok()?;
    Some((terminal, state))
}

fn replace(state: Option<(File, Termios)>) -> Option<(File, Termios)> {
    std::mem::replace(&mut *SAVED.lock().unwrap_or_else(PoisonError::into_inner), state)
}
