//! Keys in DER: PKCS #8, encrypted or not (RFC 5958), PKCS #1 (RFC 8017), SEC 1 (RFC 5915), SPKI and X.509 (RFC 5280).
//! What the bytes are is told by their shape; no label and no file name has a say. The only file, with `write`, that
//! names the ASN.1 libraries.

use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey, RsaPrivate, UnsupportedKey};
use super::{numbers, provider};
use crate::core::key::lookalike::element;
use crate::core::key::secret::Secret;
use crate::core::reason::{KeyMismatch, Reason};
use crate::core::token::algorithm::{Algorithm, Curve, KeyType};
use crate::core::token::numeric_date::NumericDate;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, Tag, Tagged as _};
use pkcs1::{RsaPrivateKeyRef, RsaPublicKeyRef};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use sec1::EcPrivateKey;
use x509_cert::Certificate as X509;

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// Keys that sign no JWT here: their identifier, the JWK type, the name.
const FOREIGN: [(&str, &str, &str); 5] = [
    ("1.3.101.113", "OKP", "Ed448"),
    ("1.3.101.110", "OKP", "X25519"),
    ("1.3.101.111", "OKP", "X448"),
    ("1.2.840.10040.4.1", "DSA", "DSA"),
    ("1.2.840.113549.1.3.1", "DH", "Diffie-Hellman"),
];

/// What a piece of DER turned out to be.
#[derive(Clone, Debug)]
pub enum KeyDocument {
    /// A key.
    Key(Box<ParsedKey>),
    /// A private key under a password.
    Encrypted(EncryptedKey),
}

/// A key as it was written.
#[derive(Clone, Debug)]
pub struct ParsedKey {
    /// Its substance.
    pub material: Material,
    /// How it is written, in words: `PKCS #8`.
    pub form: &'static str,
    /// The certificate around it.
    pub certificate: Option<Box<Certificate>>,
}

/// The certificate that a public key came in. It is shown, never judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose key it is (RFC 4514); not yet safe to show.
    pub subject: String,
    /// Who says so; not yet safe to show.
    pub issuer: String,
    /// From when on.
    pub not_before: NumericDate,
    /// Until when.
    pub not_after: NumericDate,
}

/// An encrypted PKCS #8 key.
#[derive(Clone, Debug)]
pub struct EncryptedKey(Secret);

/// Why an encrypted key stays closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnlockError {
    /// The password is another one.
    Password,
    /// It is encrypted, or hardened, in a way this build does not open; how.
    Scheme(String),
    /// What was inside is no key; why.
    Content(String),
}

/// The name of a curve or parameter set by its identifier.
pub(super) const fn curve_oid(curve: Curve) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(match curve {
        Curve::P256 => "1.2.840.10045.3.1.7",
        Curve::P384 => "1.3.132.0.34",
        Curve::P521 => "1.3.132.0.35",
        Curve::Secp256k1 => "1.3.132.0.10",
    })
}

/// RFC 9881 section 2.
pub(super) const fn ml_dsa_oid(set: Algorithm) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(match set {
        Algorithm::MlDsa44 => "2.16.840.1.101.3.4.3.17",
        Algorithm::MlDsa65 => "2.16.840.1.101.3.4.3.18",
        _ => "2.16.840.1.101.3.4.3.19",
    })
}

/// Reads a key by its shape.
///
/// # Errors
/// What the bytes are not, in words that repeat none of them.
pub fn read(bytes: &[u8]) -> Result<KeyDocument, String> {
    const INTEGER: u8 = 0x02;
    const BITS: u8 = 0x03;
    const OCTETS: u8 = 0x04;
    const SEQUENCE: u8 = 0x30;
    let tags = tags(bytes).ok_or("it is no DER")?;
    let key = |material: Result<Material, String>, form| {
        material.map(|material| KeyDocument::Key(Box::new(ParsedKey { material, form, certificate: None })))
    };
    match *tags.as_slice() {
        [SEQUENCE, BITS] => key(public_key(bytes), "SPKI"),
        [SEQUENCE, SEQUENCE, BITS] => certificate(bytes),
        [INTEGER, SEQUENCE, OCTETS, ..] => key(private_key(bytes), "PKCS #8"),
        [SEQUENCE, OCTETS] => Ok(KeyDocument::Encrypted(EncryptedKey(Secret::new(bytes.to_vec())))),
        [INTEGER, OCTETS, ..] => key(sec1_key(bytes, None), "SEC 1"),
        [INTEGER, INTEGER] => key(rsa_public(bytes, None), "PKCS #1"),
        [INTEGER, INTEGER, ..] => key(rsa_private(bytes, None), "PKCS #1"),
        [INTEGER, SEQUENCE, SEQUENCE] => Err(PKCS12.to_owned()),
        _ => Err("it is DER of another kind".to_owned()),
    }
}

/// RFC 7292: a box of keys and certificates.
pub(super) const PKCS12: &str = "it is a PKCS #12 file";

/// The tags of the elements of one sequence.
fn tags(bytes: &[u8]) -> Option<Vec<u8>> {
    let (0x30, mut inner, []) = element(bytes)? else { return None };
    let mut tags = Vec::new();
    while !inner.is_empty() {
        let (tag, _, rest) = element(inner)?;
        tags.push(tag);
        inner = rest;
    }
    Some(tags)
}

impl EncryptedKey {
    /// Whether the scheme is one that is opened here; worth knowing before anybody is asked for a password.
    ///
    /// # Errors
    /// [`UnlockError::Scheme`].
    pub fn check(&self) -> Result<EncryptedPrivateKeyInfoRef<'_>, UnlockError> {
        let info = EncryptedPrivateKeyInfoRef::try_from(self.0.expose()).map_err(|_| {
            UnlockError::Scheme("a scheme that is unknown here, or as old as PBES1".to_owned())
        })?;
        check_cost(&info.encryption_algorithm)?;
        Ok(info)
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`UnlockError`].
    pub fn open(&self, password: &[u8]) -> Result<Material, UnlockError> {
        let info = self.check()?;
        let document = info.decrypt(password).map_err(|error| match error {
            pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::DecryptFailed) | pkcs8::Error::Asn1(_) => {
                UnlockError::Password
            }
            other => UnlockError::Scheme(other.to_string()),
        })?;
        private_key(document.as_bytes()).map_err(UnlockError::Content)
    }
}

/// A file decides how long it takes to open it, and how much memory: both within reason.
fn check_cost(scheme: &EncryptionScheme) -> Result<(), UnlockError> {
    const MOST_ITERATIONS: u32 = 5_000_000;
    const MOST_MEMORY: u64 = 1 << 30;
    let Some(parameters) = scheme.pbes2() else {
        return Err(UnlockError::Scheme("PBES1, which is broken".to_owned()));
    };
    let iterations = parameters.kdf.pbkdf2().map_or(0, |kdf| kdf.iteration_count);
    let memory = parameters.kdf.scrypt().map_or(0, |kdf| {
        let lanes = u64::from(kdf.block_size).saturating_mul(u64::from(kdf.parallelization));
        kdf.cost_parameter.saturating_mul(lanes).saturating_mul(128)
    });
    // RFC 7914 section 6; the library takes it for granted.
    let is_scrypt_sound = parameters.kdf.scrypt().is_none_or(|kdf| {
        kdf.cost_parameter > 1
            && kdf.cost_parameter.is_power_of_two()
            && kdf.block_size > 0
            && kdf.parallelization > 0
    });
    if !is_scrypt_sound || parameters.kdf.pbkdf2().is_some_and(|kdf| kdf.iteration_count == 0) {
        return Err(UnlockError::Scheme("a key derivation whose parameters make no sense".to_owned()));
    }
    if iterations > MOST_ITERATIONS || memory > MOST_MEMORY {
        return Err(UnlockError::Scheme("a key derivation that would take for ever".to_owned()));
    }
    Ok(())
}

/// Reads an unencrypted PKCS #8 key.
pub(super) fn private_key(bytes: &[u8]) -> Result<Material, String> {
    let mut material = any_private_key(bytes)?;
    if let Material::Unsupported(foreign) = &mut material {
        foreign.is_private = true;
    }
    Ok(material)
}

fn any_private_key(bytes: &[u8]) -> Result<Material, String> {
    let info =
        PrivateKeyInfoRef::try_from(bytes).map_err(|_| "its PKCS #8 structure is broken".to_owned())?;
    let oid = info.algorithm.oid;
    let private = info.private_key.as_bytes();
    if oid == RSA || oid == RSA_PSS {
        return rsa_private(private, pss(oid, info.algorithm.parameters)?);
    }
    if oid == EC {
        return sec1_key(private, Some(named_curve(info.algorithm.parameters)?));
    }
    if oid == ED25519 {
        let seed =
            <&OctetStringRef>::from_der(private).map_err(|_| "its Ed25519 seed is broken".to_owned())?;
        return ed25519(Secret::new(seed.as_bytes().to_vec()));
    }
    if let Some(set) = ml_dsa_of(oid) {
        return ml_dsa_private(set, private);
    }
    Ok(foreign(oid))
}

/// Reads a SubjectPublicKeyInfo.
fn public_key(bytes: &[u8]) -> Result<Material, String> {
    let info = SubjectPublicKeyInfoRef::try_from(bytes)
        .map_err(|_| "its SubjectPublicKeyInfo structure is broken".to_owned())?;
    spki(&info)
}

fn spki(info: &SubjectPublicKeyInfoRef<'_>) -> Result<Material, String> {
    let oid = info.algorithm.oid;
    let public = info.subject_public_key.as_bytes().ok_or("its public key has a broken length")?;
    if oid == RSA || oid == RSA_PSS {
        return rsa_public(public, pss(oid, info.algorithm.parameters)?);
    }
    if oid == EC {
        return Ok(match named_curve(info.algorithm.parameters)? {
            Ok(curve) => Material::Ec(ec_public(curve, public)?),
            Err(other) => Material::Unsupported(other),
        });
    }
    if oid == ED25519 {
        return Ok(Material::Ed25519(RawKey { public: public.to_vec(), seed: None }));
    }
    if let Some(set) = ml_dsa_of(oid) {
        return Ok(Material::MlDsa(set, RawKey { public: public.to_vec(), seed: None }));
    }
    Ok(foreign(oid))
}

fn certificate(bytes: &[u8]) -> Result<KeyDocument, String> {
    let certificate = X509::from_der(bytes).map_err(|_| "its X.509 structure is broken".to_owned())?;
    let body = certificate.tbs_certificate();
    let info = body.subject_public_key_info().to_der().map_err(|_| "its public key is broken".to_owned())?;
    let date = |time: x509_cert::time::Time| NumericDate::since_epoch(time.to_unix_duration());
    Ok(KeyDocument::Key(Box::new(ParsedKey {
        material: public_key(&info)?,
        form: "X.509",
        certificate: Some(Box::new(Certificate {
            subject: body.subject().to_string(),
            issuer: body.issuer().to_string(),
            not_before: date(body.validity().not_before),
            not_after: date(body.validity().not_after),
        })),
    })))
}

/// Reads an RSAPrivateKey.
fn rsa_private(bytes: &[u8], pss: Option<&'static [Algorithm]>) -> Result<Material, String> {
    let key = RsaPrivateKeyRef::try_from(bytes).map_err(|_| "its PKCS #1 structure is broken".to_owned())?;
    if key.other_prime_infos.is_some() {
        return Err("it has more than two primes".to_owned());
    }
    let secret = |number: der::asn1::UintRef<'_>| Secret::new(number.as_bytes().to_vec());
    Ok(Material::Rsa(RsaKey {
        n: key.modulus.as_bytes().to_vec(),
        e: key.public_exponent.as_bytes().to_vec(),
        private: Some(RsaPrivate {
            d: secret(key.private_exponent),
            p: secret(key.prime1),
            q: secret(key.prime2),
            dp: secret(key.exponent1),
            dq: secret(key.exponent2),
            qi: secret(key.coefficient),
        }),
        pss,
    }))
}

/// Reads an RSAPublicKey.
fn rsa_public(bytes: &[u8], pss: Option<&'static [Algorithm]>) -> Result<Material, String> {
    let key = RsaPublicKeyRef::try_from(bytes).map_err(|_| "its PKCS #1 structure is broken".to_owned())?;
    let [n, e] = [key.modulus, key.public_exponent].map(|number| number.as_bytes().to_vec());
    Ok(Material::Rsa(RsaKey { n, e, private: None, pss }))
}

/// The algorithms that a key for RSASSA-PSS allows: all of them, or the one whose hash its parameters name.
fn pss(
    oid: ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
) -> Result<Option<&'static [Algorithm]>, String> {
    const HASHES: [(&str, &[Algorithm]); 3] = [
        ("2.16.840.1.101.3.4.2.1", &[Algorithm::Ps256]),
        ("2.16.840.1.101.3.4.2.2", &[Algorithm::Ps384]),
        ("2.16.840.1.101.3.4.2.3", &[Algorithm::Ps512]),
    ];
    if oid == RSA {
        return Ok(None);
    }
    let Some(parameters) = parameters.filter(|parameters| parameters.tag() == Tag::Sequence) else {
        return Ok(Some(&[Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512]));
    };
    let hash = pss_hash(parameters.value());
    // With other parameters no `alg` makes the signatures that the key allows (RFC 7518 section 3.5).
    let allowed = HASHES.iter().find(|(name, _)| hash == Some(ObjectIdentifier::new_unwrap(name)));
    Ok(Some(allowed.map_or(&[], |(_, algorithms)| *algorithms)))
}

/// The hash of RSASSA-PSS-params (RFC 4055 section 3.1), if the mask is made with it too, and the salt need not be longer
/// than it. What is left out is SHA-1, which no `alg` has.
fn pss_hash(parameters: &[u8]) -> Option<ObjectIdentifier> {
    let oid = |identifier: &[u8]| {
        let (_, inner, _) = element(identifier)?;
        let (_, oid, rest) = element(inner)?;
        Some((ObjectIdentifier::from_bytes(oid).ok()?, rest.to_vec()))
    };
    let (0xA0, hash, rest) = element(parameters)? else { return None };
    let (0xA1, mask, rest) = element(rest)? else { return None };
    let (hash, _) = oid(hash)?;
    let (_, mask_hash) = oid(mask)?;
    let (0xA2, salt, _) = element(rest)? else { return None };
    let (_, salt, _) = element(salt)?;
    let longest = match hash.to_string().chars().last()? {
        '1' => 32,
        '2' => 48,
        _ => 64,
    };
    (oid(&mask_hash)?.0 == hash && numbers::small(salt)? <= longest).then_some(hash)
}

/// The curve of EC parameters, or the key that another curve makes of it.
fn named_curve(parameters: Option<AnyRef<'_>>) -> Result<Result<Curve, UnsupportedKey>, String> {
    let parameters = parameters.ok_or("it names no curve")?;
    let oid = parameters.decode_as::<ObjectIdentifier>().map_err(|_| SPELLED_OUT.to_owned())?;
    Ok(curve_of(oid))
}

/// Explicit parameters (RFC 3279 section 2.3.5), which RFC 5480 forbids.
pub(super) const SPELLED_OUT: &str = "it spells its curve out instead of naming it";

fn curve_of(oid: ObjectIdentifier) -> Result<Curve, UnsupportedKey> {
    let known = Curve::ALL.into_iter().find(|curve| curve_oid(*curve) == oid);
    known.ok_or_else(|| UnsupportedKey {
        kty: "EC".to_owned(),
        name: format!("an EC key on the curve {oid}"),
        is_private: false,
        reason: Reason::AlgUnsupported,
        detail: format!("the curve {oid} is none that is known here"),
    })
}

fn ec_public(curve: Curve, point: &[u8]) -> Result<EcKey, String> {
    let (x, y) =
        numbers::coordinates(curve, point).ok_or_else(|| format!("its point is none of {}", curve.name()))?;
    Ok(EcKey { curve, x, y, private: None })
}

/// Reads an ECPrivateKey. Its curve is the one around it, or its own.
fn sec1_key(bytes: &[u8], around: Option<Result<Curve, UnsupportedKey>>) -> Result<Material, String> {
    let key = EcPrivateKey::try_from(bytes).map_err(|_| {
        if names_no_curve(bytes) {
            SPELLED_OUT.to_owned()
        } else {
            "its SEC 1 structure is broken".to_owned()
        }
    })?;
    let own = key.parameters.and_then(|parameters| parameters.named_curve()).map(curve_of);
    let curve = match around.or(own).ok_or("it names no curve")? {
        Ok(curve) => curve,
        Err(other) => return Ok(Material::Unsupported(other)),
    };
    let private = Secret::new(key.private_key.to_vec());
    let derived = provider::ec_key(curve, &private)
        .ok_or_else(|| format!("its private number is none of {}", curve.name()))?;
    if let Some(point) = key.public_key {
        let stated = ec_public(curve, point)?;
        if stated.x != derived.x || stated.y != derived.y {
            return Err("its private and its public half do not belong together".to_owned());
        }
    }
    Ok(Material::Ec(derived))
}

/// Whether the parameters of an ECPrivateKey are there and no name.
fn names_no_curve(bytes: &[u8]) -> bool {
    let parameters = || {
        let (_, inner, _) = element(bytes)?;
        let (_, _, after_version) = element(inner)?;
        let (_, _, after_key) = element(after_version)?;
        let (0xA0, parameters, _) = element(after_key)? else { return None };
        element(parameters).map(|(tag, ..)| tag)
    };
    parameters() == Some(0x30)
}

/// The bytes of an ECDSA signature in DER (RFC 3279 section 2.2.3) as a JWS has them: both numbers at full length.
#[must_use]
pub fn plain_ecdsa(algorithm: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    let half = algorithm.signature_bytes().filter(|_| algorithm.kty() == KeyType::Ec)? / 2;
    let (0x30, inner, []) = element(signature)? else { return None };
    let (_, r, rest) = element(inner)?;
    let (_, s, _) = element(rest)?;
    Some([numbers::padded(r, half)?, numbers::padded(s, half)?].concat())
}

pub(super) fn ed25519(seed: Secret) -> Result<Material, String> {
    let public = provider::ed25519_public(&seed).ok_or_else(|| {
        format!("its Ed25519 seed has {} bytes instead of {RAW_BYTES}", seed.expose().len())
    })?;
    Ok(Material::Ed25519(RawKey { public, seed: Some(seed) }))
}

fn ml_dsa_of(oid: ObjectIdentifier) -> Option<Algorithm> {
    Algorithm::ML_DSA.iter().copied().find(|set| ml_dsa_oid(*set) == oid)
}

/// RFC 9881 section 6: a seed, the expanded key, or both. The seed alone says everything.
fn ml_dsa_private(set: Algorithm, bytes: &[u8]) -> Result<Material, String> {
    const SEED: u8 = 0x80;
    const BOTH: u8 = 0x30;
    let seed = match element(bytes) {
        Some((SEED, seed, [])) => Some(seed),
        Some((BOTH, both, [])) => element(both).map(|(_, seed, _)| seed),
        _ => None,
    };
    let seed = seed.filter(|seed| seed.len() == RAW_BYTES).ok_or("it has no seed, only the expanded key")?;
    let seed = Secret::new(seed.to_vec());
    let public = provider::ml_dsa_public(set, &seed).ok_or("its seed makes no key")?;
    Ok(Material::MlDsa(set, RawKey { public, seed: Some(seed) }))
}

fn foreign(oid: ObjectIdentifier) -> Material {
    let known = FOREIGN.iter().find(|(known, ..)| ObjectIdentifier::new_unwrap(known) == oid);
    Material::Unsupported(match known {
        Some((_, kty, name)) => UnsupportedKey::named(kty, name),
        None => UnsupportedKey {
            kty: "unknown".to_owned(),
            name: format!("a key of the algorithm {oid}"),
            is_private: false,
            reason: Reason::AlgUnsupported,
            detail: format!("keys of the algorithm {oid} are not known here"),
        },
    })
}

impl UnsupportedKey {
    /// A key whose curve or kind has a name.
    pub(super) fn named(kty: &str, name: &str) -> Self {
        let (reason, detail) = match name {
            "X25519" | "X448" => (
                Reason::KeyMismatch(KeyMismatch::Crv),
                format!("{name} is for agreeing on keys, and signs nothing"),
            ),
            "DSA" | "Diffie-Hellman" => {
                (Reason::KeyMismatch(KeyMismatch::Kty), format!("no JWT is signed with a {name} key"))
            }
            other => (Reason::AlgUnsupported, format!("the curve {other} is none that is known here")),
        };
        let article = if name.starts_with(['E', 'X']) { "an" } else { "a" };
        Self { kty: kty.to_owned(), name: format!("{article} {name} key"), is_private: false, reason, detail }
    }
}
