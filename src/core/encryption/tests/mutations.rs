//! Tokens that are changed at random: none is accepted, and nothing panics.

use super::*;
use crate::core::encryption::{Encrypter, JsonJwe};

/// Numbers for mutations: the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// Returns a token that differs from the given one.
fn mutated(token: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    const SYMBOLS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    let mut changed = token.to_vec();
    loop {
        let at = numbers.below(changed.len());
        match numbers.below(10) {
            0 => changed[at] = u8::try_from(numbers.below(256)).unwrap(),
            1 => drop(changed.remove(at)),
            2 => changed.insert(at, SYMBOLS[numbers.below(SYMBOLS.len())]),
            3 => {
                let other = numbers.below(changed.len());
                changed.swap(at, other);
            }
            // Most mutations keep the form, so that they reach the cryptography.
            _ if changed[at] != b'.' => changed[at] = SYMBOLS[numbers.below(SYMBOLS.len() - 1)],
            _ => {}
        }
        if changed != token && numbers.below(4) != 0 {
            return changed;
        }
    }
}

/// Mutates a token of an algorithm 2,000 times. Nothing panics, and nothing is accepted.
fn mutate(algorithm: KeyAlgorithm, content: ContentAlgorithm) {
    mutate_times(2_000, algorithm, content);
}

fn mutate_times(times: usize, algorithm: KeyAlgorithm, content: ContentAlgorithm) {
    let key = keys(algorithm, content).remove(0);
    let token = match algorithm {
        KeyAlgorithm::Rsa1_5 => rsa1_5_token(),
        _ => {
            let encrypter = Encrypter::new(&public(&key), settings(algorithm, content)).unwrap();
            encrypter.encrypt(br#"{"sub":"alice"}"#).unwrap()
        }
    };
    let key = if algorithm == KeyAlgorithm::Rsa1_5 { rsa1_5_key() } else { key };
    let decrypter = permissive(key);
    assert!(open(&token, &decrypter).is_ok(), "{algorithm} {content}");
    let mut numbers = Numbers(7);
    let mut failed = 0;
    for _ in 0..times {
        let changed = mutated(token.as_bytes(), &mut numbers);
        let Ok(jwe) = Jwe::parse(&changed, MAX_SIZE) else { continue };
        match decrypter.decrypt(&jwe) {
            Ok(_) => panic!("{algorithm} {content}: {}", String::from_utf8_lossy(&changed)),
            Err(DecryptionError::DecryptFailed) => failed += 1,
            Err(_) => {}
        }
    }
    // Usually a tenth with `ECDH-ES`, whose header is long, and more with the others. Keys are random, so it varies.
    assert!(failed > times / 20, "{algorithm} {content}: {failed} reach the cryptography");
}

fn rsa1_5_key() -> Key {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    read_key(&file["vectors"][1]["key"].to_string())
}

fn rsa1_5_token() -> String {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    file["vectors"][1]["token"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "1,900,000 mutations take their time: cargo test --lib -- --ignored mutations"]
fn accepts_no_mutation_of_any_algorithm_in_100_000_each() {
    for algorithm in KeyAlgorithm::ALL.iter().copied() {
        let content = match algorithm {
            KeyAlgorithm::Rsa1_5 => ContentAlgorithm::A128CbcHs256,
            _ => ContentAlgorithm::A256Gcm,
        };
        mutate_times(100_000, algorithm, content);
    }
}

#[test]
fn accepts_no_mutation_with_direct_encryption() {
    for content in ContentAlgorithm::ALL.iter().copied() {
        mutate(KeyAlgorithm::Dir, content);
    }
}

#[test]
fn accepts_no_mutation_of_a_wrapped_key() {
    for (algorithm, content) in [
        (KeyAlgorithm::A128Kw, ContentAlgorithm::A128CbcHs256),
        (KeyAlgorithm::A192Kw, ContentAlgorithm::A192Gcm),
        (KeyAlgorithm::A256Kw, ContentAlgorithm::A256CbcHs512),
        (KeyAlgorithm::A256GcmKw, ContentAlgorithm::A256Gcm),
        (KeyAlgorithm::Pbes2A128Kw, ContentAlgorithm::A128Gcm),
    ] {
        mutate(algorithm, content);
    }
}

#[test]
fn accepts_no_mutation_of_an_agreement() {
    mutate(KeyAlgorithm::EcdhEs, ContentAlgorithm::A128Gcm);
    mutate(KeyAlgorithm::EcdhEsA256Kw, ContentAlgorithm::A256CbcHs512);
}

#[test]
fn accepts_no_mutation_of_an_rsa_encrypted_key() {
    mutate(KeyAlgorithm::RsaOaep256, ContentAlgorithm::A256Gcm);
}

#[test]
fn accepts_no_mutation_of_rsa1_5() {
    mutate(KeyAlgorithm::Rsa1_5, ContentAlgorithm::A128CbcHs256);
}

/// White space and the unprotected headers of a JSON serialization are not authenticated, but its content is.
#[test]
fn reads_no_other_content_from_a_mutated_json_serialization() {
    let file = document(include_str!("../../../../tests/vectors/rfc7516.json"));
    let (vector, mut numbers) = (&file["vectors"][5], Numbers(7));
    let json = vector["json"].to_string();
    let decrypter = decrypter(read_key(&vector["key"].to_string()));
    let mut opened = 0;
    for _ in 0..20_000 {
        let Ok(parsed) = JsonJwe::parse(&mutated(json.as_bytes(), &mut numbers), MAX_SIZE) else { continue };
        for jwe in parsed.recipients.iter().flatten() {
            if let Ok(content) = decrypter.decrypt(jwe) {
                assert_eq!(text(&content), vector["plaintext"].as_str().unwrap());
                opened += 1;
            }
        }
    }
    assert!(opened > 0);
}
