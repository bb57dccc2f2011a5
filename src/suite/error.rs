//! What can be wrong with suites, as facts. Their text and hints are in `error::suite`.

use super::location::SourceLocation;
use super::permission::Permission;
use super::tree::{NodeType, SyntaxError, SyntaxErrorKind};
use crate::core::json::JsonError;
use crate::error::Unwritten;
use crate::error::output::NewFileError;
use crate::input::InputError;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// A suite that cannot be run or written.
#[derive(Debug)]
pub(crate) enum SuiteError {
    /// The content of a file is wrong.
    Content { path: Arc<str>, error: ContentError },
    /// A file or folder cannot be read.
    Unreadable(InputError),
    /// A folder has no suite in it.
    NoSuite { path: PathBuf },
    /// The file of a new suite was not written.
    NotWritten(NewFileError),
    /// A new suite was not written to standard output.
    NoOutput(Unwritten),
}

/// An error in a suite file, with its location.
#[derive(Debug)]
pub(crate) struct ContentError {
    pub(crate) location: SourceLocation,
    pub(crate) kind: ContentErrorKind,
}

/// An error in a suite file.
#[derive(Debug)]
pub(crate) enum ContentErrorKind {
    Syntax(SyntaxErrorKind),

    // The suite
    /// A member, the suite itself or a case has the wrong type.
    WrongType {
        what: Subject,
        expected: ExpectedType,
        found: NodeType,
    },
    UnknownSuiteMember {
        name: String,
    },
    NoCases,
    /// A member of a single case among the defaults.
    NotADefault {
        name: String,
    },

    // A case
    NoName,
    EmptyName,
    DuplicateName {
        name: String,
        first_line: usize,
    },
    NoToken,
    /// A second source of the token.
    SecondToken,
    NoExpectation,
    EmptyExpectation,
    /// `accepted` beside other expectations.
    AcceptedAndRejected,
    /// An expectation that is not a code; the message says why.
    UnknownExpectation {
        message: String,
    },
    /// A time that cannot be parsed; the message says why.
    InvalidTime {
        message: String,
    },

    // The files of tokens
    NoFile {
        pattern: String,
    },
    FolderAsFile {
        path: PathBuf,
        pattern: String,
    },
    InvalidPattern {
        pattern: String,
        message: String,
    },
    /// A member reaches something outside of the suite, and the command line does not allow that.
    NotAllowed {
        outside: Outside,
        /// Everything that the suites of the run need, and that is not allowed.
        missing: BTreeSet<Permission>,
    },
    /// A file or folder that cannot be read.
    UnreadableFile(InputError),

    // Options and claims
    UnknownMember {
        name: String,
        similar: Option<String>,
    },
    /// A number whose digits change when it is parsed. It may be a secret, so it is not repeated.
    RewrittenNumber,
    SecretInSuite,
    StandardInput,
    /// A claim whose name no option can express.
    UnnameableClaim,
    /// An option that the command does not accept; the message says why.
    InvalidOption {
        message: String,
    },
    InvalidClaims(JsonError),
}

/// A thing outside of a suite that a member names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// A server.
    Url {
        member: String,
    },
    Store {
        member: String,
    },
    /// A path outside of the suite's own tree.
    Path {
        member: String,
        path: String,
    },
}

/// The item with the wrong type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Suite,
    Case,
    Member(String),
}

/// The type that a suite, a case or a member must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExpectedType {
    Flag,
    Text,
    /// One text, or a list of texts.
    Texts,
    FlagOrText,
    Table,
    Tables,
    Path,
    /// One path, or a list of paths.
    Paths,
    /// One expectation, or a list of them.
    Codes,
    Time,
}

impl ContentErrorKind {
    /// Returns the error of this kind at a location.
    pub(super) const fn at(self, location: SourceLocation) -> ContentError {
        ContentError { location, kind: self }
    }

    /// Returns the error of a member with the wrong type.
    pub(super) fn wrong_type(name: &str, expected: ExpectedType, found: NodeType) -> Self {
        Self::WrongType { what: Subject::Member(name.to_owned()), expected, found }
    }
}

impl ContentError {
    /// Returns the same error with the path of its file.
    pub(super) fn in_file(self, path: &Arc<str>) -> SuiteError {
        SuiteError::Content { path: Arc::clone(path), error: self }
    }
}

impl From<SyntaxError> for ContentError {
    fn from(error: SyntaxError) -> Self {
        ContentErrorKind::Syntax(error.kind).at(error.location)
    }
}

impl From<InputError> for SuiteError {
    fn from(error: InputError) -> Self {
        Self::Unreadable(error)
    }
}
