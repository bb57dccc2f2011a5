//! The address of a Redis or Valkey server. It never displays a password.

use super::super::backend::{IfMissing, OpenStore};
use super::super::error::{AddressError, StoreError};
use super::super::location::{MissingRecord, StoreAddress, StoreLayout, StoreLocation, missing, options};
use crate::core::key::secret::Secret;
use crate::core::text::escape::excerpt;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::fmt;
use url::Url;

/// The prefix of all keys in the layout [`StoreLayout::Own`].
const PREFIX: &str = "fob:";
const PORT: u16 = 6379;
/// The options of an address.
pub(super) const OPTIONS: &[&str] = &["prefix", "layout", "missing"];

/// A Redis or Valkey server.
#[derive(Clone)]
pub(super) struct RedisServer {
    /// Its name or IP address, without brackets.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// True if it speaks TLS.
    pub(super) tls: bool,
    /// The user to log in as.
    pub(super) user: Option<String>,
    /// The password of that user.
    pub(super) password: Option<Secret>,
    /// The number of the database.
    pub(super) database: i64,
    /// The prefix of all keys.
    pub(super) prefix: String,
    /// The layout of the keys.
    pub(super) layout: StoreLayout,
}

/// Parses the URL of a server.
///
/// # Errors
/// If the URL is invalid. If an unescaped password may have split it, the error repeats no part of the URL.
pub(super) fn parse(text: &str) -> Result<StoreAddress, AddressError> {
    parse_server(text).map(|(server, missing)| StoreAddress { location: Box::new(server), missing }).map_err(
        |error| {
            let is_split = text
                .split_once("//")
                .and_then(|(_, rest)| rest.split_once(['/', '?', '#']))
                .is_some_and(|(_, rest)| rest.contains('@'));
            if is_split { AddressError::UnescapedPassword } else { error }
        },
    )
}

fn parse_server(text: &str) -> Result<(RedisServer, MissingRecord), AddressError> {
    let tls = text.starts_with("rediss:") || text.starts_with("valkeys:");
    let url = Url::parse(text).map_err(AddressError::InvalidUrl)?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(AddressError::NoHost)?;
    let database = match url.path().trim_matches('/') {
        "" => 0,
        digits => {
            digits.parse().ok().filter(|number: &i64| *number >= 0).ok_or(AddressError::InvalidDatabase)?
        }
    };
    if url.fragment().is_some() {
        return Err(AddressError::Fragment);
    }
    let decoded = |text: &str| percent_decoded(text).ok_or(AddressError::NotUtf8);
    let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
    let password = url.password().map(decoded).transpose()?;
    let (mut prefix, mut missing_record, mut key_layout) = (None, MissingRecord::Allow, StoreLayout::Own);
    for (name, value) in options(url.query().unwrap_or_default(), OPTIONS)? {
        match name {
            "prefix" => prefix = Some(value.into_owned()),
            "layout" => key_layout = layout(&value)?,
            _ => missing_record = missing(&value)?,
        }
    }
    // The keys of a shared layout have the names that other programs expect.
    let default = if key_layout == StoreLayout::Own { PREFIX } else { "" };
    let prefix = prefix.unwrap_or_else(|| default.to_owned());
    if prefix.contains(['{', '}']) {
        return Err(AddressError::BraceInPrefix { prefix: excerpt(&prefix) });
    }
    let server = RedisServer {
        host: decoded(host.trim_matches(['[', ']']))?,
        port: url.port().unwrap_or(PORT),
        tls,
        user,
        password: password.map(|password| Secret::new(password.into_bytes())),
        database,
        prefix,
        layout: key_layout,
    };
    Ok((server, missing_record))
}

/// Decodes percent escapes, or returns `None` if the result is not UTF-8.
fn percent_decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Cow::into_owned)
}

fn layout(value: &str) -> Result<StoreLayout, AddressError> {
    match value {
        "fob" => Ok(StoreLayout::Own),
        "user-token-set" => Ok(StoreLayout::UserTokenSet),
        _ => Err(AddressError::InvalidOption {
            name: "layout",
            found: excerpt(value),
            expected: &["fob", "user-token-set"],
        }),
    }
}

impl StoreLocation for RedisServer {
    fn open(&self, password: Option<&Secret>, if_missing: IfMissing) -> Result<OpenStore, StoreError> {
        super::open(self, password, if_missing)
    }

    fn takes_password(&self) -> bool {
        true
    }

    fn layout(&self) -> StoreLayout {
        self.layout
    }

    fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl fmt::Display for RedisServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "rediss" } else { "redis" };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}/{}", self.host, self.port, self.database)
    }
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> RedisServer {
        let (server, _) = parse_server(text).unwrap();
        let shown = format!("{server} {server:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        server
    }

    #[test]
    fn parses_host_port_database_and_options() {
        let plain = server("redis://127.0.0.1");
        assert_eq!((plain.port, plain.database, plain.tls, &*plain.prefix), (6379, 0, false, "fob:"));
        let full = server("rediss://al:p%40ss%2B@[::1]:7000/3?prefix=x:&missing=deny");
        assert_eq!(full.to_string(), "rediss://[::1]:7000/3");
        assert_eq!(full.user.as_deref(), Some("al"));
        assert_eq!(full.password.map(|secret| secret.expose().to_vec()), Some(b"p@ss+".to_vec()));
        assert_eq!((full.host.as_str(), full.prefix.as_str(), full.tls), ("::1", "x:", true));
        let shared = server("valkey://h?layout=user-token-set");
        assert_eq!((shared.layout, &*shared.prefix), (StoreLayout::UserTokenSet, ""));
        assert_eq!(server("redis://h?prefix=a@b:").prefix, "a@b:");
        assert_eq!(server("redis://al:hunter2@h").password.unwrap().expose(), b"hunter2");
    }

    #[test]
    fn recognizes_an_unescaped_password() {
        for sign in ["#", "/", "?", "/0?"] {
            for text in [
                format!("redis://:hunter{sign}two@h"),
                format!("rediss://u:1{sign}two@h/0"),
                format!("redis://u:hunter{sign}two@h?missing=deny"),
                format!("redis://u:hun@ter{sign}two@h"),
            ] {
                assert_eq!(parse(&text).unwrap_err(), AddressError::UnescapedPassword, "{text}");
            }
        }
        assert_eq!(server("redis://:s3c%23r%2Ft%3F@h").password.unwrap().expose(), b"s3c#r/t?");
    }

    #[test]
    fn rejects_invalid_urls() {
        use AddressError::{BraceInPrefix, InvalidDatabase, InvalidOption, RepeatedOption, UnknownOption};
        for (text, expected) in [
            ("redis://u:hunter2@", AddressError::InvalidUrl(url::ParseError::EmptyHost)),
            ("redis://u:hunter2@h/name", InvalidDatabase),
            ("redis://u:hunter2@h/-1", InvalidDatabase),
            ("redis://u:hunter2@h:99999", AddressError::InvalidUrl(url::ParseError::InvalidPort)),
            ("redis://u:hunter2@h#x", AddressError::Fragment),
            ("redis://u:hunter2@h?color=blue", UnknownOption { name: "color".into(), known: OPTIONS }),
            (
                "redis://u:hunter2@h?layout=set",
                InvalidOption { name: "layout", found: "set".into(), expected: &["fob", "user-token-set"] },
            ),
            ("redis://u:hunter2@h?prefix={x}", BraceInPrefix { prefix: "{x}".into() }),
            ("redis://u:hunter2@h?prefix=a&prefix=b", RepeatedOption { name: "prefix" }),
            ("redis://u:hunter2@h?missing=deny&missing=deny", RepeatedOption { name: "missing" }),
        ] {
            let error = parse(text).unwrap_err();
            assert!(!StoreError::from(error.clone()).to_string().contains("hunter2"), "{text}");
            assert_eq!(error, expected, "{text}");
        }
    }
}
