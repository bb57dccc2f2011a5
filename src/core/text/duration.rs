//! Lengths of time: parsing `1h30m`, and wording such as `in 4 minutes`. It never reads a clock.

use super::duration_guess;
use std::fmt;
use std::str::FromStr;

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    seconds: u64,
}

impl Duration {
    /// The empty duration.
    pub const ZERO: Self = Self::seconds(0);

    /// Returns a duration of whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Returns the duration in seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.seconds
    }
}

/// The longest accepted duration: a thousand years.
const LONGEST: u64 = 1000 * 366 * 86_400;

/// A text that is not a duration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DurationError {
    /// Not numbers with units.
    Syntax,
    /// A number without a unit.
    NoUnit {
        /// The number as written.
        number: String,
    },
    /// A unit that is repeated, or that follows a smaller one.
    UnitOrder,
    /// Longer than a thousand years.
    TooLong,
    /// The unit is a capital `M`.
    AmbiguousUnit {
        /// The accepted form of that many minutes.
        minutes: String,
        /// The accepted form of that many months.
        months: String,
    },
    /// A duration behind a minus sign.
    Negative {
        /// The duration without the sign.
        positive: String,
    },
    /// A length of time in another form.
    OtherForm {
        /// The accepted form of that length.
        guess: String,
    },
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        Self::parse(text).map_err(|error| match error {
            DurationError::Syntax | DurationError::UnitOrder => match duration_guess::guess(text) {
                Some(guess) if Self::parse(&guess).is_ok() => DurationError::OtherForm { guess },
                _ => negative(text).or_else(|| minutes_or_months(text)).unwrap_or(error),
            },
            error => error,
        })
    }
}

/// Explains a duration behind a minus sign.
fn negative(text: &str) -> Option<DurationError> {
    let positive = text.strip_prefix('-').filter(|rest| Duration::parse(rest).is_ok())?;
    Some(DurationError::Negative { positive: positive.to_owned() })
}

/// Returns both meanings of a number with a capital `M`.
fn minutes_or_months(text: &str) -> Option<DurationError> {
    let number = text.strip_suffix('M')?.parse::<u64>().ok()?;
    let days = number.checked_mul(30)?;
    Some(DurationError::AmbiguousUnit { minutes: format!("{number}m"), months: format!("{days}d") })
}

impl Duration {
    /// Parses the accepted form alone.
    fn parse(text: &str) -> Result<Self, DurationError> {
        if text == "0" {
            return Ok(Self::ZERO);
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DurationError::NoUnit { number: text.to_owned() });
        }
        let mut seconds = 0_u64;
        let mut last_unit = u64::MAX;
        let mut rest = text;
        loop {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, tail) = rest.split_at(digits);
            let mut tail = tail.chars();
            let unit = match tail.next() {
                Some('s') => 1,
                Some('m') => 60,
                Some('h') => 3_600,
                Some('d') => 86_400,
                Some('w') => 604_800,
                _ => return Err(DurationError::Syntax),
            };
            if unit >= last_unit {
                return Err(DurationError::UnitOrder);
            }
            last_unit = unit;
            seconds = number
                .parse::<u64>()
                .map_err(|_| DurationError::Syntax)?
                .checked_mul(unit)
                .and_then(|part| seconds.checked_add(part))
                .filter(|seconds| *seconds <= LONGEST)
                .ok_or(DurationError::TooLong)?;
            rest = tail.as_str();
            if rest.is_empty() {
                return Ok(Self { seconds });
            }
        }
    }
}

impl fmt::Display for Duration {
    /// Writes the duration in words: `5 minutes`, `1 hour 30 minutes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl Duration {
    fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
        if self.seconds == 0 {
            return out.write_str("0 seconds");
        }
        let mut rest = self.seconds;
        let mut gap = "";
        for (size, unit) in UNITS {
            let count = rest / size;
            rest %= size;
            if count > 0 {
                out.write_str(gap)?;
                write_count(out, count, unit)?;
                gap = " ";
            }
        }
        Ok(())
    }
}

/// Writes a number with its unit, without the formatter of the standard library.
fn write_count(out: &mut impl fmt::Write, count: u64, unit: &str) -> fmt::Result {
    out.write_str(itoa::Buffer::new().format(count))?;
    out.write_str(" ")?;
    out.write_str(unit)?;
    out.write_str(plural(count))
}

const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Returns a distance in time in one or two units: `4 minutes 59 seconds`, `1 hour`, `3 days`, `11 years`.
#[must_use]
pub fn distance(seconds: i64) -> String {
    let mut text = String::new();
    // A String takes every write.
    let _ = write_distance(&mut text, seconds);
    text
}

/// Writes the text of [`distance`].
fn write_distance(out: &mut impl fmt::Write, seconds: i64) -> fmt::Result {
    let seconds = seconds.unsigned_abs();
    let (size, unit) = match seconds {
        0..120 => (1, "second"),
        120..600 => return Duration { seconds }.write(out),
        600..172_800 => return Duration { seconds: seconds - seconds % precision(seconds) }.write(out),
        172_800..5_184_000 => (86_400, "day"),
        5_184_000..63_113_904 => (2_629_746, "month"),
        _ => (31_556_952, "year"),
    };
    let count = seconds / size;
    if unit == "year" && count > 1_000_000 {
        return out.write_str("more than a million years");
    }
    write_count(out, count, unit)
}

/// Returns the unit that a distance of minutes or hours is rounded down to, in seconds.
const fn precision(seconds: u64) -> u64 {
    if seconds < 86_400 { 60 } else { 3_600 }
}

/// Returns the time between two dates in one or two units: `5 minutes`, `90 days`, `6 years`. Whole units stay exact up to two
/// years. Longer times are rounded to a month.
#[must_use]
pub fn lifetime(seconds: u64) -> String {
    let mut words = String::with_capacity(32);
    push_lifetime(&mut words, seconds);
    words
}

/// Appends the text of [`lifetime`].
pub(crate) fn push_lifetime(out: &mut String, seconds: u64) {
    const UNITS: [(u64, &str); 6] =
        [(YEAR, "year"), (MONTH, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    const MONTH: u64 = YEAR / 12;
    const YEAR: u64 = 31_556_952;
    let (units, seconds) = match seconds {
        0..=63_158_400 => (UNITS.get(2..), seconds),
        _ => (UNITS.get(..2), (seconds + MONTH / 2) / MONTH * MONTH),
    };
    let mut rest = seconds;
    let counts = units.unwrap_or_default().iter().map(|(size, unit)| {
        let count = rest / size;
        rest %= size;
        (count, unit)
    });
    let start = out.len();
    for (count, unit) in counts.filter(|(count, _)| *count > 0).take(2) {
        out.push_str(if out.len() == start { "" } else { " " });
        // A String takes every write. A formatter took 1,600 instructions.
        let _ = write_count(out, count, unit);
    }
    if out.len() == start {
        out.push_str("0 seconds");
    }
}

/// Returns a distance from now in words: `in 4 minutes`, `3 days ago` or `now`.
#[must_use]
pub fn relative(seconds: i64) -> String {
    let mut text = String::new();
    // A String takes every write.
    let _ = write_relative(&mut text, seconds);
    text
}

/// Writes the text of [`relative`].
///
/// # Errors
/// Only those of `out`.
pub(crate) fn write_relative(out: &mut impl fmt::Write, seconds: i64) -> fmt::Result {
    match seconds {
        0 => out.write_str("now"),
        1.. => {
            out.write_str("in ")?;
            write_distance(out, seconds)
        }
        _ => {
            write_distance(out, seconds)?;
            out.write_str(" ago")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_durations() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("2h", 7_200),
            ("14d", 1_209_600),
            ("1w", 604_800),
            ("1h30m", 5_400),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Ok(Duration::seconds(seconds)), "{text}");
        }
        for text in [
            "",
            "m",
            "5",
            "3600",
            "5M",
            "1.5h",
            "30m1h",
            "1h1h",
            "5 m",
            "99999999999999999999s",
            "9999999w",
            "é",
        ] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn words_lifetimes_in_one_or_two_units() {
        const DAY: u64 = 86_400;
        for (seconds, text) in [
            (0, "0 seconds"),
            (300, "5 minutes"),
            (3_661, "1 hour 1 minute"),
            (DAY + 61, "1 day 1 minute"),
            (90 * DAY, "90 days"),
            (365 * DAY, "365 days"),
            (2_191 * DAY + DAY / 2, "6 years"),
            (3_650 * DAY, "10 years"),
            (1_000 * DAY, "2 years 9 months"),
        ] {
            assert_eq!(lifetime(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn words_distances_in_one_or_two_units() {
        for (seconds, text) in [
            (0, "now"),
            (1, "in 1 second"),
            (299, "in 4 minutes 59 seconds"),
            (-3_600, "1 hour ago"),
            (-5_459, "1 hour 30 minutes ago"),
            (86_400, "in 1 day"),
            (100_000, "in 1 day 3 hours"),
            (-3 * 86_400 - 5, "3 days ago"),
            (14 * 86_400, "in 14 days"),
            (-86_400 * 4_000, "10 years ago"),
        ] {
            assert_eq!(relative(seconds), text);
        }
        assert_eq!("1h30m".parse::<Duration>().unwrap().to_string(), "1 hour 30 minutes");
    }
}
