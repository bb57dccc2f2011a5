//! Verdicts on the key binding of SD-JWTs (RFC 9901 section 7.3): the holder's key, the signature, and what is signed.

use crate::support::sd_jwt::{Holder, binding, digest, disclosure, issued};
use crate::support::world::{NOW, SECRET, World, signed, token};
use fob::core::key::jwk::Half;
use fob::core::sd_jwt::DigestAlgorithm;
use fob::core::token::algorithm::Algorithm;
use serde_json::{Value, json};

const DEMANDS: &str = "--holder-nonce n-1 --holder-aud https://verifier.example";

fn name() -> String {
    disclosure(&json!(["salt", "given_name", "Ilse"]))
}

/// Returns an SD-JWT with one disclosure, whose issuer names this confirmation.
fn bound_to(cnf: &Value) -> String {
    format!("{}~{}~", issued(&json!({"_sd": [digest(&name())], "cnf": cnf})), name())
}

/// Returns the reasons of a verdict with all demands on the holder.
fn reasons(text: &str) -> String {
    World::new().stdin(text).run(format!("verify --json {DEMANDS}")).reasons().join(" ")
}

#[test]
fn accepts_the_signature_of_the_holder_by_every_algorithm() {
    for algorithm in
        [Algorithm::Es256, Algorithm::Es384, Algorithm::Es512, Algorithm::Es256K, Algorithm::EdDsa]
    {
        let holder = Holder::new(algorithm, 7);
        assert_eq!(reasons(&holder.present(&bound_to(&holder.cnf()))), "", "{algorithm}");
    }
}

#[test]
fn says_what_was_not_checked() {
    let holder = Holder::es256();
    let text = holder.present(&bound_to(&holder.cnf()));
    let outcome = World::new().stdin(&text).run("verify");
    let (_, report) = outcome.text().split_once("✓ key_binding").unwrap();
    let (report, _) = report.split_once("  – exp").unwrap();
    assert_eq!(
        report,
        "   ES256 by the key in `cnf` of the token\n  \
         ✓ sd_hash       sha-256 of the issuer's token and the disclosures\n  \
         ✓ holder_iat    signed 60 seconds ago, age not checked: no --holder-max-age given (2026-01-31 11:59:00 UTC)\n  \
         – holder_nonce  \"n-1\" (not checked: no --holder-nonce given)\n  \
         – holder_aud    \"https://verifier.example\" (not checked: no --holder-aud given)\n"
    );
    let outcome = World::new().stdin(&text).run(format!("verify {DEMANDS} --holder-max-age 2m"));
    assert!(outcome.text().contains("✓ holder_nonce  \"n-1\"\n"), "{}", outcome.text());
    assert!(
        outcome.text().contains("✓ holder_iat    signed 60 seconds ago, within 2 minutes "),
        "{}",
        outcome.text()
    );
    let shown = World::new().stdin(&text).run("verify -v");
    assert!(shown.text().contains("key binding  verified\n"), "{}", shown.text());
    assert!(shown.text().contains("signed, with the disclosed claims in place\n"), "{}", shown.text());
}

#[test]
fn demands_key_binding_only_if_asked() {
    let holder = Holder::es256();
    let unbound = bound_to(&holder.cnf());
    let world = World::new().stdin(&unbound);
    assert_eq!(world.run("verify --json").status, 0);
    let report = world.run("verify").text().to_owned();
    assert!(report.contains("absent, though the token names its holder's key in `cnf`"), "{report}");
    for option in ["--holder-nonce n-1", "--holder-aud x", "--holder-max-age 5m"] {
        let outcome = world.run(format!("verify --json {option}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["bad_key_binding:missing".to_owned()]));
        let hint = "the holder must add a key binding JWT, signed with the key that `cnf` names";
        assert_eq!(outcome.json()["hints"], json!([hint]));
    }
    // A plain token has no key binding, either.
    let plain = token("{}");
    assert_eq!(reasons(&plain), "bad_key_binding:missing");
    let outcome = World::new().stdin(&plain).run("verify --holder-nonce x");
    assert!(
        outcome.text().contains("not an SD-JWT, so absent, but --holder-nonce requires it"),
        "{}",
        outcome.text()
    );
}

#[test]
fn a_strict_verdict_demands_the_binding_and_its_parties() {
    let holder = Holder::es256();
    let sd_jwt = format!("{}~", issued(&json!({"exp": 4_102_444_800_u64, "_sd": [], "cnf": holder.cnf()})));
    let strict = |text: &str, more: &str| {
        World::new().stdin(text).run(format!("verify --json --strict {more}")).reasons().join(" ")
    };
    assert_eq!(strict(&sd_jwt, ""), "bad_key_binding:missing");
    let bound = holder.present(&sd_jwt);
    assert_eq!(strict(&bound, ""), "bad_key_binding:nonce bad_key_binding:aud");
    assert_eq!(strict(&bound, DEMANDS), "");
}

#[test]
fn a_strict_verdict_demands_the_binding_of_an_issuers_token_alone() {
    let cnf = Holder::es256().cnf();
    let run = |text: &str, options: &str| World::new().stdin(text).run(format!("verify --json {options}"));
    let marked = issued(&json!({"exp": 4_102_444_800_u64, "cnf": cnf}));
    let digests =
        signed(r#"{"alg":"HS256"}"#, &json!({"exp": 4_102_444_800_u64, "cnf": cnf, "_sd": []}).to_string());
    for token in [&marked, &digests] {
        let parts: Vec<&str> = token.split('.').collect();
        let flattened =
            json!({"protected": parts[0], "payload": parts[1], "signature": parts[2]}).to_string();
        for (text, options) in [(token, ""), (&flattened, "--signatures all")] {
            let strict = run(text, &format!("--strict {options}"));
            assert_eq!(strict.reasons(), ["bad_key_binding:missing"], "{text}");
            assert_eq!(run(text, options).reasons(), [""; 0], "{text}");
        }
    }
    // A token that proves possession in another way (RFC 9449, RFC 8705).
    let claims = json!({"exp": 4_102_444_800_u64, "cnf": {"jkt": "x"}}).to_string();
    assert_eq!(run(&signed(r#"{"alg":"HS256"}"#, &claims), "--strict").reasons(), [""; 0]);
}

#[test]
fn refuses_another_binding_than_the_one_demanded() {
    let holder = Holder::es256();
    let sd_jwt = bound_to(&holder.cnf());
    let with = |name: &str, value: Value| {
        let mut payload = binding(&sd_jwt);
        payload[name] = value;
        reasons(&format!("{sd_jwt}{}", holder.sign(&holder.header(), &payload)))
    };
    let without = |name: &str| {
        let mut payload = binding(&sd_jwt);
        payload.as_object_mut().unwrap().remove(name);
        reasons(&format!("{sd_jwt}{}", holder.sign(&holder.header(), &payload)))
    };
    assert_eq!(with("more", json!(1)), "");
    assert_eq!(with("aud", json!(["https://verifier.example", "b"])), "");
    for (name, value, code) in [
        ("nonce", json!("n-2"), "nonce"),
        ("nonce", json!(1), "nonce"),
        ("aud", json!("https://other.example"), "aud"),
        ("aud", json!(1), "aud"),
        ("iat", json!("x"), "time"),
        ("iat", json!(NOW + 60), "time"),
        ("exp", json!(NOW), "time"),
        ("nbf", json!(NOW + 1), "time"),
        ("sd_hash", json!("x"), "sd_hash"),
        ("sd_hash", json!(1), "sd_hash"),
        // The digest by another algorithm than `_sd_alg`.
        ("sd_hash", json!(DigestAlgorithm::Sha512.digest(&sd_jwt)), "sd_hash"),
    ] {
        assert_eq!(with(name, value.clone()), format!("bad_key_binding:{code}"), "{name}: {value}");
    }
    for (name, code) in [("nonce", "nonce"), ("aud", "aud"), ("iat", "time"), ("sd_hash", "sd_hash")] {
        assert_eq!(without(name), format!("bad_key_binding:{code}"), "{name}");
    }
    let bound = holder.present(&sd_jwt);
    let aged =
        |more: &str| World::new().stdin(&bound).run(format!("verify --json {more}")).reasons().join(" ");
    assert_eq!(aged("--holder-max-age 60s"), "bad_key_binding:time");
    assert_eq!(aged("--holder-max-age 60s --leeway 1s"), "");
    assert_eq!(
        aged("--holder-nonce n-2 --holder-aud a --holder-aud b"),
        "bad_key_binding:nonce bad_key_binding:aud"
    );
}

#[test]
fn refuses_a_binding_over_other_disclosures() {
    let holder = Holder::es256();
    let other = disclosure(&json!(["salt", "age", 30]));
    let issued = issued(&json!({"_sd": [digest(&name()), digest(&other)], "cnf": holder.cnf()}));
    let one = format!("{issued}~{}~", name());
    let both = format!("{issued}~{}~{other}~", name());
    let swapped = format!("{issued}~{other}~{}~", name());
    let signed = |sd_jwt: &str| holder.sign(&holder.header(), &binding(sd_jwt));
    assert_eq!(reasons(&format!("{both}{}", signed(&both))), "");
    for presented in [&one, &swapped, &format!("{issued}~")] {
        assert_eq!(
            reasons(&format!("{presented}{}", signed(&both))),
            "bad_key_binding:sd_hash",
            "{presented}"
        );
    }
}

#[test]
fn refuses_the_binding_of_another_token_or_holder() {
    let (holder, other) = (Holder::es256(), Holder::new(Algorithm::Es256, 2));
    let sd_jwt = bound_to(&holder.cnf());
    assert_eq!(reasons(&other.present(&sd_jwt)), "bad_key_binding:signature");
    let swapped = format!("{sd_jwt}{}", other.sign(&other.header(), &binding(&bound_to(&other.cnf()))));
    assert_eq!(reasons(&swapped), "bad_key_binding:signature bad_key_binding:sd_hash");
    // A key in the header of the key binding JWT is not used.
    let mut header = other.header();
    header["jwk"] = other.jwk(Half::Public);
    let own = format!("{sd_jwt}{}", other.sign(&header, &binding(&sd_jwt)));
    assert_eq!(reasons(&own), "bad_key_binding:signature");
    // The issuer's secret is not the key of the holder.
    let text = signed(r#"{"alg":"HS256","typ":"kb+jwt"}"#, &binding(&sd_jwt).to_string());
    assert_eq!(reasons(&format!("{sd_jwt}{text}")), "bad_key_binding:alg");
}

#[test]
fn refuses_a_header_that_is_not_that_of_a_key_binding_jwt() {
    let holder = Holder::es256();
    let sd_jwt = bound_to(&holder.cnf());
    let with = |header: Value| reasons(&format!("{sd_jwt}{}", holder.sign(&header, &binding(&sd_jwt))));
    assert_eq!(with(json!({"alg": "ES256", "typ": "application/kb+jwt"})), "");
    for (header, code) in [
        (json!({"alg": "ES256"}), "typ"),
        (json!({"alg": "ES256", "typ": "JWT"}), "typ"),
        (json!({"alg": "ES256", "typ": 1}), "typ"),
        (json!({"alg": "none", "typ": "kb+jwt"}), "alg"),
        (json!({"alg": "HS256", "typ": "kb+jwt"}), "alg"),
        (json!({"alg": "ES384", "typ": "kb+jwt"}), "alg"),
        (json!({"alg": "XY", "typ": "kb+jwt"}), "alg"),
        (json!({"alg": "ES256", "typ": "kb+jwt", "crit": ["x"]}), "form"),
        (json!({"alg": "ES256", "typ": "kb+jwt", "b64": false}), "form"),
        (json!({"typ": "kb+jwt"}), "form"),
    ] {
        let found = with(header.clone());
        assert!(found.split(' ').any(|it| it == format!("bad_key_binding:{code}")), "{header}: {found}");
    }
    let array = holder.sign(&holder.header(), &json!([1]));
    assert_eq!(reasons(&format!("{sd_jwt}{array}")), "bad_key_binding:form");
    let extended = holder.sign(&json!({"alg": "ES256", "typ": "kb+jwt", "crit": ["x"]}), &json!([1]));
    assert_eq!(reasons(&format!("{sd_jwt}{extended}")), "bad_key_binding:form");
    let detached = holder.sign(&holder.header(), &json!({}));
    let parts: Vec<&str> = detached.split('.').collect();
    assert_eq!(reasons(&format!("{sd_jwt}{}..{}", parts[0], parts[2])), "bad_key_binding:form");
    assert_eq!(reasons(&format!("{sd_jwt}..")), "bad_key_binding:form");
}

#[test]
fn takes_the_key_from_cnf_alone() {
    let holder = Holder::es256();
    let public = holder.jwk(Half::Public);
    let with = |payload: Value| reasons(&holder.present(&format!("{}~", issued(&payload))));
    let secret = json!({"kty": "oct", "k": "emVicmE"});
    let mut restricted = public.clone();
    restricted["use"] = json!("enc");
    let mut off = public.clone();
    off["y"] = off["x"].clone();
    for payload in [
        json!({"_sd": []}),
        json!({"_sd": [], "cnf": {}}),
        json!({"_sd": [], "cnf": 1}),
        json!({"_sd": [], "cnf": {"kid": "x"}}),
        json!({"_sd": [], "cnf": {"jkt": "x"}}),
        json!({"_sd": [], "cnf": {"jwk": "x"}}),
        json!({"_sd": [], "cnf": {"jwk": {"kty": "EC"}}}),
        json!({"_sd": [], "cnf": public}),
        json!({"_sd": [], "jwk": public}),
        json!({"_sd": [], "cnf": {"jwks": {"keys": [public]}}}),
        json!({"_sd": [], "cnf": {"jwk": holder.jwk(Half::Private)}}),
        json!({"_sd": [], "cnf": {"jwk": secret}}),
        json!({"_sd": [], "cnf": {"jwk": off}}),
    ] {
        assert_eq!(with(payload.clone()), "bad_key_binding:cnf", "{payload}");
    }
    assert_eq!(with(json!({"_sd": [], "cnf": {"jwk": restricted}})), "bad_key_binding:alg");
    // The issuer may make `cnf` disclosable.
    let cnf = disclosure(&json!(["s", "cnf", holder.cnf()]));
    let issued = issued(&json!({"_sd": [digest(&cnf)]}));
    assert_eq!(reasons(&holder.present(&format!("{issued}~{cnf}~"))), "");
    assert_eq!(reasons(&holder.present(&format!("{issued}~"))), "bad_key_binding:cnf");
    // A disclosure without a digest names no key.
    let unsigned = format!("{}~{cnf}~", crate::support::sd_jwt::issued(&json!({"_sd": []})));
    assert_eq!(reasons(&holder.present(&unsigned)), "bad_disclosure:unreferenced bad_key_binding:cnf");
}

#[test]
fn nothing_of_the_holder_counts_without_the_signature_of_the_issuer() {
    let holder = Holder::es256();
    let text = holder.present(&bound_to(&holder.cnf()));
    let world = World::bare().env("FOB_SECRET", SECRET.to_uppercase()).stdin(text);
    let document = world.run(format!("verify --json {DEMANDS}")).json();
    assert_eq!(document["reasons"], json!(["bad_signature"]));
    assert_eq!(document["sd_jwt"]["key_binding"]["verified"], false);
    let check =
        document["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key_binding").unwrap();
    assert_eq!(
        (&check["status"], &check["detail"]),
        (
            &json!("skipped"),
            &json!("not checked: the issuer's signature, which covers `cnf`, is not verified")
        )
    );
}

#[test]
fn rejects_every_changed_byte_of_a_presentation() {
    let holder = Holder::es256();
    let sound = holder.present(&bound_to(&holder.cnf())).into_bytes();
    let verify = |bytes: &[u8]| World::new().stdin(bytes).run(format!("verify --json {DEMANDS}"));
    assert_eq!(verify(&sound).status, 0);
    for at in 0..sound.len() {
        for byte in [b'A', b'~', b'.', sound[at] ^ 1] {
            let mut bytes = sound.clone();
            bytes[at] = byte;
            let is_same = bytes == sound;
            assert!(is_same || verify(&bytes).status != 0, "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
