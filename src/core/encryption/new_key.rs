//! New keys for encryption: RSA keys, keys for agreement on each curve, and secrets as long as their algorithm needs.

use super::algorithm::{AgreementCurve, ContentAlgorithm, KeyAlgorithm, KeyManagement, UnknownEncryption};
use super::provider::{self, AgreementKey};
use crate::core::key::secret::Secret;
use crate::core::key::seed::Stream;
use crate::core::key::{Key, KeyError, KeyRestrictions, Material, RawKey};
use crate::core::token::algorithm::{Algorithm, KeyType};
use std::str::FromStr;

/// The algorithm that a new key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPurpose {
    /// A key management algorithm.
    Management(KeyAlgorithm),
    /// A content encryption algorithm, whose secret is used directly (`dir`).
    Content(ContentAlgorithm),
}

/// A reason why a key was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKeyError {
    /// The size of a key for `dir` is that of a content encryption algorithm, which must be named instead.
    NoSize,
    /// The key of PBES2 is a password, which people choose.
    Password(KeyAlgorithm),
    /// Keys for this algorithm are never made.
    NeverMade(KeyAlgorithm),
    /// An RSA key cannot be derived from a seed.
    NotDerivable(KeyAlgorithm),
    /// The key was not made.
    Key(KeyError),
}

impl FromStr for KeyPurpose {
    type Err = UnknownEncryption;

    fn from_str(name: &str) -> Result<Self, UnknownEncryption> {
        name.parse().map(Self::Management).or_else(|_| name.parse().map(Self::Content))
    }
}

impl KeyPurpose {
    /// Returns the registered name of the algorithm.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Management(algorithm) => algorithm.name(),
            Self::Content(content) => content.name(),
        }
    }

    /// Reports whether keys are made for the algorithm.
    #[must_use]
    pub const fn has_keys(self) -> bool {
        match self {
            Self::Content(_) => true,
            Self::Management(algorithm) => !matches!(
                algorithm.management(),
                KeyManagement::Direct | KeyManagement::Password(..) | KeyManagement::Pkcs1
            ),
        }
    }

    /// Returns the type of the keys, or `None` for keys of agreement, whose type depends on the curve.
    #[must_use]
    pub const fn kty(self) -> Option<KeyType> {
        match self {
            Self::Content(_) => Some(KeyType::Oct),
            Self::Management(algorithm) => match algorithm.key_types() {
                [kty] => Some(*kty),
                _ => None,
            },
        }
    }

    /// Generates a key from the randomness of the operating system. `curve` matters for agreement only, `bits` for RSA
    /// only.
    ///
    /// # Errors
    /// [`NewKeyError`].
    pub fn generate(self, curve: AgreementCurve, bits: Option<usize>) -> Result<Key, NewKeyError> {
        let rsa = |_| Key::generate(Algorithm::Rs256, bits).map_err(NewKeyError::Key);
        let pair = |algorithm| Key::generate(algorithm, None);
        let draw = |length| provider::random(length).ok_or(KeyError::NoRandomness);
        self.make(curve, rsa, pair, draw)
    }

    /// Derives a key from a seed. The result is always the same, and no more secret than the seed, so it is for tests.
    ///
    /// # Errors
    /// [`NewKeyError`], for RSA too: the crypto library chooses its primes.
    pub fn derive(self, curve: AgreementCurve, stream: &mut Stream) -> Result<Key, NewKeyError> {
        let stream = std::cell::RefCell::new(stream);
        let rsa = |algorithm| Err(NewKeyError::NotDerivable(algorithm));
        let pair = |algorithm| Key::derive(algorithm, *stream.borrow_mut());
        let draw = |length| {
            let mut bytes = vec![0; length];
            stream.borrow_mut().fill(&mut bytes);
            Ok(Secret::new(bytes))
        };
        self.make(curve, rsa, pair, draw)
    }

    fn make(
        self,
        curve: AgreementCurve,
        rsa: impl FnOnce(KeyAlgorithm) -> Result<Key, NewKeyError>,
        pair: impl FnOnce(Algorithm) -> Result<Key, KeyError>,
        draw: impl Fn(usize) -> Result<Secret, KeyError>,
    ) -> Result<Key, NewKeyError> {
        let secret = |length| draw(length).map(Material::Hmac).map_err(NewKeyError::Key);
        let material = match self {
            Self::Content(content) => secret(content.key_bytes())?,
            Self::Management(algorithm) => match algorithm.management() {
                KeyManagement::Direct => return Err(NewKeyError::NoSize),
                KeyManagement::Password(..) => return Err(NewKeyError::Password(algorithm)),
                KeyManagement::Pkcs1 => return Err(NewKeyError::NeverMade(algorithm)),
                KeyManagement::Wrap(bytes) | KeyManagement::GcmWrap(bytes) => secret(bytes)?,
                KeyManagement::Oaep(_) => rsa(algorithm)?.material,
                KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => match curve.ec() {
                    Some(curve) => pair(curve.algorithm()).map_err(NewKeyError::Key)?.material,
                    None => x25519(draw(32).map_err(NewKeyError::Key)?)?,
                },
            },
        };
        let restrictions = KeyRestrictions {
            alg: Some(self.name().to_owned()),
            usage: Some("enc".to_owned()),
            operations: None,
        };
        let mut key = Key::new(material, String::new(), "new");
        key.restrictions = restrictions;
        Ok(key)
    }
}

/// Makes a key like another one: of the same type, curve and length of a secret, and with the same names. An RSA key has a
/// size that is quick to make.
///
/// # Errors
/// [`NewKeyError`], also for keys that cannot encrypt.
pub fn another_key(key: &Key) -> Result<Key, NewKeyError> {
    let made = match (&key.material, AgreementCurve::of(&key.material)) {
        (Material::Hmac(secret), _) => {
            let secret = provider::random(secret.expose().len());
            Material::Hmac(secret.ok_or(NewKeyError::Key(KeyError::NoRandomness))?)
        }
        (_, Some(curve)) => KeyPurpose::Management(KeyAlgorithm::EcdhEs).generate(curve, None)?.material,
        _ => Key::generate(Algorithm::Rs256, Some(2048)).map_err(NewKeyError::Key)?.material,
    };
    let restrictions = key.restrictions.clone();
    let mut another = Key::new(made, String::new(), "new");
    another.restrictions = restrictions;
    another.kid.clone_from(&key.kid);
    Ok(another)
}

/// Returns the X25519 key of a private number.
fn x25519(seed: Secret) -> Result<Material, NewKeyError> {
    let key = AgreementKey::new(AgreementCurve::X25519, &seed);
    let public = key.and_then(|key| key.public()).ok_or(NewKeyError::Key(KeyError::Refused))?;
    Ok(Material::X25519(RawKey { public, seed: Some(seed) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::encryption::{Decrypter, Encrypter, EncryptionSettings, Jwe};
    use crate::core::key::jwk::thumbprint;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::seed::Seed;

    #[test]
    fn new_keys_open_what_their_public_halves_seal() {
        let names = KeyAlgorithm::ALL.iter().map(|algorithm| algorithm.name());
        let names = names.chain(ContentAlgorithm::ALL.iter().map(|content| content.name()));
        let mut made = 0;
        for name in names {
            let purpose: KeyPurpose = name.parse().unwrap();
            for curve in AgreementCurve::ALL {
                let Ok(key) = purpose.generate(curve, Some(2048)) else { continue };
                let public = key.public().unwrap_or_else(|| key.clone());
                let encrypter = Encrypter::new(&public, EncryptionSettings::default()).unwrap();
                assert!([encrypter.algorithm().name(), encrypter.content().name()].contains(&name), "{name}");
                let token = encrypter.encrypt(b"{}").unwrap();
                let jwe = Jwe::parse(token.as_bytes(), 10_000).unwrap();
                let opened = Decrypter::new(KeyRing::from(key), 10_000).decrypt(&jwe).unwrap();
                assert_eq!(opened.plaintext.expose(), b"{}", "{name}");
                made += 1;
                if !matches!(purpose, KeyPurpose::Management(algorithm) if algorithm.name().starts_with("ECDH"))
                {
                    break;
                }
            }
        }
        assert_eq!(made, 6 + 4 + 4 * 4 + 6);
    }

    #[test]
    fn derives_the_same_key_from_the_same_seed() {
        for name in ["ECDH-ES", "A192KW", "A256CBC-HS512"] {
            for curve in AgreementCurve::ALL {
                let purpose: KeyPurpose = name.parse().unwrap();
                let print = |seed| {
                    let mut stream = Seed::from(seed).stream("test", 1);
                    thumbprint(&purpose.derive(curve, &mut stream).unwrap()).unwrap()
                };
                assert_eq!(print(7), print(7));
                assert_ne!(print(7), print(8));
            }
        }
    }

    #[test]
    fn refuses_keys_that_have_no_size_or_are_never_made() {
        let error = |name: &str| {
            let purpose: KeyPurpose = name.parse().unwrap();
            purpose.generate(AgreementCurve::P256, None).unwrap_err()
        };
        assert_eq!(error("dir"), NewKeyError::NoSize);
        assert_eq!(error("RSA1_5"), NewKeyError::NeverMade(KeyAlgorithm::Rsa1_5));
        let password = KeyAlgorithm::Pbes2A128Kw;
        assert_eq!(error(password.name()), NewKeyError::Password(password));
        let mut stream = Seed::from(7).stream("test", 1);
        let rsa = KeyPurpose::Management(KeyAlgorithm::RsaOaep);
        let error = rsa.derive(AgreementCurve::P256, &mut stream).unwrap_err();
        assert_eq!(error, NewKeyError::NotDerivable(KeyAlgorithm::RsaOaep));
        assert_eq!("HS256".parse::<KeyPurpose>(), Err(UnknownEncryption));
    }
}
