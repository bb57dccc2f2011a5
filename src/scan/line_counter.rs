//! Counts lines and columns while the text goes by. It keeps no text itself.

use super::context::{Context, names_first_chunk};
use crate::core::report::TokenLocation;
use memchr::{memchr_iter, memrchr};
use std::borrow::Cow;

/// The number of bytes that are kept behind the scan. The text before a token tells its context.
pub(super) const HISTORY: usize = 4096;

/// The length of the longest character of UTF-8, without its first byte.
const LONGEST_REST: usize = 3;

/// The line and column up to which a text was read.
#[derive(Clone, Debug)]
pub(super) struct LineCounter {
    line: usize,
    /// The number of characters of the line so far. Each sequence that is not UTF-8 counts as one.
    characters: usize,
    /// The number of bytes of the text so far. No character goes on behind them.
    counted: usize,
    /// True if nothing is counted.
    is_idle: bool,
}

impl LineCounter {
    /// Starts at the beginning of a text.
    pub(super) const fn new() -> Self {
        Self { line: 1, characters: 0, counted: 0, is_idle: false }
    }

    /// Returns a counter that counts nothing, for texts whose tokens are only counted.
    pub(super) const fn idle() -> Self {
        Self { is_idle: true, ..Self::new() }
    }

    /// Counts the text before a position. `base` is the offset in the text at which `bytes` begins. Positions must not
    /// go back. A character that may go on behind the position is counted later.
    pub(super) fn pass(&mut self, bytes: &[u8], base: usize, at: usize) {
        let passed = bytes.get(self.counted.saturating_sub(base)..at).unwrap_or_default();
        let end = passed.iter().rev().take(LONGEST_REST).position(|byte| *byte >= 0xC0);
        self.count(passed.get(..passed.len() - end.map_or(0, |end| end + 1)).unwrap_or_default());
    }

    /// Counts the next bytes of the text.
    fn count(&mut self, passed: &[u8]) {
        if self.is_idle {
            return;
        }
        let rest = match memrchr(b'\n', passed) {
            Some(last) => {
                self.line += memchr_iter(b'\n', passed).count();
                self.characters = 0;
                passed.get(last + 1..).unwrap_or_default()
            }
            None => passed,
        };
        self.characters += characters(rest);
        self.counted += passed.len();
    }

    /// Returns the location of a position. At least [`HISTORY`] bytes before it must be in `bytes`.
    pub(super) fn locate(&mut self, bytes: &[u8], base: usize, at: usize) -> TokenLocation {
        let place = || Context::before(bytes, at).into_text();
        if self.is_idle {
            // Chunks of cookies make one token together, so their place is needed to count them.
            let place = if names_first_chunk(bytes, at) { place() } else { Cow::Borrowed("") };
            return TokenLocation { line: 0, column: 0, place, file: None, wrapping: None };
        }
        // Each byte is counted once. To count those of the line before each token again took 300 instructions.
        self.count(bytes.get(self.counted.saturating_sub(base)..at).unwrap_or_default());
        let (line, column) = (self.line, self.characters + 1);
        TokenLocation { line, column, place: place(), file: None, wrapping: None }
    }
}

/// Counts characters. A sequence of bytes that is not UTF-8 counts as one, as `String::from_utf8_lossy` shows it.
fn characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    let chunks = bytes.utf8_chunks();
    chunks.map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the line and the column of a position, counted from the beginning of the text.
    fn plain(text: &[u8], at: usize) -> (usize, usize) {
        let before = String::from_utf8_lossy(&text[..at]);
        let line = before.rsplit('\n').next().unwrap();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    #[test]
    fn counts_the_same_in_pieces_of_any_size() {
        let parts: [&[u8]; 12] = [
            b"e",
            b"e",
            b" x",
            b"\n",
            "é".as_bytes(),
            "€".as_bytes(),
            "😀".as_bytes(),
            b"\x80",
            b"\xE2\x82",
            b"\xF0\x9F",
            b"\xC3",
            b"\xFF\xE0\x80",
        ];
        let mut seed = 7_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        for size in 1..40 {
            let text: Vec<u8> = (0..400).flat_map(|_| parts[next(parts.len())]).copied().collect();
            let (mut lines, mut found) = (LineCounter::new(), 0);
            for end in (0..=text.len()).step_by(size) {
                for at in (end.saturating_sub(size)..end).filter(|at| text[*at] == b'e') {
                    let location = lines.locate(&text, 0, at);
                    assert_eq!((location.line, location.column), plain(&text, at), "{at} by {size}");
                    found += 1;
                }
                lines.pass(&text, 0, end);
            }
            assert!(found > 30);
        }
    }

    #[test]
    fn columns_of_a_long_line_never_go_back() {
        for part in [&b"\x80"[..], b"\xFF", b"\xE2\x82", "é".as_bytes()] {
            let line: Vec<u8> = part.repeat(2 * HISTORY).into_iter().chain(*b" e").collect();
            let mut lines = LineCounter::new();
            for end in (0..line.len()).step_by(1000) {
                // The text before the history is gone.
                let base = end.saturating_sub(HISTORY);
                lines.pass(&line[base..end], base, end - base);
            }
            let base = line.len() - 1 - HISTORY;
            let location = lines.locate(&line[base..], base, HISTORY);
            assert_eq!((location.line, location.column), plain(&line, line.len() - 1), "{part:?}");
        }
    }
}
