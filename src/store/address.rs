//! The address of a store, as users write it: `sqlite:PATH`, a plain path, `redis://…` or `rediss://…`. This file holds the
//! table of backends and finds the one that an address names. It opens nothing.

use super::error::AddressError;
use super::location::{BackendKind, MissingRecord, StoreAddress, may_hold_password};
use super::{redis, sqlite};
use crate::core::redact::argument::is_showable_scheme;
use crate::core::text::escape::excerpt;
use std::ffi::OsStr;

/// All backends.
pub(crate) const BACKENDS: [&BackendKind; 2] = [&sqlite::KIND, &redis::KIND];

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
            (Some(_), Some((_, IN_MEMORY))) => Err(AddressError::InMemory),
            (Some(kind), _) => (kind.parse)(text),
            (None, Some((scheme, rest)))
                if rest.starts_with("//") && is_url_scheme(scheme) && is_showable_scheme(scheme) =>
            {
                Err(AddressError::UnknownScheme { scheme: excerpt(scheme) })
            }
            (None, Some((scheme, rest))) if rest.starts_with("//") && is_url_scheme(scheme) => {
                Err(AddressError::BrokenUrl)
            }
            (None, Some((host, port))) if is_host(host) && is_port(port) => {
                Err(AddressError::HostAndPort { text: text.to_owned() })
            }
            _ if text == IN_MEMORY => Err(AddressError::InMemory),
            _ if is_broken_url(text) => Err(AddressError::BrokenUrl),
            _ if has_options(text) => Err(AddressError::OptionsOnPath),
            _ => Ok(plain_path()),
        }
    }
}

/// The name that SQLite gives to a database that ends with the process.
const IN_MEMORY: &str = ":memory:";

/// Reports whether a text can be the scheme of a URL.
fn is_url_scheme(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Reports whether a text can be the name or the address of a server.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

/// Reports whether a text is a port, perhaps with the number of a database behind it.
fn is_port(text: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (port, database) = text.split_once('/').unwrap_or((text, "0"));
    is_number(port) && port.parse::<u16>().is_ok_and(|port| port > 0) && is_number(database)
}

/// Reports whether a text is a URL with a mistake before the name of its server, such as `redis//h` or `https:/u:pw@h`.
fn is_broken_url(text: &str) -> bool {
    const SLASHES: [&str; 4] = [":/", "//", " :", ": /"];
    let lower = text.trim_start().to_ascii_lowercase();
    let schemes = || BACKENDS.iter().flat_map(|kind| kind.schemes).chain(&["http", "https"]);
    let begins = |scheme: &str| {
        let rest = lower.strip_prefix(scheme);
        rest.is_some_and(|rest| SLASHES.iter().any(|slashes| rest.starts_with(slashes)))
    };
    schemes().any(|scheme| begins(scheme)) || may_hold_password(text)
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
            ("./localhost:6379", "./localhost:6379"),
            ("a:b", "a:b"),
            ("a:0", "a:0"),
            ("a:99999", "a:99999"),
            ("a b:6379", "a b:6379"),
            ("a:6379/s.db", "a:6379/s.db"),
            ("/tmp/s?x", "/tmp/s?x"),
            ("./a:b@c", "./a:b@c"),
            ("/tmp/a:b@c", "/tmp/a:b@c"),
            ("a@b.db", "a@b.db"),
            ("redis/s.db", "redis/s.db"),
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
        use AddressError::{BrokenUrl, Empty, NoHost, NoPath, OptionsOnPath, RepeatedOption, UnknownScheme};
        for (text, expected) in [
            ("", Empty),
            ("sqlite:", NoPath),
            ("127.0.0.1:6379", AddressError::HostAndPort { text: "127.0.0.1:6379".into() }),
            ("redis.internal:6379/2", AddressError::HostAndPort { text: "redis.internal:6379/2".into() }),
            (":memory:", AddressError::InMemory),
            ("sqlite::memory:", AddressError::InMemory),
            ("hunter2secret://h", BrokenUrl),
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
            ("redis//u:hunter2@h", BrokenUrl),
            ("redis//h", BrokenUrl),
            ("sqlite://u:hunter2@h", BrokenUrl),
            ("sqlite:u:hunter2@h", BrokenUrl),
            ("SQLITE:/u:hunter2@h", BrokenUrl),
            ("https:/u:hunter2@h", BrokenUrl),
            ("rediss:/u:hunter2@h", NoHost),
            ("redis:u:hunter2@h", NoHost),
            ("REDIS:u:hunter2@h", BrokenUrl),
            ("redis ://u:hunter2@h", BrokenUrl),
            (" redis:u:hunter2@h", BrokenUrl),
            ("/u:hunter2@h/0", BrokenUrl),
            ("//u:hunter2@h", BrokenUrl),
            ("u:hunter2@h", BrokenUrl),
            ("redis:", NoHost),
            ("redis:///0", NoHost),
        ] {
            assert_eq!(parse(text).unwrap_err(), expected, "{text}");
        }
    }
}
