//! Locations in a suite: lines and columns, and how byte offsets become them.

use std::cell::Cell;
use std::fmt;

/// A location in a suite. Lines and columns count from one; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SourceLocation {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl SourceLocation {
    /// The first character of a file.
    pub(crate) const START: Self = Self { line: 1, column: 1 };
}

/// Writes `line:column`.
impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The lines of a text, for turning byte offsets into locations.
pub(super) struct LineIndex<'t> {
    text: &'t str,
    /// The offset of the first byte of each line.
    starts: Vec<usize>,
    /// The last offset that was looked up, and the number of characters before it in its line. A file can be one long
    /// line, and counting from its start for each value would take quadratic time.
    last: Cell<(usize, usize)>,
}

impl<'t> LineIndex<'t> {
    /// Finds the lines of a text.
    pub(super) fn new(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(breaks).collect(), last: Cell::default() }
    }

    /// Returns the text itself.
    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// Returns the location of a byte offset.
    pub(super) fn location(&self, offset: usize) -> SourceLocation {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or_default();
        let (from, before) = match self.last.get() {
            (last, before) if (start..=offset).contains(&last) => (last, before),
            _ => (start, 0),
        };
        let before = before + self.text.get(from..offset).unwrap_or_default().chars().count();
        self.last.set((offset, before));
        SourceLocation { line, column: before + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_does_not_depend_on_earlier_lookups() {
        let text = "é1\n2é3é\n\nü";
        let offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
        let index = LineIndex::new(text);
        for first in &offsets {
            for second in &offsets {
                index.location(*first);
                assert_eq!(
                    index.location(*second),
                    LineIndex::new(text).location(*second),
                    "{first} {second}"
                );
            }
        }
        assert_eq!(index.location(text.len()), SourceLocation { line: 4, column: 2 });
    }
}
