//! The one step from a text to its token. Arguments, lines of many and tokens of suites all take it, so the same text has
//! the same verdict everywhere. The token itself is never changed.

use super::begun::begun;
use super::candidates::{Candidate, candidates};
use super::extracted::{BASE64, Extracted, TEXT_AROUND};
use super::pick::{PickError, Preference, choose};
use super::scanner::scan;
use super::shape::{is_harmless_name, is_named_opaque, looks_like_jwt};
use super::strip::{is_blank, strip};
use super::surroundings::{encoded_word, sd_jwt_word, surrounded, without_surroundings};
use super::unwrap::{
    JoinedCookie, QUOTED_PRINTABLE, is_bare, is_token, joined_cookies, quoted_printable, unwrap,
    without_chunks,
};
use crate::core::reason::{Failure, Malformed};
use std::borrow::Cow;
use std::collections::HashSet;

/// The length in bytes up to which a text is searched for wrappings.
const LONGEST_WRAPPED: usize = 1 << 20;

/// Returns the one token of a text, or the one that the user picked by name or number. A text without a token is
/// returned whole, so that its faults can be reported.
///
/// # Errors
/// Returns an error if the text is empty, or if it holds several tokens and none is chosen.
pub(crate) fn extract<'t>(
    text: &'t [u8],
    pick: Option<&str>,
    preference: Preference,
) -> Result<Extracted<'t>, PickError> {
    let bare = text.trim_ascii();
    if pick.is_none() && is_bare(bare) {
        return Ok(Extracted::plain(Cow::Borrowed(bare)));
    }
    if is_blank(text) {
        return Err(PickError::Empty);
    }
    match quoted_printable(text) {
        None => of_decoded(text, pick, preference),
        Some(decoded) => {
            let mut found = of_decoded(&decoded, pick, preference)?.into_owned();
            found.wrappings.insert(0, QUOTED_PRINTABLE);
            Ok(found)
        }
    }
}

/// Returns the one token of a text that is not blank and not quoted-printable.
fn of_decoded<'t>(
    text: &'t [u8],
    pick: Option<&str>,
    preference: Preference,
) -> Result<Extracted<'t>, PickError> {
    // An opaque refresh token may look like a wrapping.
    let may_unwrap = preference != Preference::AnyRefresh;
    let joined = if may_unwrap { joined_cookies(text) } else { Vec::new() };
    if !joined.is_empty() {
        return of_cookies(text, joined, pick, preference);
    }
    let mut found = candidates(text, preference.filter());
    let is_whole = matches!(&found[..], [one] if one.name.is_empty() && *one.token == *strip(text));
    if may_unwrap && !is_whole {
        found = with_others(found, text);
    }
    if let [whole] = &mut found[..]
        && may_unwrap
        && whole.name.is_empty()
        && !is_token(&whole.token)
    {
        let mut named = in_prose(&whole.token);
        if let [only] = &named[..] {
            named.extend(begun(&whole.token, &[&only.token]));
        }
        let is_several = named.len() > 1;
        let is_wrapped = named.iter().all(|one| !one.wrappings.is_empty());
        let is_alone = |found: &Extracted<'_>, whole: &[u8]| begun(whole, &[&found.token]).is_empty();
        // A text that is one wrapping as a whole is no list of tokens.
        if pick.is_none() && (is_wrapped || !is_several) && text.len() <= LONGEST_WRAPPED {
            let wrapped = if is_utf8(text) { &whole.token } else { text };
            if let Some(found) = unwrap(wrapped).filter(|found| is_alone(found, &whole.token)) {
                return Ok(found);
            }
        }
        if is_several || (pick.is_some() && !named.is_empty()) {
            found = named;
        } else if pick.is_none() {
            let whole = std::mem::take(&mut whole.token);
            let only = named.pop().filter(|_| !is_wrapped).map(|only| only.token);
            let found = around(&whole, only.as_deref()).filter(|found| is_alone(found, &whole));
            return Ok(found.unwrap_or_else(|| Extracted::plain(Cow::Owned(whole))));
        }
    }
    if let [only] = &found[..]
        && may_unwrap
        && !only.name.is_empty()
    {
        let inner = if is_token(&only.token) { None } else { unwrapped(&only.token) };
        let known = inner.as_ref().map_or(&only.token[..], |inner| &inner.token);
        found.extend(if is_token(known) { begun(text, &[known]) } else { Vec::new() });
    }
    let is_named = found.iter().any(|one| !one.name.is_empty());
    let Candidate { token, wrappings, name } = match choose(found, pick, preference) {
        // The user may want an opaque token beside the JWTs.
        Err(PickError::NoSuchToken { pick, names }) if pick.parse::<usize>().is_err() => {
            let all = candidates(text, Preference::AnyRefresh.filter());
            choose(all, Some(&pick), preference).map_err(|_| PickError::NoSuchToken { pick, names })?
        }
        chosen => chosen?,
    };
    if token.is_empty() {
        return Err(PickError::Empty);
    }
    if !wrappings.is_empty() {
        return Ok(Extracted { token: Cow::Owned(token), wrappings, name });
    }
    if !may_unwrap || is_token(&token) {
        let mut found = Extracted { name, ..Extracted::plain(Cow::Owned(token)) };
        found.wrappings.extend((is_named && is_prose(text)).then_some(TEXT_AROUND));
        return Ok(found);
    }
    Ok(unwrapped(&token).unwrap_or_else(|| Extracted::plain(Cow::Owned(token))))
}

/// Returns the token of a cookie in chunks, if it is the only token or the one that the user picked.
fn of_cookies<'t>(
    text: &[u8],
    joined: Vec<JoinedCookie<'_>>,
    pick: Option<&str>,
    preference: Preference,
) -> Result<Extracted<'t>, PickError> {
    let chunks = || joined.iter().flat_map(|cookie| &cookie.chunks).map(|chunk| chunk.as_bytes());
    let mut all = candidates(text, preference.filter());
    all.retain(|one| is_token(&one.token) && !chunks().any(|chunk| chunk == one.token));
    let known: Vec<&[u8]> = all.iter().map(|one| &one.token[..]).collect();
    let broken = begun(without_chunks(text, &joined).as_bytes(), &known);
    let cookies = joined.iter().map(|cookie| Candidate::new(&cookie.name, &cookie.found.token));
    all.extend(cookies.chain(broken));
    let token = choose(all, pick, preference)?.token;
    let found = joined.into_iter().map(|cookie| cookie.found).find(|found| *found.token == *token);
    Ok(found.unwrap_or_else(|| Extracted::plain(Cow::Owned(token))))
}

fn is_utf8(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
}

/// Removes the text around the only token of a text, or around the Base64 of a token if there is none.
fn around(text: &[u8], only: Option<&[u8]>) -> Option<Extracted<'static>> {
    let text = std::str::from_utf8(text).ok()?;
    match only {
        Some(token) => without_surroundings(text, token),
        None => sd_jwt_word(text).or_else(|| encoded_word(text)),
    }
}

/// Returns the token in a text that is not a bare token, or `None` if nothing that may be removed is around one.
pub(crate) fn unwrapped(text: &[u8]) -> Option<Extracted<'static>> {
    unwrap(text).or_else(|| surrounded(std::str::from_utf8(text).ok()?))
}

/// Returns the opaque tokens of a text that are the values of token names.
pub(crate) fn named_opaque(text: &[u8]) -> Vec<Candidate> {
    let mut found = candidates(text, Preference::AnyRefresh.filter());
    found.retain(|one| !one.name.is_empty() && is_named_opaque(&one.token));
    found
}

/// Returns the token of one line of many, or `None` for a blank line.
///
/// # Errors
/// Returns a failure if the line holds several tokens.
pub(crate) fn of_line(line: &[u8]) -> Option<Result<Extracted<'_>, Failure>> {
    // Most lines are a token and nothing else.
    if is_bare(line) {
        return Some(Ok(Extracted::plain(Cow::Borrowed(line))));
    }
    // A text in UTF-16 with the low byte first has half a character behind its last line break.
    if is_blank(line) || line == b"\0" {
        return None;
    }
    Some(match extract(line, None, Preference::None) {
        Ok(found) => Ok(found),
        Err(PickError::Several(names) | PickError::NoSuchToken { names, .. }) => {
            let detail = format!("{} tokens, expected one", names.len());
            Err(Failure::malformed(Malformed::Segments, detail))
        }
        Err(PickError::Empty) => Ok(Extracted::plain(Cow::Borrowed(b""))),
    })
}

/// Returns the token of a text in a suite. A text without a token gives a [`Failure`], which is judged.
///
/// # Errors
/// Returns an error if the text holds several tokens and `pick` does not choose one.
pub(crate) fn of_text<'t>(
    text: &'t [u8],
    pick: Option<&str>,
) -> Result<Result<Extracted<'t>, Failure>, PickError> {
    match extract(text, pick, Preference::None) {
        Err(PickError::Empty) => Ok(Err(Failure::malformed(Malformed::Segments, "there is no token here"))),
        found => found.map(Ok),
    }
}

/// Returns the JWTs of prose, a log or any other text. A text with a `~` may be an SD-JWT, whose parts are one token, so it
/// is not searched.
fn in_prose(text: &[u8]) -> Vec<Candidate> {
    if text.contains(&b'~') { Vec::new() } else { jwts_in(text) }
}

/// Returns the JWTs of a text, each named by what stands before it, else by its line. A token with percent-encoding inside is
/// shown by `inspect`, and is not a token for `verify`.
fn jwts_in(text: &[u8]) -> Vec<Candidate> {
    let hits = scan(text).into_iter().filter(|hit| !hit.opaque && !hit.encoded && looks_like_jwt(&hit.token));
    hits.map(|hit| {
        let (kind, name) = hit.found.place.split_once(' ').unwrap_or_default();
        let name = match kind {
            "member" | "parameter" | "cookie" | "header" if is_harmless_name(name) => name.to_owned(),
            _ => format!("line {}", hit.found.line),
        };
        let wrappings = if hit.found.wrapping.is_some() { vec![TEXT_AROUND, BASE64] } else { Vec::new() };
        Candidate { name, token: hit.token.into_owned(), wrappings }
    })
    .collect()
}

/// Returns the candidates of a text with the JWTs elsewhere in it, in the order of the text. A JWT inside a candidate
/// belongs to it. A candidate that is not a JWT counts only if the text holds none.
fn with_others(found: Vec<Candidate>, text: &[u8]) -> Vec<Candidate> {
    let others = jwts_in(text);
    let scanned: HashSet<&[u8]> = others.iter().map(|other| &*other.token).collect();
    // A sentence that begins with a token is not a token.
    let is_sentence = |one: &Candidate| {
        let space = one.token.iter().position(|&byte| byte == b' ');
        space.and_then(|space| one.token.get(..space)).is_some_and(|word| scanned.contains(word))
    };
    let (sentences, mut found): (Vec<_>, Vec<_>) = found.into_iter().partition(is_sentence);
    if found.is_empty() {
        found = sentences;
    }
    let mut known: HashSet<Vec<u8>> = found.iter().map(|one| one.token.clone()).collect();
    // A candidate that is not a JWT can be the Base64 of one.
    let mut tokens = Vec::new();
    for one in &found {
        let parts = if scanned.contains(&*one.token) { Vec::new() } else { scan(&one.token) };
        let mut jwts = parts.into_iter().filter(|hit| !hit.opaque).peekable();
        tokens.push(jwts.peek().is_some() || looks_like_jwt(&one.token));
        known.extend(jwts.map(|hit| hit.token.into_owned()));
    }
    if others.iter().all(|other| known.contains(&other.token)) {
        return found;
    }
    let mut merged = Vec::new();
    let found = found.into_iter().zip(tokens);
    let mut rest = found.filter_map(|(one, is_token)| is_token.then_some(one)).peekable();
    for other in others {
        if !known.contains(&other.token) {
            merged.push(other);
        } else if let Some(same) = rest.next_if(|one| one.token.starts_with(&other.token)) {
            merged.push(same);
        }
    }
    merged.extend(rest);
    merged
}

/// Reports whether a text is a sentence or a line of a log. URLs, headers, cookies and JSON need no note.
fn is_prose(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default();
    let is_structured = first.ends_with(b":")
        || matches!(first, b"export" | b"curl")
        || text.starts_with(b"{")
        || (text.starts_with(b"[") && text.ends_with(b"]"));
    !is_structured && !text.contains(&b'\n') && words.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    fn token(text: &str, pick: Option<&str>) -> Result<String, PickError> {
        let found = extract(text.as_bytes(), pick, Preference::None)?;
        Ok(String::from_utf8(found.token.into_owned()).unwrap())
    }

    #[test]
    fn removes_nothing_that_touches_the_token() {
        for (before, after) in [
            ("=", ""),
            ("x", ""),
            ("_", ""),
            ("a=b=", ""),
            ("", "."),
            ("", "="),
            ("", "~x"),
            ("", "+A"),
            ("", ";"),
            ("", "\""),
            ("\"", ""),
            ("", "&x"),
            ("%", ""),
            ("", "\0"),
        ] {
            let text = format!("{before}{JWT}{after}");
            assert_eq!(token(&text, None), Ok(text.clone()), "{text}");
        }
    }

    #[test]
    fn a_line_and_a_text_have_the_token_of_the_argument() {
        for text in [
            JWT.to_owned(),
            format!("Bearer {JWT}"),
            format!("b'{JWT}'"),
            format!("see {JWT} there"),
            format!("see {JWT}. It works"),
            format!("{{\"access\":\"{JWT}\"}}"),
            format!("{JWT}.x"),
            "undefined".to_owned(),
        ] {
            let alone = extract(text.as_bytes(), None, Preference::None).unwrap();
            assert_eq!(of_line(text.as_bytes()), Some(Ok(alone.clone())), "{text}");
            assert_eq!(of_text(text.as_bytes(), None), Ok(Ok(alone)), "{text}");
        }
    }

    #[test]
    fn counts_a_whole_token_in_encoded_text_but_none_that_is_encoded_itself() {
        let (other, dots) = (JWT.replace("c2ln", "AAAA"), JWT.replace('.', "%2E"));
        let names = ["line 1", "line 2"].map(str::to_owned).to_vec();
        let text = format!("see%20{JWT}%20there\nsee%20{other}%20there");
        assert_eq!(token(&text, None), Err(PickError::Several(names)));
        assert_eq!(token(&format!("see {dots} there\nand {other} ok"), Some("1")), Ok(other));
    }

    #[test]
    fn takes_one_long_text_apart_as_fast_as_many_short_ones() {
        const TIMES: usize = 32;
        let text = |count: usize| -> String {
            (0..count).map(|number| format!("see%20{JWT}{number} ok 100%\n")).collect()
        };
        let time = |text: &str, times: usize| {
            let start = std::time::Instant::now();
            for _ in 0..times {
                let found = extract(text.as_bytes(), None, Preference::None);
                assert!(matches!(found, Err(PickError::Several(_))));
            }
            start.elapsed()
        };
        let (short, long) = (text(100), text(100 * TIMES));
        // Both take the same time if it is linear. Quadratic time is many times longer, so one good try of many is enough.
        let is_linear = || time(&long, 1) < time(&short, TIMES) * 5;
        assert!((0..10).any(|_| is_linear()));
    }

    #[test]
    fn names_several_tokens_by_what_stands_before_them() {
        let other = JWT.replace("c2ln", "AAAA");
        let text = format!("first {JWT}\nthen id_token: {other}\n");
        let names = ["line 1", "id_token"].map(str::to_owned).to_vec();
        assert_eq!(token(&text, None), Err(PickError::Several(names)));
        assert_eq!(token(&text, Some("id_token")), Ok(other.clone()));
        assert_eq!(token(&text, Some("2")), Ok(other));
    }

    #[test]
    fn finds_the_tokens_beside_a_parameter_or_a_member() {
        let other = JWT.replace("c2ln", "AAAA");
        for (text, names) in [
            (format!("Bearer {other}\nGET /?token={JWT}\n"), ["line 1", "token"]),
            (format!("GET /?token={JWT}\nBearer {other} ok\n"), ["token", "line 2"]),
            (
                format!("{{\"access\":\"{JWT}\",\"body\":\"{{\\\"id\\\":\\\"{other}\\\"}}\"}}"),
                ["access", "id"],
            ),
            (format!("[\"{JWT}\",\"see {other}\"]"), ["", "line 1"]),
            (format!("data={JWT}~WyJhIl0~{JWT}\nsee {other} ok"), ["data", "line 2"]),
            (format!("token=undefined\n{JWT}\n{other}"), ["line 2", "line 3"]),
        ] {
            let found = token(&text, None);
            assert_eq!(found, Err(PickError::Several(names.map(str::to_owned).to_vec())), "{text}");
            let at = if text.find(&other) < text.find(JWT) { "1" } else { "2" };
            assert_eq!(token(&text, Some(at)), Ok(other.clone()), "{text}");
        }
    }

    #[test]
    fn counts_equal_tokens() {
        for (text, names) in [
            (format!("{JWT} {JWT}"), ["line 1", "line 1"]),
            (format!("{{\"access\":\"{JWT}\",\"refresh\":\"{JWT}\"}}"), ["access", "refresh"]),
        ] {
            let several = Err(PickError::Several(names.map(str::to_owned).to_vec()));
            assert_eq!(token(&text, None), several, "{text}");
            assert_eq!(token(&text, Some("2")), Ok(JWT.to_owned()), "{text}");
        }
    }

    #[test]
    fn picks_an_opaque_token_by_its_name() {
        let text = format!("{{\"access_token\":\"v7Kq2mZr8vTn4xWb1sYc\",\"id_token\":\"{JWT}\"}}");
        assert_eq!(token(&text, None), Ok(JWT.to_owned()));
        assert_eq!(token(&text, Some("access_token")), Ok("v7Kq2mZr8vTn4xWb1sYc".to_owned()));
    }

    #[test]
    fn joins_a_cookie_in_chunks_among_others() {
        let (one, two) = JWT.split_at(30);
        for text in [
            format!("a.0={one}; a.1={two}"),
            format!("Cookie: theme=dark; a.1={two}; lang=en; a.0={one}"),
            format!("Set-Cookie: a.0={one}; Path=/\nset-cookie: a.1={two}; Path=/"),
        ] {
            assert_eq!(token(&text, None), Ok(JWT.to_owned()), "{text}");
        }
    }
}
