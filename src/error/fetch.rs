//! Text and hints of the errors of fetching documents: key sets, and metadata of issuers.

use super::network::{status_text, step_hint, step_name};
use super::url::url_hint;
use super::{CommandError, ErrorKind};
use crate::core::text::escape::excerpt;
use crate::host::server_url::UrlPurpose;
use crate::remote::DocumentKind;
use crate::remote::error::{AnswerError, FetchError, FetchFailure, Hop, MetadataError};
use std::fmt;

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind.purpose() {
            UrlPurpose::Keys => "keys",
            UrlPurpose::Tokens => "endpoints of the issuer",
        };
        write!(f, "cannot get the {what} from {}: {}", self.url, self.cause)?;
        self.alternatives.iter().try_for_each(|(url, cause)| write!(f, "; nor from {url}: {cause}"))
    }
}

impl std::error::Error for FetchError {}

impl From<FetchError> for CommandError {
    fn from(error: FetchError) -> Self {
        let hint = error.hint();
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

impl DocumentKind {
    const fn purpose(self) -> UrlPurpose {
        match self {
            Self::KeySet | Self::IssuerKeySet => UrlPurpose::Keys,
            Self::Metadata(purpose) => purpose,
        }
    }
}

impl FetchError {
    fn hint(&self) -> Option<&'static str> {
        if self.has_older_answer {
            return Some("use the cached keys with --offline");
        }
        // A server that has another document says more about it than about the first.
        let present = self.alternatives.iter().map(|(_, cause)| cause).find(|cause| !cause.is_absence());
        present.unwrap_or(&self.cause).hint(self.kind)
    }
}

impl FetchFailure {
    const fn hint(&self, kind: DocumentKind) -> Option<&'static str> {
        match self {
            Self::NotCached { has_cache: true } => {
                Some("run the command once without --offline, with the same --cache")
            }
            Self::NotCached { has_cache: false } => Some("name the folder of fetched keys with --cache"),
            Self::Unreachable { error, .. } => step_hint(error.step),
            Self::Redirect { error, .. } => url_hint(error, kind.purpose()),
            Self::Content(AnswerError::Json(_)) | Self::Status { status: 401 | 403 | 404 | 410, .. } => {
                Some(self.absence_hint(kind))
            }
            Self::Content(error) => error.hint(kind.purpose()),
            Self::Status { .. }
            | Self::NoLocation { .. }
            | Self::RedirectLoop { .. }
            | Self::TooManyRedirects { .. } => None,
        }
    }

    /// Returns what to do if the server does not serve the document.
    const fn absence_hint(&self, kind: DocumentKind) -> &'static str {
        match (kind, self) {
            (DocumentKind::Metadata(UrlPurpose::Keys), _) => {
                "give --issuer-keys the `iss` of the tokens, unchanged, or --key the URL of the key set"
            }
            (DocumentKind::Metadata(UrlPurpose::Tokens), _) => {
                "give --issuer the `iss` of its tokens, unchanged, or --from the URL of the token endpoint"
            }
            (DocumentKind::KeySet | DocumentKind::IssuerKeySet, Self::Status { status: 401 | 403, .. }) => {
                "fob sends no credentials to get keys: download the set, and give its path to --key"
            }
            (DocumentKind::KeySet, Self::Status { .. }) => {
                "use --issuer-keys with the URL of the issuer, which names its key set"
            }
            (DocumentKind::KeySet, _) => {
                "use the URL of a JWK Set, not of a page about it; download a key in PEM, and give its path to --key"
            }
            (DocumentKind::IssuerKeySet, _) => {
                "the metadata of the issuer names this URL: give --key the URL or the path of the right key set"
            }
        }
    }
}

impl fmt::Display for FetchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCached { .. } => {
                f.write_str("they are not in the cache, and --offline forbids fetching")
            }
            Self::Unreachable { hop, error } => write!(f, "{}: {hop}{}", step_name(error.step), error.detail),
            Self::Status { hop, status } => write!(f, "status: {hop}{}", status_text(*status)),
            Self::NoLocation { hop, status } => {
                write!(f, "redirect: {hop}the response has status {status} but no Location")
            }
            Self::Redirect { hop, error } => write!(f, "redirect: {hop}{error}"),
            Self::RedirectLoop { to } => write!(f, "redirect: loop, back to {}", excerpt(&to.to_string())),
            Self::TooManyRedirects { maximum, last } => {
                write!(
                    f,
                    "redirect: more than {maximum} redirects, the last to {}",
                    excerpt(&last.to_string())
                )
            }
            Self::Content(error) => write!(f, "{}: {error}", error.step()),
        }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(url) => write!(f, "after a redirect to {}: ", excerpt(&url.to_string())),
            None => Ok(()),
        }
    }
}

impl AnswerError {
    const fn step(&self) -> &'static str {
        match self {
            Self::Json(_) | Self::NotAnObject { .. } => "JSON",
            Self::KeysNotAnArray { .. } | Self::DiscoveryDocument | Self::NotAKeySet => "no key",
            Self::Duplicate { .. }
            | Self::MissingMember(_)
            | Self::NotAString { .. }
            | Self::OtherIssuer { .. }
            | Self::EndpointUrl { .. } => "discovery",
        }
    }

    const fn hint(&self, purpose: UrlPurpose) -> Option<&'static str> {
        match (self, purpose) {
            (Self::DiscoveryDocument, _) => Some("use --issuer-keys with the URL of the issuer"),
            (Self::OtherIssuer { .. }, UrlPurpose::Keys) => {
                Some("give --issuer-keys the `iss` of the tokens, unchanged")
            }
            (Self::OtherIssuer { .. }, UrlPurpose::Tokens) => {
                Some("give --issuer the `iss` of its tokens, unchanged")
            }
            (Self::MissingMember(_), UrlPurpose::Tokens) => Some("give the URL of the endpoint with --from"),
            _ => None,
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "the answer is {error}"),
            Self::NotAnObject { found } => write!(f, "the answer is {found}, not an object"),
            Self::KeysNotAnArray { found } => write!(f, "keys is {found}, not an array (RFC 7517 section 5)"),
            Self::DiscoveryDocument => {
                f.write_str("the answer is the discovery document of an issuer, not a key set")
            }
            Self::NotAKeySet => f.write_str("the answer is neither a JWK Set nor a JWK (RFC 7517)"),
            Self::Duplicate { pointer } => {
                write!(f, "the discovery document has {} more than once", excerpt(pointer))
            }
            Self::MissingMember(name) => write!(f, "the discovery document has no {name}"),
            Self::NotAString { name, found } => write!(f, "{name} is {found}, not a string"),
            Self::OtherIssuer { found, expected } => {
                write!(f, "the discovery document is of issuer {}, expected {expected}", excerpt(found))
            }
            Self::EndpointUrl { name, error } => write!(f, "{name}: {error}"),
        }
    }
}

/// The text of an issuer with a query or a fragment.
pub(super) const ISSUER_WITH_QUERY: &str =
    "the URL of an issuer has neither a query nor a fragment (OpenID Connect Discovery 1.0 section 2)";

impl From<MetadataError> for CommandError {
    fn from(error: MetadataError) -> Self {
        match error {
            MetadataError::Url(error) => error.into(),
            MetadataError::Fetch(error) => (*error).into(),
            error @ MetadataError::IssuerWithQuery => Self::new(ErrorKind::Unjudged, error)
                .with_hint("use --from with the URL of the token endpoint"),
        }
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(error) => error.fmt(f),
            Self::IssuerWithQuery => f.write_str(ISSUER_WITH_QUERY),
            Self::Fetch(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MetadataError {}
