//! Loads the keys that decrypt tokens. They are a ring of their own: no key of it verifies a signature.

use super::error::KeyLoadError;
use super::settings::{KeySettings, KeySource, PasswordSource};
use super::{from_place, from_variable, secret, variable};
use crate::core::encryption::Decrypter;
use crate::core::encryption::algorithm::KeyAlgorithm;
use crate::core::key::KeyUse;
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::SecretFormat;
use crate::host::Host;
use crate::remote::DocumentCache;
use std::ffi::OsString;
use std::path::PathBuf;

/// The variable that names or holds a decryption key.
pub(crate) const DECRYPTION_VARIABLE: &str = "FOB_DECRYPT_KEY";

/// All settings that concern decryption.
#[derive(Clone, Debug)]
pub(crate) struct DecryptionSettings {
    pub(crate) source: DecryptionSource,
    /// The encoding of a shared key.
    pub(crate) secret_format: SecretFormat,
    /// Where the password of an encrypted key comes from.
    pub(crate) password: PasswordSource,
    /// The key management algorithms that the user named.
    pub(crate) named: Vec<KeyAlgorithm>,
}

/// The source of the decryption key, according to the options.
#[derive(Clone, Debug)]
pub(crate) enum DecryptionSource {
    /// No option names a key: the environment can give it.
    Unspecified,
    /// A file that contains a shared key.
    SecretFile(PathBuf),
    /// An environment variable that contains a shared key.
    SecretVariable(String),
    /// Paths of keys, or `-` for standard input.
    Keys(Vec<OsString>),
}

impl DecryptionSettings {
    /// Reports whether an option names a key.
    pub(crate) const fn is_given(&self) -> bool {
        !matches!(self.source, DecryptionSource::Unspecified)
    }
}

/// Loads the decryption keys from where the settings say, else from `FOB_DECRYPT_KEY`. Returns `None` if neither names
/// one. `max_size` limits a decompressed text in bytes.
pub(crate) fn load_decrypter(
    settings: &DecryptionSettings,
    max_size: usize,
    host: &mut Host<'_>,
) -> Result<Option<Decrypter>, KeyLoadError> {
    let ring = ring(settings, host).map_err(|error| KeyLoadError::OfDecryption(Box::new(error)))?;
    Ok(ring.map(|ring| Decrypter::new(ring, max_size).naming(settings.named.clone())))
}

fn ring(settings: &DecryptionSettings, host: &mut Host<'_>) -> Result<Option<KeyRing>, KeyLoadError> {
    // Of a key pair, the private half decrypts.
    let purpose = KeyUse::Sign;
    let password = &settings.password;
    let secret = |source, host: &mut Host<'_>| {
        let settings = KeySettings {
            source,
            secret_format: settings.secret_format,
            kid: None,
            kid_claim: None,
            password: password.clone(),
            cache: DocumentCache::default(),
        };
        secret::load(&settings, KeyUse::Verify, host).map(|given| Some(given.keys))
    };
    match &settings.source {
        DecryptionSource::SecretFile(path) => secret(KeySource::SecretFile(path.clone()), host),
        DecryptionSource::SecretVariable(name) => secret(KeySource::SecretVariable(name.clone()), host),
        DecryptionSource::Keys(places) => {
            let mut rings = Vec::new();
            for place in places {
                rings.push(from_place(place, &DocumentCache::default(), purpose, password, host)?.keys);
            }
            match rings.len() {
                1 => Ok(rings.pop()),
                _ => KeyRing::collect(rings).map(Some).map_err(KeyLoadError::RepeatedKid),
            }
        }
        DecryptionSource::Unspecified => match variable(DECRYPTION_VARIABLE, host) {
            Some(value) => {
                from_variable(value.expose(), DECRYPTION_VARIABLE, purpose, password, host).map(Some)
            }
            None => Ok(None),
        },
    }
}
