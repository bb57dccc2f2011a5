//! Standard input at a terminal. By itself, a terminal collects lines of at most 4,095 characters and drops the rest.
//! Therefore its keys are read one by one, and the keys that edit a line are handled here.

use super::{signals, terminal_state};
use std::io::{self, Read, Write as _};

const END_OF_INPUT: u8 = 0x04;
const ERASE_LINE: u8 = 0x15;

/// A reader of what the user types and pastes. A line is delivered when it ends.
pub(super) struct TypedInput<R> {
    keys: R,
    /// The line that is being typed.
    line: Vec<u8>,
    /// The bytes that can be read.
    ready: Vec<u8>,
    /// The number of bytes of `ready` that were read.
    read: usize,
    state: InputState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputState {
    /// Nothing was read yet.
    New,
    /// The terminal delivers keys.
    Open,
    /// The user ended the input.
    Ended,
}

impl<R: Read> TypedInput<R> {
    /// Returns a reader that leaves the terminal alone until the first read.
    pub(super) const fn new(keys: R) -> Self {
        Self { keys, line: Vec::new(), ready: Vec::new(), read: 0, state: InputState::New }
    }

    /// Reads keys until a line or the input ends.
    fn fill(&mut self) -> io::Result<()> {
        if self.state == InputState::New {
            signals::listen();
            terminal_state::save(terminal_state::TerminalUse::Input);
            terminal_state::deliver_keys();
            self.state = InputState::Open;
        }
        let mut keys = [0; 4096];
        while self.ready.is_empty() && self.state == InputState::Open {
            let length = self.keys.read(&mut keys)?;
            if length == 0 {
                self.end();
            }
            for &key in keys.get(..length).unwrap_or_default() {
                self.press(key)?;
            }
        }
        Ok(())
    }

    /// Handles one key, like a terminal that collects lines.
    fn press(&mut self, key: u8) -> io::Result<()> {
        match key {
            // Keys after the end of the input are not read.
            _ if self.state == InputState::Ended => {}
            b'\n' => {
                self.line.push(b'\n');
                self.ready.append(&mut self.line);
            }
            // The echo of the key itself (^D, ^H, ^?, ^U) is erased as well.
            // A terminal that still collected lines leaves a NUL for the end of the input.
            0 if self.line.is_empty() => self.end(),
            END_OF_INPUT if self.line.is_empty() => {
                write!(io::stderr(), "\u{8}\u{8}  \u{8}\u{8}")?;
                self.end();
            }
            END_OF_INPUT => self.ready.append(&mut self.line),
            0x08 | 0x7f => {
                let erased = usize::from(self.line.pop().is_some());
                write!(io::stderr(), "{}", "\u{8} \u{8}".repeat(2 + erased))?;
            }
            ERASE_LINE => {
                write!(io::stderr(), "{}", "\u{8} \u{8}".repeat(2 + self.line.len()))?;
                self.line.clear();
            }
            key => self.line.push(key),
        }
        Ok(())
    }

    fn end(&mut self) {
        self.ready.append(&mut self.line);
        self.state = InputState::Ended;
        terminal_state::restore();
    }
}

impl<R: Read> Read for TypedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.ready.len() {
            self.ready.clear();
            self.read = 0;
            self.fill()?;
        }
        let rest = self.ready.get(self.read..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.read += length;
        Ok(length)
    }
}

impl<R> Drop for TypedInput<R> {
    fn drop(&mut self) {
        if self.state == InputState::Open {
            terminal_state::restore();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the bytes that a program reads after these keys.
    fn typed(keys: &[u8]) -> Vec<u8> {
        let mut input = TypedInput::new(keys);
        input.state = InputState::Open;
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn delivers_lines_of_any_length_as_they_were_edited() {
        let long = [b'a'; 20_000];
        assert_eq!(typed(&[&long[..], b"\n"].concat()).len(), 20_001);
        assert_eq!(typed(b"ab\x7fc\nx\x15y\n\x04z"), b"ac\ny\n");
        assert_eq!(typed(b"ab\x04\x04c"), b"ab");
        assert_eq!(typed(b"ab"), b"ab");
        assert_eq!(typed(b"\x04"), b"");
    }
}
