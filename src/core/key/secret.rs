//! Secrets: bytes that never show themselves, and the ways people write them down.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::fmt;
use zeroize::Zeroizing;

/// Secret bytes: no `Display`, a `Debug` that hides them, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Takes the bytes over.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes themselves. Every use of this word is a place to look at.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How a secret is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretFormat {
    /// The text is the secret; a file loses one trailing line break.
    Text,
    /// Base64 in either alphabet, padded or not.
    Base64,
    /// Base64 in the alphabet of URLs, padded or not.
    Base64url,
    /// Hexadecimal digits.
    Hex,
    /// Every byte counts.
    Raw,
}

impl SecretFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Text, Self::Base64, Self::Base64url, Self::Hex, Self::Raw];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
            Self::Hex => "hex",
            Self::Raw => "raw",
        }
    }

    /// Reads the bytes of a secret from how it is written. A text loses one trailing line break, as a file that an
    /// editor wrote has one; [`Raw`](Self::Raw) loses nothing.
    ///
    /// # Errors
    /// What the text is not; never what it is.
    pub fn read(self, written: &[u8]) -> Result<Secret, String> {
        match self {
            Self::Text => Ok(Secret::new(without_line_break(written).to_vec())),
            Self::Raw => Ok(Secret::new(written.to_vec())),
            Self::Base64 => {
                let written = without_white_space(written);
                let written = written.expose();
                let url = written.iter().any(|byte| matches!(byte, b'-' | b'_'));
                base64(if url { &URL_SAFE } else { &STANDARD }, written)
                    .ok_or_else(|| "the secret is not Base64".to_owned())
            }
            Self::Base64url => base64(&URL_SAFE, without_white_space(written).expose())
                .ok_or_else(|| "the secret is not Base64url".to_owned()),
            Self::Hex => hex(without_white_space(written).expose())
                .ok_or_else(|| "the secret is not an even number of hexadecimal digits".to_owned()),
        }
    }
}

/// The bytes without one trailing LF or CRLF.
#[must_use]
pub fn without_line_break(written: &[u8]) -> &[u8] {
    written.strip_suffix(b"\r\n").or_else(|| written.strip_suffix(b"\n")).unwrap_or(written)
}

/// What encoded bytes say: `base64` and `xxd` break their lines.
fn without_white_space(written: &[u8]) -> Secret {
    Secret::new(written.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect())
}

fn base64(alphabet: &base64::alphabet::Alphabet, written: &[u8]) -> Option<Secret> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config).decode(written).ok().map(Secret::new)
}

fn hex(written: &[u8]) -> Option<Secret> {
    let (pairs, rest) = written.as_chunks::<2>();
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let byte = |&[high, low]: &[u8; 2]| u8::try_from(nibble(high)? << 4 | nibble(low)?).ok();
    rest.is_empty().then(|| pairs.iter().map(byte).collect::<Option<Vec<u8>>>()).flatten().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: SecretFormat, written: &[u8]) -> Option<Vec<u8>> {
        format.read(written).ok().map(|secret| secret.expose().to_vec())
    }

    #[test]
    fn text_loses_exactly_one_line_break_and_raw_loses_nothing() {
        assert_eq!(read(SecretFormat::Text, b"s \n\n").unwrap(), b"s \n");
        assert_eq!(read(SecretFormat::Text, b"s\r\n").unwrap(), b"s");
        assert_eq!(read(SecretFormat::Raw, b"s\n").unwrap(), b"s\n");
    }

    #[test]
    fn base64_takes_both_alphabets_padded_or_not() {
        for written in ["+/8=", "+/8", "-_8=", "-_8", " -_8\n"] {
            assert_eq!(read(SecretFormat::Base64, written.as_bytes()).unwrap(), [0xFB, 0xFF], "{written}");
        }
        assert_eq!(read(SecretFormat::Base64url, b"-_8").unwrap(), [0xFB, 0xFF]);
        assert_eq!(read(SecretFormat::Base64url, b"+/8"), None);
        assert_eq!(read(SecretFormat::Base64, b"not base64!"), None);
    }

    #[test]
    fn hex_takes_either_case_and_whole_bytes() {
        assert_eq!(read(SecretFormat::Hex, b"00fFaB\n").unwrap(), [0x00, 0xFF, 0xAB]);
        assert_eq!(read(SecretFormat::Hex, b"0"), None);
        assert_eq!(read(SecretFormat::Hex, b"0g"), None);
    }

    #[test]
    fn an_error_never_repeats_the_secret() {
        assert!(!SecretFormat::Hex.read(b"hunter2").unwrap_err().contains("hunter2"));
        assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "Secret(…)");
    }
}
