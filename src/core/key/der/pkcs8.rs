//! Private keys in DER: PKCS #8, in clear or encrypted (RFC 5958).

use super::error::{DerError, DerStructure};
use super::{ec, oid, rsa, shape};
use crate::core::key::material::{Material, RAW_BYTES, RawKey};
use crate::core::key::provider;
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Algorithm;
use der::asn1::{AnyRef, OctetStringRef};
use der::{Decode as _, Tag, TagNumber, Tagged as _};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};

/// An encrypted PKCS #8 key.
#[derive(Clone, Debug)]
pub struct EncryptedKey(Secret);

/// An encrypted key that cannot be decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnlockError {
    /// The password is wrong.
    WrongPassword,
    /// This build does not decrypt the encryption scheme.
    Scheme(UnsupportedScheme),
    /// The decrypted content is not a key.
    Content(DerError),
}

/// An encryption scheme that this build does not decrypt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnsupportedScheme {
    /// A scheme that the library does not know.
    Unknown,
    /// PBES1 (RFC 8018 appendix A.3).
    Pbes1,
    /// A key derivation function with parameters that its definition forbids.
    InvalidParameters,
    /// A key derivation function that would take too much time or memory.
    TooExpensive,
    /// Anything else, in the words of the library.
    Other(String),
}

impl EncryptedKey {
    /// Takes the bytes of an EncryptedPrivateKeyInfo.
    pub(super) const fn new(bytes: Secret) -> Self {
        Self(bytes)
    }

    /// Checks that this build can decrypt the scheme, so that the user is not asked for a password in vain.
    ///
    /// # Errors
    /// [`UnlockError::Scheme`] if it cannot.
    pub fn check(&self) -> Result<(), UnlockError> {
        self.info().map(drop)
    }

    /// Decrypts the key.
    ///
    /// # Errors
    /// [`UnlockError`] if the password is wrong, the scheme is not supported, or the content is not a key.
    pub fn open(&self, password: &[u8]) -> Result<Material, UnlockError> {
        let document = self.info()?.decrypt(password).map_err(|error| match error {
            pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) | pkcs8::Error::Asn1(_) => {
                UnlockError::WrongPassword
            }
            other => UnlockError::Scheme(UnsupportedScheme::Other(other.to_string())),
        })?;
        private_key(document.as_bytes()).map_err(UnlockError::Content)
    }

    fn info(&self) -> Result<EncryptedPrivateKeyInfoRef<'_>, UnlockError> {
        let info = EncryptedPrivateKeyInfoRef::try_from(self.0.expose())
            .map_err(|_| UnlockError::Scheme(UnsupportedScheme::Unknown))?;
        check_cost(&info.encryption_algorithm).map_err(UnlockError::Scheme)?;
        Ok(info)
    }
}

/// Refuses schemes that are broken or too expensive: the file alone decides the time and memory of its decryption.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), UnsupportedScheme> {
    const MAX_ITERATIONS: u32 = 5_000_000;
    const MAX_MEMORY: u64 = 1 << 30;
    let parameters = scheme.pbes2().ok_or(UnsupportedScheme::Pbes1)?;
    let iterations = parameters.kdf.pbkdf2().map_or(0, |kdf| kdf.iteration_count);
    let memory = parameters.kdf.scrypt().map_or(0, |kdf| {
        let lanes = u64::from(kdf.block_size).saturating_mul(u64::from(kdf.parallelization));
        kdf.cost_parameter.saturating_mul(lanes).saturating_mul(128)
    });
    // The library does not check the parameters of scrypt (RFC 7914 section 6).
    let is_scrypt_valid = parameters.kdf.scrypt().is_none_or(|kdf| {
        kdf.cost_parameter > 1
            && kdf.cost_parameter.is_power_of_two()
            && kdf.block_size > 0
            && kdf.parallelization > 0
    });
    if !is_scrypt_valid || parameters.kdf.pbkdf2().is_some_and(|kdf| kdf.iteration_count == 0) {
        return Err(UnsupportedScheme::InvalidParameters);
    }
    if iterations > MAX_ITERATIONS || memory > MAX_MEMORY {
        return Err(UnsupportedScheme::TooExpensive);
    }
    Ok(())
}

/// Parses an unencrypted PKCS #8 key.
pub(super) fn private_key(bytes: &[u8]) -> Result<Material, DerError> {
    let info = PrivateKeyInfoRef::try_from(bytes).map_err(|_| DerError::Malformed(DerStructure::Pkcs8))?;
    let (key, parameters) = (info.algorithm.oid, info.algorithm.parameters);
    let private = info.private_key.as_bytes();
    let mut material = match key {
        oid::RSA | oid::RSA_PSS => rsa::private(private, rsa::pss_algorithms(key, parameters))?,
        oid::EC => ec::private(private, Some(ec::named_curve(parameters)?))?,
        oid::ED25519 => ed25519(private)?,
        oid::X25519 => x25519(private)?,
        other => match oid::to_ml_dsa(other) {
            Some(set) => ml_dsa(set, private)?,
            None => Material::Unsupported(oid::unsupported(other)),
        },
    };
    if let Material::Unsupported(key) = &mut material {
        key.is_private = true;
    }
    if let Some(public) = info.public_key
        && !public.as_bytes().is_some_and(|stated| is_public_half(stated, &material))
    {
        return Err(DerError::HalvesDiffer);
    }
    Ok(material)
}

/// Reports whether the public key beside a private key (RFC 5958 section 2) is its public half.
fn is_public_half(stated: &[u8], material: &Material) -> bool {
    match material {
        Material::Ec(key) => {
            ec::public(key.curve, stated).is_ok_and(|stated| (&stated.x, &stated.y) == (&key.x, &key.y))
        }
        Material::Rsa(key) => {
            let stated = rsa::public(stated, None);
            matches!(stated, Ok(Material::Rsa(stated)) if (&stated.n, &stated.e) == (&key.n, &key.e))
        }
        Material::Ed25519(key) | Material::X25519(key) | Material::MlDsa(_, key) => stated == key.public,
        Material::Hmac(_) | Material::Unsupported(_) => true,
    }
}

/// Parses the seed of an Ed25519 key (RFC 8410 section 7).
fn ed25519(bytes: &[u8]) -> Result<Material, DerError> {
    let seed =
        <&OctetStringRef>::from_der(bytes).map_err(|_| DerError::Malformed(DerStructure::Ed25519Seed))?;
    let seed = Secret::new(seed.as_bytes().to_vec());
    let length = seed.expose().len();
    let public =
        provider::ed25519_public(&seed).ok_or(DerError::SeedLength { length, expected: RAW_BYTES })?;
    Ok(Material::Ed25519(RawKey { public, seed: Some(seed) }))
}

/// Parses the private number of an X25519 key (RFC 8410 section 7).
fn x25519(bytes: &[u8]) -> Result<Material, DerError> {
    let malformed = DerError::Malformed(DerStructure::X25519Key);
    let number = <&OctetStringRef>::from_der(bytes).map_err(|_| malformed.clone())?;
    let seed = Secret::new(number.as_bytes().to_vec());
    let public = provider::x25519_public(&seed).ok_or(malformed)?;
    Ok(Material::X25519(RawKey { public, seed: Some(seed) }))
}

/// Parses an ML-DSA private key: a seed, the expanded key, or both (RFC 9881 section 6). Only the seed is used; an expanded key
/// beside it must be its own.
fn ml_dsa(set: Algorithm, bytes: &[u8]) -> Result<Material, DerError> {
    const SEED: Tag = Tag::ContextSpecific { constructed: false, number: TagNumber(0) };
    let malformed = DerError::Malformed(DerStructure::MlDsaKey);
    let element = AnyRef::from_der(bytes).map_err(|_| malformed.clone())?;
    let (seed, expanded) = match (element.tag(), shape::elements(bytes).as_deref()) {
        (SEED, _) => (element.value(), None),
        (Tag::OctetString, _) => return Err(DerError::NoSeed),
        (_, Some([seed, expanded])) => (seed.value(), Some(expanded.value())),
        _ => return Err(malformed),
    };
    if seed.len() != RAW_BYTES {
        return Err(malformed);
    }
    let seed = Secret::new(seed.to_vec());
    let public = provider::ml_dsa_public(set, &seed).ok_or(DerError::SeedRefused)?;
    if let Some(expanded) = expanded
        && !provider::is_expanded_ml_dsa(set, &seed, expanded)
    {
        return Err(DerError::ExpandedKeyDiffers);
    }
    Ok(Material::MlDsa(set, RawKey { public, seed: Some(seed) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pkcs8::pkcs5::pbes2::{self, Kdf, Parameters, Pbkdf2Params, Pbkdf2Prf, Salt, ScryptParams};

    fn check(kdf: Kdf) -> Result<(), UnsupportedScheme> {
        let encryption = pbes2::EncryptionScheme::Aes256Cbc { iv: [0; 16] };
        check_cost(&Parameters { kdf, encryption }.into())
    }

    fn salt() -> Salt {
        Salt::new(b"salt").unwrap()
    }

    #[test]
    fn limits_the_iterations_of_pbkdf2() {
        for (iteration_count, expected) in [
            (0, Err(UnsupportedScheme::InvalidParameters)),
            (1, Ok(())),
            (5_000_000, Ok(())),
            (5_000_001, Err(UnsupportedScheme::TooExpensive)),
        ] {
            let prf = Pbkdf2Prf::HmacWithSha256;
            let parameters = Pbkdf2Params { salt: salt(), iteration_count, key_length: None, prf };
            assert_eq!(check(parameters.into()), expected, "{iteration_count}");
        }
    }

    #[test]
    fn limits_the_memory_of_scrypt_and_checks_its_parameters() {
        let (invalid, expensive) = (UnsupportedScheme::InvalidParameters, UnsupportedScheme::TooExpensive);
        for (cost_parameter, block_size, parallelization, expected) in [
            (2, 1, 1, Ok(())),
            (16_384, 8, 1, Ok(())),
            (0, 8, 1, Err(invalid.clone())),
            (1, 8, 1, Err(invalid.clone())),
            (3, 8, 1, Err(invalid.clone())),
            (16_384, 0, 1, Err(invalid.clone())),
            (16_384, 8, 0, Err(invalid)),
            // A gibibyte, and more.
            (1 << 20, 8, 1, Ok(())),
            (1 << 20, 9, 1, Err(expensive.clone())),
            (1 << 20, 8, 2, Err(expensive.clone())),
            (1 << 21, 8, 1, Err(expensive.clone())),
            (1 << 63, u16::MAX, u16::MAX, Err(expensive)),
        ] {
            let parameters =
                ScryptParams { salt: salt(), cost_parameter, block_size, parallelization, key_length: None };
            let found = check(parameters.into());
            assert_eq!(found, expected, "{cost_parameter} {block_size} {parallelization}");
        }
    }
}
