//! The text of errors in JSON. It starts with "not JSON", so that callers can put "the payload is" in front of it.

use crate::core::json::{Expected, InsertError, InsertErrorKind, JsonError, JsonErrorKind, MAX_DEPTH, Slip};
use crate::core::text::escape::{Shown, excerpt};
use crate::core::text::layout::count;
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

/// Writes how to mend a slip.
impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SingleQuotes => f.write_str("write double quotes (\") in place of single quotes (')"),
            Self::CurlyQuotes => f.write_str("write plain double quotes (\") in place of typographic ones"),
            Self::EscapedQuotes => f.write_str("remove the backslashes before the double quotes (\")"),
            Self::TrailingComma => f.write_str("remove the comma before the closing bracket"),
            Self::MissingComma => f.write_str("write a comma between two members or items"),
            Self::Word { found, meant } => write!(f, "write {meant} in place of {}", word(found)),
            Self::NotANumber { found } => write!(f, "JSON has no {}: write a number or null", word(found)),
            Self::UnquotedName { name } => {
                write!(f, "write the name `{}` in double quotes (\"), and texts too", word(name))
            }
            Self::Assignment { name, literal: Some(literal) } => {
                write!(f, "use -c {}:={literal}", word(name))
            }
            Self::Assignment { name, literal: None } => {
                write!(f, "use -c {name}=TEXT for a string, or -c {name}:=JSON", name = word(name))
            }
            Self::UnquotedText { word: text } => {
                write!(f, "write text such as `{}` in double quotes (\")", word(text))
            }
            Self::Comment => f.write_str("remove the comment: JSON has none"),
            Self::CutShort => {
                f.write_str("the JSON is cut short: write its end, or put it in quotes for the shell")
            }
        }
    }
}

/// Returns a word of the text, safe and short enough to quote.
fn word(text: &str) -> String {
    Shown(&excerpt(text)).to_string()
}

impl fmt::Display for InsertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = word(&self.pointer);
        match self.kind {
            InsertErrorKind::Taken => write!(f, "there is a value at {pointer} already"),
            InsertErrorKind::NotAContainer { type_name } => {
                write!(f, "{pointer} is {type_name}, so nothing can be written inside it")
            }
            InsertErrorKind::NotAnIndex => {
                write!(f, "{pointer} names an item of an array, but its last part is not an index")
            }
            InsertErrorKind::BeyondEnd { length } => {
                write!(f, "{pointer} is beyond the end of the array, which has {}", count(length, "item"))
            }
            InsertErrorKind::Escape => {
                write!(f, "{pointer} is not a JSON Pointer: ~ must be followed by 0 or 1")
            }
            InsertErrorKind::TooDeep => write!(f, "the JSON Pointer has more than {} levels", MAX_DEPTH - 1),
        }
    }
}

impl std::error::Error for InsertError {}

impl InsertError {
    /// Returns the hint on the obstacle.
    pub(super) fn hint(&self) -> String {
        let pointer = word(&self.pointer);
        match self.kind {
            InsertErrorKind::NotAnIndex | InsertErrorKind::BeyondEnd { .. } => {
                "append to the array with - as the last part, as in -c /roles/-=admin".to_owned()
            }
            InsertErrorKind::Escape => "write ~0 for ~ and ~1 for / inside a name".to_owned(),
            InsertErrorKind::Taken | InsertErrorKind::NotAContainer { .. } => {
                format!("leave {pointer} out where it is given first, or choose another place")
            }
            InsertErrorKind::TooDeep => "give the inner part as JSON, as in -c 'a:={\"b\":1}'".to_owned(),
        }
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
