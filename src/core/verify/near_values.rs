//! Expected values that miss narrowly: hints that name the only difference and the option that accepts the token. They never
//! change a verdict.

use super::near_texts::difference;
use super::policy::Policy;
use crate::core::json::{self, Value};
use crate::core::text::escape::excerpt;
use crate::core::text::shell::argument;
use crate::core::token::claims::ClaimsSet;

/// Returns hints on the expected values that miss narrowly.
pub(super) fn about_values(claims: &ClaimsSet<'_>, policy: &Policy) -> Vec<String> {
    let mut hints = Vec::new();
    for (name, what, expected) in [
        ("iss", "issuer", policy.issuers.as_slice()),
        ("aud", "audience", policy.audiences.as_slice()),
        ("sub", "subject", policy.subject.as_slice()),
        ("jti", "ID", policy.id.as_slice()),
    ] {
        hints.extend(about_registered(claims, name, what, expected));
    }
    for (name, expected) in &policy.claims {
        match claims.locate(name) {
            Some(got) => hints.extend(about_claim(name, got, expected)),
            None => hints.extend(about_other_name(claims, name, expected)),
        }
    }
    for name in policy.required.iter().filter(|name| claims.locate(name).is_none()) {
        if let Some(options) = listed(name).and_then(|names| repeated("require", &names)) {
            hints.push(format!("`{}` is one name: use {options}", excerpt(name)));
            continue;
        }
        hints.extend(other_name(claims, name).and_then(|(other, _)| {
            let option = argument(other).filter(|option| !option.starts_with(['-', '/']))?;
            Some(format!("there is no `{}`, but `{}`: use --require {option}", excerpt(name), excerpt(other)))
        }));
    }
    hints
}

/// Returns the values of a list with commas, such as `web,api`. Options take one value, and are repeated.
pub(super) fn listed(text: &str) -> Option<Vec<&str>> {
    let is_value = |part: &&str| !part.is_empty() && !part.contains(char::is_whitespace);
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    (parts.len() > 1 && parts.iter().all(is_value)).then_some(parts)
}

/// Returns an option with each of the values, if all can be written.
fn repeated(option: &str, values: &[&str]) -> Option<String> {
    let written = |value: &&str| {
        let value = argument(value).filter(|value| !value.trim_start_matches('\'').starts_with('-'))?;
        Some(format!("--{option} {value}"))
    };
    let options: Option<Vec<String>> = values.iter().map(written).collect();
    Some(options?.join(" "))
}

/// Returns the claim whose name differs from a missing one in letter case or in `_` and `-`, or is `scp` in place of `scope`.
fn other_name<'c>(claims: &'c ClaimsSet<'_>, name: &str) -> Option<(&'c str, &'c Value<'c>)> {
    let plain = |name: &str| {
        let letters = name.chars().filter(|c| !matches!(c, '_' | '-'));
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    let wanted = plain(name);
    let is_other =
        |other: &str| plain(other) == wanted || matches!((name, other), ("scope", "scp") | ("scp", "scope"));
    let member = claims.members().iter().find(|member| is_other(&member.name))?;
    Some((&member.name, &member.value))
}

/// Returns a hint on a claim that is missing, if one with a similar name holds the expected value.
fn about_other_name(claims: &ClaimsSet<'_>, name: &str, expected: &Value<'_>) -> Option<String> {
    let (other, value) = other_name(claims, name)?;
    let missing = format!("there is no `{}`, but `{}`", excerpt(name), excerpt(other));
    if !value.same(expected) {
        return about_claim(other, value, expected).map(|hint| format!("{missing}; {hint}"));
    }
    let option = match expected.as_str() {
        Some(text) => argument(&format!("{other}={text}"))?,
        None => argument(&format!("{other}:={expected}"))?,
    };
    Some(format!("{missing} holds the expected value: use -c {option}"))
}

/// The claims in which a client is named beside `aud`.
const CLIENTS: [&str; 4] = ["azp", "client_id", "appid", "cid"];

/// Returns a hint on a registered claim that misses narrowly. Its option has the name of the claim.
fn about_registered(claims: &ClaimsSet<'_>, name: &str, what: &str, expected: &[String]) -> Option<String> {
    // Most policies expect no value here. This saves 850 instructions for a token.
    if expected.is_empty() {
        return None;
    }
    let value = claims.get(name);
    if value.is_none() {
        let about = |expected: &String| about_other_name(claims, name, &Value::string(expected.clone()));
        if let Some(hint) = expected.iter().find_map(about) {
            return Some(hint);
        }
    }
    let got: Vec<&str> = match value {
        Some(Value::Array(items)) if name == "aud" => items.iter().filter_map(Value::as_str).collect(),
        Some(value) => value.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if got.iter().any(|got| expected.iter().any(|expected| expected == got)) {
        return None;
    }
    let is_list = |values: &[&str]| values.iter().any(|value| got.contains(value));
    let list = expected.iter().filter(|_| matches!(name, "aud" | "iss")).find_map(|expected| {
        let values = listed(expected).filter(|values| is_list(values))?;
        Some((expected, repeated(name, &values)?))
    });
    if let Some((expected, options)) = list {
        return Some(format!("`{}` is one {what}: to accept any of them, use {options}", excerpt(expected)));
    }
    let near = expected.iter().find_map(|expected| {
        let differs = |got: &&str| Some(((*got).to_owned(), difference(got, expected)?));
        got.iter().find_map(differs)
    });
    if let Some((got, difference)) = near {
        return Some(with_option(
            format!("`{name}`: {difference}"),
            &format!("if that {what} is meant, use --{name}"),
            &got,
        ));
    }
    if let Some(number @ Value::Number(_)) = value
        && expected.iter().any(|expected| *expected == number.to_string())
    {
        return Some(format!(
            "`{name}` is the number {number}, and must be a text (RFC 7519 section 4.1): the issuer must write \"{number}\""
        ));
    }
    if name != "aud" {
        return None;
    }
    let (client, value) = CLIENTS.iter().find_map(|client| {
        let value = claims.get(client)?.as_str()?;
        expected.iter().any(|expected| expected == value).then_some((client, value))
    })?;
    Some(with_option(
        format!("`{client}`, not `aud`, holds the expected value: it is the client"),
        "to check it, use -c",
        &format!("{client}={value}"),
    ))
}

/// Adds an option with its argument to a hint, if the argument can be written.
fn with_option(hint: String, option: &str, value: &str) -> String {
    match argument(value) {
        // A value that begins like an option is taken only after `=`.
        Some(value) if value.trim_start_matches('\'').starts_with('-') && option.contains("--") => {
            format!("{hint}; {option}={value}")
        }
        Some(value) => format!("{hint}; {option} {value}"),
        None => hint,
    }
}

fn about_claim(name: &str, got: &Value<'_>, expected: &Value<'_>) -> Option<String> {
    let pointer = if name.starts_with('/') { name.to_owned() } else { json::pointer_to(name) };
    let shown = excerpt(name);
    match (got, expected) {
        (Value::Array(items), _) => {
            let index = items.iter().position(|item| item.same(expected))?;
            let value = match expected.as_str() {
                Some(text) => argument(&format!("{pointer}/{index}={text}"))?,
                None => argument(&format!("{pointer}/{index}:={expected}"))?,
            };
            Some(format!("`{shown}` is a list that holds the expected value: use -c {value}"))
        }
        (Value::String(text), Value::String(wanted)) => {
            if wanted.as_ref() != text.as_ref() && text.split(' ').any(|part| part == wanted.as_ref()) {
                let value = argument(&format!("{name}={text}"))?;
                return Some(format!(
                    "`{shown}` holds several words, and the whole text is compared: use -c {value}"
                ));
            }
            let hint = format!("`{shown}`: {}", difference(text, wanted)?);
            Some(with_option(hint, "if that value is meant, use -c", &format!("{name}={text}")))
        }
        (Value::Number(_) | Value::Bool(_), Value::String(wanted)) if got.to_string() == wanted.as_ref() => {
            Some(format!("`{shown}` is not a text: use -c {}", argument(&format!("{name}:={got}"))?))
        }
        (Value::String(text), _) if expected.to_string() == text.as_ref() => {
            Some(format!("`{shown}` is a text: use -c {}", argument(&format!("{name}={text}"))?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(payload: &str, policy: &Policy) -> Vec<String> {
        let value = json::parse(payload.as_bytes()).unwrap();
        about_values(&ClaimsSet::from_members(value.members().to_vec()), policy)
    }

    #[test]
    fn names_what_is_near_a_registered_claim() {
        let strings = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let issuers = |texts| Policy { issuers: strings(texts), ..Policy::default() };
        let audiences = |texts| Policy { audiences: strings(texts), ..Policy::default() };
        let subject = |text: &str| Policy { subject: Some(text.to_owned()), ..Policy::default() };
        for (payload, policy, hint) in [
            (
                r#"{"iss":"https://a.test/"}"#,
                issuers(&["b", "https://a.test"]),
                "`iss`: the expected value lacks the slash at its end; if that issuer is meant, use --iss https://a.test/",
            ),
            (
                r#"{"aud":["x","API"]}"#,
                audiences(&["api"]),
                "`aud`: only the letter case differs; if that audience is meant, use --aud API",
            ),
            (r#"{"aud":["x","api"]}"#, audiences(&["y", "api"]), ""),
            (r#"{"sub":["ALICE"]}"#, subject("alice"), ""),
            (
                r#"{"sub":"-ALICE"}"#,
                subject("-alice"),
                "`sub`: only the letter case differs; if that subject is meant, use --sub=-ALICE",
            ),
            (
                r#"{"aud":"web"}"#,
                audiences(&["api", "web,api"]),
                "`web,api` is one audience: to accept any of them, use --aud web --aud api",
            ),
            (
                r#"{"iss":"a"}"#,
                issuers(&["b, a"]),
                "`b, a` is one issuer: to accept any of them, use --iss b --iss a",
            ),
            (r#"{"sub":"a"}"#, subject("a,b"), ""),
            (r#"{"aud":"web"}"#, audiences(&["api,app"]), ""),
            (
                r#"{"sub":7}"#,
                subject("7"),
                "`sub` is the number 7, and must be a text (RFC 7519 section 4.1): the issuer must write \"7\"",
            ),
            (r#"{"sub":7}"#, subject("8"), ""),
            (
                r#"{"aud":"x","azp":"web"}"#,
                audiences(&["web"]),
                "`azp`, not `aud`, holds the expected value: it is the client; to check it, use -c azp=web",
            ),
            (
                r#"{"cid":"web","client_id":"x"}"#,
                audiences(&["web"]),
                "`cid`, not `aud`, holds the expected value: it is the client; to check it, use -c cid=web",
            ),
            (r#"{"sub":"x","azp":"web"}"#, subject("web"), ""),
            (r#"{"azp":"web"}"#, audiences(&["api"]), ""),
            (
                r#"{"Sub":"alice"}"#,
                subject("alice"),
                "there is no `sub`, but `Sub` holds the expected value: use -c Sub=alice",
            ),
            (
                r#"{"Sub":"Alice"}"#,
                subject("alice"),
                "there is no `sub`, but `Sub`; `Sub`: only the letter case differs; if that value is meant, use -c Sub=Alice",
            ),
            ("{}", subject("alice"), ""),
        ] {
            assert_eq!(hints(payload, &policy).join("\n"), hint, "{payload}");
        }
    }

    #[test]
    fn names_what_is_near_any_other_claim() {
        for (payload, name, expected, hint) in [
            (r#"{"role":"admin"}"#, "role", r#""admin""#, ""),
            (
                r#"{"role":["x","admin"]}"#,
                "role",
                r#""admin""#,
                "`role` is a list that holds the expected value: use -c /role/1=admin",
            ),
            (
                r#"{"a":{"b":[1,2]}}"#,
                "/a/b",
                "2",
                "`/a/b` is a list that holds the expected value: use -c /a/b/1:=2",
            ),
            (r#"{"role":["x"]}"#, "role", r#""admin""#, ""),
            (
                r#"{"scope":"read write"}"#,
                "scope",
                r#""read""#,
                "`scope` holds several words, and the whole text is compared: use -c 'scope=read write'",
            ),
            (r#"{"scope":"reading"}"#, "scope", r#""read""#, ""),
            (
                r#"{"role":"Admin"}"#,
                "role",
                r#""admin""#,
                "`role`: only the letter case differs; if that value is meant, use -c role=Admin",
            ),
            (r#"{"n":7}"#, "n", r#""7""#, "`n` is not a text: use -c n:=7"),
            (r#"{"n":true}"#, "n", r#""true""#, "`n` is not a text: use -c n:=true"),
            (r#"{"n":7}"#, "n", r#""8""#, ""),
            (r#"{"n":"7"}"#, "n", "7", "`n` is a text: use -c n=7"),
            (r#"{"n":"7"}"#, "n", "8", ""),
            (
                r#"{"user-id":7}"#,
                "user_id",
                "7",
                "there is no `user_id`, but `user-id` holds the expected value: use -c user-id:=7",
            ),
            (
                r#"{"scp":"read"}"#,
                "scope",
                r#""read""#,
                "there is no `scope`, but `scp` holds the expected value: use -c scp=read",
            ),
            (r#"{"scp":"read"}"#, "scopes", r#""read""#, ""),
        ] {
            let expected = json::parse(expected.as_bytes()).unwrap().into_owned();
            let policy = Policy { claims: vec![(name.to_owned(), expected)], ..Policy::default() };
            assert_eq!(hints(payload, &policy).join("\n"), hint, "{payload} {name}");
        }
    }

    #[test]
    fn names_what_is_near_a_required_claim() {
        for (payload, name, hint) in [
            (r#"{"a":1}"#, "a", ""),
            (r#"{"x":1}"#, "a", ""),
            (r#"{"A_b":1}"#, "ab", "there is no `ab`, but `A_b`: use --require A_b"),
            (r#"{"-A":1}"#, "a", ""),
            ("{}", "a,b", "`a,b` is one name: use --require a --require b"),
            ("{}", "a,-b", ""),
            ("{}", "a,", ""),
            ("{}", "a b", ""),
        ] {
            let policy = Policy { required: vec![name.to_owned()], ..Policy::default() };
            assert_eq!(hints(payload, &policy).join("\n"), hint, "{payload} {name}");
        }
    }

    #[test]
    fn splits_a_list_with_commas() {
        for (text, expected) in [
            ("a,b", Some(vec!["a", "b"])),
            (" a , b ", Some(vec!["a", "b"])),
            ("a", None),
            ("a,", None),
            (",", None),
            ("a,b c", None),
        ] {
            assert_eq!(listed(text), expected, "{text}");
        }
    }
}
