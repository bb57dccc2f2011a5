//! A fast search for the positions where a token may be. Most text is passed at the speed of memory. The search may
//! report a position without a token; it must never miss a token.

use crate::core::token::base64url::is_symbol;
use memchr::memchr;

/// An iterator over the positions that the scanner must look at closely. Every token has at least one of:
///
/// * the first characters of a header: Base64url of `{`, optional white space, and a quotation mark;
/// * a percent sign, because a percent-encoded token can follow;
/// * twenty characters of an opaque token.
#[derive(Debug)]
pub(super) struct Anchors<'t> {
    text: &'t [u8],
    /// The next known position of each kind. A position that lies behind is searched again.
    next: [Option<usize>; 2],
}

impl<'t> Anchors<'t> {
    /// Starts the search at the beginning of a text.
    pub(super) const fn new(text: &'t [u8]) -> Self {
        Self { text, next: [Some(0); 2] }
    }

    /// Returns the first anchor at or after a position. No run of token characters may span that position.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        let text = self.text;
        let [percent, token] = &mut self.next;
        refresh(percent, from, |from| memchr(b'%', text.get(from..)?).map(|at| from + at));
        refresh(token, from, |from| header_or_opaque(text, from));
        self.next.iter().flatten().min().copied()
    }
}

fn refresh(next: &mut Option<usize>, from: usize, find: impl Fn(usize) -> Option<usize>) {
    if next.is_some_and(|at| at <= from) {
        *next = find(from);
    }
}

/// The number of positions that are tested together.
const STRIDE: usize = 256;
/// The number of bytes after the last position that the tests read.
const BEYOND: usize = 32;

fn header_or_opaque(text: &[u8], mut from: usize) -> Option<usize> {
    while from < text.len() {
        let rest = text.get(from..).unwrap_or_default();
        let mut end_of_text = [0; STRIDE + BEYOND];
        let window = rest.first_chunk().unwrap_or_else(|| {
            end_of_text.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            &end_of_text
        });
        let header = if may_hold_header(window) { header(text, from, from + STRIDE) } else { None };
        let opaque = opaque(window).map(|at| from + at);
        if let Some(found) = [header, opaque].into_iter().flatten().min() {
            return Some(found);
        }
        from += STRIDE;
    }
    None
}

type Window = [u8; STRIDE + BEYOND];

/// Reports whether a header may begin in a stride. The loop has no branches and no dependent steps, so that the
/// compiler vectorizes it.
fn may_hold_header(window: &Window) -> bool {
    let from = |start: usize| window.get(start..start + STRIDE).unwrap_or_default();
    let mut headers = 0;
    for ((&first, &second), &third) in from(0).iter().zip(from(1)).zip(from(2)) {
        headers |= u8::from((first == b'e') & (is_ey(second, third) | is_ew(second, third)));
    }
    headers != 0
}

/// Returns the offset of characters of an opaque token. Twenty characters in a row always contain four whole groups of
/// four. They must all be hexadecimal digits, or have a capital letter among them or next to them.
fn opaque(window: &Window) -> Option<usize> {
    let four_in_row = |groups: u128| groups & groups >> 1 & groups >> 2 & groups >> 3;
    let symbol = |byte: u8| letter(byte) | digit(byte) | (byte == b'-') | (byte == b'_');
    let words = four_in_row(groups(window, symbol, |flags| flags == ALL));
    if words == 0 {
        return None;
    }
    let hexadecimal = |byte: u8| digit(byte) | ((byte | 0x20).wrapping_sub(b'a') < 6);
    let hexadecimal = four_in_row(groups(window, hexadecimal, |flags| flags == ALL));
    let capital = |byte: u8| byte.wrapping_sub(b'A') < 26;
    let capitals = groups(window, capital, |flags| flags != 0);
    // The groups before and after the row can be part of the token.
    let near = (-1..=4).fold(0, |near, distance: i32| {
        near | if distance < 0 { capitals << 1 } else { capitals >> distance }
    });
    let words = words & (hexadecimal | near);
    (words != 0).then(|| words.trailing_zeros() as usize * GROUP)
}

const GROUP: usize = 4;
const GROUPS: usize = (STRIDE + BEYOND) / GROUP;
/// Four flags that are all set, as one number.
const ALL: u32 = 0x0101_0101;

const fn letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

const fn digit(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
}

/// Tests each group of four bytes and returns one bit a group, the first group in the lowest bit. `is` sets a flag for
/// each byte; `test` gets the four flags of a group.
fn groups(window: &Window, is: impl Fn(u8) -> bool, test: impl Fn(u32) -> bool) -> u128 {
    let mut flags = [0; STRIDE + BEYOND];
    for (flag, &byte) in flags.iter_mut().zip(window) {
        *flag = u8::from(is(byte));
    }
    let mut groups = [0; GROUPS];
    for (group, &four) in groups.iter_mut().zip(flags.as_chunks().0) {
        *group = u8::from(test(u32::from_ne_bytes(four)));
    }
    groups.as_chunks().0.iter().rev().fold(0, |bits, &eight| {
        // The multiplication moves the eight flags side by side into the highest byte.
        const TOGETHER: u64 = 0x0102_0408_1020_4080;
        bits << 8 | u128::from(u64::from_le_bytes(eight).wrapping_mul(TOGETHER) >> 56)
    })
}

fn header(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let window = text.get(from..text.len().min(end + 2))?;
    let may_begin = |at: usize, third| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        third == b'J' || !before.is_some_and(|&before| is_symbol(before))
    };
    let mut threes = window.windows(3).enumerate();
    threes.find_map(|(offset, three)| match *three {
        [b'e', second, third] if is_ey(second, third) | is_ew(second, third) => {
            Some(from + offset).filter(|&at| may_begin(at, third))
        }
        _ => None,
    })
}

/// Reports whether `e` and these two characters are Base64url of `{"`, or of `{` and a space. Only `eyJ` may directly
/// follow another token character.
const fn is_ey(second: u8, third: u8) -> bool {
    (second == b'y') & ((third.wrapping_sub(b'I') < 4) | (third == b'A'))
}

/// Reports whether `e` and these two characters are Base64url of `{` and a tab or a line break.
const fn is_ew(second: u8, third: u8) -> bool {
    (second == b'w') & ((third == b'k') | (third == b'o') | (third == b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    /// A header is `{`, optional white space, a quotation mark, and then any byte.
    #[test]
    fn recognizes_every_beginning_of_a_header() {
        for second in *b" \t\r\n\"" {
            for third in 0..=u8::MAX {
                // Only white space or the quotation mark can follow white space.
                if second != b'"' && !b" \t\r\n\"".contains(&third) {
                    continue;
                }
                let text = base64url::encode(&[b'{', second, third]);
                let [b'e', one, two, ..] = *text.as_bytes() else { panic!("{text}") };
                assert!(is_ey(one, two) || is_ew(one, two), "{text}");
            }
        }
    }
}
