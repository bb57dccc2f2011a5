//! The single changes that flaws are made of: to claims, to header parameters, to the text of a segment. Nothing is signed
//! here.

use crate::core::json::{self, MAX_DEPTH, Member, Value};
use crate::core::mint::encoding::to_json;
use crate::core::text::escape::Escapes;
use crate::core::token::base64url;
use crate::core::token::numeric_date::NumericDate;

/// How far a wrong time is off, in seconds: more than any leeway.
const HOUR: i64 = 3600;

/// The number of nested arrays that is too deep for every verifier.
const TOO_DEEP: usize = 2 * MAX_DEPTH;

/// Replaces the value of a member in place, or appends the member.
pub(super) fn set(members: &mut Vec<Member<'static>>, name: &str, value: Value<'static>) {
    match members.iter_mut().find(|member| member.name == name) {
        Some(member) => member.value = value,
        None => members.push(Member::new(name.to_owned(), value)),
    }
}

/// Returns the name, with underscores appended until no member has it.
pub(super) fn unused_name(members: &[Member<'_>], name: &str) -> String {
    let mut name = name.to_owned();
    while json::find(members, &name).is_some() {
        name.push('_');
    }
    name
}

fn date(members: &[Member<'_>], name: &str) -> Option<NumericDate> {
    match json::find(members, name) {
        Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
        _ => None,
    }
}

/// Replaces a time that is present and on the wrong side of `time`.
fn replace_time(
    members: &mut Vec<Member<'static>>,
    name: &str,
    time: i64,
    is_wrong: fn(NumericDate, NumericDate) -> bool,
) {
    if date(members, name).is_some_and(|present| is_wrong(present, NumericDate::from_seconds(time))) {
        set(members, name, Value::integer(time));
    }
}

/// Sets `exp` to an hour ago, and moves `iat` and `nbf` before it.
pub(super) fn expire(members: &mut Vec<Member<'static>>, now: i64) {
    let end = now.saturating_sub(HOUR).max(0);
    let begin = end.saturating_sub(HOUR).max(0);
    set(members, "exp", Value::integer(end));
    replace_time(members, "iat", begin, |present, begin| present > begin);
    replace_time(members, "nbf", begin, |present, begin| present > begin);
}

/// Sets a time claim to an hour from now, and moves `exp` after it.
pub(super) fn postpone(members: &mut Vec<Member<'static>>, name: &str, now: i64) {
    let begin = now.saturating_add(HOUR);
    set(members, name, Value::integer(begin));
    replace_time(members, "exp", begin.saturating_add(HOUR), |present, end| present < end);
}

/// Returns a similar value of another JSON type, as a careless issuer would write it. For `aud`, neither a string nor an
/// array is another type (RFC 7519 section 4.1.3).
pub(super) fn retyped(name: &str, value: &Value<'static>) -> Value<'static> {
    match value {
        _ if name == "aud" => Value::Bool(true),
        Value::String(_) => Value::Array(vec![value.clone()]),
        Value::Number(digits) => Value::string(digits.to_string()),
        Value::Bool(value) => Value::string(value.to_string()),
        Value::Array(_) => Value::string(value.to_string()),
        Value::Object(_) => Value::Array(vec![value.clone()]),
        Value::Null => Value::Bool(false),
    }
}

/// Returns the claim that an attacker would change: another subject, else `admin`. The claim that names the key is never
/// changed.
pub(super) fn change_identity(members: &[Member<'_>], key_claim: Option<&str>) -> Member<'static> {
    let value = match json::find(members, "sub") {
        Some(Value::String(subject)) if key_claim != Some("sub") => {
            return Member::new("sub", Value::string(if subject == "mallory" { "trent" } else { "mallory" }));
        }
        _ => json::find(members, "admin"),
    };
    match value {
        _ if key_claim == Some("admin") => Member::new(unused_name(members, "tampered"), Value::Bool(true)),
        Some(Value::Bool(true)) => Member::new("admin", Value::string("true")),
        _ => Member::new("admin", Value::Bool(true)),
    }
}

/// Returns an array that is nested too deep.
pub(super) fn deep() -> Value<'static> {
    (1..TOO_DEEP).fold(Value::Array(Vec::new()), |inside, _| Value::Array(vec![inside]))
}

/// Returns members as JSON text, with one more string that holds a raw control character.
pub(super) fn with_control_character(members: &[Member<'_>]) -> Vec<u8> {
    let mut text = truncated_json(members);
    if text.len() > 1 {
        text.push(b',');
    }
    let name = unused_name(members, "note");
    text.extend_from_slice(format!("\"{name}\":\"\u{1b}[31m\"}}").as_bytes());
    text
}

/// Returns members as JSON text without its last character.
pub(super) fn truncated_json(members: &[Member<'_>]) -> Vec<u8> {
    let mut text = to_json(members, Escapes::Needed).into_bytes();
    text.pop();
    text
}

/// Returns a JSON text whose Base64url has unused bits; white space is appended if needed.
pub(super) fn with_spare_bits(mut text: Vec<u8>) -> Vec<u8> {
    if text.len().is_multiple_of(3) {
        text.push(b' ');
    }
    text
}

/// Returns a segment with the padding of ordinary Base64, if it needs any.
pub(super) fn padded(segment: &str) -> String {
    let missing = segment.len().next_multiple_of(4) - segment.len();
    format!("{segment}{}", "=".repeat(missing))
}

/// Returns a segment that decodes to the same bytes, but has an unused bit set (RFC 4648 section 3.5). Returns `None` if
/// it has no unused bits.
pub(super) fn non_canonical(segment: &str) -> Option<String> {
    if segment.len().is_multiple_of(4) {
        return None;
    }
    let mut text = segment.to_owned();
    let last = text.pop()?;
    // The unused bits are the lowest ones, and zero. For the characters with that value, the next character of the alphabet
    // is the next one of ASCII, too.
    text.push(char::from_u32(u32::from(last) + 1)?);
    Some(text)
}

/// Returns a segment without its last byte.
pub(super) fn truncated(segment: &str) -> String {
    let mut bytes = base64url::decode(segment).unwrap_or_default();
    bytes.pop();
    base64url::encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_non_canonical_segment_is_rejected_for_its_unused_bits() {
        for byte in 0..=255 {
            for bytes in [&[byte][..], &[7, byte]] {
                let segment = base64url::encode(bytes);
                let other = non_canonical(&segment).unwrap();
                let last = segment.len() - 1;
                assert_eq!(
                    base64url::decode(&other),
                    Err(base64url::Base64urlError::TrailingBits { offset: last }),
                    "{segment} {other}"
                );
            }
        }
        assert_eq!(non_canonical("AAAA"), None);
    }

    #[test]
    fn pads_to_a_multiple_of_four() {
        assert_eq!(["QQ", "QUI", "QUJD", ""].map(padded), ["QQ==", "QUI=", "QUJD", ""]);
    }

    #[test]
    fn truncates_one_byte() {
        assert_eq!(truncated(&base64url::encode(b"abc")), base64url::encode(b"ab"));
        assert_eq!(truncated(""), "");
    }

    #[test]
    fn an_expired_token_was_issued_before_exp() {
        let mut claims = vec![
            Member::new("iat", Value::integer(10_000)),
            Member::new("nbf", Value::integer(1)),
            Member::new("exp", Value::integer(20_000)),
        ];
        expire(&mut claims, 10_000);
        assert_eq!(Value::Object(claims).to_string(), r#"{"iat":2800,"nbf":1,"exp":6400}"#);
        let mut claims = Vec::new();
        expire(&mut claims, 5);
        assert_eq!(Value::Object(claims).to_string(), r#"{"exp":0}"#);
    }

    #[test]
    fn a_postponed_token_expires_after_nbf() {
        let mut claims = vec![Member::new("exp", Value::integer(10_900))];
        postpone(&mut claims, "nbf", 10_000);
        assert_eq!(Value::Object(claims).to_string(), r#"{"exp":17200,"nbf":13600}"#);
    }

    #[test]
    fn changes_every_type() {
        let retyped = |name, json: &str| {
            let value = json::parse(json.as_bytes()).unwrap().into_owned();
            let other = retyped(name, &value);
            assert_ne!(other.type_name(), value.type_name());
            other.to_string()
        };
        assert_eq!(retyped("sub", r#""alice""#), r#"["alice"]"#);
        assert_eq!(retyped("exp", "1.5"), r#""1.5""#);
        assert_eq!(retyped("aud", r#""api""#), "true");
        assert_eq!(retyped("aud", r#"["api"]"#), "true");
        assert_eq!(retyped("admin", "true"), r#""true""#);
        assert_eq!(retyped("roles", r#"["a"]"#), r#""[\"a\"]""#);
        assert_eq!(retyped("act", r#"{"sub":"b"}"#), r#"[{"sub":"b"}]"#);
        assert_eq!(retyped("x", "null"), "false");
    }

    #[test]
    fn never_changes_the_claim_that_names_the_key() {
        let changed = |json: &str, claim| {
            let value = json::parse(json.as_bytes()).unwrap();
            let member = change_identity(value.members(), claim);
            format!("{}={}", member.name, member.value)
        };
        assert_eq!(changed(r#"{"sub":"alice"}"#, None), r#"sub="mallory""#);
        assert_eq!(changed(r#"{"sub":"mallory"}"#, None), r#"sub="trent""#);
        assert_eq!(changed(r#"{"sub":"alice"}"#, Some("sub")), "admin=true");
        assert_eq!(changed(r#"{"admin":true}"#, None), r#"admin="true""#);
        assert_eq!(changed(r#"{"admin":1}"#, Some("admin")), "tampered=true");
        assert_eq!(changed("{}", None), "admin=true");
    }
}
