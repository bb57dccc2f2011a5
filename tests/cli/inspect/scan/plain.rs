//! A scan in the simplest form, over a whole text at once. The fast scanner must find the same tokens at the same
//! places.

use fob::core::report::TokenLocation;
use fob::scan::Hit;
use fob::scan::context::Context;
use fob::scan::shape::{SegmentShape, form_decoded, in_token, is_opaque, is_three_segments};
use std::borrow::Cow;

/// Finds every token in a text, in order.
pub(super) fn scan(text: &[u8]) -> Vec<Hit<'_>> {
    let mut hits = Vec::new();
    let mut lines = Lines::new(text);
    for (start, run) in runs(text, |byte| in_token(byte) || byte == b'%') {
        let before = hits.len();
        // In a URL, a dot can be written as %2E, and the characters around a token as %20 or %22.
        if run.contains(&b'%') {
            let decoded = form_decoded(run);
            let places = places_of_decoded(run);
            for (from, part) in runs(&decoded, in_token) {
                for (offset, token) in tokens_in_run(part) {
                    let at = from + offset;
                    // An encoded token takes more bytes than it has.
                    let encoded = places[at + token.len()] - places[at] != token.len();
                    let hit = Hit::new(Cow::Owned(token.to_vec()), lines.locate(start));
                    hits.push(Hit { encoded, ..hit });
                }
            }
        } else {
            let found = tokens_in_run(run).into_iter();
            hits.extend(
                found.map(|(offset, token)| Hit::new(Cow::Borrowed(token), lines.locate(start + offset))),
            );
        }
        if hits.len() == before && is_opaque_in_context(text, start, run) {
            hits.push(Hit { opaque: true, ..Hit::new(Cow::Borrowed(run), lines.locate(start)) });
        }
    }
    // A header without JOSE parameters makes a token only in a text of one word.
    let whole = text.trim_ascii();
    if hits.is_empty() && is_three_segments(whole) {
        let start = text.len() - text.trim_ascii_start().len();
        hits.push(Hit::new(Cow::Borrowed(whole), lines.locate(start)));
    }
    hits
}

/// Returns the place of each decoded byte in a run, and the end of the run.
fn places_of_decoded(run: &[u8]) -> Vec<usize> {
    let mut places = vec![0];
    let mut at = 0;
    while at < run.len() {
        let is_encoded =
            run[at] == b'%' && run.get(at..at + 3).is_some_and(|part| form_decoded(part).len() == 1);
        at += if is_encoded { 3 } else { 1 };
        places.push(at);
    }
    places
}

/// Returns the runs of bytes that belong together, each with its offset.
fn runs(text: &[u8], belongs: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.iter().position(|&byte| belongs(byte))?;
        let run = text.get(start..)?;
        let run = run.get(..run.iter().position(|&byte| !belongs(byte)).unwrap_or(run.len()))?;
        at = start + run.len();
        Some((start, run))
    })
}

/// Returns the tokens in a run of Base64url characters and dots. Each segment is tested as a header at most twice, so
/// the time is linear.
fn tokens_in_run(run: &[u8]) -> Vec<(usize, &[u8])> {
    let mut found = Vec::new();
    let mut ends =
        run.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at).chain([run.len()]);
    let mut start = 0;
    while let Some(end) = ends.next() {
        let segment = run.get(start..end).unwrap_or_default();
        let header = if end < run.len() { header_in(segment) } else { None };
        if let Some((offset, shape)) = header {
            let more = if shape == SegmentShape::Encrypted { 4 } else { 2 };
            // A token with too few segments is still worth a report.
            if let Some(last) = ends.by_ref().take(more).last() {
                let start_of_token = start + offset;
                // The ellipsis after a token that is cut short belongs to the report on it.
                let dots = if run[..last].ends_with(b".") { 2 } else { 3 };
                let is_cut = run[last..].starts_with(&b"..."[..dots]);
                let end = if is_cut { last + dots } else { last };
                found.extend(run.get(start_of_token..end).map(|token| (start_of_token, token)));
                start = last + 1;
                continue;
            }
        }
        start = end + 1;
    }
    found
}

/// Returns the offset and the shape of a header in a segment. The header is at the start, or follows the rest of an
/// escape sequence (`\n`, `ESC[33m`) without a break.
fn header_in(segment: &[u8]) -> Option<(usize, SegmentShape)> {
    let at = |offset: usize| Some((offset, SegmentShape::from_header(segment.get(offset..)?)?));
    let glued = || segment.windows(3).skip(1).position(|window| window == b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

/// Reports whether a word without dots is an opaque token: it is the whole text, follows a scheme, or is the value of a
/// token name.
fn is_opaque_in_context(text: &[u8], start: usize, run: &[u8]) -> bool {
    if !is_opaque(run) || run.contains(&b'.') {
        return false;
    }
    let alone = |byte: &u8| byte.is_ascii_whitespace() || b"\"'".contains(byte);
    let rest = text.get(start + run.len()..).unwrap_or_default();
    if text.len() < 4096
        && text.get(..start).is_some_and(|head| head.iter().all(alone))
        && rest.iter().all(alone)
    {
        return true;
    }
    Context::before(text, start).expects_token()
}

/// A count of lines and columns.
struct Lines<'t> {
    text: &'t [u8],
    line: usize,
    line_start: usize,
    counted: usize,
}

impl<'t> Lines<'t> {
    const fn new(text: &'t [u8]) -> Self {
        Self { text, line: 1, line_start: 0, counted: 0 }
    }

    /// Returns the location of a position. Positions must not go back.
    fn locate(&mut self, at: usize) -> TokenLocation {
        let passed = self.text.get(self.counted..at).unwrap_or_default();
        for (offset, _) in passed.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            self.line += 1;
            self.line_start = self.counted + offset + 1;
        }
        self.counted = at;
        const LONG: usize = 4096;
        let head = self.text.get(self.line_start..at).unwrap_or_default();
        let column = if head.len() > LONG {
            head.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
        } else {
            String::from_utf8_lossy(head).chars().count()
        };
        TokenLocation {
            line: self.line,
            column: column + 1,
            place: Context::before(self.text, at).into_text(),
            file: None,
            wrapping: None,
        }
    }
}
