//! The scanner finds the same tokens as the simple scan, for pieces of any size.

use super::plain;
use crate::support::chance::Chance;
use fob::core::token::base64url;
use fob::scan::{Hit, Scanner};
use std::convert::Infallible;

const JWT: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";
const JWE: &str = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..aXY.Y3Q.dGFn";
const OPAQUE: &str = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";

/// Returns the tokens of a text that comes in pieces of `block` bytes.
fn streamed(text: &[u8], block: usize, longest: usize) -> Vec<Hit<'static>> {
    scanned(Scanner::new(block, longest), text, block)
}

fn scanned(mut scanner: Scanner, text: &[u8], block: usize) -> Vec<Hit<'static>> {
    let mut hits = Vec::new();
    let mut sink = |hit: Hit<'_>| {
        hits.push(hit.into_owned());
        Ok::<_, Infallible>(())
    };
    for piece in text.chunks(block) {
        scanner.read_buffer()[..piece.len()].copy_from_slice(piece);
        scanner.advance(piece.len(), &mut sink).unwrap();
    }
    scanner.finish(&mut sink).unwrap();
    hits
}

#[track_caller]
fn same(text: &[u8], blocks: &[usize]) {
    let plain: Vec<_> = plain::scan(text).into_iter().map(Hit::into_owned).collect();
    for &block in blocks {
        assert_eq!(streamed(text, block, 1 << 20), plain, "{block}: {:?}", String::from_utf8_lossy(text));
    }
    same_without_locations(text, blocks, 1 << 20);
}

/// Checks that a scan without locations finds the same tokens, and the same first chunks of cookies.
#[track_caller]
fn same_without_locations(text: &[u8], blocks: &[usize], longest: usize) {
    let facts = |hits: Vec<Hit<'static>>| -> Vec<_> {
        let fact = |hit: Hit<'static>| {
            let is_chunk = hit.found.place.ends_with(".0");
            let place = if is_chunk { hit.found.place } else { "".into() };
            (hit.token, hit.length, place, hit.encoded, hit.opaque, hit.tail, hit.found.wrapping)
        };
        hits.into_iter().map(fact).collect()
    };
    for &block in blocks {
        let scanner = Scanner::new(block, longest).without_locations();
        let (found, expected) = (facts(scanned(scanner, text, block)), facts(streamed(text, block, longest)));
        assert_eq!(found, expected, "{block}: {:?}", String::from_utf8_lossy(text));
    }
}

/// Returns parts of texts with tokens, and parts that only look like them.
fn pieces() -> Vec<Vec<u8>> {
    let encoded = |text: &str| base64url::encode(text.as_bytes());
    let mut pieces: Vec<Vec<u8>> = [
        JWT,
        JWE,
        OPAQUE,
        "eyJ",
        "ey",
        "ew",
        ".",
        "..",
        "%",
        "%2E",
        "%2e",
        "%20",
        "%22",
        "%65",
        "%79J",
        "\n",
        "\r\n",
        " ",
        "\"",
        "'",
        "\\n",
        "\u{1b}[33m",
        "=",
        ":",
        ": ",
        "&",
        "?",
        ";",
        ",",
        "{",
        "}",
        "Bearer ",
        "bearer  ",
        "Token ",
        "jwt\t",
        "Authorization: ",
        "authorization:",
        "Cookie: ",
        "Set-Cookie: sid=",
        "token=",
        "access_token=",
        "key=",
        "\"access\":\"",
        "\"name\": \"token\", \"value\": \"",
        "sid.0=",
        "Cookie: a.0=\"",
        "X-Key: ",
        "é",
        "日本",
        "e30",
        "e30.e30.",
        "x",
        "00000000-0000-4000-8000-000000000000",
        "gho_16C7e42F292c6912E7710c838347Ae178B4a",
        "www.example.com",
        "+",
        "/",
        "2026-01-31T12:00:00.000Z",
        "\0",
        "~",
        "-",
        "_",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    for header in [
        "{ \"alg\":1}",
        "{\n\"alg\":1}",
        "{\t\"typ\":1}",
        "{\r\n\"kid\":1}",
        "{\"\":1,\"alg\":2}",
        "{\"é\":1,\"alg\":2}",
        "{\"\\u0061lg\":1}",
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"enc\":1}",
        "{\"1\":1,\"kid\":2}",
        "{   \"alg\":\"none\"}",
        " {\"alg\":1}",
        "{\"alg\"",
        "[{\"alg\":1}]",
        "{\"\u{7ff}\":1,\"alg\":2}",
    ] {
        pieces.push(encoded(header).into_bytes());
        pieces.push(format!("{}.", encoded(header)).into_bytes());
        pieces.push(format!("{}.e30.AA", encoded(header)).into_bytes());
    }
    pieces.extend([
        b"\xff".to_vec(),
        b"\x80".to_vec(),
        b"\xe6\x97".to_vec(),
        vec![b'a'; 300],
        vec![b' '; 250],
    ]);
    pieces
}

#[test]
fn finds_the_same_tokens_in_random_texts() {
    let pieces = pieces();
    let mut numbers = Chance(0x9E37_79B9_7F4A_7C15);
    for round in 0..1000 {
        let count = 1 + numbers.below(if round % 3 == 0 { 4 } else { 24 });
        let text: Vec<u8> = (0..count).flat_map(|_| pieces[numbers.below(pieces.len())].clone()).collect();
        same(&text, &[1 + numbers.below(40), 1 + numbers.below(700), 1 << 16]);
    }
}

#[test]
fn finds_the_same_tokens_in_random_bytes() {
    // Few letters, so that they often combine to parts of tokens.
    let letters = b"eyJwoIA.%2E\n \":=hbGciOjF9";
    let mut numbers = Chance(7);
    for _ in 0..800 {
        let length = 1 + numbers.below(300);
        let text: Vec<u8> = (0..length).map(|_| letters[numbers.below(letters.len())]).collect();
        same(&text, &[1 + numbers.below(40), 1 << 16]);
    }
}

#[test]
fn finds_a_token_at_every_offset_around_the_end_of_a_block() {
    let block = 64;
    for text in [
        format!("Authorization: Bearer {JWT}\n"),
        format!("{{\"access_token\":\"{OPAQUE}\"}}\n"),
        format!("?jwt={}&x=y", JWE.replace('.', "%2E")),
        format!("é {JWT}"),
    ] {
        for before in 0..2 * block + 9 {
            for filler in ["x y\n", "- ", "\n"] {
                let text = format!("{}{text}", filler.repeat(before).get(..before).unwrap());
                same(text.as_bytes(), &[block, 1, 7]);
            }
        }
    }
}

#[test]
fn columns_of_a_huge_line_count_characters() {
    let text = format!("{}\"token\":\"{JWT}\"{}", "é".repeat(300_000), format!(",\"{JWT}\"").repeat(1000));
    same(text.as_bytes(), &[1 << 10, 1 << 16]);
    let hits = streamed(text.as_bytes(), 1 << 10, 1 << 20);
    assert_eq!((hits.len(), hits[0].found.line, hits[0].found.column), (1001, 1, 300_010));
    assert_eq!(hits[0].found.place, "member token");
}

#[test]
fn reports_the_length_of_a_token_that_is_too_long_to_be_kept() {
    let header = JWT.split('.').next().unwrap();
    let long = |length: usize| format!("{header}.{}.AA", "e".repeat(length));
    for (text, lengths) in [
        (format!("x\nToken {}\nBearer {JWT}", long(5000)), vec![5023, JWT.len()]),
        (format!("{}{JWT}", "a.".repeat(3000)), vec![JWT.len()]),
        (format!("{} {JWT}", "a".repeat(3000)), vec![JWT.len()]),
        (format!("{}.{JWT}", "a".repeat(3000)), vec![JWT.len()]),
        (format!("{JWT}.").repeat(100), vec![JWT.len(); 100]),
        (format!("{}.{}", long(3000), long(4000)), vec![3023, 4023]),
        (long(3000).trim_end_matches(".AA").to_owned(), vec![3020]),
        (format!("{}%20{JWT}", long(3000)), vec![3023, JWT.len()]),
    ] {
        for block in [1, 10, 999, 100_000] {
            let found: Vec<_> = streamed(text.as_bytes(), block, 500);
            same_without_locations(text.as_bytes(), &[block], 500);
            let apart = text.replace('%', " %");
            let plain = plain::scan(apart.as_bytes()).into_iter().map(|hit| hit.token.len());
            assert_eq!(found.iter().map(|hit| hit.length).collect::<Vec<_>>(), lengths, "{block} {text}");
            assert_eq!(plain.collect::<Vec<_>>(), lengths);
            assert!(found.iter().all(|hit| hit.token.len() == hit.length || hit.token.is_empty()));
        }
        // The locations do not depend on the length limit.
        if !text.contains('%') {
            let places = |hits: Vec<Hit<'_>>| hits.into_iter().map(|hit| hit.found).collect::<Vec<_>>();
            assert_eq!(places(streamed(text.as_bytes(), 10, 500)), places(plain::scan(text.as_bytes())));
        }
    }
}
