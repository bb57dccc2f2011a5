//! What keys are made of: numbers, points and secrets, and whether they are sound. It reads and writes no format.

use super::numbers;
use super::provider;
use crate::core::key::lookalike;
use crate::core::key::secret::Secret;
use crate::core::reason::{Failure, KeyMismatch, KeyWeak, Reason};
use crate::core::token::algorithm::{Algorithm, Curve, KeyType};

/// The substance of a key. Public parts are big-endian bytes without a sign; private parts are secrets.
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
    /// An ML-DSA key of that parameter set, JWK type `AKP`.
    MlDsa(Algorithm, RawKey),
    /// A key that no algorithm of this build can use.
    Unsupported(UnsupportedKey),
}

/// An RSA key of two primes.
#[derive(Clone, Debug)]
pub struct RsaKey {
    /// The modulus.
    pub n: Vec<u8>,
    /// The public exponent.
    pub e: Vec<u8>,
    /// The private half.
    pub private: Option<RsaPrivate>,
    /// The algorithms that a key made for RSASSA-PSS alone allows (RFC 4055 section 1.2); nothing for an ordinary key.
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

/// A key on an elliptic curve. The coordinates are as they were given, which is not always as they should be.
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

/// A key whose public half is one string of bytes, and whose private half is a seed of 32 bytes.
#[derive(Clone, Debug)]
pub struct RawKey {
    /// The public half.
    pub public: Vec<u8>,
    /// The private half.
    pub seed: Option<Secret>,
}

/// What is known of a key that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsupportedKey {
    /// Its JWK type, if it has one.
    pub kty: String,
    /// What a person calls it; not yet safe to show.
    pub name: String,
    /// Whether it holds what must stay secret.
    pub is_private: bool,
    /// The reason it is refused for.
    pub reason: Reason,
    /// What it is and why it does not serve; not yet safe to show.
    pub detail: String,
}

/// The size of an Ed25519 public key and of every seed, in bytes.
pub(super) const RAW_BYTES: usize = 32;

impl EcKey {
    /// The point, uncompressed (SEC 1 section 2.3.3).
    #[must_use]
    pub fn point(&self) -> Vec<u8> {
        [&[0x04], &*self.x, &*self.y].concat()
    }

    fn unusable_reason(&self) -> Option<Failure> {
        let (curve, wanted) = (self.curve.name(), self.curve.bytes());
        let detail = match [("x", &self.x), ("y", &self.y)].iter().find(|(_, value)| value.len() != wanted) {
            Some((name, value)) => {
                format!("its `{name}` has {} bytes, and {curve} wants {wanted}", value.len())
            }
            None if !provider::is_on_curve(self.curve, &self.point()) => {
                format!("its point does not lie on {curve}")
            }
            None => return None,
        };
        Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
    }
}

impl RsaKey {
    fn unusable_reason(&self) -> Option<Failure> {
        if self.pss == Some(&[]) {
            let detail = "it is bound to RSA-PSS parameters that no algorithm of JOSE has";
            return Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Alg), detail));
        }
        const LEAST: usize = 2048;
        const MOST: usize = 8192;
        let bits = numbers::bits(&self.n);
        let weak = |weakness, detail: String| Some(Failure::new(Reason::KeyWeak(weakness), detail));
        if bits < LEAST {
            return weak(
                KeyWeak::RsaTooSmall,
                format!("an RSA key of {bits} bits, and {LEAST} are the least (RFC 7518 section 3.3)"),
            );
        }
        if bits > MOST {
            let detail = format!("an RSA key of {bits} bits, and this build works with {MOST} at the most");
            return Some(Failure::new(Reason::AlgUnsupported, detail));
        }
        let exponent = numbers::small(&self.e);
        match exponent {
            Some(e) if e % 2 == 0 => weak(KeyWeak::RsaExponent, format!("its public exponent {e} is even")),
            Some(e) if e < 65537 => {
                weak(KeyWeak::RsaExponent, format!("its public exponent {e} is smaller than 65537"))
            }
            Some(e) if e < 1 << 33 => {
                let even = self.n.last().is_some_and(|byte| byte % 2 == 0);
                even.then(|| {
                    Failure::new(
                        Reason::KeyMismatch(KeyMismatch::Kty),
                        "its modulus is even, so it is no RSA modulus",
                    )
                })
            }
            _ => weak(KeyWeak::RsaExponent, "its public exponent is larger than 33 bits".to_owned()),
        }
    }
}

impl Material {
    /// Returns the key type, or `None` if this build does not support it.
    #[must_use]
    pub fn kty(&self) -> Option<KeyType> {
        Some(match self {
            Self::Hmac(_) => KeyType::Oct,
            Self::Rsa(_) => KeyType::Rsa,
            Self::Ec(_) => KeyType::Ec,
            Self::Ed25519(_) => KeyType::Okp,
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

    /// The `crv` of a JWK, for those types that have one.
    #[must_use]
    pub const fn crv(&self) -> Option<&'static str> {
        match self {
            Self::Ec(key) => Some(key.curve.name()),
            Self::Ed25519(_) => Some("Ed25519"),
            _ => None,
        }
    }

    /// What a person calls it.
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::Hmac(_) => "an HMAC secret".to_owned(),
            Self::Rsa(RsaKey { pss: Some(_), .. }) => "an RSA-PSS key".to_owned(),
            Self::Rsa(_) => "an RSA key".to_owned(),
            Self::Ec(key) => format!("an EC key on {}", key.curve.name()),
            Self::Ed25519(_) => "an Ed25519 key".to_owned(),
            Self::MlDsa(algorithm, _) => format!("an {algorithm} key"),
            Self::Unsupported(foreign) => foreign.name.clone(),
        }
    }

    /// Its size in bits.
    #[must_use]
    pub fn bits(&self) -> usize {
        match self {
            Self::Hmac(secret) => secret.expose().len() * 8,
            Self::Rsa(key) => numbers::bits(&key.n),
            Self::Ec(key) => key.curve.bits(),
            Self::Ed25519(_) => 256,
            Self::MlDsa(_, key) => key.public.len() * 8,
            Self::Unsupported(_) => 0,
        }
    }

    /// The algorithms it can be used with.
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
            Self::Unsupported(_) => &[],
        }
    }

    /// Whether it holds what must stay secret.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        match self {
            Self::Hmac(_) => true,
            Self::Rsa(key) => key.private.is_some(),
            Self::Ec(key) => key.private.is_some(),
            Self::Ed25519(key) | Self::MlDsa(_, key) => key.seed.is_some(),
            Self::Unsupported(foreign) => foreign.is_private,
        }
    }

    /// Without its private half; nothing of a secret, which has no other half.
    #[must_use]
    pub fn public(&self) -> Option<Self> {
        let mut public = self.clone();
        match &mut public {
            Self::Hmac(_) => return None,
            Self::Rsa(key) => key.private = None,
            Self::Ec(key) => key.private = None,
            Self::Ed25519(key) | Self::MlDsa(_, key) => key.seed = None,
            Self::Unsupported(foreign) => foreign.is_private = false,
        }
        Some(public)
    }

    /// Why it is refused whatever it is used for; decided before any token is looked at.
    #[must_use]
    pub fn unusable_reason(&self) -> Option<Failure> {
        match self {
            Self::Hmac(secret) if secret.expose().is_empty() => {
                Some(Failure::new(Reason::KeyEmpty, "the secret is empty"))
            }
            Self::Hmac(secret) => lookalike::key_in(secret.expose()).map(|kind| {
                let detail = format!("the secret holds {kind}, which is no HMAC secret");
                Failure::new(Reason::KeyMismatch(KeyMismatch::Kty), detail)
            }),
            Self::Rsa(key) => key.unusable_reason(),
            Self::Ec(key) => key.unusable_reason(),
            Self::Ed25519(key) => {
                let detail = match key.public.len() {
                    RAW_BYTES => numbers::fault_of_ed25519(&key.public)?.to_owned(),
                    other => format!("its `x` has {other} bytes, and Ed25519 wants {RAW_BYTES}"),
                };
                Some(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
            }
            Self::MlDsa(algorithm, key) => (!provider::is_ml_dsa_key(*algorithm, &key.public)).then(|| {
                let detail = format!("its public half of {} bytes is none of {algorithm}", key.public.len());
                Failure::new(Reason::KeyMismatch(KeyMismatch::Alg), detail)
            }),
            Self::Unsupported(foreign) => Some(Failure::new(foreign.reason.clone(), foreign.detail.clone())),
        }
    }
}
