//! Expected values that miss narrowly: the only difference between the value of a token and the expected one. It compares
//! texts, and never changes a verdict.

use super::policy::Policy;
use crate::core::json::{self, Value};
use crate::core::text::escape::excerpt;
use crate::core::text::shell::argument;
use crate::core::token::claims::ClaimsSet;

/// A rule that returns the only difference between the text of a token and the expected text, or `None` if it does not
/// apply.
type Rule = fn(&str, &str) -> Option<String>;

/// The rules, in the order in which they are tried, with the difference that each finds.
pub const RULES: [(&str, Rule); 9] = [
    ("white space at an end", white_space),
    ("a slash at the end", slash),
    ("letter case", letter_case),
    ("the version of Microsoft Entra", entra_version),
    ("the tenant of Microsoft Entra", entra_tenant),
    ("the address of the issuer's metadata", metadata),
    ("the path `/auth` of Keycloak", keycloak_path),
    ("the scheme", scheme),
    ("the host or the port, and perhaps the scheme", host),
];

/// Returns the only difference between two texts, or `None` if they differ in more than that.
fn difference(got: &str, expected: &str) -> Option<String> {
    if got == expected {
        return None;
    }
    RULES.iter().find_map(|(_, rule)| rule(got, expected))
}

fn white_space(got: &str, expected: &str) -> Option<String> {
    let is_same = got.trim() == expected.trim() && !got.trim().is_empty();
    is_same.then(|| "only white space at an end differs".to_owned())
}

fn slash(got: &str, expected: &str) -> Option<String> {
    let is_same = got.trim_end_matches('/') == expected.trim_end_matches('/');
    is_same.then(|| {
        if got.ends_with('/') {
            "the expected value lacks the slash at its end".to_owned()
        } else {
            "the expected value has a slash at its end that the token lacks".to_owned()
        }
    })
}

fn letter_case(got: &str, expected: &str) -> Option<String> {
    (got.to_lowercase() == expected.to_lowercase()).then(|| "only the letter case differs".to_owned())
}

fn entra_version(got: &str, expected: &str) -> Option<String> {
    let ((version, tenant), (expected, other_tenant)) = (entra(got)?, entra(expected)?);
    (tenant == other_tenant && version != expected).then(|| {
        format!(
            "the token is of version {version} of Microsoft Entra, but the expected issuer is of version {expected}; the API \
             sets it by `requestedAccessTokenVersion`"
        )
    })
}

fn entra_tenant(got: &str, expected: &str) -> Option<String> {
    let ((version, tenant), (expected, other)) = (entra(got)?, entra(expected)?);
    let is_shared = matches!(other, "common" | "organizations" | "consumers" | "{tenantid}");
    (is_shared && version == expected && tenant != other).then(|| {
        format!("the expected issuer has `{other}` where tokens of Microsoft Entra have the ID of the tenant")
    })
}

/// Compares the issuer in the address of its metadata (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3.1).
fn metadata(got: &str, expected: &str) -> Option<String> {
    let (before, rest) = expected.split_once("/.well-known/")?;
    let path = rest.split_once('/').map(|(_, path)| format!("/{path}")).unwrap_or_default();
    let issuer = format!("{before}{path}");
    (got.trim_end_matches('/') == issuer.trim_end_matches('/'))
        .then(|| "the expected value is the address of the issuer's metadata, not the issuer".to_owned())
}

fn keycloak_path(got: &str, expected: &str) -> Option<String> {
    let (plain, other) = (without_auth(got), without_auth(expected));
    let is_same = plain == other || is_only_another_host(&plain, &other);
    let differs = (got.len() - plain.len()) != (expected.len() - other.len());
    (is_same && differs).then(|| {
        let (with, without) =
            if got.len() > plain.len() { ("the token", "the expected value") } else { ("the expected value", "the token") };
        format!(
            "{with} has `/auth` before `/realms`, but {without} has not (Keycloak writes it up to version 16, and later if \
             KC_HTTP_RELATIVE_PATH says so)"
        )
    })
}

/// Removes the path `/auth` before the realm of a Keycloak issuer.
pub(super) fn without_auth(issuer: &str) -> String {
    issuer.replacen("/auth/realms/", "/realms/", 1)
}

fn scheme(got: &str, expected: &str) -> Option<String> {
    let split =
        |text: &str| text.split_once("://").map(|(scheme, rest)| (scheme.to_owned(), rest.to_owned()));
    match (split(got), split(expected)) {
        (Some((_, rest)), Some((_, other))) => {
            (rest == other).then(|| "only the scheme before `://` differs".to_owned())
        }
        (Some((scheme, rest)), None) => (rest == expected)
            .then(|| format!("the expected value lacks the scheme `{}://`", excerpt(&scheme))),
        (None, Some((scheme, rest))) => (rest == got).then(|| {
            format!("the expected value has the scheme `{}://`, which the token lacks", excerpt(&scheme))
        }),
        (None, None) => None,
    }
}

fn host(got: &str, expected: &str) -> Option<String> {
    if !is_only_another_host(got, expected) {
        return None;
    }
    let name = |url: &str| host_and_path(url).map(|(_, host, _)| without_port(host).to_owned());
    let scheme = |url: &str| host_and_path(url).map(|(scheme, ..)| scheme.to_owned());
    let what = if name(got) == name(expected) { "port" } else { "host" };
    Some(if scheme(got) == scheme(expected) {
        format!("only the {what} differs")
    } else {
        format!("only the scheme and the {what} differ")
    })
}

/// Reports whether two URLs with the same path differ in their host or port, and perhaps in `http` and `https`.
pub(super) fn is_only_another_host(got: &str, expected: &str) -> bool {
    let (Some((scheme, host, path)), Some((other_scheme, other_host, other_path))) =
        (host_and_path(got), host_and_path(expected))
    else {
        return false;
    };
    let is_web = |scheme: &str| scheme == "http" || scheme == "https";
    let schemes_fit = scheme == other_scheme || (is_web(scheme) && is_web(other_scheme));
    schemes_fit && path == other_path && host != other_host
}

/// Splits a URL that has a host and a path.
fn host_and_path(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let (host, path) = rest.split_once('/')?;
    (!host.is_empty() && !path.is_empty()).then_some((scheme, host, path))
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Returns the version and the tenant of an issuer of Microsoft Entra ID.
fn entra(issuer: &str) -> Option<(&'static str, &str)> {
    let tenant = |rest: &'_ str| !rest.is_empty() && !rest.contains('/');
    if let Some(rest) = issuer.strip_prefix("https://sts.windows.net/") {
        let name = rest.strip_suffix('/').unwrap_or(rest);
        return tenant(name).then_some(("1.0", name));
    }
    let name = issuer.strip_prefix("https://login.microsoftonline.com/")?.strip_suffix("/v2.0")?;
    tenant(name).then_some(("2.0", name))
}

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
        if let Some(got) = claims.locate(name).filter(|got| !got.same(expected)) {
            hints.extend(about_claim(name, got, expected));
        }
    }
    hints
}

/// The claims in which a client is named beside `aud`.
const CLIENTS: [&str; 4] = ["azp", "client_id", "appid", "cid"];

/// Returns a hint on a registered claim that misses narrowly. Its option has the name of the claim.
fn about_registered(claims: &ClaimsSet<'_>, name: &str, what: &str, expected: &[String]) -> Option<String> {
    let value = claims.get(name);
    let got: Vec<&str> = match value {
        Some(Value::Array(items)) if name == "aud" => items.iter().filter_map(Value::as_str).collect(),
        Some(value) => value.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    if got.iter().any(|got| expected.iter().any(|expected| expected == got)) {
        return None;
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

    #[test]
    fn names_the_only_difference() {
        for (got, expected, words) in [
            ("https://a.test/", "https://a.test", "slash"),
            ("https://a.test", "https://a.test/", "slash"),
            ("https://A.test/x", "https://a.test/x", "letter case"),
            ("http://a.test/x", "https://a.test/x", "scheme"),
            ("http://a.test/x", "http://b.test:80/x", "host"),
            ("http://a.test:1/x", "http://a.test:2/x", "port"),
            ("http://a.test:1/x", "https://b.test/x", "scheme and the host"),
            ("http://a.test:1/x", "https://a.test/x", "scheme and the port"),
            ("https://a.test/realms/x", "https://a.test/auth/realms/x", "the expected value has `/auth`"),
            ("http://a.test/auth/realms/x", "https://b.test/realms/x", "the token has `/auth`"),
            ("https://a.test/x", "https://a.test/x/.well-known/openid-configuration", "metadata"),
            ("https://a.test/x/", "https://a.test/.well-known/oauth-authorization-server/x", "metadata"),
            ("https://sts.windows.net/t/", "https://login.microsoftonline.com/t/v2.0", "version 1.0"),
            ("https://login.microsoftonline.com/t/v2.0", "https://sts.windows.net/t/", "version 2.0"),
            (
                "https://login.microsoftonline.com/t/v2.0",
                "https://login.microsoftonline.com/common/v2.0",
                "`common`",
            ),
            ("api://1f", "1f", "lacks the scheme `api://`"),
            ("1f", "api://1f", "has the scheme `api://`"),
            ("alice ", "alice", "white space"),
        ] {
            assert!(difference(got, expected).is_some_and(|text| text.contains(words)), "{got} {expected}");
        }
    }

    #[test]
    fn names_no_difference_between_unrelated_values() {
        for (got, expected) in [
            ("a", "b"),
            ("https://a.test", "https://b.test"),
            ("", " "),
            ("https://login.microsoftonline.com/t/v2.0", "https://login.microsoftonline.com/u/v2.0"),
            ("https://a.test/", "https://b.test/"),
            ("https://a.test/x", "https://b.test/y"),
            ("ftp://a.test/x", "https://b.test/x"),
            ("https://a.test/realms/x", "https://a.test/auth/realms/y"),
            ("https://b.test/x", "https://a.test/x/.well-known/openid-configuration"),
            ("https://sts.windows.net/t/", "https://login.microsoftonline.com/u/v2.0"),
        ] {
            assert_eq!(difference(got, expected), None, "{got} {expected}");
        }
    }
}
