//! Layout of text for a screen: lines, headings, aligned rows and word wrap.
//! It knows nothing of tokens, and expects text that is already escaped.

use super::cells::cells;
use super::palette::{Palette, TextRole};
use super::styled::Styled;
use super::wrap::{self, Room};
use super::zone::Zone;
use std::fmt::Write as _;
use std::ops::Range;

/// The screen that text is laid out for: colours, width and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Screen {
    /// The colours.
    pub palette: Palette,
    /// The width in columns; `None` if lines never wrap.
    pub width: Option<usize>,
    /// The zone in which dates are shown.
    pub zone: Zone,
    /// True if the text is a message in the log of a GitHub workflow.
    pub is_in_workflow: bool,
}

impl Screen {
    /// Returns the column where a text continues below its first line: the wanted one, or one further left on a narrow screen.
    pub(crate) fn indent(&self, wanted: usize) -> usize {
        /// The least room that a text gets.
        const ROOM: usize = 18;
        match self.width {
            Some(width) if width < wanted + ROOM => wanted.min(width / 8),
            _ => wanted,
        }
    }
}

/// A name, its value, and a note beside the value.
pub(crate) struct Row {
    pub(crate) name: String,
    /// The lines of the value. The first stands beside the name, the others below it.
    pub(crate) value: Vec<String>,
    /// True if the value is JSON, whose parts have colours of their own.
    pub(crate) is_json: bool,
    pub(crate) note: Option<(TextRole, String)>,
}

impl Row {
    /// Returns the note if it is more than the meaning of a name, such as a date.
    fn date(&self) -> Option<&str> {
        self.note.as_ref().filter(|(role, _)| *role != TextRole::Quiet).map(|(_, note)| note.as_str())
    }
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

    /// Adds one painted line of escaped text. Blanks at its beginning also indent what does not fit the line.
    pub(crate) fn line(&mut self, role: TextRole, text: &str) {
        let words = text.trim_start_matches(' ');
        self.hang(text.len() - words.len(), 0, &Styled::new(role, words));
    }

    /// Adds a painted title, with the rest of the line in the quiet colour.
    pub(crate) fn heading(&mut self, role: TextRole, title: &str, rest: &str) {
        if self.fits(cells(title) + cells(rest)) {
            self.append(role, title);
            self.append(TextRole::Quiet, rest);
            return self.text.push('\n');
        }
        self.hang(0, cells(title) + 2, &Styled::new(role, title).then(TextRole::Quiet, rest));
    }

    /// Adds a text, indented and wrapped.
    pub(crate) fn indented(&mut self, text: &str) {
        self.hang(2, 0, &Styled::new(TextRole::Plain, text));
    }

    /// Adds a text behind an indent. What does not fit the line goes below, `more` columns further right.
    pub(crate) fn hang(&mut self, indent: usize, more: usize, styled: &Styled<'_>) {
        let indent = self.screen.indent(indent);
        self.pad(indent);
        self.put(indent, indent + more, styled);
    }

    /// Adds blanks.
    pub(crate) fn pad(&mut self, columns: usize) {
        const BLANKS: &str = "                                ";
        let mut left = columns;
        while left > 0 {
            let now = left.min(BLANKS.len());
            self.text.push_str(BLANKS.get(..now).unwrap_or_default());
            left -= now;
        }
    }

    /// Reports whether a line of this width fits the screen.
    pub(crate) fn fits(&self, columns: usize) -> bool {
        self.screen.width.is_none_or(|width| columns <= width)
    }

    /// Adds a painted text that fits the line.
    pub(crate) fn append(&mut self, role: TextRole, text: &str) {
        if self.screen.palette.colour {
            // Writing to a String cannot fail.
            let _ = write!(self.text, "{}", self.screen.palette.paint(role, text));
        } else {
            self.text.push_str(text);
        }
    }

    /// Ends a line on which `taken` columns are used with a text. What does not fit goes below, behind an indent.
    pub(crate) fn put(&mut self, taken: usize, indent: usize, styled: &Styled<'_>) {
        let Some(width) = self.screen.width else {
            self.paint(styled, 0..styled.text.len());
            return self.text.push('\n');
        };
        let indent = self.screen.indent(indent);
        let room = Room { first: width.saturating_sub(taken), rest: width.saturating_sub(indent) };
        for (index, range) in wrap::lines(&styled.text, room).into_iter().enumerate() {
            if index > 0 {
                self.pad(indent);
            }
            self.paint(styled, range);
            // Blanks before a text that fits only below would end the line.
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
    }

    /// Adds a text that fills each line, as a terminal does with a long word.
    pub(crate) fn fill(&mut self, width: usize, styled: &Styled<'_>) {
        for range in wrap::filled(&styled.text, width) {
            self.paint(styled, range);
            self.text.push('\n');
        }
    }

    /// Adds a part of a text in its colours.
    fn paint(&mut self, styled: &Styled<'_>, range: Range<usize>) {
        let palette = self.screen.palette;
        if !palette.colour {
            return self.text.push_str(styled.text.get(range).unwrap_or_default());
        }
        let mut at = range.start;
        for (end, role) in &styled.parts {
            let end = range.end.min(*end);
            if let Some(part) = styled.text.get(at..end).filter(|part| !part.is_empty()) {
                let _ = write!(self.text, "{}", palette.paint(*role, part));
                at = end;
            }
        }
        if let Some(part) = styled.text.get(at..range.end).filter(|part| !part.is_empty()) {
            let _ = write!(self.text, "{}", palette.paint(styled.last, part));
        }
    }

    /// Returns the columns of rows.
    fn columns_of(&self, rows: &[Row]) -> Columns {
        const NAME_LIMIT: usize = 24;
        const VALUE_LIMIT: usize = 32;
        const STACKED: usize = 4;
        let widest = |widths: &mut dyn Iterator<Item = usize>, limit| {
            widths.filter(|width| *width <= limit).max().unwrap_or_default()
        };
        let name = widest(&mut rows.iter().map(|row| cells(&row.name)), NAME_LIMIT);
        let noted = rows.iter().filter(|row| row.note.is_some());
        let value =
            widest(&mut noted.filter_map(|row| row.value.first()).map(|value| cells(value)), VALUE_LIMIT);
        let is_stacked = self.screen.width.is_some_and(|width| width < name + 4 + VALUE_LIMIT);
        let indent = if is_stacked { STACKED } else { name + 4 };
        let fits = |note: &str| self.fits(indent + value + GAP + cells(note));
        let are_dates_near = rows.iter().filter_map(Row::date).any(|note| !fits(note));
        Columns { name, value, indent, is_stacked, are_dates_near }
    }

    /// Returns the room for the values of rows, if there is a screen.
    pub(crate) fn value_room(&self, rows: &[Row]) -> Option<usize> {
        self.screen.width.map(|width| width.saturating_sub(self.columns_of(rows).indent))
    }

    /// Adds rows in columns. A note that does not fit beside its value goes below it. On a screen too narrow for columns, and
    /// for names too long for theirs, values go below their names.
    pub(crate) fn rows(&mut self, role: TextRole, rows: Vec<Row>) {
        let columns = self.columns_of(&rows);
        for row in rows {
            self.row(role, row, &columns);
        }
    }

    fn row(&mut self, role: TextRole, row: Row, columns: &Columns) {
        let indent = columns.indent;
        let screen = self.screen.width.unwrap_or(usize::MAX);
        let width = cells(&row.name);
        let first = row.value.first().map_or(0, |line| cells(line));
        let note_width = row.note.as_ref().map_or(0, |(_, note)| cells(note));
        let is_date = row.date().is_some();
        let mut note = row.note;
        let gap = match columns.is_stacked {
            false => columns.name.saturating_sub(width) + GAP,
            true => GAP,
        };
        let is_long = match columns.is_stacked {
            false => width > columns.name,
            true => row.value.len() > 1 || 2 + width + GAP + first > screen,
        };
        self.pad(2);
        let mut taken = 2 + width + gap;
        if is_long && self.screen.width.is_some() {
            // Beside a name above its value is room for the note.
            let mut line = Styled::new(role, row.name);
            if let Some((role, note)) = note.take_if(|_| 2 + width + GAP + note_width <= screen) {
                line = line.then(TextRole::Plain, "  ").then(role, &note);
            }
            self.put(2, 4, &line);
            self.pad(indent);
            taken = indent;
        } else {
            self.append(role, &row.name);
            self.pad(gap);
        }
        let is_near = columns.is_stacked || (columns.are_dates_near && is_date);
        let before_note = if is_near { GAP } else { columns.value.saturating_sub(first) + GAP };
        let beside = [before_note, GAP]
            .into_iter()
            .find(|gap| first.saturating_add(taken + gap + note_width) <= screen);
        for (index, text) in row.value.iter().enumerate() {
            let words = text.trim_start_matches(' ');
            let depth = text.len() - words.len();
            let value = match row.is_json && self.screen.palette.colour {
                true => Styled::json(words),
                false => Styled::new(TextRole::Plain, words),
            };
            if index > 0 {
                taken = indent + depth;
                self.pad(taken);
            }
            if let Some(gap) = beside.filter(|_| index == 0)
                && let Some((role, note)) = note.take()
            {
                self.paint(&value, 0..value.text.len());
                self.pad(gap);
                self.append(role, &note);
                self.text.push('\n');
                continue;
            }
            // A long string goes on below its first character.
            let more = match row.is_json {
                true if words.starts_with('"') => 1,
                true => 2,
                false => 0,
            };
            self.put(taken, indent + depth + more, &value);
        }
        if let Some((role, note)) = note {
            self.pad(indent);
            self.put(indent, indent, &Styled::new(role, note));
        }
    }
}

/// The columns of rows.
struct Columns {
    /// The width of the column of names.
    name: usize,
    /// The width of the column of values before notes.
    value: usize,
    /// The column of the lines below the first.
    indent: usize,
    /// True if the screen is too narrow for columns.
    is_stacked: bool,
    /// True if dates stand right behind their values, since not all of them fit the column of notes.
    are_dates_near: bool,
}

/// The gap between columns.
const GAP: usize = 2;

/// Returns a number with its noun: `1 byte`, `27 bytes`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
