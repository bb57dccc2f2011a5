//! The tokens in one run of the characters that tokens are made of. It knows nothing of what stands around the run.

use crate::scan::shape::{Look, in_token};
use memchr::{memchr_iter, memmem};

/// What a run of Base64url characters and dots holds.
#[derive(Debug)]
pub(super) struct Tokens<'r> {
    /// Its tokens, each with the offset at which it begins.
    pub(super) found: Vec<(usize, &'r [u8])>,
    /// What is not decided yet, where the end of the run is not known.
    pub(super) open: Open,
}

/// What begins in a run and has no end yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// A segment that may be a header, at this offset.
    Segment(usize),
    /// A token.
    Token {
        /// Where it begins.
        start: usize,
        /// How many segments of it have no end yet.
        segments: usize,
    },
}

/// Takes a run apart. Each segment is looked at as a header at most twice, so that the time is linear however the dots
/// lie. `closed` says whether the run ends where its bytes end.
pub(super) fn tokens(run: &[u8], closed: bool) -> Tokens<'_> {
    let mut found = Vec::new();
    let mut ends = memchr_iter(b'.', run).chain(closed.then_some(run.len()));
    let mut start = 0;
    while let Some(end) = ends.next() {
        let segment = run.get(start..end).unwrap_or_default();
        let look = if end < run.len() { header_in(segment) } else { None };
        if let Some((offset, look)) = look {
            let start_of_token = start + offset;
            let more = if look == Look::Encrypted { 4 } else { 2 };
            let (mut passed, mut last) = (0, None);
            while passed < more
                && let Some(end) = ends.next()
            {
                (passed, last) = (passed + 1, Some(end));
            }
            if passed < more && !closed {
                return Tokens {
                    found,
                    open: Open::Token { start: start_of_token, segments: more - passed },
                };
            }
            // Fewer segments than it should have is still something to report.
            if let Some(last) = last {
                found.extend(run.get(start_of_token..last).map(|token| (start_of_token, token)));
                start = last + 1;
                continue;
            }
        }
        start = end + 1;
    }
    Tokens { found, open: Open::Segment(start) }
}

/// The tokens among decoded text, which may be anything.
pub(super) fn tokens_in_text(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| !in_token(byte)).flat_map(|run| tokens(run, true).found).map(|(_, token)| token)
}

/// A header at the start of a segment, or behind what an escaped or coloured text leaves before it without a break
/// (`\n`, `ESC[33m`), and where it begins.
fn header_in(segment: &[u8]) -> Option<(usize, Look)> {
    let at = |offset: usize| Some((offset, Look::at_header(segment.get(offset..)?)?));
    let glued = || memmem::find(segment.get(1..)?, b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    #[test]
    fn tells_what_has_no_end_yet() {
        let open = |text: &str| tokens(text.as_bytes(), false).open;
        assert_eq!(open("a.b.c"), Open::Segment(4));
        assert_eq!(open("a."), Open::Segment(2));
        assert_eq!(open(&format!("a.{JWT}")), Open::Token { start: 2, segments: 1 });
        assert_eq!(open("eyJhbGciOiJub25lIn0."), Open::Token { start: 0, segments: 2 });
        assert_eq!(open(&format!("{JWT}.{JWT}.b")), Open::Segment(82));
    }
}
