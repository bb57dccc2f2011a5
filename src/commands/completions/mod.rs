//! `fob completions`: prints the completion script of a shell. The scripts are files in `completions/`, which are part of the
//! program. A test compares them with the command line, and writes them anew. To generate a script takes 5 to 20 million
//! instructions; to print it takes 20,000.

#[cfg(test)]
mod generate;
#[cfg(test)]
mod values;

use crate::cli::completions::{CompletionsArgs, Shell};
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::output;

pub(crate) fn completions(args: CompletionsArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    output::write(host, script(args.shell).as_bytes(), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the script of a shell.
const fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../../completions/fob.bash"),
        Shell::Elvish => include_str!("../../../completions/fob.elv"),
        Shell::Fish => include_str!("../../../completions/fob.fish"),
        Shell::Nushell => include_str!("../../../completions/fob.nu"),
        Shell::Powershell => include_str!("../../../completions/_fob.ps1"),
        Shell::Zsh => include_str!("../../../completions/_fob"),
    }
}
