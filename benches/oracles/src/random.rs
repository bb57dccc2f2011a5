//! Random numbers that need not be secret: for the order of measurements, and for faults.

use std::hash::{BuildHasher as _, RandomState};

/// A xorshift generator with a random start.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// Returns a generator whose numbers differ from run to run.
    #[must_use]
    pub fn new() -> Self {
        Self(RandomState::new().hash_one(0) | 1)
    }

    /// Returns the next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns bytes from 1 to 255.
    pub fn nonzero(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() % 255 + 1) as u8).collect()
    }

    /// Puts items into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, (self.next() % (index as u64 + 1)) as usize);
        }
    }
}
