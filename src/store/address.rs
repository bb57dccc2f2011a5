//! Where a store is, as people write it: `sqlite:PATH`, a plain path, `redis://…` or `rediss://…`. It opens nothing, and
//! what it says of itself holds no password.

use crate::core::key::secret::Secret;
use crate::core::text::escape::excerpt;
use crate::error::CommandError;
use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use url::Url;

/// A store, and how it is to be read.
#[derive(Clone, Debug)]
pub struct Address {
    /// Where it is.
    pub place: Place,
    /// What a token means of which nothing is recorded.
    pub missing: Missing,
}

/// Where a store is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of SQLite.
    File(PathBuf),
    /// A server of Redis or Valkey.
    Server(Server),
}

/// What it means that nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The token is good: a store can only take away.
    Good,
    /// The token is refused.
    Denied,
}

/// How a server keeps what is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Records of this program alone.
    Own,
    /// Beside them a set `user:{user_id}:token` of the access tokens that are still good, as others keep it.
    UserTokenSet,
}

/// A server of Redis or Valkey.
#[derive(Clone)]
pub struct Server {
    /// Its name or address, without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether to speak TLS with it.
    pub tls: bool,
    /// Who asks.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<Secret>,
    /// The number of the database.
    pub database: i64,
    /// What the names of all keys begin with.
    pub prefix: String,
    /// What lies there.
    pub layout: Layout,
}

const FORMS: &str = "write sqlite:PATH, a plain path, redis://HOST:PORT/DATABASE or rediss://… with TLS";
const OPTIONS: [&str; 3] = ["missing", "prefix", "layout"];
const PREFIX: &str = "fob:";
const PORT: u16 = 6379;

impl Address {
    /// Reads what the user typed.
    ///
    /// # Errors
    /// If it is no address of a store. A password in it is not repeated.
    pub fn parse(text: &OsStr) -> Result<Self, CommandError> {
        let bytes = text.as_encoded_bytes();
        if bytes.is_empty() {
            return Err(CommandError::usage("the store has no name").with_hint(FORMS));
        }
        let Some(text) = text.to_str() else {
            return Ok(Self { place: Place::File(text.into()), missing: Missing::Good });
        };
        match text.split_once(':') {
            Some(("sqlite", path)) => Self::file(path),
            Some(("redis" | "valkey", _)) => Self::server(text, false),
            Some(("rediss" | "valkeys", _)) => Self::server(text, true),
            Some((scheme, rest)) if rest.starts_with("//") => {
                let what = format!("no store is reached by {}:", excerpt(scheme));
                Err(CommandError::usage(what).with_hint(FORMS))
            }
            // What looks like an option would go unheard, and a token pass that should not.
            _ if has_options(text) => {
                let what = "a plain path has no options, and this would be part of its name";
                Err(CommandError::usage(what)
                    .with_hint("options belong to a URL: sqlite:PATH?missing=deny, redis://HOST?prefix=TEXT"))
            }
            _ => Ok(Self { place: Place::File(text.into()), missing: Missing::Good }),
        }
    }

    fn file(text: &str) -> Result<Self, CommandError> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        // sqlite:///absolute/path, as in a URL.
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() {
            return Err(CommandError::usage("after sqlite: comes the path of a file").with_hint(FORMS));
        }
        let mut address = Self { place: Place::File(path.into()), missing: Missing::Good };
        once(query)?;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("missing", value) => address.missing = missing(value)?,
                (name, _) => return Err(unknown(name, "missing")),
            }
        }
        Ok(address)
    }

    /// That of a server. Where a password is cut in two, nothing that stands behind it is repeated.
    fn server(text: &str, tls: bool) -> Result<Self, CommandError> {
        Self::server_at(text, tls).map_err(|problem| {
            let is_cut = text
                .split_once("//")
                .and_then(|(_, rest)| rest.split_once(['/', '?', '#']))
                .is_some_and(|(_, behind)| behind.contains('@'));
            if is_cut {
                CommandError::usage("the URL of the store cannot be read: an @ comes after a /, a ? or a #")
                    .with_hint("in a password they are written %2F, %3F and %23")
            } else {
                problem
            }
        })
    }

    fn server_at(text: &str, tls: bool) -> Result<Self, CommandError> {
        let unreadable = |why: &str| {
            CommandError::usage(format!("the URL of the store cannot be read: {why}")).with_hint(FORMS)
        };
        let url = Url::parse(text).map_err(|error| unreadable(&error.to_string()))?;
        let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
            return Err(unreadable("it names no host"));
        };
        let database = match url.path().trim_matches('/') {
            "" => 0,
            digits => digits
                .parse()
                .ok()
                .filter(|number: &i64| *number >= 0)
                .ok_or_else(|| unreadable("after the host comes the number of a database"))?,
        };
        if url.fragment().is_some() {
            return Err(unreadable("it has a fragment; a # in a password is written %23"));
        }
        let decoded = |text: &str| percent_decoded(text).ok_or_else(|| unreadable("it is not UTF-8"));
        let user = Some(decoded(url.username())?).filter(|user| !user.is_empty());
        let password = url.password().map(decoded).transpose()?;
        let mut server = Server {
            host: decoded(host.trim_matches(['[', ']']))?,
            port: url.port().unwrap_or(PORT),
            tls,
            user,
            password: password.map(|password| Secret::new(password.into_bytes())),
            database,
            prefix: String::new(),
            layout: Layout::Own,
        };
        once(url.query().unwrap_or_default())?;
        let (mut prefix, mut absent) = (None, Missing::Good);
        for (name, value) in url.query_pairs() {
            match &*name {
                "prefix" => prefix = Some(value.into_owned()),
                "missing" => absent = missing(&value)?,
                "layout" => server.layout = layout(&value)?,
                name => return Err(unknown(name, "prefix, layout and missing")),
            }
        }
        // Where others read the keys too, they have the names that those others know.
        let usual = if server.layout == Layout::Own { PREFIX } else { "" };
        server.prefix = prefix.unwrap_or_else(|| usual.to_owned());
        if server.prefix.contains(['{', '}']) {
            return Err(CommandError::usage("a prefix with { or } would tear apart what belongs together"));
        }
        Ok(Self { place: Place::Server(server), missing: absent })
    }

    /// How it keeps what is good.
    #[must_use]
    pub const fn layout(&self) -> Layout {
        match &self.place {
            Place::File(_) => Layout::Own,
            Place::Server(server) => server.layout,
        }
    }
}

/// Whether a path looks as if it had an option of a URL.
fn has_options(path: &str) -> bool {
    let names = path.split(['?', '&']).skip(1).filter_map(|option| option.split_once('='));
    path.contains('?')
        && names.into_iter().any(|(name, _)| OPTIONS.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// That no option is given twice.
fn once(query: &str) -> Result<(), CommandError> {
    let names: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name).collect();
    let twice = OPTIONS.into_iter().find(|known| names.iter().filter(|name| name == known).count() > 1);
    twice.map_or(Ok(()), |name| {
        Err(CommandError::usage(format!("the option `{name}` of the store is given twice")))
    })
}

fn percent_decoded(text: &str) -> Option<String> {
    // The one decoder at hand is that of forms, to which + is a space.
    let form = text.replace('+', "%2B");
    let form = format!("x={form}").replace('&', "%26");
    let (_, value) = url::form_urlencoded::parse(form.as_bytes()).next()?;
    (!value.contains('\u{FFFD}')).then(|| value.into_owned())
}

fn missing(value: &str) -> Result<Missing, CommandError> {
    match value {
        "allow" => Ok(Missing::Good),
        "deny" => Ok(Missing::Denied),
        _ => Err(CommandError::usage("`missing` of a store is allow or deny")),
    }
}

fn layout(value: &str) -> Result<Layout, CommandError> {
    match value {
        "fob" => Ok(Layout::Own),
        "user-token-set" => Ok(Layout::UserTokenSet),
        _ => Err(CommandError::usage("the `layout` of a store is fob or user-token-set")),
    }
}

fn unknown(name: &str, known: &str) -> CommandError {
    CommandError::usage(format!("a store has no option `{}`", excerpt(name)))
        .with_hint(format!("there {} {known}", if known.contains(',') { "are" } else { "is" }))
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Server(server) => server.fmt(f),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "rediss" } else { "redis" };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}/{}", self.host, self.port, self.database)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Address {
        Address::parse(OsStr::new(text)).unwrap()
    }

    fn refused(text: &str) -> String {
        Address::parse(OsStr::new(text)).unwrap_err().to_string()
    }

    fn server(text: &str) -> Server {
        match read(text).place {
            Place::Server(server) => server,
            Place::File(path) => panic!("{}", path.display()),
        }
    }

    #[test]
    fn a_path_is_a_file_with_a_scheme_and_without() {
        for (text, path) in [
            ("s.db", "s.db"),
            ("./a:b", "./a:b"),
            ("/tmp/s?x", "/tmp/s?x"),
            ("sqlite:s.db", "s.db"),
            ("sqlite:/tmp/s", "/tmp/s"),
            ("sqlite:///tmp/s", "/tmp/s"),
        ] {
            let address = read(text);
            assert!(matches!(address.place, Place::File(_)), "{text}");
            assert_eq!((address.to_string().as_str(), address.missing), (path, Missing::Good));
        }
        assert_eq!(read("sqlite:s?missing=deny").missing, Missing::Denied);
    }

    #[test]
    fn a_url_names_a_server_a_database_and_how_it_is_read() {
        let plain = server("redis://127.0.0.1");
        assert_eq!((plain.port, plain.database, plain.tls, &*plain.prefix), (6379, 0, false, "fob:"));
        let full = server("rediss://al:p%40ss%2B@[::1]:7000/3?prefix=x:&missing=deny");
        assert_eq!(full.to_string(), "rediss://[::1]:7000/3");
        assert_eq!(full.user.as_deref(), Some("al"));
        assert_eq!(full.password.map(|secret| secret.expose().to_vec()), Some(b"p@ss+".to_vec()));
        assert_eq!((full.host.as_str(), full.prefix.as_str(), full.tls), ("::1", "x:", true));
        let shared = server("valkey://h?layout=user-token-set");
        assert_eq!((shared.layout, &*shared.prefix), (Layout::UserTokenSet, ""));
    }

    #[test]
    fn a_password_that_is_cut_in_two_is_recognized_and_no_part_of_it_repeated() {
        for sign in ["#", "/", "?", "/0?"] {
            for text in [
                format!("redis://:hunter{sign}two@h"),
                format!("rediss://u:1{sign}two@h/0"),
                format!("redis://u:hunter{sign}two@h?missing=deny"),
                format!("redis://u:hun@ter{sign}two@h"),
            ] {
                let problem = Address::parse(OsStr::new(&text)).unwrap_err();
                assert_eq!(
                    problem.to_string(),
                    "the URL of the store cannot be read: an @ comes after a /, a ? or a #",
                    "{text}"
                );
                assert_eq!(problem.hint(), Some("in a password they are written %2F, %3F and %23"));
            }
        }
        assert_eq!(server("redis://:s3c%23r%2Ft%3F@h").password.unwrap().expose(), b"s3c#r/t?");
        assert_eq!(server("redis://h?prefix=a@b:").prefix, "a@b:");
    }

    #[test]
    fn what_is_no_store_is_refused_and_no_password_repeated() {
        for text in [
            "",
            "sqlite:",
            "s.db?missing=deny",
            "s.db?Missing=deny",
            "s.db?prefix=x",
            "./a:b?layout=user-token-set",
            "s.db?x=1&missing=deny",
            "sqlite:s?missing=deny&missing=allow",
            "sqlite:s?mising=deny",
            "sqlite:s?missing=no",
            "postgres://u:hunter2@h/db",
            "http://h",
            "redis:",
            "redis:///0",
            "redis://u:hunter2@",
            "redis://u:hunter2@h/name",
            "redis://u:hunter2@h/-1",
            "redis://u:hunter2@h:99999",
            "redis://u:hunter2@h#x",
            "redis://u:hunter2@h?color=blue",
            "redis://u:hunter2@h?layout=set",
            "redis://u:hunter2@h?prefix={x}",
            "redis://u:hunter2@h?prefix=a&prefix=b",
            "redis://u:hunter2@h?missing=deny&missing=deny",
        ] {
            assert!(!refused(text).contains("hunter2"), "{text}");
        }
        assert!(
            refused("redis://h?missing=deny&missing=deny").ends_with("`missing` of the store is given twice")
        );
        let address = read("redis://al:hunter2@h");
        assert!(!format!("{address} {address:?}").contains("hunter2"));
    }
}
