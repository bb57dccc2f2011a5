//! EC keys in DER: the names of curves, public points, and SEC 1 private keys (RFC 5915).

use super::error::{DerError, DerStructure};
use super::{oid, shape};
use crate::core::key::material::{EcKey, Material, UnsupportedKey};
use crate::core::key::provider;
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Curve;
use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode as _, Tag, TagNumber, Tagged as _};
use sec1::EcPrivateKey;

/// Parses the parameters of an EC key: a curve, or a description of the key if the curve is not supported.
pub(super) fn named_curve(parameters: Option<AnyRef<'_>>) -> Result<Result<Curve, UnsupportedKey>, DerError> {
    let parameters = parameters.ok_or(DerError::NoCurve)?;
    let name = parameters.decode_as::<ObjectIdentifier>().map_err(|_| DerError::ExplicitCurve)?;
    Ok(oid::to_curve(name))
}

/// Parses a public point.
pub(super) fn public(curve: Curve, point: &[u8]) -> Result<EcKey, DerError> {
    let (x, y) = provider::coordinates(curve, point).ok_or(DerError::PointNotOnCurve(curve))?;
    Ok(EcKey { curve, x, y, private: None })
}

/// Parses an ECPrivateKey. `outer` is the curve that the structure around it names; without it the key names its own.
pub(super) fn private(
    bytes: &[u8],
    outer: Option<Result<Curve, UnsupportedKey>>,
) -> Result<Material, DerError> {
    let key = EcPrivateKey::try_from(bytes).map_err(|_| {
        if has_explicit_curve(bytes) {
            DerError::ExplicitCurve
        } else {
            DerError::Malformed(DerStructure::Sec1)
        }
    })?;
    let own = key.parameters.and_then(|parameters| parameters.named_curve()).map(oid::to_curve);
    if let (Some(outer), Some(own)) = (&outer, &own)
        && outer != own
    {
        return Err(DerError::CurvesDiffer);
    }
    let curve = match outer.or(own).ok_or(DerError::NoCurve)? {
        Ok(curve) => curve,
        Err(unsupported) => return Ok(Material::Unsupported(unsupported)),
    };
    let private = Secret::new(key.private_key.to_vec());
    let derived = provider::ec_key(curve, &private).ok_or(DerError::ScalarOutOfRange(curve))?;
    if let Some(point) = key.public_key {
        let stated = public(curve, point)?;
        if stated.x != derived.x || stated.y != derived.y {
            return Err(DerError::HalvesDiffer);
        }
    }
    Ok(Material::Ec(derived))
}

/// Reports whether the `parameters` of an ECPrivateKey hold a structure instead of a name.
fn has_explicit_curve(bytes: &[u8]) -> bool {
    const PARAMETERS: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber(0) };
    let parameters = shape::elements(bytes)
        .and_then(|elements| elements.into_iter().nth(2))
        .filter(|element| element.tag() == PARAMETERS);
    parameters
        .and_then(|parameters| AnyRef::from_der(parameters.value()).ok())
        .is_some_and(|inner| inner.tag() == Tag::Sequence)
}
