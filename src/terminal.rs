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
        let _guard = cancellation::guard();
        let answer = if hidden {
            // An empty answer is how an end of input arrives here; it must not be asked for again and again.
            Password::new().with_prompt(question).allow_empty_password(true).report(false).interact()
        } else {
            Input::<String>::new().with_prompt(question).allow_empty(true).report(false).interact_text()
        };
        match answer {
            Ok(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
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
    use std::io::{self, Write as _};
    use std::sync::{Mutex, Once};

    static SAVED: Mutex<Option<Termios>> = Mutex::new(None);
    static HANDLER: Once = Once::new();

    /// Restores nothing by itself: it marks the time in which the handler has something to restore.
    pub(super) struct Guard;

    pub(super) fn guard() -> Guard {
        save(termios::tcgetattr(io::stdin()).ok());
        HANDLER.call_once(|| {
            // Without a handler Ctrl-C still ends the program, only less politely.
            let _ = ctrlc::set_handler(end);
        });
        Guard
    }

    impl Drop for Guard {
        fn drop(&mut self) {
            save(None);
        }
    }

    fn save(state: Option<Termios>) {
        if let Ok(mut saved) = SAVED.lock() {
            *saved = state;
        }
    }

    #[expect(
        clippy::exit,
        reason = "a signal arrives on a thread of its own, where nobody waits for a status"
    )]
    fn end() {
        if let Some(state) = SAVED.lock().ok().and_then(|mut saved| saved.take()) {
            let _ = termios::tcsetattr(io::stdin(), SetArg::TCSANOW, &state);
        }
        let _ = writeln!(io::stderr());
        std::process::exit(ExitStatus::Unjudged as i32);
    }
}

#[cfg(not(unix))]
mod cancellation {
    pub(super) const fn guard() {}
}
