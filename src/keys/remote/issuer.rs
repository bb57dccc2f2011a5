//! The issuer that a user names: by its identifier, or by the address of its metadata.

use super::content::without_slash;

/// The ends of the addresses of metadata: OpenID Connect Discovery 1.0 section 4 and RFC 8414 section 3.
const WELL_KNOWN: [&str; 2] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

/// An issuer and the address of its metadata, not yet parsed as URLs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerLocation {
    pub(super) issuer: String,
    pub(super) document: String,
}

impl IssuerLocation {
    /// Splits an address of metadata, or appends the address of OpenID Connect Discovery to an issuer.
    pub(super) fn new(text: &str) -> Self {
        let text = text.trim();
        match WELL_KNOWN.iter().find_map(|end| without_well_known(text, end)) {
            Some(issuer) => Self { issuer, document: text.to_owned() },
            None => Self {
                issuer: text.to_owned(),
                document: format!("{}{}", without_slash(text), WELL_KNOWN[0]),
            },
        }
    }
}

/// Returns the issuer of an address of metadata. RFC 8414 puts the path of the issuer after the well-known part.
fn without_well_known(text: &str, end: &str) -> Option<String> {
    let (before, after) = text.split_once(end)?;
    let is_whole = after.is_empty() || after.starts_with('/');
    is_whole.then(|| format!("{before}{}", without_slash(after)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_nothing_to_the_address_of_metadata() {
        for (text, issuer, document) in [
            ("https://a.test", "https://a.test", "https://a.test/.well-known/openid-configuration"),
            ("https://a.test/b/", "https://a.test/b/", "https://a.test/b/.well-known/openid-configuration"),
            (
                "https://a.test/b/.well-known/openid-configuration",
                "https://a.test/b",
                "https://a.test/b/.well-known/openid-configuration",
            ),
            (
                "https://a.test/.well-known/oauth-authorization-server/b",
                "https://a.test/b",
                "https://a.test/.well-known/oauth-authorization-server/b",
            ),
            (
                "https://a.test/.well-known/openid-configuration/",
                "https://a.test",
                "https://a.test/.well-known/openid-configuration/",
            ),
        ] {
            let location = IssuerLocation::new(text);
            assert_eq!((location.issuer.as_str(), location.document.as_str()), (issuer, document), "{text}");
        }
    }
}
