//! Key sets from URLs and issuers. This file checks that an answer is a key set. Which keys are in it is for the parser of key
//! files to say.

use super::error::KeyLoadError;
use crate::core::json::Value;
use crate::host::Host;
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::remote::error::{AnswerError, FetchError};
use crate::remote::metadata::{Endpoint, issuer_metadata, object};
use crate::remote::{Document, DocumentAge, DocumentCache, DocumentKind, DocumentRequest};

/// The bytes of a JWK Set or a JWK, as served, and its URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FetchedKeys {
    pub(super) document: Document<Vec<u8>>,
    pub(super) url: ServerUrl,
}

/// Returns the key set at a URL.
pub(super) fn key_set(
    url: &str,
    cache: &DocumentCache,
    host: &mut Host<'_>,
) -> Result<FetchedKeys, KeyLoadError> {
    let url = ServerUrl::parse(url, UrlPurpose::Keys)?;
    Ok(obtain(url, cache, host)?)
}

/// The key set of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerKeys {
    pub(super) keys: FetchedKeys,
    /// The identifier of the issuer, as its metadata give it. It may be hostile text.
    pub(super) issuer: String,
}

/// Returns the key set that the metadata of an issuer name.
pub(super) fn issuer_key_set(
    issuer: &str,
    cache: &DocumentCache,
    host: &mut Host<'_>,
) -> Result<IssuerKeys, KeyLoadError> {
    let metadata = issuer_metadata(issuer, UrlPurpose::Keys, cache, host)?;
    let keys = obtain(metadata.endpoint(Endpoint::KeySet)?.clone(), cache, host)
        .map_err(|error| Box::new(FetchError { kind: DocumentKind::IssuerKeySet, ..*error }))?;
    Ok(IssuerKeys { keys, issuer: metadata.issuer })
}

fn obtain(
    url: ServerUrl,
    cache: &DocumentCache,
    host: &mut Host<'_>,
) -> Result<FetchedKeys, Box<FetchError>> {
    let document = request(&url).obtain(cache, host)?;
    Ok(FetchedKeys { document, url })
}

/// Returns the key set at a URL if it has a newer one than that of the caller. See
/// [`DocumentRequest::renewed`].
pub(super) fn renewed(
    url: &ServerUrl,
    held: DocumentAge,
    cache: &DocumentCache,
    host: &mut Host<'_>,
) -> Result<Option<FetchedKeys>, KeyLoadError> {
    let document = request(url).renewed(held, cache, host)?;
    Ok(document.map(|document| FetchedKeys { document, url: url.clone() }))
}

const fn request(url: &ServerUrl) -> DocumentRequest<'_, Vec<u8>> {
    DocumentRequest { kind: DocumentKind::KeySet, url, alternatives: &[], read: &read }
}

fn read(_: &ServerUrl, bytes: &[u8]) -> Result<Vec<u8>, AnswerError> {
    check_key_set(bytes).map(|()| bytes.to_vec())
}

/// Checks that an answer is a JWK Set (RFC 7517 section 5), a JWK (section 4), or a map of key IDs to certificates.
fn check_key_set(bytes: &[u8]) -> Result<(), AnswerError> {
    let value = object(bytes)?;
    match (value.get("keys"), value.get("kty")) {
        (Some(Value::Array(_)), _) | (None, Some(Value::String(_))) => Ok(()),
        (Some(other), _) => Err(AnswerError::KeysNotAnArray { found: other.type_name() }),
        (None, _) if value.get(Endpoint::KeySet.member()).is_some() => Err(AnswerError::DiscoveryDocument),
        // Google and Firebase publish certificates by key ID.
        (None, _) if is_certificate_map(&value) => Ok(()),
        (None, _) => Err(AnswerError::NotAKeySet),
    }
}

/// Reports whether a document has a JWK of type `oct`, even if it cannot be read here: other programs may read it.
pub(super) fn has_secret(bytes: &[u8]) -> bool {
    let Ok(value) = object(bytes) else { return false };
    let is_secret = |value: &Value<'_>| {
        value.members().iter().any(|member| {
            member.name == "kty" && member.value.as_str().is_some_and(|kty| kty.eq_ignore_ascii_case("oct"))
        })
    };
    let keys = value.members().iter().filter(|member| member.name == "keys");
    let sets = keys.filter_map(|member| match &member.value {
        Value::Array(items) => Some(items),
        _ => None,
    });
    is_secret(&value) || sets.flatten().any(is_secret)
}

/// Reports whether every member is a certificate in PEM, named by its key ID.
fn is_certificate_map(value: &Value<'_>) -> bool {
    let is_certificate = |value: &Value<'_>| {
        value.as_str().is_some_and(|text| text.trim_start().starts_with("-----BEGIN CERTIFICATE-----"))
    };
    !value.members().is_empty() && value.members().iter().all(|member| is_certificate(&member.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::tests::{SET, World, said};

    const URL: &str = "https://a.example/jwks";
    const ISSUER: &str = "https://i.example/tenant";
    const DOCUMENT: &str = "https://i.example/tenant/.well-known/openid-configuration";

    fn get(bytes: &str) -> Result<FetchedKeys, KeyLoadError> {
        let world = World::default().serve(URL, bytes);
        world.run(|host| key_set(URL, &DocumentCache::default(), host)).0
    }

    #[test]
    fn rejects_answers_that_are_not_key_sets() {
        let begin = format!("cannot get the keys from {URL}: ");
        for (body, expected) in [
            ("<html>", "JSON: the answer is not JSON at offset 0: expected a value"),
            ("", "JSON: the answer is not JSON at offset 0: expected a value"),
            ("[]", "JSON: the answer is an array, not an object"),
            ("{}", "no key: the answer is neither a JWK Set nor a JWK (RFC 7517)"),
            (r#"{"kty":7}"#, "no key: the answer is neither a JWK Set nor a JWK (RFC 7517)"),
            (r#"{"keys":{}}"#, "no key: keys is an object, not an array (RFC 7517 section 5)"),
            (
                r#"{"issuer":"x","jwks_uri":"y"}"#,
                "no key: the answer is the discovery document of an issuer, not a key set",
            ),
        ] {
            assert_eq!(said(get(body)), format!("{begin}{expected}"));
        }
    }

    #[test]
    fn finds_secrets_that_cannot_be_read() {
        for secret in [
            r#"{"kty":"oct"}"#,
            r#"{"keys":[{"kty":"RSA"},{"kty":"oct","k":"a+b="}]}"#,
            r#"{"keys":[{"kty":"OCT","k":""}]}"#,
            r#"{"keys":[{"kty":"oct","kty":"EC"}]}"#,
            r#"{"kty":"EC","keys":[],"keys":[{"kty":"oct"}]}"#,
        ] {
            assert!(has_secret(secret.as_bytes()), "{secret}");
        }
        for public in ["{}", r#"{"keys":[{"kty":"OKP"},7,[]]}"#, r#"{"oct":"kty"}"#, r#"[{"kty":"oct"}]"#] {
            assert!(!has_secret(public.as_bytes()), "{public}");
        }
    }

    #[test]
    fn accepts_a_single_key() {
        assert!(get(r#"{"kty":"oct","k":"AA"}"#).is_ok());
    }

    #[test]
    fn accepts_a_map_of_key_ids_to_certificates() {
        let certificate = "-----BEGIN CERTIFICATE-----\\nAA\\n-----END CERTIFICATE-----\\n";
        let map = format!(r#"{{"a1":"{certificate}","b2":"{certificate}"}}"#);
        assert!(get(&map).is_ok());
        let mixed = format!(r#"{{"a1":"{certificate}","error":"none"}}"#);
        assert!(said(get(&mixed)).contains("neither a JWK Set nor a JWK"));
    }
    #[test]
    fn an_issuer_works_offline_once_both_answers_are_cached() {
        let document = format!(r#"{{"issuer":"{ISSUER}","jwks_uri":"{URL}"}}"#);
        let world = World::default().serve(DOCUMENT, &document).serve(URL, SET);
        let get = |offline| {
            let cache = DocumentCache { folder: Some("kept".into()), offline };
            world.run(|host| issuer_key_set(ISSUER, &cache, host)).0
        };
        assert!(get(true).is_err());
        let found = get(false).unwrap();
        assert_eq!((found.keys.document.source.as_str(), found.issuer.as_str()), (URL, ISSUER));
        assert_eq!(world.asked().len(), 2);
        assert_eq!(get(true).unwrap().keys.document.source, format!("{URL}, cached"));
        assert_eq!(world.asked().len(), 0);
    }
}
