//! All keys of a file, for `fob key show`.

use super::error::{KeyLoadError, PathArgument};
use super::parse::{contents_with, decrypt, warn_if_shared};
use super::recognize::{is_pem_or_json, is_plainly_a_path, is_token, is_url};
use super::settings::PasswordSource;
use crate::core::key::file::{self, KeyFileContent, PickedKey};
use crate::core::key::ring::UnreadableMember;
use crate::core::key::secret::Secret;
use crate::core::key::{Key, KeyUse};
use crate::host::Host;
use crate::input::InputError;
use crate::input::source::{names_no_file, read_open_file, read_stdin};
use std::ffi::OsStr;
use std::path::Path;

/// All keys of a file.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) keys: Vec<Key>,
    /// The members of a set that are not usable keys.
    pub(crate) unreadable: Vec<UnreadableMember>,
    pub(crate) is_set: bool,
    pub(crate) source: String,
}

/// Reads a key file or standard input (`-`), and chooses the key that `kid` names.
pub(crate) fn key_file(
    path: &OsStr,
    kid: Option<&str>,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<KeyFile, KeyLoadError> {
    let KeyBytes { bytes, is_shared, source } = key_bytes(path, host)?;
    let mut file = match contents_with(bytes.expose(), &source, None, password)? {
        KeyFileContent::Ring(ring) => KeyFile {
            keys: ring.keys().to_vec(),
            unreadable: ring.unreadable().to_vec(),
            is_set: ring.is_set(),
            source,
        },
        KeyFileContent::Documents(documents) => {
            let mut keys = Vec::new();
            for document in documents {
                keys.push(match file::picked(document, &source) {
                    PickedKey::Key(key) => *key,
                    PickedKey::Encrypted(encrypted) => decrypt(&encrypted, &source, password, host)?,
                });
            }
            KeyFile { is_set: keys.len() > 1, keys, unreadable: Vec::new(), source }
        }
    };
    if let Some(kid) = kid {
        file.keys.retain(|key| key.kid.as_deref() == Some(kid));
        if file.keys.is_empty() {
            return Err(KeyLoadError::NoSuchKid { kid: kid.to_owned(), source: file.source, known: None });
        }
        file.unreadable.clear();
        file.is_set = file.keys.len() > 1;
    }
    warn_if_shared(is_shared, &file.keys, &file.source, host);
    Ok(file)
}

/// The bytes of a key file.
pub(super) struct KeyBytes {
    pub(super) bytes: Secret,
    /// True if other users can read the file.
    pub(super) is_shared: bool,
    pub(super) source: String,
}

/// Reads the bytes of a key file or of standard input (`-`).
pub(super) fn key_bytes(path: &OsStr, host: &mut Host<'_>) -> Result<KeyBytes, KeyLoadError> {
    match path.to_str() {
        Some("-") => {
            let bytes = Secret::new(read_stdin("the key", host)?);
            Ok(KeyBytes { bytes, is_shared: false, source: "standard input".to_owned() })
        }
        Some(url) if is_url(url) => Err(KeyLoadError::UrlToShow),
        Some(text) if is_pem_or_json(text) => Err(KeyLoadError::TextAsPath(PathArgument::KeyShow)),
        _ => {
            let path = Path::new(path);
            let (bytes, is_shared) =
                read_open_file(path, "the key", host).map_err(|error| no_key_file(path, error, host))?;
            Ok(KeyBytes { bytes, is_shared, source: path.display().to_string() })
        }
    }
}

/// Returns the error of a file that cannot be read. An argument that may be a secret or a token is not kept.
fn no_key_file(path: &Path, error: InputError, host: &Host<'_>) -> KeyLoadError {
    let argument = path.as_os_str();
    if is_token(argument) {
        KeyLoadError::TokenAsPath { argument: PathArgument::KeyShow, purpose: KeyUse::Verify }
    } else if names_no_file(&error) && !is_plainly_a_path(argument, host) {
        KeyLoadError::NoFileToShow
    } else {
        KeyLoadError::Input(error)
    }
}
