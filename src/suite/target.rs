//! What the options of a suite name outside of it: files, URLs and stores. `reach` decides whether a suite may use them.

use crate::core::key::KeyUse;
use crate::keys::is_url;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The kind of thing that an option names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Path,
    /// A path or a URL. A URL is fetched only for this use: a case verifies, and a `mint` signs.
    PathOrUrl(Option<KeyUse>),
    Url,
    Store,
}

/// The options of suites that name something outside of the suite.
const TARGETS: [(&str, Target); 10] = [
    ("key", Target::PathOrUrl(Some(KeyUse::Verify))),
    ("encrypt-for", Target::PathOrUrl(Some(KeyUse::Sign))),
    ("decrypt-key", Target::PathOrUrl(None)),
    ("issuer-keys", Target::Url),
    ("cache", Target::Path),
    ("secret-file", Target::Path),
    ("key-password-file", Target::Path),
    ("decrypt-secret-file", Target::Path),
    ("encrypt-secret-file", Target::Path),
    ("store", Target::Store),
];

/// The thing that the value of an option reaches.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reached {
    Nothing,
    /// A file or a folder.
    File(PathBuf),
    /// A URL, and the only use for which it is fetched. `None` means every use.
    Url(Option<KeyUse>),
    /// The address of a store.
    Store(OsString),
}

/// Returns what the value of an option reaches. Paths start from the folder of the suite.
pub(super) fn reached(option: &str, value: &str, folder: &Path) -> Reached {
    let Some((_, target)) = TARGETS.iter().find(|(name, _)| *name == option) else { return Reached::Nothing };
    match target {
        Target::PathOrUrl(None) if is_url(value) => Reached::Nothing,
        Target::PathOrUrl(purpose) if is_url(value) => Reached::Url(*purpose),
        Target::Path | Target::PathOrUrl(_) => Reached::File(folder.join(value)),
        Target::Url => Reached::Url(None),
        Target::Store => {
            let path = match value.strip_prefix("sqlite:") {
                Some(path) => path.strip_prefix("//").unwrap_or(path),
                None if value.contains("://") => return Reached::Store(value.into()),
                None => value,
            };
            let mut address = OsString::from("sqlite:");
            address.push(folder.join(path));
            Reached::Store(address)
        }
    }
}

/// Returns the names of all options that name something outside of the suite.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TARGETS.iter().map(|(name, _)| *name)
}
