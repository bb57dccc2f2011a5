//! Keys that are refused for verifying and for signing. Each is refused with its own reason before the signature is
//! checked, so that a fault of the key is never reported as a bad signature.

use crate::keys::algorithms::{forms, new_key, shown};
use crate::support::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// Returns a JWK with some members changed. Null removes a member.
pub(crate) fn changed(jwk: &str, changes: &Value) -> String {
    let mut jwk: Value = serde_json::from_str(jwk).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => jwk.as_object_mut().unwrap().remove(name),
            value => jwk.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    jwk.to_string()
}

/// Returns the private and the public JWK of a file.
fn halves(name: &str) -> [String; 2] {
    ["--private", "--public"]
        .map(|half| forms().run(format!("key show {half} {name}")).text().trim_end().to_owned())
}

/// Returns the private and the public JWK of a file that holds a refused key, which `key show` does not convert.
fn refused_halves(name: &str) -> [String; 2] {
    let private = crate::keys::algorithms::form_text(name);
    let mut public: Value = serde_json::from_str(&private).unwrap();
    public.as_object_mut().unwrap().retain(|name, _| ["kty", "n", "e"].contains(&name.as_str()));
    [private, public.to_string()]
}

fn member(jwk: &str, name: &str) -> Vec<u8> {
    let jwk: Value = serde_json::from_str(jwk).unwrap();
    URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap()
}

fn base64(bytes: &[u8]) -> Value {
    Value::String(URL_SAFE_NO_PAD.encode(bytes))
}

/// Returns a token signed with the key of a file.
fn token(name: &str, options: &str) -> String {
    forms().run(format!("encode --key {name} {options}")).result().to_owned()
}

/// Asserts that a key is refused for verifying and for signing, both for the same reason.
#[track_caller]
fn refused(private: &str, public: &str, token: &str, reason: &str, detail: &str) {
    for key in [private, public] {
        let world = World::bare().file("key", key);
        let outcome = world.run(format!("verify --json --key key {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec![reason.to_owned()]), "{key}");
        let json = outcome.json();
        let check = json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap();
        assert_eq!((&check["reason"], &check["detail"]), (&json!(reason), &json!(detail)), "{key}");
        assert_eq!(json.get("payload"), None);
    }
    World::bare()
        .file("key", private)
        .run("encode --key key")
        .refused(2, &format!("error: {reason}: {detail}\n"));
    let outcome = World::bare().file("key", private).run("pair --user-id 7 --key key");
    outcome.refused(2, &format!("error: {reason}: {detail}\n"));
}

#[test]
fn an_rsa_key_under_2048_bits_is_refused() {
    let [private, public] = refused_halves("rsa1024.jwk.json");
    let detail = "an RSA key of 1024 bits, but the minimum is 2048 (RFC 7518 section 3.3)";
    refused(&private, &public, &token("rsa.pk8.pem", ""), "key_weak:rsa_too_small", detail);
    // Zeros before the modulus do not make it longer.
    let padded = changed(&public, &json!({"n": base64(&[vec![0; 128], member(&public, "n")].concat())}));
    refused(&private, &padded, &token("rsa.pk8.pem", ""), "key_weak:rsa_too_small", detail);
}

#[test]
fn an_rsa_exponent_that_is_even_or_small_or_huge_is_refused() {
    let [private, public] = refused_halves("rsa-e3.jwk.json");
    let token = token("rsa.pk8.pem", "");
    let weak = "key_weak:rsa_exponent";
    refused(&private, &public, &token, weak, "its public exponent 3 is smaller than 65537");
    let [private, public] = halves("rsa.pk8.pem");
    for (e, detail) in [
        ("AQ", "its public exponent 1 is smaller than 65537"),
        ("AA", "its public exponent 0 is even"),
        ("Ag", "its public exponent 2 is even"),
        ("AQAA", "its public exponent 65536 is even"),
        ("AgAAAAE", "its public exponent is larger than 33 bits"),
        ("AQAAAAAAAAAB", "its public exponent is larger than 33 bits"),
    ] {
        let change = json!({"e": e});
        refused(&changed(&private, &change), &changed(&public, &change), &token, weak, detail);
    }
    // Odd exponents from 65537 on are valid.
    for e in ["AQAB", "AAEAAQ", "____", "AQAAAAE"] {
        let world = World::bare().file("key", changed(&public, &json!({"e": e})));
        let reasons = world.run(format!("verify --json --key key {token}")).reasons();
        assert!(reasons.is_empty() || reasons == ["bad_signature"], "{e}: {reasons:?}");
    }
}

#[test]
fn an_rsa_key_may_be_given_by_its_exponents_alone() {
    let [private, public] = halves("rsa.pk8.pem");
    let bare = changed(&private, &json!({"p": null, "q": null, "dp": null, "dq": null, "qi": null}));
    let world = World::bare().file("bare", &bare).file("public", &public);
    let token = world.run("encode --key bare").result().to_owned();
    assert_eq!(world.run(format!("verify --key public {token}")).status, 0);
    assert_eq!(shown(&bare, "--private").trim_end(), private);
    let some = changed(&private, &json!({"qi": null}));
    World::bare().file("key", some).run("encode --key key").refused(
        2,
        "error: the key from key cannot be used: its JWK is invalid: it has some of `d`, `p`, `q`, `dp`, `dq` \
         and `qi`, but not all\n",
    );
    // Leading zeros change nothing, and the key is written without them.
    let padded = changed(&public, &json!({"n": base64(&[vec![0], member(&public, "n")].concat())}));
    assert_eq!(shown(&padded, "--public").trim_end(), public);
    let world = world.file("padded", padded);
    assert_eq!(world.run(format!("verify --key padded {token}")).status, 0);
}

#[test]
fn an_even_modulus_is_refused() {
    let [private, public] = halves("rsa.pk8.pem");
    let mut n = member(&public, "n");
    *n.last_mut().unwrap() &= 0xFE;
    let change = json!({"n": base64(&n)});
    refused(
        &changed(&private, &change),
        &changed(&public, &change),
        &token("rsa.pk8.pem", ""),
        "key_mismatch:kty",
        "its modulus is even, so it is not an RSA modulus",
    );
}

#[test]
fn coordinates_of_another_length_are_refused() {
    for (name, curve, length) in
        [("p256", "P-256", 32), ("p384", "P-384", 48), ("p521", "P-521", 66), ("secp256k1", "secp256k1", 32)]
    {
        let [private, public] = halves(&format!("{name}.pk8.pem"));
        let token = token(&format!("{name}.pk8.pem"), "");
        for coordinate in ["x", "y"] {
            let good = member(&public, coordinate);
            for bad in [vec![], good[1..].to_vec(), [&[0], &*good].concat(), [&*good, &[0]].concat()] {
                let change = json!({coordinate: base64(&bad)});
                // The cause is named only if the point is on the curve once the zeros are back.
                let was_cut = bad.len() + 1 == length && good[0] == 0;
                let cause = if was_cut { ": its leading zeros were cut off" } else { "" };
                let detail =
                    format!("its `{coordinate}` has {} bytes, but {curve} needs {length}{cause}", bad.len());
                let [private, public] = [&private, &public].map(|key| changed(key, &change));
                refused(&private, &public, &token, "key_mismatch:crv", &detail);
            }
        }
    }
}

#[test]
fn a_point_off_its_curve_is_refused() {
    for (name, curve) in [("p256", "P-256"), ("p384", "P-384"), ("p521", "P-521"), ("secp256k1", "secp256k1")]
    {
        let [private, public] = halves(&format!("{name}.pk8.pem"));
        let token = token(&format!("{name}.pk8.pem"), "");
        let (x, y) = (member(&public, "x"), member(&public, "y"));
        let mut other = y.clone();
        *other.last_mut().unwrap() ^= 1;
        let detail = format!("its point is not on {curve}");
        for (x, y) in
            [(&x, &other), (&y, &x), (&vec![0; x.len()], &vec![0; x.len()]), (&vec![0xFF; x.len()], &y)]
        {
            let change = json!({"x": base64(x), "y": base64(y)});
            refused(
                &changed(&private, &change),
                &changed(&public, &change),
                &token,
                "key_mismatch:crv",
                &detail,
            );
        }
    }
    // The point of one curve under the name of another.
    let [_, public] = halves("p256.pk8.pem");
    let world = World::bare().file("key", changed(&public, &json!({"crv": "secp256k1"})));
    let outcome = world.run(format!("verify --json --key key {}", token("p256.pk8.pem", "")));
    assert_eq!(outcome.reasons(), ["key_mismatch:crv"]);
}

#[test]
fn an_invalid_ed25519_point_is_refused() {
    let [private, public] = halves("ed25519.pk8.pem");
    let token = token("ed25519.pk8.pem", "");
    let good = member(&public, "x");
    let (off, small) = (
        "its point is not on Ed25519",
        "its point has a small order: signatures for it can be forged without the private key",
    );
    let encoded = |first: u8, rest: u8, last: u8| [vec![first], vec![rest; 30], vec![last]].concat();
    let order_eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let order_eight: Vec<u8> =
        (0..32).map(|at| u8::from_str_radix(&order_eight[at * 2..at * 2 + 2], 16).unwrap()).collect();
    for (x, detail) in [
        (good[1..].to_vec(), "its `x` has 31 bytes, but Ed25519 needs 32"),
        ([&[0], &*good].concat(), "its `x` has 33 bytes, but Ed25519 needs 32"),
        (vec![], "its `x` has 0 bytes, but Ed25519 needs 32"),
        (encoded(2, 0, 0), off),
        // Numbers from 2^255 - 19 on are no coordinates (RFC 8032 section 5.1.3).
        (encoded(0xED, 0xFF, 0x7F), off),
        (encoded(0xEE, 0xFF, 0x7F), off),
        (encoded(0xFF, 0xFF, 0xFF), off),
        (encoded(0, 0, 0), small),
        (encoded(0, 0, 0x80), small),
        (encoded(1, 0, 0), small),
        (encoded(0xEC, 0xFF, 0x7F), small),
        (order_eight, small),
    ] {
        let change = json!({"x": base64(&x)});
        refused(&changed(&private, &change), &changed(&public, &change), &token, "key_mismatch:crv", detail);
    }
    // A signature of zeros verifies with some of these points, so no signature is checked with them.
    let forged = format!(
        "{}.{}",
        token.rsplit_once('.').unwrap().0,
        URL_SAFE_NO_PAD.encode(encoded(1, 0, 0).repeat(2))
    );
    let world = World::bare().file("key", changed(&public, &json!({"x": base64(&encoded(1, 0, 0))})));
    assert_eq!(world.run(format!("verify --json --key key {forged}")).reasons(), ["key_mismatch:crv"]);
}

#[test]
fn an_ml_dsa_key_of_another_size_is_refused() {
    let private = new_key("ML-DSA-44");
    let token = World::bare().file("key", &private).run("encode --key key").result().to_owned();
    let change = json!({"pub": base64(&member(&private, "pub")[1..])});
    let bad = changed(&private, &change);
    let detail = "its public half of 1311 bytes is not a key for ML-DSA-44";
    refused(&bad, &changed(&bad, &json!({"priv": null})), &token, "key_mismatch:alg", detail);
}

#[test]
fn the_restrictions_of_a_jwk_are_enforced() {
    let [private, public] = halves("rsa.pk8.pem");
    let token = token("rsa.pk8.pem", "");
    for (terms, reason, detail) in [
        (json!({"use": "enc"}), "key_mismatch:use", "its `use` is `enc`, not `sig`"),
        (json!({"use": ""}), "key_mismatch:use", "its `use` is ``, not `sig`"),
        (json!({"key_ops": ["encrypt"]}), "key_mismatch:key_ops", "its `key_ops` are encrypt, without "),
        (json!({"key_ops": []}), "key_mismatch:key_ops", "its `key_ops` are empty, without "),
        (json!({"alg": "RSA-OAEP"}), "key_mismatch:alg", "its `alg` is `RSA-OAEP`, not RS256"),
        (json!({"alg": "none"}), "key_mismatch:alg", "its `alg` is `none`, not RS256"),
        (json!({"alg": "rs256"}), "key_mismatch:alg", "its `alg` is `rs256`, not RS256"),
    ] {
        let [private, public] = [&private, &public].map(|key| changed(key, &terms));
        for key in [&private, &public] {
            let json = World::bare().file("key", key).run(format!("verify --json --key key {token}")).json();
            assert_eq!(json["reasons"], json!([reason]), "{terms}");
            let check =
                json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap();
            assert!(check["detail"].as_str().unwrap().starts_with(detail), "{check}");
        }
        let outcome = World::bare().file("key", &private).run("encode --key key --alg RS256");
        assert_eq!((outcome.status, outcome.text()), (2, ""));
        assert!(outcome.stderr.starts_with(&format!("error: {reason}: {detail}")), "{}", outcome.stderr);
    }
    // The token names another algorithm of the same type.
    let world = World::bare().file("key", changed(&public, &json!({"alg": "PS256"})));
    assert_eq!(world.run(format!("verify --json --key key {token}")).reasons(), ["key_mismatch:alg"]);
    let world = World::bare().file("key", changed(&private, &json!({"alg": "PS256"})));
    world
        .run("encode --key key --alg RS256")
        .refused(2, "error: key_mismatch:alg: its `alg` is `PS256`, not RS256\n");
    assert_eq!(
        crate::support::world::segment(world.run("encode --key key --no-typ").result(), 0),
        r#"{"alg":"PS256"}"#
    );
}

#[test]
fn a_key_for_signing_verifies_and_one_for_verifying_does_not_sign() {
    let [private, public] = halves("p256.pk8.pem");
    let token = token("p256.pk8.pem", "");
    for (key, operations, accepted) in [
        (&private, json!(["sign"]), true),
        (&private, json!(["sign", "verify"]), true),
        (&private, json!(["verify"]), true),
        (&public, json!(["verify"]), true),
        (&public, json!(["sign"]), false),
    ] {
        let world = World::bare().file("key", changed(key, &json!({"key_ops": operations})));
        let reasons = world.run(format!("verify --json --key key {token}")).reasons();
        assert_eq!(reasons.is_empty(), accepted, "{operations}: {reasons:?}");
    }
    let world = World::bare().file("key", changed(&private, &json!({"key_ops": ["verify"]})));
    world
        .run("encode --key key")
        .refused(2, "error: key_mismatch:key_ops: its `key_ops` are verify, without sign\n");
    // A secret has no public half.
    let world = World::bare().file("key", changed(&new_key("HS256"), &json!({"key_ops": ["sign"]})));
    let token = world.run("encode --key key").result().to_owned();
    assert_eq!(world.run(format!("verify --json --key key {token}")).reasons(), ["key_mismatch:key_ops"]);
    World::bare()
        .file("key", &public)
        .run("encode --key key")
        .refused(2, "error: the key from key is public: it can verify, but not sign\n");
}

#[test]
fn an_algorithm_of_another_type_is_not_allowed_by_the_key() {
    let keys =
        ["HS256", "RS256", "ES256", "EdDSA", "ML-DSA-44"].map(|algorithm| (algorithm, new_key(algorithm)));
    for (algorithm, key) in &keys {
        let world = World::bare().file("key", key);
        let token = world.run("encode --key key").result().to_owned();
        for (other, key) in keys.iter().filter(|(other, _)| other != algorithm) {
            let public = if *other == "HS256" { key.clone() } else { shown(key, "--public") };
            for key in [key, &public] {
                let world = World::bare().file("key", key);
                let verify = |options: &str| world.run(format!("verify --json --key key {options} {token}"));
                let outcome = verify("");
                assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_not_allowed".to_owned()]));
                // The caller allows the algorithm, but the key has another type.
                let outcome = verify(&format!("--alg {algorithm}"));
                assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_mismatch:kty".to_owned()]));
                let outcome = verify(&format!("--alg {algorithm} --alg {other}"));
                assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_mismatch:kty".to_owned()]));
                let outcome = verify(&format!("--alg {other}"));
                assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_not_allowed".to_owned()]));
            }
            let outcome = World::bare().file("key", key).run(format!("encode --key key --alg {algorithm}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""), "{algorithm} with {other}");
        }
    }
}

#[test]
fn an_algorithm_of_another_curve_does_not_fit_the_key() {
    let kinds = [("p256", "ES256"), ("p384", "ES384"), ("p521", "ES512"), ("secp256k1", "ES256K")];
    for (kind, algorithm) in kinds {
        let token = token(&format!("{kind}.pk8.pem"), "");
        for (other, _) in kinds.iter().filter(|(other, _)| *other != kind) {
            for options in ["", &format!("--alg {algorithm}")] {
                let outcome = forms().run(format!("verify --json --key {other}.spki.pem {options} {token}"));
                assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_mismatch:crv".to_owned()]));
            }
            let outcome = forms().run(format!("encode --key {other}.pk8.pem --alg {algorithm}"));
            assert_eq!((outcome.status, outcome.text()), (2, ""));
            assert!(outcome.stderr.starts_with("error: key_mismatch:crv: "), "{}", outcome.stderr);
        }
    }
}

#[test]
fn an_empty_secret_is_refused() {
    let token = World::new().run("encode").result().to_owned();
    for key in [r#"{"kty":"oct","k":""}"#, r#"{"keys":[{"kty":"oct","k":""}]}"#] {
        let world = World::bare().file("key", key);
        let outcome = world.run(format!("verify --json --key key {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_empty".to_owned()]));
        world.run("encode --key key").refused(2, "error: key_empty: the secret from key is empty\n");
    }
}

#[test]
fn a_public_key_used_as_hmac_secret_is_refused() {
    // A JWK of type oct whose secret is the text of a public key (RFC 8725 section 2.1).
    for name in ["rsa.spki.pem", "p256.spki.pem", "p256.cert.pem"] {
        let text =
            std::fs::read(format!("{}/tests/vectors/forms/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let key = json!({"kty": "oct", "k": base64(&text)}).to_string();
        let token = World::new().run("encode").result().to_owned();
        let world = World::bare().file("key", &key);
        assert_eq!(world.run(format!("verify --json --key key {token}")).reasons(), ["key_mismatch:kty"]);
        world
            .run("encode --key key")
            .refused(
                2,
                "error: key_mismatch:kty: the secret contains a PEM key, not an HMAC secret; --key takes the path of a key\n",
            );
    }
}

#[test]
fn a_single_key_with_another_key_id_is_refused() {
    let key = World::bare().run("key new --alg ES256 --kid a").result().to_owned();
    let world = World::bare().file("key", &key).file("other", changed(&key, &json!({"kid": "b"})));
    let token = world.run("encode --key key").result().to_owned();
    let outcome = world.run(format!("verify --json --key other {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]));
    // A key without a key ID serves every token, and a token without one accepts every key.
    let world = world.file("nameless", changed(&key, &json!({"kid": null})));
    assert_eq!(world.run(format!("verify --key nameless {token}")).status, 0);
    let token = world.run("encode --key nameless").result().to_owned();
    assert_eq!(world.run(format!("verify --key other {token}")).status, 0);
}
