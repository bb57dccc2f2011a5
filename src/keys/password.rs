//! Passwords, and the encrypted keys that they open.

use super::secret::variable;
use crate::cli::key::PasswordArgs;
use crate::core::key::Key;
use crate::core::key::der::{EncryptedKey, UnlockError};
use crate::core::key::secret::{Secret, without_line_break};
use crate::core::text::escape::Shown;
use crate::error::CommandError;
use crate::host::{Echo, Host};
use crate::input::source::{ask, read_file};
use crate::keys::unusable;
use std::path::Path;

/// The ways to give a password, beside typing it.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    /// What the options' names begin with: `--password`.
    pub(crate) option: &'static str,
    /// The variable that holds it.
    pub(crate) env: Option<&'a str>,
    /// The file that holds it.
    pub(crate) file: Option<&'a Path>,
    /// What it is a password of, if it is missing.
    pub(crate) what: &'static str,
}

/// Gets a password from a variable or a file, else from the person at the terminal.
pub(crate) fn password(ways: Ways<'_>, question: &str, host: &mut Host<'_>) -> Result<Secret, CommandError> {
    let Ways { option, env, file, what } = ways;
    if let Some(name) = env {
        return variable(name, host).ok_or_else(|| {
            CommandError::usage(format!("the environment variable named with {option}-env is not set"))
        });
    }
    if let Some(path) = file {
        let bytes = Secret::new(read_file(path, "the password", host)?);
        return Ok(Secret::new(without_line_break(bytes.expose()).to_vec()));
    }
    let hint = format!("use {option}-env VAR or {option}-file PATH");
    Ok(ask(question, Echo::Hidden, what, &hint, host).map(Secret::new)?)
}

/// Opens an encrypted key.
pub(crate) fn open(
    args: &PasswordArgs,
    encrypted: &EncryptedKey,
    source: &str,
    host: &mut Host<'_>,
) -> Result<Key, CommandError> {
    let locked = |locked| match locked {
        UnlockError::Password => {
            CommandError::usage(format!("the password does not open the key in {source}"))
        }
        UnlockError::Scheme(what) => CommandError::usage(format!(
            "the key in {source} is encrypted with {what}, which is not opened here"
        ))
        .with_hint("`openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW` encrypts it anew"),
        UnlockError::Content(what) => unusable(source, &what),
    };
    encrypted.check().map_err(locked)?;
    let ways = Ways {
        option: "--key-password",
        env: args.key_password_env.as_deref(),
        file: args.key_password_file.as_deref().map(Path::new),
        what: "password for the encrypted key",
    };
    let password = password(ways, &format!("Password of {}", Shown(source)), host)?;
    let material = encrypted.open(password.expose()).map_err(locked)?;
    Ok(Key::new(material, source.to_owned(), "encrypted PKCS #8"))
}
