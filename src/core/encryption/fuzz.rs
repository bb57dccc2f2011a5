//! The fuzz target of encrypted tokens. Each text is parsed and decrypted. A token that is made from a plaintext decrypts to it,
//! and with another character nowhere.

use super::algorithm::{AgreementCurve, ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::new_key::KeyPurpose;
use super::{Decrypter, Encrypter, EncryptionSettings, JsonJwe, Jwe};
use crate::core::json;
use crate::core::key::Key;
use crate::core::key::jwk::{self, JwkOrigin};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::key::seed::Seed;
use crate::core::token::base64url;
use crate::core::token::jws::MAX_SIZE;
use std::sync::LazyLock;

/// The work that a target spends on a password. A token may ask for a thousand times as much.
const ITERATIONS: u32 = 1_000;

/// A decrypter for each pair of algorithms, with the key that encrypts for it.
struct Recipient {
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    key: Key,
    decrypter: Decrypter,
}

static RECIPIENTS: LazyLock<Vec<Recipient>> = LazyLock::new(|| {
    let pairs = KeyAlgorithm::ALL
        .iter()
        .flat_map(|algorithm| ContentAlgorithm::ALL.iter().map(|content| (*algorithm, *content)));
    pairs.filter_map(|(algorithm, content)| recipient(algorithm, content)).collect()
});

fn recipient(algorithm: KeyAlgorithm, content: ContentAlgorithm) -> Option<Recipient> {
    let mut stream = Seed::from(7).stream("fuzz", 1);
    let curves = [AgreementCurve::P256, AgreementCurve::X25519];
    let curve = *curves.get(content.key_bytes() / 16 % 2)?;
    let key = match algorithm.management() {
        KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => rsa()?,
        KeyManagement::Password(..) => {
            Key::hmac(Secret::new(b"correct horse battery staple".to_vec()), None, "a target".to_owned())
        }
        KeyManagement::Direct => KeyPurpose::Content(content).derive(curve, &mut stream).ok()?,
        _ => KeyPurpose::Management(algorithm).derive(curve, &mut stream).ok()?,
    };
    // The key of a ring for one algorithm would not be used with another.
    let key = Key::new(key.material, "a target".to_owned(), "new");
    let decrypter = Decrypter::new(KeyRing::from(key.clone()), MAX_SIZE).naming(KeyAlgorithm::ALL.to_vec());
    Some(Recipient { algorithm, content, key, decrypter })
}

/// Returns the key of RFC 7516 appendix A.1.
fn rsa() -> Option<Key> {
    let vectors = json::parse(include_bytes!("../../../tests/vectors/rfc7516.json")).ok()?;
    jwk::read(vectors.pointer("/vectors/0/key")?, "a target", JwkOrigin::Alone).ok()
}

/// Decrypts a token in compact or JSON serialization. Any other text makes a token: its first bytes are the algorithms, a
/// position and another character, and the rest is the plaintext.
pub fn jwe(bytes: &[u8]) {
    match bytes {
        [b'{', ..] => {
            let Ok(document) = JsonJwe::parse(bytes, MAX_SIZE) else { return };
            assert_eq!(document.recipients.len(), document.entries.len());
            document.recipients.iter().flatten().for_each(decrypt);
        }
        [b'e', b'y', ..] => {
            let Ok(jwe) = Jwe::parse(bytes, MAX_SIZE) else { return };
            assert_eq!(jwe.size(), bytes.len());
            assert!(jwe.is_alg_protected());
            decrypt(&jwe);
        }
        [pair, position, symbol, plaintext @ ..] => {
            let pair = usize::from(*pair) % RECIPIENTS.len().max(1);
            let Some(recipient) = RECIPIENTS.get(pair) else { return };
            make(recipient, usize::from(*position), *symbol, plaintext);
        }
        _ => {}
    }
}

/// Decrypts a token for every recipient whose key is of its algorithms.
fn decrypt(jwe: &Jwe<'_>) {
    if jwe.iterations() > ITERATIONS {
        return;
    }
    for recipient in RECIPIENTS.iter() {
        if (recipient.algorithm, recipient.content) == (jwe.algorithm(), jwe.content())
            && let Ok(opened) = recipient.decrypter.decrypt(jwe)
        {
            assert!(opened.plaintext.expose().len() <= MAX_SIZE);
        }
    }
}

/// Asserts that a new token decrypts to its plaintext, and that it does not decrypt with another character.
fn make(recipient: &Recipient, position: usize, symbol: u8, plaintext: &[u8]) {
    let settings = EncryptionSettings {
        algorithm: Some(recipient.algorithm),
        content: Some(recipient.content),
        iterations: Some(ITERATIONS),
        compresses: symbol & 0x80 != 0,
        ..EncryptionSettings::default()
    };
    let Ok(encrypter) = Encrypter::new(&recipient.key, settings) else {
        return assert_eq!(recipient.algorithm.management(), KeyManagement::Pkcs1);
    };
    let Ok(token) = encrypter.encrypt(plaintext) else { return assert_eq!(plaintext, b"never refused") };
    let opened = Jwe::parse(token.as_bytes(), MAX_SIZE).map(|jwe| recipient.decrypter.decrypt(&jwe));
    let opened = opened.ok().and_then(Result::ok);
    assert_eq!(opened.map(|opened| opened.plaintext.expose().to_vec()).as_deref(), Some(plaintext));

    let mut other = token.clone().into_bytes();
    let position = position * other.len() / 256;
    let symbol = symbol & 0x7F;
    let Some(byte) = other.get_mut(position).filter(|byte| **byte != symbol) else { return };
    *byte = symbol;
    let Ok(jwe) = Jwe::parse(&other, MAX_SIZE) else { return };
    let is_known = jwe.iterations() <= ITERATIONS && base64url::is_symbol(symbol);
    let opened = is_known.then(|| recipient.decrypter.decrypt(&jwe)).and_then(Result::ok);
    assert!(opened.is_none(), "{token}\n{}", String::from_utf8_lossy(&other));
}
