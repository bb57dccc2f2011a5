//! Removes the wrappings around a token: Base64, percent-encoding, a scheme, brackets, cookies. At most two layers are
//! removed, and only whole wrappings. The token itself is never changed.

use super::candidates::{CandidateFilter, candidates};
use super::extracted::{BASE64, Extracted, TEXT_AROUND};
use super::lenient_base64::decode_lenient;
use super::shape::{in_token, looks_like_jwt};
use super::strip::strip_text;
use crate::core::text::hex::from_hex;
use crate::core::text::utf16;
use flate2::read::MultiGzDecoder;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::io::Read as _;

/// A wrapping: its name, and the function that removes it.
type Wrapping = (&'static str, fn(&str) -> Option<String>);

/// The wrappings, in the order in which they are tried.
const WRAPPINGS: [Wrapping; 10] = [
    ("Python bytes literal", bytes_literal),
    ("brackets", brackets),
    ("comma at the end", end_comma),
    ("percent-encoding", percent),
    ("GitHub prefix of the app ID", github_prefix),
    ("Supabase cookie", supabase),
    ("hexadecimal", hexadecimal),
    ("gzip in Base64", gzip_in_base64),
    (BASE64, base64_text),
    ("scheme", scheme),
];

/// Returns the name of every wrapping.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    WRAPPINGS.into_iter().map(|(name, _)| name).chain([
        COOKIE_IN_CHUNKS,
        UTF_16,
        QUOTED_PRINTABLE,
        TEXT_AROUND,
    ])
}

/// The name of a cookie whose value is divided over several.
const COOKIE_IN_CHUNKS: &str = "cookie in chunks";

/// The characters between two cookies.
const CHUNK_ENDS: [char; 4] = [';', '\n', '\r', ','];

/// The name of the encoding UTF-16.
const UTF_16: &str = "UTF-16";

/// The name of the encoding of mails (RFC 2045 section 6.7).
pub(super) const QUOTED_PRINTABLE: &str = "quoted-printable";

/// The limit of wrappings around a token.
const LAYERS: usize = 2;

/// Reports whether bytes are a token with nothing around it. Every header begins with the Base64url of `{`, which is `e`.
pub(crate) fn is_bare(text: &[u8]) -> bool {
    text.starts_with(b"e") && text.contains(&b'.') && text.iter().all(|&byte| in_token(byte))
}

/// Reports whether bytes are a header and two or more segments, all of token characters.
pub(super) fn is_token(text: &[u8]) -> bool {
    text.iter().all(|&byte| in_token(byte)) && looks_like_jwt(text)
}

/// Returns the token in a text that is not a bare token, or `None` if no wrapping of the table is around one.
pub(super) fn unwrap(text: &[u8]) -> Option<Extracted<'static>> {
    let text = match utf16::decoded(text) {
        Some(text) => return from_utf16(&text),
        None => std::str::from_utf8(text).ok()?,
    };
    remove(strip_text(text), LAYERS)
}

/// Returns the token in the Base64 of a token.
pub(crate) fn base64(text: &[u8]) -> Option<Extracted<'static>> {
    let token = base64_text(std::str::from_utf8(text).ok()?)?;
    let token = strip_text(&token).as_bytes();
    is_token(token).then(|| found(token.to_vec(), vec![BASE64]))
}

/// A token whose value was divided over several cookies.
pub(crate) struct JoinedCookie<'t> {
    /// The name of the first cookie.
    pub(crate) name: String,
    /// The values of the cookies.
    pub(crate) chunks: Vec<&'t str>,
    /// The token.
    pub(crate) found: Extracted<'static>,
}

/// Returns the tokens of cookies in chunks: `name.0=…; name.1=…`, in one header or several.
pub(crate) fn joined_cookies(text: &[u8]) -> Vec<JoinedCookie<'_>> {
    // Only a text with a second chunk is taken apart.
    if memchr::memmem::find(text, b".1").is_none() {
        return Vec::new();
    }
    let groups = std::str::from_utf8(text).map(chunks).unwrap_or_default();
    let joined = |chunks: &[&str]| {
        let text = chunks.concat();
        let found = if is_token(text.as_bytes()) {
            found(text.into_bytes(), vec![COOKIE_IN_CHUNKS])
        } else {
            let mut inner = remove(&text, LAYERS - 1)?;
            inner.wrappings.insert(0, COOKIE_IN_CHUNKS);
            inner
        };
        Some(found)
    };
    groups
        .into_iter()
        .filter_map(|(name, chunks)| {
            let found = joined(&chunks)?;
            Some(JoinedCookie { name: format!("{name}.0"), chunks, found })
        })
        .collect()
}

fn found(token: Vec<u8>, wrappings: Vec<&'static str>) -> Extracted<'static> {
    Extracted { wrappings, ..Extracted::plain(Cow::Owned(token)) }
}

/// Removes the wrappings of the table, `layers` at most.
fn remove(text: &str, layers: usize) -> Option<Extracted<'static>> {
    for (name, remove_one) in WRAPPINGS {
        let Some(inner) = remove_one(text) else { continue };
        let inner = strip_text(&inner);
        let token = if is_token(inner.as_bytes()) { Some(inner.as_bytes().to_vec()) } else { member(inner) };
        if let Some(token) = token {
            return Some(found(token, vec![name]));
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

/// Returns the token of a JSON text or of parameters: the only token, or the access token of several.
fn member(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with(['{', '[']) && !text.contains('=') {
        return None;
    }
    let mut found = candidates(text.as_bytes(), CandidateFilter::JwtsFirst);
    // The token must be there as it is, not in another encoding.
    let is_there = |token: &[u8]| memchr::memmem::find(text.as_bytes(), token).is_some();
    found.retain(|candidate| is_token(&candidate.token) && is_there(&candidate.token));
    let access = found.iter().position(|one| matches!(&*one.name, "access_token" | "accessToken"));
    let at = access.or_else(|| (found.len() == 1).then_some(0))?;
    Some(found.swap_remove(at).token)
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

fn end_comma(text: &str) -> Option<String> {
    text.strip_suffix(',').map(str::to_owned)
}

/// Decodes percent-encoding, unless it encodes characters that may belong to the token.
fn percent(text: &str) -> Option<String> {
    let is_inside = |escape: &str| {
        let byte = escape.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        byte.is_some_and(in_token)
    };
    if text.split('%').skip(1).any(is_inside) {
        return None;
    }
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
    if !before.is_empty() && !before.ends_with(['=', '"', ' ']) {
        return None;
    }
    String::from_utf8(decode_lenient(encoded.split([';', '"', ' ', '&']).next()?)?).ok()
}

/// Returns the name and the values of each cookie in chunks, in the order of their numbers. Other cookies are skipped.
fn chunks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut parts: Vec<(&str, usize, &str)> = text.split(CHUNK_ENDS).filter_map(chunk).collect();
    parts.sort_unstable_by_key(|&(name, number, _)| (name, number));
    let groups = parts.chunk_by(|one, other| one.0 == other.0);
    let is_complete =
        |group: &&[(&str, usize, &str)]| group.iter().enumerate().all(|(index, part)| part.1 == index);
    groups
        .filter(|group| group.len() > 1 && is_complete(group))
        .filter_map(|group| Some((group.first()?.0, group.iter().map(|(.., value)| *value).collect())))
        .collect()
}

/// Returns a text without the values of cookies in chunks. Its lines stay.
pub(super) fn without_chunks(text: &[u8], joined: &[JoinedCookie<'_>]) -> String {
    let text = String::from_utf8_lossy(text);
    let is_chunk = |piece: &str| {
        chunk(piece).is_some_and(|(name, number, _)| {
            joined
                .iter()
                .any(|cookie| cookie.name.strip_suffix(".0") == Some(name) && number < cookie.chunks.len())
        })
    };
    text.split_inclusive(CHUNK_ENDS)
        .map(|piece| match is_chunk(piece.trim_end_matches(CHUNK_ENDS)) {
            true if piece.ends_with('\n') => "\n",
            true => "",
            false => piece,
        })
        .collect()
}

/// Returns the name, the number and the value of one chunk.
fn chunk(pair: &str) -> Option<(&str, usize, &str)> {
    let (name, value) = pair.trim().split_once('=').or_else(|| pair.trim().split_once(": "))?;
    // The name of the header field and its quotes stand before that of the cookie.
    let name = name.rsplit([' ', ':', '"', '\'', '{']).find(|word| !word.is_empty())?;
    let (name, number) = name.rsplit_once('.')?;
    Some((name, number.parse().ok()?, value.trim().trim_matches(['"', '\'', '}'])))
}

fn base64_text(text: &str) -> Option<String> {
    // Most text is not the Base64 of a text, and its first bytes tell.
    let start = text.get(..4)?;
    decode_lenient(start)
        .is_none_or(|bytes| bytes.iter().all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace()))
        .then_some(())?;
    String::from_utf8(decode_lenient(text)?).ok()
}

/// Decodes hexadecimal digits, with line breaks between them, and the prefix of a database or a programming language.
fn hexadecimal(text: &str) -> Option<String> {
    let digits = ["0x", "0X", "\\x"].iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text);
    let digits: Vec<u8> = digits.split_ascii_whitespace().flat_map(str::bytes).collect();
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| from_hex(*high, *low)).collect();
    String::from_utf8(bytes?).ok()
}

/// Decodes the Base64 of a gzip stream, and decompresses it.
fn gzip_in_base64(text: &str) -> Option<String> {
    /// The limit of the text after decompression, in bytes.
    const LARGEST: u64 = 1 << 20;
    // The first bytes of each stream, and the number of the only method.
    let stream = text.starts_with("H4sI").then(|| decode_lenient(text))??;
    let mut inflated = String::new();
    MultiGzDecoder::new(&*stream).take(LARGEST).read_to_string(&mut inflated).ok()?;
    Some(inflated)
}

/// Decodes quoted-printable text, as the source of a mail has it. An equals sign before a token is `=3D` in it, which no other
/// text has there.
pub(super) fn quoted_printable(text: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(text, b"=3DeyJ").or_else(|| memchr::memmem::find(text, b"=3D\"eyJ"))?;
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (first, after) {
            // A line break behind an equals sign is not a part of the text.
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => rest = after,
            (b'=', [high, low, after @ ..]) if let Some(byte) = from_hex(*high, *low) => {
                decoded.push(byte);
                rest = after;
            }
            _ => decoded.push(*first),
        }
    }
    Some(decoded)
}

/// Removes one word and a colon or a space after it: `DPoP`, `bearer:`, `x-access-token:`.
fn scheme(text: &str) -> Option<String> {
    const LONGEST: usize = 40;
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))?;
    let (word, rest) =
        text.split_at_checked(end).filter(|(word, _)| !word.is_empty() && word.len() <= LONGEST)?;
    let spaced = rest.trim_start();
    let inner = spaced.strip_prefix(':').unwrap_or(spaced).trim_start();
    (inner.len() < rest.len() && !word.starts_with("ey")).then(|| inner.to_owned())
}

/// Returns the token in a text that was decoded from UTF-16.
fn from_utf16(text: &str) -> Option<Extracted<'static>> {
    let bare = strip_text(text);
    if is_token(bare.as_bytes()) {
        return Some(found(bare.into(), vec![UTF_16]));
    }
    let mut inner = remove(bare, LAYERS - 1)?;
    inner.wrappings.insert(0, UTF_16);
    Some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::hex::hex;
    use crate::core::token::base64url::encode_standard;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut encoder, text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn decodes_quoted_printable_text_with_a_token_behind_an_equals_sign() {
        let (head, tail) = JWT.split_at(30);
        for (text, decoded) in [
            (format!("/?token=3D{head}=\r\n{tail}&amp;x=3D1"), format!("/?token={JWT}&amp;x=1")),
            (format!("href=3D\"/?t=3D{head}=\n{tail}\" =C3=A4=zz="), format!("href=\"/?t={JWT}\" ä=zz=")),
        ] {
            let found = quoted_printable(text.as_bytes());
            assert_eq!(found.as_deref(), Some(decoded.as_bytes()), "{text}");
        }
        for text in [format!("/?token={JWT}"), format!("/?a=3D1&token={JWT}"), "=3D".to_owned()] {
            assert_eq!(quoted_printable(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn removes_each_wrapping_of_the_table() {
        let once = encode_standard(JWT.as_bytes());
        let supabase = encode_standard(format!("{{\"access_token\":\"{JWT}\"}}").as_bytes());
        let utf16: Vec<u8> = JWT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (text, names) in [
            (format!("b'{JWT}'").into_bytes(), "Python bytes literal"),
            (format!("Authorization: Bearer b\"{JWT}\"").into_bytes(), "Python bytes literal"),
            (format!("<{JWT}>").into_bytes(), "brackets"),
            (format!("(<{JWT}>)").into_bytes(), "brackets, brackets"),
            (format!("{JWT},").into_bytes(), "comma at the end"),
            (format!("Bearer%20{JWT}").into_bytes(), "percent-encoding"),
            (format!("ghs_123_{JWT}").into_bytes(), "GitHub prefix of the app ID"),
            (format!("123_{JWT}").into_bytes(), "GitHub prefix of the app ID"),
            (format!("sb-x-auth-token=base64-{supabase}").into_bytes(), "Supabase cookie"),
            (format!("Session {JWT}").into_bytes(), "scheme"),
            (format!("x-access-token:{JWT}").into_bytes(), "scheme"),
            (once.clone().into_bytes(), "Base64"),
            (encode_standard(once.as_bytes()).into_bytes(), "Base64, Base64"),
            (format!("token: {once}").into_bytes(), "scheme, Base64"),
            (hex(JWT.as_bytes()).into_bytes(), "hexadecimal"),
            (format!("\\x{}", hex(JWT.as_bytes()).to_ascii_uppercase()).into_bytes(), "hexadecimal"),
            (hex(JWT.as_bytes()).replace("2e", "2e\n").into_bytes(), "hexadecimal"),
            (encode_standard(&gzip(JWT)).into_bytes(), "gzip in Base64"),
            (utf16, "UTF-16"),
        ] {
            let shown = String::from_utf8_lossy(&text).into_owned();
            let found = unwrap(&text).unwrap_or_else(|| panic!("{shown}"));
            assert_eq!((&*found.token, &*found.wrapping().unwrap()), (JWT.as_bytes(), names), "{shown}");
        }
    }

    #[test]
    fn removes_no_more_than_two_layers() {
        let thrice = (0..3).fold(JWT.to_owned(), |text, _| encode_standard(text.as_bytes()));
        assert_eq!(unwrap(thrice.as_bytes()), None);
        assert_eq!(unwrap(format!("<(<{JWT}>)>").as_bytes()), None);
    }
}
