//! Keys, and what each may be used for. The key, never the token, decides which algorithms are allowed.
//!
//! Files depend on each other in one direction: `material` (data) ← `integer`, `arithmetic` ← `der::encode`, `der::rsa`
//! ← `mac`, `message`, `provider` (cryptography) ← `soundness`, `der`, `openssh`, `pem` ← this file ← `jwk`, `ring`, `wrapping`,
//! `shape` ← `file`.

mod arithmetic;
pub mod der;
pub mod digest;
mod error;
pub mod file;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod hmac_sha256;
mod integer;
pub mod jwk;
mod kid_index;
pub mod lookalike;
mod mac;
mod material;
mod message;
pub mod openssh;
pub mod pem;
mod provider;
mod pss;
mod readings;
pub mod ring;
pub mod secret;
pub mod seed;
pub mod shape;
mod soundness;
mod traces;
mod transcripts;
mod wrapping;

use self::der::Certificate;
pub use self::error::KeyError;
pub use self::material::{EcKey, Material, RawKey, RsaKey, RsaPrivate, UnsupportedKey};
pub use self::message::MessageStream;
pub(in crate::core) use self::provider::SignatureBytes;
pub use self::provider::{RSA_SIZES, SignatureVerifier, Signer};
use self::secret::Secret;
use self::seed::Stream;
use crate::core::reason::{Failure, KeyMismatch, KeyWeak, Reason};
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType, list};
use crate::core::token::jws::SigningInput;
use std::sync::OnceLock;

/// Returns the name of every wrapping that is removed around a key.
pub fn wrapping_names() -> impl Iterator<Item = &'static str> {
    wrapping::WRAPPINGS.into_iter().map(|(name, _)| name)
}

/// The operation that a key is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// Signing, which needs the private half.
    Sign,
    /// Verifying, which needs the public half only.
    Verify,
}

/// The restrictions that a JWK places on its use (RFC 7517 sections 4.2 to 4.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRestrictions {
    /// `alg`, the only algorithm.
    pub alg: Option<String>,
    /// `use`, `sig` or `enc`.
    pub usage: Option<String>,
    /// `key_ops`, the operations.
    pub operations: Option<Vec<String>>,
}

/// A key with its name, its restrictions and its source.
#[derive(Clone, Debug)]
pub struct Key {
    /// The content of the key.
    pub material: Material,
    /// The key ID (`kid`).
    pub kid: Option<String>,
    /// A description of the source, without a secret.
    pub source: String,
    /// The restrictions on its use.
    pub restrictions: KeyRestrictions,
    /// The form it was written in, such as `PKCS #8` or `JWK`.
    pub form: &'static str,
    /// The certificate that it came in.
    pub certificate: Option<Box<Certificate>>,
    /// Why the material is refused, once that was asked. A verifier asks for each new header.
    refusal: OnceLock<Option<Failure>>,
}

impl Key {
    /// Returns a key without name and restrictions.
    #[must_use]
    pub fn new(material: Material, source: String, form: &'static str) -> Self {
        Self {
            material,
            kid: None,
            source,
            restrictions: KeyRestrictions::default(),
            form,
            certificate: None,
            refusal: OnceLock::new(),
        }
    }

    /// Returns an HMAC secret as a key.
    #[must_use]
    pub fn hmac(secret: Secret, kid: Option<String>, source: String) -> Self {
        Self { kid, ..Self::new(Material::Hmac(secret), source, "secret") }
    }

    /// Generates a key for an algorithm, from the randomness of the operating system. `bits` is the size of an RSA key,
    /// one of [`RSA_SIZES`]; the default is 3072.
    ///
    /// # Errors
    /// [`KeyError`] if there is no such size or no randomness.
    pub fn generate(algorithm: Algorithm, bits: Option<usize>) -> Result<Self, KeyError> {
        provider::generate(algorithm, bits).map(|material| Self::made_for(algorithm, material))
    }

    /// Derives the key for an algorithm from a seed. The result is always the same, and no more secret than the seed, so
    /// it is for tests. RSA keys cannot be derived: the crypto library chooses their primes.
    ///
    /// # Errors
    /// [`KeyError::NotDerivable`] for RSA.
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

    /// Returns a short description, such as `an RSA key`.
    #[must_use]
    pub fn kind(&self) -> String {
        self.material.description()
    }

    /// Returns the size in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.material.bits()
    }

    /// Returns the algorithms that the key type can be used with.
    #[must_use]
    pub fn algorithms(&self) -> &'static [Algorithm] {
        self.material.algorithms()
    }

    /// Returns the algorithms that the key type can be used with and that the restrictions allow.
    #[must_use]
    pub fn allowed(&self, key_use: KeyUse) -> Vec<Algorithm> {
        let fits = |algorithm: &Algorithm| self.mismatch(*algorithm, key_use).is_none();
        self.algorithms().iter().copied().filter(fits).collect()
    }

    /// Returns the default algorithm for signing: the `alg` of the JWK, else the first one the key can be used with. An
    /// Ed25519 key without `alg` signs as `EdDSA`, which more verifiers know than `Ed25519`.
    #[must_use]
    pub fn algorithm(&self) -> Option<Algorithm> {
        match self.restrictions.alg.as_deref().map(AlgName::parse) {
            Some(AlgName::Known(named)) => Some(named),
            _ => self.algorithms().first().copied(),
        }
    }

    /// Reports whether the key holds a secret or a private half.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        self.material.is_private()
    }

    /// Returns the public half, with `key_ops` to match. Returns `None` for a secret.
    #[must_use]
    pub fn public(&self) -> Option<Self> {
        // A key is refused for its public half alone, so the answer stays.
        let mut public = Self { material: self.material.public()?, ..self.clone() };
        // RFC 7517 section 4.3: the operations of the other half.
        let counterpart = |operation: &String| match operation.as_str() {
            "sign" | "verify" => Some("verify".to_owned()),
            "decrypt" | "encrypt" => Some("encrypt".to_owned()),
            "unwrapKey" | "wrapKey" => Some("wrapKey".to_owned()),
            _ => None,
        };
        if let Some(operations) = &mut public.restrictions.operations {
            *operations = operations.iter().filter_map(counterpart).collect();
            operations.sort();
            operations.dedup();
        }
        Some(public)
    }

    /// Returns why the key is refused for every use, or `None` if it is sound. No token is needed to decide this.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<Failure> {
        let refusal = self.refusal.get_or_init(|| soundness::unusable_reason(&self.material)).clone();
        refusal.map(|failure| match failure.reason {
            Reason::KeyEmpty => {
                Failure { detail: format!("the secret from {} is empty", self.source), ..failure }
            }
            _ => failure,
        })
    }

    /// Returns why the key may not be used with this algorithm or for this operation, or `None` if it may.
    #[must_use]
    pub fn mismatch(&self, algorithm: Algorithm, key_use: KeyUse) -> Option<Failure> {
        let mismatch = |what, detail| Some(Failure::new(Reason::KeyMismatch(what), detail));
        if !self.algorithms().contains(&algorithm) {
            let what = if self.has_type(KeyType::Ec) { KeyMismatch::Crv } else { KeyMismatch::Alg };
            let detail = match self.algorithms() {
                [] => format!("{algorithm} does not work with {}", self.kind()),
                these => format!("{} works with {}, not with {algorithm}", self.kind(), list(these)),
            };
            return mismatch(what, detail);
        }
        if let Some(alg) = &self.restrictions.alg
            && !alg.parse().is_ok_and(|named| algorithm.same_signature(named))
        {
            return mismatch(KeyMismatch::Alg, format!("its `alg` is `{alg}`, not {algorithm}"));
        }
        if let Some(usage) = self.restrictions.usage.as_deref().filter(|usage| *usage != "sig") {
            return mismatch(KeyMismatch::Use, format!("its `use` is `{usage}`, not `sig`"));
        }
        let operations = self.restrictions.operations.as_deref()?;
        let has = |wanted| operations.iter().any(|operation| operation == wanted);
        let is_allowed = match key_use {
            KeyUse::Sign => has("sign"),
            // The public half of a key pair that may sign may verify.
            KeyUse::Verify => {
                has("verify") || (!self.has_type(KeyType::Oct) && self.is_private() && has("sign"))
            }
        };
        if is_allowed {
            return None;
        }
        let missing = if key_use == KeyUse::Sign { "sign" } else { "verify" };
        let named = if operations.is_empty() { "empty".to_owned() } else { operations.join(", ") };
        mismatch(KeyMismatch::KeyOps, format!("its `key_ops` are {named}, without {missing}"))
    }

    /// Returns the algorithm and the salt length in bytes of an RSASSA-PSS signature by this key, whatever its length.
    #[must_use]
    pub fn pss_salt(&self, input: SigningInput<'_>, signature: &[u8]) -> Option<(Algorithm, usize)> {
        let Material::Rsa(key) = &self.material else { return None };
        [(Algorithm::Ps256, 32), (Algorithm::Ps384, 48), (Algorithm::Ps512, 64)].into_iter().find_map(
            |(algorithm, hash)| {
                pss::salt_length(key, hash, input.as_bytes(), signature).map(|length| (algorithm, length))
            },
        )
    }

    /// Returns why the secret is weak for an algorithm. Callers treat it as a warning, or as a failure if they are
    /// strict.
    #[must_use]
    pub fn weakness(&self, algorithm: Algorithm) -> Option<Failure> {
        let minimum = algorithm.mac_bytes()? * 8;
        let bits = self.bits();
        (bits < minimum).then(|| {
            let detail =
                format!("the secret has {bits} bits, but {algorithm} needs {minimum} (RFC 7518 section 3.2)");
            Failure::new(Reason::KeyWeak(KeyWeak::HmacTooShort), detail)
        })
    }

    /// Prepares the key for verifying.
    ///
    /// # Errors
    /// [`KeyError`] if the algorithm is not one of its [algorithms](Self::algorithms).
    pub fn verifier(&self, algorithm: Algorithm) -> Result<SignatureVerifier, KeyError> {
        if !self.algorithms().contains(&algorithm) {
            return Err(KeyError::WrongAlgorithm(algorithm));
        }
        SignatureVerifier::new(&self.material, algorithm)
    }

    /// Prepares the key for signing.
    ///
    /// # Errors
    /// [`KeyError`] if the algorithm is not one of its [algorithms](Self::algorithms), if it has no private half, or if
    /// its halves do not belong together.
    pub fn signer(&self, algorithm: Algorithm) -> Result<Signer, KeyError> {
        if !self.algorithms().contains(&algorithm) {
            return Err(KeyError::WrongAlgorithm(algorithm));
        }
        Signer::new(&self.material, algorithm)
    }

    /// Returns the private key as PrivateKeyInfo (RFC 5958), or `None` if the key has no private half.
    #[must_use]
    pub(in crate::core) fn to_pkcs8(&self) -> Option<Secret> {
        der::encode::pkcs8(&self.material)
    }

    /// Returns the public key as SubjectPublicKeyInfo (RFC 5280), or `None` for a secret.
    #[must_use]
    pub(in crate::core) fn to_spki(&self) -> Option<Vec<u8>> {
        der::encode::spki(&self.material)
    }

    /// Returns why the key is not written in another form: it is refused for every use, or its halves differ.
    #[must_use]
    pub fn unconvertible_reason(&self) -> Option<Failure> {
        let is_for_encryption = matches!(self.material, Material::X25519(_));
        let differ = || {
            let detail = "its private half does not match its public half";
            (!self.is_consistent()).then(|| Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail))
        };
        self.unusable_reason().filter(|_| !is_for_encryption).or_else(differ)
    }

    /// Reports whether the private half belongs to the public half. A key with one half is consistent.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        match &self.material {
            Material::Rsa(rsa) => {
                rsa.private.as_ref().is_none_or(|private| provider::is_consistent(rsa, private))
            }
            Material::X25519(key) => key
                .seed
                .as_ref()
                .is_none_or(|seed| provider::x25519_public(seed).is_some_and(|public| public == key.public)),
            _ => {
                !self.is_private()
                    || self.algorithms().first().is_none_or(|algorithm| self.signer(*algorithm).is_ok())
            }
        }
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
    fn debug_output_hides_secrets() {
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
    fn refuses_an_empty_secret_and_a_pem_used_as_secret() {
        assert_eq!(key(b"").unusable_reason().unwrap().reason, Reason::KeyEmpty);
        let pem = key(b"-----BEGIN PUBLIC KEY-----").unusable_reason().unwrap();
        assert_eq!(pem.reason, Reason::KeyMismatch(KeyMismatch::Kty));
        assert_eq!(key(b"secret").unusable_reason(), None);
    }

    #[test]
    fn warns_of_a_secret_shorter_than_the_hash() {
        assert!(key(&[7; 31]).weakness(Algorithm::Hs256).is_some());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs256).is_none());
        assert!(key(&[7; 32]).weakness(Algorithm::Hs512).is_some());
    }

    #[test]
    fn names_the_source_of_an_empty_secret() {
        assert_eq!(key(b"").unusable_reason().unwrap().detail, "the secret from a test is empty");
    }

    #[test]
    fn obeys_the_operations_of_a_key() {
        let with = |key: &Key, operations: &[&str]| {
            let mut key = key.clone();
            key.restrictions.operations = Some(operations.iter().map(|&name| name.to_owned()).collect());
            key
        };
        let secret = key(&[7; 32]);
        let pair = Key::generate(Algorithm::Es256, None).unwrap();
        let public = pair.public().unwrap();
        for (key, algorithm, operations, may_sign, may_verify) in [
            (&secret, Algorithm::Hs256, &["sign"][..], true, false),
            (&secret, Algorithm::Hs256, &["verify"], false, true),
            (&secret, Algorithm::Hs256, &["sign", "verify"], true, true),
            (&secret, Algorithm::Hs256, &[], false, false),
            (&pair, Algorithm::Es256, &["sign"], true, true),
            (&pair, Algorithm::Es256, &["verify"], false, true),
            (&pair, Algorithm::Es256, &["encrypt"], false, false),
            (&public, Algorithm::Es256, &["sign"], true, false),
            (&public, Algorithm::Es256, &["verify"], false, true),
        ] {
            let key = with(key, operations);
            let may = |key_use| key.mismatch(algorithm, key_use).is_none();
            assert_eq!((may(KeyUse::Sign), may(KeyUse::Verify)), (may_sign, may_verify), "{operations:?}");
        }
        let detail = |operations: &[&str], key_use| {
            with(&secret, operations).mismatch(Algorithm::Hs256, key_use).unwrap().detail
        };
        assert!(detail(&["sign", "x"], KeyUse::Verify).contains("sign, x"));
        assert!(detail(&["sign", "x"], KeyUse::Verify).contains("verify"));
        assert!(detail(&[], KeyUse::Sign).contains("empty"));
    }

    #[test]
    fn has_the_operations_of_the_other_half_in_public() {
        let mut pair = Key::generate(Algorithm::Es256, None).unwrap();
        let names = ["sign", "verify", "decrypt", "encrypt", "unwrapKey", "wrapKey", "deriveKey"];
        for (own, other) in
            names.iter().zip(["verify", "verify", "encrypt", "encrypt", "wrapKey", "wrapKey", ""])
        {
            pair.restrictions.operations = Some(vec![(*own).to_owned()]);
            let public = pair.public().unwrap();
            let other: Vec<_> =
                Some(other.to_owned()).into_iter().filter(|other| !other.is_empty()).collect();
            assert_eq!(public.restrictions.operations, Some(other), "{own}");
        }
        assert!(key(b"secret").public().is_none());
    }

    /// Returns the key of a file in `tests/vectors/forms`.
    fn key_of(pem: &[u8]) -> Key {
        let Ok(file::KeyFileContent::Documents(mut documents)) = file::read(pem, "a test") else {
            panic!("no PEM")
        };
        match file::picked(documents.remove(0), "a test") {
            file::PickedKey::Key(key) => *key,
            file::PickedKey::Encrypted(_) => panic!("encrypted"),
        }
    }

    fn rsa() -> Key {
        key_of(include_bytes!("../../../tests/vectors/forms/rsa.pk8.pem"))
    }

    #[test]
    fn signs_with_the_algorithm_that_the_key_names() {
        let algorithm = |alg: Option<&str>| {
            let mut key = key(b"secret");
            key.restrictions.alg = alg.map(str::to_owned);
            key.algorithm()
        };
        assert_eq!(algorithm(None), Some(Algorithm::Hs256));
        assert_eq!(algorithm(Some("HS512")), Some(Algorithm::Hs512));
        assert_eq!(algorithm(Some("unknown")), Some(Algorithm::Hs256));
    }

    #[test]
    fn refuses_the_public_half_for_the_same_reason_as_the_key() {
        for (pem, is_refused) in [
            (&include_bytes!("../../../tests/vectors/forms/rsa1024.pk8.pem")[..], true),
            (include_bytes!("../../../tests/vectors/forms/ed448.pk8.pem"), true),
            (include_bytes!("../../../tests/vectors/forms/x25519.pk8.pem"), true),
            (include_bytes!("../../../tests/vectors/forms/p256.pk8.pem"), false),
        ] {
            let key = key_of(pem);
            let public = key.public().unwrap();
            assert!(key.is_private() && !public.is_private());
            assert_eq!(key.unusable_reason().is_some(), is_refused);
            assert_eq!(public.unusable_reason(), key.unusable_reason());
            assert_eq!(key.public().unwrap().unusable_reason(), key.unusable_reason());
        }
    }

    #[test]
    fn finds_the_salt_of_a_pss_signature_alone() {
        let (key, input) = (rsa(), SigningInput::new("a.b"));
        for (algorithm, expected) in [
            (Algorithm::Ps256, Some((Algorithm::Ps256, 32))),
            (Algorithm::Ps384, Some((Algorithm::Ps384, 48))),
            (Algorithm::Ps512, Some((Algorithm::Ps512, 64))),
            (Algorithm::Rs256, None),
        ] {
            let signature = key.signer(algorithm).unwrap().sign(input).unwrap();
            assert_eq!(key.pss_salt(input, &signature), expected, "{algorithm}");
            assert_eq!(key.pss_salt(SigningInput::new("a.c"), &signature), None, "{algorithm}");
        }
    }

    #[test]
    fn compares_the_halves_of_an_rsa_key_although_no_algorithm_uses_it() {
        let none: &[Algorithm] = &[];
        for pss in [None, Some(none)] {
            let mut key = rsa();
            if let Material::Rsa(rsa) = &mut key.material {
                rsa.pss = pss;
            }
            assert!(key.is_consistent());
            if let Material::Rsa(rsa) = &mut key.material {
                rsa.e = vec![3];
            }
            assert!(!key.is_consistent());
        }
    }
}
