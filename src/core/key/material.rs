//! The numbers, points and secrets that keys consist of, as data. It validates nothing, and it knows no file format
//! and no cryptography.

use super::integer;
use super::secret::Secret;
use crate::core::reason::{KeyMismatch, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::algorithm::{Algorithm, Curve, KeyType};

/// The content of a key. Public parts are big-endian bytes without a sign; private parts are secrets.
#[derive(Clone, Debug)]
pub enum Material {
    /// An HMAC secret, JWK type `oct`.
    Hmac(Secret),
    /// An RSA key.
    Rsa(RsaKey),
    /// A key on a NIST curve or secp256k1.
    Ec(EcKey),
    /// A key on the Edwards curve Ed25519, JWK type `OKP`.
    Ed25519(RawKey),
    /// A key on the Montgomery curve X25519, JWK type `OKP`: for key agreement alone.
    X25519(RawKey),
    /// An ML-DSA key of this parameter set, JWK type `AKP`.
    MlDsa(Algorithm, RawKey),
    /// A key that no algorithm of this build can use.
    Unsupported(UnsupportedKey),
}

/// An RSA key with two primes.
#[derive(Clone, Debug)]
pub struct RsaKey {
    /// The modulus.
    pub n: Vec<u8>,
    /// The public exponent.
    pub e: Vec<u8>,
    /// The private half.
    pub private: Option<RsaPrivate>,
    /// The algorithms of a key that is restricted to RSASSA-PSS (RFC 4055 section 1.2); `None` for an ordinary key.
    pub pss: Option<&'static [Algorithm]>,
}

/// The private numbers of an RSA key (RFC 8017 section 3.2).
#[derive(Clone, Debug)]
pub struct RsaPrivate {
    /// The private exponent.
    pub d: Secret,
    /// The first prime.
    pub p: Secret,
    /// The second prime.
    pub q: Secret,
    /// `d mod (p - 1)`
    pub dp: Secret,
    /// `d mod (q - 1)`
    pub dq: Secret,
    /// `q^-1 mod p`
    pub qi: Secret,
}

/// A key on an elliptic curve. The coordinates are as given in the file, so they may be invalid.
#[derive(Clone, Debug)]
pub struct EcKey {
    /// The curve.
    pub curve: Curve,
    /// The x coordinate.
    pub x: Vec<u8>,
    /// The y coordinate.
    pub y: Vec<u8>,
    /// The private scalar, at full length.
    pub private: Option<Secret>,
}

/// A key whose public half is one byte string, and whose private half is a seed of 32 bytes.
#[derive(Clone, Debug)]
pub struct RawKey {
    /// The public half.
    pub public: Vec<u8>,
    /// The private half.
    pub seed: Option<Secret>,
}

/// A key that this build cannot use, and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedKey {
    /// The key type, as a JWK names it if it has one.
    pub kty: String,
    /// A description of the key; not yet safe to show.
    pub name: String,
    /// True if the key has a private half.
    pub is_private: bool,
    /// The reason code.
    pub reason: Reason,
    /// Why the key cannot be used; not yet safe to show.
    pub detail: String,
}

/// The size of an Ed25519 or X25519 public key and of every seed, in bytes.
pub(super) const RAW_BYTES: usize = 32;

impl EcKey {
    /// Returns the point, uncompressed (SEC 1 section 2.3.3).
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        [&[0x04], &*self.x, &*self.y].concat()
    }
}

impl UnsupportedKey {
    /// Returns a key of a known kind that signs no JWT here, by the name of its curve or algorithm.
    pub(super) fn new(kty: &str, name: &str) -> Self {
        let (reason, detail) = match name {
            "X448" => (
                Reason::KeyMismatch(KeyMismatch::Crv),
                format!("{name} keys are for key agreement, not for signatures"),
            ),
            "DSA" | "Diffie-Hellman" => {
                (Reason::KeyMismatch(KeyMismatch::Kty), format!("no JWT algorithm uses a {name} key"))
            }
            other => {
                let meant = curve_name(other).filter(|meant| *meant != other);
                let meant = meant.map(|meant| format!(": a JWK calls it {meant}")).unwrap_or_default();
                (Reason::AlgUnsupported, format!("the curve {} is not supported{meant}", excerpt(other)))
            }
        };
        let article = if name.starts_with(['E', 'X']) { "an" } else { "a" };
        Self {
            kty: kty.to_owned(),
            name: format!("{article} {} key", excerpt(name)),
            is_private: false,
            reason,
            detail,
        }
    }
}

/// Returns the name that a JWK has for a supported curve (RFC 7518 section 6.2.1.1), from one of its other names.
fn curve_name(other: &str) -> Option<&'static str> {
    let name: String = other.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    let name = name.trim_start_matches("nist");
    let is_named = |known: &str| known.eq_ignore_ascii_case(name);
    let meant = |curve: &Curve| curve.has_name(is_named) || is_named(curve.algorithm().name());
    Some(match name {
        "ecp256" => "P-256",
        "ecp384" => "P-384",
        "ecp521" | "p512" => "P-521",
        "k256" | "p256k" => "secp256k1",
        "ed25519" | "eddsa" => "Ed25519",
        _ => Curve::ALL.into_iter().find(meant)?.name(),
    })
}

impl Material {
    /// Returns the key type, or `None` if this build does not support it.
    #[must_use]
    pub fn kty(&self) -> Option<KeyType> {
        Some(match self {
            Self::Hmac(_) => KeyType::Oct,
            Self::Rsa(_) => KeyType::Rsa,
            Self::Ec(_) => KeyType::Ec,
            Self::Ed25519(_) | Self::X25519(_) => KeyType::Okp,
            Self::MlDsa(..) => KeyType::Akp,
            Self::Unsupported(key) => return KeyType::from_name(&key.kty),
        })
    }

    /// Returns the `kty` of the key's JWK. It is not yet safe to show.
    #[must_use]
    pub fn kty_name(&self) -> &str {
        match self {
            Self::Unsupported(key) => &key.kty,
            _ => self.kty().map_or("", KeyType::name),
        }
    }

    /// Returns the `crv` of the key's JWK, for key types that have one.
    #[must_use]
    pub const fn crv(&self) -> Option<&'static str> {
        match self {
            Self::Ec(key) => Some(key.curve.name()),
            Self::Ed25519(_) => Some("Ed25519"),
            Self::X25519(_) => Some("X25519"),
            _ => None,
        }
    }

    /// Returns a short description, such as `an RSA key`.
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Hmac(_) => "an HMAC secret".to_owned(),
            Self::Rsa(RsaKey { pss: Some(_), .. }) => "an RSA-PSS key".to_owned(),
            Self::Rsa(_) => "an RSA key".to_owned(),
            Self::Ec(key) => format!("an EC key on {}", key.curve.name()),
            Self::Ed25519(_) => "an Ed25519 key".to_owned(),
            Self::X25519(_) => "an X25519 key".to_owned(),
            Self::MlDsa(algorithm, _) => format!("an {algorithm} key"),
            Self::Unsupported(key) => key.name.clone(),
        }
    }

    /// Returns the size in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        match self {
            Self::Hmac(secret) => secret.expose().len() * 8,
            Self::Rsa(key) => integer::bits(&key.n),
            Self::Ec(key) => key.curve.bits(),
            Self::Ed25519(_) | Self::X25519(_) => 256,
            Self::MlDsa(_, key) => key.public.len() * 8,
            Self::Unsupported(_) => 0,
        }
    }

    /// Returns the algorithms that the key can be used with.
    #[must_use]
    pub fn algorithms(&self) -> &'static [Algorithm] {
        match self {
            Self::Hmac(_) => Algorithm::HMAC,
            Self::Rsa(key) => key.pss.unwrap_or(Algorithm::RSA),
            Self::Ec(key) => match key.curve {
                Curve::P256 => &[Algorithm::Es256],
                Curve::P384 => &[Algorithm::Es384],
                Curve::P521 => &[Algorithm::Es512],
                Curve::Secp256k1 => &[Algorithm::Es256K],
            },
            Self::Ed25519(_) => Algorithm::ED25519,
            Self::MlDsa(Algorithm::MlDsa44, _) => &[Algorithm::MlDsa44],
            Self::MlDsa(Algorithm::MlDsa65, _) => &[Algorithm::MlDsa65],
            Self::MlDsa(..) => &[Algorithm::MlDsa87],
            Self::X25519(_) | Self::Unsupported(_) => &[],
        }
    }

    /// Reports whether the key holds a secret or a private half.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        match self {
            Self::Hmac(_) => true,
            Self::Rsa(key) => key.private.is_some(),
            Self::Ec(key) => key.private.is_some(),
            Self::Ed25519(key) | Self::X25519(key) | Self::MlDsa(_, key) => key.seed.is_some(),
            Self::Unsupported(key) => key.is_private,
        }
    }

    /// Returns the public half. Returns `None` for a secret, which has none.
    #[must_use]
    pub fn public(&self) -> Option<Self> {
        let mut public = self.clone();
        match &mut public {
            Self::Hmac(_) => return None,
            Self::Rsa(key) => key.private = None,
            Self::Ec(key) => key.private = None,
            Self::Ed25519(key) | Self::X25519(key) | Self::MlDsa(_, key) => key.seed = None,
            Self::Unsupported(key) => key.is_private = false,
        }
        Some(public)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_a_curve_as_a_jwk_does() {
        for (crv, detail) in [
            ("secp256r1", "the curve secp256r1 is not supported: a JWK calls it P-256"),
            ("prime256v1", "the curve prime256v1 is not supported: a JWK calls it P-256"),
            ("NIST P-384", "the curve NIST P-384 is not supported: a JWK calls it P-384"),
            ("p-521", "the curve p-521 is not supported: a JWK calls it P-521"),
            ("ES512", "the curve ES512 is not supported: a JWK calls it P-521"),
            ("P-256K", "the curve P-256K is not supported: a JWK calls it secp256k1"),
            ("ed25519", "the curve ed25519 is not supported: a JWK calls it Ed25519"),
            ("Ed25519", "the curve Ed25519 is not supported"),
            ("P-192", "the curve P-192 is not supported"),
        ] {
            let key = UnsupportedKey::new("EC", crv);
            assert_eq!((key.reason, key.detail.as_str()), (Reason::AlgUnsupported, detail));
        }
    }

    #[test]
    fn counts_the_bits_of_each_type() {
        let raw = |length| RawKey { public: vec![1; length], seed: None };
        let unsupported = Material::Unsupported(UnsupportedKey::new("OKP", "Ed448"));
        for (material, bits) in [
            (Material::Hmac(Secret::new(vec![1; 32])), 256),
            (Material::Rsa(RsaKey { n: vec![0x80; 256], e: vec![3], private: None, pss: None }), 2048),
            (Material::Ec(EcKey { curve: Curve::P521, x: Vec::new(), y: Vec::new(), private: None }), 521),
            (Material::Ed25519(raw(32)), 256),
            (Material::MlDsa(Algorithm::MlDsa44, raw(1312)), 10_496),
            (unsupported, 0),
        ] {
            assert_eq!(material.bits(), bits, "{material:?}");
        }
    }
}
