//! Documents at URLs that the user named, or that such a document names: fetched, or taken from the cache. URLs in tokens are
//! never requested. What a key set contains is for `keys` to say.

mod cache;
pub(crate) mod error;
mod fetch;
mod issuer;
pub(crate) mod metadata;
#[cfg(test)]
pub(crate) mod tests;

use self::error::{AnswerError, FetchError, FetchFailure};
use self::fetch::fetch;
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level};
use std::path::PathBuf;

/// Where fetched documents are cached.
#[derive(Clone, Debug, Default)]
pub(crate) struct DocumentCache {
    /// The folder. Without one, fetched documents are not cached.
    pub(crate) folder: Option<PathBuf>,
    /// True if only cached documents are used.
    pub(crate) offline: bool,
}

/// The kind of a document, for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    /// A JWK Set or a JWK.
    KeySet,
    /// The metadata of an issuer, to get its keys or its endpoints.
    Metadata(UrlPurpose),
}

/// A document, as its check read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document<T> {
    pub(crate) content: T,
    /// The URL, for messages. It may repeat hostile text, but contains no credentials.
    pub(crate) source: String,
}

/// Reads an answer. Answers that it refuses are not cached.
pub(crate) type Reader<'r, T> = dyn Fn(&ServerUrl, &[u8]) -> Result<T, AnswerError> + 'r;

/// A document that is wanted.
pub(crate) struct DocumentRequest<'r, T> {
    pub(crate) kind: DocumentKind,
    pub(crate) url: &'r ServerUrl,
    /// A URL that has the document if the first one has none.
    pub(crate) alternative: Option<&'r ServerUrl>,
    pub(crate) read: &'r Reader<'r, T>,
}

impl<T> DocumentRequest<'_, T> {
    /// Returns the document: from the cache while it is fresh, else from the network.
    pub(crate) fn obtain(
        &self,
        cache: &DocumentCache,
        host: &mut Host<'_>,
    ) -> Result<Document<T>, Box<FetchError>> {
        let mut has_older_answer = false;
        for url in std::iter::once(self.url).chain(self.alternative) {
            match self.cached(url, cache, host) {
                Cached::Usable(document) => return Ok(document),
                Cached::Expired => has_older_answer = true,
                Cached::Absent => {}
            }
        }
        let failed = |url: &ServerUrl, cause, alternative| {
            let (kind, url) = (self.kind, url.clone());
            Box::new(FetchError { kind, url, cause, alternative, has_older_answer })
        };
        let first = match self.fetched(self.url, cache, host) {
            Ok(document) => return Ok(document),
            Err(cause) => cause,
        };
        match self.alternative {
            Some(alternative) if first.is_absence() => self
                .fetched(alternative, cache, host)
                .map_err(|cause| failed(self.url, first, Some((alternative.clone(), cause)))),
            _ => Err(failed(self.url, first, None)),
        }
    }

    /// Looks for a URL in the cache.
    fn cached(&self, url: &ServerUrl, cache: &DocumentCache, host: &mut Host<'_>) -> Cached<T> {
        let Some(folder) = &cache.folder else { return Cached::Absent };
        let Some(entry) = cache::read(folder, url, host) else { return Cached::Absent };
        let is_fresh = entry.is_fresh(cache::now(host));
        match (self.read)(url, &entry.body) {
            Err(error) => {
                cache::warn_ignored(&cache::path(folder, url), &error.to_string(), host);
                Cached::Absent
            }
            Ok(content) if is_fresh || cache.offline => {
                if !is_fresh {
                    let what = format!("the cached answer of {url} has expired and may lack new keys");
                    host.message(Level::Warning, &what);
                }
                Cached::Usable(Document { content, source: format!("{url}, cached") })
            }
            Ok(_) => Cached::Expired,
        }
    }

    /// Fetches and caches what a URL serves.
    fn fetched(
        &self,
        url: &ServerUrl,
        cache: &DocumentCache,
        host: &mut Host<'_>,
    ) -> Result<Document<T>, FetchFailure> {
        if cache.offline {
            return Err(FetchFailure::NotCached { has_cache: cache.folder.is_some() });
        }
        let answer = fetch(url, host)?;
        let content = (self.read)(url, &answer.body).map_err(FetchFailure::Content)?;
        if let Some(folder) = &cache.folder {
            cache::store(folder, url, &answer.body, answer.cache_control.as_deref(), host);
        }
        Ok(Document { content, source: url.to_string() })
    }
}

/// A look into the cache.
enum Cached<T> {
    Usable(Document<T>),
    Expired,
    Absent,
}
