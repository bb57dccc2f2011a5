//! Tests of the hints on issuers: for each fact, a token that gets the hint, and a similar token that does not.

use crate::keys::algorithms::{forms, new_key};
use crate::support::world::{World, token};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::verify::ISSUER_HINTS;

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// Returns the first hint of a run.
fn first_hint(world: &World, line: &str) -> String {
    let json = world.run(format!("verify --json {line}")).json();
    json["hints"][0].as_str().unwrap_or_default().to_owned()
}

fn jwe(header: &str) -> String {
    format!("{}..AQEBAQEBAQEBAQEB.BQUF.AgICAgICAgICAgICAgICAg", URL_SAFE_NO_PAD.encode(header))
}

#[test]
fn every_fact_about_an_issuer_has_a_token_that_gets_it() {
    let key = new_key("ES256");
    let set = format!(r#"{{"keys":[{}]}}"#, key.replace('{', r#"{"kid":"a","#));
    let other = format!(r#"{{"keys":[{}]}}"#, new_key("ES256").replace('{', r#"{"kid":"b","#));
    let world = World::new()
        .file("set", &set)
        .file("other", &other)
        .folder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"));
    let encode = |key: &str, claims: &str| {
        World::bare()
            .file("set", &set)
            .folder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"))
            .run_words(&["encode", "--key", key, "--no-iat", claims])
            .text()
            .trim_end()
            .to_owned()
    };
    let firebase = encode("set", r#"{"iss":"https://securetoken.google.com/shop"}"#);
    let cookie = encode("set", r#"{"iss":"https://session.firebase.google.com/shop"}"#);
    let kubernetes = encode("p256.pk8.pem", r#"{"sub":"system:serviceaccount:shop:default"}"#);
    let graph = token(&format!(r#"{{"aud":"{GRAPH}"}}"#));
    let graph_url = token(r#"{"aud":"https://graph.microsoft.com/"}"#);
    let auth0 = jwe(r#"{"alg":"dir","enc":"A256GCM","iss":"https://shop.eu.auth0.com/"}"#);
    let samples = [
        ("Auth0 encrypts", auth0),
        ("the token is for Microsoft Graph", format!("-s other {graph}")),
        ("the token is for Microsoft Graph", format!("-s other {graph_url}")),
        (
            "access tokens of Amazon Cognito",
            format!(
                "--aud shop {}",
                token(r#"{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/p","token_use":"access"}"#)
            ),
        ),
        ("Firebase publishes its keys", format!("--key other {firebase}")),
        ("Firebase publishes the keys of session cookies", format!("--key other {cookie}")),
        (
            "without a configured hostname, Keycloak",
            format!(
                "--iss http://localhost:8080/realms/shop {}",
                token(r#"{"iss":"http://keycloak:8080/realms/shop"}"#)
            ),
        ),
        (
            "without a configured hostname, Keycloak",
            format!(
                "--iss https://keycloak.example.com/realms/shop {}",
                token(r#"{"iss":"http://localhost:8080/realms/shop"}"#)
            ),
        ),
        (
            "without a configured hostname, Keycloak",
            format!(
                "--iss https://keycloak.example.com/auth/realms/shop {}",
                token(r#"{"iss":"http://localhost:8080/realms/shop"}"#)
            ),
        ),
        (
            "`account` is a client of Keycloak",
            format!(
                "--aud shop-api {}",
                token(r#"{"iss":"https://a.test/realms/shop","aud":["account","x"]}"#)
            ),
        ),
        ("the certificate in `ca.crt`", format!("--key ca.cert.pem {kubernetes}")),
    ];
    for (start, line) in &samples {
        let hint = first_hint(&world, line);
        assert!(hint.starts_with(start), "{start}: {hint}");
    }
    let service = encode("p256.pk8.pem", r#"{"sub":"shop"}"#);
    for line in [format!("--key ca.cert.pem {service}"), format!("--key other {kubernetes}")] {
        let hints = world.run(format!("verify --json {line}")).json()["hints"].to_string();
        assert!(!hints.contains("ca.crt"), "{line}: {hints}");
    }
    for entry in &ISSUER_HINTS {
        let is_sampled = samples.iter().any(|(start, _)| entry.hint.starts_with(start));
        assert!(is_sampled, "no sample for {}: {}", entry.issuer, entry.hint);
    }
}

#[test]
fn tokens_of_others_get_no_hint_about_an_issuer() {
    for (line, product) in [
        (jwe(r#"{"alg":"dir","enc":"A256GCM","iss":"https://auth0.com.example/"}"#), "Auth0"),
        (jwe(r#"{"alg":"RSA-OAEP","enc":"A256GCM","iss":"https://shop.auth0.com/"}"#), "Auth0"),
        (format!("-s other {}", token(r#"{"aud":"shop"}"#)), "Graph"),
        (format!("--aud shop {}", token(r#"{"token_use":"access"}"#)), "Cognito"),
        (format!("--iss https://a.test/x {}", token(r#"{"iss":"https://b.test/x"}"#)), "Keycloak"),
        (
            format!("--iss https://a.test/realms/a {}", token(r#"{"iss":"https://b.test/realms/b"}"#)),
            "Keycloak",
        ),
    ] {
        let hint = World::new().run(format!("verify --json {line}")).json()["hints"].to_string();
        assert!(!hint.contains(product), "{line}: {hint}");
    }
}

#[test]
fn decode_says_why_a_token_of_auth0_is_encrypted() {
    let token = jwe(r#"{"alg":"dir","enc":"A256GCM","iss":"https://shop.eu.auth0.com/"}"#);
    let outcome = World::bare().run(format!("decode {token}"));
    assert_eq!(outcome.status, 0);
    assert!(outcome.stderr.starts_with("hint: Auth0 encrypts access tokens"), "{}", outcome.stderr);
    assert_eq!(World::bare().run(format!("decode -q {token}")).stderr, "");
}

#[test]
fn opaque_tokens_of_the_lengths_of_auth0_name_the_audience() {
    let said = |text: &str| World::new().run(format!("verify {text}")).stderr;
    let long = "v7Kq2mZr8vTn4xWb1sYc6pLf3hJg9aQe";
    assert!(said(long).contains("if it is from Auth0"), "{}", said(long));
    let other = &long[..30];
    assert!(said(other).contains("opaque token") && !said(other).contains("Auth0"), "{}", said(other));
}

#[test]
fn the_certificates_of_firebase_serve_as_keys() {
    let certificate =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms/p256.cert.pem"))
            .unwrap();
    let map = serde_json::json!({ "a1": certificate }).to_string();
    let token = forms().run("encode --key p256.pk8.pem --kid a1").result().to_owned();
    let world = World::bare().file("keys", map);
    assert_eq!(world.run(format!("verify --key keys {token}")).status, 0);
}
