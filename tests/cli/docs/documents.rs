//! Tests of the documentation: the help and its examples, the completions, and the sessions and recipes in README.md.

use crate::docs::golden::compare;
use crate::support::world::World;
use std::fmt::Write as _;
use std::path::Path;
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

/// Runs a script in a folder, with `fob` on the path and an otherwise empty environment.
pub(crate) fn shell(folder: &Path, script: &str) -> std::process::Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_fob")).parent().unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", binary.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).env_clear().env("PATH", path).current_dir(folder).stdin(Stdio::null());
    shell.output().unwrap()
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

/// A command of a session and its output.
struct Step {
    line: usize,
    command: String,
    output: String,
}

/// Returns the rest of a line that continues a command.
fn continued(text: &str) -> Option<&str> {
    if text == ">" { Some("") } else { text.strip_prefix("> ") }
}

/// Returns the steps in the blocks marked ```` ```console ````. `$ ` begins a command, and `> ` continues it.
fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut inside = false;
    for (number, text) in document.lines().enumerate() {
        match text {
            "```console" => inside = true,
            text if text.starts_with("```") => inside = false,
            _ if !inside => {}
            text => match (text.strip_prefix("$ "), continued(text), steps.last_mut()) {
                (Some(command), ..) => {
                    steps.push(Step { line: number + 1, command: command.to_owned(), output: String::new() });
                }
                (_, Some(more), Some(step)) if step.output.is_empty() => {
                    let _ = write!(step.command, "\n{more}");
                }
                (.., Some(step)) => {
                    let _ = writeln!(step.output, "{text}");
                }
                (.., None) => panic!("line {}: output before a command", number + 1),
            },
        }
    }
    steps
}

#[test]
fn the_sessions_in_the_readme_print_what_it_shows() {
    const END: &str = "\u{1e}\n";
    let document = include_str!("../../../README.md");
    let steps = steps(document);
    assert!(!steps.is_empty(), "README.md shows no session");
    // One shell runs all of them, so that exported variables last.
    let script: String =
        steps.iter().map(|step| format!("{{ {}\n}} 2>&1\nprintf '\\036\\n'\n", step.command)).collect();
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), &script);
    let output = String::from_utf8(output.stdout).unwrap();
    let outputs: Vec<&str> = output.split_terminator(END).collect();
    for (step, output) in steps.iter().zip(&outputs) {
        assert_eq!(timeless(output), step.output, "README.md, line {}: $ {}", step.line, step.command);
    }
    assert_eq!(outputs.len(), steps.len(), "the shell stopped early");
}

/// Returns the output with all times of suites set to zero.
fn timeless(output: &str) -> String {
    let line = |line: &str| match line.rsplit_once(" in ") {
        Some((before, time)) if before.contains(" passed") && time.ends_with(" s\n") => {
            format!("{before} in 0.00 s\n")
        }
        _ => line.to_owned(),
    };
    output.split_inclusive('\n').map(line).collect()
}

/// Returns the code block after a marker.
fn recipe(name: &str) -> &'static str {
    let document = include_str!("../../../README.md");
    let (_, rest) = document.split_once(&format!("<!-- recipe: {name} -->\n")).unwrap();
    let (_, block) = rest.split_once('\n').unwrap();
    block.split_once("```").unwrap().0
}

/// Creates a folder with the suite of the README.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let document = include_str!("../../../README.md");
    let wanted = |step: &Step| step.command.contains("tests/tokens") && !step.command.starts_with("fob ");
    let setup: String =
        steps(document).into_iter().filter(wanted).map(|step| format!("{}\n", step.command)).collect();
    let output =
        shell(folder.path(), &format!("export FOB_SECRET=0123456789abcdef0123456789abcdef\nset -e\n{setup}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Runs the shell commands of a recipe one by one. `cargo install` does nothing, because `fob` is already there.
fn cook(folder: &Path, parts: &[&str]) {
    let fake = "cargo() { [ \"$*\" = 'install --locked fob-jwt' ]; }\nexport FOB_SECRET=0123456789abcdef0123456789abcdef";
    for part in parts {
        let output = shell(folder, &format!("{fake}\n{part}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{part}: {}{said}", String::from_utf8_lossy(&output.stdout));
    }
}

#[test]
fn the_github_recipe_works() {
    let folder = project();
    let parts: Vec<&str> =
        recipe("github").lines().filter_map(|line| line.trim_start().strip_prefix("- run: ")).collect();
    assert_eq!(parts.len(), 2);
    cook(folder.path(), &parts);
    assert!(folder.path().join("tokens.sarif").exists());
}

#[test]
fn the_gitlab_recipe_works() {
    let folder = project();
    let (_, script) = recipe("gitlab").split_once("  script:\n").unwrap();
    let parts: Vec<&str> = script.lines().map_while(|line| line.strip_prefix("    - ")).collect();
    assert_eq!(parts.len(), 2);
    cook(folder.path(), &parts);
    assert!(folder.path().join("tokens.xml").exists() && folder.path().join("tokens.html").exists());
}

#[test]
fn the_make_recipe_works() {
    if Command::new("make").arg("--version").output().is_err() {
        println!("skipped: there is no make");
        return;
    }
    let folder = project();
    std::fs::write(folder.path().join("Makefile"), recipe("make")).unwrap();
    cook(folder.path(), &["make check-tokens", "make check-tokens"]);
    assert!(folder.path().join("tests/tokens/flaws.toml").exists());
}

#[test]
fn every_link_in_the_readme_has_a_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = include_str!("../../../README.md");
    let links = document.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    for link in links.filter(|link| !link.contains("://") && !link.starts_with('#')) {
        let path = link.split('#').next().unwrap();
        // Files that the crate excludes are only in the repository.
        assert!(
            root.join(path).exists() || path.starts_with("tests/interop") || path.starts_with(".ci"),
            "{link}"
        );
    }
}
