//! Finds the tokens in one run of Base64url characters and dots. It knows nothing of the text around the run.

use super::shape::{SegmentShape, in_token};
use memchr::{Memchr, memchr_iter, memmem};

/// An iterator over the tokens of a run, each with the offset at which it begins. Each segment is tested as a header at
/// most twice, so the time is linear in the length of the run.
#[derive(Debug)]
pub(super) struct RunTokens<'r, S> {
    run: &'r [u8],
    dots: Memchr<'r>,
    /// The end of the run as the end of a segment, if it is known.
    end: Option<usize>,
    start: usize,
    open: Option<OpenEnd>,
    /// Tells the shape of a segment that is a header.
    shape_of: S,
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

/// Finds the tokens of a run. `closed` says whether the run ends where its bytes end. `shape_of` tells the shape of a
/// segment that is a header.
pub(super) fn tokens<S>(run: &[u8], closed: bool, shape_of: S) -> RunTokens<'_, S>
where
    S: FnMut(&[u8]) -> Option<SegmentShape>,
{
    let end = closed.then_some(run.len());
    RunTokens { run, dots: memchr_iter(b'.', run), end, start: 0, open: None, shape_of }
}

impl<S> RunTokens<'_, S> {
    /// Returns the part that cannot be decided before the rest of the run is known, after all tokens were found.
    pub(super) fn open(&self) -> OpenEnd {
        self.open.unwrap_or(OpenEnd::Segment(self.start))
    }

    /// Returns the end of the next segment.
    fn next_end(&mut self) -> Option<usize> {
        self.dots.next().or_else(|| self.end.take())
    }
}

impl<'r, S: FnMut(&[u8]) -> Option<SegmentShape>> Iterator for RunTokens<'r, S> {
    type Item = (usize, &'r [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let closed = self.end.is_some();
        while let Some(end) = self.next_end() {
            let segment = self.run.get(self.start..end).unwrap_or_default();
            let header = if end < self.run.len() { header_in(segment, &mut self.shape_of) } else { None };
            if let Some((offset, shape)) = header {
                let start = self.start + offset;
                let more = if shape == SegmentShape::Encrypted { 4 } else { 2 };
                let (mut passed, mut last) = (0, None);
                while passed < more
                    && let Some(end) = self.next_end()
                {
                    (passed, last) = (passed + 1, Some(end));
                }
                if passed < more && !closed {
                    self.open = Some(OpenEnd::Token { start, segments: more - passed });
                    return None;
                }
                // A token with too few segments is still worth a report.
                if let Some(last) = last {
                    self.start = last + 1;
                    return self.run.get(start..last).map(|token| (start, token));
                }
            }
            self.start = end + 1;
        }
        None
    }
}

/// A run without its percent-encoding.
pub(super) struct DecodedRun {
    text: Vec<u8>,
    /// The positions in the text of the bytes that were encoded, in ascending order.
    encoded: Vec<usize>,
}

impl DecodedRun {
    /// Decodes a run. A percent sign without two hexadecimal digits stays.
    pub(super) fn new(run: &[u8]) -> Self {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (mut text, mut encoded, mut rest) = (Vec::with_capacity(run.len()), Vec::new(), run);
        while let [byte, after @ ..] = rest {
            rest = after;
            let mut decoded = *byte;
            if let (b'%', [high, low, after @ ..]) = (byte, after)
                && let (Some(high), Some(low)) = (digit(*high), digit(*low))
            {
                decoded = high << 4 | low;
                encoded.push(text.len());
                rest = after;
            }
            text.push(decoded);
        }
        Self { text, encoded }
    }

    /// Finds the tokens. Each comes with `true` if a part of it was encoded, so that it does not stand in the run as it is.
    pub(super) fn tokens(&self) -> impl Iterator<Item = (&[u8], bool)> {
        let mut encoded = self.encoded.iter().peekable();
        let mut start = 0;
        let runs = self.text.split(|&byte| !in_token(byte)).map(move |run| {
            let from = start;
            start += run.len() + 1;
            (from, run)
        });
        let found = runs.flat_map(|(from, run)| {
            tokens(run, true, SegmentShape::from_header)
                .map(move |(offset, token)| (from + offset, with_ellipsis(run, offset, token)))
        });
        // The tokens come in the order of the text, so each encoded byte is passed once.
        found.map(move |(at, token)| {
            while encoded.next_if(|encoded| **encoded < at).is_some() {}
            let is_encoded = encoded.peek().is_some_and(|encoded| **encoded < at + token.len());
            (token, is_encoded)
        })
    }
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
fn header_in(
    segment: &[u8],
    mut shape_of: impl FnMut(&[u8]) -> Option<SegmentShape>,
) -> Option<(usize, SegmentShape)> {
    let mut at = |offset: usize| Some((offset, shape_of(segment.get(offset..)?)?));
    let glued = || memmem::find(segment.get(1..)?, b"eyJ").map(|before| before + 1);
    at(0).or_else(|| at(glued()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

    #[test]
    fn tells_encoded_tokens_from_tokens_beside_an_encoded_character() {
        let dots = JWT.replace('.', "%2E");
        let found = |run: &str| {
            let decoded = DecodedRun::new(run.as_bytes());
            let tokens = decoded.tokens().map(|(token, encoded)| (token == JWT.as_bytes(), encoded));
            tokens.collect::<Vec<_>>()
        };
        for (run, encoded) in [
            (dots.clone(), vec![true]),
            (format!("%20{JWT}"), vec![false]),
            (format!("Bearer%20{JWT}%22"), vec![false]),
            (format!("%65{}", JWT.trim_start_matches('e')), vec![true]),
            (format!("%22{JWT}%22%2C%22{dots}%22"), vec![false, true]),
            (format!("{dots}%20{JWT}%20{dots}%20{JWT}%"), vec![true, false, true, false]),
            (format!("%zz%20{JWT}%2"), vec![false]),
            ("%41%2e%".to_owned(), vec![]),
        ] {
            let expected: Vec<_> = encoded.into_iter().map(|encoded| (true, encoded)).collect();
            assert_eq!(found(&run), expected, "{run}");
        }
    }

    #[test]
    fn reports_the_part_that_has_no_end_yet() {
        let open = |text: &str| {
            let mut tokens = tokens(text.as_bytes(), false, SegmentShape::from_header);
            tokens.by_ref().for_each(drop);
            tokens.open()
        };
        assert_eq!(open("a.b.c"), OpenEnd::Segment(4));
        assert_eq!(open("a."), OpenEnd::Segment(2));
        assert_eq!(open(&format!("a.{JWT}")), OpenEnd::Token { start: 2, segments: 1 });
        assert_eq!(open("eyJhbGciOiJub25lIn0."), OpenEnd::Token { start: 0, segments: 2 });
        assert_eq!(open(&format!("{JWT}.{JWT}.b")), OpenEnd::Segment(82));
    }
}
