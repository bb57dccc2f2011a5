//! Compact serialization (RFC 7515 section 7.1): the text of a token, its segments and its signing input.
//! This file decodes and never repairs. The signing input is the text as received; it is never written again.

use super::base64url::{self, DecodeBuffer};
use super::header::JoseHeader;
use crate::core::reason::{Failure, Malformed};
use crate::core::text::utf8;
use std::borrow::Cow;
use std::fmt::Write as _;

/// The default limit of a token, in bytes.
pub const MAX_SIZE: usize = 1 << 20;

/// The JWS Signing Input (RFC 7515 section 2): `BASE64URL(header) || '.' || BASE64URL(payload)`, as received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningInput<'t>(&'t [u8]);

impl<'t> SigningInput<'t> {
    /// Returns a signing input of text that is already in that form.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self(text.as_bytes())
    }

    /// Returns a signing input of bytes in that form. An unencoded payload need not be text (RFC 7797 section 5).
    #[must_use]
    pub const fn from_bytes(bytes: &'t [u8]) -> Self {
        Self(bytes)
    }

    /// Returns the bytes that are signed.
    #[must_use]
    pub const fn as_bytes(self) -> &'t [u8] {
        self.0
    }
}

/// The choice whether `=` padding may end a segment. RFC 7515 section 2 forbids it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// Padding is an error.
    #[default]
    Refused,
    /// Padding that fills the last group of four characters is allowed. The signature is verified over the text as received.
    Allowed,
}

/// Returns a segment without its padding, if that padding is exactly what Base64 needs.
fn without_padding(encoded: &str) -> &str {
    let digits = encoded.trim_end_matches('=');
    let padding = encoded.len() - digits.len();
    if padding <= 2 && encoded.len().is_multiple_of(4) { digits } else { encoded }
}

/// A segment that is already decoded. Many tokens share one header, so its decoding is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodedSegment<'t> {
    /// The text as received.
    pub encoded: &'t str,
    /// The decoded bytes.
    pub bytes: &'t [u8],
}

/// One segment: its text and its decoded bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment<'t> {
    /// The text as received.
    pub encoded: &'t str,
    /// The decoded bytes, or why the text is not Base64url.
    pub decoded: Result<Cow<'t, [u8]>, base64url::Base64urlError>,
}

impl<'t> Segment<'t> {
    /// Decodes a segment.
    fn new(encoded: &'t str, padding: Padding) -> Self {
        let digits = match padding {
            Padding::Refused => encoded,
            Padding::Allowed => without_padding(encoded),
        };
        Self { encoded, decoded: base64url::decode(digits).map(Cow::Owned) }
    }

    /// Returns the known segment if its text is the same; decodes the text otherwise.
    fn known(encoded: &'t str, known: Option<DecodedSegment<'t>>, padding: Padding) -> Self {
        match known.filter(|known| known.encoded == encoded) {
            Some(known) => Self { encoded, decoded: Ok(Cow::Borrowed(known.bytes)) },
            None => Self::new(encoded, padding),
        }
    }

    /// Reports whether the decoded bytes are those of a known segment with the same text.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        matches!(self.decoded, Ok(Cow::Borrowed(_)))
    }

    /// Returns the decoded bytes; empty if the segment does not decode.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or_default()
    }
}

/// A parsed compact serialization: three segments (JWS) or five (JWE, RFC 7516 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compact<'t> {
    /// A signed token.
    Jws {
        /// The whole text.
        text: &'t str,
        /// The JOSE header.
        header: Segment<'t>,
        /// The payload.
        payload: Segment<'t>,
        /// The signature.
        signature: Segment<'t>,
    },
    /// An encrypted token. Only its header can be read.
    Jwe {
        /// The whole text.
        text: &'t str,
        /// The JOSE header.
        header: Segment<'t>,
        /// The lengths of the other four segments in characters: encrypted key, initialization vector, ciphertext, tag.
        sizes: [usize; 4],
    },
}

impl<'t> Compact<'t> {
    /// Parses a token. `max_size` limits its length in bytes.
    ///
    /// # Errors
    /// Returns `too_large`, `charset` or `segments`. A segment that does not decode is not an error here: it holds its own
    /// error, and reports can still show the other segments.
    pub fn parse(token: &'t [u8], max_size: usize) -> Result<Self, Failure> {
        Self::parse_with_header(None, token, max_size, Padding::Refused)
    }

    /// Parses a token, and decodes its header only if it differs from a known header.
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_with_header(
        known: Option<DecodedSegment<'t>>,
        token: &'t [u8],
        max_size: usize,
        padding: Padding,
    ) -> Result<Self, Failure> {
        let compact = Self::split(known, token, max_size, padding)?;
        // Segments that decode hold only characters of the alphabet, so there is nothing left to check.
        if !compact.is_decoded() {
            check_charset(token)?;
        }
        Ok(compact)
    }

    /// Parses a token to show it. A payload may stand in it as it is, if the header has `b64` false (RFC 7797 section 5.2).
    ///
    /// # Errors
    /// Returns the errors of [`parse`](Self::parse).
    pub fn parse_to_show(token: &'t [u8], max_size: usize) -> Result<Self, Failure> {
        let compact = Self::split(None, token, max_size, Padding::Refused)?;
        if !compact.is_decoded() && !compact.has_unencoded_payload() {
            check_charset(token)?;
        }
        Ok(compact)
    }

    /// Splits a token into its segments. The characters of a segment that does not decode are not checked.
    fn split(
        known: Option<DecodedSegment<'t>>,
        token: &'t [u8],
        max_size: usize,
        padding: Padding,
    ) -> Result<Self, Failure> {
        if token.len() > max_size {
            return Err(too_large(token.len() as u64, max_size));
        }
        let Some(text) = utf8::checked(token) else {
            check_charset(token)?;
            return Err(not_text());
        };
        let mut dots = memchr::memchr_iter(b'.', token);
        Ok(match (dots.next(), dots.next(), dots.next(), dots.next(), dots.next()) {
            (Some(first), Some(second), None, ..) => {
                let (header, payload, signature) =
                    (text.get(..first), text.get(first + 1..second), text.get(second + 1..));
                Self::Jws {
                    text,
                    header: Segment::known(header.unwrap_or_default(), known, padding),
                    payload: Segment::new(payload.unwrap_or_default(), padding),
                    signature: Segment::new(signature.unwrap_or_default(), padding),
                }
            }
            // Three dots in a row are the ellipsis of a text that is cut short: no JWE lacks two segments side by side.
            (Some(header), Some(key), Some(iv), Some(ciphertext), None) if !text.contains("...") => {
                Self::Jwe {
                    text,
                    header: Segment::new(text.get(..header).unwrap_or_default(), Padding::Refused),
                    sizes: [
                        key - header - 1,
                        iv - key - 1,
                        ciphertext - iv - 1,
                        token.len() - ciphertext - 1,
                    ],
                }
            }
            _ => {
                check_charset(token)?;
                return Err(Failure::malformed(Malformed::Segments, count(text)));
            }
        })
    }

    /// Returns an encrypted token of five parts that are known to be Base64url. Each of them may be empty.
    pub(super) fn of_recipient(text: &'t str) -> Self {
        let mut segments = text.split('.');
        let header = Segment::new(segments.next().unwrap_or_default(), Padding::Refused);
        Self::Jwe { text, header, sizes: std::array::from_fn(|_| segments.next().map_or(0, str::len)) }
    }

    /// Returns the whole text as received.
    #[must_use]
    pub const fn text(&self) -> &'t str {
        match self {
            Self::Jws { text, .. } | Self::Jwe { text, .. } => text,
        }
    }

    /// Reports whether the token is a JWS whose three segments are Base64url.
    #[must_use]
    pub fn is_decoded(&self) -> bool {
        match self {
            Self::Jws { header, payload, signature, .. } => {
                [header, payload, signature].iter().all(|segment| segment.decoded.is_ok())
            }
            Self::Jwe { .. } => false,
        }
    }

    /// Reports whether the payload stands in the token as it is: its header says so, and it is printable ASCII (RFC 7797
    /// section 5.2).
    fn has_unencoded_payload(&self) -> bool {
        let Self::Jws { header, payload, signature, .. } = self else { return false };
        signature.decoded.is_ok()
            && payload.encoded.bytes().all(|byte| (b' '..=b'~').contains(&byte))
            && JoseHeader::parse(header.bytes()).is_ok_and(|header| header.is_unencoded())
    }

    /// Returns the segment of the JOSE header.
    #[must_use]
    pub const fn header(&self) -> &Segment<'t> {
        match self {
            Self::Jws { header, .. } | Self::Jwe { header, .. } => header,
        }
    }
}

/// A sound token that begins with a known header, split and decoded into a buffer that the caller keeps: the plain path of a long
/// run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownToken<'t> {
    header: DecodedSegment<'t>,
    token: &'t [u8],
    /// The offset of the dot before the signature.
    dot: usize,
    payload: &'t [u8],
    signature: &'t [u8],
}

impl<'t> KnownToken<'t> {
    /// Parses a token. The header and one dot settle the segments, since another dot does not decode. Returns `None` for every
    /// other text; [`Compact::parse`] tells the reason.
    #[inline]
    #[must_use]
    pub fn parse(
        header: DecodedSegment<'t>,
        token: &'t [u8],
        max_size: usize,
        buffer: &'t mut DecodeBuffer,
    ) -> Option<Self> {
        if token.len() > max_size {
            return None;
        }
        let rest = token.strip_prefix(header.encoded.as_bytes())?.strip_prefix(b".")?;
        // The signatures of one header mostly have the same length. A guess takes 60 instructions less than a search, and does no
        // harm: a dot in the payload or in the signature does not decode.
        let guess = rest.len().wrapping_sub(buffer.signature + 1);
        let dot = match rest.get(guess) {
            Some(b'.') => guess,
            _ => memchr::memrchr(b'.', rest)?,
        };
        let (payload, signature) = rest.split_at_checked(dot)?;
        let signature = signature.strip_prefix(b".")?;
        let dot = token.len() - signature.len() - 1;
        // Only ASCII decodes, so the token is text. It is not looked at again.
        let [payload, signature] = base64url::decode_two([payload, signature], buffer)?;
        Some(Self { header, token, dot, payload, signature })
    }

    /// Returns the bytes that are signed.
    #[inline]
    #[must_use]
    pub fn signing_input(&self) -> SigningInput<'t> {
        SigningInput(self.token.get(..self.dot).unwrap_or_default())
    }

    /// Returns the decoded payload.
    #[inline]
    #[must_use]
    pub const fn payload(&self) -> &'t [u8] {
        self.payload
    }

    /// Returns the decoded signature.
    #[inline]
    #[must_use]
    pub const fn signature(&self) -> &'t [u8] {
        self.signature
    }

    /// Returns the token with its segments.
    ///
    /// # Errors
    /// Returns `segments` if the token is not text. Such a token does not decode.
    pub fn compact(&self) -> Result<Compact<'t>, Failure> {
        let Some(text) = utf8::checked(self.token) else { return Err(not_text()) };
        let segment = |encoded: Option<&'t str>, bytes| {
            let encoded = encoded.unwrap_or_default();
            Segment { encoded, decoded: Ok(Cow::Borrowed(bytes)) }
        };
        Ok(Compact::Jws {
            text,
            header: segment(Some(self.header.encoded), self.header.bytes),
            payload: segment(text.get(self.header.encoded.len() + 1..self.dot), self.payload),
            signature: segment(text.get(self.dot + 1..), self.signature),
        })
    }
}

/// Returns the failure of bytes that are not text.
fn not_text() -> Failure {
    Failure::malformed(Malformed::Segments, "not UTF-8 text")
}

/// Returns the failure of a token that is larger than the limit.
#[must_use]
pub fn too_large(size: u64, max_size: usize) -> Failure {
    Failure::malformed(Malformed::TooLarge, format!("{size} bytes, but the limit is {max_size}"))
}

/// Returns the signing input of a JWS: everything before its last dot.
#[must_use]
pub fn signing_input(text: &str) -> SigningInput<'_> {
    let dot = memchr::memrchr(b'.', text.as_bytes());
    SigningInput::new(dot.and_then(|dot| text.get(..dot)).unwrap_or(text))
}

/// Returns the signing input of a JWS whose last segment is known.
#[must_use]
pub fn signing_input_before<'t>(text: &'t str, signature: &Segment<'_>) -> SigningInput<'t> {
    let input = text.strip_suffix(signature.encoded).and_then(|text| text.strip_suffix('.'));
    input.map_or_else(|| signing_input(text), SigningInput::new)
}

/// Fails at the first character that is neither a dot nor Base64url.
fn check_charset(token: &[u8]) -> Result<(), Failure> {
    match token.iter().position(|&byte| byte != b'.' && !base64url::is_symbol(byte)) {
        Some(offset) => Err(Failure::malformed(Malformed::Charset, stray(token, offset))),
        None => Ok(()),
    }
}

/// Returns the number of segments in words.
fn count(text: &str) -> String {
    match text.split('.').count() {
        1 if text.is_empty() => "empty text, but a JWT has three segments".to_owned(),
        1 => "one segment, but a JWT has three".to_owned(),
        segments => format!("{segments} segments, but a JWT has three"),
    }
}

/// Describes a stray byte: as a character if it is UTF-8, else as a number.
fn stray(token: &[u8], offset: usize) -> String {
    let mut detail = format!("at offset {offset}: ");
    let (head, rest) = token.split_at(offset);
    let tail = rest.get(..4.min(rest.len())).unwrap_or_default();
    let character = tail.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let segment = head.iter().filter(|&&byte| byte == b'.').count() + 1;
    // Writing to a String cannot fail.
    let _ = match character {
        Some('=') => write!(detail, "`=`, but Base64url has no padding"),
        Some(c @ ('+' | '/')) => write!(detail, "`{c}` belongs to standard Base64, not to Base64url"),
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

    fn error(token: &[u8]) -> String {
        let failure = Compact::parse(token, 100).unwrap_err();
        format!("{} {}", failure.reason, failure.detail)
    }

    #[test]
    fn splits_three_segments_and_keeps_the_signing_input() {
        let Ok(Compact::Jws { text, header, payload, signature }) = Compact::parse(b"e30.e30.AQI", 100)
        else {
            panic!("a JWS");
        };
        assert_eq!(
            (header.bytes(), payload.bytes(), signature.bytes()),
            (&b"{}"[..], &b"{}"[..], &[1, 2][..])
        );
        assert_eq!(signing_input(text).as_bytes(), b"e30.e30");
        assert_eq!(signing_input_before(text, &signature), signing_input(text));
    }

    #[test]
    fn parses_the_same_tokens_with_a_known_header() {
        let known = DecodedSegment { encoded: "e30", bytes: b"{}" };
        let mut buffer = DecodeBuffer::default();
        let pieces: [&[u8]; 12] =
            [b"e30", b".", b"e31", b"..", b"AQI", b"A", b"AR", b"=", b"", b"\xff", b"AQIDBAUGBwgJ", b" "];
        let mut parsed = 0;
        for number in 0..12_usize.pow(5) {
            let token = (0..5).flat_map(|place| pieces[number / 12_usize.pow(place) % 12]).copied();
            let token: Vec<u8> = token.collect();
            let plain = Compact::parse(&token, 30).ok().filter(Compact::is_decoded);
            let plain = plain.filter(|compact| compact.header().encoded == "e30");
            let fast = KnownToken::parse(known, &token, 30, &mut buffer);
            assert_eq!(fast.and_then(|fast| fast.compact().ok()), plain, "{token:?}");
            if let Some((Compact::Jws { text, signature, payload, .. }, fast)) = plain.zip(fast) {
                assert_eq!(signing_input_before(text, &signature), signing_input(text));
                assert_eq!(fast.signing_input(), signing_input(text));
                assert_eq!((fast.payload(), fast.signature()), (payload.bytes(), signature.bytes()));
                parsed += 1;
            }
        }
        assert!(parsed > 200, "{parsed}");
    }

    #[test]
    fn five_segments_are_a_jwe() {
        let Ok(Compact::Jwe { sizes, .. }) = Compact::parse(b"e30.ab..cde.f", 100) else { panic!("a JWE") };
        assert_eq!(sizes, [2, 0, 3, 1]);
    }

    #[test]
    fn an_ellipsis_makes_no_jwe() {
        for text in ["e30.ab...", "e30...ab.f", "e30.ab...f", "e30...."] {
            assert_eq!(
                error(text.as_bytes()),
                "malformed:segments 5 segments, but a JWT has three",
                "{text}"
            );
        }
    }

    #[test]
    fn rejects_any_other_number_of_segments() {
        assert_eq!(error(b""), "malformed:segments empty text, but a JWT has three segments");
        assert_eq!(error(b"."), "malformed:segments 2 segments, but a JWT has three");
        assert_eq!(error(b"a.b.c.d"), "malformed:segments 4 segments, but a JWT has three");
        assert_eq!(error(b"a.b.c.d.e.f"), "malformed:segments 6 segments, but a JWT has three");
    }

    #[test]
    fn names_a_stray_byte_and_its_offset() {
        assert_eq!(
            error(b"e3 0.e30.AQ"),
            "malformed:charset at offset 2: white space (U+0020) inside the token (segment 1)"
        );
        assert_eq!(
            error(b"e30.e30=.AQ"),
            "malformed:charset at offset 7: `=`, but Base64url has no padding (segment 2)"
        );
        assert_eq!(error(b"e30.e30.A\xff"), "malformed:charset at offset 9: the byte 0xFF (segment 3)");
        assert_eq!(error("e30.é".as_bytes()), "malformed:charset at offset 4: `é` (segment 2)");
    }

    #[test]
    fn a_payload_stands_as_it_is_only_if_the_header_says_so() {
        let token = |header: &str, payload: &str| {
            let header = base64url::encode(header.as_bytes());
            let token = format!("{header}.{payload}.AQI");
            Compact::parse_to_show(token.as_bytes(), 100)
                .map(|_| ())
                .map_err(|failure| failure.reason.to_string())
        };
        let unencoded = r#"{"b64":false}"#;
        for payload in [" {\"a\":[1]}~", "a=", "="] {
            assert_eq!(token(unencoded, payload), Ok(()));
            for header in ["{}", r#"{"b64":true}"#, r#"{"b64":"false"}"#, "[]"] {
                assert_eq!(token(header, payload), Err("malformed:charset".to_owned()), "{header}");
            }
        }
        for payload in ["a\nb", "é", "a\u{7f}"] {
            assert_eq!(token(unencoded, payload), Err("malformed:charset".to_owned()));
        }
        assert_eq!(token(unencoded, "a.b"), Err("malformed:segments".to_owned()));
    }

    #[test]
    fn rejects_a_token_over_the_limit() {
        assert_eq!(error(&[b'a'; 101]), "malformed:too_large 101 bytes, but the limit is 100");
    }

    #[test]
    fn removes_only_the_padding_that_fills_the_last_group() {
        for (encoded, expected) in [
            ("AQ==", "AQ"),
            ("AQI=", "AQI"),
            ("AQID", "AQID"),
            ("AQ=", "AQ="),
            ("A===", "A==="),
            ("AQID====", "AQID===="),
            ("AQI", "AQI"),
        ] {
            assert_eq!(without_padding(encoded), expected);
        }
    }

    #[test]
    fn a_known_segment_has_the_same_text() {
        let known = DecodedSegment { encoded: "AQ", bytes: b"kept" };
        let segment = |text| {
            let segment = Segment::known(text, Some(known), Padding::Refused);
            (segment.is_known(), segment.bytes().to_vec())
        };
        assert_eq!(segment("AQ"), (true, b"kept".to_vec()));
        assert_eq!(segment("Ag"), (false, vec![2]));
    }

    #[test]
    fn the_limit_of_size_is_the_largest_size() {
        let token = b"e30.e30.AQI";
        assert_eq!(Compact::parse(token, token.len()).unwrap().text(), "e30.e30.AQI");
        assert!(Compact::parse(token, token.len() - 1).is_err());
        let known = DecodedSegment { encoded: "e30", bytes: b"{}" };
        let is_parsed = |size| {
            KnownToken::parse(known, token, size, &mut DecodeBuffer::default())
                .is_some_and(|known| known.compact() == Compact::parse(token, 100))
        };
        assert_eq!((is_parsed(token.len()), is_parsed(token.len() - 1)), (true, false));
    }

    #[test]
    fn counts_the_bytes_of_the_segments_of_an_encrypted_token() {
        let Ok(Compact::Jwe { sizes, .. }) = Compact::parse(b"e30.a.bcd.efghi.jklmnop", 100) else {
            panic!("a JWE");
        };
        assert_eq!(sizes, [1, 3, 5, 7]);
    }

    #[test]
    fn names_hostile_characters_by_their_code_point() {
        assert_eq!(
            error("e30.e\u{202E}30.AQI".as_bytes()),
            "malformed:charset at offset 5: the character U+202E (segment 2)"
        );
        assert_eq!(error(b"e30"), "malformed:segments one segment, but a JWT has three");
        assert_eq!(error(b""), "malformed:segments empty text, but a JWT has three segments");
    }
}
