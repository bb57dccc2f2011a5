//! **The only way to decrypt a token**: the [`Decrypter`]. Faults that are known before decryption have errors of their
//! own. Every fault of key, padding and tag is one error, and takes one path (RFC 7516 section 11.5).

use super::agreement::{self, Parties};
use super::algorithm::{KeyAlgorithm, KeyManagement};
use super::error::{DecryptionError, KeyUnfit};
use super::fit::{EncryptionUse, kind, unfit};
use super::jwe::Jwe;
use super::key_choice;
use super::key_wrap;
use super::opened::{Decrypted, open};
use super::parameters::{KeyParameters, password_salt};
use super::provider::{self, RsaDecrypter};
use super::session_cookie::{CookieError, CookieKey, CookieSecret, SecretUse};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};
use std::sync::Arc;

/// Decryption keys, and what the caller allows.
#[derive(Clone, Debug)]
pub struct Decrypter {
    ring: KeyRing,
    /// The RSA keys of the ring, in its order.
    rsa: Arc<[RsaDecrypter]>,
    named: Vec<KeyAlgorithm>,
    max_size: usize,
    /// The secret of an application that writes session cookies.
    cookies: Option<CookieSecret>,
}

impl Decrypter {
    /// Returns a decrypter with these keys. `max_size` limits a decompressed text in bytes.
    #[must_use]
    pub fn new(ring: KeyRing, max_size: usize) -> Self {
        let rsa = ring.keys().iter().map(|_| RsaDecrypter::default()).collect();
        Self { ring, rsa, named: Vec::new(), max_size, cookies: None }
    }

    /// Returns a decrypter that has no key, only the secret of an application that writes session cookies.
    #[must_use]
    pub fn of_cookies(secret: CookieSecret, max_size: usize) -> Self {
        Self { cookies: Some(secret), ..Self::new(KeyRing::empty(), max_size) }
    }

    /// Lets the only key also decrypt session cookies, if it is a shared key in plain text. `name` is the name of the cookie.
    #[must_use]
    pub fn with_cookies(self, name: Option<String>) -> Self {
        let cookies = CookieSecret::of_ring(&self.ring, name, SecretUse::AlsoKey);
        Self { cookies, ..self }
    }

    /// Adds a secret that decrypts session cookies, unless the decrypter has one.
    #[must_use]
    pub fn or_cookies(self, secret: CookieSecret) -> Self {
        Self { cookies: self.cookies.or(Some(secret)), ..self }
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

    /// Returns the secret that decrypts a token as a session cookie, or `None` if a key of the ring decrypts the token.
    #[must_use]
    pub fn cookie_secret(&self, jwe: &Jwe<'_>) -> Option<&CookieSecret> {
        self.check_allowed(jwe.algorithm()).ok()?;
        self.cookies.as_ref().filter(|secret| secret.is_for(jwe, self.max_size))
    }

    /// Reports whether the keys were given for this token, or for every text with five segments if it is not a token. A
    /// secret that was given to verify signatures is for a token only if it decrypts the token as a session cookie.
    #[must_use]
    pub fn is_for(&self, jwe: Option<&Jwe<'_>>) -> bool {
        !self.ring.is_empty()
            || self.cookies.as_ref().is_some_and(CookieSecret::is_for_all)
            || jwe.is_some_and(|jwe| self.cookie_secret(jwe).is_some())
    }

    /// Decrypts a session cookie with the secret of its application.
    ///
    /// # Errors
    /// [`CookieError`].
    pub fn open_cookie(
        &self,
        jwe: &Jwe<'_>,
        secret: &CookieSecret,
    ) -> Result<(Decrypted, CookieKey), CookieError> {
        secret.open(jwe, self.max_size)
    }

    /// Decrypts a token with a key of the ring.
    ///
    /// # Errors
    /// [`DecryptionError`].
    pub fn decrypt(&self, jwe: &Jwe<'_>) -> Result<Decrypted, DecryptionError> {
        self.decrypt_with(jwe, self.key(jwe)?)
    }

    /// Decrypts a token with the key that [`key`](Self::key) chose for it.
    ///
    /// # Errors
    /// [`DecryptionError`].
    pub fn decrypt_with(&self, jwe: &Jwe<'_>, key: &Key) -> Result<Decrypted, DecryptionError> {
        let position = self.ring.keys().iter().position(|other| std::ptr::eq(other, key));
        let fresh = RsaDecrypter::default();
        let rsa = position.and_then(|position| self.rsa.get(position)).unwrap_or(&fresh);
        let content_key = content_key(jwe, key, rsa)?;
        open(jwe, &content_key, self.max_size)
    }
}

/// Recovers the content encryption key. If that fails, a random key takes its place, and the tag of the content fails
/// later. So neither the error nor the path tells where the fault was (RFC 7516 section 11.5).
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
