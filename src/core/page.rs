//! Laying text out for a screen: lines, headings, columns, and words that wrap where the screen ends.
//! It knows nothing of tokens; what it is given is safe to show.

use super::numeric_date::Zone;
use super::palette::{Palette, Role};
use std::fmt::Write as _;

/// How the reader's screen is set up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// Whether and how to paint.
    pub palette: Palette,
    /// Columns, where there are limits to them.
    pub width: Option<usize>,
    /// The zone for dates.
    pub zone: Zone,
}

/// A name, its value, and a remark beside it.
pub(super) struct Row {
    pub(super) name: String,
    /// The first line stands beside the name, the others below it.
    pub(super) value: Vec<String>,
    pub(super) note: Option<(Role, String)>,
}

/// Text that is being laid out.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) screen: Screen,
}

impl Page {
    pub(super) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// One painted line. The text is safe already.
    pub(super) fn line(&mut self, role: Role, text: &str) {
        // A String takes every write.
        let _ = writeln!(self.text, "{}", self.screen.palette.paint(role, text));
    }

    pub(super) fn heading(&mut self, role: Role, title: &str, rest: &str) {
        let palette = self.screen.palette;
        let _ = writeln!(self.text, "{}{}", palette.paint(role, title), palette.paint(Role::Quiet, rest));
    }

    pub(super) fn indented(&mut self, text: &str) {
        for line in self.wrap(text, 2) {
            let _ = writeln!(self.text, "  {line}");
        }
    }

    /// Rows in columns. A remark that does not fit beside its value goes below it.
    pub(super) fn rows(&mut self, role: Role, rows: Vec<Row>) {
        const NAME_LIMIT: usize = 24;
        const VALUE_LIMIT: usize = 32;
        let palette = self.screen.palette;
        let name_width = rows.iter().map(|row| columns(&row.name)).max().unwrap_or_default().min(NAME_LIMIT);
        let value_width = rows
            .iter()
            .filter(|row| row.note.is_some() && row.value.len() == 1)
            .map(|row| columns(row.value.first().map_or("", String::as_str)))
            .filter(|width| *width <= VALUE_LIMIT)
            .max()
            .unwrap_or_default();
        let indent = name_width + 4;
        let room = self.screen.width.map_or(usize::MAX, |width| width.saturating_sub(indent));
        for row in rows {
            let (first, below) =
                row.value.split_first().map_or(("", &[][..]), |(first, below)| (&**first, below));
            let gap = name_width.saturating_sub(columns(&row.name));
            let _ = write!(self.text, "  {}{:gap$}  {first}", palette.paint(role, &row.name), "");
            let mut note_below = None;
            if let Some((note_role, note)) = row.note {
                let used = columns(first).max(value_width);
                if below.is_empty() && used + 2 + columns(&note) <= room {
                    let pad = value_width.saturating_sub(columns(first)) + 2;
                    let _ = write!(self.text, "{:pad$}{}", "", palette.paint(note_role, note));
                } else {
                    note_below = Some((note_role, note));
                }
            }
            self.text.push('\n');
            for line in below {
                let _ = writeln!(self.text, "{:indent$}{line}", "");
            }
            if let Some((note_role, note)) = note_below {
                for line in self.wrap(&note, indent) {
                    let _ = writeln!(self.text, "{:indent$}{}", "", palette.paint(note_role, line));
                }
            }
        }
    }

    /// Breaks a line of words where the screen ends. Long words stay whole.
    pub(super) fn wrap(&self, text: &str, indent: usize) -> Vec<String> {
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

/// How many columns a text takes, counted in characters.
pub(super) fn columns(text: &str) -> usize {
    text.chars().count()
}

/// `1 byte`, `27 bytes`
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
