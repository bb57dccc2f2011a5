//! Where the key comes from: for now a secret, in one of the ways people keep one.

use super::one_of;
use crate::core::secret::{Secret, SecretFormat};
use clap::Args;
use std::convert::Infallible;
use std::path::PathBuf;

// The secret to sign or verify with. `FOB_SECRET` serves when none is given.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Secret")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct SecretArgs {
    /// Take the secret from an environment variable
    #[arg(long, value_name = "VAR", group = "secret_source")]
    pub secret_env: Option<String>,
    /// Take the secret from a file
    #[arg(long, value_name = "PATH", group = "secret_source")]
    pub secret_file: Option<PathBuf>,
    /// The secret itself, or - for standard input
    ///
    /// Anybody on this machine can read it in `ps`, and your shell keeps it in its history: for real secrets use
    /// --secret-env, --secret-file or the variable FOB_SECRET.
    #[arg(short, long, value_name = "TEXT", group = "secret_source", value_parser = secret_text, allow_hyphen_values = true)]
    pub secret: Option<Secret>,
    /// How the secret is written
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = one_of(&SecretFormat::ALL, SecretFormat::name),
        default_value = "text"
    )]
    pub secret_format: SecretFormat,
    /// The name of the key: a new token is given it, and a token that names another is key_not_found
    #[arg(long, value_name = "KID")]
    pub kid: Option<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the form that clap wants")]
fn secret_text(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text.as_bytes().to_vec()))
}
