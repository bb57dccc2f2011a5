//! JSON numbers by value, without rounding: `1.0` and `10e-1` are the same number.

/// A JSON number by value: a sign, digits without zeros at either end, and a power of ten.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::core) struct Decimal {
    pub(in crate::core) negative: bool,
    pub(in crate::core) digits: String,
    pub(in crate::core) exponent: i64,
}

impl Decimal {
    /// Parses the text of a JSON number. An exponent beyond 64 bits saturates.
    pub(in crate::core) fn parse(number: &str) -> Self {
        let (negative, rest) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let limit = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse::<i64>().unwrap_or(limit);
        let all = [whole, fraction].concat();
        let significant = all.trim_end_matches('0');
        let dropped = all.len() - significant.len();
        let digits = significant.trim_start_matches('0');
        if digits.is_empty() {
            return Self { negative: false, digits: String::new(), exponent: 0 };
        }
        let shift = dropped as i64 - fraction.len() as i64;
        Self { negative, digits: digits.to_owned(), exponent: exponent.saturating_add(shift) }
    }
}

/// Reports whether eight bytes are digits: the upper half of each is 3, and stays 3 if 6 is added.
pub(in crate::core) const fn are_digits(word: u64) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let upper = ONES * 0xF0;
    (word & upper) == ONES * 0x30 && (word.wrapping_add(ONES * 6) & upper) == ONES * 0x30
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_eight_digits_and_nothing_beside_them() {
        for place in 0..8 {
            for byte in 0..=u8::MAX {
                let mut text = *b"09182736";
                text[place] = byte;
                assert_eq!(are_digits(u64::from_le_bytes(text)), byte.is_ascii_digit(), "{place} {byte}");
            }
        }
        assert!(are_digits(u64::from_le_bytes(*b"99999999")));
        assert!(!are_digits(u64::from_le_bytes(*b"::::::::")));
        assert!(!are_digits(u64::from_le_bytes([0x20; 8])));
    }

    #[test]
    fn keeps_the_digits_between_zeros_and_the_power_of_ten() {
        for (number, negative, digits, exponent) in [
            ("0", false, "", 0),
            ("-0.0e5", false, "", 0),
            ("1", false, "1", 0),
            ("-1", true, "1", 0),
            ("1200", false, "12", 2),
            ("0.0120", false, "12", -3),
            ("10.50", false, "105", -1),
            ("1.5e3", false, "15", 2),
            ("1.5E-3", false, "15", -4),
            ("100e2", false, "1", 4),
            ("1e99999999999999999999", false, "1", i64::MAX),
            ("10e99999999999999999999", false, "1", i64::MAX),
            ("1e-99999999999999999999", false, "1", i64::MIN),
            ("0.1e-99999999999999999999", false, "1", i64::MIN),
        ] {
            let expected = Decimal { negative, digits: digits.to_owned(), exponent };
            assert_eq!(Decimal::parse(number), expected, "{number}");
        }
    }
}
