//! The arguments of `fob revoke`.

use super::input::TokenArgs;
use clap::{Args, ValueHint};
use std::ffi::OsString;

/// Revoke a token, a family or a subject in a store
///
/// `verify --store` and `refresh --store` reject revoked tokens. The token's signature is not checked: write access to the
/// store is enough to revoke. If you received the token from another person, run `fob verify … && fob revoke …`, so that a forged
/// token cannot end another user's session. Tokens that the store does not know, or that have expired, are revoked too
/// (RFC 7009).
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(after_help = "\
Examples:
  fob pair --user-id 7 -s topsecret --store s.db | fob revoke --pick access --store s.db
  fob pair --user-id 7 -s topsecret --store s.db | fob revoke --pick refresh --family --store s.db
  fob revoke --subject 7 --store s.db
  fob revoke --list --store s.db
  fob revoke --prune --store s.db")]
pub struct RevokeArgs {
    /// The store: PATH, sqlite:PATH, redis://HOST… or rediss://HOST…
    ///
    /// `fob pair --help` describes the options that can follow.
    #[arg(long, value_name = "URL", required = true, value_hint = ValueHint::FilePath)]
    pub store: OsString,
    /// Also revoke every token that descends from the same login
    ///
    /// The store knows the family of tokens that fob issued or refreshed in it, and of tokens with `orig_jti`. In the layout
    /// user-token-set, this revokes everything of the user.
    #[arg(long)]
    pub family: bool,
    /// Revoke everything issued so far to this subject (`sub`, or else `user_id`)
    ///
    /// A token without `iat` that fob did not issue in this store counts as issued before. In the layout user-token-set, it
    /// is good again if another program adds it to the set later.
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
}
