//! Tests of the links in all pages, and of the one index.

use crate::docs::pages::{all_pages, pages, prose, read, root};

/// The folders that `exclude` in Cargo.toml leaves out of the crate.
const EXCLUDED: [&str; 6] = [".ci", "benches", "fuzz", "tests/interop", "tests/reports", "tests/scale"];

/// Returns the anchor that GitHub gives to a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
        .map(|letter| if letter == ' ' { '-' } else { letter })
        .collect()
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
    let mut followed = 0;
    for page in all_pages() {
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
