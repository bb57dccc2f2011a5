//! `fob verify`, `fob decode` and `fob inspect` on encrypted tokens in JSON serialization (RFC 7516 section 7.2).

use crate::support::world::{Outcome, World, ends};
use serde_json::{Value, json};

/// The examples of RFC 7520 sections 5.10 to 5.13.
const COOKBOOK: [&str; 4] = [
    include_str!("../../vectors/cookbook/jwe/5_10.including_additional_authentication_data.json"),
    include_str!("../../vectors/cookbook/jwe/5_11.protecting_specific_header_fields.json"),
    include_str!("../../vectors/cookbook/jwe/5_12.protecting_content_only.json"),
    include_str!("../../vectors/cookbook/jwe/5_13.encrypting_to_multiple_recipients.json"),
];

/// A shared key of 32 bytes for `dir`, and another for key wrapping.
const SHARED: &str = r#"{"kty":"oct","kid":"s","k":"Tm9ib2R5LWVsc2Uta25vd3MtdGhlc2UtMzItYnl0ZXM"}"#;

fn world() -> World {
    World::new().file("shared.jwk", SHARED)
}

/// Returns a flattened document with a signed token inside, encrypted with the shared key.
fn nested(algorithm: &str) -> Value {
    let line = format!(
        "encode --sub alice --no-iat --encrypt-for shared.jwk --encrypt-alg {algorithm} --serialization flattened"
    );
    serde_json::from_str(world().run(line).result()).unwrap()
}

/// Returns the general form of a flattened document, with these headers of further recipients before the real one.
fn general(flattened: &Value, others: &[Value]) -> Value {
    let mut document = flattened.clone();
    let key = document.as_object_mut().unwrap().remove("encrypted_key");
    let own = key.map_or_else(|| json!({}), |key| json!({"encrypted_key": key}));
    document["recipients"] = others.iter().cloned().chain([own]).collect();
    document
}

fn run(document: &Value, options: &str) -> Outcome {
    world().file("t.json", document.to_string()).run(format!("verify @t.json {options}"))
}

#[test]
fn judges_the_token_inside_a_document_and_names_the_form() {
    assert_eq!(
        run(&nested("dir"), "--decrypt-key shared.jwk").result(),
        "  ✓ form     flattened JSON serialization, strict Base64url and JSON
  ✓ alg      dir
  ✓ enc      A256GCM
  ✓ key      a shared key, 256 bits, from shared.jwk
  ✓ decrypt  101 bytes
    inside:
    ✓ form       three segments, strict Base64url and JSON
    ✓ alg        HS256, allowed by the key
    ✓ key        an HMAC secret, 256 bits, from the variable FOB_SECRET
    ✓ signature  HS256 over the bytes received
    – exp        absent: this token never expires
    – nbf        absent
    – iat        absent
    – iss        absent, not required
    – aud        absent, not required
    – sub        \"alice\" (not checked: no --sub given)

accepted: HS256 JWT, encrypted in flattened JSON serialization, never expires"
    );
}

#[test]
fn tries_the_recipients_until_a_key_decrypts() {
    let other = json!({"header": {"x": "y"}, "encrypted_key": "A".repeat(54)});
    let document = general(&nested("A256KW"), &[other]);
    let outcome = run(&document, "--json --decrypt-key shared.jwk");
    ends(&outcome, 0, &[]);
    let report = outcome.json();
    assert_eq!(
        report["checks"][0]["detail"],
        "general JSON serialization, recipient 2 of 2, strict Base64url and JSON"
    );
    assert_eq!(report["serialization"], "general");
    assert_eq!(report["recipients"][0]["unprotected_header"], json!({"x": "y"}));
    assert_eq!(report["inner"]["payload"]["sub"], "alice");
    // A document without the recipient of the key.
    let mut without = document.clone();
    without["recipients"].as_array_mut().unwrap().pop();
    ends(&run(&without, "--json --decrypt-key shared.jwk"), 1, &["decrypt_failed"]);
    // A fault of one recipient is no fault of another.
    let faulty = json!({"header": {"kid": "both headers have it"}, "encrypted_key": "AA"});
    ends(&run(&general(&nested("A256KW"), &[faulty]), "--json --decrypt-key shared.jwk"), 0, &[]);
}

#[test]
fn every_fault_of_the_encryption_is_decrypt_failed() {
    let good = nested("A256KW");
    let changed = |name: &str| {
        let mut document = good.clone();
        let text = document[name].as_str().unwrap();
        let first = if text.starts_with('A') { "B" } else { "A" };
        document[name] = format!("{first}{}", &text[1..]).into();
        document
    };
    for name in ["encrypted_key", "iv", "ciphertext", "tag"] {
        ends(&run(&changed(name), "--json --decrypt-key shared.jwk"), 1, &["decrypt_failed"]);
    }
    for aad in ["", "AAAA"] {
        let mut document = good.clone();
        document["aad"] = aad.into();
        ends(&run(&document, "--json --decrypt-key shared.jwk"), 1, &["decrypt_failed"]);
    }
}

#[test]
fn rejects_documents_of_the_wrong_form() {
    let good = nested("A256KW");
    let with = |name: &str, value: Value| {
        let mut document = good.clone();
        document[name] = value;
        document
    };
    for (document, status, reason) in [
        (with("recipients", json!([{}])), 4, "malformed:serialization"),
        (with("recipients", json!([])), 4, "malformed:serialization"),
        (general(&good, &vec![json!({}); 32]), 4, "malformed:too_large"),
        (general(&good, &[json!("x")]), 4, "malformed:serialization"),
        (with("iv", json!(7)), 4, "malformed:serialization"),
        (with("ciphertext", json!("a.b")), 4, "malformed:charset"),
        (with("aad", json!("a=")), 4, "malformed:charset"),
        (with("unprotected", json!({"enc": "A256GCM"})), 4, "malformed:duplicate_member"),
        (with("header", json!({"alg": "A256KW"})), 4, "malformed:duplicate_member"),
        (with("header", json!({"zip": "DEF"})), 4, "malformed:zip"),
        (with("unprotected", json!({"crit": ["exp"]})), 4, "malformed:crit"),
    ] {
        ends(&run(&document, "--json --decrypt-key shared.jwk"), status, &[reason]);
    }
}

#[test]
fn demands_one_content_encryption_for_all_recipients() {
    let mut document = general(&nested("dir"), &[]);
    document.as_object_mut().unwrap().remove("protected");
    let recipient = |enc: &str| json!({"header": {"alg": "dir", "enc": enc}});
    document["recipients"] = json!([recipient("A256GCM"), recipient("A128GCM")]);
    ends(&run(&document, "--json --decrypt-key shared.jwk"), 4, &["malformed:enc"]);
}

#[test]
fn says_that_an_algorithm_is_not_protected() {
    // The authenticated data is the empty protected header, so the content does not decrypt.
    let mut document = nested("A256KW");
    document.as_object_mut().unwrap().remove("protected");
    document["unprotected"] = json!({"alg": "A256KW", "enc": "A256GCM"});
    let outcome = run(&document, "--json --decrypt-key shared.jwk");
    ends(&outcome, 1, &["decrypt_failed"]);
    assert_eq!(outcome.json()["checks"][1]["detail"], "A256KW, from an unprotected header");
}

#[test]
fn rejects_claims_without_a_signature_unless_a_shared_key_is_accepted() {
    let line = "encode --sub alice --no-iat --unsigned --encrypt-for shared.jwk --serialization general";
    let document: Value = serde_json::from_str(world().run(line).result()).unwrap();
    ends(&run(&document, "--json --decrypt-key shared.jwk"), 1, &["not_signed"]);
    let accepted = run(&document, "--json --decrypt-key shared.jwk --accept-shared-key");
    ends(&accepted, 0, &[]);
    assert_eq!(accepted.json()["payload"], json!({"sub": "alice"}));
    assert_eq!(accepted.json()["serialization"], "general");
}

#[test]
fn without_a_key_a_document_has_status_4() {
    let document = nested("dir");
    let outcome = World::bare().stdin(document.to_string()).run("verify --json -s x --signatures all");
    ends(&outcome, 4, &["jwe"]);
    let world = World::bare().stdin(document.to_string()).env("FOB_DECRYPT_KEY", "shared.jwk");
    let opened = world.file("shared.jwk", SHARED).run("decode --claim sub");
    assert_eq!(opened.result(), "alice");
}

#[test]
fn a_document_inside_an_encrypted_token_is_no_token() {
    let inner = json!({"payload": "e30", "protected": "e30", "signature": ""}).to_string();
    let world = world();
    let line = ["encode", &inner, "--verbatim", "--unsigned", "--encrypt-for", "shared.jwk"];
    let outer = world.run_words(&line).text().trim().to_owned();
    let outcome = world.run(format!("verify --json --decrypt-key shared.jwk --accept-shared-key {outer}"));
    // The document is taken for claims, never for a signed token.
    assert_eq!(outcome.json()["payload"]["payload"], "e30");
}

#[test]
fn decode_opens_the_documents_of_the_cookbook() {
    let mut count = 0;
    for file in COOKBOOK {
        let example: Value = serde_json::from_str(file).unwrap();
        let keys = match &example["input"]["key"] {
            Value::Array(keys) => keys.clone(),
            key => vec![key.clone()],
        };
        for form in ["json", "json_flat"].into_iter().filter_map(|name| example["output"].get(name)) {
            for key in &keys {
                let world = World::bare().file("t.json", form.to_string()).file("k.jwk", key.to_string());
                let named = if key["kty"] == "RSA" { "--decrypt-alg RSA1_5" } else { "" };
                let outcome = world.run(format!("decode @t.json --decrypt-key k.jwk {named} --part payload"));
                assert_eq!(outcome.text(), example["input"]["plaintext"].as_str().unwrap());
                count += 1;
            }
        }
    }
    assert_eq!(count, 9);
}

#[test]
fn decode_shows_every_header_and_marks_what_is_not_protected() {
    let example: Value = serde_json::from_str(COOKBOOK[3]).unwrap();
    let world = World::bare().file("t.json", example["output"]["json"].to_string());
    let outcome = world.run("decode @t.json");
    assert_eq!(outcome.status, 0);
    for part in [
        "encrypted token (JWE) in general JSON serialization for 3 recipients",
        "protected header  23 bytes\n  enc  \"A128CBC-HS256\"  content encryption: AES-128 (CBC) with HMAC SHA-256\n",
        "unprotected header  not protected\n  cty  \"text/plain\"  content type\n",
        "recipient 1 of 3  not protected\n  alg  \"RSA1_5\"",
        "recipient 3 of 3  not protected\n  alg  \"A256GCMKW\"",
    ] {
        assert!(outcome.text().contains(part), "{part}: {}", outcome.text());
    }
    let report = world.run("decode --json @t.json").json();
    assert_eq!(report["recipients"].as_array().unwrap().len(), 3);
    assert_eq!(report["unprotected_header"], json!({"cty": "text/plain"}));
    let example: Value = serde_json::from_str(COOKBOOK[0]).unwrap();
    let world = World::bare().file("t.json", example["output"]["json_flat"].to_string());
    assert!(world.run("decode @t.json").text().contains("authenticated data  183 bytes, not encrypted\n"));
}

#[test]
fn inspect_reports_on_an_encrypted_document() {
    let world = world().file("t.json", nested("dir").to_string());
    let found = world.run("inspect --json t.json").json()["tokens"][0].clone();
    assert_eq!((&found["kind"], &found["serialization"]), (&json!("jwe"), &json!("flattened")));
    assert_eq!(found["sizes"]["token"], nested("dir").to_string().len());
    let found = world.run("inspect --json t.json --decrypt-key shared.jwk").json()["tokens"][0].clone();
    assert_eq!(found["inner"]["payload"]["sub"], "alice");
    let masked = world.run("inspect --redact t.json --decrypt-key shared.jwk");
    assert!(!masked.text().contains("alice") && !masked.stderr.contains("alice"), "{}", masked.text());
}

#[test]
fn lines_take_no_encrypted_document() {
    let world = world().file("t.json", nested("dir").to_string());
    assert_eq!(world.run("verify --lines t.json --decrypt-key shared.jwk -q").status, 1);
    assert_eq!(world.run("refresh @t.json --decrypt-key shared.jwk -q").status, 4);
}

#[test]
fn never_accepts_a_mutated_document() {
    let text =
        general(&nested("A256KW"), &[json!({"header": {"kid": "x"}, "encrypted_key": "AA"})]).to_string();
    let world = world();
    for index in 0..text.len() {
        for byte in [b'"', b'.', b'A', 0xff] {
            let mut mutated = text.clone().into_bytes();
            mutated[index] = byte;
            let outcome = world
                .clone()
                .stdin(&mutated)
                .run("verify -q --decrypt-key shared.jwk --get sub --signatures all");
            if outcome.status == 0 {
                // Only members that mean nothing, and the entry of the other recipient, may change.
                assert_eq!(outcome.text(), "alice\n", "{}", String::from_utf8_lossy(&mutated));
            }
        }
    }
}

#[test]
fn limits_the_iterations_of_all_recipients_together() {
    let header = |count: u32| {
        json!({
            "header": {"alg": "PBES2-HS256+A128KW", "p2s": "c2FsdHNhbHQ", "p2c": count},
            "encrypted_key": "A".repeat(54),
        })
    };
    let with = |recipients: &[Value]| {
        let document = json!({"protected": "eyJlbmMiOiJBMjU2R0NNIn0", "iv": "AAAAAAAAAAAAAAAA", "ciphertext": "AA",
            "tag": "AAAAAAAAAAAAAAAAAAAAAA", "recipients": recipients});
        run(&document, "--json --decrypt-key shared.jwk --decrypt-alg PBES2-HS256+A128KW")
    };
    ends(&with(&[header(1000), header(1000)]), 1, &["decrypt_failed"]);
    let outcome = with(&[header(500_000), header(500_001)]);
    ends(&outcome, 4, &["malformed:p2c"]);
    assert!(
        outcome.text().contains("`p2c` is 1000001 for all recipients together, but the maximum is 1000000"),
        "{}",
        outcome.text()
    );
}
