//! Questions to the user at the terminal.

use std::io;

/// The echo of typed text on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// The answer is visible.
    Shown,
    /// The answer stays off the screen, as passwords do.
    Hidden,
}

/// A means of asking the user for a line of text.
pub trait Prompter {
    /// Asks for a line. Returns `None` if the user cancels the prompt or answers with an empty line.
    ///
    /// # Errors
    /// If the terminal fails.
    fn ask(&mut self, question: &str, echo: Echo) -> io::Result<Option<String>>;
}
