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

#[cfg(test)]
mod tests {
    use super::*;
    use der::Encode as _;
    use sec1::EcParameters;

    #[test]
    fn the_stated_point_has_both_coordinates_of_the_private_number() {
        let secret = [7; 32];
        let point = provider::ec_key(Curve::P256, &Secret::new(secret.to_vec())).unwrap().point();
        let read = |point: &[u8]| {
            let parameters = Some(EcParameters::NamedCurve(oid::from_curve(Curve::P256)));
            let key = EcPrivateKey { private_key: &secret, parameters, public_key: Some(point) };
            private(&key.to_der().unwrap(), None).map(drop)
        };
        assert_eq!(read(&point), Ok(()));
        for changed in [1, 32, 33, 64] {
            let mut other = point.clone();
            other[changed] ^= 1;
            assert_eq!(read(&other), Err(DerError::HalvesDiffer), "{changed}");
        }
    }

    #[test]
    fn only_a_structure_in_place_of_a_name_is_an_explicit_curve() {
        for (parameters, error) in [
            (&b"\xA0\x02\x30\x00"[..], DerError::ExplicitCurve),
            (b"\xA0\x02\x05\x00", DerError::Malformed(DerStructure::Sec1)),
            (b"\xA1\x02\x30\x00", DerError::Malformed(DerStructure::Sec1)),
            (b"\x05\x02\x05\x00", DerError::Malformed(DerStructure::Sec1)),
        ] {
            let bytes = [b"\x30\x0A\x02\x01\x01\x04\x01\x07", parameters].concat();
            assert_eq!(private(&bytes, None).unwrap_err(), error, "{parameters:?}");
        }
    }
}
