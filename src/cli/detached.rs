//! The options of `fob encode` for a payload of any bytes, which the token holds or not.

use super::on_demand::OptionGroup;
use crate::core::token::claims::REGISTERED;
use clap::Args;
use std::ffi::OsString;

/// The options that do not go with `--payload`. Each option here lists them: clap does not enforce `requires` if the
/// required option conflicts with another one.
const CONFLICTS: [&str; 9] = [
    "payload",
    "claim",
    "no_iat",
    "verbatim",
    "lines",
    "flaw",
    "unsigned",
    "encryption_key",
    "serialization",
];

// A payload of any bytes.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Payload")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct DetachedArgs {
    /// Sign these bytes unchanged: @PATH, - for standard input, or the text itself
    ///
    /// The payload need not be JSON. No claims are added, and the header gets no typ unless --typ is given.
    #[arg(
        long = "payload",
        value_name = "@PATH|-|TEXT",
        conflicts_with_all = CONFLICTS,
        conflicts_with_all = REGISTERED
    )]
    pub body: Option<OsString>,
    /// Leave the payload out of the token (RFC 7515 appendix F)
    ///
    /// The payload is sent apart from the token, for example as the body of a request. A payload of any size is read in
    /// pieces, except for EdDSA and ML-DSA.
    #[arg(long, requires = "body", conflicts_with_all = CONFLICTS, conflicts_with_all = REGISTERED)]
    pub detached: bool,
    /// Do not encode the payload (RFC 7797): the header gets b64 false, and crit
    ///
    /// Without --detached, the payload must be printable ASCII without dots.
    #[arg(long, requires = "body", conflicts_with_all = CONFLICTS, conflicts_with_all = REGISTERED)]
    pub no_b64: bool,
}

impl OptionGroup for DetachedArgs {
    const NAMES: &'static str = "payload=body detached no-b64";
}
