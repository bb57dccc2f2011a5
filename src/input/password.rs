//! Encrypted keys, and the passwords that open them.

use super::key::unusable;
use super::secret::variable;
use super::source::{ask, read_file};
use crate::cli::key::PasswordArgs;
use crate::core::escape::Shown;
use crate::core::key::Key;
use crate::core::key::der::{Encrypted, Locked};
use crate::core::secret::{Secret, without_line_break};
use crate::host::Host;
use crate::problem::Problem;

fn password(args: &PasswordArgs, source: &str, host: &mut Host<'_>) -> Result<Secret, Problem> {
    if let Some(name) = &args.key_password_env {
        return variable(name, host).ok_or_else(|| {
            Problem::usage("the environment variable named with --key-password-env is not set")
        });
    }
    if let Some(path) = &args.key_password_file {
        let bytes = Secret::new(read_file(path, "the password", host)?);
        return Ok(Secret::new(without_line_break(bytes.expose()).to_vec()));
    }
    let hint = "use --key-password-env VAR or --key-password-file PATH";
    let question = format!("Password of {}", Shown(source));
    ask(&question, true, "password for the encrypted key", hint, host).map(Secret::new)
}

/// Opens an encrypted key.
pub(crate) fn open(
    args: &PasswordArgs,
    encrypted: &Encrypted,
    source: &str,
    host: &mut Host<'_>,
) -> Result<Key, Problem> {
    let locked = |locked| match locked {
        Locked::Password => Problem::usage(format!("the password does not open the key in {source}")),
        Locked::Scheme(what) => {
            Problem::usage(format!("the key in {source} is encrypted with {what}, which is not opened here"))
                .with_hint("`openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW` encrypts it anew")
        }
        Locked::Content(what) => unusable(source, &what),
    };
    encrypted.check().map_err(locked)?;
    let password = password(args, source, host)?;
    let material = encrypted.open(password.expose()).map_err(locked)?;
    Ok(Key::new(material, source.to_owned(), "encrypted PKCS #8"))
}
