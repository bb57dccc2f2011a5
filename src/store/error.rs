//! The errors of stores, as facts. Their texts and hints are in `error/store.rs`.

use super::record::RecordError;
use crate::core::reason::Failure;
use std::io;
use std::path::PathBuf;

/// An error of a store.
#[derive(Debug)]
pub enum StoreError {
    /// The argument is not the address of a store.
    Address(AddressError),
    /// The path cannot be used as a store.
    Unusable {
        /// The path.
        path: PathBuf,
        /// Why not.
        fault: FileFault,
    },
    /// A new store could not be created.
    NotCreated {
        /// Its path.
        path: PathBuf,
        /// The error of the system or of SQLite.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An operation on a store failed.
    Failed {
        /// The operation.
        operation: StoreOperation,
        /// The path, or the server without its password.
        store: String,
        /// The failed step.
        fault: StoreFault,
    },
    /// The password for a server is not UTF-8.
    PasswordEncoding,
    /// A record cannot be read.
    Record(RecordError),
    /// A new token has the ID of a recorded one.
    DuplicateId {
        /// That `jti`, or the digest of a token without one.
        label: String,
        /// True if the token has a `jti`.
        has_jti: bool,
    },
    /// Other processes changed the same records at each attempt.
    Contended {
        /// The number of attempts.
        attempts: usize,
    },
    /// The claims of a token do not identify it.
    Unidentified(Failure),
}

/// An argument that is not the address of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    /// It is empty.
    Empty,
    /// No backend has this scheme.
    UnknownScheme {
        /// The scheme.
        scheme: String,
    },
    /// A server and its port without a scheme. A file of this name would be no store of the server.
    HostAndPort {
        /// The text.
        text: String,
    },
    /// `:memory:`, which SQLite keeps until the process ends.
    InMemory,
    /// A plain path ends with what looks like the options of a URL. Ignoring `missing=deny` would accept tokens.
    OptionsOnPath,
    /// `sqlite:` without a path.
    NoPath,
    /// The URL cannot be parsed.
    InvalidUrl(url::ParseError),
    /// The URL has no host.
    NoHost,
    /// The path of the URL is not a database number.
    InvalidDatabase,
    /// The URL has a fragment.
    Fragment,
    /// A part of the URL is not UTF-8 once it is percent-decoded.
    NotUtf8,
    /// A `/`, `?` or `#` precedes an `@`: most likely an unescaped password, so no part of the URL is repeated.
    UnescapedPassword,
    /// The text is a URL with a mistake before the name of its server. It may hold a password, so it is not kept.
    BrokenUrl,
    /// An option occurs twice.
    RepeatedOption {
        /// The option.
        name: &'static str,
    },
    /// The backend has no such option.
    UnknownOption {
        /// The option.
        name: String,
        /// The options it has.
        known: &'static [&'static str],
    },
    /// An option has an invalid value.
    InvalidOption {
        /// The option.
        name: &'static str,
        /// Its value.
        found: String,
        /// The values it can have.
        expected: &'static [&'static str],
    },
    /// The prefix contains a brace, which would change the hash tag of each key.
    BraceInPrefix {
        /// The prefix.
        prefix: String,
    },
}

/// A reason why a path cannot be used as a store.
#[derive(Debug)]
pub enum FileFault {
    /// It does not exist.
    Missing,
    /// It is a symbolic link to a path that does not exist.
    BrokenLink {
        /// That path.
        target: PathBuf,
    },
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// The system denied access to it.
    Inaccessible(io::Error),
    /// Another user can change it.
    Exposed {
        /// The part of the store.
        part: StorePart,
        /// How another user can change that part.
        exposure: Exposure,
    },
    /// A file that SQLite keeps beside a database is a link, a folder, a pipe or a device.
    CompanionNotAFile {
        /// Its path.
        path: PathBuf,
    },
    /// Its schema differs from that of this program.
    ForeignSchema(SchemaDifference),
    /// It is empty.
    Empty,
    /// It is not an SQLite database.
    NotADatabase,
    /// Another program created the database.
    ForeignDatabase,
    /// It has our table, but not the marks of this program: a copy that `.dump` or `.clone` of the SQLite shell made.
    Unmarked {
        /// The application ID that it lacks.
        application: u32,
        /// The version of the schema that it lacks.
        schema: u32,
    },
    /// Another version of this program wrote it.
    SchemaVersion {
        /// The version of its schema.
        found: u32,
        /// The only version that this program supports.
        supported: u32,
    },
    /// The database is damaged.
    Damaged {
        /// The finding of SQLite.
        finding: String,
    },
}

/// A part of a store in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorePart {
    /// The file.
    File(PathBuf),
    /// A file that SQLite keeps beside it.
    Companion(PathBuf),
    /// The folder of the file.
    Folder {
        /// Its path.
        path: PathBuf,
        /// True if the user of this process owns it, and it is not meant for all users.
        is_ours: bool,
    },
}

/// The way in which another user can change a part of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// As its owner.
    Owner {
        /// The name or the number of that user.
        name: String,
    },
    /// As a member of a group that may write it.
    Group {
        /// The name or the number of that group.
        name: String,
    },
    /// As a user of its access control list.
    List,
    /// As any user.
    Others,
}

/// A difference between a schema and that of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaDifference {
    /// An object that no store has.
    Unknown {
        /// Its kind, such as `trigger`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// An object that every store has, in another form.
    Changed {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: &'static str,
    },
    /// An object that every store has.
    Missing {
        /// Its kind.
        kind: &'static str,
        /// Its name.
        name: &'static str,
    },
}

/// An operation on a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreOperation {
    /// Opening a file.
    Open,
    /// Connecting to a server.
    Connect,
    /// Reading records.
    Read,
    /// Writing records.
    Write,
}

/// A reason why an operation on a store failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// Another process locked the file.
    Locked {
        /// How long this process waited.
        seconds: u64,
    },
    /// SQLite was not done in time.
    Overdue {
        /// The time limit.
        seconds: u64,
    },
    /// SQLite may not write to the file or to its folder.
    NotWritable,
    /// The disk is full.
    DiskFull,
    /// The server does not speak the Redis protocol.
    WrongProtocol,
    /// The server rejected the password.
    WrongPassword,
    /// A password was given, but the server needs none.
    NeedlessPassword,
    /// The server is a read-only replica.
    ReadOnlyReplica,
    /// The memory of the server is full.
    MemoryFull,
    /// The user lacks a permission on the server.
    NoPermission,
    /// A key holds a value of another type.
    WrongType,
    /// A cluster does not keep the keys on one node.
    CrossSlot,
    /// The nodes of a cluster redirect to each other.
    RedirectLoop {
        /// How many redirects were followed.
        redirects: usize,
    },
    /// The server did not respond in time.
    Timeout {
        /// The time limit.
        seconds: u64,
    },
    /// The server completed the steps of a listing too slowly.
    SlowList {
        /// How long this process waited.
        seconds: u64,
    },
    /// The server responded with an error that is not one of the above. It may be hostile.
    Response {
        /// The code, such as `LOADING`.
        code: String,
        /// The rest of the error.
        detail: String,
    },
    /// The connection failed.
    Connection {
        /// The error of the library; it may quote the server.
        error: String,
    },
    /// Any other error of a library; it may quote the server or the file.
    Other {
        /// The error.
        error: String,
    },
}

impl StoreError {
    /// Reports whether the store may have been changed although the operation failed.
    #[must_use]
    pub const fn is_uncertain(&self) -> bool {
        let Self::Failed { operation: StoreOperation::Write, fault, .. } = self else { return false };
        matches!(
            fault,
            StoreFault::WrongProtocol | StoreFault::Timeout { .. } | StoreFault::Connection { .. }
        )
    }
}

impl From<AddressError> for StoreError {
    fn from(error: AddressError) -> Self {
        Self::Address(error)
    }
}

impl From<RecordError> for StoreError {
    fn from(error: RecordError) -> Self {
        Self::Record(error)
    }
}
