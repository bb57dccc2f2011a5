//! Tokens that lost something on the way: their front, or a dot. Only what can be known from the rest is named, and nothing
//! is repaired.

use super::lenient_base64::decode_lenient;
use super::shape::{SegmentShape, in_token, is_header, object_end};
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;

/// A part that a token lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    /// The dots after this many characters. Those that are there count as characters.
    Dots {
        /// Where the dot after the header belongs, if it is missing.
        after_header: Option<usize>,
        /// Where the dot after the payload belongs, if it is missing.
        after_payload: Option<usize>,
    },
    /// The front of the token.
    Front,
}

/// The longest text that is examined. No token in use is longer.
const LONGEST: usize = 1 << 16;

/// Returns the part that a text lost, if the rest shows it.
pub(crate) fn damage(text: &[u8]) -> Option<Damage> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= LONGEST)?;
    dots(text).or_else(|| is_cut_at_front(text).then_some(Damage::Front))
}

/// Returns the number of characters of the JSON object with which a segment begins.
fn object_length(segment: &str) -> Option<usize> {
    let groups = segment.get(..segment.len() - segment.len() % 4)?;
    let whole = base64url::decode(segment).ok();
    let end = object_end(&whole.or_else(|| decode_lenient(groups))?)?;
    Some((end * 4).div_ceil(3))
}

fn dots(text: &str) -> Option<Damage> {
    if !text.starts_with("ey") || !text.bytes().all(in_token) {
        return None;
    }
    let mut segments = text.split('.');
    let (first, second, third) = (segments.next()?, segments.next(), segments.next());
    if third.is_some() {
        return None;
    }
    let header_length = object_length(first)?;
    let (header, rest) =
        first.split_at_checked(header_length).filter(|(header, _)| is_header(header.as_bytes()))?;
    match second {
        // The header is whole, and the payload and the signature have no dot between them.
        Some(payload) if rest.is_empty() => lacks_a_dot(header, payload).then_some(())?,
        Some(_) => {
            SegmentShape::from_segment(rest.as_bytes())?;
            return Some(Damage::Dots { after_header: Some(header_length), after_payload: None });
        }
        None if rest.is_empty() => return None,
        None => {}
    }
    let payload_length = object_length(second.unwrap_or(rest))?;
    let start = if second.is_some() { header_length + 1 } else { header_length };
    let is_header_joined = second.is_none();
    Some(Damage::Dots {
        after_header: is_header_joined.then_some(header_length),
        after_payload: Some(start + payload_length),
    })
}

/// Reports whether only a dot is missing after a payload: before the signature, or at the end of an unsigned token.
pub(super) fn lacks_a_dot(header: &str, payload: &str) -> bool {
    if let Ok(bytes) = base64url::decode(payload) {
        let is_whole = object_end(&bytes) == Some(bytes.len());
        let header = base64url::decode(header).unwrap_or_default();
        let is_unsigned = JoseHeader::parse(&header)
            .is_ok_and(|header| header.alg().map(AlgName::parse) == Ok(AlgName::None));
        return if is_whole { is_unsigned } else { object_end(&bytes).is_some() };
    }
    let groups = payload.get(..payload.len() - payload.len() % 4);
    groups.and_then(decode_lenient).is_some_and(|bytes| object_end(&bytes).is_some())
}

/// Reports whether a text is the end of a token: a payload and a signature, perhaps with the end of a header before them.
pub(super) fn is_cut_at_front(text: &str) -> bool {
    let rest = text.trim_start_matches(['.', '…']);
    if !rest.bytes().all(in_token) {
        return false;
    }
    let is_object = |segment: &str| SegmentShape::from_segment(segment.as_bytes()).is_some();
    let is_payload =
        |segment: &str| SegmentShape::from_segment(segment.as_bytes()) == Some(SegmentShape::OtherObject);
    let is_signature = |segment: &str| {
        let length = base64url::decode(segment).map(|bytes| bytes.len());
        length.is_ok_and(|length| {
            Algorithm::ALL.iter().any(|known| known.signature_bytes() == Some(length)) || length == 256
        })
    };
    match rest.split('.').collect::<Vec<_>>()[..] {
        [header, payload, signature] => {
            let is_rest = (rest.len() < text.len() && is_object(payload))
                || (ends_an_object(header) && (is_object(payload) || is_signature(signature)));
            !is_object(header) && is_rest && base64url::decode(signature).is_ok()
        }
        // An encrypted token.
        [header, _, _, _, tag] => ends_an_object(header) && base64url::decode(tag).is_ok(),
        [payload, signature] => (is_payload(payload) || ends_an_object(payload)) && is_signature(signature),
        _ => false,
    }
}

/// Reports whether a segment is the end of a JSON object in Base64url, whose beginning is missing or broken.
fn ends_an_object(segment: &str) -> bool {
    /// The bytes of two groups of Base64. The first groups may be broken.
    const BROKEN: usize = 6;
    if base64url::decode(segment).is_ok_and(|bytes| object_end(&bytes).is_some()) {
        return false;
    }
    // Zero to three characters of the first group are missing.
    (0..4).any(|missing| {
        let Some(bytes) = decode_lenient(&format!("{}{segment}", "A".repeat(missing))) else { return false };
        let end = std::str::from_utf8(bytes.get(BROKEN..).unwrap_or_default()).unwrap_or_default();
        let is_hidden = |c: char| c.is_control() && !c.is_ascii_whitespace();
        end.trim_end().ends_with('}') && end.contains('"') && !end.contains(is_hidden)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const PAYLOAD: &str = "eyJzdWIiOiJhIn0";
    const SIGNATURE: &str = "PwX9qE-KJFA_S0TPCZkTq6bRCRVOpM1VjybAan7Din4";

    #[test]
    fn says_where_a_missing_dot_belongs() {
        for padding in ["", "b", "bc"] {
            let header = base64url::encode(format!(r#"{{"alg":"HS256","kid":"{padding}"}}"#).as_bytes());
            for more in ["", "b", "bc"] {
                let payload = base64url::encode(format!(r#"{{"sub":"a{more}"}}"#).as_bytes());
                let (one, two) = (header.len(), payload.len());
                let dots = |after_header, after_payload| Some(Damage::Dots { after_header, after_payload });
                for (text, expected) in [
                    (format!("{header}{payload}.{SIGNATURE}"), dots(Some(one), None)),
                    (format!("{header}.{payload}{SIGNATURE}"), dots(None, Some(one + 1 + two))),
                    (format!("{header}{payload}{SIGNATURE}"), dots(Some(one), Some(one + two))),
                    (format!("{header}.{payload}.{SIGNATURE}"), None),
                    (format!("{header}.{payload}"), None),
                    (header.clone(), None),
                ] {
                    assert_eq!(damage(text.as_bytes()), expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn knows_the_end_of_a_token() {
        let token = format!("{HEADER}.{PAYLOAD}.{SIGNATURE}");
        for cut in 1..HEADER.len() - 12 {
            let (_, rest) = token.split_at(cut);
            assert_eq!(damage(rest.as_bytes()), Some(Damage::Front), "{rest}");
            for mark in ["...", "…"] {
                assert_eq!(damage(format!("{mark}{rest}").as_bytes()), Some(Damage::Front), "{mark}{rest}");
            }
        }
        for text in [format!(".{PAYLOAD}.{SIGNATURE}"), format!("{PAYLOAD}.{SIGNATURE}")] {
            assert_eq!(damage(text.as_bytes()), Some(Damage::Front), "{text}");
        }
    }

    #[test]
    fn names_no_damage_of_other_texts() {
        for text in [
            "",
            "a.b.c",
            "www.example.com",
            &format!("{HEADER}.{PAYLOAD}.{SIGNATURE}"),
            &format!("{HEADER}..{SIGNATURE}"),
            &format!("{PAYLOAD}.Zxy_ab.{SIGNATURE}"),
            &format!("{PAYLOAD}.{PAYLOAD}.{SIGNATURE}"),
            &format!("{PAYLOAD}.abc"),
            SIGNATURE,
            PAYLOAD,
            "undefined.undefined.undefined",
        ] {
            assert_eq!(damage(text.as_bytes()), None, "{text}");
        }
    }
}
