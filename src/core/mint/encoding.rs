//! The parts of a new token as text: JSON and the header segment. Nothing is signed here.

use crate::core::json::{Member, write_object};
use crate::core::text::escape::Escapes;
use crate::core::token::base64url;

/// Returns the first segment of a token with this header.
#[must_use]
pub fn encode_header(header: &[Member<'_>]) -> String {
    base64url::encode(to_json(header, Escapes::Needed).as_bytes())
}

/// Returns members as the JSON text that is signed.
#[must_use]
pub fn to_json(members: &[Member<'_>], escapes: Escapes) -> String {
    let mut text = String::with_capacity(256);
    // Writing to a String cannot fail.
    let _ = write_object(&mut text, members, escapes);
    text
}
