//! Random and mutated texts, given to `decode`, `inspect` and `verify`. None may panic. `verify` may accept a text only if
//! the good token is in it, byte for byte, as it is or in a wrapping of the table.

use crate::support::chance::Chance;
use crate::support::client::times;
use crate::support::world::{World, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;
use std::thread;

fn one_of<'a, T>(all: &'a [T], chance: &mut Chance) -> &'a T {
    &all[chance.below(all.len())]
}

const AROUND: [(&str, &str); 16] = [
    ("", ""),
    ("\"", "\""),
    ("Bearer ", "\n"),
    ("Authorization: Bearer ", ""),
    ("{\"access_token\":\"", "\"}"),
    ("https://x.example/?token=", "&a=1"),
    ("Cookie: a=b; session=", "; c=d"),
    ("see ", ". It failed"),
    ("INFO jwt=", " ok"),
    ("b'", "'"),
    ("<", ">"),
    ("(", "),"),
    ("ghs_12_", ""),
    ("Bearer%20", ""),
    ("a.0=", "; a.1=x"),
    ("sb=base64-", ""),
];

const INSERTED: [&str; 24] = [
    ".", "=", "==", "-", "_", "+", "/", "~", ",", ";", " ", "\n", "\"", "'", "%", "%2E", "{", "}", "<", "\0",
    "é", "eyJ", "...", "\u{200b}",
];

/// Returns a text around the good token or around something like it, with some changes.
fn text(good: &str, chance: &mut Chance) -> Vec<u8> {
    let inner = match chance.below(5) {
        0 => STANDARD.encode(good),
        1 => good.chars().take(chance.below(good.len())).collect(),
        2 => (0..chance.below(60)).map(|_| char::from(chance.below(128) as u8)).collect(),
        _ => good.to_owned(),
    };
    let (before, after) = one_of(&AROUND, chance);
    let mut bytes = format!("{before}{inner}{after}").into_bytes();
    for _ in 0..chance.below(4) {
        let at = chance.below(bytes.len());
        match chance.below(4) {
            0 if at < bytes.len() => bytes[at] = chance.below(256) as u8,
            1 if at < bytes.len() => _ = bytes.remove(at),
            2 => {
                let end = *one_of(&[0, at, bytes.len()], chance);
                bytes.splice(end..end, one_of(&INSERTED, chance).bytes());
            }
            _ => {
                let copy: Vec<u8> = bytes.iter().skip(at).take(chance.below(20)).copied().collect();
                bytes.splice(at..at, copy);
            }
        }
    }
    bytes
}

/// Reports whether the good token is in a text, as it is or under one encoding.
fn holds(text: &[u8], good: &str) -> bool {
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let percent: Vec<u8> = percent_decode(text).collect();
    let is_symbol = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    // The last digits of Base64 may be a part of a group.
    let nearly = &good.as_bytes()[..good.len() - 2];
    // Base64 may be broken over lines, and in a form a plus sign is a space.
    let encoded = [&b""[..], b"+"].iter().any(|spaces| {
        let is_space = |byte: &u8| byte.is_ascii_whitespace() || spaces.contains(byte);
        let joined: Vec<u8> = text.iter().copied().filter(|byte| !is_space(byte)).collect();
        joined.split(|byte| !is_symbol(byte)).any(|word| {
            let word = String::from_utf8_lossy(word).replace('-', "+").replace('_', "/");
            (0..word.len().min(24)).any(|from| {
                let digits = &word[from..word.len() - (word.len() - from) % 4];
                STANDARD.decode(digits).is_ok_and(|bytes| has(&bytes, nearly))
            })
        })
    });
    has(text, good.as_bytes()) || has(&percent, good.as_bytes()) || encoded
}

const SEEDS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0x2545_F491_4F6C_DD1D];

fn try_texts(number: usize, seed: u64) {
    let good = token(r#"{"sub":"alice","exp":4102444800}"#);
    let mut chance = Chance(seed);
    let mut accepted = 0;
    for _ in 0..number {
        let bytes = text(&good, &mut chance);
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let outcome = World::new().stdin(&bytes).run("verify -q");
        assert!(matches!(outcome.status, 0..=4), "{shown:?}: {}", outcome.status);
        if outcome.status == 0 {
            accepted += 1;
            assert!(holds(&bytes, &good), "accepted: {shown:?}");
        }
        for line in ["decode -q", "inspect -q"] {
            let outcome = World::bare().stdin(&bytes).run(line);
            assert!(matches!(outcome.status, 0 | 2 | 4), "{line} {shown:?}: {}", outcome.status);
        }
    }
    // Texts that are all refused would prove nothing.
    assert!(accepted > number / 20, "{accepted}");
}

#[test]
fn accepts_no_mutated_text_without_the_token() {
    // Each thread has a seed of its own, so the texts do not depend on the number of processors.
    let number = times("FOB_TEXTS", 5_000) / SEEDS.len();
    thread::scope(|scope| {
        for seed in SEEDS {
            scope.spawn(move || try_texts(number, seed));
        }
    });
}
