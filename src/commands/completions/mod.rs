//! `fob completions`: prints the completion script of a shell. clap generates it from the command line and the table of
//! `values`. The files beside this one add what clap's scripts lack: paths after `@` and after a report format.

mod values;

use crate::cli::completions::{CompletionsArgs, Shell};
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::{cli, output};
use clap::Command;
use clap_complete::{Generator, shells};

const BASH: &str = include_str!("extra.bash");
const FISH: &str = include_str!("extra.fish");
const ZSH: &str = include_str!("extra.zsh");

pub(crate) fn completions(args: CompletionsArgs, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let mut command = values::added_to(cli::command());
    let script = match args.shell {
        Shell::Bash => format!("{}{BASH}", generated(shells::Bash, &mut command)),
        Shell::Elvish => generated(shells::Elvish, &mut command),
        Shell::Fish => {
            let script = generated(shells::Fish, &mut command);
            format!("{}{}{FISH}", with_aliases(script, &command), arguments_in_fish(&command))
        }
        Shell::Nushell => generated(clap_complete_nushell::Nushell, &mut command),
        Shell::Powershell => generated(shells::PowerShell, &mut command),
        Shell::Zsh => with_prefixes(&generated(shells::Zsh, &mut command)),
    };
    output::write(host, script.as_bytes(), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the script of clap.
fn generated(shell: impl Generator, command: &mut Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "fob", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Lets a script for zsh complete paths after `@` for every value without values of its own, and those of reports.
fn with_prefixes(script: &str) -> String {
    // The last lines run the script.
    const START: &str = "if [ \"$funcstack[1]\" = \"_fob\" ]; then";
    let script = [values::report_formats().join(" "), values::page_request()]
        .into_iter()
        .fold(script.replace(":_default'", ":_fob_value'"), |script, formats| {
            script.replace(&format!(":({formats})'"), &format!(":_fob_report {formats}'"))
        });
    match script.split_once(START) {
        Some((before, after)) => format!("{before}{}\n{START}{after}", ZSH.trim_start()),
        None => script,
    }
}

/// Lets a script for fish know the options of a command under its other names.
fn with_aliases(script: String, command: &Command) -> String {
    command.get_subcommands().fold(script, |script, command| {
        let name = command.get_name();
        let aliases: String = command.get_visible_aliases().map(|alias| format!(" {alias}")).collect();
        let using = format!("__fish_fob_using_subcommand {name}");
        script.replace(&format!("{using}\""), &format!("{using}{aliases}\""))
    })
}

/// Returns the lines for fish that complete arguments with a few possible values, and the paths of reports.
fn arguments_in_fish(command: &Command) -> String {
    let mut lines = String::new();
    for command in command.get_subcommands() {
        if command.get_arguments().any(|option| option.get_id() == "report") {
            lines.push_str(&format!(
                "complete -c fob -n \"__fish_fob_using_subcommand {}\" -l report -r -f -a \"(__fish_fob_prefixed_paths)\"\n",
                command.get_name()
            ));
        }
        for argument in command.get_positionals() {
            let values = argument.get_possible_values();
            let names: Vec<&str> =
                values.iter().filter(|value| !value.is_hide_set()).map(|value| value.get_name()).collect();
            if !names.is_empty() {
                let (command, names) = (command.get_name(), names.join(" "));
                lines.push_str(&format!(
                    "complete -c fob -n \"__fish_fob_using_subcommand {command}\" -f -a \"{names}\"\n"
                ));
            }
        }
    }
    lines
}
