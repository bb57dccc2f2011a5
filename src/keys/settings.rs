//! Where the key of a run comes from, as plain data. Commands make these settings from their options.

use crate::core::key::secret::{Secret, SecretFormat};
use crate::remote::DocumentCache;
use std::ffi::OsString;
use std::path::PathBuf;

/// All settings that concern the key.
#[derive(Clone, Debug)]
pub(crate) struct KeySettings {
    pub(crate) source: KeySource,
    /// How a secret is encoded.
    pub(crate) secret_format: SecretFormat,
    /// The key ID that chooses a key of a set, or names a secret.
    pub(crate) kid: Option<String>,
    /// The claim whose value chooses a key of a set.
    pub(crate) kid_claim: Option<String>,
    /// Where the password of an encrypted key comes from.
    pub(crate) password: PasswordSource,
    pub(crate) cache: DocumentCache,
}

/// The source of the key, according to the options.
#[derive(Clone, Debug)]
pub(crate) enum KeySource {
    /// No option names a key: the environment or the user gives it.
    Unspecified,
    /// The secret itself, or `-` for standard input.
    Secret(Secret),
    /// A file that contains the secret.
    SecretFile(PathBuf),
    /// An environment variable that contains the secret.
    SecretVariable(String),
    /// The path or URL of a key, or `-` for standard input.
    Key(OsString),
    /// Several such paths or URLs. Each may hold the key of a token.
    Keys(Vec<OsString>),
    /// The URL of an issuer that publishes its keys.
    Issuer(String),
}

/// The source of a password.
#[derive(Clone, Debug)]
pub(crate) enum PasswordSource {
    /// The user is asked.
    Prompt,
    /// An environment variable.
    Variable(String),
    /// A file.
    File(PathBuf),
}
