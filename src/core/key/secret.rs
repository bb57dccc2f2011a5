//! Secret bytes, which are never displayed and are wiped from memory, and the formats in which users write them.

use crate::core::text::hex::from_hex;
use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use zeroize::{Zeroize as _, ZeroizeOnDrop, Zeroizing};

/// Secret bytes: no `Display`, a redacted `Debug`. Clones share them, and the last one wipes them when it is dropped.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<Vec<u8>>>);

/// The bytes are [`Zeroizing`].
impl ZeroizeOnDrop for Secret {}

impl Secret {
    /// Takes ownership of the bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(Zeroizing::new(bytes)))
    }

    /// Returns the bytes. Search for this name to find every place that reads a secret.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Secret bytes that arrive one after the other. When they need more room, the old room is wiped. A `Vec` leaves its old room as
/// it is.
pub struct SecretBuffer {
    /// The room, which is wiped when dropped. Zeros follow the bytes that arrived.
    room: Zeroizing<Vec<u8>>,
    length: usize,
}

impl ZeroizeOnDrop for SecretBuffer {}

impl SecretBuffer {
    /// Returns an empty buffer with room for so many bytes.
    #[must_use]
    pub fn with_room(bytes: usize) -> Self {
        Self { room: Zeroizing::new(vec![0; bytes]), length: 0 }
    }

    /// Returns the bytes so far.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.room.get(..self.length).unwrap_or_default()
    }

    /// Adds a byte.
    pub fn push(&mut self, byte: u8) {
        if let Some(place) = self.free_room().first_mut() {
            *place = byte;
            self.length += 1;
        }
    }

    /// Removes the last byte.
    pub fn pop(&mut self) -> Option<u8> {
        let (last, _) = self.room.get_mut(..self.length)?.split_last_mut()?;
        self.length -= 1;
        Some(std::mem::take(last))
    }

    /// Adds bytes of a stream, as many as it gives at once. Returns how many; 0 is the end of the stream.
    ///
    /// # Errors
    /// Those of the stream, except for interruptions.
    pub fn read_from(&mut self, stream: &mut impl Read) -> io::Result<usize> {
        loop {
            match stream.read(self.free_room()) {
                Ok(count) => {
                    self.length += count;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns the bytes. The caller makes them a [`Secret`] if they are one.
    #[must_use]
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.room.truncate(self.length);
        std::mem::take(&mut *self.room)
    }

    /// Returns the room behind the bytes, which is never empty.
    fn free_room(&mut self) -> &mut [u8] {
        const SMALLEST: usize = 64;
        if self.length >= self.room.len() {
            let mut larger = Zeroizing::new(vec![0; SMALLEST.max(2 * self.room.len())]);
            if let Some(start) = larger.get_mut(..self.room.len()) {
                start.copy_from_slice(&self.room);
            }
            self.room = larger;
        }
        self.room.get_mut(self.length..).unwrap_or_default()
    }
}

impl Extend<u8> for SecretBuffer {
    fn extend<T: IntoIterator<Item = u8>>(&mut self, bytes: T) {
        bytes.into_iter().for_each(|byte| self.push(byte));
    }
}

impl From<SecretBuffer> for Secret {
    fn from(buffer: SecretBuffer) -> Self {
        Self::new(buffer.into_bytes())
    }
}

/// The value of an environment variable that may be a secret. It is wiped when dropped.
pub struct SecretVariable(OsString);

impl SecretVariable {
    /// Takes ownership of the value.
    #[must_use]
    pub const fn new(value: OsString) -> Self {
        Self(value)
    }

    /// Returns the value.
    #[must_use]
    pub fn expose(&self) -> &OsStr {
        &self.0
    }
}

impl Drop for SecretVariable {
    fn drop(&mut self) {
        std::mem::take(&mut self.0).into_encoded_bytes().zeroize();
    }
}

impl ZeroizeOnDrop for SecretVariable {}

/// The format of a secret in a file, a variable or an option.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretFormat {
    /// The text itself, without one trailing line break.
    #[default]
    Text,
    /// Base64 in either alphabet, padded or not.
    Base64,
    /// Base64url, padded or not.
    Base64url,
    /// Hexadecimal digits.
    Hex,
    /// The bytes as they are.
    Raw,
}

/// A text that is not a secret in the format that the user named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretError {
    /// The text is not Base64.
    NotBase64,
    /// The text is not Base64url.
    NotBase64url,
    /// The text is not an even number of hexadecimal digits.
    NotHex,
}

impl SecretFormat {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Text, Self::Base64, Self::Base64url, Self::Hex, Self::Raw];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
            Self::Hex => "hex",
            Self::Raw => "raw",
        }
    }

    /// Decodes a secret. [`Text`](Self::Text) drops one trailing line break, which editors add to files.
    ///
    /// # Errors
    /// [`SecretError`], which does not contain the text.
    pub fn read(self, written: &[u8]) -> Result<Secret, SecretError> {
        match self {
            Self::Text => Ok(Secret::new(without_line_break(written).to_vec())),
            Self::Raw => Ok(Secret::new(written.to_vec())),
            Self::Base64 => {
                let written = without_white_space(written);
                // Laravel writes keys with this prefix, which is not Base64.
                let written = written.expose();
                let written = written.strip_prefix(b"base64:").unwrap_or(written);
                let url = written.iter().any(|byte| matches!(byte, b'-' | b'_'));
                base64(if url { &URL_SAFE } else { &STANDARD }, written).ok_or(SecretError::NotBase64)
            }
            Self::Base64url => {
                base64(&URL_SAFE, without_white_space(written).expose()).ok_or(SecretError::NotBase64url)
            }
            Self::Hex => hex(without_white_space(written).expose()).ok_or(SecretError::NotHex),
        }
    }
}

/// Returns the bytes without one trailing LF or CRLF.
#[must_use]
pub fn without_line_break(written: &[u8]) -> &[u8] {
    written.strip_suffix(b"\r\n").or_else(|| written.strip_suffix(b"\n")).unwrap_or(written)
}

/// Returns the text without white space: `base64` and `xxd` write several lines.
fn without_white_space(written: &[u8]) -> Secret {
    let mut text = SecretBuffer::with_room(written.len());
    text.extend(written.iter().copied().filter(|byte| !byte.is_ascii_whitespace()));
    text.into()
}

fn base64(alphabet: &base64::alphabet::Alphabet, written: &[u8]) -> Option<Secret> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config).decode(written).ok().map(Secret::new)
}

fn hex(written: &[u8]) -> Option<Secret> {
    let (pairs, rest) = written.as_chunks::<2>();
    let mut bytes = SecretBuffer::with_room(pairs.len());
    for [high, low] in pairs {
        bytes.push(from_hex(*high, *low)?);
    }
    rest.is_empty().then(|| bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: SecretFormat, written: &[u8]) -> Option<Vec<u8>> {
        format.read(written).ok().map(|secret| secret.expose().to_vec())
    }

    #[test]
    fn a_buffer_grows_and_keeps_its_bytes() {
        let mut buffer = SecretBuffer::with_room(3);
        assert_eq!(buffer.pop(), None);
        buffer.extend(0..200);
        assert_eq!(buffer.expose(), (0..200).collect::<Vec<u8>>());
        assert_eq!((buffer.pop(), buffer.pop()), (Some(199), Some(198)));
        buffer.push(7);
        let mut stream: &[u8] = &[1; 1000];
        while buffer.read_from(&mut stream).unwrap() > 0 {}
        let expected = [&(0..198).collect::<Vec<u8>>()[..], &[7], &[1; 1000]].concat();
        assert_eq!(buffer.expose(), expected);
        assert_eq!(Secret::from(buffer).expose(), expected);
    }

    #[test]
    fn text_drops_one_line_break_and_raw_drops_nothing() {
        assert_eq!(read(SecretFormat::Text, b"s \n\n").unwrap(), b"s \n");
        assert_eq!(read(SecretFormat::Text, b"s\r\n").unwrap(), b"s");
        assert_eq!(read(SecretFormat::Raw, b"s\n").unwrap(), b"s\n");
    }

    #[test]
    fn base64_accepts_both_alphabets_with_and_without_padding() {
        for written in ["+/8=", "+/8", "-_8=", "-_8", " -_8\n"] {
            assert_eq!(read(SecretFormat::Base64, written.as_bytes()).unwrap(), [0xFB, 0xFF], "{written}");
        }
        assert_eq!(read(SecretFormat::Base64url, b"-_8").unwrap(), [0xFB, 0xFF]);
        assert_eq!(read(SecretFormat::Base64url, b"+/8"), None);
        assert_eq!(read(SecretFormat::Base64, b"not base64!"), None);
    }

    #[test]
    fn hex_accepts_both_cases_and_whole_bytes() {
        assert_eq!(read(SecretFormat::Hex, b"00fFaB\n").unwrap(), [0x00, 0xFF, 0xAB]);
        assert_eq!(read(SecretFormat::Hex, b"0"), None);
        assert_eq!(read(SecretFormat::Hex, b"0g"), None);
    }

    #[test]
    fn errors_and_debug_output_hide_the_secret() {
        assert!(!SecretFormat::Hex.read(b"hunter2").unwrap_err().to_string().contains("hunter2"));
        assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "Secret(…)");
    }

    #[test]
    fn reads_on_after_an_interruption_and_reports_other_errors() {
        /// A stream that gives these bytes and errors, the last one first.
        struct Script(Vec<io::Result<u8>>);
        impl Read for Script {
            fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
                let Some(next) = self.0.pop() else { return Ok(0) };
                room[0] = next?;
                Ok(1)
            }
        }
        use io::ErrorKind::{BrokenPipe, Interrupted};
        let mut stream =
            Script(vec![Err(BrokenPipe.into()), Ok(7), Err(Interrupted.into()), Err(Interrupted.into())]);
        let mut buffer = SecretBuffer::with_room(1);
        assert_eq!(buffer.read_from(&mut stream).unwrap(), 1);
        assert_eq!(buffer.read_from(&mut stream).unwrap_err().kind(), BrokenPipe);
        assert_eq!(buffer.read_from(&mut stream).unwrap(), 0);
        assert_eq!(buffer.expose(), [7]);
    }
}
