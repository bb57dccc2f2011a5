//! The parts of a store address that all backends share. This file knows no backend.

use super::backend::{IfMissing, OpenStore};
use super::error::{AddressError, StoreError};
use crate::core::key::secret::Secret;
use crate::core::redact::argument::has_credentials;
use crate::core::text::escape::excerpt;
use std::borrow::Cow;
use std::fmt;
use std::path::Path;
use url::form_urlencoded;

/// An entry in the table of backends.
pub(crate) struct BackendKind {
    /// The URL schemes that select this backend.
    pub(super) schemes: &'static [&'static str],
    /// The forms of its addresses, for hints.
    pub(crate) forms: &'static str,
    /// The names of its options.
    pub(super) options: &'static [&'static str],
    /// Parses an address with one of the schemes.
    pub(super) parse: fn(&str) -> Result<StoreAddress, AddressError>,
}

/// A store, and the rules for reading it.
#[derive(Debug)]
pub struct StoreAddress {
    /// Where the store is.
    pub location: Box<dyn StoreLocation>,
    /// The state of a token without records.
    pub missing: MissingRecord,
}

/// A file or a server that can be opened as a store. It displays without a password.
pub trait StoreLocation: fmt::Debug + fmt::Display {
    /// Opens the store, with a password for it if its address has none.
    ///
    /// # Errors
    /// If the store cannot be reached or read, or is not a store of this program.
    fn open(&self, password: Option<&Secret>, if_missing: IfMissing) -> Result<OpenStore, StoreError>;

    /// Returns the path of the file that holds the store, or `None` if a server holds it.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// Reports whether the store may need a password.
    fn takes_password(&self) -> bool {
        false
    }

    /// Returns the layout of its keys.
    fn layout(&self) -> StoreLayout {
        StoreLayout::Own
    }

    /// Returns the prefix of its keys.
    fn prefix(&self) -> &str {
        ""
    }
}

/// The state of a token without records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRecord {
    /// The token is accepted: the store can only revoke.
    Allow,
    /// The token is rejected.
    Deny,
}

/// The layout of the keys in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreLayout {
    /// Only the records of this program.
    Own,
    /// Also a set `user:{user_id}:token` of each user's valid access tokens, which other programs use.
    UserTokenSet,
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}

/// Reports whether a text that should be a path looks like credentials before a server. Messages show paths, so it is refused.
pub(super) fn may_hold_password(path: &str) -> bool {
    let is_plain = |first: &str| !first.is_empty() && !first.contains(':');
    let first_folder = path.strip_prefix('/').and_then(|rest| rest.split(['/', '@']).next());
    let is_path = path.starts_with(['.', '~']) || first_folder.is_some_and(is_plain);
    !is_path && has_credentials(path)
}

/// Parses the options of an address into pairs of name and value. Each name is one of `known` and occurs once.
pub(super) fn options<'q>(
    query: &'q str,
    known: &'static [&'static str],
) -> Result<Vec<(&'static str, Cow<'q, str>)>, AddressError> {
    let mut options: Vec<(&'static str, Cow<'q, str>)> = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let Some(name) = known.iter().copied().find(|known| *known == name) else {
            return Err(AddressError::UnknownOption { name: excerpt(&name), known });
        };
        if options.iter().any(|(earlier, _)| *earlier == name) {
            return Err(AddressError::RepeatedOption { name });
        }
        options.push((name, value));
    }
    Ok(options)
}

/// Parses the value of the option `missing`.
pub(super) fn missing(value: &str) -> Result<MissingRecord, AddressError> {
    match value {
        "allow" => Ok(MissingRecord::Allow),
        "deny" => Ok(MissingRecord::Deny),
        _ => Err(AddressError::InvalidOption {
            name: "missing",
            found: excerpt(value),
            expected: &["allow", "deny"],
        }),
    }
}
