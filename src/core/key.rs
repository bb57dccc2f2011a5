//! Keys: what signs and what verifies. The key, never the token, decides which algorithms are allowed.
//! The only file that names the cryptography behind it.

use super::algorithm::Algorithm;
use super::disguise;
use super::jws::SigningInput;
use super::reason::{Failure, KeyMismatch, KeyWeak, Reason};
use super::secret::Secret;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use jsonwebtoken::crypto::{JwtSigner, JwtVerifier};
use jsonwebtoken::{DecodingKey, EncodingKey};
use std::fmt;

/// What a key is made of.
#[derive(Clone, Debug)]
enum Material {
    /// An HMAC secret, JWK type `oct`.
    Hmac(Secret),
}

/// A key, the name it goes by and where it came from.
#[derive(Clone, Debug)]
pub struct Key {
    material: Material,
    /// Its `kid`, if it has one.
    pub kid: Option<String>,
    /// Where it came from, in words that show no secret.
    pub source: String,
}

/// The key could not be used although the policy allowed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unusable;

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key cannot be used with this algorithm")
    }
}

impl std::error::Error for Unusable {}

impl Key {
    /// A shared secret.
    #[must_use]
    pub const fn hmac(secret: Secret, kid: Option<String>, source: String) -> Self {
        Self { material: Material::Hmac(secret), kid, source }
    }

    /// The JWK key type.
    #[must_use]
    pub const fn kty(&self) -> &'static str {
        match self.material {
            Material::Hmac(_) => "oct",
        }
    }

    /// What a person calls it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.material {
            Material::Hmac(_) => "an HMAC secret",
        }
    }

    /// Its size in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        match &self.material {
            Material::Hmac(secret) => secret.expose().len() * 8,
        }
    }

    /// The algorithms it can be used with.
    #[must_use]
    pub const fn algorithms(&self) -> &'static [Algorithm] {
        match self.material {
            Material::Hmac(_) => &[Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512],
        }
    }

    /// The algorithm it signs with unless told otherwise.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.material {
            Material::Hmac(_) => Algorithm::Hs256,
        }
    }

    /// Why the key is refused whatever it is used for; decided before any token is looked at.
    #[must_use]
    pub fn refusal(&self) -> Option<Failure> {
        let Material::Hmac(secret) = &self.material;
        if secret.expose().is_empty() {
            return Some(Failure::new(Reason::KeyEmpty, format!("the secret from {} is empty", self.source)));
        }
        disguise::key_in(secret.expose()).map(|kind| {
            let detail = format!("the secret holds {kind}, which is no HMAC secret");
            Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
        })
    }

    /// Why the key is weak for an algorithm: a warning, or a failure where the caller is strict.
    #[must_use]
    pub fn weakness(&self, algorithm: Algorithm) -> Option<Failure> {
        let least = algorithm.mac_bytes() * 8;
        (self.bits() < least).then(|| {
            let detail = format!(
                "the secret has {} bits, {algorithm} wants {least} (RFC 7518 section 3.2)",
                self.bits()
            );
            Failure::new(Reason::KeyWeak(KeyWeak::HmacTooShort), detail)
        })
    }

    /// Makes the key ready to verify.
    ///
    /// # Errors
    /// [`Unusable`] if the algorithm is none of its [algorithms](Self::algorithms).
    pub fn verifier(&self, algorithm: Algorithm) -> Result<Verifier, Unusable> {
        let Material::Hmac(secret) = &self.material;
        let key = DecodingKey::from_secret(secret.expose());
        (DEFAULT_PROVIDER.verifier_factory)(&provider_name(algorithm), &key)
            .map(Verifier)
            .map_err(|_| Unusable)
    }

    /// Makes the key ready to sign.
    ///
    /// # Errors
    /// [`Unusable`] if the algorithm is none of its [algorithms](Self::algorithms).
    pub fn signer(&self, algorithm: Algorithm) -> Result<Signer, Unusable> {
        let Material::Hmac(secret) = &self.material;
        let key = EncodingKey::from_secret(secret.expose());
        (DEFAULT_PROVIDER.signer_factory)(&provider_name(algorithm), &key).map(Signer).map_err(|_| Unusable)
    }
}

/// What the cryptography behind it calls an algorithm.
const fn provider_name(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Hs256 => jsonwebtoken::Algorithm::HS256,
        Algorithm::Hs384 => jsonwebtoken::Algorithm::HS384,
        Algorithm::Hs512 => jsonwebtoken::Algorithm::HS512,
    }
}

/// A key prepared for verifying with one algorithm; keep it to verify many tokens.
pub struct Verifier(Box<dyn JwtVerifier>);

impl Verifier {
    /// Whether the signature is that of the signing input. Compares in constant time.
    #[must_use]
    pub fn verifies(&self, input: SigningInput<'_>, signature: &Vec<u8>) -> bool {
        self.0.verify(input.as_bytes(), signature).is_ok()
    }
}

/// A key prepared for signing with one algorithm.
pub struct Signer(Box<dyn JwtSigner>);

impl Signer {
    /// Signs a signing input.
    ///
    /// # Errors
    /// [`Unusable`] if the cryptography behind it refuses.
    pub fn sign(&self, input: SigningInput<'_>) -> Result<Vec<u8>, Unusable> {
        self.0.try_sign(input.as_bytes()).map_err(|_| Unusable)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier(…)")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &[u8]) -> Key {
        Key::hmac(Secret::new(secret.to_vec()), None, "a test".into())
    }

    #[test]
    fn a_secret_never_shows_itself() {
        assert!(!format!("{:?}", key(b"hunter2")).contains("hunter2"));
        assert!(!format!("{:?}", key(b"hunter2").signer(Algorithm::Hs256)).contains("hunter2"));
    }

    #[test]
    fn signs_and_verifies_rfc_7515_a_1() {
        let secret = super::super::base64url::decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        )
        .unwrap();
        let input = SigningInput::new(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        );
        let mac = key(&secret).signer(Algorithm::Hs256).unwrap().sign(input).unwrap();
        assert_eq!(super::super::base64url::encode(&mac), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let verifier = key(&secret).verifier(Algorithm::Hs256).unwrap();
        assert!(verifier.verifies(input, &mac));
        assert!(!verifier.verifies(input, &mac[..31].to_vec()));
        assert!(!key(b"another").verifier(Algorithm::Hs256).unwrap().verifies(input, &mac));
    }

    #[test]
    fn an_empty_secret_and_a_key_in_disguise_are_refused() {
        assert_eq!(key(b"").refusal().unwrap().reason, Reason::KeyEmpty);
        let pem = key(b"-----BEGIN PUBLIC KEY-----").refusal().unwrap();
        assert_eq!(pem.reason, Reason::KeyMismatch(KeyMismatch::Kty));
        assert_eq!(key(b"secret").refusal(), None);
    }

    #[test]
    fn a_secret_shorter_than_the_hash_is_weak() {
        assert!(key(&[7; 31]).weakness(Algorithm::Hs256).is_some());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs256).is_none());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs512).is_some());
    }
}
