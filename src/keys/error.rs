//! Why a key could not be loaded. The texts are in `error`.

use super::password::PasswordError;
use crate::core::key::KeyUse;
use crate::core::key::der::UnlockError;
use crate::core::key::file::KeyFileError;
use crate::core::key::ring::RepeatedKid;
use crate::core::key::secret::SecretError;
use crate::core::token::algorithm::Algorithm;
use crate::host::server_url::ForbiddenUrl;
use crate::input::InputError;
use crate::remote::error::{FetchError, MetadataError};
use std::io;

/// A key that could not be loaded.
#[derive(Debug)]
pub(crate) enum KeyLoadError {
    /// A file, standard input or a prompt failed.
    Input(InputError),
    /// The answer to the question for the secret is a token.
    PromptedToken,
    /// `--key` names no file, and its argument does not look like a path, so it is not kept.
    NoKeyFile {
        /// True if the argument could be an HMAC secret.
        may_be_secret: bool,
    },
    /// `--secret-file` names no file, and its argument does not look like a path, so it is not kept.
    NoSecretFile,
    /// `fob key show` names no file, and its argument does not look like a path, so it is not kept.
    NoFileToShow,
    /// A token was given where the path of a key belongs.
    TokenAsPath {
        /// The argument.
        argument: PathArgument,
        /// The use of the key.
        purpose: KeyUse,
    },
    /// A password could not be had.
    Password(PasswordError),
    /// A URL must not be requested.
    Url(ForbiddenUrl),
    /// The URL of `--issuer-keys` must not be requested.
    IssuerUrl {
        /// The URL as the user wrote it.
        issuer: String,
        /// Why it must not be requested.
        error: ForbiddenUrl,
    },
    /// Keys could not be fetched.
    Fetch(Box<FetchError>),
    /// No key was given, and the token needs a public one.
    PublicKeyNotGiven {
        /// The algorithm of the token.
        algorithm: Algorithm,
        /// The options that give its key.
        ways: String,
    },
    /// `--issuer-keys` names a URL with a query or a fragment.
    IssuerWithQuery,
    /// `--cache` is given, but no key is fetched.
    NothingToCache,
    /// `FOB_SECRET` and `FOB_KEY` are both set.
    TwoVariables,
    /// `FOB_KEY` contains a URL.
    UrlInVariable,
    /// `FOB_KEY` contains neither a key nor the path of a readable file.
    UnreadableVariable {
        /// Why no file could be read.
        error: io::Error,
        /// True if the value could be an HMAC secret.
        may_be_secret: bool,
    },
    /// `--key` names a URL, but the key has to sign.
    UrlToSign,
    /// A URL serves an HMAC secret.
    SecretFromUrl { source: String },
    /// `fob key show` names a URL.
    UrlToShow,
    /// The text of a key was given where its path belongs.
    TextAsPath(PathArgument),
    /// The content is not a usable key.
    Unusable {
        source: String,
        error: KeyFileError,
        /// The use of the key, unless it is only shown.
        purpose: Option<KeyUse>,
    },
    /// A password was given for an encrypted OpenSSH key.
    PasswordForOpenSsh { source: String },
    /// The encrypted key could not be decrypted.
    Locked { source: String, error: UnlockError },
    /// The content holds no key.
    NoKey {
        source: String,
        /// Why its first member is unreadable.
        first: Option<String>,
    },
    /// No key has the key ID that `--kid` names.
    NoSuchKid {
        kid: String,
        source: String,
        /// The key IDs of the set, if they are known.
        known: Option<String>,
    },
    /// Keys of two `--key` options have the same key ID.
    RepeatedKid(RepeatedKid),
    /// Two keys of a new set have the same ID.
    RepeatedKidInSet(RepeatedKid),
    /// A file for a new set may hold a secret, but the user gave no ID for it.
    SecretWithoutKid {
        /// The file.
        source: String,
    },
    /// `--kid-claim` is given, but no key has a key ID.
    NoKids,
    /// `--kid-claim` is given with a secret.
    KidClaimWithSecret,
    /// The variable that `--secret-env` names is not set.
    SecretVariableNotSet {
        /// Its name, unless it could be the secret itself.
        name: Option<String>,
    },
    /// The secret is larger than any real one.
    SecretTooLarge { source: String, maximum: usize },
    /// A decryption key could not be loaded.
    OfDecryption(Box<Self>),
    /// The secret is not encoded as `--secret-format` says.
    SecretFormat(SecretError),
}

/// An error of loading the key that new tokens are encrypted for. Its options have other names than those of other keys.
#[derive(Debug)]
pub(crate) struct RecipientKeyError(pub(crate) KeyLoadError);

/// An argument that takes the path of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PathArgument {
    /// `--key`.
    KeyOption,
    /// `fob key show`.
    KeyShow,
}

impl From<InputError> for KeyLoadError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<PasswordError> for KeyLoadError {
    fn from(error: PasswordError) -> Self {
        Self::Password(error)
    }
}

impl From<ForbiddenUrl> for KeyLoadError {
    fn from(error: ForbiddenUrl) -> Self {
        Self::Url(error)
    }
}

impl From<Box<FetchError>> for KeyLoadError {
    fn from(error: Box<FetchError>) -> Self {
        Self::Fetch(error)
    }
}

impl From<MetadataError> for KeyLoadError {
    fn from(error: MetadataError) -> Self {
        match error {
            MetadataError::Url(error) => Self::Url(error),
            MetadataError::IssuerWithQuery => Self::IssuerWithQuery,
            MetadataError::Fetch(error) => Self::Fetch(error),
        }
    }
}
