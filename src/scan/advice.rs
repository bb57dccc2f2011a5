//! Explains why a text is not a token, as far as its look tells. The hint for the user is in `error`.

use super::scanner::scan;
use super::shape::{in_token, is_header, is_opaque, looks_like_jwt};

/// A likely reason why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotATokenBecause {
    /// It is an opaque token.
    Opaque,
    /// It is only the first segment of a token.
    HeaderAlone,
    /// It is a token with white space in it.
    WhiteSpaceInside,
    /// It is a text that holds this many tokens.
    TextWithTokens(usize),
}

/// Returns a likely reason why `token` is not a token. `pasted` is the text from which it was taken.
pub(crate) fn not_a_token_because(token: &[u8], pasted: &[u8]) -> Option<NotATokenBecause> {
    let joined: Vec<u8> = token.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if is_opaque(token) && !token.contains(&b'.') {
        Some(NotATokenBecause::Opaque)
    } else if is_header(token) {
        Some(NotATokenBecause::HeaderAlone)
    } else if joined.len() < token.len()
        && looks_like_jwt(&joined)
        && joined.iter().all(|&byte| in_token(byte))
    {
        Some(NotATokenBecause::WhiteSpaceInside)
    } else {
        // A text that begins like a token is found as a whole; that is not a token inside it.
        match scan(pasted).iter().filter(|hit| *hit.token != *token).count() {
            0 => None,
            count => Some(NotATokenBecause::TextWithTokens(count)),
        }
    }
}
