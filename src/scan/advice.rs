//! Finds likely reasons why a text is not a token, from its look. The messages are in `error`.

use super::damage::{Damage, damage, lacks_a_dot};
use super::hit::Hit;
use super::join::is_joinable;
use super::lenient_base64::decode_lenient;
use super::names::{SCHEMES, is_token_name};
use super::repair::{Deviation, readable};
use super::scanner::{is_ellipsis, scan};
use super::shape::{SegmentShape, in_token, is_header, is_opaque, object_end};
use super::shapes::{Shape, shape_in, shape_of};
use super::strip::{strip, strip_text};
use super::unwrap::base64;
use crate::core::json::{self, Member, Value};
use crate::core::key::jwk::PRIVATE_MEMBERS;
use crate::core::key::shape::{begins, is_web_page};
use crate::core::text::utf16;
use crate::core::token::base64url;
use crate::core::token::jws::Compact;
use crate::core::token::serialization::JsonContent;
use percent_encoding::percent_decode_str;

/// A likely reason why a text is not a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotATokenBecause {
    /// It is a word that programs write for a missing value.
    Placeholder(&'static str),
    /// It is HTTP Basic credentials, with this user name if it can be read.
    Basic(Option<String>),
    /// It is a key, with these words for its kind and form.
    Key(&'static str),
    /// It has the form of something else.
    OtherKind(Shape),
    /// It is the answer of a token introspection (RFC 7662), with its member `active`.
    Introspection(bool),
    /// It is a binary file of this kind, or binary data of another kind.
    Binary(Option<&'static str>),
    /// It is a token in JSON serialization, with this content.
    JsonSerialization(JsonContent),
    /// It is UTF-16 text.
    Utf16,
    /// It is the Base64 of a token.
    Base64,
    /// It is a token that is cut short.
    CutShort,
    /// It is a token that lost its front, or a dot.
    Damaged(Damage),
    /// It deviates from the compact serialization, but can be read.
    Deviates(Deviation),
    /// It is an opaque token of this many characters.
    Opaque(usize),
    /// It is only the first segment of a token.
    HeaderAlone,
    /// It is a single segment that holds a JSON object, such as a payload.
    PayloadAlone,
    /// It is a token with white space or invisible characters in it.
    WhiteSpaceInside,
    /// It is a text that holds this many tokens.
    TextWithTokens(usize),
    /// It is the answer of a server, or of a program that asked one, without a token.
    Answer(Answer),
}

/// An answer without a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A web page.
    Page,
    /// The head of an HTTP answer, with this status.
    Http(u16),
    /// The error of an OAuth server (RFC 6749 section 5.2), with this code.
    OAuthError(String),
    /// Other JSON.
    Json,
    /// An error message of curl.
    CurlError,
}

/// The words that programs write for a missing value.
const PLACEHOLDERS: [&str; 9] =
    ["undefined", "null", "[object Object]", "[object Promise]", "None", "nil", "NaN", "false", "true"];

/// The number of bytes that are searched for tokens, for a hint alone.
const SEARCHED: usize = 1 << 20;

/// Returns a likely reason why `token` is not a token. `pasted` is the text from which it was taken.
pub(crate) fn not_a_token_because(token: &[u8], pasted: &[u8]) -> Option<NotATokenBecause> {
    if let Some(kind) = other_kind(token) {
        Some(kind)
    } else if let Some(kind) = binary(pasted) {
        Some(NotATokenBecause::Binary(kind))
    } else if utf16::decoded(pasted).is_some() {
        Some(NotATokenBecause::Utf16)
    } else if let Some((_, deviations)) = readable(token) {
        deviations.into_iter().next().map(NotATokenBecause::Deviates)
    } else if is_joinable(token, pasted) {
        Some(NotATokenBecause::WhiteSpaceInside)
    } else if let Some(damage) = damage(token) {
        Some(NotATokenBecause::Damaged(damage))
    } else if is_cut_short(token) {
        Some(NotATokenBecause::CutShort)
    } else if let Some(shape) = SegmentShape::from_segment(token) {
        Some(if shape == SegmentShape::OtherObject {
            NotATokenBecause::PayloadAlone
        } else {
            NotATokenBecause::HeaderAlone
        })
    } else if base64(token).is_some() {
        Some(NotATokenBecause::Base64)
    } else if is_opaque(token) && !token.contains(&b'.') {
        Some(NotATokenBecause::Opaque(token.len()))
    } else {
        let whole = Some(token).filter(|token| *token == strip(pasted));
        in_text(token, pasted).or_else(|| whole.and_then(answer).map(NotATokenBecause::Answer))
    }
}

/// Recognizes an answer by its beginning, and JSON as a whole.
fn answer(text: &[u8]) -> Option<Answer> {
    if is_web_page(text) {
        return Some(Answer::Page);
    }
    let text = std::str::from_utf8(text).ok()?;
    if begins(text.as_bytes(), &["HTTP/"]) {
        let status = text.split_ascii_whitespace().nth(1).filter(|word| word.len() == 3)?;
        return status.parse().ok().map(Answer::Http);
    }
    if text.starts_with("curl: (") {
        return Some(Answer::CurlError);
    }
    match json::parse(text.as_bytes()).ok()? {
        Value::Object(members) => Some(match json::find(&members, "error").and_then(Value::as_str) {
            Some(code) => Answer::OAuthError(code.to_owned()),
            None => Answer::Json,
        }),
        Value::Array(_) => Some(Answer::Json),
        _ => None,
    }
}

/// Returns what the tokens inside a text say. Only sound tokens are counted, since `inspect` shows no others.
fn in_text(token: &[u8], pasted: &[u8]) -> Option<NotATokenBecause> {
    let hits = scan(pasted.get(..pasted.len().min(SEARCHED)).unwrap_or_default());
    // A text that begins like a token is found as a whole. Only other hits are tokens inside it.
    let mut inside = hits.iter().filter(|hit| *hit.token != *token && !hit.opaque);
    let is_sound = |hit: &&Hit<'_>| match Compact::parse(&hit.token, SEARCHED) {
        Ok(Compact::Jws { payload, signature, .. }) => payload.decoded.is_ok() && signature.decoded.is_ok(),
        Ok(Compact::Jwe { .. }) => true,
        Err(_) => false,
    };
    match inside.clone().filter(is_sound).count() {
        0 => inside.any(|hit| is_ellipsis(&hit.token)).then_some(NotATokenBecause::CutShort),
        count => Some(NotATokenBecause::TextWithTokens(count)),
    }
}

/// Returns the kind of a text that is neither a JWT nor a faulty one.
pub(crate) fn other_kind(token: &[u8]) -> Option<NotATokenBecause> {
    let text = strip_text(std::str::from_utf8(token).ok()?);
    if let Some(word) = placeholder(text) {
        return Some(NotATokenBecause::Placeholder(word));
    }
    if let Some(encoded) = basic(text) {
        let credentials = decode_lenient(encoded).and_then(|bytes| String::from_utf8(bytes).ok());
        let user = credentials.and_then(|text| Some(text.split_once(':')?.0.to_owned()));
        return Some(NotATokenBecause::Basic(user));
    }
    if let Some(key) = pem_key(text) {
        return Some(NotATokenBecause::Key(key));
    }
    if let Some(shape) = shape_of(text.as_bytes()) {
        return Some(NotATokenBecause::OtherKind(shape));
    }
    if let Some(value) = behind_name(text) {
        let shape = shape_of(value.as_bytes()).map(NotATokenBecause::OtherKind);
        return shape.or_else(|| placeholder(value).map(NotATokenBecause::Placeholder));
    }
    if !text.starts_with('{') {
        return None;
    }
    let Ok(Value::Object(members)) = json::parse(text.as_bytes()) else { return None };
    if let Some(Value::Bool(active)) = json::find(&members, "active") {
        return Some(NotATokenBecause::Introspection(*active));
    }
    let serialization = JsonContent::from_members(&members).map(NotATokenBecause::JsonSerialization);
    let key = || json_key(&members).map(NotATokenBecause::Key);
    serialization
        .or_else(key)
        .or_else(|| missing_member("", &Value::Object(members)).map(NotATokenBecause::Placeholder))
}

/// Returns the kind of the key or certificate that begins here, if it is in PEM (RFC 7468).
fn pem_key(text: &str) -> Option<&'static str> {
    let (label, _) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    [
        ("PRIVATE KEY", "a private key in PEM"),
        ("PUBLIC KEY", "a public key in PEM"),
        ("CERTIFICATE", "a certificate in PEM"),
    ]
    .into_iter()
    .find_map(|(end, kind)| label.ends_with(end).then_some(kind))
}

/// Returns the kind of a JWK or a JWK Set (RFC 7517).
fn json_key(members: &[Member<'_>]) -> Option<&'static str> {
    if matches!(json::find(members, "keys"), Some(Value::Array(_))) {
        return Some("a JWK Set");
    }
    json::find(members, "kty")?.as_str()?;
    let is_secret = PRIVATE_MEMBERS.iter().any(|name| json::find(members, name).is_some());
    Some(if is_secret { "a private or symmetric key in JWK form" } else { "a public key in JWK form" })
}

/// Returns the value of one line `NAME: value`, `NAME=value` or `export NAME=value`, without its quotes and scheme.
fn behind_name(text: &str) -> Option<&str> {
    let text = ["$env:", "$Env:"].iter().find_map(|mark| text.strip_prefix(mark)).unwrap_or(text);
    let (name, value) = text.split_once([':', '=']).filter(|_| !text.contains(['\n', '{']))?;
    let name = name.split_ascii_whitespace().next_back()?.trim_matches(['"', '\'', '$']);
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let value = strip_text(value.trim_end_matches(['"', '\'']));
    let value = strip_text(value.trim_start_matches(['"', '\'']));
    (is_name && !value.is_empty() && !value.contains(char::is_whitespace)).then_some(value)
}

/// Returns the word for a missing value that the member of a token has in place of one, at any depth.
fn missing_member(name: &str, value: &Value<'_>) -> Option<&'static str> {
    match value {
        Value::Null if is_token_name(name) => Some("null"),
        Value::String(text) if is_token_name(name) => placeholder(text),
        Value::Array(items) => items.iter().find_map(|item| missing_member(name, item)),
        Value::Object(members) => {
            members.iter().find_map(|member| missing_member(&member.name, &member.value))
        }
        _ => None,
    }
}

/// Returns the word for a missing value that a text holds, in any letter case, behind a scheme or in brackets.
fn placeholder(text: &str) -> Option<&'static str> {
    const LONGEST: usize = 64;
    if text.len() > LONGEST {
        return None;
    }
    let text = percent_decode_str(text).decode_utf8().ok()?;
    let mut rest = strip_text(&text);
    // A client can also join three missing parts with dots.
    if let Some((first, others)) = rest.split_once('.')
        && others.split('.').all(|other| other == first)
    {
        rest = first;
    }
    if rest.starts_with("${") || (rest.starts_with("{{") && rest.ends_with("}}")) {
        return rest.ends_with('}').then_some("${TOKEN}");
    }
    loop {
        let known = |word: &&&str| word.eq_ignore_ascii_case(rest);
        if let Some(word) = PLACEHOLDERS.iter().find(known) {
            return Some(word);
        }
        let inner = rest.trim_end_matches([',', ';']).trim();
        let inner = inner.strip_prefix("b'").unwrap_or(inner);
        let inner = inner.trim_matches(['<', '>', '(', ')', '"', '\'']);
        let inner = SCHEMES
            .iter()
            .find_map(|scheme| {
                let (head, tail) = inner.split_at_checked(scheme.len())?;
                head.eq_ignore_ascii_case(scheme).then(|| tail.strip_prefix(':')).flatten()
            })
            .map_or(inner, str::trim_start);
        if inner.len() == rest.len() {
            return None;
        }
        rest = inner;
    }
}

/// Recognizes binary data, and its kind by its first bytes. Returns `None` for text.
fn binary(bytes: &[u8]) -> Option<Option<&'static str>> {
    const KINDS: [(&[u8], &str); 9] = [
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"%PDF-", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\x1f\x8b", "a gzip file"),
        (b"BZh", "a bzip2 file"),
        (b"\xfd7zXZ\0", "an xz file"),
        (b"\x7fELF", "a program"),
    ];
    // A tenth of the bytes must be binary, so a token with one changed byte is still text.
    const SAMPLE: usize = 4096;
    if std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0')) {
        return None;
    }
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(Some(kind));
    }
    let sample = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or_default();
    let is_text = |byte: &&u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    let text = sample.iter().filter(is_text).count();
    (text * 10 < sample.len() * 9 && utf16::decoded(bytes).is_none()).then_some(None)
}

/// Returns the kind of a text without tokens: of the whole text, or of the first recognized word or line.
pub(crate) fn other_kind_in(text: &[u8]) -> Option<NotATokenBecause> {
    let whole = other_kind(text).or_else(|| shape_in(text).map(NotATokenBecause::OtherKind));
    let lines = || text.split(|&byte| byte == b'\n').filter(|line| is_credential(line)).find_map(other_kind);
    let damaged = || damage(strip(text)).map(NotATokenBecause::Damaged);
    whole.or_else(lines).or_else(|| binary(text).map(NotATokenBecause::Binary)).or_else(damaged)
}

/// Reports whether a line names an Authorization header.
fn is_credential(line: &[u8]) -> bool {
    const NAME: &[u8] = b"authorization";
    line.windows(NAME.len()).any(|window| window.eq_ignore_ascii_case(NAME))
}

/// Returns the encoded credentials after the scheme `Basic`.
fn basic(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked(5)?;
    let encoded = rest.trim();
    let is_basic = scheme.eq_ignore_ascii_case("basic") && rest.starts_with(char::is_whitespace);
    (is_basic && !encoded.contains(char::is_whitespace)).then_some(encoded)
}

/// Reports whether a text begins like a token and ends too soon: in the header, with an ellipsis, or with fewer segments than
/// it needs.
pub(crate) fn is_cut_short(token: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(token) else { return false };
    let mut segments = text.split('.');
    let header = segments.next().unwrap_or_default();
    let begins = header.len() < text.len() && is_header(header.as_bytes());
    let has_ellipsis = text.contains("...") || text.contains('…') || text.ends_with("..");
    let is_begun = text.starts_with("ey") && !text.contains(char::is_whitespace);
    let payload = segments.next().unwrap_or_default();
    let is_cut = || {
        begins
            && text.bytes().all(in_token)
            && match segments.count() {
                0 => !lacks_a_dot(header, payload),
                // An encrypted token has five segments.
                more => {
                    more < 3 && SegmentShape::from_header(header.as_bytes()) == Some(SegmentShape::Encrypted)
                }
            }
    };
    (is_begun && has_ellipsis) || is_cut() || is_header_cut_short(token)
}

/// Reports whether a word is the beginning of a header: Base64url of a JSON object that has no end.
pub(crate) fn is_header_cut_short(word: &[u8]) -> bool {
    // Four bytes tell, such as `{"al`.
    const SHORTEST: usize = 6;
    // No header of a token in use is longer, and a longer text is not decoded for a hint.
    const LONGEST: usize = 1 << 16;
    let whole = word.len() - word.len() % 4;
    if !word.starts_with(b"eyJ")
        || !(SHORTEST..=LONGEST).contains(&word.len())
        || SegmentShape::from_segment(word).is_some()
    {
        return false;
    }
    let decoded = std::str::from_utf8(word.get(..whole).unwrap_or_default()).map(base64url::decode);
    let Ok(Ok(bytes)) = decoded else { return false };
    // The name of the first member is text, and most opaque tokens that begin like a header are not.
    let is_text = std::str::from_utf8(&bytes).is_ok_and(|text| !text.contains(char::is_control));
    is_text && object_end(&bytes).is_none()
}
