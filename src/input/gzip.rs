//! Decompresses gzip streams, which are recognized by their first bytes (RFC 1952) and not by a file name. Beside
//! `core::encryption::compression` the only file that names flate2.

use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};

/// An error of a gzip stream.
#[derive(Debug)]
pub(crate) enum GzipError {
    /// The stream ends before the compressed data does.
    Truncated,
    /// The stream is damaged.
    Damaged(io::Error),
}

/// Returns the decompressed text of a stream, or the stream itself if it is not gzip.
///
/// # Errors
/// Returns the errors of reading the first bytes.
pub(crate) fn decompressed<'s>(mut stream: Box<dyn Read + 's>) -> io::Result<Box<dyn Read + 's>> {
    const MAGIC: [u8; 2] = [0x1F, 0x8B];
    // A large buffer takes everything that one read brings. A small one would leave bytes in the reader below, where
    // waiting for the stream does not see them.
    let mut first = vec![0; 64 << 10];
    let mut length = 0;
    while length < MAGIC.len() {
        match stream.read(first.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(bytes) => length += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    first.truncate(length);
    let is_gzip = first.starts_with(&MAGIC);
    let whole = Cursor::new(first).chain(stream);
    Ok(if is_gzip { Box::new(GzipStream(MultiGzDecoder::new(whole))) } else { Box::new(whole) })
}

/// A gzip stream that is decompressed while it is read, so that its size does not matter.
struct GzipStream<R>(MultiGzDecoder<R>);

impl<R: Read> Read for GzipStream<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind as Kind;
        self.0.read(bytes).map_err(|error| match error.kind() {
            Kind::UnexpectedEof => io::Error::other(GzipError::Truncated),
            Kind::InvalidInput | Kind::InvalidData => io::Error::other(GzipError::Damaged(error)),
            _ => error,
        })
    }
}
