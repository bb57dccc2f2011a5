//! The answer to a prompt while it is typed: the keys that edit a line, and the keys that a hidden answer refuses.

use crate::core::key::secret::SecretBuffer;
use crate::host::Echo;
use std::io;

const CANCEL: u8 = 0x03;
const END_OF_INPUT: u8 = 0x04;
const ERASE_LINE: u8 = 0x15;
const ERASE_WORD: u8 = 0x17;

/// A line under construction.
pub(super) struct TypedLine {
    bytes: SecretBuffer,
    /// The first control key in the line that edits nothing.
    control: Option<u8>,
}

/// The effect of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyEffect {
    /// The key is part of the line.
    Added,
    /// This many characters were removed.
    Erased(usize),
    /// The line is complete.
    Ended,
    /// The user wants to give no answer.
    Cancelled,
}

impl TypedLine {
    /// Returns an empty line.
    pub(super) fn new() -> Self {
        Self { bytes: SecretBuffer::with_room(0), control: None }
    }

    /// Handles one key, like a terminal that collects lines.
    pub(super) fn press(&mut self, key: u8) -> KeyEffect {
        match key {
            b'\n' | b'\r' => return KeyEffect::Ended,
            // Ctrl-D cancels the prompt, as Ctrl-C does.
            CANCEL | END_OF_INPUT => return KeyEffect::Cancelled,
            // A terminal that still collected lines leaves a NUL for the end of the input.
            0 if self.bytes.expose().is_empty() && self.control.is_none() => return KeyEffect::Cancelled,
            0x08 | 0x7f => return KeyEffect::Erased(usize::from(self.erase_character().is_some())),
            ERASE_WORD => return KeyEffect::Erased(self.erase_word()),
            ERASE_LINE => {
                self.control = None;
                return KeyEffect::Erased(std::iter::from_fn(|| self.erase_character()).count());
            }
            key if key.is_ascii_control() => {
                self.control.get_or_insert(key);
            }
            _ => {}
        }
        self.bytes.push(key);
        KeyEffect::Added
    }

    /// Removes the last character, all its bytes. Returns its first byte.
    fn erase_character(&mut self) -> Option<u8> {
        loop {
            match self.bytes.pop()? {
                0x80..=0xbf if !self.bytes.expose().is_empty() => {}
                first => return Some(first),
            }
        }
    }

    /// Removes the last word with the blanks behind it. Returns the number of characters.
    fn erase_word(&mut self) -> usize {
        let is_blank = |byte: &u8| *byte == b' ';
        let blanks = self.bytes.expose().iter().rev().take_while(|byte| is_blank(byte)).count();
        let word = self.bytes.expose().iter().rev().skip(blanks).take_while(|byte| !is_blank(byte)).count();
        let rest = self.bytes.expose().len() - blanks - word;
        let mut erased = 0;
        while self.bytes.expose().len() > rest && self.erase_character().is_some() {
            erased += 1;
        }
        erased
    }

    /// Returns the text of the line. A hidden answer is never changed: the user cannot see it.
    ///
    /// # Errors
    /// If a hidden answer holds a control character or is not UTF-8.
    pub(super) fn answer(self, echo: Echo) -> io::Result<String> {
        let refused = |why: String| Err(io::Error::new(io::ErrorKind::InvalidData, why));
        match (echo, self.control, String::from_utf8(self.bytes.into_bytes())) {
            (Echo::Hidden, Some(key), _) => {
                refused(format!("the answer holds the control character U+{key:04X}"))
            }
            (Echo::Hidden, None, Err(_)) => refused("the answer is not UTF-8".to_owned()),
            (_, _, Ok(text)) => Ok(text),
            (Echo::Shown, _, Err(error)) => Ok(String::from_utf8_lossy(error.as_bytes()).into_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the answer after these keys; `None` if they cancel the prompt.
    fn typed(keys: &[u8], echo: Echo) -> io::Result<Option<String>> {
        let mut line = TypedLine::new();
        for &key in keys {
            match line.press(key) {
                KeyEffect::Ended => return line.answer(echo).map(Some),
                KeyEffect::Cancelled => return Ok(None),
                KeyEffect::Added | KeyEffect::Erased(_) => {}
            }
        }
        panic!("the line does not end");
    }

    #[test]
    fn keys_edit_a_line() {
        for (keys, answer) in [
            ("ab\u{7f}c\r", "ac"),
            ("zoë\u{8}e\n", "zoe"),
            ("a😀\u{7f}\u{7f}\u{7f}b\r", "b"),
            ("wrong\u{15}right\r", "right"),
            ("\u{15}\u{17}\u{7f}x\r", "x"),
            ("one twö  \u{17}three\r", "one three"),
            ("twö\u{17}\r", ""),
            // The line is typed anew, without the refused key.
            ("a\u{1b}[D\u{15}b\r", "b"),
        ] {
            for echo in [Echo::Hidden, Echo::Shown] {
                assert_eq!(typed(keys.as_bytes(), echo).unwrap().as_deref(), Some(answer), "{keys:?}");
            }
        }
        let mut line = TypedLine::new();
        "a ëë".bytes().for_each(|key| assert_eq!(line.press(key), KeyEffect::Added));
        assert_eq!(line.press(ERASE_WORD), KeyEffect::Erased(2));
        assert_eq!(line.press(ERASE_LINE), KeyEffect::Erased(2));
    }

    #[test]
    fn a_hidden_answer_refuses_control_characters_and_invalid_utf_8() {
        for key in (0..0x20).filter(|key| !b"\x03\x04\x08\n\r\x15\x17".contains(key)) {
            let error = typed(&[b'a', key, b'b', b'\r'], Echo::Hidden).unwrap_err().to_string();
            assert!(error.contains(&format!("U+{key:04X}")), "{error}");
            // After a sequence of keys, it is unclear which of them were erased.
            assert!(typed(&[b'a', key, 0x7f, b'\r'], Echo::Hidden).is_err(), "{key}");
        }
        assert!(typed(b"a\xe9\r", Echo::Hidden).is_err());
        assert_eq!(typed(b"a\tb\xe9\r", Echo::Shown).unwrap().unwrap(), "a\tb\u{fffd}");
    }

    #[test]
    fn keys_cancel_a_prompt() {
        for keys in [&b"\x03"[..], b"\x04", b"ab\x03", b"ab\x04", b"\0"] {
            assert_eq!(typed(keys, Echo::Hidden).unwrap(), None, "{keys:?}");
        }
    }
}
