//! Tests of the recipes for CI systems and make in the guides.

use crate::docs::documents::shell;
use crate::docs::pages::{blocks, read};
use std::path::Path;
use std::process::Command;

/// The pages with recipes.
const SUITES: &str = "docs/guides/suites.md";
const SCRIPTS: &str = "docs/guides/scripts.md";

/// Returns the block of a recipe.
fn recipe(page: &str, name: &str) -> String {
    let blocks = blocks(&read(page));
    blocks.into_iter().find(|block| block.note("recipe") == Some(name)).unwrap().text
}

/// Creates a folder with the suite of the guide.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let is_setup = |text: &str| text.contains("tests/tokens") || text.contains("FOB_SECRET");
    let blocks = blocks(&read(SUITES));
    let scripts = blocks.iter().filter(|block| block.language == "sh").map(|block| block.text.as_str());
    let setup: String = scripts.filter(|text| is_setup(text)).collect();
    let output = shell(folder.path(), &format!("set -e\n{setup}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

/// Makes packages of the program under test: an archive, its checksum and the script that installs it. Returns their address,
/// or nothing where there are no such packages.
fn packages(folder: &Path) -> Option<String> {
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    if !(cfg!(all(target_os = "linux", target_arch = "x86_64")) && has_curl) {
        return None;
    }
    let script = format!(
        "set -e; d=packages/fob-0-x86_64-linux; mkdir -p $d/man/man1; cp '{}' $d/fob; cp -r '{root}/completions' $d/
         fob man --out $d/man/man1; cp '{root}/dist/install.sh' packages/; cd packages
         tar -czf ${{d#*/}}.tar.gz ${{d#*/}}; rm -r ${{d#*/}}; sha256sum -- * > SHA256SUMS",
        env!("CARGO_BIN_EXE_fob"),
        root = env!("CARGO_MANIFEST_DIR"),
    );
    let output = shell(folder, &script);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(format!("file://{}/packages", folder.display()))
}

/// Runs the shell commands of a recipe one by one. Those that install `fob` install the program under test.
fn cook(folder: &Path, parts: &[&str]) {
    let packages = packages(folder);
    let address = packages.as_deref().unwrap_or_default();
    let home = folder.display();
    let setting = format!(
        "export FOB_SECRET=0123456789abcdef0123456789abcdef FOB_URL={address} HOME={home} GITHUB_PATH={home}/path"
    );
    for part in parts {
        let installs = part.contains("install.sh");
        if installs && packages.is_none() {
            // There is no package for this machine. `.ci/run` has one.
            continue;
        }
        // A test installs nothing outside its folder.
        let part = part.replace("/usr/local", &format!("{home}/.local"));
        let output = shell(folder, &format!("{setting}\n{part}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{part}: {}{said}", String::from_utf8_lossy(&output.stdout));
        if installs {
            assert!(
                folder.join(".local/bin/fob").exists() && folder.join(".local/share/man/man1/fob.1").exists()
            );
        }
    }
}

#[test]
fn the_github_recipe_works() {
    let folder = project();
    let recipe = recipe(SUITES, "github");
    let parts: Vec<&str> =
        recipe.lines().filter_map(|line| line.trim_start().strip_prefix("- run: ")).collect();
    assert_eq!(parts.len(), 2);
    cook(folder.path(), &parts);
    assert!(folder.path().join("tokens.sarif").exists());
}

#[test]
fn the_gitlab_recipe_works() {
    let folder = project();
    let recipe = recipe(SUITES, "gitlab");
    let (_, script) = recipe.split_once("  script:\n").unwrap();
    let parts: Vec<&str> = script.lines().map_while(|line| line.strip_prefix("    - ")).collect();
    assert_eq!(parts.len(), 2);
    cook(folder.path(), &parts);
    assert!(folder.path().join("tokens.xml").exists() && folder.path().join("tokens.html").exists());
}

/// Returns true if `make` is installed.
fn has_make() -> bool {
    Command::new("make").arg("--version").output().is_ok()
}

#[test]
fn the_make_recipe_works() {
    if !has_make() {
        println!("skipped: there is no make");
        return;
    }
    let folder = project();
    std::fs::write(folder.path().join("Makefile"), recipe(SUITES, "make")).unwrap();
    cook(folder.path(), &["make check-tokens", "make check-tokens"]);
    assert!(folder.path().join("tests/tokens/flaws.toml").exists());
}

#[test]
fn the_make_recipe_of_scripts_works() {
    if !has_make() {
        println!("skipped: there is no make");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Makefile"), recipe(SCRIPTS, "token")).unwrap();
    let script = "export FOB_SECRET=0123456789abcdef0123456789abcdef; make check";
    let output = shell(folder.path(), script);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(
        shown.ends_with("\nthe token is for alice\n"),
        "{shown}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn an_archive_with_another_checksum_is_not_installed() {
    let folder = tempfile::tempdir().unwrap();
    let Some(address) = packages(folder.path()) else {
        println!("skipped: there is no package for this machine");
        return;
    };
    let script = format!(
        "printf x >> packages/fob-0-x86_64-linux.tar.gz; sh packages/install.sh {address} {}/to",
        folder.path().display()
    );
    let output = shell(folder.path(), &script);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.starts_with("error: the checksum of fob-0-x86_64-linux.tar.gz is not the one "), "{said}");
    assert!(!folder.path().join("to").exists());
}

/// The hooks that the repository offers have the commands of the recipe.
#[test]
fn the_hooks_of_the_repository_are_those_of_the_recipe() {
    let lines = |text: &str, begin: &str| -> Vec<String> {
        text.lines().filter_map(|line| line.trim_start().strip_prefix(begin)).map(str::to_owned).collect()
    };
    let offered = read(".pre-commit-hooks.yaml");
    let recipe = recipe(SUITES, "pre-commit");
    for begin in ["- id: ", "name: ", "entry: "] {
        assert_eq!(lines(&offered, begin), lines(&recipe, begin), "{begin}");
    }
}

#[test]
fn the_hook_refuses_files_that_hold_a_token() {
    let folder = project();
    let recipe = recipe(SUITES, "pre-commit");
    let entry = recipe.lines().filter_map(|line| line.trim_start().strip_prefix("entry: ")).nth(1).unwrap();
    let script = format!(
        "echo nothing > a; fob encode --sub alice --secret 0123456789abcdef0123456789abcdef -q > b
         {entry} a || exit 7
         {entry} a b"
    );
    let output = shell(folder.path(), &script);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("b:1:1"), "{output:?}");
}
