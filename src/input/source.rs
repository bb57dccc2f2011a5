//! Reads one argument, which is given as the text itself, as `@PATH`, or as `-` for standard input. What is too large
//! is refused, never cut off.

use super::{InputError, Origin, PromptedValue};
use crate::core::key::secret::{Secret, SecretBuffer};
use crate::host::{Echo, Host, OpenFile};
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

/// The maximum size of an input that is held in memory, in bytes.
const LARGEST: u64 = 256 << 20;

/// Reads the bytes that an argument stands for.
pub(crate) fn read(
    argument: &OsStr,
    purpose: &'static str,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, InputError> {
    let text = argument.as_encoded_bytes();
    if text == b"-" {
        return read_stdin(purpose, host);
    }
    match argument.to_str().and_then(|text| text.strip_prefix('@')) {
        Some("") => Err(InputError::NoPathAfterAt),
        Some(path) => read_file(Path::new(path), purpose, host),
        None => Ok(text.to_vec()),
    }
}

/// Reads standard input to its end.
pub(crate) fn read_stdin(purpose: &'static str, host: &mut Host<'_>) -> Result<Vec<u8>, InputError> {
    let stream = host.take_stdin(purpose).map_err(InputError::Host)?;
    read_all(stream, None, purpose, || Origin::Stdin)
}

/// Reads a file.
pub(crate) fn read_file(path: &Path, purpose: &'static str, host: &Host<'_>) -> Result<Vec<u8>, InputError> {
    read_open_file(path, purpose, host).map(|(bytes, _)| bytes.expose().to_vec())
}

/// Reads a file that may be secret. The second value reports whether other users can read it.
pub(crate) fn read_open_file(
    path: &Path,
    purpose: &'static str,
    host: &Host<'_>,
) -> Result<(Secret, bool), InputError> {
    read_opened(open_file(path, purpose, host)?, path, purpose)
}

/// Opens a file.
pub(crate) fn open_file(path: &Path, purpose: &'static str, host: &Host<'_>) -> Result<OpenFile, InputError> {
    (host.open)(path).map_err(|error| unreadable(path, purpose, error))
}

/// Reads a file that is already open. The second value reports whether other users can read it.
pub(crate) fn read_opened(
    file: OpenFile,
    path: &Path,
    purpose: &'static str,
) -> Result<(Secret, bool), InputError> {
    let bytes = read_all(file.stream, file.length, purpose, || Origin::Path(path.to_owned()))?;
    Ok((Secret::new(bytes), file.is_shared))
}

/// Returns the error of a path that cannot be read.
pub(crate) fn unreadable(path: &Path, purpose: &'static str, error: io::Error) -> InputError {
    InputError::Unreadable { purpose, origin: Origin::Path(path.to_owned()), error }
}

/// Reports whether an error says that there is no file of this name.
pub(crate) fn names_no_file(error: &InputError) -> bool {
    use io::ErrorKind::{InvalidFilename, NotFound};
    matches!(error, InputError::Unreadable { error, .. } if matches!(error.kind(), NotFound | InvalidFilename))
}

/// Asks for a value at the terminal.
pub(crate) fn ask(
    question: &str,
    echo: Echo,
    value: PromptedValue,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, InputError> {
    let answer = if host.can_prompt(echo) { host.prompter.ask(question, echo) } else { Ok(None) };
    match answer {
        Ok(Some(text)) => Ok(text.into_bytes()),
        Ok(None) => Err(InputError::NotGiven(value)),
        Err(error) => Err(InputError::PromptFailed { value, error }),
    }
}

/// Reads a stream to its end, whose length may be known. The bytes may be secret, so no copy of them is left behind.
fn read_all(
    mut stream: impl Read,
    length: Option<u64>,
    purpose: &'static str,
    origin: impl Fn() -> Origin,
) -> Result<Vec<u8>, InputError> {
    /// The room for a stream of unknown length.
    const USUAL: u64 = 2 << 10;
    // One more byte shows the end.
    let room = length.map_or(USUAL, |length| length.min(LARGEST) + 1);
    let mut bytes = SecretBuffer::with_room(usize::try_from(room).unwrap_or_default());
    let unreadable = |error| InputError::Unreadable { purpose, origin: origin(), error };
    while bytes.read_from(&mut stream).map_err(unreadable)? > 0 {
        if bytes.expose().len() as u64 > LARGEST {
            return Err(InputError::TooLarge { purpose, origin: origin(), limit: LARGEST });
        }
    }
    Ok(bytes.into_bytes())
}
