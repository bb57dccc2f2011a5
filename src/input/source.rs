//! One argument, three ways to give it: the text itself, `@PATH`, or `-` for standard input.

use crate::diagnostics::Problem;
use crate::host::Host;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

/// How much is read, at the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Everything.
    None,
    /// So many bytes, and one more, so that it shows that there was more.
    Bytes(usize),
}

/// Reads what an argument stands for.
pub(crate) fn read(
    argument: &OsStr,
    purpose: &'static str,
    limit: Limit,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, Problem> {
    let text = argument.as_encoded_bytes();
    if text == b"-" {
        return read_stdin(purpose, limit, host);
    }
    match argument.to_str().and_then(|text| text.strip_prefix('@')) {
        Some(path) => read_file(Path::new(path), purpose, limit, host),
        None => Ok(text.to_vec()),
    }
}

/// Reads standard input to its end.
pub(crate) fn read_stdin(
    purpose: &'static str,
    limit: Limit,
    host: &mut Host<'_>,
) -> Result<Vec<u8>, Problem> {
    let stream = host.take_stdin(purpose)?;
    read_all(stream, limit)
        .map_err(|error| Problem::usage(format!("cannot read {purpose} from standard input: {error}")))
}

/// Reads a file.
pub(crate) fn read_file(
    path: &Path,
    purpose: &'static str,
    limit: Limit,
    host: &Host<'_>,
) -> Result<Vec<u8>, Problem> {
    (host.open)(path)
        .and_then(|file| read_all(file, limit))
        .map_err(|error| Problem::usage(format!("cannot read {purpose} from {}: {error}", path.display())))
}

fn read_all(mut stream: impl Read, limit: Limit) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match limit {
        Limit::None => stream.read_to_end(&mut bytes)?,
        Limit::Bytes(most) => stream.take(most as u64 + 1).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}
