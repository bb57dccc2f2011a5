//! `fob verify`

use super::input::TokenArgs;
use super::key::{IssuerKeyArgs, KeyArgs};
use super::lines::{self, LinesArgs};
use super::policy::PolicyArgs;
use super::store::StoreArgs;
use super::suite::{self, SuiteArgs};
use crate::core::reason::Expectation;
use clap::{Args, Command, ValueEnum};

/// Check a token's signature and claims.
///
/// Every check is made and reported: passed, failed or skipped. The key decides which algorithms are allowed; the
/// token never does. nbf, iat and the types of registered claims are always checked.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Exit status:
  0 accepted, 1 rejected, 2 nothing judged, 3 only time is at fault, 4 no token

Examples:
  export FOB_SECRET=topsecret; fob encode --exp 15m | fob verify
  export FOB_SECRET=topsecret; fob encode --aud api | fob verify --aud api
  fob encode --exp -1h -s topsecret | fob verify -s topsecret --ignore-exp
  fob encode --exp -1h -s topsecret | fob verify -s topsecret --expect expired
  fob encode --jti --exp 1h -s topsecret | fob verify -s topsecret --once --store used.db
  fob encode -s topsecret | fob verify --lines -s topsecret --print accepted")]
pub struct VerifyArgs {
    /// Succeed if this is the outcome: accepted, rejected, malformed, or reason codes that must all be given
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub expect: Vec<Expectation>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub policy: PolicyArgs,
    /// The kind of token it must be: access, refresh, …
    #[arg(long, value_name = "TEXT", help_heading = "Checks")]
    pub token_type: Option<String>,
    /// Do not compare exp with the clock
    #[arg(long, help_heading = "Checks")]
    pub ignore_exp: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub store: StoreArgs,
    /// Accept each token a single time
    #[arg(long, requires = "store", help_heading = "Store")]
    pub once: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub issuer: IssuerKeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub lines: LinesArgs,
    /// Print the lines that are accepted, or those that are not, as they came
    ///
    /// The exit status is 1 all the same if any line is not accepted.
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
    pub suite: SuiteArgs,
}

/// The options of the command, and which of them go together.
pub(super) fn options(command: Command) -> Command {
    suite::alone(lines::instead_of_a_token::<VerifyArgs>(command))
}

/// What a filter lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Printed {
    /// Tokens that pass every check.
    Accepted,
    /// All others, malformed ones too.
    Rejected,
}
