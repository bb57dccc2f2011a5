//! Opens the texts that `inspect` searches: literal texts, files, folders and standard input, each as a stream.

use super::source::open_file;
use super::{InputError, Origin, gzip};
use crate::host::{Host, PathKind};
use crate::scan::advice::other_kind;
use crate::scan::scan;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// The content that is read here, for messages.
pub(crate) const PURPOSE: &str = "the text";

/// One argument that stands for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextSource {
    /// The text itself.
    Literal(Vec<u8>),
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
    /// An argument that contains no token and names no file.
    Neither(PathBuf),
}

impl TextSource {
    /// Returns the sources that the arguments stand for. A single argument that is nothing else is a literal text, unless it
    /// looks like the name of a file.
    pub(crate) fn from_arguments(arguments: &[OsString], host: &Host<'_>) -> Result<Vec<Self>, InputError> {
        let sources = arguments.iter().map(|argument| Self::from_argument(argument, host));
        let mut sources = sources.collect::<Result<Vec<_>, _>>()?;
        if let [Self::Neither(path)] = &*sources
            && !looks_like_file_name(path)
        {
            sources = vec![Self::Literal(path.as_os_str().as_encoded_bytes().to_vec())];
        }
        Ok(sources)
    }

    /// Returns the source that an argument stands for. An argument with a token in it is a text, even if there is a
    /// file of that name.
    fn from_argument(argument: &OsStr, host: &Host<'_>) -> Result<Self, InputError> {
        let text = argument.as_encoded_bytes();
        if text == b"-" {
            return Ok(Self::Stdin);
        }
        if let Some(path) = argument.to_str().and_then(|text| text.strip_prefix('@')) {
            if path.is_empty() {
                return Err(InputError::NoPathAfterAt);
            }
            return Ok(match (host.path_kind)(Path::new(path)) {
                Ok(PathKind::Folder { .. }) => Self::Folder(path.into()),
                _ => Self::File(path.into()),
            });
        }
        if !scan(text).is_empty() {
            return Ok(Self::Literal(text.to_vec()));
        }
        Ok(match (host.path_kind)(Path::new(argument)) {
            Ok(PathKind::Folder { .. }) => Self::Folder(argument.into()),
            Ok(PathKind::File) => Self::File(argument.into()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Self::File(argument.into()),
            Err(_) => Self::Neither(argument.into()),
        })
    }
}

/// Reports whether a text looks like the name of a file: one word with a short ending, or with a folder before it. Tokens of
/// other kinds have dots too, so a longer text is not taken for a file name.
fn looks_like_file_name(text: &Path) -> bool {
    const LONGEST: usize = 100;
    const ENDING: RangeInclusive<usize> = 2..=5;
    let Some(name) = text.to_str().filter(|name| name.len() <= LONGEST) else { return false };
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./~".contains(&byte));
    let ending = text.extension().and_then(OsStr::to_str).unwrap_or_default();
    let has_ending = ENDING.contains(&ending.len())
        && ending.starts_with(|c: char| c.is_ascii_alphabetic())
        && ending.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let has_folder = ["./", "../", "/", "~/"].iter().any(|start| name.starts_with(start));
    is_word && !name.starts_with("ey") && (has_ending || has_folder) && other_kind(name.as_bytes()).is_none()
}

/// Opens a file, or standard input if there is no path, and decompresses gzip.
pub(crate) fn open<'h>(path: Option<&Path>, host: &mut Host<'h>) -> Result<Box<dyn Read + 'h>, InputError> {
    let stream: Box<dyn Read + 'h> = match path {
        Some(path) => open_file(path, PURPOSE, host)?.stream,
        None => host.take_stdin(PURPOSE).map_err(InputError::Host)?,
    };
    gzip::decompressed(stream).map_err(|error| read_error(path, error))
}

/// Returns the error of a text that fails before its end.
pub(crate) fn read_error(path: Option<&Path>, error: io::Error) -> InputError {
    InputError::Unreadable { purpose: PURPOSE, origin: Origin::from_path(path), error }
}
