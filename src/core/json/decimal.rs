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
