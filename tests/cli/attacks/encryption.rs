//! Encryption: encrypted tokens that reveal a key or a plaintext, cost too much, or pass as signed.

use super::{encoded, judged};
use crate::support::world::{Outcome, World, token};
use crate::verify::encrypted::{SHARED, sealed, vectors};
use crate::verify::layers::sealed_times;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::encryption::{Encrypter, EncryptionSettings};
use fob::core::key::Key;
use fob::core::key::secret::Secret;
use num_bigint::BigUint;
use serde_json::{Value, json};

/// The example of RFC 7520 section 5.1: RSA1_5 with A128CBC-HS256.
const RSA1_5: &str =
    include_str!("../../vectors/cookbook/jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json");

fn world() -> World {
    World::new().file("shared.jwk", SHARED)
}

/// Returns a token with another segment in place of one of its five.
fn replaced(token: &str, index: usize, segment: &str) -> String {
    let mut segments: Vec<&str> = token.split('.').collect();
    segments[index] = segment;
    segments.join(".")
}

fn bytes(token: &str, index: usize) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap()
}

/// Returns the token and the world with the key of a test vector.
fn vector(alg: &str, enc: &str) -> (World, String) {
    let all = vectors();
    let found = all.iter().find(|it| it["alg"] == alg && it["enc"] == enc).unwrap();
    (World::new().file("key.jwk", found["key"].to_string()), found["token"].as_str().unwrap().to_owned())
}

/// Asserts that all documents of these outcomes are equal but for the header, which the attacker knows.
#[track_caller]
fn alike(outcomes: &[Outcome]) {
    let shown = |outcome: &Outcome| (outcome.status, outcome.stderr.clone(), outcome.json());
    for outcome in outcomes {
        assert_eq!(shown(outcome), shown(&outcomes[0]));
    }
}

#[test]
fn refuses_ephemeral_keys_off_the_curve() {
    for vector in vectors().iter().filter(|it| it["alg"].as_str().unwrap().starts_with("ECDH")) {
        let world = World::new().file("key.jwk", vector["key"].to_string());
        let token = vector["token"].as_str().unwrap();
        judged(&world, "--decrypt-key key.jwk", token, 1, &["not_signed"]);
        let header: Value = serde_json::from_slice(&bytes(token, 0)).unwrap();
        let coordinate = if header["epk"]["kty"] == "OKP" { "x" } else { "y" };
        let good = URL_SAFE_NO_PAD.decode(header["epk"][coordinate].as_str().unwrap()).unwrap();
        let mut other = good.clone();
        *other.last_mut().unwrap() ^= 1;
        let one = [vec![1], vec![0; good.len() - 1]].concat();
        // Every text of 32 bytes is a point for X25519, so the agreement itself refuses those of small order.
        let bad =
            if coordinate == "x" { vec![vec![0; 32], one] } else { vec![other, vec![0; good.len()], one] };
        for value in bad {
            let mut header = header.clone();
            header["epk"][coordinate] = json!(encoded(value));
            let token = replaced(token, 0, &encoded(header.to_string()));
            let (status, reason) =
                if coordinate == "x" { (1, "decrypt_failed") } else { (4, "malformed:epk") };
            judged(&world, "--decrypt-key key.jwk", token, status, &[reason]);
        }
    }
}

#[test]
fn gives_no_oracle_for_the_padding_of_rsa() {
    let example: Value = serde_json::from_str(RSA1_5).unwrap();
    let token = example["output"]["compact"].as_str().unwrap();
    let key = &example["input"]["key"];
    let number =
        |name: &str| BigUint::from_bytes_be(&URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap());
    let (n, e) = (number("n"), number("e"));
    let world = World::new().file("key.jwk", key.to_string());
    judged(&world, "--decrypt-key key.jwk", token, 1, &["alg_not_allowed"]);
    let block = |start: &[u8], end: &[u8]| {
        let middle = vec![0x5A; 256 - start.len() - end.len()];
        let sent = BigUint::from_bytes_be(&[start, &middle, end].concat()).modpow(&e, &n).to_bytes_be();
        encoded([vec![0; 256 - sent.len()], sent].concat())
    };
    let right_length = [&[0][..], &[7; 32]].concat();
    let tried = [
        block(&[0, 2], &right_length),
        block(&[0, 2], &right_length[1..]),
        block(&[0, 2], &[0, 7]),
        block(&[0, 2, 0], &right_length),
        block(&[0, 2], &[]),
        block(&[0, 1], &right_length),
        block(&[0, 3], &[]),
        block(&[1, 2], &right_length),
        encoded([0; 256]),
        encoded([0x7F; 256]),
    ];
    let outcomes: Vec<Outcome> = tried
        .iter()
        .map(|key| {
            let options = "--decrypt-key key.jwk --decrypt-alg RSA1_5";
            judged(&world, options, replaced(token, 1, key), 1, &["decrypt_failed"])
        })
        .collect();
    alike(&outcomes);
}

#[test]
fn gives_no_oracle_for_the_padding_of_blocks() {
    let (world, token) = vector("dir", "A128CBC-HS256");
    let (iv, ciphertext, tag) = (bytes(&token, 2), bytes(&token, 3), bytes(&token, 4));
    let mut tried = Vec::new();
    for (index, whole) in [(2, &iv), (3, &ciphertext), (4, &tag)] {
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            tried.push(replaced(&token, index, &encoded(changed)));
        }
    }
    tried.push(replaced(&token, 3, &encoded([&ciphertext[..], &[0; 16]].concat())));
    let judge = |token: &String| judged(&world, "--decrypt-key key.jwk", token, 1, &["decrypt_failed"]);
    alike(&tried.iter().map(judge).collect::<Vec<_>>());
    // The attacker knows the lengths, so the report may name them.
    for length in [0, 1, 15, ciphertext.len() - 1] {
        judge(&replaced(&token, 3, &encoded(&ciphertext[..length])));
    }
}

#[test]
fn demands_the_whole_authentication_tag() {
    for (alg, enc) in [("dir", "A128CBC-HS256"), ("A256KW", "A128GCM"), ("RSA-OAEP-512", "A192GCM")] {
        let (world, token) = vector(alg, enc);
        let tag = bytes(&token, 4);
        for length in 0..tag.len() {
            let cut = replaced(&token, 4, &encoded(&tag[..length]));
            judged(&world, "--decrypt-key key.jwk", cut, 1, &["decrypt_failed"]);
        }
        let longer = replaced(&token, 4, &encoded([&tag[..], &[0]].concat()));
        judged(&world, "--decrypt-key key.jwk", longer, 1, &["decrypt_failed"]);
        let mut changed = bytes(&token, 3);
        changed[0] ^= 1;
        for tag in ["", &encoded([0; 16])] {
            let forged = replaced(&replaced(&token, 3, &encoded(&changed)), 4, tag);
            judged(&world, "--decrypt-key key.jwk", forged, 1, &["decrypt_failed"]);
        }
    }
    // The tag of a wrapped key is whole, too.
    let (world, token) = vector("A128GCMKW", "A192GCM");
    let mut header: Value = serde_json::from_slice(&bytes(&token, 0)).unwrap();
    let tag = URL_SAFE_NO_PAD.decode(header["tag"].as_str().unwrap()).unwrap();
    for length in [0, 1, 4, 15] {
        header["tag"] = json!(encoded(&tag[..length]));
        let cut = replaced(&token, 0, &encoded(header.to_string()));
        judged(&world, "--decrypt-key key.jwk", cut, 1, &["decrypt_failed"]);
    }
}

#[test]
fn limits_the_iterations_of_a_password() {
    let world = World::new().env("PW", "hunter2-hunter2");
    for algorithm in ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"] {
        for count in
            ["1000001", "2147483647", "4294967297", "18446744073709551616", "1e9", "0", "-1", "\"9\""]
        {
            let header =
                format!(r#"{{"alg":"{algorithm}","enc":"A128GCM","p2s":"AAAAAAAAAAA","p2c":{count}}}"#);
            let token = format!(
                "{}.{}.{}.AA.{}",
                encoded(header),
                encoded([0; 24]),
                encoded([0; 12]),
                encoded([0; 16])
            );
            let options = format!("--decrypt-secret-env PW --decrypt-alg {algorithm}");
            judged(&world, &options, &token, 4, &["malformed:p2c"]);
            // Without the name of the algorithm, a key is never used as a password.
            assert_eq!(judged(&world, "--decrypt-secret-env PW", token, 4, &["malformed:p2c"]).status, 4);
        }
    }
}

#[test]
fn limits_the_size_of_decompressed_content() {
    let key = Key::hmac(Secret::new(b"A-shared-key-of-these-32-bytes!!".to_vec()), None, String::new());
    let settings = || EncryptionSettings { compresses: true, ..EncryptionSettings::default() };
    let sealed = |content: &[u8]| Encrypter::new(&key, settings()).unwrap().encrypt(content).unwrap();
    let claims = |length: usize| format!(r#"{{"a":"{}"}}"#, "a".repeat(length));
    for bomb in [claims(300_000), claims(4_000_000), "\0".repeat(2_000_000)] {
        let token = sealed(bomb.as_bytes());
        assert!(token.len() < 100_000, "{}", token.len());
        judged(&world(), "--decrypt-key shared.jwk", token, 4, &["malformed:too_large"]);
    }
    judged(&world(), "--decrypt-key shared.jwk --accept-shared-key", sealed(br#"{"a":1}"#), 0, &[]);
}

#[test]
fn never_takes_an_encrypted_token_for_a_signed_one() {
    for vector in vectors() {
        let token = vector["token"].as_str().unwrap();
        let world = World::new().file("key.jwk", vector["key"].to_string());
        judged(&world, "", token, 4, &["jwe"]);
        let outcome = world.clone().stdin(token).run("verify --json --key key.jwk");
        assert!([2, 4].contains(&outcome.status), "{}", outcome.text());
    }
    // A token of three segments with the header of an encrypted one, and the reverse.
    let signed = crate::support::world::signed(r#"{"alg":"dir","enc":"A256GCM"}"#, r#"{"sub":"admin"}"#);
    judged(&world(), "--decrypt-key shared.jwk", signed, 1, &["alg_unsupported"]);
    let five = replaced(&sealed("{}", "{}"), 0, &encoded(r#"{"alg":"HS256"}"#));
    judged(&world(), "--decrypt-key shared.jwk", five, 1, &["alg_unsupported"]);
}

#[test]
fn rejects_claims_that_anyone_could_encrypt() {
    for vector in vectors() {
        let (alg, token) = (vector["alg"].as_str().unwrap(), vector["token"].as_str().unwrap());
        let world = World::new().file("key.jwk", vector["key"].to_string());
        let options = format!("--decrypt-key key.jwk --decrypt-alg {alg}");
        judged(&world, &options, token, 1, &["not_signed"]);
        if alg.starts_with("RSA") || alg.starts_with("ECDH") {
            judged(&world, &format!("{options} --accept-shared-key"), token, 1, &["not_signed"]);
        }
    }
    // The content says that it is signed, by a key or by `none`.
    let none = format!("{}.{}.", encoded(r#"{"alg":"none"}"#), encoded(r#"{"sub":"admin"}"#));
    for (content, status, reason) in
        [(none.as_str(), 1, "alg_none"), (r#"{"sub":"admin"}"#, 4, "malformed:charset")]
    {
        let options = "--decrypt-key shared.jwk --accept-shared-key";
        judged(&world(), options, sealed(content, r#"{"cty":"JWT"}"#), status, &[reason]);
    }
}

#[test]
fn opens_two_layers_and_no_more() {
    let signed = token(r#"{"sub":"alice"}"#);
    judged(&world(), "--decrypt-key shared.jwk", sealed_times(&signed, 2), 0, &[]);
    for layers in [3, 4, 20] {
        judged(&world(), "--decrypt-key shared.jwk", sealed_times(&signed, layers), 4, &["jwe"]);
    }
}

#[test]
fn never_lets_the_token_choose_what_a_decryption_key_does() {
    let (rsa, token) = vector("RSA-OAEP-256", "A256CBC-HS512");
    let header = |alg: &str, enc: &str| encoded(json!({"alg": alg, "enc": enc}).to_string());
    for (alg, length, reason) in [
        ("RSA1_5", 256, "alg_not_allowed"),
        ("RSA-OAEP", 256, "decrypt_failed"),
        ("dir", 0, "key_mismatch:kty"),
        ("A128KW", 72, "key_mismatch:kty"),
        ("none", 0, "alg_unsupported"),
        ("rsa-oaep-256", 256, "alg_unsupported"),
    ] {
        let key = encoded(&bytes(&token, 1)[..length]);
        let other = replaced(&replaced(&token, 0, &header(alg, "A256CBC-HS512")), 1, &key);
        judged(&rsa, "--decrypt-key key.jwk", other, 1, &[reason]);
    }
    let for_shared = sealed("{}", "{}");
    for (alg, enc, reason) in [
        ("PBES2-HS256+A128KW", "A256GCM", "alg_not_allowed"),
        ("A256KW", "A256GCM", "decrypt_failed"),
        ("dir", "A128CBC-HS256", "decrypt_failed"),
        ("dir", "A128GCM", "key_mismatch:alg"),
        ("RSA-OAEP", "A256GCM", "key_mismatch:kty"),
    ] {
        let mut header = json!({"alg": alg, "enc": enc});
        if alg.starts_with("PBES2") {
            header = json!({"alg": alg, "enc": enc, "p2s": "AAAAAAAAAAA", "p2c": 1000});
        }
        let other = replaced(&for_shared, 0, &encoded(header.to_string()));
        let other = if alg == "dir" { other } else { replaced(&other, 1, &encoded([0; 40])) };
        judged(&world(), "--decrypt-key shared.jwk", other, 1, &[reason]);
    }
}

#[test]
fn rejects_copies_of_claims_that_differ() {
    let inner = token(r#"{"iss":"joe","sub":"alice"}"#);
    for (copies, reason) in [
        (json!({"iss": "mallory"}), "wrong_claim:iss"),
        (json!({"iss": "joe", "sub": "admin"}), "wrong_claim:sub"),
        (json!({"aud": "api"}), "wrong_claim:aud"),
    ] {
        let mut header = json!({"cty": "JWT"});
        header.as_object_mut().unwrap().extend(copies.as_object().unwrap().clone());
        judged(&world(), "--decrypt-key shared.jwk", sealed(&inner, &header.to_string()), 1, &[reason]);
    }
}
