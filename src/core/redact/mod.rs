//! Masks the claims of a token, so that a report can be shared. Values are kept only for claims that are known to be
//! impersonal. In those values, addresses and tokens are masked, too. Whole tokens are masked in `fixture`, the texts of
//! servers in `echo`, misplaced arguments in `argument`.

pub mod argument;
pub mod echo;
mod familiar;
pub mod fixture;
mod fragment;

use super::json::{Member, Value};
use memchr::{memchr, memchr2};
use std::borrow::Cow;

/// The text that replaces a masked value.
pub const MASK: &str = "[masked]";

/// The part of a token that a report shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redaction {
    /// The whole token.
    None,
    /// Personal values are masked, and the signature is left out.
    Mask,
}

/// The names of claims that describe a person, in lower case and without separators.
const PERSONAL: &str = "name givenname familyname middlename nickname preferredusername username upn userprincipalname \
    uniquename displayname realname firstname lastname fullname login loginhint email mail phone \
    phonenumber mobile msisdn address birthdate birthday dateofbirth dob gender picture iban ssn ip";

/// Reports whether a claim describes a person, judged by its name or by an address as its value.
#[must_use]
pub fn is_personal(member: &Member<'_>) -> bool {
    match &member.value {
        Value::String(text) => is_personal_name(&member.name) || is_address(text),
        Value::Array(_) | Value::Object(_) => is_personal_name(&member.name),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The lengths of the personal names with each first and last letter, as bits. Hardly any other name has all three, so the
/// names are seldom searched: this saves 21,000 of 64,000 instructions a token.
static PERSONAL_LENGTHS: [u32; 1 << 10] = personal_lengths();

#[allow(
    clippy::indexing_slicing,
    reason = "this runs at compile time, where an index out of range is an error"
)]
const fn personal_lengths() -> [u32; 1 << 10] {
    let mut lengths = [0; 1 << 10];
    let (mut length, mut first, mut rest) = (0, 0, PERSONAL.as_bytes());
    while let [byte, others @ ..] = rest {
        if *byte == b' ' {
            length = 0;
        } else {
            (first, length) = (if length == 0 { *byte } else { first }, length + 1);
        }
        if matches!(others, [b' ', ..] | []) && length > 0 {
            lengths[ends(first, *byte)] |= 1 << length;
        }
        rest = others;
    }
    lengths
}

/// Returns the index of the first and the last letter of a name.
const fn ends(first: u8, last: u8) -> usize {
    (first as usize & 31) << 5 | last as usize & 31
}

/// Reports whether letters and digits of a name are those of a personal one, in any letter case.
fn is_personal_name(name: &str) -> bool {
    let letters = || name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let (mut length, mut first, mut last) = (0_u32, 0, 0);
    // The case of a letter is not among the bits of an index.
    for byte in name.bytes().filter(u8::is_ascii_alphanumeric) {
        first = if length == 0 { byte } else { first };
        (length, last) = (length + 1, byte);
    }
    let lengths = PERSONAL_LENGTHS.get(ends(first, last)).copied().unwrap_or_default();
    if lengths.checked_shr(length).unwrap_or_default() & 1 == 0 {
        return false;
    }
    let mut words = PERSONAL.as_bytes().split(|byte| *byte == b' ');
    words.any(|word| word.iter().copied().eq(letters()))
}

/// Returns the members with the values of all but impersonal ones masked, at every depth.
#[must_use]
pub fn redact(members: &[Member<'_>]) -> Vec<Member<'static>> {
    members
        .iter()
        .map(|member| {
            let visibility = match is_impersonal(&member.name) {
                true => Visibility::Kept,
                false => Visibility::Masked,
            };
            Member::new(mask_words(&member.name).into_owned(), mask(&member.value, visibility))
        })
        .collect()
}

/// Returns the value masked. Only the values of impersonal members inside it are kept.
#[must_use]
pub(super) fn redact_value(value: &Value<'_>) -> Value<'static> {
    mask(value, Visibility::Masked)
}

/// Reports whether the value of a claim or header parameter with this name describes a system, not a person.
#[must_use]
pub fn is_impersonal(name: &str) -> bool {
    // A pattern, not a table: each reference in a table costs every run of the program 11 instructions.
    matches!(
        name,
        "email_verified"
            | "phone_number_verified"
            | "iss"
            | "aud"
            | "exp"
            | "nbf"
            | "iat"
            | "typ"
            | "alg"
            | "cty"
            | "kid"
            | "enc"
            | "zip"
            | "crit"
            | "b64"
            | "jku"
            | "x5u"
            | "x5t"
            | "x5t#S256"
            | "p2c"
            | "token_type"
            | "token_use"
            | "auth_time"
            | "orig_iat"
            | "refresh_exp"
            | "updated_at"
            | "toe"
            | "scope"
            | "scp"
            | "role"
            | "roles"
            | "permissions"
            | "entitlements"
            | "amr"
            | "acr"
            | "azp"
            | "client_id"
            | "ver"
            | "idtyp"
            | "gty"
    )
}

/// The visibility of the value of a member. Addresses and tokens in it are masked in any case.
#[derive(Clone, Copy)]
enum Visibility {
    Kept,
    Masked,
}

fn mask(value: &Value<'_>, visibility: Visibility) -> Value<'static> {
    match (value, visibility) {
        (Value::String(text), Visibility::Kept) => Value::string(mask_words(text).into_owned()),
        (Value::Number(_) | Value::Bool(_), Visibility::Kept) => value.clone().into_owned(),
        (Value::String(_) | Value::Number(_) | Value::Bool(_), Visibility::Masked) => Value::string(MASK),
        (Value::Array(items), _) => Value::Array(items.iter().map(|item| mask(item, visibility)).collect()),
        (Value::Object(members), _) => Value::Object(redact(members)),
        (Value::Null, _) => Value::Null,
    }
}

/// Returns a text with every word masked that is an address or looks like a token.
#[must_use]
pub fn mask_words(text: &str) -> Cow<'_, str> {
    let is_break = |c: char| c.is_whitespace() || "\"'`,;()<>[]{}=/".contains(c);
    if !text.split(is_break).any(is_revealing) {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_break) {
        let word = piece.trim_end_matches(is_break);
        masked.push_str(if is_revealing(word) { MASK } else { word });
        masked.push_str(piece.get(word.len()..).unwrap_or_default());
    }
    Cow::Owned(masked)
}

fn is_revealing(word: &str) -> bool {
    is_address(word) || (word.starts_with("ey") && word.contains('.') && word.len() > 20)
}

/// Reports whether a word is an e-mail address, or an IP address with or without a port.
fn is_address(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_mail = memchr(b'@', bytes).is_some_and(|at| at > 0 && at + 1 < bytes.len());
    // Most words begin otherwise than an IP address does, or have none of its signs.
    let may_be_ip = || {
        matches!(bytes, [b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b':' | b'[', ..])
            && memchr2(b'.', b':', bytes).is_some()
    };
    let ip = || word.parse::<std::net::IpAddr>().is_ok() || word.parse::<std::net::SocketAddr>().is_ok();
    is_mail || (may_be_ip() && ip())
}

#[cfg(test)]
mod tests {
    use super::super::json::parse;
    use super::*;

    fn redacted(json: &str) -> String {
        Value::Object(redact(parse(json.as_bytes()).unwrap().members())).to_string()
    }

    #[test]
    fn masks_personal_claims_and_keeps_impersonal_ones() {
        assert_eq!(
            redacted(
                r#"{"iss":"https://i","sub":"alice","exp":1,"user_id":7,"email_verified":true,"roles":["a"]}"#
            ),
            r#"{"iss":"https://i","sub":"[masked]","exp":1,"user_id":"[masked]","email_verified":true,"roles":["a"]}"#
        );
    }

    #[test]
    fn masks_unknown_claims_at_every_depth() {
        assert_eq!(
            redacted(r#"{"a":{"b":["x",1,null],"roles":["dev"]},"firstName":"Al","note":"call me"}"#),
            r#"{"a":{"b":["[masked]","[masked]",null],"roles":["dev"]},"firstName":"[masked]","note":"[masked]"}"#
        );
    }

    #[test]
    fn masks_addresses_and_tokens_in_kept_values() {
        assert_eq!(
            redacted(
                r#"{"aud":["a@b.c","10.0.0.1:80"],"iss":"mail to x@y.z","kid":"eyJhbGciOiJub25lIn0.e30.AA","x@y.z":1}"#
            ),
            r#"{"aud":["[masked]","[masked]"],"iss":"mail to [masked]","kid":"[masked]","[masked]":"[masked]"}"#
        );
    }

    #[test]
    fn recognizes_each_personal_name_in_every_spelling() {
        for name in PERSONAL.split(' ') {
            for name in [name.to_owned(), name.to_uppercase(), format!("_{name}-"), format!("é{name}")] {
                assert!(is_personal_name(&name), "{name}");
                assert!(!is_personal_name(&format!("{name}x")), "{name}");
            }
        }
    }

    #[test]
    fn searches_no_name_that_is_not_personal() {
        let plain = |name: &str| {
            let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            PERSONAL.split(' ').any(|word| word.eq_ignore_ascii_case(&letters))
        };
        let parts: Vec<(&str, &str)> = PERSONAL.split(' ').map(|name| name.split_at(1)).collect();
        let mut names: Vec<String> =
            parts.iter().flat_map(|(first, rest)| [*first, *rest].map(str::to_owned)).collect();
        names.extend(PERSONAL.split(' ').map(|name| name.chars().rev().collect::<String>()));
        names.extend(parts.iter().map(|(first, rest)| format!("_{first}é-{rest}")));
        names.extend(
            ["", "-", "é", "0", "sub", "iss", "IP", "I_P", "n".repeat(40).as_str()].map(str::to_owned),
        );
        for name in names {
            assert_eq!(is_personal_name(&name), plain(&name), "{name}");
        }
    }

    #[test]
    fn recognizes_every_form_of_an_address() {
        for address in
            ["a@b", "1.2.3.4", "1.2.3.4:5", "::1", "[::1]:5", "fe80::1", "[fe80::1%1]:80", "ABCD::"]
        {
            assert!(is_address(address), "{address}");
        }
        for text in ["", "@", "a@", "@b", "1.2.3", "abc", "1:2", "x::1", "1.2.3.4.", "writer"] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn recognizes_personal_claims() {
        let personal = |json: &str| {
            let value = parse(json.as_bytes()).unwrap();
            value
                .members()
                .iter()
                .filter(|member| is_personal(member))
                .map(|member| member.name.to_string())
                .collect()
        };
        let names: Vec<String> =
            personal(r#"{"given_name":"A","firstName":"B","user_id":"7","x":"a@b.c","email_verified":true}"#);
        assert_eq!(names, ["given_name", "firstName", "x"]);
    }
}
