//! The text and hints of errors in reading, choosing and using keys.

use super::{CommandError, ErrorKind};
use crate::core::key::KeyError;
use crate::core::key::der::{DerError, DerStructure, UnlockError, UnsupportedScheme};
use crate::core::key::file::{KeyFileError, SshKeyType};
use crate::core::key::jwk::JwkError;
use crate::core::key::openssh::OpenSshError;
use crate::core::key::pem::PemError;
use crate::core::key::ring::KeySelectionError;
use crate::core::key::secret::SecretError;
use crate::core::key::shape::KeyFileShape;
use crate::core::text::escape::excerpt;
use std::fmt;

/// The hint on an encrypted OpenSSH private key.
pub(super) const DECRYPT_OPENSSH: &str =
    "copy the file, and remove the password of the copy with `ssh-keygen -p -N '' -f COPY`";

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongAlgorithm(algorithm) => write!(f, "the key cannot be used with {algorithm}"),
            Self::NoPrivateHalf => f.write_str("the key has no private half"),
            Self::HalvesDiffer => f.write_str("the private half of the key does not match its public half"),
            Self::RsaSize { bits } => write!(f, "no RSA key of {bits} bits can be generated"),
            Self::NotDerivable(algorithm) => {
                write!(f, "a key for {algorithm} cannot be derived from a seed")
            }
            Self::NoRandomness => f.write_str("the operating system provides no randomness for a key"),
            Self::Refused => f.write_str("the crypto library refuses the key"),
        }
    }
}

impl std::error::Error for KeyError {}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> Self {
        Self::new(ErrorKind::Unjudged, error)
    }
}

impl fmt::Display for DerStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pkcs8 => "PKCS #8 structure",
            Self::Spki => "SubjectPublicKeyInfo structure",
            Self::X509 => "X.509 structure",
            Self::Pkcs1 => "PKCS #1 structure",
            Self::Sec1 => "SEC 1 structure",
            Self::Ed25519Seed => "Ed25519 seed",
            Self::X25519Key => "X25519 private key",
            Self::MlDsaKey => "ML-DSA private key",
            Self::PublicKey => "public key",
        })
    }
}

impl fmt::Display for DerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDer => f.write_str("it is not DER"),
            Self::NotAKey => f.write_str("it is DER, but neither a key nor a certificate"),
            Self::Pkcs12 => f.write_str("it is a PKCS #12 file"),
            Self::Malformed(structure) => write!(f, "its {structure} is malformed"),
            Self::TooManyPrimes => f.write_str("it has more than two primes"),
            Self::NoCurve => f.write_str("it names no curve"),
            Self::ExplicitCurve => f.write_str("it has explicit curve parameters instead of a named curve"),
            Self::CurvesDiffer => f.write_str("it names two curves that differ"),
            Self::PointNotOnCurve(curve) => write!(f, "its public point is not on {}", curve.name()),
            Self::ScalarOutOfRange(curve) => {
                write!(f, "its private number is out of range for {}", curve.name())
            }
            Self::HalvesDiffer => f.write_str("its private half does not match its public half"),
            Self::SeedLength { length, expected } => {
                write!(f, "its Ed25519 seed has {length} bytes, but needs {expected}")
            }
            Self::ExpandedKeyDiffers => f.write_str("its expanded key is not that of its seed"),
            Self::NoSeed => f.write_str("it has only the expanded key, not the seed"),
            Self::SeedRefused => f.write_str("the crypto library refuses its seed"),
        }
    }
}

impl std::error::Error for DerError {}

impl DerError {
    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::ExplicitCurve => {
                Some("`openssl ec -in OLD -param_enc named_curve -out NEW` writes it with a named curve")
            }
            Self::Pkcs12 => Some("`openssl pkcs12 -in OLD -nodes -out NEW.pem` extracts the key"),
            _ => None,
        }
    }
}

impl fmt::Display for PemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken => f.write_str("its PEM is broken: a line or the END line is missing"),
            Self::OpenSsh(OpenSshError::Encrypted) => {
                f.write_str("it is an OpenSSH private key encrypted with a password")
            }
            Self::OpenSsh(OpenSshError::Malformed) => f.write_str("its OpenSSH private key is malformed"),
            Self::OpenSsh(OpenSshError::HalvesDiffer) => DerError::HalvesDiffer.fmt(f),
            Self::OpenSsh(OpenSshError::KeyType) => {
                f.write_str("it is an OpenSSH private key of a type that cannot sign JWTs")
            }
            Self::TraditionalEncryption => {
                f.write_str("it is encrypted in OpenSSL's traditional format, which derives the key with MD5")
            }
            Self::Block { label, error } => write!(f, "the block {}: {error}", excerpt(label)),
            Self::NoKey { labels } => {
                let labels: Vec<_> = labels.iter().map(|label| excerpt(label)).collect();
                write!(f, "its PEM holds no key, only: {}", labels.join(", "))
            }
        }
    }
}

impl std::error::Error for PemError {}

impl PemError {
    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OpenSsh(OpenSshError::Encrypted) => Some(DECRYPT_OPENSSH),
            Self::TraditionalEncryption => {
                Some("`openssl pkcs8 -topk8 -in OLD -out NEW` writes it in a supported format")
            }
            Self::Block { error, .. } => error.hint(),
            Self::Broken | Self::OpenSsh(_) | Self::NoKey { .. } => None,
        }
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::SshPublicKey(SshKeyType::Other) => {
                f.write_str("it is an SSH public key of a type that verifies no JWT")
            }
            Self::SshPublicKey(_) => f.write_str("it is an SSH public key"),
            Self::UnknownForm => f.write_str("it is not PEM, DER, a JWK or a JWK Set"),
            Self::Shape(shape) => shape.fmt(f),
            Self::Der(error) => error.fmt(f),
            Self::Pem(error) => error.fmt(f),
            Self::Json(error) => write!(f, "it begins like JSON, but is {error}"),
            Self::DuplicateMember(pointer) => write!(f, "its JSON names {} twice", excerpt(pointer)),
            Self::NotAJwk => f.write_str("its JSON is neither a JWK (no `kty`) nor a JWK Set (no `keys`)"),
            Self::Jwk(error) => write!(f, "its JWK is invalid: {error}"),
            Self::KeysNotAnArray { found } => {
                write!(f, "the `keys` of its JWK Set are {found}, not an array")
            }
        }
    }
}

impl std::error::Error for KeyFileError {}

impl KeyFileError {
    /// Returns what the user can do about it.
    pub(crate) const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::SshPublicKey(SshKeyType::RsaOrEcdsa) => {
                Some("`ssh-keygen -e -m PKCS8 -f KEY.pub` writes it as PEM")
            }
            Self::SshPublicKey(SshKeyType::Ed25519) => {
                Some("`fob key show KEY --public` writes the public half of the private key KEY as a JWK")
            }
            Self::UnknownForm => Some("give an HMAC secret with --secret-file, --secret-env or --secret"),
            Self::Shape(shape) => shape.hint(),
            Self::Der(error) => error.hint(),
            Self::Pem(error) => error.hint(),
            _ => None,
        }
    }
}

impl fmt::Display for KeyFileShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Html => f.write_str("it is a web page (HTML)"),
            Self::Xml => f.write_str("it is XML"),
            Self::JavaKeystore => f.write_str("it is a Java keystore"),
            Self::Ssh2 => f.write_str("it is an SSH public key in the form of RFC 4716"),
            Self::Hyphens => {
                f.write_str("its BEGIN and END lines need five hyphens (`-----`) on each side of the label")
            }
            Self::KeysByUrl { member, url } => {
                write!(f, "it holds no key, but its `{member}` is the URL of keys: {}", excerpt(url))
            }
            Self::Secrets { in_json: true } => KeyFileError::NotAJwk.fmt(f),
            Self::Token => f.write_str("it is a token, not a key"),
            Self::HexKey => f.write_str("it is a key in hexadecimal digits"),
            Self::Named => {
                f.write_str("it is not PEM, DER, a JWK or a JWK Set: a name stands before its value")
            }
            Self::NoSecret | Self::Secrets { in_json: false } => {
                f.write_str("it is not PEM, DER, a JWK or a JWK Set")
            }
        }
    }
}

impl KeyFileShape {
    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::JavaKeystore => Some(
                "`keytool -importkeystore -srckeystore OLD -destkeystore NEW.p12 -deststoretype PKCS12`, then `openssl pkcs12 -in NEW.p12 -nodes -out NEW.pem`",
            ),
            Self::Ssh2 => Some(
                "`ssh-keygen -i -f OLD >NEW.pub`, then `ssh-keygen -e -m PKCS8 -f NEW.pub` writes it as PEM",
            ),
            Self::Hyphens => Some("write each of these lines as `-----BEGIN …-----` or `-----END …-----`"),
            Self::KeysByUrl { member, .. } => match member.as_bytes() {
                b"jwks_uri" => Some("use --issuer-keys with its `issuer`, or --key with its `jwks_uri`"),
                _ => Some("use --key with this URL"),
            },
            Self::Secrets { .. } => Some(
                "--key takes no HMAC secrets: --secret-file takes a file of one secret; given a file of several, `fob verify` \
                 names the one that fits",
            ),
            Self::HexKey => Some("`xxd -r -p OLD NEW` writes its bytes"),
            Self::Named => Some("give the value alone, without the name and the `=` before it"),
            Self::Html | Self::Xml | Self::Token | Self::NoSecret => None,
        }
    }
}

impl fmt::Display for JwkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnObject { found } => write!(f, "a JWK is an object, but this is {found}"),
            Self::Missing(member) => write!(f, "it has no `{member}`"),
            Self::NotAString { member, found } => write!(f, "its `{member}` is {found}, not a string"),
            Self::NotBase64url { member, error } => write!(f, "its `{member}` is not Base64url: {error}"),
            Self::StandardAlphabet { member } => {
                write!(
                    f,
                    "its `{member}` is in the standard Base64 alphabet (`+`, `/`), but a JWK needs Base64url (`-`, `_`)"
                )
            }
            Self::NoCertificate => f.write_str("its `x5c` holds no certificate"),
            Self::Certificate(error) => write!(f, "the certificate in its `x5c`: {error}"),
            Self::CertificateType { expected, found } => {
                write!(
                    f,
                    "its `kty` is {}, but the certificate in its `x5c` holds {}",
                    excerpt(expected),
                    excerpt(found)
                )
            }
            Self::OtherCertificate { member: "x5c" } => {
                f.write_str("the certificate in its `x5c` holds another key")
            }
            Self::OtherCertificate { member } => {
                write!(f, "its `{member}` is not the digest of the certificate in its `x5c`")
            }
            Self::Length { member, length, expected } => {
                write!(f, "its `{member}` has {length} bytes, but needs {expected}")
            }
            Self::KeyOpsNotAnArray { found } => write!(f, "its `key_ops` is {found}, not an array"),
            Self::KeyOpNotAString => f.write_str("its `key_ops` has items that are not strings"),
            Self::TooManyKeyOps { count, maximum } => {
                write!(f, "its `key_ops` has {count} items, but the maximum is {maximum}")
            }
            Self::DuplicateKeyOp(operation) => {
                write!(f, "its `key_ops` names {} twice", excerpt(operation))
            }
            Self::TooManyPrimes => f.write_str("it has more than two primes"),
            Self::InconsistentExponent => f.write_str("its `d` does not match its `n` and `e`"),
            Self::IncompleteRsa => {
                f.write_str("it has some of `d`, `p`, `q`, `dp`, `dq` and `qi`, but not all")
            }
        }
    }
}

impl std::error::Error for JwkError {}

impl fmt::Display for UnsupportedScheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "an unknown scheme, or one as old as PBES1",
            Self::Pbes1 => "PBES1, which is broken",
            Self::InvalidParameters => "a key derivation function with invalid parameters",
            Self::TooExpensive => "a key derivation function that would take too long or too much memory",
            Self::Other(what) => what,
        })
    }
}

impl fmt::Display for UnlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongPassword => f.write_str("the password is wrong"),
            Self::Scheme(scheme) => write!(f, "the key is encrypted with {scheme}, which is not supported"),
            Self::Content(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UnlockError {}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotBase64 => "the secret is not Base64",
            Self::NotBase64url => "the secret is not Base64url",
            Self::NotHex => "the secret is not an even number of hexadecimal digits",
        })
    }
}

impl std::error::Error for SecretError {}

impl fmt::Display for KeySelectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNamingClaim { claim } => {
                write!(f, "the token has no claim `{claim}` that could name a key")
            }
            Self::NoKeyNamed { kid } => write!(f, "no key is named `{}`", excerpt(kid)),
            Self::NoneCanSign { source, algorithm: Some(algorithm) } => {
                write!(f, "no key of {source} can sign with {algorithm}")
            }
            Self::NoneCanSign { source, algorithm: None } => write!(f, "no key of {source} can sign"),
            Self::Several { source, names } => write!(f, "several keys of {source} could sign: {names}"),
        }
    }
}

impl std::error::Error for KeySelectionError {}
