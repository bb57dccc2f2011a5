//! Instants: NumericDate (RFC 7519 section 2), parsing and display. Only this file and `date_text` know a calendar.
//! It never reads the clock, but asks the system for its time zone where dates are shown in local time.

use super::date_text::{DateForm, DateText};
use super::instant_guess;
use crate::core::json::{Decimal, are_digits};
use crate::core::text::duration::{Duration, DurationError, write_relative};
use crate::core::text::zone::Zone;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset as _, TimeZone as _, Utc};
use std::fmt;
use std::str::FromStr;

const NANOS: i128 = 1_000_000_000;
/// The units that issuers use in place of seconds, each with its number in a second.
pub const MISTAKEN_UNITS: [(&str, i128); 3] =
    [("milliseconds", 1_000), ("microseconds", 1_000_000), ("nanoseconds", NANOS)];
/// The distance of instants that do not fit. It is later than any clock, so comparisons stay right.
const FAR: i128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

/// The distance of an instant from now. Instants beyond the calendar have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelativeTime {
    /// After the year 9999.
    AfterCalendar,
    /// Before the year 0.
    BeforeCalendar,
    /// Whole seconds; negative if the instant has passed.
    Seconds(i64),
}

impl RelativeTime {
    /// Writes the distance in words: `in 4 minutes` or `3 days ago`.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::AfterCalendar => out.write_str("after the year 9999"),
            Self::BeforeCalendar => out.write_str("before the year 0"),
            Self::Seconds(seconds) => write_relative(out, seconds),
        }
    }
}

impl fmt::Display for RelativeTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// An instant: seconds since 1970-01-01T00:00:00Z without leap seconds, exact to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    nanos: i128,
}

impl NumericDate {
    /// Returns the instant of whole seconds since 1970.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { nanos: seconds as i128 * NANOS }
    }

    /// Returns the instant of a time since 1970.
    #[must_use]
    pub const fn since_epoch(elapsed: std::time::Duration) -> Self {
        Self { nanos: elapsed.as_nanos() as i128 }
    }

    /// Parses the text of a JSON number. A fraction finer than a nanosecond is rounded up, which keeps comparisons with a
    /// clock exact. Instants beyond any clock become the farthest instant.
    #[must_use]
    pub fn from_json_number(number: &str) -> Self {
        // Nearly every token holds whole seconds, which need no decimal arithmetic.
        if let Some(seconds) = ten_digits(number) {
            return Self::from_seconds(seconds);
        }
        if let Ok(seconds) = number.parse() {
            return Self::from_seconds(seconds);
        }
        let Decimal { negative, digits, exponent } = Decimal::parse(number);
        let shift = exponent.saturating_add(9);
        let magnitude = if shift.saturating_add(digits.len() as i64) > 36 {
            FAR
        } else if shift >= 0 {
            digits.parse::<i128>().unwrap_or(0) * 10_i128.pow(shift as u32)
        } else {
            let kept = usize::try_from(digits.len() as i64 + shift).unwrap_or(0);
            let whole = digits.get(..kept).unwrap_or_default().parse::<i128>().unwrap_or(0);
            // A tiny negative time stays before 1970. No clock shows the nanosecond by which it moves.
            if negative { whole.max(1) } else { whole + 1 }
        };
        Self { nanos: if negative { -magnitude } else { magnitude } }
    }

    /// Returns the instant of whole milliseconds since 1970.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self { nanos: milliseconds as i128 * (NANOS / 1000) }
    }

    /// Returns whole milliseconds since 1970, rounded up; saturates.
    #[must_use]
    pub fn milliseconds(self) -> i64 {
        saturated(-(-self.nanos).div_euclid(NANOS / 1000))
    }

    /// Returns whole seconds since 1970, rounded down; saturates.
    #[must_use]
    pub fn seconds(self) -> i64 {
        saturated(self.nanos.div_euclid(NANOS))
    }

    /// Returns the instant as a JSON number, including its fraction.
    #[must_use]
    pub fn to_json_number(self) -> String {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let magnitude = self.nanos.unsigned_abs();
        let (seconds, nanos) = (magnitude / NANOS.unsigned_abs(), magnitude % NANOS.unsigned_abs());
        if nanos == 0 {
            format!("{sign}{seconds}")
        } else {
            format!("{sign}{seconds}.{nanos:09}").trim_end_matches('0').to_owned()
        }
    }

    /// Reports whether the instant is before 1970.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Returns the instant that is later by a duration.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self { nanos: self.nanos + duration.as_seconds() as i128 * NANOS }
    }

    /// Returns the instant that is earlier by a duration.
    #[must_use]
    pub const fn minus(self, duration: Duration) -> Self {
        Self { nanos: self.nanos - duration.as_seconds() as i128 * NANOS }
    }

    /// Returns whole seconds from `earlier` to this instant, without the fraction; negative if `earlier` is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        let nanos = self.nanos - earlier.nanos;
        i64::try_from(nanos).map_or_else(|_| saturated(nanos / NANOS), |nanos| nanos / 1_000_000_000)
    }

    /// Returns whole seconds from `earlier` to this instant, or `None` if their number does not fit.
    #[must_use]
    pub fn checked_seconds_since(self, earlier: Self) -> Option<i64> {
        let is_exact = self.nanos.abs() < FAR;
        let nanos = self.nanos - earlier.nanos;
        // Most distances fit into 64 bits, whose division takes 200 instructions less.
        let seconds = match i64::try_from(nanos) {
            Ok(nanos) => nanos / 1_000_000_000,
            Err(_) => i64::try_from(nanos / NANOS).ok()?,
        };
        is_exact.then_some(seconds)
    }

    /// Reports whether the instant is after the year 9999, where calendars and RFC 3339 end.
    #[must_use]
    pub const fn is_after_calendar(self) -> bool {
        self.nanos >= 253_402_300_800 * NANOS
    }

    /// Reports whether the instant is before the year 0, where calendars begin.
    #[must_use]
    pub const fn is_before_calendar(self) -> bool {
        self.nanos < -62_167_219_200 * NANOS
    }

    /// Returns why a time that a token states as this number is implausible, as words behind its name. Other verifiers may read
    /// another time, since most of them keep numbers as doubles.
    #[must_use]
    pub fn implausibility(self, number: &str) -> Option<&'static str> {
        // Nearly all times of tokens need no more than this comparison.
        if self.is_plausible() {
            None
        } else if self.is_after_calendar() {
            Some("is after the year 9999")
        } else if self.is_before_calendar() {
            Some("is before the year 0")
        } else {
            // Such a time is rounded to a nanosecond. The digits of other times need no look.
            let is_lost = self.nanos.unsigned_abs() <= 1 && is_lost_in_doubles(number);
            is_lost.then_some("is so close to zero that other verifiers read 0")
        }
    }

    /// Describes the distance from `now`: `in 4 minutes` or `3 days ago`. Instants beyond the calendar have no distance.
    #[must_use]
    pub fn relative_to(self, now: Self) -> String {
        self.distance_from(now).to_string()
    }

    /// Returns the distance from `now`, for its description.
    #[must_use]
    pub fn distance_from(self, now: Self) -> RelativeTime {
        if self.is_after_calendar() {
            RelativeTime::AfterCalendar
        } else if self.is_before_calendar() {
            RelativeTime::BeforeCalendar
        } else {
            RelativeTime::Seconds(self.seconds_since(now))
        }
    }

    /// Returns the time from `earlier` to this instant; zero if `earlier` is later.
    #[must_use]
    pub fn time_since(self, earlier: Self) -> std::time::Duration {
        u64::try_from(self.nanos - earlier.nanos).map(std::time::Duration::from_nanos).unwrap_or_default()
    }

    /// Returns the instant in RFC 3339 form in UTC, or `None` outside of the years 0 to 9999.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        self.rfc3339().map(|text| text.as_str().to_owned())
    }

    /// Returns the text of [`to_rfc3339`](Self::to_rfc3339).
    #[must_use]
    pub fn rfc3339(self) -> Option<DateText> {
        self.date_text(DateForm::Rfc3339)
    }

    /// Returns the text of [`to_text`](Self::to_text) in UTC, or `None` outside of the years 0 to 9999.
    #[must_use]
    pub fn utc_text(self) -> Option<DateText> {
        self.date_text(DateForm::Spaced)
    }

    fn date_text(self, form: DateForm) -> Option<DateText> {
        let (seconds, nanos) = self.parts()?;
        DateText::new(seconds, nanos, form)
    }

    /// Returns date and time of day in a zone, or `None` if the calendar does not reach that far.
    #[must_use]
    pub fn to_text(self, zone: Zone) -> Option<String> {
        if let Some(text) = self.utc_text().filter(|_| zone == Zone::Utc) {
            return Some(text.as_str().to_owned());
        }
        let (seconds, nanos) = self.parts()?;
        let utc = DateTime::from_timestamp(seconds, nanos)?;
        Some(match offset(zone, utc) {
            None => utc.to_string(),
            Some(offset) => utc.with_timezone(&offset).to_string(),
        })
    }

    /// Returns the seconds since 1970, and the nanoseconds after them.
    fn parts(self) -> Option<(i64, u32)> {
        // Most instants fit into 64 bits, whose division is faster.
        if let Ok(nanos) = i64::try_from(self.nanos) {
            return Some((nanos.div_euclid(1_000_000_000), nanos.rem_euclid(1_000_000_000) as u32));
        }
        let nanos = u32::try_from(self.nanos.rem_euclid(NANOS)).ok()?;
        Some((i64::try_from(self.nanos.div_euclid(NANOS)).ok()?, nanos))
    }

    /// Returns the unit that was probably used in place of seconds, and the instant in that unit. Only units that give a
    /// date between 2000 and 2100 count.
    #[must_use]
    pub fn mistaken_unit(self) -> Option<(&'static str, Self)> {
        const PLAUSIBLE: std::ops::Range<i128> = 946_684_800..4_102_444_800;
        // Nearly all times are earlier than the first one that can count milliseconds. They need no division.
        if self.nanos < PLAUSIBLE.start * 1_000 * NANOS {
            return None;
        }
        let seconds = self.nanos.div_euclid(NANOS);
        MISTAKEN_UNITS
            .into_iter()
            .find(|(_, per_second)| PLAUSIBLE.contains(&(seconds / per_second)))
            .map(|(unit, per_second)| (unit, Self { nanos: self.nanos / per_second }))
    }

    /// Reports whether the instant is between the years 2000 and 2100, as times in tokens usually are.
    #[must_use]
    pub const fn is_plausible(self) -> bool {
        self.nanos >= 946_684_800 * NANOS && self.nanos < 4_102_444_800 * NANOS
    }
}

/// Reports whether a double reads a number as zero although it is none. A fraction of a second that a double rounds is
/// harmless.
fn is_lost_in_doubles(number: &str) -> bool {
    let is_zero = || number.parse::<f64>().is_ok_and(|double| double == 0.0);
    !Decimal::parse(number).digits.is_empty() && is_zero()
}

/// Returns a number of ten digits, as times from 2001 to 2286 have. Eight digits take one step, which saves 40 of 73
/// instructions.
fn ten_digits(number: &str) -> Option<i64> {
    /// The bytes of two pairs of digits that are four digits apart.
    const PAIRS: u64 = 0x0000_00FF_0000_00FF;
    let digits: &[u8; 10] = number.as_bytes().try_into().ok()?;
    let (first, rest) = digits.split_first_chunk()?;
    let word = u64::from_le_bytes(*first);
    if !are_digits(word) || !rest.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // The lowest byte is the first digit. Each step joins neighbours: digits to pairs, pairs to all eight.
    let digits = word & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let (first, second) = (pairs & PAIRS, (pairs >> 16) & PAIRS);
    let eight =
        first.wrapping_mul(100 + (1_000_000 << 32)).wrapping_add(second.wrapping_mul(1 + (10_000 << 32)));
    Some(rest.iter().fold((eight >> 32) as i64, |value, digit| value * 10 + i64::from(digit & 0x0F)))
}

/// Returns the offset of a zone at an instant, or `None` for UTC.
fn offset(zone: Zone, at: DateTime<Utc>) -> Option<FixedOffset> {
    match zone {
        Zone::Utc => None,
        Zone::Local => Some(Local.offset_from_utc_datetime(&at.naive_utc()).fix()),
        Zone::Fixed(seconds) => FixedOffset::east_opt(seconds),
    }
}

/// An instant as written on a command line. It may depend on the clock or on the time of issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// A date, or a number of seconds since 1970.
    At(NumericDate),
    /// `now`, `+15m` or `-3d`: a number of seconds from the clock.
    FromNow(i64),
    /// `15m`: a duration after the time of issue.
    FromIssue(Duration),
}

/// Returns a number as `i64`, or the nearest limit.
fn saturated(seconds: i128) -> i64 {
    i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
}

impl Instant {
    /// Parses the time that a clock is set to. A bare duration is refused: a clock has no time of issue to add it to.
    ///
    /// # Errors
    /// Those of parsing an instant, and those for times that a clock cannot show.
    pub fn parse_clock(text: &str) -> Result<Self, InstantError> {
        let from_now = |duration: &str| InstantError::NoStart { duration: duration.to_owned() };
        let is_before_1970 =
            |form: &str| matches!(Self::parse(form), Ok(Self::At(date)) if date.is_negative());
        let parsed = text.parse().map_err(|error| match error {
            InstantError::OtherForm { guess } if matches!(Self::parse(&guess), Ok(Self::FromIssue(_))) => {
                from_now(&guess)
            }
            InstantError::Ambiguous { number } => InstantError::AmbiguousClock { number },
            // A clock refuses the proposal, too.
            error if error.proposals().any(is_before_1970) => InstantError::Before1970,
            error => error,
        });
        match parsed? {
            Self::FromIssue(_) => Err(from_now(text)),
            Self::At(date) if date.is_negative() => Err(InstantError::Before1970),
            instant => Ok(instant),
        }
    }

    /// Returns the instant for a clock and a time of issue.
    #[must_use]
    pub const fn resolve(self, now: NumericDate, issued: NumericDate) -> NumericDate {
        match self {
            Self::At(date) => date,
            Self::FromNow(seconds) => NumericDate { nanos: now.nanos + seconds as i128 * NANOS },
            Self::FromIssue(duration) => issued.plus(duration),
        }
    }
}

/// A text that is not an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstantError {
    /// None of the accepted forms.
    Syntax,
    /// A short number: seconds since 1970 or seconds from now.
    Ambiguous {
        /// The number as written.
        number: String,
    },
    /// A short number for a clock, which has no time of issue to add it to.
    AmbiguousClock {
        /// The number as written.
        number: String,
    },
    /// Not a number behind `@`.
    NotSeconds,
    /// An instant after the year 9999, usually because it counts milliseconds.
    TooFar {
        /// The seconds since 1970, if it counts a smaller unit.
        seconds: Option<i64>,
    },
    /// A date that the calendar lacks.
    NoSuchDate,
    /// A time of day without a time zone.
    NoZone {
        /// The accepted form of that time, if it is in UTC.
        utc: String,
    },
    /// A time of day without its seconds and its zone.
    Incomplete {
        /// True if a `T` is before the time of day.
        has_t: bool,
        /// The accepted form of that time, if it is in UTC.
        utc: String,
    },
    /// A time of day without a date.
    NoDate {
        /// The time of day with its seconds.
        time: String,
    },
    /// A date whose day can be its month.
    TwoDates {
        /// The date if the day comes first.
        first: String,
        /// The date if the month comes first.
        second: String,
    },
    /// A word such as `never`.
    Never,
    /// An instant in another form.
    OtherForm {
        /// The accepted form of that instant.
        guess: String,
    },
    /// A bare duration, where there is no time of issue to add it to.
    NoStart {
        /// The duration as written.
        duration: String,
    },
    /// An instant before the first NumericDate.
    Before1970,
    /// A distance that is not a duration.
    Duration(DurationError),
}

impl InstantError {
    /// Returns the accepted forms that the error proposes.
    pub(super) fn proposals(&self) -> impl Iterator<Item = &str> {
        let (one, other) = match self {
            Self::OtherForm { guess: form }
            | Self::NoZone { utc: form }
            | Self::Incomplete { utc: form, .. } => (Some(form), None),
            Self::TwoDates { first, second } => (Some(first), Some(second)),
            _ => (None, None),
        };
        one.into_iter().chain(other).map(String::as_str)
    }
}

impl From<DurationError> for InstantError {
    fn from(error: DurationError) -> Self {
        Self::Duration(error)
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, InstantError> {
        Self::parse(text).map_err(|error| match error {
            // These errors already say how to write what was meant.
            InstantError::Ambiguous { .. }
            | InstantError::TooFar { .. }
            | InstantError::NoZone { .. }
            | InstantError::Duration(DurationError::NoUnit { .. } | DurationError::TooLong) => error,
            error => match instant_guess::guess(text).filter(|guess| Self::parse(guess).is_ok()) {
                Some(guess) => without_seconds(text, &guess).unwrap_or(InstantError::OtherForm { guess }),
                None => incomplete(text).unwrap_or(error),
            },
        })
    }
}

/// Explains a date with hours and minutes alone. `guess` is the accepted form of that time in UTC.
fn without_seconds(text: &str, guess: &str) -> Option<InstantError> {
    let (date, time) = (text.get(..10)?, text.get(11..)?);
    let has_t = text.as_bytes().get(10) == Some(&b'T');
    (guess == format!("{date}T{time}:00Z")).then(|| InstantError::Incomplete { has_t, utc: guess.to_owned() })
}

/// Returns what a text lacks that is a time, but not a certain one.
fn incomplete(text: &str) -> Option<InstantError> {
    let is_date = |text: &String| Instant::parse(text).is_ok();
    if instant_guess::is_never(text) {
        Some(InstantError::Never)
    } else if let Some(time) = instant_guess::time_without_date(text) {
        Some(InstantError::NoDate { time })
    } else {
        let (first, second) = instant_guess::either_date(text)?;
        (is_date(&first) && is_date(&second)).then_some(InstantError::TwoDates { first, second })
    }
}

impl Instant {
    /// Parses the accepted forms alone.
    fn parse(text: &str) -> Result<Self, InstantError> {
        let from_now = |duration: &str, sign: i64| -> Result<Self, InstantError> {
            let duration: Duration = duration.parse()?;
            Ok(Self::FromNow(sign * duration.as_seconds() as i64))
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if text == "now" {
            Ok(Self::FromNow(0))
        } else if let Some(seconds) = text.strip_prefix('@') {
            seconds_since_epoch(seconds)
        } else if let Some(duration) = text.strip_prefix('+') {
            from_now(duration, 1)
        } else if let Some(duration) = text.strip_prefix('-') {
            from_now(duration, -1)
        } else if let Some(date) = date(text) {
            date
        } else if digits >= 10 {
            seconds_since_epoch(text)
        } else if digits > 0 && digits == text.len() {
            Err(InstantError::Ambiguous { number: text.to_owned() })
        } else if digits > 0
            && text.bytes().skip(digits).all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
        {
            Ok(Self::FromIssue(text.parse()?))
        } else {
            Err(InstantError::Syntax)
        }
    }
}

/// The last second that RFC 3339 can write: 9999-12-31T23:59:59Z.
const LAST: i128 = 253_402_300_799;

/// Parses digits with an optional fraction as seconds since 1970.
fn seconds_since_epoch(text: &str) -> Result<Instant, InstantError> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if [whole, fraction].iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return Err(InstantError::NotSeconds);
    }
    let date = NumericDate::from_json_number(text);
    if date.nanos > LAST * NANOS {
        return Err(InstantError::TooFar { seconds: date.mistaken_unit().map(|(_, date)| date.seconds()) });
    }
    Ok(Instant::At(date))
}

/// Parses an RFC 3339 date. A date without a time of day is its first second in UTC. Returns `None` if the text does not
/// look like a date.
fn date(text: &str) -> Option<Result<Instant, InstantError>> {
    let looks_like_a_date = text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    if !looks_like_a_date {
        return None;
    }
    let midnight = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    let exists = |date: &str| NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok();
    let date = match DateTime::parse_from_rfc3339(text) {
        Ok(date) => date.to_utc(),
        Err(_) => match midnight().filter(|_| text.len() == 10) {
            Some(date) => date.and_utc(),
            None if DateTime::parse_from_rfc3339(&format!("{text}Z")).is_ok() => {
                // A blank would split the text in a shell.
                return Some(Err(InstantError::NoZone { utc: format!("{}Z", text.replacen(' ', "T", 1)) }));
            }
            // The date exists, so the fault is behind it.
            None if text.get(..10).is_some_and(exists) => return Some(Err(InstantError::Syntax)),
            None => return Some(Err(InstantError::NoSuchDate)),
        },
    };
    let nanos = i128::from(date.timestamp()) * NANOS + i128::from(date.timestamp_subsec_nanos());
    let date = NumericDate { nanos };
    // The leap second at the end of the year 9999 would be the first second behind it.
    Some(if date.is_after_calendar() {
        Err(InstantError::TooFar { seconds: None })
    } else {
        Ok(Instant::At(date))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> NumericDate {
        NumericDate::from_seconds(seconds)
    }

    #[test]
    fn parses_ten_digits_like_any_number() {
        let mut seed = 9_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 20) % below
        };
        for _ in 0..20_000 {
            let mut number = format!("{:010}", next(10_000_000_000)).into_bytes();
            assert_eq!(
                ten_digits(std::str::from_utf8(&number).unwrap()),
                std::str::from_utf8(&number).unwrap().parse().ok()
            );
            number[next(10) as usize] = next(128) as u8;
            let text = String::from_utf8(number).unwrap();
            let expected = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().unwrap());
            assert_eq!(ten_digits(&text), expected, "{text:?}");
        }
        assert_eq!(ten_digits("123456789"), None);
        assert_eq!(ten_digits("12345678901"), None);
    }

    #[test]
    fn writes_a_fraction_before_1970_with_its_value() {
        for number in ["-0.5", "-1.25", "-0.000000001", "-2", "0", "0.5", "1700000000.123"] {
            assert_eq!(NumericDate::from_json_number(number).to_json_number(), number);
        }
    }

    #[test]
    fn parses_json_numbers_exactly() {
        assert_eq!(NumericDate::from_json_number("1448333419"), at(1_448_333_419));
        assert_eq!(NumericDate::from_json_number("1.5e9"), at(1_500_000_000));
        assert_eq!(NumericDate::from_json_number("1704067200.123").nanos, 1_704_067_200_123_000_000);
        assert_eq!(NumericDate::from_json_number("0.0000000001").nanos, 1);
        assert_eq!(NumericDate::from_json_number("-1"), at(-1));
        assert_eq!(NumericDate::from_json_number("-0.0"), at(0));
        assert_eq!(NumericDate::from_json_number("1e999999999999999999999").nanos, FAR);
        assert_eq!(NumericDate::from_json_number("1e-999999999999999999999").nanos, 1);
        assert_eq!(NumericDate::from_json_number("123456789012345678901234567890123456789").nanos, FAR);
    }

    #[test]
    fn gives_no_distance_that_does_not_fit() {
        let now = at(1_700_000_000);
        for far in ["1e400", "1e300", "-1e300"] {
            assert_eq!(NumericDate::from_json_number(far).checked_seconds_since(now), None, "{far}");
        }
        assert_eq!(at(1_700_000_060).checked_seconds_since(now), Some(60));
        assert_eq!(at(253_402_300_800).relative_to(now), "after the year 9999");
        assert_eq!(NumericDate::from_json_number("-1e300").relative_to(now), "before the year 0");
        assert_eq!(at(-62_135_596_800).relative_to(now), "2022 years ago");
    }

    #[test]
    fn compares_fractions_finer_than_the_clock_exactly() {
        // A token is valid while now < exp.
        let exp = NumericDate::from_json_number("100.0000000005");
        assert!(NumericDate { nanos: 100_000_000_000 } < exp);
        assert!(NumericDate { nanos: 100_000_000_001 } >= exp);
    }

    #[test]
    fn parses_instants() {
        let resolve =
            |text: &str| text.parse::<Instant>().map(|instant| instant.resolve(at(1000), at(500)).seconds());
        assert_eq!(resolve("2015-01-01"), Ok(1_420_070_400));
        assert_eq!(resolve("2015-01-01T02:00:00+02:00"), Ok(1_420_070_400));
        assert_eq!(resolve("@12"), Ok(12));
        assert_eq!(resolve("1700000000"), Ok(1_700_000_000));
        assert_eq!(resolve("1700000000.5"), Ok(1_700_000_000));
        assert_eq!(resolve("now"), Ok(1000));
        assert_eq!(resolve("+15m"), Ok(1900));
        assert_eq!(resolve("-3d"), Ok(1000 - 259_200));
        assert_eq!(resolve("15m"), Ok(1400));
        for text in [
            "",
            "3600",
            "yesterday",
            "2015-13-01",
            "2015-01-01 00:00:00junk",
            "@",
            "@-5",
            "+5",
            "@1e9",
            "@99999999999999",
        ] {
            assert!(resolve(text).is_err(), "{text}");
        }
        assert_eq!(resolve("3600"), Err(InstantError::Ambiguous { number: "3600".to_owned() }));
        assert_eq!(
            resolve("2026-01-31T12:00:00"),
            Err(InstantError::NoZone { utc: "2026-01-31T12:00:00Z".to_owned() })
        );
        assert_eq!(resolve("1h1h"), Err(InstantError::Duration(DurationError::UnitOrder)));
        assert_eq!(resolve("1700000000000"), Err(InstantError::TooFar { seconds: Some(1_700_000_000) }));
    }

    #[test]
    fn names_the_missing_parts_of_a_time() {
        let utc = || "2026-01-31T12:00:00Z".to_owned();
        let error = |text: &str| text.parse::<Instant>().unwrap_err();
        assert_eq!(error("2026-01-31 12:00:00"), InstantError::NoZone { utc: utc() });
        assert_eq!(error("2026-01-31 12:00"), InstantError::Incomplete { has_t: false, utc: utc() });
        assert_eq!(error("2026-01-31T12:00"), InstantError::Incomplete { has_t: true, utc: utc() });
    }

    #[test]
    fn names_the_accepted_form_of_other_forms() {
        let guess = |error: InstantError| match error {
            InstantError::OtherForm { guess } => guess,
            error => panic!("{error:?}"),
        };
        for (text, form) in [("30m1h", "1h30m"), ("1 hour", "1h"), ("+1 hour", "+1h"), ("tomorrow", "+1d")] {
            assert_eq!(guess(text.parse::<Instant>().unwrap_err()), form, "{text}");
        }
        assert_eq!("2026-02-30 12:00".parse::<Instant>(), Err(InstantError::NoSuchDate));
        assert_eq!("2026-01-31 25:00 CET".parse::<Instant>(), Err(InstantError::Syntax));
        let duration = "1h".to_owned();
        assert_eq!(Instant::parse_clock("1 hour"), Err(InstantError::NoStart { duration }));
    }

    #[test]
    fn shows_dates_in_a_zone() {
        let date = at(1_448_333_419);
        assert_eq!(date.to_text(Zone::Utc).unwrap(), "2015-11-24 02:50:19 UTC");
        assert_eq!(date.to_text("+05:30".parse().unwrap()).unwrap(), "2015-11-24 08:20:19 +05:30");
        assert_eq!(date.to_rfc3339().unwrap(), "2015-11-24T02:50:19Z");
        assert_eq!(NumericDate { nanos: FAR }.to_text(Zone::Utc), None);
        assert_eq!(at(1_700_000_000_000).to_rfc3339(), None);
    }

    #[test]
    fn shows_dates_as_the_library_does() {
        let first = NaiveDate::from_ymd_opt(-1, 12, 20).unwrap().and_time(chrono::NaiveTime::MIN).and_utc();
        for seconds in (first.timestamp()..254_000_000_000).step_by(99_991_337) {
            for nanos in [0, 1, 500_000_000] {
                let date = NumericDate { nanos: i128::from(seconds) * NANOS + nanos };
                let utc = DateTime::from_timestamp(seconds, nanos as u32).unwrap();
                assert_eq!(date.to_text(Zone::Utc).unwrap(), utc.to_string());
                assert_eq!(date.to_text(Zone::Fixed(0)).unwrap(), utc.fixed_offset().to_string());
            }
        }
    }

    #[test]
    fn measures_long_distances() {
        let (long, zero) = (at(i64::MAX / 2), at(0));
        assert_eq!((long.seconds_since(zero), zero.seconds_since(long)), (i64::MAX / 2, -(i64::MAX / 2)));
        assert_eq!(NumericDate { nanos: -1 }.seconds_since(zero), 0);
    }

    #[test]
    fn keeps_the_sign_of_a_tiny_time() {
        for (number, nanos) in [
            ("-1e-400", -1),
            ("-0.0000000001", -1),
            ("-0.0000000015", -1),
            ("-0.000000002", -2),
            ("-0.5", -500_000_000),
            ("1e-400", 1),
            ("-0", 0),
            ("-0.0e-9", 0),
        ] {
            assert_eq!(NumericDate::from_json_number(number).nanos, nanos, "{number}");
        }
    }

    #[test]
    fn finds_numbers_that_doubles_do_not_hold() {
        for (number, words) in [
            ("1700000000", None),
            ("1700000000.5", None),
            ("0", None),
            ("0.0e-999", None),
            ("1.7e9", None),
            ("1700000000.000000000000000000", None),
            ("253402300799", None),
            ("-62167219200", None),
            ("1700000000.00000001", None),
            ("4000000000.123456789", None),
            ("1600000000.00000000000000000000000000000001", None),
            ("1e9", None),
            ("-1e-400", Some("is so close to zero that other verifiers read 0")),
            ("1e-400", Some("is so close to zero that other verifiers read 0")),
            ("253402300800", Some("is after the year 9999")),
            ("9007199254740993", Some("is after the year 9999")),
            ("1e400", Some("is after the year 9999")),
            ("-62167219201", Some("is before the year 0")),
            ("-9007199254740993", Some("is before the year 0")),
            ("-1e400", Some("is before the year 0")),
        ] {
            assert_eq!(NumericDate::from_json_number(number).implausibility(number), words, "{number}");
        }
    }

    #[test]
    fn recognizes_milliseconds_in_place_of_seconds() {
        assert_eq!(at(1_700_000_000_000).mistaken_unit(), Some(("milliseconds", at(1_700_000_000))));
        assert_eq!(at(1_700_000_000_000_000).mistaken_unit(), Some(("microseconds", at(1_700_000_000))));
        assert_eq!(at(1_700_000_000).mistaken_unit(), None);
        assert_eq!(at(253_402_300_799).mistaken_unit(), None);
    }

    #[test]
    fn rounds_milliseconds_up_and_seconds_down() {
        for (number, milliseconds, seconds) in [
            ("1.5", 1_500, 1),
            ("0.0010001", 2, 0),
            ("-1.5", -1_500, -2),
            ("-0.0015", -1, -1),
            ("1e30", i64::MAX, i64::MAX),
            ("-1e30", i64::MIN, i64::MIN),
        ] {
            let date = NumericDate::from_json_number(number);
            assert_eq!((date.milliseconds(), date.seconds()), (milliseconds, seconds), "{number}");
        }
        assert_eq!(NumericDate::from_milliseconds(-1_234).milliseconds(), -1_234);
    }

    #[test]
    fn subtracts_durations_and_dates() {
        assert_eq!(at(100).minus(Duration::seconds(30)), at(70));
        assert_eq!(at(100).time_since(at(40)), std::time::Duration::from_secs(60));
        assert_eq!(at(40).time_since(at(100)), std::time::Duration::ZERO);
        assert_eq!(at(-1).time_since(at(-3)), std::time::Duration::from_secs(2));
        assert_eq!((at(-1).is_negative(), at(0).is_negative(), at(1).is_negative()), (true, false, false));
    }

    #[test]
    fn times_of_tokens_are_plausible_from_2000_until_2100() {
        for (seconds, expected) in [
            (946_684_799, false),
            (946_684_800, true),
            (1_769_860_800, true),
            (4_102_444_799, true),
            (4_102_444_800, false),
            (-1, false),
        ] {
            assert_eq!(at(seconds).is_plausible(), expected, "{seconds}");
        }
    }

    #[test]
    fn a_mistaken_unit_gives_a_date_from_2000_until_2100() {
        let unit = |seconds| at(seconds).mistaken_unit().map(|(unit, date)| (unit, date.seconds()));
        for (per_second, name) in
            [(1_000, "milliseconds"), (1_000_000, "microseconds"), (1_000_000_000, "nanoseconds")]
        {
            assert_eq!(unit(946_684_800 * per_second), Some((name, 946_684_800)));
            assert_eq!(unit(946_684_800 * per_second - 1), None);
            assert_eq!(unit(4_102_444_800 * per_second - 1), Some((name, 4_102_444_799)));
            assert_eq!(unit(4_102_444_800 * per_second), None);
        }
    }

    #[test]
    fn a_fraction_may_be_longer_than_a_double_keeps() {
        for number in ["1769860800.1234567", "1769860800.12345678", "1769860800.00000000000000"] {
            assert_eq!(NumericDate::from_json_number(number).implausibility(number), None, "{number}");
        }
    }

    #[test]
    fn a_clock_shows_no_time_before_1970() {
        for text in ["1969-12-31", "31.12.1969", "01/02/1969", "1969-12-31T12:00", "1969-12-31T12:00:00"] {
            assert_eq!(Instant::parse_clock(text), Err(InstantError::Before1970), "{text}");
        }
        assert_eq!(Instant::parse_clock("1970-01-01"), Ok(Instant::At(at(0))));
        assert_eq!(Instant::parse_clock("2026-01-31"), Ok(Instant::At(at(1_769_817_600))));
    }

    #[test]
    fn refuses_what_is_only_almost_an_instant() {
        for text in ["", "abc", "h", "5m!", "5:m", "2026-01x01", "2026x01-01"] {
            assert_eq!(Instant::parse(text), Err(InstantError::Syntax), "{text:?}");
        }
        for (text, expected) in [
            ("@253402300799", Ok(Instant::At(at(253_402_300_799)))),
            ("@253402300800", Err(InstantError::TooFar { seconds: None })),
            ("@", Err(InstantError::NotSeconds)),
        ] {
            assert_eq!(Instant::parse(text), expected, "{text}");
        }
        let Ok(Instant::At(date)) = Instant::parse("2026-01-31T00:00:00.25Z") else { panic!("a date") };
        assert_eq!(date.to_json_number(), "1769817600.25");
    }

    #[test]
    fn keeps_every_second_of_36_digits_of_nanoseconds() {
        for (number, expected) in
            [("1e26", format!("1{}", "0".repeat(26))), ("1e27", format!("1{}", "0".repeat(27)))]
        {
            assert_eq!(NumericDate::from_json_number(number).to_json_number(), expected);
        }
        assert_eq!(NumericDate::from_json_number("2e27"), NumericDate::from_json_number("1e27"));
    }

    #[test]
    fn says_what_a_time_lacks() {
        let error = |text: &str| text.parse::<Instant>().unwrap_err();
        assert_eq!(error("never"), InstantError::Never);
        assert_eq!(error("12:30"), InstantError::NoDate { time: "12:30:00".to_owned() });
        let dates =
            InstantError::TwoDates { first: "2026-02-01".to_owned(), second: "2026-01-02".to_owned() };
        assert_eq!(error("01/02/2026"), dates);
        assert!(!matches!(error("13/02/2026"), InstantError::TwoDates { .. }));
        // With the month first, it would be the month 13.
        assert_eq!(error("013/02/2026"), InstantError::Syntax);
        let start = InstantError::NoStart { duration: "15m".to_owned() };
        assert_eq!(Instant::parse_clock("15m"), Err(start));
    }
}
