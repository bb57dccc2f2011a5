//! Decodes Base64 as users have it: of either alphabet, with or without padding. Tokens are never decoded here.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Decodes Base64 of either alphabet, with or without padding, and with any line breaks. Returns `None` for an empty text.
pub(super) fn decode_lenient(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let standard: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte,
        })
        .collect();
    LENIENT.decode(standard).ok().filter(|bytes| !bytes.is_empty())
}

/// Reports whether a word begins like the Base64 of a token, or of a JSON object that may hold tokens, once or twice encoded.
pub(super) fn begins_like_wrapped(word: &[u8]) -> bool {
    // `eyJ`, `{"`, and `{` with white space after it, each encoded; then `eyJ` encoded twice.
    const BEGINNINGS: [&[u8]; 7] = [b"ZXlK", b"eyJ", b"eyA", b"ewo", b"ewk", b"ew0", b"WlhsS"];
    // The shortest token has more than forty characters.
    const SHORTEST: usize = 54;
    word.len() >= SHORTEST
        && BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
        && !word.contains(&b'.')
}

/// Decodes a word in Base64, with the characters of standard Base64 after it if they belong to it.
pub(super) fn decode_word(word: &[u8], tail: &[u8]) -> Option<Vec<u8>> {
    let decode = |bytes: &[u8]| decode_lenient(std::str::from_utf8(bytes).ok()?);
    if tail.is_empty() { decode(word) } else { decode(&[word, tail].concat()).or_else(|| decode(word)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_either_alphabet_with_and_without_padding() {
        for text in ["-_8=", "+/8=", "-_8", "+/\r\n8"] {
            assert_eq!(decode_lenient(text), Some(vec![0xfb, 0xff]), "{text}");
        }
        assert_eq!((decode_lenient(""), decode_lenient("a.b"), decode_lenient("a")), (None, None, None));
    }
}
