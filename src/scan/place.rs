//! Lines and columns, counted while the text goes by.

use super::HISTORY;
use super::context::Context;
use crate::core::report::TokenLocation;
use memchr::{memchr_iter, memrchr};

/// Where the scan is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    line: usize,
    /// Offset in the text at which the line begins.
    line_start: usize,
    /// Characters of the line that went by.
    characters: usize,
    /// Bytes of the text that went by.
    counted: usize,
}

impl Place {
    pub(super) const fn new() -> Self {
        Self { line: 1, line_start: 0, characters: 0, counted: 0 }
    }

    /// Counts what stands before a position. `base` is the offset in the text at which `bytes` begins; positions must
    /// not go back.
    pub(super) fn pass(&mut self, bytes: &[u8], base: usize, at: usize) {
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

    /// Describes a position. Of what stands before it, at least [`HISTORY`] bytes must be there.
    pub(super) fn locate(&mut self, bytes: &[u8], base: usize, at: usize) -> TokenLocation {
        self.pass(bytes, base, at);
        let width = self.counted - self.line_start;
        // On a line that is longer than what is kept of it, nothing but its beginnings of characters can be counted.
        let head = (width <= HISTORY).then(|| bytes.get(at - width..at)).flatten();
        let column = head.map_or(self.characters, |head| String::from_utf8_lossy(head).chars().count());
        TokenLocation {
            line: self.line,
            column: column + 1,
            place: Context::before(bytes, at).describe(),
            file: None,
        }
    }
}

/// Bytes that begin a character: all but the continuation bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    // Short sums of single bytes are what a compiler makes vectors of.
    bytes
        .chunks(255)
        .map(|chunk| usize::from(chunk.iter().map(|&byte| u8::from(byte & 0xC0 != 0x80)).sum::<u8>()))
        .sum()
}
