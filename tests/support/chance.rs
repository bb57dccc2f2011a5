//! Pseudorandom numbers that are the same in every run.

/// A generator of numbers (xorshift). Its seed must not be zero.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Returns a number below the limit, or zero if the limit is zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % limit.max(1) as u64) as usize
    }
}
