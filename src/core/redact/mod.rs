//! A token made safe to paste: everything masked that is not known to be harmless, so that the shape still helps and
//! nobody is named. What a claim is called decides; what looks like a person or a credential is masked all the same.

pub mod echo;
pub mod fixture;

use super::json::{Member, Value};
use std::borrow::Cow;

/// What stands in the place of a masked value.
pub const MASK: &str = "[masked]";

/// How much of a token a report shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redaction {
    /// The whole token.
    None,
    /// Personal values are masked, and the signature is left out.
    Mask,
}

/// Claims and parameters whose values say how a system works, and not who uses it.
const HARMLESS: [&str; 40] = [
    "email_verified",
    "phone_number_verified",
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "typ",
    "alg",
    "cty",
    "kid",
    "enc",
    "zip",
    "crit",
    "b64",
    "jku",
    "x5u",
    "x5t",
    "x5t#S256",
    "p2c",
    "token_type",
    "token_use",
    "auth_time",
    "orig_iat",
    "refresh_exp",
    "updated_at",
    "toe",
    "scope",
    "scp",
    "role",
    "roles",
    "permissions",
    "entitlements",
    "amr",
    "acr",
    "azp",
    "client_id",
    "ver",
    "idtyp",
    "gty",
];

/// Names that tell anybody who reads the token something about a person, letter case and separators left out.
const TELLING: [&str; 33] = [
    "name",
    "givenname",
    "familyname",
    "middlename",
    "nickname",
    "preferredusername",
    "username",
    "upn",
    "userprincipalname",
    "uniquename",
    "displayname",
    "realname",
    "firstname",
    "lastname",
    "fullname",
    "login",
    "loginhint",
    "email",
    "mail",
    "phone",
    "phonenumber",
    "mobile",
    "msisdn",
    "address",
    "birthdate",
    "birthday",
    "dateofbirth",
    "dob",
    "gender",
    "picture",
    "iban",
    "ssn",
    "ip",
];

/// Whether a claim tells anybody who reads it something about a person, by its name or by the look of its value.
#[must_use]
pub fn tells_who(member: &Member<'_>) -> bool {
    let plain: String =
        member.name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let is_text = matches!(member.value, Value::String(_) | Value::Array(_) | Value::Object(_));
    is_text && (TELLING.contains(&&*plain) || member.value.as_str().is_some_and(is_address))
}

/// The same members with everything masked that is not harmless, at any depth.
#[must_use]
pub fn redact(members: &[Member<'_>]) -> Vec<Member<'static>> {
    members
        .iter()
        .map(|member| {
            Member::new(scrub(&member.name).into_owned(), mask(&member.value, is_harmless(&member.name)))
        })
        .collect()
}

/// The same value with everything masked but numbers and truth values of harmless members, at any depth.
#[must_use]
pub(super) fn redact_value(value: &Value<'_>) -> Value<'static> {
    mask(value, false)
}

/// Whether what a claim or a parameter of that name says may be seen by anybody.
#[must_use]
pub fn is_harmless(name: &str) -> bool {
    HARMLESS.contains(&name)
}

fn mask(value: &Value<'_>, harmless: bool) -> Value<'static> {
    match value {
        Value::String(text) if harmless => Value::string(scrub(text).into_owned()),
        Value::Number(_) | Value::Bool(_) if harmless => value.clone().into_owned(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) => Value::string(MASK),
        Value::Array(items) => Value::Array(items.iter().map(|item| mask(item, harmless)).collect()),
        Value::Object(members) => Value::Object(redact(members)),
        Value::Null => Value::Null,
    }
}

/// A text with every word masked that is an address or a token.
#[must_use]
pub fn scrub(text: &str) -> Cow<'_, str> {
    let is_break = |c: char| c.is_whitespace() || "\"'`,;()<>[]{}=/".contains(c);
    if !text.split(is_break).any(is_revealing) {
        return Cow::Borrowed(text);
    }
    let mut scrubbed = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_break) {
        let word = piece.trim_end_matches(is_break);
        scrubbed.push_str(if is_revealing(word) { MASK } else { word });
        scrubbed.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    Cow::Owned(scrubbed)
}

fn is_revealing(word: &str) -> bool {
    is_address(word) || (word.starts_with("ey") && word.contains('.') && word.len() > 20)
}

/// An e-mail address, or an IP address with or without a port.
fn is_address(word: &str) -> bool {
    let mail = word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    mail || word.parse::<std::net::IpAddr>().is_ok() || word.parse::<std::net::SocketAddr>().is_ok()
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
    fn masks_what_it_does_not_know_at_any_depth() {
        assert_eq!(
            redacted(r#"{"a":{"b":["x",1,null],"roles":["dev"]},"firstName":"Al","note":"call me"}"#),
            r#"{"a":{"b":["[masked]","[masked]",null],"roles":["dev"]},"firstName":"[masked]","note":"[masked]"}"#
        );
    }

    #[test]
    fn masks_addresses_and_tokens_wherever_they_stand() {
        assert_eq!(
            redacted(
                r#"{"aud":["a@b.c","10.0.0.1:80"],"iss":"mail to x@y.z","kid":"eyJhbGciOiJub25lIn0.e30.AA","x@y.z":1}"#
            ),
            r#"{"aud":["[masked]","[masked]"],"iss":"mail to [masked]","kid":"[masked]","[masked]":"[masked]"}"#
        );
    }

    #[test]
    fn knows_which_claims_tell_who_somebody_is() {
        let telling = |json: &str| {
            let value = parse(json.as_bytes()).unwrap();
            value
                .members()
                .iter()
                .filter(|member| tells_who(member))
                .map(|member| member.name.to_string())
                .collect()
        };
        let names: Vec<String> =
            telling(r#"{"given_name":"A","firstName":"B","user_id":"7","x":"a@b.c","email_verified":true}"#);
        assert_eq!(names, ["given_name", "firstName", "x"]);
    }
}
