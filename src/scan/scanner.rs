//! Finds every token in a text, in one pass, in linear time, and in memory that does not grow with the text. The text
//! comes in pieces of any size; the result does not depend on them.
//!
//! Fast searches ([`Anchors`]) pass over text without tokens. Each run of token characters at an anchor is taken apart
//! once. Runs that are longer than any allowed token are handled in `oversized`.

use super::anchors::Anchors;
use super::extracted::BASE64;
use super::header_shapes::HeaderShapes;
use super::hit::Hit;
use super::lenient_base64::{begins_like_wrapped, decode_word};
use super::line_counter::LineCounter;
use super::opaque::{is_opaque_in_context, lone_opaque};
use super::oversized::{OversizedRun, OversizedScan};
use super::run::{self, DecodedRun};
use super::shape::{SHORTEST_OPAQUE, in_run, in_token, is_three_segments, looks_like_jwt, run_length};
use super::shapes::{has_dotted_prefix, shape_of};
use super::text_window::TextWindow;
use crate::core::report::TokenLocation;
use memchr::memchr;
use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;

/// The length below which a text of a single word can be an opaque token.
const LONE_WORD_LIMIT: usize = 4096;

/// The limit of the characters after a token that may belong to it.
const LONGEST_TAIL: usize = 1 << 16;

/// A scan of one text. The caller reads bytes into [`read_buffer`](Self::read_buffer) and calls
/// [`advance`](Self::advance) after each read, then [`finish`](Self::finish).
#[derive(Debug)]
pub struct Scanner {
    /// The number of bytes that are read at once.
    block: usize,
    window: TextWindow,
    lone: LoneWord,
    /// The number of layers of Base64 in which tokens are found.
    layers: usize,
    headers: HeaderShapes,
    /// The state of a run that is longer than `longest`.
    oversized: Option<OversizedRun>,
}

/// The text so far, as far as it is one word. A header without JOSE parameters makes a token only in a text of one
/// word.
#[derive(Debug)]
enum LoneWord {
    /// Only white space so far.
    Blank,
    /// One word of three segments, with white space around it.
    Word(Hit<'static>),
    /// Any other text.
    No,
}

/// The number of layers of Base64 in which tokens are found.
const LAYERS: usize = 2;

/// Finds every token in a text, in order.
#[must_use]
pub fn scan(text: &[u8]) -> Vec<Hit<'static>> {
    scan_layers(text, LAYERS)
}

fn scan_layers(text: &[u8], layers: usize) -> Vec<Hit<'static>> {
    let mut hits = Vec::new();
    let mut scanner = Scanner { layers, ..Scanner::new(text.len().max(1), text.len()) };
    let mut keep = |hit: Hit<'_>| -> Result<(), Infallible> {
        hits.push(hit.into_owned());
        Ok(())
    };
    if let Some(space) = scanner.read_buffer().get_mut(..text.len()) {
        space.copy_from_slice(text);
    }
    scanner.window.filled = text.len();
    let Ok(()) = scanner.finish(&mut keep);
    hits
}

/// Returns the JWTs in a word that is Base64, each with the names of the wrappings around it.
fn wrapped_tokens<'t>(word: &[u8], tail: impl FnOnce() -> &'t [u8], layers: usize) -> Vec<(Vec<u8>, String)> {
    if layers == 0 || !begins_like_wrapped(word) {
        return Vec::new();
    }
    let Some(text) = decode_word(word, tail()) else { return Vec::new() };
    let inside = scan_layers(&text, layers - 1).into_iter();
    let jwts = inside.filter(|hit| !hit.opaque && looks_like_jwt(&hit.token) && !is_ellipsis(&hit.token));
    jwts.map(|hit| {
        let wrapping = match hit.found.wrapping {
            Some(inner) => format!("{BASE64}, {inner}"),
            None => BASE64.to_owned(),
        };
        (hit.token.into_owned(), wrapping)
    })
    .collect()
}

impl Scanner {
    /// Starts a scan that reads `block` bytes at once. For a token longer than `longest`, only the length is reported.
    /// Headers, opaque tokens and percent-encoded text longer than `longest` are not found.
    #[must_use]
    pub fn new(block: usize, longest: usize) -> Self {
        Self {
            block,
            window: TextWindow::new(longest),
            lone: LoneWord::Blank,
            layers: LAYERS,
            headers: HeaderShapes::default(),
            oversized: None,
        }
    }

    /// Leaves the lines and columns of tokens out, for callers that only count tokens.
    #[must_use]
    pub fn without_locations(mut self) -> Self {
        self.window.lines = LineCounter::idle();
        self
    }

    /// Returns the space for the next bytes of the text.
    pub fn read_buffer(&mut self) -> &mut [u8] {
        self.window.room(self.block)
    }

    /// Scans bytes that the caller wrote into the [read buffer](Self::read_buffer).
    ///
    /// # Errors
    /// Returns the error of the sink.
    pub fn advance<E>(
        &mut self,
        bytes: usize,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.window.filled += bytes;
        self.scan_new(false, sink)
    }

    /// Scans the rest of the text at its end.
    ///
    /// # Errors
    /// Returns the error of the sink.
    pub fn finish<E>(&mut self, sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>) -> Result<(), E> {
        self.scan_new(true, sink)?;
        if !self.window.is_empty {
            return Ok(());
        }
        if let LoneWord::Word(hit) = std::mem::replace(&mut self.lone, LoneWord::No) {
            // A signed cookie can have three parts, too.
            return if shape_of(&hit.token).is_some() { Ok(()) } else { sink(hit) };
        }
        let text = self.window.buffer.get(..self.window.filled).unwrap_or_default();
        if self.window.base == 0 && text.len() < LONE_WORD_LIMIT {
            lone_opaque(text).map_or(Ok(()), sink)
        } else {
            Ok(())
        }
    }

    /// Returns the text if it holds no token and is still in the buffer as a whole.
    pub(crate) fn text_without_tokens(&self) -> Option<&[u8]> {
        self.whole_text().filter(|_| self.window.is_empty)
    }

    /// Returns the text if it is still in the buffer as a whole.
    pub(crate) fn whole_text(&self) -> Option<&[u8]> {
        (self.window.base == 0).then(|| self.window.buffer.get(..self.window.filled))?
    }

    fn scan_new<E>(
        &mut self,
        is_end: bool,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.oversized.is_some() && !self.scan_oversized(is_end, sink)? {
            return Ok(());
        }
        let text = self.window.buffer.get(..self.window.filled).unwrap_or_default();
        let new = text.get(self.window.known..).unwrap_or_default();
        // The disclosures of an SD-JWT arrive with its token, unless they are too long to wait for.
        let waits = self.window.filled - self.window.done <= 2 * LONGEST_TAIL;
        // So does the rest of a word in standard Base64.
        let is_open = |byte: &&u8| in_run(**byte) || (waits && b"~+/".contains(byte));
        let open = if is_end { 0 } else { new.iter().rev().take_while(is_open).count() };
        let end = if open == new.len() && !is_end { self.window.done } else { self.window.filled - open };
        let mut part = ScanRegion {
            text,
            layers: self.layers,
            base: self.window.base,
            lines: &mut self.window.lines,
            is_empty: &mut self.window.is_empty,
        };
        let region = self.window.done..end;
        self.lone.update(&mut part, region.clone());
        let mut anchors = Anchors::new(text.get(..end).unwrap_or_default());
        let mut from = region.start;
        while let Some(at) = anchors.next(from) {
            let run = run_around(text, from, at, end);
            from = run.end;
            part.scan_run(run, anchors.has_percent_before(from), &mut self.headers, sink)?;
        }
        self.window.lines.pass(text, self.window.base, end);
        (self.window.done, self.window.known) = (end, self.window.filled);
        if self.window.filled - self.window.done > self.window.longest {
            self.oversized = Some(OversizedRun::Undecided);
            self.lone = LoneWord::No;
            self.window.known = self.window.done;
            return self.scan_oversized(is_end, sink).map(|_| ());
        }
        Ok(())
    }

    /// Scans the part of an oversized run that is in the window, and reports whether the run has ended.
    fn scan_oversized<E>(
        &mut self,
        is_end: bool,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<bool, E> {
        OversizedScan { window: &mut self.window, run: &mut self.oversized }.scan(is_end, sink)
    }
}

/// Reports whether a found token ends with an ellipsis or has one inside.
pub(super) fn is_ellipsis(token: &[u8]) -> bool {
    memchr::memmem::find(token, b"...").is_some()
}

/// Returns the run of token characters around a position.
fn run_around(text: &[u8], from: usize, at: usize, end: usize) -> Range<usize> {
    let before =
        text.get(from..at).unwrap_or_default().iter().rev().take_while(|byte| in_run(**byte)).count();
    at - before..at + run_length(text.get(at..end).unwrap_or_default())
}

/// The text of one step of the scan, and the state that finding a token changes.
struct ScanRegion<'s> {
    text: &'s [u8],
    layers: usize,
    base: usize,
    lines: &'s mut LineCounter,
    is_empty: &'s mut bool,
}

impl ScanRegion<'_> {
    /// Reports the tokens of one run.
    fn scan_run<E>(
        &mut self,
        run: Range<usize>,
        has_percent: bool,
        headers: &mut HeaderShapes,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let start = run.start;
        let end = run.end;
        let bytes = self.text.get(run).unwrap_or_default();
        if has_percent {
            let decoded = DecodedRun::new(bytes);
            for (token, encoded) in decoded.tokens() {
                let found = self.locate(start);
                sink(Hit { encoded, ..Hit::new(Cow::Borrowed(token), found) })?;
            }
            return Ok(());
        }
        // A token has a dot, and no other word that is reported is shorter.
        if bytes.len() < SHORTEST_OPAQUE && memchr(b'.', bytes).is_none() {
            return Ok(());
        }
        let mut tokens = run::tokens(bytes, true, |segment: &[u8]| headers.shape_of(segment)).peekable();
        if tokens.peek().is_none() {
            return self.scan_word(start..end, sink);
        }
        for (offset, token) in tokens {
            let token = run::with_ellipsis(bytes, offset, token);
            let found = self.locate(start + offset);
            let tail = if offset + token.len() == bytes.len() { self.tail(end) } else { b"" };
            sink(Hit { tail: Cow::Borrowed(tail), ..Hit::new(Cow::Borrowed(token), found) })?;
        }
        Ok(())
    }

    /// Reports a word that holds no token: the tokens that are inside it in Base64, or the word if it is an opaque token.
    fn scan_word<E>(
        &mut self,
        word: Range<usize>,
        sink: &mut impl FnMut(Hit<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (start, end) = (word.start, word.end);
        let bytes = self.text.get(word).unwrap_or_default();
        let wrapped = wrapped_tokens(bytes, || self.tail(end), self.layers);
        for (token, wrapping) in &wrapped {
            let found = TokenLocation { wrapping: Some(wrapping.clone()), ..self.locate(start) };
            sink(Hit::new(Cow::Borrowed(token), found))?;
        }
        if wrapped.is_empty() && (has_dotted_prefix(bytes) || is_opaque_in_context(self.text, start, bytes)) {
            let found = self.locate(start);
            return sink(Hit { opaque: true, ..Hit::new(Cow::Borrowed(bytes), found) });
        }
        Ok(())
    }

    /// Returns the characters of standard Base64 after a run, or the disclosures of an SD-JWT, as far as they are known.
    fn tail(&self, end: usize) -> &[u8] {
        let text = self.text;
        let rest = text.get(end..text.len().min(end + LONGEST_TAIL)).unwrap_or_default();
        let begins = rest.first().is_some_and(|byte| b"+/=~".contains(byte));
        let marks: &[u8] = if rest.starts_with(b"~") { b"~" } else { b"+/=" };
        let in_tail = |byte: &&u8| in_token(**byte) || marks.contains(byte);
        let length = if begins { rest.iter().take_while(in_tail).count() } else { 0 };
        rest.get(..length).unwrap_or_default()
    }

    /// Returns the location of a token, and notes that the text holds one.
    fn locate(&mut self, at: usize) -> TokenLocation {
        *self.is_empty = false;
        self.lines.locate(self.text, self.base, at)
    }
}

impl LoneWord {
    /// Takes the next region of the text into account.
    fn update(&mut self, part: &mut ScanRegion<'_>, region: Range<usize>) {
        let bytes = part.text.get(region.clone()).unwrap_or_default();
        let rest = bytes.trim_ascii_start();
        if matches!(self, Self::No) || rest.is_empty() {
            return;
        }
        let word = rest.trim_ascii_end();
        let start = region.end - rest.len();
        *self = match self {
            Self::Blank if is_three_segments(word) => {
                let found = part.lines.locate(part.text, part.base, start);
                Self::Word(Hit::new(Cow::Owned(word.to_vec()), found))
            }
            _ => Self::No,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::encode_standard;

    const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
    const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";

    fn places(text: &str) -> Vec<(usize, usize, String)> {
        scan(text.as_bytes())
            .into_iter()
            .map(|hit| (hit.found.line, hit.found.column, hit.found.place.into_owned()))
            .collect()
    }

    fn tokens(text: &str) -> Vec<String> {
        scan(text.as_bytes()).iter().map(|hit| std::str::from_utf8(&hit.token).unwrap().to_owned()).collect()
    }

    #[test]
    fn reports_the_location_and_context_of_each_token() {
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
    fn finds_tokens_of_three_and_of_five_segments() {
        assert_eq!(tokens(&format!("see {JWT}. and www.example.com.{JWT}")), [JWT, JWT]);
        assert_eq!(tokens(&format!("{JWE},{JWT}")), [JWE, JWT]);
        assert_eq!(tokens("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."), ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."]);
    }

    #[test]
    fn finds_tokens_in_base64_wherever_they_are() {
        let other = JWT.replace("c2ln", "AAAA");
        let session = encode_standard(
            format!("{{\"access\":\"{JWT}\",\"url\":\"https://x/?a>b~?id={other}\"}}").as_bytes(),
        );
        let config = encode_standard(
            format!("{{\n  \"auths\": {{\"x\": {{\"password\": \"{JWT}\"}}}}\n}}").as_bytes(),
        );
        let once = |token: &str| encode_standard(token.as_bytes());
        for (text, found) in [
            (format!("a.jwt: {}\nb.jwt: {}\n", once(JWT), once(&other)), vec![JWT, &other]),
            (format!("Bearer {JWT}\ngateway: {}\n", once(&other)), vec![JWT, &other]),
            (format!("data:\n  .dockerconfigjson: {config}\nx: {other}"), vec![JWT, &other]),
            (format!("{{\"encoding\":\"base64\",\"text\":\"{session}\"}}"), vec![JWT, &other]),
            (format!("jwt: {}\n{JWT}", once(&once(&other))), vec![&other, JWT]),
            (format!("x: {}\n{JWT}", once(&once(&once(&other)))), vec![JWT]),
        ] {
            assert_eq!(tokens(&text), found, "{text}");
        }
        let text = format!("a\n  jwt: {}", once(&once(JWT)));
        let hit = &scan(text.as_bytes())[0].found;
        assert_eq!((hit.line, hit.column, hit.wrapping.as_deref()), (2, 8, Some("Base64, Base64")));
    }

    #[test]
    fn finds_opaque_tokens_only_in_a_context_that_expects_one() {
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
    fn finds_keys_with_a_dotted_prefix_by_a_part_of_twenty_characters() {
        for key in ["ya29.EXAMPLE0EXAMPLE0EXAMPLE0", "hvs.a0123456789012345678A", "hvr.0123456789abcdef0123"]
        {
            assert_eq!(tokens(&format!("key: {key} (mine)")), [key]);
        }
        // Every part is shorter, so the search may pass it.
        assert_eq!(tokens("key: hvr.A123456789.A123456789.A123456789 (mine)"), [""; 0]);
    }

    #[test]
    fn scans_hostile_text_in_linear_time() {
        for text in [
            "eyJ".repeat(1_000_000),
            ".".repeat(3_000_000),
            "eyJ.".repeat(750_000),
            "{\"a\":".repeat(600_000),
        ] {
            assert_eq!(scan(text.as_bytes()), []);
        }
    }

    #[test]
    fn memory_does_not_grow_with_the_text() {
        for unit in ["a", "a.", "eyJ", "%", "\n", "eyJhbGciOiJub25lIn0.", "x\n", "=a"] {
            let text = unit.repeat(1000);
            let mut scanner = Scanner::new(1000, 10_000);
            for _ in 0..400 {
                let piece = &text.as_bytes()[..1000];
                scanner.read_buffer()[..1000].copy_from_slice(piece);
                scanner.advance(1000, &mut |_| Ok::<_, Infallible>(())).unwrap();
                assert!(scanner.window.buffer.len() < 64_000, "{unit}: {}", scanner.window.buffer.len());
            }
        }
    }
}
