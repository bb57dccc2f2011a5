//! Counts lines and columns while the text goes by. It keeps no text itself.

use super::context::{Context, names_first_chunk};
use crate::core::report::TokenLocation;
use memchr::{memchr_iter, memrchr};

/// The number of bytes that are kept behind the scan. The text before a token tells its context.
pub(super) const HISTORY: usize = 4096;

/// The line and column up to which a text was read.
#[derive(Clone, Debug)]
pub(super) struct LineCounter {
    line: usize,
    /// The offset in the text at which the line begins.
    line_start: usize,
    /// The number of characters of the line so far.
    characters: usize,
    /// The number of bytes of the text so far.
    counted: usize,
    /// True if nothing is counted.
    is_idle: bool,
}

impl LineCounter {
    /// Starts at the beginning of a text.
    pub(super) const fn new() -> Self {
        Self { line: 1, line_start: 0, characters: 0, counted: 0, is_idle: false }
    }

    /// Returns a counter that counts nothing, for texts whose tokens are only counted.
    pub(super) const fn idle() -> Self {
        Self { is_idle: true, ..Self::new() }
    }

    /// Counts the text before a position. `base` is the offset in the text at which `bytes` begins. Positions must not
    /// go back.
    pub(super) fn pass(&mut self, bytes: &[u8], base: usize, at: usize) {
        if self.is_idle {
            return;
        }
        let passed = bytes.get(self.counted - base..at).unwrap_or_default();
        let rest = match memrchr(b'\n', passed) {
            Some(last) => {
                self.line += memchr_iter(b'\n', passed).count();
                self.line_start = self.counted + last + 1;
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
        let place = || Context::before(bytes, at).to_string();
        if self.is_idle {
            // Chunks of cookies make one token together, so their place is needed to count them.
            let place = if names_first_chunk(bytes, at) { place() } else { String::new() };
            return TokenLocation { line: 0, column: 0, place, file: None, wrapping: None };
        }
        self.pass(bytes, base, at);
        let width = self.counted - self.line_start;
        // The start of a longer line is gone, so only the first bytes of its characters were counted.
        let head = (width <= HISTORY).then(|| bytes.get(at - width..at)).flatten();
        let characters = |head: &[u8]| match head.is_ascii() {
            true => head.len(),
            false => String::from_utf8_lossy(head).chars().count(),
        };
        let column = head.map_or(self.characters, characters);
        TokenLocation { line: self.line, column: column + 1, place: place(), file: None, wrapping: None }
    }
}

/// Counts the bytes that begin a character: all except the continuation bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    // The compiler vectorizes short sums of single bytes.
    bytes
        .chunks(255)
        .map(|chunk| usize::from(chunk.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>()))
        .sum()
}
