//! HMAC secrets, from the options, the environment or the user.

use super::GivenKey;
use super::error::KeyLoadError;
use super::recognize::is_plainly_a_path;
use super::settings::{KeySettings, KeySource};
use crate::core::key::lookalike::key_in;
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::{Secret, SecretFormat};
use crate::core::key::{Key, KeyUse};
use crate::core::token::jws::Compact;
use crate::core::verify::doctor::{Unfilled, Written, unfilled};
use crate::host::{Echo, Host, Level};
use crate::input::source::{ask, names_no_file, read_file, read_stdin};
use crate::input::{InputError, PromptedValue};
use std::path::Path;

/// The size limit of a secret in bytes. A larger file is not a secret.
const MAXIMUM: usize = 64 << 10;

/// The ends of names of files that hold keys or secrets.
const ENDINGS: [&str; 9] = [".pem", ".key", ".pub", ".der", ".crt", ".json", ".jwk", ".txt", ".secret"];

/// A secret as it was read.
struct ReadSecret {
    bytes: Secret,
    source: String,
    /// True if it may end with a line break that is not part of it.
    in_file: bool,
}

/// Loads the secret from where the options say, else from `FOB_SECRET`, else from the user.
pub(super) fn load(
    settings: &KeySettings,
    purpose: KeyUse,
    host: &mut Host<'_>,
) -> Result<GivenKey, KeyLoadError> {
    if settings.kid_claim.is_some() {
        return Err(KeyLoadError::KidClaimWithSecret);
    }
    let ReadSecret { bytes, source, in_file } = read(&settings.source, host)?;
    if bytes.expose().len() > MAXIMUM {
        return Err(KeyLoadError::SecretTooLarge { source, maximum: MAXIMUM });
    }
    let secret = match settings.secret_format {
        SecretFormat::Text if !in_file => bytes.clone(),
        format => {
            let secret = format.read(bytes.expose()).map_err(KeyLoadError::SecretFormat)?;
            // The text of a key stays as it is: as a secret it is refused, but its decoded bytes may not look like a key.
            if key_in(bytes.expose()).is_some() { bytes.clone() } else { secret }
        }
    };
    let written = Written { bytes, taken: secret.clone(), in_file };
    // A wrong secret makes a wrong signature, which nothing reports. After a failed verification, the doctor says it.
    if purpose == KeyUse::Sign
        && key_in(written.bytes.expose()).is_none()
        && let Some(Unfilled { what, remedy }) = unfilled(&written)
    {
        host.message(Level::Warning, &format!("{what}, but it is used as it is"));
        host.message(Level::Hint, remedy);
    }
    let keys = KeyRing::from(Key::hmac(secret, settings.kid.clone(), source));
    Ok(GivenKey { written: Some(written), ..GivenKey::from(keys) })
}

fn read(source: &KeySource, host: &mut Host<'_>) -> Result<ReadSecret, KeyLoadError> {
    let from_stdin = |host: &mut Host<'_>| {
        let bytes = Secret::new(read_stdin("the secret", host)?);
        Ok(ReadSecret { bytes, source: "standard input".to_owned(), in_file: true })
    };
    match source {
        KeySource::Secret(text) if text.expose() == b"-" && host.stdin_is_terminal => from_prompt(host),
        KeySource::Secret(text) if text.expose() == b"-" => from_stdin(host),
        KeySource::Secret(text) => {
            if text.expose().starts_with(b"@") {
                let what = "the secret looks like a path, but is used as it is";
                host.message(Level::Warning, &format!("{what}; --secret-file takes the path of a file"));
            }
            warn_if_file(text, host);
            Ok(ReadSecret { bytes: text.clone(), source: "--secret".to_owned(), in_file: false })
        }
        KeySource::SecretFile(path) => {
            let bytes =
                read_file(path, "the secret", host).map_err(|error| no_secret_file(path, error, host))?;
            let bytes = Secret::new(bytes);
            Ok(ReadSecret { bytes, source: path.display().to_string(), in_file: true })
        }
        KeySource::SecretVariable(name) => {
            let bytes = host.secret_variable(name).ok_or_else(|| {
                // Anything but a name may be the secret itself, so it is not repeated.
                let is_name = name
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
                KeyLoadError::SecretVariableNotSet { name: is_name.then(|| name.clone()) }
            })?;
            Ok(ReadSecret { bytes, source: format!("the variable {name}"), in_file: false })
        }
        KeySource::Unspecified | KeySource::Key(_) | KeySource::Keys(_) | KeySource::Issuer(_) => {
            match host.secret_variable("FOB_SECRET") {
                Some(bytes) => {
                    Ok(ReadSecret { bytes, source: "the variable FOB_SECRET".to_owned(), in_file: false })
                }
                None => from_prompt(host),
            }
        }
    }
}

/// Returns the error of a file that cannot be read. A path that may be the secret itself is not kept.
fn no_secret_file(path: &Path, error: InputError, host: &Host<'_>) -> KeyLoadError {
    if names_no_file(&error) && !is_plainly_a_path(path.as_os_str(), host) {
        KeyLoadError::NoSecretFile
    } else {
        KeyLoadError::Input(error)
    }
}

/// Warns the user if a secret has the form of a path and names an existing file. The secret is not repeated.
fn warn_if_file(secret: &Secret, host: &mut Host<'_>) {
    let Ok(text) = std::str::from_utf8(secret.expose()) else { return };
    let is_like_path =
        text.starts_with(['.', '/', '~']) || ENDINGS.iter().any(|ending| text.ends_with(ending));
    if is_like_path && (host.path_kind)(Path::new(text)).is_ok() {
        let what = "the secret is the path of a file, but is used as it is";
        host.message(
            Level::Warning,
            &format!("{what}; --secret-file takes a secret from a file, --key a key"),
        );
    }
}

/// Reports whether a text is a token, also with a scheme before it.
fn is_token(bytes: &[u8]) -> bool {
    let text = bytes.trim_ascii();
    let text = text.strip_prefix(b"Bearer ").unwrap_or(text);
    text.starts_with(b"eyJ") && Compact::parse(text, MAXIMUM).is_ok()
}

fn from_prompt(host: &mut Host<'_>) -> Result<ReadSecret, KeyLoadError> {
    let bytes = Secret::new(ask("Secret", Echo::Hidden, PromptedValue::Secret, host)?);
    if is_token(bytes.expose()) {
        return Err(KeyLoadError::PromptedToken);
    }
    warn_if_file(&bytes, host);
    Ok(ReadSecret { bytes, source: "the prompt".to_owned(), in_file: false })
}
