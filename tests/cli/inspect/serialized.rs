//! `fob decode` and `fob inspect` on signed tokens in JSON serialization: both headers of each signature, and the payload.

use crate::support::world::{World, signed, token};
use serde_json::{Value, json};

const CLAIMS: &str = r#"{"sub":"alice@example.org","exp":4102444800}"#;

/// Returns a document with two signatures. The second has a key ID and a parameter that no signature covers.
fn document() -> String {
    let (first, second) = (token(CLAIMS), signed(r#"{"alg":"HS256"}"#, CLAIMS));
    let segments = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (first, second) = (segments(&first), segments(&second));
    json!({
        "payload": first[1],
        "signatures": [
            {"protected": first[0], "signature": first[2]},
            {
                "protected": second[0],
                "header": {"kid": "k\u{1b}[31m", "email": "alice@example.org"},
                "signature": second[2],
            },
        ],
    })
    .to_string()
}

fn world() -> World {
    World::bare().at(1_700_000_000).file("t.json", document())
}

#[test]
fn decode_shows_every_signature_and_marks_what_is_not_signed() {
    assert_eq!(
        world().run("decode @t.json").result(),
        r#"JWT in general JSON serialization with 2 signatures, expires in 76 years

signature 1 of 2  32 bytes
protected header  27 bytes
  alg  "HS256"  algorithm: HMAC with SHA-256
  typ  "JWT"    type

signature 2 of 2  32 bytes
protected header  15 bytes
  alg  "HS256"  algorithm: HMAC with SHA-256
unprotected header  not signed
  email  "alice@example.org"
  kid    "k\u001b[31m"  key ID

payload  44 bytes
  sub  "alice@example.org"  subject
  exp  4102444800           expires 2100-01-01 00:00:00 UTC, in 76 years

signatures: not checked"#
    );
}

#[test]
fn the_report_fits_every_width() {
    for width in [40, 60, 100] {
        for command in ["decode @t.json", "verify -v @t.json -s topsecret", "inspect t.json -s topsecret"] {
            let outcome = world().terminals([true; 3]).columns(width).run(format!("{command} --color never"));
            let long = outcome.text().lines().find(|line| line.chars().count() > width);
            assert_eq!(long, None, "{width} {command}");
        }
    }
}

#[test]
fn decode_writes_a_document_with_every_signature() {
    let report = world().run("decode --json @t.json").json();
    let members: Vec<&String> = report.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        ["at", "findings", "payload", "serialization", "signatures", "status", "times", "verified"]
    );
    assert_eq!(report["serialization"], "general");
    assert_eq!(report["signatures"][0]["header"], json!({"alg": "HS256", "typ": "JWT"}));
    assert_eq!(report["signatures"][0]["unprotected_header"], json!({}));
    assert_eq!(report["signatures"][1]["unprotected_header"]["email"], "alice@example.org");
    let received: Value = serde_json::from_str(&document()).unwrap();
    assert_eq!(report["signatures"][1]["signature"], received["signatures"][1]["signature"]);
    assert_eq!(
        (&report["payload"]["sub"], &report["verified"]),
        (&json!("alice@example.org"), &json!(false))
    );
}

#[test]
fn decode_prints_a_claim_or_the_payload_but_no_header_of_several() {
    assert_eq!(world().run("decode @t.json --claim sub").result(), "alice@example.org");
    assert_eq!(world().run("decode @t.json --part payload").text(), CLAIMS);
    world().run("decode @t.json --part header").refused(
        2,
        "error: the token has 2 signatures, each with a header of its own\n\
         hint: leave out --part to see all of them, or use --part payload\n",
    );
    let mut segments = token(CLAIMS).split('.').map(str::to_owned).collect::<Vec<_>>().into_iter();
    let mut next = || segments.next().unwrap();
    let flat = json!({"protected": next(), "payload": next(), "signature": next()}).to_string();
    assert_eq!(
        World::bare().stdin(flat).run("decode --part header").text(),
        r#"{"alg":"HS256","typ":"JWT"}"#
    );
}

#[test]
fn decode_names_what_is_wrong_with_a_document() {
    let outcome = World::bare().stdin(r#"{"payload":"e30","signatures":[{"signature":"AA"}]}"#).run("decode");
    assert_eq!((outcome.status, &*outcome.stderr), (0, ""));
    assert!(outcome.text().contains("protected header  none"), "{}", outcome.text());
    assert!(outcome.text().contains("malformed:alg: the header has no `alg`"), "{}", outcome.text());
    World::bare()
        .stdin(r#"{"payload":"e30","signatures":[{}]}"#)
        .run("decode")
        .refused(4, "error: malformed:serialization: signature 1 has no `signature`\n");
}

#[test]
fn inspect_reports_on_a_document_and_verifies_every_signature() {
    let report = world().run("inspect --json t.json -s topsecret").json();
    let found = &report["tokens"][0];
    assert_eq!(found["found"], json!({"line": 1, "column": 1, "where": "text"}));
    assert_eq!(found["kind"], "jwt");
    assert_eq!(found["sizes"]["token"], document().len());
    assert_eq!(found["verification"]["reasons"], json!(["bad_signature"]));
    assert_eq!(found["signatures"][1]["reasons"], json!(["bad_signature"]));
    assert_eq!(found["signatures_required"], "all");
    let outcome = World::new().file("t.json", document()).run("inspect t.json --secret-env FOB_SECRET");
    assert_eq!(outcome.status, 0, "{}", outcome.text());
    assert!(
        outcome.text().contains("2 of 2 signatures accepted, all are required\naccepted"),
        "{}",
        outcome.text()
    );
}

#[test]
fn inspect_masks_both_headers_and_shows_no_signature() {
    for options in [
        "--redact",
        "--redact --json",
        "--redact -s wrong",
        "--redact --json -s wrong",
        "--redact --report html=-",
    ] {
        let outcome = world().run(format!("inspect t.json {options}"));
        let received: Value = serde_json::from_str(&document()).unwrap();
        let signature = received["signatures"][0]["signature"].as_str().unwrap();
        for secret in ["alice", signature, received["payload"].as_str().unwrap()] {
            assert!(!outcome.text().contains(secret), "{options}: {}", outcome.text());
        }
    }
}

#[test]
fn a_report_of_decode_is_no_document() {
    let report = World::bare().stdin(token(CLAIMS)).run("decode --json").text().to_owned();
    let outcome = World::bare().stdin(report).run("decode --json");
    assert_eq!(outcome.status, 4);
}
