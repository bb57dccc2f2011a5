//! The address of a store, as users write it: `sqlite:PATH`, a plain path, `redis://…` or `rediss://…`. This file finds
//! the backend and parses common options. It opens nothing, and an address never displays a password.

use super::backend::{IfMissing, OpenStore};
use super::error::{AddressError, StoreError};
use super::{redis, sqlite};
use crate::core::key::secret::Secret;
use crate::core::text::escape::excerpt;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt;
use url::form_urlencoded;

/// All backends.
pub(crate) const BACKENDS: [&BackendKind; 2] = [&sqlite::KIND, &redis::KIND];

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

impl StoreAddress {
    /// Parses the argument of `--store`.
    ///
    /// # Errors
    /// If the argument is not the address of a store. The error holds no password.
    pub fn parse(text: &OsStr) -> Result<Self, AddressError> {
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let plain_path = || Self { location: sqlite::location(text), missing: MissingRecord::Allow };
        let Some(text) = text.to_str() else { return Ok(plain_path()) };
        let scheme = text.split_once(':');
        let kind = scheme.and_then(|(scheme, _)| BACKENDS.iter().find(|kind| kind.schemes.contains(&scheme)));
        match (kind, scheme) {
            (Some(kind), _) => (kind.parse)(text),
            (None, Some((scheme, rest))) if rest.starts_with("//") => {
                Err(AddressError::UnknownScheme { scheme: excerpt(scheme) })
            }
            _ if has_options(text) => Err(AddressError::OptionsOnPath),
            _ => Ok(plain_path()),
        }
    }
}

impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}

/// Reports whether a plain path ends with what looks like the options of a URL.
fn has_options(path: &str) -> bool {
    let is_option = |name: &str| {
        BACKENDS.iter().flat_map(|kind| kind.options).any(|known| known.eq_ignore_ascii_case(name))
    };
    path.contains('?')
        && path
            .split(['?', '&'])
            .skip(1)
            .filter_map(|option| option.split_once('='))
            .any(|(name, _)| is_option(name))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<StoreAddress, AddressError> {
        StoreAddress::parse(OsStr::new(text))
    }

    #[test]
    fn parses_paths_with_and_without_a_scheme() {
        for (text, path) in [
            ("s.db", "s.db"),
            ("./a:b", "./a:b"),
            ("/tmp/s?x", "/tmp/s?x"),
            ("sqlite:s.db", "s.db"),
            ("sqlite:/tmp/s", "/tmp/s"),
            ("sqlite:///tmp/s", "/tmp/s"),
        ] {
            let address = parse(text).unwrap();
            assert_eq!((address.to_string().as_str(), address.missing), (path, MissingRecord::Allow));
            assert!(!address.location.takes_password(), "{text}");
        }
        assert_eq!(parse("sqlite:s?missing=deny").unwrap().missing, MissingRecord::Deny);
        assert_eq!(parse("redis://h?missing=deny").unwrap().missing, MissingRecord::Deny);
    }

    #[test]
    fn rejects_other_texts_and_repeats_no_password() {
        use AddressError::{Empty, NoHost, NoPath, OptionsOnPath, RepeatedOption, UnknownScheme};
        for (text, expected) in [
            ("", Empty),
            ("sqlite:", NoPath),
            ("s.db?missing=deny", OptionsOnPath),
            ("s.db?Missing=deny", OptionsOnPath),
            ("s.db?prefix=x", OptionsOnPath),
            ("./a:b?layout=user-token-set", OptionsOnPath),
            ("s.db?x=1&missing=deny", OptionsOnPath),
            ("sqlite:s?missing=deny&missing=allow", RepeatedOption { name: "missing" }),
            (
                "sqlite:s?mising=deny",
                AddressError::UnknownOption { name: "mising".into(), known: &["missing"] },
            ),
            (
                "sqlite:s?missing=no",
                AddressError::InvalidOption {
                    name: "missing",
                    found: "no".into(),
                    expected: &["allow", "deny"],
                },
            ),
            ("postgres://u:hunter2@h/db", UnknownScheme { scheme: "postgres".into() }),
            ("http://h", UnknownScheme { scheme: "http".into() }),
            ("redis:", NoHost),
            ("redis:///0", NoHost),
        ] {
            assert_eq!(parse(text).unwrap_err(), expected, "{text}");
        }
    }
}
