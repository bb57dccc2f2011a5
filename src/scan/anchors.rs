//! A fast search for the positions where a token may be. Most text is passed at the speed of memory. The search may
//! report a position without a token; it must never miss a token.

use super::shape::{SHORTEST_OPAQUE, in_run};
use crate::core::token::base64url::is_symbol;
use memchr::{memchr, memmem};

/// An iterator over the positions that the scanner must look at closely. Every token has at least one of:
///
/// * the first characters of a header: Base64url of `{`, optional white space, and a quotation mark;
/// * a percent sign, because a percent-encoded token can follow;
/// * twenty characters of an opaque token.
///
/// The rare characters are searched first. Only the text before them is searched for words.
#[derive(Debug)]
pub(super) struct Anchors<'t> {
    text: &'t [u8],
    percent: Known,
    /// A header, or a word before it.
    token: Known,
    pairs: [Pair; 2],
}

/// The next known position of one kind, [`NONE`] if there is none. A position that lies behind is searched again.
#[derive(Debug)]
struct Known(usize);

/// The position that follows all others.
const NONE: usize = usize::MAX;

impl Known {
    fn refresh(&mut self, from: usize, find: impl FnOnce() -> Option<usize>) -> usize {
        if self.0 <= from {
            self.0 = find().unwrap_or(NONE);
        }
        self.0
    }
}

/// Two characters with which headers begin.
#[derive(Debug)]
struct Pair {
    finder: memmem::Finder<'static>,
    next: Known,
}

impl Pair {
    fn new(pair: &'static [u8; 2]) -> Self {
        Self { finder: memmem::Finder::new(pair), next: Known(0) }
    }

    fn next(&mut self, text: &[u8], from: usize) -> usize {
        self.next.refresh(from, || self.finder.find(text.get(from..)?).map(|at| from + at))
    }
}

impl<'t> Anchors<'t> {
    /// Starts the search at the beginning of a text.
    pub(super) fn new(text: &'t [u8]) -> Self {
        let pairs = [Pair::new(b"ey"), Pair::new(b"ew")];
        Self { text, percent: Known(0), token: Known(0), pairs }
    }

    /// Returns the first anchor at or after a position. No run of token characters may span that position.
    pub(super) fn next(&mut self, from: usize) -> Option<usize> {
        let Self { text, percent, token, pairs } = self;
        let percent = percent.refresh(from, || memchr(b'%', text.get(from..)?).map(|at| from + at));
        let token = token.refresh(from, || {
            let header = header(text, from, pairs);
            word(text, from, header.unwrap_or(text.len())).or(header)
        });
        Some(percent.min(token)).filter(|at| *at != NONE)
    }

    /// Reports whether there is a percent sign between the last anchor and a position.
    pub(super) const fn has_percent_before(&self, end: usize) -> bool {
        self.percent.0 < end
    }
}

/// Returns the first position at or after `from` where a header may begin.
fn header(text: &[u8], mut from: usize, [ey, ew]: &mut [Pair; 2]) -> Option<usize> {
    loop {
        let at = ey.next(text, from).min(ew.next(text, from));
        let (&second, &third) = (text.get(at.checked_add(1)?)?, text.get(at.checked_add(2)?)?);
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        // Only `eyJ` may directly follow another token character.
        let may_begin = third == b'J' || !before.is_some_and(|&before| is_symbol(before));
        if may_begin && (is_ey(second, third) | is_ew(second, third)) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Reports whether the search stops at a run for a part of it: twenty characters of Base64url, with a capital letter or all of
/// them hexadecimal digits.
pub(super) fn has_opaque_part(run: &[u8]) -> bool {
    let is_opaque = |part: &[u8]| {
        let has_capital = part.iter().any(u8::is_ascii_uppercase);
        part.len() >= SHORTEST_OPAQUE && (has_capital || part.iter().all(u8::is_ascii_hexdigit))
    };
    run.split(|byte| !is_symbol(*byte)).any(is_opaque)
}

/// The number of positions that are tested together.
const STRIDE: usize = 256;
/// The number of bytes after the last position that the tests read.
const BEYOND: usize = 32;

/// Returns the first position between `from` and `end` with characters of an opaque token.
fn word(text: &[u8], mut from: usize, end: usize) -> Option<usize> {
    while from < end {
        let rest = text.get(from..).unwrap_or_default();
        let mut end_of_text;
        let window = match rest.first_chunk() {
            Some(window) => window,
            None => {
                end_of_text = [0; STRIDE + BEYOND];
                padded(rest, &mut end_of_text)
            }
        };
        if may_hold_word(window, text, from, end)
            && let Some(at) = opaque(window).map(|at| from + at).filter(|at| *at < end)
        {
            return Some(at);
        }
        from += STRIDE;
    }
    None
}

/// Copies the end of a text into a longer array of zeros.
fn padded<'w, const N: usize>(rest: &[u8], zeros: &'w mut [u8; N]) -> &'w [u8; N] {
    let length = rest.len().min(N);
    if let (Some(to), Some(from)) = (zeros.get_mut(..length), rest.get(..length)) {
        to.copy_from_slice(from);
    }
    zeros
}

/// Reports whether a run of twenty characters may begin in the window at `from` and end before `end`. This quick test before
/// [`opaque`] refuses most strides of a log. It saves 900 of 1,300 instructions.
fn may_hold_word(window: &Window, text: &[u8], from: usize, end: usize) -> bool {
    let rows = rows(window);
    let whole = (end - from + GROUP).saturating_sub(ROW) / GROUP;
    let (fours, last) = rows.get(..whole).unwrap_or(&rows).as_chunks::<4>();
    let is_word = |(group, row): (usize, &u8)| *row != 0 && is_long(text, from + group * GROUP);
    let mut likely = fours.iter().enumerate().filter(|(_, four)| u32::from_ne_bytes(**four) != 0);
    likely.any(|(index, four)| (4 * index..).zip(four).any(is_word))
        || (4 * fours.len()..).zip(last).any(is_word)
}

/// Reports whether the run around a row is long enough for an opaque token. It is seldom called. Inlined, it would make the
/// search for rows four times as long.
#[inline(never)]
fn is_long(text: &[u8], at: usize) -> bool {
    const MORE: usize = SHORTEST_OPAQUE - ROW;
    let near = |start: usize, end: usize| text.get(start..end.min(text.len())).unwrap_or_default().iter();
    let before = near(at.saturating_sub(MORE), at).rev().take_while(|byte| in_run(**byte)).count();
    let after = near(at + ROW, at + ROW + MORE).take_while(|byte| in_run(**byte)).count();
    before + after >= MORE
}

/// The length of four groups of four characters in a row, which every opaque token holds.
const ROW: usize = 4 * GROUP;
/// The number of positions at which a row is searched.
const STARTS: usize = STRIDE + BEYOND - ROW;

/// Tells for each group whether a row of token characters, or of some other marks, begins with it. The loops have no
/// branches, so that the compiler vectorizes them.
fn rows(window: &Window) -> [u8; STARTS / GROUP] {
    let flags = window.map(|byte| {
        // Letters and some marks, digits, and the hyphen. The comparisons are signed, as those of vectors are.
        let letter = (byte | 0x20).cast_signed() > 0x60;
        let digit = byte.wrapping_add(0x7F - b'9').cast_signed() > 0x75;
        if letter | digit | (byte == b'-') { u8::MAX } else { 0 }
    });
    let from = |start: usize| flags.get(start..start + STARTS).unwrap_or_default();
    let mut all = [0; STARTS];
    let flags = from(0).iter().zip(from(GROUP)).zip(from(2 * GROUP)).zip(from(3 * GROUP));
    for (all, (((one, two), three), four)) in all.iter_mut().zip(flags) {
        *all = one & two & three & four;
    }
    let mut rows = [0; STARTS / GROUP];
    for (row, &four) in rows.iter_mut().zip(all.as_chunks().0) {
        *row = u8::from(u32::from_ne_bytes(four) == u32::MAX);
    }
    rows
}

type Window = [u8; STRIDE + BEYOND];

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

/// Reports whether `e` and these two characters are Base64url of `{"`, or of `{` and a space.
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

    /// Returns the runs of a text at which the search stops.
    fn stops(text: &[u8]) -> Vec<(usize, usize)> {
        let mut anchors = Anchors::new(text);
        let (mut from, mut runs) = (0, Vec::new());
        while let Some(at) = anchors.next(from) {
            let start = at - text[from..at].iter().rev().take_while(|byte| in_run(**byte)).count();
            from = at + text[at..].iter().take_while(|byte| in_run(**byte)).count();
            assert_eq!(anchors.has_percent_before(from), text[start..from].contains(&b'%'));
            runs.push((start, from));
        }
        runs
    }

    /// Reports by looking at every byte whether the search must stop at a run, and whether it may.
    fn must_and_may_stop(run: &[u8]) -> (bool, bool) {
        let header = run.windows(3).enumerate().any(|(at, three)| {
            let may_begin = three[2] == b'J' || at == 0 || !is_symbol(run[at - 1]);
            three[0] == b'e' && may_begin && (is_ey(three[1], three[2]) || is_ew(three[1], three[2]))
        });
        let must = run.contains(&b'%') || header || has_opaque_part(run);
        (must, must || run.len() >= ROW)
    }

    #[test]
    fn stops_at_every_run_that_may_hold_a_token() {
        let mut seed = 7_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let (mut all, mut required) = (0, 0);
        for _ in 0..2_000 {
            let mut text = Vec::new();
            for _ in 0..next(40) {
                match next(12) {
                    0 => text.extend([&b"eyJ"[..], b"eyA", b"ewo", b"ew", b"ey", b"e"][next(6)]),
                    1 => text.push(b"%.\xFF\x7F/[`{@-_:"[next(12)]),
                    2 => text.extend([b"09", b"af", b"gz", b"AZ"][next(4)].repeat(next(14))),
                    3 => text.extend(std::iter::repeat_n(b' ', next(300))),
                    4 => text.extend((0..next(24)).map(|_| b"0123456789abcdefABCDEF"[next(22)])),
                    5 => text.extend((0..next(24)).map(|_| b"e7xyJ"[next(5)])),
                    _ => text.extend((0..next(9)).map(|_| next(256) as u8)),
                }
            }
            let stops = stops(&text);
            let mut start = 0;
            for run in text.split(|byte| !in_run(*byte)) {
                let is_stop = stops.contains(&(start, start + run.len()));
                let (must, may) = must_and_may_stop(run);
                assert!(if is_stop { may } else { !must }, "{start}: {:?}", String::from_utf8_lossy(&text));
                start += run.len() + 1;
                all += usize::from(!run.is_empty());
                required += usize::from(must);
            }
        }
        assert!(required > 2_000 && all > 5 * required, "{required} of {all}");
    }

    #[test]
    fn stops_at_the_shortest_word_at_every_offset_around_the_end_of_a_stride() {
        for before in 0..2 * STRIDE + BEYOND {
            for capital in 0..SHORTEST_OPAQUE {
                let mut text = vec![b' '; before];
                text.extend((0..SHORTEST_OPAQUE).map(|at| if at == capital { b'X' } else { b'x' }));
                text.extend([b' '; STRIDE]);
                assert_eq!(stops(&text), [(before, before + SHORTEST_OPAQUE)], "{before} {capital}");
            }
        }
    }

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
