//! Prompts at the terminal, and its width. The only file that names dialoguer.

#[cfg(unix)]
use super::{signals, terminal_state};
use crate::host::{Echo, Prompter};
use dialoguer::Password;
use dialoguer::console::Term;
use std::io::{self, Read as _, Write as _};

/// A prompter that writes to standard error and reads the keyboard.
#[derive(Clone, Copy, Debug)]
pub(super) struct TerminalPrompter;

impl Prompter for TerminalPrompter {
    fn ask(&mut self, question: &str, echo: Echo) -> io::Result<Option<String>> {
        let answer = match echo {
            Echo::Hidden => hidden_line(question),
            Echo::Shown => visible_line(question),
        };
        answer.map(|text| text.filter(|text| !text.is_empty()))
    }
}

/// Returns the width of the terminal behind standard output, in columns.
#[must_use]
pub(super) fn columns() -> Option<usize> {
    Term::stdout().size_checked().map(|(_, columns)| usize::from(columns))
}

fn hidden_line(question: &str) -> io::Result<Option<String>> {
    let _guard = PromptGuard::new();
    // dialoguer reports the end of input as an empty answer. It must not ask again.
    let answer = Password::new().with_prompt(question).allow_empty_password(true).report(false).interact();
    match answer {
        Ok(text) => Ok(Some(text)),
        Err(dialoguer::Error::IO(error)) => Err(error),
    }
}

/// Reads a line of any length, since tokens exceed the 4095 characters that a terminal collects by itself.
fn visible_line(question: &str) -> io::Result<Option<String>> {
    const END_OF_INPUT: u8 = 0x04;
    const ERASE: [u8; 2] = [0x08, 0x7F];
    let _guard = PromptGuard::new();
    #[cfg(unix)]
    terminal_state::deliver_keys();
    write!(io::stderr(), "{question}: ")?;
    let mut typed = Vec::new();
    for byte in io::stdin().lock().bytes() {
        match byte? {
            b'\n' | b'\r' => return Ok(Some(String::from_utf8_lossy(&typed).into_owned())),
            // Ctrl-D cancels the prompt, as Ctrl-C does.
            END_OF_INPUT => break,
            byte if ERASE.contains(&byte) => {
                // The echo of the key itself (^H or ^?) is erased as well.
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

/// Restores the terminal when the prompt ends. A signal meanwhile cancels the prompt.
struct PromptGuard;

impl PromptGuard {
    fn new() -> Self {
        #[cfg(unix)]
        {
            terminal_state::save();
            signals::listen();
        }
        Self
    }
}

impl Drop for PromptGuard {
    fn drop(&mut self) {
        #[cfg(unix)]
        terminal_state::restore();
    }
}
