//! The texts and hints of store errors and warnings. Texts of the SQLite and Redis libraries may quote a hostile file or
//! server, so they are escaped here.

use super::{CommandError, ErrorKind};
use crate::core::text::escape::Shown;
use crate::core::text::shell::{make_private, word};
use crate::store::address::BACKENDS;
use crate::store::backend::StoreWarning;
use crate::store::error::{
    AddressError, Exposure, FileFault, SchemaDifference, StoreError, StoreFault, StoreOperation, StorePart,
};
use crate::store::record::{RecordError, RecordKind};
use std::fmt;

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let hint = hint(&error);
        let error = Self::new(ErrorKind::Unjudged, error);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}

impl std::error::Error for StoreError {}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(error) => error.fmt(f),
            Self::Unusable { path, fault } => {
                write!(f, "cannot use the store {}: {fault}", path.display())
            }
            Self::NotCreated { path, cause } => {
                write!(f, "cannot create the store {}: {}", path.display(), Shown(&cause.to_string()))
            }
            Self::Failed { operation, store, fault } => {
                write!(f, "cannot {operation} the store {store}: {fault}")
            }
            Self::PasswordEncoding => f.write_str("the password for the store is not UTF-8"),
            Self::Record(error) => error.fmt(f),
            Self::DuplicateId { label, has_jti: true } => {
                write!(f, "the store already has a token with the ID {}", Shown(label))
            }
            Self::DuplicateId { label, has_jti: false } => write!(
                f,
                "the store already has this token ({}): without `jti`, tokens with the same claims are one token",
                Shown(label)
            ),
            Self::Contended { attempts } => {
                write!(
                    f,
                    "the store is too busy: in {attempts} attempts other processes changed the same records"
                )
            }
            Self::Unidentified(failure) => f.write_str(&failure.detail),
        }
    }
}

impl std::error::Error for AddressError {}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the store address is empty"),
            Self::UnknownScheme { scheme } => {
                write!(f, "unknown store scheme `{}:`", Shown(scheme))
            }
            Self::HostAndPort { text } => {
                write!(f, "the store address `{}` looks like a server and its port", Shown(text))
            }
            Self::InMemory => f.write_str("a store in memory ends with the run that creates it"),
            Self::OptionsOnPath => {
                f.write_str("a plain path cannot have options, but this one ends with `?…=…`")
            }
            Self::NoPath => f.write_str("the store address has no path after `sqlite:`"),
            Self::InvalidUrl(error) => write!(f, "invalid store URL: {error}"),
            Self::NoHost => f.write_str("invalid store URL: it has no host"),
            Self::InvalidDatabase => {
                f.write_str("invalid store URL: the path after the host is not a database number")
            }
            Self::Fragment => f.write_str("invalid store URL: it has a fragment (`#…`)"),
            Self::NotUtf8 => f.write_str("invalid store URL: it is not UTF-8"),
            Self::BrokenUrl => {
                f.write_str("invalid store URL: its beginning is not `redis://` or `rediss://`")
            }
            Self::UnescapedPassword => f.write_str("invalid store URL: an @ follows a /, a ? or a #"),
            Self::RepeatedOption { name } => write!(f, "the store option `{name}` is given twice"),
            Self::UnknownOption { name, .. } => write!(f, "unknown store option `{}`", Shown(name)),
            Self::InvalidOption { name, found, expected } => {
                write!(
                    f,
                    "the store option `{name}` is `{}`, expected {}",
                    Shown(found),
                    listed(expected, "or")
                )
            }
            Self::BraceInPrefix { prefix } => write!(
                f,
                "the prefix `{}` must not contain {{ or }}: Redis Cluster would split related keys",
                Shown(prefix)
            ),
        }
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the file does not exist"),
            Self::BrokenLink { target } => {
                write!(f, "it is a symbolic link to {}, which does not exist", target.display())
            }
            Self::NotAFile => f.write_str("it is not a regular file"),
            Self::Inaccessible(error) => error.fmt(f),
            Self::Exposed { part, exposure } => write!(f, "{part} {exposure}"),
            Self::CompanionNotAFile { path } => {
                write!(f, "{}, which SQLite keeps beside it, is not a regular file", path.display())
            }
            Self::ForeignSchema(difference) => difference.fmt(f),
            Self::Empty => f.write_str("it is empty"),
            Self::NotADatabase => f.write_str("it is not an SQLite database"),
            Self::ForeignDatabase => f.write_str("it is a database of another program"),
            Self::Unmarked { .. } => {
                f.write_str("it looks like a copy of a store, but it lacks the application ID of fob")
            }
            Self::SchemaVersion { found, supported } => {
                write!(f, "its schema has version {found}, expected {supported}")
            }
            Self::Damaged { finding } => write!(f, "it is damaged: {}", Shown(finding)),
        }
    }
}

impl fmt::Display for StorePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(_) => f.write_str("the file"),
            Self::Companion(path) => write!(f, "{}, which SQLite keeps beside it,", path.display()),
            Self::Folder { path, .. } => write!(f, "its folder {}", path.display()),
        }
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner { name } => write!(f, "belongs to another user ({})", Shown(name)),
            Self::Group { name } => write!(f, "can be changed by all members of the group {}", Shown(name)),
            Self::List => f.write_str("can be changed by the users of its access control list"),
            Self::Others => f.write_str("can be changed by all users"),
        }
    }
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { kind, name } => {
                write!(f, "its {} `{}` is not one of fob", Shown(kind), Shown(name))
            }
            Self::Changed { kind, name } => write!(f, "its {kind} `{name}` differs from that of fob"),
            Self::Missing { kind, name } => write!(f, "it lacks the {kind} `{name}`"),
        }
    }
}

impl fmt::Display for StoreOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Connect => "reach",
            Self::Read => "read",
            Self::Write => "write",
        })
    }
}

impl fmt::Display for StoreFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked { seconds } => write!(f, "it was still locked after {seconds} seconds"),
            Self::Overdue { seconds } => write!(f, "SQLite was not done after {seconds} seconds"),
            Self::NotWritable => f.write_str("SQLite cannot write to the file or to its folder"),
            Self::DiskFull => f.write_str("the disk is full"),
            Self::WrongProtocol => f.write_str("the server does not speak the Redis protocol"),
            Self::WrongPassword => f.write_str("the server rejects the password"),
            Self::NeedlessPassword => f.write_str("the server needs no password, but one is given"),
            Self::ReadOnlyReplica => f.write_str("the server is a read-only replica"),
            Self::MemoryFull => f.write_str("the memory of the server is full"),
            Self::NoPermission => f.write_str("the user lacks a permission on the server"),
            Self::WrongType => f.write_str("a key holds a value of another type"),
            Self::CrossSlot => f.write_str("a cluster cannot keep a token set for a user ID with { or }"),
            Self::RedirectLoop { redirects } => {
                write!(f, "its nodes still redirect after {redirects} redirects")
            }
            Self::Timeout { seconds } => write!(f, "no response within {seconds} seconds"),
            Self::SlowList { seconds } => {
                write!(f, "the server is too slow: its list was not complete after {seconds} seconds")
            }
            Self::Response { code, detail } if detail.is_empty() => {
                write!(f, "the server responds with {}", Shown(code))
            }
            Self::Response { code, detail } => {
                write!(f, "the server responds with {}: {}", Shown(code), Shown(detail))
            }
            Self::Connection { error } | Self::Other { error } => write!(f, "{}", Shown(error)),
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => {
                write!(f, "the store holds an invalid record: {}", Shown(&error.to_string()))
            }
            Self::WrongKind { expected, found } => {
                write!(f, "the store holds a record of a {found}, expected one of a {expected}")
            }
        }
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Family => "family",
            Self::Subject => "subject",
        })
    }
}

impl fmt::Display for StoreWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Eviction { server, policy } = self;
        write!(
            f,
            "{server} deletes keys when its memory is full (maxmemory-policy {}), so revoked tokens may become valid \
             again; set noeviction",
            Shown(policy)
        )
    }
}

/// The beginning of the names of tables for records that `.recover` cannot place.
const LOST: &str = "lost_and_found";

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The codes of the errors of a server that end by themselves: it is starting, busy, or without its primary.
const PASSING: [&str; 5] = ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN"];

/// Returns one thing to do about an error.
fn hint(error: &StoreError) -> Option<String> {
    let text = match error {
        StoreError::Address(error) => return address_hint(error),
        error if error.is_uncertain() => "the write may have taken effect, but no token was printed",
        StoreError::Unusable { path, fault } => match fault {
            FileFault::Unmarked { application, schema } => {
                let marks = format!("PRAGMA application_id = {application}; PRAGMA user_version = {schema}");
                return Some(format!(
                    "if you copied it with .dump or .clone, run `sqlite3 {} '{marks}'`",
                    word(&path.to_string_lossy())
                ));
            }
            FileFault::ForeignSchema(SchemaDifference::Unknown { kind, name })
                if kind == "table" && name.starts_with(LOST) && name.bytes().all(is_plain) =>
            {
                return Some(format!(
                    ".recover put what belongs to no table there: look at it, then run `sqlite3 {} 'DROP TABLE {name}'`",
                    word(&path.to_string_lossy())
                ));
            }
            FileFault::Missing => "create one with `fob pair --store` or `fob revoke --store`",
            FileFault::Empty => "remove the file, and fob creates a store in its place",
            FileFault::NotADatabase | FileFault::ForeignDatabase => {
                "the file is unchanged; give --store another path"
            }
            FileFault::ForeignSchema(_) => {
                "another program changed the file, so do not trust its records: give --store another path"
            }
            FileFault::Exposed { part, exposure } => return Some(exposure_hint(part, exposure)),
            FileFault::CompanionNotAFile { path } => {
                let path = word(&path.to_string_lossy());
                return Some(format!("remove {path}, or give --store another path"));
            }
            FileFault::SchemaVersion { .. } => "another version of fob wrote the file; use that version",
            FileFault::Damaged { .. } => {
                "the file is unchanged; `sqlite3 STORE .recover | sqlite3 NEW` may save its records"
            }
            FileFault::BrokenLink { .. } | FileFault::NotAFile | FileFault::Inaccessible(_) => return None,
        },
        StoreError::Failed { fault, .. } => match fault {
            StoreFault::NotWritable => {
                "allow this user to write both: even a query writes a log (WAL) beside the file"
            }
            StoreFault::WrongProtocol => "check the port; a server that requires TLS needs rediss://",
            StoreFault::WrongPassword => {
                "give the password in the URL (redis://:PASSWORD@HOST) or in FOB_STORE_PASSWORD"
            }
            StoreFault::NeedlessPassword => {
                "remove the password from the URL, and unset the variable FOB_STORE_PASSWORD"
            }
            StoreFault::ReadOnlyReplica => {
                "give the address of the primary; a replica serves `fob verify` without --once"
            }
            StoreFault::Response { code, .. } if PASSING.contains(&code.as_str()) => {
                "try again later: the server cannot serve requests now"
            }
            StoreFault::NoPermission => {
                "allow EVAL, EVALSHA, SCRIPT LOAD, GET, SET, PTTL, PEXPIRE, PERSIST and SCAN; token sets also need \
                 EXISTS, SADD, SISMEMBER, SMEMBERS and SREM"
            }
            _ => return None,
        },
        StoreError::Record(RecordError::Syntax(_)) => {
            "nothing was changed; the record is damaged, or a newer version of fob wrote it"
        }
        StoreError::DuplicateId { has_jti: false, .. } => {
            "nothing was changed; run it again a second later, or with another --at, so that the times in the token differ"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

/// Returns what to do about a part that another user can change.
fn exposure_hint(part: &StorePart, exposure: &Exposure) -> String {
    match (part, exposure) {
        (StorePart::Companion(_), Exposure::Owner { .. }) => {
            "find out who put that file there before you use the store: it can revive revoked tokens"
                .to_owned()
        }
        (StorePart::File(_), Exposure::Owner { .. }) => {
            "run fob as that user, or use a store of your own; users who share a store need a Redis server"
                .to_owned()
        }
        (StorePart::File(path) | StorePart::Companion(path), _) if cfg!(windows) => {
            format!("run `{}`", make_private(&path.to_string_lossy()))
        }
        (StorePart::Folder { .. }, _) if cfg!(windows) => {
            "keep the store in a folder that only you can change, such as one in your profile".to_owned()
        }
        (
            StorePart::Folder { path, is_ours: true } | StorePart::File(path) | StorePart::Companion(path),
            Exposure::List,
        ) => format!("run `setfacl -b {}`", word(&path.to_string_lossy())),
        (StorePart::Folder { path, is_ours: true }, _)
        | (StorePart::File(path) | StorePart::Companion(path), _) => {
            format!("run `chmod go-w {}`", word(&path.to_string_lossy()))
        }
        (StorePart::Folder { is_ours: false, .. }, _) => {
            "keep the store in a folder of your own, such as one that `mkdir -m 700 STORES` makes".to_owned()
        }
    }
}

fn address_hint(error: &AddressError) -> Option<String> {
    match error {
        AddressError::OptionsOnPath => {
            Some("give options in a URL: sqlite:PATH?missing=deny or redis://HOST?prefix=TEXT".to_owned())
        }
        AddressError::HostAndPort { text } => {
            Some(format!("write redis://{text} for a server, or ./{text} for a file"))
        }
        AddressError::InMemory => Some("give --store the path of a file".to_owned()),
        AddressError::Fragment => Some("write a # in a password as %23".to_owned()),
        AddressError::UnescapedPassword => {
            Some("in a password, write / as %2F, ? as %3F and # as %23".to_owned())
        }
        AddressError::UnknownOption { known, .. } => Some(format!("known options: {}", known.join(", "))),
        AddressError::RepeatedOption { .. }
        | AddressError::InvalidOption { .. }
        | AddressError::BraceInPrefix { .. } => None,
        AddressError::Empty
        | AddressError::UnknownScheme { .. }
        | AddressError::NoPath
        | AddressError::InvalidUrl(_)
        | AddressError::NoHost
        | AddressError::InvalidDatabase
        | AddressError::BrokenUrl
        | AddressError::NotUtf8 => {
            let forms: Vec<&str> = BACKENDS.iter().map(|kind| kind.forms).collect();
            Some(format!("write one of: {}", forms.join(", ")))
        }
    }
}

/// Joins words as "`a`, `b` or `c`".
fn listed(words: &[&str], last: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((end, rest)) if !rest.is_empty() => format!("{} {last} {end}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_the_texts_of_libraries() {
        let hostile = "-ERR \u{1b}[31m\u{202e}".to_owned();
        for error in [
            StoreError::Failed {
                operation: StoreOperation::Read,
                store: "redis://h:6379/0".into(),
                fault: StoreFault::Other { error: hostile.clone() },
            },
            StoreError::Failed {
                operation: StoreOperation::Read,
                store: "redis://h:6379/0".into(),
                fault: StoreFault::Connection { error: hostile.clone() },
            },
            StoreError::Unusable {
                path: "s.db".into(),
                fault: FileFault::Damaged { finding: hostile.clone() },
            },
            StoreError::NotCreated { path: "s.db".into(), cause: hostile.into() },
        ] {
            let text = error.to_string();
            assert!(text.ends_with(r"-ERR \u001b[31m\u202e"), "{text}");
        }
    }

    #[test]
    fn hints_at_the_forms_of_all_backends() {
        let error = CommandError::from(StoreError::from(AddressError::Empty));
        assert_eq!(
            error.hint(),
            Some("write one of: PATH, sqlite:PATH, redis://HOST:PORT/DATABASE, rediss://… (with TLS)")
        );
    }
}
