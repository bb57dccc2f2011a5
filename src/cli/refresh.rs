//! `fob refresh`

use super::decryption::DecryptionArgs;
use super::encrypt::EncryptArgs;
use super::input::TokenArgs;
use super::key::{KeyArgs, without_urls};
use super::pair::{LifetimeArgs, RefreshMarkArgs, profile_parser};
use super::policy::PolicyArgs;
use super::server::{ServerArgs, ServerFormArgs, apart, scheme};
use super::session::{ContinueArgs, LoginWords};
use super::store::StoreArgs;
use crate::core::mint::pair::PairFormat;
use crate::core::oauth::framework::Framework;
use crate::core::text::duration::Duration;
use clap::{Args, Command};

/// Check a refresh token and mint the next access token.
///
/// The token is checked as by `verify`, and must not be an access token. A token is minted only if it is accepted. If
/// it has expired, the exit status is 3, and the user must log in again. With --store, each refresh token can be used
/// once. A second use revokes its family: every token that descends from the same login. With --from, the token is not
/// checked here: a server checks it and issues the next tokens.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct RefreshArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub login: LoginWords,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub kept: ContinueArgs,
    /// The framework of the tokens [default: as the token looks]
    ///
    /// Tokens get the format of this framework, or come from its server. With --issuer, the default is oauth. The
    /// first seven mint tokens. All but plain can be the server of --from.
    #[arg(long, value_name = "NAME", value_parser = profile_parser())]
    pub profile: Option<Framework>,
    /// Mint a new refresh token, too
    #[arg(long)]
    pub rotate: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub mark: RefreshMarkArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub store: StoreArgs,
    /// Reject a token whose family was refreshed less than this ago
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
    pub decryption: DecryptionArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub encryption: EncryptArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub server: ServerArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub form: ServerFormArgs,
    /// Show the header and the payload of a token that is not accepted
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
    /// The format [default: text]
    #[arg(long, value_enum, help_heading = "Output")]
    pub format: Option<PairFormat>,
    /// The scheme of --format header, such as Bearer, JWT, Token or DPoP [default: that of the tokens]
    #[arg(long, value_name = "SCHEME", value_parser = scheme, help_heading = "Output")]
    pub scheme: Option<String>,
}

/// Adds the options, and makes all except these conflict with `--from`.
pub(super) fn options(command: Command) -> Command {
    let command = without_urls(RefreshArgs::augment_args(command));
    apart(command, &["profile", "token", "pick", "max_size", "format", "scheme"])
}
