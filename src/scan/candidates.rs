//! Finds the values in a pasted text that may be the token: URLs, cookies, JSON and environments are taken apart.
//! Nothing inside a token is repaired or skipped.

use super::names::is_token_name;
use super::shape::{form_decoded, looks_like_jwt};
use super::strip::strip;
use crate::core::json::{self, Value};
use crate::core::oauth::cookie::Cookie;
use crate::core::oauth::recognized;
use crate::core::oauth::server::TokenPlace;
use std::borrow::Cow;

/// A part of the pasted text that may be a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// The name of the parameter, member or cookie; empty if there is none.
    pub(crate) name: String,
    /// The bytes of the token.
    pub(crate) token: Vec<u8>,
    /// The names of the wrappings that were removed; empty if the token stands in the text as it is.
    pub(super) wrappings: Vec<&'static str>,
}

impl Candidate {
    /// Returns a token that stands in the text as it is.
    pub(super) fn new(name: &str, token: &[u8]) -> Self {
        Self { name: name.to_owned(), token: token.to_vec(), wrappings: Vec::new() }
    }
}

/// The values that count as candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CandidateFilter {
    /// JWTs. Other values with a token name count only if there is no JWT.
    JwtsFirst,
    /// Every value with a token name. A server's refresh tokens can be opaque where its access tokens are JWTs.
    AnyNamed,
}

/// Returns the candidates in pasted text. There is always at least one: the whole text, if nothing else is found.
pub(crate) fn candidates(pasted: &[u8], filter: CandidateFilter) -> Vec<Candidate> {
    let bare = strip(pasted);
    let whole = || vec![Candidate::new("", bare)];
    let Ok(text) = std::str::from_utf8(bare) else { return whole() };
    let mut found = if let Some(json) = json_part(text) {
        in_json(&json)
    } else if text.contains('=') {
        in_parameters(text)
    } else {
        in_words(text, filter)
    };
    if filter == CandidateFilter::AnyNamed {
        // Base64 padding looks like a parameter.
        if found.is_empty() {
            found = in_words(text, filter);
        }
        for candidate in in_set_cookies(text) {
            if found.iter().all(|other| other.name != candidate.name) {
                found.push(candidate);
            }
        }
        // Servers that set a cookie can leave the member of the body empty.
        if found.iter().any(|candidate| !candidate.token.is_empty()) {
            found.retain(|candidate| !candidate.token.is_empty());
        }
    }
    if filter == CandidateFilter::JwtsFirst && found.iter().any(|candidate| looks_like_jwt(&candidate.token))
    {
        found.retain(|candidate| looks_like_jwt(&candidate.token));
    }
    if found.is_empty() { whole() } else { found }
}

/// Returns the JSON of a text: all of it, or what follows the head of a response or a first line. A line of a log that
/// begins with a bracket is not JSON.
fn json_part(text: &str) -> Option<Value<'_>> {
    let part = if text.starts_with(['{', '[']) {
        text
    } else {
        let at = text.find("\n{").or_else(|| text.find("\n["))?;
        text.get(at + 1..)?.trim_end()
    };
    json::parse(part.as_bytes()).ok()
}

/// Returns the members of a JSON text that have the name or the look of a token.
fn in_json(json: &Value<'_>) -> Vec<Candidate> {
    fn collect(name: &str, value: &Value<'_>, found: &mut Vec<Candidate>) {
        match value {
            Value::String(text) => {
                let token = strip(text.as_bytes());
                if is_token_name(name) || looks_like_jwt(token) {
                    found.push(Candidate::new(name, token));
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(name, item, found)),
            Value::Object(members) => members.iter().for_each(|member| {
                // In `{"refresh": {"token": "…"}}`, the outer name says more.
                let is_named = is_token_name(name) && is_token_name(&member.name);
                let name = if is_named { name } else { &member.name };
                collect(name, &member.value, found);
            }),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect("", json, &mut found);
    found
}

/// Returns the values of `name=token` in a URL, a cookie, a form or a shell's environment.
fn in_parameters(text: &str) -> Vec<Candidate> {
    let is_break = |c: char| matches!(c, '?' | '&' | '#' | ';' | ' ' | '\t' | '\r' | '\n' | ',');
    text.split(is_break)
        .filter_map(|piece| piece.split_once('='))
        .map(|(name, value)| (name, value.trim_matches(['"', '\'']).as_bytes()))
        // `--format env` writes values without percent-encoding, so a plus sign stays.
        .map(|(name, value)| match name.strip_prefix("FOB_") {
            Some(_) => (name, Cow::Borrowed(value)),
            None => (name, form_decoded(value)),
        })
        .map(|(name, value)| Candidate::new(name, strip(&value)))
        .filter(|found| !found.name.is_empty() && !found.token.is_empty())
        .filter(|found| is_token_name(&found.name) || looks_like_jwt(&found.token))
        .collect()
}

/// Returns the tokens in the fields `Set-Cookie` of a response, as `curl -i` prints it.
fn in_set_cookies(text: &str) -> Vec<Candidate> {
    let field = |line: &str| {
        let (name, value) = line.trim_start_matches(['<', ' ']).split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| Cookie::parse(value.trim()))?
    };
    let cookies: Vec<Cookie> = text.lines().filter_map(field).collect();
    let found = recognized::in_cookies(&cookies).into_iter();
    let named = found.filter_map(|found| match found.place {
        TokenPlace::Cookie(name) => Some(Candidate::new(&name, found.token.as_bytes())),
        _ => None,
    });
    named.collect()
}

/// Returns the tokens of lines with `name token`, as `fob pair` prints them.
fn in_words(text: &str, filter: CandidateFilter) -> Vec<Candidate> {
    let is_token = |word: &str| match filter {
        CandidateFilter::JwtsFirst => looks_like_jwt(word.as_bytes()),
        CandidateFilter::AnyNamed => !is_token_name(word),
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let named = words.windows(2).filter_map(|pair| match pair {
        [name, token] if is_token_name(name) && is_token(token) => {
            Some(Candidate::new(name, token.as_bytes()))
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
        candidates(pasted.as_bytes(), CandidateFilter::JwtsFirst)
            .into_iter()
            .map(|found| (found.name, text(found.token)))
            .collect()
    }

    #[test]
    fn removes_quotes_headers_and_schemes_around_a_token() {
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
    fn finds_a_token_in_urls_cookies_bodies_and_environments() {
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
            (format!("[05:50:02] url=https://x.example/cb?id_token={JWT}"), "id_token"),
            (format!("[INFO] GET /cb?code={JWT}"), "code"),
            (format!("{{5}} jwt={JWT}"), "jwt"),
        ] {
            assert_eq!(found(&pasted), [(name.to_owned(), JWT.to_owned())], "{pasted:?}");
        }
    }

    #[test]
    fn finds_both_tokens_of_a_pair() {
        let names: Vec<_> = found(&format!("{{\"refresh\":\"{JWT}\",\"access\":\"{JWT}\"}}"))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["refresh", "access"]);
    }

    #[test]
    fn returns_other_text_whole() {
        for pasted in ["", "a b", "eyJhbGciOiJub25lIn0=.eyJzdWIiOiJhIn0.c2ln", "{\"a\":1}", "{"] {
            assert_eq!(found(pasted), [(String::new(), pasted.to_owned())], "{pasted:?}");
        }
        assert_eq!(candidates(b"\xff\xfeeyJ", CandidateFilter::JwtsFirst)[0].token, b"\xff\xfeeyJ");
    }

    #[test]
    fn finds_the_opaque_tokens_of_an_answer_with_cookies() {
        let any = |pasted: &str| -> String {
            let found = candidates(pasted.as_bytes(), CandidateFilter::AnyNamed).into_iter();
            let shown: Vec<String> = found
                .map(|found| format!("{} {}", found.name, String::from_utf8(found.token).unwrap()))
                .collect();
            shown.join(", ")
        };
        let head =
            "HTTP/1.1 200 OK\nset-cookie: my-refresh-token=r; HttpOnly\nSet-Cookie: csrf_refresh_token=c\n\n";
        assert_eq!(
            any(&format!("{head}{{\"access\":\"a\",\"refresh\":\"\"}}\n")),
            "access a, my-refresh-token r"
        );
        assert_eq!(any(head), "my-refresh-token r");
        for (json, expected) in [
            (r#"{"accessToken":"a","refreshToken":"r"}"#, "accessToken a, refreshToken r"),
            (
                r#"{"tokens":{"access":{"token":"a","expires":"x"},"refresh":{"token":"r"}}}"#,
                "access a, refresh r",
            ),
            (r#"{"refresh":""}"#, "refresh "),
        ] {
            assert_eq!(any(json), expected);
        }
    }

    #[test]
    fn finds_an_opaque_refresh_token_beside_a_jwt() {
        let any = |pasted: &str| -> Vec<(String, String)> {
            let text = |bytes| String::from_utf8(bytes).unwrap();
            let found = candidates(pasted.as_bytes(), CandidateFilter::AnyNamed).into_iter();
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
            // If JWTs are preferred, other named values do not make the choice ambiguous.
            let jwts = found(&pasted.replace("==", ""));
            assert_eq!(jwts, both[..1], "{pasted}");
        }
        for whole in ["0p+q/==", "a b", "refresh"] {
            assert_eq!(any(whole), [(String::new(), whole.to_owned())]);
        }
    }
}
