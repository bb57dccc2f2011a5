//! Where in a text it is worth to look closely. Nothing that holds a token may be passed over; what holds none may be
//! named. Most text is passed at the speed of memory.

use super::super::shape::SHORTEST_OPAQUE;
use crate::core::base64url::is_symbol;
use memchr::{memchr, memmem};

/// The places at which a run of token characters has something that every find has one of:
///
/// * the first characters of a header: Base64url of `{`, perhaps white space, and a quotation mark;
/// * a percent sign, behind which anything may hide;
/// * the length of an opaque token, behind what stands before one.
#[derive(Debug)]
pub(super) struct Anchors<'t> {
    text: &'t [u8],
    finders: &'t Finders,
    /// The next of each kind that is known; where they stand behind, it is looked for anew.
    next: [Option<usize>; 4],
}

/// The searches that are made ready once.
#[derive(Debug)]
pub(super) struct Finders {
    ey: memmem::Finder<'static>,
    ew: memmem::Finder<'static>,
}

impl Finders {
    pub(super) fn new() -> Self {
        Self { ey: memmem::Finder::new(b"ey"), ew: memmem::Finder::new(b"ew") }
    }
}

impl<'t> Anchors<'t> {
    /// Looks at a text, or the end of one.
    pub(super) const fn new(text: &'t [u8], finders: &'t Finders) -> Self {
        Self { text, finders, next: [Some(0); 4] }
    }

    /// The first anchor at or after a position that no run spans.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        let text = self.text;
        let [ey, ew, percent, long] = &mut self.next;
        refresh(ey, from, |from| header(text, from, &self.finders.ey, is_ey));
        refresh(ew, from, |from| header(text, from, &self.finders.ew, is_ew));
        refresh(percent, from, |from| memchr(b'%', text.get(from..)?).map(|at| from + at));
        refresh(long, from, |from| opaque(text, from));
        self.next.iter().flatten().min().copied()
    }
}

fn refresh(next: &mut Option<usize>, from: usize, find: impl Fn(usize) -> Option<usize>) {
    if next.is_some_and(|at| at <= from) {
        *next = find(from);
    }
}

fn header(
    text: &[u8],
    mut from: usize,
    finder: &memmem::Finder<'_>,
    fits: fn(Option<u8>, u8) -> bool,
) -> Option<usize> {
    loop {
        let at = from + finder.find(text.get(from..)?)?;
        let before = at.checked_sub(1).and_then(|before| text.get(before)).copied();
        if fits(before, *text.get(at + 2)?) {
            return Some(at);
        }
        from = at + 2;
    }
}

/// `{"` may be glued to what stands before it, if its name begins as names do; `{` and a space may not.
fn is_ey(before: Option<u8>, third: u8) -> bool {
    third == b'J' || (matches!(third, b'A' | b'I' | b'K' | b'L') && begins(before))
}

/// `{` and a tab or a line break.
fn is_ew(before: Option<u8>, third: u8) -> bool {
    matches!(third, b'k' | b'o' | b'0') && begins(before)
}

fn begins(before: Option<u8>) -> bool {
    !before.is_some_and(is_symbol)
}

#[expect(clippy::indexing_slicing, reason = "no iterator runs before the program does")]
static SYMBOLS: [bool; 256] = {
    let mut symbols = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        symbols[byte] = is_symbol(byte as u8);
        byte += 1;
    }
    symbols
};

fn symbol(byte: u8) -> bool {
    SYMBOLS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// A run as long as an opaque token where one may stand. It looks at the last byte that would have to belong to the run
/// first, as Boyer and Moore do, so that most bytes are never looked at.
fn opaque(text: &[u8], mut start: usize) -> Option<usize> {
    loop {
        let window = text.get(start..start + SHORTEST_OPAQUE)?;
        if let Some(last) = window.iter().rposition(|&byte| !symbol(byte)) {
            start += last + 1;
            continue;
        }
        let before = start.checked_sub(1).and_then(|before| text.get(before)).copied();
        let in_place = before.is_some_and(|before| b"\"' \t\\=:".contains(&before));
        if in_place {
            return Some(start);
        }
        let rest = text.get(start + SHORTEST_OPAQUE..)?;
        start += SHORTEST_OPAQUE + rest.iter().position(|&byte| !symbol(byte))?;
    }
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
                let [_, _, third_character, ..] = *text.as_bytes() else { panic!() };
                let known = is_ey(None, third_character) && text.starts_with("ey")
                    || is_ew(None, third_character) && text.starts_with("ew");
                assert!(known, "{text}");
            }
        }
    }
}
