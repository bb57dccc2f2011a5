//! Tests of the whole folder. This file holds their keys and helpers.

mod making;
mod mutations;
mod opening;
mod vectors;

use super::algorithm::{ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::error::{DecryptionError, JweError};
use super::{Decrypted, Decrypter, EncryptionSettings, Jwe};
use crate::core::json::parse;
use crate::core::key::Key;
use crate::core::key::jwk::{self, JwkOrigin};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Algorithm;

const MAX_SIZE: usize = 1 << 20;

fn read_key(jwk: &str) -> Key {
    jwk::read(&parse(jwk.as_bytes()).unwrap(), "a test", JwkOrigin::Alone).unwrap()
}

fn secret(bytes: &[u8]) -> Key {
    Key::hmac(Secret::new(bytes.to_vec()), None, "a test".to_owned())
}

fn decrypter(key: Key) -> Decrypter {
    Decrypter::new(KeyRing::from(key), MAX_SIZE)
}

/// Returns a decrypter that allows every algorithm.
fn permissive(key: Key) -> Decrypter {
    decrypter(key).naming(KeyAlgorithm::ALL.to_vec())
}

/// The error that refuses a token, in parsing or in decryption.
#[derive(Debug, PartialEq)]
enum Refusal {
    Token(JweError),
    Decryption(DecryptionError),
}

fn open(token: &str, decrypter: &Decrypter) -> Result<Decrypted, Refusal> {
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).map_err(Refusal::Token)?;
    decrypter.decrypt(&jwe).map_err(Refusal::Decryption)
}

fn text(opened: &Decrypted) -> &str {
    std::str::from_utf8(opened.plaintext.expose()).unwrap()
}

/// A JSON document of vectors.
fn document(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

/// The private keys of the tests, one for each type and curve.
fn rsa() -> Key {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    read_key(&file["vectors"][0]["key"].to_string())
}

fn ec(algorithm: Algorithm) -> Key {
    let key = Key::generate(algorithm, None).unwrap();
    Key::new(key.material, "a test".to_owned(), "new")
}

fn x25519() -> Key {
    // RFC 7748 section 6.1, Alice.
    read_key(
        r#"{"kty":"OKP","crv":"X25519","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#,
    )
}

/// Returns the keys that an algorithm can be used with.
fn keys(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> Vec<Key> {
    match algorithm.management() {
        KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => vec![rsa()],
        KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => {
            vec![ec(Algorithm::Es256), ec(Algorithm::Es384), ec(Algorithm::Es512), x25519()]
        }
        KeyManagement::Password(..) => vec![secret(b"correct horse battery staple")],
        _ => vec![secret(&vec![7; algorithm.secret_bytes(content).unwrap()])],
    }
}

fn settings(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> EncryptionSettings {
    EncryptionSettings {
        algorithm: Some(algorithm),
        content: Some(content),
        iterations: Some(1_000),
        ..EncryptionSettings::default()
    }
}

/// Returns the public half of a key pair, and a secret as it is.
fn public(key: &Key) -> Key {
    key.public().unwrap_or_else(|| key.clone())
}
