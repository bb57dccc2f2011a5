//! Opens an input of many lines as a stream. It reads nothing itself; `batch` does.

use super::source::open_file;
use super::{InputError, Origin};
use crate::host::{Host, Level};
use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;

/// A stream of lines, and where it comes from.
pub(crate) struct LineSource<'h> {
    /// The bytes.
    pub(crate) stream: Box<dyn Read + Send + 'h>,
    /// The number of bytes, if it is known.
    pub(crate) length: Option<u64>,
    /// The content of the lines, with its article: `the tokens`.
    pub(crate) purpose: &'static str,
    /// The origin, for messages.
    pub(crate) origin: Origin,
}

impl<'h> LineSource<'h> {
    /// Opens the argument of `--lines`: `-`, a path, or `@` and a path.
    pub(crate) fn open(
        argument: &OsStr,
        purpose: &'static str,
        host: &mut Host<'h>,
    ) -> Result<Self, InputError> {
        if argument == "-" {
            if host.stdin_is_terminal {
                host.message(Level::Hint, "enter one per line, and press Ctrl-D on an empty line to finish");
            }
            let length = (host.stdin_length)();
            let stream = host.take_stdin(purpose).map_err(InputError::Host)?;
            return Ok(Self { stream, length, purpose, origin: Origin::Stdin });
        }
        let path = argument.to_str().and_then(|text| text.strip_prefix('@')).map_or(argument, OsStr::new);
        let path = Path::new(path);
        let file = open_file(path, purpose, host)?;
        Ok(Self { stream: file.stream, length: file.length, purpose, origin: Origin::Path(path.to_owned()) })
    }
}
