//! `fob key new`: every algorithm, signed and verified with its new key in every form.

use crate::support::world::{NOW, World, segment};
use fob::core::token::base64url;
use serde_json::{Value, json};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Every algorithm.
pub(super) const ALGORITHMS: [&str; 18] = [
    "HS256",
    "HS384",
    "HS512",
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "ES256K",
    "EdDSA",
    "Ed25519",
    "ML-DSA-44",
    "ML-DSA-65",
    "ML-DSA-87",
];

/// Returns a world with the key files of other tools. `vectors/forms` says how they were made.
pub(crate) fn forms() -> World {
    World::bare().folder(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms"))
}

/// Returns the text of a file of keys.
pub(crate) fn form_text(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/forms");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

/// Returns a new key as a JWK. Generating RSA keys is slow, so two of them are reused in turn.
pub(crate) fn new_key(algorithm: &str) -> String {
    static RSA: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];
    static TURN: AtomicUsize = AtomicUsize::new(0);
    if !matches!(&algorithm[..2], "RS" | "PS") {
        return World::bare().run(format!("key new --alg {algorithm}")).result().to_owned();
    }
    let turn = TURN.fetch_add(1, Ordering::Relaxed) % RSA.len();
    let key =
        RSA[turn].get_or_init(|| World::bare().run("key new --alg RS256 --bits 2048").result().to_owned());
    key.replace(r#""alg":"RS256""#, &format!(r#""alg":"{algorithm}""#))
}

/// Returns the output of `key show` for a JWK, and ignores warnings.
pub(crate) fn shown(jwk: &str, options: &str) -> String {
    let outcome = World::bare().stdin(jwk).run(format!("key show - {options}"));
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    outcome.text().to_owned()
}

fn names(jwk: &str) -> Vec<String> {
    let jwk = fob::core::json::parse(jwk.as_bytes()).unwrap();
    let fob::core::json::Value::Object(members) = jwk else { panic!("no object") };
    members.iter().map(|member| member.name.to_string()).collect()
}

#[test]
fn every_algorithm_signs_and_verifies_with_its_key_in_every_form() {
    for algorithm in ALGORITHMS {
        let private = new_key(algorithm);
        let other = std::iter::repeat_with(|| new_key(algorithm)).find(|other| *other != private).unwrap();
        let mut world = World::bare().file("private.jwk", &private).file("other.jwk", other);
        let (mut signing, mut verifying) = (vec!["private.jwk"], vec!["private.jwk"]);
        if !algorithm.starts_with("HS") {
            world = world
                .file("public.jwk", shown(&private, "--public"))
                .file("private.pem", shown(&private, "--private --format pem"))
                .file("public.pem", shown(&private, "--public --format pem"));
            signing.push("private.pem");
            verifying.extend(["public.jwk", "private.pem", "public.pem"]);
        }
        for signer in &signing {
            let token =
                world.run(format!("encode --key {signer} --alg {algorithm} --sub alice")).result().to_owned();
            assert_eq!(segment(&token, 0), format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#));
            for verifier in &verifying {
                let json = world.run(format!("verify --json --key {verifier} {token}")).json();
                assert_eq!(json["verdict"], "accepted", "{algorithm} {signer} {verifier}: {json}");
                assert_eq!(json["payload"], json!({"sub": "alice", "iat": NOW}));
            }
            let outcome = world.run(format!("verify --json --key other.jwk {token}"));
            assert_eq!(
                (outcome.status, outcome.reasons()),
                (1, vec!["bad_signature".to_owned()]),
                "{algorithm}"
            );
        }
    }
}

#[test]
fn a_new_jwk_decides_the_algorithm_of_its_tokens() {
    for algorithm in ALGORITHMS {
        let world = World::bare().stdin(new_key(algorithm));
        let token = world.run("encode --key - --no-typ").result().to_owned();
        assert_eq!(segment(&token, 0), format!(r#"{{"alg":"{algorithm}"}}"#));
    }
}

#[test]
fn a_new_jwk_has_alg_and_use() {
    for (algorithm, members) in [
        ("HS256", "kty k alg use"),
        ("PS384", "kty n e d p q dp dq qi alg use"),
        ("ES256K", "kty crv x y d alg use"),
        ("EdDSA", "kty crv x d alg use"),
        ("ML-DSA-44", "kty pub priv alg use"),
    ] {
        let jwk = new_key(algorithm);
        assert_eq!(names(&jwk).join(" "), members);
        let json: Value = serde_json::from_str(&jwk).unwrap();
        assert_eq!((&json["alg"], &json["use"]), (&json!(algorithm), &json!("sig")));
    }
}

#[test]
fn new_keys_differ() {
    for algorithm in ["HS256", "ES256", "Ed25519", "ML-DSA-44"] {
        assert_ne!(new_key(algorithm), new_key(algorithm));
    }
}

#[test]
fn coordinates_and_private_numbers_have_their_full_length() {
    for (algorithm, bytes) in [("ES256", 32), ("ES256K", 32), ("ES384", 48), ("ES512", 66)] {
        for _ in 0..20 {
            let jwk: Value = serde_json::from_str(&new_key(algorithm)).unwrap();
            for member in ["x", "y", "d"] {
                let length = base64url::decode(jwk[member].as_str().unwrap()).unwrap().len();
                assert_eq!(length, bytes, "{algorithm} {member}");
            }
        }
    }
}

#[test]
fn a_secret_is_as_long_as_the_hash_of_its_algorithm() {
    for (algorithm, bytes) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        let outcome = World::bare().run(format!("key new --alg {algorithm} --format secret"));
        assert_eq!(base64url::decode(outcome.result()).unwrap().len(), bytes);
        let jwk: Value = serde_json::from_str(&new_key(algorithm)).unwrap();
        assert_eq!(base64url::decode(jwk["k"].as_str().unwrap()).unwrap().len(), bytes);
    }
}

#[test]
fn a_new_secret_works_as_a_file_despite_its_line_break() {
    let secret = World::bare().run("key new --alg HS512 --format secret");
    for format in ["text", "base64url"] {
        let world = World::bare().file("secret", &secret.stdout);
        let options = format!("--secret-file secret --secret-format {format}");
        let token = world.run(format!("encode --alg HS512 {options}")).result().to_owned();
        assert_eq!(world.run(format!("verify {options} {token}")).stderr, "");
        // The text of it is as good a secret, given without its line break.
        let world = World::bare().env("SECRET", secret.result());
        let outcome = world.run(format!("verify --secret-env SECRET --secret-format {format} {token}"));
        assert_eq!(outcome.status, 0);
    }
}

#[test]
fn an_rsa_key_has_3072_bits_unless_told_otherwise() {
    let bits = |options: &str| {
        let jwk = World::bare().run(format!("key new --alg RS256 {options}")).result().to_owned();
        serde_json::from_str::<Value>(&shown(&jwk, "--json")).unwrap()["keys"][0]["bits"].clone()
    };
    assert_eq!(bits(""), 3072);
    assert_eq!(bits("--bits 2048"), 2048);
}

#[test]
fn a_hyphen_is_standard_output() {
    assert_eq!(
        names(World::bare().run("key new --alg EdDSA --out -").result()).join(" "),
        "kty crv x d alg use"
    );
}

#[test]
fn unsupported_sizes_are_refused() {
    for bits in ["0", "512", "1024", "2047", "2056", "16384"] {
        World::bare().run(format!("key new --alg PS256 --bits {bits}")).refused(
            2,
            &format!("error: cannot make an RSA key of {bits} bits, only of 2048, 3072, 4096, 8192\n"),
        );
    }
    for algorithm in ["HS256", "ES256", "EdDSA", "ML-DSA-44"] {
        World::bare()
            .run(format!("key new --alg {algorithm} --bits 2048"))
            .refused(2, &format!("error: --bits is for RSA keys, but {algorithm} has a fixed size\n"));
    }
}

#[test]
fn unsupported_formats_are_refused() {
    World::bare()
        .run("key new --alg HS256 --format pem")
        .refused(2, "error: a secret cannot be written as PEM\nhint: use --format jwk or secret\n");
    World::bare()
        .run("key new --alg ES256 --format secret")
        .refused(2, "error: a key for ES256 is not a secret\nhint: use --format jwk or pem\n");
    for line in ["--alg ES256 --format pem --kid a", "--alg HS256 --format secret --kid thumbprint"] {
        World::bare()
            .run(format!("key new {line}"))
            .refused(2, "error: only a JWK contains a key ID\nhint: use --format jwk\n");
    }
    for line in ["key new --alg none", "key new --alg Ed448", "key new --alg es257", "key"] {
        let outcome = World::bare().run(line);
        assert_eq!((outcome.status, outcome.text()), (2, ""), "{line}");
    }
}

#[test]
fn a_key_can_be_named_and_its_tokens_carry_the_name() {
    let jwk = World::bare().run("key new --alg ES256 --kid 'the key'").result().to_owned();
    assert_eq!(names(&jwk).join(" "), "kty crv x y d kid alg use");
    let world = World::bare().file("key", &jwk);
    let token = world.run("encode --key key").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"ES256","kid":"the key","typ":"JWT"}"#);
    assert_eq!(world.run(format!("verify --key key {token}")).status, 0);
    // --kid overrides the key ID of the key.
    let token = world.run("encode --key key --kid b").result().to_owned();
    assert_eq!(segment(&token, 0), r#"{"alg":"ES256","kid":"b","typ":"JWT"}"#);
    let outcome = world.run(format!("verify --json --key key {token}"));
    assert_eq!((outcome.status, outcome.reasons()), (1, vec!["key_not_found".to_owned()]));
    assert_eq!(world.run(format!("verify --key key --kid b {token}")).status, 0);
}

#[test]
fn a_key_can_be_named_after_itself() {
    for algorithm in ["HS256", "RS256 --bits 2048", "ES512", "EdDSA", "ML-DSA-44"] {
        let jwk =
            World::bare().run(format!("key new --kid thumbprint --alg {algorithm}")).result().to_owned();
        let kid = serde_json::from_str::<Value>(&jwk).unwrap()["kid"].as_str().unwrap().to_owned();
        assert_eq!(shown(&jwk, "--thumbprint"), format!("{kid}\n"));
        assert_eq!(base64url::decode(&kid).unwrap().len(), 32);
    }
}

#[test]
fn the_names_of_one_signature_are_both_accepted() {
    let key = new_key("Ed25519");
    let world = World::bare().file("key", shown(&key, "--private --format pem"));
    for (mints, allows) in [("EdDSA", "Ed25519"), ("Ed25519", "EdDSA")] {
        let token = world.run(format!("encode --key key --alg {mints}")).result().to_owned();
        assert_eq!(world.run(format!("verify --key key {token}")).status, 0);
        // The allow-list names exactly one of them.
        let outcome = world.run(format!("verify --json --key key --alg {allows} {token}"));
        assert_eq!((outcome.status, outcome.reasons()), (1, vec!["alg_not_allowed".to_owned()]));
    }
}

#[test]
fn pair_and_refresh_work_with_keys() {
    for algorithm in ["HS256", "RS256", "ES256", "EdDSA", "ML-DSA-44"] {
        let world = World::bare().file("key", new_key(algorithm));
        let pair = world.run("pair --json --user-id 7 --key key").json();
        let (access, refresh) = (pair["access"].as_str().unwrap(), pair["refresh"].as_str().unwrap());
        assert_eq!(world.run(format!("verify --key key --token-type access {access}")).status, 0);
        let next = world.run(format!("refresh --key key {refresh}")).result().to_owned();
        assert_eq!(world.run(format!("verify --key key --token-type access {next}")).status, 0);
        let outcome = world.run(format!("refresh --json --key key {access}"));
        assert_eq!(
            (outcome.status, outcome.reasons()),
            (1, vec!["wrong_token_type".to_owned()]),
            "{algorithm}"
        );
    }
}

#[test]
fn a_new_key_is_for_es256_without_an_algorithm() {
    for (line, full) in [
        ("", "--alg ES256"),
        ("--kid thumbprint", "--alg ES256 --kid thumbprint"),
        ("--format pem", "--alg ES256 --format pem"),
        ("--format secret", "--alg HS256 --format secret"),
    ] {
        let made = |options: &str| World::bare().run(format!("key new --seed 1 {options}"));
        let (short, long) = (made(line), made(full));
        assert_eq!((short.status, short.text()), (0, long.text()), "{line}: {}", short.stderr);
    }
}
