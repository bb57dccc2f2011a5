//! Takes the only token out of a sentence or a line of a log. A character that touches the token and may belong to it is
//! never removed.

use super::extracted::{Extracted, TEXT_AROUND};
use super::scanner::scan;
use super::shape::{in_token, looks_like_jwt};
use super::unwrap::{base64, is_token};
use crate::core::sd_jwt::SdJwtText;
use std::borrow::Cow;

/// The quotes and brackets that may stand before and after a token.
const DIVIDERS: [char; 18] = [
    '"', '\'', '`', '\u{201c}', '\u{201d}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}', '<', '>', '(', ')',
    '[', ']', '{', '}', '\\',
];

/// One side of a token in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Nothing.
    End,
    /// White space, a comma, or a colon before the token.
    Space,
    /// A quote or a bracket.
    Divider,
    /// A character that may belong to the token.
    Touching,
}

/// Returns the only token of a text. A token that is cut short or broken over lines is not taken.
pub(super) fn surrounded(text: &str) -> Option<Extracted<'static>> {
    let mut hits = scan(text.as_bytes());
    hits.retain(|hit| !hit.opaque && hit.found.wrapping.is_none() && is_token(&hit.token));
    match &hits[..] {
        [] => encoded_word(text),
        [hit] => without_surroundings(text, &hit.token),
        _ => None,
    }
}

/// Returns a token that was found in a text, if everything around it may be removed.
pub(super) fn without_surroundings(text: &str, token: &[u8]) -> Option<Extracted<'static>> {
    let token = std::str::from_utf8(token).ok()?;
    let (before, after) = text.split_once(token).filter(|_| !token.contains("..."))?;
    let is_whole = match (side_before(before), side_after(after, before)) {
        (Side::Touching, _) | (_, Side::Touching) | (Side::End, Side::End) => false,
        // A lone quote or bracket is a fault of the token, not a wrapping.
        (Side::End, Side::Divider) | (Side::Divider, Side::End) => false,
        _ => !is_broken(after),
    };
    is_whole.then(|| Extracted { wrappings: vec![TEXT_AROUND], ..Extracted::plain(Cow::Owned(token.into())) })
}

fn side_before(before: &str) -> Side {
    match before.chars().next_back() {
        None => Side::End,
        Some(c) if c.is_whitespace() || c == ':' || c == ',' => Side::Space,
        Some(c) if DIVIDERS.contains(&c) => Side::Divider,
        Some(_) => Side::Touching,
    }
}

/// Classifies the text after a token. A full stop ends a sentence only if words stand before the token.
fn side_after(after: &str, before: &str) -> Side {
    let mut characters = after.chars();
    match characters.next() {
        None => Side::End,
        Some(c) if c.is_whitespace() || c == ',' => Side::Space,
        Some('.') if before.contains(char::is_whitespace) => match characters.next() {
            Some(c) if !c.is_whitespace() => Side::Touching,
            _ => Side::Space,
        },
        Some(c) if DIVIDERS.contains(&c) => Side::Divider,
        Some(_) => Side::Touching,
    }
}

/// Reports whether the next line is one word of token characters, so that it may belong to the token.
fn is_broken(after: &str) -> bool {
    let next_line = after.trim_start_matches([' ', '\r']).strip_prefix('\n').unwrap_or_default();
    let line = next_line.lines().next().unwrap_or_default();
    let mut words = line.split_whitespace();
    let word = words.next().unwrap_or_default();
    word.len() > 1 && words.next().is_none() && word.bytes().all(in_token)
}

/// Returns the SD-JWT in a text without other tokens.
pub(super) fn sd_jwt_word(text: &str) -> Option<Extracted<'static>> {
    if !text.contains('~') {
        return None;
    }
    let words = text.split(|c: char| c.is_whitespace() || c == ',' || DIVIDERS.contains(&c));
    let is_sd_jwt = |word: &&str| {
        SdJwtText::split(word.as_bytes()).is_some_and(|sd_jwt| looks_like_jwt(sd_jwt.issued.as_bytes()))
    };
    let mut found = words.filter(is_sd_jwt);
    let only = found.next().filter(|_| found.next().is_none())?;
    let (before, after) = text.split_once(only)?;
    let is_alone = [before, after].iter().all(|rest| scan(rest.as_bytes()).iter().all(|hit| hit.opaque));
    without_surroundings(text, only.as_bytes()).filter(|_| is_alone)
}

/// Returns the token of the only word of a text that is the Base64 of a token, as in a file of Kubernetes.
pub(super) fn encoded_word(text: &str) -> Option<Extracted<'static>> {
    // The Base64 of `ey` begins with `ZX`.
    let words = text.split(|c: char| c.is_whitespace() || c == ',' || DIVIDERS.contains(&c));
    let mut found = words.filter(|word| word.starts_with("ZX")).filter_map(|word| base64(word.as_bytes()));
    let mut only = found.next().filter(|_| found.next().is_none())?;
    only.wrappings.insert(0, TEXT_AROUND);
    Some(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::encode_standard;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    #[test]
    fn takes_an_sd_jwt_out_of_a_sentence_whole_or_not_at_all() {
        let sd_jwt = format!("{JWT}~WyJhIl0~{JWT}");
        let word = |before: &str, after: &str| sd_jwt_word(&format!("{before}{sd_jwt}{after}"));
        for (before, after) in [("see ", " ok"), ("jwt: ", ""), ("\"vp\" = \"", "\","), ("(", ") ")] {
            let token = word(before, after).map(|found| found.token.into_owned());
            assert_eq!(token.as_deref(), Some(sd_jwt.as_bytes()), "{before}{after}");
        }
        for (before, after) in
            [("", ""), ("see x", ""), ("see ", "+"), ("see ", "~"), ("see ", "."), ("\"", "")]
        {
            assert_eq!(word(before, after), None, "{before}{after}");
        }
        for other in [JWT, &sd_jwt, &format!("x{JWT}")] {
            assert_eq!(word("see ", &format!(" {other}")), None, "{other}");
        }
    }

    #[test]
    fn takes_the_token_of_a_sentence_or_a_log_line() {
        for (before, after) in [
            ("see ", " there"),
            ("the user sent ", "."),
            ("the user sent ", ". Then it failed"),
            ("INFO jwt=\"", "\" ok"),
            ("a: ", "\nb: c\n"),
            ("[auth] (", ")"),
            ("x:", ", y"),
        ] {
            let text = format!("{before}{JWT}{after}");
            let found = surrounded(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((&*found.token, found.wrappings), (JWT.as_bytes(), vec![TEXT_AROUND]), "{text}");
        }
        let text = format!("data:\n  token: {}\nkind: Secret\n", encode_standard(JWT.as_bytes()));
        assert_eq!(surrounded(&text).unwrap().wrapping().unwrap(), "text around it, Base64");
    }

    #[test]
    fn takes_no_token_that_is_cut_or_broken_or_touched() {
        for text in [
            format!("{JWT}..."),
            format!("see {JWT}..."),
            format!("see {JWT}…"),
            format!("see {JWT}= there"),
            format!("see {JWT}~x there"),
            format!("see x={JWT}"),
            format!("see .{JWT}"),
            format!("see {JWT}\nAAAA"),
            format!("see {JWT}\nAAAA\nand so on"),
            format!("{JWT} {JWT}x"),
            format!("{JWT}."),
            format!("\"{JWT}"),
            format!("{JWT}\""),
            String::new(),
        ] {
            assert_eq!(surrounded(&text), None, "{text}");
        }
    }
}
