//! Turns the bytes of a key file into keys. Asks for the password of an encrypted key.

use super::error::KeyLoadError;
use super::password::{PasswordRequest, password};
use super::settings::PasswordSource;
use crate::core::key::der::EncryptedKey;
use crate::core::key::file::{self, KeyFileContent, KeyFileError, PickedKey};
use crate::core::key::openssh::OpenSshError;
use crate::core::key::pem::PemError;
use crate::core::key::ring::KeyRing;
use crate::core::key::{Key, KeyUse};
use crate::core::text::escape::Shown;
use crate::host::{Host, Level};

/// Parses a key file, without opening encrypted keys, for a purpose or to be shown. If a password was given for a key in a form
/// that takes none, the error says so.
pub(super) fn contents_with(
    bytes: &[u8],
    source: &str,
    purpose: Option<KeyUse>,
    password: &PasswordSource,
) -> Result<KeyFileContent, KeyLoadError> {
    file::read(bytes, source).map_err(|error| match error {
        KeyFileError::Pem(PemError::OpenSsh(OpenSshError::Encrypted))
            if !matches!(password, PasswordSource::Prompt) =>
        {
            KeyLoadError::PasswordForOpenSsh { source: source.to_owned() }
        }
        error => KeyLoadError::Unusable { source: source.to_owned(), error, purpose },
    })
}

/// Parses a key file into the keys for a purpose. Decrypts an encrypted key.
pub(super) fn keys(
    bytes: &[u8],
    source: &str,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<KeyRing, KeyLoadError> {
    let no_key = |first| KeyLoadError::NoKey { source: source.to_owned(), first };
    let documents = match contents_with(bytes, source, Some(purpose), password)? {
        KeyFileContent::Ring(ring) if ring.keys().is_empty() => {
            return Err(no_key(ring.unreadable().first().map(|member| member.error.to_string())));
        }
        KeyFileContent::Ring(ring) => return Ok(ring),
        KeyFileContent::Documents(documents) => documents,
    };
    if file::has_spare_keys(&documents) {
        host.message(Level::Warning, &format!("{source} contains several keys; the first one is used"));
    }
    match file::pick(documents, purpose, source) {
        Some(PickedKey::Key(key)) => Ok((*key).into()),
        Some(PickedKey::Encrypted(encrypted)) => {
            decrypt(&encrypted, source, password, host).map(KeyRing::from)
        }
        None => Err(no_key(None)),
    }
}

/// Decrypts a key with the user's password.
pub(super) fn decrypt(
    encrypted: &EncryptedKey,
    source: &str,
    password_source: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<Key, KeyLoadError> {
    let locked = |error| KeyLoadError::Locked { source: source.to_owned(), error };
    // Checked before the user is asked for a password that could not help.
    encrypted.check().map_err(locked)?;
    let request = PasswordRequest {
        source: password_source,
        option: "--key-password",
        what: "password for the encrypted key",
        purpose: "the password",
        question: &format!("Password of {}", Shown(source)),
    };
    let password = password(request, host)?;
    let material = encrypted.open(password.expose()).map_err(locked)?;
    Ok(Key::new(material, source.to_owned(), "encrypted PKCS #8"))
}

/// Warns the user if other users can read a private key.
pub(super) fn warn_if_shared(is_shared: bool, keys: &[Key], source: &str, host: &mut Host<'_>) {
    if is_shared && keys.iter().any(Key::is_private) {
        let is_secret = keys.iter().filter(|key| key.is_private()).all(|key| key.public().is_none());
        let what = if is_secret { "secret" } else { "private key" };
        let command =
            if cfg!(windows) { "icacls FILE /inheritance:r /grant:r *S-1-3-4:F" } else { "chmod 600" };
        host.message(
            Level::Warning,
            &format!("other users can read the {what} in {source}; `{command}` makes it yours alone"),
        );
    }
}
