//! Signatures and keys: forged signatures, and keys that let a signature be forged.

use super::{encoded, form, judged};
use crate::keys::algorithms::forms;
use crate::keys::policy::changed;
use crate::store::sessions::twin;
use crate::support::client::Client;
use crate::support::world::{HS256, World, signed_with, token};
use crate::verify::signatures::{ORDERS, number, padded, refused, signed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::token::algorithm::Algorithm;
use num_bigint::BigUint;
use serde_json::{Value, json};

/// Returns the public JWK of a key file.
fn public(name: &str) -> String {
    forms().run(format!("key show --public {name}")).text().to_owned()
}

/// Returns a number of a JWK.
fn member(jwk: &str, name: &str) -> BigUint {
    let jwk: Value = serde_json::from_str(jwk).unwrap();
    BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap())
}

#[test]
fn rejects_an_ecdsa_signature_of_zeros() {
    for (kind, length, _) in ORDERS {
        let (input, good) = signed(kind, "");
        refused(kind, &input, &vec![0; length * 2]);
        refused(kind, &input, &[&vec![0; length], &good[length..]].concat());
        refused(kind, &input, &[&good[..length], &vec![0; length]].concat());
    }
}

#[test]
fn rejects_ecdsa_numbers_as_large_as_the_order() {
    for (kind, length, order) in ORDERS {
        let (input, good) = signed(kind, "");
        let (r, s) = good.split_at(length);
        let order = number(order);
        for large in [order.clone(), &order + 1_u8, BigUint::from_bytes_be(&vec![0xFF; length])] {
            let large = padded(&large, length);
            refused(kind, &input, &[&large, s].concat());
            refused(kind, &input, &[r, &large].concat());
            refused(kind, &input, &[&large[..], &large].concat());
        }
    }
}

#[test]
fn refuses_rsa_keys_whose_signatures_are_roots() {
    // The digest of SHA-256 (RFC 8017 section 9.2), after too short a padding. What follows does not matter to a careless
    // verifier, so the cube root of the number, rounded up, is a signature under the exponent 3.
    let input = format!("{}.{}", encoded(r#"{"alg":"RS256"}"#), encoded(r#"{"sub":"admin"}"#));
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, input.as_bytes());
    let prefix = hex("3031300d060960864801650304020105000420");
    let start =
        [&[0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], &prefix[..], digest.as_ref()].concat();
    let short = BigUint::from_bytes_be(&[&start[..], &vec![0; 256 - start.len()]].concat());
    let root = padded(&(short.cbrt() + 1_u8), 256);
    let cube = padded(&BigUint::from_bytes_be(&root).pow(3), 256);
    assert_eq!(&cube[..start.len()], start);
    let forged = format!("{input}.{}", encoded(root));
    judged(&forms(), "--key rsa-e3.spki.pem", forged, 1, &["key_weak:rsa_exponent"]);
    // Under the exponent 1, the padded digest is its own signature.
    let padding = vec![0xFF; 256 - 3 - prefix.len() - 32];
    let whole = [&[0, 1], &padding[..], &[0], &prefix, digest.as_ref()].concat();
    for (e, token) in [("AQ", format!("{input}.{}", encoded(whole))), ("Ag", format!("{input}.AA"))] {
        let world = World::bare().file("key", changed(&public("rsa.spki.pem"), &json!({"e": e})));
        judged(&world, "--key key", token, 1, &["key_weak:rsa_exponent"]);
    }
}

fn hex(text: &str) -> Vec<u8> {
    number(text).to_bytes_be()
}

#[test]
fn refuses_rsa_keys_that_can_be_factored() {
    let token = forms().run("encode --key rsa.pk8.pem").result().to_owned();
    judged(&forms(), "--key rsa1024.pk8.pem", &token, 1, &["key_weak:rsa_too_small"]);
    let public = public("rsa.spki.pem");
    let n = member(&public, "n");
    for (n, reason) in [
        (&n - 1_u8, "key_mismatch:kty"),
        (&n >> 1, "key_weak:rsa_too_small"),
        (BigUint::from(15_u8), "key_weak:rsa_too_small"),
    ] {
        let world = World::bare().file("key", changed(&public, &json!({"n": encoded(n.to_bytes_be())})));
        judged(&world, "--key key", &token, 1, &[reason]);
    }
}

#[test]
fn refuses_ed25519_keys_of_small_order() {
    let input = format!("{}.{}", encoded(r#"{"alg":"EdDSA"}"#), encoded(r#"{"sub":"admin"}"#));
    // The neutral element, and zero: for a key of small order this holds for many messages.
    let mut signature = vec![0; 64];
    signature[0] = 1;
    let forged = format!("{input}.{}", encoded(signature));
    let order_eight = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";
    let minus_one = format!("ec{}7f", "ff".repeat(30));
    let not_canonical = format!("ee{}7f", "ff".repeat(30));
    for point in
        ["00".repeat(32), format!("01{}", "00".repeat(31)), order_eight.into(), minus_one, not_canonical]
    {
        let x: Vec<u8> =
            point.as_bytes().chunks(2).map(|pair| hex(std::str::from_utf8(pair).unwrap())[0]).collect();
        let world =
            World::bare().file("key", changed(&public("ed25519.spki.pem"), &json!({"x": encoded(x)})));
        judged(&world, "--key key", &forged, 1, &["key_mismatch:crv"]);
    }
}

#[test]
fn refuses_public_keys_off_their_curve() {
    for (kind, length, _) in ORDERS {
        let token = forms().run(format!("encode --key {kind}.pk8.pem")).result().to_owned();
        let public = public(&format!("{kind}.spki.pem"));
        let y = padded(&(member(&public, "y") ^ BigUint::from(1_u8)), length);
        for change in
            [json!({"y": encoded(y)}), json!({"x": encoded(vec![0; length]), "y": encoded(vec![0; length])})]
        {
            let world = World::bare().file("key", changed(&public, &change));
            judged(&world, "--key key", &token, 1, &["key_mismatch:crv"]);
        }
    }
    // Parameters of an own curve can make any point a generator (CVE-2020-0601).
    let token = forms().run("encode --key p256.pk8.pem").result().to_owned();
    let outcome = forms().stdin(token).run("verify --json --key p256.explicit.spki.pem");
    assert_eq!((outcome.status, outcome.json()["error"]["code"].as_str()), (2, Some("key")));
}

#[test]
fn knows_a_used_token_by_another_spelling_of_its_signature() {
    let client = Client::with_new_file();
    let world = forms().file("key", form("p256.pk8.pem"));
    let good = world.run("encode --key key --jti once --exp 1h --at @1769860800").result().to_owned();
    let twin = twin(&good);
    assert_ne!(good, twin);
    for (token, reasons) in [(&good, &[][..]), (&twin, &["reused"]), (&good, &["reused"])] {
        let line = format!("--once --store {} --key key", client.store);
        judged(&world, &line, token, u8::from(!reasons.is_empty()), reasons);
    }
    // RSA and EdDSA signatures have no second spelling: adding the modulus or the order is refused.
    let (input, signature) = signed("rsa", "");
    let larger = BigUint::from_bytes_be(&signature) + member(&public("rsa.spki.pem"), "n");
    refused("rsa", &input, &larger.to_bytes_be());
    let (input, signature) = signed("ed25519", "");
    let order = number("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
    let s = (BigUint::from_bytes_le(&signature[32..]) + order).to_bytes_le();
    refused("ed25519", &input, &[&signature[..32], &s].concat());
}

#[test]
fn names_secrets_that_lists_know() {
    let known = signed_with("your-256-bit-secret", Algorithm::Hs256, HS256.as_bytes(), b"{}");
    let report = World::bare().stdin(&known).run("decode --json").json();
    assert!(report["findings"].as_array().unwrap().iter().any(|it| it["code"] == "known_secret"), "{report}");
    let weak = signed_with("secret", Algorithm::Hs256, HS256.as_bytes(), br#"{"exp":4102444800}"#);
    let world = World::bare().env("FOB_SECRET", "secret");
    let outcome = judged(&world, "", &weak, 0, &[]);
    assert_eq!(outcome.json()["warnings"], json!(["key_weak:hmac_too_short"]));
    let strict = world.stdin(weak).run("verify --json --strict --require exp");
    assert!(strict.reasons().contains(&"key_weak:hmac_too_short".to_owned()), "{}", strict.text());
}

#[test]
fn compares_macs_and_tags_in_constant_time() {
    // Each file that compares secret bytes does it by this expression, and by no operator.
    for (file, expression) in [
        ("src/core/key/mac.rs", "ct_eq("),
        ("src/core/encryption/provider.rs", "verify_slices_are_equal("),
        ("src/core/verify/key_binding.rs", ".fold(0, |sum, (a, b)| sum | (a ^ b)) == 0"),
    ] {
        let text = &crate::docs::architecture::sources()[file];
        let code = text.split("#[cfg(test)]").next().unwrap();
        assert!(code.contains(expression), "{file}");
        for operator in
            ["mac == ", "mac != ", "== mac", "tag == ", "tag != ", "== tag", "signature == ", "== signature"]
        {
            assert!(!code.contains(operator), "{file} compares by `{operator}`");
        }
    }
    judged(&World::new(), "", token("{}"), 0, &[]);
}

#[test]
fn refuses_to_sign_with_halves_of_two_keys() {
    // A signature under another public half reveals the private one.
    let [one, other] = [1, 2].map(|_| forms().run("key new --alg EdDSA").result().to_owned());
    let x: Value = serde_json::from_str(&other).unwrap();
    let world = World::bare().file("key", changed(&one, &json!({"x": x["x"]})));
    for line in ["encode --key key", "pair --user-id 7 --key key"] {
        world
            .run(line)
            .refused(2, "error: the private half of the key from key does not match its public half\n");
    }
}
