//! What a run about an encrypted token says, and what it never says: the plaintext of a token that is not decrypted or is
//! redacted, and decryption keys. No key that a token brings is used, except `epk`.

use crate::support::world::{Outcome, World, fob, token};
use crate::verify::encrypted::{SHARED, sealed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::encryption::algorithm::KeyAlgorithm;
use serde_json::json;

/// A text that only the plaintext holds.
const MARK: &str = "plaintext-of-seven-otters";

/// Fails if an outcome holds the mark, or one of the shared keys in any of its forms.
#[track_caller]
fn is_silent(outcome: &Outcome, line: &str) {
    for secret in
        [MARK, "A-shared-key-of-these", "QS1zaGFyZWQta2V5", "other-key-of-the-tests", "b3RoZXIta2V5"]
    {
        assert!(!outcome.text().contains(secret), "{line}: {}", outcome.text());
        assert!(!outcome.stderr.contains(secret), "{line}: {}", outcome.stderr);
    }
}

/// Returns a world with the right key, another key, and a suite about the token.
fn world(token: &str) -> World {
    let other = URL_SAFE_NO_PAD.encode("other-key-of-the-tests-32-bytes!");
    let suite = |key: &str| {
        format!(
            "[[cases]]\nname = 'a'\nsecret-env = 'FOB_SECRET'\ndecrypt-key = '{key}'\ntoken = '{token}'\n\
             expect = 'expired'\n"
        )
    };
    World::new()
        .file("shared.jwk", SHARED)
        .file("other.jwk", format!(r#"{{"kty":"oct","k":"{other}"}}"#))
        .file("suite.toml", suite("other.jwk"))
        .stdin(token)
}

#[test]
fn never_shows_the_plaintext_of_a_token_that_does_not_decrypt() {
    for content in [
        token(&format!(r#"{{"sub":"{MARK}","email":"{MARK}@example.org","exp":1}}"#)),
        format!(r#"{{"sub":"{MARK}","exp":1}}"#),
        MARK.to_owned(),
    ] {
        let good = sealed(&content, "{}");
        let (start, tag) = good.rsplit_once('.').unwrap();
        let changed = format!("{start}.{}{}", if tag.starts_with('A') { 'B' } else { 'A' }, &tag[1..]);
        for (key, token) in [("other.jwk", &good), ("shared.jwk", &changed)] {
            for command in [
                "decode",
                "decode --json",
                "decode --claim sub",
                "decode --part payload",
                "decode --lines",
                "decode --lines --json",
                "verify",
                "verify -v",
                "verify --json",
                "verify --get sub",
                "verify --lines",
                "verify --lines --json",
                "verify --accept-shared-key -v",
                "inspect",
                "inspect --json",
                "inspect --redact",
                "inspect --secret-env FOB_SECRET",
                "inspect --suite -",
                "refresh",
                "refresh --json",
            ] {
                let line = format!("{command} --decrypt-key {key}");
                let outcome = world(token).run(&line);
                is_silent(&outcome, &line);
                let is_refused = outcome.status != 0 || command.starts_with("inspect");
                assert!(is_refused, "{line}: {}", outcome.text());
            }
        }
        for format in ["junit", "tap", "json", "sarif", "github", "html"] {
            let line = format!("test suite.toml --report {format}=-");
            let outcome = world(&good).run(&line);
            assert_eq!(outcome.status, 1, "{line}: {}", outcome.stderr);
            is_silent(&outcome, &line);
        }
        // Without a key, too.
        for command in ["decode --json", "verify --json", "inspect --json", "refresh --json"] {
            is_silent(&world(&good).run(command), command);
        }
    }
}

#[test]
fn never_shows_personal_values_of_a_decrypted_token_in_a_redacted_report() {
    let claims = format!(r#"{{"email":"{MARK}@example.org","name":"{MARK}","exp":1}}"#);
    let nested = sealed(&token(&claims), r#"{"cty":"JWT"}"#);
    for token in [sealed(&claims, "{}"), sealed(MARK, "{}"), nested.clone(), sealed(&nested, "{}")] {
        for command in
            ["inspect --redact", "inspect --redact --json", "inspect --redact --secret-env FOB_SECRET"]
        {
            let line = format!("{command} --decrypt-key shared.jwk");
            is_silent(&world(&token).run(&line), &line);
        }
        let line = "inspect --suite - --decrypt-key shared.jwk --secret-env FOB_SECRET";
        is_silent(&world(&token).run(line), line);
    }
}

#[test]
fn says_without_a_key_which_one_decrypts_each_algorithm() {
    let epk = r#""epk":{"kty":"OKP","crv":"X25519","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#;
    for algorithm in KeyAlgorithm::ALL.iter().copied() {
        let name = algorithm.name();
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{name}","enc":"A128CBC-HS256",{epk}}}"#));
        let outcome = fob(format!("verify --json {header}.AA.AA.AA.AA"));
        assert_eq!((outcome.status, outcome.reasons()), (4, vec!["jwe".to_owned()]), "{name}");
        let option = "--decrypt-key PATH";
        let key = match name {
            _ if name.starts_with("RSA") => format!("the recipient's private RSA key with {option}"),
            _ if name.starts_with("ECDH") => {
                format!("the recipient's private EC or X25519 key with {option}")
            }
            _ if name.starts_with("PBES2") => "the password with --decrypt-secret-env VAR".to_owned(),
            _ => {
                let bytes = match name.get(..4) {
                    Some("A128") => 16,
                    Some("A192") => 24,
                    _ => 32,
                };
                format!(
                    "the shared key of {bytes} bytes with --decrypt-secret-file PATH or --decrypt-secret-env VAR, or as a JWK \
                     with {option}"
                )
            }
        };
        let named = match name == "RSA1_5" || name.starts_with("PBES2") {
            true => format!(", and --decrypt-alg {name}"),
            false => String::new(),
        };
        assert_eq!(outcome.json()["hints"], json!([format!("to decrypt {name}, give {key}{named}")]));
    }
}

#[test]
fn uses_no_key_that_a_token_brings() {
    // The header names the very key that decrypts, in every way, but only the given key counts.
    let copies = format!(
        r#"{{"jwk":{SHARED},"jku":"https://keys.example/jwks.json","x5u":"https://keys.example/c","x5c":["AA"]}}"#
    );
    let sealed = sealed(r#"{"sub":"alice"}"#, &copies);
    for command in ["verify --json", "decode --json", "inspect --json"] {
        let outcome = world(&sealed).run(format!("{command} --decrypt-key other.jwk"));
        assert!(!outcome.text().contains("alice"), "{command}: {}", outcome.text());
        let outcome = World::bare().run(format!("{command} {sealed}"));
        assert!(!outcome.text().contains("alice"), "{command}: {}", outcome.text());
    }
    let outcome = world(&sealed).run("verify --json --decrypt-key other.jwk");
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["decrypt_failed".to_owned()]));
    // The token inside brings the key that its signature was made with.
    let secret = "a-secret-of-the-sender-of-this-token";
    let k = URL_SAFE_NO_PAD.encode(secret);
    let header = format!(r#"{{"alg":"HS256","jwk":{{"kty":"oct","k":"{k}"}}}}"#);
    let algorithm = fob::core::token::algorithm::Algorithm::Hs256;
    let signed = crate::support::world::signed_with(secret, algorithm, header.as_bytes(), b"{}");
    let nested = crate::verify::encrypted::sealed(&signed, r#"{"cty":"JWT"}"#);
    let outcome = world(&nested).run("verify --json --decrypt-key shared.jwk");
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_signature".to_owned()]));
}
