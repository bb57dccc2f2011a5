//! Encrypted tokens with one fault each, of which the one who opens them may learn only that they do not open.

use crate::random::Random;
use fob::core::encryption::algorithm::{ContentAlgorithm, KeyAlgorithm};
use fob::core::encryption::{Decrypter, Encrypter, EncryptionSettings};
use fob::core::key::Key;
use fob::core::key::file::{KeyFileContent, read};
use fob::core::key::ring::KeyRing;
use fob::core::key::secret::Secret;
use fob::core::token::base64url;
use num_bigint::BigUint;

/// The appendix of RFC 7516 with a token in RSA1_5 and its key.
const VECTORS: &str = include_str!("../../../tests/vectors/rfc7516.json");

/// The largest size of a token in bytes.
pub const MAX_SIZE: usize = 1 << 20;

/// Faults to compare, and the keys that refuse all of them.
pub struct Subject {
    /// The name of the algorithm.
    pub name: &'static str,
    /// The keys.
    pub decrypter: Decrypter,
    /// The names of the faults.
    pub faults: &'static [&'static str],
    /// Returns a new token with a fault, by its number.
    pub make: Box<dyn Fn(usize, &mut Random) -> String>,
    /// A valid token.
    pub valid: String,
}

/// Returns RSA1_5 with AES CBC. The faults are in the encrypted key, except that of the tag.
pub fn rsa1_5() -> Subject {
    let vectors: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
    let vector = &vectors["vectors"][1];
    let (valid, jwk) = (vector["token"].as_str().unwrap().to_owned(), vector["key"].to_string());
    let number = |name: &str| {
        let text = vector["key"][name].as_str().unwrap();
        BigUint::from_bytes_be(&base64url::decode(text).unwrap())
    };
    let (modulus, exponent) = (number("n"), number("e"));
    let size = (modulus.bits() as usize).div_ceil(8);
    let parts: Vec<String> = valid.split('.').map(str::to_owned).collect();
    let sent = BigUint::from_bytes_be(&base64url::decode(&parts[1]).unwrap());
    let block = sent.modpow(&number("d"), &modulus).to_bytes_be();
    let content_key = block[block.len() - 32..].to_vec();
    let with_key = move |block: &[u8]| {
        let encrypted = BigUint::from_bytes_be(block).modpow(&exponent, &modulus).to_bytes_be();
        let encrypted = [vec![0; size - encrypted.len()], encrypted].concat();
        format!("{}.{}.{}.{}.{}", parts[0], base64url::encode(&encrypted), parts[2], parts[3], parts[4])
    };
    let padded = move |random: &mut Random, key: &[u8]| {
        [vec![0, 2], random.nonzero(size - 3 - key.len()), vec![0], key.to_vec()].concat()
    };
    // With the right key in a block that was made here, the token is valid. So the blocks below have the faults that they
    // are named after, and no other.
    let valid = with_key(&padded(&mut Random::new(), &content_key));
    let make = move |fault: usize, random: &mut Random| match fault {
        0 => other_tag(&with_key(&padded(random, &content_key))),
        1 => with_key(&padded(random, &random_key(32))),
        2 => with_key(&padded(random, &random_key(16))),
        3 => {
            let mut block = padded(random, &content_key);
            block[1] = 1;
            with_key(&block)
        }
        4 => {
            let mut block = padded(random, &content_key);
            block[5] = 0;
            with_key(&block)
        }
        5 => with_key(&[vec![0, 2], random.nonzero(size - 2)].concat()),
        _ => with_key(&[vec![0], random_key(size - 1)].concat()),
    };
    Subject {
        name: "RSA1_5",
        decrypter: Decrypter::new(ring(&jwk), MAX_SIZE).naming(vec![KeyAlgorithm::Rsa1_5]),
        faults: &[
            "another tag",
            "another content key",
            "a content key of another length",
            "another block type",
            "a padding that is too short",
            "a padding without an end",
            "an encrypted key for another RSA key",
        ],
        make: Box::new(make),
        valid,
    }
}

/// Returns AES CBC with HMAC under a shared key.
pub fn cbc() -> Subject {
    let content = ContentAlgorithm::A256CbcHs512;
    let key = || Key::hmac(Secret::new(random_key(64)), None, String::new());
    let encrypter = |key: &Key| {
        let settings = EncryptionSettings { content: Some(content), ..EncryptionSettings::default() };
        Encrypter::new(key, settings).unwrap()
    };
    let key_of_all = key();
    let (own, other) = (encrypter(&key_of_all), encrypter(&key()));
    let claims = vec![b'x'; 1_000];
    let valid = own.encrypt(&claims).unwrap();
    let make = move |fault: usize, _: &mut Random| {
        let token = own.encrypt(&claims).unwrap();
        match fault {
            0 => other_tag(&token),
            1 => changed(&token, 4, |bytes| bytes.len() - 1),
            // The last byte of the block before the last one is added to the padding.
            2 => changed(&token, 3, |bytes| bytes.len() - 17),
            3 => changed(&token, 3, |_| 0),
            4 => changed(&token, 2, |_| 0),
            _ => other.encrypt(&claims).unwrap(),
        }
    };
    Subject {
        name: "A256CBC-HS512",
        decrypter: Decrypter::new(key_of_all.into(), MAX_SIZE),
        faults: &[
            "another tag",
            "another last byte of the tag",
            "another padding",
            "another first block",
            "another initialization vector",
            "another key",
        ],
        make: Box::new(make),
        valid,
    }
}

fn ring(jwk: &str) -> KeyRing {
    match read(jwk.as_bytes(), "the key of RFC 7516").unwrap() {
        KeyFileContent::Ring(ring) => ring,
        KeyFileContent::Documents(_) => panic!("a JWK is a ring"),
    }
}

fn random_key(size: usize) -> Vec<u8> {
    let mut random = Random::new();
    (0..size).map(|_| (random.next() >> 32) as u8).collect()
}

fn other_tag(token: &str) -> String {
    changed(token, 4, |_| 0)
}

/// Returns a token with one byte of a segment changed.
fn changed(token: &str, segment: usize, place: impl Fn(&[u8]) -> usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let mut bytes = base64url::decode(&parts[segment]).unwrap();
    let place = place(&bytes);
    bytes[place] ^= 1;
    parts[segment] = base64url::encode(&bytes);
    parts.join(".")
}
