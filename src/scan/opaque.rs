//! Finds opaque tokens. A word alone says too little, so the text around it must say that it is a token.

use super::context::Context;
use super::hit::Hit;
use super::line_counter::LineCounter;
use super::shape::{in_token, is_opaque};
use super::unwrap::unwrap;
use std::borrow::Cow;

/// Reports whether a word without dots is an opaque token: it follows a scheme, or is the value of a name in the table
/// of [token names](super::names).
pub(super) fn is_opaque_in_context(text: &[u8], start: usize, run: &[u8]) -> bool {
    // The byte before the word rules out most words.
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    let may_follow = before.is_some_and(|before| b"\"' \t\\=:".contains(before));
    may_follow && is_opaque(run) && !run.contains(&b'.') && Context::before(text, start).expects_token()
}

/// Returns the opaque token that is the whole text, apart from white space and quotes. A wrapping of a token, such as its
/// hexadecimal digits, is not an opaque token.
pub(super) fn lone_opaque(text: &[u8]) -> Option<Hit<'_>> {
    let around = |byte: &u8| byte.is_ascii_whitespace() || b"\"'".contains(byte);
    let start = text.iter().position(|byte| !around(byte))?;
    let end = text.iter().rposition(|byte| !around(byte))? + 1;
    let word = text.get(start..end)?;
    let is_word = word.iter().all(|&byte| in_token(byte) && byte != b'.');
    let hit = || Hit::new(Cow::Borrowed(word), LineCounter::new().locate(text, 0, start));
    (is_word && is_opaque(word) && unwrap(word).is_none()).then(|| Hit { opaque: true, ..hit() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::hex::hex;

    #[test]
    fn takes_no_wrapping_of_a_token_for_an_opaque_token() {
        let digits = hex(b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln");
        assert_eq!(lone_opaque(digits.as_bytes()), None);
        let other = hex(b"an opaque token of a server");
        assert!(lone_opaque(other.as_bytes()).is_some());
    }
}
