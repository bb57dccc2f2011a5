//! The options of the commands that can encrypt the tokens they make.

use super::on_demand::OptionGroup;
use super::one_of;
use crate::core::encryption::algorithm::{ContentAlgorithm, KeyAlgorithm};
use crate::core::key::secret::SecretFormat;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;

// The key that new tokens are encrypted for. A signed token becomes the content of an encrypted one.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Encryption")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct EncryptArgs {
    /// Encrypt the token for this key: a path, a URL, or -
    ///
    /// The public key of the recipient, or a shared key as a JWK, in any form that --key takes. The signed token becomes
    /// the content of an encrypted one, whose cty is JWT (RFC 7519 section 5.2).
    #[arg(
        long,
        value_name = "PATH|URL|-",
        group = "encryption_key",
        value_hint = ValueHint::FilePath,
        allow_hyphen_values = true
    )]
    pub encrypt_for: Option<OsString>,
    /// Read a shared key to encrypt with from an environment variable
    #[arg(long, value_name = "VAR", group = "encryption_key")]
    pub encrypt_secret_env: Option<String>,
    /// Read a shared key to encrypt with from a file
    #[arg(long, value_name = "PATH", group = "encryption_key", value_hint = ValueHint::FilePath)]
    pub encrypt_secret_file: Option<PathBuf>,
    /// The encoding of the shared key [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = one_of(&SecretFormat::ALL, SecretFormat::name),
        conflicts_with = "encrypt_for"
    )]
    pub encrypt_secret_format: Option<SecretFormat>,
    /// The key management algorithm [default: by the type of the key]
    ///
    /// Without this option, the alg of the key decides, then its type: RSA-OAEP-256 for RSA, ECDH-ES+A256KW for EC and
    /// X25519, dir for a shared key.
    #[arg(long, value_name = "ALG", ignore_case = true, value_parser = key_algorithm(), requires = "encryption_key")]
    pub encrypt_alg: Option<KeyAlgorithm>,
    /// The content encryption algorithm [default: A256GCM, or by the size of a shared key]
    #[arg(
        long,
        ignore_case = true,
        value_parser = one_of(ContentAlgorithm::ALL, ContentAlgorithm::name),
        requires = "encryption_key"
    )]
    pub enc: Option<ContentAlgorithm>,
    /// The ID of the encryption key: chooses a key of a set, and becomes the kid of the encrypted token
    #[arg(long, value_name = "KID", allow_hyphen_values = true, requires = "encryption_key")]
    pub encrypt_kid: Option<String>,
}

impl OptionGroup for EncryptArgs {
    const NAMES: &'static str = "encrypt-for encrypt-secret-env encrypt-secret-file encrypt-secret-format encrypt-alg enc encrypt-kid";
    const REFERRED: &'static str = "encryption_key";
}

impl EncryptArgs {
    /// Returns whether the command line names a key to encrypt with.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.encrypt_for.is_some() || self.encrypt_secret_env.is_some() || self.encrypt_secret_file.is_some()
    }
}

/// Returns the parser of key management algorithms. Algorithms that are never made are understood, but not offered.
fn key_algorithm() -> impl TypedValueParser<Value = KeyAlgorithm> {
    let offered = |algorithm: &KeyAlgorithm| {
        PossibleValue::new(algorithm.name()).hide(*algorithm == KeyAlgorithm::Rsa1_5)
    };
    PossibleValuesParser::new(KeyAlgorithm::ALL.iter().map(offered)).try_map(|word| {
        // clap has already compared the word with the names, in any letter case.
        let all = KeyAlgorithm::ALL.iter().copied();
        all.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(&word)).ok_or("no such value")
    })
}
