//! `fob completions`: prints the completion script of a shell. clap generates it from the command line.

use crate::cli::completions::{CompletionsArgs, Shell};
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::{cli, output};
use clap_complete::shells;

pub(crate) fn completions(args: CompletionsArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let mut command = cli::command();
    let mut script = Vec::new();
    let out = &mut script;
    match args.shell {
        Shell::Bash => clap_complete::generate(shells::Bash, &mut command, "fob", out),
        Shell::Elvish => clap_complete::generate(shells::Elvish, &mut command, "fob", out),
        Shell::Fish => clap_complete::generate(shells::Fish, &mut command, "fob", out),
        Shell::Nushell => clap_complete::generate(clap_complete_nushell::Nushell, &mut command, "fob", out),
        Shell::Powershell => clap_complete::generate(shells::PowerShell, &mut command, "fob", out),
        Shell::Zsh => clap_complete::generate(shells::Zsh, &mut command, "fob", out),
    }
    output::write(host, &script, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}
