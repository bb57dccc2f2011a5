//! What a token looks like from outside, before anything is taken apart.

use crate::core::base64url::{self, is_symbol};
use crate::core::json;

/// Whether bytes are three segments of which the first is the header of a token.
pub(crate) fn looks_like_jwt(bytes: &[u8]) -> bool {
    let mut segments = bytes.split(|&byte| byte == b'.');
    segments.next().is_some_and(is_header) && segments.count() >= 2
}

/// Whether a byte may stand in a token.
pub(super) const fn in_token(byte: u8) -> bool {
    is_symbol(byte) || byte == b'.'
}

/// Whether a segment decodes to a JSON object with what a JOSE Header has.
pub(super) fn is_header(segment: &[u8]) -> bool {
    // `{` and the character after it make Base64url begin in one of few ways; most text ends here.
    let begins = matches!(segment, [b'e', b'w'..=b'z' | b'0'..=b'9' | b'-' | b'_', ..]);
    begins
        && std::str::from_utf8(segment).ok().and_then(|text| base64url::decode(text).ok()).is_some_and(
            |bytes| {
                json::parse(&bytes).is_ok_and(|header| {
                    ["alg", "enc", "typ", "kid"].iter().any(|name| header.get(name).is_some())
                })
            },
        )
}

/// Whether a header is that of a JWE, which has five segments.
pub(super) fn names_encryption(segment: &[u8]) -> bool {
    let bytes =
        std::str::from_utf8(segment).ok().and_then(|text| base64url::decode(text).ok()).unwrap_or_default();
    json::parse(&bytes).is_ok_and(|header| header.get("enc").is_some())
}

/// Whether the text is one word that a server may well have given out as a token, but no JWT.
pub(crate) fn is_opaque(token: &[u8]) -> bool {
    const SHORTEST: usize = 20;
    token.len() >= SHORTEST
        && token.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_~+/=".contains(byte))
        && token.iter().any(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_an_opaque_token_when_it_sees_one() {
        assert!(is_opaque(b"854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877"));
        assert!(!is_opaque(b"hello"));
        assert!(!is_opaque(b"three words here and 1 number"));
    }
}
