//! Why a document could not be fetched. The texts are in `error`.

use super::DocumentKind;
use crate::core::json::JsonError;
use crate::host::RequestError;
use crate::host::server_url::{ForbiddenUrl, ServerUrl, UrlError};

/// A document that could not be fetched.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FetchError {
    pub(crate) kind: DocumentKind,
    /// The URL.
    pub(crate) url: ServerUrl,
    pub(crate) cause: FetchFailure,
    /// The other URLs that were tried, and why each failed.
    pub(crate) alternatives: Vec<(ServerUrl, FetchFailure)>,
    /// True if the cache holds an older answer.
    pub(crate) has_older_answer: bool,
}

/// A failed fetch.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FetchFailure {
    /// With `--offline`, only cached documents are used, and there is none.
    NotCached {
        /// True if `--cache` is given.
        has_cache: bool,
    },
    /// A server could not be asked.
    Unreachable { hop: Hop, error: RequestError },
    /// A server answered with an error.
    Status { hop: Hop, status: u16 },
    /// A redirect has no location.
    NoLocation { hop: Hop, status: u16 },
    /// A redirect leads to a URL that must not be requested.
    Redirect { hop: Hop, error: UrlError },
    /// A redirect leads back to a URL that was requested before.
    RedirectLoop { to: ServerUrl },
    /// There are too many redirects.
    TooManyRedirects { maximum: usize, last: ServerUrl },
    /// The answer is not what was asked for.
    Content(AnswerError),
}

impl FetchFailure {
    /// Reports whether the server has no such document: it refuses the request, or serves a page for every address.
    pub(crate) const fn is_absence(&self) -> bool {
        match self {
            Self::NotCached { .. } => true,
            // The server may have the document: it is too busy to say so.
            Self::Status { status: 408 | 425 | 429, .. } => false,
            Self::Status { status: 400..=499, .. } => true,
            Self::Content(error) => matches!(error, AnswerError::Json(_) | AnswerError::NotAnObject { .. }),
            _ => false,
        }
    }
}

/// A reason why the metadata of an issuer are not available.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum MetadataError {
    /// A URL must not be requested.
    Url(ForbiddenUrl),
    /// The URL of the issuer has a query or a fragment.
    IssuerWithQuery,
    /// The document could not be fetched.
    Fetch(Box<FetchError>),
}

impl From<ForbiddenUrl> for MetadataError {
    fn from(error: ForbiddenUrl) -> Self {
        Self::Url(error)
    }
}

impl From<Box<FetchError>> for MetadataError {
    fn from(error: Box<FetchError>) -> Self {
        Self::Fetch(error)
    }
}

/// The URL that a redirect led to, if one did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hop(pub(crate) Option<ServerUrl>);

/// An answer that is not a key set, or not a discovery document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AnswerError {
    /// It is not JSON.
    Json(JsonError),
    /// It is JSON, but not an object.
    NotAnObject {
        /// The type of the JSON value, with its article.
        found: &'static str,
    },
    /// Its member `keys` is not an array (RFC 7517 section 5).
    KeysNotAnArray {
        /// The type of the member, with its article.
        found: &'static str,
    },
    /// It is a discovery document, not a key set.
    DiscoveryDocument,
    /// It is neither a JWK Set nor a JWK.
    NotAKeySet,
    /// The discovery document has a member twice.
    Duplicate {
        /// Its JSON Pointer.
        pointer: String,
    },
    /// The discovery document lacks a member.
    MissingMember(&'static str),
    /// A member of the discovery document is not a string.
    NotAString {
        name: &'static str,
        /// The type of the member, with its article.
        found: &'static str,
    },
    /// The discovery document is that of another issuer.
    OtherIssuer { found: String, expected: String },
    /// The discovery document names a URL that must not be requested.
    EndpointUrl {
        /// The member with the URL.
        name: &'static str,
        error: UrlError,
    },
}
