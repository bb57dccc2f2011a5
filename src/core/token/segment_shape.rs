//! Tells by its first segment whether a text looks like a token. Nothing is judged.

use crate::core::json::{self, Value};
use crate::core::token::base64url;

/// A segment that decodes to a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SegmentShape {
    /// The header of a JWS: two segments follow.
    Signed,
    /// The header of a JWE, which names its encryption in `enc`: four segments follow.
    Encrypted,
    /// An object without any JOSE header parameter that identifies a header.
    OtherObject,
}

impl SegmentShape {
    /// Returns the shape of a segment, or `None` if it does not decode to a JSON object.
    #[must_use]
    pub fn from_segment(segment: &[u8]) -> Option<Self> {
        // Base64url of `{` and any character begins in one of few ways; most text is refused here.
        if !matches!(segment, [b'e', b'w'..=b'z' | b'0'..=b'9' | b'-' | b'_', ..]) {
            return None;
        }
        let bytes = base64url::decode(std::str::from_utf8(segment).ok()?).ok()?;
        let Ok(Value::Object(members)) = json::parse(&bytes) else { return None };
        let has = |name| json::find(&members, name).is_some();
        Some(if has("enc") {
            Self::Encrypted
        } else if has("alg") || has("typ") || has("kid") {
            Self::Signed
        } else {
            Self::OtherObject
        })
    }

    /// Returns the shape of a segment that is a JOSE Header, or `None`.
    #[must_use]
    pub fn from_header(segment: &[u8]) -> Option<Self> {
        Self::from_segment(segment).filter(|shape| *shape != Self::OtherObject)
    }
}

/// Reports whether a segment is a JOSE Header.
pub(crate) fn is_header(segment: &[u8]) -> bool {
    SegmentShape::from_header(segment).is_some()
}

/// Reports whether bytes are at least three segments, the first of which is a JOSE Header.
pub(crate) fn looks_like_jwt(bytes: &[u8]) -> bool {
    // Most text has no dots, and decoding a long one takes time.
    let mut dots = memchr::memchr_iter(b'.', bytes);
    let (Some(first), Some(_)) = (dots.next(), dots.next()) else { return false };
    bytes.get(..first).is_some_and(is_header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_a_header_by_any_of_its_usual_parameters() {
        let shape = |json: &str| SegmentShape::from_segment(base64url::encode(json.as_bytes()).as_bytes());
        for json in [r#"{"alg":"HS256"}"#, r#"{"typ":"JWT"}"#, r#"{"kid":"a"}"#] {
            assert_eq!(shape(json), Some(SegmentShape::Signed), "{json}");
        }
        assert_eq!(shape(r#"{"alg":"dir","enc":"A128GCM"}"#), Some(SegmentShape::Encrypted));
        for json in ["{}", r#"{"sub":"alice"}"#] {
            assert_eq!(shape(json), Some(SegmentShape::OtherObject), "{json}");
        }
        assert_eq!(shape(r#"["alg"]"#), None);
    }
}
