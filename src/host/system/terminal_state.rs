//! The state of the terminal while a prompt is open or input is typed. It is restored at the end, or when a signal
//! arrives. On Windows nothing needs to be restored; only the purpose is kept.

#[cfg(unix)]
use nix::sys::termios::{self, LocalFlags, SetArg, Termios};
#[cfg(unix)]
use std::fs::File;
use std::sync::{Mutex, PoisonError};

/// The purpose for which the state of the terminal is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TerminalUse {
    /// A question, which a signal cancels.
    Prompt,
    /// Standard input, whose reading a signal ends.
    #[cfg(unix)]
    Input,
}

/// The terminal and its state before.
struct SavedState {
    #[cfg(unix)]
    terminal: File,
    #[cfg(unix)]
    state: Termios,
    purpose: TerminalUse,
}

/// The saved state; `None` while the terminal is as it was.
static SAVED: Mutex<Option<SavedState>> = Mutex::new(None);

/// Saves the state of the terminal.
pub(super) fn save(purpose: TerminalUse) {
    #[cfg(unix)]
    replace(current().map(|(terminal, state)| SavedState { terminal, state, purpose }));
    #[cfg(windows)]
    replace(Some(SavedState { purpose }));
}

/// Restores the saved state. Returns the purpose for which it was saved.
pub(super) fn restore() -> Option<TerminalUse> {
    let saved = replace(None)?;
    #[cfg(unix)]
    let _ = termios::tcsetattr(&saved.terminal, SetArg::TCSANOW, &saved.state);
    Some(saved.purpose)
}

/// Makes the terminal deliver every key at once. By itself it delivers lines of at most 4095 characters.
#[cfg(unix)]
pub(super) fn deliver_keys() {
    remove(LocalFlags::ICANON);
}

/// Stops the terminal from showing keys.
#[cfg(unix)]
pub(super) fn hide_keys() {
    remove(LocalFlags::ECHO);
}

#[cfg(unix)]
fn remove(flags: LocalFlags) {
    if let Some((terminal, mut state)) = current() {
        state.local_flags.remove(flags);
        let _ = termios::tcsetattr(&terminal, SetArg::TCSANOW, &state);
    }
}

#[cfg(unix)]
fn current() -> Option<(File, Termios)> {
    let terminal = File::open("/dev/tty").ok()?;
    let state = termios::tcgetattr(&terminal).ok()?;
    Some((terminal, state))
}

fn replace(state: Option<SavedState>) -> Option<SavedState> {
    std::mem::replace(&mut *SAVED.lock().unwrap_or_else(PoisonError::into_inner), state)
}
