//! The changes that flaws are made of: to claims, to header parameters, to the text of a segment. Each is one step and
//! signs nothing.

use crate::core::json::{self, MAX_DEPTH, Member, Value};
use crate::core::mint::encoding::to_json;
use crate::core::text::escape::Escapes;
use crate::core::token::base64url;
use crate::core::token::numeric_date::NumericDate;

/// How far a time is off: more than any leeway.
const HOUR: i64 = 3600;

/// How deep a payload nests that nests too deep.
const DEEP: usize = 2 * MAX_DEPTH;

/// Gives a member a value, where it stands, or behind all others.
pub(super) fn set(members: &mut Vec<Member<'static>>, name: &str, value: Value<'static>) {
    match members.iter_mut().find(|member| member.name == name) {
        Some(member) => member.value = value,
        None => members.push(Member::new(name.to_owned(), value)),
    }
}

/// A name like this one that no member has.
pub(super) fn free(members: &[Member<'_>], like: &str) -> String {
    let mut name = like.to_owned();
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

/// Puts a time there if the one that is there lies on the wrong side of it.
fn keep(
    members: &mut Vec<Member<'static>>,
    name: &str,
    time: i64,
    is_wrong: fn(NumericDate, NumericDate) -> bool,
) {
    if date(members, name).is_some_and(|there| is_wrong(there, NumericDate::from_seconds(time))) {
        set(members, name, Value::integer(time));
    }
}

/// Lets it end an hour ago, and begin before that.
pub(super) fn expire(members: &mut Vec<Member<'static>>, now: i64) {
    let end = now.saturating_sub(HOUR).max(0);
    let begin = end.saturating_sub(HOUR).max(0);
    set(members, "exp", Value::integer(end));
    keep(members, "iat", begin, |there, begin| there > begin);
    keep(members, "nbf", begin, |there, begin| there > begin);
}

/// Lets it begin in an hour by one of its times, and end after that.
pub(super) fn postpone(members: &mut Vec<Member<'static>>, name: &str, now: i64) {
    let begin = now.saturating_add(HOUR);
    set(members, name, Value::integer(begin));
    keep(members, "exp", begin.saturating_add(HOUR), |there, end| there < end);
}

/// A value of another JSON type that says much the same, as a careless issuer would write it. Both types that `aud` may
/// have are others.
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

/// What somebody would change who wants to be somebody else: the subject, else that he is an administrator. The claim
/// that names the key is left alone.
pub(super) fn usurp(members: &[Member<'_>], names_the_key: Option<&str>) -> Member<'static> {
    let value = match json::find(members, "sub") {
        Some(Value::String(subject)) if names_the_key != Some("sub") => {
            return Member::new("sub", Value::string(if subject == "mallory" { "trent" } else { "mallory" }));
        }
        _ => json::find(members, "admin"),
    };
    match value {
        _ if names_the_key == Some("admin") => Member::new(free(members, "tampered"), Value::Bool(true)),
        Some(Value::Bool(true)) => Member::new("admin", Value::string("true")),
        _ => Member::new("admin", Value::Bool(true)),
    }
}

/// A value in many arrays.
pub(super) fn deep() -> Value<'static> {
    (1..DEEP).fold(Value::Array(Vec::new()), |inside, _| Value::Array(vec![inside]))
}

/// Members as JSON text, and behind them one whose string holds a control character as it is.
pub(super) fn with_control_character(members: &[Member<'_>]) -> Vec<u8> {
    let mut text = without_end(members);
    if text.len() > 1 {
        text.push(b',');
    }
    text.extend_from_slice(format!("\"{}\":\"\u{1b}[31m\"}}", free(members, "note")).as_bytes());
    text
}

/// Members as JSON text that breaks off before its last character.
pub(super) fn without_end(members: &[Member<'_>]) -> Vec<u8> {
    let mut text = to_json(members, Escapes::Needed).into_bytes();
    text.pop();
    text
}

/// A JSON text whose Base64url has bits to spare: white space is added where it has none.
pub(super) fn with_room(mut text: Vec<u8>) -> Vec<u8> {
    if text.len().is_multiple_of(3) {
        text.push(b' ');
    }
    text
}

/// A segment with the padding of ordinary Base64, if it has room for any.
pub(super) fn padded(segment: &str) -> String {
    let missing = segment.len().next_multiple_of(4) - segment.len();
    format!("{segment}{}", "=".repeat(missing))
}

/// A second spelling of a segment: with a bit set that belongs to no byte. Nothing if there is no such bit.
pub(super) fn respelled(segment: &str) -> Option<String> {
    if segment.len().is_multiple_of(4) {
        return None;
    }
    let mut text = segment.to_owned();
    let last = text.pop()?;
    // The bits to spare are the lowest, and zero. Of the characters that end so, each has its successor in the alphabet
    // for its successor in ASCII.
    text.push(char::from_u32(u32::from(last) + 1)?);
    Some(text)
}

/// Bytes without their last.
pub(super) fn shortened(segment: &str) -> String {
    let mut bytes = base64url::decode(segment).unwrap_or_default();
    bytes.pop();
    base64url::encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_spelling_has_the_same_bytes_and_is_refused() {
        for byte in 0..=255 {
            for bytes in [&[byte][..], &[7, byte]] {
                let segment = base64url::encode(bytes);
                let other = respelled(&segment).unwrap();
                let last = segment.len() - 1;
                assert_eq!(
                    base64url::decode(&other),
                    Err(base64url::Base64urlError::TrailingBits { offset: last }),
                    "{segment} {other}"
                );
            }
        }
        assert_eq!(respelled("AAAA"), None);
    }

    #[test]
    fn padding_fills_what_is_missing() {
        assert_eq!(["QQ", "QUI", "QUJD", ""].map(padded), ["QQ==", "QUI=", "QUJD", ""]);
    }

    #[test]
    fn a_shorter_signature_lacks_one_byte() {
        assert_eq!(shortened(&base64url::encode(b"abc")), base64url::encode(b"ab"));
        assert_eq!(shortened(""), "");
    }

    #[test]
    fn an_expired_token_was_issued_before_it_ended() {
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
    fn a_token_that_has_not_begun_ends_after_it_has() {
        let mut claims = vec![Member::new("exp", Value::integer(10_900))];
        postpone(&mut claims, "nbf", 10_000);
        assert_eq!(Value::Object(claims).to_string(), r#"{"exp":17200,"nbf":13600}"#);
    }

    #[test]
    fn every_type_becomes_another() {
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
    fn a_usurper_leaves_alone_what_names_the_key() {
        let usurp = |json: &str, claim| {
            let value = json::parse(json.as_bytes()).unwrap();
            let member = usurp(value.members(), claim);
            format!("{}={}", member.name, member.value)
        };
        assert_eq!(usurp(r#"{"sub":"alice"}"#, None), r#"sub="mallory""#);
        assert_eq!(usurp(r#"{"sub":"mallory"}"#, None), r#"sub="trent""#);
        assert_eq!(usurp(r#"{"sub":"alice"}"#, Some("sub")), "admin=true");
        assert_eq!(usurp(r#"{"admin":true}"#, None), r#"admin="true""#);
        assert_eq!(usurp(r#"{"admin":1}"#, Some("admin")), "tampered=true");
        assert_eq!(usurp("{}", None), "admin=true");
    }
}
