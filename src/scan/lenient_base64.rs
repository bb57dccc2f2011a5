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
