//! Tells what a token is the value of, from the text before it: a header, a JSON member, a parameter, a cookie.

use super::names::{is_scheme, is_token_name};
use memchr::{memchr2_iter, memrchr};
use std::borrow::Cow;

/// The number of bytes before a token that are read.
pub(super) const REACH: usize = 200;

/// The text before a token, as far as it says what the token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// After an authentication scheme, or directly in an Authorization header.
    Credential {
        /// The scheme as written; empty if there is none.
        scheme: Cow<'static, str>,
        /// Set if the text names an Authorization header.
        header: bool,
    },
    /// The value of another header.
    Header(String),
    /// The value of a JSON member.
    Member(String),
    /// The value of a parameter of a URL, a form or an environment.
    Parameter(String),
    /// The value of a cookie.
    Cookie(String),
    /// Any other text.
    Text,
}

impl Context {
    /// Reads the context of the token at a position.
    #[must_use]
    pub fn before(text: &[u8], at: usize) -> Self {
        // All that is searched is ASCII, so only the names of members become text. To read the window as text took 1,400
        // instructions.
        let window = text.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        let line = window.get(memrchr(b'\n', window).map_or(0, |end| end + 1)..).unwrap_or_default();
        let head = line.get(..end_of(line, |byte| !is_between(byte))).unwrap_or_default();
        let word = head.get(end_of(head, |byte| !byte.is_ascii_alphanumeric())..).unwrap_or_default();
        let word = std::str::from_utf8(word).unwrap_or_default();
        if is_scheme(word) && head.len() < line.len() {
            return Self::Credential { scheme: scheme(word), header: holds(window, b"authorization", 7) };
        }
        match head.split_last() {
            Some((b'=', named)) => Self::from_parameter(named, line),
            Some((b':', named)) => {
                Self::from_member(&String::from_utf8_lossy(named), &String::from_utf8_lossy(window))
            }
            _ => Self::Text,
        }
    }

    /// Reports whether an opaque word in this context is a token.
    #[must_use]
    pub fn expects_token(&self) -> bool {
        match self {
            Self::Credential { .. } => true,
            Self::Header(name) | Self::Member(name) | Self::Parameter(name) | Self::Cookie(name) => {
                is_token_name(name)
            }
            Self::Text => false,
        }
    }

    /// Reads `name=`, in a line that may be that of a cookie.
    fn from_parameter(named: &[u8], line: &[u8]) -> Self {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte);
        let name = named.get(end_of(named, |byte| !is_name(byte))..).unwrap_or_default();
        match std::str::from_utf8(name).unwrap_or_default() {
            "" => Self::Text,
            name if holds(line, b"cookie", 3) => Self::Cookie(name.to_owned()),
            name => Self::Parameter(name.to_owned()),
        }
    }

    /// Reads `name:`, which belongs to a header or to a JSON member.
    fn from_member(named: &str, window: &str) -> Self {
        let name = named.trim_end().trim_end_matches(['"', '\'', '\\']);
        let name = name.rsplit(['"', '\'', '{', ',', ' ', '\\']).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("authorization") {
            return Self::Credential { scheme: Cow::Borrowed(""), header: true };
        }
        let bare = named.trim_start_matches(['>', '<', '*', ' ', '\t']);
        if !name.is_empty() && bare == name {
            return Self::Header(name.to_owned());
        }
        // A HAR file writes {"name": …, "value": …}: the value of `name` says more than `value`.
        let quoted: Vec<&str> = window.split('"').collect();
        let har_name = quoted.windows(3).rev().find_map(|parts| match parts {
            ["name", colon, name] if colon.trim() == ":" => Some((*name).to_owned()),
            _ => None,
        });
        match (name, har_name) {
            ("", _) => Self::Text,
            ("value", Some(har_name)) => Self::Member(har_name),
            (name, _) => Self::Member(name.to_owned()),
        }
    }
}

/// Returns a scheme as written. The usual one needs no memory.
fn scheme(word: &str) -> Cow<'static, str> {
    if word == "Bearer" { Cow::Borrowed("Bearer") } else { Cow::Owned(word.to_owned()) }
}

/// Reports whether a byte stands between a name, a scheme or a sign and the token after it.
const fn is_between(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b' ' | b'\t' | b'\\')
}

/// Returns the end of the last byte that passes a test; 0 if there is none.
fn end_of(text: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    text.iter().rposition(|byte| wanted(*byte)).map_or(0, |last| last + 1)
}

/// Reports whether the text before a position names the first chunk of a cookie or of a parameter, as `name.0=`.
pub(super) fn names_first_chunk(text: &[u8], at: usize) -> bool {
    let window = text.get(at.saturating_sub(REACH)..at).unwrap_or_default();
    let end = end_of(window, |byte| !is_between(byte));
    window.get(..end).is_some_and(|head| head.ends_with(b".0="))
}

/// Reports whether a text holds a word in lower case, in any letter case. The letter at `rare` is searched first.
fn holds(text: &[u8], word: &[u8], rare: usize) -> bool {
    let Some(&letter) = word.get(rare) else { return false };
    memchr2_iter(letter, letter.to_ascii_uppercase(), text).any(|at| {
        let found = at.checked_sub(rare).and_then(|start| text.get(start..start + word.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}

impl Context {
    /// Returns the context as reports show it.
    #[must_use]
    pub fn into_text(self) -> Cow<'static, str> {
        Cow::Owned(match self {
            Self::Credential { header: true, .. } => return Cow::Borrowed("Authorization header"),
            Self::Credential { scheme: Cow::Borrowed("Bearer"), .. } => return Cow::Borrowed("after Bearer"),
            Self::Credential { scheme, .. } => ["after ", &scheme].concat(),
            Self::Header(name) => ["header ", &name].concat(),
            Self::Member(name) => ["member ", &name].concat(),
            Self::Parameter(name) => ["parameter ", &name].concat(),
            Self::Cookie(name) => ["cookie ", &name].concat(),
            Self::Text => return Cow::Borrowed("text"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the context from the whole window as text.
    fn plain(text: &[u8], at: usize) -> Context {
        const BETWEEN: [char; 5] = ['"', '\'', ' ', '\t', '\\'];
        let window = String::from_utf8_lossy(&text[at.saturating_sub(REACH)..at]);
        let line = window.rsplit('\n').next().unwrap();
        let head = line.trim_end_matches(BETWEEN);
        let word = head.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        if is_scheme(word) && head.len() < line.len() {
            let header = window.to_ascii_lowercase().contains("authorization");
            return Context::Credential { scheme: word.to_owned().into(), header };
        }
        if let Some(named) = head.strip_suffix('=') {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
            let name = named.rsplit(|c: char| !is_name(c)).next().unwrap().to_owned();
            return match line.to_ascii_lowercase().contains("cookie") {
                _ if name.is_empty() => Context::Text,
                true => Context::Cookie(name),
                false => Context::Parameter(name),
            };
        }
        head.strip_suffix(':').map_or(Context::Text, |named| Context::from_member(named, &window))
    }

    #[test]
    fn reads_the_same_from_bytes_as_from_text() {
        let parts: [&[u8]; 18] = [
            b"Authorization",
            b"Cookie",
            b"COOKIE: a",
            b"Bearer",
            b"dpop",
            b" ",
            b"=",
            b":",
            b"\n",
            b"\"",
            b"\\",
            b"name",
            b"a.0",
            "é".as_bytes(),
            b"\x80",
            b"\xE2\x82",
            b"{\"name\":\"x\",",
            b"-",
        ];
        let mut seed = 3_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        let mut kinds = std::collections::HashSet::new();
        for _ in 0..20_000 {
            let text: Vec<u8> = (0..next(9)).flat_map(|_| parts[next(parts.len())]).copied().collect();
            let text = [&b" ".repeat(next(2) * 190)[..], &text].concat();
            let context = Context::before(&text, text.len());
            assert_eq!(context, plain(&text, text.len()), "{}", String::from_utf8_lossy(&text));
            kinds.insert(std::mem::discriminant(&context));
        }
        assert_eq!(kinds.len(), 6);
    }

    #[test]
    fn finds_the_name_of_the_header_wherever_it_is() {
        for text in [
            "authorization",
            "x: zZ AuthoriZation",
            "proxy-AUTHORIZATION:",
            "zauthorizationz",
            "authorizauthorization",
        ] {
            assert!(holds(text.as_bytes(), b"authorization", 7), "{text}");
        }
        for text in [
            "",
            "z",
            "authoriz",
            "authorization".get(1..).unwrap_or_default(),
            "authorisation",
            "author ization",
        ] {
            assert!(!holds(text.as_bytes(), b"authorization", 7), "{text}");
        }
    }

    #[test]
    fn names_the_first_chunk_only_where_the_context_does() {
        for before in [
            "a.0=",
            "a.0=\"",
            "Cookie: a.0='",
            "x a.0= \t\\",
            "a.0:",
            "a.1=",
            ".0=",
            "a.0=\n",
            "a.0=x",
            "=",
            "",
            "Bearer ",
        ] {
            let is_chunk = match Context::before(before.as_bytes(), before.len()) {
                Context::Parameter(name) | Context::Cookie(name) => name.ends_with(".0"),
                _ => false,
            };
            assert_eq!(names_first_chunk(before.as_bytes(), before.len()), is_chunk, "{before:?}");
        }
        let far = format!("a.0={}", " ".repeat(REACH));
        assert!(!names_first_chunk(far.as_bytes(), far.len()));
    }
}
