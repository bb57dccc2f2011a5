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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::Secret;

    /// Returns the reason for which a key is refused.
    fn reason(material: Material) -> Option<String> {
        unusable_reason(&material).map(|failure| failure.reason.to_string())
    }

    fn rsa_key(n: Vec<u8>, e: &[u8]) -> Material {
        Material::Rsa(RsaKey { n, e: e.to_vec(), private: None, pss: None })
    }

    /// Returns a modulus of so many bits that is odd.
    fn modulus(bits: usize) -> Vec<u8> {
        let mut bytes = vec![0xFF; bits.div_ceil(8)];
        bytes[0] >>= bytes.len() * 8 - bits;
        bytes
    }

    #[test]
    fn accepts_rsa_moduli_of_2048_to_8192_bits() {
        for (bits, expected) in [
            (2047, Some("key_weak:rsa_too_small")),
            (2048, None),
            (2049, None),
            (8192, None),
            (8193, Some("alg_unsupported")),
        ] {
            assert_eq!(reason(rsa_key(modulus(bits), &[1, 0, 1])).as_deref(), expected, "{bits}");
        }
        let mut even = modulus(2048);
        even[255] = 0xFE;
        assert_eq!(reason(rsa_key(even, &[1, 0, 1])).as_deref(), Some("key_mismatch:kty"));
    }

    #[test]
    fn accepts_odd_rsa_exponents_of_17_to_33_bits() {
        for (e, expected) in [
            (1_u64, Some("key_weak:rsa_exponent")),
            (3, Some("key_weak:rsa_exponent")),
            (65_535, Some("key_weak:rsa_exponent")),
            (65_536, Some("key_weak:rsa_exponent")),
            (65_537, None),
            (65_538, Some("key_weak:rsa_exponent")),
            ((1 << 33) - 1, None),
            ((1 << 33) + 1, Some("key_weak:rsa_exponent")),
        ] {
            assert_eq!(reason(rsa_key(modulus(2048), &e.to_be_bytes())).as_deref(), expected, "{e}");
        }
        assert_eq!(reason(rsa_key(modulus(2048), &[1; 9])).as_deref(), Some("key_weak:rsa_exponent"));
    }

    #[test]
    fn refuses_a_key_for_parameters_that_no_algorithm_has() {
        let key = RsaKey { n: modulus(2048), e: vec![1, 0, 1], private: None, pss: Some(&[]) };
        assert_eq!(reason(Material::Rsa(key)).as_deref(), Some("key_mismatch:alg"));
    }

    #[test]
    fn names_a_text_in_place_of_a_modulus() {
        let detail = |n: &[u8]| unusable_reason(&rsa_key(n.to_vec(), &[1, 0, 1])).unwrap().detail;
        assert_eq!(
            detail(b"no key set"),
            "an RSA key of 79 bits, but the minimum is 2048 (RFC 7518 section 3.3); its modulus is the text `no key set`, not a number"
        );
        for number in [&b"8 bytes!"[..], b"with\na line", b"\xFF no text"] {
            assert!(detail(number).ends_with("(RFC 7518 section 3.3)"), "{number:?}");
        }
        assert!(detail(b"9 bytes!!").ends_with("the text `9 bytes!!`, not a number"));
    }

    #[test]
    fn says_if_the_zeros_of_a_coordinate_were_cut_off() {
        let detail = |x: Vec<u8>, y: Vec<u8>| {
            let key = EcKey { curve: crate::core::token::algorithm::Curve::P256, x, y, private: None };
            unusable_reason(&Material::Ec(key)).map(|failure| failure.detail)
        };
        assert_eq!(
            detail(vec![1; 31], vec![2; 32]).as_deref(),
            Some("its `x` has 31 bytes, but P-256 needs 32")
        );
        assert_eq!(
            detail(vec![1; 32], vec![2; 33]).as_deref(),
            Some("its `y` has 33 bytes, but P-256 needs 32")
        );
        assert_eq!(detail(vec![1; 32], vec![2; 32]).as_deref(), Some("its point is not on P-256"));
        // 379 times the base point. Its x coordinate begins with a zero.
        let number = |high: u128, low: u128| [high.to_be_bytes(), low.to_be_bytes()].concat();
        let x = number(0x0055_4389_4af3_d00e_d7d7_40ab_dbd7_5c96, 0xb068_77b7_87db_5f70_eea7_8b90_a8d7_c00a);
        let y = number(0xbb4c_85a3_d8ea_29ef_aafa_2440_6912_dd84, 0xd5b1_4dc3_2bf6_56ef_6c6b_d58a_5d94_3f92);
        assert_eq!(detail(x.clone(), y.clone()), None);
        assert_eq!(
            detail(x[1..].to_vec(), y.clone()).as_deref(),
            Some("its `x` has 31 bytes, but P-256 needs 32: its leading zeros were cut off")
        );
        // A zero too many is no cut, even if the rest is on the curve.
        assert_eq!(
            detail([vec![0], x].concat(), y).as_deref(),
            Some("its `x` has 33 bytes, but P-256 needs 32")
        );
    }

    #[test]
    fn refuses_secrets_that_are_empty_or_keys() {
        let hmac = |bytes: &[u8]| reason(Material::Hmac(Secret::new(bytes.to_vec())));
        assert_eq!(hmac(b"").as_deref(), Some("key_empty"));
        assert_eq!(hmac(b"secret"), None);
    }

    #[test]
    fn refuses_public_halves_of_the_wrong_size() {
        let raw = |size: usize| RawKey { public: vec![1; size], seed: None };
        assert_eq!(
            unusable_reason(&Material::Ed25519(raw(31))).map(|failure| failure.detail).as_deref(),
            Some("its `x` has 31 bytes, but Ed25519 needs 32")
        );
        let ml_dsa =
            |size| reason(Material::MlDsa(crate::core::token::algorithm::Algorithm::MlDsa44, raw(size)));
        assert_eq!(ml_dsa(1311).as_deref(), Some("key_mismatch:alg"));
        assert_eq!(ml_dsa(1312), None);
    }
}
