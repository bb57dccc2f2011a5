//! Tests of the man pages: what is in them, that mandoc and man read them without a complaint, and how they are written.

use crate::docs::documents::shell;
use crate::docs::help::commands;
use crate::support::world::World;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Returns the man page of a command.
fn page(command: &str) -> String {
    let outcome = World::bare().run(format!("man {command}"));
    assert_eq!((outcome.status, outcome.stderr.as_str()), (0, ""), "{command}");
    outcome.text().to_owned()
}

/// Runs a reader of man pages on a page, and returns its output and its complaints. Returns `None` if it is not installed.
#[expect(clippy::print_stdout, reason = "a person reads that a test is skipped")]
fn read_with(reader: &str, arguments: &[&str], page: &str) -> Option<(String, String)> {
    let mut process = Command::new(reader);
    process.args(arguments).env_clear().envs([
        ("PATH", "/usr/bin:/bin"),
        ("LC_ALL", "C.UTF-8"),
        ("MANWIDTH", "80"),
    ]);
    process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = process.spawn() else {
        println!("skipped: there is no {reader}");
        return None;
    };
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some((String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap()))
}

#[test]
fn mandoc_and_man_read_every_page_without_a_complaint() {
    for command in commands() {
        let page = page(&command);
        if let Some((complaints, errors)) = read_with("mandoc", &["-Tlint"], &page) {
            // A page without a date is the same in every build. STYLE is about the source.
            let is_allowed = |line: &&str| line.contains(": STYLE: ") || line.contains("missing date");
            let faults: Vec<&str> =
                complaints.lines().chain(errors.lines()).filter(|line| !is_allowed(line)).collect();
            assert!(faults.is_empty(), "fob {command}: {faults:#?}");
        }
        if let Some((text, complaints)) = read_with("man", &["--warnings", "-l", "-"], &page) {
            assert_eq!(complaints, "", "fob {command}");
            assert!(text.contains("SYNOPSIS"), "fob {command}: {text}");
        }
    }
}

#[test]
fn every_page_keeps_its_words_whole_and_says_where_files_come_from() {
    for command in commands() {
        let page = page(&command);
        assert_eq!(page.lines().filter(|line| *line == ".nh").count(), 1, "fob {command}");
        let (_, examples) = page.split_once(".SH EXAMPLES").unwrap();
        let (examples, _) = examples.split_once(".SH \"SEE ALSO\"").unwrap();
        let is_said = examples.contains("come from the guides");
        assert_eq!(is_said, examples.contains(".SS"), "fob {command}");
    }
}

#[test]
fn an_option_and_an_example_are_shown_as_a_user_must_write_them() {
    const EXAMPLES: [&str; 4] = [
        "echo '{\"sub\":\"alice\"}' | fob encode - --exp 1h --key private.pem",
        "fob encode --detached --no-b64 --payload @body.json --key private.pem",
        "-c, --claim NAME=TEXT|NAME:=JSON",
        "--flaw NAME",
    ];
    for (reader, arguments) in [("man", ["-l", "-"].as_slice()), ("mandoc", &["-Tutf8"])] {
        let Some((text, _)) = read_with(reader, arguments, &page("encode")) else { continue };
        // Bold text is a letter, a backspace and the letter again.
        let mut plain = String::new();
        for letter in text.chars() {
            if letter == '\u{8}' {
                plain.pop();
            } else {
                plain.push(letter);
            }
        }
        for example in EXAMPLES {
            assert!(plain.contains(example), "{reader} does not show: {example}");
        }
        let widest =
            plain.lines().take_while(|line| *line != "EXAMPLES").map(|line| line.chars().count()).max();
        assert!(widest <= Some(80), "{reader}: {widest:?} columns");
    }
}

#[test]
fn a_page_has_the_sections_in_their_usual_order() {
    let page = page("verify");
    let titles: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix(".SH ")).collect();
    let expected = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "ARGUMENTS",
        "OPTIONS",
        "\"EXIT STATUS\"",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "\"SEE ALSO\"",
    ];
    assert_eq!(titles, expected);
    // The examples of the guides stand under the title of the guide and the heading of the chapter.
    assert!(page.contains("\n.SS \"Verify in CI"), "{page}");
    assert!(page.is_ascii() && page.lines().all(|line| !line.ends_with("\\")), "{page}");
}

#[test]
fn every_variable_that_the_program_reads_is_in_the_page_of_the_program() {
    let page = page("");
    for name in [
        "FOB_SECRET",
        "FOB_KEY",
        "FOB_DECRYPT_KEY",
        "FOB_STORE_PASSWORD",
        "NO_COLOR",
        "HTTPS_PROXY",
        "SSL_CERT_FILE",
    ] {
        assert!(page.contains(name), "{name}");
    }
    for command in commands().iter().filter(|command| !command.is_empty()) {
        let name = format!("fob\\-{}", command.replace(' ', "\\-"));
        assert!(page.contains(&format!("\\fB{name}\\fR(1)")), "{name}: {page}");
    }
}

#[test]
fn a_page_is_found_by_every_name_of_its_command() {
    assert_eq!(page("sign"), page("encode"));
    assert_eq!(page("key-new"), page("key new"));
    assert_eq!(page("fob-verify"), page("verify"));
    assert_eq!(page("fob"), page(""));
    let outcome = World::bare().run("man frobs");
    outcome.refused(2, "error: frobs is not a command of fob\nhint: `fob --help` lists the commands\n");
    // A token or a secret in the wrong place is not repeated.
    let outcome = World::bare().run("man eyJhbGciOiJub25lIn0.e30.");
    outcome.refused(2, "error: this is not a command of fob\nhint: `fob --help` lists the commands\n");
}

#[test]
fn all_pages_are_written_as_new_files_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let run = |script: &str| {
        let output = shell(folder.path(), script);
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), output.stdout)
    };
    let files = |name: &str| {
        let mut names: Vec<String> = std::fs::read_dir(folder.path().join(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let count = commands().len();
    let (status, stderr, stdout) = run("umask 022; mkdir man1 && fob man --out man1");
    assert_eq!((status, stderr, stdout), (0, format!("{count} man pages written to man1\n"), Vec::new()));
    let mut expected: Vec<String> = commands()
        .iter()
        .map(|command| {
            if command.is_empty() {
                "fob.1".to_owned()
            } else {
                format!("fob-{}.1", command.replace(' ', "-"))
            }
        })
        .collect();
    expected.sort();
    assert_eq!(files("man1"), expected);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("man1/fob-key-new.1"), page("key new"));
    assert_eq!(read("man1/fob.1"), page(""));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder.path().join("man1/fob.1")), 0o644, "other users can read the pages");
    }

    let (status, stderr, _) = run("mkdir man2 && echo mine > man2/fob-verify.1 && fob man --out man2");
    let expected = "error: man2/fob-verify.1 already exists, and is not overwritten\n\
                    hint: choose another path, or move the old file away\n";
    assert_eq!((status, stderr.as_str()), (2, expected));
    assert_eq!(
        (files("man2"), read("man2/fob-verify.1")),
        (vec!["fob-verify.1".to_owned()], "mine\n".to_owned())
    );

    let (status, stderr, _) = run("fob man --out missing");
    let expected = "error: missing is not a folder\nhint: make the folder with mkdir -p, or choose another one with --out DIR\n";
    assert_eq!((status, stderr.as_str()), (2, expected));
}

#[test]
fn the_crate_contains_the_guides_whose_examples_the_pages_show() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let exclude = manifest.lines().find(|line| line.starts_with("exclude = ")).unwrap();
    assert!(!exclude.contains("docs"), "{exclude}");
    assert!(!manifest.lines().any(|line| line.starts_with("include = ")), "{manifest}");
}
