//! Tests of making tokens: round trips of every algorithm, the choice of algorithms, and the header.

use super::*;
use crate::core::encryption::Encrypter;
use crate::core::encryption::error::{EncryptionError, KeyUnfit};
use crate::core::json::{Member, Value};

#[test]
fn every_algorithm_opens_what_it_seals() {
    let mut count = 0;
    for algorithm in KeyAlgorithm::ALL.iter().copied().filter(|known| *known != KeyAlgorithm::Rsa1_5) {
        for content in ContentAlgorithm::ALL.iter().copied() {
            for key in keys(algorithm, content) {
                let encrypter = Encrypter::new(&public(&key), settings(algorithm, content)).unwrap();
                let decrypter = permissive(key.clone());
                for plaintext in ["", "{}", "a text that is longer than two blocks of AES"] {
                    let token = encrypter.encrypt(plaintext.as_bytes()).unwrap();
                    let opened = open(&token, &decrypter).unwrap();
                    assert_eq!(text(&opened), plaintext, "{algorithm} {content} {}", key.kind());
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, (7 + 4 + 4 * 4 + 3) * 6 * 3);
}

#[test]
fn two_tokens_of_one_content_share_no_random_value() {
    for algorithm in KeyAlgorithm::ALL.iter().copied().filter(|known| *known != KeyAlgorithm::Rsa1_5) {
        let content = ContentAlgorithm::A256Gcm;
        let key = keys(algorithm, content).remove(0);
        let encrypter = Encrypter::new(&key, settings(algorithm, content)).unwrap();
        let [first, second] = [(), ()].map(|()| encrypter.encrypt(b"{}").unwrap());
        for (part, (a, b)) in first.split('.').zip(second.split('.')).enumerate().skip(1) {
            assert!(a.is_empty() || a != b, "{algorithm} {part}");
        }
    }
}

#[test]
fn writes_the_header_in_a_fixed_order() {
    let mut key = x25519();
    key.kid = Some("k".to_owned());
    let settings = EncryptionSettings {
        producer: b"Alice".to_vec(),
        recipient: b"Bob".to_vec(),
        compresses: true,
        others: vec![Member::new("iss", Value::string("joe"))],
        ..EncryptionSettings::default()
    };
    let token = Encrypter::new(&public(&key), settings).unwrap().encrypt_token("a.b.c").unwrap();
    let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
    let names: Vec<&str> = jwe.header().members().iter().map(|member| &*member.name).collect();
    assert_eq!(names, ["alg", "enc", "kid", "cty", "epk", "apu", "apv", "zip", "iss"]);
    assert_eq!((jwe.cty(), jwe.kid()), (Some("JWT"), Some("k")));
    let opened = decrypter(key).decrypt(&jwe).unwrap();
    assert_eq!((text(&opened), opened.is_nested()), ("a.b.c", true));
}

#[test]
fn chooses_algorithms_by_the_key() {
    let of = |key: &Key| match Encrypter::new(key, EncryptionSettings::default()) {
        Ok(encrypter) => format!("{} {}", encrypter.algorithm(), encrypter.content()),
        Err(error) => format!("{error:?}"),
    };
    assert_eq!(of(&rsa()), "RSA-OAEP-256 A256GCM");
    assert_eq!(of(&ec(Algorithm::Es384)), "ECDH-ES+A256KW A256GCM");
    assert_eq!(of(&x25519().public().unwrap()), "ECDH-ES+A256KW A256GCM");
    for (bytes, expected) in [
        (16, "dir A128GCM"),
        (24, "dir A192GCM"),
        (32, "dir A256GCM"),
        (48, "dir A192CBC-HS384"),
        (64, "dir A256CBC-HS512"),
    ] {
        assert_eq!(of(&secret(&vec![1; bytes])), expected);
    }
    assert_eq!(
        Encrypter::new(&secret(b"password"), EncryptionSettings::default()).unwrap_err(),
        EncryptionError::NoDefault { key: "a shared key".to_owned(), secret: Some(8) }
    );
    let named = |alg: &str| {
        let mut key = secret(&[1; 32]);
        key.restrictions.alg = Some(alg.to_owned());
        of(&key)
    };
    assert_eq!(named("A256KW"), "A256KW A256GCM");
    assert_eq!(named("A128CBC-HS256"), "dir A128CBC-HS256");
    let mut key = rsa();
    key.restrictions.alg = Some("RSA1_5".to_owned());
    assert_eq!(of(&key), "NeverMade(Rsa1_5)");
}

#[test]
fn refuses_settings_that_would_break_a_token() {
    let error = |settings| Encrypter::new(&secret(&[1; 32]), settings).unwrap_err();
    let other = |name: &'static str| vec![Member::new(name, Value::string("x"))];
    for name in ["alg", "enc", "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "crit", "b64"] {
        let settings = EncryptionSettings { others: other(name), ..EncryptionSettings::default() };
        assert_eq!(error(settings), EncryptionError::Reserved(name.to_owned()));
    }
    let twice = [other("typ"), other("typ")].concat();
    let settings = EncryptionSettings { others: twice, ..EncryptionSettings::default() };
    assert_eq!(error(settings), EncryptionError::Repeated("typ".to_owned()));
    let kid = Some("k".to_owned());
    let settings = EncryptionSettings { kid, others: other("kid"), ..EncryptionSettings::default() };
    assert_eq!(error(settings), EncryptionError::Repeated("kid".to_owned()));
    let (minimum, maximum) = (1_000, 1_000_000);
    for count in [0, 999, 1_000_001] {
        let settings = EncryptionSettings { iterations: Some(count), ..EncryptionSettings::default() };
        assert_eq!(error(settings), EncryptionError::Iterations { count, minimum, maximum });
    }
    let settings =
        EncryptionSettings { content: Some(ContentAlgorithm::A128Gcm), ..EncryptionSettings::default() };
    let unfit = KeyUnfit::SecretLength { algorithm: "A128GCM", length: 32, expected: 16 };
    assert_eq!(error(settings), EncryptionError::Key(unfit));
}

#[test]
fn the_settings_of_an_encrypter_make_tokens_with_the_same_header_for_another_key() {
    let settings = EncryptionSettings {
        kid: Some("k".to_owned()),
        others: vec![Member::new("iss", Value::string("joe"))],
        ..EncryptionSettings::default()
    };
    let first = Encrypter::new(&secret(&[1; 32]), settings).unwrap();
    let second = Encrypter::new(&secret(&[2; 32]), first.settings().clone()).unwrap();
    let [one, other] = [first, second].map(|encrypter| encrypter.encrypt(b"{}").unwrap());
    assert_eq!(one.split('.').next(), other.split('.').next());
}
