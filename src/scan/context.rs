//! Tells what a token is the value of, from the text before it: a header, a JSON member, a parameter, a cookie.

use super::names::{is_scheme, is_token_name};
use memchr::memchr2_iter;
use std::fmt;

/// The number of bytes before a token that are read.
pub(super) const REACH: usize = 200;

/// The text before a token, as far as it says what the token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// After an authentication scheme, or directly in an Authorization header.
    Credential {
        /// The scheme as written; empty if there is none.
        scheme: String,
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
        let window = text.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        let window = String::from_utf8_lossy(window);
        let line = window.rsplit('\n').next().unwrap_or_default();
        let head = line.trim_end_matches(BETWEEN);
        let word = head.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if is_scheme(word) && head.len() < line.len() {
            let header = names_authorization(window.as_bytes());
            return Self::Credential { scheme: word.to_owned(), header };
        }
        if let Some(named) = head.strip_suffix('=') {
            return Self::from_parameter(named, line);
        }
        match head.strip_suffix(':') {
            Some(named) => Self::from_member(named, &window),
            None => Self::Text,
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
    fn from_parameter(named: &str, line: &str) -> Self {
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
        let name = named.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        let is_cookie = line.to_ascii_lowercase().contains("cookie");
        match name {
            "" => Self::Text,
            name if is_cookie => Self::Cookie(name.to_owned()),
            name => Self::Parameter(name.to_owned()),
        }
    }

    /// Reads `name:`, which belongs to a header or to a JSON member.
    fn from_member(named: &str, window: &str) -> Self {
        let name = named.trim_end().trim_end_matches(['"', '\'', '\\']);
        let name = name.rsplit(['"', '\'', '{', ',', ' ', '\\']).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("authorization") {
            return Self::Credential { scheme: String::new(), header: true };
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

/// The characters between a name, a scheme or a sign and the token after it.
const BETWEEN: [char; 5] = ['"', '\'', ' ', '\t', '\\'];

/// Reports whether the text before a position names the first chunk of a cookie or of a parameter, as `name.0=`.
pub(super) fn names_first_chunk(text: &[u8], at: usize) -> bool {
    let window = text.get(at.saturating_sub(REACH)..at).unwrap_or_default();
    let is_between = |byte: &u8| BETWEEN.contains(&char::from(*byte));
    let end = window.iter().rposition(|byte| !is_between(byte)).map_or(0, |last| last + 1);
    window.get(..end).is_some_and(|head| head.ends_with(b".0="))
}

/// Reports whether a text holds the name of the header Authorization, in any letter case. Its `z` is rare, so it is searched
/// first.
fn names_authorization(text: &[u8]) -> bool {
    const NAME: &[u8] = b"authorization";
    const BEFORE: usize = 7;
    memchr2_iter(b'z', b'Z', text).any(|at| {
        let name = at.checked_sub(BEFORE).and_then(|start| text.get(start..start + NAME.len()));
        name.is_some_and(|name| name.eq_ignore_ascii_case(NAME))
    })
}

/// Writes the context as reports show it.
impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential { header: true, .. } => f.write_str("Authorization header"),
            Self::Credential { scheme, .. } => write!(f, "after {scheme}"),
            Self::Header(name) => write!(f, "header {name}"),
            Self::Member(name) => write!(f, "member {name}"),
            Self::Parameter(name) => write!(f, "parameter {name}"),
            Self::Cookie(name) => write!(f, "cookie {name}"),
            Self::Text => f.write_str("text"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_of_the_header_wherever_it_is() {
        for text in [
            "authorization",
            "x: zZ AuthoriZation",
            "proxy-AUTHORIZATION:",
            "zauthorizationz",
            "authorizauthorization",
        ] {
            assert!(names_authorization(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "z",
            "authoriz",
            "authorization".get(1..).unwrap_or_default(),
            "authorisation",
            "author ization",
        ] {
            assert!(!names_authorization(text.as_bytes()), "{text}");
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
