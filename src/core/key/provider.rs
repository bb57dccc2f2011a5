//! The cryptography behind keys: raw signatures, points, new keys. The only file that names jsonwebtoken, and beside `mac`
//! and `digest` the only one that names aws-lc-rs; nothing outside knows which of them does what. It decides nothing: what
//! may be used for what is settled before.

use super::mac::Mac;
use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey, RsaPrivate};
use super::{numbers, write};
use crate::core::key::secret::Secret;
use crate::core::key::seed::Stream;
use crate::core::token::algorithm::{Algorithm, Curve, KeyType};
use crate::core::token::jws::SigningInput;
use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm, RsaKeyPair,
};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::JwtSigner;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use std::fmt;

/// The key could not be used although the policy allowed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError;

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key cannot be used with this algorithm")
    }
}

impl std::error::Error for KeyError {}

/// A key prepared for verifying with one algorithm; keep it to verify many tokens.
pub struct SignatureVerifier(Verifying);

enum Verifying {
    Mac(Mac),
    PublicKey(ParsedPublicKey),
}

impl SignatureVerifier {
    pub(super) fn new(material: &Material, algorithm: Algorithm) -> Result<Self, KeyError> {
        let by_key = |scheme: &'static dyn signature::VerificationAlgorithm, public: &[u8]| {
            ParsedPublicKey::new(scheme, public).map_err(|_| KeyError)
        };
        let key = match material {
            Material::Hmac(secret) => return Mac::new(secret, algorithm).map(Verifying::Mac).map(Self),
            Material::Rsa(key) => signature::RsaPublicKeyComponents { n: &key.n, e: &key.e }
                .to_parsed_public_key(rsa(algorithm).ok_or(KeyError)?)
                .map_err(|_| KeyError),
            Material::Ec(key) => by_key(verification(key.curve), &key.point()),
            Material::Ed25519(key) => by_key(&signature::ED25519, &key.public),
            Material::MlDsa(set, key) if *set == algorithm => {
                by_key(ml_dsa(algorithm).ok_or(KeyError)?.0, &key.public)
            }
            Material::MlDsa(..) | Material::Unsupported(_) => Err(KeyError),
        };
        key.map(Verifying::PublicKey).map(Self)
    }

    /// Whether the signature is that of the signing input. A MAC is compared in constant time.
    #[must_use]
    pub fn verifies(&self, input: SigningInput<'_>, signature: &[u8]) -> bool {
        match &self.0 {
            Verifying::Mac(mac) => mac.verifies(input.as_bytes(), signature),
            Verifying::PublicKey(key) => key.verify_sig(input.as_bytes(), signature).is_ok(),
        }
    }
}

/// A key prepared for signing with one algorithm.
pub struct Signer(Signing);

enum Signing {
    Mac(Mac),
    ByName(Box<dyn JwtSigner>),
    Ecdsa(EcdsaKeyPair),
    MlDsa(PqdsaKeyPair),
}

impl Signer {
    pub(super) fn new(material: &Material, algorithm: Algorithm) -> Result<Self, KeyError> {
        let key = match material {
            Material::Hmac(secret) => return Mac::new(secret, algorithm).map(Signing::Mac).map(Self),
            Material::Rsa(key) => {
                let private = key.private.as_ref().ok_or(KeyError)?;
                let der = write::pkcs1(key, private).ok_or(KeyError)?;
                // Checked here, so that an inconsistent key is found before anything is signed.
                RsaKeyPair::from_der(der.expose()).map_err(|_| KeyError)?;
                EncodingKey::from_rsa_der(der.expose())
            }
            Material::Ec(key) => {
                let private = key.private.as_ref().ok_or(KeyError)?;
                let scheme = ecdsa(key.curve);
                let pair =
                    EcdsaKeyPair::from_private_key_and_public_key(scheme, private.expose(), &key.point());
                let pair = pair.map_err(|_| KeyError)?;
                if !matches!(key.curve, Curve::P256 | Curve::P384) {
                    return Ok(Self(Signing::Ecdsa(pair)));
                }
                EncodingKey::from_ec_der(write::pkcs8(material).ok_or(KeyError)?.expose())
            }
            Material::Ed25519(key) => {
                let seed = key.seed.as_ref().ok_or(KeyError)?;
                Ed25519KeyPair::from_seed_and_public_key(seed.expose(), &key.public).map_err(|_| KeyError)?;
                EncodingKey::from_ed_der(write::pkcs8(material).ok_or(KeyError)?.expose())
            }
            Material::MlDsa(set, key) => {
                let seed = key.seed.as_ref().ok_or(KeyError)?;
                let pair = ml_dsa_pair(*set, seed).filter(|pair| pair.public_key().as_ref() == key.public);
                return pair.map(|pair| Self(Signing::MlDsa(pair))).ok_or(KeyError);
            }
            Material::Unsupported(_) => return Err(KeyError),
        };
        let name = provider_name(algorithm).ok_or(KeyError)?;
        let signer = (DEFAULT_PROVIDER.signer_factory)(&name, &key).map_err(|_| KeyError)?;
        Ok(Self(Signing::ByName(signer)))
    }

    /// Signs a signing input.
    ///
    /// # Errors
    /// [`KeyError`] if the cryptography behind it refuses.
    pub fn sign(&self, input: SigningInput<'_>) -> Result<Vec<u8>, KeyError> {
        let bytes = input.as_bytes();
        match &self.0 {
            Signing::Mac(mac) => Ok(mac.of(bytes)),
            Signing::ByName(signer) => signer.try_sign(bytes).map_err(|_| KeyError),
            Signing::Ecdsa(pair) => {
                let random = aws_lc_rs::rand::SystemRandom::new();
                pair.sign(&random, bytes).map(|signature| signature.as_ref().to_vec()).map_err(|_| KeyError)
            }
            Signing::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(bytes, &mut signature).map_err(|_| KeyError)?;
                Ok(signature)
            }
        }
    }
}

impl fmt::Debug for SignatureVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignatureVerifier(…)")
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// Makes a key for an algorithm from the system's randomness; `bits` is the size of an RSA key.
///
/// # Errors
/// [`KeyError`] if there is no such size or no randomness.
pub(super) fn generate(algorithm: Algorithm, bits: Option<usize>) -> Result<Material, KeyError> {
    let seed = |length| {
        let mut bytes = vec![0; length];
        aws_lc_rs::rand::fill(&mut bytes).map(|()| Secret::new(bytes)).map_err(|_| KeyError)
    };
    match algorithm.kty() {
        KeyType::Oct => seed(algorithm.mac_bytes().ok_or(KeyError)?).map(Material::Hmac),
        KeyType::Rsa => generate_rsa(bits.unwrap_or(3072)),
        KeyType::Ec => {
            let curve =
                Curve::ALL.into_iter().find(|curve| curve.algorithm() == algorithm).ok_or(KeyError)?;
            let pair = EcdsaKeyPair::generate(ecdsa(curve)).map_err(|_| KeyError)?;
            let private = pair.private_key().as_be_bytes().map_err(|_| KeyError)?;
            ec_key(curve, &Secret::new(private.as_ref().to_vec())).map(Material::Ec).ok_or(KeyError)
        }
        KeyType::Okp | KeyType::Akp => of_seed(algorithm, seed(RAW_BYTES)?).ok_or(KeyError),
    }
}

/// Makes the key for an algorithm that follows from bytes that are the same every time: a secret or a seed is the first
/// of them, a scalar the first number of the curve's length that lies between zero and its order. RSA has no such key.
///
/// # Errors
/// [`KeyError`] for RSA.
pub(super) fn derive(algorithm: Algorithm, stream: &mut Stream) -> Result<Material, KeyError> {
    /// Each fails with a chance of one in two at the most.
    const TRIES: usize = 256;
    let mut draw = |length| {
        let mut bytes = vec![0; length];
        stream.fill(&mut bytes);
        bytes
    };
    match algorithm.kty() {
        KeyType::Oct => {
            let length = algorithm.mac_bytes().ok_or(KeyError)?;
            Ok(Material::Hmac(Secret::new(draw(length))))
        }
        KeyType::Rsa => Err(KeyError),
        KeyType::Ec => {
            let curve =
                Curve::ALL.into_iter().find(|curve| curve.algorithm() == algorithm).ok_or(KeyError)?;
            let scalar = |_| {
                let mut bytes = draw(curve.bytes());
                // 521 bits are 65 bytes and one bit more.
                if let (Curve::P521, Some(first)) = (curve, bytes.first_mut()) {
                    *first &= 1;
                }
                ec_key(curve, &Secret::new(bytes))
            };
            (0..TRIES).find_map(scalar).map(Material::Ec).ok_or(KeyError)
        }
        KeyType::Okp | KeyType::Akp => of_seed(algorithm, Secret::new(draw(RAW_BYTES))).ok_or(KeyError),
    }
}

/// The key of an algorithm whose keys follow from a seed of 32 bytes.
fn of_seed(algorithm: Algorithm, seed: Secret) -> Option<Material> {
    if algorithm.kty() == KeyType::Okp {
        let public = ed25519_public(&seed)?;
        return Some(Material::Ed25519(RawKey { public, seed: Some(seed) }));
    }
    let public = ml_dsa_public(algorithm, &seed)?;
    Some(Material::MlDsa(algorithm, RawKey { public, seed: Some(seed) }))
}

/// The sizes of RSA keys that can be made, in bits.
pub const RSA_SIZES: [usize; 4] = [2048, 3072, 4096, 8192];

fn generate_rsa(bits: usize) -> Result<Material, KeyError> {
    let size = match bits {
        2048 => KeySize::Rsa2048,
        3072 => KeySize::Rsa3072,
        4096 => KeySize::Rsa4096,
        8192 => KeySize::Rsa8192,
        _ => return Err(KeyError),
    };
    let pair = RsaKeyPair::generate(size).map_err(|_| KeyError)?;
    let document: aws_lc_rs::encoding::Pkcs8V1Der<'_> =
        aws_lc_rs::encoding::AsDer::as_der(&pair).map_err(|_| KeyError)?;
    super::der::private_key(document.as_ref()).map_err(|_| KeyError)
}

/// An EC key from its private scalar: the point follows from it.
pub(super) fn ec_key(curve: Curve, private: &Secret) -> Option<EcKey> {
    let scalar = Secret::new(numbers::padded(private.expose(), curve.bytes())?);
    let sec1 = write::sec1(curve, &scalar, None)?;
    let pair = EcdsaKeyPair::from_private_key_der(ecdsa(curve), sec1.expose()).ok()?;
    let (x, y) = numbers::coordinates(curve, pair.public_key().as_ref())?;
    Some(EcKey { curve, x, y, private: Some(scalar) })
}

/// The public half of an Ed25519 seed.
pub(super) fn ed25519_public(seed: &Secret) -> Option<Vec<u8>> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// The public half of an ML-DSA seed.
pub(super) fn ml_dsa_public(set: Algorithm, seed: &Secret) -> Option<Vec<u8>> {
    ml_dsa_pair(set, seed).map(|pair| pair.public_key().as_ref().to_vec())
}

/// Whether a point in SEC 1 form lies on a curve.
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    ParsedPublicKey::new(verification(curve), point).is_ok()
}

/// Whether bytes are a public key of an ML-DSA parameter set.
pub(super) fn is_ml_dsa_key(set: Algorithm, public: &[u8]) -> bool {
    ml_dsa(set).is_some_and(|(scheme, _)| ParsedPublicKey::new(scheme, public).is_ok())
}

/// Whether the numbers of a private RSA key belong together.
pub(super) fn is_consistent(key: &RsaKey, private: &RsaPrivate) -> bool {
    write::pkcs1(key, private).is_some_and(|der| RsaKeyPair::from_der(der.expose()).is_ok())
}

/// What jsonwebtoken calls an algorithm, if it has it.
const fn provider_name(algorithm: Algorithm) -> Option<jsonwebtoken::Algorithm> {
    Some(match algorithm {
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Rs384 => jsonwebtoken::Algorithm::RS384,
        Algorithm::Rs512 => jsonwebtoken::Algorithm::RS512,
        Algorithm::Ps256 => jsonwebtoken::Algorithm::PS256,
        Algorithm::Ps384 => jsonwebtoken::Algorithm::PS384,
        Algorithm::Ps512 => jsonwebtoken::Algorithm::PS512,
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::Es384 => jsonwebtoken::Algorithm::ES384,
        Algorithm::EdDsa | Algorithm::Ed25519 => jsonwebtoken::Algorithm::EdDSA,
        _ => return None,
    })
}

const fn rsa(algorithm: Algorithm) -> Option<&'static signature::RsaParameters> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

const fn verification(curve: Curve) -> &'static EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_FIXED,
    }
}

const fn ecdsa(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_FIXED_SIGNING,
    }
}

type MlDsa = (&'static PqdsaVerificationAlgorithm, &'static PqdsaSigningAlgorithm);

const fn ml_dsa(set: Algorithm) -> Option<MlDsa> {
    match set {
        Algorithm::MlDsa44 => Some((&signature::ML_DSA_44, &signature::ML_DSA_44_SIGNING)),
        Algorithm::MlDsa65 => Some((&signature::ML_DSA_65, &signature::ML_DSA_65_SIGNING)),
        Algorithm::MlDsa87 => Some((&signature::ML_DSA_87, &signature::ML_DSA_87_SIGNING)),
        _ => None,
    }
}

fn ml_dsa_pair(set: Algorithm, seed: &Secret) -> Option<PqdsaKeyPair> {
    PqdsaKeyPair::from_seed(ml_dsa(set)?.1, seed.expose()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::SecretFormat;

    #[test]
    fn a_scalar_lies_between_zero_and_the_order() {
        // The orders (SEC 2 section 2, FIPS 186-5), each one too much.
        for (curve, order) in [
            (Curve::P256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
            (
                Curve::P384,
                "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
            ),
            (
                Curve::P521,
                "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
            ),
            (Curve::Secp256k1, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
        ] {
            let mut order = SecretFormat::Hex.read(order.as_bytes()).unwrap().expose().to_vec();
            let zero = Secret::new(vec![0; curve.bytes()]);
            assert!(ec_key(curve, &zero).is_none(), "{}", curve.name());
            assert!(ec_key(curve, &Secret::new(order.clone())).is_none(), "{}", curve.name());
            *order.last_mut().unwrap() -= 1;
            assert!(ec_key(curve, &Secret::new(order)).is_some(), "{}", curve.name());
        }
    }
}
