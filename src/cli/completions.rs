//! `fob completions`

use clap::{Args, ValueEnum};

/// Print the completion script of a shell.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
#[command(after_help = "\
Examples:
  fob completions bash > /tmp/fob.bash
  fob completions zsh")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// A shell that has a completion script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash.
    Bash,
    /// Elvish.
    Elvish,
    /// fish.
    Fish,
    /// Nushell.
    Nushell,
    /// PowerShell.
    Powershell,
    /// Z shell.
    Zsh,
}
