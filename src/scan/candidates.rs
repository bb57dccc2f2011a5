//! Finds the values in a pasted text that may be the token: URLs, cookies, JSON and environments are taken apart.
//! Nothing inside a token is repaired or skipped.

use super::names::is_token_name;
use super::shape::{form_decoded, looks_like_jwt, object_end};
use super::strip::strip;
use crate::core::json::{self, Value};
use crate::core::oauth::cookie::Cookie;
use crate::core::oauth::recognized;
use crate::core::oauth::server::TokenPlace;
use std::borrow::Cow;

/// The number of brackets in a text at which a JSON object is looked for.
const MOST_OBJECTS: usize = 100;
/// The length of an opaque token of lower-case letters alone. Shorter words are taken for words of a language.
const SHORTEST_WORDLIKE: usize = 12;

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
    /// JWTs, and the refresh token of a server, which can be opaque. Other values with a token name count only if there is no JWT.
    JwtsAndRefresh,
    /// Every value with a token name. A server's refresh tokens can be opaque where its access tokens are JWTs.
    AnyNamed,
}

/// Returns the candidates in pasted text. There is always at least one: the whole text, if nothing else is found.
pub(crate) fn candidates(pasted: &[u8], filter: CandidateFilter) -> Vec<Candidate> {
    let mut bare = strip(pasted);
    if filter == CandidateFilter::AnyNamed && is_message(bare, pasted) {
        bare = pasted.trim_ascii();
    }
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
        let in_objects = in_json_objects(text);
        if !in_objects.is_empty() {
            found = in_objects;
        }
        // Base64 padding looks like a parameter.
        if found.is_empty() {
            found = in_words(text, filter);
        }
        for candidate in in_set_cookies(text) {
            if found.iter().all(|other| other.name != candidate.name || other.token.is_empty()) {
                found.push(candidate);
            }
        }
        // Servers that set a cookie can leave the member of the body empty.
        if found.iter().any(|candidate| !candidate.token.is_empty()) {
            found.retain(|candidate| !candidate.token.is_empty());
        }
    }
    if filter != CandidateFilter::AnyNamed && found.iter().any(|candidate| looks_like_jwt(&candidate.token)) {
        let is_refresh = |candidate: &Candidate| {
            filter == CandidateFilter::JwtsAndRefresh
                && !candidate.token.is_empty()
                && candidate.name.to_ascii_lowercase().contains("refresh")
        };
        found.retain(|candidate| looks_like_jwt(&candidate.token) || is_refresh(candidate));
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

/// Returns the tokens of all JSON objects in a text, such as a log or the output of `curl`.
fn in_json_objects(text: &str) -> Vec<Candidate> {
    let (mut found, mut rest) = (Vec::new(), text);
    for _ in 0..MOST_OBJECTS {
        let Some(object) = rest.find('{').and_then(|at| rest.get(at..)) else { break };
        let end = object_end(object.as_bytes()).unwrap_or_default();
        let json = object.get(..end).and_then(|part| json::parse(part.as_bytes()).ok());
        found.extend(json.as_ref().map(in_json).unwrap_or_default());
        rest = object.get(if json.is_some() { end } else { 1 }..).unwrap_or_default();
    }
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

/// Returns the tokens that follow their names. If they can be opaque, only lines of a name and a token count, as `fob pair`,
/// YAML and files of cookies have them. The word after `refresh` in a sentence is not a token.
fn in_words(text: &str, filter: CandidateFilter) -> Vec<Candidate> {
    let named = |words: &[&str], is_token: fn(&str) -> bool| match words {
        [name, token] if is_token_name(name) && is_token(token) => {
            Some(Candidate::new(name, token.as_bytes()))
        }
        _ => None,
    };
    match filter {
        CandidateFilter::JwtsFirst | CandidateFilter::JwtsAndRefresh => {
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            words.windows(2).filter_map(|pair| named(pair, |word| looks_like_jwt(word.as_bytes()))).collect()
        }
        CandidateFilter::AnyNamed => {
            let lines = text.lines().map(|line| {
                // A file of cookies, as `curl --cookie-jar` writes it, has five fields before the name.
                let is_cookie = line.split('\t').count() == 7;
                let words = line.split_ascii_whitespace().skip(if is_cookie { 5 } else { 0 });
                words.map(|word| word.trim_matches(['"', '\'', ',', ':'])).collect::<Vec<&str>>()
            });
            lines.filter_map(|words| named(&words, is_random)).collect()
        }
    }
}

/// Reports whether a text is a message such as `token expired`, of which a scheme was removed.
fn is_message(bare: &[u8], pasted: &[u8]) -> bool {
    const LONGEST_WORD: usize = 15;
    let all = |kind: fn(&u8) -> bool| bare.iter().all(kind);
    let is_word = bare.len() <= LONGEST_WORD && (all(u8::is_ascii_alphabetic) || all(u8::is_ascii_digit));
    is_word && pasted.trim_ascii().contains(&b' ')
}

/// Reports whether a word can be a token, rather than a word of a language or a name of a token.
fn is_random(word: &str) -> bool {
    const LONGEST_NUMBER: usize = 10;
    let is_mixed = |at: usize, byte: u8| {
        byte.is_ascii_digit() || b"_~+=".contains(&byte) || (at > 0 && byte.is_ascii_uppercase())
    };
    let is_number = word.len() <= LONGEST_NUMBER && word.bytes().all(|byte| byte.is_ascii_digit());
    !is_token_name(word)
        && !is_number
        && !word.ends_with('.')
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
        && (word.len() >= SHORTEST_WORDLIKE || word.bytes().enumerate().any(|(at, byte)| is_mixed(at, byte)))
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
        for whole in
            ["0p+q/==", "a b", "refresh", "please refresh the page", "refresh soon", "Refresh token."]
        {
            assert_eq!(any(whole), [(String::new(), whole.to_owned())]);
        }
    }
    #[test]
    fn takes_the_json_in_a_text_and_no_word_beside_it() {
        let json = format!("{{\"access_token\":\"{JWT}\",\"refresh_token\":\"0p+q/==\"}}");
        let pretty = json.replace(',', ",\n  ").replace('{', "{\n  ");
        let both = ["access_token", "refresh_token"];
        for text in [
            format!("Please refresh now: {json}"),
            format!("to refresh the token use this\n{json}"),
            format!("{json}\nplease refresh soon"),
            format!("{json}200"),
            format!("2026-11-29 INFO {{5}} {json} (refresh done)"),
            format!("{{\"msg\":\"refresh now\"}}\n{json}\n"),
            format!("`{json}`"),
            format!("{pretty}\n* Connection #0 left intact\n"),
        ] {
            let found = candidates(text.as_bytes(), CandidateFilter::AnyNamed);
            let names: Vec<&str> = found.iter().map(|found| found.name.as_str()).collect();
            assert_eq!(names, both, "{text}");
            assert_eq!(found[1].token, b"0p+q/==", "{text}");
        }
    }

    #[test]
    fn takes_lines_of_a_name_and_a_token_as_in_yaml_and_in_files_of_cookies() {
        for text in [
            format!("access_token: {JWT}\nrefresh_token: y7Kq2m\n"),
            format!("{{\n  access_token: '{JWT}',\n  refresh_token: 'y7Kq2m'\n"),
            format!("token for you\naccess_token {JWT}\nrefresh_token y7Kq2m\nrefresh soon\n"),
            format!(
                "# Netscape HTTP Cookie File\n\n#HttpOnly_a.example\tFALSE\t/\tTRUE\t0\taccess_token\t{JWT}\n\
                a.example\tFALSE\t/auth\tTRUE\t1796557026\trefresh_token\ty7Kq2m\n"
            ),
        ] {
            let found = candidates(text.as_bytes(), CandidateFilter::AnyNamed);
            let found: Vec<(&str, &[u8])> =
                found.iter().map(|one| (one.name.as_str(), &one.token[..])).collect();
            assert_eq!(found, [("access_token", JWT.as_bytes()), ("refresh_token", b"y7Kq2m")], "{text}");
        }
    }

    #[test]
    fn the_scheme_of_a_message_is_not_removed() {
        for text in ["token expired", "JWT expired", "Bearer realm", "token 401"] {
            let found = candidates(text.as_bytes(), CandidateFilter::AnyNamed);
            assert_eq!(found, [Candidate::new("", text.as_bytes())]);
        }
        let found = candidates(b"Token a1b2c3", CandidateFilter::AnyNamed);
        assert_eq!(found, [Candidate::new("", b"a1b2c3")]);
    }
}
