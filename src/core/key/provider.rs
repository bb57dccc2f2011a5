//! The cryptography of keys: signatures, points, new keys. The only file that names jsonwebtoken, and beside `mac` and
//! `digest` the only one that names aws-lc-rs. It makes no policy decision: the caller has already decided that a key
//! may be used.

use super::der::{encode, rsa as rsa_der};
use super::digest::DigestStream;
use super::error::KeyError;
use super::integer;
use super::mac::{Mac, MacBytes};
use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey, RsaPrivate};
use super::message::{MessageState, MessageStream};
use super::secret::Secret;
use super::seed::Stream;
use crate::core::token::algorithm::{Algorithm, Curve, KeyType};
use crate::core::token::jws::SigningInput;
use aws_lc_rs::agreement;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::encoding::{AsBigEndian as _, AsDer as _, AsRawBytes as _};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, EcdsaVerificationAlgorithm, Ed25519KeyPair, KeyPair as _,
    ParsedPublicKey, PqdsaKeyPair, PqdsaSigningAlgorithm, PqdsaVerificationAlgorithm, RsaKeyPair,
};
use jsonwebtoken::EncodingKey;
use jsonwebtoken::crypto::JwtSigner;
use jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER;
use std::fmt;

/// A key prepared for verifying with one algorithm. It can verify many tokens.
pub struct SignatureVerifier(Verifying);

enum Verifying {
    Mac(Mac),
    /// A key, and the algorithm that it verifies.
    PublicKey(ParsedPublicKey, Algorithm),
}

impl SignatureVerifier {
    pub(super) fn new(material: &Material, algorithm: Algorithm) -> Result<Self, KeyError> {
        let wrong_algorithm = KeyError::WrongAlgorithm(algorithm);
        let by_key = |scheme: &'static dyn signature::VerificationAlgorithm, public: &[u8]| {
            ParsedPublicKey::new(scheme, public).map_err(|_| KeyError::Refused)
        };
        let key = match material {
            Material::Hmac(secret) => return Mac::new(secret, algorithm).map(Verifying::Mac).map(Self),
            Material::Rsa(key) => signature::RsaPublicKeyComponents { n: &key.n, e: &key.e }
                .to_parsed_public_key(rsa(algorithm).ok_or(wrong_algorithm)?)
                .map_err(|_| KeyError::Refused),
            Material::Ec(key) => by_key(verification(key.curve), &key.point()),
            Material::Ed25519(key) => by_key(&signature::ED25519, &key.public),
            Material::MlDsa(set, key) if *set == algorithm => {
                by_key(ml_dsa(algorithm).ok_or(wrong_algorithm)?.0, &key.public)
            }
            Material::MlDsa(..) | Material::X25519(_) | Material::Unsupported(_) => Err(wrong_algorithm),
        };
        key.map(|key| Self(Verifying::PublicKey(key, algorithm)))
    }

    /// Reports whether the signature belongs to the signing input. A MAC is compared in constant time.
    #[must_use]
    pub fn verifies(&self, input: SigningInput<'_>, signature: &[u8]) -> bool {
        match &self.0 {
            Verifying::Mac(mac) => mac.verifies(input.as_bytes(), signature),
            Verifying::PublicKey(key, _) => key.verify_sig(input.as_bytes(), signature).is_ok(),
        }
    }

    /// Reports for two signing inputs, each with a signature, whether they belong together. Two MACs take less time than each
    /// alone.
    #[must_use]
    pub fn verify_two(&self, pairs: [(SigningInput<'_>, &[u8]); 2]) -> [bool; 2] {
        match &self.0 {
            Verifying::Mac(mac) => {
                mac.verify_two(pairs.map(|(input, signature)| (input.as_bytes(), signature)))
            }
            Verifying::PublicKey(..) => pairs.map(|(input, signature)| self.verifies(input, signature)),
        }
    }

    /// Begins a message that comes in pieces. Returns `None` if the algorithm needs the whole message.
    #[must_use]
    pub fn begin(&self) -> Option<MessageStream> {
        match &self.0 {
            Verifying::Mac(mac) => Some(MessageStream(MessageState::Mac(mac.begin()))),
            Verifying::PublicKey(_, algorithm) => begin_digest(*algorithm),
        }
    }

    /// Reports whether the signature belongs to a message that this verifier began.
    #[must_use]
    pub fn verifies_stream(&self, message: MessageStream, signature: &[u8]) -> bool {
        match (&self.0, message.0) {
            (Verifying::Mac(_), MessageState::Mac(mac)) => mac.verifies(signature),
            (Verifying::PublicKey(key, _), MessageState::Digest(digest)) => {
                key.verify_digest_sig(&digest.finish(), signature).is_ok()
            }
            _ => false,
        }
    }
}

/// Begins the digest of a message, if the algorithm signs one.
fn begin_digest(algorithm: Algorithm) -> Option<MessageStream> {
    let digest = DigestStream::new(algorithm.digest_bytes()?)?;
    Some(MessageStream(MessageState::Digest(digest)))
}

/// A key prepared for signing with one algorithm.
pub struct Signer(Signing);

enum Signing {
    Mac(Mac),
    /// A signer of whole messages, and the key that signs their digests.
    ByName(Box<dyn JwtSigner>, Option<DigestSigner>),
    Ecdsa(EcdsaKeyPair, Algorithm),
    MlDsa(PqdsaKeyPair),
}

/// The bytes of a signature.
pub(in crate::core) struct SignatureBytes(SignatureKind);

enum SignatureKind {
    Mac(MacBytes),
    Other(Vec<u8>),
}

impl AsRef<[u8]> for SignatureBytes {
    fn as_ref(&self) -> &[u8] {
        match &self.0 {
            SignatureKind::Mac(mac) => mac.as_ref(),
            SignatureKind::Other(signature) => signature,
        }
    }
}

/// A key that signs digests with one algorithm.
struct DigestSigner(DigestKey, Algorithm);

enum DigestKey {
    Rsa(Box<RsaKeyPair>),
    Ecdsa(EcdsaKeyPair),
}

impl Signer {
    pub(super) fn new(material: &Material, algorithm: Algorithm) -> Result<Self, KeyError> {
        let (key, pair) = match material {
            Material::Hmac(secret) => return Mac::new(secret, algorithm).map(Signing::Mac).map(Self),
            Material::Rsa(key) => {
                let private = key.private.as_ref().ok_or(KeyError::NoPrivateHalf)?;
                let der = rsa_der::encode_private(key, private).ok_or(KeyError::Refused)?;
                // jsonwebtoken would report an inconsistent key only when it signs.
                let pair = RsaKeyPair::from_der(der.expose()).map_err(|_| KeyError::HalvesDiffer)?;
                (EncodingKey::from_rsa_der(der.expose()), Some(DigestKey::Rsa(Box::new(pair))))
            }
            Material::Ec(key) => {
                let private = key.private.as_ref().ok_or(KeyError::NoPrivateHalf)?;
                let scheme = ecdsa(key.curve);
                let pair =
                    EcdsaKeyPair::from_private_key_and_public_key(scheme, private.expose(), &key.point());
                let pair = pair.map_err(|_| KeyError::HalvesDiffer)?;
                if !matches!(key.curve, Curve::P256 | Curve::P384) {
                    return Ok(Self(Signing::Ecdsa(pair, algorithm)));
                }
                let der = encode::pkcs8(material).ok_or(KeyError::Refused)?;
                (EncodingKey::from_ec_der(der.expose()), Some(DigestKey::Ecdsa(pair)))
            }
            Material::Ed25519(key) => {
                let seed = key.seed.as_ref().ok_or(KeyError::NoPrivateHalf)?;
                Ed25519KeyPair::from_seed_and_public_key(seed.expose(), &key.public)
                    .map_err(|_| KeyError::HalvesDiffer)?;
                let der = encode::pkcs8(material).ok_or(KeyError::Refused)?;
                (EncodingKey::from_ed_der(der.expose()), None)
            }
            Material::MlDsa(set, key) => {
                let seed = key.seed.as_ref().ok_or(KeyError::NoPrivateHalf)?;
                let pair = ml_dsa_pair(*set, seed).filter(|pair| pair.public_key().as_ref() == key.public);
                return pair.map(|pair| Self(Signing::MlDsa(pair))).ok_or(KeyError::HalvesDiffer);
            }
            Material::X25519(_) | Material::Unsupported(_) => {
                return Err(KeyError::WrongAlgorithm(algorithm));
            }
        };
        let name = provider_name(algorithm).ok_or(KeyError::WrongAlgorithm(algorithm))?;
        let signer = (DEFAULT_PROVIDER.signer_factory)(&name, &key).map_err(|_| KeyError::Refused)?;
        Ok(Self(Signing::ByName(signer, pair.map(|pair| DigestSigner(pair, algorithm)))))
    }

    /// Signs a signing input.
    ///
    /// # Errors
    /// [`KeyError::Refused`] if the crypto library refuses.
    pub fn sign(&self, input: SigningInput<'_>) -> Result<Vec<u8>, KeyError> {
        self.sign_bytes(input).map(|signature| signature.as_ref().to_vec())
    }

    /// Signs a signing input, and returns the signature. That of a MAC is not allocated.
    ///
    /// # Errors
    /// [`KeyError::Refused`] if the crypto library refuses.
    pub(in crate::core) fn sign_bytes(&self, input: SigningInput<'_>) -> Result<SignatureBytes, KeyError> {
        let bytes = input.as_bytes();
        let signature = match &self.0 {
            Signing::Mac(mac) => SignatureKind::Mac(mac.compute(bytes)),
            Signing::ByName(signer, _) => {
                SignatureKind::Other(signer.try_sign(bytes).map_err(|_| KeyError::Refused)?)
            }
            Signing::Ecdsa(pair, _) => {
                let random = aws_lc_rs::rand::SystemRandom::new();
                let signature = pair.sign(&random, bytes).map_err(|_| KeyError::Refused)?;
                SignatureKind::Other(signature.as_ref().to_vec())
            }
            Signing::MlDsa(pair) => {
                let mut signature = vec![0; pair.algorithm().signature_len()];
                pair.sign(bytes, &mut signature).map_err(|_| KeyError::Refused)?;
                SignatureKind::Other(signature)
            }
        };
        Ok(SignatureBytes(signature))
    }

    /// Signs two signing inputs at once. Returns `None` if the algorithm is no HMAC.
    pub(in crate::core) fn sign_two(&self, inputs: [SigningInput<'_>; 2]) -> Option<[SignatureBytes; 2]> {
        let Signing::Mac(mac) = &self.0 else { return None };
        let macs = mac.compute_two(inputs.map(SigningInput::as_bytes));
        Some(macs.map(|mac| SignatureBytes(SignatureKind::Mac(mac))))
    }

    /// Reports whether two signatures take less time together than each alone.
    pub(in crate::core) const fn signs_pairs(&self) -> bool {
        matches!(&self.0, Signing::Mac(mac) if mac.gains_from_pairs())
    }

    /// Begins a message that comes in pieces. Returns `None` if the algorithm needs the whole message.
    #[must_use]
    pub fn begin(&self) -> Option<MessageStream> {
        match &self.0 {
            Signing::Mac(mac) => Some(MessageStream(MessageState::Mac(mac.begin()))),
            Signing::ByName(_, Some(DigestSigner(_, algorithm))) | Signing::Ecdsa(_, algorithm) => {
                begin_digest(*algorithm)
            }
            Signing::ByName(_, None) | Signing::MlDsa(_) => None,
        }
    }

    /// Signs a message that this signer began.
    ///
    /// # Errors
    /// [`KeyError::Refused`] if the crypto library refuses.
    pub fn sign_stream(&self, message: MessageStream) -> Result<Vec<u8>, KeyError> {
        let by_curve = |pair: &EcdsaKeyPair, digest: DigestStream| {
            let signature = pair.sign_digest(&digest.finish()).map_err(|_| KeyError::Refused)?;
            Ok(signature.as_ref().to_vec())
        };
        match (&self.0, message.0) {
            (Signing::Mac(_), MessageState::Mac(mac)) => Ok(mac.finish()),
            (Signing::Ecdsa(pair, _), MessageState::Digest(digest)) => by_curve(pair, digest),
            (Signing::ByName(_, Some(DigestSigner(key, algorithm))), MessageState::Digest(digest)) => {
                match key {
                    DigestKey::Ecdsa(pair) => by_curve(pair, digest),
                    DigestKey::Rsa(pair) => {
                        let padding = rsa_signing(*algorithm).ok_or(KeyError::WrongAlgorithm(*algorithm))?;
                        let mut signature = vec![0; pair.public_modulus_len()];
                        pair.sign_digest(padding, &digest.finish(), &mut signature)
                            .map_err(|_| KeyError::Refused)?;
                        Ok(signature)
                    }
                }
            }
            _ => Err(KeyError::Refused),
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

/// Generates a key for an algorithm. `bits` is the size of an RSA key.
pub(super) fn generate(algorithm: Algorithm, bits: Option<usize>) -> Result<Material, KeyError> {
    let random = |length| {
        let mut bytes = vec![0; length];
        let filled = aws_lc_rs::rand::fill(&mut bytes);
        filled.map(|()| Secret::new(bytes)).map_err(|_| KeyError::NoRandomness)
    };
    match algorithm.kty() {
        KeyType::Oct => {
            let length = algorithm.mac_bytes().ok_or(KeyError::WrongAlgorithm(algorithm))?;
            random(length).map(Material::Hmac)
        }
        KeyType::Rsa => generate_rsa(bits.unwrap_or(3072)),
        KeyType::Ec => {
            let curve = curve_of(algorithm)?;
            let pair = EcdsaKeyPair::generate(ecdsa(curve)).map_err(|_| KeyError::NoRandomness)?;
            let private = pair.private_key().as_be_bytes().map_err(|_| KeyError::Refused)?;
            let key = ec_key(curve, &Secret::new(private.as_ref().to_vec()));
            key.map(Material::Ec).ok_or(KeyError::Refused)
        }
        KeyType::Okp | KeyType::Akp => from_seed(algorithm, random(RAW_BYTES)?),
    }
}

/// Derives the key for an algorithm from a reproducible stream: a secret or a seed is its first bytes, a scalar the
/// first number of the curve's length between zero and the order. RSA keys cannot be derived.
pub(super) fn derive(algorithm: Algorithm, stream: &mut Stream) -> Result<Material, KeyError> {
    /// Each try fails with a probability of at most one half.
    const TRIES: usize = 256;
    let mut draw = |length| {
        let mut bytes = vec![0; length];
        stream.fill(&mut bytes);
        bytes
    };
    match algorithm.kty() {
        KeyType::Oct => {
            let length = algorithm.mac_bytes().ok_or(KeyError::WrongAlgorithm(algorithm))?;
            Ok(Material::Hmac(Secret::new(draw(length))))
        }
        KeyType::Rsa => Err(KeyError::NotDerivable(algorithm)),
        KeyType::Ec => {
            let curve = curve_of(algorithm)?;
            let scalar = |_| {
                let mut bytes = draw(curve.bytes());
                // 521 bits are 65 bytes and one more bit.
                if let (Curve::P521, Some(first)) = (curve, bytes.first_mut()) {
                    *first &= 1;
                }
                ec_key(curve, &Secret::new(bytes))
            };
            (0..TRIES).find_map(scalar).map(Material::Ec).ok_or(KeyError::Refused)
        }
        KeyType::Okp | KeyType::Akp => from_seed(algorithm, Secret::new(draw(RAW_BYTES))),
    }
}

fn curve_of(algorithm: Algorithm) -> Result<Curve, KeyError> {
    let curve = Curve::ALL.into_iter().find(|curve| curve.algorithm() == algorithm);
    curve.ok_or(KeyError::WrongAlgorithm(algorithm))
}

/// Returns the key of an Ed25519 or ML-DSA seed.
fn from_seed(algorithm: Algorithm, seed: Secret) -> Result<Material, KeyError> {
    if algorithm.kty() == KeyType::Okp {
        let public = ed25519_public(&seed).ok_or(KeyError::Refused)?;
        return Ok(Material::Ed25519(RawKey { public, seed: Some(seed) }));
    }
    let public = ml_dsa_public(algorithm, &seed).ok_or(KeyError::Refused)?;
    Ok(Material::MlDsa(algorithm, RawKey { public, seed: Some(seed) }))
}

/// The sizes of RSA keys that can be generated, in bits.
pub const RSA_SIZES: [usize; 4] = [2048, 3072, 4096, 8192];

fn rsa_size(bits: usize) -> Result<KeySize, KeyError> {
    match bits {
        2048 => Ok(KeySize::Rsa2048),
        3072 => Ok(KeySize::Rsa3072),
        4096 => Ok(KeySize::Rsa4096),
        8192 => Ok(KeySize::Rsa8192),
        _ => Err(KeyError::RsaSize { bits }),
    }
}

fn generate_rsa(bits: usize) -> Result<Material, KeyError> {
    let pair = RsaKeyPair::generate(rsa_size(bits)?).map_err(|_| KeyError::NoRandomness)?;
    let document: aws_lc_rs::encoding::Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Refused)?;
    rsa_der::from_new_pkcs8(document.as_ref()).map_err(|_| KeyError::Refused)
}

/// Returns the EC key of a private scalar, or `None` if the scalar is out of range.
pub(super) fn ec_key(curve: Curve, private: &Secret) -> Option<EcKey> {
    let scalar = Secret::new(integer::padded(private.expose(), curve.bytes())?);
    let sec1 = encode::sec1(curve, &scalar)?;
    let pair = EcdsaKeyPair::from_private_key_der(ecdsa(curve), sec1.expose()).ok()?;
    let (x, y) = coordinates(curve, pair.public_key().as_ref())?;
    Some(EcKey { curve, x, y, private: Some(scalar) })
}

/// Returns the coordinates of a point in SEC 1 form (section 2.3.4). An uncompressed point is returned as it is, on the
/// curve or not; a compressed one must be on the curve.
pub(super) fn coordinates(curve: Curve, point: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let size = curve.bytes();
    let split = |both: &[u8]| {
        let (x, y) = both.split_at_checked(size).filter(|(_, y)| y.len() == size)?;
        Some((x.to_vec(), y.to_vec()))
    };
    match point.split_first()? {
        (4, rest) => split(rest),
        (2 | 3, _) => {
            let key = ParsedPublicKey::new(verification(curve), point).ok()?;
            // A SubjectPublicKeyInfo ends with the uncompressed point.
            let info = key.as_der().ok()?;
            let info = info.as_ref();
            split(info.get(info.len().checked_sub(2 * size)?..)?)
        }
        _ => None,
    }
}

/// Returns the public half of an Ed25519 seed, or `None` if its length is wrong.
pub(super) fn ed25519_public(seed: &Secret) -> Option<Vec<u8>> {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed.expose()).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}

/// Returns the public half of an X25519 private key, or `None` if its length is wrong.
pub(super) fn x25519_public(private: &Secret) -> Option<Vec<u8>> {
    let private = agreement::PrivateKey::from_private_key(&agreement::X25519, private.expose()).ok()?;
    private.compute_public_key().ok().map(|public| public.as_ref().to_vec())
}

/// Returns the public half of an ML-DSA seed.
pub(super) fn ml_dsa_public(set: Algorithm, seed: &Secret) -> Option<Vec<u8>> {
    ml_dsa_pair(set, seed).map(|pair| pair.public_key().as_ref().to_vec())
}

/// Reports whether bytes are the expanded private key of an ML-DSA seed.
pub(super) fn is_expanded_ml_dsa(set: Algorithm, seed: &Secret, expanded: &[u8]) -> bool {
    let own = ml_dsa_pair(set, seed).and_then(|pair| pair.private_key().as_raw_bytes().ok());
    own.is_some_and(|own| verify_slices_are_equal(own.as_ref(), expanded).is_ok())
}

/// Reports whether a point in SEC 1 form is on a curve.
pub(super) fn is_on_curve(curve: Curve, point: &[u8]) -> bool {
    ParsedPublicKey::new(verification(curve), point).is_ok()
}

/// Reports whether bytes are a public key of an ML-DSA parameter set.
pub(super) fn is_ml_dsa_key(set: Algorithm, public: &[u8]) -> bool {
    ml_dsa(set).is_some_and(|(scheme, _)| ParsedPublicKey::new(scheme, public).is_ok())
}

/// Reports whether the numbers of a private RSA key belong together.
pub(super) fn is_consistent(key: &RsaKey, private: &RsaPrivate) -> bool {
    rsa_der::encode_private(key, private).is_some_and(|der| RsaKeyPair::from_der(der.expose()).is_ok())
}

/// Returns the algorithm as jsonwebtoken names it, or `None` if it lacks the algorithm.
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

const fn rsa_signing(algorithm: Algorithm) -> Option<&'static dyn signature::RsaEncoding> {
    Some(match algorithm {
        Algorithm::Rs256 => &signature::RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &signature::RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &signature::RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &signature::RSA_PSS_SHA256,
        Algorithm::Ps384 => &signature::RSA_PSS_SHA384,
        Algorithm::Ps512 => &signature::RSA_PSS_SHA512,
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
    use crate::core::key::seed::Seed;

    #[test]
    fn decompresses_points() {
        // The generators (SEC 2 section 2, FIPS 186-5).
        for (curve, compressed, y) in [
            (
                Curve::P256,
                "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ),
            (
                Curve::P384,
                "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
                "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            ),
            (
                Curve::P521,
                "0200c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
                "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            ),
            (
                Curve::Secp256k1,
                "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
                "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
            ),
        ] {
            let [point, wanted] =
                [compressed, y].map(|hex| SecretFormat::Hex.read(hex.as_bytes()).unwrap().expose().to_vec());
            let (x, y) = coordinates(curve, &point).unwrap();
            assert_eq!((&*x, y), (&point[1..], wanted), "{}", curve.name());
            for other in [&point[..point.len() - 1], &[&point[..], &[0]].concat(), &[&point[..], &x].concat()]
            {
                assert_eq!(coordinates(curve, other), None, "{} {}", curve.name(), other.len());
            }
        }
        assert_eq!(coordinates(Curve::P256, &[0; 33]), None);
        let mut too_large = [0xFF; 33];
        too_large[0] = 2;
        assert_eq!(coordinates(Curve::P256, &too_large), None);
    }

    #[test]
    fn rejects_scalars_outside_the_range_of_the_curve() {
        // The orders (SEC 2 section 2, FIPS 186-5): the smallest scalars that are too large.
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

    fn hex(text: &str) -> Vec<u8> {
        SecretFormat::Hex.read(text.as_bytes()).unwrap().expose().to_vec()
    }

    #[test]
    fn splits_an_uncompressed_point_of_the_right_length() {
        let point = |first: u8, length: usize| {
            let point = [vec![first], vec![7; length.div_ceil(2)], vec![8; length / 2]].concat();
            coordinates(Curve::P256, &point)
        };
        assert_eq!(point(4, 64), Some((vec![7; 32], vec![8; 32])), "on the curve or not");
        for (first, length) in
            [(4, 63), (4, 65), (4, 32), (4, 0), (2, 31), (3, 33), (2, 64), (5, 64), (5, 32)]
        {
            assert_eq!(point(first, length), None, "{first} {length}");
        }
        assert_eq!(coordinates(Curve::P256, &[]), None);
    }

    #[test]
    fn recognizes_points_of_a_curve() {
        let mut generator = hex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
             4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
        assert!(is_on_curve(Curve::P256, &generator));
        assert!(!is_on_curve(Curve::Secp256k1, &generator));
        assert!(!is_on_curve(Curve::P256, &generator[..64]));
        generator[64] ^= 1;
        assert!(!is_on_curve(Curve::P256, &generator));
    }

    #[test]
    fn computes_the_public_half_of_a_seed() {
        // The first is RFC 8032 section 7.1; the second was computed by the formulas of RFC 7748 section 5.
        let seed = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        assert_eq!(ed25519_public(&Secret::new(seed.clone())), Some(public));
        assert_eq!(ed25519_public(&Secret::new(seed[1..].to_vec())), None);
        let private = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        let public = hex("8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f");
        assert_eq!(x25519_public(&Secret::new(private.clone())), Some(public));
        assert_eq!(x25519_public(&Secret::new(private[1..].to_vec())), None);
    }

    #[test]
    fn verifies_two_signatures_each_by_itself() {
        for algorithm in [Algorithm::Hs256, Algorithm::Es256] {
            let material = generate(algorithm, None).unwrap();
            let signer = Signer::new(&material, algorithm).unwrap();
            let verifier = SignatureVerifier::new(&material, algorithm).unwrap();
            let [one, two] = ["one", "two"].map(SigningInput::new);
            let [first, second] = [one, two].map(|input| signer.sign(input).unwrap());
            assert_eq!(verifier.verify_two([(one, &first), (two, &second)]), [true, true]);
            assert_eq!(verifier.verify_two([(one, &first), (two, &first)]), [true, false]);
            assert_eq!(verifier.verify_two([(one, &second), (two, &second)]), [false, true]);
            assert_eq!(verifier.verify_two([(one, &second), (two, &first)]), [false, false]);
            assert!(verifier.verifies(one, &first) && !verifier.verifies(one, &second));
            assert_eq!(signer.sign_bytes(one).unwrap().as_ref().len(), first.len());
            assert_eq!(format!("{signer:?} {verifier:?}"), "Signer(…) SignatureVerifier(…)");
        }
    }

    #[test]
    fn generates_rsa_keys_of_the_listed_sizes_alone() {
        for (bits, expected) in [(None, 3072), (Some(2048), 2048)] {
            let Ok(Material::Rsa(key)) = generate(Algorithm::Rs256, bits) else { panic!("{bits:?}") };
            assert_eq!(integer::bits(&key.n), expected);
            let private = key.private.as_ref().unwrap();
            assert!(is_consistent(&key, private));
            assert!(!is_consistent(&RsaKey { e: vec![3], ..key.clone() }, private));
        }
        for bits in RSA_SIZES {
            assert_eq!(rsa_size(bits).unwrap().len() * 8, bits);
        }
        for bits in [0, 1024, 2047, 2049] {
            assert!(
                matches!(generate(Algorithm::Rs256, Some(bits)), Err(KeyError::RsaSize { bits: b }) if b == bits)
            );
        }
    }

    #[test]
    fn derives_the_first_fitting_bytes_of_a_stream() {
        for algorithm in [Algorithm::Hs384, Algorithm::Es512, Algorithm::Ed25519, Algorithm::MlDsa44] {
            let derived = |seed| derive(algorithm, &mut Seed::from(seed).stream("a test", 1));
            let (one, same, other) = (derived(1).unwrap(), derived(1).unwrap(), derived(2).unwrap());
            let sign = |material: &Material| {
                let verifier = SignatureVerifier::new(&one, algorithm).unwrap();
                let signature =
                    Signer::new(material, algorithm).unwrap().sign(SigningInput::new("x")).unwrap();
                verifier.verifies(SigningInput::new("x"), &signature)
            };
            assert_eq!((sign(&one), sign(&same), sign(&other)), (true, true, false), "{algorithm}");
        }
        assert!(matches!(
            derive(Algorithm::Rs256, &mut Seed::from(1).stream("a test", 1)),
            Err(KeyError::NotDerivable(_))
        ));
    }
}
