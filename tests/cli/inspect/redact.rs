//! Tests of `fob inspect --redact`: the report is safe to share, whatever the token contains.

use crate::support::world::{Outcome, World, token};
use serde_json::Value;

const OPAQUE: &str = "854234bfefcf1f00d3c2a5b1e2d3c4b5a6978877";

fn inspect(text: &str, options: &str) -> Outcome {
    World::bare().stdin(text).run(format!("inspect {options}"))
}

#[test]
fn shows_no_personal_value() {
    let personal = [
        ("sub", "alice-the-subject"),
        ("name", "Alice Doe"),
        ("email", "alice@example.org"),
        ("preferred_username", "adoe"),
        ("phone_number", "+15550100"),
        ("picture", "https://x.example/alice.png"),
        ("hash_password", "D41D8CD98F00B204E9800998ECF8427E"),
        ("client_ip", "192.0.2.44"),
        ("note", "bob@example.org"),
        ("api_key", "k-123456789"),
    ];
    let members: Vec<String> =
        personal.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    let payload = format!(
        r#"{{"iss":"me","exp":4102444800,{},"address":{{"street":"Main 1"}},"deep":[{{"email":"c@example.org"}}]}}"#,
        members.join(",")
    );
    let token = token(&payload);
    let (head, signature) = token.rsplit_once('.').unwrap();
    let encoded = head.rsplit_once('.').unwrap().1;
    let texts =
        [token.clone(), format!("Authorization: Bearer {token}\n"), format!("{{\"access\":\"{token}\"}}")];
    for text in texts {
        for options in [
            "--redact",
            "--redact --json",
            "--redact -s wrong",
            "--redact --json -s wrong",
            "--redact --valid-for 500w",
            "--redact --report html=-",
            "--redact --report html=- -s wrong",
        ] {
            let outcome = inspect(&text, options);
            for stream in [outcome.text(), &outcome.stderr] {
                for (name, value) in personal {
                    assert!(!stream.contains(value), "{options} shows {name}: {stream}");
                }
                for part in [signature, encoded, &signature[..8], &encoded[..12], "Main 1", "c@example.org"] {
                    assert!(!stream.contains(part), "{options} shows {part}: {stream}");
                }
            }
            assert!(outcome.text().contains("[masked]"), "{options}");
        }
    }
    let document = inspect(&token, "--redact --json").json();
    assert_eq!(document["tokens"][0]["signature"], Value::Null);
    assert_eq!(document["tokens"][0]["payload"]["sub"], "[masked]");
    assert_eq!(document["tokens"][0]["payload"]["exp"], 4_102_444_800_i64);
}

#[test]
fn masks_personal_values_inside_other_text_and_types() {
    let inner = token(r#"{"sub":"inner-subject"}"#);
    let (_, inner_signature) = inner.rsplit_once('.').unwrap();
    let mut leaked = Vec::new();
    for (payload, secret) in [
        (r#"{"sub":4085551234567}"#.to_owned(), "4085551234567"),
        (r#"{"user_id":4085551234567}"#.to_owned(), "4085551234567"),
        (r#"{"jti":4085551234567}"#.to_owned(), "4085551234567"),
        (r#"{"sub":["bob-the-second"]}"#.to_owned(), "bob-the-second"),
        (r#"{"x":"Bob <bob@example.org>"}"#.to_owned(), "bob@example.org"),
        (r#"{"x":"https://x.example/u/bob@example.org"}"#.to_owned(), "bob@example.org"),
        (r#"{"x":"seen at 192.0.2.44:443"}"#.to_owned(), "192.0.2.44"),
        (r#"{"x":["2001:db8::4408"]}"#.to_owned(), "2001:db8::4408"),
        (format!(r#"{{"wrapped":"{inner}"}}"#), inner_signature),
        (format!(r#"{{"wrapped":["Bearer {inner}"]}}"#), inner_signature),
        (r#"{"Email":"bob-at-home","https://x.example/email":"bob-at-work"}"#.to_owned(), "bob-at"),
        (r#"{"sub":"bob-one","sub":"bob-two"}"#.to_owned(), "bob-"),
    ] {
        for options in ["--redact", "--redact --json", "--redact --json -s wrong", "--redact -s wrong"] {
            let outcome = inspect(&token(&payload), options);
            if outcome.text().contains(secret) || outcome.stderr.contains(secret) {
                leaked.push(format!("{options} shows {secret} of {payload}"));
            }
        }
    }
    assert_eq!(leaked, [""; 0]);
}

#[test]
fn hides_opaque_tokens_and_payloads_that_are_not_claims() {
    for payload in ["alice@example.org", "[\"alice@example.org\"]", "\"alice@example.org\""] {
        for options in ["--redact", "--redact --json"] {
            let outcome = inspect(&token(payload), options);
            assert!(!outcome.text().contains("alice"), "{payload}: {}", outcome.text());
        }
    }
    for options in ["--redact", "--redact --json"] {
        assert!(!inspect(OPAQUE, options).text().contains(OPAQUE));
    }
}

#[test]
fn masks_an_unknown_algorithm_in_the_headline() {
    let header = r#"{"alg":"alice@example.org","typ":"JWT"}"#;
    let encoded = fob::core::token::base64url::encode(header.as_bytes());
    let text = format!("{encoded}.e30.AA");
    for options in ["", "--json", "--oneline", "--report html=-"] {
        assert!(inspect(&text, options).text().contains("alice@example.org") || options == "--oneline");
        let outcome = inspect(&text, &format!("--redact {options}"));
        assert!(!outcome.text().contains("alice@"), "{options}: {}", outcome.text());
        assert!(!outcome.stderr.contains("alice@"), "{options}: {}", outcome.stderr);
    }
    assert!(
        inspect(&text, "--redact").text().contains("[masked] JWT"),
        "{}",
        inspect(&text, "--redact").text()
    );
    assert!(inspect(&token("{}"), "--redact").text().contains("HS256 JWT"));
}
