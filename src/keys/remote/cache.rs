//! What was fetched before, in a folder of the user's choice: one file for each URL. It judges age and form, and
//! knows nothing of keys. Whatever goes wrong here is a warning: a cache can be done without.

use crate::core::json::{self, Member, Value};
use crate::core::key::digest::sha256;
use crate::core::text::escape::Escapes;
use crate::host::server_url::ServerUrl;
use crate::host::{Host, IfExists, Level};
use std::fmt::Write as _;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How long an answer is kept that does not say, in seconds.
const UNSAID: i64 = 5 * 60;
/// More than an entry can have: a body of 1 MiB, each byte of it written as `\u00XX`, and a URL.
const LARGEST_ENTRY: u64 = 8 << 20;

/// An answer of earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    fetched: i64,
    expires: i64,
    pub(super) body: Vec<u8>,
}

impl Entry {
    /// Whether it can stand for the server's answer. What comes from the future is not trusted: a clock was wrong.
    pub(super) const fn is_fresh(&self, now: i64) -> bool {
        self.fetched <= now && now < self.expires
    }
}

/// The entry of a URL, if there is one that can be read.
pub(super) fn read(folder: &Path, address: &ServerUrl, host: &mut Host<'_>) -> Option<Entry> {
    let path = path(folder, address);
    let why = match load(&path, host).map(|bytes| parse(&bytes, address)) {
        Ok(Some(entry)) => return Some(entry),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Ok(None) => "it is not one that was kept for this URL".to_owned(),
        Err(error) => error.to_string(),
    };
    ignored(&path, &why, host);
    None
}

/// Says that an entry is not used.
pub(super) fn ignored(path: &Path, why: &str, host: &mut Host<'_>) {
    host.message(Level::Warning, &format!("ignoring {} in the cache: {why}", path.display()));
}

/// Keeps an answer for as long as it says.
pub(super) fn keep(
    folder: &Path,
    address: &ServerUrl,
    body: &[u8],
    cache_control: Option<&str>,
    host: &mut Host<'_>,
) {
    let (Some(lifetime), Ok(body)) = (lifetime(cache_control), std::str::from_utf8(body)) else { return };
    let now = now(host);
    let members = [
        Member::new("url", Value::string(address.as_str())),
        Member::new("fetched", Value::integer(now)),
        Member::new("expires", Value::integer(now.saturating_add(lifetime))),
        Member::new("body", Value::string(body)),
    ];
    let mut text = String::new();
    if json::write_object(&mut text, &members, Escapes::Needed).is_err() {
        return;
    }
    text.push('\n');
    let written = (host.create_folder)(folder)
        .and_then(|()| (host.write)(&path(folder, address), text.as_bytes(), IfExists::Replace));
    if let Err(error) = written {
        let what = format!("cannot keep what came from {address} in {}: {error}", folder.display());
        host.message(Level::Warning, &what);
    }
}

/// What time it is: the real one, for `--at` does not make a key older.
pub(super) fn now(host: &Host<'_>) -> i64 {
    (host.clock)().seconds()
}

/// The file of a URL. Its name tells nothing and can hold nothing.
pub(super) fn path(folder: &Path, address: &ServerUrl) -> PathBuf {
    let mut name = String::with_capacity(69);
    for byte in sha256(address.as_str().as_bytes()) {
        let _ = write!(name, "{byte:02x}");
    }
    folder.join(name + ".json")
}

fn load(path: &Path, host: &Host<'_>) -> io::Result<Vec<u8>> {
    let file = (host.open)(path)?;
    // Entries are their owner's alone from the start. A file that is another's, or open to others, could hold a key of
    // theirs.
    if file.is_shared || file.is_foreign {
        return Err(io::Error::other("others than its owner may read it, so it was not written by fob"));
    }
    let mut bytes = Vec::new();
    file.stream.take(LARGEST_ENTRY + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_ENTRY {
        return Err(io::Error::other("it is too large"));
    }
    Ok(bytes)
}

fn parse(bytes: &[u8], address: &ServerUrl) -> Option<Entry> {
    let value = json::parse(bytes).ok()?;
    let seconds = |name| match value.get(name)? {
        Value::Number(digits) => digits.parse().ok(),
        _ => None,
    };
    let (fetched, expires) = (seconds("fetched")?, seconds("expires")?);
    let body = value.get("body")?.as_str()?.as_bytes().to_vec();
    (value.get("url")?.as_str()? == address.as_str()).then_some(Entry { fetched, expires, body })
}

/// For how many seconds an answer may be kept (RFC 9111 section 5.2.2); nothing if it may not be kept at all.
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
        // Of two that disagree, the one that trusts less.
        lifetime = Some(lifetime.map_or(seconds, |earlier: i64| earlier.min(seconds)));
    }
    Some(lifetime.unwrap_or(UNSAID))
}

/// RFC 9111 section 1.2.2: what is larger than can be counted is 2^31; and what cannot be read is over at once.
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
    fn an_answer_is_kept_for_as_long_as_it_says() {
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
    fn an_entry_is_fresh_until_the_second_it_expires() {
        let entry = Entry { fetched: 100, expires: 160, body: Vec::new() };
        assert_eq!([99, 100, 159, 160].map(|now| entry.is_fresh(now)), [false, true, true, false]);
    }
}
