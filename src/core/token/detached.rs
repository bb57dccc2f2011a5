//! A detached payload (RFC 7515 appendix F), encoded or not (RFC 7797), and its signing input. This file reads no files and
//! verifies nothing.

use super::base64url;
use super::header::JoseHeader;
use super::jws::{Compact, SigningInput};

/// The encoding of a payload in the signing input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PayloadEncoding {
    /// As Base64url (RFC 7515 section 2).
    #[default]
    Base64url,
    /// As it is: the header has `b64` false (RFC 7797 section 3).
    Unencoded,
}

impl PayloadEncoding {
    /// Returns the encoding that a header asks for. Whether the header may ask for it is a check of its own.
    #[must_use]
    pub fn from_header(header: &JoseHeader<'_>) -> Self {
        if header.is_unencoded() { Self::Unencoded } else { Self::Base64url }
    }

    /// Returns the encoding that the header of a token asks for. A header that cannot be read asks for nothing.
    #[must_use]
    pub fn of(compact: &Compact<'_>) -> Self {
        JoseHeader::parse(compact.header().bytes())
            .map_or(Self::Base64url, |header| Self::from_header(&header))
    }
}

/// A payload that is given apart from its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetachedPayload {
    /// The length of the payload in bytes.
    pub length: u64,
    /// The payload, unless it was too large to be held.
    content: Option<HeldPayload>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct HeldPayload {
    bytes: Vec<u8>,
    signing_input: Vec<u8>,
}

impl DetachedPayload {
    /// Returns the payload of a token, with the signing input that both make.
    #[must_use]
    pub fn held(compact: &Compact<'_>, bytes: Vec<u8>) -> Self {
        Self::encoded(compact, bytes, PayloadEncoding::of(compact))
    }

    /// Returns the payload of a token in this encoding, without regard to its header.
    #[must_use]
    pub fn encoded(compact: &Compact<'_>, bytes: Vec<u8>, encoding: PayloadEncoding) -> Self {
        let mut signing_input = begin(compact.header().encoded);
        match encoding {
            PayloadEncoding::Unencoded => signing_input.extend_from_slice(&bytes),
            PayloadEncoding::Base64url => {
                signing_input.extend_from_slice(base64url::encode(&bytes).as_bytes());
            }
        }
        Self { length: bytes.len() as u64, content: Some(HeldPayload { bytes, signing_input }) }
    }

    /// Returns a payload of this length that was read in pieces.
    #[must_use]
    pub const fn streamed(length: u64) -> Self {
        Self { length, content: None }
    }

    /// Returns the payload, unless it was read in pieces.
    #[must_use]
    pub fn bytes(&self) -> Option<&[u8]> {
        self.content.as_ref().map(|content| &*content.bytes)
    }

    /// Returns the signing input, unless the payload was read in pieces.
    #[must_use]
    pub fn signing_input(&self) -> Option<SigningInput<'_>> {
        self.content.as_ref().map(|content| SigningInput::from_bytes(&content.signing_input))
    }
}

/// Returns the beginning of a signing input: the encoded header and a dot.
fn begin(header: &str) -> Vec<u8> {
    [header, "."].concat().into_bytes()
}

/// A stream of the signing input for a payload that comes in pieces.
#[derive(Clone, Debug)]
pub struct SigningInputStream {
    encoding: PayloadEncoding,
    /// The bytes that do not fill a group of Base64url yet, at most two.
    rest: Vec<u8>,
    length: u64,
}

impl SigningInputStream {
    /// Begins a signing input, and returns its first bytes.
    #[must_use]
    pub fn new(encoded_header: &str, encoding: PayloadEncoding) -> (Self, Vec<u8>) {
        (Self { encoding, rest: Vec::new(), length: 0 }, begin(encoded_header))
    }

    /// Takes the next bytes of the payload, and passes the bytes of the signing input on.
    pub fn update(&mut self, piece: &[u8], mut pass_on: impl FnMut(&[u8])) {
        const GROUP: usize = 3;
        self.length += piece.len() as u64;
        if self.encoding == PayloadEncoding::Unencoded {
            return pass_on(piece);
        }
        let missing = (GROUP - self.rest.len()) % GROUP;
        let (first, piece) = piece.split_at(missing.min(piece.len()));
        self.rest.extend_from_slice(first);
        if self.rest.len() == GROUP {
            pass_on(base64url::encode(&self.rest).as_bytes());
            self.rest.clear();
        }
        let (whole, rest) = piece.split_at(piece.len() - piece.len() % GROUP);
        pass_on(base64url::encode(whole).as_bytes());
        self.rest.extend_from_slice(rest);
    }

    /// Ends the payload: passes the last bytes of the signing input on, and returns the length of the payload in bytes.
    pub fn finish(self, pass_on: impl FnOnce(&[u8])) -> u64 {
        pass_on(base64url::encode(&self.rest).as_bytes());
        self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streamed(payload: &[u8], size: usize, encoding: PayloadEncoding) -> (Vec<u8>, u64) {
        let (mut stream, mut input) = SigningInputStream::new("e30", encoding);
        for piece in payload.chunks(size) {
            stream.update(piece, |bytes| input.extend_from_slice(bytes));
        }
        let mut end = Vec::new();
        let length = stream.finish(|bytes| end.extend_from_slice(bytes));
        (input.into_iter().chain(end).collect(), length)
    }

    #[test]
    fn a_signing_input_in_pieces_is_that_of_the_whole() {
        let payload: Vec<u8> = (0..=255).collect();
        for length in [0, 1, 2, 3, 4, 5, 255, 256] {
            let payload = &payload[..length];
            for size in [1, 2, 3, 4, 7, 64, 1000] {
                let encoded = [b"e30.", base64url::encode(payload).as_bytes()].concat();
                let (input, read) = streamed(payload, size, PayloadEncoding::Base64url);
                assert_eq!((input, read), (encoded, length as u64), "{length} in pieces of {size}");
                let (input, _) = streamed(payload, size, PayloadEncoding::Unencoded);
                assert_eq!(input, [b"e30.", payload].concat(), "{length} in pieces of {size}");
            }
        }
    }

    #[test]
    fn the_header_decides_how_the_payload_is_written() {
        let input = |header: &str| {
            let token = format!("{}..AA", base64url::encode(header.as_bytes()));
            let compact = Compact::parse(token.as_bytes(), 1000).unwrap();
            let payload = DetachedPayload::held(&compact, b"$.02".to_vec());
            let input = String::from_utf8(payload.signing_input().unwrap().as_bytes().to_vec()).unwrap();
            input.split_once('.').unwrap().1.to_owned()
        };
        assert_eq!(input(r#"{"alg":"HS256"}"#), "JC4wMg");
        assert_eq!(input(r#"{"alg":"HS256","b64":true}"#), "JC4wMg");
        assert_eq!(input(r#"{"alg":"HS256","b64":false}"#), "$.02");
        assert_eq!(input(r#"{"alg":"HS256","b64":"false"}"#), "JC4wMg");
        assert_eq!(input("[]"), "JC4wMg");
    }
}
