//! ECDSA signatures in DER, as other libraries write them by mistake.

use super::shape;
use crate::core::key::integer;
use crate::core::token::algorithm::{Algorithm, KeyType};
use der::asn1::{AnyRef, UintRef};

/// Converts an ECDSA signature from DER (RFC 3279 section 2.2.3) to the form of a JWS: both numbers at full length.
#[must_use]
pub fn plain_ecdsa(algorithm: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    let half = algorithm.signature_bytes().filter(|_| algorithm.kty() == KeyType::Ec)? / 2;
    let elements = shape::elements(signature)?;
    let [r, s] = elements.as_slice() else { return None };
    let number =
        |element: &AnyRef<'_>| integer::padded(element.decode_as::<UintRef<'_>>().ok()?.as_bytes(), half);
    Some([number(r)?, number(s)?].concat())
}
