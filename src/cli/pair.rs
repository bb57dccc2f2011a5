//! `fob pair`

use super::claims::Assignment;
use super::key::KeyArgs;
use super::one_of;
use super::seed::SeedArgs;
use super::server::{LoginArgs, apart};
use super::store::StoreArgs;
use crate::core::mint::profile::{Profile, Terms};
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::numeric_date::NumericDate;
use clap::builder::TypedValueParser;
use clap::{Args, Command, ValueEnum};

/// Mint an access and a refresh token that belong together.
///
/// The claims, their order and their form are those of the system named by --profile. With --from and --user nothing is
/// minted: a server of that kind gives the tokens to who logs in there.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Examples:
  FOB_SECRET=topsecret fob pair --user-id 7
  FOB_SECRET=topsecret fob pair --user-id 7 -c role=admin --format env
  fob pair --user-id 7 -s topsecret --access-ttl 15m --json
  fob pair --profile drf-jwt --user-id 7 -c username=al -s topsecret
  fob pair --profile oauth --sub al --format oauth -s topsecret
  fob pair --user-id 7 --seed 1 --at 2026-01-31 -s topsecret
  fob pair --user-id 7 -s topsecret --store sessions.db")]
pub struct PairArgs {
    /// The user, as user_id (sub with oauth)
    #[arg(long, value_name = "ID")]
    pub user_id: Option<String>,
    /// The user, as sub
    #[arg(long, value_name = "TEXT")]
    pub sub: Option<String>,
    /// Whose tokens they are like
    #[arg(long, value_name = "NAME", value_parser = profile_parser(), default_value = "simplejwt")]
    pub profile: Profile,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub terms: TermsArgs,
    /// iss, the issuer
    #[arg(long, value_name = "TEXT", help_heading = "Claims")]
    pub iss: Option<String>,
    /// aud, an audience; repeated, an array of them
    #[arg(long, value_name = "TEXT", help_heading = "Claims")]
    pub aud: Vec<String>,
    /// A claim of both tokens
    #[arg(short, long, value_name = "NAME=TEXT|NAME:=JSON", help_heading = "Claims")]
    pub claim: Vec<Assignment>,
    /// A claim of the access token alone
    #[arg(long, value_name = "NAME=TEXT|NAME:=JSON", help_heading = "Claims")]
    pub access_claim: Vec<Assignment>,
    /// A claim of the refresh token alone
    #[arg(long, value_name = "NAME=TEXT|NAME:=JSON", help_heading = "Claims")]
    pub refresh_claim: Vec<Assignment>,
    /// The algorithm [default: that of the key; HS256 for a secret]
    #[arg(long, value_parser = one_of(Algorithm::ALL, Algorithm::name), help_heading = "Key")]
    pub alg: Option<Algorithm>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub store: StoreArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub login: LoginArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub seed: SeedArgs,
    /// What to print [default: text]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<PairFormat>,
}

/// The options, of which only these stand beside `--from`.
pub(super) fn options(command: Command) -> Command {
    // A store would take tokens that anybody can make for those that somebody was given.
    let command = PairArgs::augment_args(command).mut_arg("seed", |option| option.conflicts_with("store"));
    apart(command, &["profile", "format"])
}

// How long tokens live, shared by the commands that mint pairs.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
#[command(next_help_heading = "Terms")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct TermsArgs {
    /// How long the access token lives
    #[arg(long, value_name = "DURATION", default_value = "5m")]
    pub access_ttl: Duration,
    /// How long the refresh token lives [default: 1d; drf-jwt: the refresh window, 7d]
    #[arg(long, value_name = "DURATION")]
    pub refresh_ttl: Option<Duration>,
}

impl TermsArgs {
    /// The terms of a profile's tokens.
    #[must_use]
    pub fn of(self, profile: Profile, now: NumericDate, random: [[u8; 16]; 2]) -> Terms {
        let refresh_ttl = self.refresh_ttl.unwrap_or_else(|| profile.refresh_ttl());
        Terms { now, access_ttl: self.access_ttl, refresh_ttl, random }
    }
}

/// Reads the name of a profile.
pub(super) fn profile_parser() -> impl TypedValueParser<Value = Profile> {
    one_of(&Profile::ALL, Profile::name)
}

/// The forms of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PairFormat {
    /// A line a token, with its name before it.
    Text,
    /// An object with access and refresh.
    Json,
    /// Lines for a shell: FOB_ACCESS and FOB_REFRESH.
    Env,
    /// A line for an HTTP request.
    Header,
    /// The response of RFC 6749 section 5.1.
    Oauth,
}
