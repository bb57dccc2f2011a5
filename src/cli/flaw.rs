//! The options of `fob encode` that mint tokens with a defect, to test verifiers with.

use super::on_demand::OptionGroup;
use crate::core::mint::flaw::FlawChoice;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueHint};
use std::ffi::{OsStr, OsString};

// The defect of the token, and the suite that is written instead of one token.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Tests")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct FlawArgs {
    /// Mint a token with exactly one defect, to test a verifier
    ///
    /// The rest of the token is valid, including the signature where the flaw allows it. With --json, the output names the
    /// verdict and the reasons that `verify` must give, and the options it needs. CLAIM is the name of a claim of the
    /// token. A time claim that a flaw needs is added if it is not given.
    #[arg(long, value_name = "NAME", value_parser = FlawNameParser, conflicts_with_all = ["lines", "verbatim"])]
    pub flaw: Option<FlawChoice>,
    /// Write a suite for `fob test`: the valid token and the flawed ones
    ///
    /// Needs --flaw. The suite names the key as the options do, and never holds a secret. Its cases are judged at the
    /// time of issue. An existing file is not overwritten; - is standard output.
    #[arg(
        long,
        value_name = "PATH",
        requires = "flaw",
        conflicts_with_all = ["format", "json"],
        value_hint = ValueHint::FilePath
    )]
    pub suite: Option<OsString>,
}

impl OptionGroup for FlawArgs {
    const NAMES: &'static str = "flaw suite";
    const REFERRED: &'static str = "flaw";
}

/// The parser of flaw names, which lists all names for help texts and completions.
#[derive(Clone, Copy, Debug)]
struct FlawNameParser;

impl TypedValueParser for FlawNameParser {
    type Value = FlawChoice;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<FlawChoice, clap::Error> {
        StringValueParser::new()
            .try_map(|name: String| name.parse::<FlawChoice>())
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            FlawChoice::names().map(|(name, description)| PossibleValue::new(name).help(description)),
        ))
    }
}
