//! Public keys in DER: SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).

use super::error::{DerError, DerStructure};
use super::{ec, oid, rsa};
use crate::core::key::material::{Material, RawKey};
use pkcs8::SubjectPublicKeyInfoRef;

/// Parses a SubjectPublicKeyInfo.
pub(super) fn parse(bytes: &[u8]) -> Result<Material, DerError> {
    let info =
        SubjectPublicKeyInfoRef::try_from(bytes).map_err(|_| DerError::Malformed(DerStructure::Spki))?;
    let (key, parameters) = (info.algorithm.oid, info.algorithm.parameters);
    let public = info.subject_public_key.as_bytes().ok_or(DerError::Malformed(DerStructure::PublicKey))?;
    let raw = || RawKey { public: public.to_vec(), seed: None };
    match key {
        oid::RSA | oid::RSA_PSS => rsa::public(public, rsa::pss_algorithms(key, parameters)),
        oid::EC => Ok(match ec::named_curve(parameters)? {
            Ok(curve) => Material::Ec(ec::public(curve, public)?),
            Err(unsupported) => Material::Unsupported(unsupported),
        }),
        oid::ED25519 => Ok(Material::Ed25519(raw())),
        oid::X25519 => Ok(Material::X25519(raw())),
        other => Ok(match oid::to_ml_dsa(other) {
            Some(set) => Material::MlDsa(set, raw()),
            None => Material::Unsupported(oid::unsupported(other)),
        }),
    }
}
