//! The zone in which dates are shown. It holds the choice and parses it; `numeric_date` applies it.

use std::str::FromStr;

/// The zone in which dates are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// The local zone of this machine.
    Local,
    /// A fixed offset from UTC, in seconds east.
    Fixed(i32),
}

/// A text that names no zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ZoneError {
    /// An offset in another form.
    OtherForm {
        /// The accepted form of that offset.
        guess: String,
    },
    /// Any other text, such as the name of a city.
    Unknown,
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        match text {
            "utc" | "UTC" | "Z" => Ok(Self::Utc),
            "local" => Ok(Self::Local),
            _ if text.eq_ignore_ascii_case("utc") || text == "z" => Ok(Self::Utc),
            _ if text.eq_ignore_ascii_case("local") => Ok(Self::Local),
            _ => parse_offset(text).map(Self::Fixed).ok_or_else(|| match guess(text) {
                Some(guess) => ZoneError::OtherForm { guess },
                None => ZoneError::Unknown,
            }),
        }
    }
}

/// Returns the accepted form of an offset such as `+2`, `+0200` or `UTC+2`.
fn guess(text: &str) -> Option<String> {
    let lower = text.trim().to_ascii_lowercase();
    let rest = ["utc", "gmt"].iter().find_map(|name| lower.strip_prefix(name)).unwrap_or(&lower).trim();
    if rest.is_empty() || rest == "0" {
        return (lower != rest).then(|| "utc".to_owned());
    }
    let sign = rest.chars().next().filter(|sign| "+-".contains(*sign))?;
    let digits: String = rest.chars().skip(1).filter(|c| *c != ':').collect();
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "00"),
        3 | 4 => digits.split_at_checked(digits.len() - 2)?,
        _ => return None,
    };
    let offset = format!("{sign}{hours:0>2}:{minutes}");
    parse_offset(&offset).map(|_| offset)
}

/// Parses `±HH:MM` into seconds east of UTC.
fn parse_offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let is_two_digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let two = |text: &str| is_two_digits(text).then(|| text.parse::<u8>().ok()).flatten();
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_offsets() {
        assert_eq!("-03:30".parse(), Ok(Zone::Fixed(-12_600)));
        for (text, form) in
            [("+2", "+02:00"), ("-0330", "-03:30"), ("UTC+2", "+02:00"), ("GMT", "utc"), ("utc -3", "-03:00")]
        {
            assert_eq!(text.parse::<Zone>(), Err(ZoneError::OtherForm { guess: form.to_owned() }));
            assert!(form.parse::<Zone>().is_ok());
        }
        for text in ["+25:00", "CET", "Europe/Berlin", "2", "+", ""] {
            assert_eq!(text.parse::<Zone>(), Err(ZoneError::Unknown), "{text}");
        }
        for text in ["UTC", "Utc", "z", "Local"] {
            assert!(text.parse::<Zone>().is_ok(), "{text}");
        }
    }
}
