//! Algorithms: who decides how a token is verified.

use super::{encoded, form, judged};
use crate::keys::algorithms::{forms, new_key, shown};
use crate::keys::policy::changed;
use crate::keys::sets::{named, set};
use crate::support::world::{HS256, World, signed, signed_with, token};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fob::core::token::algorithm::Algorithm;
use serde_json::json;

/// Returns a token with the MAC of an empty key. HMAC fills short keys with zeros, so a key of zeros makes it.
fn signed_by_nothing(algorithm: Algorithm, header: &str) -> String {
    signed_with(&"\0".repeat(64), algorithm, header.as_bytes(), b"{}")
}

#[test]
fn rejects_alg_none_in_every_spelling() {
    let worlds = [World::new(), World::bare().file("key", form("p256.spki.pem")).env("FOB_KEY", "key")];
    for none in ["none", "None", "NONE", "nonE", "nOnE"] {
        let good = signed(&json!({"alg": none}).to_string(), "{}");
        let (input, mac) = good.rsplit_once('.').unwrap();
        for signature in ["", "AA", mac] {
            for world in &worlds {
                for options in ["", "--alg HS256", "--ignore-exp"] {
                    judged(world, options, format!("{input}.{signature}"), 1, &["alg_none"]);
                }
            }
        }
    }
    for other in [" none", "none ", "none\u{0}", "", "nоne", "no\u{200b}ne"] {
        let token = signed(&json!({"alg": other}).to_string(), "{}");
        judged(&worlds[0], "", token, 1, &["alg_unsupported"]);
    }
    for header in [r#"{"alg":null}"#, r#"{"alg":["none"]}"#, r#"{"alg":0}"#, r#"{"typ":"JWT"}"#, "{}"] {
        judged(&worlds[0], "", signed(header, "{}"), 4, &["malformed:alg"]);
    }
}

#[test]
fn rejects_an_empty_or_shortened_signature() {
    for algorithm in ["HS256", "HS512", "RS256", "PS256", "ES256", "ES384", "EdDSA", "ML-DSA-44"] {
        let world = World::bare().file("key", new_key(algorithm)).env("FOB_KEY", "key");
        let good = world.run("encode").result().to_owned();
        judged(&world, "", &good, 0, &[]);
        let (input, signature) = good.rsplit_once('.').unwrap();
        // Every cut is whole Base64url: four characters are three bytes.
        for length in [0, 4, 8, 40, signature.len() / 4 * 4 - 4] {
            judged(&world, "", format!("{input}.{}", &signature[..length]), 1, &["bad_signature"]);
        }
        judged(&world, "", input, 4, &["malformed:segments"]);
    }
}

#[test]
fn rejects_a_public_key_as_hmac_secret() {
    let pem = form("rsa.spki.pem");
    let jwk = forms().run("key show --public rsa.spki.pem").text().to_owned();
    let secrets = [
        pem.clone(),
        pem.trim_end().to_owned(),
        format!("\n  {pem}"),
        format!("# the key of the issuer\n{pem}"),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\\n"),
        form("rsa.pub.pkcs1.pem"),
        form("p256.spki.pem"),
        form("p256.compressed.spki.pem"),
        form("rsa.cert.pem"),
        form("ed25519.spki.pem"),
        form("ed25519.openssh.pub.txt"),
        jwk.clone(),
        format!("{{\"keys\":[{jwk}]}}"),
    ];
    for secret in secrets {
        let world = World::bare().file("key", &secret).env("KEY", &secret).env("B64", encoded(&secret));
        let token = signed_with(&secret, Algorithm::Hs256, HS256.as_bytes(), b"{}");
        judged(&world, "--secret-file key --secret-format raw", &token, 1, &["key_mismatch:kty"]);
        judged(&world, "--secret-env KEY", &token, 1, &["key_mismatch:kty"]);
        judged(&world, "--secret-env B64 --secret-format base64url", &token, 1, &["key_mismatch:kty"]);
        // `--key` takes no SSH key, and a set adds a reason.
        if !secret.starts_with("ssh-") && !secret.starts_with("{\"keys\"") {
            judged(&world, "--key key", &token, 1, &["alg_not_allowed"]);
        }
    }
}

#[test]
fn finds_a_public_key_in_every_disguise() {
    let pem = form("p256.spki.pem");
    let jwk = forms().run("key show --public rsa.spki.pem").text().trim_end().to_owned();
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(&body).unwrap();
    let hex = |separator: &str| {
        let digits: Vec<String> = der.iter().map(|byte| format!("{byte:02x}")).collect();
        digits.join(separator).into_bytes()
    };
    let wide =
        |mark: &str| format!("{mark}{pem}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let quoted = |text: &str| json!(text).to_string();
    let ssh = form("ed25519.openssh.pub.txt");
    for secret in [
        der.clone(),
        [&der[..], b"\n"].concat(),
        [b"\0\x01", &der[..], b"\xFF\xFF"].concat(),
        hex(""),
        hex(":"),
        hex(" "),
        wide(""),
        wide("\u{feff}"),
        pem.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        pem.replace("-----", "----").into(),
        pem.replace('\n', "").into(),
        pem.to_lowercase().into(),
        body.into(),
        STANDARD.encode(STANDARD.encode(&pem)).into(),
        quoted(&pem).into(),
        quoted(&quoted(&jwk)).into(),
        format!("[[{jwk}]]").into(),
        format!("{{\"a\":{{\"b\":[{jwk}]}}}}").into(),
        ssh.split(' ').nth(1).unwrap().into(),
    ] {
        let world = World::new().file("key", &secret);
        let token = token("{}");
        judged(&world, "--secret-file key --secret-format raw", &token, 1, &["key_mismatch:kty"]);
        judged(&world, "--secret-file key", &token, 1, &["key_mismatch:kty"]);
        let outcome = World::bare().file("key", &secret).run("encode --secret-file key --secret-format raw");
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{}", outcome.stderr);
    }
}

#[test]
fn rejects_a_token_whose_algorithm_is_for_another_type_of_key() {
    let keys = ["HS256", "RS256", "ES256", "EdDSA", "ML-DSA-44"].map(|it| (it, new_key(it)));
    for (algorithm, key) in &keys {
        let token = World::bare().file("key", key).run("encode --key key").result().to_owned();
        for (other, key) in keys.iter().filter(|(other, _)| other != algorithm) {
            // A key says by its type alone what it verifies.
            let alg = if *other == "ML-DSA-44" { json!(other) } else { json!(null) };
            let key = changed(key, &json!({"alg": alg, "use": null}));
            let world = World::bare().file("key", key).env("FOB_KEY", "key");
            judged(&world, "", &token, 1, &["alg_not_allowed"]);
            judged(&world, &format!("--alg {algorithm}"), &token, 1, &["key_mismatch:kty"]);
            judged(&world, &format!("--alg {other}"), &token, 1, &["alg_not_allowed"]);
        }
    }
}

#[test]
fn rejects_an_empty_mac_key_where_an_rsa_key_has_no_alg() {
    let public = changed(&shown(&new_key("RS256"), "--public"), &json!({"alg": null, "kid": "a"}));
    let world = World::bare().file("set", set(&[&public])).file("key", &public);
    for (name, algorithm) in
        [("HS256", Algorithm::Hs256), ("HS384", Algorithm::Hs384), ("HS512", Algorithm::Hs512)]
    {
        for header in [json!({"alg": name}), json!({"alg": name, "kid": "a"})] {
            let token = signed_by_nothing(algorithm, &header.to_string());
            judged(&world, "--key key", &token, 1, &["alg_not_allowed"]);
            judged(&world, &format!("--key key --alg {name}"), &token, 1, &["key_mismatch:kty"]);
            let outcome = world.clone().stdin(token).run("verify --json --key set");
            assert_eq!((outcome.status, outcome.reasons()[0].as_str()), (1, "alg_not_allowed"));
        }
    }
}

#[test]
fn keeps_the_kinds_of_keys_in_a_set_apart() {
    let key = |algorithm, kid| changed(&named(algorithm, kid), &json!({"alg": null}));
    let (rsa, ec, secret) = (key("RS256", "a"), key("ES256", "b"), key("HS256", "c"));
    let (public, other) = (shown(&rsa, "--public"), shown(&ec, "--public"));
    let world = World::bare()
        .file("rsa", &rsa)
        .file("secret", &secret)
        .file("set", set(&[&public, &other]))
        .file("mixed", set(&[&public, &secret]));
    let by = |options: &str| world.run(format!("encode {options}")).result().to_owned();
    judged(&world, "--key set", by("--key rsa"), 0, &[]);
    judged(&world, "--key set", by("--key rsa --kid b"), 1, &["alg_not_allowed"]);
    let by_text = signed_with(&public, Algorithm::Hs256, br#"{"alg":"HS256","kid":"a"}"#, b"{}");
    for token in [&by_text, &by("--key rsa"), &by("--key rsa --kid c"), &by("--key secret --kid a")] {
        judged(&world, "--key mixed", token, 1, &["key_mismatch:kty"]);
    }
}

#[test]
fn rejects_an_ecdsa_key_of_another_curve() {
    let kinds = [("p256", "ES256"), ("p384", "ES384"), ("p521", "ES512"), ("secp256k1", "ES256K")];
    for (kind, algorithm) in kinds {
        let token = forms().run(format!("encode --key {kind}.pk8.pem")).result().to_owned();
        for (other, _) in kinds.iter().filter(|(other, _)| *other != kind) {
            let options = format!("--key {other}.spki.pem");
            judged(&forms(), &options, &token, 1, &["key_mismatch:crv"]);
            judged(&forms(), &format!("{options} --alg {algorithm}"), &token, 1, &["key_mismatch:crv"]);
        }
    }
}

#[test]
fn keeps_the_paddings_and_hashes_of_rsa_apart() {
    let public = forms().run("key show --public rsa.spki.pem").text().to_owned();
    for (algorithm, other) in [("RS256", "PS256"), ("PS256", "RS256"), ("RS256", "RS512"), ("PS384", "PS256")]
    {
        let world = forms().file("key", changed(&public, &json!({"alg": other}))).env("FOB_KEY", "key");
        let token = world.run(format!("encode --key rsa.pk8.pem --alg {algorithm}")).result().to_owned();
        judged(&world, "", &token, 1, &["key_mismatch:alg"]);
        let (_, rest) = token.split_once('.').unwrap();
        let renamed = format!("{}.{rest}", encoded(json!({"alg": other}).to_string()));
        judged(&world, "", renamed, 1, &["bad_signature"]);
        judged(&forms(), &format!("--key rsa.spki.pem --alg {other}"), &token, 1, &["alg_not_allowed"]);
    }
    // This key is for RSASSA-PSS alone (RFC 4055 section 1.2).
    let token = forms().run("encode --key rsa.pk8.pem --alg RS256").result().to_owned();
    judged(&forms(), "--key pss.spki.pem", token, 1, &["key_mismatch:alg"]);
}

#[test]
fn rejects_an_algorithm_that_it_does_not_know() {
    for name in [
        "HS1", "RS1", "MD5", "hs256", "HS256 ", "HMAC", "HS2567", "HS256/64", "ES256K1", "A128KW", "dir",
        "-7",
    ] {
        let token = signed(&json!({"alg": name}).to_string(), "{}");
        judged(&World::new(), "", &token, 1, &["alg_unsupported"]);
        judged(&World::new(), "--alg HS256", &token, 1, &["alg_unsupported"]);
    }
}

#[test]
fn rejects_every_token_under_an_empty_secret() {
    let by_nothing = signed_by_nothing(Algorithm::Hs256, HS256);
    for (world, options) in [
        (World::bare().env("FOB_SECRET", ""), ""),
        (World::bare(), "--secret ''"),
        (World::bare().file("null", ""), "--secret-file null"),
        (World::bare().file("line", "\n"), "--secret-file line"),
        (World::bare().file("key", r#"{"kty":"oct","k":""}"#), "--key key"),
    ] {
        for token in [&by_nothing, &token("{}")] {
            judged(&world, options, token, 1, &["key_empty"]);
        }
    }
}

#[test]
fn keeps_keys_for_encryption_and_for_signatures_apart() {
    let public = shown(&new_key("RS256"), "--public");
    let private = new_key("HS256");
    for (key, terms, reason) in [
        (&public, json!({"use": "enc"}), "key_mismatch:use"),
        (&public, json!({"key_ops": ["encrypt"], "use": null}), "key_mismatch:key_ops"),
        (&public, json!({"alg": "RSA-OAEP"}), "key_mismatch:alg"),
        (&private, json!({"use": "enc"}), "key_mismatch:use"),
        (&private, json!({"alg": "dir"}), "key_mismatch:alg"),
        (&private, json!({"key_ops": ["sign"], "use": null}), "key_mismatch:key_ops"),
    ] {
        let world = World::bare().file("key", changed(key, &terms));
        let alg = if key == &public { "RS256" } else { "HS256" };
        let token = signed(&json!({"alg": alg}).to_string(), "{}");
        judged(&world, "--key key", token, 1, &[reason]);
    }
}
