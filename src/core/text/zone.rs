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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneError;

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        match text {
            "utc" | "UTC" | "Z" => Ok(Self::Utc),
            "local" => Ok(Self::Local),
            _ => parse_offset(text).map(Self::Fixed).ok_or(ZoneError),
        }
    }
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
        assert_eq!("+2".parse::<Zone>(), Err(ZoneError));
        assert_eq!("+25:00".parse::<Zone>(), Err(ZoneError));
    }
}
