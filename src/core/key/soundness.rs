//! Decides whether a key may be used at all: sizes, exponents, points on their curves, secrets that are keys. It looks
//! at no token, so that a faulty key is never reported as a bad signature.

use super::arithmetic::{Ed25519PointError, check_ed25519_point};
use super::integer::{self, to_u64};
use super::lookalike;
use super::material::{EcKey, Material, RAW_BYTES, RawKey, RsaKey};
use super::provider;
use crate::core::reason::{Failure, KeyMismatch, KeyWeak, Reason};
use crate::core::text::escape::excerpt;

/// Returns why a key is refused for every use, or `None` if it is sound.
pub(super) fn unusable_reason(material: &Material) -> Option<Failure> {
    match material {
        Material::Hmac(secret) if secret.expose().is_empty() => {
            Some(Failure::new(Reason::KeyEmpty, "the secret is empty"))
        }
        Material::Hmac(secret) => lookalike::key_in(secret.expose()).map(|kind| {
            let detail =
                format!("the secret contains {kind}, not an HMAC secret; --key takes the path of a key");
            Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
        }),
        Material::Rsa(key) => rsa(key),
        Material::Ec(key) => ec(key),
        Material::Ed25519(key) => ed25519(key),
        Material::X25519(_) => {
            let detail = "X25519 keys are for key agreement, not for signatures";
            Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
        }
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
            let cause = if is_cut(key) { ": its leading zeros were cut off" } else { "" };
            format!("its `{name}` has {} bytes, but {curve} needs {expected}{cause}", value.len())
        }
        None if !provider::is_on_curve(key.curve, &key.point()) => {
            format!("its point is not on {curve}")
        }
        None => return None,
    };
    Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
}

/// Reports whether the point is on its curve once its coordinates get their leading zeros back.
fn is_cut(key: &EcKey) -> bool {
    let full =
        |value: &[u8]| integer::padded(value, key.curve.bytes()).filter(|full| full.len() >= value.len());
    let (Some(x), Some(y)) = (full(&key.x), full(&key.y)) else { return false };
    provider::is_on_curve(key.curve, &EcKey { curve: key.curve, x, y, private: None }.point())
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

/// Describes a modulus that is a text: Istio writes the error there when it cannot fetch a key set.
fn placeholder(n: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(n).ok()?;
    let is_text = text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    is_text.then(|| format!("; its modulus is the text `{}`, not a number", excerpt(text)))
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
            format!(
                "an RSA key of {bits} bits, but the minimum is {MINIMUM} (RFC 7518 section 3.3){}",
                placeholder(&key.n).unwrap_or_default()
            ),
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
