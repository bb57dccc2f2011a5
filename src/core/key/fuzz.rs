//! The fuzz target of key files: PEM, DER, JWK and containers. A key that is read must be written and read again as itself, no
//! text with a key passes as a secret, and a sound pair verifies what it signs.

use super::der::KeyDocument;
use super::file::{self, KeyFileContent, PickedKey, picked};
use super::jwk::{self, Half, JwkOrigin};
use super::secret::SecretFormat;
use super::{Key, KeyUse, Material, lookalike, pem};
use crate::core::json::Value;
use crate::core::text::escape::is_hostile;
use crate::core::token::jws::SigningInput;

/// Reads a key file, and every key in it.
pub fn keys(bytes: &[u8]) {
    for format in SecretFormat::ALL {
        if let Ok(secret) = format.read(bytes) {
            assert!(secret.expose().len() <= bytes.len());
            let _ = lookalike::key_in(secret.expose());
        }
    }
    let Ok(content) = file::read(bytes, "a target") else { return };
    let keys: Vec<Key> = match content {
        KeyFileContent::Ring(ring) => ring.keys().to_vec(),
        KeyFileContent::Documents(documents) => {
            assert!(!documents.is_empty());
            let _ = file::has_spare_keys(&documents);
            for key_use in [KeyUse::Sign, KeyUse::Verify] {
                assert!(file::pick(documents.clone(), key_use, "a target").is_some());
            }
            documents.into_iter().filter_map(key_of).collect()
        }
    };
    // A key of an unknown type is no public key of any algorithm.
    let is_public = |key: &Key| !matches!(key.material, Material::Hmac(_) | Material::Unsupported(_));
    if keys.iter().any(is_public) {
        assert!(lookalike::key_in(bytes).is_some(), "{}", String::from_utf8_lossy(bytes));
    }
    keys.iter().for_each(assert_key);
}

/// Returns the key of a document. One that needs a password is tried with a wrong one, if its file asks for little work.
fn key_of(document: KeyDocument) -> Option<Key> {
    match picked(document, "a target") {
        PickedKey::Key(key) => Some(*key),
        PickedKey::Encrypted(encrypted) => {
            let _ = encrypted.check();
            None
        }
    }
}

fn assert_key(key: &Key) {
    assert!(!key.kind().contains(is_hostile) || matches!(key.material, Material::Unsupported(_)));
    let is_sound = key.unusable_reason().is_none();
    let is_consistent = key.is_consistent();
    for algorithm in key.algorithms() {
        let input = SigningInput::from_bytes(b"a.b");
        let (Ok(signer), Ok(verifier)) = (key.signer(*algorithm), key.verifier(*algorithm)) else { continue };
        let Ok(signature) = signer.sign(input) else { continue };
        let is_valid = verifier.verifies(input, &signature);
        assert!(is_valid || !is_sound || !is_consistent, "{algorithm:?} {}", key.kind());
        assert!(!verifier.verifies(SigningInput::from_bytes(b"a.c"), &signature));
        // One algorithm is enough where signing is slow.
        if !matches!(key.material, Material::Hmac(_)) {
            break;
        }
    }
    let thumbprint = jwk::thumbprint(key);
    assert!(thumbprint.as_ref().is_none_or(|text| text.len() == 43));
    for half in [Half::Public, Half::Private] {
        let Some(members) = jwk::write(key, half) else { continue };
        let again = jwk::read(&Value::Object(members.clone()), "a target", JwkOrigin::Alone);
        match again {
            Ok(again) => {
                assert_eq!(jwk::thumbprint(&again), thumbprint);
                assert_eq!(jwk::write(&again, half), Some(members));
            }
            Err(error) => assert!(!is_sound || !is_consistent, "{error:?} {}", Value::Object(members)),
        }
    }
    if let Some(text) = pem::write(&key.material) {
        let again = file::read(text.expose(), "a target");
        let Ok(KeyFileContent::Documents(documents)) = again else {
            return assert!(!is_sound || !is_consistent, "{again:?}");
        };
        let again: Vec<Key> = documents.into_iter().filter_map(key_of).collect();
        let thumbprints: Vec<_> = again.iter().map(jwk::thumbprint).collect();
        assert!(thumbprints == [thumbprint] || !is_consistent);
    }
}
