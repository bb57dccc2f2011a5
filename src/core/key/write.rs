//! Keys as DER and PEM: PKCS #8 for a private key, SPKI for a public one. What is private is built in memory that is
//! wiped.

use super::der::{EC, ED25519, RSA, RSA_PSS, curve_oid, ml_dsa_oid};
use super::material::{Material, RsaKey, RsaPrivate};
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::{Algorithm, Curve};
use der::asn1::{AnyRef, BitStringRef, ContextSpecific, Null, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode as _, Encode as _, TagMode, TagNumber};
use pkcs8::spki::AlgorithmIdentifier;
use pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};

/// The PEM of a key: its private half if it has one. A secret and a foreign key have none.
#[must_use]
pub fn pem(material: &Material) -> Option<Secret> {
    let (label, der) = if material.is_private() {
        ("PRIVATE KEY", pkcs8(material)?)
    } else {
        ("PUBLIC KEY", Secret::new(spki(material)?))
    };
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    Some(Secret::new(pem::encode_config(&pem::Pem::new(label, der.expose()), config).into_bytes()))
}

/// An RSAPrivateKey (RFC 8017 appendix A.1.2).
pub(super) fn pkcs1(key: &RsaKey, private: &RsaPrivate) -> Option<Secret> {
    let number = |bytes| UintRef::new(bytes).ok();
    let structure = pkcs1::RsaPrivateKeyRef {
        modulus: number(&key.n)?,
        public_exponent: number(&key.e)?,
        private_exponent: number(private.d.expose())?,
        prime1: number(private.p.expose())?,
        prime2: number(private.q.expose())?,
        exponent1: number(private.dp.expose())?,
        exponent2: number(private.dq.expose())?,
        coefficient: number(private.qi.expose())?,
        other_prime_infos: None,
    };
    structure.to_der().ok().map(Secret::new)
}

/// An ECPrivateKey (RFC 5915), with its curve, and its point if it is known.
pub(super) fn sec1(curve: Curve, private: &Secret, point: Option<&[u8]>) -> Option<Secret> {
    let parameters = Some(EcParameters::NamedCurve(curve_oid(curve)));
    let key = EcPrivateKey { private_key: private.expose(), parameters, public_key: point };
    key.to_der().ok().map(Secret::new)
}

/// A PrivateKeyInfo (RFC 5958) of a key with a private half.
pub(super) fn pkcs8(material: &Material) -> Option<Secret> {
    let private = match material {
        Material::Rsa(key) => pkcs1(key, key.private.as_ref()?)?,
        Material::Ec(key) => {
            // The curve stands in the structure around it.
            let key_ref = EcPrivateKey {
                private_key: key.private.as_ref()?.expose(),
                parameters: None,
                public_key: Some(&key.point()),
            };
            Secret::new(key_ref.to_der().ok()?)
        }
        Material::Ed25519(key) => {
            Secret::new(OctetStringRef::new(key.seed.as_ref()?.expose()).ok()?.to_der().ok()?)
        }
        Material::MlDsa(_, key) => {
            let seed = ContextSpecific {
                tag_number: TagNumber(0),
                tag_mode: TagMode::Implicit,
                value: OctetStringRef::new(key.seed.as_ref()?.expose()).ok()?,
            };
            Secret::new(seed.to_der().ok()?)
        }
        Material::Hmac(_) | Material::Unsupported(_) => return None,
    };
    with_identifier(material, |algorithm| {
        let private = OctetStringRef::new(private.expose()).ok()?;
        PrivateKeyInfoRef::new(algorithm, private).to_der().ok().map(Secret::new)
    })
}

/// A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
pub(super) fn spki(material: &Material) -> Option<Vec<u8>> {
    let public = match material {
        Material::Rsa(key) => {
            let number = |bytes| UintRef::new(bytes).ok();
            let structure =
                pkcs1::RsaPublicKeyRef { modulus: number(&key.n)?, public_exponent: number(&key.e)? };
            structure.to_der().ok()?
        }
        Material::Ec(key) => key.point(),
        Material::Ed25519(key) | Material::MlDsa(_, key) => key.public.clone(),
        Material::Hmac(_) | Material::Unsupported(_) => return None,
    };
    with_identifier(material, |algorithm| {
        let subject_public_key = BitStringRef::from_bytes(&public).ok()?;
        SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
    })
}

/// Hands the AlgorithmIdentifier of a key to whoever builds the structure around it.
fn with_identifier<T>(
    material: &Material,
    build: impl FnOnce(AlgorithmIdentifier<AnyRef<'_>>) -> Option<T>,
) -> Option<T> {
    let (curve, pss);
    let (oid, parameters): (ObjectIdentifier, Option<AnyRef<'_>>) = match material {
        Material::Rsa(RsaKey { pss: Some([only]), .. }) => {
            pss = pss_parameters(*only)?;
            (RSA_PSS, Some(AnyRef::from_der(&pss).ok()?))
        }
        Material::Rsa(RsaKey { pss: Some([]), .. }) => return None,
        Material::Rsa(RsaKey { pss: Some(_), .. }) => (RSA_PSS, None),
        Material::Rsa(_) => (RSA, Some(Null.into())),
        Material::Ec(key) => {
            curve = curve_oid(key.curve);
            (EC, Some((&curve).into()))
        }
        Material::Ed25519(_) => (ED25519, None),
        Material::MlDsa(set, _) => (ml_dsa_oid(*set), None),
        Material::Hmac(_) | Material::Unsupported(_) => return None,
    };
    build(AlgorithmIdentifier { oid, parameters })
}

/// RSASSA-PSS-params (RFC 4055 section 3.1) with one hash for everything, and a salt as long as it.
fn pss_parameters(algorithm: Algorithm) -> Option<Vec<u8>> {
    let (hash, salt) = match algorithm {
        Algorithm::Ps256 => (0x01, 32),
        Algorithm::Ps384 => (0x02, 48),
        Algorithm::Ps512 => (0x03, 64),
        _ => return None,
    };
    let identifier =
        [0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, hash, 0x05, 0x00];
    let mgf1 = [0x30, 0x1A, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08];
    let salt = [0xA2, 0x03, 0x02, 0x01, salt];
    Some([&[0x30, 0x34, 0xA0, 0x0F][..], &identifier, &[0xA1, 0x1C], &mgf1, &identifier, &salt].concat())
}
