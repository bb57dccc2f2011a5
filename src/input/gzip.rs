//! Text that may be compressed: gzip is known by its first bytes (RFC 1952), whatever the file is called, and read as what
//! it was. The only file that names flate2.

use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, Read};

/// The text of a stream.
///
/// # Errors
/// Those of the stream, as far as it is read to see what it is.
pub(crate) fn plain<'s>(mut stream: Box<dyn Read + 's>) -> io::Result<Box<dyn Read + 's>> {
    const MAGIC: [u8; 2] = [0x1F, 0x8B];
    // As much as comes at once: what is asked for in small pieces is kept back by whoever reads ahead, and nobody who
    // waits for a stream knows of it.
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
    Ok(if is_gzip { Box::new(Inflated(MultiGzDecoder::new(whole))) } else { Box::new(whole) })
}

/// A stream that is decompressed as it is read, so that no more is held of it than of any other.
struct Inflated<R>(MultiGzDecoder<R>);

impl<R: Read> Read for Inflated<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        use io::ErrorKind as Kind;
        self.0.read(bytes).map_err(|error| match error.kind() {
            Kind::UnexpectedEof => io::Error::other("the gzip stream ends too soon"),
            Kind::InvalidInput | Kind::InvalidData => {
                io::Error::other(format!("the gzip stream is broken: {error}"))
            }
            _ => error,
        })
    }
}
