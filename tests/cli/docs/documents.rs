//! Tests of README.md and the pages in docs/: their sessions, recipes and links.

use crate::docs::golden::compare;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

/// The page with the recipes.
const SUITES: &str = "docs/guides/suites.md";

/// The folders that `exclude` in Cargo.toml leaves out of the crate.
const EXCLUDED: [&str; 4] = [".ci", "benches", "tests/interop", "tests/reports"];

/// Runs a script in a folder, with `fob` on the path and an otherwise empty environment.
pub(crate) fn shell(folder: &Path, script: &str) -> std::process::Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_fob")).parent().unwrap();
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", binary.display());
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).env_clear().env("PATH", path).current_dir(folder).stdin(Stdio::null());
    shell.output().unwrap()
}

/// A command of a session.
struct Step {
    command: String,
    /// The lines of the page that hold the output, from 0.
    lines: Range<usize>,
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
                    let lines = number + 1..number + 1;
                    steps.push(Step { command: command.to_owned(), lines });
                }
                (_, Some(more), Some(step)) if step.lines.is_empty() => {
                    let _ = write!(step.command, "\n{more}");
                    step.lines = number + 1..number + 1;
                }
                (.., Some(step)) => {
                    step.lines.end = number + 1;
                }
                (.., None) => panic!("line {}: output before a command", number + 1),
            },
        }
    }
    steps
}

/// Returns README.md and all pages below docs/, as paths from the root.
fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned()];
    let mut folders = vec!["docs".to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.ends_with(".md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// Returns the folder of this crate.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the text of a page.
fn read(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// Returns a page with the outputs that its commands print now. One shell in a new folder runs all commands of the
/// page in order, so that files and exported variables last.
fn replayed(page: &str, document: &str) -> String {
    const END: &str = "\u{1e}\n";
    let steps = steps(document);
    let script: String =
        steps.iter().map(|step| format!("{{ {}\n}} 2>&1\nprintf '\\036\\n'\n", step.command)).collect();
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), &script);
    let output = String::from_utf8(output.stdout).unwrap();
    let outputs: Vec<&str> = output.split_terminator(END).collect();
    assert_eq!(outputs.len(), steps.len(), "{page}: the shell stopped early");
    let mut lines: Vec<String> = document.split_inclusive('\n').map(str::to_owned).collect();
    for (step, output) in steps.iter().zip(outputs).rev() {
        lines.splice(step.lines.clone(), [timeless(output)]);
    }
    lines.concat()
}

#[test]
fn the_sessions_of_every_page_print_what_it_shows() {
    let mut shown = 0;
    for page in pages() {
        let document = read(&page);
        shown += steps(&document).len();
        compare(&page, &replayed(&page, &document));
    }
    assert!(shown >= 60, "only {shown} commands were found");
}

#[test]
fn a_changed_output_is_noticed() {
    let page = "```console\n$ echo a\n> # more\nb\n$ true\n$ echo c; echo d\n```\n";
    let expected = "```console\n$ echo a\n> # more\na\n$ true\n$ echo c; echo d\nc\nd\n```\n";
    assert_eq!(replayed("page", page), expected);
    assert_eq!(replayed("page", expected), expected);
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
fn recipe(name: &str) -> String {
    let document = read(SUITES);
    let (_, rest) = document.split_once(&format!("<!-- recipe: {name} -->\n")).unwrap();
    let (_, block) = rest.split_once('\n').unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// Creates a folder with the suite of the guide.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let wanted = |step: &Step| step.command.contains("tests/tokens") && !step.command.starts_with("fob ");
    let setup: String =
        steps(&read(SUITES)).into_iter().filter(wanted).map(|step| format!("{}\n", step.command)).collect();
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
    let recipe = recipe("github");
    let parts: Vec<&str> =
        recipe.lines().filter_map(|line| line.trim_start().strip_prefix("- run: ")).collect();
    assert_eq!(parts.len(), 2);
    cook(folder.path(), &parts);
    assert!(folder.path().join("tokens.sarif").exists());
}

#[test]
fn the_gitlab_recipe_works() {
    let folder = project();
    let recipe = recipe("gitlab");
    let (_, script) = recipe.split_once("  script:\n").unwrap();
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

/// Returns the anchor that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
}

/// Returns the lines of a page outside its code blocks.
fn prose(document: &str) -> Vec<&str> {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    document.lines().filter(outside).collect()
}

/// Returns the file and the anchor of a link, with the file as a path from the root.
fn target(page: &str, link: &str) -> (String, Option<String>) {
    let (path, anchor) =
        link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor.to_owned())));
    if path.is_empty() {
        return (page.to_owned(), anchor);
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." {
            assert!(parts.pop().is_some(), "{page}: {link} leaves the repository");
        } else {
            parts.push(part);
        }
    }
    (parts.join("/"), anchor)
}

#[test]
fn every_link_has_a_target() {
    let others = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].map(str::to_owned);
    let mut followed = 0;
    for page in pages().into_iter().chain(others) {
        let text = prose(&read(&page)).join("\n");
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://")) {
            let (path, wanted) = target(&page, link);
            followed += 1;
            if !root().join(&path).exists() {
                // Files that the crate excludes are only in the repository.
                assert!(EXCLUDED.iter().any(|folder| path.starts_with(folder)), "{page}: {link}");
            } else if let Some(wanted) = wanted {
                let document = read(&path);
                let headings = prose(&document).into_iter().filter(|line| line.starts_with('#'));
                let mut anchors = headings.map(|line| anchor(line.trim_start_matches('#')));
                assert!(anchors.any(|anchor| anchor == wanted), "{page}: {link}");
            }
        }
    }
    assert!(followed >= 20, "only {followed} links were found");
}

#[test]
fn every_guide_is_listed_in_the_readme() {
    let readme = read("README.md");
    for page in pages().iter().filter(|page| *page != "README.md") {
        assert!(readme.contains(&format!("]({page})")), "README.md has no link to {page}");
    }
}

#[test]
fn links_and_anchors_resolve_as_on_github() {
    let guide = "docs/guides/ci.md";
    assert_eq!(
        target(guide, "../contract.md#exit-status"),
        ("docs/contract.md".into(), Some("exit-status".into()))
    );
    assert_eq!(target(guide, "#times"), (guide.into(), Some("times".into())));
    assert_eq!(target("README.md", "completions"), ("completions".into(), None));
    assert_eq!(anchor(" Minting: `encode`"), "minting-encode");
}
