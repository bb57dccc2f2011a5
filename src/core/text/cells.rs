//! The width of text on a screen, in cells. Only this file names the `unicode-width` package.

use unicode_width::UnicodeWidthChar as _;

/// Returns the width of escaped text. It is the sum of its characters, so that terminals which do not join emoji never get a
/// line that is too wide.
pub(crate) fn cells(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char_cells).sum() }
}

/// Returns the width of a character: 0 for combining marks, 2 for CJK and most emoji, else 1.
pub(crate) fn char_cells(c: char) -> usize {
    if c.is_ascii() { 1 } else { c.width().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_cells_and_not_characters() {
        for (text, width) in
            [("", 0), ("alice", 5), ("é", 1), ("e\u{301}", 1), ("山田", 4), ("🦀", 2), ("🇳🇿", 2)]
        {
            assert_eq!(cells(text), width, "{text}");
        }
    }
}
