//! Tests of the help, its examples, the completions and the version.

use crate::docs::golden::compare;
#[cfg(unix)]
use crate::docs::kitchen::Kitchen;
use crate::support::world::World;
use clap::error::ErrorKind;
use fob::cli::help::{GLOBAL, HEADINGS, page::PAGES};
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// Returns the name of every command, and an empty name for the program itself.
pub(crate) fn commands() -> Vec<String> {
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

/// Returns the text under a heading of the help, without the heading.
fn section<'a>(help: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = help.split_once(&format!("\n{heading}:\n"))?;
    Some(rest.split("\n\n").next().unwrap_or(rest))
}

#[test]
fn every_help_is_narrow_and_has_one_order() {
    for command in commands() {
        for option in ["-h", "--help"] {
            let help = help(&command, option);
            let widest = help.lines().max_by_key(|line| line.chars().count()).unwrap();
            assert!(widest.chars().count() <= 100, "{command} {option}: {widest}");
            let place = |text: &str| help.find(text);
            let order = [
                "\nUsage: ",
                "\nArguments:",
                "\nExamples:",
                "\nOptions:",
                "\nGlobal options:",
                "\nExit status:",
            ];
            let places: Vec<usize> = order.into_iter().filter_map(place).collect();
            assert!(places.is_sorted(), "{command} {option}: {help}");
            assert!(
                place("\nUsage: ").is_some() && section(&help, "Examples").is_some(),
                "{command} {option}"
            );
            assert!(help.ends_with('\n') && !help.ends_with("\n\n"), "{command} {option}");
        }
    }
}

#[test]
fn a_summary_fits_a_screen_and_names_the_complete_help() {
    for command in commands() {
        let summary = help(&command, "-h");
        assert!(summary.lines().count() <= 40, "{command}: {} lines", summary.lines().count());
        let examples = section(&summary, "Examples").unwrap().lines().count();
        assert!((2..=4).contains(&examples), "{command}: {examples} examples");
        let more = if command.is_empty() { "--help says more" } else { "--help describes all" };
        assert!(summary.contains(more), "{command}: {summary}");
        assert!(help(&command, "--help").lines().count() <= 240, "{command}");
    }
}

#[test]
fn every_page_belongs_to_a_command_and_names_options_that_exist() {
    let mut whole = fob::cli::command();
    whole.build();
    let names = commands();
    for page in PAGES {
        assert!(names.iter().any(|name| name == page.command), "there is no fob {}", page.command);
        let command =
            page.command.split_whitespace().fold(&whole, |outer, word| outer.find_subcommand(word).unwrap());
        for name in page.summary.split(' ').filter(|name| !name.is_empty()) {
            let option = command.get_arguments().find(|option| option.get_long() == Some(name));
            assert!(
                option.is_some_and(|option| !option.is_hide_set()),
                "fob {} has no --{name}",
                page.command
            );
        }
    }
    for name in names {
        assert!(PAGES.iter().any(|page| page.command == name), "fob {name} has no page");
    }
}

#[test]
fn details_that_a_help_leaves_out_are_in_that_of_the_command_it_names() {
    let mut whole = fob::cli::command();
    whole.build();
    let mut named = 0;
    for page in PAGES {
        for (what, other) in page.elsewhere {
            let options = |command: &str| -> Vec<String> {
                let is_meant = |option: &&clap::Arg| {
                    option.get_help_heading() == Some(*what) || option.get_long() == Some(*what)
                };
                let command = whole.find_subcommand(command).unwrap();
                command
                    .get_arguments()
                    .filter(is_meant)
                    .filter_map(|it| it.get_long().map(str::to_owned))
                    .collect()
            };
            let (here, there) = (options(page.command), options(other));
            assert!(!here.is_empty(), "fob {}: there is no {what}", page.command);
            let missing: Vec<&String> = here.iter().filter(|name| !there.contains(name)).collect();
            assert!(missing.is_empty(), "fob {} has no {missing:?}, which fob {} has", other, page.command);
            assert!(help(page.command, "--help").contains(&format!("`fob {other} --help` has the details.")));
            let page = PAGES.iter().find(|page| page.command == *other).unwrap();
            assert!(
                page.elsewhere.iter().all(|(name, _)| name != what),
                "fob {other} has no details on {what}"
            );
            named += 1;
        }
    }
    assert!(named >= 8, "only {named}");
}

#[test]
fn every_heading_is_in_the_table_so_that_no_option_is_left_out() {
    let mut whole = fob::cli::command();
    whole.build();
    let outer: Vec<_> = whole.get_subcommands().collect();
    let inner = outer.iter().flat_map(|command| command.get_subcommands());
    for command in outer.iter().copied().chain(inner) {
        for option in command.get_arguments() {
            let title = option.get_help_heading().unwrap_or("Options");
            let is_known = title == GLOBAL || HEADINGS.iter().any(|heading| heading.title == title);
            assert!(is_known, "{} of {}: {title}", option.get_id(), command.get_name());
        }
    }
}

#[test]
fn help_for_a_word_and_for_an_option_are_equal_and_the_first_option_decides() {
    let run = |line: &str| World::bare().run(line).text().to_owned();
    assert_eq!(run("help verify"), run("verify --help"));
    assert_eq!(run("help key new"), run("key new --help"));
    assert_eq!(run("sign -h"), run("encode -h"));
    assert_eq!(run("-j verify -h"), run("verify -h"));
    assert_eq!(run("verify -h --help"), run("verify -h"));
    assert_eq!(run("verify --help -h"), run("verify --help"));
    assert_ne!(run("verify -h"), run("verify --help"));
    // Without a command, the summary is a message.
    assert_eq!(World::bare().run("").stderr, run("-h"));
    assert_eq!(World::bare().run("key").stderr, run("key -h"));
}

#[test]
fn the_help_on_a_key_names_a_url_only_where_one_is_taken() {
    const URL: &str = "http://127.0.0.1:1/keys.json";
    for (command, takes_urls) in [
        ("encode", false),
        ("pair --user-id 7", false),
        ("refresh", false),
        ("verify", true),
        ("inspect -", true),
    ] {
        let outcome =
            World::new().stdin("eyJhbGciOiJFUzI1NiJ9.e30.eHh4").run(format!("{command} --key {URL}"));
        assert_eq!(
            outcome.stderr.contains("a URL gives public keys, which cannot sign"),
            !takes_urls,
            "{command}"
        );
        let name = command.split(' ').next().unwrap();
        for option in ["-h", "--help"] {
            let help = help(name, option);
            let line = help.lines().find(|line| line.contains("--key <")).unwrap();
            assert_eq!(line.contains("URL"), takes_urls, "{command} {option}: {line}");
        }
    }
}

#[test]
fn an_option_that_needs_another_one_says_so() {
    let mut whole = fob::cli::command();
    whole.build();
    let (mut needy, mut faults) = (0, Vec::new());
    for command in whole.get_subcommands() {
        for option in command.get_arguments().filter(|option| option.get_long().is_some()) {
            let long = option.get_long().unwrap();
            let words = ["fob".to_owned(), command.get_name().to_owned(), format!("--{long}")];
            let takes_value =
                option.get_action().takes_values() && option.get_num_args().unwrap().min_values() > 0;
            let samples = ["1", "a=b", "30s", "https://a.example", "{}"].map(str::to_owned);
            let values = option.get_possible_values();
            let sample = |sample: &String| match values.first() {
                _ if !takes_value => Vec::new(),
                Some(value) => vec![value.get_name().to_owned()],
                None => vec![sample.clone()],
            };
            let error = samples.iter().find_map(|text| {
                let error =
                    whole.clone().try_get_matches_from(words.iter().cloned().chain(sample(text))).err()?;
                (error.kind() == ErrorKind::MissingRequiredArgument).then(|| error.render().to_string())
            });
            let Some(error) = error.filter(|_| !matches!(command.get_name(), "revoke" | "test" | "key"))
            else {
                continue;
            };
            let needed: Vec<&str> = error
                .lines()
                .filter(|line| line.starts_with("  "))
                .flat_map(|line| line.split(['<', ' ', '|', '>']))
                .filter(|word| word.starts_with("--"))
                .collect();
            needy += 1;
            let heading = option.get_help_heading().unwrap_or("Options");
            let note =
                HEADINGS.iter().find(|row| row.title == heading).and_then(|row| row.note).unwrap_or_default();
            let said = format!(
                "{} {} {note}",
                option.get_help().map(ToString::to_string).unwrap_or_default(),
                option.get_long_help().map(ToString::to_string).unwrap_or_default()
            );
            let find =
                |name: &str| command.get_arguments().find(|other| other.get_long() == Some(&name[2..]));
            let is_beside = |name: &&str| {
                find(name).is_some_and(|other| other.get_help_heading().unwrap_or("Options") == heading)
            };
            let is_said = needed.iter().any(|name| said.contains(*name)) || needed.iter().any(is_beside);
            if !is_said && !needed.is_empty() {
                faults.push(format!("{} --{long}: {needed:?} is not in: {said}", command.get_name()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(needy >= 20, "only {needy} options need another one");
}

#[cfg(unix)]
#[test]
fn every_example_in_the_help_works_without_a_warning() {
    let kitchen = Kitchen::new();
    let (mut tried, mut faults) = (0, Vec::new());
    for page in PAGES {
        for example in page.examples.lines() {
            assert!(example.contains("fob") && !example.starts_with('$') && example.len() <= 98, "{example}");
            let output = kitchen.run(example);
            let talk = String::from_utf8(output.stderr).unwrap();
            if !output.status.success() || ["error: ", "warning: "].iter().any(|label| talk.contains(label)) {
                faults.push(format!("{example}: {talk}"));
            }
            tried += 1;
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried >= 70, "only {tried} examples were found");
}

#[test]
fn the_examples_show_a_file_a_url_and_a_pipe() {
    for (command, forms) in [
        ("encode", ["--key private.pem", "https://", "@claims.json", "| fob encode -"].as_slice()),
        ("decode", &["@token.txt", "| fob decode"]),
        ("verify", &["--key public.pem", "--key https://", "@token.txt", "| fob verify"]),
        ("inspect", &["--key https://", "@token.txt", "| fob inspect"]),
        ("refresh", &["@refresh.txt", "| fob refresh", "https://"]),
        ("pair", &["--key private.pem", "https://", "| fob inspect"]),
    ] {
        let summary = help(command, "-h");
        let examples = section(&summary, "Examples").unwrap();
        for form in forms.iter().take(3) {
            assert!(help(command, "--help").contains(form), "{command}: {form}");
        }
        assert!(examples.contains(forms.last().unwrap()) || forms.len() < 3, "{command}: {examples}");
    }
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
