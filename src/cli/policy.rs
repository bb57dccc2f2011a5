//! The options for the requirements on a token.

use super::on_demand::OptionGroup;
use super::one_of;
use crate::core::mint::assignment::Assignment;
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;
use crate::core::verify::policy::Policy;
use clap::Args;

// The requirements on a token, shared by the commands that judge.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Checks")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct PolicyArgs {
    /// Allow this algorithm; may repeat [default: the algorithms of the key]
    #[arg(long, ignore_case = true, value_parser = one_of(Algorithm::ALL, Algorithm::name))]
    pub alg: Vec<Algorithm>,
    /// Require this iss; repeated, any of them
    #[arg(long, value_name = "TEXT")]
    pub iss: Vec<String>,
    /// Require this in aud; repeated, any of them
    #[arg(long, value_name = "TEXT")]
    pub aud: Vec<String>,
    /// Require this sub
    #[arg(long, value_name = "TEXT")]
    pub sub: Option<String>,
    /// Require this jti
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub jti: Option<String>,
    /// Require this media type in the header parameter typ
    #[arg(long, value_name = "TYPE")]
    pub typ: Option<String>,
    /// Require this claim with this value: name=text or name:=json
    ///
    /// A name that starts with / is a JSON Pointer.
    #[arg(short, long, value_name = "NAME=TEXT|NAME:=JSON")]
    pub claim: Vec<Assignment>,
    /// Require this claim; may repeat
    #[arg(long, value_name = "NAME")]
    pub require: Vec<String>,
    /// Reject tokens issued longer ago than this
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<Duration>,
    /// Allow this difference between clocks [default: 0]
    #[arg(long, value_name = "DURATION")]
    pub leeway: Option<Duration>,
    /// Reject weak keys, a missing exp, and an unchecked aud or iss
    ///
    /// Follows RFC 8725. A token with aud or iss needs --aud or --iss.
    #[arg(long)]
    pub strict: bool,
}

impl OptionGroup for PolicyArgs {
    const NAMES: &'static str = "alg iss aud sub jti typ claim c require max-age leeway strict";
}

impl From<PolicyArgs> for Policy {
    fn from(args: PolicyArgs) -> Self {
        Self {
            algorithms: args.alg,
            issuers: args.iss,
            audiences: args.aud,
            subject: args.sub,
            id: args.jti,
            typ: args.typ,
            claims: args
                .claim
                .into_iter()
                .map(|Assignment { member, .. }| (member.name.into_owned(), member.value))
                .collect(),
            required: args.require,
            max_age: args.max_age,
            leeway: args.leeway.unwrap_or_default(),
            strict: args.strict,
            ..Self::default()
        }
    }
}
