//! Expected values that miss narrowly: what differs between the value of a token and the expected one. It compares
//! texts only, and never changes a verdict.

use super::policy::Policy;
use crate::core::json::Value;
use crate::core::token::claims::ClaimsSet;

/// Returns the only difference between two texts, or `None` if they differ in more than that.
fn difference(got: &str, expected: &str) -> Option<String> {
    if got == expected {
        return None;
    }
    if got.trim() == expected.trim() {
        return Some("only white space at an end differs".to_owned());
    }
    if got.trim_end_matches('/') == expected.trim_end_matches('/') {
        return Some(if got.ends_with('/') {
            "the expected value lacks the slash at its end".to_owned()
        } else {
            "the expected value has a slash at its end that the token lacks".to_owned()
        });
    }
    if got.eq_ignore_ascii_case(expected) {
        return Some("only the letter case differs".to_owned());
    }
    if let (Some(mine), Some(theirs)) = (entra(got), entra(expected))
        && mine.1 == theirs.1
        && mine.0 != theirs.0
    {
        return Some(format!(
            "the token is of version {} of Microsoft Entra, but the expected issuer is of version {}; the API sets it by \
             `requestedAccessTokenVersion`",
            mine.0, theirs.0
        ));
    }
    let (mine, theirs) = (got.split_once("://"), expected.split_once("://"));
    let without_scheme =
        |text: &str| text.split_once("://").map_or_else(|| text.to_owned(), |(_, rest)| rest.to_owned());
    if without_scheme(got) == without_scheme(expected) {
        return Some("only the scheme before `://` differs".to_owned());
    }
    let ((scheme, rest), (other_scheme, other_rest)) = (mine?, theirs?);
    let ((host, path), (other_host, other_path)) = (rest.split_once('/')?, other_rest.split_once('/')?);
    if scheme != other_scheme
        || path != other_path
        || path.is_empty()
        || host.is_empty()
        || other_host.is_empty()
    {
        return None;
    }
    let name =
        |host: &str| host.rsplit_once(':').map_or_else(|| host.to_owned(), |(name, _)| name.to_owned());
    let what = if name(host) == name(other_host) { "port" } else { "host" };
    Some(format!("only the {what} differs: the issuer that the token was requested from is the one it names"))
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

/// Returns a hint on an issuer that misses narrowly, with the issuer of the token as the value to expect.
pub(super) fn about_issuer(claims: &ClaimsSet<'_>, policy: &Policy) -> Option<String> {
    let got = claims.get("iss")?.as_str()?;
    let difference = policy.issuers.iter().find_map(|expected| difference(got, expected))?;
    Some(format!("`iss`: {difference}; if that issuer is meant, use --iss {}", argument(got)?))
}

/// The claims in which a client is named beside `aud`.
const CLIENTS: [&str; 4] = ["azp", "client_id", "appid", "cid"];

/// Returns a hint on an audience that misses narrowly, or that another claim holds.
pub(super) fn about_audience(claims: &ClaimsSet<'_>, policy: &Policy) -> Option<String> {
    let got: Vec<&str> = match claims.get("aud") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(value) => value.as_str().into_iter().collect(),
        None => Vec::new(),
    };
    let near = policy.audiences.iter().find_map(|expected| {
        got.iter()
            .find_map(|got| Some((*got, difference(got, expected).filter(|text| !text.contains("host"))?)))
    });
    if let Some((got, difference)) = near {
        return Some(format!("`aud`: {difference}; if that audience is meant, use --aud {}", argument(got)?));
    }
    let (name, value) = CLIENTS.iter().find_map(|name| {
        let value = claims.get(name)?.as_str()?;
        policy.audiences.iter().any(|expected| expected == value).then_some((name, value))
    })?;
    let value = argument(&format!("{name}={value}"))?;
    Some(format!(
        "`{name}`, not `aud`, holds the expected value: it is the client; to check it, use -c {value}"
    ))
}

/// Returns hints on other claims that miss narrowly.
pub(super) fn about_claims(claims: &ClaimsSet<'_>, policy: &Policy) -> Vec<String> {
    let mut hints = Vec::new();
    for (name, expected) in &policy.claims {
        if let Some(got) = claims.locate(name).filter(|got| !got.same(expected)) {
            hints.extend(about_claim(name, got, expected));
        }
    }
    hints
}

fn about_claim(name: &str, got: &Value<'_>, expected: &Value<'_>) -> Option<String> {
    let pointer = if name.starts_with('/') {
        name.to_owned()
    } else {
        format!("/{}", name.replace('~', "~0").replace('/', "~1"))
    };
    match (got, expected) {
        (Value::Array(items), _) => {
            let index = items.iter().position(|item| item.same(expected))?;
            let value = match expected.as_str() {
                Some(text) => argument(&format!("{pointer}/{index}={text}"))?,
                None => argument(&format!("{pointer}/{index}:={expected}"))?,
            };
            Some(format!("`{name}` is a list that holds the expected value: use -c {value}"))
        }
        (Value::String(text), Value::String(wanted)) => {
            if wanted.as_ref() != text.as_ref() && text.split(' ').any(|part| part == wanted.as_ref()) {
                let value = argument(&format!("{name}={text}"))?;
                return Some(format!(
                    "`{name}` holds several words, and the whole text is compared: use -c {value}"
                ));
            }
            let difference = difference(text, wanted)?;
            Some(format!("`{name}`: {difference}"))
        }
        (Value::Number(_) | Value::Bool(_), Value::String(wanted)) if got.to_string() == wanted.as_ref() => {
            Some(format!("`{name}` is not a text: use -c {}", argument(&format!("{name}:={got}"))?))
        }
        (Value::String(text), _) if expected.to_string() == text.as_ref() => {
            Some(format!("`{name}` is a text: use -c {}", argument(&format!("{name}={text}"))?))
        }
        _ => None,
    }
}

/// Quotes an argument for a shell. Returns `None` for text that a terminal cannot show as it is.
pub(super) fn argument(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_control() || c == '\'' || !c.is_ascii()) {
        return None;
    }
    let is_plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c));
    Some(if is_plain { text.to_owned() } else { format!("'{text}'") })
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
            ("https://sts.windows.net/t/", "https://login.microsoftonline.com/t/v2.0", "version 1.0"),
            ("https://login.microsoftonline.com/t/v2.0", "https://sts.windows.net/t/", "version 2.0"),
        ] {
            assert!(difference(got, expected).is_some_and(|text| text.contains(words)), "{got} {expected}");
        }
    }

    #[test]
    fn names_no_difference_between_unrelated_values() {
        for (got, expected) in [
            ("a", "b"),
            ("https://a.test", "https://b.test"),
            ("https://a.test/", "https://b.test/"),
            ("https://a.test/x", "https://b.test/y"),
            ("https://sts.windows.net/t/", "https://login.microsoftonline.com/u/v2.0"),
        ] {
            assert_eq!(difference(got, expected), None, "{got} {expected}");
        }
    }
}
