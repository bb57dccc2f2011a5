//! The text and hints of errors in suites. Each names the file, the line and the column.

use super::{CommandError, ErrorKind};
use crate::core::text::escape::{Shown, excerpt};
use crate::suite::error::{ContentError, ContentErrorKind, ExpectedType, Outside, Subject, SuiteError};
use crate::suite::location::SourceLocation;
use crate::suite::permission::option;
use crate::suite::report::request::{ReportRequestError, ReportRequestErrorKind};
use crate::suite::tree::{MAX_NESTING, MAX_VALUES, NodeType, SyntaxErrorKind};
use std::fmt;

impl CommandError {
    /// Returns the same error with its location in a suite. Nothing is judged after an error in a suite.
    pub(crate) fn in_suite(self, path: &str, location: SourceLocation) -> Self {
        let source = self.source.context(format!("{path}:{location}"));
        let hints = self.hints.into_iter().map(hint_in_suite).collect();
        Self { kind: ErrorKind::Unjudged, source, hints, ..self }
    }
}

/// Rewrites a hint for suites: `fob test` has no options for secrets, so the hint names the member instead.
fn hint_in_suite(hint: String) -> String {
    match hint.split_once("or use --") {
        Some((before, member)) if member.ends_with("secret-file") => {
            format!("{before}or write {member} = \"PATH\" in the suite")
        }
        _ => hint,
    }
}

impl From<SuiteError> for CommandError {
    fn from(error: SuiteError) -> Self {
        match error {
            SuiteError::Unreadable(error) => error.into(),
            SuiteError::NotWritten(error) => error.into(),
            SuiteError::NoOutput(error) => error.into(),
            SuiteError::Content { path, error: ContentError { location, kind } } => {
                let error = match kind {
                    ContentErrorKind::UnreadableFile(error) => Self::from(error),
                    kind => {
                        let hint = hint(&kind);
                        let error = Self::new(ErrorKind::Unjudged, kind);
                        hint.into_iter().fold(error, Self::with_hint)
                    }
                };
                error.in_suite(&path, location)
            }
            error @ SuiteError::NoSuite { .. } => Self::new(ErrorKind::Unjudged, error)
                .with_hint("a suite is a TOML, YAML or JSON file with a list `cases`"),
        }
    }
}

fn hint(kind: &ContentErrorKind) -> Option<String> {
    Some(
        match kind {
            ContentErrorKind::Syntax(SyntaxErrorKind::Tag) => "put the text in quotes instead",
            ContentErrorKind::UnknownSuiteMember { .. } => "a suite has `test_secrets`, `defaults` and `cases`",
            ContentErrorKind::NoToken => "add `token`, `token_file` or `mint`",
            ContentErrorKind::NoExpectation => {
                "add `expect` with `accepted`, `rejected`, `malformed`, a reason code, or a list of them"
            }
            ContentErrorKind::UnknownExpectation { .. } => {
                "expect `accepted`, `rejected`, `malformed`, or a reason code"
            }
            ContentErrorKind::FolderAsFile { pattern, .. } => {
                return Some(format!("write {pattern}/* for the files in it"));
            }
            ContentErrorKind::UnknownMember { similar: Some(similar), .. } => {
                return Some(format!("did you mean `{similar}`?"));
            }
            ContentErrorKind::UnknownMember { similar: None, .. } => {
                "besides its own members, a case takes the long options of the command"
            }
            ContentErrorKind::NotAllowed { missing, .. } => {
                return Some(format!("if you trust the suite, add {}", option(missing)));
            }
            ContentErrorKind::RewrittenNumber => "write it in quotes",
            ContentErrorKind::SecretInSuite => {
                "name a variable with `secret-env` or a file with `secret-file`; for a secret that protects nothing, write `test_secrets = true` in the first line"
            }
            ContentErrorKind::StandardInput => "name a file or a variable",
            _ => return None,
        }
        .to_owned(),
    )
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content { path, error } => write!(f, "{path}:{}: {}", error.location, error.kind),
            Self::Unreadable(error) => error.fmt(f),
            Self::NotWritten(error) => error.fmt(f),
            Self::NoOutput(error) => error.fmt(f),
            Self::NoSuite { path } => write!(f, "no suite in {}", path.display()),
        }
    }
}

impl std::error::Error for SuiteError {}

impl fmt::Display for ContentErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(kind) => kind.fmt(f),
            Self::WrongType { what, expected, found } => write!(f, "{what} must be {expected}, not {found}"),
            Self::UnknownSuiteMember { name } => {
                write!(f, "unknown member `{}` of a suite", Shown(&excerpt(name)))
            }
            Self::NoCases => f.write_str("this suite has no cases"),
            Self::NotADefault { name } => write!(f, "`{name}` belongs to one case and cannot be a default"),
            Self::NoName => f.write_str("this case has no `name`"),
            Self::EmptyName => f.write_str("`name` must be text, and not empty"),
            Self::DuplicateName { name, first_line } => {
                write!(f, "duplicate case name `{}`, first in line {first_line}", Shown(&excerpt(name)))
            }
            Self::NoToken => f.write_str("this case has no token"),
            Self::SecondToken => f.write_str("a case has one token: `token`, `token_file` or `mint`"),
            Self::NoExpectation => f.write_str("this case has no `expect`"),
            Self::EmptyExpectation => f.write_str("`expect` is an empty list"),
            Self::AcceptedAndRejected => f.write_str("`accepted` cannot be expected with other outcomes"),
            Self::UnknownExpectation { message } | Self::InvalidOption { message } => f.write_str(message),
            Self::InvalidTime { message } => write!(f, "`at` must be a time: {message}"),
            Self::NoFile { pattern } => write!(f, "no file {pattern}"),
            Self::FolderAsFile { path, .. } => write!(f, "{} is a folder", path.display()),
            Self::InvalidPattern { pattern, message } => write!(f, "invalid pattern `{pattern}`: {message}"),
            Self::NotAllowed { outside, .. } => outside.fmt(f),
            Self::UnreadableFile(error) => error.fmt(f),
            Self::UnknownMember { name, .. } => write!(f, "unknown member `{}`", Shown(name)),
            Self::RewrittenNumber => f.write_str("this number would change when parsed"),
            Self::SecretInSuite => f.write_str("a suite must not contain a secret"),
            Self::StandardInput => f.write_str("a suite cannot read standard input"),
            Self::UnnameableClaim => f.write_str("a claim here must have a name without `=`"),
            Self::InvalidClaims(error) => write!(f, "these claims are {error}"),
        }
    }
}

impl std::error::Error for ContentErrorKind {}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { member } => {
                write!(f, "`{member}` names a server, and a suite may not open connections")
            }
            Self::Store { member } => write!(f, "`{member}` names a store, and a suite may not use stores"),
            Self::Path { member, path } => {
                write!(
                    f,
                    "`{member}` names {}, which is not in the folder of the suite",
                    Shown(&excerpt(path))
                )
            }
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suite => f.write_str("a suite"),
            Self::Case => f.write_str("a case"),
            Self::Member(name) => write!(f, "`{name}`"),
        }
    }
}

impl fmt::Display for ExpectedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "true or false",
            Self::Text => "text",
            Self::Texts => "text or a list of texts",
            Self::FlagOrText => "true, false or text",
            Self::Table => "a table",
            Self::Tables => "a list of tables",
            Self::Path => "a path",
            Self::Paths => "a path or a list of paths",
            Self::Codes => "a code or a list of codes",
            Self::Time => "a time",
        })
    }
}

impl fmt::Display for NodeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Text => "text",
            Self::List => "a list",
            Self::Table => "a table",
        })
    }
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUtf8 => f.write_str("not UTF-8"),
            Self::Json(kind) => write!(f, "not JSON: {kind}"),
            Self::Toml(message) => write!(f, "not TOML: {message}"),
            Self::Yaml(message) => write!(f, "not YAML: {}", Shown(message)),
            Self::Empty => f.write_str("this file is empty"),
            Self::TooDeep => write!(f, "nested deeper than {MAX_NESTING} levels"),
            Self::TooManyValues => write!(f, "more than {MAX_VALUES} values"),
            Self::DuplicateMember { name, first_line } => {
                write!(f, "duplicate member `{}`, first in line {first_line}", Shown(&excerpt(name)))
            }
            Self::NameNotText => f.write_str("a member name must be text"),
            Self::IntegerTooLarge => f.write_str("this integer is too large"),
            Self::NotInJson => f.write_str("JSON has no infinity and no NaN"),
            Self::SecondDocument => {
                f.write_str("a suite must be one YAML document, and a second begins here")
            }
            Self::UnknownAlias => f.write_str("this YAML alias has no anchor"),
            Self::Tag => f.write_str("YAML tags are not supported"),
        }
    }
}

impl fmt::Display for ReportRequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (form, names) = match self.formats.as_slice() {
            [only] => (format!("{only}=PATH"), format!("the only format is {only}")),
            several => ("FORMAT=PATH".to_owned(), format!("the formats are {}", several.join(", "))),
        };
        let meant = self.meant.as_ref().map(|meant| Shown(meant).to_string());
        match (&self.kind, meant) {
            (ReportRequestErrorKind::NoFormat, Some(meant)) => write!(f, "not {form}: write {meant}"),
            (ReportRequestErrorKind::UnknownFormat(_), Some(meant)) => {
                write!(f, "unknown report format: write {meant}")
            }
            (ReportRequestErrorKind::NoFormat, None) => write!(f, "write {form}; {names}"),
            (ReportRequestErrorKind::UnknownFormat(name), None) => {
                write!(f, "unknown report format `{}`; {names}", Shown(&excerpt(name)))
            }
            (ReportRequestErrorKind::NoPath, _) => {
                f.write_str("write a path after =, or - for standard output")
            }
        }
    }
}

impl std::error::Error for ReportRequestError {}
