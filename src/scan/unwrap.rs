//! Takes a token out of what it is wrapped in: Base64, percent-encoding, a scheme, brackets, cookies, other text. At most
//! two layers are removed. Only whole wrappings are removed; the token itself is never changed.

use super::pasted::{CandidateFilter, candidates, strip_text};
use super::scanner::scan;
use super::shape::{in_token, looks_like_jwt};
use super::shapes::decoded;
use percent_encoding::percent_decode_str;

/// A token, and the names of the wrappings that were removed, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unwrapped {
    /// The bytes of the token.
    pub(crate) token: Vec<u8>,
    /// The names of the wrappings.
    pub(crate) wrappings: Vec<&'static str>,
}

impl Unwrapped {
    /// Returns the names of the wrappings as one text.
    pub(crate) fn names(&self) -> String {
        self.wrappings.join(", ")
    }
}

/// A wrapping: its name, and the function that removes it.
type Wrapping = (&'static str, fn(&str) -> Option<String>);

/// The wrappings, in the order in which they are tried.
const WRAPPINGS: [Wrapping; 9] = [
    ("Python bytes literal", bytes_literal),
    ("brackets", brackets),
    ("comma or semicolon at the end", end_mark),
    ("percent-encoding", percent),
    ("GitHub prefix of the app ID", github_prefix),
    ("Supabase cookie", supabase),
    ("cookie in chunks", chunks),
    ("Base64", base64_text),
    ("scheme", scheme),
];

/// Returns the name of every wrapping.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WRAPPINGS.into_iter().map(|(name, _)| name)
}

/// The limit of wrappings around a token.
const LAYERS: usize = 2;

/// Reports whether bytes can only be a token, so that nothing has to be removed.
pub(crate) fn is_bare(text: &[u8]) -> bool {
    text.starts_with(b"e") && text.iter().all(|&byte| in_token(byte))
}

/// Returns the token in a text that is not a bare token, or `None` if no wrapping of the table is around one.
pub(crate) fn unwrap(text: &[u8]) -> Option<Unwrapped> {
    let text = match decoded_utf16(text) {
        Some(text) => return from_utf16(&text),
        None => std::str::from_utf8(text).ok()?,
    };
    remove(strip_text(text), LAYERS).or_else(|| surrounded(text))
}

/// Returns the token in the Base64 of a token.
pub(crate) fn base64(text: &[u8]) -> Option<Unwrapped> {
    let token = base64_text(std::str::from_utf8(text).ok()?)?;
    let token = strip_text(&token).as_bytes();
    is_token(token).then(|| Unwrapped { token: token.to_vec(), wrappings: vec!["Base64"] })
}

fn remove(text: &str, layers: usize) -> Option<Unwrapped> {
    let removed = || WRAPPINGS.iter().filter_map(|(name, remove)| Some((*name, remove(text)?)));
    for (name, inner) in removed() {
        let inner = strip_text(&inner);
        let token = if is_token(inner.as_bytes()) { Some(inner.as_bytes().to_vec()) } else { member(inner) };
        if let Some(token) = token {
            return Some(Unwrapped { token, wrappings: vec![name] });
        }
        if layers > 1
            && let Some(mut found) = remove(inner, layers - 1)
        {
            found.wrappings.insert(0, name);
            return Some(found);
        }
    }
    None
}

fn is_token(text: &[u8]) -> bool {
    looks_like_jwt(text) && text.iter().all(|&byte| in_token(byte))
}

/// Returns the token of a JSON object or of a text of parameters: the only one, or the access token of several.
fn member(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with(['{', '[']) && !text.contains('=') {
        return None;
    }
    let mut found = candidates(text.as_bytes(), CandidateFilter::JwtsFirst);
    found.retain(|candidate| is_token(&candidate.token));
    let access = found.iter().position(|one| matches!(&*one.name, "access_token" | "accessToken"));
    let at = access.or_else(|| (found.len() == 1).then_some(0))?;
    Some(found.swap_remove(at).token)
}

/// Returns the only token of a sentence or a log line. A token that is cut or broken at its end is not taken.
fn surrounded(text: &str) -> Option<Unwrapped> {
    let mut hits = scan(text.as_bytes());
    hits.retain(|hit| !hit.opaque && is_token(&hit.token));
    hits.dedup_by(|one, other| one.token == other.token);
    let [hit] = &hits[..] else { return None };
    let token = std::str::from_utf8(&hit.token).ok()?;
    let (before, after) = text.split_once(token)?;
    let begins = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || "-_.+/=".contains(c))
        || before.ends_with('=');
    let more = after.starts_with(['=', '+', '/', '…', '.', '~', '-', '_']) && !is_end_of_sentence(after);
    let next_line = after.trim_start_matches([' ', '\r']).strip_prefix('\n').unwrap_or_default();
    let next_word = next_line.split_whitespace().next().unwrap_or_default();
    let is_broken = next_word.len() > 1 && next_line.split_whitespace().count() == 1;
    let is_broken = is_broken && next_word.bytes().all(in_token);
    (begins && !more && !is_broken)
        .then(|| Unwrapped { token: token.into(), wrappings: vec!["text around it"] })
}

/// Reports whether a full stop and white space, or the end, follow a token.
fn is_end_of_sentence(after: &str) -> bool {
    after.strip_prefix('.').is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

fn bytes_literal(text: &str) -> Option<String> {
    let quoted = text.strip_prefix(['b', 'B'])?;
    let inner = [('\'', '\''), ('"', '"')].iter().find_map(|(open, close)| {
        quoted.strip_prefix(*open)?.trim_end_matches([',', ';']).strip_suffix(*close)
    });
    inner.map(str::to_owned)
}

fn brackets(text: &str) -> Option<String> {
    let inner = [('<', '>'), ('(', ')'), ('[', ']'), ('{', '}'), ('\u{ab}', '\u{bb}')]
        .iter()
        .find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.map(str::to_owned)
}

fn end_mark(text: &str) -> Option<String> {
    let inner = text.trim_end_matches([',', ';', '"', '\'', '`']);
    (inner.len() < text.len()).then(|| inner.to_owned())
}

fn percent(text: &str) -> Option<String> {
    let decoded = text.contains('%').then(|| percent_decode_str(text).decode_utf8().ok())??;
    (decoded != text).then(|| decoded.into_owned())
}

/// Removes `ghs_APPID_` or `APPID_` in front of a token.
fn github_prefix(text: &str) -> Option<String> {
    let rest = text.strip_prefix("ghs_").unwrap_or(text);
    let (id, token) = rest.split_once('_')?;
    (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then(|| token.to_owned())
}

/// Removes `base64-`, which Supabase writes in front of the Base64url of its session, and the name of the cookie.
fn supabase(text: &str) -> Option<String> {
    let (before, encoded) = text.split_once("base64-")?;
    if !before.is_empty() && !before.ends_with(['=', '"']) {
        return None;
    }
    String::from_utf8(decoded(encoded.split([';', '"', ' ', '&']).next()?)?).ok()
}

/// Joins the values of `name.0=…; name.1=…`, in the order of their numbers.
fn chunks(text: &str) -> Option<String> {
    let text = text.strip_prefix("Cookie:").or_else(|| text.strip_prefix("cookie:")).unwrap_or(text);
    let mut parts: Vec<(&str, usize, &str)> = text
        .split([';', '\n', '\r'])
        .filter_map(|pair| {
            let (name, value) = pair.trim().split_once(['=', ':'])?;
            let (name, number) = name.trim().rsplit_once('.')?;
            Some((name, number.parse().ok()?, value.trim()))
        })
        .collect();
    parts.sort_by_key(|&(_, number, _)| number);
    let (name, ..) = *parts.first()?;
    let complete = parts.iter().enumerate().all(|(index, part)| part.0 == name && part.1 == index);
    (complete && parts.len() > 1).then(|| parts.into_iter().map(|(.., value)| value).collect())
}

fn base64_text(text: &str) -> Option<String> {
    String::from_utf8(decoded(text)?).ok()
}

/// Removes one word and a colon or a space after it: `DPoP`, `bearer:`, `x-access-token:`.
fn scheme(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
    let (word, rest) =
        text.split_at_checked(end).filter(|(word, _)| !word.is_empty() && word.len() <= LONGEST)?;
    let inner = rest.trim_start().trim_start_matches(':').trim_start();
    (inner.len() < rest.len() && !word.starts_with("ey")).then(|| inner.to_owned())
}

/// Decodes UTF-16 with a byte order mark, or of ASCII characters alone.
pub(crate) fn decoded_utf16(bytes: &[u8]) -> Option<String> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let little = match pairs.first()? {
        [0xff, 0xfe] => true,
        [0xfe, 0xff] => false,
        [low, 0] if *low != 0 => true,
        [0, low] if *low != 0 => false,
        _ => return None,
    };
    let unit = |pair: &[u8; 2]| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) };
    let units: Vec<u16> = pairs.iter().map(unit).collect();
    let text = String::from_utf16(&units).ok()?;
    (odd.len() <= 1 && !text.contains('\0')).then(|| text.trim_start_matches('\u{feff}').to_owned())
}

/// Returns the token of a text that was UTF-16.
fn from_utf16(text: &str) -> Option<Unwrapped> {
    let bare = strip_text(text);
    if is_token(bare.as_bytes()) {
        return Some(Unwrapped { token: bare.into(), wrappings: vec!["UTF-16"] });
    }
    let mut found = remove(bare, LAYERS - 1)?;
    found.wrappings.insert(0, "UTF-16");
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::encode_standard;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    #[test]
    fn removes_each_wrapping_of_the_table() {
        let once = encode_standard(JWT.as_bytes());
        for (text, name) in [
            (format!("b'{JWT}'"), "Python bytes literal"),
            (format!("Authorization: Bearer b\"{JWT}\""), "Python bytes literal"),
            (format!("<{JWT}>"), "brackets"),
            (format!("{JWT},"), "comma or semicolon at the end"),
            (format!("Bearer%20{JWT}"), "percent-encoding"),
            (format!("ghs_123_{JWT}"), "GitHub prefix of the app ID"),
            (format!("Session {JWT}"), "scheme"),
            (format!("x-access-token:{JWT}"), "scheme"),
            (once.clone(), "Base64"),
            (encode_standard(once.as_bytes()), "Base64, Base64"),
            (JWT.replacen("eyJh", "a.0=eyJh; a.1=", 1), "cookie in chunks"),
            (format!("the user sent {JWT} today"), "text around it"),
        ] {
            let found = unwrap(text.as_bytes()).expect(&text);
            assert_eq!(
                (&*found.token, found.names().contains(name)),
                (JWT.as_bytes(), true),
                "{text}: {}",
                found.names()
            );
        }
    }

    #[test]
    fn removes_nothing_around_a_token_that_is_cut_or_broken() {
        for text in [
            format!("{JWT}..."),
            format!("{JWT}…"),
            format!("{JWT}\nAAAA"),
            format!("{JWT} {JWT}x"),
            String::new(),
        ] {
            assert_eq!(unwrap(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn removes_no_more_than_two_layers() {
        let thrice = (0..3).fold(JWT.to_owned(), |text, _| encode_standard(text.as_bytes()));
        assert_eq!(unwrap(thrice.as_bytes()), None);
    }
}
