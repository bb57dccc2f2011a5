//! `fob schema`

use super::entry_named;
use crate::schema::Schema;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::ffi::OsStr;

/// Print the JSON Schema of a command's output.
///
/// A schema describes every document that the command prints with --json, also those of failures. It is self-contained,
/// in draft 2020-12 of JSON Schema. Validate each line of --lines, test and --suite as a document of its own. Without a
/// command, the schemas are listed.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct SchemaArgs {
    /// The command, or error for failures of all commands
    #[arg(value_name = "COMMAND", value_parser = command_parser())]
    pub command: Option<String>,
    /// After key: new or show
    #[arg(value_name = "ACTION", requires = "command", value_parser = action_parser())]
    pub action: Option<String>,
}

impl SchemaArgs {
    /// Returns the words that name a command, with spaces between them.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        let command = self.command.as_deref()?;
        Some(
            self.action.as_deref().map_or_else(|| command.to_owned(), |action| format!("{command} {action}")),
        )
    }
}

/// Returns the words at a position of the names of schemas, each once.
fn words(position: usize) -> Vec<&'static str> {
    let mut words: Vec<&str> = Vec::new();
    for word in Schema::commands().filter_map(|command| command.split(' ').nth(position)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Returns a parser for the name of a command. Other names of a command mean the same.
fn command_parser() -> impl TypedValueParser<Value = String> {
    let value = |word: &'static str| {
        let entry = entry_named(OsStr::new(word));
        PossibleValue::new(word).aliases(entry.map_or(&[][..], |entry| entry.aliases).iter().copied())
    };
    PossibleValuesParser::new(words(0).into_iter().map(value))
        .map(|word| entry_named(OsStr::new(&word)).map_or(word.clone(), |entry| entry.name.to_owned()))
}

fn action_parser() -> PossibleValuesParser {
    PossibleValuesParser::new(words(1))
}
