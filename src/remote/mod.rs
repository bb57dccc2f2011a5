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
use std::path::{Path, PathBuf};

/// The cache of fetched documents.
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
    /// The JWK Set that the metadata of an issuer names.
    IssuerKeySet,
    /// The metadata of an issuer, to get its keys or its endpoints.
    Metadata(UrlPurpose),
}

/// A document, as its check read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document<T> {
    pub(crate) content: T,
    /// The URL, for messages. It may repeat hostile text, but contains no credentials.
    pub(crate) source: String,
    /// When it was fetched.
    pub(crate) age: DocumentAge,
}

/// The times at which this process or another fetched a document and last asked for a newer one, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentAge {
    pub(crate) fetched: i64,
    /// When the server was last asked for a newer one. A document that this process fetched itself was asked for then.
    pub(crate) asked: Option<i64>,
}

impl DocumentAge {
    /// Returns the age of a document that this process fetches.
    pub(crate) const fn new(now: i64) -> Self {
        Self { fetched: now, asked: Some(now) }
    }

    /// Reports whether an entry of the cache is newer. Both can be of one second: then the attempt of another process, which
    /// the caller does not know of, tells them apart.
    fn is_before(self, entry: &cache::CacheEntry) -> bool {
        let is_same_second = self.fetched == entry.fetched && entry.tried == Some(entry.fetched);
        self.fetched < entry.fetched || (is_same_second && self.asked < entry.tried)
    }

    /// Reports whether the server may be asked for a newer document.
    pub(crate) const fn may_renew(self, now: i64) -> bool {
        match self.asked {
            None => true,
            Some(asked) => is_over(asked, now),
        }
    }
}

/// The seconds for which a document is not fetched again on request.
const HOLD: i64 = 30;

/// Reports whether the hold of a document has ended. A time in the future holds nothing: a clock was wrong.
const fn is_over(asked: i64, now: i64) -> bool {
    now < asked || asked.saturating_add(HOLD) <= now
}

/// A function that reads an answer. Answers that it refuses are not cached.
pub(crate) type Reader<'r, T> = dyn Fn(&ServerUrl, &[u8]) -> Result<T, AnswerError> + 'r;

/// A document that is wanted.
pub(crate) struct DocumentRequest<'r, T> {
    pub(crate) kind: DocumentKind,
    pub(crate) url: &'r ServerUrl,
    /// URLs that may have the document if the first one has none.
    pub(crate) alternatives: &'r [ServerUrl],
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
        for url in std::iter::once(self.url).chain(self.alternatives) {
            match self.cached(url, cache, host) {
                Cached::Usable(document) => return Ok(document),
                Cached::Expired => has_older_answer = true,
                Cached::Absent => {}
            }
        }
        let cause = match self.fetched(self.url, cache, host) {
            Ok(document) => return Ok(document),
            Err(cause) => cause,
        };
        let mut has_none = cause.is_absence();
        let mut alternatives = Vec::new();
        for url in self.alternatives {
            if !has_none {
                break;
            }
            match self.fetched(url, cache, host) {
                Ok(document) => return Ok(document),
                Err(cause) => {
                    has_none = cause.is_absence();
                    alternatives.push((url.clone(), cause));
                }
            }
        }
        let (kind, url) = (self.kind, self.url.clone());
        Err(Box::new(FetchError { kind, url, cause, alternatives, has_older_answer }))
    }

    /// Fetches the document again, although the cached one is fresh: the caller needs a newer one. Of all processes with this
    /// cache, one does so in 30 seconds; the others take what it has cached. Returns `None` if there is none newer than
    /// that of the caller.
    ///
    /// # Errors
    /// [`FetchError`], also for the next 30 seconds.
    pub(crate) fn renewed(
        &self,
        held: DocumentAge,
        cache: &DocumentCache,
        host: &mut Host<'_>,
    ) -> Result<Option<Document<T>>, Box<FetchError>> {
        let Some(folder) = cache.folder.as_ref().filter(|_| !cache.offline) else { return Ok(None) };
        if let Renewed::Known(document) = self.known(held, folder, host) {
            return Ok(document.map(|document| *document));
        }
        let lock = cache::lock(folder, self.url, host);
        // Another process can have fetched it while this one waited.
        let renewed = match self.known(held, folder, host) {
            Renewed::Known(document) => Ok(document.map(|document| *document)),
            Renewed::Due => self.renewed_now(folder, cache, host),
        };
        if let Some(lock) = lock {
            lock.end(host);
        }
        renewed
    }

    /// Returns what the cache says about a newer document.
    fn known(&self, held: DocumentAge, folder: &Path, host: &mut Host<'_>) -> Renewed<T> {
        let now = cache::now(host);
        let entry = cache::read(folder, self.url, host);
        if let Some(entry) = &entry
            && held.is_before(entry)
            && entry.is_fresh(now)
            && let Ok(content) = (self.read)(self.url, &entry.body)
        {
            let source = format!("{}, cached", self.url);
            let age = DocumentAge { fetched: entry.fetched, asked: entry.tried };
            return Renewed::Known(Some(Box::new(Document { content, source, age })));
        }
        let asked = entry.and_then(|entry| entry.tried).max(held.asked);
        if (DocumentAge { asked, ..held }).may_renew(now) { Renewed::Due } else { Renewed::Known(None) }
    }

    /// Fetches the document again. The attempt is recorded, so that other processes do not repeat it.
    fn renewed_now(
        &self,
        folder: &Path,
        cache: &DocumentCache,
        host: &mut Host<'_>,
    ) -> Result<Option<Document<T>>, Box<FetchError>> {
        let now = cache::now(host);
        let found = self.fetched(self.url, cache, host);
        if let Some(entry) = cache::read(folder, self.url, host) {
            cache::write(folder, self.url, &entry.tried_at(now), host);
        }
        found.map(Some).map_err(|cause| {
            let (kind, url) = (self.kind, self.url.clone());
            Box::new(FetchError { kind, url, cause, alternatives: Vec::new(), has_older_answer: false })
        })
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
                let age = DocumentAge { fetched: entry.fetched, asked: entry.tried };
                Cached::Usable(Document { content, source: format!("{url}, cached"), age })
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
        Ok(Document { content, source: url.to_string(), age: DocumentAge::new(cache::now(host)) })
    }
}

/// An answer of the cache to the wish for a newer document.
enum Renewed<T> {
    /// It has one, or the server was asked just now and had none.
    Known(Option<Box<Document<T>>>),
    /// The server may be asked.
    Due,
}

/// A look into the cache.
enum Cached<T> {
    Usable(Document<T>),
    Expired,
    Absent,
}
