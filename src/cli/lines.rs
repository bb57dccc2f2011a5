//! Many tokens, or what makes them: one a line.

use clap::{Args, Command, ValueHint};
use std::ffi::OsString;

// A line in, a line out.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Many tokens")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct LinesArgs {
    /// Take one from each line of a file, or of standard input; for each a line comes out, in order
    ///
    /// A line is treated as the same text would be on the command line, unless it is too long to be held: 64 KiB more than
    /// a token may have, 2 MiB of claims. None ends the run, however bad it is; empty ones are skipped. With --json each line is a document. The exit status is 0 if all is well and 1 if any line is not.
    /// What it came to is said on standard error, unless --quiet.
    #[arg(
        long,
        value_name = "PATH|-",
        num_args = 0..=1,
        default_missing_value = "-",
        value_hint = ValueHint::FilePath,
        group = "content"
    )]
    pub lines: Option<OsString>,
    /// How many threads work on the lines [default: as many as there are processors]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256), requires = "lines")]
    pub threads: Option<u16>,
    /// Lines end with a NUL byte, not with a line break
    #[arg(long, requires = "lines")]
    pub null: bool,
}

/// The options of a command that takes one token, unless it takes many.
pub(super) fn instead_of_a_token<A: Args>(command: Command) -> Command {
    apart_from::<A>(command, &["token", "pick"])
}

/// The options of a command that takes one payload, unless it takes many.
pub(super) fn instead_of_a_payload<A: Args>(command: Command) -> Command {
    apart_from::<A>(command, &["payload"])
}

/// Each option says so by itself: clap does not ask for `--lines` where that could not be given.
fn apart_from<A: Args>(command: Command, single: &'static [&'static str]) -> Command {
    const MANY: [&str; 4] = ["lines", "threads", "null", "print"];
    A::augment_args(command).mut_args(|option| {
        let is_many = MANY.contains(&option.get_id().as_str());
        if is_many { option.conflicts_with_all(single) } else { option }
    })
}
