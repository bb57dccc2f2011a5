//! `fob verify` on signed tokens in JSON serialization (RFC 7515 section 7.2): the checks of each signature, the verdict by
//! `--signatures`, and the faults of documents.

use crate::support::world::{Outcome, SECRET, World, ends, signed, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The examples of RFC 7520 sections 4.6 to 4.8.
const COOKBOOK: [&str; 3] = [
    include_str!("../../vectors/cookbook/jws/4_6.protecting_specific_header_fields.json"),
    include_str!("../../vectors/cookbook/jws/4_7.protecting_content_only.json"),
    include_str!("../../vectors/cookbook/jws/4_8.multiple_signatures.json"),
];

/// The examples of compact tokens in RFC 7515, with their keys.
const RFCS: &str = include_str!("../../vectors/rfc.json");

/// The time of the expiry of the examples in RFC 7515.
const EXPIRY: i64 = 1_300_819_380;

/// Returns an example of RFC 7515 as the segments of its token, and its key.
fn example(name: &str) -> ([String; 3], String) {
    let file: Value = serde_json::from_str(RFCS).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let vector = vectors.iter().find(|vector| vector["name"] == name).unwrap();
    let mut segments = vector["token"].as_str().unwrap().split('.').map(str::to_owned);
    (std::array::from_fn(|_| segments.next().unwrap()), vector["key"].to_string())
}

/// Returns the document of RFC 7515 appendix A.6 and a world with both of its keys. The compact tokens of appendices A.2 and
/// A.3 have the same headers, payload and signatures.
fn appendix_a6() -> (World, Value) {
    let ([rsa, payload, rsa_signature], rsa_key) = example("rfc7515-A.2");
    let ([ec, same, ec_signature], ec_key) = example("rfc7515-A.3");
    assert_eq!(payload, same);
    let document = json!({
        "payload": payload,
        "signatures": [
            {"protected": rsa, "header": {"kid": "2010-12-29"}, "signature": rsa_signature},
            {
                "protected": ec,
                "header": {"kid": "e9bc097a-ce51-4036-9562-d2ade882db0d"},
                "signature": ec_signature,
            },
        ],
    });
    let world = World::bare().at(EXPIRY - 10).file("rsa.jwk", rsa_key).file("ec.jwk", ec_key);
    (world, document)
}

/// Returns the flattened document of a token, with further members.
pub(crate) fn flattened(token: &str, others: &Value) -> Value {
    let mut segments = token.split('.');
    let mut next = || segments.next().unwrap();
    let mut document = json!({"protected": next(), "payload": next(), "signature": next()});
    for (name, value) in others.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// Returns the general document of tokens over one payload.
pub(crate) fn general(tokens: &[&str]) -> Value {
    let mut payload = "";
    let signatures: Vec<Value> = tokens
        .iter()
        .map(|token| {
            let segments: Vec<&str> = token.split('.').collect();
            payload = segments[1];
            json!({"protected": segments[0], "signature": segments[2]})
        })
        .collect();
    json!({"payload": payload, "signatures": signatures})
}

fn run(document: &Value, options: &str) -> Outcome {
    World::new().file("t.json", document.to_string()).run(format!("verify @t.json {options}"))
}

/// Asserts the status, the reasons and the detail of the first check.
#[track_caller]
fn fails(document: &Value, status: u8, reason: &str, detail: &str) {
    let outcome = run(document, "--json");
    ends(&outcome, status, &[reason]);
    let report = outcome.json();
    let first = if report["signatures"].is_null() {
        &report["checks"][0]
    } else {
        &report["signatures"][0]["checks"][0]
    };
    assert_eq!((&first["reason"], &first["detail"]), (&json!(reason), &json!(detail)));
}

#[test]
fn accepts_the_flattened_form_and_names_it() {
    let outcome = run(&flattened(&token(r#"{"sub":"alice"}"#), &json!({})), "");
    assert_eq!(
        outcome.result(),
        "  ✓ form       flattened JSON serialization, strict Base64url and JSON
  ✓ alg        HS256, allowed by the key
  ✓ key        an HMAC secret, 256 bits, from the variable FOB_SECRET
  ✓ signature  HS256 over the bytes received
  – exp        absent: this token never expires
  – nbf        absent
  – iat        absent
  – iss        absent, not required
  – aud        absent, not required
  – sub        \"alice\" (not checked: no --sub given)

accepted: HS256 JWT in flattened JSON serialization, never expires"
    );
}

#[test]
fn reads_a_document_that_is_not_in_a_file_only_if_an_option_expects_it() {
    let document = flattened(&token(r#"{"sub":"alice"}"#), &json!({})).to_string();
    let expected = ["--signatures", "all"];
    assert_eq!(World::new().run_words(&[&["verify", &document][..], &expected].concat()).status, 0);
    let stdin = World::new().stdin(format!("\u{feff}{document}\n"));
    assert_eq!(stdin.run("verify --signatures any").status, 0);
    for outcome in [World::new().run_words(&["verify", "--json", &document]), stdin.run("verify --json")] {
        ends(&outcome, 4, &["malformed:charset"]);
        assert_eq!(
            outcome.json()["hints"],
            json!(["if a document in JSON serialization is expected here, add --signatures all"])
        );
    }
}

#[test]
fn verifies_the_example_of_rfc_7515_appendix_a_6() {
    let (world, document) = appendix_a6();
    let world = world.file("t.json", document.to_string());
    let outcome = world.run("verify @t.json --key rsa.jwk --key ec.jwk");
    assert_eq!(
        outcome.result(),
        "signature 1 of 2
  ✓ form       general JSON serialization, strict Base64url and JSON
  ✓ alg        RS256, allowed by the key
  ✓ key        an RSA key, 2048 bits, from rsa.jwk
  ✓ signature  RS256 over the bytes received
signature 2 of 2
  ✓ form       general JSON serialization, strict Base64url and JSON
  ✓ alg        ES256, allowed by the key
  ✓ key        an EC key on P-256, 256 bits, from ec.jwk
  ✓ signature  ES256 over the bytes received
claims
  ✓ exp  expires in 10 seconds (2011-03-22 18:43:00 UTC)
  – nbf  absent
  – iat  absent
  – iss  \"joe\" (not checked: no --iss given)
  – aud  absent, not required

2 of 2 signatures accepted, all are required
accepted: JWT in general JSON serialization with 2 signatures, expires in 10 seconds"
    );
}

#[test]
fn demands_every_signature_unless_any_is_enough() {
    let (world, document) = appendix_a6();
    let world = world.file("t.json", document.to_string());
    let all = world.run("verify --json @t.json --key rsa.jwk");
    ends(&all, 1, &["alg_not_allowed"]);
    assert_eq!(
        all.json()["hints"][0],
        "1 signature is accepted: --signatures any accepts a document with at least one"
    );
    assert_eq!(
        (&all.json()["payload"], &all.json()["unverified_payload"]["iss"]),
        (&json!(null), &json!("joe"))
    );
    let any = world.run("verify --json @t.json --key rsa.jwk --signatures any");
    ends(&any, 0, &[]);
    let report = any.json();
    assert_eq!(report["payload"]["iss"], "joe");
    assert_eq!(
        (&report["serialization"], &report["signatures_required"]),
        (&json!("general"), &json!("any"))
    );
    let verdicts: Vec<_> =
        report["signatures"].as_array().unwrap().iter().map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, ["accepted", "rejected"]);
    assert_eq!(report["signatures"][0]["unprotected_header"], json!({"kid": "2010-12-29"}));
    assert_eq!(report["signatures"][0]["key"]["source"], "rsa.jwk");
}

#[test]
fn says_that_an_authentic_document_is_only_expired() {
    let (world, document) = appendix_a6();
    let world = world.at(EXPIRY).file("t.json", document.to_string());
    ends(&world.run("verify --json @t.json --key rsa.jwk --key ec.jwk"), 3, &["expired"]);
    ends(&world.run("verify --json @t.json --key rsa.jwk --signatures any"), 3, &["expired"]);
    ends(&world.run("verify --json @t.json --key rsa.jwk"), 1, &["alg_not_allowed", "expired"]);
}

#[test]
fn verifies_the_signatures_of_the_cookbook() {
    let mut count = 0;
    for file in COOKBOOK {
        let example: Value = serde_json::from_str(file).unwrap();
        let keys = match &example["input"]["key"] {
            Value::Array(keys) => keys.clone(),
            key => vec![key.clone()],
        };
        for form in ["json", "json_flat"].into_iter().filter_map(|name| example["output"].get(name)) {
            for (index, key) in keys.iter().enumerate() {
                let world = World::bare().file("t.json", form.to_string()).file("k.jwk", key.to_string());
                let report = world.run("verify --json @t.json --key k.jwk").json();
                let signature = &report["signatures"][index];
                let last = signature["checks"].as_array().unwrap().last().unwrap();
                let has_alg = signature["header"]["alg"].is_string();
                let (status, reasons) = match has_alg {
                    true => ("passed", json!(["malformed:payload_json"])),
                    // The algorithm stands in the unprotected header alone.
                    false => ("skipped", json!(["malformed:payload_json", "malformed:alg"])),
                };
                assert_eq!((&last["name"], &last["status"]), (&json!("signature"), &json!(status)));
                assert_eq!(signature["reasons"], reasons);
                count += 1;
            }
        }
    }
    assert_eq!(count, 7);
}

#[test]
fn rejects_a_document_from_which_a_signature_was_taken_only_if_the_rest_is_not_accepted() {
    let good = token(r#"{"sub":"alice"}"#);
    let forged = format!("{}AAAA", &good[..good.len() - 4]);
    let mixed = general(&[&good, &forged]);
    ends(&run(&mixed, "--json"), 1, &["bad_signature"]);
    ends(&run(&mixed, "--json --signatures any"), 0, &[]);
    ends(&run(&general(&[&forged]), "--json --signatures any"), 1, &["bad_signature"]);
    let none = json!({"payload": mixed["payload"], "signatures": []});
    fails(&none, 4, "malformed:serialization", "`signatures` is empty");
    for document in [
        json!({"payload": mixed["payload"], "protected": mixed["signatures"][0]["protected"]}),
        json!({"payload": mixed["payload"], "protected": mixed["signatures"][0]["protected"], "header": {}}),
    ] {
        fails(&document, 4, "malformed:serialization", "the document has no `signature`");
    }
}

#[test]
fn a_malformed_signature_fails_alone_where_one_is_enough() {
    let good = token(r#"{"sub":"alice"}"#);
    let document = general(&[&good]);
    for (protected, signature, reason) in [
        (r#"{"alg":"HS256"}"#, "A", "malformed:base64"),
        (r#"{"alg":"HS256","typ":7}"#, "AAAA", "malformed:typ"),
        (r#"{"alg":"HS256""#, "AAAA", "malformed:header_json"),
        (r#"{"alg":"HS256","alg":"none"}"#, "AAAA", "malformed:duplicate_member"),
    ] {
        let mut both = document.clone();
        let entry = json!({"protected": URL_SAFE_NO_PAD.encode(protected), "signature": signature});
        both["signatures"].as_array_mut().unwrap().push(entry);
        let any = run(&both, "--json --signatures any");
        ends(&any, 0, &[]);
        let second = &any.json()["signatures"][1];
        assert_eq!((&second["verdict"], &second["reasons"][0]), (&json!("malformed"), &json!(reason)));
        assert_eq!(any.json()["payload"], json!({"sub": "alice"}));
        assert_eq!(run(&both, "--json").status, 4, "{reason}");
    }
    // A fault of the document concerns all of its signatures.
    let mut both = document.clone();
    both["signatures"].as_array_mut().unwrap().push(json!({"protected": "e30", "signature": "AAA!"}));
    ends(&run(&both, "--json --signatures any"), 4, &["malformed:charset"]);
    let text = document.to_string().replacen('{', r#"{"payload":"e30","#, 1);
    let world = World::new().file("t.json", text);
    ends(&world.run("verify --json @t.json --signatures any"), 4, &["malformed:duplicate_member"]);
}

#[test]
fn takes_no_parameter_but_the_key_id_from_the_unprotected_header() {
    let bare = signed("{}", r#"{"sub":"alice"}"#);
    let detail = |name| format!("`{name}` is in the unprotected header, which no signature covers");
    fails(&flattened(&bare, &json!({"header": {"alg": "HS256"}})), 4, "malformed:alg", &detail("alg"));
    fails(&flattened(&bare, &json!({"header": {"alg": "none"}})), 4, "malformed:alg", &detail("alg"));
    let good = token(r#"{"sub":"alice"}"#);
    fails(&flattened(&good, &json!({"header": {"crit": ["exp"]}})), 4, "malformed:crit", &detail("crit"));
    fails(&flattened(&good, &json!({"header": {"b64": false}})), 4, "malformed:b64", &detail("b64"));
    // A typ that no signature covers meets no demand.
    let typed = flattened(&signed(r#"{"alg":"HS256"}"#, "{}"), &json!({"header": {"typ": "at+jwt"}}));
    ends(&run(&typed, "--json --typ at+jwt"), 1, &["wrong_typ"]);
    ends(&run(&typed, "--json --token-type access"), 1, &["claim_missing:token_type"]);
}

#[test]
fn chooses_the_key_by_the_unprotected_key_id() {
    let set = json!({"keys": [
        {"kty": "oct", "kid": "a", "k": URL_SAFE_NO_PAD.encode([7; 32])},
        {"kty": "oct", "kid": "b", "k": URL_SAFE_NO_PAD.encode(SECRET)},
    ]});
    let with = |kid: Value| {
        let document = flattened(&signed(r#"{"alg":"HS256"}"#, "{}"), &json!({"header": {"kid": kid}}));
        let world = World::bare().file("t.json", document.to_string()).file("set.jwks", set.to_string());
        world.run("verify --json @t.json --key set.jwks")
    };
    ends(&with(json!("b")), 0, &[]);
    ends(&with(json!("a")), 1, &["bad_signature"]);
    ends(&with(json!("c")), 1, &["key_not_found"]);
    ends(&with(json!(7)), 4, &["malformed:kid", "key_not_found"]);
}

#[test]
fn rejects_a_name_that_both_headers_have() {
    let document = flattened(&signed(r#"{"alg":"HS256","kid":"a"}"#, "{}"), &json!({"header": {"kid": "a"}}));
    fails(&document, 4, "malformed:duplicate_member", "both headers of the signature have `kid`");
}

#[test]
fn rejects_documents_of_the_wrong_form() {
    let good = token(r#"{"sub":"alice"}"#);
    let one = general(&[&good]);
    let entry = &one["signatures"][0];
    let flat = |name: &str, value: Value| flattened(&good, &json!({name: value}));
    for (document, reason, detail) in [
        (
            json!({"payload": one["payload"], "signatures": [entry], "signature": entry["signature"]}),
            "malformed:serialization",
            "the document has both `signatures` and `signature`",
        ),
        (
            json!({"payload": one["payload"], "signatures": [entry], "header": {}}),
            "malformed:serialization",
            "the document has both `signatures` and `header`",
        ),
        (
            json!({"payload": one["payload"], "signatures": entry}),
            "malformed:serialization",
            "`signatures` is an object, not an array",
        ),
        (
            json!({"payload": one["payload"], "signatures": [entry, 7]}),
            "malformed:serialization",
            "signature 2 is a number, not an object",
        ),
        (
            json!({"payload": one["payload"], "signatures": [{"protected": entry["protected"]}]}),
            "malformed:serialization",
            "signature 1 has no `signature`",
        ),
        (
            flat("payload", json!({"sub": "alice"})),
            "malformed:serialization",
            "`payload` of the document is an object, not a string",
        ),
        (
            flat("payload", json!(null)),
            "malformed:serialization",
            "`payload` of the document is null, not a string",
        ),
        (
            flat("protected", json!({"alg": "HS256"})),
            "malformed:serialization",
            "`protected` of the document is an object, not a string",
        ),
        (
            flat("header", json!([])),
            "malformed:serialization",
            "`header` of the document is an array, not an object",
        ),
        (
            flat("payload", json!("e30=")),
            "malformed:charset",
            "`payload` has at offset 3 `=`, but Base64url has no padding",
        ),
        (flat("payload", json!("e30.e30")), "malformed:charset", "`payload` has at offset 3 `.`"),
        (flat("signature", json!("a.b.c")), "malformed:charset", "`signature` has at offset 1 `.`"),
        (
            flat("protected", json!("e30\u{202e}")),
            "malformed:charset",
            "`protected` has at offset 3 the character U+202E",
        ),
        (
            json!({"payload": one["payload"], "signatures": vec![entry; 33]}),
            "malformed:too_large",
            "33 signatures, but the limit for this payload is 32",
        ),
    ] {
        fails(&document, 4, reason, detail);
    }
    ends(&run(&flat("payload", json!("e31")), "--json"), 4, &["malformed:base64", "bad_signature"]);
    let twice = r#"{"payload":"e30","payload":"e30","protected":"e30","signature":""}"#;
    let outcome = World::new().stdin(twice).run("verify --json --signatures all");
    ends(&outcome, 4, &["malformed:duplicate_member"]);
}

#[test]
fn bounds_the_payloads_of_all_signatures_together() {
    let big = token(&format!(r#"{{"x":"{}"}}"#, "x".repeat(30_000)));
    let document = general(&[&*big; 10]);
    ends(&run(&document, "--json --max-size 64K"), 4, &["malformed:too_large"]);
    ends(&run(&general(&[&*big; 6]), "--json --max-size 64K"), 0, &[]);
    ends(&run(&document, "--json --max-size 16K"), 4, &["malformed:too_large"]);
}

#[test]
fn tells_an_empty_payload_from_a_detached_one() {
    let empty = flattened(&signed(r#"{"alg":"HS256"}"#, ""), &json!({}));
    let outcome = run(&empty, "--json");
    ends(&outcome, 4, &["malformed:payload_json"]);
    assert_eq!(outcome.json()["signatures"][0]["checks"][3]["status"], "passed");
    let mut detached = flattened(&token("{}"), &json!({}));
    detached.as_object_mut().unwrap().remove("payload");
    fails(&detached, 4, "detached", "the document has no `payload`");
}

#[test]
fn never_takes_a_document_where_a_compact_token_is_expected() {
    let document = flattened(&token(r#"{"token_type":"refresh","jti":"1"}"#), &json!({})).to_string();
    let expected = "a signed token in JSON serialization, where one in compact serialization is expected";
    let world = World::new().file("t.json", &document);
    let lines = world.run("verify --lines t.json --json");
    assert_eq!((lines.status, lines.reasons()), (1, vec!["malformed:charset".to_owned()]));
    let refresh = world.run("refresh @t.json");
    assert_eq!(refresh.status, 4);
    assert!(refresh.stderr.contains(expected), "{}", refresh.stderr);
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let words = ["revoke", "@t.json", "--store", store.to_str().unwrap()];
    assert_eq!(world.run_words(&words).status, 4);
    for text in
        [format!("Authorization: Bearer {document}"), format!("[{document}]"), format!("x {document}")]
    {
        let outcome = World::new().stdin(&text).run("verify --json --signatures all");
        assert_eq!(outcome.status, 4, "{text}: {}", outcome.text());
        assert!(outcome.json().get("serialization").is_none(), "{text}");
    }
    let suite = format!(
        "[[cases]]\nname = \"a\"\ntoken = '{document}'\nexpect = \"malformed:charset\"\nsecret-env = \"FOB_SECRET\"\n"
    );
    let outcome = world.file("s.toml", suite).run("verify --suite s.toml");
    assert_eq!(outcome.status, 0, "{}{}", outcome.text(), outcome.stderr);
}

#[test]
fn uses_a_document_up_by_its_id_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("s.db");
    let verify = |document: &Value| {
        let world = World::with_stores().file("t.json", document.to_string());
        let store = store.to_str().unwrap();
        world.run_words(&["verify", "--json", "@t.json", "--once", "--store", store, "--signatures", "any"])
    };
    // Two signatures with different headers have different signing inputs.
    let pair = |payload: &str| {
        let (a, b) = (signed(r#"{"alg":"HS256"}"#, payload), signed(r#"{"alg":"HS256","x":1}"#, payload));
        (general(&[&a, &b]), general(&[&b]))
    };
    let (both, second) = pair(r#"{"sub":"alice","jti":"1"}"#);
    ends(&verify(&both), 0, &[]);
    ends(&verify(&both), 1, &["reused"]);
    ends(&verify(&second), 1, &["reused"]);
    let (both, _) = pair(r#"{"sub":"alice"}"#);
    ends(&verify(&both), 1, &["claim_missing:jti"]);
}

#[test]
fn prints_one_claim_of_an_accepted_document() {
    let document = flattened(&token(r#"{"sub":"alice"}"#), &json!({}));
    assert_eq!(run(&document, "--get sub").result(), "alice");
    let forged = flattened(&token(r#"{"sub":"alice"}"#), &json!({"signature": ""}));
    let outcome = run(&forged, "--get sub");
    assert_eq!((outcome.status, outcome.text()), (1, ""));
    assert!(
        outcome.stderr.contains("rejected: bad_signature (flattened JSON serialization)"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn asks_for_a_public_key_if_a_signature_needs_one() {
    let (_, document) = appendix_a6();
    let outcome = World::bare().file("t.json", document.to_string()).run("verify @t.json");
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("RS256") && outcome.stderr.contains("--key"), "{}", outcome.stderr);
}

#[test]
fn never_accepts_a_mutated_document() {
    let good = signed(r#"{"alg":"HS256","kid":"a"}"#, r#"{"sub":"alice"}"#);
    let other = signed(r#"{"alg":"HS256"}"#, r#"{"sub":"alice"}"#);
    let texts =
        [flattened(&good, &json!({"header": {"x": 1}})).to_string(), general(&[&good, &other]).to_string()];
    let mut accepted = 0;
    for text in texts {
        for index in 0..text.len() {
            for byte in [b'"', b'.', b'A', 0xff] {
                let mut mutated = text.clone().into_bytes();
                mutated[index] = byte;
                let outcome = World::new().stdin(&mutated).run("verify -q --get sub --signatures all");
                if outcome.status == 0 {
                    // Only parameters that no signature covers, and members that mean nothing, may change.
                    accepted += 1;
                    assert_eq!(outcome.text(), "alice\n", "{}", String::from_utf8_lossy(&mutated));
                }
            }
        }
    }
    assert!(accepted > 0);
}

#[test]
fn verifies_a_payload_that_is_not_encoded() {
    let file = include_str!("../../vectors/cookbook/rfc7797/hmac-sha2_b64_false.json");
    let vector: Value = serde_json::from_str(file).unwrap();
    let payload = vector["input"]["payload"].as_str().unwrap();
    let world = World::bare().file("key", vector["input"]["key"].to_string());
    for (form, name) in [("json_flat", "flattened"), ("json", "general")] {
        let document = &vector["output"][form];
        let world = world.clone().file("t.json", document.to_string());
        let outcome = world.run("verify @t.json --key key");
        assert_eq!(outcome.status, 0, "{}", outcome.text());
        assert!(outcome.text().contains(&format!(
            "  ✓ form       {name} JSON serialization and an unencoded payload, 27 bytes\n"
        )));
        let verdict = format!(
            "accepted: HS256 signature of an unencoded payload (27 bytes) in {name} JSON serialization"
        );
        assert!(outcome.text().contains(&verdict), "{}", outcome.text());
        assert_eq!(world.run("decode @t.json --part payload").text(), payload);
        assert!(world.run("decode @t.json").text().contains(&format!("payload  27 bytes\n  {payload}\n")));
        assert_eq!(world.run("inspect t.json --key key").status, 0);
        assert_eq!(world.run("verify @t.json --key key --payload x").status, 2);
        let changed = document.to_string().replace("string!", "string?");
        ends(&world.file("t.json", changed).run("verify --json @t.json --key key"), 1, &["bad_signature"]);
    }
}

#[test]
fn demands_one_payload_encoding_for_all_signatures() {
    let plain = signed(r#"{"alg":"HS256"}"#, "{}");
    let unencoded = signed(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "{}");
    ends(&run(&general(&[&plain, &unencoded]), "--json"), 4, &["malformed:b64"]);
    // Without `crit`, a verifier that does not know `b64` would read another payload (RFC 7797 section 6).
    let uncritical = signed(r#"{"alg":"HS256","b64":false}"#, "{}");
    ends(&run(&flattened(&uncritical, &json!({})), "--json"), 1, &["crit_unsupported"]);
}
