//! The options of `fob encode`.

use super::claims::ClaimArgs;
use super::detached::DetachedArgs;
use super::encrypt::EncryptArgs;
use super::flaw::FlawArgs;
use super::key::{KeyArgs, without_urls};
use super::lines::{self, LinesArgs};
use super::on_demand::{OnDemand, OptionGroup, with_option};
use super::one_of;
use super::seed::SeedArgs;
use crate::core::mint::assignment::Assignment;
use crate::core::mint::serialization::Serialization;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::claims::REGISTERED;
use clap::{ArgAction, Args, Command, ValueEnum};

/// Build and sign a token.
///
/// Claims come from PAYLOAD, then from the options in the order of the command line. The time of issue (iat) is added
/// unless the claim or --no-iat is given. A claim that is given twice is an error. Standard output gets the token alone.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct EncodeArgs {
    /// The claims as a JSON object: the text itself, @PATH, or - for standard input
    #[arg(value_name = "PAYLOAD", group = "content")]
    pub payload: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub claims: ClaimArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub claims_form: OnDemand<ClaimsFormArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub body: OnDemand<DetachedArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub header: OnDemand<HeaderArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub key: OnDemand<KeyArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub encryption: OnDemand<EncryptArgs>,
    /// Encrypt the claims without a signature
    ///
    /// Needs --encrypt-for, --encrypt-secret-env or --encrypt-secret-file. With a public key, every sender can make such a token, so the
    /// recipient cannot know who made it.
    #[arg(
        long,
        help_heading = "Encryption",
        requires = "encryption_key",
        conflicts_with_all = ["key_source", "secret_format", "key_password", "alg", "kid", "kid_claim", "flaw"]
    )]
    pub unsigned: bool,
    /// The format [default: token]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<TokenFormat>,
    /// The serialization: compact, or a JSON object [default: compact]
    ///
    /// In the general form, --key may repeat: each key adds a signature. The JSON forms have no typ unless --typ is given.
    #[arg(
        long,
        value_name = "FORM",
        value_parser = one_of(&Serialization::ALL, Serialization::name),
        conflicts_with_all = ["lines", "flaw"],
        help_heading = "Output"
    )]
    pub serialization: Option<Serialization>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub flaw: OnDemand<FlawArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub seed: OnDemand<SeedArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub lines: OnDemand<LinesArgs>,
}

/// Adds the options of the command, and the conflicts between them.
pub(super) fn options(command: Command) -> Command {
    let command = without_urls(lines::instead_of_a_payload::<EncodeArgs>(command));
    with_option(command, "key", |key| key.action(ArgAction::Append))
}

// The treatment of claims, beside the options that give them.
#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Claims")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct ClaimsFormArgs {
    /// Do not add iat, the time of issue
    #[arg(long, conflicts_with = "iat")]
    pub no_iat: bool,
    /// Sign the bytes of PAYLOAD, or of each line of --lines, unchanged
    #[arg(
        long,
        requires = "content",
        conflicts_with = "claim",
        conflicts_with_all = REGISTERED
    )]
    pub verbatim: bool,
}

impl OptionGroup for ClaimsFormArgs {
    const NAMES: &'static str = "no-iat verbatim";
    const REFERRED: &'static str = "no_iat verbatim";
}

// The options for the JOSE Header of a new token.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Header")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct HeaderArgs {
    /// The algorithm [default: that of the key; HS256 for a secret]
    #[arg(long, ignore_case = true, value_parser = one_of(Algorithm::ALL, Algorithm::name))]
    pub alg: Option<Algorithm>,
    /// The type of the token [default: JWT]
    #[arg(long, value_name = "TYPE", conflicts_with = "no_typ")]
    pub typ: Option<String>,
    /// Omit the type
    #[arg(long)]
    pub no_typ: bool,
    /// Another header parameter
    #[arg(long, value_name = "NAME=TEXT|NAME:=JSON")]
    pub header: Vec<Assignment>,
}

impl OptionGroup for HeaderArgs {
    const NAMES: &'static str = "alg typ no-typ header";
    const REFERRED: &'static str = "alg";
}

/// The format in which a new token is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TokenFormat {
    /// The token alone.
    Token,
    /// A JSON object with the token, its header and its payload.
    Json,
    /// The Authorization header of an HTTP request.
    Header,
    /// An assignment for a shell: FOB_TOKEN.
    Env,
}
