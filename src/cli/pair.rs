//! The options of `fob pair`, and those that `fob refresh` shares with it.

use super::claims::given_texts;
use super::encrypt::EncryptArgs;
use super::key::{KeyArgs, without_urls};
use super::one_of;
use super::seed::SeedArgs;
use super::server::{LoginArgs, apart, scheme};
use super::session::{KeepArgs, LoginWords};
use super::store::StoreArgs;
use crate::core::mint::assignment::Assignment;
use crate::core::mint::pair::{Lifetimes, PairFormat};
use crate::core::mint::profile::Profile;
use crate::core::mint::traps::GivenText;
use crate::core::oauth::framework::Framework;
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Command, ValueEnum};

/// Mint an access token and a refresh token that belong together.
///
/// The claims, their order and their form are those of the framework that --profile names. With --from or --issuer, no
/// token is minted: a user or a client logs in, and the server of that kind issues the tokens.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct PairArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub words: LoginWords,
    /// The user, as the claim user_id
    ///
    /// The profiles oauth, flask-jwt-extended and fastapi-users write it as sub.
    #[arg(long, value_name = "ID")]
    pub user_id: Option<String>,
    /// The user, as the claim sub
    #[arg(long, value_name = "TEXT")]
    pub sub: Option<String>,
    /// The framework whose tokens are issued [default: simplejwt]
    ///
    /// Tokens get the format of this framework, or come from its server. With --issuer, the default is oauth. The
    /// first seven mint tokens. All but plain can be the server of --from.
    #[arg(long, value_name = "NAME", value_parser = profile_parser())]
    pub profile: Option<Framework>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub lifetimes: LifetimeArgs,
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
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub mark: RefreshMarkArgs,
    /// The algorithm [default: that of the key; HS256 for a secret]
    #[arg(long, ignore_case = true, value_parser = one_of(Algorithm::ALL, Algorithm::name), help_heading = "Key")]
    pub alg: Option<Algorithm>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub encryption: EncryptArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub store: StoreArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub login: LoginArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub kept: KeepArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group documents itself")]
    pub seed: SeedArgs,
    /// The format [default: text]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<PairFormat>,
    /// The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]
    #[arg(long, value_name = "SCHEME", value_parser = scheme, help_heading = "Output")]
    pub scheme: Option<String>,
}

impl PairArgs {
    /// Returns the texts that options for claims give with `=`.
    #[must_use]
    pub fn texts(&self) -> Vec<GivenText> {
        let options = [
            ("-c", self.claim.as_slice()),
            ("--access-claim", &self.access_claim),
            ("--refresh-claim", &self.refresh_claim),
            ("--refresh-mark", self.mark.refresh_mark.as_slice()),
        ];
        options.into_iter().flat_map(|(option, given)| given_texts(option, given)).collect()
    }
}

/// Adds the options, and lets `--from` conflict with those that mint.
pub(super) fn options(command: Command) -> Command {
    // Seeded tokens can be made by all who know the seed, so a store must not treat them as issued.
    let command = without_urls(PairArgs::augment_args(command)).mut_arg("seed", |option| {
        let help = option.get_long_help().map(ToString::to_string).unwrap_or_default();
        option.conflicts_with("store").long_help(help + " --store cannot be used with it.")
    });
    apart(command, &["profile", "format", "scheme"])
}

// The claim that tells a refresh token from other tokens, for the commands that mint pairs.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Claims")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct RefreshMarkArgs {
    /// The claim that marks a refresh token, such as type=refresh or refresh:=true
    ///
    /// An access token never has it. If the mark is a usual word such as type=refresh, the access token has its counterpart:
    /// type=access. Profiles with a mark of their own keep it, too.
    #[arg(long, value_name = "NAME=TEXT|NAME:=JSON")]
    pub refresh_mark: Option<Assignment>,
}

// The lifetimes of tokens, for the commands that mint pairs.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
#[command(next_help_heading = "Lifetimes")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct LifetimeArgs {
    /// The lifetime of the access token [default: 5m]
    ///
    /// For flask-jwt-extended, the default is 15m. For fastapi-users, it is 1h.
    #[arg(long, value_name = "DURATION")]
    pub access_ttl: Option<Duration>,
    /// The lifetime of the refresh token [default: 1d]
    ///
    /// For flask-jwt-extended, the default is 30d. For drf-jwt, it is the refresh window of 7d.
    #[arg(long, value_name = "DURATION")]
    pub refresh_ttl: Option<Duration>,
}

impl LifetimeArgs {
    /// Returns the lifetimes, with the default of a profile for those that are not given.
    #[must_use]
    pub fn for_profile(self, profile: Profile) -> Lifetimes {
        Lifetimes {
            access: self.access_ttl.unwrap_or_else(|| profile.access_lifetime()),
            refresh: self.refresh_ttl.unwrap_or_else(|| profile.refresh_lifetime()),
        }
    }
}

/// Returns the parser of profile names.
pub(super) fn profile_parser() -> impl TypedValueParser<Value = Framework> {
    let described = |framework: Framework| PossibleValue::new(framework.name()).help(framework.about());
    PossibleValuesParser::new(Framework::all().into_iter().map(described)).try_map(|name| {
        // clap has already compared the word with the names.
        Framework::all().into_iter().find(|framework| framework.name() == name).ok_or("no such value")
    })
}

impl ValueEnum for PairFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, description) = self.describe();
        Some(PossibleValue::new(name).help(description))
    }
}

/// Returns the format that the user asked for: by `--format`, else by `--json`, else text.
pub(crate) fn pair_format(asked: Option<PairFormat>, json: bool) -> PairFormat {
    asked.unwrap_or(if json { PairFormat::Json } else { PairFormat::Text })
}
