//! Every token in any text, in one pass and in linear time, each with the place where it stands.

use super::shape::{Look, in_token, is_opaque, is_three_segments, percent_decoded};
use crate::core::report::Found;
use std::borrow::Cow;

/// A stretch of text that holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit<'t> {
    /// The bytes of the token.
    pub(crate) token: Cow<'t, [u8]>,
    /// Where it stands.
    pub(crate) found: Found,
    /// Whether it is a word only its issuer understands.
    pub(crate) opaque: bool,
}

impl<'t> Hit<'t> {
    const fn new(token: Cow<'t, [u8]>, found: Found) -> Self {
        Self { token, found, opaque: false }
    }
}

/// What a parameter, a member or a cookie is called when an opaque token is its value.
const OPAQUE_NAMES: [&str; 10] = [
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

/// Finds every token in a text, in order.
pub(crate) fn scan(text: &[u8]) -> Vec<Hit<'_>> {
    let mut hits = Vec::new();
    let mut place = Place::new(text);
    for (start, run) in runs(text, |byte| in_token(byte) || byte == b'%') {
        let before = hits.len();
        // In a URL a dot may be written %2E, and what stands around a token as %20 or %22.
        let decoded = if run.contains(&b'%') { percent_decoded(run) } else { Cow::Borrowed(run) };
        match decoded {
            Cow::Borrowed(run) => {
                let found = tokens_in_run(run).into_iter();
                hits.extend(
                    found.map(|(offset, token)| Hit::new(Cow::Borrowed(token), place.locate(start + offset))),
                );
            }
            Cow::Owned(decoded) => {
                let found = runs(&decoded, in_token).flat_map(|(_, run)| tokens_in_run(run));
                hits.extend(
                    found.map(|(_, token)| Hit::new(Cow::Owned(token.to_vec()), place.locate(start))),
                );
            }
        }
        if hits.len() == before && is_opaque_in_place(text, start, run) {
            hits.push(Hit { opaque: true, ..Hit::new(Cow::Borrowed(run), place.locate(start)) });
        }
    }
    // A header that says nothing makes a token only where there is nothing else.
    let whole = text.trim_ascii();
    if hits.is_empty() && is_three_segments(whole) {
        let start = text.len() - text.trim_ascii_start().len();
        hits.push(Hit::new(Cow::Borrowed(whole), place.locate(start)));
    }
    hits
}

/// The stretches of bytes of a kind, each with the place where it begins.
fn runs(text: &[u8], belongs: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.iter().position(|&byte| belongs(byte))?;
        let run = text.get(start..)?;
        let run = run.get(..run.iter().position(|&byte| !belongs(byte)).unwrap_or(run.len()))?;
        at = start + run.len();
        Some((start, run))
    })
}

/// The tokens in a stretch of Base64url characters and dots. Each segment is looked at as a header at most
/// twice, so that the time is linear however the dots lie.
fn tokens_in_run(run: &[u8]) -> Vec<(usize, &[u8])> {
    let mut found = Vec::new();
    let mut ends =
        run.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at).chain([run.len()]);
    let mut start = 0;
    while let Some(end) = ends.next() {
        let segment = run.get(start..end).unwrap_or_default();
        let look = if end < run.len() { header_in(segment) } else { None };
        if let Some((offset, look)) = look {
            let more = if look == Look::Encrypted { 4 } else { 2 };
            // Fewer segments than it should have is still something to report.
            if let Some(last) = ends.by_ref().take(more).last() {
                let start_of_token = start + offset;
                found.extend(run.get(start_of_token..last).map(|token| (start_of_token, token)));
                start = last + 1;
                continue;
            }
        }
        start = end + 1;
    }
    found
}

/// A header at the start of a segment, or behind what an escaped or coloured text leaves before it without a break
/// (`\n`, `ESC[33m`), and where it begins.
fn header_in(segment: &[u8]) -> Option<(usize, Look)> {
    let at = |offset: usize| Some((offset, Look::at_header(segment.get(offset..)?)?));
    let glued = || segment.windows(3).skip(1).position(|window| window == b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

/// Whether a word without dots stands where a token would: it is the whole text, follows a scheme, or is the value
/// of something called a token.
fn is_opaque_in_place(text: &[u8], start: usize, run: &[u8]) -> bool {
    if !is_opaque(run) || run.contains(&b'.') {
        return false;
    }
    let alone = |byte: &u8| byte.is_ascii_whitespace() || b"\"'".contains(byte);
    let rest = text.get(start + run.len()..).unwrap_or_default();
    if text.len() < 4096
        && text.get(..start).is_some_and(|head| head.iter().all(alone))
        && rest.iter().all(alone)
    {
        return true;
    }
    match Context::before(text, start) {
        Context::Credential { .. } => true,
        Context::Header(name) | Context::Member(name) | Context::Parameter(name) | Context::Cookie(name) => {
            OPAQUE_NAMES.contains(&name.to_ascii_lowercase().as_str())
        }
        Context::Text => false,
    }
}

/// Counts lines and columns as the scan goes on.
struct Place<'t> {
    text: &'t [u8],
    line: usize,
    line_start: usize,
    counted: usize,
}

impl<'t> Place<'t> {
    const fn new(text: &'t [u8]) -> Self {
        Self { text, line: 1, line_start: 0, counted: 0 }
    }

    /// Describes a position; positions must not go back.
    fn locate(&mut self, at: usize) -> Found {
        let passed = self.text.get(self.counted..at).unwrap_or_default();
        for (offset, _) in passed.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.line += 1;
            self.line_start = self.counted + offset + 1;
        }
        self.counted = at;
        // A very long line is not counted again for every token on it: its bytes stand for characters.
        const LONG: usize = 4096;
        let head = self.text.get(self.line_start..at).unwrap_or_default();
        let column =
            if head.len() > LONG { head.len() } else { String::from_utf8_lossy(head).chars().count() };
        Found { line: self.line, column: column + 1, place: Context::before(self.text, at).describe() }
    }
}

/// What stands before a token and says what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Context {
    /// After `Bearer` or the like; whether in a header called Authorization.
    Credential { scheme: String, header: bool },
    /// The value of another header.
    Header(String),
    /// The value of a JSON member.
    Member(String),
    /// The value of a parameter of a URL, a form or an environment.
    Parameter(String),
    /// The value of a cookie.
    Cookie(String),
    /// Nothing that says anything.
    Text,
}

impl Context {
    /// Looks back a little way.
    fn before(text: &[u8], at: usize) -> Self {
        const FAR: usize = 200;
        let window = text.get(at.saturating_sub(FAR)..at).unwrap_or_default();
        let window = String::from_utf8_lossy(window);
        let line = window.rsplit('\n').next().unwrap_or_default();
        let head = line.trim_end_matches(['"', '\'', ' ', '\t', '\\']);
        let lower = window.to_ascii_lowercase();
        let word = head.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if ["bearer", "jwt", "token"].contains(&word.to_ascii_lowercase().as_str()) && head.len() < line.len()
        {
            return Self::Credential { scheme: word.to_owned(), header: lower.contains("authorization") };
        }
        if let Some(named) = head.strip_suffix('=') {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.[]".contains(c);
            let name = named.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
            let cookie = line.to_ascii_lowercase().contains("cookie");
            return match name {
                "" => Self::Text,
                name if cookie => Self::Cookie(name.to_owned()),
                name => Self::Parameter(name.to_owned()),
            };
        }
        if let Some(member) = head.strip_suffix(':') {
            let quoted: Vec<&str> = window.split('"').collect();
            let name = member.trim_end().trim_end_matches(['"', '\'', '\\']);
            let name = name.rsplit(['"', '\'', '{', ',', ' ', '\\']).next().unwrap_or_default();
            if name.eq_ignore_ascii_case("authorization") {
                return Self::Credential { scheme: String::new(), header: true };
            }
            let bare = member.trim_start_matches(['>', '<', '*', ' ', '\t']);
            if !name.is_empty() && bare == name {
                return Self::Header(name.to_owned());
            }
            // In a HAR file it is {"name": …, "value": …}; the name says more.
            let told = quoted.windows(3).rev().find_map(|parts| match parts {
                ["name", colon, name] if colon.trim() == ":" => Some((*name).to_owned()),
                _ => None,
            });
            return match (name, told) {
                ("", _) => Self::Text,
                ("value", Some(told)) => Self::Member(told),
                (name, _) => Self::Member(name.to_owned()),
            };
        }
        Self::Text
    }

    fn describe(&self) -> String {
        match self {
            Self::Credential { header: true, .. } => "Authorization header".to_owned(),
            Self::Credential { scheme, .. } => format!("after {scheme}"),
            Self::Header(name) => format!("header {name}"),
            Self::Member(name) => format!("member {name}"),
            Self::Parameter(name) => format!("parameter {name}"),
            Self::Cookie(name) => format!("cookie {name}"),
            Self::Text => "text".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
    const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";

    fn places(text: &str) -> Vec<(usize, usize, String)> {
        scan(text.as_bytes())
            .into_iter()
            .map(|hit| (hit.found.line, hit.found.column, hit.found.place))
            .collect()
    }

    fn tokens(text: &str) -> Vec<String> {
        scan(text.as_bytes()).iter().map(|hit| std::str::from_utf8(&hit.token).unwrap().to_owned()).collect()
    }

    #[test]
    fn says_where_each_token_stands() {
        for (text, line, column, place) in [
            (format!("> Authorization: Bearer {JWT}\r\n"), 1, 25, "Authorization header"),
            (format!("x\n{{\"access\": \"{JWT}\"}}"), 2, 13, "member access"),
            (format!("GET /?access_token={JWT} HTTP/1.1"), 1, 20, "parameter access_token"),
            (format!("Cookie: a=b; sid={JWT}"), 1, 18, "cookie sid"),
            (
                format!("{{\"name\": \"Authorization\", \"value\": \"Bearer {JWT}\"}}"),
                1,
                44,
                "Authorization header",
            ),
            (format!("{{\"name\": \"sid\", \"value\": \"{JWT}\"}}"), 1, 27, "member sid"),
            (format!("é {JWT}"), 1, 3, "text"),
            (format!("> X-Auth-Token: {JWT}"), 1, 17, "header X-Auth-Token"),
            (format!("first\\n{JWT}"), 1, 8, "text"),
            (format!("\u{1b}[33m{JWT}\u{1b}[0m"), 1, 6, "text"),
            (format!("/?jwt={}", JWT.replace('.', "%2e")), 1, 7, "parameter jwt"),
            (format!("/?token=Bearer%20{JWT}"), 1, 9, "parameter token"),
        ] {
            assert_eq!(places(&text), [(line, column, place.to_owned())], "{text}");
        }
    }

    #[test]
    fn takes_three_segments_or_five_and_leaves_the_rest() {
        assert_eq!(tokens(&format!("see {JWT}. and www.example.com.{JWT}")), [JWT, JWT]);
        assert_eq!(tokens(&format!("{JWE},{JWT}")), [JWE, JWT]);
        assert_eq!(tokens("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."), ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."]);
    }

    #[test]
    fn names_an_opaque_token_only_where_a_token_would_stand() {
        let opaque = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";
        for text in [
            opaque.to_owned(),
            format!("Authorization: Token {opaque}"),
            format!("{{\"access_token\":\"{opaque}\"}}"),
            format!("?token={opaque}"),
        ] {
            assert_eq!(tokens(&text), [opaque], "{text}");
            assert!(scan(text.as_bytes())[0].opaque);
        }
        assert_eq!(tokens(&format!("commit {opaque} by me")), [""; 0]);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for text in [
            "eyJ".repeat(1_000_000),
            ".".repeat(3_000_000),
            "eyJ.".repeat(750_000),
            "{\"a\":".repeat(600_000),
        ] {
            assert_eq!(scan(text.as_bytes()), []);
        }
    }
}
