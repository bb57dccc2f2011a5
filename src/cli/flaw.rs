//! Tokens that are wrong on purpose: which flaw, and whether a suite is made of it.

use crate::core::mint::flaw::Flaw;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command, ValueHint};
use std::ffi::{OsStr, OsString};
use std::str::FromStr;

// What is wrong with the token, on purpose.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Tests")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct FlawArgs {
    /// Mint the flawed twin of a good token, for tests of one's own
    ///
    /// Everything about it is good but for the flaw; what can be signed validly is. With --json it says what `verify` must
    /// make of it, and which options `verify` needs for that. CLAIM is the name of a claim that is there. A time that a
    /// flaw needs is added where it is not given.
    #[arg(long, value_name = "NAME", value_parser = Names, conflicts_with_all = ["lines", "verbatim"])]
    pub flaw: Option<Choice>,
    /// Write a suite for `verify --suite` instead: the good token, and its flawed twins
    ///
    /// It names the key as it was given, and never holds a secret; its clock stands at the time of issue. A file that is
    /// there is not overwritten; - is standard output.
    #[arg(
        long,
        value_name = "PATH",
        requires = "flaw",
        conflicts_with_all = ["format", "json"],
        value_hint = ValueHint::FilePath
    )]
    pub suite: Option<OsString>,
}

/// The name of every flaw at once.
const ALL: &str = "all";

/// One flaw, or all that the token can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// This one.
    One(Flaw),
    /// Every one.
    All,
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        if name == ALL {
            return Ok(Self::All);
        }
        name.parse().map(Self::One).map_err(|says: String| format!("{says}, {ALL}"))
    }
}

/// Reads the name of a flaw, and lists all of them where help or a shell asks.
#[derive(Clone, Copy, Debug)]
struct Names;

impl TypedValueParser for Names {
    type Value = Choice;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Choice, clap::Error> {
        StringValueParser::new()
            .try_map(|name: String| name.parse::<Choice>())
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let all = (ALL, "every one that it can have, with --suite");
        let values = Flaw::names().chain([all]);
        Some(Box::new(values.map(|(name, what)| PossibleValue::new(name).help(what))))
    }
}
