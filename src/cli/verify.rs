//! `fob verify`

use super::decryption::{CookieArgs, DecryptionArgs};
use super::input::TokenArgs;
use super::key::{IssuerKeyArgs, KeyArgs, with_several_keys};
use super::lines::{self, LinesArgs};
use super::on_demand::{OnDemand, OptionGroup};
use super::one_of;
use super::policy::PolicyArgs;
use super::store::StoreArgs;
use super::suite::{self, SuiteArgs};
use crate::core::reason::Expectation;
use crate::core::text::duration::Duration;
use crate::core::verify::SignatureDemand;
use clap::{Args, Command, ValueEnum};
use std::ffi::OsString;

/// Check a token's signature and claims.
///
/// Every check is reported as passed, failed or skipped. The key decides which algorithms are allowed; the token never
/// does. exp, nbf, iat and the types of registered claims are checked without any option. Only --ignore-exp leaves out
/// exp.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct VerifyArgs {
    /// Succeed on this outcome: accepted, rejected or reason codes
    ///
    /// CODE is accepted, rejected, malformed, or a reason code such as expired. If several are given, all must be present.
    /// docs/contract.md lists the reason codes.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub expect: Vec<Expectation>,
    /// Print only this claim of an accepted token
    ///
    /// NAME is the name of a claim, or a JSON Pointer that starts with /. For a token that is not accepted, no claim is
    /// printed, and the report goes to standard error.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["expect", "lines"])]
    pub get: Option<String>,
    /// Show the header and the payload, too
    #[arg(short, long)]
    pub verbose: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub policy: OnDemand<PolicyArgs>,
    /// Require this kind of token: access, refresh, …
    #[arg(long, value_name = "TEXT", help_heading = "Checks")]
    pub token_type: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub exceptions: OnDemand<ExceptionArgs>,
    /// Require all signatures of a token in JSON serialization to be accepted, or any one [default: all]
    ///
    /// A token in JSON serialization is read from @PATH. To read it from TOKEN or standard input, give this option.
    #[arg(
        long,
        value_name = "WHICH",
        value_parser = one_of(&[SignatureDemand::All, SignatureDemand::Any], SignatureDemand::name),
        conflicts_with = "lines",
        help_heading = "Checks"
    )]
    pub signatures: Option<SignatureDemand>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub holder: OnDemand<HolderArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub store: OnDemand<StoreArgs>,
    /// Accept each token only once; needs --store
    #[arg(long, requires = "store", help_heading = "Store")]
    pub once: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: OnDemand<KeyArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub issuer: OnDemand<IssuerKeyArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub decryption: OnDemand<DecryptionArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub cookie: OnDemand<CookieArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    /// The payload of a token that does not hold it: @PATH, - for standard input, or the text itself
    ///
    /// The payload may be any bytes. The claims of a JSON object are judged. For anything else, only the signature is
    /// judged. A payload larger than --max-size is read in pieces, and its claims are not judged.
    #[arg(
        long,
        value_name = "@PATH|-|TEXT",
        conflicts_with_all = ["lines", "store"],
        help_heading = "Token"
    )]
    pub payload: Option<OsString>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub lines: OnDemand<LinesArgs>,
    /// Print only the accepted lines, or only the rejected lines, unchanged
    ///
    /// The exit status is still 1 if any line is not accepted.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        requires = "lines",
        conflicts_with = "json",
        help_heading = "Many tokens"
    )]
    pub print: Option<Printed>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub suite: OnDemand<SuiteArgs>,
}

// Exceptions from the checks.
#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Checks")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ExceptionArgs {
    /// Skip the comparison of exp with the clock
    #[arg(long)]
    pub ignore_exp: bool,
    /// Accept segments with `=` padding, as load balancers of AWS write them
    ///
    /// The signature is verified over the bytes received, so the padding must have been signed.
    #[arg(long)]
    pub allow_padding: bool,
    /// Accept claims that are encrypted with a shared key, but not signed
    ///
    /// Every holder of the shared key can write such claims. Claims that are encrypted with a public key are never
    /// accepted without a signature.
    #[arg(long)]
    pub accept_shared_key: bool,
}

impl OptionGroup for ExceptionArgs {
    const NAMES: &'static str = "ignore-exp allow-padding accept-shared-key";
}

// The demands on the holder of an SD-JWT.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Checks")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct HolderArgs {
    /// Require an SD-JWT whose key binding JWT has this nonce
    ///
    /// The holder signs the key binding JWT with the key that the token names in cnf. Without the --holder options, it may
    /// be absent, and the report says what was not checked.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub holder_nonce: Option<String>,
    /// Require an SD-JWT whose key binding JWT has this aud; repeated, any of them
    #[arg(long, value_name = "TEXT")]
    pub holder_aud: Vec<String>,
    /// Require an SD-JWT whose key binding JWT was signed no longer ago than this
    #[arg(long, value_name = "DURATION")]
    pub holder_max_age: Option<Duration>,
}

impl OptionGroup for HolderArgs {
    const NAMES: &'static str = "holder-nonce holder-aud holder-max-age";
}

/// Adds the options of the command, and the conflicts between them.
pub(super) fn options(command: Command) -> Command {
    suite::alone(with_several_keys(lines::instead_of_a_token::<VerifyArgs>(command)))
}

/// The lines that `--print` lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Printed {
    /// Tokens that pass every check.
    Accepted,
    /// All other tokens, including malformed ones.
    Rejected,
}
