//! Bytes that follow from a number, for tests that want the same tokens and keys every time. They are as public as the
//! number, and nothing is kept secret by them.
//!
//! The bytes for a purpose are blocks of 32, one after the other. A block is the SHA-256 of a text that names it, such as
//! `fob/seed/7/encode/1/0`: the seed, what the bytes are for, which one of many it is for (from one), and which block it
//! is (from zero), the numbers in decimal. So anybody can make them with `printf` and `sha256sum`, and what was made once
//! is made so for ever.

use super::digest::sha256;
use std::fmt;
use std::str::FromStr;

/// The number that everything follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// The bytes for a purpose, and for one of many.
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

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A sign, or a number with more digits than it needs, would name the same bytes twice.
        let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
        number.map(Self).ok_or_else(|| format!("write a whole number from 0 to {}", u64::MAX))
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Bytes without an end, the same every time.
#[derive(Clone, Debug)]
pub struct Stream {
    seed: Seed,
    purpose: &'static str,
    number: u64,
    /// The block after this one.
    next: u64,
    block: [u8; 32],
    /// How much of the block was handed out.
    used: usize,
}

impl Stream {
    /// Hands out the next bytes.
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

    /// Makes the next block, and says what its first byte is.
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

    /// As `printf fob/seed/0/encode/1/0 | sha256sum` has it.
    #[test]
    fn the_bytes_are_these_for_ever() {
        const FIRST: &str = "fad5160a7b1ce03936dbe65e389cd642a587e75c14d7adfb801a4a2bf01af0b8";
        const SECOND: &str = "11a0ddebdc6e93eeeeaa15a0a4012fafa1d4bd84ba331ea0547282eadbff76ac";
        assert_eq!(hex("0", "encode", 1, &[64]), [FIRST, SECOND].concat());
        assert_eq!(
            hex("18446744073709551615", "HS256", 1, &[32]),
            "6dbedc26a977b7e89aac0b47ee53508308d992f64410e836bab0637eb17a5245"
        );
    }

    #[test]
    fn it_does_not_matter_how_much_is_asked_for_at_once() {
        let whole = hex("7", "pair", 1, &[96]);
        assert_eq!(hex("7", "pair", 1, &[16, 16, 1, 0, 31, 32]), whole);
        assert_eq!(hex("7", "pair", 1, &[63, 33]), whole);
    }

    #[test]
    fn another_seed_purpose_or_number_gives_other_bytes() {
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
    fn a_seed_is_a_number_written_in_one_way() {
        for text in ["", "-1", "+1", "01", "1.0", "18446744073709551616", "fixtures"] {
            assert_eq!(
                text.parse::<Seed>(),
                Err("write a whole number from 0 to 18446744073709551615".to_owned()),
                "{text}"
            );
        }
    }
}
