//! The fuzz target of the block reader: pieces of any size give the lines of the whole input.

use super::reader::{Block, Blocks, InputLine};
use std::io::{self, Read};

/// A reader that returns at most some bytes at a time, as a pipe does.
struct Pieces<'p> {
    rest: &'p [u8],
    sizes: std::iter::Cycle<std::slice::Iter<'p, u8>>,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = 1 + usize::from(*self.sizes.next().unwrap_or(&0));
        let (piece, rest) = self.rest.split_at(size.min(buffer.len()).min(self.rest.len()));
        self.rest = rest;
        buffer.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
        Ok(piece.len())
    }
}

/// Reads lines. The first byte is the limit of their length, the next four are the sizes of pieces, the rest is the input.
pub fn lines(bytes: &[u8]) {
    let Some(([longest, sizes @ ..], input)) = bytes.split_first_chunk::<5>() else { return };
    let longest = usize::from(*longest);
    for separator in [b'\n', b'\0'] {
        let pieces = Pieces { rest: input, sizes: sizes.iter().cycle() };
        let text = input.strip_suffix(&[separator]).or_else(|| (!input.is_empty()).then_some(input));
        let plain = text.into_iter().flat_map(|text| text.split(|byte| *byte == separator));
        assert_lines(pieces, separator, longest, &plain.collect::<Vec<_>>());
    }
}

/// Asserts that the reader returns these lines. A line that is too long may be measured in place of being kept. White space at
/// its ends does not count.
fn assert_lines(input: Pieces<'_>, separator: u8, longest: usize, plain: &[&[u8]]) {
    let length = input.rest.len() as u64;
    let mut blocks = Blocks::new(input, separator, longest);
    let (mut block, mut count, mut number, mut read) = (Block::default(), 0, 0, 0);
    while blocks.next(&mut block).is_ok_and(|is_filled| is_filled) {
        assert_eq!(block.number, number);
        number += 1;
        read += block.read;
        for (line_number, line) in block.lines() {
            let expected = plain.get(count).map(|line| line.trim_ascii());
            count += 1;
            assert_eq!(line_number, count as u64);
            match line {
                InputLine::Bytes(line) => assert_eq!(Some(line.trim_ascii()), expected),
                InputLine::TooLarge(size) => {
                    assert!(size > longest as u64);
                    assert_eq!(Some(size), expected.map(|line| line.len() as u64));
                }
            }
        }
    }
    // A last line of white space alone may be left out.
    assert!(plain.iter().skip(count).all(|line| line.trim_ascii().is_empty()) && plain.len() <= count + 1);
    assert_eq!(read, length);
}
