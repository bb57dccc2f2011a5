//! The rules of near values: the only difference between the text of a token and the expected text. Claims and options are
//! not known here.

use crate::core::text::escape::excerpt;
use crate::core::text::shell::argument;

/// A rule that returns the only difference between the text of a token and the expected text, or `None` if it does not
/// apply.
type Rule = fn(&str, &str) -> Option<String>;

/// The rules, in the order in which they are tried, with the difference that each finds.
pub const RULES: [(&str, Rule); 12] = [
    ("white space at an end", white_space),
    ("a slash at the end", slash),
    ("letter case", letter_case),
    ("the version of Microsoft Entra", entra_version),
    ("the tenant of Microsoft Entra", entra_tenant),
    ("the address of the issuer's metadata", metadata),
    ("the path `/auth` of Keycloak", keycloak_path),
    ("the authority of Microsoft Entra", entra_authority),
    ("the scheme", scheme),
    ("the host or the port, and perhaps the scheme", host),
    ("the host alone", host_alone),
    ("the path of a URL", path),
];

/// Returns the only difference between two texts, or `None` if they differ in more than that.
pub(super) fn difference(got: &str, expected: &str) -> Option<String> {
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

/// The beginning of the issuers and addresses of Microsoft Entra ID, before the tenant.
const ENTRA: &str = "https://login.microsoftonline.com/";

/// Names in addresses of Microsoft Entra ID that stand for any tenant.
const SHARED_TENANTS: [&str; 4] = ["common", "organizations", "consumers", "{tenantid}"];

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
    let is_shared = SHARED_TENANTS.contains(&other);
    (is_shared && version == expected && tenant != other).then(|| {
        format!("the expected issuer has `{other}` where tokens of Microsoft Entra have the ID of the tenant")
    })
}

/// Recognizes the address of a tenant (`https://login.microsoftonline.com/TENANT`), which is no issuer of tokens.
fn entra_authority(got: &str, expected: &str) -> Option<String> {
    let (_, tenant) = entra(got)?;
    let other = expected.strip_prefix(ENTRA)?;
    let other = other.strip_suffix('/').unwrap_or(other);
    let is_same = other == tenant || SHARED_TENANTS.contains(&other);
    is_same.then(|| {
        "the expected value is the address of a tenant of Microsoft Entra, which lacks `/v2.0` at its end and is no issuer"
            .to_owned()
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

/// Finds the host of a URL, with or without its port, where the whole URL is meant.
fn host_alone(got: &str, expected: &str) -> Option<String> {
    let is_host_of = |short: &str, url: &str| {
        let host = host_of(url).unwrap_or_default();
        !short.is_empty() && [host, without_port(host)].contains(&short.trim_end_matches('/'))
    };
    if is_host_of(expected, got) {
        Some("the expected value is only the host of the URL in the token".to_owned())
    } else if is_host_of(got, expected) {
        Some("the token has only the host of the expected URL".to_owned())
    } else {
        None
    }
}

/// Finds a path that one of two URLs lacks at its end, such as `/realms/shop` of Keycloak.
fn path(got: &str, expected: &str) -> Option<String> {
    let rest = |long: &str, short: &str| {
        host_of(short)?;
        let rest = long.strip_prefix(short.trim_end_matches('/')).filter(|rest| rest.starts_with('/'))?;
        argument(rest).map(|_| excerpt(rest))
    };
    if let Some(rest) = rest(got, expected) {
        return Some(format!("the expected value lacks `{rest}` at its end"));
    }
    rest(expected, got)
        .map(|rest| format!("the expected value has `{rest}` at its end, which the token lacks"))
}

/// Returns the host and the port of a URL.
fn host_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split('/').next().filter(|host| !host.is_empty())
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
    let name = issuer.strip_prefix(ENTRA)?.strip_suffix("/v2.0")?;
    tenant(name).then_some(("2.0", name))
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
            ("https://a.test/x", "a.test", "only the host of the URL in the token"),
            ("https://a.test:8443/x", "a.test/", "only the host of the URL in the token"),
            ("a.test", "https://a.test/x", "the token has only the host"),
            ("https://a.test/realms/x", "https://a.test/", "lacks `/realms/x`"),
            ("https://a.test", "https://a.test/v2.0", "has `/v2.0` at its end"),
            (
                "https://login.microsoftonline.com/t",
                "https://login.microsoftonline.com/t/v2.0",
                "has `/v2.0` at its end",
            ),
            ("https://sts.windows.net/t/", "https://login.microsoftonline.com/t", "address of a tenant"),
            (
                "https://login.microsoftonline.com/t/v2.0",
                "https://login.microsoftonline.com/common/",
                "lacks `/v2.0`",
            ),
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
            ("https://", "https://a.test"),
            ("https://a.test", "https://a.test.b.test/x"),
            ("https://a.test/x", "b.test"),
            ("https://a.test/x", ""),
            ("https://login.microsoftonline.com/t/v2.0", "https://login.microsoftonline.com/u"),
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

    #[test]
    fn takes_a_url_apart() {
        for (url, parts) in [
            ("https://a.test/x/y", Some(("https", "a.test", "x/y"))),
            ("https://a.test/", None),
            ("https://a.test", None),
            ("https:///x", None),
            ("a.test/x", None),
        ] {
            assert_eq!(host_and_path(url), parts, "{url}");
        }
        for (host, name) in
            [("a.test:80", "a.test"), ("a.test", "a.test"), ("a.test:x", "a.test:x"), ("[::1]:8", "[::1]")]
        {
            assert_eq!(without_port(host), name);
        }
    }

    #[test]
    fn tells_another_host_from_another_path_or_scheme() {
        for (got, expected, is_only_host) in [
            ("https://a.test/x", "https://b.test/x", true),
            ("http://a.test/x", "https://b.test/x", true),
            ("https://a.test/x", "https://a.test:8443/x", true),
            ("https://a.test/x", "https://a.test/x", false),
            ("https://a.test/x", "https://b.test/y", false),
            ("ftp://a.test/x", "ftp://b.test/x", true),
            ("ftp://a.test/x", "http://b.test/x", false),
            ("http://a.test/x", "ftp://b.test/x", false),
            ("a", "https://b.test/x", false),
        ] {
            assert_eq!(is_only_another_host(got, expected), is_only_host, "{got} {expected}");
        }
    }

    #[test]
    fn says_which_side_has_more() {
        for (got, expected, words) in [
            ("https://a/", "https://a", Some("the expected value lacks the slash at its end")),
            (
                "https://a",
                "https://a/",
                Some("the expected value has a slash at its end that the token lacks"),
            ),
            (" a", "a", Some("only white space at an end differs")),
            (" ", "", None),
            ("A", "a", Some("only the letter case differs")),
            ("http://b.test", "https://b.test", Some("only the scheme before `://` differs")),
            ("x://b.test", "b.test", Some("the expected value lacks the scheme `x://`")),
            ("b.test", "x://b.test", Some("the expected value has the scheme `x://`, which the token lacks")),
            ("https://a.test/x", "https://b.test/x", Some("only the host differs")),
            ("http://a.test/x", "https://b.test/x", Some("only the scheme and the host differ")),
            ("http://a.test:1/x", "https://a.test:2/x", Some("only the scheme and the port differ")),
            ("https://a.test:1/x", "https://a.test:2/x", Some("only the port differs")),
            (
                "https://a.test/x",
                "a.test",
                Some("the expected value is only the host of the URL in the token"),
            ),
            ("a.test", "https://a.test/x", Some("the token has only the host of the expected URL")),
            ("https://a.test/x", "https://a.test", Some("the expected value lacks `/x` at its end")),
            (
                "https://a.test",
                "https://a.test/x",
                Some("the expected value has `/x` at its end, which the token lacks"),
            ),
            ("https://a.test/xy", "https://a.test/x", None),
            ("a", "b", None),
            ("a", "a", None),
        ] {
            assert_eq!(difference(got, expected).as_deref(), words, "{got} {expected}");
        }
    }

    #[test]
    fn reads_the_tenant_of_an_issuer_of_microsoft_entra() {
        for (issuer, expected) in [
            ("https://sts.windows.net/t/", Some(("1.0", "t"))),
            ("https://sts.windows.net/t", Some(("1.0", "t"))),
            ("https://login.microsoftonline.com/t/v2.0", Some(("2.0", "t"))),
            ("https://sts.windows.net/", None),
            ("https://sts.windows.net/t/x", None),
            ("https://login.microsoftonline.com//v2.0", None),
            ("https://login.microsoftonline.com/t/x/v2.0", None),
            ("https://login.microsoftonline.com/t", None),
        ] {
            assert_eq!(entra(issuer), expected, "{issuer}");
        }
    }
}
