//! Opens a payload that is given apart from its token. A small one is held in memory. A large one is a stream, of which only
//! the beginning is in memory.

use super::source::open_file;
use super::{InputError, Origin};
use crate::host::{Host, PathKind};
use std::ffi::OsStr;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// The content that is read here, for messages.
const PURPOSE: &str = "the payload";

/// The size of a read in bytes: small enough for the cache of a processor.
const BLOCK: usize = 64 << 10;

/// A payload, opened.
pub(crate) enum OpenPayload<'h> {
    /// All its bytes.
    Held(Vec<u8>),
    /// A payload that is larger than the limit.
    Large(LargePayload<'h>),
}

/// A payload that is larger than the limit.
pub(crate) struct LargePayload<'h> {
    /// Its first bytes.
    begun: Vec<u8>,
    rest: Box<dyn Read + 'h>,
    origin: Origin,
}

/// Opens the payload that an argument stands for: the text itself, `@PATH`, or `-` for standard input. A payload of more
/// than `limit` bytes is not held in memory.
pub(crate) fn open<'h>(
    argument: &OsStr,
    limit: usize,
    host: &mut Host<'h>,
) -> Result<OpenPayload<'h>, InputError> {
    let text = argument.as_encoded_bytes();
    match argument.to_str().and_then(|text| text.strip_prefix('@')) {
        _ if text == b"-" => {
            let stream = host.take_stdin(PURPOSE).map_err(InputError::Host)?;
            begin(stream, limit, Origin::Stdin)
        }
        Some("") => Err(InputError::NoPathAfterAt),
        Some(path) => open_path(Path::new(path), limit, host),
        None => begin(Box::new(Cursor::new(text.to_vec())), limit, Origin::Stdin),
    }
}

/// Opens the payload in a file.
pub(crate) fn open_path<'h>(
    path: &Path,
    limit: usize,
    host: &Host<'_>,
) -> Result<OpenPayload<'h>, InputError> {
    begin(open_file(path, PURPOSE, host)?.stream, limit, Origin::Path(path.to_owned()))
}

fn begin<'h>(
    mut rest: Box<dyn Read + 'h>,
    limit: usize,
    origin: Origin,
) -> Result<OpenPayload<'h>, InputError> {
    let mut begun = Vec::new();
    let read = (&mut rest).take(limit as u64 + 1).read_to_end(&mut begun);
    read.map_err(|error| InputError::Unreadable { purpose: PURPOSE, origin: origin.clone(), error })?;
    if begun.len() <= limit {
        return Ok(OpenPayload::Held(begun));
    }
    Ok(OpenPayload::Large(LargePayload { begun, rest, origin }))
}

impl LargePayload<'_> {
    /// Reports whether the payload begins like a JSON object.
    pub(crate) fn is_like_json(&self) -> bool {
        self.begun.trim_ascii_start().starts_with(b"{")
    }

    /// Reads the payload to its end. Returns `None` if it has more than `limit` bytes.
    pub(crate) fn held(self, limit: usize) -> Result<Option<Vec<u8>>, InputError> {
        let Self { mut begun, rest, origin } = self;
        let more = limit.saturating_sub(begun.len()) as u64 + 1;
        let read = rest.take(more).read_to_end(&mut begun);
        read.map_err(|error| InputError::Unreadable { purpose: PURPOSE, origin, error })?;
        Ok((begun.len() <= limit).then_some(begun))
    }

    /// Reads the payload to its end, and passes each piece on.
    pub(crate) fn read(mut self, mut pass_on: impl FnMut(&[u8])) -> Result<(), InputError> {
        let Self { begun, origin, .. } = self;
        pass_on(&begun);
        drop(begun);
        let mut block = vec![0; BLOCK];
        loop {
            match self.rest.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(length) => pass_on(block.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(InputError::Unreadable { purpose: PURPOSE, origin, error }),
            }
        }
    }
}

/// Returns the file that a payload names. The user may have forgotten the `@` before it.
pub(crate) fn named_file(argument: &OsStr, host: &Host<'_>) -> Option<PathBuf> {
    let text = argument.as_encoded_bytes();
    let may_be_path = !text.is_empty() && text != b"-" && !text.starts_with(b"@");
    let path = Path::new(argument);
    (may_be_path && matches!((host.path_kind)(path), Ok(PathKind::File))).then(|| path.to_owned())
}
