//! The metadata of an issuer: OpenID Connect Discovery 1.0 section 3 and RFC 8414 section 2. An issuer has one of the two
//! documents or both. This file requests no endpoint.

use super::error::{AnswerError, FetchError, FetchFailure, MetadataError};
use super::issuer::{IssuerLocation, without_slash};
use super::{DocumentCache, DocumentKind, DocumentRequest};
use crate::core::json::{self, Value};
use crate::host::Host;
use crate::host::server_url::{ServerUrl, UrlPurpose};

/// An endpoint that metadata name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    KeySet,
    Token,
    Revocation,
}

impl Endpoint {
    /// Returns the member of the metadata that names it.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::KeySet => "jwks_uri",
            Self::Token => "token_endpoint",
            Self::Revocation => "revocation_endpoint",
        }
    }
}

/// The metadata of an issuer, as far as they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuerMetadata {
    /// The identifier of the issuer, as its tokens have it. It may be hostile text.
    pub(crate) issuer: String,
    /// The methods of client authentication at the token endpoint. Without this member, RFC 8414 section 2 says
    /// `client_secret_basic`. A member of another type counts as absent.
    pub(crate) token_endpoint_auth_methods: Option<Vec<String>>,
    /// The grant types. Without this member, RFC 8414 section 2 says `authorization_code` and `implicit`. A member of
    /// another type counts as absent.
    pub(crate) grant_types: Option<Vec<String>>,
    /// The URL of the document, for errors.
    document: ServerUrl,
    purpose: UrlPurpose,
    key_set: Result<ServerUrl, AnswerError>,
    token: Result<ServerUrl, AnswerError>,
    revocation: Result<ServerUrl, AnswerError>,
}

impl IssuerMetadata {
    /// Returns the URL of an endpoint, if the metadata name one that may be requested.
    pub(crate) fn endpoint(&self, endpoint: Endpoint) -> Result<&ServerUrl, Box<FetchError>> {
        let found = match endpoint {
            Endpoint::KeySet => &self.key_set,
            Endpoint::Token => &self.token,
            Endpoint::Revocation => &self.revocation,
        };
        found.as_ref().map_err(|error| {
            Box::new(FetchError {
                kind: DocumentKind::Metadata(self.purpose),
                url: self.document.clone(),
                cause: FetchFailure::Content(error.clone()),
                alternatives: Vec::new(),
                has_older_answer: false,
            })
        })
    }
}

/// Returns the metadata of an issuer. The user names the issuer, or the address of its metadata.
pub(crate) fn issuer_metadata(
    issuer: &str,
    purpose: UrlPurpose,
    cache: &DocumentCache,
    host: &mut Host<'_>,
) -> Result<IssuerMetadata, MetadataError> {
    let IssuerLocation { issuer, url, document, alternatives } = IssuerLocation::parse(issuer, purpose)?;
    let read = |document: &ServerUrl, bytes: &[u8]| parse(bytes, &issuer, &url, document, purpose);
    let request = DocumentRequest {
        kind: DocumentKind::Metadata(purpose),
        url: &document,
        alternatives: &alternatives,
        read: &read,
    };
    Ok(request.obtain(cache, host)?.content)
}

/// Reads the metadata of an issuer. They must name this issuer (OpenID Connect Discovery 1.0 section 4.3), but a trailing
/// slash may differ, since users often drop or add one.
fn parse(
    bytes: &[u8],
    issuer: &str,
    base: &ServerUrl,
    document: &ServerUrl,
    purpose: UrlPurpose,
) -> Result<IssuerMetadata, AnswerError> {
    let value = object(bytes)?;
    if let Some(pointer) = value.first_duplicate() {
        return Err(AnswerError::Duplicate { pointer });
    }
    let text = |name| match value.get(name) {
        Some(Value::String(text)) => Ok(text.as_ref().to_owned()),
        Some(other) => Err(AnswerError::NotAString { name, found: other.type_name() }),
        None => Err(AnswerError::MissingMember(name)),
    };
    let list = |name| match value.get(name)? {
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    };
    let found = text("issuer")?;
    if without_slash(&found) != without_slash(issuer) {
        return Err(AnswerError::OtherIssuer { found, expected: issuer.to_owned() });
    }
    let endpoint = |endpoint: Endpoint| {
        let name = endpoint.member();
        base.named(&text(name)?).map_err(|error| AnswerError::EndpointUrl { name, error })
    };
    Ok(IssuerMetadata {
        issuer: found,
        token_endpoint_auth_methods: list("token_endpoint_auth_methods_supported"),
        grant_types: list("grant_types_supported"),
        document: document.clone(),
        purpose,
        key_set: endpoint(Endpoint::KeySet),
        token: endpoint(Endpoint::Token),
        revocation: endpoint(Endpoint::Revocation),
    })
}

/// Reads an answer as a JSON object.
pub(crate) fn object(bytes: &[u8]) -> Result<Value<'_>, AnswerError> {
    match json::parse(bytes) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(value) => Err(AnswerError::NotAnObject { found: value.type_name() }),
        Err(error) => Err(AnswerError::Json(error)),
    }
}
