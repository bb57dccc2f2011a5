//! Tokens inside encrypted tokens inside encrypted tokens: two layers of encryption are decrypted, and not more.

use crate::support::world::{Outcome, World, ends, fob, token};
use crate::verify::encrypted::{SHARED, sealed};
use serde_json::{Value, json};

fn world() -> World {
    World::new().file("shared.jwk", SHARED)
}

/// Encrypts a text so many times.
pub(crate) fn sealed_times(content: &str, layers: usize) -> String {
    (0..layers).fold(content.to_owned(), |content, _| sealed(&content, r#"{"cty":"JWT"}"#))
}

#[test]
fn judges_a_token_inside_two_layers() {
    let token = sealed_times(&token(r#"{"sub":"alice"}"#), 2);
    let outcome = world().run(format!("verify --decrypt-key shared.jwk {token}"));
    let lines: Vec<&str> = outcome.text().lines().filter(|line| !line.contains("absent")).collect();
    assert_eq!(
        lines,
        [
            "  ✓ form     five segments, strict Base64url and JSON",
            "  ✓ alg      dir",
            "  ✓ enc      A256GCM",
            "  ✓ key      a shared key, 256 bits, from shared.jwk",
            "  ✓ decrypt  232 bytes",
            "    inside:",
            "    ✓ form     five segments, strict Base64url and JSON",
            "    ✓ alg      dir",
            "    ✓ enc      A256GCM",
            "    ✓ key      a shared key, 256 bits, from shared.jwk",
            "    ✓ decrypt  101 bytes",
            "      inside:",
            "      ✓ form       three segments, strict Base64url and JSON",
            "      ✓ alg        HS256, allowed by the key",
            "      ✓ key        an HMAC secret, 256 bits, from the variable FOB_SECRET",
            "      ✓ signature  HS256 over the bytes received",
            "      – sub        \"alice\" (not checked: no --sub given)",
            "",
            "accepted: HS256 JWT, never expires",
        ]
    );
    let document = world().run(format!("verify --json --decrypt-key shared.jwk {token}")).json();
    assert_eq!((&document["verdict"], &document["header"]["cty"]), (&json!("accepted"), &json!("JWT")));
    assert_eq!(document["inner"]["checks"][4]["name"], "decrypt");
    assert_eq!(document["inner"]["key"]["source"], "shared.jwk");
    assert_eq!(document["inner"]["inner"]["payload"], json!({"sub": "alice"}));
    assert_eq!(document["inner"]["inner"]["key"]["source"], "the variable FOB_SECRET");
    assert_eq!(world().run(format!("verify --get sub --decrypt-key shared.jwk {token}")).result(), "alice");
    let outcome = world().stdin(&token).run("verify --lines --decrypt-key shared.jwk");
    assert_eq!((outcome.status, outcome.text()), (0, "accepted\n"));
}

#[test]
fn shows_a_token_inside_two_layers() {
    let token = sealed_times(&token(r#"{"sub":"alice"}"#), 2);
    let world = world();
    assert_eq!(world.run(format!("decode --claim sub --decrypt-key shared.jwk {token}")).result(), "alice");
    let outcome = world.run(format!("decode --decrypt-key shared.jwk {token}"));
    let titles = |outcome: &Outcome| -> Vec<String> {
        let lines = outcome.text().lines().filter(|line| line.contains("dir") && !line.contains("alg"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(titles(&outcome), ["dir encrypted token (JWE), decrypted"; 2]);
    for command in ["decode --json", "inspect --json"] {
        let document = world.run(format!("{command} --decrypt-key shared.jwk {token}")).json();
        let document = if document["tokens"].is_array() { &document["tokens"][0] } else { &document };
        assert_eq!(document["inner"]["header"]["alg"], "dir", "{command}");
        assert_eq!(document["inner"]["inner"]["payload"], json!({"sub": "alice"}), "{command}");
        assert_eq!(document["inner"]["inner"]["inner"], Value::Null);
    }
    let lines = world.stdin(&token).run("decode --lines --claim sub --decrypt-key shared.jwk");
    assert_eq!(lines.text(), "alice\n");
}

#[test]
fn rejects_more_than_two_layers() {
    let token = sealed_times(&token(r#"{"sub":"alice"}"#), 3);
    let says = "encrypted once more, but at most 2 layers of encryption are decrypted";
    let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {token}"));
    ends(&outcome, 4, &["jwe"]);
    let document = outcome.json();
    assert_eq!(document["inner"]["inner"]["checks"][0]["detail"], says);
    assert_eq!(document["hints"], json!([]));
    // Without a key for signatures, the error is the same.
    let outcome = fob(format!("verify --json {token}"));
    ends(&outcome, 4, &["jwe"]);
    let bare = World::bare().file("shared.jwk", SHARED);
    ends(&bare.run(format!("verify --json --decrypt-key shared.jwk {token}")), 4, &["jwe"]);
    let outcome = world().run(format!("decode -q --decrypt-key shared.jwk {token}"));
    outcome.refused(4, &format!("error: jwe: inside: {says}\n"));
    let report = world().run(format!("inspect --json --decrypt-key shared.jwk {token}")).json();
    assert!(report.to_string().contains(says), "{report}");
}

#[test]
fn rejects_claims_without_a_signature_in_each_layer() {
    let token = sealed_times(r#"{"sub":"alice"}"#, 2);
    let line = format!("--json --decrypt-key shared.jwk {token}");
    // The content of the inner layer is no token, although `cty` says so.
    ends(&world().run(format!("verify {line}")), 4, &["malformed:charset"]);
    let token = sealed(&sealed(r#"{"sub":"alice"}"#, "{}"), "{}");
    let line = format!("--json --decrypt-key shared.jwk {token}");
    ends(&world().run(format!("verify {line}")), 1, &["not_signed"]);
    let outcome = world().run(format!("verify --accept-shared-key {line}"));
    ends(&outcome, 0, &[]);
    let document = outcome.json();
    assert_eq!((&document["signed"], &document["inner"]["payload"]["sub"]), (&json!(false), &json!("alice")));
}

#[test]
fn compares_copies_of_claims_in_the_header_of_each_layer() {
    let signed = token(r#"{"iss":"joe"}"#);
    for (inner, outer) in [(r#"{"iss":"Joe"}"#, "{}"), ("{}", r#"{"iss":"Joe"}"#)] {
        let token = sealed(&sealed(&signed, inner), outer);
        let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {token}"));
        ends(&outcome, 1, &["wrong_claim:iss"]);
    }
}

#[test]
fn names_the_layer_that_does_not_decrypt() {
    let inner = sealed(&token("{}"), r#"{"kid":"another"}"#);
    let token = sealed(&inner, "{}");
    let key = SHARED.replace('}', r#","kid":"this"}"#);
    let world = World::new().file("key.jwk", key);
    let outcome = world.run(format!("verify --json --decrypt-key key.jwk {token}"));
    ends(&outcome, 1, &["key_not_found"]);
    let document = outcome.json();
    assert_eq!(document["checks"][4]["status"], "passed");
    assert_eq!(document["inner"]["checks"][3]["status"], "failed");
    assert_eq!(document["hints"], json!(["the token names another key: give that one with --decrypt-key"]));
    let outcome = world.run(format!("decode --claim sub --decrypt-key key.jwk {token}"));
    outcome.refused(
        1,
        "error: key_not_found: inside: the token asks for the key `another`, but this one is `this`\n\
         hint: the token names another key: give that one with --decrypt-key\n",
    );
}

#[test]
fn calls_no_sd_jwt_inside_an_encrypted_token_unsigned() {
    for header in ["{}", r#"{"cty":"dc+sd-jwt"}"#, r#"{"cty":"JWT"}"#] {
        let token = sealed(&format!("{}~", token(r#"{"sub":"alice"}"#)), header);
        for options in ["", "--accept-shared-key"] {
            let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {options} {token}"));
            ends(&outcome, 4, &["malformed:charset"]);
        }
        let outcome = world().run(format!("verify --decrypt-key shared.jwk {token}"));
        assert!(!outcome.text().contains("signature"), "{}", outcome.text());
    }
}
