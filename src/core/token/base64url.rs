//! Base64url without padding (RFC 7515 section 2, RFC 4648 section 5). Decoding is strict: one value has one encoding.
//! This file never repairs its input. Only this file names the packages that do the work for tokens.

use base64::{DecodeError, Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use base64_simd::AsOut as _;

/// Why a text is not Base64url. Offsets count bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base64urlError {
    /// A byte outside the alphabet `A-Z a-z 0-9 - _`.
    Symbol {
        /// The offset of the byte.
        offset: usize,
    },
    /// A length that no encoder produces: one more than a multiple of four.
    Length {
        /// The length, in characters.
        length: usize,
    },
    /// Unused bits that are set in the last character: a second encoding of the same bytes.
    TrailingBits {
        /// The offset of that character.
        offset: usize,
    },
}

/// Decodes a text.
///
/// # Errors
/// Returns an error for a character outside the alphabet (such as padding), an impossible length, or unused bits that
/// are set.
pub fn decode(encoded: &str) -> Result<Vec<u8>, Base64urlError> {
    // base64-simd is as strict and up to five times as fast (benches/README.md), but gives no reason. base64 finds it.
    if let Ok(bytes) = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(encoded) {
        return Ok(bytes);
    }
    URL_SAFE_NO_PAD.decode(encoded).map_err(|error| match error {
        DecodeError::InvalidByte(offset, _) => Base64urlError::Symbol { offset },
        DecodeError::InvalidLength(length) => Base64urlError::Length { length },
        DecodeError::InvalidLastSymbol(offset, _) => Base64urlError::TrailingBits { offset },
        DecodeError::InvalidPadding => Base64urlError::Symbol { offset: encoded.trim_end_matches('=').len() },
    })
}

/// Decodes a text into the start of a buffer. Returns the bytes and the rest of the buffer. Returns `None` for a text
/// that [`decode`] refuses, and if the buffer is too short.
pub fn decode_into<'b>(encoded: &str, buffer: &'b mut [u8]) -> Option<(&'b [u8], &'b mut [u8])> {
    let encoded = encoded.as_bytes();
    let length = base64_simd::URL_SAFE_NO_PAD.decoded_length(encoded).ok()?;
    let (bytes, rest) = buffer.split_at_mut_checked(length)?;
    Some((base64_simd::URL_SAFE_NO_PAD.decode(encoded, bytes.as_out()).ok()?, rest))
}

/// Encodes bytes without padding.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// Encodes bytes without padding, and appends the text to `out`.
pub fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    // The package reserves the exact size, which would grow a long buffer by one token at a time.
    out.reserve(base64_simd::URL_SAFE_NO_PAD.encoded_length(bytes.len()));
    base64_simd::URL_SAFE_NO_PAD.encode_append(bytes, out);
}

/// Encodes bytes in the standard alphabet with padding (RFC 4648 section 4), for digests outside of tokens.
#[must_use]
pub fn encode_standard(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// Reports whether a byte belongs to the Base64url alphabet.
#[must_use]
pub const fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_it_encodes() {
        for length in 0..70 {
            let bytes: Vec<u8> = (0..length).map(|n| (n * 37 + 11) as u8).collect();
            let mut appended = b"before".to_vec();
            encode_into(&bytes, &mut appended);
            assert_eq!(appended, ["before", &encode(&bytes)].concat().into_bytes());
            assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn all_decoders_accept_the_same_texts() {
        let mut seed = 7_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let symbols: Vec<u8> = (0..=127).filter(|byte| is_symbol(*byte)).collect();
        let mut accepted = 0;
        for _ in 0..20_000 {
            let mut text: Vec<u8> = (0..next(80)).map(|_| symbols[next(symbols.len())]).collect();
            if next(2) == 0 && !text.is_empty() {
                let offset = next(text.len());
                text[offset] = next(128) as u8;
            }
            let text = String::from_utf8(text).unwrap();
            let fast = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&text).ok();
            assert_eq!(fast, URL_SAFE_NO_PAD.decode(&text).ok(), "{text:?}");
            let (mut short, mut buffer) = ([0; 1], [0; 64]);
            assert_eq!(decode_into(&text, &mut buffer).map(|(bytes, _)| bytes.to_vec()), fast, "{text:?}");
            let fits = fast.as_ref().is_some_and(|bytes| bytes.len() <= short.len());
            assert_eq!(decode_into(&text, &mut short).is_some(), fits, "{text:?}");
            accepted += usize::from(fast.is_some());
        }
        assert!(accepted > 2_000, "{accepted}");
    }

    #[test]
    fn rejects_padding_and_the_standard_alphabet() {
        assert_eq!(decode("YQ=="), Err(Base64urlError::Symbol { offset: 2 }));
        assert_eq!(decode("YWI="), Err(Base64urlError::Symbol { offset: 3 }));
        assert_eq!(decode("+-8"), Err(Base64urlError::Symbol { offset: 0 }));
    }

    #[test]
    fn rejects_a_second_encoding_of_the_same_bytes() {
        assert_eq!(decode("YQ"), Ok(b"a".to_vec()));
        assert_eq!(decode("YR"), Err(Base64urlError::TrailingBits { offset: 1 }));
    }

    #[test]
    fn rejects_a_length_that_no_encoder_produces() {
        assert_eq!(decode("YWJjZ"), Err(Base64urlError::Length { length: 5 }));
    }
}
