//! Finds what begins like a token in a text, apart from the tokens that were found there. A broken token beside a good one
//! must not be passed over.

use super::candidates::Candidate;
use super::damage::is_cut_at_front;
use super::lenient_base64::decode_lenient;
use super::shape::{in_token, object_end};
use crate::core::json::{self, Value};
use percent_encoding::percent_decode;

/// The Base64url of `{"`, with which headers begin.
const START: &[u8] = b"eyJ";

/// The names of header parameters that tell a header from other JSON.
const PARAMETERS: [&str; 4] = ["alg", "enc", "typ", "kid"];

/// Returns the runs that begin like a token, or end like one, and are none of the `known` tokens. Each is named by its line.
pub(super) fn begun(text: &[u8], known: &[&[u8]]) -> Vec<Candidate> {
    let mut found = runs_with_start(text, known);
    found.extend(runs_without_front(text, known, &found));
    found.sort_unstable_by_key(|(at, _)| *at);
    let (mut line, mut counted) = (1, 0);
    let named = |(at, run): (usize, &[u8])| {
        line += memchr::memchr_iter(b'\n', text.get(counted..at).unwrap_or_default()).count();
        counted = at;
        Candidate::new(&format!("line {line}"), run)
    };
    found.into_iter().map(named).collect()
}

/// Returns the runs whose front is missing or broken, each with its offset. A run with a known token or with one of the
/// others does not count.
fn runs_without_front<'t>(
    text: &'t [u8],
    known: &[&[u8]],
    others: &[(usize, &[u8])],
) -> Vec<(usize, &'t [u8])> {
    let mut others = others.iter().map(|(at, run)| (*at, at + run.len())).peekable();
    let mut next = 0;
    let runs = text.split(|byte| !in_token(*byte)).map(|run| {
        let at = next;
        next += run.len() + 1;
        (at, run)
    });
    let is_free = |(at, run): &(usize, &[u8])| {
        while others.next_if(|(_, end)| end <= at).is_some() {}
        others.peek().is_none_or(|(start, _)| *start >= at + run.len())
    };
    let is_cut = |(_, run): &(usize, &[u8])| {
        let before = run.iter().take_while(|byte| **byte == b'.').count();
        // A session cookie can have two parts, so only three and five count here.
        matches!(memchr::memchr_iter(b'.', run).count() - before, 2 | 4)
            && std::str::from_utf8(run).is_ok_and(is_cut_at_front)
            && !known.iter().any(|token| !token.is_empty() && memchr::memmem::find(run, token).is_some())
    };
    runs.filter(is_free).filter(is_cut).collect()
}

/// Returns the runs that begin like a token and are none of the known tokens, each with its offset.
fn runs_with_start<'t>(text: &'t [u8], known: &[&[u8]]) -> Vec<(usize, &'t [u8])> {
    let mut spans: Vec<(usize, usize)> = known
        .iter()
        .filter(|token| !token.is_empty())
        .flat_map(|token| memchr::memmem::find_iter(text, token).map(|at| (at, at + token.len())))
        .collect();
    spans.sort_unstable();
    let mut spans = spans.into_iter().peekable();
    let mut found = Vec::new();
    let (mut passed, mut end) = (0, 0);
    for at in memchr::memmem::find_iter(text, START) {
        while let Some((_, end)) = spans.next_if(|(start, _)| *start <= at) {
            passed = passed.max(end);
        }
        if at < passed {
            continue;
        }
        if at >= end {
            let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`<>".contains(byte);
            let rest = text.get(at..).unwrap_or_default();
            end = at + rest.iter().position(is_end).unwrap_or(rest.len());
        }
        let run = text.get(at..end).unwrap_or_default();
        // The payload of a token follows a dot, wherever its header is broken.
        let is_payload = at.checked_sub(1).is_some_and(|before| text.get(before) == Some(&b'.'));
        if !(is_payload || (is_start(text.get(..at).unwrap_or_default()) && is_begun(run))) {
            continue;
        }
        passed = end;
        if is_known(run, known) {
            continue;
        }
        found.push((at, run));
    }
    found
}

/// Reports whether a token may begin after a text: not after a character that may belong to the token.
fn is_start(before: &[u8]) -> bool {
    match before {
        [.., b'%', one, two] if one.is_ascii_hexdigit() && two.is_ascii_hexdigit() => true,
        [.., last] => !in_token(*last),
        [] => true,
    }
}

/// Reports whether a run begins with a header, or with a part of one. Other JSON in Base64, as in cookies, does not count.
fn is_begun(run: &[u8]) -> bool {
    let is_digit = |byte: &u8| in_token(*byte) && *byte != b'.' || b"+/".contains(byte);
    let digits = run.iter().position(|byte| !is_digit(byte)).unwrap_or(run.len());
    // The last group of four digits may be cut, and does not decode then.
    let decoded = |digits| decode_lenient(std::str::from_utf8(run.get(..digits)?).ok()?);
    let bytes = decoded(digits).or_else(|| decoded(digits - digits % 4)).unwrap_or_default();
    match object_end(&bytes) {
        Some(end) => match json::parse(bytes.get(..end).unwrap_or_default()) {
            Ok(Value::Object(members)) => PARAMETERS.iter().any(|name| json::find(&members, name).is_some()),
            _ => run.contains(&b'.'),
        },
        None => run.contains(&b'.') || PARAMETERS.iter().any(|name| has(&bytes, &format!("\"{name}\""))),
    }
}

fn has(bytes: &[u8], part: &str) -> bool {
    memchr::memmem::find(bytes, part.as_bytes()).is_some()
}

/// Reports whether a run is a known token in the encoding of a URL or of JSON.
fn is_known(run: &[u8], known: &[&[u8]]) -> bool {
    let begins = |bytes: &[u8]| known.iter().any(|token| bytes.starts_with(token));
    if run.contains(&b'%') && begins(&percent_decode(run).collect::<Vec<u8>>()) {
        return true;
    }
    if !run.contains(&b'\\') {
        return false;
    }
    let quoted = [b"\"", run, b"\""].concat();
    matches!(json::parse(&quoted), Ok(Value::String(text)) if begins(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::encode;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    fn found(text: &str) -> usize {
        begun(text.as_bytes(), &[JWT.as_bytes()]).len()
    }

    #[test]
    fn finds_a_token_that_is_broken_at_any_character() {
        for at in 1..JWT.len() - 6 {
            let (head, tail) = JWT.split_at(at);
            for broken in [format!("{head}!{tail}"), format!("{head}\"{tail}"), format!("{head} {tail}")] {
                // Without its beginning, a header is no longer known as one, but its payload is.
                assert!(found(&format!("{broken} {JWT}")) > 0, "{broken}");
                assert!(found(&format!("{JWT}\n{broken}")) > 0, "{broken}");
            }
        }
    }

    #[test]
    fn finds_a_token_whose_front_is_broken_though_no_header_is_known() {
        let signature = "PwX9qE-KJFA_S0TPCZkTq6bRCRVOpM1VjybAan7Din4";
        let header = encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        let jwe = format!("{}..aXYaXYaXY.Y3RjdGN0.dGFndGFn", encode(br#"{"alg":"dir","enc":"A128GCM"}"#));
        for payload in [encode(b"{}"), encode(b"{\n \"a\": 1}"), encode(b"hello")] {
            for token in [format!("{header}.{payload}.{signature}"), jwe.clone()] {
                for at in 1..8 {
                    let (head, tail) = token.split_at(at);
                    for broken in [
                        tail.to_owned(),
                        format!("{head}!{tail}"),
                        format!("{head} {tail}"),
                        format!("...{tail}"),
                    ] {
                        assert!(found(&format!("{broken} {JWT}")) > 0, "{broken}");
                        assert!(found(&format!("{JWT}\n{broken} ok")) > 0, "{broken}");
                    }
                }
            }
        }
    }

    #[test]
    fn finds_a_header_alone_and_a_token_that_is_cut() {
        for at in [8, 15, 19, 20, 30] {
            assert_eq!(found(&format!("{} {JWT}", JWT.split_at(at).0)), 1, "{at}");
        }
    }

    #[test]
    fn passes_over_the_known_token_and_over_other_json() {
        let flask = format!("{}.ZxYw.c2ln", encode(b"{\"user\":1}"));
        let rails = format!("{}--0123abcd", encode(b"{\"user\":12}"));
        for text in [
            JWT.to_owned(),
            format!("{JWT} {JWT}"),
            format!("\\n{JWT}"),
            format!("a={flask}; b={JWT}"),
            format!("a={rails}; b={JWT}"),
            format!("?a={}&b={JWT}", JWT.replace('.', "%2E")),
            format!("{{\"a\":\"{}\"}}", JWT.replace('.', "\\u002e")),
            "eyes.eyJ".replace(".eyJ", "x"),
        ] {
            assert_eq!(found(&text), 0, "{text}");
        }
    }
}
