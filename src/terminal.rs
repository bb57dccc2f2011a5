//! The person at the terminal: prompts and the width of the screen. The only file that names dialoguer.

use crate::host::Person;
use dialoguer::console::Term;
use dialoguer::{Input, Password};
use std::io;

/// Prompts on standard error, answered at the keyboard.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyboard;

impl Person for Keyboard {
    fn ask(&mut self, question: &str, hidden: bool) -> io::Result<Option<String>> {
        let guard = cancellation::guard(hidden);
        let answer = if hidden {
            // An empty answer is how an end of input arrives here; it must not be asked for again and again.
            Password::new().with_prompt(question).allow_empty_password(true).report(false).interact()
        } else {
            Input::<String>::new().with_prompt(question).allow_empty(true).report(false).interact_text()
        };
        match answer {
            Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => {
                guard.cancelled();
                Ok(None)
            }
            Err(dialoguer::Error::IO(error)) => Err(error),
        }
    }
}

/// The columns of the terminal behind standard output.
#[must_use]
pub(crate) fn columns() -> Option<usize> {
    Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

/// Ctrl-C at a prompt is an answer: it ends the program with the status of a cancelled prompt, and gives the terminal
/// back the echo that a hidden prompt took away.
#[cfg(unix)]
mod cancellation {
    use crate::problem::ExitStatus;
    use nix::sys::termios::{self, SetArg, Termios};
    use std::fs::File;
    use std::io::{self, Write as _};
    use std::sync::{Mutex, Once, PoisonError};
    use std::time::Duration;

    /// What a signal finds.
    enum State {
        /// No prompt.
        Running,
        /// A prompt, and the terminal as it was before.
        Asking { terminal: Option<(File, Termios)>, hidden: bool },
        /// A prompt that saw Ctrl-C itself; what follows is on its way.
        Cancelled,
    }

    static STATE: Mutex<State> = Mutex::new(State::Running);
    static HANDLER: Once = Once::new();

    /// Lasts as long as the prompt.
    pub(super) struct Guard;

    pub(super) fn guard(hidden: bool) -> Guard {
        let before = || {
            let terminal = File::open("/dev/tty").ok()?;
            let state = termios::tcgetattr(&terminal).ok()?;
            Some((terminal, state))
        };
        set(State::Asking { terminal: before(), hidden });
        HANDLER.call_once(|| {
            // Without a handler a signal still ends the program, only less politely.
            let _ = ctrlc::set_handler(signalled);
        });
        Guard
    }

    impl Guard {
        /// The signal was seen as an answer; when it arrives, which may be later, it has nothing more to do.
        pub(super) fn cancelled(self) {
            set(State::Cancelled);
            std::mem::forget(self);
        }
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            set(State::Running);
        }
    }

    fn set(state: State) -> State {
        std::mem::replace(&mut *STATE.lock().unwrap_or_else(PoisonError::into_inner), state)
    }

    fn is_typing() -> bool {
        let state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*state, State::Asking { hidden: false, .. })
    }

    #[expect(
        clippy::exit,
        reason = "a signal arrives on a thread of its own, where nobody waits for a status"
    )]
    fn signalled() {
        /// What shells expect of a program that Ctrl-C ended.
        const INTERRUPTED: i32 = 130;
        /// How long a prompt that sees Ctrl-C itself may take to say so.
        const PATIENCE: Duration = Duration::from_millis(200);
        if is_typing() {
            std::thread::sleep(PATIENCE);
        }
        match set(State::Cancelled) {
            State::Cancelled => {}
            State::Running => std::process::exit(INTERRUPTED),
            State::Asking { terminal, .. } => {
                if let Some((terminal, before)) = terminal {
                    let _ = termios::tcsetattr(&terminal, SetArg::TCSANOW, &before);
                }
                let _ = writeln!(io::stderr(), "\nerror: cancelled");
                std::process::exit(ExitStatus::Unjudged as i32);
            }
        }
    }
}

#[cfg(not(unix))]
mod cancellation {
    pub(super) struct Guard;

    pub(super) const fn guard(_hidden: bool) -> Guard {
        Guard
    }

    impl Guard {
        pub(super) fn cancelled(self) {}
    }
}
