//! The secret doctor: on a bad signature the hints say which near miss of the secret does fit, and nothing
//! else.

use crate::support::world::{World, fob, signed_with, token};
use fob::core::token::algorithm::Algorithm;

/// The hints for a token made with `real`, verified with a file that holds `given`.
fn hints(real: &str, given: &str, options: &str) -> Vec<String> {
    let token = signed_with(real, Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let world = World::bare().file("key", given);
    let outcome = world.run(format!("verify --json --secret-file key {options} {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
    assert_eq!(outcome.stderr, "");
    outcome.json()["hints"].as_array().unwrap().iter().map(|hint| hint.as_str().unwrap().to_owned()).collect()
}

const FITS: &str = "the signature fits this secret";

#[test]
fn recognizes_another_hmac_by_its_size() {
    for (header, made_with) in
        [("HS256", Algorithm::Hs512), ("HS384", Algorithm::Hs256), ("HS512", Algorithm::Hs384)]
    {
        let token = signed_with("hello", made_with, format!(r#"{{"alg":"{header}"}}"#).as_bytes(), b"{}");
        let outcome = World::bare().run(format!("verify --json -s hello {token}"));
        let wanted = format!(
            "{FITS}; it was made with {made_with}, but the header names another algorithm: the signer must write \
             `{made_with}` in the header"
        );
        assert_eq!(outcome.reasons(), ["bad_signature"]);
        assert_eq!(outcome.json()["hints"], serde_json::json!([wanted]));
        // The hint is followed.
        let header = format!(r#"{{"alg":"{made_with}"}}"#);
        let token = signed_with("hello", made_with, header.as_bytes(), b"{}");
        assert_eq!(World::bare().run(format!("verify -q -s hello {token}")).status, 0);
    }
}

#[test]
fn lists_what_was_tried_if_nothing_fits() {
    let hints = hints("hello", "another", "");
    assert_eq!(
        hints,
        [
            "no variant of the secret or the token fits (tried: quotes, encoded base64, base64url and hex, `base64:`, \
             lenient base64, line breaks, byte order marks, UTF-16; a newline in the signed text, padding in the signed text)"
        ]
    );
}

#[test]
fn recognizes_a_variable_or_a_placeholder_given_as_the_secret() {
    for (given, words) in
        [("$JWT_SECRET", "--secret-env"), ("${KEY}", "--secret-env"), ("<your-secret>", "placeholder")]
    {
        assert!(hints("hello", given, "")[0].contains(words), "{given}");
    }
}

#[test]
fn text_puts_the_hints_on_standard_error() {
    let token = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let outcome = World::bare().run(format!("verify -s aGVsbG8= {token}"));
    assert_eq!(outcome.status, 1);
    let hint = format!("hint: {FITS} decoded from base64: use --secret-format base64\n");
    assert!(outcome.stderr.ends_with(&hint), "{}", outcome.stderr);
    assert!(!outcome.text().contains("hint:"));
}

#[test]
fn explains_an_algorithm_that_is_not_allowed() {
    let token = signed_with(crate::support::world::SECRET, Algorithm::Hs384, br#"{"alg":"HS384"}"#, b"{}");
    let outcome = fob(format!("verify --json --alg HS256 {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_not_allowed".to_owned()]));
    assert_eq!(outcome.json()["hints"][0], "the HS384 signature fits this key: --alg HS384 allows it");
}

#[test]
fn times_get_hints_too() {
    let hint = |claims: &str| {
        let json = fob(format!("verify --json {}", token(claims))).json();
        json["hints"][0].as_str().unwrap().to_owned()
    };
    assert_eq!(
        hint(r#"{"exp":1700000000}"#),
        "to judge the token as of an earlier time, use --at 2023-11-14T22:13:19Z"
    );
    assert_eq!(hint(r#"{"nbf":1769860802}"#), "if the clocks differ a little, --leeway 30s allows for it");
    assert_eq!(
        hint(r#"{"iat":1769860800000}"#),
        "`iat` looks like milliseconds (2026-01-31T12:00:00Z), but must be in seconds"
    );
}
