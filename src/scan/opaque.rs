//! Words that only their issuer understands, where a token would stand: by itself a word says too little.

use super::Hit;
use super::context::Context;
use super::place::Place;
use crate::scan::shape::{in_token, is_opaque};
use std::borrow::Cow;

/// What a parameter, a member or a cookie is called when an opaque token is its value.
pub(super) const OPAQUE_NAMES: [&str; 10] = [
    "key",
    "access",
    "refresh",
    "access_token",
    "refresh_token",
    "id_token",
    "token",
    "jwt",
    "auth_token",
    "session_token",
];

/// Whether a word without dots stands where a token would: it follows a scheme, or is the value of something called a
/// token.
pub(super) fn is_opaque_in_place(text: &[u8], start: usize, run: &[u8]) -> bool {
    // What says that it is a token stands right before it; most words are done with here.
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    let may_be_told = before.is_some_and(|before| b"\"' \t\\=:".contains(before));
    if !may_be_told || !is_opaque(run) || run.contains(&b'.') {
        return false;
    }
    match Context::before(text, start) {
        Context::Credential { .. } => true,
        Context::Header(name) | Context::Member(name) | Context::Parameter(name) | Context::Cookie(name) => {
            OPAQUE_NAMES.contains(&name.to_ascii_lowercase().as_str())
        }
        Context::Text => false,
    }
}

/// The word that is the whole text but for white space and quotes, if it may be an opaque token.
pub(super) fn lone_opaque(text: &[u8]) -> Option<Hit<'_>> {
    let alone = |byte: &u8| byte.is_ascii_whitespace() || b"\"'".contains(byte);
    let start = text.iter().position(|byte| !alone(byte))?;
    let end = text.iter().rposition(|byte| !alone(byte))? + 1;
    let word = text.get(start..end)?;
    let is_word = word.iter().all(|&byte| in_token(byte) && byte != b'.');
    let hit = || Hit::new(Cow::Borrowed(word), Place::new().locate(text, 0, start));
    (is_word && is_opaque(word)).then(|| Hit { opaque: true, ..hit() })
}
