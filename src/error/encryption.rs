//! The text of errors in reading, decrypting and making encrypted tokens.

use crate::core::encryption::CompressionError;
use crate::core::encryption::algorithm::KeyAlgorithm;
use crate::core::encryption::error::{
    DecryptionError, EncryptionError, EphemeralKeyError, JweError, JwePart, KeyUnfit, NoDecryptionKey,
    ParameterFault,
};
use crate::core::encryption::new_key::NewKeyError;
use crate::core::encryption::session_cookie::CookieError;
use crate::core::text::escape::excerpt;
use std::fmt;

/// Returns the names as a list: `RSA1_5, dir`.
fn list(algorithms: &[KeyAlgorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for JwePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EncryptedKey => "encrypted key",
            Self::Iv => "initialization vector",
            Self::Ciphertext => "ciphertext",
            Self::Tag => "authentication tag",
        })
    }
}

impl fmt::Display for JweError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(failure) => f.write_str(&failure.detail),
            Self::NotEncrypted => f.write_str("three segments: signed, not encrypted"),
            Self::Member { name, found: None } => write!(f, "the JSON serialization has no `{name}`"),
            Self::Member { name, found: Some(found) } => {
                write!(f, "`{name}` of the JSON serialization is {found}")
            }
            Self::TooManyRecipients { count, maximum } => {
                write!(f, "the token has {count} recipients, but the maximum is {maximum}")
            }
            Self::DuplicateMember(name) => {
                write!(f, "the token has the member {} more than once", excerpt(name))
            }
            Self::Base64 { part, error } => write!(f, "the {part} is not Base64url: {error}"),
            Self::Length { part: JwePart::EncryptedKey, length, expected: 0 } => {
                write!(f, "the encrypted key has {length} bytes, but this algorithm has no encrypted key")
            }
            Self::Length { part, length, expected } => {
                write!(f, "the {part} has {length} bytes, but its algorithm needs {expected}")
            }
            Self::Blocks { length } => {
                write!(f, "the ciphertext has {length} bytes, which are not whole blocks of 16 bytes")
            }
            Self::NoEncryptedKey => f.write_str("the encrypted key is empty"),
            Self::Parameter { name, fault } => write!(f, "`{name}` {fault}"),
            Self::Extension => f.write_str("the header demands an extension (`crit`), but none is supported"),
            Self::Compression(name) => {
                write!(f, "`zip` is `{}`, but only `DEF` is known", excerpt(name))
            }
            Self::Algorithm(name) => {
                write!(f, "unknown key management algorithm `{}`", excerpt(name))
            }
            Self::Content(name) => write!(f, "unknown content encryption algorithm `{}`", excerpt(name)),
            Self::EphemeralKey(error) => write!(f, "the ephemeral key `epk` {error}"),
        }
    }
}

impl std::error::Error for JweError {}

impl fmt::Display for ParameterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is missing in the header"),
            Self::Type { expected, found } => write!(f, "is {found}, not {expected}"),
            Self::Base64(error) => write!(f, "is not Base64url: {error}"),
            Self::Length { length, expected } => write!(f, "has {length} bytes, but needs {expected}"),
            Self::TooShort { length, minimum } => {
                write!(f, "has {length} bytes, but the minimum is {minimum}")
            }
            Self::OutOfRange { value, maximum } => {
                write!(f, "is {}, not a whole number from 1 to {maximum}", excerpt(value))
            }
            Self::Total { sum, maximum } => {
                write!(f, "is {sum} for all recipients together, but the maximum is {maximum}")
            }
            Self::Differs => f.write_str("is not the same for every recipient"),
            Self::Unprotected => f.write_str("is in an unprotected header"),
        }
    }
}

impl fmt::Display for EphemeralKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "has no `{name}`"),
            Self::Member(name) => write!(f, "has a `{name}` that is not Base64url text"),
            Self::Private => f.write_str("has a private half, which must not be sent"),
            Self::Curve(name) => {
                write!(f, "is on `{}`, which is not a curve for key agreement here", excerpt(name))
            }
            Self::Point { curve } => write!(f, "is not a point on {curve}"),
        }
    }
}

impl fmt::Display for KeyUnfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type { found, algorithm } => write!(f, "{algorithm} does not work with {}", excerpt(found)),
            Self::Curve { key, token } => {
                write!(f, "the key is on {key}, but the ephemeral key of the token is on {token}")
            }
            Self::SecretLength { algorithm, length, expected } => {
                write!(f, "the shared key has {length} bytes, but {algorithm} needs {expected}")
            }
            Self::Algorithm { key, token } => write!(f, "its `alg` is `{}`, not {token}", excerpt(key)),
            Self::Use(usage) => write!(f, "its `use` is `{}`, not `enc`", excerpt(usage)),
            Self::Operations { key, needed } => {
                let named = if key.is_empty() { "empty".to_owned() } else { excerpt(&key.join(", ")) };
                write!(f, "its `key_ops` are {named}, without {}", needed.join(" or "))
            }
            Self::NoPrivateHalf => f.write_str("the key is public: it can encrypt, but not decrypt"),
            Self::HalvesDiffer => f.write_str("the private half of the key does not match its public half"),
            Self::Unusable(failure) => f.write_str(&failure.detail),
        }
    }
}

impl std::error::Error for KeyUnfit {}

impl fmt::Display for NoDecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named { wanted, known } => {
                write!(f, "the token asks for the key `{}`, but the set has {known}", excerpt(wanted))
            }
            Self::Unreadable { wanted, error } => {
                write!(f, "the key `{}` of the set cannot be read: {error}", excerpt(wanted))
            }
            Self::OtherKid { wanted, key } => {
                let (wanted, key) = (excerpt(wanted), excerpt(key));
                write!(f, "the token asks for the key `{wanted}`, but this one is `{key}`")
            }
            Self::NoneFits(algorithm) => write!(f, "no key of the set can decrypt {algorithm}"),
            Self::Several { count, algorithm, wanted: None } => {
                write!(f, "{count} keys of the set can decrypt {algorithm}, but the token names none")
            }
            Self::Several { count, algorithm, wanted: Some(wanted) } => {
                write!(f, "{count} keys named `{}` can decrypt {algorithm}", excerpt(wanted))
            }
        }
    }
}

impl std::error::Error for NoDecryptionKey {}

impl fmt::Display for CompressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => {
                write!(f, "the decompressed content is longer than the limit of {limit} bytes")
            }
            Self::Invalid => f.write_str("the decrypted content is not a complete DEFLATE stream"),
        }
    }
}

impl std::error::Error for CompressionError {}

impl fmt::Display for DecryptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed { algorithm, named } => match named.as_slice() {
                [] => write!(f, "{algorithm} is not allowed unless --decrypt-alg names it"),
                named => {
                    write!(
                        f,
                        "{algorithm} is not among the algorithms that --decrypt-alg names: {}",
                        list(named)
                    )
                }
            },
            Self::NoKey(cause) => cause.fmt(f),
            Self::Key(unfit) => unfit.fmt(f),
            Self::OtherRsaSize { key, token } => {
                write!(f, "the token was encrypted for an RSA key of {token} bits, but this one has {key}")
            }
            Self::DecryptFailed => {
                f.write_str("the token does not decrypt: the key is wrong, or the token was changed")
            }
            Self::Compression(cause) => cause.fmt(f),
            Self::NoRandomness => f.write_str("the operating system provides no randomness"),
        }
    }
}

impl std::error::Error for DecryptionError {}

impl fmt::Display for EncryptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NeverMade(algorithm) => {
                write!(f, "tokens with {algorithm} are not made: it is not secure (RFC 8725 section 3.2)")
            }
            Self::NoDefault { key, secret: Some(bytes) } => {
                write!(f, "{} of {bytes} bytes fits no content encryption", excerpt(key))
            }
            Self::NoDefault { key, secret: None } => {
                write!(f, "this build has no algorithm that encrypts with {}", excerpt(key))
            }
            Self::Key(unfit) => unfit.fmt(f),
            Self::Iterations { count, minimum, maximum } => {
                write!(f, "{count} iterations are not between {minimum} and {maximum}")
            }
            Self::Reserved(name) => {
                write!(f, "the header parameter `{}` is set by the encryption", excerpt(name))
            }
            Self::Repeated(name) => write!(f, "the header parameter `{}` has two values", excerpt(name)),
            Self::NoRandomness => f.write_str("the operating system provides no randomness"),
            Self::Refused => f.write_str("the crypto library refuses the key"),
        }
    }
}

impl std::error::Error for EncryptionError {}

impl fmt::Display for CookieError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherAlgorithms { algorithm, content } => {
                write!(
                    f,
                    "{algorithm} with {content} is not the encryption of an Auth.js or NextAuth.js cookie"
                )
            }
            Self::OtherKey { name: Some(name) } => write!(
                f,
                "the `kid` of the token does not fit this secret and the cookie name `{}`",
                excerpt(name)
            ),
            Self::OtherKey { name: None } => {
                f.write_str("the `kid` of the token does not fit this secret and the usual cookie names")
            }
            Self::Decryption(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for CookieError {}

impl fmt::Display for NewKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSize => f.write_str("a key for dir is as long as its content encryption needs"),
            Self::Password(algorithm) => {
                write!(f, "the key for {algorithm} is a password, which is not generated")
            }
            Self::NeverMade(algorithm) => {
                write!(f, "keys for {algorithm} are not made: it is not secure (RFC 8725 section 3.2)")
            }
            Self::NotDerivable(algorithm) => {
                write!(f, "a key for {algorithm} cannot be derived from a seed")
            }
            Self::Key(cause) => cause.fmt(f),
        }
    }
}

impl std::error::Error for NewKeyError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::encryption::algorithm::ContentAlgorithm;

    #[test]
    fn errors_name_both_sides_of_a_comparison() {
        for (text, wanted) in [
            (
                KeyUnfit::SecretLength { algorithm: "A256CBC-HS512", length: 32, expected: 64 }.to_string(),
                "the shared key has 32 bytes, but A256CBC-HS512 needs 64",
            ),
            (
                KeyUnfit::Curve { key: "P-256", token: "X25519" }.to_string(),
                "the key is on P-256, but the ephemeral key of the token is on X25519",
            ),
            (
                KeyUnfit::Operations { key: vec!["sign".into()], needed: &["unwrapKey", "decrypt"] }
                    .to_string(),
                "its `key_ops` are sign, without unwrapKey or decrypt",
            ),
            (
                DecryptionError::OtherRsaSize { key: 3072, token: 2048 }.to_string(),
                "the token was encrypted for an RSA key of 2048 bits, but this one has 3072",
            ),
            (
                DecryptionError::NotAllowed {
                    algorithm: KeyAlgorithm::Rsa1_5,
                    named: vec![KeyAlgorithm::Dir, KeyAlgorithm::EcdhEs],
                }
                .to_string(),
                "RSA1_5 is not among the algorithms that --decrypt-alg names: dir, ECDH-ES",
            ),
            (
                JweError::Parameter {
                    name: "p2c",
                    fault: ParameterFault::OutOfRange { value: "2000000".into(), maximum: 1_000_000 },
                }
                .to_string(),
                "`p2c` is 2000000, not a whole number from 1 to 1000000",
            ),
            (
                JweError::Length { part: JwePart::EncryptedKey, length: 40, expected: 0 }.to_string(),
                "the encrypted key has 40 bytes, but this algorithm has no encrypted key",
            ),
            (
                JweError::EphemeralKey(EphemeralKeyError::Point { curve: "P-256" }).to_string(),
                "the ephemeral key `epk` is not a point on P-256",
            ),
            (
                CookieError::OtherAlgorithms {
                    algorithm: KeyAlgorithm::Dir,
                    content: ContentAlgorithm::A128Gcm,
                }
                .to_string(),
                "dir with A128GCM is not the encryption of an Auth.js or NextAuth.js cookie",
            ),
        ] {
            assert_eq!(text, wanted);
        }
    }
}
