//! Compact serialization (RFC 7515 section 7.1): one text, its segments, the bytes they hold and the signing input.
//! It decodes and never repairs; what is signed is the text received, not something written again.

use super::base64url;
use crate::core::reason::{Failure, Malformed};
use std::borrow::Cow;
use std::fmt::Write as _;

/// How many bytes a token may have unless its reader says otherwise.
pub const MAX_SIZE: usize = 1 << 20;

/// `BASE64URL(header) || '.' || BASE64URL(payload)`, the bytes that are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningInput<'t>(&'t str);

impl<'t> SigningInput<'t> {
    /// Takes text that is already in that form.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self(text)
    }

    /// The bytes to sign.
    #[must_use]
    pub const fn as_bytes(self) -> &'t [u8] {
        self.0.as_bytes()
    }
}

/// A segment that was decoded before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodedSegment<'t> {
    /// As received.
    pub encoded: &'t str,
    /// What it stands for.
    pub bytes: &'t [u8],
}

/// One segment: its text and the bytes it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'t> {
    /// As received.
    pub encoded: &'t str,
    /// Decoded, or why it cannot be.
    pub decoded: Result<Cow<'t, [u8]>, base64url::Base64urlError>,
}

impl<'t> Segment<'t> {
    fn new(encoded: &'t str) -> Self {
        Self { encoded, decoded: base64url::decode(encoded).map(Cow::Owned) }
    }

    /// One that need not be decoded again, if it is the known one.
    fn known(encoded: &'t str, known: Option<DecodedSegment<'t>>) -> Self {
        match known.filter(|known| known.encoded == encoded) {
            Some(known) => Self { encoded, decoded: Ok(Cow::Borrowed(known.bytes)) },
            None => Self::new(encoded),
        }
    }

    /// The decoded bytes; empty if there are none.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or_default()
    }
}

/// Three segments (a JWS) or five (a JWE, RFC 7516 section 7.1), taken apart and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compact<'t> {
    /// Signed.
    Jws {
        /// The whole text.
        text: &'t str,
        /// The JOSE Header.
        header: Segment<'t>,
        /// The payload.
        payload: Segment<'t>,
        /// The signature.
        signature: Segment<'t>,
    },
    /// Encrypted: only its header can be read.
    Jwe {
        /// The whole text.
        text: &'t str,
        /// The JOSE Header.
        header: Segment<'t>,
        /// The characters of the other four segments: encrypted key, initialization vector, ciphertext, tag.
        sizes: [usize; 4],
    },
}

impl<'t> Compact<'t> {
    /// Takes a token apart. `max_size` limits its length in bytes.
    ///
    /// # Errors
    /// `too_large`, `charset` or `segments`. A segment that does not decode is no error here: the others can
    /// still be shown, and the fault is kept in it.
    pub fn parse(token: &'t [u8], max_size: usize) -> Result<Self, Failure> {
        Self::parse_with_header(None, token, max_size)
    }

    /// Takes a token apart whose header was met before, perhaps.
    ///
    /// # Errors
    /// As those of [`parse`](Self::parse).
    pub fn parse_with_header(
        known: Option<DecodedSegment<'t>>,
        token: &'t [u8],
        max_size: usize,
    ) -> Result<Self, Failure> {
        if token.len() > max_size {
            return Err(too_large(token.len() as u64, max_size));
        }
        let Ok(text) = std::str::from_utf8(token) else {
            check_charset(token)?;
            return Err(Failure::malformed(Malformed::Segments, "no text"));
        };
        let mut dots = memchr::memchr_iter(b'.', token);
        let compact = match (dots.next(), dots.next(), dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None, ..) => {
                let (header, payload, signature) =
                    (text.get(..first), text.get(first + 1..second), text.get(second + 1..));
                Self::Jws {
                    text,
                    header: Segment::known(header.unwrap_or_default(), known),
                    payload: Segment::new(payload.unwrap_or_default()),
                    signature: Segment::new(signature.unwrap_or_default()),
                }
            }
            (Some(header), Some(key), Some(iv), Some(ciphertext), None) => Self::Jwe {
                text,
                header: Segment::new(text.get(..header).unwrap_or_default()),
                sizes: [key - header - 1, iv - key - 1, ciphertext - iv - 1, token.len() - ciphertext - 1],
            },
            _ => {
                check_charset(token)?;
                return Err(Failure::malformed(Malformed::Segments, count(text)));
            }
        };
        // What was decoded holds nothing foreign: only then need no byte be looked at again.
        if !compact.is_decoded() {
            check_charset(token)?;
        }
        Ok(compact)
    }

    /// The whole text, as received.
    #[must_use]
    pub const fn text(&self) -> &'t str {
        match self {
            Self::Jws { text, .. } | Self::Jwe { text, .. } => text,
        }
    }

    /// Whether it is a JWS with nothing but Base64url in it.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        match self {
            Self::Jws { header, payload, signature, .. } => {
                [header, payload, signature].iter().all(|segment| segment.decoded.is_ok())
            }
            Self::Jwe { .. } => false,
        }
    }

    /// The segment of the JOSE Header.
    #[must_use]
    pub const fn header(&self) -> &Segment<'t> {
        match self {
            Self::Jws { header, .. } | Self::Jwe { header, .. } => header,
        }
    }
}

/// That a token is larger than it may be.
#[must_use]
pub fn too_large(size: u64, max_size: usize) -> Failure {
    Failure::malformed(Malformed::TooLarge, format!("{size} bytes, and {max_size} are allowed"))
}

/// Everything before the last dot of a JWS.
#[must_use]
pub fn signing_input(text: &str) -> SigningInput<'_> {
    SigningInput(text.rsplit_once('.').map_or(text, |(input, _)| input))
}

fn check_charset(token: &[u8]) -> Result<(), Failure> {
    match token.iter().position(|&byte| byte != b'.' && !base64url::is_symbol(byte)) {
        Some(offset) => Err(Failure::malformed(Malformed::Charset, stray(token, offset))),
        None => Ok(()),
    }
}

fn count(text: &str) -> String {
    match text.split('.').count() {
        1 => "one segment, a JWT has three".to_owned(),
        segments => format!("{segments} segments, a JWT has three"),
    }
}

/// Describes the byte that does not belong: as a character where it is one, as a number where it is not.
fn stray(token: &[u8], offset: usize) -> String {
    let mut detail = format!("at offset {offset}: ");
    let (head, rest) = token.split_at(offset);
    let tail = rest.get(..4.min(rest.len())).unwrap_or_default();
    let character = tail.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let segment = head.iter().filter(|&&byte| byte == b'.').count() + 1;
    // A String takes every write.
    let _ = match character {
        Some('=') => write!(detail, "`=`, and Base64url has no padding"),
        Some(c @ ('+' | '/')) => write!(detail, "`{c}` is of the other Base64 alphabet"),
        Some(c) if c.is_whitespace() => {
            write!(detail, "white space (U+{:04X}) inside the token", u32::from(c))
        }
        Some(c) if crate::core::text::escape::is_hostile(c) => {
            write!(detail, "the character U+{:04X}", u32::from(c))
        }
        Some(c) => write!(detail, "`{c}`"),
        None => write!(detail, "the byte 0x{:02X}", rest.first().copied().unwrap_or_default()),
    };
    let _ = write!(detail, " (segment {segment})");
    detail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(token: &[u8]) -> String {
        let failure = Compact::parse(token, 100).unwrap_err();
        format!("{} {}", failure.reason, failure.detail)
    }

    #[test]
    fn splits_three_segments_and_keeps_the_bytes_that_are_signed() {
        let Ok(Compact::Jws { text, header, payload, signature }) = Compact::parse(b"e30.e30.AQI", 100)
        else {
            panic!("a JWS");
        };
        assert_eq!(
            (header.bytes(), payload.bytes(), signature.bytes()),
            (&b"{}"[..], &b"{}"[..], &[1, 2][..])
        );
        assert_eq!(signing_input(text).as_bytes(), b"e30.e30");
    }

    #[test]
    fn five_segments_are_a_jwe() {
        let Ok(Compact::Jwe { sizes, .. }) = Compact::parse(b"e30.ab..cde.f", 100) else { panic!("a JWE") };
        assert_eq!(sizes, [2, 0, 3, 1]);
    }

    #[test]
    fn any_other_count_is_malformed() {
        assert_eq!(fault(b""), "malformed:segments one segment, a JWT has three");
        assert_eq!(fault(b"."), "malformed:segments 2 segments, a JWT has three");
        assert_eq!(fault(b"a.b.c.d"), "malformed:segments 4 segments, a JWT has three");
        assert_eq!(fault(b"a.b.c.d.e.f"), "malformed:segments 6 segments, a JWT has three");
    }

    #[test]
    fn one_stray_byte_is_named_with_its_place() {
        assert_eq!(
            fault(b"e3 0.e30.AQ"),
            "malformed:charset at offset 2: white space (U+0020) inside the token (segment 1)"
        );
        assert_eq!(
            fault(b"e30.e30=.AQ"),
            "malformed:charset at offset 7: `=`, and Base64url has no padding (segment 2)"
        );
        assert_eq!(fault(b"e30.e30.A\xff"), "malformed:charset at offset 9: the byte 0xFF (segment 3)");
        assert_eq!(fault("e30.é".as_bytes()), "malformed:charset at offset 4: `é` (segment 2)");
    }

    #[test]
    fn a_token_over_the_limit_is_too_large() {
        assert_eq!(fault(&[b'a'; 101]), "malformed:too_large 101 bytes, and 100 are allowed");
    }
}
