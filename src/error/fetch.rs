//! Text and hints of the errors of fetching keys.

use super::network::{status_text, step_hint, step_name};
use super::url::url_hint;
use super::{CommandError, ErrorKind};
use crate::core::text::escape::excerpt;
use crate::host::server_url::UrlPurpose;
use crate::keys::remote::error::{AnswerError, FetchError, FetchFailure, Hop};
use std::fmt;

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot get the keys from {}: {}", self.url, self.cause)
    }
}

impl std::error::Error for FetchError {}

impl From<FetchError> for CommandError {
    fn from(error: FetchError) -> Self {
        let hint = if error.has_older_answer {
            Some("use the cached keys with --offline")
        } else {
            error.cause.hint()
        };
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

impl FetchFailure {
    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotCached { has_cache: true } => {
                Some("run the command once without --offline, with the same --cache")
            }
            Self::NotCached { has_cache: false } => Some("name the folder of fetched keys with --cache"),
            Self::Unreachable { error, .. } => step_hint(error.step),
            Self::Status { status: 401 | 403, .. } => {
                Some("fob sends no credentials to get keys: download the set, and give its path to --key")
            }
            Self::Status { status: 404 | 410, .. } => {
                Some("use --issuer-keys with the URL of the issuer, which names its key set")
            }
            Self::Redirect { error, .. } => url_hint(error, UrlPurpose::Keys),
            Self::Content(error) => error.hint(),
            Self::Status { .. }
            | Self::NoLocation { .. }
            | Self::RedirectLoop { .. }
            | Self::TooManyRedirects { .. } => None,
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
            Self::RedirectLoop { to } => write!(f, "redirect: loop, back to {}", excerpt(to.as_str())),
            Self::TooManyRedirects { maximum, last } => {
                write!(f, "redirect: more than {maximum} redirects, the last to {}", excerpt(last.as_str()))
            }
            Self::Content(error) => write!(f, "{}: {error}", error.step()),
        }
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(url) => write!(f, "after a redirect to {}: ", excerpt(url.as_str())),
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
            | Self::KeySetUrl(_) => "discovery",
        }
    }

    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Json(_) => Some("use the URL of the key set itself, not of a page about it"),
            Self::DiscoveryDocument => Some("use --issuer-keys with the URL of the issuer"),
            Self::OtherIssuer { .. } => Some("give --issuer-keys the `iss` of the tokens, unchanged"),
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
            Self::KeySetUrl(error) => write!(f, "jwks_uri: {error}"),
        }
    }
}
