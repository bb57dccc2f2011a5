//! `fob completions`

use clap::{Args, ValueEnum};

/// Print the completion script of a shell.
///
/// Write it where the shell looks for it. bash: ~/.local/share/bash-completion/completions/fob. zsh: _fob in a folder of
/// fpath. fish: ~/.config/fish/completions/fob.fish. Other shells read it from their profile.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
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
