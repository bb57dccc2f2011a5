//! **The only way to decrypt a token**: the [`Decrypter`]. What is known before decryption is told apart; every fault of
//! key, padding and tag is one error, which takes one path (RFC 7516 section 11.5).

use super::agreement::{self, Parties};
use super::algorithm::{KeyAlgorithm, KeyManagement};
use super::compression;
use super::content;
use super::error::{DecryptionError, KeyUnfit};
use super::fit::{EncryptionUse, kind, unfit};
use super::jwe::Jwe;
use super::key_choice;
use super::key_wrap;
use super::parameters::{KeyParameters, password_salt};
use super::provider::{self, RsaDecrypter};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};
use crate::core::token::header::same_typ;
use std::sync::Arc;

/// How many times longer than its token a decompressed text may be.
const MAX_RATIO: usize = 10;

/// Decryption keys, and what the caller allows.
#[derive(Clone, Debug)]
pub struct Decrypter {
    ring: KeyRing,
    /// The RSA keys of the ring, in its order.
    rsa: Arc<[RsaDecrypter]>,
    named: Vec<KeyAlgorithm>,
    max_size: usize,
}

/// The content of a decrypted token. Only its encryption was verified: a holder of the public key can make such a token.
#[derive(Clone, Debug)]
pub struct Decrypted {
    /// The plaintext.
    pub plaintext: Secret,
    is_nested: bool,
}

impl Decrypter {
    /// Returns a decrypter with these keys. `max_size` limits a decompressed text in bytes.
    #[must_use]
    pub fn new(ring: KeyRing, max_size: usize) -> Self {
        let rsa = ring.keys().iter().map(|_| RsaDecrypter::default()).collect();
        Self { ring, rsa, named: Vec::new(), max_size }
    }

    /// Restricts the decrypter to these key management algorithms. `RSA1_5` and PBES2 are allowed only if they are named
    /// here. An empty list allows all others.
    #[must_use]
    pub fn naming(self, named: Vec<KeyAlgorithm>) -> Self {
        Self { named, ..self }
    }

    /// Reports whether the caller named the algorithms that are allowed.
    #[must_use]
    pub const fn is_restricted(&self) -> bool {
        !self.named.is_empty()
    }

    /// Returns the keys.
    #[must_use]
    pub const fn ring(&self) -> &KeyRing {
        &self.ring
    }

    /// Chooses the key for a token, and checks all that is known before decryption.
    ///
    /// # Errors
    /// [`DecryptionError`], never [`DecryptFailed`](DecryptionError::DecryptFailed).
    pub fn key(&self, jwe: &Jwe<'_>) -> Result<&Key, DecryptionError> {
        self.check_allowed(jwe.algorithm())?;
        let unfit = |key: &Key| {
            let curve = match &jwe.parameters {
                KeyParameters::Agreement { ephemeral, .. } => Some(ephemeral.curve),
                _ => None,
            };
            unfit(key, EncryptionUse::Decrypt, jwe.algorithm(), jwe.content(), curve)
        };
        let chosen = key_choice::choose(&self.ring, jwe, |key| unfit(key).is_none());
        let key = chosen.map_err(DecryptionError::NoKey)?;
        if let Some(unfit) = unfit(key) {
            return Err(unfit.into());
        }
        let (bytes, expected) = (jwe.encrypted_key.len(), key.bits().div_ceil(8));
        if matches!(key.material, Material::Rsa(_)) && bytes != expected {
            return Err(DecryptionError::OtherRsaSize { key: key.bits(), token: bytes.saturating_mul(8) });
        }
        Ok(key)
    }

    fn check_allowed(&self, algorithm: KeyAlgorithm) -> Result<(), DecryptionError> {
        let is_allowed = match self.named.as_slice() {
            [] => !algorithm.must_be_named(),
            named => named.contains(&algorithm),
        };
        match is_allowed {
            true => Ok(()),
            false => Err(DecryptionError::NotAllowed { algorithm, named: self.named.clone() }),
        }
    }

    /// Decrypts a token.
    ///
    /// # Errors
    /// [`DecryptionError`].
    pub fn decrypt(&self, jwe: &Jwe<'_>) -> Result<Decrypted, DecryptionError> {
        let key = self.key(jwe)?;
        let position = self.ring.keys().iter().position(|other| std::ptr::eq(other, key));
        let fresh = RsaDecrypter::default();
        let rsa = position.and_then(|position| self.rsa.get(position)).unwrap_or(&fresh);
        let content_key = content_key(jwe, key, rsa)?;
        open(jwe, &content_key, self.max_size)
    }
}

/// Decrypts the content with its key, and decompresses it.
pub(super) fn open(jwe: &Jwe<'_>, key: &Secret, max_size: usize) -> Result<Decrypted, DecryptionError> {
    let plaintext = content::open(jwe.content(), key, &jwe.sealed()).ok_or(DecryptionError::DecryptFailed)?;
    let plaintext = if jwe.is_compressed() {
        let limit = max_size.min(jwe.size().saturating_mul(MAX_RATIO));
        compression::inflate(plaintext.expose(), limit).map_err(DecryptionError::Compression)?
    } else {
        plaintext
    };
    let is_nested = jwe.cty().is_some_and(|cty| same_typ(cty, "JWT")) || is_token(plaintext.expose());
    Ok(Decrypted { plaintext, is_nested })
}

/// Reports whether bytes look like a compact serialization: three or five segments of Base64url.
fn is_token(bytes: &[u8]) -> bool {
    let is_symbol = |byte: &u8| *byte == b'.' || crate::core::token::base64url::is_symbol(*byte);
    let dots = bytes.iter().filter(|byte| **byte == b'.').count();
    matches!(dots, 2 | 4) && bytes.iter().all(is_symbol)
}

impl Decrypted {
    /// Reports whether the content is a token in turn: `cty` says so (RFC 7519 section 5.2), or it has the form of one.
    #[must_use]
    pub const fn is_nested(&self) -> bool {
        self.is_nested
    }
}

/// Recovers the content encryption key. If that fails, a random key takes its place, and the tag of the content fails in
/// turn: neither the error nor the path tells where the fault was.
fn content_key(jwe: &Jwe<'_>, key: &Key, rsa: &RsaDecrypter) -> Result<Secret, DecryptionError> {
    let length = jwe.content().key_bytes();
    // Made in advance, so that a failure takes no additional time.
    let substitute = provider::random(length).ok_or(DecryptionError::NoRandomness)?;
    let found = recover(jwe, key, rsa)?.filter(|found| found.expose().len() == length);
    Ok(found.unwrap_or(substitute))
}

fn recover(jwe: &Jwe<'_>, key: &Key, rsa: &RsaDecrypter) -> Result<Option<Secret>, KeyUnfit> {
    let (algorithm, content, encrypted_key) = (jwe.algorithm(), jwe.content(), &jwe.encrypted_key);
    let wrong_type = || KeyUnfit::Type { found: kind(key), algorithm };
    let secret = || match &key.material {
        Material::Hmac(secret) => Ok(secret),
        _ => Err(wrong_type()),
    };
    let pkcs8 = || key.to_pkcs8();
    Ok(match (algorithm.management(), &jwe.parameters) {
        (KeyManagement::Direct, _) => Some(secret()?.clone()),
        (KeyManagement::Wrap(_), _) => key_wrap::unwrap(secret()?, encrypted_key),
        (KeyManagement::GcmWrap(_), KeyParameters::Gcm { iv, tag }) => {
            provider::gcm_open(secret()?.expose(), iv, &[], encrypted_key, tag)
        }
        (KeyManagement::Oaep(hash), _) => {
            let key = rsa.for_oaep(pkcs8).ok_or(KeyUnfit::HalvesDiffer)?;
            provider::oaep_open(key, hash, encrypted_key)
        }
        (KeyManagement::Pkcs1, _) => {
            provider::pkcs1_open(rsa.for_pkcs1(pkcs8).ok_or(KeyUnfit::HalvesDiffer)?, encrypted_key)
        }
        (
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_),
            KeyParameters::Agreement { ephemeral, producer, recipient },
        ) => {
            let derived =
                agreement::receive(key, ephemeral, algorithm, content, Parties { producer, recipient })?;
            match algorithm.has_no_encrypted_key() {
                true => derived,
                false => derived.and_then(|derived| key_wrap::unwrap(&derived, encrypted_key)),
            }
        }
        (KeyManagement::Password(hash, length), KeyParameters::Password { salt, iterations }) => {
            let salt = password_salt(algorithm, salt);
            let derived = provider::pbkdf2(hash, secret()?, &salt, *iterations, length);
            derived.and_then(|derived| key_wrap::unwrap(&derived, encrypted_key))
        }
        _ => None,
    })
}
