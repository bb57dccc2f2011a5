//! The examples of the guides: their code blocks, each under the heading of its chapter.

/// The guides, in the order of the examples.
const GUIDES: &[&str] = &[
    include_str!("../../../docs/guides/mint.md"),
    include_str!("../../../docs/guides/debug.md"),
    include_str!("../../../docs/guides/ci.md"),
    include_str!("../../../docs/guides/keys.md"),
    include_str!("../../../docs/guides/suites.md"),
    include_str!("../../../docs/guides/pairs.md"),
    include_str!("../../../docs/guides/servers.md"),
    include_str!("../../../docs/guides/sessions.md"),
    include_str!("../../../docs/guides/lines.md"),
    include_str!("../../../docs/guides/encrypted.md"),
    include_str!("../../../docs/guides/sd-jwt.md"),
    include_str!("../../../docs/guides/serializations.md"),
    include_str!("../../../docs/guides/webhooks.md"),
    include_str!("../../../docs/guides/scripts.md"),
    include_str!("../../../docs/guides/completions.md"),
    include_str!("../../../docs/guides/shells.md"),
    include_str!("../../../docs/guides/network.md"),
];

/// A code block of a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The title of the guide, and the heading above the block if there is one.
    pub(super) heading: String,
    /// The text between the fences.
    pub(super) text: &'static str,
}

/// Returns the blocks of all guides that use a command, by its words such as `key new`.
pub(super) fn blocks(command: &str) -> Vec<Block> {
    GUIDES.iter().flat_map(|guide| blocks_of(guide)).filter(|block| uses(block.text, command)).collect()
}

/// Returns the shell blocks of a page.
fn blocks_of(page: &'static str) -> Vec<Block> {
    let (mut title, mut chapter) = ("", "");
    let mut blocks = Vec::new();
    let mut rest = page;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        if let Some(name) = line.strip_prefix("# ") {
            (title, chapter) = (name, "");
        } else if let Some(name) = line.strip_prefix("## ") {
            chapter = name;
        } else if let Some(language) = line.strip_prefix("```") {
            let Some((text, after)) = after.split_once("```\n") else { break };
            rest = after;
            if matches!(language, "console" | "sh" | "bash") {
                let chapter = if chapter.is_empty() { String::new() } else { format!(": {chapter}") };
                blocks.push(Block { heading: format!("{title}{chapter}"), text });
            }
        }
    }
    blocks
}

/// Reports whether a command line in the block begins with this command, or has it after a pipe or in a substitution.
fn uses(text: &str, command: &str) -> bool {
    let start = format!("fob {command}");
    text.match_indices(&start).any(|(index, _)| {
        let (before, after) = text.split_at(index);
        let is_apart = before.is_empty() || before.ends_with([' ', '(', '\n', '`']);
        let after = after.strip_prefix(&start).unwrap_or_default();
        is_apart && (after.is_empty() || after.starts_with([' ', '\n', ')', '`']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_guide_is_among_the_examples() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guides");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(GUIDES.contains(&text.as_str()), "{} is missing", path.display());
        }
    }

    #[test]
    fn finds_the_blocks_under_their_headings() {
        const PAGE: &str = "# A\n\n```console\n$ fob key new | fob key show -\n```\n## B\n```toml\nfob key new\n```\n\
                            ```sh\nx=$(fob decode -)\n```\n";
        let found = blocks_of(PAGE);
        let headings: Vec<&str> = found.iter().map(|block| block.heading.as_str()).collect();
        assert_eq!(headings, ["A", "A: B"]);
        let uses = |index: usize, command| uses(found[index].text, command);
        assert!(uses(0, "key new") && uses(0, "key show") && uses(1, "decode"));
        assert!(!uses(1, "key new") && !uses(0, "key sho") && !uses(0, "decode"));
    }
}
