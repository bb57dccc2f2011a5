//! The arguments of `fob revoke`.

use super::input::TokenArgs;
use super::one_of;
use super::pair::profile_parser;
use super::server::{ServerArgs, csrf, place, scheme};
use super::session::EndArgs;
use crate::core::oauth::framework::Framework;
use crate::core::oauth::server::{BodyFormat, CsrfRule, TokenPlace};
use clap::{ArgGroup, Args, Command, Id, ValueHint};
use std::ffi::OsString;

/// Revoke tokens in a store or at their server, or log out of a session
///
/// `verify --store` and `refresh --store` reject revoked tokens. The token's signature is not checked: write access to
/// the store is enough to revoke. If you received the token from another person, run `fob verify … && fob revoke …`, so
/// that a forged token cannot end another user's session. Tokens that the store does not know, or that have expired,
/// are revoked too (RFC 7009).
///
/// With --from or --issuer, no store is used: the server is asked to end the session of the token. Access tokens that were
/// issued before can stay good until they expire, if services judge them without asking the server. With --session, the
/// login in a file is ended in this way.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct RevokeArgs {
    /// The store: PATH, sqlite:PATH, redis://HOST… or rediss://HOST…
    ///
    /// `fob pair --help` describes the options that can follow.
    #[arg(long, value_name = "URL", value_hint = ValueHint::FilePath)]
    pub store: Option<OsString>,
    /// Also revoke every token that descends from the same login
    ///
    /// The store knows the family of tokens that fob issued or refreshed in it, and of tokens with `orig_jti`. In the layout
    /// user-token-set, this revokes everything of the user.
    #[arg(long)]
    pub family: bool,
    /// Revoke everything issued so far to this subject (`sub`, or else `user_id`)
    ///
    /// A token without `iat` that fob did not issue in this store counts as issued before. In the layout user-token-set, a
    /// revoked token is good again if another program adds it to the set later.
    #[arg(long, value_name = "SUB", conflicts_with_all = ["token", "family"])]
    pub subject: Option<String>,
    /// Revoke only what this issuer issued to the subject
    #[arg(long, value_name = "TEXT", requires = "subject", conflicts_with_all = ["list", "prune"])]
    pub iss: Option<String>,
    /// List the content of the store
    #[arg(long, conflicts_with_all = ["token", "family", "subject"])]
    pub list: bool,
    /// Delete expired records
    #[arg(long, conflicts_with_all = ["token", "family", "subject", "list"])]
    pub prune: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub server: ServerArgs,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub ended: EndArgs,
    /// Ask the server of this framework [default: as the token looks; with --issuer, oauth]
    #[arg(long, value_name = "NAME", requires = "server", value_parser = profile_parser(), help_heading = "Server")]
    pub profile: Option<Framework>,
    /// Send the token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    #[arg(long, value_name = "PLACE", value_parser = place, help_heading = "Servers of other kinds")]
    pub token_in: Option<TokenPlace>,
    /// Send the members of the request in this format
    #[arg(long, value_name = "FORMAT", requires = "server", help_heading = "Servers of other kinds",
        value_parser = one_of(&BodyFormat::ALL, BodyFormat::name))]
    pub body: Option<BodyFormat>,
    /// Send the value of this cookie in this header field, if the token is in a cookie
    #[arg(long, value_name = "COOKIE=HEADER", requires = "server", value_parser = csrf, help_heading = "Servers of other kinds")]
    pub csrf: Option<CsrfRule>,
    /// The scheme of the Authorization header, if the token is sent there [default: Bearer]
    #[arg(long, value_name = "SCHEME", requires = "server", value_parser = scheme, help_heading = "Servers of other kinds")]
    pub scheme: Option<String>,
}

const FROM: &str = "\
Revoke the token at this server

Sends the token to the URL, in the form of --profile: a revocation endpoint (RFC 7009), or the log-out of a framework. Only \
https, or http to this machine. Redirects are not followed.";

/// Adds the options, and lets those of stores conflict with those of servers.
pub(super) fn options(command: Command) -> Command {
    let of_stores = ["store", "family", "subject", "iss", "list", "prune"].map(Id::from);
    let of_servers = ServerArgs::augment_args(Command::new("server"));
    let mut of_servers: Vec<Id> = of_servers.get_arguments().map(|option| option.get_id().clone()).collect();
    of_servers.extend(["profile", "token_in", "body", "csrf", "scheme"].map(Id::from));
    // All other settings are in the file.
    let beside = ["from", "token_in"];
    let said: Vec<Id> = of_servers.iter().filter(|id| !beside.contains(&id.as_str())).cloned().collect();
    let said = said.into_iter().chain(["token", "pick", "join", "max_size"].map(Id::from));
    let targets = ["store", "from", "issuer", "session"];
    let command = RevokeArgs::augment_args(command)
        .group(ArgGroup::new("target").args(targets).required(true).multiple(true))
        .mut_arg("session", |option| option.conflicts_with_all(said).conflicts_with_all(&of_stores));
    command.mut_args(|option| {
        let is_from = option.get_id() == "from";
        let option =
            if is_from { option.help("Revoke the token at this server").long_help(FROM) } else { option };
        if of_servers.contains(option.get_id()) { option.conflicts_with_all(&of_stores) } else { option }
    })
}
