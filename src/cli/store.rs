//! The options for the store of a session.

use super::on_demand::OptionGroup;
use clap::{Args, ValueHint};
use std::ffi::OsString;

// The option --store.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Store")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct StoreArgs {
    /// Check and update this store of used and revoked tokens
    ///
    /// A store is an SQLite file (PATH or sqlite:PATH), or a Redis or Valkey server. A server is
    /// redis://USER:PASSWORD@HOST:PORT/DATABASE, or rediss:// with TLS. Give the password in the variable
    /// FOB_STORE_PASSWORD to hide it from `ps`. Options follow a question mark, as in
    /// sqlite:PATH?missing=deny. `missing=deny` rejects tokens that the store does not know. `prefix=TEXT` is the prefix
    /// of all keys on a server (default: fob:). `layout=user-token-set` also uses the sets user:{user_id}:token, which
    /// other programs share: if the set of the user exists, it decides which access tokens are good.
    ///
    /// The store knows a token by its `iss` and `jti`. It knows a token without `jti` by a digest of its signing input,
    /// so two such tokens with the same header and claims are one token.
    #[arg(long, value_name = "URL", value_hint = ValueHint::FilePath)]
    pub store: Option<OsString>,
}

impl OptionGroup for StoreArgs {
    const NAMES: &'static str = "store";
    const REFERRED: &'static str = "store";
}
