//! Standard output and standard error: their colours, their messages, and the signals that end reading.

use crate::core::json::{JsonLayout, JsonStyle};
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Screen, TextLayout};
use crate::core::text::palette::{Palette, TextRole};
use crate::core::text::styled::Styled;
use crate::core::text::workflow::escape_workflow_commands;
use std::fmt;
use std::io::Write;

/// The condition for colour in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorMode {
    /// On a terminal, unless the environment forbids it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorMode {
    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// An output stream.
pub struct OutputStream<'h> {
    /// Where bytes go.
    pub writer: Box<dyn Write + Send + 'h>,
    /// True if it is a terminal.
    pub is_terminal: bool,
    palette: Palette,
    data_palette: Palette,
}

impl<'h> OutputStream<'h> {
    /// Returns a stream without colour.
    #[must_use]
    pub fn new(writer: Box<dyn Write + Send + 'h>, is_terminal: bool) -> Self {
        let palette = Palette::default();
        Self { writer, is_terminal, palette, data_palette: palette }
    }

    /// Returns the colours of this stream.
    #[must_use]
    pub const fn palette(&self) -> Palette {
        self.palette
    }

    /// Returns the colours of data that programs read: JSON, and lines with tabs.
    #[must_use]
    pub const fn data_palette(&self) -> Palette {
        self.data_palette
    }

    /// Returns how this stream shows JSON: with one member per line on a terminal, else as written.
    #[must_use]
    pub const fn json_style(&self) -> JsonStyle {
        let layout = if self.is_terminal { JsonLayout::Indented } else { JsonLayout::AsWritten };
        JsonStyle { layout, palette: self.data_palette }
    }

    /// Sets the colours. Programs read data from pipes, so there only the user's own `--color always` colours it, and never a
    /// variable that is set for all programs.
    pub(super) const fn set_palette(&mut self, palette: Palette, mode: ColorMode) {
        let is_for_people = self.is_terminal || matches!(mode, ColorMode::Always);
        self.palette = palette;
        self.data_palette = Palette { colour: palette.colour && is_for_people };
    }

    /// Writes a message in one write, since standard error is not buffered. An error is ignored: there is no other
    /// stream to report it on.
    pub(super) fn write_message(&mut self, text: &str) {
        let _ = self.writer.write_all(text.as_bytes());
        let _ = self.writer.flush();
    }
}

/// The level of a message on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The action failed.
    Error,
    /// The action succeeded, with a caveat the user should know.
    Warning,
    /// A hint about an error or a warning.
    Hint,
    /// A note on how the input was read.
    Note,
}

impl Level {
    /// Returns the message as a line with its label. Hostile characters in the text are escaped, and so are commands of a
    /// workflow in its log. On a terminal, what does not
    /// fit the line goes below, beside the label.
    #[must_use]
    pub fn line(self, text: &str, screen: Screen) -> String {
        let (role, label) = match self {
            Self::Error => (TextRole::Bad, "error:"),
            Self::Warning => (TextRole::Warning, "warning:"),
            Self::Hint => (TextRole::Good, "hint:"),
            Self::Note => (TextRole::Quiet, "note:"),
        };
        let mut page = TextLayout::new(screen);
        let text = Shown(text).to_string();
        page.put(
            0,
            label.len() + 1,
            &Styled::new(role, label).then(TextRole::Plain, " ").then(TextRole::Plain, &text),
        );
        if screen.is_in_workflow { escape_workflow_commands(&page.text) } else { page.text }
    }
}

/// The signal that asked the run to end. Once [signals are caught](super::Host::catch_signals), it is the source of the
/// [`std::io::ErrorKind::Interrupted`] error that ends a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopSignal {
    /// SIGINT, from Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl fmt::Display for StopSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
        })
    }
}

impl std::error::Error for StopSignal {}
