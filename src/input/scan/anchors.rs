//! Where in a text it is worth to look closely. Nothing that holds a token may be passed over; what holds none may be
//! named. Most text is passed at the speed of memory.

use super::super::shape::SHORTEST_OPAQUE;
use crate::core::base64url::is_symbol;
use memchr::memchr;

/// The places at which a run of token characters has something that every find has one of:
///
/// * the first characters of a header: Base64url of `{`, perhaps white space, and a quotation mark;
/// * a percent sign, behind which anything may hide;
/// * twenty characters of an opaque token.
#[derive(Debug)]
pub(super) struct Anchors<'t> {
    text: &'t [u8],
    /// The next of each kind that is known; where they stand behind, it is looked for anew.
    next: [Option<usize>; 2],
}

impl<'t> Anchors<'t> {
    /// Looks at a text, or the end of one.
    pub(super) const fn new(text: &'t [u8]) -> Self {
        Self { text, next: [Some(0); 2] }
    }

    /// The first anchor at or after a position that no run spans.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        let text = self.text;
        let [percent, loud] = &mut self.next;
        refresh(percent, from, |from| memchr(b'%', text.get(from..)?).map(|at| from + at));
        refresh(loud, from, |from| header_or_opaque(text, from));
        self.next.iter().flatten().min().copied()
    }
}

fn refresh(next: &mut Option<usize>, from: usize, find: impl Fn(usize) -> Option<usize>) {
    if next.is_some_and(|at| at <= from) {
        *next = find(from);
    }
}

/// How many positions are looked at together, and how far beyond the last of them is looked.
const STRIDE: usize = 256;
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

type Flags = [u8; STRIDE + BEYOND];

/// Whether a header may begin in a stride. There is no branch in it and no step depends on another, so that a compiler
/// makes vectors of it.
fn may_hold_header(window: &Flags) -> bool {
    let from = |start: usize| window.get(start..start + STRIDE).unwrap_or_default();
    let mut headers = 0;
    for ((&first, &second), &third) in from(0).iter().zip(from(1)).zip(from(2)) {
        headers |= u8::from((first == b'e') & (is_ey(second, third) | is_ew(second, third)));
    }
    headers != 0
}

/// Where twenty characters of an opaque token are: hexadecimal digits, or with a capital letter among them. In a run that
/// is longer, one of its parts is like that.
fn opaque(window: &Flags) -> Option<usize> {
    let symbol = |byte: u8| letter(byte) | digit(byte) | (byte == b'-') | (byte == b'_');
    let mut words = twenty(&flags(window, symbol));
    if !any(&words) {
        return None;
    }
    let hexadecimal = twenty(&flags(window, |byte| digit(byte) | ((byte | 0x20).wrapping_sub(b'a') < 6)));
    // Twenty without a capital letter are all that is not to be.
    let plain = twenty(&flags(window, |byte| byte.wrapping_sub(b'A') >= 26));
    for (word, (&hexadecimal, &plain)) in words.iter_mut().zip(hexadecimal.iter().zip(&plain)) {
        *word &= hexadecimal | (plain ^ 1);
    }
    if any(&words) { words.iter().position(|&word| word != 0) } else { None }
}

/// Whether there is one flag at least; faster than to look for the first.
fn any(flags: &Flags) -> bool {
    let mut any = 0;
    for flag in flags {
        any |= flag;
    }
    any != 0
}

const fn letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

const fn digit(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
}

fn flags(window: &Flags, is: impl Fn(u8) -> bool) -> Flags {
    let mut flags = [0; STRIDE + BEYOND];
    for (flag, &byte) in flags.iter_mut().zip(window) {
        *flag = u8::from(is(byte));
    }
    flags
}

/// Where twenty flags in a row begin: those of 2, 4, 8, 16 and at last of 20 are told from each other.
fn twenty(flags: &Flags) -> Flags {
    let two = both(flags, flags, 1);
    let four = both(&two, &two, 2);
    let eight = both(&four, &four, 4);
    let sixteen = both(&eight, &eight, 8);
    both(&sixteen, &four, SHORTEST_OPAQUE - 4)
}

/// Where something begins here, and something else so many bytes on.
fn both(here: &Flags, there: &Flags, distance: usize) -> Flags {
    let mut both = [0; STRIDE + BEYOND];
    let there = there.get(distance..).unwrap_or_default();
    for (both, (&here, &there)) in both.iter_mut().zip(here.iter().zip(there)) {
        *both = here & there;
    }
    both
}

fn header(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let window = text.get(from..text.len().min(end + 2))?;
    let glued = |at: usize, third| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        third == b'J' || !before.is_some_and(|&before| is_symbol(before))
    };
    let mut threes = window.windows(3).enumerate();
    threes.find_map(|(offset, three)| match *three {
        [b'e', second, third] if is_ey(second, third) | is_ew(second, third) => {
            Some(from + offset).filter(|&at| glued(at, third))
        }
        _ => None,
    })
}

/// `{"` may be glued to what stands before it, if its name begins as names do (`eyJ`); `{` and a space may not.
const fn is_ey(second: u8, third: u8) -> bool {
    (second == b'y') & ((third.wrapping_sub(b'I') < 4) | (third == b'A'))
}

/// `{` and a tab or a line break.
const fn is_ew(second: u8, third: u8) -> bool {
    (second == b'w') & ((third == b'k') | (third == b'o') | (third == b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::base64url;

    /// Every header begins with `{`, perhaps white space, and a quotation mark with anything behind it.
    #[test]
    fn no_header_begins_otherwise() {
        for second in *b" \t\r\n\"" {
            for third in 0..=u8::MAX {
                // Inside the white space there is only more of it, or the quotation mark.
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
