//! Base64url without padding (RFC 7515 section 2, RFC 4648 section 5). Decoding is strict: one value has one encoding.
//! This file never repairs its input. Only this file names the packages that do the work for tokens.

use base64::{DecodeError, Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use base64_simd::AsOut as _;

/// A text that is not Base64url. Offsets count bytes from its start.
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

/// Memory for the decoded bytes of one token. A worker of a long run keeps it for the next token. Two allocations for each
/// token would take 250 instructions.
#[derive(Debug, Default)]
pub struct DecodeBuffer {
    text: Vec<u8>,
    bytes: Vec<u8>,
    /// The number of characters of the signature of the token before.
    pub(super) signature: usize,
}

/// The number of characters that the package decodes in one step.
const STEP: usize = 32;

/// The number of characters that the package leaves for its last steps, which are slow.
const REST: usize = 6;

/// Decodes two texts into a buffer. Returns `None` if [`decode`] refuses one of them.
///
/// The package decodes the last characters of a text one by one. So both texts are decoded as one, and zeros follow them. The
/// payload and the signature of an HS256 token take 530 instructions in place of 730.
#[must_use]
pub fn decode_two(texts: [impl AsRef<[u8]>; 2], buffer: &mut DecodeBuffer) -> Option<[&[u8]; 2]> {
    /// More zeros than are ever needed. The letter A is six bits of zeros.
    const ZEROS: [u8; STEP + REST] = [b'A'; STEP + REST];
    let [first, second] = texts.each_ref().map(AsRef::as_ref);
    // The second text begins at a group of four characters, which are three bytes.
    let start = first.len().next_multiple_of(4);
    let end = start + second.len();
    let all = end.next_multiple_of(STEP) + REST;
    let DecodeBuffer { text, bytes, signature } = buffer;
    *signature = second.len();
    if text.len() < end + ZEROS.len() {
        text.resize(end + ZEROS.len(), 0);
        bytes.resize(text.len(), 0);
    }
    text.get_mut(..first.len())?.copy_from_slice(first);
    text.get_mut(first.len()..first.len() + 4)?.copy_from_slice(b"AAAA");
    text.get_mut(start..end)?.copy_from_slice(second);
    text.get_mut(end..end + ZEROS.len())?.copy_from_slice(&ZEROS);
    let decoded =
        base64_simd::URL_SAFE_NO_PAD.decode(text.get(..all)?, bytes.as_mut_slice().as_out()).ok()?;
    let (of_first, of_second) = decoded.split_at_checked(start / 4 * 3)?;
    Some([canonical(of_first, first.len())?, canonical(of_second, second.len())?])
}

/// Returns the bytes of a text with this many characters, which zeros followed. Returns `None` if no encoder produces the text.
#[inline]
fn canonical(decoded: &[u8], characters: usize) -> Option<&[u8]> {
    let (bytes, rest) = decoded.split_at_checked(characters * 3 / 4)?;
    match characters % 4 {
        0 => Some(bytes),
        1 => None,
        // The unused bits of the last character are in the next byte.
        _ => (rest.first() == Some(&0)).then_some(bytes),
    }
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
        // The buffer keeps bytes of earlier texts, which must not show.
        let mut buffer = DecodeBuffer::default();
        for _ in 0..20_000 {
            let mut text: Vec<u8> = (0..next(80)).map(|_| symbols[next(symbols.len())]).collect();
            if next(2) == 0 && !text.is_empty() {
                let offset = next(text.len());
                text[offset] = next(128) as u8;
            }
            let text = String::from_utf8(text).unwrap();
            let fast = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(&text).ok();
            assert_eq!(fast, URL_SAFE_NO_PAD.decode(&text).ok(), "{text:?}");
            let second = encode(&text.as_bytes()[..next(50).min(text.len())]);
            for (texts, which) in [([&*text, &second], 0), ([&second, &text], 1)] {
                let two = decode_two(texts, &mut buffer);
                assert_eq!(two.is_some(), fast.is_some(), "{texts:?}");
                if let (Some(two), Some(fast)) = (two, &fast) {
                    assert_eq!(
                        (two[which], Ok(two[1 - which].to_vec())),
                        (&**fast, decode(&second)),
                        "{texts:?}"
                    );
                }
            }
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
    fn decodes_two_texts_only_if_each_is_canonical() {
        let mut buffer = DecodeBuffer::default();
        for length in 0..70 {
            let text = encode(&vec![0xFF; length]);
            for last in (0..=127).map(char::from) {
                let mut other = text.clone();
                other.pop();
                other.push(last);
                for (texts, which) in [([&*other, "YWI"], 0), (["YWI", &other], 1)] {
                    let bytes = decode_two(texts, &mut buffer).map(|two| two[which].to_vec());
                    assert_eq!(bytes, decode(&other).ok(), "{texts:?}");
                }
            }
        }
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

    #[test]
    fn two_empty_texts_decode_in_a_new_buffer() {
        assert_eq!(decode_two(["", ""], &mut DecodeBuffer::default()), Some([&[][..], &[]]));
        assert_eq!(decode_two(["AQ", ""], &mut DecodeBuffer::default()), Some([&[1][..], &[]]));
    }

    #[test]
    fn the_alphabets_differ_in_two_characters_and_in_padding() {
        assert_eq!((encode(&[0xFB, 0xF0]), encode_standard(&[0xFB, 0xF0])), ("-_A".into(), "+/A=".into()));
        let symbols: String = (0..=u8::MAX).filter(|byte| is_symbol(*byte)).map(char::from).collect();
        assert_eq!(symbols, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");
    }
}
