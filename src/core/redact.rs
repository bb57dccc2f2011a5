//! A token made safe to paste: personal values masked, their names kept, so that the shape still helps.

use super::json::{Member, Value};

/// Claims that say who somebody is: those of OpenID Connect Core 5.1 and the usual ones beside them.
const PERSONAL: [&str; 41] = [
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "username",
    "user_name",
    "user_id",
    "userid",
    "uid",
    "oid",
    "upn",
    "unique_name",
    "email",
    "mail",
    "phone",
    "phone_number",
    "address",
    "birthdate",
    "birthday",
    "gender",
    "picture",
    "profile",
    "website",
    "zoneinfo",
    "locale",
    "ip",
    "ipaddr",
    "ip_address",
    "sid",
    "nonce",
    "login",
    "first_name",
    "last_name",
    "fullname",
    "full_name",
    "hash_password",
    "ssn",
    "user",
];

/// Parts of a name that give a value away whatever stands around them.
const TELLING: [&str; 9] =
    ["email", "phone", "password", "passwd", "secret", "address", "birth", "private_key", "api_key"];

/// Those of them that only name somebody to those who know them already.
const IDENTIFIERS: [&str; 10] =
    ["sub", "user_id", "userid", "uid", "oid", "sid", "nonce", "hash_password", "locale", "zoneinfo"];

/// Whether a claim tells anybody who reads it something about a person.
#[must_use]
pub fn tells_who(member: &Member<'_>) -> bool {
    is_personal(member) && !IDENTIFIERS.contains(&&*member.name)
}

/// Whether a claim is about a person, or a secret, by its name or by the look of its value.
#[must_use]
pub fn is_personal(member: &Member<'_>) -> bool {
    let name = member.name.to_ascii_lowercase();
    let local = name.rsplit(['/', ':']).next().unwrap_or(&name);
    let flag = matches!(member.value, Value::Bool(_) | Value::Null);
    !flag
        && (PERSONAL.contains(&local)
            || TELLING.iter().any(|part| local.contains(part))
            || member.value.as_str().is_some_and(looks_personal))
}

/// An e-mail address or an IP address.
fn looks_personal(text: &str) -> bool {
    let mail = text
        .split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !text.contains([' ', '/']));
    mail || text.parse::<std::net::IpAddr>().is_ok()
}

/// The same members with every personal value masked, at any depth.
#[must_use]
pub fn redact(members: &[Member<'_>]) -> Vec<Member<'static>> {
    members
        .iter()
        .map(|member| {
            let value = if is_personal(member) { mask(&member.value) } else { redact_value(&member.value) };
            Member::new(member.name.to_string(), value)
        })
        .collect()
}

fn redact_value(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::String(text) if looks_personal(text) => mask(value),
        Value::Array(items) => Value::Array(items.iter().map(redact_value).collect()),
        Value::Object(members) => Value::Object(redact(members)),
        other => other.clone().into_owned(),
    }
}

/// Every leaf replaced; what kind of value it was stays visible.
fn mask(value: &Value<'_>) -> Value<'static> {
    match value {
        Value::String(_) | Value::Number(_) => Value::string("[masked]"),
        Value::Array(items) => Value::Array(items.iter().map(mask).collect()),
        Value::Object(members) => Value::Object(
            members.iter().map(|member| Member::new(member.name.to_string(), mask(&member.value))).collect(),
        ),
        Value::Bool(_) | Value::Null => value.clone().into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::parse;
    use super::*;

    fn redacted(json: &str) -> String {
        Value::Object(redact(parse(json.as_bytes()).unwrap().members())).to_string()
    }

    #[test]
    fn masks_who_and_keeps_what() {
        assert_eq!(
            redacted(
                r#"{"iss":"https://i","sub":"alice","exp":1,"user_id":7,"email_verified":true,"roles":["a"]}"#
            ),
            r#"{"iss":"https://i","sub":"[masked]","exp":1,"user_id":"[masked]","email_verified":true,"roles":["a"]}"#
        );
    }

    #[test]
    fn masks_by_the_look_of_a_value_and_at_any_depth() {
        assert_eq!(
            redacted(r#"{"a":{"b":["x@example.org","10.0.0.1","plain"],"address":{"street":"s","n":1}}}"#),
            r#"{"a":{"b":["[masked]","[masked]","plain"],"address":{"street":"[masked]","n":"[masked]"}}}"#
        );
    }
}
