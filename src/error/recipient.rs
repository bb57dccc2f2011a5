//! The text and hints of errors in loading and choosing the key that new tokens are encrypted for.

use super::{CommandError, ErrorKind};
use crate::core::encryption::algorithm::KeyAlgorithm;
use crate::core::encryption::error::{EncryptionError, KeyUnfit};
use crate::core::encryption::recipient::{Alternative, RecipientError};
use crate::core::key::file::KeyFileError;
use crate::core::key::shape::KeyFileShape;
use crate::core::text::escape::{Shown, excerpt};
use crate::keys::{KeyLoadError, RecipientKeyError};
use std::fmt;

impl fmt::Display for RecipientKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            KeyLoadError::TextAsPath(_) => f.write_str("--encrypt-for takes the path of a key, not its text"),
            KeyLoadError::NoKeyFile { .. } => f.write_str(
                "--encrypt-for names no file (its argument is not shown, since it may be a secret)",
            ),
            KeyLoadError::NoSecretFile => f.write_str(
                "--encrypt-secret-file names no file (its argument is not shown, since it may be a secret)",
            ),
            KeyLoadError::TokenAsPath { .. } => {
                f.write_str("--encrypt-for takes the path of a key, but its argument is a token (not shown)")
            }
            KeyLoadError::SecretVariableNotSet { name: None } => {
                f.write_str("the environment variable named with --encrypt-secret-env is not set")
            }
            other => other.fmt(f),
        }
    }
}

impl std::error::Error for RecipientKeyError {}

impl From<RecipientKeyError> for CommandError {
    fn from(error: RecipientKeyError) -> Self {
        let hint = match &error.0 {
            KeyLoadError::TextAsPath(_) => Some("write the key to a file"),
            KeyLoadError::NoKeyFile { may_be_secret: false } => Some("--encrypt-for takes the path of a key"),
            KeyLoadError::NoKeyFile { may_be_secret: true } => Some(
                "--encrypt-for takes the path of a key; for a shared key as text, use --encrypt-secret-file or --encrypt-secret-env",
            ),
            KeyLoadError::NoSecretFile => Some(
                "--encrypt-secret-file takes the path of a file; for a shared key in a variable, use --encrypt-secret-env",
            ),
            KeyLoadError::TokenAsPath { .. } => {
                Some("write --encrypt-for PATH, with the path of a public key")
            }
            KeyLoadError::SecretVariableNotSet { name: None } => {
                Some("--encrypt-secret-env takes the name of a variable")
            }
            KeyLoadError::SecretFormat(_) => Some(
                "set the encoding of the secret with --encrypt-secret-format text, base64, base64url, hex or raw",
            ),
            KeyLoadError::SecretVariableNotSet { name: Some(name) } => {
                let hint = format!("set it with `export {name}=…`, or use --encrypt-secret-file");
                return Self::new(ErrorKind::Unjudged, error).with_hint(hint);
            }
            KeyLoadError::Unusable {
                error: KeyFileError::UnknownForm | KeyFileError::Shape(KeyFileShape::Secrets { .. }),
                ..
            } => Some("for a shared key as text, use --encrypt-secret-file or --encrypt-secret-env"),
            KeyLoadError::Unusable {
                error: KeyFileError::Shape(KeyFileShape::KeysByUrl { member, .. }),
                ..
            } => Some(match member.as_bytes() {
                b"jwks_uri" => "use --encrypt-for with its `jwks_uri`",
                _ => "use --encrypt-for with this URL",
            }),
            // The texts and hints of all others name no option of another key.
            _ => return error.0.into(),
        };
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

impl fmt::Display for RecipientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // These say nothing about the key.
            Self::Key {
                error:
                    error @ (EncryptionError::NeverMade(_)
                    | EncryptionError::Reserved(_)
                    | EncryptionError::Repeated(_)),
                ..
            } => error.fmt(f),
            Self::Key { source, error, .. } => {
                write!(f, "cannot encrypt with the key from {}: {error}", Shown(source))
            }
            Self::Set(failure) => write!(f, "{}: {}", failure.reason, failure.detail),
            Self::NoneFits { source, algorithm: None } => {
                write!(f, "no key of the set from {} can encrypt", Shown(source))
            }
            Self::NoneFits { source, algorithm: Some(algorithm) } => {
                write!(f, "no key of the set from {} can encrypt with {algorithm}", Shown(source))
            }
            Self::Several { source, count, kids } => {
                write!(f, "{count} keys of the set from {} can encrypt", Shown(source))?;
                if kids.is_empty() { Ok(()) } else { write!(f, ": {}", excerpt(&kids.join(", "))) }
            }
        }
    }
}

impl std::error::Error for RecipientError {}

impl From<RecipientError> for CommandError {
    fn from(error: RecipientError) -> Self {
        let hint = hint(&error);
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

fn hint(error: &RecipientError) -> Option<String> {
    match error {
        RecipientError::Key { alternative: Some(alternative), .. } => Some(format!("use {alternative}")),
        RecipientError::Key { error: EncryptionError::NoDefault { secret: Some(_), .. }, .. } => Some(
            "make a secret of the right size with `fob key new --alg A256GCM`, and give it with --encrypt-for"
                .to_owned(),
        ),
        RecipientError::Key { error: EncryptionError::NoDefault { secret: None, .. }, .. } => {
            Some("make a key for encryption with `fob key new --alg ECDH-ES`".to_owned())
        }
        RecipientError::Key {
            error: EncryptionError::Key(KeyUnfit::SecretLength { algorithm, .. }), ..
        } => Some(format!(
            "make a secret of that size with `fob key new --alg {algorithm}`, and give it with --encrypt-for"
        )),
        RecipientError::Key { error: EncryptionError::NeverMade(_), .. } => {
            Some(format!("use --encrypt-alg {}", KeyAlgorithm::RsaOaep256))
        }
        RecipientError::Several { kids, .. } if !kids.is_empty() => {
            Some("choose one with --encrypt-kid".to_owned())
        }
        RecipientError::Several { .. } => Some("write the key of the recipient to a file of its own".to_owned()),
        RecipientError::Key {
            error:
                EncryptionError::Key(KeyUnfit::Algorithm { .. } | KeyUnfit::Use(_) | KeyUnfit::Operations { .. }),
            ..
        } => Some("use a key for encryption, such as one of `fob key new --alg ECDH-ES`".to_owned()),
        RecipientError::Key { .. } | RecipientError::Set(_) | RecipientError::NoneFits { .. } => None,
    }
}

/// A token that a chosen key did not encrypt.
impl From<EncryptionError> for CommandError {
    fn from(error: EncryptionError) -> Self {
        Self::new(ErrorKind::Unjudged, error)
    }
}

/// Writes the options that choose the algorithms.
impl fmt::Display for Alternative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.algorithm, self.content) {
            (Some(algorithm), Some(content)) => write!(f, "--encrypt-alg {algorithm} and --enc {content}"),
            (Some(algorithm), None) => write!(f, "--encrypt-alg {algorithm}"),
            (None, Some(content)) => write!(f, "--enc {content}"),
            (None, None) => Ok(()),
        }
    }
}
