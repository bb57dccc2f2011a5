//! Random bytes that are derived from a number, for reproducible tests. Seeded keys and IDs are not secret.
//!
//! The bytes for a purpose are blocks of 32 bytes. Each block is the SHA-256 hash of a text such as
//! `fob/seed/7/encode/1/0`: the seed, the purpose, the number of the stream (from one) and the number of the block (from
//! zero), all in decimal. `printf` and `sha256sum` compute the same bytes. This derivation never changes.

use super::digest::sha256;
use std::fmt;
use std::str::FromStr;

/// A number that random bytes are derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// Returns the random bytes for a purpose. Each number is a stream of its own.
    #[must_use]
    pub const fn stream(self, purpose: &'static str, number: u64) -> Stream {
        Stream { seed: self, purpose, number, next: 0, block: [0; 32], used: 32 }
    }
}

impl From<u64> for Seed {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

/// A text that is not a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSeed;

impl FromStr for Seed {
    type Err = InvalidSeed;

    fn from_str(text: &str) -> Result<Self, InvalidSeed> {
        // Signs and leading zeros are rejected, so that each seed has one spelling.
        let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
        number.map(Self).ok_or(InvalidSeed)
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An endless stream of derived bytes.
#[derive(Clone, Debug)]
pub struct Stream {
    seed: Seed,
    purpose: &'static str,
    number: u64,
    /// The number of the next block.
    next: u64,
    block: [u8; 32],
    /// The number of bytes of the block that were returned.
    used: usize,
}

impl Stream {
    /// Fills a buffer with the next bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            let fresh = match self.block.get(self.used) {
                Some(byte) => *byte,
                None => self.refill(),
            };
            self.used += 1;
            *byte = fresh;
        }
    }

    /// Computes the next block, and returns its first byte.
    fn refill(&mut self) -> u8 {
        let Self { seed, purpose, number, next, .. } = self;
        self.block = sha256(format!("fob/seed/{seed}/{purpose}/{number}/{next}").as_bytes());
        self.next = self.next.wrapping_add(1);
        self.used = 0;
        let [first, ..] = self.block;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(seed: &str, purpose: &'static str, number: u64, sizes: &[usize]) -> String {
        let mut stream = seed.parse::<Seed>().unwrap().stream(purpose, number);
        let mut hex = String::new();
        for size in sizes {
            let mut bytes = vec![0; *size];
            stream.fill(&mut bytes);
            hex.extend(bytes.iter().map(|byte| format!("{byte:02x}")));
        }
        hex
    }

    /// The expected bytes are the output of `printf fob/seed/0/encode/1/0 | sha256sum`.
    #[test]
    fn the_derivation_never_changes() {
        const FIRST: &str = "fad5160a7b1ce03936dbe65e389cd642a587e75c14d7adfb801a4a2bf01af0b8";
        const SECOND: &str = "11a0ddebdc6e93eeeeaa15a0a4012fafa1d4bd84ba331ea0547282eadbff76ac";
        assert_eq!(hex("0", "encode", 1, &[64]), [FIRST, SECOND].concat());
        assert_eq!(
            hex("18446744073709551615", "HS256", 1, &[32]),
            "6dbedc26a977b7e89aac0b47ee53508308d992f64410e836bab0637eb17a5245"
        );
    }

    #[test]
    fn the_size_of_a_request_does_not_change_the_bytes() {
        let whole = hex("7", "pair", 1, &[96]);
        assert_eq!(hex("7", "pair", 1, &[16, 16, 1, 0, 31, 32]), whole);
        assert_eq!(hex("7", "pair", 1, &[63, 33]), whole);
    }

    #[test]
    fn seed_purpose_and_number_change_the_bytes() {
        let all = [
            hex("1", "encode", 1, &[16]),
            hex("2", "encode", 1, &[16]),
            hex("1", "pair", 1, &[16]),
            hex("1", "encode", 2, &[16]),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one));
        }
    }

    #[test]
    fn rejects_other_spellings_of_a_number() {
        for text in ["", "-1", "+1", "01", "1.0", "18446744073709551616", "fixtures"] {
            assert_eq!(text.parse::<Seed>(), Err(InvalidSeed), "{text}");
        }
    }
}
