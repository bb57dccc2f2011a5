//! The keys of a console of Windows as bytes, for prompts that show none of them.

use dialoguer::console::Key;
use std::io::{self, Read};

/// The state of the keyboard from one prompt to the next.
#[derive(Debug, Default)]
pub(super) struct ConsoleKeys {
    /// True if the last key was CR. Some terminals paste the LF that follows it as a key, which the next prompt must not get.
    is_after_cr: bool,
}

impl ConsoleKeys {
    /// Returns a reader of the bytes of the keys.
    pub(super) const fn reader<F: FnMut() -> io::Result<Key>>(&mut self, next: F) -> KeyReader<'_, F> {
        KeyReader { keys: self, next, bytes: [0; 4], range: 0..0 }
    }
}

/// A reader of the bytes of keys.
pub(super) struct KeyReader<'k, F> {
    keys: &'k mut ConsoleKeys,
    next: F,
    /// The last character.
    bytes: [u8; 4],
    /// Its bytes that were not read.
    range: std::ops::Range<usize>,
}

impl<F: FnMut() -> io::Result<Key>> Read for KeyReader<'_, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.range.is_empty() {
            let Some(character) = character(&(self.next)()?) else { continue };
            let is_second = character == '\n' && self.keys.is_after_cr;
            self.keys.is_after_cr = character == '\r';
            if !is_second {
                self.range = 0..character.encode_utf8(&mut self.bytes).len();
            }
        }
        let rest = self.bytes.get(self.range.clone()).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.range.start += length;
        Ok(length)
    }
}

/// Returns the character of a key, as a terminal sends it. `None` for a key that changes nothing, such as Shift.
///
/// A key that moves the cursor becomes Escape, as on Unix: a hidden answer with such keys is refused, since the user cannot see
/// where the cursor is.
const fn character(key: &Key) -> Option<char> {
    Some(match key {
        Key::Char(character) => *character,
        Key::Enter => '\r',
        Key::Backspace => '\u{8}',
        Key::Tab | Key::BackTab => '\t',
        Key::CtrlC => '\u{3}',
        Key::Escape
        | Key::ArrowLeft
        | Key::ArrowRight
        | Key::ArrowUp
        | Key::ArrowDown
        | Key::Home
        | Key::End
        | Key::Del
        | Key::Insert
        | Key::PageUp
        | Key::PageDown
        | Key::UnknownEscSeq(_) => '\u{1b}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::typed_line::{KeyEffect, TypedLine};
    use super::*;
    use crate::host::Echo;

    /// Returns the answer to a hidden prompt; `None` if the user cancels it.
    fn answer(state: &mut ConsoleKeys, keys: &mut dyn Iterator<Item = Key>) -> io::Result<Option<String>> {
        let mut reader = state.reader(|| keys.next().ok_or_else(|| io::ErrorKind::UnexpectedEof.into()));
        let (mut line, mut byte) = (TypedLine::new(), [0]);
        loop {
            reader.read_exact(&mut byte)?;
            match line.press(byte[0]) {
                KeyEffect::Ended => return line.answer(Echo::Hidden).map(Some),
                KeyEffect::Cancelled => return Ok(None),
                KeyEffect::Added | KeyEffect::Erased(_) => {}
            }
        }
    }

    fn typed(text: &str) -> impl Iterator<Item = Key> {
        text.chars().map(Key::Char)
    }

    #[test]
    fn keys_edit_a_hidden_answer() {
        let state = &mut ConsoleKeys::default();
        let keys = typed("zoë😀").chain([Key::Backspace, Key::Shift, Key::Unknown]);
        let keys = keys.chain(typed("n")).chain([Key::Enter]);
        assert_eq!(answer(state, &mut keys.into_iter()).unwrap().as_deref(), Some("zoën"));
        let mut cancelled = typed("ab").chain([Key::CtrlC]);
        assert_eq!(answer(state, &mut cancelled).unwrap(), None);
        for key in [Key::ArrowLeft, Key::Del, Key::Home, Key::Escape, Key::Tab] {
            let mut keys = typed("ab").chain([key.clone(), Key::Enter]);
            assert!(answer(state, &mut keys).is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_prompt_does_not_get_the_line_feed_of_the_answer_before() {
        let state = &mut ConsoleKeys::default();
        let pasted = typed("first").chain([Key::Enter]).chain(typed("\nsecond")).chain([Key::Enter]);
        let mut pasted = pasted.chain(typed("\n\n"));
        assert_eq!(answer(state, &mut pasted).unwrap().as_deref(), Some("first"));
        assert_eq!(answer(state, &mut pasted).unwrap().as_deref(), Some("second"));
        // A line feed that no CR precedes is an empty answer.
        assert_eq!(answer(state, &mut pasted).unwrap().as_deref(), Some(""));
        assert_eq!(answer(state, &mut pasted).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
