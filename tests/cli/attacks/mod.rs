//! Known attacks on JWT implementations, each a test. docs/attacks.md has a row for each test, in this order, and a section
//! for each file. Tests that go deeper are beside the commands; the page links them.

use crate::support::world::{Outcome, World};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

// Blank lines keep the order of the page.
mod algorithms;

mod brought_keys;

mod signatures;

mod encryption;

mod form;

mod claims;

mod holder;

mod text;

mod network;

mod sessions;

/// Encodes bytes as Base64url.
fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the text of a key file of `vectors/forms`.
fn form(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Asserts the status and the reasons of `verify` for a token on standard input.
#[track_caller]
fn judged(world: &World, options: &str, token: impl AsRef<[u8]>, status: u8, reasons: &[&str]) -> Outcome {
    let token = token.as_ref();
    let outcome = world.clone().stdin(token).run(format!("verify --json {options}"));
    let shown: String = String::from_utf8_lossy(token).chars().take(1000).collect();
    assert!(outcome.json()["reasons"].is_array(), "{options} {shown}: {}", outcome.stderr);
    assert_eq!(
        (outcome.status, outcome.reasons()),
        (status, reasons.iter().map(ToString::to_string).collect()),
        "{options} {shown}: {}",
        outcome.json()["checks"]
    );
    outcome
}
