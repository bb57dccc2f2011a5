//! The options for the keys that decrypt tokens. These keys never verify a signature, and keys that verify never decrypt.

use super::on_demand::OptionGroup;
use super::one_of;
use crate::core::encryption::algorithm::KeyAlgorithm;
use crate::core::key::secret::SecretFormat;
use clap::{ArgAction, Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

// The keys that decrypt tokens. Without these options, `FOB_DECRYPT_KEY` is used.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Decryption")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct DecryptionArgs {
    /// Decrypt tokens with this key: a path, or -; may repeat
    ///
    /// A private key or a shared key in any form that --key takes, but no URL. Without this option, the variable
    /// FOB_DECRYPT_KEY is used: a path, or the text of the key.
    #[arg(
        long,
        value_name = "PATH|-",
        group = "decryption_source",
        value_hint = ValueHint::FilePath,
        allow_hyphen_values = true,
        action = ArgAction::Append,
        num_args = 1
    )]
    pub decrypt_key: Vec<OsString>,
    /// Read a shared key or a password to decrypt with from an environment variable
    #[arg(long, value_name = "VAR", group = "decryption_source")]
    pub decrypt_secret_env: Option<String>,
    /// Read a shared key or a password to decrypt with from a file
    #[arg(long, value_name = "PATH", group = "decryption_source")]
    pub decrypt_secret_file: Option<PathBuf>,
    /// The encoding of the shared key [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = one_of(&SecretFormat::ALL, SecretFormat::name),
        conflicts_with = "decrypt_key"
    )]
    pub decrypt_secret_format: Option<SecretFormat>,
    /// Decrypt only tokens with this key management algorithm; may repeat
    ///
    /// Without this option, all algorithms are allowed except RSA1_5 and those of PBES2. These must be named here (RFC
    /// 8725).
    #[arg(
        long,
        value_name = "ALG",
        ignore_case = true,
        hide_possible_values = true,
        value_parser = one_of(KeyAlgorithm::ALL, KeyAlgorithm::name)
    )]
    pub decrypt_alg: Vec<KeyAlgorithm>,
}

impl OptionGroup for DecryptionArgs {
    const NAMES: &'static str =
        "decrypt-key decrypt-secret-env decrypt-secret-file decrypt-secret-format decrypt-alg";
}

// The name of a session cookie, for commands that can open one.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Decryption")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct CookieArgs {
    /// The name of the session cookie of Auth.js or NextAuth.js, if it is not one of the usual names
    ///
    /// Give the secret of the application with --secret-env or --secret-file.
    #[arg(long, value_name = "NAME")]
    pub cookie: Option<String>,
}

impl OptionGroup for CookieArgs {
    const NAMES: &'static str = "cookie";
}
