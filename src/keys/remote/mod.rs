//! Keys from a URL that the user named: fetched, or taken from the cache. URLs in tokens are never requested.

mod cache;
mod content;
pub(crate) mod error;
mod fetch;
mod issuer;
#[cfg(test)]
mod tests;

use self::content::{check_key_set, issuer_metadata};
use self::error::{AnswerError, FetchError, FetchFailure};
use self::fetch::fetch;
use self::issuer::IssuerLocation;
use super::error::KeyLoadError;
use super::settings::KeyCache;
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level};

/// A JWK Set or a JWK, as served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FetchedKeys {
    pub(super) bytes: Vec<u8>,
    /// The URL, for messages. It may repeat hostile text, but contains no credentials.
    pub(super) source: String,
}

/// Returns the key set at a URL.
pub(super) fn key_set(url: &str, cache: &KeyCache, host: &mut Host<'_>) -> Result<FetchedKeys, KeyLoadError> {
    let url = ServerUrl::parse(url, UrlPurpose::Keys)?;
    Ok(obtain(&url, &check_key_set, cache, host)?)
}

/// The key set of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssuerKeys {
    pub(super) keys: FetchedKeys,
    /// The identifier of the issuer, as its metadata give it. It may be hostile text.
    pub(super) issuer: String,
}

/// Returns the key set of an issuer (OpenID Connect Discovery 1.0 section 4, RFC 8414 section 3).
pub(super) fn issuer_key_set(
    issuer: &str,
    cache: &KeyCache,
    host: &mut Host<'_>,
) -> Result<IssuerKeys, KeyLoadError> {
    let IssuerLocation { issuer, document } = IssuerLocation::new(issuer);
    let base = ServerUrl::parse(&issuer, UrlPurpose::Keys)?;
    if issuer.contains(['?', '#']) {
        return Err(KeyLoadError::IssuerWithQuery);
    }
    let document_url = ServerUrl::parse(&document, UrlPurpose::Keys)?;
    let document = obtain(&document_url, &|bytes| issuer_metadata(bytes, &issuer).map(|_| ()), cache, host)?;
    let (issuer, set_url) = issuer_metadata(&document.bytes, &issuer)
        .and_then(|found| {
            let url = base.named(&found.key_set).map_err(AnswerError::KeySetUrl)?;
            Ok((found.issuer, url))
        })
        .map_err(|error| {
            let cause = FetchFailure::Content(error);
            Box::new(FetchError { url: document_url, cause, has_older_answer: false })
        })?;
    Ok(IssuerKeys { keys: obtain(&set_url, &check_key_set, cache, host)?, issuer })
}

type AnswerCheck<'c> = dyn Fn(&[u8]) -> Result<(), AnswerError> + 'c;

/// Returns what a URL serves, if it passes the check: from the cache while it is fresh, else from the network. Answers
/// that fail the check are not cached.
fn obtain(
    url: &ServerUrl,
    check: &AnswerCheck<'_>,
    cache: &KeyCache,
    host: &mut Host<'_>,
) -> Result<FetchedKeys, Box<FetchError>> {
    let mut has_older_answer = false;
    if let Some(folder) = &cache.folder
        && let Some(entry) = cache::read(folder, url, host)
    {
        let is_fresh = entry.is_fresh(cache::now(host));
        match check(&entry.body) {
            Err(error) => cache::warn_ignored(&cache::path(folder, url), &error.to_string(), host),
            Ok(()) if is_fresh || cache.offline => {
                if !is_fresh {
                    let what = format!("the cached answer of {url} has expired and may lack new keys");
                    host.message(Level::Warning, &what);
                }
                return Ok(FetchedKeys { bytes: entry.body, source: format!("{url}, cached") });
            }
            Ok(()) => has_older_answer = true,
        }
    }
    let failed = |cause| Box::new(FetchError { url: url.clone(), cause, has_older_answer });
    if cache.offline {
        return Err(failed(FetchFailure::NotCached { has_cache: cache.folder.is_some() }));
    }
    let fetched = fetch(url, host).map_err(failed)?;
    check(&fetched.body).map_err(|error| failed(FetchFailure::Content(error)))?;
    if let Some(folder) = &cache.folder {
        cache::store(folder, url, &fetched.body, fetched.cache_control.as_deref(), host);
    }
    Ok(FetchedKeys { bytes: fetched.body, source: url.to_string() })
}
