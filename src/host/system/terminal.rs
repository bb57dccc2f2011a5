//! Prompts at the terminal, and its width.

#[cfg(windows)]
use super::console_keys::ConsoleKeys;
use super::typed_line::{KeyEffect, TypedLine};
use super::{signals, terminal_state};
use crate::host::{Echo, Prompter};
use dialoguer::console::Term;
use std::io::{self, Read, Write as _};

/// A prompter that writes to standard error and reads the keyboard.
#[derive(Debug, Default)]
pub(super) struct TerminalPrompter {
    #[cfg(windows)]
    keys: ConsoleKeys,
}

impl Prompter for TerminalPrompter {
    fn ask(&mut self, question: &str, echo: Echo) -> io::Result<Option<String>> {
        let answer = match echo {
            #[cfg(unix)]
            Echo::Hidden => hidden_line(question),
            #[cfg(windows)]
            Echo::Hidden => typed_line(question, echo, &mut self.keys.reader(|| Term::stderr().read_key())),
            Echo::Shown => typed_line(question, echo, &mut io::stdin().lock()),
        };
        answer.map(|text| text.filter(|text| !text.is_empty()))
    }
}

/// Returns the width of the terminal behind standard output, or else behind standard error, in columns.
#[must_use]
pub(super) fn columns() -> Option<usize> {
    let size = Term::stdout().size_checked().or_else(|| Term::stderr().size_checked());
    size.map(|(_, columns)| usize::from(columns))
}

/// Reads a secret from the terminal, even if standard input is a pipe.
#[cfg(unix)]
fn hidden_line(question: &str) -> io::Result<Option<String>> {
    match std::fs::File::open("/dev/tty") {
        Ok(mut terminal) => typed_line(question, Echo::Hidden, &mut terminal),
        Err(_) => typed_line(question, Echo::Hidden, &mut io::stdin().lock()),
    }
}

/// Reads a line of any length, since tokens and keys exceed the 4095 characters that a terminal collects by itself.
fn typed_line(question: &str, echo: Echo, keys: &mut dyn Read) -> io::Result<Option<String>> {
    let _guard = PromptGuard::new();
    #[cfg(unix)]
    terminal_state::deliver_keys();
    #[cfg(unix)]
    if echo == Echo::Hidden {
        terminal_state::hide_keys();
    }
    write!(io::stderr(), "{question}: ")?;
    let (mut line, mut key) = (TypedLine::new(), [0]);
    while keys.read(&mut key)? == 1 {
        let [byte] = key;
        match line.press(byte) {
            KeyEffect::Ended => {
                // A console of Windows ends a line that it shows with CR and LF. The next reader must not get the LF.
                #[cfg(windows)]
                if byte == b'\r' && echo == Echo::Shown {
                    let _ = keys.read(&mut key)?;
                }
                if echo == Echo::Hidden {
                    writeln!(io::stderr())?;
                }
                return line.answer(echo).map(Some);
            }
            KeyEffect::Cancelled => break,
            // The echo of the key itself (^H, ^?, ^U, ^W) is erased as well.
            KeyEffect::Erased(characters) if echo == Echo::Shown => {
                write!(io::stderr(), "{}", "\u{8} \u{8}".repeat(2 + characters))?;
            }
            KeyEffect::Erased(_) | KeyEffect::Added => {}
        }
    }
    writeln!(io::stderr())?;
    Ok(None)
}

/// A guard that restores the terminal when the prompt ends. A signal meanwhile cancels the prompt.
struct PromptGuard;

impl PromptGuard {
    fn new() -> Self {
        terminal_state::save(terminal_state::TerminalUse::Prompt);
        signals::listen();
        Self
    }
}

impl Drop for PromptGuard {
    fn drop(&mut self) {
        terminal_state::restore();
    }
}
