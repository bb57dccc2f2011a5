//! The object identifiers of key types and curves.

use crate::core::key::material::UnsupportedKey;
use crate::core::reason::Reason;
use crate::core::token::algorithm::{Algorithm, Curve};
use der::asn1::ObjectIdentifier;

pub(super) const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
pub(super) const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
pub(super) const MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
pub(super) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(super) const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
pub(super) const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
pub(super) const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
pub(super) const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
pub(super) const X25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.110");

/// Known keys that sign no JWT here: their identifier, the JWK type, the name.
const UNSUPPORTED: [(&str, &str, &str); 4] = [
    ("1.3.101.113", "OKP", "Ed448"),
    ("1.3.101.111", "OKP", "X448"),
    ("1.2.840.10040.4.1", "DSA", "DSA"),
    ("1.2.840.113549.1.3.1", "DH", "Diffie-Hellman"),
];

/// Returns the identifier of a curve.
pub(super) const fn from_curve(curve: Curve) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(match curve {
        Curve::P256 => "1.2.840.10045.3.1.7",
        Curve::P384 => "1.3.132.0.34",
        Curve::P521 => "1.3.132.0.35",
        Curve::Secp256k1 => "1.3.132.0.10",
    })
}

/// Returns the curve of an identifier, or a description of the key that another curve makes.
pub(super) fn to_curve(oid: ObjectIdentifier) -> Result<Curve, UnsupportedKey> {
    Curve::ALL.into_iter().find(|curve| from_curve(*curve) == oid).ok_or_else(|| UnsupportedKey {
        kty: "EC".to_owned(),
        name: format!("an EC key on the curve {oid}"),
        is_private: false,
        reason: Reason::AlgUnsupported,
        detail: format!("the curve {oid} is not supported"),
    })
}

/// Returns the identifier of an ML-DSA parameter set (RFC 9881 section 2).
pub(super) const fn from_ml_dsa(set: Algorithm) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(match set {
        Algorithm::MlDsa44 => "2.16.840.1.101.3.4.3.17",
        Algorithm::MlDsa65 => "2.16.840.1.101.3.4.3.18",
        _ => "2.16.840.1.101.3.4.3.19",
    })
}

/// Returns the ML-DSA parameter set of an identifier.
pub(super) fn to_ml_dsa(oid: ObjectIdentifier) -> Option<Algorithm> {
    Algorithm::ML_DSA.iter().copied().find(|set| from_ml_dsa(*set) == oid)
}

/// Returns a description of a key whose identifier no algorithm of this build uses.
pub(super) fn unsupported(oid: ObjectIdentifier) -> UnsupportedKey {
    match UNSUPPORTED.iter().find(|(known, ..)| ObjectIdentifier::new_unwrap(known) == oid) {
        Some((_, kty, name)) => UnsupportedKey::new(kty, name),
        None => UnsupportedKey {
            kty: "unknown".to_owned(),
            name: format!("a key of the algorithm {oid}"),
            is_private: false,
            reason: Reason::AlgUnsupported,
            detail: format!("keys of the algorithm {oid} are not supported"),
        },
    }
}
