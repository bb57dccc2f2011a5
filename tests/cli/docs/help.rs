//! Tests of the help, its examples, the completions and the version.

use crate::docs::documents::shell;
use crate::docs::golden::compare;
use crate::support::world::World;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// Returns the name of every command, and an empty name for the program itself.
fn commands() -> Vec<String> {
    let mut names = vec![String::new()];
    let mut whole = fob::cli::command();
    whole.build();
    for command in whole.get_subcommands() {
        let name = command.get_name();
        names.push(name.to_owned());
        names.extend(command.get_subcommands().map(|inner| format!("{name} {}", inner.get_name())));
    }
    names
}

/// Returns the help of a command, as written to a pipe. In this process, clap would use the width of the developer's
/// terminal.
fn help(command: &str, option: &str) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_fob"));
    process.args(command.split_whitespace()).arg(option).env_clear();
    let output = process.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{command}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_match_the_command_line() {
    for (shell, file) in [
        ("bash", "fob.bash"),
        ("zsh", "_fob"),
        ("fish", "fob.fish"),
        ("powershell", "_fob.ps1"),
        ("elvish", "fob.elv"),
        ("nushell", "fob.nu"),
    ] {
        let outcome = World::bare().run(format!("completions {shell}"));
        assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""));
        for word in
            ["encode", "decode", "verify", "pair", "refresh", "inspect", "key", "secret-file", "max-size"]
        {
            assert!(outcome.text().contains(word), "{shell} knows no {word}");
        }
        compare(&format!("completions/{file}"), outcome.text());
    }
}

#[test]
fn help_matches_its_snapshot() {
    let mut text = String::new();
    for command in commands() {
        for option in ["-h", "--help"] {
            let line = [&command, option].map(str::to_owned).join(" ");
            let _ = writeln!(text, "$ fob {}\n{}", line.trim_start(), help(&command, option));
        }
    }
    compare("tests/cli/snapshots/help.txt", &text);
}

#[test]
fn every_help_is_narrow_and_ends_with_examples() {
    for command in commands() {
        for option in ["-h", "--help"] {
            let help = help(&command, option);
            let widest = help.lines().max_by_key(|line| line.chars().count()).unwrap();
            assert!(widest.chars().count() <= 100, "{command} {option}: {widest}");
            let (_, examples) =
                help.rsplit_once("\nExamples:\n").unwrap_or_else(|| panic!("{command} {option}"));
            assert!(examples.lines().all(|line| line.starts_with("  ")), "{command}: {examples}");
            assert!(help.ends_with('\n') && !help.ends_with("\n\n"), "{command} {option}");
        }
    }
}

#[test]
fn every_example_in_the_help_works() {
    let folder = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for command in commands() {
        let help = help(&command, "--help");
        let examples = help.rsplit_once("\nExamples:\n").unwrap().1;
        for example in examples.lines().map(str::trim) {
            assert!(example.contains("fob "), "{example}");
            let output = shell(folder.path(), example);
            let talk = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{example}: {talk}");
            assert!(!talk.contains("error: "), "{example}: {talk}");
            tried += 1;
        }
    }
    assert!(tried >= 20, "only {tried} examples were found");
}

#[test]
fn prints_the_version_of_the_crate() {
    assert_eq!(World::bare().run("--version").result(), concat!("fob ", env!("CARGO_PKG_VERSION")));
    assert_eq!(World::bare().run("-V").result(), concat!("fob ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_command_has_help() {
    for command in commands() {
        assert_eq!(World::bare().run(format!("{command} --help")).status, 0, "{command}");
    }
    let outcome = World::bare().run("");
    assert_eq!((outcome.status, outcome.text()), (2, ""));
    assert!(outcome.stderr.contains("Usage: fob "), "{}", outcome.stderr);
    let outcome = World::bare().run("encoed");
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("encode"), "{}", outcome.stderr);
}
