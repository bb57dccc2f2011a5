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
fn names_the_variant_of_the_secret_that_fits() {
    for (real, given, options, words) in [
        ("hello", "aGVsbG8=", "", " decoded from base64: use --secret-format base64"),
        ("hello", "aGVsbG8", "", " decoded from base64: use --secret-format base64"),
        ("hello", "68656c6c6f", "", " decoded from hex: use --secret-format hex"),
        ("hello", "68656C6C6F\n", "", " decoded from hex: use --secret-format hex"),
        ("hello\n", "hello\n", "", " with its line break: use --secret-format raw"),
        ("hello", "hello\n", "--secret-format raw", " without its line break: use --secret-format text"),
        ("hello", "hello\r\n", "--secret-format raw", " without its line break: use --secret-format text"),
        ("hello\n", "hello", "", " with a line break after it: give it in a file, with --secret-format raw"),
        (
            "hello\r\n",
            "hello",
            "",
            " with a CRLF line break after it: give it in a file, with --secret-format raw",
        ),
        ("hello", "\"hello\"", "", " without the quotes around it"),
        ("hello", " hello ", "", " without the white space around it"),
        ("hello", "\u{feff}hello", "", " without the byte order mark before it"),
        ("aGVsbG8=", "aGVsbG8=", "--secret-format base64", " taken as text: use --secret-format text"),
        ("68656c", "68656c", "--secret-format hex", " taken as text: use --secret-format text"),
    ] {
        assert_eq!(hints(real, given, options), [format!("{FITS}{words}")], "{real:?} {given:?} {options}");
    }
}

#[test]
fn the_recommended_options_work() {
    let token = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
    let world = World::bare().file("base64", "aGVsbG8=").file("hex", "68656c6c6f").file("line", "hello\n");
    for (file, format) in [("base64", "base64"), ("hex", "hex"), ("line", "text")] {
        let line = format!("verify -q --secret-file {file} --secret-format {format} {token}");
        assert_eq!(world.run(line).status, 0, "{file}");
    }
}

#[test]
fn recognizes_another_hmac_by_its_size() {
    for (header, made_with) in
        [("HS256", Algorithm::Hs512), ("HS384", Algorithm::Hs256), ("HS512", Algorithm::Hs384)]
    {
        let token = signed_with("hello", made_with, format!(r#"{{"alg":"{header}"}}"#).as_bytes(), b"{}");
        let outcome = World::bare().run(format!("verify --json -s hello {token}"));
        let wanted = format!("{FITS}; it was made with {made_with}, but the header names another algorithm");
        assert_eq!(outcome.reasons(), ["bad_signature"]);
        assert_eq!(outcome.json()["hints"], serde_json::json!([wanted]));
    }
}

#[test]
fn says_so_when_nothing_fits() {
    let hints = hints("hello", "another", "");
    assert_eq!(
        hints,
        [
            "no variant of the secret or the token fits (tried: line break, byte order mark, UTF-16, white space, quotes, \
             `NAME=`, base64, base64url, hex; a signature encoded twice, and a line break, padding or a hashed `nonce` in \
             the signed text)"
        ]
    );
}

/// Each hint about another text of the secret is followed: the text that it names verifies the token.
#[test]
fn following_a_hint_on_the_text_of_a_secret_verifies() {
    for (real, given, words, followed, options) in [
        ("\"hello\"", "hello", "in quotes", "\"hello\"", ""),
        ("aGVsbG8=", "hello", "encoded in base64:", "aGVsbG8=", ""),
        ("aGVsbG8", "hello", "encoded in base64 without padding", "aGVsbG8", ""),
        ("68656c6c6f", "hello", "encoded in hex", "68656c6c6f", ""),
        ("hello", "JWT_SECRET=\"hello\"\n", "without the name before it", "hello", ""),
        ("hello", "A=b\nexport KEY=hello\n", "without the name before it", "hello", ""),
        ("hello", "base64:aGVsbG8=", "prefix `base64:`", "base64:aGVsbG8=", "--secret-format base64"),
        ("iii", "a!W*lp", "lenient decoder", "iii", "--secret-format raw"),
    ] {
        let hints = hints(real, given, "");
        assert!(matches!(hints.as_slice(), [hint] if hint.contains(words)), "{words}: {hints:?}");
        let token = signed_with(real, Algorithm::Hs256, br#"{"alg":"HS256"}"#, b"{}");
        let world = World::bare().file("key", followed);
        assert_eq!(world.run(format!("verify -q --secret-file key {options} {token}")).status, 0, "{words}");
    }
}

#[test]
fn recognizes_a_secret_that_was_not_filled_in() {
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
