//! The pages for users and developers, taken apart into fenced blocks and prose. No test is here.

use std::ops::Range;
use std::path::Path;

/// The pages outside of README.md and docs/.
const OTHERS: [&str; 3] = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

/// A fenced block.
pub(super) struct Block {
    /// The language behind the fence, such as `sh`. It is empty if the page names none.
    pub(super) language: String,
    /// The HTML comments directly above the fence, without their marks.
    pub(super) notes: Vec<String>,
    /// The lines between the fences, counted from 0.
    pub(super) lines: Range<usize>,
    pub(super) text: String,
}

impl Block {
    /// Returns the value of a note such as `not run: asks a server`.
    pub(super) fn note(&self, name: &str) -> Option<&str> {
        self.notes.iter().find_map(|note| note.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Returns the blocks of a page in order.
pub(super) fn blocks(document: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut notes = Vec::new();
    let mut is_inside = false;
    for (number, line) in document.lines().enumerate() {
        if is_inside {
            is_inside = !line.starts_with("```");
            if let Some(block) = blocks.last_mut().filter(|_| is_inside) {
                block.text.push_str(line);
                block.text.push('\n');
                block.lines.end = number + 1;
            }
        } else if let Some(language) = line.strip_prefix("```") {
            is_inside = true;
            let lines = number + 1..number + 1;
            let notes = std::mem::take(&mut notes);
            blocks.push(Block { language: language.to_owned(), notes, lines, text: String::new() });
        } else if let Some(note) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            notes.push(note.to_owned());
        } else {
            notes.clear();
        }
    }
    assert!(!is_inside, "a block without an end");
    blocks
}

/// Returns the lines of a page outside its code blocks.
pub(super) fn prose(document: &str) -> Vec<&str> {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    document.lines().filter(outside).collect()
}

/// Returns README.md and all pages below docs/, as paths from the root.
pub(super) fn pages() -> Vec<String> {
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

/// Returns all pages: [`pages`], and those for developers at the root.
pub(super) fn all_pages() -> Vec<String> {
    pages().into_iter().chain(OTHERS.map(str::to_owned)).collect()
}

/// Returns the folder of this crate.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the text of a page.
#[track_caller]
pub(super) fn read(page: &str) -> String {
    std::fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}
