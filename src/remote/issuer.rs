//! The issuer that a user names, by its identifier or by the address of its metadata, and where its metadata are.

use super::error::MetadataError;
use crate::host::server_url::{ServerUrl, UrlPurpose};

/// The end of an address of OpenID Connect Discovery 1.0 (section 4). It follows the path of the issuer.
const OPENID: &str = "/.well-known/openid-configuration";
/// The beginning of the path of an address of RFC 8414 (section 3). The path of the issuer follows it. Some servers, such as
/// django-oauth-toolkit, put it after that path instead.
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// An issuer and the addresses of its metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerLocation {
    /// The identifier, as the user wrote it.
    pub(super) issuer: String,
    pub(super) url: ServerUrl,
    pub(super) document: ServerUrl,
    /// The addresses for issuers without the first document. There are none if the user named an address.
    pub(super) alternatives: Vec<ServerUrl>,
}

impl IssuerLocation {
    /// Takes an address of metadata as it is, or makes the addresses from an issuer.
    pub(super) fn parse(text: &str, purpose: UrlPurpose) -> Result<Self, MetadataError> {
        let text = text.trim();
        let named = [OPENID, OAUTH].iter().find_map(|end| without_well_known(text, end));
        let issuer = named.clone().unwrap_or_else(|| text.to_owned());
        let url = ServerUrl::parse(&issuer, purpose)?;
        if issuer.contains(['?', '#']) {
            return Err(MetadataError::IssuerWithQuery);
        }
        if named.is_some() {
            return Ok(Self {
                issuer,
                url,
                document: ServerUrl::parse(text, purpose)?,
                alternatives: Vec::new(),
            });
        }
        let below = |end| ServerUrl::parse(&format!("{}{end}", without_slash(text)), purpose);
        let mut alternatives = vec![url.with_path_after(OAUTH), below(OAUTH)?];
        alternatives.dedup(); // an issuer without a path
        Ok(Self { issuer, url, document: below(OPENID)?, alternatives })
    }
}

/// Returns the issuer of an address of metadata. RFC 8414 puts the path of the issuer after the well-known part.
fn without_well_known(text: &str, end: &str) -> Option<String> {
    let (before, after) = text.split_once(end)?;
    let is_whole = after.is_empty() || after.starts_with('/');
    is_whole.then(|| format!("{before}{}", without_slash(after)))
}

/// Returns a URL without one trailing slash (OpenID Connect Discovery 1.0 section 4.1).
pub(super) fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_all_addresses_of_an_issuer() {
        for (issuer, openid, oauth) in [
            (
                "https://a.test",
                "https://a.test/.well-known/openid-configuration",
                vec!["https://a.test/.well-known/oauth-authorization-server"],
            ),
            (
                " https://a.test/ ",
                "https://a.test/.well-known/openid-configuration",
                vec!["https://a.test/.well-known/oauth-authorization-server"],
            ),
            (
                "https://a.test:8443/b/c/",
                "https://a.test:8443/b/c/.well-known/openid-configuration",
                vec![
                    "https://a.test:8443/.well-known/oauth-authorization-server/b/c",
                    "https://a.test:8443/b/c/.well-known/oauth-authorization-server",
                ],
            ),
            (
                "http://[::1]:9/b",
                "http://[::1]:9/b/.well-known/openid-configuration",
                vec![
                    "http://[::1]:9/.well-known/oauth-authorization-server/b",
                    "http://[::1]:9/b/.well-known/oauth-authorization-server",
                ],
            ),
        ] {
            let location = IssuerLocation::parse(issuer, UrlPurpose::Keys).unwrap();
            let alternatives = location.alternatives.iter().map(ServerUrl::as_str).collect();
            assert_eq!((location.document.as_str(), alternatives), (openid, oauth), "{issuer}");
            assert_eq!(location.issuer, issuer.trim());
        }
    }

    #[test]
    fn appends_nothing_to_the_address_of_metadata() {
        for (text, issuer) in [
            ("https://a.test/b/.well-known/openid-configuration", "https://a.test/b"),
            ("https://a.test/.well-known/oauth-authorization-server/b", "https://a.test/b"),
            ("https://a.test/b/.well-known/oauth-authorization-server", "https://a.test/b"),
            ("https://a.test/.well-known/openid-configuration/", "https://a.test"),
        ] {
            let location = IssuerLocation::parse(text, UrlPurpose::Keys).unwrap();
            assert_eq!((location.issuer.as_str(), location.document.as_str()), (issuer, text));
            assert_eq!(location.alternatives, []);
        }
    }
}
