//! The person at the terminal: prompts and the width of the screen. The only file that names dialoguer.

use crate::host::Person;
use dialoguer::Password;
use dialoguer::console::Term;
use std::io::{self, Read as _, Write as _};

/// Prompts on standard error, answered at the keyboard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyboard;

impl Person for Keyboard {
    fn ask(&mut self, question: &str, hidden: bool) -> io::Result<Option<String>> {
        let answer = if hidden { hidden_line(question) } else { line(question) };
        answer.map(|text| text.filter(|text| !text.is_empty()))
    }
}

fn hidden_line(question: &str) -> io::Result<Option<String>> {
    let _guard = loan::borrow(loan::Mode::Unchanged);
    // An empty answer is how an end of input arrives here; it must not be asked for again and again.
    let answer = Password::new().with_prompt(question).allow_empty_password(true).report(false).interact();
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(dialoguer::Error::IO(error)) => Err(error),
    }
}

/// A line of any length, as tokens are: what a terminal collects by itself ends at 4095 characters.
fn line(question: &str) -> io::Result<Option<String>> {
    const END_OF_INPUT: u8 = 0x04;
    const ERASE: [u8; 2] = [0x08, 0x7F];
    let _guard = loan::borrow(loan::Mode::Unbuffered);
    write!(io::stderr(), "{question}: ")?;
    let mut typed = Vec::new();
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' | b'\r' => return Ok(Some(String::from_utf8_lossy(&typed).into_owned())),
            // Ctrl-D takes back what was typed, as Ctrl-C does.
            END_OF_INPUT => break,
            byte if ERASE.contains(&byte) => {
                // What the terminal echoed for the key itself goes, too.
                let wipe = if typed.pop().is_some() {
                    "\u{8} \u{8}\u{8} \u{8}\u{8} \u{8}"
                } else {
                    "\u{8} \u{8}\u{8} \u{8}"
                };
                write!(io::stderr(), "{wipe}")?;
            }
            byte => typed.push(byte),
        }
    }
    writeln!(io::stderr())?;
    Ok(None)
}

#[cfg(unix)]
pub(crate) use loan::cancel as cancel_prompt;

/// The columns of the terminal behind standard output.
#[must_use]
pub(crate) fn columns() -> Option<usize> {
    Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// The terminal on loan. It is given back as it was, whether the prompt is answered or a signal ends the program: Ctrl-C
/// is an answer, and has the status of a cancelled prompt.
#[cfg(unix)]
mod loan {
    use crate::error::ExitStatus;
    use crate::host::signals;
    use nix::sys::termios::{self, LocalFlags, SetArg, Termios};
    use std::fs::File;
    use std::io::{self, Write as _};
    use std::sync::{Mutex, PoisonError};

    /// How a prompt wants the terminal.
    #[derive(Clone, Copy, PartialEq, Eq)]
    pub(super) enum Mode {
        /// As it is, or as the prompt itself arranges it.
        Unchanged,
        /// Every key at once, not lines.
        Unbuffered,
    }

    /// The terminal as it was before; nothing when no prompt is open.
    static BEFORE: Mutex<Option<(File, Termios)>> = Mutex::new(None);

    /// Lasts as long as the prompt.
    pub(super) struct Loan;

    pub(super) fn borrow(mode: Mode) -> Loan {
        let before = || {
            let terminal = File::open("/dev/tty").ok()?;
            let state = termios::tcgetattr(&terminal).ok()?;
            Some((terminal, state))
        };
        exchange(before());
        signals::listen();
        let before = before().filter(|_| mode == Mode::Unbuffered);
        if let Some((terminal, mut unbuffered)) = before {
            unbuffered.local_flags.remove(LocalFlags::ICANON);
            let _ = termios::tcsetattr(&terminal, SetArg::TCSANOW, &unbuffered);
        }
        Loan
    }

    impl Drop for Loan {
        fn drop(&mut self) {
            give_back();
        }
    }

    fn exchange(state: Option<(File, Termios)>) -> Option<(File, Termios)> {
        std::mem::replace(&mut *BEFORE.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    /// Whether there was something to give back.
    fn give_back() -> bool {
        let before = exchange(None);
        if let Some((terminal, state)) = &before {
            let _ = termios::tcsetattr(terminal, SetArg::TCSANOW, state);
        }
        before.is_some()
    }

    /// Ends the program if a prompt is open: a signal is an answer to it.
    #[expect(
        clippy::exit,
        reason = "a signal arrives on a thread of its own, where nobody waits for a status"
    )]
    pub(crate) fn cancel() {
        if give_back() {
            let _ = writeln!(io::stderr(), "\nerror: cancelled");
            std::process::exit(ExitStatus::Unjudged as i32);
        }
    }
}

#[cfg(not(unix))]
mod loan {
    pub(super) enum Mode {
        Unchanged,
        Unbuffered,
    }

    pub(super) const fn borrow(_mode: Mode) {}
}
