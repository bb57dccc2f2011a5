//! The part of a text that a scan holds in memory, and how far the scan has come. It finds no tokens.

use super::line_counter::LineCounter;

/// The part of a text that a scan holds in memory.
#[derive(Debug)]
pub(super) struct TextWindow {
    /// The length up to which a run of token characters is held as a whole.
    pub(super) longest: usize,
    /// The text from [`HISTORY`](super::line_counter::HISTORY) bytes before `done` on, then unused space.
    pub(super) buffer: Vec<u8>,
    /// The length of the text in the buffer.
    pub(super) filled: usize,
    /// The end of the text that was scanned. A run whose end is not known follows.
    pub(super) done: usize,
    /// The end of the known part of that run.
    pub(super) known: usize,
    /// The offset in the text at which the buffer begins.
    pub(super) base: usize,
    pub(super) lines: LineCounter,
    /// Set while no token was found.
    pub(super) is_empty: bool,
}

impl TextWindow {
    /// Returns the window at the beginning of a text.
    pub(super) const fn new(longest: usize) -> Self {
        Self {
            longest,
            buffer: Vec::new(),
            filled: 0,
            done: 0,
            known: 0,
            base: 0,
            lines: LineCounter::new(),
            is_empty: true,
        }
    }
}
