//! The fuzz targets of Base64url and of times. Two packages decode Base64url here, and both must agree with a plain decoder.

use super::base64url::{self as codec, Base64urlError, DecodeBuffer};
use super::numeric_date::{Instant, InstantError, NumericDate};
use crate::core::text::duration::{Duration, DurationError, distance, lifetime, relative};
use crate::core::text::duration_guess::compact;
use crate::core::text::size::parse_size;
use crate::core::text::zone::{Zone, ZoneError};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Decodes a text, and encodes its bytes.
pub fn base64url(bytes: &[u8]) {
    let encoded = codec::encode(bytes);
    assert_eq!(encoded, URL_SAFE_NO_PAD.encode(bytes));
    assert_eq!(codec::decode(&encoded).as_deref(), Ok(bytes));
    assert_eq!(codec::encode_standard(bytes), STANDARD.encode(bytes));
    let mut appended = b"a".to_vec();
    codec::encode_into(bytes, &mut appended);
    assert_eq!(appended.strip_prefix(b"a"), Some(encoded.as_bytes()));

    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let decoded = codec::decode(text);
    assert_eq!(decoded.as_ref().ok(), plain_decode(bytes).as_ref());
    match decoded {
        Err(Base64urlError::Symbol { offset }) => {
            assert!(bytes.get(offset).is_some_and(|byte| !codec::is_symbol(*byte)));
        }
        Err(Base64urlError::Length { length }) => assert_eq!((length, length % 4), (bytes.len(), 1)),
        Err(Base64urlError::TrailingBits { offset }) => assert_eq!(offset + 1, bytes.len()),
        Ok(_) => {}
    }
    // A buffer that another text filled must give the same bytes.
    let mut buffer = DecodeBuffer::default();
    let other = "-".repeat(40);
    for pair in [split(text), [&other, text], [text, &other], split(text)] {
        let alone = pair.map(|text| plain_decode(text.as_bytes()));
        let both = codec::decode_two(pair, &mut buffer).map(|pair| pair.map(<[u8]>::to_vec));
        assert_eq!(both, alone.into_iter().collect::<Option<Vec<_>>>().and_then(|pair| pair.try_into().ok()));
    }
}

/// Splits a text at its first dot, or in the middle if it has none.
fn split(text: &str) -> [&str; 2] {
    let half = text.split_at_checked(text.len() / 2);
    text.split_once('.').or(half).unwrap_or((text, "")).into()
}

/// Decodes a text in the plainest way: six bits a character. Returns `None` for a text that is not what an encoder writes.
fn plain_decode(text: &[u8]) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (bits == 0 && count < 6).then_some(bytes)
}

/// Reads a text as a duration, an instant, a zone, a size and a number of seconds.
pub fn times(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    durations(text);
    instants(text);
    match text.parse::<Zone>() {
        Ok(Zone::Fixed(seconds)) => assert!(seconds.abs() < 86_400 && seconds % 60 == 0),
        Err(ZoneError::OtherForm { guess }) => assert!(guess.parse::<Zone>().is_ok(), "{guess}"),
        Ok(Zone::Utc | Zone::Local) | Err(ZoneError::Unknown) => {}
    }
    if let Ok(size) = parse_size(text) {
        assert!(size > 0 && text.starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(parse_size(&size.to_string()), Ok(size));
    }
    if is_json_number(text) {
        json_number(text);
    }
}

fn durations(text: &str) {
    match text.parse::<Duration>() {
        Ok(duration) => {
            let written = compact(duration.as_seconds());
            assert_eq!(written.parse(), Ok(duration), "{written}");
            let seconds = i64::try_from(duration.as_seconds()).unwrap_or(i64::MAX);
            for words in [distance(seconds), lifetime(duration.as_seconds()), duration.to_string()] {
                assert!(words.starts_with(|c: char| c.is_ascii_digit()) || words.starts_with("more than"));
            }
            assert!(seconds == 0 || relative(seconds).starts_with("in "));
            assert!(seconds == 0 || relative(-seconds).ends_with(" ago"));
        }
        // The hint on each of these errors must work when it is followed.
        Err(DurationError::OtherForm { guess }) => assert!(guess.parse::<Duration>().is_ok(), "{guess}"),
        Err(DurationError::Negative { positive }) => {
            assert!(positive.parse::<Duration>().is_ok(), "{positive}");
        }
        Err(DurationError::AmbiguousUnit { minutes, months }) => {
            for form in [minutes, months] {
                let parsed = form.parse::<Duration>();
                assert!(matches!(parsed, Ok(_) | Err(DurationError::TooLong)), "{form}");
            }
        }
        Err(_) => {}
    }
}

fn instants(text: &str) {
    let now = NumericDate::from_seconds(1_769_860_800);
    match text.parse::<Instant>() {
        Ok(instant) => {
            let date = instant.resolve(now, now);
            assert_shown(date, now);
            if let Instant::At(date) = instant
                && let Some(written) = date.to_rfc3339()
            {
                assert_eq!(written.parse(), Ok(Instant::At(date)), "{written}");
            }
        }
        Err(error) => {
            assert!(error.proposals().all(|form| form.parse::<Instant>().is_ok()), "{text} {error:?}");
        }
    }
    match Instant::parse_clock(text) {
        Ok(Instant::At(date)) => assert!(!date.is_negative()),
        Ok(Instant::FromIssue(duration)) => {
            assert_eq!(Some(duration), None, "a clock has no time of issue")
        }
        Err(InstantError::NoStart { duration }) => {
            assert!(Instant::parse_clock(&format!("+{duration}")).is_ok(), "{duration}");
        }
        Err(error) => {
            assert!(error.proposals().all(|form| Instant::parse_clock(form).is_ok()), "{text} {error:?}");
        }
        Ok(Instant::FromNow(_)) => {}
    }
}

/// Asserts that an instant can be shown, and that its forms agree.
fn assert_shown(date: NumericDate, now: NumericDate) {
    let (utc, rfc) = (date.to_text(Zone::Utc), date.to_rfc3339());
    assert_eq!(rfc.is_some(), date.utc_text().is_some());
    assert!(!date.is_after_calendar() || rfc.is_none());
    if let (Some(utc), Some(rfc)) = (utc, rfc) {
        assert_eq!(utc.replace(" UTC", "Z").replacen(' ', "T", 1), rfc);
    }
    assert!(!date.relative_to(now).is_empty());
    if let Some(seconds) = date.checked_seconds_since(now) {
        assert_eq!(seconds, date.seconds_since(now));
    }
}

fn is_json_number(text: &str) -> bool {
    matches!(crate::core::json::parse(text.as_bytes()), Ok(crate::core::json::Value::Number(_)))
        && !text.starts_with([' ', '\t', '\n', '\r'])
        && !text.ends_with([' ', '\t', '\n', '\r'])
}

/// Compares a number with its value as a double, as exactly as that allows.
fn json_number(text: &str) {
    let date = NumericDate::from_json_number(text);
    assert_shown(date, NumericDate::from_seconds(0));
    let written = date.to_json_number();
    assert_eq!(NumericDate::from_json_number(&written), date, "{text} {written}");
    // The sign of a number counts, however small the number is.
    let digits = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !digits.contains(|c: char| matches!(c, '1'..='9'));
    assert_eq!(date.is_negative(), !is_zero && text.starts_with('-'), "{text}");
    assert_eq!(date == NumericDate::from_seconds(0), is_zero, "{text}");
    let Ok(expected) = text.parse::<f64>() else { return };
    if expected.abs() < 9e15 {
        assert!((date.seconds() as f64 - expected).abs() <= 1.5, "{text}: {}", date.seconds());
    }
}
