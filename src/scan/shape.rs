//! Recognizes tokens by their look, before anything is parsed: headers, JWTs, opaque tokens, and percent-encoded text.
//! It must not judge what a token says.

use crate::core::token::base64url::is_symbol;
pub use crate::core::token::segment_shape::SegmentShape;
pub(crate) use crate::core::token::segment_shape::{is_header, looks_like_jwt};
use percent_encoding::percent_decode;
use std::borrow::Cow;

/// The minimum length of an opaque token, in characters.
pub(crate) const SHORTEST_OPAQUE: usize = 20;

/// The minimum length of an opaque token that is the value of a token name, in characters.
const SHORTEST_NAMED_OPAQUE: usize = 16;

/// Reports whether a byte may occur in a compact serialization.
#[must_use]
pub const fn in_token(byte: u8) -> bool {
    is_symbol(byte) || byte == b'.'
}

/// Reports whether a byte belongs to a run that may hold a token. In a URL, a dot can be written as `%2E`, and the
/// characters around a token as `%20` or `%22`.
pub(super) const fn in_run(byte: u8) -> bool {
    in_token(byte) || byte == b'%'
}

/// Returns the number of bytes at the start of a text that belong to a run.
pub(super) fn run_length(text: &[u8]) -> usize {
    // The compiler vectorizes tests of many bytes without a branch.
    const STEP: usize = 32;
    let whole = |bytes: &&[u8; STEP]| bytes.iter().fold(true, |all, &byte| all & in_run(byte));
    let passed = STEP * text.as_chunks().0.iter().take_while(whole).count();
    passed + text.get(passed..).unwrap_or_default().iter().take_while(|byte| in_run(**byte)).count()
}

/// Reports whether a word beside a token can be shown as its name. A long word, or one that looks like a token, may be a
/// part of a token.
#[must_use]
pub fn is_harmless_name(word: &str) -> bool {
    const LONGEST: usize = 40;
    word.len() <= LONGEST && !word.starts_with("ey") && !is_opaque(word.as_bytes())
}

/// Reports whether a word looks like an opaque token: long enough, and hexadecimal digits or a mix of digits and
/// letters of both cases.
#[must_use]
pub fn is_opaque(token: &[u8]) -> bool {
    token.len() >= SHORTEST_OPAQUE && has_opaque_look(token)
}

/// Reports whether the value of a token name looks like an opaque token. It may be shorter than one without a name.
pub(super) fn is_named_opaque(token: &[u8]) -> bool {
    token.len() >= SHORTEST_NAMED_OPAQUE && has_opaque_look(token)
}

fn has_opaque_look(token: &[u8]) -> bool {
    let any = |kind: fn(&u8) -> bool| token.iter().any(kind);
    let mixed = any(u8::is_ascii_digit) && any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    token.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_~+/=".contains(byte))
        && (mixed || token.iter().all(u8::is_ascii_hexdigit))
        && !is_header(token)
}

/// Reports whether a text is three segments, the first of which is any JSON object.
#[must_use]
pub fn is_three_segments(text: &[u8]) -> bool {
    let header = text.split(|&byte| byte == b'.').next().unwrap_or_default();
    text.iter().all(|&byte| in_token(byte))
        && text.iter().filter(|&&byte| byte == b'.').count() == 2
        && SegmentShape::from_segment(header).is_some()
}

/// Returns the position after the JSON object at the start of bytes, or `None` if it does not end or does not begin there.
/// Only brackets and strings are read, so the object may still be faulty.
pub(super) fn object_end(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            byte if depth == 0 && !byte.is_ascii_whitespace() => return None,
            _ => {}
        }
        if depth == 0 && !in_string && matches!(byte, b'}' | b']') {
            return Some(at + 1);
        }
    }
    None
}

/// Decodes the values of forms and URLs: percent-encoding, and `+` for a space. A percent sign without two hexadecimal
/// digits stays.
#[must_use]
pub fn form_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'+') {
        return percent_decode(text).into();
    }
    let spaced: Vec<u8> = text.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
    Cow::Owned(percent_decode(&spaced).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_opaque_tokens_from_other_words() {
        assert!(is_opaque(b"854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877"));
        assert!(is_opaque(b"gho_16C7e42F292c6912E7710c838347Ae178B4a"));
        assert!(!is_opaque(b"hello"));
        assert!(!is_opaque(b"refresh_interval_seconds_300"));
        assert!(!is_opaque(b"three words here and 1 number"));
    }

    #[test]
    fn decodes_forms_and_keeps_a_lone_percent_sign() {
        for (text, decoded) in
            [("a%2Eb%2e", "a.b."), ("a+b%20c", "a b c"), ("100%", "100%"), ("%zz%+5", "%zz% 5"), ("", "")]
        {
            assert_eq!(form_decoded(text.as_bytes()), decoded.as_bytes(), "{text}");
        }
    }
}
