//! Layout of text for a screen: lines, headings, aligned rows and word wrap.
//! It knows nothing of tokens, and expects text that is already escaped.

use super::palette::{Palette, TextRole};
use super::zone::Zone;
use std::fmt::Write as _;

/// The screen that text is laid out for: colours, width and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// The colours.
    pub palette: Palette,
    /// The width in columns; `None` if lines never wrap.
    pub width: Option<usize>,
    /// The zone in which dates are shown.
    pub zone: Zone,
}

/// A name, its value, and a note beside the value.
pub(crate) struct Row {
    pub(crate) name: String,
    /// The lines of the value. The first stands beside the name, the others below it.
    pub(crate) value: Vec<String>,
    pub(crate) note: Option<(TextRole, String)>,
}

/// A text under construction, with the screen it is laid out for.
pub(crate) struct TextLayout {
    pub(crate) text: String,
    pub(crate) screen: Screen,
}

impl TextLayout {
    /// Returns an empty text for a screen.
    pub(crate) const fn new(screen: Screen) -> Self {
        Self { text: String::new(), screen }
    }

    /// Adds an empty line.
    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// Adds one painted line of escaped text.
    pub(crate) fn line(&mut self, role: TextRole, text: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}", self.screen.palette.paint(role, text));
    }

    /// Adds a painted title, with the rest of the line in the quiet colour.
    pub(crate) fn heading(&mut self, role: TextRole, title: &str, rest: &str) {
        let palette = self.screen.palette;
        let _ = writeln!(self.text, "{}{}", palette.paint(role, title), palette.paint(TextRole::Quiet, rest));
    }

    /// Adds a text, indented and wrapped.
    pub(crate) fn indented(&mut self, text: &str) {
        for line in self.wrap(text, 2) {
            let _ = writeln!(self.text, "  {line}");
        }
    }

    /// Adds rows in columns. A note that does not fit beside its value goes below it. On a screen too narrow for columns,
    /// values go below their names.
    pub(crate) fn rows(&mut self, role: TextRole, rows: Vec<Row>) {
        const NAME_LIMIT: usize = 24;
        const VALUE_LIMIT: usize = 32;
        const STACKED: usize = 4;
        let widest = |widths: &mut dyn Iterator<Item = usize>, limit| {
            widths.filter(|width| *width <= limit).max().unwrap_or_default()
        };
        let name_width = widest(&mut rows.iter().map(|row| columns(&row.name)), NAME_LIMIT);
        let noted = rows.iter().filter(|row| row.note.is_some() && row.value.len() == 1);
        let value_width =
            widest(&mut noted.filter_map(|row| row.value.first()).map(|value| columns(value)), VALUE_LIMIT);
        let stacked = self.screen.width.is_some_and(|width| width < name_width + 4 + VALUE_LIMIT);
        let indent = if stacked { STACKED } else { name_width + 4 };
        let room = self.screen.width.map_or(usize::MAX, |width| width.saturating_sub(indent));
        for row in rows {
            let name = self.screen.palette.paint(role, &row.name);
            let gap = name_width.saturating_sub(columns(&row.name)) + 2;
            let _ = if stacked {
                write!(self.text, "  {name}\n{:indent$}", "")
            } else {
                write!(self.text, "  {name}{:gap$}", "")
            };
            let mut value = row.value.iter();
            let first = value.next().map_or("", String::as_str);
            self.text.push_str(first);
            let pad = value_width.saturating_sub(columns(first)) + 2;
            let (beside, below) = match row.note {
                Some((role, note)) if row.value.len() > 1 || columns(first) + pad + columns(&note) > room => {
                    (None, Some((role, note)))
                }
                note => (note, None),
            };
            if let Some((role, note)) = beside {
                let _ = write!(self.text, "{:pad$}{}", "", self.screen.palette.paint(role, note));
            }
            self.text.push('\n');
            for line in value {
                let _ = writeln!(self.text, "{:indent$}{line}", "");
            }
            if let Some((role, note)) = below {
                for line in self.wrap(&note, indent) {
                    let _ = writeln!(self.text, "{:indent$}{}", "", self.screen.palette.paint(role, line));
                }
            }
        }
    }

    /// Breaks a text into lines that fit the screen behind an indent. Long words stay whole.
    pub(crate) fn wrap(&self, text: &str, indent: usize) -> Vec<String> {
        const NARROWEST: usize = 20;
        let Some(width) = self.screen.width.map(|width| width.saturating_sub(indent).max(NARROWEST)) else {
            return vec![text.to_owned()];
        };
        let mut lines = vec![String::new()];
        for word in text.split(' ') {
            let Some(line) = lines.last_mut() else { break };
            if line.is_empty() || columns(line) + 1 + columns(word) <= width {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
        lines
    }
}

/// Returns the width of a text in columns, counted in characters.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Returns a number with its noun: `1 byte`, `27 bytes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
