//! The header parameters of encrypted tokens (RFC 7516 section 4.1, RFC 7518 sections 4.6 to 4.8), by type.

use super::algorithm::{AgreementCurve, KeyAlgorithm, KeyManagement};
use super::error::{EphemeralKeyError, JweError, ParameterFault};
use crate::core::json::Value;
use crate::core::key::{EcKey, Key, Material};
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;

/// The largest number of PBES2 iterations: about a second of work. The sender of a token chooses this number.
pub const MAX_ITERATIONS: u32 = 1_000_000;

/// The smallest PBES2 salt in bytes (RFC 7518 section 4.8.1.1).
const MIN_SALT: usize = 8;

/// The parameters of key management.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyParameters {
    /// The algorithm has none.
    None,
    /// AES GCM key encryption (RFC 7518 section 4.7).
    Gcm {
        /// The initialization vector.
        iv: Vec<u8>,
        /// The authentication tag.
        tag: Vec<u8>,
    },
    /// Key agreement (RFC 7518 section 4.6).
    Agreement {
        /// The ephemeral public key.
        ephemeral: EphemeralKey,
        /// Information on the producer.
        producer: Vec<u8>,
        /// Information on the recipient.
        recipient: Vec<u8>,
    },
    /// A password (RFC 7518 section 4.8).
    Password {
        /// The salt of the token.
        salt: Vec<u8>,
        /// The number of iterations.
        iterations: u32,
    },
}

/// The ephemeral public key of a token. Its point is on its curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EphemeralKey {
    /// The curve.
    pub(super) curve: AgreementCurve,
    /// The uncompressed point, or the bytes of X25519.
    pub(super) public: Vec<u8>,
}

impl KeyParameters {
    /// Reads the parameters that an algorithm needs.
    pub(super) fn read(header: &JoseHeader<'_>, algorithm: KeyAlgorithm) -> Result<Self, JweError> {
        Ok(match algorithm.management() {
            KeyManagement::GcmWrap(_) => {
                let sized = |name, expected| {
                    let bytes = required_bytes(header, name)?;
                    let length = bytes.len();
                    let fault = ParameterFault::Length { length, expected };
                    (length == expected).then_some(bytes).ok_or(JweError::Parameter { name, fault })
                };
                Self::Gcm { iv: sized("iv", 12)?, tag: sized("tag", 16)? }
            }
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => Self::Agreement {
                ephemeral: EphemeralKey::read(header)?,
                producer: bytes(header, "apu")?.unwrap_or_default(),
                recipient: bytes(header, "apv")?.unwrap_or_default(),
            },
            KeyManagement::Password(..) => {
                let salt = required_bytes(header, "p2s")?;
                if salt.len() < MIN_SALT {
                    let fault = ParameterFault::TooShort { length: salt.len(), minimum: MIN_SALT };
                    return Err(JweError::Parameter { name: "p2s", fault });
                }
                Self::Password { salt, iterations: iterations(header)? }
            }
            _ => Self::None,
        })
    }
}

/// Returns a text parameter, or `None` if the header lacks it.
pub(super) fn text<'h>(header: &'h JoseHeader<'_>, name: &'static str) -> Result<Option<&'h str>, JweError> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => {
            let fault = ParameterFault::Type { expected: "a string", found: other.type_name() };
            Err(JweError::Parameter { name, fault })
        }
    }
}

/// Returns a text parameter that the header must have.
pub(super) fn required_text<'h>(header: &'h JoseHeader<'_>, name: &'static str) -> Result<&'h str, JweError> {
    text(header, name)?.ok_or(JweError::Parameter { name, fault: ParameterFault::Missing })
}

fn bytes(header: &JoseHeader<'_>, name: &'static str) -> Result<Option<Vec<u8>>, JweError> {
    let Some(text) = text(header, name)? else { return Ok(None) };
    let decoded = base64url::decode(text);
    decoded.map(Some).map_err(|error| JweError::Parameter { name, fault: ParameterFault::Base64(error) })
}

fn required_bytes(header: &JoseHeader<'_>, name: &'static str) -> Result<Vec<u8>, JweError> {
    bytes(header, name)?.ok_or(JweError::Parameter { name, fault: ParameterFault::Missing })
}

/// Returns `p2c`: a whole number from 1 to [`MAX_ITERATIONS`].
fn iterations(header: &JoseHeader<'_>) -> Result<u32, JweError> {
    let fault = match header.get("p2c") {
        None => ParameterFault::Missing,
        Some(Value::Number(digits)) => match digits.parse() {
            Ok(count @ 1..=MAX_ITERATIONS) => return Ok(count),
            _ => ParameterFault::OutOfRange { value: digits.to_string(), maximum: MAX_ITERATIONS },
        },
        Some(other) => ParameterFault::Type { expected: "a number", found: other.type_name() },
    };
    Err(JweError::Parameter { name: "p2c", fault })
}

impl EphemeralKey {
    /// Reads `epk`. It is the only key that a token may bring, and only its point is read: never a certificate.
    fn read(header: &JoseHeader<'_>) -> Result<Self, JweError> {
        match header.get("epk") {
            None => Err(JweError::Parameter { name: "epk", fault: ParameterFault::Missing }),
            Some(jwk @ Value::Object(_)) => Self::from_jwk(jwk).map_err(JweError::EphemeralKey),
            Some(other) => {
                let fault = ParameterFault::Type { expected: "an object", found: other.type_name() };
                Err(JweError::Parameter { name: "epk", fault })
            }
        }
    }

    fn from_jwk(jwk: &Value<'_>) -> Result<Self, EphemeralKeyError> {
        let text = |name| match jwk.get(name) {
            None => Err(EphemeralKeyError::Missing(name)),
            Some(value) => value.as_str().ok_or(EphemeralKeyError::Member(name)),
        };
        let bytes = |name| base64url::decode(text(name)?).map_err(|_| EphemeralKeyError::Member(name));
        if jwk.get("d").is_some() {
            return Err(EphemeralKeyError::Private);
        }
        let (kty, crv) = (text("kty")?, text("crv")?);
        let named = AgreementCurve::ALL.into_iter().find(|curve| curve.name() == crv);
        let curve = named.ok_or_else(|| EphemeralKeyError::Curve(crv.to_owned()))?;
        let point = EphemeralKeyError::Point { curve: curve.name() };
        let public = match (curve.ec(), kty) {
            (Some(ec), "EC") => {
                let key = EcKey { curve: ec, x: bytes("x")?, y: bytes("y")?, private: None };
                let public = key.point();
                // An invalid point would reveal the private key bit by bit (RFC 8725 section 3.4).
                let key = Key::new(Material::Ec(key), String::new(), "epk");
                key.unusable_reason().is_none().then_some(public).ok_or(point)?
            }
            (None, "OKP") => Some(bytes("x")?).filter(|public| public.len() == 32).ok_or(point)?,
            _ => return Err(EphemeralKeyError::Curve(format!("{crv} of type {kty}"))),
        };
        Ok(Self { curve, public })
    }
}

/// Returns the salt of PBKDF2: the name of the algorithm, a zero byte, and the salt of the token (RFC 7518 section
/// 4.8.1.1).
pub(super) fn password_salt(algorithm: KeyAlgorithm, salt: &[u8]) -> Vec<u8> {
    [algorithm.name().as_bytes(), &[0], salt].concat()
}
