//! Checks that an answer is a key set, or the discovery document of an issuer. Which keys are in a set is for the
//! parser of key files to say.

use super::error::AnswerError;
use crate::core::json::{self, Value};

/// Checks that an answer is a JWK Set (RFC 7517 section 5), a JWK (section 4), or a map of key IDs to certificates.
pub(super) fn check_key_set(bytes: &[u8]) -> Result<(), AnswerError> {
    let value = object(bytes)?;
    match (value.get("keys"), value.get("kty")) {
        (Some(Value::Array(_)), _) | (None, Some(Value::String(_))) => Ok(()),
        (Some(other), _) => Err(AnswerError::KeysNotAnArray { found: other.type_name() }),
        (None, _) if value.get("jwks_uri").is_some() => Err(AnswerError::DiscoveryDocument),
        // Google and Firebase publish certificates by key ID.
        (None, _) if is_certificate_map(&value) => Ok(()),
        (None, _) => Err(AnswerError::NotAKeySet),
    }
}

/// Reports whether every member is a certificate in PEM, named by its key ID.
fn is_certificate_map(value: &Value<'_>) -> bool {
    let is_certificate = |value: &Value<'_>| {
        value.as_str().is_some_and(|text| text.trim_start().starts_with("-----BEGIN CERTIFICATE-----"))
    };
    !value.members().is_empty() && value.members().iter().all(|member| is_certificate(&member.value))
}

/// The metadata of an issuer, as far as they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerMetadata {
    /// The identifier of the issuer, as its tokens have it.
    pub(super) issuer: String,
    /// The URL of its key set, not yet parsed.
    pub(super) key_set: String,
}

/// Reads the metadata of an issuer. They must name this issuer (OpenID Connect Discovery 1.0 section 4.3), but a trailing
/// slash may differ, since users often drop or add one.
pub(super) fn issuer_metadata(bytes: &[u8], issuer: &str) -> Result<IssuerMetadata, AnswerError> {
    let value = object(bytes)?;
    if let Some(pointer) = value.first_duplicate() {
        return Err(AnswerError::Duplicate { pointer });
    }
    let text = |name| match value.get(name) {
        Some(Value::String(text)) => Ok(text.as_ref().to_owned()),
        Some(other) => Err(AnswerError::NotAString { name, found: other.type_name() }),
        None => Err(AnswerError::MissingMember(name)),
    };
    let found = text("issuer")?;
    if without_slash(&found) != without_slash(issuer) {
        return Err(AnswerError::OtherIssuer { found, expected: issuer.to_owned() });
    }
    Ok(IssuerMetadata { issuer: found, key_set: text("jwks_uri")? })
}

/// Returns a URL without one trailing slash (OpenID Connect Discovery 1.0 section 4.1).
pub(super) fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

fn object(bytes: &[u8]) -> Result<Value<'_>, AnswerError> {
    match json::parse(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(value) => Err(AnswerError::NotAnObject { found: value.type_name() }),
        Err(error) => Err(AnswerError::Json(error)),
    }
}
