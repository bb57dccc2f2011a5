//! Turns arguments into bytes: the text itself, `@PATH`, standard input, folders, gzip, lines, and prompts. What the
//! bytes mean is decided elsewhere: `scan` finds tokens in them, `keys` loads keys from them.

pub(crate) mod gzip;
pub(crate) mod lines;
pub(crate) mod payload;
pub(crate) mod seed;
pub(crate) mod source;
pub(crate) mod text_source;
pub(crate) mod token;
pub(crate) mod walk;

use crate::host::HostError;
use crate::scan::pick::PickError;
use std::io;
use std::path::{Path, PathBuf};

/// The file, folder or stream that bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A file or a folder.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl Origin {
    /// Returns the origin of a path, or standard input if there is none.
    pub(crate) fn from_path(path: Option<&Path>) -> Self {
        path.map_or(Self::Stdin, |path| Self::Path(path.to_owned()))
    }
}

/// A value that a command asks for at a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PromptedValue {
    /// The token.
    Token,
    /// The HMAC secret.
    Secret,
    /// A password.
    Password {
        /// The password, named without an article.
        name: &'static str,
        /// The prefix of its options, such as `--password`.
        option: &'static str,
    },
}

/// An error of reading an argument.
#[derive(Debug)]
pub(crate) enum InputError {
    /// `@` without a path after it.
    NoPathAfterAt,
    /// A file, a folder or a stream that cannot be read.
    Unreadable {
        /// The content that was to be read, with its article: `the token`.
        purpose: &'static str,
        /// The origin of the content.
        origin: Origin,
        /// The cause.
        error: io::Error,
    },
    /// Content that is larger than anything `fob` reads at once.
    TooLarge {
        /// The content that was to be read.
        purpose: &'static str,
        /// The origin of the content.
        origin: Origin,
        /// The limit in bytes.
        limit: u64,
    },
    /// An error of the host: standard input was already read for another purpose.
    Host(HostError),
    /// No answer to a prompt, or no terminal to ask at.
    NotGiven(PromptedValue),
    /// A terminal that failed during a prompt.
    PromptFailed {
        /// The missing value.
        value: PromptedValue,
        /// The cause.
        error: io::Error,
    },
    /// An argument that contains no token and names no file.
    NeitherTokenNorFile(PathBuf),
    /// A text that does not hold exactly one token.
    Pick(PickError),
}

impl From<PickError> for InputError {
    fn from(error: PickError) -> Self {
        Self::Pick(error)
    }
}
