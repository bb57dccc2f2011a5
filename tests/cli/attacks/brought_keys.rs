//! Keys that the token brings: header parameters that name or hold a key.

use super::{form, judged};
use crate::keys::algorithms::{forms, shown};
use crate::keys::sets::{named, set};
use crate::support::sd_jwt::Holder;
use crate::support::world::{SECRET, World, segment, signed, signed_with, token};
use fob::core::key::jwk::Half;
use fob::core::token::algorithm::Algorithm;
use serde_json::{Value, json};

/// The worlds in which a verifier has a key of its own, and the reason against a token by another key for ES256.
fn verifiers() -> [(World, &'static str, &'static str); 3] {
    let public = forms().run("key show --public p256.spki.pem").text().to_owned();
    [
        (World::new(), "", "alg_not_allowed"),
        (forms(), "--key p256.spki.pem", "bad_signature"),
        (World::bare().file("set", set(&[&public])), "--key set", "bad_signature"),
    ]
}

/// Returns a token that an attacker signed with a key of their own, with these header parameters.
fn forged(parameters: &Value) -> String {
    let mut header = json!({"alg": "ES256"});
    header.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    Holder::es256().sign(&header, &json!({"sub": "admin"}))
}

#[test]
fn never_verifies_with_the_jwk_of_the_header() {
    let key = Holder::es256().jwk(Half::Public);
    for parameters in [
        json!({"jwk": key}),
        json!({"jwk": key, "kid": "a"}),
        json!({"jwk": key, "jwks": {"keys": [key]}, "key": key}),
        json!({"jwk": {"kty": "oct", "k": "AA"}}),
    ] {
        for (world, options, reason) in verifiers() {
            judged(&world, options, forged(&parameters), 1, &[reason]);
        }
    }
    // Without a key of the verifier, there is none.
    let outcome = World::bare().stdin(forged(&json!({"jwk": key}))).run("verify --json");
    assert_eq!((outcome.status, outcome.json()["error"]["code"].as_str()), (2, Some("not_given")));
}

#[test]
fn never_verifies_with_the_certificate_of_the_header() {
    // The certificate is sound, and its key signed the token. The verifier has another key.
    let pem = form("p256.cert.pem");
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let header = format!("x5c:={}", json!([der]));
    let words = ["encode", "--key", "p256.pk8.pem", "--header", &header];
    let token = forms().run_words(&words).result().to_owned();
    assert_eq!(segment(&token, 0), format!(r#"{{"alg":"ES256","typ":"JWT","x5c":["{der}"]}}"#));
    judged(&forms(), "--key p256.cert.pem", &token, 0, &[]);
    let other = Holder::es256().jwk(Half::Public).to_string();
    judged(&World::bare().file("key", &other), "--key key", &token, 1, &["bad_signature"]);
    judged(&World::new(), "", &token, 1, &["alg_not_allowed"]);
}

#[test]
fn never_requests_the_addresses_of_the_header() {
    let key = Holder::es256().jwk(Half::Public);
    let served = set(&[&key.to_string()]);
    for url in ["https://evil.example/jwks", "http://127.0.0.1/latest", "file:///etc/passwd", "jwks.json"] {
        for name in ["jku", "x5u", "iss", "jwks_uri"] {
            let token = forged(&json!({name: url, "kid": url}));
            for (world, options, reason) in verifiers() {
                let world = world.document(url, &*served).file(url, &served);
                let outcome = judged(&world, options, &token, 1, &[reason]);
                assert_eq!(outcome.requested, [""; 0]);
            }
            for command in ["decode", "inspect", "refresh"] {
                let outcome = World::new().document(url, &*served).stdin(&token).run(command);
                assert_eq!(outcome.requested, [""; 0], "{command}");
            }
        }
    }
}

#[test]
fn compares_a_key_id_and_never_opens_or_runs_it() {
    let world = World::new().file("set", set(&[&named("HS256", "good")]));
    for kid in [
        "/dev/null",
        "../../../../dev/null",
        "../../../etc/passwd",
        "keys/../secret",
        "file:///dev/null",
        "https://evil.example/jwks",
        "a' UNION SELECT 'secret' --",
        "good' OR '1'='1",
        "$(touch /tmp/x)",
        "good|/usr/bin/whoami",
        "good\u{0}.pem",
        "GOOD",
        "good ",
        "__proto__",
    ] {
        let header = json!({"alg": "HS256", "kid": kid}).to_string();
        let world = world.clone().file(kid, SECRET).document(kid, SECRET);
        // An attacker who makes the verifier read an empty file signs with an empty secret.
        let token = signed_with(&"\0".repeat(32), Algorithm::Hs256, header.as_bytes(), b"{}");
        judged(&world, "", &token, 1, &["bad_signature"]);
        for token in [token, signed(&header, "{}")] {
            assert_eq!(judged(&world, "--key set", token, 1, &["key_not_found"]).requested, [""; 0]);
        }
    }
}

#[test]
fn refuses_a_secret_in_a_public_key_set() {
    let secret = named("HS256", "a");
    let url = "https://keys.example/jwks";
    for keys in [secret.clone(), set(&[&secret]), set(&[&secret, &secret.replace("\"a\"", "\"b\"")])] {
        let world = World::bare().document(url, keys);
        let outcome = world.stdin(token("{}")).run(format!("verify --json --key {url}"));
        assert_eq!(outcome.status, 2, "{}", outcome.text());
    }
}

#[test]
fn uses_no_key_whose_id_is_there_twice() {
    // An attacker who adds a key to the set under a known ID must not be preferred.
    let (own, other) = (named("ES256", "a"), named("ES256", "a"));
    let public = |key: &str| shown(key, "--public");
    let world = World::bare().file("own", &own).file("other", &other);
    for order in [[&own, &other], [&other, &own]] {
        let world =
            world.clone().file("set", set(&order.map(|key| public(key)).each_ref().map(String::as_str)));
        for signer in ["own", "other"] {
            let token = world.run(format!("encode --key {signer}")).result().to_owned();
            judged(&world, "--key set", token, 1, &["key_not_found"]);
        }
    }
}
