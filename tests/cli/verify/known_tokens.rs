//! Verdicts on well-known tokens: jwt.io's old sample token, two tokens from real projects, and the examples of the RFCs.

use crate::support::known::{BUILDER, DJANGO_LINE, JOHN_DOE};
use crate::support::world::{World, fob};

#[test]
fn accepts_the_sample_token_and_warns_about_its_short_secret() {
    let outcome = World::bare().run(format!("verify --secret secret {JOHN_DOE}"));
    assert_eq!(outcome.status, 0, "{}", outcome.text());
    assert_eq!(
        outcome.stderr,
        "warning: key_weak:hmac_too_short: the secret has 48 bits, but HS256 needs 256 (RFC 7518 section 3.2)\n"
    );
    let outcome = World::bare().run(format!("verify --json --secret secret {JOHN_DOE}"));
    assert_eq!(outcome.json()["verdict"], "accepted");
    assert_eq!(outcome.json()["warnings"], serde_json::json!(["key_weak:hmac_too_short"]));
}

#[test]
fn encodes_the_sample_token() {
    let line = "encode -q -s secret -c sub=1234567890 -c 'name=John Doe' -c admin:=true --no-iat";
    assert_eq!(World::bare().run(line).result(), JOHN_DOE);
    let line = r#"encode -q -s secret --no-iat '{"sub":"1234567890","name":"John Doe","admin":true}'"#;
    assert_eq!(World::bare().run(line).result(), JOHN_DOE);
}

#[test]
fn reports_expiry_as_the_only_reason_for_an_expired_token() {
    let world = World::bare();
    let verify = |options: &str| world.run(format!("verify --json {options} {BUILDER}"));
    let outcome = verify("-s secret");
    assert_eq!((outcome.status, outcome.reasons()), (3, vec!["expired".to_owned()]));
    assert_eq!(outcome.json()["payload"]["nickname"], "goodspeed");
    let outcome = verify("-s secret --at 2015-01-01");
    assert_eq!((outcome.status, outcome.reasons()), (0, vec![]));
    let outcome = verify("-s wrong");
    assert_eq!(
        (outcome.status, outcome.reasons()),
        (1, vec!["bad_signature".to_owned(), "expired".to_owned()])
    );
    assert_eq!(outcome.json()["payload"], serde_json::Value::Null);
    assert_eq!(outcome.json()["unverified_payload"]["nickname"], "goodspeed");
}

#[test]
fn finds_the_token_in_a_header_line() {
    for pasted in [DJANGO_LINE.to_owned(), format!("  {DJANGO_LINE}\r\n"), format!("'{DJANGO_LINE}'")] {
        let outcome = World::bare().stdin(&pasted).run("decode --claim username");
        assert_eq!(outcome.result(), "wupeiqi", "{pasted:?}");
    }
    let outcome = World::bare().run_words(&["decode", "--json", DJANGO_LINE]);
    assert_eq!(outcome.json()["payload"]["user_id"], 1);
    assert_eq!(outcome.json()["status"], "expired");
}

/// Returns the examples of the RFCs with this expected verdict.
fn examples(expected: &str) -> Vec<serde_json::Value> {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../vectors/rfc.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    vectors.iter().filter(|vector| vector["expected"] == expected).cloned().collect()
}

#[test]
fn accepts_the_examples_of_the_rfcs() {
    let vectors = examples("valid");
    for vector in &vectors {
        let token = vector["token"].as_str().unwrap();
        let world = World::bare().file("key.jwk", vector["key"].to_string());
        let json = world.run(format!("verify --json --key key.jwk {token}")).json();
        let checks = json["checks"].as_array().unwrap();
        let status = |name| &checks.iter().find(|check| check["name"] == name).unwrap()["status"];
        for name in ["alg", "key", "signature"] {
            assert_eq!(status(name), "passed", "{vector}");
        }
        let part = World::bare().run(format!("decode --part payload {token}"));
        assert_eq!(part.text(), vector["payload_text"].as_str().unwrap());
    }
    let names: Vec<_> = vectors.iter().map(|vector| vector["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "rfc7515-A.1",
            "rfc7515-A.2",
            "rfc7515-A.3",
            "rfc7515-A.4",
            "rfc7519-3.1",
            "rfc7520-4.1",
            "rfc7520-4.2",
            "rfc7520-4.3",
            "rfc7520-4.4",
            "rfc8037-A.4"
        ]
    );
}

#[test]
fn rejects_changed_examples_of_the_rfcs() {
    for vector in examples("valid") {
        let (token, world) = (vector["token"].as_str().unwrap(), World::bare());
        let world = world.file("key.jwk", vector["key"].to_string());
        let (input, signature) = token.rsplit_once('.').unwrap();
        let (header, _) = input.split_once('.').unwrap();
        let outcome = world.run(format!("verify --json --key key.jwk {header}.e30.{signature}"));
        assert_eq!(outcome.reasons(), ["bad_signature"], "{vector}");
    }
}

#[test]
fn accepts_the_hmac_keys_of_the_rfcs_as_secrets() {
    let mut names = Vec::new();
    for vector in examples("valid").iter().filter(|vector| vector["alg"] == "HS256") {
        let (token, k) = (vector["token"].as_str().unwrap(), vector["key"]["k"].as_str().unwrap());
        let line = format!("verify --json --secret-format base64url -s {k} {token}");
        let json = World::bare().run(line).json();
        let checks = json["checks"].as_array().unwrap();
        let signature = checks.iter().find(|check| check["name"] == "signature").unwrap();
        assert_eq!(signature["status"], "passed", "{vector}");
        names.push(vector["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(names, ["rfc7515-A.1", "rfc7519-3.1", "rfc7520-4.4"]);
}

#[test]
fn rejects_the_invalid_examples_of_the_rfcs() {
    let vectors = examples("invalid");
    for vector in &vectors {
        let token = vector["token"].as_str().unwrap();
        // Some examples have no key, so any key will do.
        let world = match &vector["key"] {
            serde_json::Value::Null => World::new(),
            key => World::bare().env("FOB_KEY", key.to_string()),
        };
        let outcome = world.run_words(&["verify", "--json", token]);
        assert!(matches!(outcome.status, 1 | 4), "{vector}");
        let wanted = vector["reason"].as_str().unwrap().to_owned();
        assert!(outcome.reasons().contains(&wanted), "{wanted}: {:?}", outcome.reasons());
    }
    assert_eq!(vectors.len(), 4);
}

#[test]
fn decodes_every_example_of_the_rfcs() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../vectors/rfc.json")).unwrap();
    for vector in file["vectors"].as_array().unwrap() {
        let outcome = fob(format!("decode {}", vector["token"].as_str().unwrap()));
        assert_eq!(outcome.status, 0, "{vector}");
    }
}
