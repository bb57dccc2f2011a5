//! The errors of keys in DER. Their text is in `error::key`.

use crate::core::token::algorithm::Curve;

/// A structure that a key in DER is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerStructure {
    /// PrivateKeyInfo (RFC 5958).
    Pkcs8,
    /// SubjectPublicKeyInfo (RFC 5280).
    Spki,
    /// A certificate (RFC 5280).
    X509,
    /// RSAPrivateKey or RSAPublicKey (RFC 8017).
    Pkcs1,
    /// ECPrivateKey (RFC 5915).
    Sec1,
    /// The seed of an Ed25519 key (RFC 8410).
    Ed25519Seed,
    /// The private number of an X25519 key (RFC 8410).
    X25519Key,
    /// The private key of ML-DSA (RFC 9881 section 6).
    MlDsaKey,
    /// The public key of a certificate or a SubjectPublicKeyInfo.
    PublicKey,
}

/// Bytes that are not a key in DER, or not one that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DerError {
    /// The bytes are not DER.
    NotDer,
    /// The DER is neither a key nor a certificate.
    NotAKey,
    /// The DER is a PKCS #12 file (RFC 7292).
    Pkcs12,
    /// A structure does not follow its definition.
    Malformed(DerStructure),
    /// The RSA key has more than two primes.
    TooManyPrimes,
    /// The EC key names no curve.
    NoCurve,
    /// The EC key has explicit curve parameters (RFC 3279 section 2.3.5), which RFC 5480 forbids.
    ExplicitCurve,
    /// The structure around the EC key names another curve than the key itself.
    CurvesDiffer,
    /// The public point is not on the curve.
    PointNotOnCurve(Curve),
    /// The private number is zero, or not smaller than the order of the curve.
    ScalarOutOfRange(Curve),
    /// The private half does not belong to the public half.
    HalvesDiffer,
    /// The seed of an Ed25519 key has the wrong length.
    SeedLength {
        /// The length in bytes.
        length: usize,
        /// The required length in bytes.
        expected: usize,
    },
    /// The expanded key of an ML-DSA key is not that of its seed (RFC 9881 section 6).
    ExpandedKeyDiffers,
    /// The ML-DSA key holds the expanded key alone, without the seed (RFC 9881 section 6).
    NoSeed,
    /// The crypto library refuses the seed of the ML-DSA key.
    SeedRefused,
}
