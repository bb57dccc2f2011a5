//! Tests of the finding `known_secret`: the token is signed with an example secret that documentation prints.

use crate::support::world::{World, fob, signed_with};
use fob::core::token::algorithm::Algorithm;
use serde_json::Value;

const CLAIMS: &[u8] = br#"{"sub":"al","exp":1769861100}"#;

fn minted(secret: &str, algorithm: Algorithm) -> String {
    let header = format!(r#"{{"alg":"{algorithm}"}}"#);
    signed_with(secret, algorithm, header.as_bytes(), CLAIMS)
}

/// Returns the messages of the finding in a document with findings.
fn messages(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let known = findings.filter(|finding| finding["code"] == "known_secret");
    known.map(|finding| finding["message"].as_str().unwrap()).collect()
}

#[test]
fn names_the_documentation_and_never_the_secret() {
    for (secret, algorithm, source) in [
        ("your-256-bit-secret", Algorithm::Hs256, "jwt.io"),
        ("your-512-bit-secret", Algorithm::Hs512, "jwt.io"),
        ("super-secret-jwt-token-with-at-least-32-characters-long", Algorithm::Hs256, "Supabase"),
        ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", Algorithm::Hs256, "FastAPI"),
    ] {
        let token = minted(secret, algorithm);
        for command in ["decode", "inspect"] {
            let outcome = fob(format!("{command} --json {token}"));
            let document = outcome.json();
            let report = document.pointer("/tokens/0").unwrap_or(&document);
            let [message] = messages(report)[..] else { panic!("{command}: {document}") };
            assert!(message.contains(source), "{message}");
            assert!(!outcome.text().contains(secret), "{message}");
        }
    }
    let other = minted("0123456789abcdef0123456789abcdef", Algorithm::Hs256);
    assert!(messages(&fob(format!("decode --json {other}")).json()).is_empty());
}

#[test]
fn tries_known_secrets_on_a_bounded_number_of_tokens() {
    let secret = "your-256-bit-secret";
    let line = |number: usize| {
        let claims = format!(r#"{{"sub":"{number}","exp":1769861100}}"#);
        signed_with(secret, Algorithm::Hs256, br#"{"alg":"HS256"}"#, claims.as_bytes()) + "\n"
    };
    let log: String = (0..120).map(line).collect();
    let document = World::new().stdin(&log).run("inspect --json -").json();
    let tokens = document["tokens"].as_array().unwrap();
    let known: Vec<bool> = tokens.iter().map(|report| !messages(report).is_empty()).collect();
    assert_eq!(known, [[true; 100].to_vec(), [false; 20].to_vec()].concat());
    let lines = World::new().stdin(&log).run("decode --lines - --json");
    assert!(!lines.text().contains("known_secret"), "{}", lines.text());
}

#[test]
fn a_known_secret_never_decides_a_verdict() {
    let token = minted("your-256-bit-secret", Algorithm::Hs256);
    let outcome = World::bare().run(format!("verify --json -s your-256-bit-secret {token}"));
    assert_eq!((outcome.status, outcome.json()["verdict"].as_str()), (0, Some("accepted")));
    assert!(!outcome.text().contains("known_secret"), "{}", outcome.text());
}
