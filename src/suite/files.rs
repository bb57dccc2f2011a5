//! Finding the files of suites and of their tokens: files, folders, and patterns with `*`, `?`, `[…]` and `**`. No file
//! is opened here.

use super::error::ContentErrorKind;
use crate::host::{Host, PathKind};
use crate::input::InputError;
use crate::input::source::unreadable;
use crate::input::walk::{HiddenFiles, Walk};
use glob::{MatchOptions, Pattern};
use std::path::{Component, Path, PathBuf};

/// The endings of suites in a folder. Content decides what is a suite, but other files are not even opened.
const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// Returns the files that may be suites, and whether the path is a folder.
///
/// A folder stands for all files in it, at any depth, in the order of their names. Paths have no `./`, so that readers
/// of a report find them.
pub(super) fn suites(path: &Path, host: &Host<'_>) -> Result<(Vec<PathBuf>, bool), InputError> {
    match (host.path_kind)(path) {
        Ok(PathKind::File) => Ok((vec![path.strip_prefix(".").unwrap_or(path).to_owned()], false)),
        Ok(PathKind::Folder { .. }) => {
            let is_suite = |file: &PathBuf| {
                let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
                ENDINGS.contains(&ending.to_ascii_lowercase().as_str())
            };
            let found = visible(path, host)?.into_iter().filter(is_suite);
            Ok((found.collect(), true))
        }
        Err(error) => Err(unreadable(path, "the suite", error)),
    }
}

/// Returns the files that a pattern matches, in the order of their names. A plain path matches itself.
pub(super) fn matching(
    folder: &Path,
    pattern: &str,
    host: &Host<'_>,
) -> Result<Vec<PathBuf>, ContentErrorKind> {
    // Only a dot matches a leading dot, and `*` does not match a slash.
    const OPTIONS: MatchOptions = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let no_file = || ContentErrorKind::NoFile { pattern: pattern.to_owned() };
    let path = folder.join(pattern);
    if !is_pattern(pattern) || (host.path_kind)(&path).is_ok_and(|kind| kind == PathKind::File) {
        return exists(&path, pattern, "the token", host).map(|()| vec![path]);
    }
    // `./` and `//` do not change the folder.
    let parts = Path::new(pattern).components().filter(|component| *component != Component::CurDir);
    let whole: PathBuf = parts.collect();
    let compiled = Pattern::new(&whole.to_string_lossy()).map_err(|error| {
        ContentErrorKind::InvalidPattern { pattern: pattern.to_owned(), message: error.msg.to_owned() }
    })?;
    // Every match lies below the leading components without a wildcard.
    let fixed = fixed_part(pattern);
    let root = folder.join(&fixed);
    // Without such components the folder is the working folder.
    let start = if root.as_os_str().is_empty() { Path::new(".") } else { &root };
    if !matches!((host.path_kind)(start), Ok(PathKind::Folder { .. })) {
        return Err(no_file());
    }
    let matches = |file: &PathBuf| {
        let inside = file.strip_prefix(&root).map(|rest| fixed.join(rest)).unwrap_or_default();
        compiled.matches_path_with(&inside, OPTIONS)
    };
    let files = visible(start, host).map_err(ContentErrorKind::UnreadableFile)?;
    let found: Vec<_> = files.into_iter().filter(matches).collect();
    if found.is_empty() { Err(no_file()) } else { Ok(found) }
}

/// Checks that a path, which a suite gives in this form, leads to a file.
pub(super) fn exists(
    path: &Path,
    given: &str,
    what: &'static str,
    host: &Host<'_>,
) -> Result<(), ContentErrorKind> {
    match (host.path_kind)(path) {
        Ok(PathKind::File) => Ok(()),
        Ok(PathKind::Folder { .. }) => {
            Err(ContentErrorKind::FolderAsFile { path: path.to_owned(), pattern: given.to_owned() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(ContentErrorKind::NoFile { pattern: given.to_owned() })
        }
        Err(error) => Err(ContentErrorKind::UnreadableFile(unreadable(path, what, error))),
    }
}

/// Returns the paths that a search with this pattern looks at: the pattern itself, which may be the name of a file, and the
/// folder below which all matches are.
pub(super) fn touched(folder: &Path, pattern: &str) -> [PathBuf; 2] {
    [
        folder.join(pattern),
        folder.join(if is_pattern(pattern) { fixed_part(pattern) } else { pattern.into() }),
    ]
}

/// Reports whether a text has a wildcard.
fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Returns the leading components of a pattern without a wildcard.
fn fixed_part(pattern: &str) -> PathBuf {
    let is_fixed = |component: &Component<'_>| !matches!(component, Component::Normal(name) if is_pattern(&name.to_string_lossy()));
    let parts = Path::new(pattern).components().filter(|component| *component != Component::CurDir);
    parts.take_while(is_fixed).collect()
}

/// Returns all files in a folder, at any depth, except hidden ones, in the order of their names.
///
/// Those of the working folder have no `./`.
fn visible(folder: &Path, host: &Host<'_>) -> Result<Vec<PathBuf>, InputError> {
    let is_here = folder == Path::new(".");
    let mut walk = Walk::new(folder.to_owned(), "the suites", HiddenFiles::Skipped);
    let files = std::iter::from_fn(|| walk.next(host));
    files
        .map(|file| match file {
            Ok(file) if is_here => Ok(file.strip_prefix(".").map(Path::to_owned).unwrap_or(file)),
            file => file,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::numeric_date::NumericDate;

    /// a/one.jwt a/two.jwt a/b/three.jwt a/.hidden c.toml
    fn with_files<T>(test: impl FnOnce(&Host<'_>) -> T) -> T {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_seconds(0), b"", &mut out, &mut err);
        host.path_kind = Box::new(|path| {
            let names = |names: &[&str]| names.iter().map(Into::into).collect();
            let folder =
                |files, folders| Ok(PathKind::Folder { files: names(files), folders: names(folders) });
            match path.to_str().unwrap().trim_end_matches('/').trim_start_matches("./") {
                "." => folder(&["c.toml"], &[]),
                "s" => folder(&["x.TOML", "c.toml", "notes.md"], &["a", ".git"]),
                "s/a" => folder(&["two.jwt", "one.jwt", ".hidden"], &["b"]),
                "s/a/b" => folder(&["three.jwt", "d.yml"], &[]),
                "s/a/one.jwt" | "s/c.toml" => Ok(PathKind::File),
                _ => Err(std::io::ErrorKind::NotFound.into()),
            }
        });
        test(&host)
    }

    fn shown(paths: Vec<PathBuf>) -> String {
        paths.iter().map(|path| path.to_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_folder_stands_for_every_suite_in_it() {
        with_files(|host| {
            let (found, is_folder) = suites(Path::new("s"), host).unwrap();
            assert!(is_folder);
            assert_eq!(shown(found), "s/a/b/d.yml s/c.toml s/x.TOML");
            for (path, found) in [("s/c.toml", "s/c.toml"), ("./s/c.toml", "s/c.toml"), (".", "c.toml")] {
                assert_eq!(shown(suites(Path::new(path), host).unwrap().0), found);
            }
            assert!(suites(Path::new("s/none.toml"), host).is_err());
        });
    }

    #[test]
    fn a_search_looks_below_the_fixed_part_of_a_pattern() {
        for (pattern, fixed) in [
            ("a/b.jwt", "s/a/b.jwt"),
            ("./a/./*.jwt", "s/a"),
            ("*.jwt", "s"),
            ("../a/**/x", "s/../a"),
            ("/srv/*/x", "/srv"),
            ("a/../[b]/c", "s/a/.."),
        ] {
            let [whole, root] = touched(Path::new("s"), pattern);
            assert_eq!((whole, root), (Path::new("s").join(pattern), fixed.into()), "{pattern}");
        }
    }

    #[test]
    fn finds_the_files_that_match_a_pattern() {
        with_files(|host| {
            let found = |pattern| matching(Path::new("s"), pattern, host).ok().map(shown);
            assert_eq!(found("a/one.jwt").as_deref(), Some("s/a/one.jwt"));
            assert_eq!(found("a/*.jwt").as_deref(), Some("s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("**/*.jwt").as_deref(), Some("s/a/b/three.jwt s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("a/[ot]*.jwt").as_deref(), Some("s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("*/?ne.jwt").as_deref(), Some("s/a/one.jwt"));
            let here = |pattern| matching(Path::new(""), pattern, host).ok().map(shown);
            assert_eq!(here("*.toml").as_deref(), Some("c.toml"));
            for pattern in ["s/*.toml", "./s/*.toml", "s/.//*.toml"] {
                assert_eq!(here(pattern).as_deref(), Some("s/c.toml"));
            }
            assert_eq!(found("a/none.jwt"), None);
            assert_eq!(found("none/*.jwt"), None);
            let error = |pattern| matching(Path::new("s"), pattern, host).unwrap_err().to_string();
            assert_eq!(error("a"), "s/a is a folder");
            assert_eq!(error("a/none.jwt"), "no file a/none.jwt");
            assert_eq!(error("a/["), "invalid pattern `a/[`: invalid range pattern");
        });
    }
}
