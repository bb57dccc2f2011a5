//! Keys: what signs and what verifies, and what each may be used for. The key, never the token, decides which
//! algorithms are allowed. Formats, arithmetic and cryptography are in the rooms below; a new key comes from
//! [`Key::generate`].

pub mod digest;
pub mod lookalike;
pub mod secret;
pub mod seed;

pub mod der;
pub mod file;
pub mod jwk;
mod mac;
mod material;
mod numbers;
mod provider;
pub mod ring;
pub mod write;

use self::der::Certificate;
pub use self::material::{EcKey, Material, RawKey, RsaKey, RsaPrivate, UnsupportedKey};
pub use self::provider::{KeyError, RSA_SIZES, SignatureVerifier, Signer};
use super::reason::{Failure, KeyMismatch, KeyWeak, Reason};
use crate::core::key::secret::Secret;
use crate::core::key::seed::Stream;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};

/// What a key is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// To sign: the private half is needed.
    Sign,
    /// To verify: the public half is enough.
    Verify,
}

/// What a JWK says it may be used for (RFC 7517 sections 4.2 to 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRestrictions {
    /// `alg`, the one algorithm.
    pub alg: Option<String>,
    /// `use`, `sig` or `enc`.
    pub usage: Option<String>,
    /// `key_ops`, the operations.
    pub operations: Option<Vec<String>>,
}

/// A key, the name it goes by, what it may be used for and where it came from.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its substance.
    pub material: Material,
    /// Its `kid`, if it has one.
    pub kid: Option<String>,
    /// Where it came from, in words that show no secret.
    pub source: String,
    /// What it says it may be used for.
    pub restrictions: KeyRestrictions,
    /// How it was written: `PKCS #8`, `JWK`, …
    pub form: &'static str,
    /// The certificate it came in.
    pub certificate: Option<Box<Certificate>>,
}

impl Key {
    /// A key of that substance, with no name and no restrictions.
    #[must_use]
    pub fn new(material: Material, source: String, form: &'static str) -> Self {
        Self {
            material,
            kid: None,
            source,
            restrictions: KeyRestrictions::default(),
            form,
            certificate: None,
        }
    }

    /// A shared secret.
    #[must_use]
    pub fn hmac(secret: Secret, kid: Option<String>, source: String) -> Self {
        Self { kid, ..Self::new(Material::Hmac(secret), source, "secret") }
    }

    /// A new key for an algorithm, from the system's randomness. `bits` is the size of an RSA key, one of
    /// [`RSA_SIZES`]; without it 3072.
    ///
    /// # Errors
    /// [`KeyError`] if there is no such size or no randomness.
    pub fn generate(algorithm: Algorithm, bits: Option<usize>) -> Result<Self, KeyError> {
        provider::generate(algorithm, bits).map(|material| Self::made_for(algorithm, material))
    }

    /// The key for an algorithm that follows from a seed: for tests, since it is no more secret than the seed. It is the
    /// same for ever. There is none for RSA, whose primes the library behind it chooses itself.
    ///
    /// # Errors
    /// [`KeyError`] for RSA.
    pub fn derive(algorithm: Algorithm, stream: &mut Stream) -> Result<Self, KeyError> {
        provider::derive(algorithm, stream).map(|material| Self::made_for(algorithm, material))
    }

    fn made_for(algorithm: Algorithm, material: Material) -> Self {
        let restrictions = KeyRestrictions {
            alg: Some(algorithm.name().to_owned()),
            usage: Some("sig".to_owned()),
            operations: None,
        };
        Self { restrictions, ..Self::new(material, String::new(), "new") }
    }

    /// Reports whether the key is of this type.
    #[must_use]
    pub fn has_type(&self, kty: KeyType) -> bool {
        self.material.kty() == Some(kty)
    }

    /// What a person calls it.
    #[must_use]
    pub fn kind(&self) -> String {
        self.material.description()
    }

    /// Its size in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.material.bits()
    }

    /// The algorithms it can be used with.
    #[must_use]
    pub fn algorithms(&self) -> &'static [Algorithm] {
        self.material.algorithms()
    }

    /// Those of them that it says it may be used for.
    #[must_use]
    pub fn allowed(&self, purpose: KeyUse) -> Vec<Algorithm> {
        let fits = |algorithm: &Algorithm| self.mismatch(*algorithm, purpose).is_none();
        self.algorithms().iter().copied().filter(fits).collect()
    }

    /// The algorithm it signs with unless told otherwise: the one its JWK names, else the first it can be used with. An
    /// Ed25519 key that names none writes `EdDSA`, which more verifiers know than the younger name.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        match self.restrictions.alg.as_deref().map(AlgName::parse) {
            Some(AlgName::Known(named)) => Some(named),
            _ => self.algorithms().first().copied(),
        }
    }

    /// Whether it holds what must stay secret.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.material.is_private()
    }

    /// The same key without its private half, and for verifying; nothing of a secret.
    #[must_use]
    pub fn public(&self) -> Option<Self> {
        let mut public = Self { material: self.material.public()?, ..self.clone() };
        // RFC 7517 section 4.3: what the other half does.
        let other_half = |operation: &String| match operation.as_str() {
            "sign" | "verify" => Some("verify".to_owned()),
            "decrypt" | "encrypt" => Some("encrypt".to_owned()),
            "unwrapKey" | "wrapKey" => Some("wrapKey".to_owned()),
            _ => None,
        };
        if let Some(operations) = &mut public.restrictions.operations {
            *operations = operations.iter().filter_map(other_half).collect();
            operations.sort();
            operations.dedup();
        }
        Some(public)
    }

    /// Why the key is refused whatever it is used for; decided before any token is looked at.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<Failure> {
        self.material.unusable_reason().map(|failure| match failure.reason {
            Reason::KeyEmpty => {
                Failure { detail: format!("the secret from {} is empty", self.source), ..failure }
            }
            _ => failure,
        })
    }

    /// Why the key is not for this algorithm or this purpose, although it is of the right type.
    #[must_use]
    pub fn mismatch(&self, algorithm: Algorithm, purpose: KeyUse) -> Option<Failure> {
        let mismatch = |what, detail| Some(Failure::new(Reason::KeyMismatch(what), detail));
        if !self.algorithms().contains(&algorithm) {
            let what = if self.has_type(KeyType::Ec) { KeyMismatch::Crv } else { KeyMismatch::Alg };
            let detail = match self.algorithms() {
                [] => format!("{algorithm} does not work with {}", self.kind()),
                these => format!(
                    "{}, which works with {} and not with {algorithm}",
                    self.kind(),
                    crate::core::token::algorithm::list(these)
                ),
            };
            return mismatch(what, detail);
        }
        if let Some(alg) = &self.restrictions.alg
            && !alg.parse().is_ok_and(|named| algorithm.same_signature(named))
        {
            return mismatch(KeyMismatch::Alg, format!("the key is for `{alg}` alone, not for {algorithm}"));
        }
        if let Some(usage) = self.restrictions.usage.as_deref().filter(|usage| *usage != "sig") {
            return mismatch(KeyMismatch::Use, format!("its `use` is `{usage}`, not `sig`"));
        }
        let operations = self.restrictions.operations.as_deref()?;
        let has = |wanted| operations.iter().any(|operation| operation == wanted);
        let allowed = match purpose {
            KeyUse::Sign => has("sign"),
            // A key pair that may sign may verify: it does so with its other half.
            KeyUse::Verify => {
                has("verify") || (!self.has_type(KeyType::Oct) && self.is_private() && has("sign"))
            }
        };
        if allowed {
            return None;
        }
        let wanted = if purpose == KeyUse::Sign { "sign" } else { "verify" };
        let named = if operations.is_empty() { "empty".to_owned() } else { operations.join(", ") };
        mismatch(KeyMismatch::KeyOps, format!("its `key_ops` are {named}, without {wanted}"))
    }

    /// Why the key is weak for an algorithm: a warning, or a failure where the caller is strict.
    #[must_use]
    pub fn weakness(&self, algorithm: Algorithm) -> Option<Failure> {
        let least = algorithm.mac_bytes()? * 8;
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
    /// [`KeyError`] if the algorithm is none of its [algorithms](Self::algorithms).
    pub fn verifier(&self, algorithm: Algorithm) -> Result<SignatureVerifier, KeyError> {
        if !self.algorithms().contains(&algorithm) {
            return Err(KeyError);
        }
        SignatureVerifier::new(&self.material, algorithm)
    }

    /// Makes the key ready to sign.
    ///
    /// # Errors
    /// [`KeyError`] if the algorithm is none of its [algorithms](Self::algorithms), if it has no private half, or if
    /// its halves do not belong together.
    pub fn signer(&self, algorithm: Algorithm) -> Result<Signer, KeyError> {
        if !self.algorithms().contains(&algorithm) {
            return Err(KeyError);
        }
        Signer::new(&self.material, algorithm)
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::jws::SigningInput;

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
        let secret = crate::core::token::base64url::decode(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
        )
        .unwrap();
        let input = SigningInput::new(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
        );
        let mac = key(&secret).signer(Algorithm::Hs256).unwrap().sign(input).unwrap();
        assert_eq!(
            crate::core::token::base64url::encode(&mac),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
        let verifier = key(&secret).verifier(Algorithm::Hs256).unwrap();
        assert!(verifier.verifies(input, &mac));
        assert!(!verifier.verifies(input, &mac[..31]));
        assert!(!key(b"another").verifier(Algorithm::Hs256).unwrap().verifies(input, &mac));
    }

    #[test]
    fn an_empty_secret_and_a_key_in_disguise_are_refused() {
        assert_eq!(key(b"").unusable_reason().unwrap().reason, Reason::KeyEmpty);
        let pem = key(b"-----BEGIN PUBLIC KEY-----").unusable_reason().unwrap();
        assert_eq!(pem.reason, Reason::KeyMismatch(KeyMismatch::Kty));
        assert_eq!(key(b"secret").unusable_reason(), None);
    }

    #[test]
    fn a_secret_shorter_than_the_hash_is_weak() {
        assert!(key(&[7; 31]).weakness(Algorithm::Hs256).is_some());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs256).is_none());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs512).is_some());
    }
}
