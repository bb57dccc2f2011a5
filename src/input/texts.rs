//! What is to be looked through: texts, files, folders with all that is in them, and standard input, each as a stream.

use super::gzip;
use super::source::{open_file, shown_path, unreadable};
use crate::error::CommandError;
use crate::host::{Host, PathKind};
use crate::scan::scan;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// One thing that was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// The text itself.
    Literal(Vec<u8>),
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
    /// Neither a text with a token in it nor a path.
    Nothing(PathBuf),
}

/// What an argument stands for. A text with a token in it is one, whatever files there are; then it may be a path.
pub(crate) fn of(argument: &OsStr, is_alone: bool, host: &Host<'_>) -> Result<Text, CommandError> {
    let text = argument.as_encoded_bytes();
    if text == b"-" {
        return Ok(Text::Stdin);
    }
    if let Some(path) = argument.to_str().and_then(|text| text.strip_prefix('@')) {
        if path.is_empty() {
            return Err(CommandError::usage("after @ comes the path of a file"));
        }
        return Ok(match (host.path_kind)(Path::new(path)) {
            Ok(PathKind::Folder { .. }) => Text::Folder(path.into()),
            _ => Text::File(path.into()),
        });
    }
    if !scan(text).is_empty() {
        return Ok(Text::Literal(text.to_vec()));
    }
    Ok(match (host.path_kind)(Path::new(argument)) {
        Ok(PathKind::Folder { .. }) => Text::Folder(argument.into()),
        Ok(PathKind::File) => Text::File(argument.into()),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Text::File(argument.into()),
        Err(_) if is_alone => Text::Literal(text.to_vec()),
        Err(_) => Text::Nothing(argument.into()),
    })
}

/// The text of a file, and that of standard input.
pub(crate) fn open<'h>(path: Option<&Path>, host: &mut Host<'h>) -> Result<Box<dyn Read + 'h>, CommandError> {
    let stream: Box<dyn Read + 'h> = match path {
        Some(path) => open_file(path, PURPOSE, host)?.stream,
        None => host.take_stdin(PURPOSE)?,
    };
    gzip::plain(stream).map_err(|error| failure(path, &error))
}

/// What is read here.
pub(crate) const PURPOSE: &str = "the text";

/// What to say if a stream ends before its end.
pub(crate) fn failure(path: Option<&Path>, error: &io::Error) -> CommandError {
    match path {
        Some(path) => unreadable(path, PURPOSE, error),
        None => CommandError::usage(format!("cannot read {PURPOSE} from standard input: {error}")),
    }
}

/// What to say of an argument that is nothing.
pub(crate) fn nothing(path: &Path) -> CommandError {
    CommandError::usage(format!("there is no token in `{}`, and no such file", shown_path(path)))
}
