//! The `alg` names (RFC 7518 section 3.1, RFC 8037, RFC 8812, RFC 9864, ML-DSA for JOSE) and what each asks of a key.

use std::fmt;
use std::str::FromStr;

/// The type of a key, as a JWK names it in `kty` (RFC 7518 section 6.1, RFC 8037, ML-DSA for JOSE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// An RSA key.
    Rsa,
    /// A key on an elliptic curve.
    Ec,
    /// An octet key pair: Ed25519 or X25519 here.
    Okp,
    /// An octet sequence: an HMAC secret.
    Oct,
    /// An algorithm key pair: ML-DSA here.
    Akp,
}

impl KeyType {
    /// Every key type of this build.
    pub const ALL: [Self; 5] = [Self::Rsa, Self::Ec, Self::Okp, Self::Oct, Self::Akp];

    /// Returns the value of `kty`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ec => "EC",
            Self::Okp => "OKP",
            Self::Oct => "oct",
            Self::Akp => "AKP",
        }
    }

    /// Returns the key type that a `kty` names, or `None` for one that this build does not support.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kty| kty.name() == name)
    }
}

/// An elliptic curve for signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// secp256k1 (RFC 8812).
    Secp256k1,
}

impl Curve {
    /// All curves of this build.
    pub const ALL: [Self; 4] = [Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// Returns the name of the curve, as in `crv` of a JWK.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// Returns the size of a coordinate in bits.
    #[must_use]
    pub const fn bits(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// Returns the size of a coordinate in bytes, including leading zeros (RFC 7518 section 6.2.1.2).
    #[must_use]
    pub const fn bytes(self) -> usize {
        self.bits().div_ceil(8)
    }

    /// Returns the algorithm of the curve. Each curve has exactly one.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 => Algorithm::Es256,
            Self::P384 => Algorithm::Es384,
            Self::P521 => Algorithm::Es512,
            Self::Secp256k1 => Algorithm::Es256K,
        }
    }

    /// Reports whether a test accepts the name of this curve in a JWK, or one of its other names (SEC 2, ANSI X9.62).
    #[must_use]
    pub fn has_name(self, is_name: impl Fn(&str) -> bool) -> bool {
        let others: &[&str] = match self {
            Self::P256 => &["P256", "secp256r1", "prime256v1"],
            Self::P384 => &["P384", "secp384r1"],
            Self::P521 => &["P521", "secp521r1"],
            Self::Secp256k1 => &[],
        };
        is_name(self.name()) || others.iter().any(|name| is_name(name))
    }
}

impl FromStr for Curve {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|curve| curve.name() == name).ok_or(())
    }
}

/// Makes the enum and its table of one list, so that no algorithm can lack a property.
macro_rules! algorithms {
    ($($(#[doc = $doc:literal])+ $algorithm:ident = $name:literal, $kty:ident, $bytes:expr, $description:literal;)+) => {
        /// A signature algorithm that this build can sign and verify with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Algorithm {
            $($(#[doc = $doc])+ $algorithm,)+
        }

        impl Algorithm {
            /// All algorithms of this build.
            pub const ALL: &[Self] = &[$(Self::$algorithm),+];

            /// Returns the registered name, as in `alg`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$algorithm => $name,)+ }
            }

            /// Returns the algorithm in words.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$algorithm => $description,)+ }
            }

            /// Returns the type of key that the algorithm needs.
            #[must_use]
            pub const fn kty(self) -> KeyType {
                match self { $(Self::$algorithm => KeyType::$kty,)+ }
            }

            /// Returns the size of a signature in bytes, or `None` if it depends on the key. An ECDSA signature is two
            /// integers of full length (RFC 7518 section 3.4); an RSA signature is as long as its modulus.
            #[must_use]
            pub const fn signature_bytes(self) -> Option<usize> {
                match self { $(Self::$algorithm => $bytes,)+ }
            }
        }
    };
}

// The name, the type of key, the size of a signature and the description of each algorithm.
algorithms! {
    /// HMAC with SHA-256.
    Hs256 = "HS256", Oct, Some(32), "HMAC with SHA-256";
    /// HMAC with SHA-384.
    Hs384 = "HS384", Oct, Some(48), "HMAC with SHA-384";
    /// HMAC with SHA-512.
    Hs512 = "HS512", Oct, Some(64), "HMAC with SHA-512";
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256 = "RS256", Rsa, None, "RSA (PKCS #1 v1.5) with SHA-256";
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384 = "RS384", Rsa, None, "RSA (PKCS #1 v1.5) with SHA-384";
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512 = "RS512", Rsa, None, "RSA (PKCS #1 v1.5) with SHA-512";
    /// RSASSA-PSS with SHA-256.
    Ps256 = "PS256", Rsa, None, "RSA-PSS with SHA-256";
    /// RSASSA-PSS with SHA-384.
    Ps384 = "PS384", Rsa, None, "RSA-PSS with SHA-384";
    /// RSASSA-PSS with SHA-512.
    Ps512 = "PS512", Rsa, None, "RSA-PSS with SHA-512";
    /// ECDSA on P-256 with SHA-256.
    Es256 = "ES256", Ec, Some(64), "ECDSA on P-256 with SHA-256";
    /// ECDSA on P-384 with SHA-384.
    Es384 = "ES384", Ec, Some(96), "ECDSA on P-384 with SHA-384";
    /// ECDSA on P-521 with SHA-512.
    Es512 = "ES512", Ec, Some(132), "ECDSA on P-521 with SHA-512";
    /// ECDSA on secp256k1 with SHA-256 (RFC 8812).
    Es256K = "ES256K", Ec, Some(64), "ECDSA on secp256k1 with SHA-256";
    /// EdDSA, with Ed25519 alone in this build (RFC 8037).
    EdDsa = "EdDSA", Okp, Some(64), "EdDSA on Ed25519";
    /// Ed25519 by its own name (RFC 9864); the same signature as [`EdDsa`](Self::EdDsa).
    Ed25519 = "Ed25519", Okp, Some(64), "EdDSA on Ed25519, by the name of its curve";
    /// ML-DSA-44 (FIPS 204).
    MlDsa44 = "ML-DSA-44", Akp, Some(2420), "module-lattice signature (FIPS 204)";
    /// ML-DSA-65 (FIPS 204).
    MlDsa65 = "ML-DSA-65", Akp, Some(3309), "module-lattice signature (FIPS 204)";
    /// ML-DSA-87 (FIPS 204).
    MlDsa87 = "ML-DSA-87", Akp, Some(4627), "module-lattice signature (FIPS 204)";
}

/// The meaning of an `alg` value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlgName {
    /// `none`, in any letter case: no signature.
    None,
    /// An algorithm of this build.
    Known(Algorithm),
    /// Any other name.
    Unknown,
}

impl AlgName {
    /// Parses the value of `alg`. Names are case-sensitive (RFC 7515 section 4.1.1), but `none` is recognized in any letter
    /// case, so that no spelling of it passes as an unknown algorithm (RFC 8725 section 3.2).
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if name.eq_ignore_ascii_case("none") {
            return Self::None;
        }
        name.parse().map_or(Self::Unknown, Self::Known)
    }
}

impl Algorithm {
    /// The algorithms for a secret.
    pub const HMAC: &[Self] = &[Self::Hs256, Self::Hs384, Self::Hs512];

    /// The algorithms for an RSA key.
    pub const RSA: &[Self] = &[Self::Rs256, Self::Rs384, Self::Rs512, Self::Ps256, Self::Ps384, Self::Ps512];

    /// The algorithms for an Ed25519 key: two names of one signature.
    pub const ED25519: &[Self] = &[Self::EdDsa, Self::Ed25519];

    /// The algorithms for an ML-DSA key.
    pub const ML_DSA: &[Self] = &[Self::MlDsa44, Self::MlDsa65, Self::MlDsa87];

    /// Returns the size of an HMAC in bytes, which is also the minimum size of its key (RFC 7518 section 3.2).
    #[must_use]
    pub const fn mac_bytes(self) -> Option<usize> {
        if matches!(self.kty(), KeyType::Oct) { self.signature_bytes() } else { None }
    }

    /// Returns the size in bytes of the SHA-2 digest that is signed. Returns `None` if the algorithm needs the whole message
    /// at once (RFC 8032 section 5.1, FIPS 204).
    #[must_use]
    pub const fn digest_bytes(self) -> Option<usize> {
        match self {
            Self::Hs256 | Self::Rs256 | Self::Ps256 | Self::Es256 | Self::Es256K => Some(32),
            Self::Hs384 | Self::Rs384 | Self::Ps384 | Self::Es384 => Some(48),
            Self::Hs512 | Self::Rs512 | Self::Ps512 | Self::Es512 => Some(64),
            Self::EdDsa | Self::Ed25519 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => None,
        }
    }

    /// Reports whether two names stand for the same signature.
    #[must_use]
    pub fn same_signature(self, other: Self) -> bool {
        self == other || (Self::ED25519.contains(&self) && Self::ED25519.contains(&other))
    }
}

/// A name that is not an algorithm of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlgorithmError;

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(name: &str) -> Result<Self, AlgorithmError> {
        Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name).ok_or(AlgorithmError)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Returns the names as a list: `HS256, HS384`.
#[must_use]
pub fn list(algorithms: &[Algorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognizes_none_in_any_letter_case() {
        for name in ["none", "None", "NONE", "nOnE"] {
            assert_eq!(AlgName::parse(name), AlgName::None);
        }
        assert_eq!(AlgName::parse("n\u{43e}ne"), AlgName::Unknown);
    }

    #[test]
    fn compares_names_by_case() {
        assert_eq!(AlgName::parse("HS256"), AlgName::Known(Algorithm::Hs256));
        assert_eq!(AlgName::parse("hs256"), AlgName::Unknown);
        assert_eq!(AlgName::parse("EdDSA"), AlgName::Known(Algorithm::EdDsa));
        assert_eq!(AlgName::parse("Ed448"), AlgName::Unknown);
    }

    #[test]
    fn every_name_parses_to_its_algorithm() {
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.name().parse(), Ok(*algorithm));
        }
    }

    #[test]
    fn both_names_of_ed25519_are_one_signature() {
        assert!(Algorithm::EdDsa.same_signature(Algorithm::Ed25519));
        assert!(!Algorithm::EdDsa.same_signature(Algorithm::Es256));
    }
}
