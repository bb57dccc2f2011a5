//! `fob refresh`

use super::input::TokenArgs;
use super::key::KeyArgs;
use super::pair::{LifetimeArgs, profile_parser};
use super::policy::PolicyArgs;
use super::server::{ServerArgs, apart};
use super::store::StoreArgs;
use crate::core::mint::pair::PairFormat;
use crate::core::mint::profile::Profile;
use crate::core::text::duration::Duration;
use clap::{Args, Command};

/// Check a refresh token and mint the next access token.
///
/// The token is checked as `verify` does; an access token is the wrong type. Nothing is minted unless it is
/// accepted. When it has expired, the exit status is 3: log in again. With a store each refresh token is good for one
/// use; a second use ends its family: every token that descends from the same login. With --from it is
/// not checked here, but sent to a server, which gives the next tokens or refuses it.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Exit status:
  0 accepted, 1 rejected, 2 nothing judged, 3 only time is at fault, 4 no token

Examples:
  export FOB_SECRET=topsecret; fob pair --user-id 7 | fob refresh
  fob pair --user-id 7 -s topsecret --json | fob refresh -s topsecret --rotate
  export FOB_SECRET=topsecret; fob pair --user-id 7 --store s.db | fob refresh --rotate --store s.db")]
pub struct RefreshArgs {
    /// Whose tokens they are like [default: what the token looks like]
    #[arg(long, value_name = "NAME", value_parser = profile_parser())]
    pub profile: Option<Profile>,
    /// Mint a new refresh token too
    #[arg(long)]
    pub rotate: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub store: StoreArgs,
    /// Refuse a family that was refreshed less than this ago
    #[arg(long, value_name = "DURATION", requires = "store", help_heading = "Store")]
    pub min_interval: Option<Duration>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub lifetimes: LifetimeArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub policy: PolicyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub key: KeyArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub server: ServerArgs,
    /// What to print [default: text]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<PairFormat>,
}

/// The options, of which only these stand beside `--from`.
pub(super) fn options(command: Command) -> Command {
    apart(RefreshArgs::augment_args(command), &["profile", "token", "pick", "max_size", "format"])
}
