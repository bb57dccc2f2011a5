//! Every token in any text, in one pass, in linear time and in memory that does not grow with the text, each with the
//! place where it stands. The text is handed over in pieces of any size, which nothing of the outcome depends on.
//!
//! Where there is nothing like a token, searches pass over the text that look at many bytes at once; a run of token
//! characters that one of them stops at is taken apart, once.

pub(crate) mod find;
pub(crate) mod shape;

mod anchors;
mod context;
mod long;
mod opaque;
mod place;
#[cfg(test)]
mod plain;
mod run;
#[cfg(test)]
mod streaming;

use self::anchors::Anchors;
use self::long::Long;
use self::opaque::{is_opaque_in_place, lone_opaque};
use self::place::Place;
use crate::core::report::TokenLocation;
use crate::scan::shape::{in_token, is_three_segments, percent_decoded};
use memchr::memchr;
use std::borrow::Cow;
use std::convert::Infallible;

/// A stretch of text that holds a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit<'t> {
    /// The bytes of the token; none where there are more than are kept.
    pub(crate) token: Cow<'t, [u8]>,
    /// How many bytes it has.
    pub(crate) length: usize,
    /// Where it stands.
    pub(crate) found: TokenLocation,
    /// Whether it is a word only its issuer understands.
    pub(crate) opaque: bool,
}

impl<'t> Hit<'t> {
    fn new(token: Cow<'t, [u8]>, found: TokenLocation) -> Self {
        Self { length: token.len(), token, found, opaque: false }
    }

    fn into_owned(self) -> Hit<'static> {
        Hit { token: Cow::Owned(self.token.into_owned()), ..self }
    }
}

/// How much of the text is kept behind the scan: what stands before a token tells its place.
const HISTORY: usize = 4096;

/// How short a text is of which a single word may be taken for an opaque token.
const ALONE: usize = 4096;

/// The scan of one text.
#[derive(Debug)]
pub(crate) struct Scanner {
    /// How many bytes are taken in at once.
    block: usize,
    /// How long a run of token characters may be to be looked at as a whole.
    longest: usize,
    /// The text from [`HISTORY`] bytes before `done` on, and room behind it.
    buffer: Vec<u8>,
    /// How much of the buffer is text.
    filled: usize,
    /// Up to here everything was looked at. What follows is a run whose end is not known.
    done: usize,
    /// Up to here that run was seen to go on.
    known: usize,
    /// The offset in the text at which the buffer begins.
    base: usize,
    place: Place,
    is_empty: bool,
    lone: Lone,
    /// What there is of a run that is longer than `longest`.
    long: Option<Long>,
}

/// Whether the text may be one word.
#[derive(Debug)]
enum Lone {
    /// Nothing but white space so far.
    Blank,
    /// One word with white space around it, three segments long.
    Word(Hit<'static>),
    /// Other things.
    No,
}

/// Finds every token in a text, in order.
pub(crate) fn scan(text: &[u8]) -> Vec<Hit<'static>> {
    let mut hits = Vec::new();
    let mut scanner = Scanner::new(text.len().max(1), text.len());
    let mut keep = |hit: Hit<'_>| -> Result<(), Infallible> {
        hits.push(hit.into_owned());
        Ok(())
    };
    if let Some(room) = scanner.room().get_mut(..text.len()) {
        room.copy_from_slice(text);
    }
    scanner.filled = text.len();
    let Ok(()) = scanner.finish(&mut keep);
    hits
}

impl Scanner {
    /// A scan that takes in `block` bytes at once. Of a token that is longer than `longest`, only the length is told; nor
    /// is a header found that is, nor an opaque token, nor what is percent-encoded in a run of such a length.
    pub(crate) fn new(block: usize, longest: usize) -> Self {
        Self {
            block,
            longest,
            buffer: Vec::new(),
            filled: 0,
            done: 0,
            known: 0,
            base: 0,
            place: Place::new(),
            is_empty: true,
            lone: Lone::Blank,
            long: None,
        }
    }

    /// Where the next bytes of the text are to be put.
    pub(crate) fn room(&mut self) -> &mut [u8] {
        let kept = self.done.saturating_sub(HISTORY);
        // Half of the buffer at least, so that every byte is moved but a few times.
        if kept > self.filled / 2 {
            self.buffer.copy_within(kept..self.filled, 0);
            self.filled -= kept;
            self.done -= kept;
            self.known -= kept;
            self.base += kept;
        }
        if self.buffer.len() < self.filled + self.block {
            self.buffer.resize(self.filled + self.block, 0);
        }
        self.buffer.get_mut(self.filled..self.filled + self.block).unwrap_or_default()
    }

    /// Looks at so many bytes that were put into the [room](Self::room).
    pub(crate) fn advance<E>(
        &mut self,
        bytes: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.filled += bytes;
        self.look(false, sink)
    }

    /// Looks at what is left where the text ends.
    pub(crate) fn finish<E>(&mut self, sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>) -> Result<(), E> {
        self.look(true, sink)?;
        if !self.is_empty {
            return Ok(());
        }
        if let Lone::Word(hit) = std::mem::replace(&mut self.lone, Lone::No) {
            return sink(hit);
        }
        let text = self.buffer.get(..self.filled).unwrap_or_default();
        if self.base == 0 && text.len() < ALONE { lone_opaque(text).map_or(Ok(()), sink) } else { Ok(()) }
    }

    fn look<E>(&mut self, is_end: bool, sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>) -> Result<(), E> {
        if self.long.is_some() && !self.look_at_long_run(is_end, sink)? {
            return Ok(());
        }
        let text = self.buffer.get(..self.filled).unwrap_or_default();
        let news = text.get(self.known..).unwrap_or_default();
        let open = if is_end { 0 } else { news.iter().rev().take_while(|byte| in_run(**byte)).count() };
        let end = if open == news.len() && !is_end { self.done } else { self.filled - open };
        let mut part = Part { text, base: self.base, place: &mut self.place, is_empty: &mut self.is_empty };
        let region = self.done..end;
        self.lone.look(&mut part, region.clone());
        let mut anchors = Anchors::new(text.get(..end).unwrap_or_default());
        let mut from = region.start;
        while let Some(at) = anchors.next(from) {
            let run = run_around(text, from, at, end);
            from = run.end;
            part.look_at_run(run, sink)?;
        }
        self.place.pass(text, self.base, end);
        (self.done, self.known) = (end, self.filled);
        if self.filled - self.done > self.longest {
            self.long = Some(Long::Undecided);
            self.lone = Lone::No;
            self.known = self.done;
            return self.look_at_long_run(is_end, sink).map(|_| ());
        }
        Ok(())
    }
}

/// Whether a byte belongs to a run that may hold a token: in a URL a dot may be written %2E, and what stands around a
/// token as %20 or %22.
const fn in_run(byte: u8) -> bool {
    in_token(byte) || byte == b'%'
}

/// The run of token characters at a position.
fn run_around(text: &[u8], from: usize, at: usize, end: usize) -> std::ops::Range<usize> {
    let before =
        text.get(from..at).unwrap_or_default().iter().rev().take_while(|byte| in_run(**byte)).count();
    let after = text.get(at..end).unwrap_or_default().iter().take_while(|byte| in_run(**byte)).count();
    at - before..at + after
}

/// What the text is being looked at with.
struct Part<'s> {
    text: &'s [u8],
    base: usize,
    place: &'s mut Place,
    is_empty: &'s mut bool,
}

impl<'s> Part<'s> {
    fn look_at_run<E>(
        &mut self,
        run: std::ops::Range<usize>,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = run.start;
        let bytes = self.text.get(run).unwrap_or_default();
        if memchr(b'%', bytes).is_some() {
            let decoded = percent_decoded(bytes);
            for token in run::tokens_in_text(&decoded) {
                let found = self.find(start);
                sink(Hit::new(Cow::Borrowed(token), found))?;
            }
            return Ok(());
        }
        let tokens = run::tokens(bytes, true).found;
        if tokens.is_empty() && is_opaque_in_place(self.text, start, bytes) {
            let found = self.find(start);
            return sink(Hit { opaque: true, ..Hit::new(Cow::Borrowed(bytes), found) });
        }
        for (offset, token) in tokens {
            let found = self.find(start + offset);
            sink(Hit::new(Cow::Borrowed(token), found))?;
        }
        Ok(())
    }

    fn find(&mut self, at: usize) -> TokenLocation {
        *self.is_empty = false;
        self.place.locate(self.text, self.base, at)
    }
}

impl Lone {
    /// A header that says nothing makes a token only where there is nothing else.
    fn look(&mut self, part: &mut Part<'_>, region: std::ops::Range<usize>) {
        let bytes = part.text.get(region.clone()).unwrap_or_default();
        let rest = bytes.trim_ascii_start();
        if matches!(self, Self::No) || rest.is_empty() {
            return;
        }
        let word = rest.trim_ascii_end();
        let start = region.end - rest.len();
        *self = match self {
            Self::Blank if is_three_segments(word) => {
                let found = part.place.locate(part.text, part.base, start);
                Self::Word(Hit::new(Cow::Owned(word.to_vec()), found))
            }
            _ => Self::No,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
    const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";

    fn places(text: &str) -> Vec<(usize, usize, String)> {
        scan(text.as_bytes())
            .into_iter()
            .map(|hit| (hit.found.line, hit.found.column, hit.found.place))
            .collect()
    }

    fn tokens(text: &str) -> Vec<String> {
        scan(text.as_bytes()).iter().map(|hit| std::str::from_utf8(&hit.token).unwrap().to_owned()).collect()
    }

    #[test]
    fn says_where_each_token_stands() {
        for (text, line, column, place) in [
            (format!("> Authorization: Bearer {JWT}\r\n"), 1, 25, "Authorization header"),
            (format!("x\n{{\"access\": \"{JWT}\"}}"), 2, 13, "member access"),
            (format!("GET /?access_token={JWT} HTTP/1.1"), 1, 20, "parameter access_token"),
            (format!("Cookie: a=b; sid={JWT}"), 1, 18, "cookie sid"),
            (
                format!("{{\"name\": \"Authorization\", \"value\": \"Bearer {JWT}\"}}"),
                1,
                44,
                "Authorization header",
            ),
            (format!("{{\"name\": \"sid\", \"value\": \"{JWT}\"}}"), 1, 27, "member sid"),
            (format!("é {JWT}"), 1, 3, "text"),
            (format!("> X-Auth-Token: {JWT}"), 1, 17, "header X-Auth-Token"),
            (format!("first\\n{JWT}"), 1, 8, "text"),
            (format!("\u{1b}[33m{JWT}\u{1b}[0m"), 1, 6, "text"),
            (format!("/?jwt={}", JWT.replace('.', "%2e")), 1, 7, "parameter jwt"),
            (format!("/?token=Bearer%20{JWT}"), 1, 9, "parameter token"),
        ] {
            assert_eq!(places(&text), [(line, column, place.to_owned())], "{text}");
        }
    }

    #[test]
    fn takes_three_segments_or_five_and_leaves_the_rest() {
        assert_eq!(tokens(&format!("see {JWT}. and www.example.com.{JWT}")), [JWT, JWT]);
        assert_eq!(tokens(&format!("{JWE},{JWT}")), [JWE, JWT]);
        assert_eq!(tokens("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."), ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."]);
    }

    #[test]
    fn names_an_opaque_token_only_where_a_token_would_stand() {
        let opaque = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";
        for text in [
            opaque.to_owned(),
            format!("Authorization: Token {opaque}"),
            format!("{{\"access_token\":\"{opaque}\"}}"),
            format!("?token={opaque}"),
        ] {
            assert_eq!(tokens(&text), [opaque], "{text}");
            assert!(scan(text.as_bytes())[0].opaque);
        }
        assert_eq!(tokens(&format!("commit {opaque} by me")), [""; 0]);
    }

    #[test]
    fn hostile_text_takes_linear_time() {
        for text in [
            "eyJ".repeat(1_000_000),
            ".".repeat(3_000_000),
            "eyJ.".repeat(750_000),
            "{\"a\":".repeat(600_000),
        ] {
            assert_eq!(scan(text.as_bytes()), []);
        }
    }
}
