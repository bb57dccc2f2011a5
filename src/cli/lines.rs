//! The options for many inputs, one a line.

use super::on_demand::{OptionGroup, has_option, with_option};
use clap::{Args, Command, ValueHint};
use std::ffi::OsString;

/// The largest line in the help of commands that take tokens. A line of claims has another limit.
const LIMIT_OF_TOKENS: &str = "--max-size plus 64 KiB";

// Many inputs, one a line.
#[derive(Args, Clone, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Many tokens")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct LinesArgs {
    /// Read one input a line, from a file or standard input
    ///
    /// Prints one line for each, in order. A line is read like the same text on the command line. A line longer than
    /// --max-size plus 64 KiB is an error. An invalid line never stops the run, and empty lines are skipped. With
    /// --json, each line of output is a JSON document. The exit status is 0 if all lines are good, and 1 if one is not.
    /// A summary is printed on standard error, unless --quiet is given.
    #[arg(
        long,
        value_name = "PATH|-",
        num_args = 0..=1,
        default_missing_value = "-",
        value_hint = ValueHint::FilePath,
        group = "content"
    )]
    pub lines: Option<OsString>,
    /// Use this many threads [default: the number of processors]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256), requires = "lines")]
    pub threads: Option<u16>,
    /// End lines with a NUL byte instead of a line break
    #[arg(long, requires = "lines")]
    pub null: bool,
}

impl OptionGroup for LinesArgs {
    const NAMES: &'static str = "lines threads null";
    const REFERRED: &'static str = "lines";
}

/// Adds the options of a command that takes one token, or many.
pub(super) fn instead_of_a_token<A: Args>(command: Command) -> Command {
    apart_from::<A>(command, &["token", "pick", "join"])
}

/// Adds the options of a command that takes one payload, or many.
pub(super) fn instead_of_a_payload<A: Args>(command: Command) -> Command {
    with_option(apart_from::<A>(command, &["payload"]), "lines", |lines| {
        let help = lines.get_long_help().map(ToString::to_string).unwrap_or_default();
        lines.long_help(help.replace(LIMIT_OF_TOKENS, "2 MiB"))
    })
}

/// Adds the options, and makes those for many inputs conflict with those for one. Each option names its conflicts
/// itself, because clap does not require `--lines` where it could not be given.
fn apart_from<A: Args>(command: Command, single: &'static [&'static str]) -> Command {
    const MANY: [&str; 4] = ["lines", "threads", "null", "print"];
    let command = A::augment_args(command);
    if !has_option(&command, "lines") {
        return command;
    }
    command.mut_args(|option| {
        let is_many = MANY.contains(&option.get_id().as_str());
        if is_many { option.conflicts_with_all(single) } else { option }
    })
}
