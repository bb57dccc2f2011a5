//! The text of errors in JSON. It starts with "not JSON", so that callers can put "the payload is" in front of it.

use crate::core::json::{Expected, JsonError, JsonErrorKind, MAX_DEPTH};
use std::fmt;

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, offset } = self;
        match kind {
            JsonErrorKind::NotUtf8 => write!(f, "not UTF-8 at offset {offset}"),
            JsonErrorKind::TooDeep => write!(f, "nested deeper than {MAX_DEPTH} levels at offset {offset}"),
            kind => write!(f, "not JSON at offset {offset}: {kind}"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Writes what is wrong without the offset, for messages that name a line and a column instead.
impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "not UTF-8",
            Self::TooDeep => "nested too deep",
            Self::Expected(expected) => return write!(f, "expected {expected}"),
            Self::ControlCharacter => "a control character in a string must be escaped",
            Self::UnterminatedString => "the string has no closing quote",
            Self::UnknownEscape => "unknown escape",
            Self::LoneSurrogate => "half of a surrogate pair is not a character",
        })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value => "a value",
            Self::EndOfText => "the end of the text",
            Self::CommaOrBracket => "`,` or `]`",
            Self::CommaOrBrace => "`,` or `}`",
            Self::MemberName => "a member name in quotes",
            Self::Colon => "`:`",
            Self::Digit => "a digit",
            Self::FractionDigit => "a digit after the decimal point",
            Self::ExponentDigit => "a digit in the exponent",
            Self::FourHexDigits => "four hexadecimal digits",
        })
    }
}
