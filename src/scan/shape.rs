//! What a token looks like from outside, before anything is taken apart.

use crate::core::json::{self, Value};
use crate::core::token::base64url::{self, is_symbol};
use std::borrow::Cow;

/// How many characters a word has at the least that is taken for an opaque token.
pub(crate) const SHORTEST_OPAQUE: usize = 20;

/// What a segment is that decodes to a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The header of a JWS: two segments follow.
    Signed,
    /// The header of a JWE, which names its encryption: four segments follow.
    Encrypted,
    /// An object that says nothing a JOSE Header says.
    Unnamed,
}

impl Look {
    /// Looks at a segment.
    pub(crate) fn at(segment: &[u8]) -> Option<Self> {
        // `{` and the character after it make Base64url begin in one of few ways; most text ends here.
        if !matches!(segment, [b'e', b'w'..=b'z' | b'0'..=b'9' | b'-' | b'_', ..]) {
            return None;
        }
        let bytes = base64url::decode(std::str::from_utf8(segment).ok()?).ok()?;
        let Ok(Value::Object(members)) = json::parse(&bytes) else { return None };
        let names = |name| json::find(&members, name).is_some();
        Some(if names("enc") {
            Self::Encrypted
        } else if names("alg") || names("typ") || names("kid") {
            Self::Signed
        } else {
            Self::Unnamed
        })
    }

    /// What it is, if that is a JOSE Header.
    pub(crate) fn at_header(segment: &[u8]) -> Option<Self> {
        Self::at(segment).filter(|look| *look != Self::Unnamed)
    }
}

/// Whether a segment is a JOSE Header.
pub(crate) fn is_header(segment: &[u8]) -> bool {
    Look::at_header(segment).is_some()
}

/// Whether bytes are three segments of which the first is the header of a token.
pub(crate) fn looks_like_jwt(bytes: &[u8]) -> bool {
    let mut segments = bytes.split(|&byte| byte == b'.');
    segments.next().is_some_and(is_header) && segments.count() >= 2
}

/// Whether a byte may stand in a token.
pub(crate) const fn in_token(byte: u8) -> bool {
    is_symbol(byte) || byte == b'.'
}

/// Whether the text is one word that a server may well have given out as a token, but no JWT: hexadecimal digits, or
/// letters of both cases mixed with digits.
pub(crate) fn is_opaque(token: &[u8]) -> bool {
    let any = |kind: fn(&u8) -> bool| token.iter().any(kind);
    let mixed = any(u8::is_ascii_digit) && any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    token.len() >= SHORTEST_OPAQUE
        && token.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_~+/=".contains(byte))
        && (mixed || token.iter().all(u8::is_ascii_hexdigit))
        && !is_header(token)
}

/// Whether a text is the three segments of a JWS with any JSON object for a header.
pub(crate) fn is_three_segments(text: &[u8]) -> bool {
    let header = text.split(|&byte| byte == b'.').next().unwrap_or_default();
    text.iter().all(|&byte| in_token(byte))
        && text.iter().filter(|&&byte| byte == b'.').count() == 2
        && Look::at(header).is_some()
}

/// Undoes percent-encoding, and the plus that forms write for a space, which no token holds; a percent sign without two
/// digits behind it stays.
pub(crate) fn percent_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let digits = tail.first_chunk::<2>().and_then(|digits| std::str::from_utf8(digits).ok());
        let decoded = digits.filter(|_| byte == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(decoded.unwrap_or(if byte == b'+' { b' ' } else { byte }));
        rest = if decoded.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_an_opaque_token_when_it_sees_one() {
        assert!(is_opaque(b"854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877"));
        assert!(is_opaque(b"gho_16C7e42F292c6912E7710c838347Ae178B4a"));
        assert!(!is_opaque(b"hello"));
        assert!(!is_opaque(b"refresh_interval_seconds_300"));
        assert!(!is_opaque(b"three words here and 1 number"));
    }
}
