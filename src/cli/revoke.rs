//! `fob revoke`

use super::input::TokenArgs;
use clap::{Args, ValueHint};
use std::ffi::OsString;

/// Put a token, a family or a subject out of use in a store.
///
/// A token is believed what it says of itself; no key is needed, since whoever may write the store may take away. Whoever
/// takes tokens from others runs `fob verify … && fob revoke …`, or a forged one ends somebody else's session. A token
/// that the store does not know, or that has expired, is out of use afterwards just the same (RFC 7009). `verify --store`
/// and `refresh --store` refuse what is out of use.
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
    /// The store: sqlite:PATH or a path, redis://HOST…, rediss://HOST…
    ///
    /// See `fob pair --help` for what may follow.
    #[arg(long, value_name = "URL", required = true, value_hint = ValueHint::FilePath)]
    pub store: OsString,
    /// With the token, every token that descends from the same login
    #[arg(long)]
    pub family: bool,
    /// Everything issued so far to whoever this is (sub, or user_id where there is none)
    #[arg(long, value_name = "SUB", conflicts_with_all = ["token", "family"])]
    pub subject: Option<String>,
    /// Only what this issuer issued to the subject
    #[arg(long, value_name = "TEXT", requires = "subject")]
    pub iss: Option<String>,
    /// Show what the store holds
    #[arg(long, conflicts_with_all = ["token", "family", "subject"])]
    pub list: bool,
    /// Drop what has expired
    #[arg(long, conflicts_with_all = ["token", "family", "subject", "list"])]
    pub prune: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub token: TokenArgs,
}
