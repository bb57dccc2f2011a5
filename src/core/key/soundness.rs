//! Decides whether a key may be used at all: sizes, exponents, points on their curves, secrets that are keys. It looks
//! at no token, so that a faulty key is never reported as a bad signature.

use super::arithmetic::{Ed25519PointError, check_ed25519_point};
use super::integer::{self, to_u64};
use super::lookalike;
use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey};
use super::provider;
use crate::core::reason::{Failure, KeyMismatch, KeyWeak, Reason};

/// Returns why a key is refused for every use, or `None` if it is sound.
pub(super) fn unusable_reason(material: &Material) -> Option<Failure> {
    match material {
        Material::Hmac(secret) if secret.expose().is_empty() => {
            Some(Failure::new(Reason::KeyEmpty, "the secret is empty"))
        }
        Material::Hmac(secret) => lookalike::key_in(secret.expose()).map(|kind| {
            let detail = format!("the secret contains {kind}, not an HMAC secret");
            Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
        }),
        Material::Rsa(key) => rsa(key),
        Material::Ec(key) => ec(key),
        Material::Ed25519(key) => ed25519(key),
        Material::MlDsa(algorithm, key) => (!provider::is_ml_dsa_key(*algorithm, &key.public)).then(|| {
            let detail =
                format!("its public half of {} bytes is not a key for {algorithm}", key.public.len());
            Failure::new(Reason::KeyMismatch(KeyMismatch::Alg), detail)
        }),
        Material::Unsupported(key) => Some(Failure::new(key.reason.clone(), key.detail.clone())),
    }
}

fn ec(key: &EcKey) -> Option<Failure> {
    let (curve, expected) = (key.curve.name(), key.curve.bytes());
    let detail = match [("x", &key.x), ("y", &key.y)].iter().find(|(_, value)| value.len() != expected) {
        Some((name, value)) => {
            format!("its `{name}` has {} bytes, but {curve} needs {expected}", value.len())
        }
        None if !provider::is_on_curve(key.curve, &key.point()) => {
            format!("its point is not on {curve}")
        }
        None => return None,
    };
    Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
}

fn ed25519(key: &RawKey) -> Option<Failure> {
    let detail = match <&[u8; RAW_BYTES]>::try_from(&*key.public) {
        Ok(public) => match check_ed25519_point(public) {
            Ok(()) => return None,
            Err(Ed25519PointError::NotOnCurve) => "its point is not on Ed25519".to_owned(),
            Err(Ed25519PointError::SmallOrder) => {
                "its point has a small order: signatures for it can be forged without the private key"
                    .to_owned()
            }
        },
        Err(_) => format!("its `x` has {} bytes, but Ed25519 needs {RAW_BYTES}", key.public.len()),
    };
    Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
}

fn rsa(key: &RsaKey) -> Option<Failure> {
    const MINIMUM: usize = 2048;
    const MAXIMUM: usize = 8192;
    if key.pss == Some(&[]) {
        let detail = "it is restricted to RSA-PSS parameters that no JOSE algorithm has";
        return Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Alg), detail));
    }
    let bits = integer::bits(&key.n);
    let weak = |weakness, detail: String| Some(Failure::new(Reason::KeyWeak(weakness), detail));
    if bits < MINIMUM {
        return weak(
            KeyWeak::RsaTooSmall,
            format!("an RSA key of {bits} bits, but the minimum is {MINIMUM} (RFC 7518 section 3.3)"),
        );
    }
    if bits > MAXIMUM {
        let detail = format!("an RSA key of {bits} bits, but the maximum of this build is {MAXIMUM}");
        return Some(Failure::new(Reason::AlgUnsupported, detail));
    }
    match to_u64(&key.e) {
        Some(e) if e % 2 == 0 => weak(KeyWeak::RsaExponent, format!("its public exponent {e} is even")),
        Some(e) if e < 65537 => {
            weak(KeyWeak::RsaExponent, format!("its public exponent {e} is smaller than 65537"))
        }
        Some(e) if e < 1 << 33 => key.n.last().is_some_and(|byte| byte % 2 == 0).then(|| {
            Failure::new(
                Reason::KeyMismatch(KeyMismatch::Kty),
                "its modulus is even, so it is not an RSA modulus",
            )
        }),
        _ => weak(KeyWeak::RsaExponent, "its public exponent is larger than 33 bits".to_owned()),
    }
}
