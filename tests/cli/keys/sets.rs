//! JWK Sets: which key a token gets by the header's `kid`, by what fits, by `--kid`; and what a set may hold that is no
//! hindrance.

use crate::keys::algorithms::{form_text, new_key, shown};
use crate::keys::policy::changed;
use crate::support::world::{Outcome, World, segment};
use serde_json::{Value, json};

/// A new private JWK of that name.
pub(crate) fn named(algorithm: &str, kid: &str) -> String {
    changed(&new_key(algorithm), &json!({"kid": kid}))
}

pub(crate) fn set(keys: &[&str]) -> String {
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn public(key: &str) -> String {
    shown(key, "--public").trim_end().to_owned()
}

fn nameless(key: &str) -> String {
    changed(key, &json!({"kid": null}))
}

/// A token signed with a key.
fn signed(key: &str, options: &str) -> String {
    World::bare().file("key", key).run(format!("encode --key key {options}")).result().to_owned()
}

fn verify(set: &str, token: &str) -> Outcome {
    World::bare().file("set", set).run(format!("verify --json --key set {token}"))
}

#[track_caller]
fn accepted(set: &str, token: &str) -> Value {
    let outcome = verify(set, token);
    let json = outcome.json();
    assert_eq!((outcome.status, &json["reasons"]), (0, &json!([])), "{}", json["checks"]);
    json
}

/// Asserts that no key is found, for that reason in words.
#[track_caller]
fn not_found(set: &str, token: &str, detail: &str) {
    let outcome = verify(set, token);
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]));
    assert_eq!(key_check(&outcome.json())["detail"], detail);
}

fn key_check(json: &Value) -> &Value {
    json["checks"].as_array().unwrap().iter().find(|check| check["name"] == "key").unwrap()
}

#[test]
fn the_kid_of_the_header_selects_the_key() {
    let (a, b) = (named("ES256", "a"), named("ES256", "b"));
    let keys = set(&[&public(&a), &public(&b)]);
    for (key, kid) in [(&a, "a"), (&b, "b")] {
        assert_eq!(accepted(&keys, &signed(key, ""))["key"]["kid"], kid);
    }
    not_found(&keys, &signed(&a, "--kid c"), "the token asks for the key `c`, but the set has `a`, `b`");
    // The other key's name leads to the other key.
    assert_eq!(verify(&keys, &signed(&a, "--kid b")).reasons(), ["bad_signature"]);
    // Names are compared, never resolved or opened.
    for kid in ["../a", "/dev/null", "A", "a\\u0000", "' OR 1=1", "http://localhost/a"] {
        let token =
            World::bare().file("key", nameless(&a)).run_words(&["encode", "--key", "key", "--kid", kid]);
        let outcome = verify(&keys, token.result());
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]), "{kid}");
    }
}

#[test]
fn a_token_without_kid_uses_the_only_key_that_fits() {
    let (es256, es384, rs256) = (named("ES256", "a"), named("ES384", "b"), named("RS256", "c"));
    let keys = set(&[&public(&es384), &public(&rs256), &public(&es256)]);
    for key in [&es256, &es384, &rs256] {
        accepted(&keys, &signed(&nameless(key), ""));
    }
    let other = named("ES256", "d");
    let keys = set(&[&public(&es256), &public(&other), &public(&rs256)]);
    not_found(&keys, &signed(&nameless(&es256), ""), "2 keys of the set fit ES256, but the token names none");
    not_found(&keys, &signed(&nameless(&es384), ""), "no key of the set fits ES384");
}

#[test]
fn rejects_an_algorithm_that_fits_no_key_of_the_set() {
    let keys = set(&[&public(&new_key("ES256")), &public(&new_key("RS256"))]);
    let token = signed(&new_key("EdDSA"), "");
    let reasons = verify(&keys, &token).reasons();
    assert_eq!(reasons.first().map(String::as_str), Some("alg_not_allowed"), "{reasons:?}");
    let world = World::bare().file("set", &keys);
    let reasons = world.run(format!("verify --json --alg EdDSA --key set {token}")).reasons();
    assert_eq!(reasons.first().map(String::as_str), Some("key_mismatch:kty"), "{reasons:?}");
}

#[test]
fn selects_by_type_in_a_set_without_key_ids() {
    let (a, b) = (nameless(&new_key("ES256")), nameless(&new_key("RS256")));
    let keys = set(&[&public(&a), &public(&b)]);
    for key in [&a, &b] {
        accepted(&keys, &signed(key, ""));
        accepted(&keys, &signed(key, "--kid any"));
    }
    let keys = set(&[&public(&a), &public(&nameless(&new_key("ES256")))]);
    not_found(&keys, &signed(&a, "--kid any"), "2 keys of the set fit ES256, but the token names none");
}

#[test]
fn a_repeated_kid_selects_the_key_that_fits() {
    let (es256, rs256) = (named("ES256", "a"), named("RS256", "a"));
    let keys = set(&[&public(&es256), &public(&rs256)]);
    accepted(&keys, &signed(&es256, ""));
    accepted(&keys, &signed(&rs256, ""));
    let keys = set(&[&public(&es256), &public(&named("ES256", "a"))]);
    not_found(&keys, &signed(&es256, ""), "2 keys named `a` fit ES256");
    // One key under one name twice is one key.
    let keys = set(&[&public(&es256), &public(&es256)]);
    accepted(&keys, &signed(&es256, ""));
    accepted(&keys, &signed(&nameless(&es256), ""));
}

#[test]
fn skips_unusable_keys_in_a_set() {
    let key = named("ES256", "good");
    let rsa_for_encryption = changed(&public(&new_key("RS256")), &json!({"use": "enc", "alg": "RSA-OAEP"}));
    let ecdh = changed(&public(&new_key("ES256")), &json!({"alg": "ECDH-ES", "use": null}));
    let enc = changed(&public(&new_key("ES256")), &json!({"use": "enc", "alg": null}));
    let operations =
        changed(&public(&new_key("ES256")), &json!({"use": null, "alg": null, "key_ops": ["deriveKey"]}));
    let others = [
        &*rsa_for_encryption,
        &ecdh,
        &enc,
        &operations,
        r#"{"kty":"LMS","x":1}"#,
        r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed448","x":"AA"}"#,
        r#"{"kty":"EC","crv":"BP-256","x":"AA","y":"AA"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"AA"}"#,
        r#"{"kty":"EC","crv":"P-256","x":"??","y":"AA"}"#,
        r#"{"kty":"RSA","n":"AQ"}"#,
        r#"{"kty":"AKP","alg":"SLH-DSA","pub":"AA"}"#,
        r#"{"kty":7}"#,
        r#"{"kty":"EC","kid":7}"#,
        r#"{}"#,
        "7",
        "null",
        "[]",
        r#""text""#,
    ];
    let token = signed(&key, "");
    let unnamed = signed(&nameless(&key), "");
    for other in others {
        let keys = set(&[other, &public(&key)]);
        accepted(&keys, &token);
        accepted(&keys, &unnamed);
        let keys = set(&[&public(&key), other]);
        accepted(&keys, &unnamed);
    }
    let half = public(&key);
    let all = [&others[..], &[&half]].concat();
    accepted(&set(&all), &token);
    accepted(&set(&all), &unnamed);
    // Nor to sign.
    let all = [&others[..], &[&key]].concat();
    let world = World::bare().file("set", set(&all));
    accepted(&set(&all), world.run("encode --key set").result());
}

#[test]
fn skips_keys_that_policy_rejects() {
    let (key, rsa) = (named("ES256", "good"), named("RS256", "good"));
    let weak = form_text("rsa1024.jwk.json");
    let cubic = form_text("rsa-e3.jwk.json");
    let off = changed(&nameless(&new_key("ES256")), &json!({"x": "AA".repeat(16)}));
    let token = signed(&nameless(&key), "");
    accepted(&set(&[&public(&key), &off]), &token);
    for other in [&weak, &cubic] {
        // The signer is named by its type, so the private half serves as well as the public one.
        accepted(&set(&[&public(&rsa), other]), &signed(&nameless(&rsa), ""));
        // Nor is it where one is to be chosen to sign.
        let outcome = World::bare().file("set", set(&[&rsa, other])).run("encode --key set");
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
    }
}

#[test]
fn explains_why_a_key_selected_by_kid_is_unusable() {
    let good = named("ES256", "good");
    let signed = signed(&good, "--kid other");
    for (other, reason) in [
        (changed(&public(&good), &json!({"kid": "other", "use": "enc"})), "key_mismatch:use"),
        (changed(&public(&good), &json!({"kid": "other", "alg": "ECDH-ES"})), "key_mismatch:alg"),
        (changed(&public(&good), &json!({"kid": "other", "x": "AA"})), "key_mismatch:crv"),
        (changed(&public(&new_key("ES384")), &json!({"kid": "other"})), "key_mismatch:crv"),
        (changed(&public(&new_key("RS256")), &json!({"kid": "other"})), "alg_not_allowed"),
        (json!({"kty": "OKP", "crv": "Ed448", "x": "AA", "kid": "other"}).to_string(), "alg_unsupported"),
        (json!({"kty": "XYZ", "kid": "other"}).to_string(), "key_mismatch:kty"),
        (json!({"kty": "EC", "crv": "P-256", "kid": "other"}).to_string(), "key_not_found"),
    ] {
        let outcome = verify(&set(&[&public(&good), &other]), &signed);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec![reason.to_owned()]), "{other}");
    }
    not_found(
        &set(&[&public(&good), r#"{"kty":"EC","crv":"P-256","kid":"other"}"#]),
        &signed,
        "the key `other` of the set cannot be read: it has no `x`",
    );
}

#[test]
fn rejects_an_empty_set() {
    let world = |text: &str| World::bare().file("set", text);
    for line in ["verify --key set x.y.z", "encode --key set"] {
        world(r#"{"keys":[]}"#).run(line).refused(2, "error: set contains no key\n");
        world(r#"{"keys":[{"kty":"oct"}]}"#)
            .run(line)
            .refused(2, "error: set contains no usable key: it has no `k`\n");
    }
}

#[test]
fn rejects_a_set_of_secrets_and_public_keys() {
    let (secret, key) = (named("HS256", "a"), named("ES256", "b"));
    let mixed = set(&[&secret, &public(&key)]);
    let detail = "the set from set mixes secrets and public keys";
    for token in [signed(&secret, ""), signed(&key, "")] {
        let outcome = verify(&mixed, &token);
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_mismatch:kty".to_owned()]));
        assert_eq!(key_check(&outcome.json())["detail"], detail);
    }
    let world = World::bare().file("set", &mixed);
    let wanted = format!("error: key_mismatch:kty: {detail}\n");
    world.run("encode --key set").refused(2, &wanted);
    world.run("pair --user-id 7 --key set").refused(2, &wanted);
    // Picking one of them by hand does not make the secret one.
    let token = signed(&secret, "");
    assert_eq!(world.run(format!("verify --key set --kid a {token}")).status, 1);
    world.run("encode --key set --kid a").refused(2, &wanted);
    // A set of secrets and private keys must not be published, so the rule does not apply.
    let private = set(&[&secret, &key]);
    accepted(&private, &signed(&secret, ""));
    accepted(&private, &signed(&key, ""));
}

#[test]
fn the_kid_option_selects_the_key() {
    let (a, b) = (named("ES256", "a"), named("ES256", "b"));
    let world = World::bare().file("set", set(&[&public(&a), &public(&b)]));
    let token = signed(&nameless(&a), "");
    assert_eq!(world.run(format!("verify --key set --kid a {token}")).status, 0);
    assert_eq!(world.run(format!("verify --json --key set --kid b {token}")).reasons(), ["bad_signature"]);
    world
        .run(format!("verify --key set --kid c {token}"))
        .refused(2, "error: the set from set has no key with ID `c`, it has `a`, `b`\n");
}

#[test]
fn signs_with_the_only_private_key_or_the_one_of_kid() {
    let (a, b, c) = (named("ES256", "a"), named("ES256", "b"), named("RS256", "c"));
    let world = World::bare().file("set", set(&[&a, &b, &public(&c)]));
    world
        .run("encode --key set")
        .refused(2, "error: several keys of set could sign: `a`, `b`\nhint: choose one with --kid\n");
    let token = world.run("encode --key set --kid b").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"ES256","kid":"b","typ":"JWT"}"#);
    accepted(&set(&[&public(&b)]), &token);
    let world = World::bare().file("set", set(&[&a, &c, &public(&b)]));
    let token = world.run("encode --key set --alg PS256 --no-typ");
    assert_eq!((token.status, token.stderr.as_str()), (2, "error: no key of set can sign with PS256\n"));
    let token = world.run("encode --key set --alg RS256 --no-typ").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"RS256","kid":"c"}"#);
    let world = World::bare().file("set", set(&[&public(&a), &public(&b)]));
    world.run("encode --key set").refused(2, "error: no key of set can sign\n");
    let world = World::bare().file("set", set(&[&public(&a), &b]));
    let token = world.run("encode --key set").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"ES256","kid":"b","typ":"JWT"}"#);
}

#[test]
fn pair_and_refresh_accept_sets() {
    let (a, b) = (named("ES256", "a"), named("ES384", "b"));
    let world = World::bare().file("set", set(&[&a, &b]));
    let pair = world.run("pair --json --user-id 7 --key set --kid b").json();
    let refresh = pair["refresh"].as_str().unwrap();
    assert_eq!(segment(refresh, 0), r#"{"alg":"ES384","kid":"b","typ":"JWT"}"#);
    let next = world.run(format!("refresh --key set --kid b {refresh}")).result().to_owned();
    assert_eq!(segment(&next, 0), r#"{"alg":"ES384","kid":"b","typ":"JWT"}"#);
    assert_eq!(world.run(format!("verify --key set --token-type access {next}")).status, 0);
}

#[test]
fn hints_name_the_key_that_fits_the_signature() {
    let (a, b, c) = (named("ES256", "a"), named("ES256", "b"), nameless(&new_key("ES256")));
    let hints = |keys: &str, token: &str| verify(keys, token).json()["hints"].clone();
    // Another key of the set.
    let keys = set(&[&public(&a), &public(&b), &public(&c)]);
    assert_eq!(
        hints(&keys, &signed(&a, "--kid b")),
        json!(["the signature fits the key `a` of the set: the signer must write that key ID"])
    );
    assert_eq!(hints(&keys, &signed(&c, "--kid b")), json!(["the signature fits another key of the set"]));
    assert_eq!(
        hints(&keys, &signed(&new_key("ES256"), "--kid b")),
        json!([
            "compare the key with the signer's, by the thumbprint that `fob key show --thumbprint PATH` prints; nothing else \
             fits (tried: a newline in the signed text, padding in the signed text, other keys of the set)"
        ])
    );
    // A signature that is cut short says nothing about the key.
    let (rsa, secret) = (new_key("RS256"), new_key("HS256"));
    for (key, given, lost, bytes) in [
        (nameless(&rsa), public(&nameless(&rsa)), 6, "252 bytes, but RS256 with this key makes 256"),
        (nameless(&a), public(&nameless(&a)), 6, "60 bytes, but ES256 makes 64"),
        (nameless(&secret), nameless(&secret), 3, "30 bytes, but HS256 makes 32"),
    ] {
        let token = signed(&key, "--no-iat");
        let hint = format!("the signature has {bytes}: the token may be cut short");
        assert_eq!(hints(&given, &token[..token.len() - lost]), json!([hint]));
    }
    // A length that another algorithm makes is no sign of a cut.
    let sibling = signed(&nameless(&new_key("ES384")), "--no-iat");
    let (input, _) = sibling.rsplit_once('.').unwrap();
    let token = signed(&nameless(&a), "--no-iat");
    let mixed = format!("{input}.{}", token.rsplit_once('.').unwrap().1);
    let hint = hints(&public(&nameless(&new_key("ES384"))), &mixed);
    assert!(hint[1].as_str().unwrap().starts_with("compare the key"), "{hint}");
    // A sibling algorithm: the header says one, the signature is another.
    let key = nameless(&new_key("RS256"));
    let key = changed(&key, &json!({"alg": null}));
    let header = signed(&key, "--no-iat --alg RS256 --no-typ");
    let world = World::bare().file("key", &key);
    let input = header.rsplit_once('.').unwrap().0;
    let signature = {
        use base64::Engine as _;
        use fob::core::token::algorithm::Algorithm;
        use fob::core::token::jws::SigningInput;
        let value = fob::core::json::parse(key.as_bytes()).unwrap();
        let key = fob::core::key::jwk::read(&value, "a test", fob::core::key::jwk::JwkOrigin::Alone).unwrap();
        let bytes = key.signer(Algorithm::Ps256).unwrap().sign(SigningInput::new(input)).unwrap();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    };
    let json = world.run(format!("verify --json --key key {input}.{signature}")).json();
    assert_eq!(json["reasons"], json!(["bad_signature"]));
    assert_eq!(
        json["hints"],
        json!([
            "the signature fits this key with PS256, but the header says RS256: the signer must write `PS256`"
        ])
    );
    let outcome = world.run(format!("verify --key key --alg PS256 {header}"));
    assert_eq!(outcome.stderr, "hint: the RS256 signature fits this key: --alg RS256 allows it\n");
}

#[test]
fn an_empty_key_id_names_no_key() {
    let (a, b) = (named("ES256", "a"), named("RS256", "b"));
    let keys = set(&[&public(&a), &public(&b)]);
    // Old tokens of Kubernetes have such a header.
    let token = World::bare().file("key", nameless(&a)).run_words(&["encode", "--key", "key", "--kid", ""]);
    let token = token.result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"ES256","kid":"","typ":"JWT"}"#);
    accepted(&keys, &token);
    // Two keys fit, and none is named.
    let outcome = verify(&set(&[&public(&a), &public(&named("ES256", "c"))]), &token);
    assert_eq!(outcome.reasons(), ["key_not_found"]);
    let hint = "the key `a` of the set verifies the signature: the signer must write that key ID";
    assert_eq!(outcome.json()["hints"], json!([hint]));
}

#[test]
fn an_empty_key_id_chooses_the_key_of_a_set_that_has_it() {
    let (a, b) = (named("ES256", "a"), new_key("ES256"));
    let mut unnamed: Value = serde_json::from_str(&public(&nameless(&b))).unwrap();
    unnamed["kid"] = json!("");
    let keys = set(&[&public(&a), &unnamed.to_string()]);
    let token = |key: &str| {
        let outcome =
            World::bare().file("key", nameless(key)).run_words(&["encode", "--key", "key", "--kid", ""]);
        outcome.result().to_owned()
    };
    accepted(&keys, &token(&b));
    // Both keys fit, but the token names one of them.
    assert_eq!(verify(&keys, &token(&a)).reasons(), ["bad_signature"]);
    // A set whose keys have no other ID has no names.
    accepted(&set(&[&unnamed.to_string()]), &signed(&b, "--kid x"));
}

#[test]
fn a_key_id_that_is_not_found_says_whether_another_key_fits() {
    let (a, b, c) = (named("ES256", "a"), named("ES256", "b"), nameless(&new_key("ES256")));
    let hints = |keys: &str, token: &str| {
        let outcome = verify(keys, token);
        assert_eq!(outcome.reasons(), ["key_not_found"]);
        outcome.json()["hints"].clone()
    };
    let keys = set(&[&public(&a), &public(&b), &public(&c)]);
    assert_eq!(
        hints(&keys, &signed(&a, "--kid x")),
        json!(["the key `a` of the set verifies the signature: the signer must write that key ID"])
    );
    assert_eq!(
        hints(&keys, &signed(&c, "--kid x")),
        json!(["a key without a key ID in the set verifies the signature"])
    );
    assert_eq!(
        hints(&keys, &signed(&new_key("ES256"), "--kid x")),
        json!(["3 keys tried, and the signature fits none: get the current set of the issuer"])
    );
}
