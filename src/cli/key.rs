//! The options that say where a key comes from, and the options of `fob key`.

use super::on_demand::{OptionGroup, with_option};
use super::one_of;
use super::seed::SeedArgs;
use crate::core::encryption::algorithm::{AgreementCurve, ContentAlgorithm, KeyAlgorithm};
use crate::core::encryption::new_key::KeyPurpose;
use crate::core::key::secret::{Secret, SecretFormat};
use crate::core::token::algorithm::Algorithm;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum, ValueHint};
use std::convert::Infallible;
use std::ffi::OsString;
use std::path::PathBuf;

// The secret or key to sign or verify with. Without these options, `FOB_SECRET` or `FOB_KEY` is used.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Key")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct KeyArgs {
    /// Read the secret from an environment variable
    #[arg(long, value_name = "VAR", group = "key_source")]
    pub secret_env: Option<String>,
    /// Read the secret from a file
    #[arg(long, value_name = "PATH", group = "key_source")]
    pub secret_file: Option<PathBuf>,
    /// The secret itself, or - for standard input
    ///
    /// Other users of this machine can read it in `ps`, and your shell keeps it in its history. For real secrets use
    /// --secret-env, --secret-file or the variable FOB_SECRET.
    #[arg(short, long, value_name = "TEXT", group = "key_source", value_parser = secret_text, allow_hyphen_values = true)]
    pub secret: Option<Secret>,
    /// The encoding of the secret [default: text]
    #[arg(
        long,
        value_name = "FORMAT",
        value_parser = one_of(&SecretFormat::ALL, SecretFormat::name),
        conflicts_with = "key"
    )]
    pub secret_format: Option<SecretFormat>,
    /// A key: a path, a URL, or - for standard input
    ///
    /// PEM (PKCS #8, PKCS #1, SEC 1, SPKI, X.509), DER, JWK or JWK Set, recognized by content. Without a key option, the
    /// variable FOB_KEY is used: a path, or the text of the key.
    #[arg(
        short,
        long,
        value_name = "PATH|URL|-",
        group = "key_source",
        value_hint = ValueHint::FilePath,
        allow_hyphen_values = true,
        action = ArgAction::Set,
        num_args = 1
    )]
    pub key: Vec<OsString>,
    /// Choose the key with this ID from a set
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    pub kid: Option<String>,
    /// Choose the key of a set by this claim instead of the kid, for one secret per user
    #[arg(long, value_name = "NAME", conflicts_with = "kid")]
    pub kid_claim: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub password: PasswordArgs,
}

impl OptionGroup for KeyArgs {
    const NAMES: &'static str = "secret-env secret-file secret s secret-format key k kid kid-claim key-password-env key-password-file";
    const REFERRED: &'static str = "key_source secret_format key_password kid kid_claim";
}

impl KeyArgs {
    /// Returns whether the command line names a secret or a key.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        self.secret.is_some()
            || self.secret_env.is_some()
            || self.secret_file.is_some()
            || !self.key.is_empty()
    }
}

// The password of an encrypted key, so that the user is not asked.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct PasswordArgs {
    /// Read the password of an encrypted key from an environment variable
    #[arg(long, value_name = "VAR", group = "key_password")]
    pub key_password_env: Option<String>,
    /// Read the password of an encrypted key from a file
    #[arg(long, value_name = "PATH", group = "key_password")]
    pub key_password_file: Option<PathBuf>,
}

impl OptionGroup for PasswordArgs {
    const NAMES: &'static str = "key-password-env key-password-file";
}

// Keys that an issuer publishes, for commands that verify.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Key")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct IssuerKeyArgs {
    /// Fetch the keys that this issuer publishes, and require its iss
    ///
    /// The metadata of the issuer (OpenID Connect Discovery, RFC 8414) has the URL of the keys.
    #[arg(long, value_name = "URL", group = "key_source", conflicts_with = "secret_format")]
    pub issuer_keys: Option<String>,
    /// Keep fetched keys in this folder
    ///
    /// They are used for as long as the server allows, or for 5 minutes. If a token names a key that the cached keys
    /// lack, they are fetched once more, at most every 30 seconds.
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// Use only the keys in the folder of --cache, however old
    #[arg(long, requires = "cache")]
    pub offline: bool,
}

impl OptionGroup for IssuerKeyArgs {
    const NAMES: &'static str = "issuer-keys cache offline";
}

/// Removes the URL from the help on `--key` of a command that signs, since a published key cannot sign. `--kid` also
/// names the new token's key.
pub(super) fn without_urls(command: Command) -> Command {
    let command = with_option(command, "key", |key| {
        key.value_name("PATH|-").help("A private key: a path, or - for standard input")
    });
    with_option(command, "kid", |kid| kid.help("The ID of the key, for the header; chooses one of a set"))
}

/// Lets `--key` repeat.
pub(super) fn with_several_keys(command: Command) -> Command {
    with_option(command, "key", |key| {
        key.action(ArgAction::Append).help("A key: a path, a URL, or - for standard input; may repeat")
    })
}

#[expect(clippy::unnecessary_wraps, reason = "clap expects this signature")]
fn secret_text(text: &str) -> Result<Secret, Infallible> {
    Ok(Secret::new(text.as_bytes().to_vec()))
}

/// Make, show, convert or identify keys.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(disable_help_subcommand = true)]
pub struct KeyCommandArgs {
    /// The subcommand.
    #[command(subcommand)]
    pub action: KeyAction,
}

/// Adds the subcommands. In place of its help, each has its words.
pub(super) fn options(command: Command) -> Command {
    KeyCommandArgs::augment_args(command).mut_subcommands(|inner| {
        let words = format!("key {}", inner.get_name());
        inner.override_help(words)
    })
}

/// The subcommands of `fob key`.
#[derive(Clone, Debug, Subcommand)]
pub enum KeyAction {
    /// Make a secret or a key
    New(KeyNewArgs),
    /// Show, convert or identify a key; private parts only with --private
    Show(KeyShowArgs),
}

/// Make a secret or a key.
///
/// A secret is as long as the hash of its algorithm. A new file is readable by its owner alone. An existing file is
/// never overwritten.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct KeyNewArgs {
    /// The signature or encryption algorithm that the key is for [default: ES256; HS256 with --format secret]
    #[arg(long, ignore_case = true, value_parser = new_key_algorithm())]
    pub alg: Option<NewKeyAlgorithm>,
    /// The curve of an ECDH-ES key [default: P-256]
    #[arg(long, value_name = "CURVE", ignore_case = true, value_parser = one_of(&AgreementCurve::ALL, AgreementCurve::name))]
    pub crv: Option<AgreementCurve>,
    /// Write it to a new file instead of standard output
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// The form of the key; `secret` prints random bytes in Base64url
    #[arg(long, value_enum, default_value = "jwk")]
    pub format: NewFormat,
    /// The ID of the key; `thumbprint` is its SHA-256 thumbprint (RFC 7638)
    #[arg(long, value_name = "KID|thumbprint", allow_hyphen_values = true)]
    pub kid: Option<String>,
    /// The size of an RSA key [default: 3072]
    #[arg(long, value_name = "BITS")]
    pub bits: Option<usize>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub seed: SeedArgs,
}

/// The algorithm that a new key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewKeyAlgorithm {
    /// A signature algorithm.
    Signature(Algorithm),
    /// An encryption algorithm.
    Encryption(KeyPurpose),
}

impl KeyNewArgs {
    /// Returns the algorithm of the new key.
    #[must_use]
    pub fn algorithm(&self) -> NewKeyAlgorithm {
        let default = if self.format == NewFormat::Secret { Algorithm::Hs256 } else { Algorithm::Es256 };
        self.alg.unwrap_or(NewKeyAlgorithm::Signature(default))
    }
}

impl NewKeyAlgorithm {
    /// Returns the registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Signature(algorithm) => algorithm.name(),
            Self::Encryption(purpose) => purpose.name(),
        }
    }

    /// Returns all algorithms, those of signatures first.
    fn all() -> impl Iterator<Item = Self> {
        let management = KeyAlgorithm::ALL.iter().copied().map(KeyPurpose::Management);
        let content = ContentAlgorithm::ALL.iter().copied().map(KeyPurpose::Content);
        let signatures = Algorithm::ALL.iter().copied().map(Self::Signature);
        signatures.chain(management.chain(content).map(Self::Encryption))
    }
}

/// Returns the parser of the algorithms of new keys. Those without keys are understood, but not offered.
fn new_key_algorithm() -> impl TypedValueParser<Value = NewKeyAlgorithm> {
    let is_offered = |algorithm: &NewKeyAlgorithm| match algorithm {
        NewKeyAlgorithm::Encryption(purpose) => purpose.has_keys(),
        NewKeyAlgorithm::Signature(_) => true,
    };
    let named =
        |algorithm: NewKeyAlgorithm| PossibleValue::new(algorithm.name()).hide(!is_offered(&algorithm));
    PossibleValuesParser::new(NewKeyAlgorithm::all().map(named)).try_map(|word| {
        // clap has already compared the word with the names, in any letter case.
        NewKeyAlgorithm::all()
            .find(|algorithm| algorithm.name().eq_ignore_ascii_case(&word))
            .ok_or("no such value")
    })
}

/// The form of a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum NewFormat {
    /// A JSON Web Key.
    Jwk,
    /// PKCS #8 in PEM.
    Pem,
    /// The secret alone, as a line of text.
    Secret,
}

/// Show, convert or identify a key.
///
/// Without options, lists the keys of the file. Private parts are printed only with --private.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct KeyShowArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub files: KeyFilesArgs,
    /// Print the public half as a key
    #[arg(long, conflicts_with = "private")]
    pub public: bool,
    /// Print the whole key, private parts too
    #[arg(long)]
    pub private: bool,
    /// The form of the key [default: jwk]
    #[arg(long, value_enum)]
    pub format: Option<ShowFormat>,
    /// Print only the thumbprint (RFC 7638, SHA-256); of several files, with the name of each
    #[arg(long, conflicts_with_all = ["public", "private", "format"])]
    pub thumbprint: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub password: PasswordArgs,
}

// The files of keys, as clap parses them; KeyFilesArgs adds their order.
#[derive(Args)]
#[group(skip)]
struct KeyFileOptions {
    /// The files, or - for standard input; with --format jwks, several files make one set
    #[arg(value_name = "PATH", value_hint = ValueHint::FilePath, required = true)]
    path: Vec<OsString>,
    /// Choose the key of a set by its ID; with --format jwks, the ID of the key in the next file
    ///
    /// With --format jwks, a --kid before each file names its key. A file with one line of text is then a secret.
    #[arg(long, value_name = "KID", allow_hyphen_values = true)]
    kid: Vec<String>,
}

/// The files of keys, each with the ID that the user gives before it.
#[derive(Clone, Debug)]
pub struct KeyFilesArgs {
    /// The paths and the IDs.
    pub named: Vec<(OsString, Option<String>)>,
    /// An ID that belongs to no file.
    pub misplaced: Option<String>,
}

impl Args for KeyFilesArgs {
    fn augment_args(command: Command) -> Command {
        KeyFileOptions::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        KeyFileOptions::augment_args_for_update(command)
    }
}

impl FromArgMatches for KeyFilesArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        let positions = |name| -> Vec<usize> { matches.indices_of(name).into_iter().flatten().collect() };
        let (paths, kids) = (positions("path"), positions("kid"));
        let KeyFileOptions { path, kid } = KeyFileOptions::from_arg_matches_mut(matches)?;
        // As many IDs as files: the order of each is enough.
        if path.len() == kid.len() {
            return Ok(Self {
                named: path.into_iter().zip(kid.into_iter().map(Some)).collect(),
                misplaced: None,
            });
        }
        let mut kids: Vec<(usize, String)> = kids.into_iter().zip(kid).collect();
        let mut named = Vec::new();
        let mut last = 0;
        for (position, path) in paths.into_iter().zip(path) {
            let is_before = |(at, _): &(usize, String)| (last..position).contains(at);
            let kid = kids.iter().position(is_before).map(|index| kids.remove(index).1);
            named.push((path, kid));
            last = position;
        }
        Ok(Self { named, misplaced: kids.into_iter().next().map(|(_, kid)| kid) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The form of a shown key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// A JSON Web Key, or a JWK Set if the file is one.
    Jwk,
    /// A JWK Set of the keys of all files.
    Jwks,
    /// PKCS #8 or SPKI in PEM.
    Pem,
}
