//! The pages for developers, compared with the sources: the paths in them exist, no file is missing, and one file signs.

use std::collections::BTreeMap;
use std::path::Path;

const ARCHITECTURE: &str = include_str!("../../../docs/architecture.md");
const CONTRIBUTING: &str = include_str!("../../../CONTRIBUTING.md");

/// Returns the path and the text of every source file.
pub(crate) fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut sources = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                sources.insert(name, std::fs::read_to_string(path).unwrap());
            }
        }
    }
    sources
}

#[test]
fn every_path_in_the_pages_for_developers_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (page, text) in [("docs/architecture.md", ARCHITECTURE), ("CONTRIBUTING.md", CONTRIBUTING)] {
        let words = text.split('`').skip(1).step_by(2).flat_map(str::split_whitespace);
        for path in words.filter(|word| {
            word.starts_with("src/") || word.starts_with("tests/") || word.starts_with("docs/")
        }) {
            // Files that the crate excludes are only in the repository.
            let is_excluded = path.starts_with("tests/interop") || path.starts_with("tests/reports");
            assert!(is_excluded || path.contains("NAME") || root.join(path).exists(), "{page} names {path}");
        }
    }
}

/// Returns the paths in the first column of the tables of a page.
fn rows(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn the_architecture_page_names_every_file() {
    let rows = rows(ARCHITECTURE);
    for name in sources().keys() {
        let named = rows.iter().filter(|row| *row == name).count();
        assert_eq!(named, 1, "docs/architecture.md has {named} rows for {name}");
    }
}

#[test]
fn one_file_prepares_keys_for_signing() {
    let own = |text: &str| text.split("#[cfg(test)]").next().unwrap().contains(".signer(");
    let all = sources();
    let is_test = |name: &str| name.contains("/tests/");
    let outside =
        all.iter().filter(|(name, text)| !name.starts_with("src/core/key/") && !is_test(name) && own(text));
    let names: Vec<&str> = outside.map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["src/core/mint/signer.rs"]);
}
