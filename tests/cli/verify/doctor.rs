//! The secret doctor: on a bad signature the hints say which near miss of the secret does fit, and nothing
//! else.

use crate::support::world::{World, fob, signed_with, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;

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
fn takes_no_markup_or_list_for_a_placeholder() {
    for given in ["<add key=\"JwtSecret\" value=\"another\"/>", "[100,101]", "[\"another\"]"] {
        let hints = hints("hello", given, "");
        assert!(hints[0].starts_with("no variant of the secret"), "{given}: {hints:?}");
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

/// Returns a token with the padding that Base64 would write, signed with it or without it.
fn padded(is_signed: bool) -> String {
    let pad = |part: &str| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4));
    let plain = signed_with("hello", Algorithm::Hs256, br#"{"alg":"HS256"}"#, br#"{"a":1}"#);
    let padded: Vec<String> = plain.split('.').map(pad).collect();
    let [header, payload, signature] = padded.as_slice() else { panic!("{plain}") };
    assert!(payload.ends_with('=') || header.ends_with('='), "{header}.{payload}");
    if !is_signed {
        return padded.join(".");
    }
    let input = format!("{header}.{payload}");
    let key = Key::hmac(Secret::new(b"hello".to_vec()), None, String::new());
    let mac = key.signer(Algorithm::Hs256).unwrap().sign(SigningInput::new(&input)).unwrap();
    assert_ne!(&pad(&URL_SAFE_NO_PAD.encode(&mac)), signature);
    format!("{input}.{}", pad(&URL_SAFE_NO_PAD.encode(mac)))
}

#[test]
fn the_hint_on_padding_leads_to_acceptance() {
    let said = |secret: &str, token: &str| {
        let outcome = World::bare().run(format!("verify --json -s {secret} {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (4, vec!["malformed:charset".to_owned()]));
        outcome.json()["hints"].clone()
    };
    let (signed, copied) = (padded(true), padded(false));
    assert_eq!(
        said("hello", &signed),
        serde_json::json!([
            "the segments have `=` padding, which was signed too: --allow-padding accepts it"
        ])
    );
    assert_eq!(World::bare().run(format!("verify -q -s hello --allow-padding {signed}")).status, 0);
    assert_eq!(
        said("hello", &copied),
        serde_json::json!([
            "the segments have `=` padding, but were signed without it: remove every `=` from the token"
        ])
    );
    assert_eq!(World::bare().run(format!("verify -q -s hello {}", copied.replace('=', ""))).status, 0);
    let other = said("other", &signed);
    assert!(other[0].as_str().unwrap().contains("fits neither with it nor without it"), "{other}");
    // With the option, the padding of a copy is named as the cause.
    let outcome = World::bare().run(format!("verify --json -s hello --allow-padding {copied}"));
    assert_eq!(outcome.reasons(), ["bad_signature"]);
    let hint = "the text was signed without its padding: remove every `=` from the token";
    assert_eq!(outcome.json()["hints"], serde_json::json!([hint]));
}

#[test]
fn names_the_one_of_several_secrets_that_fits() {
    for (file, part, advice) in [
        ("A=x\nB='hello'\nC=y\n", "the secret named `B`", "give the value alone"),
        ("data:\n  a: x\n  b: hello\n", "the secret named `b`", "give the value alone"),
        (r#"{"a":"x","b":"hello"}"#, "the secret named `b`", "give the value alone"),
        ("x\n\nhello\n", "line 3 of this secret", "give that line alone"),
    ] {
        let said = hints("hello", file, "");
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(&format!("the signature fits {part} ")), "{said:?}");
        assert!(said[0].ends_with(advice), "{said:?}");
        // --key does not take such a file, and names the way that led here.
        let outcome = World::bare().file("key", file).run(format!("verify -k key {}", token("{}")));
        assert_eq!(outcome.status, 2);
        assert!(
            outcome.stderr.contains("hint: --key takes no HMAC secrets: --secret-file takes"),
            "{}",
            outcome.stderr
        );
    }
    assert_eq!(hints("hello", "B='hello'", "").len(), 1);
}
