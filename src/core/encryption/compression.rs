//! DEFLATE (RFC 1951), the only compression of encrypted tokens (RFC 7516 section 4.1.3). Beside `input::gzip` the only
//! file that names flate2. It never writes more than its limit.

use crate::core::key::secret::Secret;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

/// A plaintext that cannot be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompressionError {
    /// The text is longer than the limit.
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The bytes are not one complete DEFLATE stream.
    Invalid,
}

/// Decompresses one complete stream to at most `limit` bytes.
///
/// # Errors
/// [`CompressionError`].
pub(super) fn inflate(compressed: &[u8], limit: usize) -> Result<Secret, CompressionError> {
    let mut stream = Decompress::new(false);
    // One byte more than the limit tells a text of that length from a longer one. The buffer never moves, so that no
    // copy of the text stays in memory.
    let mut text = vec![0; limit.saturating_add(1)];
    let status = stream.decompress(compressed, &mut text, FlushDecompress::Finish);
    let (read, written) = (stream.total_in(), usize::try_from(stream.total_out()).unwrap_or(usize::MAX));
    text.truncate(written);
    let text = Secret::new(text);
    if written > limit {
        return Err(CompressionError::TooLarge { limit });
    }
    match status {
        Ok(Status::StreamEnd) if read == compressed.len() as u64 => Ok(text),
        _ => Err(CompressionError::Invalid),
    }
}

/// Compresses a text.
pub(super) fn deflate(text: &[u8]) -> Option<Secret> {
    let mut stream = Compress::new(Compression::default(), false);
    // Text that cannot be compressed grows by five bytes for each block of at least 16 KiB.
    let mut compressed = vec![0; text.len() + text.len() / 1024 + 64];
    let status = stream.compress(text, &mut compressed, FlushCompress::Finish);
    compressed.truncate(usize::try_from(stream.total_out()).ok()?);
    let compressed = Secret::new(compressed);
    matches!(status, Ok(Status::StreamEnd)).then_some(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflates_what_it_deflates() {
        let mut seed = 7_u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as u8
        };
        for length in [0, 1, 100, 70_000] {
            let random: Vec<u8> = (0..length).map(|_| random()).collect();
            for text in [random, vec![b'a'; length]] {
                let compressed = deflate(&text).unwrap();
                assert_eq!(inflate(compressed.expose(), length).unwrap().expose(), text);
                assert_eq!(inflate(compressed.expose(), length + 9).unwrap().expose(), text);
            }
        }
    }

    #[test]
    fn stops_at_the_limit() {
        let bomb = deflate(&vec![0; 1 << 20]).unwrap();
        assert!(bomb.expose().len() < 2_000);
        for limit in [0, 1, 1_000, (1 << 20) - 1] {
            let error = inflate(bomb.expose(), limit).unwrap_err();
            assert_eq!(error, CompressionError::TooLarge { limit });
        }
        assert!(inflate(bomb.expose(), 1 << 20).is_ok());
    }

    #[test]
    fn rejects_cut_streams_and_trailing_bytes() {
        let compressed = deflate(b"a text that is compressed, a text that is compressed").unwrap();
        let bytes = compressed.expose();
        for length in 0..bytes.len() {
            assert_eq!(inflate(&bytes[..length], 1_000).unwrap_err(), CompressionError::Invalid);
        }
        let longer = [bytes, &[0]].concat();
        assert_eq!(inflate(&longer, 1_000).unwrap_err(), CompressionError::Invalid);
        assert_eq!(inflate(&[0xFF; 9], 1_000).unwrap_err(), CompressionError::Invalid);
    }
}
