//! The scan in the plainest form that can be, over a whole text at once: what the fast one has to find, and where.

use super::Hit;
use super::context::Context;
use super::opaque::OPAQUE_NAMES;
use crate::core::report::TokenLocation;
use crate::scan::shape::{Look, in_token, is_opaque, is_three_segments, percent_decoded};
use std::borrow::Cow;

/// Finds every token in a text, in order.
pub(super) fn scan(text: &[u8]) -> Vec<Hit<'_>> {
    let mut hits = Vec::new();
    let mut place = Place::new(text);
    for (start, run) in runs(text, |byte| in_token(byte) || byte == b'%') {
        let before = hits.len();
        // In a URL a dot may be written %2E, and what stands around a token as %20 or %22.
        let decoded = if run.contains(&b'%') { percent_decoded(run) } else { Cow::Borrowed(run) };
        match decoded {
            Cow::Borrowed(run) => {
                let found = tokens_in_run(run).into_iter();
                hits.extend(
                    found.map(|(offset, token)| Hit::new(Cow::Borrowed(token), place.locate(start + offset))),
                );
            }
            Cow::Owned(decoded) => {
                let found = runs(&decoded, in_token).flat_map(|(_, run)| tokens_in_run(run));
                hits.extend(
                    found.map(|(_, token)| Hit::new(Cow::Owned(token.to_vec()), place.locate(start))),
                );
            }
        }
        if hits.len() == before && is_opaque_in_place(text, start, run) {
            hits.push(Hit { opaque: true, ..Hit::new(Cow::Borrowed(run), place.locate(start)) });
        }
    }
    // A header that says nothing makes a token only where there is nothing else.
    let whole = text.trim_ascii();
    if hits.is_empty() && is_three_segments(whole) {
        let start = text.len() - text.trim_ascii_start().len();
        hits.push(Hit::new(Cow::Borrowed(whole), place.locate(start)));
    }
    hits
}

/// The stretches of bytes of a kind, each with the place where it begins.
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

/// The tokens in a stretch of Base64url characters and dots. Each segment is looked at as a header at most
/// twice, so that the time is linear however the dots lie.
fn tokens_in_run(run: &[u8]) -> Vec<(usize, &[u8])> {
    let mut found = Vec::new();
    let mut ends =
        run.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(at, _)| at).chain([run.len()]);
    let mut start = 0;
    while let Some(end) = ends.next() {
        let segment = run.get(start..end).unwrap_or_default();
        let look = if end < run.len() { header_in(segment) } else { None };
        if let Some((offset, look)) = look {
            let more = if look == Look::Encrypted { 4 } else { 2 };
            // Fewer segments than it should have is still something to report.
            if let Some(last) = ends.by_ref().take(more).last() {
                let start_of_token = start + offset;
                found.extend(run.get(start_of_token..last).map(|token| (start_of_token, token)));
                start = last + 1;
                continue;
            }
        }
        start = end + 1;
    }
    found
}

/// A header at the start of a segment, or behind what an escaped or coloured text leaves before it without a break
/// (`\n`, `ESC[33m`), and where it begins.
fn header_in(segment: &[u8]) -> Option<(usize, Look)> {
    let at = |offset: usize| Some((offset, Look::at_header(segment.get(offset..)?)?));
    let glued = || segment.windows(3).skip(1).position(|window| window == b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

/// Whether a word without dots stands where a token would: it is the whole text, follows a scheme, or is the value
/// of something called a token.
fn is_opaque_in_place(text: &[u8], start: usize, run: &[u8]) -> bool {
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
    match Context::before(text, start) {
        Context::Credential { .. } => true,
        Context::Header(name) | Context::Member(name) | Context::Parameter(name) | Context::Cookie(name) => {
            OPAQUE_NAMES.contains(&name.to_ascii_lowercase().as_str())
        }
        Context::Text => false,
    }
}

/// Counts lines and columns as the scan goes on.
struct Place<'t> {
    text: &'t [u8],
    line: usize,
    line_start: usize,
    counted: usize,
}

impl<'t> Place<'t> {
    const fn new(text: &'t [u8]) -> Self {
        Self { text, line: 1, line_start: 0, counted: 0 }
    }

    /// Describes a position; positions must not go back.
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
            place: Context::before(self.text, at).describe(),
            file: None,
        }
    }
}
