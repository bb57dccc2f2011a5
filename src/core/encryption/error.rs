//! The errors of encrypted tokens, as facts. Their text is in `error::encryption`.

use super::algorithm::KeyAlgorithm;
use super::compression::CompressionError;
use crate::core::key::jwk::JwkError;
use crate::core::reason::Failure;
use crate::core::token::base64url::Base64urlError;

/// A part of an encrypted token beside its header (RFC 7516 section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwePart {
    /// The encrypted key.
    EncryptedKey,
    /// The initialization vector.
    Iv,
    /// The ciphertext.
    Ciphertext,
    /// The authentication tag.
    Tag,
}

/// A fault of a text that should be an encrypted token. It is found without a key. Names and values from the token are
/// not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JweError {
    /// The serialization or the header is malformed as in any token.
    Form(Failure),
    /// The token has three segments: it is not encrypted.
    NotEncrypted,
    /// A member of the JSON serialization is missing or has the wrong type.
    Member {
        /// The name of the member.
        name: &'static str,
        /// The JSON type that was found, or `None` if the member is missing.
        found: Option<&'static str>,
    },
    /// The JSON serialization has more recipients than this build reads.
    TooManyRecipients {
        /// The number of recipients.
        count: usize,
        /// The largest number accepted.
        maximum: usize,
    },
    /// An object of the token holds a name twice, or two of its headers hold the same name.
    DuplicateMember(String),
    /// A part is not canonical Base64url.
    Base64 {
        /// The part.
        part: JwePart,
        /// The cause.
        error: Base64urlError,
    },
    /// A part has a length that its algorithm never produces.
    Length {
        /// The part.
        part: JwePart,
        /// The length in bytes.
        length: usize,
        /// The only length in bytes that is possible.
        expected: usize,
    },
    /// The ciphertext is not a whole number of blocks, or is empty although the algorithm pads.
    Blocks {
        /// The length in bytes.
        length: usize,
    },
    /// The token needs an encrypted key, but has none.
    NoEncryptedKey,
    /// A header parameter cannot be used.
    Parameter {
        /// The name of the parameter.
        name: &'static str,
        /// The cause.
        fault: ParameterFault,
    },
    /// The header demands an extension (`crit`). None is supported.
    Extension,
    /// The content is compressed with another algorithm than `DEF`.
    Compression(String),
    /// The key management algorithm is not known.
    Algorithm(String),
    /// The content encryption algorithm is not known.
    Content(String),
    /// The ephemeral public key cannot be used.
    EphemeralKey(EphemeralKeyError),
}

/// A fault of a header parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterFault {
    /// It is missing.
    Missing,
    /// It has the wrong JSON type.
    Type {
        /// The JSON type that is needed.
        expected: &'static str,
        /// The JSON type that was found.
        found: &'static str,
    },
    /// It is not canonical Base64url.
    Base64(Base64urlError),
    /// It has another length than its algorithm needs.
    Length {
        /// The length in bytes.
        length: usize,
        /// The length in bytes that is needed.
        expected: usize,
    },
    /// It is shorter than its algorithm allows.
    TooShort {
        /// The length in bytes.
        length: usize,
        /// The smallest length in bytes.
        minimum: usize,
    },
    /// It is not a whole number from 1 to a maximum.
    OutOfRange {
        /// The digits; not yet safe to show.
        value: String,
        /// The largest number accepted.
        maximum: u32,
    },
    /// It adds up to more than a maximum for all recipients of a document.
    Total {
        /// The sum.
        sum: u64,
        /// The largest sum accepted.
        maximum: u32,
    },
    /// It must be the same for every recipient of a document.
    Differs,
    /// It must be in the protected header, but is not (RFC 7516 sections 4.1.3 and 4.1.13).
    Unprotected,
}

/// A fault of the ephemeral public key of a token (RFC 7518 section 4.6.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EphemeralKeyError {
    /// A member of the JWK is missing.
    Missing(&'static str),
    /// A member of the JWK is not canonical Base64url text.
    Member(&'static str),
    /// It holds the private half, too.
    Private,
    /// Its type or its curve is not one for key agreement; not yet safe to show.
    Curve(String),
    /// A coordinate has the wrong length, or the point is not on the curve.
    Point {
        /// The name of the curve.
        curve: &'static str,
    },
}

/// A reason why a key cannot encrypt for, or decrypt, a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyUnfit {
    /// The key has another type than the algorithm needs.
    Type {
        /// A description of the key; not yet safe to show.
        found: String,
        /// The algorithm.
        algorithm: KeyAlgorithm,
    },
    /// The key is on another curve than the ephemeral key of the token.
    Curve {
        /// The curve of the key.
        key: &'static str,
        /// The curve of the token.
        token: &'static str,
    },
    /// The secret has another length than the algorithm needs.
    SecretLength {
        /// The algorithm that needs the length: `alg`, or `enc` for direct encryption.
        algorithm: &'static str,
        /// The length in bytes.
        length: usize,
        /// The length in bytes that is needed.
        expected: usize,
    },
    /// The `alg` of the key names another algorithm.
    Algorithm {
        /// The `alg` of the key; not yet safe to show.
        key: String,
        /// The algorithm of the token.
        token: KeyAlgorithm,
    },
    /// The `use` of the key is not `enc`; not yet safe to show.
    Use(String),
    /// The `key_ops` of the key hold none of the operations that would do.
    Operations {
        /// The operations of the key; not yet safe to show.
        key: Vec<String>,
        /// The operations of which one is needed.
        needed: &'static [&'static str],
    },
    /// The key has no private half.
    NoPrivateHalf,
    /// The private half does not belong to the public half.
    HalvesDiffer,
    /// The key is refused for every use.
    Unusable(Failure),
}

/// A reason why no key could be chosen for a token. Names are not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoDecryptionKey {
    /// No key has the key ID that the token names.
    Named {
        /// The key ID in the token.
        wanted: String,
        /// The key IDs of the set, as a list for people.
        known: String,
    },
    /// The key that the token names cannot be read.
    Unreadable {
        /// The key ID in the token.
        wanted: String,
        /// The cause.
        error: JwkError,
    },
    /// The only key has another key ID than the token names.
    OtherKid {
        /// The key ID in the token.
        wanted: String,
        /// The key ID of the key.
        key: String,
    },
    /// No key of the set fits the algorithm.
    NoneFits(KeyAlgorithm),
    /// Several keys fit, and the token does not tell which is meant.
    Several {
        /// The number of keys.
        count: usize,
        /// The algorithm.
        algorithm: KeyAlgorithm,
        /// The key ID in the token, which all of them have.
        wanted: Option<String>,
    },
}

/// A reason why a token was not decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecryptionError {
    /// The algorithm must be named by the caller, or is not among those named.
    NotAllowed {
        /// The algorithm of the token.
        algorithm: KeyAlgorithm,
        /// The algorithms that the caller named.
        named: Vec<KeyAlgorithm>,
    },
    /// There is no key for the token.
    NoKey(NoDecryptionKey),
    /// The key for the token cannot decrypt it.
    Key(KeyUnfit),
    /// The encrypted key has another length than the RSA key, so it was encrypted for another key.
    OtherRsaSize {
        /// The size of the key in bits.
        key: usize,
        /// The size of the encrypted key in bits.
        token: usize,
    },
    /// The key, the encrypted key, the ciphertext, the padding or the tag is wrong. Nothing tells which (RFC 7516
    /// section 11.5).
    DecryptFailed,
    /// The decrypted content cannot be decompressed.
    Compression(CompressionError),
    /// The operating system provides no randomness.
    NoRandomness,
}

/// A reason why a token was not encrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncryptionError {
    /// Tokens with this algorithm are never made.
    NeverMade(KeyAlgorithm),
    /// No algorithm is the default for the key; the caller must name one.
    NoDefault {
        /// A description of the key; not yet safe to show.
        key: String,
        /// The length of the secret in bytes, if it is one.
        secret: Option<usize>,
    },
    /// The key cannot be used with the algorithm.
    Key(KeyUnfit),
    /// The number of PBES2 iterations is out of range.
    Iterations {
        /// The number.
        count: u32,
        /// The smallest number accepted.
        minimum: u32,
        /// The largest number accepted.
        maximum: u32,
    },
    /// The caller set a header parameter that only the encryption sets.
    Reserved(String),
    /// A header parameter has two values.
    Repeated(String),
    /// The operating system provides no randomness.
    NoRandomness,
    /// The crypto library refuses the operation.
    Refused,
}

impl From<KeyUnfit> for DecryptionError {
    fn from(unfit: KeyUnfit) -> Self {
        Self::Key(unfit)
    }
}

impl From<KeyUnfit> for EncryptionError {
    fn from(unfit: KeyUnfit) -> Self {
        Self::Key(unfit)
    }
}

impl From<Failure> for JweError {
    fn from(failure: Failure) -> Self {
        Self::Form(failure)
    }
}
