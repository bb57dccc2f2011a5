//! The decimal digits of a number, without the formatter of the standard library, which takes several times as long.

/// The digits of a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits {
    /// The digits stand at the end.
    bytes: [u8; Self::MOST],
    start: usize,
}

impl Digits {
    /// The number of digits of the largest number.
    const MOST: usize = 20;

    /// Returns the digits of a number.
    pub(crate) fn new(number: u64) -> Self {
        let (mut bytes, mut start, mut rest) = ([b'0'; Self::MOST], Self::MOST, number);
        for (index, byte) in bytes.iter_mut().enumerate().rev() {
            *byte = b'0' + (rest % 10) as u8;
            start = index;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        Self { bytes, start }
    }

    /// Returns the digits as text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the digits as ASCII.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_digits_of_the_formatter() {
        let powers = (0..20).flat_map(|exponent| {
            let power = 10_u64.pow(exponent);
            [power - 1, power, power + 1, power.wrapping_mul(7)]
        });
        for number in powers.chain([u64::MAX, u64::MAX - 1]) {
            assert_eq!(Digits::new(number).as_str(), number.to_string());
        }
    }
}
