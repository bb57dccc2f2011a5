//! `fob decode` and `fob inspect` on encrypted tokens and session cookies: they decrypt, and judge nothing.

use crate::support::world::{World, fob, token};
use fob::core::encryption::{Encrypter, EncryptionSettings};
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use serde_json::json;

/// A shared key of 32 bytes.
const SHARED: &str = r#"{"kty":"oct","k":"QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE"}"#;

const COOKIES: &str = include_str!("../../vectors/session_cookies.json");

fn world() -> World {
    World::new().file("shared.jwk", SHARED)
}

/// Encrypts a text with the shared key.
fn sealed(content: &str) -> String {
    let key = Key::hmac(Secret::new(b"A-shared-key-of-these-32-bytes!!".to_vec()), None, String::new());
    Encrypter::new(&key, EncryptionSettings::default()).unwrap().encrypt(content.as_bytes()).unwrap()
}

/// Returns a world with the secret of the session cookies, and each cookie with its name.
fn cookies() -> (World, Vec<(String, String)>) {
    let file: serde_json::Value = serde_json::from_str(COOKIES).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let cookies = file["cookies"].as_array().unwrap().iter();
    let cookies = cookies.map(|cookie| (text(&cookie["cookie"]), text(&cookie["token"]))).collect();
    (World::bare().env("AUTH_SECRET", text(&file["secret"])), cookies)
}

#[test]
fn shows_the_claims_of_a_token_that_holds_no_token() {
    let sealed = sealed(r#"{"sub":"alice"}"#);
    let outcome = world().run(format!("decode --decrypt-key shared.jwk {sealed}"));
    assert_eq!(
        outcome.result(),
        "dir encrypted token (JWE), never expires

header  29 bytes
  alg  \"dir\"      algorithm: the shared key encrypts the content itself
  enc  \"A256GCM\"  content encryption: AES-256 (GCM)

payload  decrypted
  sub  \"alice\"  subject

signature: none"
    );
    let outcome = world().run(format!("decode --json --decrypt-key shared.jwk {sealed}"));
    let document = outcome.json();
    assert_eq!((&document["payload"], &document["verified"]), (&json!({"sub": "alice"}), &json!(false)));
    let run = |options: &str| world().run(format!("decode {options} --decrypt-key shared.jwk {sealed}"));
    assert_eq!(run("--claim sub").result(), "alice");
    assert_eq!(run("--part payload").text(), r#"{"sub":"alice"}"#);
    assert_eq!(run("--part header").text(), r#"{"alg":"dir","enc":"A256GCM"}"#);
}

#[test]
fn shows_the_token_inside_an_encrypted_one() {
    let sealed = sealed(&token(r#"{"sub":"alice"}"#));
    let outcome = world().run(format!("decode --decrypt-key shared.jwk {sealed}"));
    assert_eq!(
        outcome.result(),
        "dir encrypted token (JWE), decrypted

header  29 bytes
  alg  \"dir\"      algorithm: the shared key encrypts the content itself
  enc  \"A256GCM\"  content encryption: AES-256 (GCM)

encrypted  bytes: encrypted_key 0, iv 12, ciphertext 101, tag 16

inside
HS256 JWT, never expires

header  27 bytes
  alg  \"HS256\"  algorithm: HMAC with SHA-256
  typ  \"JWT\"    type

payload  15 bytes
  sub  \"alice\"  subject

signature: not checked"
    );
    let document = world().run(format!("decode --json --decrypt-key shared.jwk {sealed}")).json();
    assert_eq!(document["header"], json!({"alg": "dir", "enc": "A256GCM"}));
    assert_eq!(document["inner"]["header"], json!({"alg": "HS256", "typ": "JWT"}));
    assert_eq!(document["inner"]["payload"], json!({"sub": "alice"}));
    assert_eq!(document["inner"]["verified"], json!(false));
    let outcome = world().run(format!("decode --claim sub --decrypt-key shared.jwk {sealed}"));
    assert_eq!(outcome.result(), "alice");
}

#[test]
fn breaks_lines_on_narrow_screens() {
    let sealed = sealed(&token(r#"{"sub":"alice"}"#));
    let world = world().terminals([true; 3]).columns(40).env("NO_COLOR", "1");
    let outcome = world.run(format!("decode --decrypt-key shared.jwk {sealed}"));
    let sizes = "encrypted  bytes: encrypted_key 0,\n           iv 12, ciphertext 101, tag 16\n";
    assert!(outcome.text().contains(sizes), "{}", outcome.text());
}

#[test]
fn shows_the_header_and_fails_if_the_key_does_not_decrypt_the_token() {
    let other = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let world = World::new().file("other.jwk", other);
    let sealed = sealed(r#"{"sub":"alice"}"#);
    let outcome = world.run(format!("decode --decrypt-key other.jwk {sealed}"));
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (
            1,
            "error: decrypt_failed: the token does not decrypt: the key is wrong, or the token was changed\n"
        )
    );
    assert!(outcome.text().contains("alg  \"dir\""), "{}", outcome.text());
    let outcome = world.run(format!("decode --json --decrypt-key other.jwk {sealed}"));
    assert_eq!((outcome.status, &outcome.json()["error"]["code"]), (1, &json!("decrypt_failed")));
    let outcome = world.stdin(&sealed).run("decode --lines --decrypt-key other.jwk");
    assert_eq!(outcome.status, 1);
    assert_eq!(outcome.text(), "no_expiry\t{\"alg\":\"dir\",\"enc\":\"A256GCM\"}\tnull\n");
}

#[test]
fn names_the_key_that_is_missing() {
    let outcome = fob(format!("decode {}", sealed("{}")));
    let hint = "hint: to decrypt dir, give the shared key of 32 bytes with --decrypt-secret-file PATH or --decrypt-secret-env VAR, or as a JWK with --decrypt-key PATH; \
                `fob decode --secret-env AUTH_SECRET` decrypts session cookies of Auth.js and NextAuth.js\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, hint));
}

#[test]
fn opens_the_session_cookies_of_both_packages() {
    let (world, cookies) = cookies();
    assert_eq!(cookies.len(), 5);
    for (name, token) in &cookies {
        assert_eq!(
            world.run(format!("decode --secret-env AUTH_SECRET --claim sub {token}")).result(),
            "alice"
        );
        let line = format!("decode --secret-env AUTH_SECRET --claim name '{name}={token}'");
        let outcome = world.run(line);
        assert!(name.is_empty() || outcome.text() == "Alice\n", "{}{}", outcome.text(), outcome.stderr);
    }
}

#[test]
fn joins_the_chunks_of_a_session_cookie() {
    let (world, cookies) = cookies();
    let (name, token) = &cookies[0];
    let (first, second) = token.split_at(200);
    let cookie = format!("Cookie: theme=dark; {name}.1={second}; {name}.0={first}");
    let outcome = world.run(format!("decode --secret-env AUTH_SECRET --claim sub '{cookie}'"));
    assert_eq!((outcome.text(), outcome.stderr.as_str()), ("alice\n", "note: unwrapped: cookie in chunks\n"));
}

#[test]
fn knows_before_decryption_that_the_secret_or_the_name_of_a_cookie_is_another() {
    let (world, cookies) = cookies();
    let (name, token) = &cookies[0];
    let outcome = world.run(format!("decode -q --secret-env AUTH_SECRET --cookie shop.session {token}"));
    outcome.refused(
        1,
        "error: key_not_found: the `kid` of the token does not fit this secret and the cookie name `shop.session`\n",
    );
    let outcome = world.run(format!("decode --secret-env AUTH_SECRET --cookie {name} --claim sub {token}"));
    assert_eq!(outcome.result(), "alice");
    let outcome = World::bare().env("OTHER", "another").run(format!("decode -q --secret-env OTHER {token}"));
    outcome.refused(
        1,
        "error: key_not_found: the `kid` of the token does not fit this secret and the usual cookie names\n",
    );
}

#[test]
fn reports_on_what_an_encrypted_token_holds() {
    let text = format!("token: {}", sealed(&token(r#"{"sub":"alice","email":"al@example.org"}"#)));
    let world = world().stdin(text);
    let report = world.run("inspect --json --decrypt-key shared.jwk --secret-env FOB_SECRET").json();
    let report = &report["tokens"][0];
    assert_eq!(report["inner"]["payload"]["sub"], "alice");
    assert_eq!(report["inner"]["verified"], true);
    assert_eq!(report["verification"]["verdict"], "accepted");
    assert_eq!(report["verification"]["checks"][4]["name"], "decrypt");
    assert_eq!(report["verification"]["inner"]["checks"][3]["name"], "signature");
    // Without a key that verifies, nothing is judged.
    let report = world.run("inspect --json --decrypt-key shared.jwk").json();
    let report = &report["tokens"][0];
    assert_eq!((&report["inner"]["verified"], &report["verification"]), (&json!(false), &json!(null)));
}

#[test]
fn masks_what_was_decrypted_in_a_redacted_report() {
    for content in [
        token(r#"{"email":"al@example.org"}"#),
        r#"{"email":"al@example.org"}"#.to_owned(),
        "al@example.org".to_owned(),
    ] {
        let world = world().stdin(sealed(&content));
        for command in [
            "inspect --redact",
            "inspect --redact --json",
            "inspect --redact --report html=-",
            "inspect --redact --secret-env FOB_SECRET",
        ] {
            let outcome = world.run(format!("{command} --decrypt-key shared.jwk"));
            assert!(!outcome.text().contains("al@example.org"), "{}", outcome.text());
            let signature = content.rsplit('.').next().filter(|_| content.starts_with("ey"));
            assert!(signature.is_none_or(|signature| !outcome.text().contains(signature)));
        }
    }
}

#[test]
fn finds_that_the_keys_that_were_given_do_not_decrypt_a_token() {
    let other = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}"#;
    let world = World::new().file("other.jwk", other).stdin(sealed("{}"));
    let report = world.run("inspect --json --decrypt-key other.jwk").json();
    assert_eq!(
        report["tokens"][0]["findings"],
        json!([{
            "code": "not_decrypted",
            "severity": "info",
            "message": "key_mismatch:alg: the shared key has 16 bytes, but A256GCM needs 32"
        }])
    );
}
