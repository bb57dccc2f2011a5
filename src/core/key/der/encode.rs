//! Encodes keys in DER: PKCS #8 for a private key, SPKI for a public one, and SEC 1. Private keys are built in memory
//! that is wiped.

use super::{oid, rsa};
use crate::core::key::material::{Material, RsaKey};
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Curve;
use der::asn1::{AnyRef, BitStringRef, ContextSpecific, Null, ObjectIdentifier, OctetStringRef};
use der::{Decode as _, Encode as _, TagMode, TagNumber};
use pkcs8::spki::AlgorithmIdentifier;
use pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};

/// Encodes an ECPrivateKey (RFC 5915) with its curve.
pub(in crate::core::key) fn sec1(curve: Curve, private: &Secret) -> Option<Secret> {
    let parameters = Some(EcParameters::NamedCurve(oid::from_curve(curve)));
    let key = EcPrivateKey { private_key: private.expose(), parameters, public_key: None };
    key.to_der().ok().map(Secret::new)
}

/// Encodes the PrivateKeyInfo (RFC 5958) of a key with a private half.
pub(in crate::core::key) fn pkcs8(material: &Material) -> Option<Secret> {
    let private = match material {
        Material::Rsa(key) => rsa::encode_private(key, key.private.as_ref()?)?,
        Material::Ec(key) => {
            // The structure around it names the curve.
            let key_ref = EcPrivateKey {
                private_key: key.private.as_ref()?.expose(),
                parameters: None,
                public_key: Some(&key.point()),
            };
            Secret::new(key_ref.to_der().ok()?)
        }
        Material::Ed25519(key) | Material::X25519(key) => {
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

/// Encodes the SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) of a key.
pub(in crate::core::key) fn spki(material: &Material) -> Option<Vec<u8>> {
    let public = match material {
        Material::Rsa(key) => rsa::encode_public(key)?,
        Material::Ec(key) => key.point(),
        Material::Ed25519(key) | Material::X25519(key) | Material::MlDsa(_, key) => key.public.clone(),
        Material::Hmac(_) | Material::Unsupported(_) => return None,
    };
    with_identifier(material, |algorithm| {
        let subject_public_key = BitStringRef::from_bytes(&public).ok()?;
        SubjectPublicKeyInfoRef { algorithm, subject_public_key }.to_der().ok()
    })
}

/// Passes the AlgorithmIdentifier of a key to `build`, which encodes the structure around it.
fn with_identifier<T>(
    material: &Material,
    build: impl FnOnce(AlgorithmIdentifier<AnyRef<'_>>) -> Option<T>,
) -> Option<T> {
    let (curve, pss);
    let (oid, parameters): (ObjectIdentifier, Option<AnyRef<'_>>) = match material {
        Material::Rsa(RsaKey { pss: Some([only]), .. }) => {
            pss = rsa::encode_pss_parameters(*only)?;
            (oid::RSA_PSS, Some(AnyRef::from_der(&pss).ok()?))
        }
        Material::Rsa(RsaKey { pss: Some([]), .. }) => return None,
        Material::Rsa(RsaKey { pss: Some(_), .. }) => (oid::RSA_PSS, None),
        Material::Rsa(_) => (oid::RSA, Some(Null.into())),
        Material::Ec(key) => {
            curve = oid::from_curve(key.curve);
            (oid::EC, Some((&curve).into()))
        }
        Material::Ed25519(_) => (oid::ED25519, None),
        Material::X25519(_) => (oid::X25519, None),
        Material::MlDsa(set, _) => (oid::from_ml_dsa(*set), None),
        Material::Hmac(_) | Material::Unsupported(_) => return None,
    };
    build(AlgorithmIdentifier { oid, parameters })
}
