//! `fob man`

use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Print a man page, or write all of them to a folder
///
/// A page has what --help says, and the examples of the guides. To read one, run `fob man verify | man -l -`. Without a
/// command, the page of fob itself is printed. To install them, copy them to a folder that man searches, such as
/// /usr/local/share/man/man1.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct ManArgs {
    /// The command of the page, such as verify or key new
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub command: Vec<String>,
    /// Write the pages of all commands to this folder as new files: fob.1, fob-verify.1, fob-key-new.1 and so on
    ///
    /// The folder must exist. If one of the files exists, nothing is written.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}
