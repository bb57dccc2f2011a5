//! The part of a text that a scan holds in memory, and how far the scan has come. It finds no tokens.

use super::line_counter::{HISTORY, LineCounter};

/// The bytes that a processor moves at once.
const CACHE_LINE: usize = 64;

/// The part of a text that a scan holds in memory.
#[derive(Debug)]
pub(super) struct TextWindow {
    /// The length up to which a run of token characters is held as a whole.
    pub(super) longest: usize,
    /// The text from [`HISTORY`] bytes before `done` on, or earlier, then unused space.
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

    /// Returns the space for the next bytes of the text.
    pub(super) fn room(&mut self, bytes: usize) -> &mut [u8] {
        let passed = self.done.saturating_sub(HISTORY);
        // Moves at least half of the buffer, so that each byte is moved a few times only.
        if passed > self.filled / 2 {
            // The space begins with a cache line. A file is copied from the start of a page in memory: to a place less than a line
            // behind the start of another page, that takes three times as long (AMD EPYC).
            let space = self.buffer.as_ptr().addr() + self.filled - passed;
            let passed = passed.saturating_sub(space.wrapping_neg() % CACHE_LINE);
            self.buffer.copy_within(passed..self.filled, 0);
            self.filled -= passed;
            self.done -= passed;
            self.known -= passed;
            self.base += passed;
        }
        if self.buffer.len() < self.filled + bytes {
            self.buffer.resize(self.filled + bytes, 0);
        }
        self.buffer.get_mut(self.filled..self.filled + bytes).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_history_and_begins_the_space_with_a_cache_line() {
        let text: Vec<u8> = (0..1_000_000_u32).map(|number| (number % 251) as u8).collect();
        for block in [9_999, 16_384, 20_000, 65_536] {
            let (mut window, mut moves) = (TextWindow::new(1 << 20), 0);
            for (step, piece) in text.chunks_exact(block).enumerate() {
                let (base, size) = (window.base, window.buffer.len());
                let space = window.room(block);
                space.copy_from_slice(piece);
                let address = space.as_ptr().addr();
                // A buffer that grows can be at another address.
                if window.base > base && window.buffer.len() == size {
                    assert_eq!(address % CACHE_LINE, 0, "{block} {step}");
                    moves += 1;
                }
                assert!(window.base == 0 || window.done >= HISTORY, "{block} {step}");
                window.filled += block;
                assert_eq!(window.base + window.filled, (step + 1) * block);
                assert_eq!(window.buffer[..window.filled], text[window.base..][..window.filled]);
                // A run at the end may go on.
                (window.done, window.known) = (window.filled - 7 * (step % 2), window.filled);
            }
            assert!(moves > 3, "{block} {moves}");
        }
    }
}
