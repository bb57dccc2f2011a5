//! One argument, three ways to give it: the text itself, `@PATH`, or `-` for standard input.

use crate::core::key::secret::Secret;
use crate::error::CommandError;
use crate::host::{Echo, Host, OpenFile};
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

/// How much is read, at the most, in bytes. What is larger is refused; a part of it is never taken for the whole.
const LARGEST: u64 = 256 << 20;

/// Reads what an argument stands for.
pub(crate) fn read(
    argument: &OsStr,
    purpose: &'static str,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, CommandError> {
    let text = argument.as_encoded_bytes();
    if text == b"-" {
        return read_stdin(purpose, host);
    }
    match argument.to_str().and_then(|text| text.strip_prefix('@')) {
        Some("") => Err(CommandError::usage("after @ comes the path of a file")),
        Some(path) => read_file(Path::new(path), purpose, host),
        None => Ok(text.to_vec()),
    }
}

/// Reads standard input to its end.
pub(crate) fn read_stdin(purpose: &'static str, host: &mut Host<'_>) -> Result<Vec<u8>, CommandError> {
    let stream = host.take_stdin(purpose)?;
    read_all(stream)
        .map_err(|error| CommandError::usage(format!("cannot read {purpose} from standard input: {error}")))
}

/// Reads a file.
pub(crate) fn read_file(
    path: &Path,
    purpose: &'static str,
    host: &Host<'_>,
) -> Result<Vec<u8>, CommandError> {
    read_open_file(path, purpose, host).map(|(bytes, _)| bytes.expose().to_vec())
}

/// Reads a file that may be secret, and whether others can read it, too.
pub(crate) fn read_open_file(
    path: &Path,
    purpose: &'static str,
    host: &Host<'_>,
) -> Result<(Secret, bool), CommandError> {
    read_opened(open_file(path, purpose, host)?, path, purpose)
}

/// Opens a file.
pub(crate) fn open_file(
    path: &Path,
    purpose: &'static str,
    host: &Host<'_>,
) -> Result<OpenFile, CommandError> {
    (host.open)(path).map_err(|error| unreadable(path, purpose, &error))
}

/// Reads a file that is open already.
pub(crate) fn read_opened(
    file: OpenFile,
    path: &Path,
    purpose: &'static str,
) -> Result<(Secret, bool), CommandError> {
    let bytes = read_all(file.stream).map_err(|error| unreadable(path, purpose, &error))?;
    Ok((Secret::new(bytes), file.is_shared))
}

pub(crate) fn unreadable(path: &Path, purpose: &str, error: &io::Error) -> CommandError {
    CommandError::usage(format!("cannot read {purpose} from {}: {error}", shown_path(path)))
}

/// A path as it can be repeated: what somebody gave instead of one may be a secret.
pub(crate) fn shown_path(path: &Path) -> String {
    const LONGEST: usize = 200;
    let text = path.display().to_string();
    let is_path = text.len() <= LONGEST && !text.contains(['{', '"', '\n']) && !text.contains("-----");
    if is_path { text } else { "what was given as a path, which looks like something else".to_owned() }
}

/// Asks the person at the terminal. `what` is what is missing if nobody answers, `hint` how to give it otherwise.
pub(crate) fn ask(
    question: &str,
    echo: Echo,
    what: &str,
    hint: &str,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, CommandError> {
    let answer = if host.can_prompt(echo) { host.prompter.ask(question, echo) } else { Ok(None) };
    match answer {
        Ok(Some(text)) => Ok(text.into_bytes()),
        Ok(None) => Err(CommandError::usage(format!("no {what} was given")).with_hint(hint)),
        Err(error) => Err(CommandError::usage(format!("cannot ask for the {what}: {error}"))),
    }
}

fn read_all(stream: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}
