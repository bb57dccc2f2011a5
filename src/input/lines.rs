//! An input of many lines, opened to be read as it comes.

use super::source::open_file;
use crate::error::CommandError;
use crate::host::{Host, Level};
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

/// Lines, and where they come from.
pub(crate) struct Source<'h> {
    /// The bytes.
    pub(crate) stream: Box<dyn Read + Send + 'h>,
    /// How many there are, where that is known.
    pub(crate) length: Option<u64>,
    /// What they are read for.
    pub(crate) purpose: &'static str,
    /// Where they come from, for messages.
    pub(crate) name: String,
}

/// Opens what `--lines` names: `-`, a path, or a path behind `@`.
pub(crate) fn open<'h>(
    argument: &OsStr,
    purpose: &'static str,
    host: &mut Host<'h>,
) -> Result<Source<'h>, CommandError> {
    if argument == "-" {
        if host.stdin_is_terminal {
            host.message(Level::Hint, "one a line, and Ctrl-D on a line of its own ends it");
        }
        let length = (host.stdin_length)();
        let stream = host.take_stdin(purpose)?;
        return Ok(Source { stream, length, purpose, name: "standard input".to_owned() });
    }
    let path =
        Path::new(argument.to_str().and_then(|text| text.strip_prefix('@')).map_or(argument, OsStr::new));
    let file = open_file(path, purpose, host)?;
    Ok(Source { stream: file.stream, length: file.length, purpose, name: path.display().to_string() })
}
