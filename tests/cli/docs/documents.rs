//! Tests of README.md and the pages in docs/: their blocks run as written, and readers can copy them.

use crate::docs::golden::compare;
use crate::docs::pages::{Block, all_pages, blocks, pages, read};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;
use std::process::{Command, Stdio};

/// The reasons why blocks do not run, and the number of these blocks in all pages.
const NOT_RUN: [(&str, usize); 11] = [
    ("PowerShell", 1),
    ("cmd.exe", 1),
    ("it asks a server", 16),
    ("it builds an image", 1),
    ("it builds fob", 4),
    ("it needs GNU parallel", 1),
    ("it needs a cluster", 2),
    ("it needs a project", 1),
    ("it needs an account", 6),
    ("it writes to a folder of the system", 1),
    ("its values come from elsewhere", 1),
];

/// The languages of blocks that are no commands.
const TEXTS: [&str; 6] = ["text", "yaml", "toml", "json", "make", "python"];

/// Commands that only some systems have, or that differ between them. Each of them has a portable form.
const NOT_PORTABLE: [&str; 25] = [
    "date -d",
    "date --date",
    "sed -i ",
    "sed -r",
    "base64 -w",
    "base64 -d",
    "readlink -f",
    "realpath ",
    "grep -P",
    "grep -oP",
    "xargs -r",
    "stat -c",
    "sha256sum",
    "md5sum",
    "timeout ",
    "tac ",
    "head -1",
    "tail -1",
    "echo -e",
    "echo -n",
    "[[ ",
    "<(",
    "$'",
    "source ",
    "mktemp --",
];

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

/// Returns the steps of a block marked ```` ```console ````. `$ ` begins a command, and its output follows.
fn steps(block: &Block) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (number, text) in block.lines.clone().zip(block.text.lines()) {
        match (text.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => {
                let lines = number + 1..number + 1;
                steps.push(Step { command: command.to_owned(), lines });
            }
            (None, Some(step)) => step.lines.end = number + 1,
            (None, None) => panic!("line {}: output before a command", number + 1),
        }
    }
    steps
}

/// Returns true if a block runs here: it is not marked as one that does not, and its tool is installed.
fn runs(block: &Block) -> bool {
    let is_installed = |tool: &str| Command::new(tool).arg("--version").output().is_ok();
    let tool = block.note("needs").or_else(|| (block.language == "zsh").then_some("zsh"));
    block.note("not run").is_none() && tool.is_none_or(is_installed)
}

/// Returns a page with the outputs that its commands print now. One shell in a new folder runs the blocks of the page in
/// order, so that files and exported variables last. Blocks marked `sh` and `zsh` must succeed.
fn replayed(page: &str, document: &str) -> String {
    const END: &str = "\u{1e}\n";
    let (mut script, mut shown) = (String::new(), Vec::new());
    for block in blocks(document).iter().filter(|block| runs(block)) {
        let text = &block.text;
        match block.language.as_str() {
            "console" => {
                for step in steps(block) {
                    let _ = write!(script, "{{ {}\n}} 2>&1\nprintf '\\036\\n'\n", step.command);
                    shown.push(step);
                }
            }
            "sh" => {
                let _ = write!(script, "{{ set -e\n{text}set +e\n}} >&2\n");
            }
            "zsh" => {
                let _ = write!(script, "zsh -f -e >&2 <<'END OF ZSH' || exit\n{text}END OF ZSH\n");
            }
            _ => {}
        }
    }
    script.push_str("printf '\\036\\n'\n");
    let folder = tempfile::tempdir().unwrap();
    let output = shell(folder.path(), &script);
    let messages = String::from_utf8_lossy(&output.stderr);
    let output = String::from_utf8(output.stdout).unwrap();
    let outputs: Vec<&str> = output.split_terminator(END).collect();
    assert_eq!(outputs.len(), shown.len() + 1, "{page}: the shell stopped early: {messages}");
    let mut lines: Vec<String> = document.split_inclusive('\n').map(str::to_owned).collect();
    for (step, output) in shown.iter().zip(outputs).rev() {
        lines.splice(step.lines.clone(), [timeless(output)]);
    }
    lines.concat()
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

#[test]
fn the_blocks_of_every_page_print_what_it_shows() {
    let mut shown = 0;
    for page in pages() {
        let document = read(&page);
        shown += blocks(&document).iter().filter(|block| block.language == "console").count();
        compare(&page, &replayed(&page, &document));
    }
    assert!(shown >= 40, "only {shown} blocks were found");
}

#[test]
fn a_changed_output_is_noticed() {
    let page = "```sh\nx=1\n```\n```console\n$ echo $x\nb\n$ true\n$ echo c; echo d\n```\n";
    let expected = "```sh\nx=1\n```\n```console\n$ echo $x\n1\n$ true\n$ echo c; echo d\nc\nd\n```\n";
    assert_eq!(replayed("page", page), expected);
    assert_eq!(replayed("page", expected), expected);
}

#[test]
#[should_panic(expected = "page: the shell stopped early")]
fn a_block_that_fails_is_noticed() {
    replayed("page", "```sh\ntrue\nfalse\ntrue\n```\n");
}

/// Returns what hinders a reader who copies a block.
fn obstacles(block: &Block) -> Vec<String> {
    let lines = block.text.lines();
    if block.language != "console" {
        let is_shell = ["sh", "zsh"].contains(&block.language.as_str());
        let obstacle = |line: &str| match line {
            _ if line.starts_with("$ ") => Some(format!("a prompt: {line}")),
            // A zsh takes no comments at its prompt.
            _ if is_shell && (line.starts_with('#') || line.contains(" # ")) => {
                Some(format!("a comment: {line}"))
            }
            _ => None,
        };
        return lines.filter_map(obstacle).collect();
    }
    let silent = steps(block).into_iter().filter(|step| step.lines.is_empty());
    let silent = silent.map(|step| format!("a prompt without output beneath: {}", step.command));
    let continued = lines.filter(|line| *line == ">" || line.starts_with("> "));
    silent.chain(continued.map(|line| format!("a second prompt: {line}"))).collect()
}

/// Returns the words of a block that not every system knows.
fn foreign(block: &Block) -> Vec<&'static str> {
    let is_command = |line: &&str| block.language == "sh" || line.starts_with("$ ");
    let lines: Vec<&str> = block.text.lines().filter(is_command).collect();
    let has = |line: &&str, word: &str| {
        let mut places = line.match_indices(word).map(|(place, _)| &line[..place]);
        places.any(|before| !before.ends_with(char::is_alphanumeric))
    };
    NOT_PORTABLE.into_iter().filter(|word| lines.iter().any(|line| has(line, word))).collect()
}

#[test]
fn readers_can_copy_every_block_on_every_system() {
    let mut faults = Vec::new();
    for page in all_pages() {
        for block in blocks(&read(&page)) {
            let at = format!("{page}, line {}", block.lines.start);
            faults.extend(obstacles(&block).into_iter().map(|fault| format!("{at}: {fault}")));
            faults.extend(foreign(&block).into_iter().map(|word| format!("{at}: not portable: {word}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_block_runs_or_has_a_reason() {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for page in all_pages() {
        for block in blocks(&read(&page)) {
            let at = format!("{page}, line {}", block.lines.start);
            let language = block.language.as_str();
            if let Some(reason) = block.note("not run") {
                match counts.iter_mut().find(|(known, _)| known == reason) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((reason.to_owned(), 1)),
                }
            } else {
                let is_known = ["console", "sh", "zsh"].contains(&language) || TEXTS.contains(&language);
                assert!(is_known, "{at}: a block of `{language}` is not run, so it needs a reason");
            }
        }
    }
    counts.sort();
    let expected = NOT_RUN.map(|(reason, count)| (reason.to_owned(), count));
    assert_eq!(counts, expected, "the blocks that do not run, with their reasons");
}

#[test]
fn hindrances_for_readers_are_found() {
    let found = |page: &str| blocks(page).iter().flat_map(obstacles).collect::<Vec<_>>();
    assert_eq!(found("```console\n$ true\n$ echo a\na\n```\n"), ["a prompt without output beneath: true"]);
    assert_eq!(found("```sh\n$ true\n```\n"), ["a prompt: $ true"]);
    assert_eq!(found("```sh\ntrue # always\n```\n"), ["a comment: true # always"]);
    assert_eq!(
        found("```console\n$ cat <<END\n> a\n> END\na\n```\n"),
        ["a second prompt: > a", "a second prompt: > END"]
    );
    let words = |page: &str| blocks(page).iter().flat_map(foreign).collect::<Vec<_>>();
    assert_eq!(words("```sh\nreadlink -f x --resource y\n```\n"), ["readlink -f"]);
    assert_eq!(words("```console\n$ echo a\nreadlink -f x\n```\n"), [""; 0]);
}

#[test]
fn the_readme_is_one_page() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 120, "README.md has {lines} lines");
}

/// Each recipe says what the reader holds, what to look for, and one trap, in this order, and has a block that runs.
#[test]
fn the_recipes_of_the_cookbook_have_one_form() {
    const PARTS: [&str; 3] = ["\n**You hold** ", "\n**Look for** ", "\n**Trap:** "];
    let page = read("docs/cookbook.md");
    let recipes: Vec<&str> = page.split("\n### ").skip(1).collect();
    assert!(recipes.len() >= 17, "only {} recipes were found", recipes.len());
    for recipe in recipes {
        let name = recipe.lines().next().unwrap_or_default();
        let places = PARTS.map(|part| recipe.find(part));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{name}: {places:?} of {PARTS:?}");
        assert_eq!(recipe.matches("**Trap:**").count(), 1, "{name}");
        let blocks = blocks(recipe);
        let is_run = |block: &Block| block.language == "console" && block.note("not run").is_none();
        assert!(blocks.iter().any(is_run), "{name}: no block shows an output");
    }
}

#[test]
fn the_changelog_has_three_parts_and_says_nothing_twice() {
    let page = read("CHANGELOG.md");
    let newest = page.split("\n## ").nth(1).unwrap();
    let parts: Vec<&str> = newest.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    assert_eq!(parts, ["Added", "Changed", "Fixed"]);
    let mut entries: Vec<&str> = newest.lines().filter(|line| line.starts_with("* ")).collect();
    entries.sort_unstable();
    let twice: Vec<&[&str]> = entries.windows(2).filter(|pair| pair[0] == pair[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}
