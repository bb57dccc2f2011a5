//! A good token with one thing wrong, for every place and many things: refused everywhere, shown without a
//! fall.

use crate::support::world::{Outcome, World, token};

/// Bytes to put in the place of another, or between two: symbols, breaks, delimiters, what no token holds.
const BYTES: &[u8] = b"AZaz09-_.=+/ \n\"%?&;\0\x7f\xff";

fn good() -> String {
    token(r#"{"sub":"alice","exp":4102444800}"#)
}

fn verify(bytes: &[u8]) -> Outcome {
    World::new().stdin(bytes).run("verify --json")
}

/// Refused by `verify`, and shown or refused by the commands that only look.
#[track_caller]
fn refused(bytes: &[u8]) {
    let shown = String::from_utf8_lossy(bytes);
    let outcome = verify(bytes);
    assert!(
        matches!(outcome.status, 1 | 3 | 4),
        "{shown:?} ends with {}: {}",
        outcome.status,
        outcome.stderr
    );
    for line in ["decode", "inspect"] {
        let outcome = World::bare().stdin(bytes).run(line);
        assert!(matches!(outcome.status, 0 | 4), "{line} {shown:?}: {} {}", outcome.status, outcome.stderr);
    }
}

#[test]
fn accepts_the_unchanged_token() {
    assert_eq!(verify(good().as_bytes()).status, 0);
}

#[test]
fn rejects_every_changed_byte() {
    let good = good().into_bytes();
    for at in 0..good.len() {
        // White space at either end is around the token, not in it; then what is left is too short.
        for &byte in BYTES.iter().filter(|&&byte| byte != good[at]) {
            let mut bytes = good.clone();
            bytes[at] = byte;
            refused(&bytes);
        }
    }
}

#[test]
fn rejects_every_flipped_bit() {
    let good = good().into_bytes();
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            refused(&bytes);
        }
    }
}

#[test]
fn rejects_every_truncation() {
    let good = good().into_bytes();
    for length in 0..good.len() {
        refused(&good[..length]);
        refused(&good[good.len() - length..]);
    }
}

#[test]
fn rejects_every_missing_byte() {
    let good = good().into_bytes();
    for at in 0..good.len() {
        let mut bytes = good.clone();
        bytes.remove(at);
        refused(&bytes);
    }
}

#[test]
fn rejects_every_inserted_byte() {
    let good = good().into_bytes();
    for at in 0..=good.len() {
        let outside = at == 0 || at == good.len();
        for &byte in BYTES.iter().filter(|byte| !(outside && byte.is_ascii_whitespace())) {
            let mut bytes = good.clone();
            bytes.insert(at, byte);
            refused(&bytes);
        }
    }
}

#[test]
fn rejects_every_changed_letter_case() {
    let good = good().into_bytes();
    for at in (0..good.len()).filter(|&at| good[at].is_ascii_alphabetic()) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x20;
        refused(&bytes);
    }
}

#[test]
fn rejects_two_exchanged_segments() {
    let good = good();
    let parts: Vec<_> = good.split('.').collect();
    for order in [[1, 0, 2], [0, 2, 1], [2, 1, 0], [0, 0, 2], [0, 1, 1]] {
        refused(order.map(|index| parts[index]).join(".").as_bytes());
    }
    refused(format!("{good}.").as_bytes());
    refused(format!(".{good}").as_bytes());
    refused(format!("{good}{good}").as_bytes());
    // Several tokens are not judged at all.
    for both in [format!("{good} {good}"), format!("{good}\n{good}")] {
        let outcome = verify(both.as_bytes());
        let code = outcome.json()["error"]["code"].clone();
        assert_eq!((outcome.status, code.as_str()), (2, Some("several_tokens")), "{}", outcome.stderr);
        assert!(outcome.stderr.starts_with("error: the input holds 2 tokens"), "{}", outcome.stderr);
    }
}

#[test]
fn rejects_every_changed_byte_with_every_algorithm() {
    for (kind, algorithm) in
        [("rsa", "RS256"), ("rsa", "PS256"), ("p256", "ES256"), ("p521", "ES512"), ("ed25519", "EdDSA")]
    {
        let world = crate::keys::algorithms::forms();
        let line = format!("encode --key {kind}.pk8.pem --alg {algorithm} --sub alice --exp @4102444800");
        let good = world.run(line).result().to_owned().into_bytes();
        let verify =
            |bytes: &[u8]| world.clone().stdin(bytes).run(format!("verify --json --key {kind}.spki.pem"));
        assert_eq!(verify(&good).status, 0);
        for at in 0..good.len() {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << (at % 8);
            let outcome = verify(&bytes);
            let shown = String::from_utf8_lossy(&bytes);
            assert!(matches!(outcome.status, 1 | 3 | 4), "{shown}: {} {}", outcome.status, outcome.stderr);
        }
    }
}
