//! Finds the tokens in one run of Base64url characters and dots. It knows nothing of the text around the run.

use super::shape::{SegmentShape, in_token};
use memchr::{memchr_iter, memmem};

/// The tokens of a run, and its unfinished end.
#[derive(Debug)]
pub(super) struct RunTokens<'r> {
    /// The tokens, each with the offset at which it begins.
    pub(super) found: Vec<(usize, &'r [u8])>,
    /// The part that cannot be decided before the rest of the run is known.
    pub(super) open: OpenEnd,
}

/// The part at the end of a run that has no end yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenEnd {
    /// A segment at this offset that may be a header.
    Segment(usize),
    /// A token.
    Token {
        /// The offset at which it begins.
        start: usize,
        /// The number of its segments that have no end yet.
        segments: usize,
    },
}

/// Finds the tokens of a run. `closed` says whether the run ends where its bytes end. Each segment is tested as a
/// header at most twice, so the time is linear in the length of the run.
pub(super) fn tokens(run: &[u8], closed: bool) -> RunTokens<'_> {
    let mut found = Vec::new();
    let mut ends = memchr_iter(b'.', run).chain(closed.then_some(run.len()));
    let mut start = 0;
    while let Some(end) = ends.next() {
        let segment = run.get(start..end).unwrap_or_default();
        let header = if end < run.len() { header_in(segment) } else { None };
        if let Some((offset, shape)) = header {
            let start_of_token = start + offset;
            let more = if shape == SegmentShape::Encrypted { 4 } else { 2 };
            let (mut passed, mut last) = (0, None);
            while passed < more
                && let Some(end) = ends.next()
            {
                (passed, last) = (passed + 1, Some(end));
            }
            if passed < more && !closed {
                return RunTokens {
                    found,
                    open: OpenEnd::Token { start: start_of_token, segments: more - passed },
                };
            }
            // A token with too few segments is still worth a report.
            if let Some(last) = last {
                found.extend(run.get(start_of_token..last).map(|token| (start_of_token, token)));
                start = last + 1;
                continue;
            }
        }
        start = end + 1;
    }
    RunTokens { found, open: OpenEnd::Segment(start) }
}

/// Finds the tokens in decoded text, which may hold any bytes.
pub(super) fn tokens_in_text(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| !in_token(byte)).flat_map(|run| {
        let found = tokens(run, true).found.into_iter();
        found.map(|(offset, token)| with_ellipsis(run, offset, token))
    })
}

/// Returns a token of a run with the three dots of the ellipsis that follows it, if one does: the token is cut short.
pub(super) fn with_ellipsis<'r>(run: &'r [u8], offset: usize, token: &'r [u8]) -> &'r [u8] {
    let end = offset + token.len();
    // The dot before an empty last segment can be the first of the three.
    let missing = if token.ends_with(b".") { 2 } else { 3 };
    let is_cut = run.get(end..end + missing).is_some_and(|dots| dots.iter().all(|&byte| byte == b'.'));
    if is_cut { run.get(offset..end + missing).unwrap_or(token) } else { token }
}

/// Returns the offset and the shape of a header in a segment. The header is at the start, or follows the rest of an
/// escape sequence (`\n`, `ESC[33m`) without a break.
fn header_in(segment: &[u8]) -> Option<(usize, SegmentShape)> {
    let at = |offset: usize| Some((offset, SegmentShape::from_header(segment.get(offset..)?)?));
    let glued = || memmem::find(segment.get(1..)?, b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    #[test]
    fn reports_the_part_that_has_no_end_yet() {
        let open = |text: &str| tokens(text.as_bytes(), false).open;
        assert_eq!(open("a.b.c"), OpenEnd::Segment(4));
        assert_eq!(open("a."), OpenEnd::Segment(2));
        assert_eq!(open(&format!("a.{JWT}")), OpenEnd::Token { start: 2, segments: 1 });
        assert_eq!(open("eyJhbGciOiJub25lIn0."), OpenEnd::Token { start: 0, segments: 2 });
        assert_eq!(open(&format!("{JWT}.{JWT}.b")), OpenEnd::Segment(82));
    }
}
