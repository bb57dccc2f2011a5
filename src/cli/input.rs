//! The options for the token that a command works on.

use super::on_demand::{OnDemand, OptionGroup};
use crate::core::text::size::parse_size;
use crate::core::token::jws::MAX_SIZE;
use clap::Args;
use std::ffi::OsString;

// One token, taken out of what the user pasted.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Token")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct TokenArgs {
    /// The token itself, @PATH of a file, or - for standard input
    ///
    /// Without it, the token is read from standard input, or asked for at the terminal. White space, quotes,
    /// `Authorization:` and `Bearer` around a token are ignored. A token is also found in a URL, a cookie or a JSON object.
    #[arg(value_name = "TOKEN", help_heading = None::<&str>)]
    pub token: Option<OsString>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub choice: OnDemand<ChoiceArgs>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub limit: OnDemand<LimitArgs>,
}

// Which part of the text is the token.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Token")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ChoiceArgs {
    /// Choose one of several tokens by its name or its number
    ///
    /// The name is that of the member or the parameter with the token, such as access or refresh_token.
    #[arg(long, value_name = "NAME|INDEX")]
    pub pick: Option<String>,
    /// Remove line breaks, spaces and invisible characters inside the token
    #[arg(long)]
    pub join: bool,
}

impl OptionGroup for ChoiceArgs {
    const NAMES: &'static str = "pick join";
    const REFERRED: &'static str = "pick join";
}

// The maximum size of a token.
#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct LimitArgs {
    /// Refuse tokens larger than this [default: 1M]
    #[arg(long, value_name = "BYTES", value_parser = parse_size, help_heading = "Token")]
    pub max_size: Option<usize>,
}

impl OptionGroup for LimitArgs {
    const NAMES: &'static str = "max-size";
    const REFERRED: &'static str = "max_size";
}

impl LimitArgs {
    /// Returns the maximum size of a token, in bytes.
    // The default is applied here and not by clap, which would parse it in every run.
    #[must_use]
    pub fn max_size(self) -> usize {
        self.max_size.unwrap_or(MAX_SIZE)
    }
}
