//! The fuzz target of the scanner: pieces of any size give the tokens of the whole text, and those of the plain scan. The plain
//! scan is a helper of the command tests.

use super::{Hit, Scanner};
use std::convert::Infallible;

#[path = "../../tests/cli/inspect/scan/plain.rs"]
#[allow(unreachable_pub, clippy::indexing_slicing, reason = "the command tests share this file")]
mod plain;

/// Scans a text. The first byte is the size of pieces, the rest is the text.
pub fn scan(bytes: &[u8]) {
    let Some((size, text)) = bytes.split_first() else { return };
    let size = 1 + usize::from(*size);
    let whole = super::scan(text);
    let longest = text.len().max(1);
    assert_eq!(in_pieces(Scanner::new(size, longest), text, size), whole);
    let counted = in_pieces(Scanner::new(size, longest).without_locations(), text, size);
    assert_eq!(tokens(&counted), tokens(&whole));
    assert_plain(text, &whole);
    assert_found(text, &whole);
    // A limit hides the bytes of a longer token, and nothing of a shorter one.
    let short = in_pieces(Scanner::new(size, 64), text, size);
    assert!(
        short.iter().all(|hit| hit.token.len() == hit.length || (hit.token.is_empty() && hit.length > 64))
    );
    // A header, the characters before it, Base64 around a token, or text with a percent sign may be longer than the limit
    // in one piece alone.
    let is_long = |run: &[u8]| {
        let mut segments = run.split(|byte| *byte == b'.').filter(|segment| segment.len() > 64);
        (run.len() > 64 && run.contains(&b'%'))
            || segments.any(|segment| segment.windows(2).any(|pair| pair == b"ey"))
    };
    let has_long_run = text.split(|byte| !super::shape::in_run(*byte)).any(is_long);
    let has_long_header = |hit: &Hit<'_>| hit.token.iter().take_while(|byte| **byte != b'.').count() > 64;
    let is_bare = |hit: &Hit<'_>| !hit.opaque && !hit.encoded && hit.found.wrapping.is_none();
    let bare = |hits: Vec<Hit<'static>>| {
        // The three dots of a cut token belong to it only within the limit, so they and lengths beyond it are not compared.
        let length = |hit: &Hit<'_>| {
            let dots = hit.token.iter().rev().take_while(|byte| **byte == b'.').count();
            if hit.length > 61 { 0 } else { hit.length - dots }
        };
        hits.into_iter().filter(is_bare).map(|hit| (length(&hit), hit.found)).collect::<Vec<_>>()
    };
    if !has_long_run && !whole.iter().any(has_long_header) {
        assert_eq!(bare(in_pieces(Scanner::new(7, 64), text, 7)), bare(short));
    }
}

fn tokens<'h>(hits: &'h [Hit<'_>]) -> Vec<(&'h [u8], usize, bool)> {
    hits.iter().map(|hit| (&*hit.token, hit.length, hit.opaque)).collect()
}

fn in_pieces(mut scanner: Scanner, text: &[u8], size: usize) -> Vec<Hit<'static>> {
    let mut hits = Vec::new();
    let mut sink = |hit: Hit<'_>| {
        hits.push(hit.into_owned());
        Ok::<_, Infallible>(())
    };
    for piece in text.chunks(size) {
        scanner.read_buffer().iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
        let Ok(()) = scanner.advance(piece.len(), &mut sink);
    }
    let Ok(()) = scanner.finish(&mut sink);
    hits
}

/// Asserts that the plain scan finds the same tokens. It does not look into Base64, and knows no kinds of opaque tokens.
fn assert_plain(text: &[u8], hits: &[Hit<'_>]) {
    let is_plain = |hit: &&Hit<'_>| hit.found.wrapping.is_none() && !hit.opaque;
    let found: Vec<&Hit<'_>> = hits.iter().filter(is_plain).collect();
    let plain = plain::scan(text);
    let plain: Vec<&Hit<'_>> = plain.iter().filter(|hit| !hit.opaque).collect();
    assert_eq!(found, plain);
}

/// Asserts that each token is in the line that is named.
fn assert_found(text: &[u8], hits: &[Hit<'_>]) {
    for hit in hits {
        let line = text.split(|byte| *byte == b'\n').nth(hit.found.line - 1);
        assert!(line.is_some(), "line {}", hit.found.line);
        let is_there = |line: &[u8]| line.windows(hit.token.len().max(1)).any(|part| part == &*hit.token);
        assert!(hit.encoded || hit.found.wrapping.is_some() || line.is_some_and(is_there));
    }
}
