//! Answers that were fetched before, in a folder of the user's choice, one file for each URL. This file checks their age
//! and form, not their keys. Errors are warnings: without the cache, answers are fetched again.

use crate::core::json::{self, Member, Value};
use crate::core::key::digest::sha256;
use crate::core::text::escape::Escapes;
use crate::host::server_url::ServerUrl;
use crate::host::{FileLock, Host, IfExists, Level};
use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The lifetime in seconds of an answer without `max-age`.
const DEFAULT_LIFETIME: i64 = 5 * 60;
/// The size limit of an entry: more than a body of 1 MiB with every byte written as `\u00XX`, and a URL.
const MAXIMUM_ENTRY: u64 = 8 << 20;

/// A cached answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CacheEntry {
    pub(super) fetched: i64,
    expires: i64,
    /// When a process last tried to fetch it again before it expired, if one did.
    pub(super) tried: Option<i64>,
    pub(super) body: Vec<u8>,
}

impl CacheEntry {
    /// Returns the entry after an attempt to fetch it again.
    pub(super) fn tried_at(self, tried: i64) -> Self {
        Self { tried: Some(tried), ..self }
    }

    /// Returns whether it can replace a request. An entry from the future is not fresh: a clock was wrong.
    pub(super) const fn is_fresh(&self, now: i64) -> bool {
        self.fetched <= now && now < self.expires
    }
}

/// Returns the entry of a URL, if there is a readable one.
pub(super) fn read(folder: &Path, url: &ServerUrl, host: &mut Host<'_>) -> Option<CacheEntry> {
    let path = path(folder, url);
    let why = match load(&path, host).map(|bytes| parse(&bytes, url)) {
        Ok(Some(entry)) => return Some(entry),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Ok(None) => "it is not the cache entry of this URL".to_owned(),
        Err(error) => error.to_string(),
    };
    warn_ignored(&path, &why, host);
    None
}

/// Warns the user that an entry is not used.
pub(super) fn warn_ignored(path: &Path, why: &str, host: &mut Host<'_>) {
    host.message(Level::Warning, &format!("ignoring {} in the cache: {why}", path.display()));
}

/// Caches an answer for as long as its `Cache-Control` allows.
pub(super) fn store(
    folder: &Path,
    url: &ServerUrl,
    body: &[u8],
    cache_control: Option<&str>,
    host: &mut Host<'_>,
) {
    let (Some(lifetime), Ok(body)) = (lifetime(cache_control), std::str::from_utf8(body)) else { return };
    let now = now(host);
    let expires = now.saturating_add(lifetime);
    write(folder, url, &CacheEntry { fetched: now, expires, tried: None, body: body.into() }, host);
}

/// Writes an entry.
pub(super) fn write(folder: &Path, url: &ServerUrl, entry: &CacheEntry, host: &mut Host<'_>) {
    let Ok(body) = std::str::from_utf8(&entry.body) else { return };
    let mut members = vec![
        Member::new("url", Value::string(url.as_str())),
        Member::new("fetched", Value::integer(entry.fetched)),
        Member::new("expires", Value::integer(entry.expires)),
    ];
    members.extend(entry.tried.map(|tried| Member::new("tried", Value::integer(tried))));
    members.push(Member::new("body", Value::string(body)));
    let mut text = String::new();
    if json::write_object(&mut text, &members, Escapes::Needed).is_err() {
        return;
    }
    text.push('\n');
    let written = (host.create_folder)(folder)
        .and_then(|()| (host.write)(&path(folder, url), text.as_bytes(), IfExists::Replace));
    if let Err(error) = written {
        let what = format!("cannot cache the answer of {url} in {}: {error}", folder.display());
        host.message(Level::Warning, &what);
    }
}

/// Returns the real time, since `--at` does not make an entry older.
pub(super) fn now(host: &Host<'_>) -> i64 {
    (host.clock)().seconds()
}

/// Returns the file of a URL. Its name is a hash, so it needs no escaping.
pub(super) fn path(folder: &Path, url: &ServerUrl) -> PathBuf {
    let mut name = String::with_capacity(69);
    for byte in sha256(url.as_str().as_bytes()) {
        let _ = write!(name, "{byte:02x}");
    }
    folder.join(name + ".json")
}

/// Locks the entry of a URL against all other processes. Returns `None` if it cannot be locked: the lock only spares the
/// server some requests.
pub(super) fn lock(folder: &Path, url: &ServerUrl, host: &mut Host<'_>) -> Option<EntryLock> {
    // A request takes at most 10 seconds.
    const LIMIT: Duration = Duration::from_secs(15);
    let path = path(folder, url).with_extension("lock");
    let lock = host.lock_file(&path, LIMIT, "waiting for another process that fetches keys").ok()??;
    Some(EntryLock { path, _lock: lock })
}

/// A lock on an entry.
pub(super) struct EntryLock {
    path: PathBuf,
    _lock: FileLock,
}

impl EntryLock {
    /// Ends the lock, and removes its file.
    pub(super) fn end(self, host: &Host<'_>) {
        let _ = host.locked_files.remove(&self.path);
    }
}

fn load(path: &Path, host: &Host<'_>) -> io::Result<Vec<u8>> {
    let file = (host.open)(path)?;
    // fob writes entries that only their owner can read. Any other file could contain the key of an attacker.
    if file.is_shared || file.is_foreign {
        return Err(io::Error::other("other users can access it, so fob did not write it"));
    }
    let mut bytes = Vec::new();
    file.stream.take(MAXIMUM_ENTRY + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAXIMUM_ENTRY {
        return Err(io::Error::other("it is too large"));
    }
    Ok(bytes)
}

fn parse(bytes: &[u8], url: &ServerUrl) -> Option<CacheEntry> {
    let value = json::parse(bytes).ok()?;
    let seconds = |name| match value.get(name)? {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    };
    let (fetched, expires) = (seconds("fetched")?, seconds("expires")?);
    let tried = seconds("tried");
    let body = value.get("body")?.as_str()?.as_bytes().to_vec();
    (value.get("url")?.as_str()? == url.as_str()).then_some(CacheEntry { fetched, expires, tried, body })
}

/// Returns for how many seconds an answer may be cached (RFC 9111 section 5.2.2), or `None` if not at all.
fn lifetime(cache_control: Option<&str>) -> Option<i64> {
    let mut lifetime = None;
    for directive in cache_control.unwrap_or_default().split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let seconds = match name.trim().to_ascii_lowercase().as_str() {
            "no-store" => return None,
            "no-cache" => 0,
            "max-age" => delta_seconds(value.trim().trim_matches('"')),
            _ => continue,
        };
        // Of two directives that disagree, the shorter lifetime counts.
        lifetime = Some(lifetime.map_or(seconds, |earlier: i64| earlier.min(seconds)));
    }
    Some(lifetime.unwrap_or(DEFAULT_LIFETIME))
}

/// Parses delta-seconds. A number too large to represent counts as 2^31 (RFC 9111 section 1.2.2), an invalid one as 0.
fn delta_seconds(text: &str) -> i64 {
    const LONGEST: i64 = 1 << 31;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    text.parse().map_or(LONGEST, |seconds: i64| seconds.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetime_follows_cache_control() {
        for (header, expected) in [
            (None, Some(300)),
            (Some(""), Some(300)),
            (Some("public, must-revalidate"), Some(300)),
            (Some("max-age=60"), Some(60)),
            (Some("public,MAX-AGE = 60 , s-maxage=7"), Some(60)),
            (Some("max-age=\"60\""), Some(60)),
            (Some("max-age=60, max-age=30"), Some(30)),
            (Some("max-age=99999999999999999999"), Some(1 << 31)),
            (Some("max-age=-1"), Some(0)),
            (Some("max-age"), Some(0)),
            (Some("max-age=60, no-cache"), Some(0)),
            (Some("No-Store"), None),
            (Some("max-age=60, no-store"), None),
        ] {
            assert_eq!(lifetime(header), expected, "{header:?}");
        }
    }

    #[test]
    fn an_entry_is_fresh_until_it_expires() {
        let entry = CacheEntry { fetched: 100, expires: 160, tried: None, body: Vec::new() };
        assert_eq!([99, 100, 159, 160].map(|now| entry.is_fresh(now)), [false, true, true, false]);
    }
}
