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
    if !pattern.contains(['*', '?', '[']) || (host.path_kind)(&path).is_ok_and(|kind| kind == PathKind::File)
    {
        return match (host.path_kind)(&path) {
            Ok(PathKind::File) => Ok(vec![path]),
            Ok(PathKind::Folder { .. }) => {
                Err(ContentErrorKind::FolderAsFile { path, pattern: pattern.to_owned() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(no_file()),
            Err(error) => Err(ContentErrorKind::UnreadableFile(unreadable(&path, "the token", error))),
        };
    }
    // `./` and `//` do not change the folder.
    let parts = Path::new(pattern).components().filter(|component| *component != Component::CurDir);
    let whole: PathBuf = parts.collect();
    let compiled = Pattern::new(&whole.to_string_lossy()).map_err(|error| {
        ContentErrorKind::InvalidPattern { pattern: pattern.to_owned(), message: error.msg.to_owned() }
    })?;
    // Every match lies below the leading components without a wildcard.
    let fixed: PathBuf = whole
        .components()
        .take_while(|component| {
            !matches!(component, Component::Normal(name) if name.to_string_lossy().contains(['*', '?', '[']))
        })
        .collect();
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

/// Returns the file with the payload of a case. It must be in the folder of the suite, at any depth.
///
/// A link is not followed: it could lead out of the folder.
pub(super) fn payload(folder: &Path, path: &str, host: &Host<'_>) -> Result<PathBuf, ContentErrorKind> {
    let is_inside = |component| matches!(component, Component::Normal(_) | Component::CurDir);
    if path.is_empty() || !Path::new(path).components().all(is_inside) {
        return Err(ContentErrorKind::OutsideFolder { path: path.to_owned() });
    }
    let mut folder = folder.to_owned();
    let mut parts = Path::new(path).components().filter(|part| *part != Component::CurDir).peekable();
    while let Some(part) = parts.next() {
        let start = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
        let is_there = match (host.path_kind)(start) {
            Ok(PathKind::Folder { files, folders }) => {
                let names = if parts.peek().is_some() { folders } else { files };
                names.iter().any(|name| name == part.as_os_str())
            }
            _ => false,
        };
        if !is_there {
            return Err(ContentErrorKind::NoFile { pattern: path.to_owned() });
        }
        folder.push(part);
    }
    Ok(folder)
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
    fn a_payload_is_a_file_in_the_folder_of_the_suite() {
        with_files(|host| {
            let found = |path| payload(Path::new("s"), path, host).map(|path| path.display().to_string());
            assert_eq!(found("a/one.jwt").unwrap(), "s/a/one.jwt");
            assert_eq!(found("./c.toml").unwrap(), "s/c.toml");
            assert_eq!(payload(Path::new(""), "c.toml", host).unwrap(), Path::new("c.toml"));
            for path in ["", "..", "../s/c.toml", "a/../c.toml", "/s/c.toml"] {
                assert!(
                    found(path).unwrap_err().to_string().ends_with("is not in the folder of the suite"),
                    "{path}"
                );
            }
            for path in ["a", "b.toml", "a/two", "a/link", "none/c.toml"] {
                assert_eq!(found(path).unwrap_err().to_string(), format!("no file {path}"));
            }
        });
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
