//! The directions in which dependencies point, read from the `use` lines of the sources. docs/architecture.md shows them.

use crate::docs::architecture::sources;
use std::collections::{BTreeMap, BTreeSet};

/// The modules of the program, and the modules that each may use. All may use `core`, and core uses none of them.
const MODULES: [(&str, &str); 17] = [
    ("main", ""),
    ("lib", "cli commands error host"),
    ("fuzz", "batch commands scan suite"),
    ("cli", "scan schema suite"),
    ("commands", "batch cli client error host input keys output remote scan schema session store suite"),
    ("schema", "error store"),
    ("suite", "error host input keys output store"),
    ("batch", "error host input"),
    ("client", "host keys remote"),
    ("session", "host"),
    ("output", "error host"),
    ("keys", "host input remote"),
    ("remote", "host"),
    ("store", "host"),
    ("input", "host scan"),
    ("scan", ""),
    ("host", ""),
];

/// `error` stands beside the others: it turns their errors into text, and knows no commands. Of `cli` it knows mistakes.
const ERROR: &str = "batch cli client host input keys output remote scan session store suite";

/// The folders of core. Each may use the folders after it.
const CORE: [&str; 11] =
    ["oauth", "report", "redact", "mint", "verify", "sd_jwt", "encryption", "key", "token", "json", "reason"];

/// Splits `a::{b, c::{d, e}}` into `a::b`, `a::c::d` and `a::c::e`.
fn flat(tree: &str) -> Vec<String> {
    let Some((prefix, rest)) = tree.split_once('{') else { return vec![tree.to_owned()] };
    let (inner, mut depth) = (rest.trim_end_matches(';').strip_suffix('}').unwrap_or(rest), 0);
    let parts = inner.split(|character| {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        character == ',' && depth == 0
    });
    parts.filter(|part| !part.is_empty()).flat_map(|part| flat(&format!("{prefix}{part}"))).collect()
}

/// Returns the paths that a file uses outside its tests, each from the root of the crate.
fn uses(name: &str, text: &str) -> Vec<Vec<String>> {
    let is_test = |line: &&str| ["mod tests {", "pub(crate) mod samples {"].contains(line);
    let code: Vec<&str> = text.lines().take_while(|line| !is_test(line)).collect();
    let code =
        code.into_iter().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let own = name.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let own: Vec<&str> = own.split('/').filter(|part| *part != "lib").collect();
    let import = |statement: &str| {
        let (before, tree) = statement.rsplit_once("use ")?;
        let before = before.rsplit('\n').next().unwrap().trim();
        let tree: String = tree.split(" as ").next().unwrap().split_whitespace().collect();
        let is_path = |c: char| c.is_alphanumeric() || "_:{},*".contains(c);
        ((before.is_empty() || before.starts_with("pub")) && tree.chars().all(is_path)).then(|| flat(&tree))
    };
    let inline = code.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(rest.len());
        format!("crate::{}", rest[..end].trim_end_matches(':'))
    });
    let absolute = |path: String| {
        let parts: Vec<&str> = path.split("::").collect();
        let ups = parts.iter().take_while(|part| **part == "super").count();
        let base = match parts[0] {
            "crate" => &own[..0],
            "self" => &own[..],
            "super" => &own[..own.len().checked_sub(ups)?],
            _ => return None,
        };
        Some([base, &parts[ups.max(1)..]].concat().into_iter().map(str::to_owned).collect())
    };
    code.split(';').filter_map(import).flatten().chain(inline).filter_map(absolute).collect()
}

/// Returns the file that holds a path.
fn file<'s>(path: &[String], sources: &'s BTreeMap<String, String>) -> Option<&'s str> {
    (1..=path.len()).rev().find_map(|length| {
        let stem = format!("src/{}", path[..length].join("/"));
        let found = [format!("{stem}.rs"), format!("{stem}/mod.rs")]
            .into_iter()
            .find_map(|n| sources.get_key_value(&n));
        found.map(|(name, _)| name.as_str())
    })
}

#[test]
fn dependencies_between_folders_point_one_way() {
    for (name, text) in sources() {
        let parts: Vec<&str> = name.split(['/', '.']).collect();
        let allowed = MODULES.iter().find(|(module, _)| *module == parts[1]).map_or(ERROR, |(_, used)| used);
        for path in uses(&name, &text) {
            let (top, inner) = (path[0].as_str(), path.get(1).map(String::as_str));
            let is_module = top == "error" || MODULES.iter().any(|(module, _)| *module == top);
            let is_test = name.ends_with("/tests.rs");
            if is_module && top != parts[1] && !is_test {
                assert!(
                    parts[1] != "core" && allowed.split(' ').any(|known| known == top),
                    "{name} uses {top}"
                );
            }
            if (parts[1], top) == ("core", "core") && parts.len() > 3 {
                let rank = |folder| CORE.iter().position(|known| *known == folder).unwrap_or(CORE.len());
                let folder = inner.unwrap_or_default();
                assert!(
                    folder == parts[2] || rank(parts[2]) < rank(folder) || folder == "text",
                    "{name} uses {folder}"
                );
            }
        }
    }
}

#[test]
fn no_two_files_use_each_other() {
    let sources = sources();
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, text) in &sources {
        let used = uses(name, text);
        // A file may use the module that it is a part of: the two are one to everyone else.
        let is_part =
            |other: &str| other.strip_suffix("mod.rs").is_some_and(|folder| name.starts_with(folder));
        let used = used
            .iter()
            .filter_map(|path| file(path, &sources))
            .filter(|other| *other != name && !is_part(other));
        edges.insert(name, used.collect());
    }
    // A file without remaining users, or without remaining uses, is in no cycle.
    loop {
        let used: BTreeSet<&str> = edges.values().flatten().copied().collect();
        let free: Vec<&str> = edges
            .iter()
            .filter(|(name, to)| to.is_empty() || !used.contains(*name))
            .map(|(n, _)| *n)
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|name| drop(edges.remove(name)));
        edges.values_mut().for_each(|to| to.retain(|name| !free.contains(name)));
    }
    let cycles: Vec<&str> = edges.into_keys().collect();
    assert!(cycles.is_empty(), "these files use each other: {cycles:?}");
}
