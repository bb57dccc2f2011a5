//! Makes a deviating text readable for `decode` and `inspect`: padding, the standard alphabet, a stray mark at an end, and
//! the disclosures of an SD-JWT. `verify` never uses it.

use super::shape::{in_token, looks_like_jwt};
use crate::core::token::base64url;

/// A deviation from the compact serialization that does not hide the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// Segments end with `=`.
    Padding,
    /// Segments use `+` and `/`.
    StandardAlphabet,
    /// A character that belongs to no token stands at an end of the text.
    StrayMark(char),
    /// The text is an SD-JWT with these disclosures, and perhaps a key binding.
    SdJwt {
        /// The disclosures as received.
        disclosures: Vec<String>,
        /// The key binding JWT, if one follows.
        key_binding: Option<String>,
    },
}

/// Returns the disclosures and the key binding JWT of an SD-JWT.
pub(crate) fn sd_jwt(deviations: &[Deviation]) -> Option<(&[String], Option<&str>)> {
    deviations.iter().find_map(|deviation| match deviation {
        Deviation::SdJwt { disclosures, key_binding } => Some((&disclosures[..], key_binding.as_deref())),
        _ => None,
    })
}

/// Reports whether the text after a token looks like the rest of an SD-JWT: at least one disclosure or a key binding JWT.
pub(crate) fn is_rest_of_sd_jwt(tail: &[u8]) -> bool {
    let Some(rest) = tail.strip_prefix(b"~") else { return false };
    let parts: Vec<&[u8]> = rest.split(|&byte| byte == b'~').collect();
    let Some((binding, disclosures)) = parts.split_last() else { return false };
    // A disclosure is a JSON array, and `[` is encoded as `W`.
    let are_disclosures = disclosures.iter().all(|disclosure| disclosure.starts_with(b"W"));
    are_disclosures && (looks_like_jwt(binding) || (binding.is_empty() && !disclosures.is_empty()))
}

/// Reports whether a text is a token of Base64url whose signature has a usual length, so that a slash after it is stray.
fn is_whole(text: &str) -> bool {
    // Signatures of all algorithms have a multiple of four bytes.
    let signature = text.rsplit('.').next().and_then(|digits| base64url::decode(digits).ok());
    signature.is_some_and(|bytes| bytes.len().is_multiple_of(4)) && text.bytes().all(in_token)
}

/// Returns a readable form of a token, and its deviations. Returns `None` for a text without deviations, or with other
/// faults.
pub(crate) fn readable(token: &[u8]) -> Option<(Vec<u8>, Vec<Deviation>)> {
    const MARKS: [char; 7] = [';', '"', '\'', '`', ',', '&', '?'];
    // Every readable form has a dot, and most text does not.
    let text = std::str::from_utf8(token)
        .ok()
        .filter(|text| text.starts_with(['e', '"', '\'', '`']) && text.contains('.'))?;
    let mut deviations = Vec::new();
    let (text, slash) = match text.strip_suffix('/').filter(|rest| is_whole(rest)) {
        Some(rest) => (rest, Some(Deviation::StrayMark('/'))),
        None => (text, None),
    };
    deviations.extend(slash);
    let text = match text.strip_prefix(MARKS).or_else(|| text.strip_suffix(MARKS)) {
        None => text,
        Some(rest) => {
            let marks = [text.chars().next(), text.chars().next_back()];
            let mark = marks.into_iter().flatten().find(|mark| MARKS.contains(mark));
            deviations.extend(mark.map(Deviation::StrayMark));
            rest
        }
    };
    let mut parts = text.split('~');
    let issued = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    if let Some((binding, disclosures)) = rest.split_last() {
        deviations.push(Deviation::SdJwt {
            disclosures: disclosures.iter().map(|&disclosure| disclosure.to_owned()).collect(),
            key_binding: (!binding.is_empty()).then(|| (*binding).to_owned()),
        });
    }
    let unpadded: Vec<&str> = issued.split('.').map(|segment| segment.trim_end_matches('=')).collect();
    let unpadded = unpadded.join(".");
    if unpadded.len() < issued.len() {
        deviations.push(Deviation::Padding);
    }
    let symbols = unpadded.replace('+', "-").replace('/', "_");
    if symbols != unpadded {
        deviations.push(Deviation::StandardAlphabet);
    }
    let bytes = symbols.into_bytes();
    (!deviations.is_empty() && looks_like_jwt(&bytes) && bytes.iter().all(|&byte| in_token(byte)))
        .then_some((bytes, deviations))
}
