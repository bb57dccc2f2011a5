//! `fob verify` on encrypted tokens: the checks of the outer token, then those of the inner token. Claims without a
//! signature are accepted only by a shared key that the caller names for that.

use crate::support::world::{SECRET, World, ends, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::encryption::{Encrypter, EncryptionSettings};
use fob::core::json::{Value, parse};
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use serde_json::json;

/// A shared key of 32 bytes.
pub(crate) const SHARED: &str = r#"{"kty":"oct","k":"QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE"}"#;

/// The example of RFC 7520 section 6: a token with a PS256 signature inside a token for RSA-OAEP.
const NESTED: &str = include_str!("../../vectors/cookbook/6.nesting_signatures_and_encryption.json");

/// The time of the expiry of that example.
const EXPIRY: i64 = 1_300_819_380;

/// Tokens of another library, with their keys, for every algorithm.
const VECTORS: &str = include_str!("../../vectors/jwe.json");

/// Returns a world with the keys of the nested example, and the token.
fn nested() -> (World, String) {
    let example: serde_json::Value = serde_json::from_str(NESTED).unwrap();
    let world = World::bare()
        .at(EXPIRY - 10)
        .file("sign.jwk", example["sign"]["input"]["key"].to_string())
        .file("enc.jwk", example["encrypt"]["input"]["key"].to_string());
    (world, example["encrypt"]["output"]["compact"].as_str().unwrap().to_owned())
}

pub(crate) fn vectors() -> Vec<serde_json::Value> {
    let file: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

/// Returns a world with the shared key.
fn world() -> World {
    World::new().file("shared.jwk", SHARED)
}

/// Encrypts a text with the shared key. `others` are further header parameters, as a JSON object.
pub(crate) fn sealed(content: &str, others: &str) -> String {
    let Ok(Value::Object(others)) = parse(others.as_bytes()) else { panic!("an object") };
    let others = others.into_iter().map(fob::core::json::Member::into_owned).collect();
    let key = Key::hmac(Secret::new(b"A-shared-key-of-these-32-bytes!!".to_vec()), None, String::new());
    let settings = EncryptionSettings { others, ..EncryptionSettings::default() };
    Encrypter::new(&key, settings).unwrap().encrypt(content.as_bytes()).unwrap()
}

#[test]
fn shows_the_checks_of_the_outer_token_before_those_of_the_inner_token() {
    let (world, token) = nested();
    let outcome = world.run(format!("verify --decrypt-key enc.jwk --key sign.jwk {token}"));
    assert_eq!(
        outcome.result(),
        "  ✓ form     five segments, strict Base64url and JSON
  ✓ alg      RSA-OAEP
  ✓ enc      A128GCM
  ✓ key      an RSA key, 4096 bits, from enc.jwk
  ✓ decrypt  483 bytes
    inside:
    ✓ form       three segments, strict Base64url and JSON
    ✓ alg        PS256, allowed by the key
    ✓ key        an RSA key, 2048 bits, from sign.jwk
    ✓ signature  PS256 over the bytes received
    ✓ exp        expires in 10 seconds (2011-03-22 18:43:00 UTC)
    – nbf        absent
    – iat        absent
    – iss        \"hobbiton.example\" (not checked: no --iss given)
    – aud        absent, not required

accepted: PS256 JWT, expires in 10 seconds"
    );
    let late = world.at(EXPIRY).run(format!("verify --json --decrypt-key enc.jwk --key sign.jwk {token}"));
    ends(&late, 3, &["expired"]);
}

#[test]
fn nests_the_token_inside_in_the_document() {
    let (world, token) = nested();
    let document = world.run(format!("verify --json --decrypt-key enc.jwk --key sign.jwk {token}")).json();
    let members: Vec<&String> = document.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        ["at", "checks", "header", "hints", "inner", "key", "reasons", "verdict", "warnings"]
    );
    assert_eq!(document["checks"].as_array().unwrap().len(), 5);
    assert_eq!(document["header"], json!({"alg": "RSA-OAEP", "cty": "JWT", "enc": "A128GCM"}));
    assert_eq!(document["key"]["source"], "enc.jwk");
    let inner = &document["inner"];
    assert_eq!(inner["checks"][3]["name"], "signature");
    assert_eq!(inner["header"]["alg"], "PS256");
    assert_eq!(inner["payload"]["iss"], "hobbiton.example");
    assert_eq!(inner["key"]["source"], "sign.jwk");
    // The decryption key verifies nothing.
    let document = world.run(format!("verify --json --decrypt-key enc.jwk --key enc.jwk {token}")).json();
    assert_eq!((&document["verdict"], &document["inner"]["payload"]), (&json!("rejected"), &json!(null)));
}

#[test]
fn decrypts_every_algorithm_and_refuses_those_that_must_be_named() {
    let mut named = 0;
    for vector in vectors() {
        let (alg, token) = (vector["alg"].as_str().unwrap(), vector["token"].as_str().unwrap());
        let world = World::new().file("key.jwk", vector["key"].to_string());
        let outcome = world.run(format!("verify --json --decrypt-key key.jwk {token}"));
        if alg.starts_with("PBES2") {
            ends(&outcome, 1, &["alg_not_allowed"]);
            let hint = &outcome.json()["hints"][0];
            assert!(hint.as_str().unwrap().contains(&format!("--decrypt-alg {alg}")), "{hint}");
            named += 1;
        } else {
            ends(&outcome, 1, &["not_signed"]);
        }
        let line =
            format!("verify --json --decrypt-key key.jwk --decrypt-alg {} {token}", alg.to_lowercase());
        ends(&world.run(line), 1, &["not_signed"]);
        let other = if alg == "dir" { "A128KW" } else { "dir" };
        let line = format!("verify --json --decrypt-key key.jwk --decrypt-alg {other} {token}");
        ends(&world.run(line), 1, &["alg_not_allowed"]);
    }
    assert_eq!(named, 3);
}

#[test]
fn rejects_claims_without_a_signature() {
    let sealed = sealed(r#"{"sub":"alice","exp":1}"#, "{}");
    let outcome = world().run(format!("verify --decrypt-key shared.jwk --sub bob {sealed}"));
    assert_eq!(
        outcome.text().lines().skip(4).collect::<Vec<_>>(),
        [
            "  ✓ decrypt    23 bytes",
            "  ✗ signature  none: every holder of the shared key can write these claims",
            "  ✗ exp        expired 56 years ago (1970-01-01 00:00:01 UTC); unverified",
            "  – nbf        absent",
            "  – iat        absent",
            "  – iss        absent, not required",
            "  – aud        absent, not required",
            "  ✗ sub        \"alice\", expected \"bob\"; unverified",
            "",
            "rejected: not_signed, expired, wrong_subject",
        ]
    );
    assert_eq!(outcome.status, 1);
    let document = world().run(format!("verify --json --decrypt-key shared.jwk {sealed}")).json();
    assert_eq!(
        (&document["payload"], &document["unverified_payload"]["sub"]),
        (&json!(null), &json!("alice"))
    );
}

#[test]
fn accepts_claims_by_a_shared_key_only_if_it_is_named_for_that() {
    let sealed = sealed(r#"{"sub":"alice"}"#, "{}");
    let line = format!("--decrypt-key shared.jwk --accept-shared-key {sealed}");
    // No other key is needed.
    let outcome = World::bare().file("shared.jwk", SHARED).run(format!("verify {line}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    let verdict = "accepted by the shared key, without a signature: dir encrypted token (JWE), never expires";
    assert_eq!(outcome.text().lines().last(), Some(verdict));
    let document = world().run(format!("verify --json {line}")).json();
    assert_eq!((&document["signed"], &document["payload"]["sub"]), (&json!(false), &json!("alice")));
    assert_eq!(world().run(format!("verify --get sub {line}")).result(), "alice");
    ends(&world().run(format!("verify --json --sub bob {line}")), 1, &["wrong_subject"]);
    // With the key of a pair, every sender can encrypt.
    for vector in vectors() {
        let alg = vector["alg"].as_str().unwrap();
        if alg.starts_with("RSA") || alg.starts_with("ECDH") {
            let world = World::new().file("key.jwk", vector["key"].to_string());
            let token = vector["token"].as_str().unwrap();
            let outcome =
                world.run(format!("verify --json --decrypt-key key.jwk --accept-shared-key {token}"));
            ends(&outcome, 1, &["not_signed"]);
        }
    }
}

#[test]
fn hints_at_a_shared_key_only_where_it_is_accepted() {
    const HINT: &str = "--accept-shared-key accepts claims";
    let line = |content: &str| format!("--decrypt-key shared.jwk {}", sealed(content, "{}"));
    let claims = line(r#"{"sub":"alice","jti":"1","exp":4102444800,"token_type":"refresh"}"#);
    for (command, is_given) in [
        (format!("verify {claims}"), true),
        (format!("refresh {claims}"), false),
        (format!("verify {}", line("text")), false),
    ] {
        let outcome = world().run(&command);
        assert_eq!(outcome.stderr.contains(HINT), is_given, "{command}: {}", outcome.stderr);
    }
}

#[test]
fn a_token_in_json_serialization_is_no_claims_set() {
    let token = token(r#"{"sub":"alice"}"#);
    let parts: Vec<&str> = token.split('.').collect();
    let signed = json!({"protected": parts[0], "payload": parts[1], "signature": "AA"});
    let encrypted = json!({"protected": parts[0], "iv": "AA", "ciphertext": "AA", "tag": "AA"});
    for document in [signed, encrypted] {
        let token = sealed(&document.to_string(), "{}");
        let line = format!("verify --json --decrypt-key shared.jwk --accept-shared-key {token}");
        ends(&world().run(line), 4, &["malformed:charset"]);
    }
}

#[test]
fn gives_no_hint_at_payloads_of_encrypted_tokens() {
    let token = token(r#"{"sub":"alice"}"#);
    let parts: Vec<&str> = token.split('.').collect();
    let token = sealed(&format!("{}..{}", parts[0], parts[2]), "{}");
    let outcome = world().run(format!("verify --decrypt-key shared.jwk {token}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (4, ""));
}

#[test]
fn a_decryption_key_alone_accepts_no_signed_token() {
    let bare = World::bare().file("shared.jwk", SHARED);
    let token = token(r#"{"sub":"alice"}"#);
    for token in [token.clone(), sealed(&token, r#"{"cty":"JWT"}"#)] {
        let outcome = bare.run(format!("verify --decrypt-key shared.jwk --accept-shared-key {token}"));
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        let lines = bare.clone().stdin(&token);
        let outcome = lines.run("verify --lines --decrypt-key shared.jwk --accept-shared-key");
        assert_eq!((outcome.status, outcome.text()), (1, "rejected\tkey_not_found\n"));
    }
    // A shared key never verifies a signature.
    let signed = crate::support::world::signed_with(
        "A-shared-key-of-these-32-bytes!!",
        fob::core::token::algorithm::Algorithm::Hs256,
        br#"{"alg":"HS256"}"#,
        b"{}",
    );
    ends(&world().run(format!("verify --json --decrypt-key shared.jwk {signed}")), 1, &["bad_signature"]);
}

#[test]
fn gives_one_reason_for_every_fault_of_key_ciphertext_and_tag() {
    let token = sealed(r#"{"sub":"alice"}"#, "{}");
    let segments: Vec<&str> = token.split('.').collect();
    let changed = |index: usize| {
        let mut segments: Vec<String> = segments.iter().map(ToString::to_string).collect();
        let first = if segments[index].starts_with('A') { "B" } else { "A" };
        segments[index].replace_range(..1, first);
        segments.join(".")
    };
    let other = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let detail = "the token does not decrypt: the key is wrong, or the token was changed";
    let world = world().file("other.jwk", other);
    for (key, token) in [
        ("shared.jwk", changed(2)),
        ("shared.jwk", changed(3)),
        ("shared.jwk", changed(4)),
        ("other.jwk", token.clone()),
    ] {
        let outcome = world.run(format!("verify --json --decrypt-key {key} {token}"));
        ends(&outcome, 1, &["decrypt_failed"]);
        let document = outcome.json();
        let check = &document["checks"][4];
        assert_eq!((&check["name"], &check["detail"]), (&json!("decrypt"), &json!(detail)));
        assert_eq!(document["hints"], json!([]));
    }
    let cut = token.get(..token.len() - 2).unwrap();
    let outcome = world.run(format!("verify --json --decrypt-key shared.jwk {cut}"));
    assert!(outcome.status == 1 || outcome.status == 4, "{}", outcome.text());
}

#[test]
fn compares_copies_of_claims_in_the_header() {
    let inner = token(r#"{"iss":"joe","aud":["a","b"]}"#);
    for (copies, reasons) in [
        (r#"{"cty":"JWT","iss":"joe","aud":["a","b"]}"#, &[][..]),
        (r#"{"cty":"JWT","iss":"Joe"}"#, &["wrong_claim:iss"]),
        (r#"{"cty":"JWT","sub":"alice","aud":"a"}"#, &["wrong_claim:aud", "wrong_claim:sub"]),
    ] {
        let token = sealed(&inner, copies);
        let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {token}"));
        let mut found = outcome.reasons();
        found.sort();
        assert_eq!(
            (outcome.status, found),
            (u8::from(!reasons.is_empty()), reasons.iter().map(ToString::to_string).collect()),
            "{copies}"
        );
    }
    // A token whose copies differ is not used up.
    let store = tempfile::tempdir().unwrap();
    let path = store.path().join("used.db");
    let token = sealed(&inner, r#"{"cty":"JWT","iss":"Joe"}"#);
    let line = format!("--decrypt-key shared.jwk --once --store {}", path.display());
    ends(&world().run(format!("verify --json {line} {token}")), 1, &["wrong_claim:iss"]);
    let good = sealed(&inner, r#"{"cty":"JWT","iss":"joe"}"#);
    ends(&world().run(format!("verify --json {line} {good}")), 0, &[]);
    ends(&world().run(format!("verify --json {line} {good}")), 1, &["reused"]);
}

#[test]
fn says_without_a_key_which_one_decrypts_the_token() {
    let vectors = vectors();
    let of = |alg: &str| {
        let vector = vectors.iter().find(|vector| vector["alg"] == alg).unwrap();
        vector["token"].as_str().unwrap().to_owned()
    };
    for (token, hint) in [
        (
            of("dir"),
            "to decrypt dir, give the shared key of 32 bytes with --decrypt-secret-file PATH or --decrypt-secret-env VAR, or as a JWK with --decrypt-key PATH",
        ),
        (
            of("RSA-OAEP-256"),
            "to decrypt RSA-OAEP-256, give the recipient's private RSA key with --decrypt-key PATH",
        ),
        (
            of("ECDH-ES"),
            "to decrypt ECDH-ES, give the recipient's private EC or X25519 key with --decrypt-key PATH",
        ),
        (
            of("PBES2-HS256+A128KW"),
            "to decrypt PBES2-HS256+A128KW, give the password with --decrypt-secret-env VAR, and --decrypt-alg \
             PBES2-HS256+A128KW",
        ),
    ] {
        // Without any key, the decryption key comes first: no secret is asked for.
        for world in [World::new(), World::bare()] {
            let outcome = world.run(format!("verify --json {token}"));
            ends(&outcome, 4, &["jwe"]);
            assert_eq!(outcome.json()["hints"], json!([hint]));
        }
    }
}

#[test]
fn names_the_key_that_is_needed_in_place_of_one_of_another_type() {
    let token = sealed("{}", "{}");
    let (world, for_rsa) = nested();
    let world = world.file("shared.jwk", SHARED);
    for (token, key, hint) in [
        (
            &token,
            "enc.jwk",
            "to decrypt dir, give the shared key of 32 bytes with --decrypt-secret-file PATH or --decrypt-secret-env VAR, or as a JWK with --decrypt-key PATH",
        ),
        (
            &for_rsa,
            "shared.jwk",
            "to decrypt RSA-OAEP, give the recipient's private RSA key with --decrypt-key PATH",
        ),
    ] {
        let outcome = world.run(format!("verify --json --decrypt-key {key} --key sign.jwk {token}"));
        ends(&outcome, 1, &["key_mismatch:kty"]);
        assert_eq!(outcome.json()["hints"], json!([hint]));
    }
}

#[test]
fn says_what_does_not_fit_before_it_decrypts() {
    let token = sealed("{}", r#"{"kid":"one"}"#);
    let run = |jwk: &str| {
        let world = World::new().file("key.jwk", jwk);
        world.run(format!("verify --json --decrypt-key key.jwk {token}"))
    };
    let secret = |others: &str| SHARED.replace('}', &format!("{others}}}"));
    for (jwk, reason) in [
        (secret(r#","use":"sig""#), "key_mismatch:use"),
        (secret(r#","key_ops":["encrypt"]"#), "key_mismatch:key_ops"),
        (secret(r#","alg":"A256KW""#), "key_mismatch:alg"),
        (secret(r#","kid":"two""#), "key_not_found"),
        (r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}"#.to_owned(), "key_mismatch:alg"),
    ] {
        ends(&run(&jwk), 1, &[reason]);
    }
    ends(&run(&secret(r#","kid":"one""#)), 1, &["not_signed"]);
}

#[test]
fn names_the_part_of_an_encrypted_token_that_is_wrong() {
    let iv = "AAAAAAAAAAAAAAAA";
    let tag = "AAAAAAAAAAAAAAAAAAAAAA";
    let wrapped = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let epk = |x: &str| {
        format!(
            r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}}}}"#
        )
    };
    let off = epk("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let pbes2 = |count: &str| {
        format!(r#"{{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":{count}}}"#)
    };
    for (header, key, status, reason) in [
        (off.as_str(), "", 4, "malformed:epk"),
        (&epk("AQ"), "", 4, "malformed:epk"),
        (&pbes2("2000000000"), wrapped, 4, "malformed:p2c"),
        (&pbes2("-1"), wrapped, 4, "malformed:p2c"),
        (r#"{"alg":"dir","enc":7}"#, "", 4, "malformed:enc"),
        (r#"{"alg":"dir","enc":"A128GCM","kid":7}"#, "", 4, "malformed:kid"),
        (r#"{"alg":"dir","enc":"A128GCM","cty":7}"#, "", 4, "malformed:cty"),
        (r#"{"alg":"dir","enc":"A128GCM","alg":"dir"}"#, "", 4, "malformed:duplicate_member"),
        (r#"{"alg":"dir","enc":"A128GCM","crit":["x"],"x":1}"#, "", 1, "crit_unsupported"),
        (r#"{"alg":"DIR","enc":"A128GCM"}"#, "", 1, "alg_unsupported"),
        (r#"{"alg":"dir","enc":"A128KW"}"#, "", 1, "alg_unsupported"),
        (r#"{"alg":"dir","enc":"A128GCM","zip":"gzip"}"#, "", 1, "alg_unsupported"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, "AA", 1, "decrypt_failed"),
        (r#"{"alg":"RSA1_5","enc":"A128GCM"}"#, "AA", 1, "alg_not_allowed"),
    ] {
        let token = format!("{}.{key}.{iv}.AA.{tag}", URL_SAFE_NO_PAD.encode(header));
        let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (status, vec![reason.to_owned()]), "{header}");
    }
}

#[test]
fn limits_the_length_of_decompressed_content() {
    let key = Key::hmac(Secret::new(b"A-shared-key-of-these-32-bytes!!".to_vec()), None, String::new());
    let settings = EncryptionSettings { compresses: true, ..EncryptionSettings::default() };
    let encrypter = Encrypter::new(&key, settings).unwrap();
    let bomb = encrypter.encrypt(format!(r#"{{"a":"{}"}}"#, "a".repeat(100_000)).as_bytes()).unwrap();
    let outcome = world().run(format!("verify --json --decrypt-key shared.jwk {bomb}"));
    ends(&outcome, 4, &["malformed:too_large"]);
    let small = encrypter.encrypt(br#"{"sub":"alice"}"#).unwrap();
    let outcome = world().run(format!("verify --json --decrypt-key shared.jwk --accept-shared-key {small}"));
    assert_eq!(outcome.json()["checks"][4]["detail"], "15 bytes, decompressed");
}

#[test]
fn rejects_content_that_should_be_a_token_but_is_not() {
    let outer = sealed(r#"{"sub":"alice"}"#, r#"{"cty":"JWT"}"#);
    let outcome = world().run(format!("verify --json --decrypt-key shared.jwk --accept-shared-key {outer}"));
    assert_eq!((outcome.status, outcome.json()["checks"].as_array().unwrap().len()), (4, 5));
}

#[test]
fn names_the_encoding_in_which_a_shared_key_fits() {
    let token = sealed("{}", "{}");
    let world = World::new().env("KEY", "QS1zaGFyZWQta2V5LW9mLXRoZXNlLTMyLWJ5dGVzISE=");
    let outcome = world.run(format!("verify --json --decrypt-secret-env KEY {token}"));
    ends(&outcome, 1, &["key_mismatch:alg"]);
    let hint = "read as base64, the shared key has 32 bytes: use --decrypt-secret-format base64";
    assert_eq!(outcome.json()["hints"], json!([hint]));
    let line = format!("verify --json --decrypt-secret-env KEY --decrypt-secret-format base64 {token}");
    ends(&world.run(line), 1, &["not_signed"]);
}

#[test]
fn takes_the_key_from_the_environment_and_from_standard_input() {
    let token = sealed("{}", "{}");
    for (value, name) in [(SHARED, "the variable FOB_DECRYPT_KEY"), ("shared.jwk", "shared.jwk")] {
        let outcome = world().env("FOB_DECRYPT_KEY", value).run(format!("verify --json {token}"));
        ends(&outcome, 1, &["not_signed"]);
        assert_eq!(outcome.json()["key"]["source"], name);
    }
    ends(&world().stdin(SHARED).run(format!("verify --json --decrypt-key - {token}")), 1, &["not_signed"]);
    // A signed token does not need the variable.
    let signed = crate::support::world::token("{}");
    ends(&world().env("FOB_DECRYPT_KEY", "gone.jwk").run(format!("verify --json {signed}")), 0, &[]);
    let outcome = world().run(format!("verify --decrypt-key https://a.test/jwks {token}"));
    outcome.refused(
        2,
        "error: a URL gives public keys, which cannot decrypt\nhint: use --decrypt-key with the path of a private key\n",
    );
}

#[test]
fn each_line_and_each_case_has_the_verdict_of_its_token() {
    let signed = token(r#"{"sub":"alice"}"#);
    let lines = [signed.clone(), sealed(&signed, r#"{"cty":"JWT"}"#), sealed(r#"{"sub":"alice"}"#, "{}")];
    let world = world().stdin(lines.join("\n"));
    let outcome = world.run("verify --lines --decrypt-key shared.jwk");
    assert_eq!(outcome.text(), "accepted\naccepted\nrejected\tnot_signed\n");
    let outcome = world.run("verify --lines --decrypt-key shared.jwk --accept-shared-key");
    assert_eq!(outcome.text(), "accepted\naccepted\naccepted\n");
    let suite = format!(
        "[defaults]\ndecrypt-key = \"shared.jwk\"\n[[cases]]\nname = \"nested\"\ntoken = \"{}\"\nexpect = \"accepted\"\n\
         [[cases]]\nname = \"unsigned\"\ntoken = \"{}\"\nexpect = \"not_signed\"\n",
        lines[1], lines[2]
    );
    let outcome = world.file("suite.toml", suite).run("verify --suite suite.toml");
    assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
}

#[test]
fn reports_no_secret_and_no_content_that_was_not_decrypted() {
    let inner = token(r#"{"sub":"alice"}"#);
    let other = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#;
    let sealed = sealed(&inner, r#"{"cty":"JWT"}"#);
    for key in [SHARED, other] {
        for command in ["verify -v", "verify --json", "decode", "decode --json", "inspect --json"] {
            let outcome = World::new().env("FOB_DECRYPT_KEY", key).run(format!("{command} {sealed}"));
            for text in [outcome.text(), &outcome.stderr] {
                assert!(!text.contains("QS1zaGFyZWQ") && !text.contains(SECRET), "{text}");
                assert!(key == SHARED || !text.contains("alice"), "{text}");
            }
        }
    }
}
