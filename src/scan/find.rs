//! The tokens in what a person pasted: around a token they may leave what came with it when they copied it, and
//! that is taken off. Inside a token nothing is tolerated, so nothing is searched for there.

use super::shape::{looks_like_jwt, percent_decoded};
use crate::core::json::{self, Value};
use std::borrow::Cow;

/// What tokens are called in URLs, JSON bodies and cookies. Those of refresh tokens come last.
const NAMES: [&str; 10] = [
    "access",
    "access_token",
    "id_token",
    "token",
    "jwt",
    "FOB_ACCESS",
    "FOB_TOKEN",
    "refresh",
    "refresh_token",
    "FOB_REFRESH",
];

/// A piece of the pasted text that is a token, as far as can be seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// What it was called; empty if it was not called anything.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) token: Vec<u8>,
}

/// What kind of token is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// JWTs: what else is called a token is taken only if there are none.
    Jwt,
    /// Whatever is called a token: a server's refresh tokens need not be JWTs, even where its access tokens are.
    Any,
}

/// Takes pasted text apart. There is always at least one candidate: the whole text, if nothing else is seen in it.
pub(crate) fn candidates(pasted: &[u8], kind: Kind) -> Vec<Candidate> {
    let bare = strip(pasted);
    let whole = || vec![Candidate { name: String::new(), token: bare.to_vec() }];
    let Ok(text) = std::str::from_utf8(bare) else { return whole() };
    let mut found = if text.starts_with(['{', '[']) {
        in_json(text)
    } else if text.contains('=') {
        in_parameters(text)
    } else {
        in_words(text, kind)
    };
    // Padding looks like a parameter.
    if found.is_empty() && kind == Kind::Any {
        found = in_words(text, kind);
    }
    // What is called a token and is none does not stand in the way of those that are.
    if kind == Kind::Jwt && found.iter().any(|candidate| looks_like_jwt(&candidate.token)) {
        found.retain(|candidate| looks_like_jwt(&candidate.token));
    }
    if found.is_empty() { whole() } else { found }
}

/// Takes off what stands around a token: a BOM, white space, quotes, the name of the header and of the scheme.
fn strip(pasted: &[u8]) -> &[u8] {
    match std::str::from_utf8(pasted) {
        Ok(text) => strip_text(text).as_bytes(),
        Err(_) => pasted.trim_ascii(),
    }
}

/// Layer by layer, each in a time that does not depend on what is left: there can be very many.
fn strip_text(pasted: &str) -> &str {
    let mut text = trim(pasted);
    loop {
        let before = text.len();
        text = strip_quotes(text);
        for header in ["Authorization:", "Proxy-Authorization:"] {
            text = strip_word(text, header).unwrap_or(text);
        }
        for scheme in ["Bearer", "JWT", "Token"] {
            text = strip_word(text, scheme).filter(|rest| is_apart(text, rest, scheme)).unwrap_or(text);
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Whether there is nothing but what is taken off.
pub(crate) fn is_blank(pasted: &[u8]) -> bool {
    pasted.trim_ascii().is_empty() || std::str::from_utf8(pasted).is_ok_and(|text| trim(text).is_empty())
}

/// White space, of whatever kind a web page or a word processor adds, and a byte order mark.
fn trim(text: &str) -> &str {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.trim_matches(|c: char| c.is_whitespace() || invisible(c))
}

fn strip_quotes(text: &str) -> &str {
    const PAIRS: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];
    let closed = text.strip_suffix([',', ';']).unwrap_or(text);
    let inner = PAIRS.iter().find_map(|(open, close)| closed.strip_prefix(*open)?.strip_suffix(*close));
    inner.map_or(text, trim)
}

/// What follows a word at the start, in any letter case, with the white space between them taken off.
fn strip_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(word.len())?;
    head.eq_ignore_ascii_case(word).then(|| rest.trim_start())
}

/// Whether a word stood apart from the rest, or had nothing behind it.
const fn is_apart(text: &str, rest: &str, word: &str) -> bool {
    rest.is_empty() || rest.len() + word.len() < text.len()
}

/// The members of a JSON text that are called like a token, or look like one.
fn in_json(text: &str) -> Vec<Candidate> {
    fn collect(name: &str, value: &Value<'_>, found: &mut Vec<Candidate>) {
        match value {
            Value::String(text) => {
                let token = strip(text.as_bytes());
                if NAMES.contains(&name) || looks_like_jwt(token) {
                    found.push(Candidate { name: name.to_owned(), token: token.to_vec() });
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
            Value::Object(members) => {
                members.iter().for_each(|member| collect(&member.name, &member.value, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = json::parse(text.as_bytes()) {
        collect("", &value, &mut found);
    }
    found
}

/// `name=token` in a URL, a cookie, a form or a shell's environment.
fn in_parameters(text: &str) -> Vec<Candidate> {
    let is_break = |c: char| matches!(c, '?' | '&' | '#' | ';' | ' ' | '\t' | '\r' | '\n' | ',');
    text.split(is_break)
        .filter_map(|piece| piece.split_once('='))
        .map(|(name, value)| (name, value.trim_matches(['"', '\'']).as_bytes()))
        // What `--format env` wrote stands there as it is, and a plus is one.
        .map(|(name, value)| match name.strip_prefix("FOB_") {
            Some(_) => (name, Cow::Borrowed(value)),
            None => (name, percent_decoded(value)),
        })
        .map(|(name, value)| Candidate { name: name.to_owned(), token: strip(&value).to_vec() })
        .filter(|found| !found.name.is_empty() && !found.token.is_empty())
        .filter(|found| NAMES.contains(&&*found.name) || looks_like_jwt(&found.token))
        .collect()
}

/// `name token`, as `fob pair` prints them.
fn in_words(text: &str, kind: Kind) -> Vec<Candidate> {
    let is_token = |word: &str| match kind {
        Kind::Jwt => looks_like_jwt(word.as_bytes()),
        Kind::Any => !NAMES.contains(&word),
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let named = words.windows(2).filter_map(|pair| match pair {
        [name, token] if NAMES.contains(name) && is_token(token) => {
            Some(Candidate { name: (*name).to_owned(), token: token.as_bytes().to_vec() })
        }
        _ => None,
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    fn found(pasted: &str) -> Vec<(String, String)> {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        candidates(pasted.as_bytes(), Kind::Jwt)
            .into_iter()
            .map(|found| (found.name, text(found.token)))
            .collect()
    }

    #[test]
    fn takes_off_what_people_paste_around_a_token() {
        for pasted in [
            format!("{JWT}\n"),
            format!("  {JWT} \r\n"),
            format!("\u{feff}{JWT}"),
            format!("\"{JWT}\""),
            format!("'{JWT}',"),
            format!("Bearer {JWT}"),
            format!("bearer   {JWT}"),
            format!("JWT {JWT}"),
            format!("Token {JWT}"),
            format!("Authorization: Bearer {JWT}"),
            format!("authorization:{JWT}"),
            format!("'Authorization: Bearer {JWT}'"),
            format!("\u{201c}{JWT}\u{201d}"),
            format!("\u{a0}{JWT}\u{200b}"),
        ] {
            assert_eq!(found(&pasted), [(String::new(), JWT.to_owned())], "{pasted:?}");
        }
    }

    #[test]
    fn takes_a_token_out_of_urls_cookies_bodies_and_environments() {
        for (pasted, name) in [
            (format!("https://x.example/cb?state=1&access_token={JWT}&x=y"), "access_token"),
            (format!("https://x.example/cb#id_token={JWT}"), "id_token"),
            (format!("Cookie: theme=dark; session={JWT}; lang=en"), "session"),
            (format!("Set-Cookie: jwt={JWT}; Path=/; HttpOnly"), "jwt"),
            (format!("grant_type=refresh_token&refresh_token={}", JWT.replace('.', "%2E")), "refresh_token"),
            (format!("{{\"access\": \"{JWT}\"}}"), "access"),
            (format!("{{\"data\":[{{\"token\":\"Bearer {JWT}\"}}]}}"), "token"),
            (format!("FOB_TOKEN={JWT}\n"), "FOB_TOKEN"),
            (format!("export FOB_TOKEN=\"{JWT}\""), "FOB_TOKEN"),
            (format!("curl 'https://x.example/?token=Bearer%20{JWT}'"), "token"),
            (format!("https://x.example/?token=Bearer+{JWT}"), "token"),
            (format!("{{\"accessToken\":\"{JWT}\"}}"), "accessToken"),
            (format!("[\"{JWT}\"]"), ""),
        ] {
            assert_eq!(found(&pasted), [(name.to_owned(), JWT.to_owned())], "{pasted:?}");
        }
    }

    #[test]
    fn finds_both_of_a_pair() {
        let names: Vec<_> = found(&format!("{{\"refresh\":\"{JWT}\",\"access\":\"{JWT}\"}}"))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["refresh", "access"]);
    }

    #[test]
    fn leaves_everything_else_whole() {
        for pasted in ["", "a b", "eyJhbGciOiJub25lIn0=.eyJzdWIiOiJhIn0.c2ln", "{\"a\":1}", "{"] {
            assert_eq!(found(pasted), [(String::new(), pasted.to_owned())], "{pasted:?}");
        }
        assert_eq!(candidates(b"\xff\xfeeyJ", Kind::Jwt)[0].token, b"\xff\xfeeyJ");
    }

    #[test]
    fn a_refresh_token_need_not_be_a_jwt() {
        let any = |pasted: &str| -> Vec<(String, String)> {
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let found = candidates(pasted.as_bytes(), Kind::Any).into_iter();
            found.map(|found| (found.name, text(found.token))).collect()
        };
        for (pasted, access, refresh) in [
            (
                format!("{{\"access_token\":\"{JWT}\",\"refresh_token\":\"0p+q/==\"}}"),
                "access_token",
                "refresh_token",
            ),
            (format!("access  {JWT}\nrefresh 0p+q/==\n"), "access", "refresh"),
            (format!("FOB_ACCESS={JWT}\nFOB_REFRESH=0p+q/=="), "FOB_ACCESS", "FOB_REFRESH"),
        ] {
            let both = [(access.to_owned(), JWT.to_owned()), (refresh.to_owned(), "0p+q/==".to_owned())];
            assert_eq!(any(&pasted), both, "{pasted}");
            // Where a JWT is wanted, what is none does not stand in its way.
            let jwts = found(&pasted.replace("==", ""));
            assert_eq!(jwts, both[..1], "{pasted}");
        }
        for whole in ["0p+q/==", "a b", "refresh"] {
            assert_eq!(any(whole), [(String::new(), whole.to_owned())]);
        }
    }
}
