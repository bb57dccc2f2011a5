//! Instants and durations: NumericDate (RFC 7519 section 2), how people write them, how they are shown.
//! The only file that knows a calendar. It never asks what time it is.

use super::json::Decimal;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset as _, SecondsFormat, TimeZone as _, Utc};
use std::fmt;
use std::str::FromStr;

const NANOS: i128 = 1_000_000_000;
/// Further than any clock: what does not fit is this far away, and compares as such.
const FAR: i128 = 1_000_000_000_000_000_000_000_000_000_000_000_000;

/// Seconds since 1970-01-01T00:00:00Z, leap seconds ignored, exact to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NumericDate {
    nanos: i128,
}

impl NumericDate {
    /// From whole seconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { nanos: seconds as i128 * NANOS }
    }

    /// From the time since the epoch.
    #[must_use]
    pub const fn since_epoch(elapsed: std::time::Duration) -> Self {
        Self { nanos: elapsed.as_nanos() as i128 }
    }

    /// From the text of a JSON number. A fraction finer than a nanosecond counts as the next one, so that
    /// comparing with any clock stays exact; what is further away than any clock stays that far away.
    #[must_use]
    pub fn from_json_number(number: &str) -> Self {
        let Decimal { negative, digits, exponent } = Decimal::of(number);
        let shift = exponent.saturating_add(9);
        let magnitude = if shift.saturating_add(digits.len() as i64) > 36 {
            FAR
        } else if shift >= 0 {
            digits.parse::<i128>().unwrap_or(0) * 10_i128.pow(shift as u32)
        } else {
            let kept = usize::try_from(digits.len() as i64 + shift).unwrap_or(0);
            let whole = digits.get(..kept).unwrap_or_default().parse::<i128>().unwrap_or(0);
            whole + i128::from(!negative)
        };
        Self { nanos: if negative { -magnitude } else { magnitude } }
    }

    /// Whole seconds, rounded down; saturating.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let seconds = self.nanos.div_euclid(NANOS);
        i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
    }

    /// Whether it lies before 1970.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// Later by a duration.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self { nanos: self.nanos + duration.seconds as i128 * NANOS }
    }

    /// Earlier by a duration.
    #[must_use]
    pub const fn minus(self, duration: Duration) -> Self {
        Self { nanos: self.nanos - duration.seconds as i128 * NANOS }
    }

    /// Seconds from `earlier` to here, rounded down; negative when it is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> i64 {
        Self { nanos: self.nanos - earlier.nanos }.seconds()
    }

    /// RFC 3339 in UTC, fractions only if there are any; nothing outside the years 0 to 9999.
    #[must_use]
    pub fn to_rfc3339(self) -> Option<String> {
        let date = self.utc()?;
        (0..=9999)
            .contains(&chrono::Datelike::year(&date))
            .then(|| date.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// The date and time of day as people read it; nothing if no calendar reaches that far.
    #[must_use]
    pub fn to_text(self, zone: Zone) -> Option<String> {
        const FORM: &str = "%Y-%m-%d %H:%M:%S%.f";
        let utc = self.utc()?;
        Some(match zone.offset(utc) {
            None => format!("{} UTC", utc.format(FORM)),
            Some(offset) => utc.with_timezone(&offset).format(&format!("{FORM} %:z")).to_string(),
        })
    }

    fn utc(self) -> Option<DateTime<Utc>> {
        let nanos = u32::try_from(self.nanos.rem_euclid(NANOS)).ok()?;
        DateTime::from_timestamp(i64::try_from(self.nanos.div_euclid(NANOS)).ok()?, nanos)
    }

    /// The date that was probably meant when a value of milliseconds (or finer) was written where seconds belong:
    /// the unit, and the date read in it. Only values that give a date between 2000 and 2100 count.
    #[must_use]
    pub fn mistaken_unit(self) -> Option<(&'static str, Self)> {
        const PLAUSIBLE: std::ops::Range<i128> = 946_684_800..4_102_444_800;
        let seconds = self.nanos.div_euclid(NANOS);
        [("milliseconds", 1_000), ("microseconds", 1_000_000), ("nanoseconds", NANOS)]
            .into_iter()
            .find(|(_, per_second)| PLAUSIBLE.contains(&(seconds / per_second)))
            .map(|(unit, per_second)| (unit, Self { nanos: self.nanos / per_second }))
    }

    /// Whether it falls between the years 2000 and 2100, as the times in today's tokens do.
    #[must_use]
    pub const fn is_plausible(self) -> bool {
        self.nanos >= 946_684_800 * NANOS && self.nanos < 4_102_444_800 * NANOS
    }
}

/// A length of time in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    seconds: u64,
}

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self::seconds(0);

    /// From whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self { seconds }
    }

    /// Its whole seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.seconds
    }
}

/// The longest duration that is accepted: a thousand years.
const LONGEST: u64 = 1000 * 366 * 86_400;

impl FromStr for Duration {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "0" {
            return Ok(Self::ZERO);
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "{text} of what? give a unit: {text}s, {text}m, {text}h, {text}d or {text}w"
            ));
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
                _ => return Err(NO_DURATION.to_owned()),
            };
            if unit >= last_unit {
                return Err("write each unit once, the largest first, such as 1h30m".to_owned());
            }
            last_unit = unit;
            seconds = number
                .parse::<u64>()
                .map_err(|_| NO_DURATION)?
                .checked_mul(unit)
                .and_then(|part| seconds.checked_add(part))
                .filter(|seconds| *seconds <= LONGEST)
                .ok_or("longer than a thousand years")?;
            rest = tail.as_str();
            if rest.is_empty() {
                return Ok(Self { seconds });
            }
        }
    }
}

const NO_DURATION: &str = "no duration; write 90s, 15m, 2h, 14d, 1w or 1h30m";

impl fmt::Display for Duration {
    /// In words: `5 minutes`, `1 hour 30 minutes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
        if self.seconds == 0 {
            return f.write_str("0 seconds");
        }
        let mut rest = self.seconds;
        let mut gap = "";
        for (size, unit) in UNITS {
            let count = rest / size;
            rest %= size;
            if count > 0 {
                write!(f, "{gap}{count} {unit}{}", plural(count))?;
                gap = " ";
            }
        }
        Ok(())
    }
}

const fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// How far away, in the one or two units a person would use: `4 minutes 59 seconds`, `3 days`, `11 years`.
#[must_use]
pub fn distance(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let (size, unit) = match seconds {
        0..120 => (1, "second"),
        120..600 => return Duration { seconds }.to_string(),
        600..7_200 => (60, "minute"),
        7_200..172_800 => (3_600, "hour"),
        172_800..5_184_000 => (86_400, "day"),
        5_184_000..63_113_904 => (2_629_746, "month"),
        _ => (31_556_952, "year"),
    };
    let count = seconds / size;
    format!("{count} {unit}{}", plural(count))
}

/// `in 4 minutes`, `3 days ago` or `now`.
#[must_use]
pub fn relative(seconds: i64) -> String {
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {}", distance(seconds)),
        _ => format!("{} ago", distance(seconds)),
    }
}

/// The zone in which dates are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// What this machine is set to.
    Local,
    /// A fixed distance from UTC, in seconds east.
    Fixed(i32),
}

impl Zone {
    fn offset(self, at: DateTime<Utc>) -> Option<FixedOffset> {
        match self {
            Self::Utc => None,
            Self::Local => Some(Local.offset_from_utc_datetime(&at.naive_utc()).fix()),
            Self::Fixed(seconds) => FixedOffset::east_opt(seconds),
        }
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "utc" | "UTC" | "Z" => Ok(Self::Utc),
            "local" => Ok(Self::Local),
            _ => fixed_offset(text)
                .map(Self::Fixed)
                .ok_or_else(|| "write utc, local or an offset such as +02:00".into()),
        }
    }
}

/// Reads `±HH:MM`.
fn fixed_offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-" | "\u{2212}", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60))
}

/// An instant as a person writes it on a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instant {
    /// A date, or seconds since 1970.
    At(NumericDate),
    /// `now`, `+15m` or `-3d`: so many seconds from the clock.
    FromNow(i64),
    /// `15m`: so long after the token is issued.
    FromIssue(Duration),
}

impl Instant {
    /// The instant itself, given the clock and the time of issue.
    #[must_use]
    pub const fn resolve(self, now: NumericDate, issued: NumericDate) -> NumericDate {
        match self {
            Self::At(date) => date,
            Self::FromNow(seconds) => NumericDate { nanos: now.nanos + seconds as i128 * NANOS },
            Self::FromIssue(duration) => issued.plus(duration),
        }
    }
}

impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let signed = |rest: &str, sign: i64| {
            rest.parse::<Duration>().map(|duration| Self::FromNow(sign * duration.seconds as i64))
        };
        if text == "now" {
            return Ok(Self::FromNow(0));
        }
        if let Some(seconds) = text.strip_prefix('@') {
            return seconds_since_epoch(seconds)
                .ok_or_else(|| "after @ comes a number of seconds since 1970".into());
        }
        if let Some(rest) = text.strip_prefix('+') {
            return signed(rest, 1);
        }
        if let Some(rest) = text.strip_prefix('-') {
            return signed(rest, -1);
        }
        if let Some(instant) = date(text) {
            return Ok(instant);
        }
        let digits = text.split('.').next().unwrap_or_default();
        if digits.len() >= 10
            && let Some(instant) = seconds_since_epoch(text)
        {
            return Ok(instant);
        }
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!(
                "could mean 1970: write {text}s or +{text}s for a time from now, @{text} for seconds since 1970"
            ));
        }
        text.parse().map(Self::FromIssue).map_err(|_: String| {
            "no time; write 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, now, +15m, -3d or 15m".to_owned()
        })
    }
}

/// Digits, perhaps with a fraction, as seconds since 1970.
fn seconds_since_epoch(text: &str) -> Option<Instant> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Instant::At(NumericDate::from_json_number(text)))
}

/// RFC 3339, with or without a time of day; without, the first second of that day in UTC.
fn date(text: &str) -> Option<Instant> {
    let date = match DateTime::parse_from_rfc3339(text) {
        Ok(date) => date.to_utc(),
        Err(_) if text.len() == 10 => {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)?.and_utc()
        }
        Err(_) => return None,
    };
    let nanos = i128::from(date.timestamp()) * NANOS + i128::from(date.timestamp_subsec_nanos());
    Some(Instant::At(NumericDate { nanos }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: i64) -> NumericDate {
        NumericDate::from_seconds(seconds)
    }

    #[test]
    fn reads_json_numbers_exactly() {
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
    fn a_fraction_beyond_the_clock_still_compares_exactly() {
        // Valid while now < exp: at the very nanosecond it names it is over, one before it is not.
        let exp = NumericDate::from_json_number("100.0000000005");
        assert!(NumericDate { nanos: 100_000_000_000 } < exp);
        assert!(NumericDate { nanos: 100_000_000_001 } >= exp);
    }

    #[test]
    fn reads_durations() {
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
    fn reads_instants() {
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
        for text in
            ["", "3600", "yesterday", "2015-13-01", "2015-01-01 00:00:00junk", "@", "@-5", "+5", "@1e9"]
        {
            assert!(resolve(text).is_err(), "{text}");
        }
        assert!(resolve("3600").unwrap_err().contains("1970"));
    }

    #[test]
    fn shows_dates_in_the_zone_asked_for() {
        let date = at(1_448_333_419);
        assert_eq!(date.to_text(Zone::Utc).unwrap(), "2015-11-24 02:50:19 UTC");
        assert_eq!(date.to_text("+05:30".parse().unwrap()).unwrap(), "2015-11-24 08:20:19 +05:30");
        assert_eq!(date.to_rfc3339().unwrap(), "2015-11-24T02:50:19Z");
        assert_eq!(NumericDate { nanos: FAR }.to_text(Zone::Utc), None);
        assert_eq!(at(1_700_000_000_000).to_rfc3339(), None);
    }

    #[test]
    fn says_distances_as_people_do() {
        for (seconds, text) in [
            (0, "now"),
            (1, "in 1 second"),
            (299, "in 4 minutes 59 seconds"),
            (-3_600, "60 minutes ago"),
            (-3 * 86_400 - 5, "3 days ago"),
            (14 * 86_400, "in 14 days"),
            (-86_400 * 4_000, "10 years ago"),
        ] {
            assert_eq!(relative(seconds), text);
        }
        assert_eq!("1h30m".parse::<Duration>().unwrap().to_string(), "1 hour 30 minutes");
    }

    #[test]
    fn suspects_milliseconds_where_seconds_belong() {
        assert_eq!(at(1_700_000_000_000).mistaken_unit(), Some(("milliseconds", at(1_700_000_000))));
        assert_eq!(at(1_700_000_000_000_000).mistaken_unit(), Some(("microseconds", at(1_700_000_000))));
        assert_eq!(at(1_700_000_000).mistaken_unit(), None);
        assert_eq!(at(253_402_300_799).mistaken_unit(), None);
    }

    #[test]
    fn reads_offsets() {
        assert_eq!("-03:30".parse(), Ok(Zone::Fixed(-12_600)));
        assert!("+2".parse::<Zone>().is_err());
        assert!("+25:00".parse::<Zone>().is_err());
    }
}
