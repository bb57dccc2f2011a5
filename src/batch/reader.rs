//! Reads an input in blocks of whole lines. One read fills one block, so a complete line never waits for more input. A
//! line that is too long is measured, but not kept. This file does not interpret lines.

use memchr::{memchr, memchr_iter, memrchr};
use std::io::{self, Read};

/// The number of bytes that are read at once: the capacity of a pipe. The results of short lines can be hundreds of
/// times as large.
const CHUNK: usize = 64 << 10;

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InputLine<'b> {
    /// The bytes of the line, without the separator.
    Bytes(&'b [u8]),
    /// The length in bytes of a line that was too long to be held, without the white space around it.
    TooLarge(u64),
}

/// A block of whole lines. It is refilled again and again, so that its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// The number of bytes that are lines.
    filled: usize,
    /// The length of the only line, if that was too long to be held.
    too_large: Option<u64>,
    separator: u8,
    /// The number of the block, from zero.
    pub(crate) number: u64,
    /// The number of the first line, from one.
    pub(crate) first_line: u64,
    /// The number of bytes of the input that were read for it.
    pub(crate) read: u64,
}

impl Block {
    /// Returns the lines and their numbers.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (u64, InputLine<'_>)> {
        let mut rest = if self.too_large.is_some() { None } else { self.bytes.get(..self.filled) };
        let lines = std::iter::from_fn(move || {
            let text = rest.filter(|text| !text.is_empty())?;
            let (line, behind) = match memchr(self.separator, text) {
                Some(end) => (text.get(..end)?, text.get(end + 1..)),
                None => (text, None),
            };
            rest = behind;
            Some(InputLine::Bytes(line))
        });
        (self.first_line..).zip(self.too_large.map(InputLine::TooLarge).into_iter().chain(lines))
    }
}

/// An input that is read block by block.
pub(crate) struct Blocks<R> {
    input: R,
    separator: u8,
    /// The length of the longest line that is held.
    longest: usize,
    /// The bytes that were read after the last block: the beginning of a line. After a line that was too long, they can
    /// hold whole lines too.
    carry: Vec<u8>,
    has_ended: bool,
    number: u64,
    line: u64,
    read: u64,
}

impl<R: Read> Blocks<R> {
    pub(crate) const fn new(input: R, separator: u8, longest: usize) -> Self {
        Self { input, separator, longest, carry: Vec::new(), has_ended: false, number: 0, line: 1, read: 0 }
    }

    /// Fills a block with the next lines, and reports whether there were any.
    ///
    /// # Errors
    /// Returns an error if the input cannot be read. No lines follow an error.
    pub(crate) fn next(&mut self, block: &mut Block) -> io::Result<bool> {
        let outcome = self.fill(block);
        if outcome.is_err() {
            self.has_ended = true;
            self.carry.clear();
        }
        outcome
    }

    fn fill(&mut self, block: &mut Block) -> io::Result<bool> {
        let mut filled = self.carry.len();
        make_room(&mut block.bytes, filled);
        if let Some(start) = block.bytes.get_mut(..filled) {
            start.copy_from_slice(&self.carry);
        }
        self.carry.clear();
        block.too_large = None;
        let mut searched = 0;
        loop {
            let new = block.bytes.get(searched..filled).unwrap_or_default();
            if let Some(last) = memrchr(self.separator, new) {
                let end = searched + last + 1;
                self.carry.extend_from_slice(block.bytes.get(end..filled).unwrap_or_default());
                return Ok(self.hand_over(block, end));
            }
            if self.has_ended {
                // Removed white space leaves no line, but its bytes were read and have to be counted.
                return Ok((filled > 0 || self.read > 0) && self.hand_over(block, filled));
            }
            if filled > self.longest {
                filled = trim_start(&mut block.bytes, filled);
            }
            if filled > self.longest {
                return self.read_past(block, filled);
            }
            searched = filled;
            filled += self.read(&mut block.bytes, filled)?;
        }
    }

    /// Reads bytes after the filled part, and returns how many. Zero means the end of the input.
    fn read(&mut self, bytes: &mut Vec<u8>, filled: usize) -> io::Result<usize> {
        make_room(bytes, filled);
        let room = bytes.get_mut(filled..filled + CHUNK).unwrap_or_default();
        let length = self.input.read(room)?;
        self.has_ended = length == 0;
        self.read += length as u64;
        Ok(length)
    }

    /// Reads to the end of a line that is too long and whose beginning is in the block.
    fn read_past(&mut self, block: &mut Block, filled: usize) -> io::Result<bool> {
        let blank = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        let mut length = filled as u64;
        let mut trailing = blank(block.bytes.get(..filled).unwrap_or_default()) as u64;
        loop {
            let read = self.read(&mut block.bytes, filled)?;
            let new = block.bytes.get(filled..filled + read).unwrap_or_default();
            let (line, behind) = match memchr(self.separator, new) {
                Some(end) => (new.get(..end).unwrap_or_default(), new.get(end + 1..)),
                None => (new, None),
            };
            let blank = blank(line);
            trailing = if blank == line.len() { trailing + blank as u64 } else { blank as u64 };
            length += line.len() as u64;
            if let Some(behind) = behind {
                self.carry.extend_from_slice(behind);
            }
            if behind.is_some() || self.has_ended {
                break;
            }
        }
        let length = length - trailing;
        match usize::try_from(length) {
            // Only white space followed, so the line is short enough.
            Ok(length) if length <= filled => Ok(self.hand_over(block, length)),
            _ => {
                block.too_large = Some(length);
                Ok(self.hand_over(block, 0))
            }
        }
    }

    fn hand_over(&mut self, block: &mut Block, filled: usize) -> bool {
        block.filled = filled;
        block.separator = self.separator;
        block.number = self.number;
        block.first_line = self.line;
        block.read = std::mem::take(&mut self.read);
        let lines = block.bytes.get(..filled).unwrap_or_default();
        let whole = memchr_iter(self.separator, lines).count() as u64;
        let is_cut = lines.last().is_none_or(|last| *last != self.separator);
        self.number += 1;
        self.line += whole + u64::from(is_cut);
        true
    }
}

fn make_room(bytes: &mut Vec<u8>, filled: usize) {
    if bytes.len() < filled + CHUNK {
        bytes.resize(filled + CHUNK, 0);
    }
}

/// Removes white space at the beginning, and returns the length of the rest.
fn trim_start(bytes: &mut [u8], filled: usize) -> usize {
    let line = bytes.get(..filled).unwrap_or_default();
    let blank = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    bytes.copy_within(blank..filled, 0);
    filled - blank
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that returns one piece at a time, as a pipe does.
    struct Pieces<'p>(Vec<&'p [u8]>);

    impl Read for Pieces<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let (piece, rest) = self.0[0].split_at(self.0[0].len().min(buffer.len()));
            buffer[..piece.len()].copy_from_slice(piece);
            if rest.is_empty() {
                self.0.remove(0);
            } else {
                self.0[0] = rest;
            }
            Ok(piece.len())
        }
    }

    fn blocks(pieces: &[&[u8]], longest: usize) -> Vec<Vec<(u64, String)>> {
        let mut blocks = Blocks::new(Pieces(pieces.to_vec()), b'\n', longest);
        let mut block = Block::default();
        let mut all = Vec::new();
        while blocks.next(&mut block).unwrap() {
            let text = |line: InputLine<'_>| match line {
                InputLine::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                InputLine::TooLarge(length) => format!("<{length}>"),
            };
            all.push(block.lines().map(|(number, line)| (number, text(line))).collect());
        }
        all
    }

    fn lines(pieces: &[&[u8]], longest: usize) -> Vec<String> {
        let lines = blocks(pieces, longest).into_iter().flatten();
        lines
            .enumerate()
            .map(|(index, (number, line))| {
                assert_eq!(number, index as u64 + 1);
                line
            })
            .collect()
    }

    #[test]
    fn a_read_of_whole_lines_is_a_block() {
        let all = blocks(&[b"a\nb\nc", b"d\n", b"e"], 100);
        let sizes: Vec<usize> = all.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1, 1]);
        assert_eq!(lines(&[b"a\nb\nc", b"d\n", b"e"], 100), ["a", "b", "cd", "e"]);
    }

    #[test]
    fn counts_empty_lines_but_none_after_the_last_line_break() {
        assert_eq!(lines(&[b"\n\na\r\n\n"], 100), ["", "", "a\r", ""]);
        assert_eq!(lines(&[b""], 100), [""; 0]);
        assert_eq!(lines(&[b"\n"], 100), [""]);
    }

    #[test]
    fn measures_a_line_that_is_too_long() {
        let long = vec![b'x'; 3 * CHUNK];
        assert_eq!(lines(&[b"a\n", &long, b"y\nb\nc\n", b"d"], 100), ["a", "<196609>", "b", "c", "d"]);
        assert_eq!(lines(&[&long], 100), ["<196608>"]);
        assert_eq!(lines(&[&long, b"\n"], 100), ["<196608>"]);
    }

    #[test]
    fn counts_every_byte_that_was_read() {
        let (blank, long) = (vec![b' '; 3 * CHUNK], vec![b'x'; 3 * CHUNK]);
        for pieces in [&[b"a\n", &*blank][..], &[&blank], &[&long, &blank], &[b"a\nb", &blank, b"\n"]] {
            let mut blocks = Blocks::new(Pieces(pieces.to_vec()), b'\n', 100);
            let (mut block, mut read) = (Block::default(), 0);
            while blocks.next(&mut block).unwrap() {
                read += block.read;
            }
            assert_eq!(read, pieces.iter().map(|piece| piece.len() as u64).sum::<u64>());
        }
        assert_eq!(lines(&[b"a\n", &blank], 100), ["a"]);
    }

    #[test]
    fn white_space_does_not_make_a_line_too_long() {
        let blank = vec![b' '; 3 * CHUNK];
        assert_eq!(lines(&[&blank, b"a", &blank, b"\r\nb\n"], 100), ["a", "b"]);
        assert_eq!(lines(&[&blank, b"a b", &blank], 100), ["a b"]);
        assert!(lines(&[&blank, b"\nb"], 100)[0].trim().is_empty());
        let long = vec![b'x'; 2 * CHUNK];
        assert_eq!(lines(&[b" ", &long, &blank, &long, b"  \nb"], 100), ["<458752>", "b"]);
    }
}
