//! Why a text is not strict JSON, as facts. The text of these errors is in `error::json`.

/// The error of a text that is not strict JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The fault.
    pub kind: JsonErrorKind,
    /// Where it is wrong, in bytes from the start of the text.
    pub offset: usize,
}

/// A violation of strict JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonErrorKind {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// Arrays and objects are nested deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    TooDeep,
    /// Something else was expected here.
    Expected(Expected),
    /// A string contains an unescaped control character.
    ControlCharacter,
    /// A string has no closing quote.
    UnterminatedString,
    /// A backslash is followed by a character that makes no escape.
    UnknownEscape,
    /// A `\u` escape is half of a surrogate pair.
    LoneSurrogate,
}

/// The grammar's expectation at an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Any value.
    Value,
    /// The end of the text.
    EndOfText,
    /// The next item of an array, or its end.
    CommaOrBracket,
    /// The next member of an object, or its end.
    CommaOrBrace,
    /// The name of a member.
    MemberName,
    /// The colon after a name.
    Colon,
    /// A digit of a number.
    Digit,
    /// A digit after the decimal point.
    FractionDigit,
    /// A digit of the exponent.
    ExponentDigit,
    /// The four digits of a `\u` escape.
    FourHexDigits,
}
