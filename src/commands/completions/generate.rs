//! Generates the completion scripts in `completions/`. clap generates them from the command line and the table of `values`. The
//! files beside this one add what clap's scripts lack: paths after `@` and after a report format. Only tests do this.

use super::{script, values};
use crate::cli;
use crate::cli::completions::Shell;
use clap::{Command, ValueEnum as _};
use clap_complete::{Generator, shells};

const BASH: &str = include_str!("extra.bash");
const FISH: &str = include_str!("extra.fish");
const ZSH: &str = include_str!("extra.zsh");

/// Returns the script of a shell for the command line as it is.
fn generate(shell: Shell) -> String {
    let mut command = values::added_to(cli::command());
    match shell {
        Shell::Bash => format!("{}{BASH}", generated(shells::Bash, &mut command)),
        Shell::Elvish => generated(shells::Elvish, &mut command),
        Shell::Fish => {
            let script = generated(shells::Fish, &mut command);
            format!("{}{}{FISH}", with_aliases(script, &command), arguments_in_fish(&command))
        }
        Shell::Nushell => generated(clap_complete_nushell::Nushell, &mut command),
        Shell::Powershell => generated(shells::PowerShell, &mut command),
        Shell::Zsh => with_prefixes(&generated(shells::Zsh, &mut command)),
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the variable asks for new files, like in all tests of files")]
fn the_scripts_are_those_of_the_command_line() {
    for shell in Shell::value_variants() {
        let (generated, path) = (generate(*shell), path(*shell));
        if std::env::var_os("FOB_BLESS").is_some() {
            std::fs::write(path, generated).unwrap();
        } else {
            assert!(
                script(*shell) == generated,
                "{path} is old; FOB_BLESS=1 cargo test --lib completions renews it"
            );
        }
    }
}

/// Returns the path of the script of a shell.
fn path(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => "completions/fob.bash",
        Shell::Elvish => "completions/fob.elv",
        Shell::Fish => "completions/fob.fish",
        Shell::Nushell => "completions/fob.nu",
        Shell::Powershell => "completions/_fob.ps1",
        Shell::Zsh => "completions/_fob",
    }
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
