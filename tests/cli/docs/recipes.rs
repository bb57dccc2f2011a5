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
