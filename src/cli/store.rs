//! The store of a session.

use clap::{Args, ValueHint};
use std::ffi::OsString;

// Where it is recorded what is out of use.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Store")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct StoreArgs {
    /// Ask and keep this store: sqlite:PATH or a path, redis://HOST…, rediss://HOST…
    ///
    /// A file of SQLite, or a server of Redis or Valkey (redis://USER:PASSWORD@HOST:PORT/DATABASE; the password may
    /// stand in the variable FOB_STORE_PASSWORD instead, where `ps` does not show it). Options follow a question mark,
    /// as in sqlite:PATH?missing=deny: missing=deny refuses tokens that the store knows nothing of; prefix=TEXT is what
    /// the keys on a server begin with (fob:); layout=user-token-set reads and keeps the sets user:{user_id}:token that
    /// other programs use.
    #[arg(long, value_name = "URL", value_hint = ValueHint::FilePath)]
    pub store: Option<OsString>,
}
