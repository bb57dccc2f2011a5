//! Where a token comes from.

use super::size;
use clap::Args;
use std::ffi::OsString;

// One token out of what people paste.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Token")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct TokenArgs {
    /// The token itself, @PATH, or - for standard input
    ///
    /// Left out, it is read from standard input, or asked for. White space, quotes, `Authorization:` and `Bearer`
    /// around it do no harm; from a URL, a cookie or a JSON object the token is taken out.
    #[arg(value_name = "TOKEN", help_heading = "Arguments")]
    pub token: Option<OsString>,
    /// Which token, if the input holds several: its name (access, refresh_token, …) or its number
    #[arg(long, value_name = "NAME|INDEX")]
    pub pick: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub limit: LimitArgs,
}

// How large a token may be.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct LimitArgs {
    /// How large a token may be
    #[arg(long, value_name = "BYTES", value_parser = size, default_value = "1M", help_heading = "Token")]
    pub max_size: usize,
}
