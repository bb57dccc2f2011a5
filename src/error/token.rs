//! The texts of the errors of the core: encodings, algorithms, durations, instants and zones.
//! Command-line values of these types are parsed by clap, which prints the texts as they are.

use crate::core::text::duration::DurationError;
use crate::core::text::layout::count;
use crate::core::text::zone::ZoneError;
use crate::core::token::ShortSignature;
use crate::core::token::algorithm::{Algorithm, AlgorithmError, list};
use crate::core::token::base64url::Base64urlError;
use crate::core::token::numeric_date::InstantError;
use std::error::Error;
use std::fmt;

impl fmt::Display for Base64urlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol { offset } => write!(f, "not a Base64url character at offset {offset}"),
            Self::Length { length } => write!(f, "{length} characters cannot be Base64url"),
            Self::TrailingBits { offset } => {
                write!(f, "unused bits are set in the character at offset {offset}")
            }
        }
    }
}

impl Error for Base64urlError {}

impl fmt::Display for ShortSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bytes, wanted, algorithm } = self;
        write!(f, "the signature has {}, but {algorithm} makes {wanted}", count(*bytes, "byte"))
    }
}

impl fmt::Display for AlgorithmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown algorithm, expected one of {}", list(Algorithm::ALL))
    }
}

impl Error for AlgorithmError {}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => f.write_str("not a duration: write 90s, 15m, 2h, 14d, 1w or 1h30m"),
            Self::NoUnit { number: n } => {
                write!(f, "the unit is missing: write {n}s, {n}m, {n}h, {n}d or {n}w")
            }
            Self::UnitOrder => f.write_str("write each unit once, the largest first, such as 1h30m"),
            Self::Negative { positive } => write!(f, "negative: write {positive}"),
            Self::TooLong => f.write_str("longer than a thousand years"),
            Self::OtherForm { guess } => write!(f, "not a duration in this form: write {guess}"),
            Self::AmbiguousUnit { minutes, months } => {
                write!(f, "M can be minutes or months: write {minutes} or {months}")
            }
        }
    }
}

impl Error for DurationError {}

impl fmt::Display for InstantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Syntax => {
                "not a time: write 2026-01-31, 2026-01-31T12:00:00Z, @1700000000, now, +15m, -3d or 15m"
            }
            Self::Ambiguous { number } => {
                return write!(f, "ambiguous: write {number}s for seconds, {number}m for minutes");
            }
            Self::AmbiguousClock { number } => {
                return write!(
                    f,
                    "ambiguous: write +{number}s for a time from now, or @{number} for seconds since 1970"
                );
            }
            Self::NoStart { duration } => {
                return write!(f, "write +{duration} or -{duration} for a time from now");
            }
            Self::Before1970 => "before 1970, where NumericDate begins",
            Self::NotSeconds => "not a number of seconds since 1970: write @1700000000",
            Self::TooFar { seconds: Some(seconds) } => {
                return write!(
                    f,
                    "after the year 9999, as milliseconds are: write @{seconds} for the seconds"
                );
            }
            Self::TooFar { seconds: None } => "after the year 9999",
            Self::NoDate { time } => {
                return write!(
                    f,
                    "a time of day without its date: write the date before it, as in 2026-01-31T{time}Z"
                );
            }
            Self::TwoDates { first, second } => {
                return write!(f, "the day or the month can come first: write {first} or {second}");
            }
            Self::Never => "there is no such time: leave the option out",
            Self::NoSuchDate => "no such date: write 2026-01-31 or 2026-01-31T12:00:00Z",
            Self::NoZone { utc } => {
                return write!(
                    f,
                    "the time of day has no zone: write {utc}, or an offset such as +02:00 for Z"
                );
            }
            Self::OtherForm { guess } => return write!(f, "not a time in this form: write {guess}"),
            Self::Incomplete { has_t: true, utc } => {
                return write!(
                    f,
                    "the seconds and the zone are missing: write {utc}, or an offset such as +02:00 for Z"
                );
            }
            Self::Incomplete { has_t: false, utc } => {
                return write!(
                    f,
                    "the T, the seconds and the zone are missing: write {utc}, or an offset such as +02:00 for Z"
                );
            }
            Self::Duration(error) => return error.fmt(f),
        })
    }
}

impl Error for InstantError {}

impl fmt::Display for ZoneError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherForm { guess } => write!(f, "not a zone in this form: write {guess}"),
            Self::Unknown => f.write_str("not a time zone: write utc, local or an offset such as +02:00"),
        }
    }
}

impl Error for ZoneError {}

#[cfg(test)]
mod tests {
    use crate::core::token::numeric_date::Instant;

    #[test]
    fn says_how_to_write_the_value() {
        let text = |value: &str| value.parse::<Instant>().unwrap_err().to_string();
        assert_eq!(text("3600"), "ambiguous: write 3600s for seconds, 3600m for minutes");
        assert_eq!(
            Instant::parse_clock("3600").unwrap_err().to_string(),
            "ambiguous: write +3600s for a time from now, or @3600 for seconds since 1970"
        );
        assert_eq!(text("+5"), "the unit is missing: write 5s, 5m, 5h, 5d or 5w");
        assert_eq!(
            text("1700000000000"),
            "after the year 9999, as milliseconds are: write @1700000000 for the seconds"
        );
    }
}
