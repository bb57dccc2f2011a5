//! Dates in UTC as text, in memory of fixed size. The calendar is computed here, because a document has several dates and the
//! formatter of chrono takes 1,800 instructions for each, this one 150. `numeric_date` says which form is used where.

use crate::core::json::JsonPiece;
use serde::ser::{Serialize, SerializeTupleStruct as _, Serializer};

/// The form of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateForm {
    /// That of RFC 3339: `2015-11-24T02:50:19Z`.
    Rfc3339,
    /// That for people: `2015-11-24 02:50:19 UTC`.
    Spaced,
}

/// A date in UTC with its time of day, as text. It is ASCII without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateText {
    bytes: [u8; Self::LONGEST],
    length: usize,
}

impl DateText {
    const LONGEST: usize = "2000-01-01 00:00:00.000000000 UTC".len();
    /// The length of a date with whole seconds, without its end.
    const WHOLE: usize = "2000-01-01 00:00:00".len();
    /// The first second of the year 0.
    const FIRST: i64 = -62_167_219_200;
    /// The last second of the year 9999.
    const LAST: i64 = 253_402_300_799;

    /// Returns the text of an instant, or `None` outside of the years 0 to 9999. A fraction has three, six or nine digits.
    pub(super) fn new(seconds: i64, nanos: u32, form: DateForm) -> Option<Self> {
        if !(Self::FIRST..=Self::LAST).contains(&seconds) {
            return None;
        }
        let (year, month, day) = civil(seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400) as u32;
        let (between, end) = match form {
            DateForm::Rfc3339 => (b'T', &b"Z"[..]),
            DateForm::Spaced => (b' ', &b" UTC"[..]),
        };
        let [[y1, y2], [y3, y4]] = [two(year / 100), two(year % 100)];
        let [[m1, m2], [d1, d2]] = [two(month), two(day)];
        let [[h1, h2], [n1, n2], [s1, s2]] = [two(second / 3600), two(second / 60 % 60), two(second % 60)];
        let mut text = Self { bytes: [b'0'; Self::LONGEST], length: Self::WHOLE };
        if let Some(whole) = text.bytes.first_chunk_mut::<{ Self::WHOLE }>() {
            *whole =
                [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, between, h1, h2, b':', n1, n2, b':', s1, s2];
        }
        if nanos > 0 {
            text.push_fraction(nanos);
        }
        text.push(end);
        Some(text)
    }

    fn push(&mut self, piece: &[u8]) {
        let end = self.length + piece.len();
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(piece);
            self.length = end;
        }
    }

    fn push_fraction(&mut self, nanos: u32) {
        let [milli, micro, nano] = [nanos / 1_000_000, nanos / 1_000 % 1_000, nanos % 1_000].map(three);
        self.push(b".");
        self.push(&milli);
        if !nanos.is_multiple_of(1_000_000) {
            self.push(&micro);
        }
        if !nanos.is_multiple_of(1_000) {
            self.push(&nano);
        }
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Returns the text as ASCII, without the 86 instructions of [`as_str`](Self::as_str).
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Serialize for DateText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pieces = serializer.serialize_tuple_struct("DateText", 3)?;
        [b"\"", self.as_bytes(), b"\""]
            .iter()
            .try_for_each(|piece| pieces.serialize_field(&JsonPiece(piece)))?;
        pieces.end()
    }
}

/// Returns two digits. For the nine pairs of a date, the table takes half of the 70 instructions of divisions.
fn two(number: u32) -> [u8; 2] {
    const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    PAIRS.as_chunks().0.get(number as usize).copied().unwrap_or_default()
}

fn three(number: u32) -> [u8; 3] {
    let [tens, ones] = two(number % 100);
    [b'0' + (number / 100) as u8, tens, ones]
}

/// Returns year, month and day of a day since 1970, of the years 0 to 9999. Years are counted from March, so that the leap day is
/// their last, and in cycles of 400 years, which all have the same days.
fn civil(days: i64) -> (u32, u32, u32) {
    const CYCLE: u32 = 146_097;
    // From 1 March of the year -400, so that no number is negative.
    let days = u32::try_from(days + 719_468 + i64::from(CYCLE)).unwrap_or_default();
    let (cycle, day) = (days / CYCLE, days % CYCLE);
    let year = (day - day / 1_460 + day / 36_524 - day / (CYCLE - 1)) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + later + cycle * 400 - 400, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Days, NaiveDate, SecondsFormat};

    fn text(seconds: i64, nanos: u32, form: DateForm) -> String {
        DateText::new(seconds, nanos, form).unwrap().as_str().to_owned()
    }

    /// The first cycle of 400 years has days from all parts of a cycle. The test of every day takes seconds.
    #[test]
    fn writes_the_days_of_a_cycle_as_the_library_does() {
        let mut date = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
        for days in (DateText::FIRST / 86_400..).take(146_097 + 366) {
            let (year, month, day) = civil(days);
            assert_eq!(NaiveDate::from_ymd_opt(year as i32, month, day), Some(date));
            date = date + Days::new(1);
        }
        assert_eq!(civil(DateText::LAST / 86_400), (9999, 12, 31));
    }

    #[test]
    fn writes_every_day_as_the_library_does() {
        let mut date = NaiveDate::from_ymd_opt(0, 1, 1).unwrap();
        for days in DateText::FIRST / 86_400..=DateText::LAST / 86_400 {
            assert_eq!(text(days * 86_400, 0, DateForm::Spaced), format!("{date} 00:00:00 UTC"));
            date = date + Days::new(1);
        }
        assert_eq!(date.to_string(), "+10000-01-01");
    }

    #[test]
    fn writes_times_of_day_as_the_library_does() {
        let fractions = [0, 1, 999, 1_000, 10_000, 999_999, 1_000_000, 328_000_000, 100_000_001, 999_999_999];
        for (step, seconds) in (DateText::FIRST..=DateText::LAST).step_by(9_991_337).enumerate() {
            let nanos = fractions[step % fractions.len()];
            let date = DateTime::from_timestamp(seconds, nanos).unwrap();
            assert_eq!(text(seconds, nanos, DateForm::Spaced), date.to_string());
            let rfc3339 = date.to_rfc3339_opts(SecondsFormat::AutoSi, true);
            assert_eq!(text(seconds, nanos, DateForm::Rfc3339), rfc3339);
        }
    }

    #[test]
    fn writes_a_fraction_in_groups_of_three_digits() {
        for (nanos, end) in [
            (1, "19.000000001Z"),
            (999, "19.000000999Z"),
            (1_000, "19.000001Z"),
            (12_345_000, "19.012345Z"),
            (120_000_000, "19.120Z"),
            (987_654_321, "19.987654321Z"),
            (0, "19Z"),
        ] {
            assert_eq!(text(1_448_333_419, nanos, DateForm::Rfc3339), format!("2015-11-24T02:50:{end}"));
        }
    }

    #[test]
    fn writes_only_years_of_four_digits() {
        assert_eq!(text(DateText::FIRST, 0, DateForm::Rfc3339), "0000-01-01T00:00:00Z");
        assert_eq!(text(DateText::LAST, 999_999_999, DateForm::Rfc3339), "9999-12-31T23:59:59.999999999Z");
        for seconds in [DateText::FIRST - 1, DateText::LAST + 1, i64::MIN, i64::MAX] {
            assert_eq!(DateText::new(seconds, 0, DateForm::Spaced), None);
        }
    }
}
