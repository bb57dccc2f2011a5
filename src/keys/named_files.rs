//! Several key files and text secrets as one set, for `fob key show --format jwks`.

use super::error::KeyLoadError;
use super::key_file::{KeyBytes, KeyFile, key_bytes, key_file};
use super::parse::{keys, warn_if_shared};
use super::settings::PasswordSource;
use crate::core::key::file::KeyFileError;
use crate::core::key::ring::RepeatedKid;
use crate::core::key::secret::SecretFormat;
use crate::core::key::{Key, KeyUse};
use crate::host::Host;
use std::collections::HashMap;
use std::ffi::OsString;

/// A file, and the ID of its key if the user names one.
#[derive(Clone, Debug)]
pub(crate) struct NamedFile {
    pub(crate) path: OsString,
    pub(crate) kid: Option<String>,
}

/// Reads the files and returns each one's keys. No two keys have the same ID.
pub(crate) fn named_files(
    files: &[NamedFile],
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<Vec<KeyFile>, KeyLoadError> {
    let mut read: Vec<KeyFile> = Vec::new();
    for file in files {
        read.push(match &file.kid {
            Some(kid) => named_file(file, kid, purpose, password, host)?,
            None => key_file(&file.path, None, password, host).map_err(without_kid)?,
        });
    }
    let mut sources: HashMap<&str, &str> = HashMap::new();
    for key in read.iter().flat_map(|file| &file.keys) {
        let Some(kid) = &key.kid else { continue };
        if let Some(other) = sources.insert(kid, &key.source) {
            let sources = [other.to_owned(), key.source.clone()];
            return Err(KeyLoadError::RepeatedKidInSet(RepeatedKid { kid: kid.clone(), sources }));
        }
    }
    Ok(read)
}

/// A text that may be a secret can be in a set only under a key ID.
fn without_kid(error: KeyLoadError) -> KeyLoadError {
    match error {
        KeyLoadError::Unusable { source, error: KeyFileError::UnknownForm, .. } => {
            KeyLoadError::SecretWithoutKid { source }
        }
        other => other,
    }
}

/// Reads the key of this ID: a member of a set, the only key of the file, or a text secret.
fn named_file(
    file: &NamedFile,
    kid: &str,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<KeyFile, KeyLoadError> {
    let KeyBytes { bytes, is_shared, source } = key_bytes(&file.path, host)?;
    let with_kid = |key: &Key, is_set: bool| {
        let mut named = key.clone();
        if !is_set {
            named.kid.get_or_insert_with(|| kid.to_owned());
        }
        (named.kid.as_deref() == Some(kid)).then_some(named)
    };
    let keys: Vec<Key> = match keys(bytes.expose(), &source, purpose, password, host) {
        Ok(ring) => ring.keys().iter().filter_map(|key| with_kid(key, ring.is_set())).collect(),
        // A text secret is one line.
        Err(KeyLoadError::Unusable { error: KeyFileError::UnknownForm, .. }) => {
            let secret = SecretFormat::Text.read(bytes.expose()).map_err(KeyLoadError::SecretFormat)?;
            vec![Key::hmac(secret, Some(kid.to_owned()), source.clone())]
        }
        Err(KeyLoadError::Unusable { source, error, .. }) => {
            return Err(KeyLoadError::Unusable { source, error, purpose: None });
        }
        Err(error) => return Err(error),
    };
    if keys.is_empty() {
        return Err(KeyLoadError::NoSuchKid { kid: kid.to_owned(), source, known: None });
    }
    warn_if_shared(is_shared, &keys, &source, host);
    Ok(KeyFile { is_set: keys.len() > 1, keys, unreadable: Vec::new(), source })
}
