//! Loads the key that new tokens are encrypted for. Whether it can encrypt is decided in `core::encryption`.

use super::error::RecipientKeyError;
use super::settings::{KeySettings, KeySource, PasswordSource};
use crate::core::key::KeyUse;
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::SecretFormat;
use crate::host::Host;
use crate::remote::DocumentCache;

/// The source of the recipient's key, and how to read and choose it.
#[derive(Clone, Debug)]
pub(crate) struct RecipientSettings {
    /// The path or URL of a key, or a shared key.
    pub(crate) source: KeySource,
    /// The encoding of a shared key.
    pub(crate) secret_format: SecretFormat,
    /// The key ID that chooses a key of a set, or names a single key.
    pub(crate) kid: Option<String>,
}

/// Loads the key of the recipient. Its private half is not needed.
pub(crate) fn load_recipient(
    settings: RecipientSettings,
    host: &mut Host<'_>,
) -> Result<KeyRing, RecipientKeyError> {
    let settings = KeySettings {
        source: settings.source,
        secret_format: settings.secret_format,
        kid: settings.kid,
        kid_claim: None,
        password: PasswordSource::Prompt,
        cache: DocumentCache::default(),
    };
    super::load(&settings, KeyUse::Verify, host).map(|given| given.keys).map_err(RecipientKeyError)
}
