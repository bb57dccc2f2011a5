//! What the caller demands of a token.

use super::one_of;
use crate::core::mint::assignment::Assignment;
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;
use crate::core::verify::policy::Policy;
use clap::Args;

// The demands on a token, shared by the commands that judge.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Checks")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct PolicyArgs {
    /// An algorithm that is allowed; may repeat [default: those of the key]
    #[arg(long, value_parser = one_of(Algorithm::ALL, Algorithm::name))]
    pub alg: Vec<Algorithm>,
    /// iss must be this; repeated, any of them
    #[arg(long, value_name = "TEXT")]
    pub iss: Vec<String>,
    /// aud must hold this; repeated, any of them
    #[arg(long, value_name = "TEXT")]
    pub aud: Vec<String>,
    /// sub must be this
    #[arg(long, value_name = "TEXT")]
    pub sub: Option<String>,
    /// jti must be this
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub jti: Option<String>,
    /// The header's typ must be this media type
    #[arg(long, value_name = "TYPE")]
    pub typ: Option<String>,
    /// A claim must have this value: name=text or name:=json; a name that starts with / is a JSON Pointer
    #[arg(short, long, value_name = "NAME=TEXT|NAME:=JSON")]
    pub claim: Vec<Assignment>,
    /// A claim must be there; may repeat
    #[arg(long, value_name = "NAME")]
    pub require: Vec<String>,
    /// It must have been issued no longer ago than this
    #[arg(long, value_name = "DURATION")]
    pub max_age: Option<Duration>,
    /// How far clocks may be apart
    #[arg(long, value_name = "DURATION", default_value = "0")]
    pub leeway: Duration,
    /// RFC 8725: refuse weak keys, a missing exp, and an aud or iss that was not asked for
    #[arg(long)]
    pub strict: bool,
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
                .map(|Assignment(member)| (member.name.into_owned(), member.value))
                .collect(),
            required: args.require,
            max_age: args.max_age,
            leeway: args.leeway,
            strict: args.strict,
            ..Self::default()
        }
    }
}
