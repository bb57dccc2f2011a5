//! Where suites and the tokens they name are: files and folders, and paths with `*`, `?`, `[…]` and `**` in them.

use crate::error::CommandError;
use crate::host::{Host, PathKind};
use crate::input::source::unreadable;
use crate::input::walk::{HiddenFiles, Walk};
use glob::{MatchOptions, Pattern};
use std::path::{Component, Path, PathBuf};

/// What a folder's suites are called: a suite is known by its content, but not every file is opened for that.
const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// The files that may be suites: the one that is named, or those of a folder and of all folders in it, by name. They are
/// named as whoever reads a report finds them: without `./`.
pub(super) fn suites(path: &Path, host: &Host<'_>) -> Result<(Vec<PathBuf>, bool), CommandError> {
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
        Err(error) => Err(unreadable(path, "the suite", error).into()),
    }
}

/// The files that a path names, by name; a path that is no pattern names itself. `None` if there is no such file.
pub(super) fn matching(
    folder: &Path,
    pattern: &str,
    host: &Host<'_>,
) -> Result<Option<Vec<PathBuf>>, CommandError> {
    // A component that begins with a dot is matched by one that does, and `*` does not reach over a slash.
    const OPTIONS: MatchOptions = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: true,
    };
    let path = folder.join(pattern);
    if !pattern.contains(['*', '?', '['])
        || (host.path_kind)(&path).is_ok_and(|standing| standing == PathKind::File)
    {
        return match (host.path_kind)(&path) {
            Ok(PathKind::File) => Ok(Some(vec![path])),
            Ok(PathKind::Folder { .. }) => Err(CommandError::usage(format!(
                "{} is a folder: write {pattern}/* for the files in it",
                path.display()
            ))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(&path, "the token", error).into()),
        };
    }
    // `./` and `//` name no folder of their own.
    let parts = Path::new(pattern).components().filter(|component| *component != Component::CurDir);
    let whole: PathBuf = parts.collect();
    let compiled = Pattern::new(&whole.to_string_lossy())
        .map_err(|error| CommandError::usage(format!("`{pattern}` is no pattern: {}", error.msg)))?;
    // Only what lies below the components before the first that is a pattern can match.
    let fixed: PathBuf = whole
        .components()
        .take_while(|component| {
            !matches!(component, Component::Normal(name) if name.to_string_lossy().contains(['*', '?', '[']))
        })
        .collect();
    let root = folder.join(&fixed);
    // What lies beside a suite in the working folder has no folder in its name.
    let place = if root.as_os_str().is_empty() { Path::new(".") } else { &root };
    if !matches!((host.path_kind)(place), Ok(PathKind::Folder { .. })) {
        return Ok(None);
    }
    let is_meant = |file: &PathBuf| {
        let inside = file.strip_prefix(&root).map(|rest| fixed.join(rest)).unwrap_or_default();
        compiled.matches_path_with(&inside, OPTIONS)
    };
    let found: Vec<_> = visible(place, host)?.into_iter().filter(is_meant).collect();
    Ok(Some(found).filter(|found| !found.is_empty()))
}

/// The files of a folder and of all folders in it, but for hidden ones, in the order of their names. Those of the working
/// folder are named without `./`.
fn visible(folder: &Path, host: &Host<'_>) -> Result<Vec<PathBuf>, CommandError> {
    let is_here = folder == Path::new(".");
    let mut walk = Walk::new(folder.to_owned(), "the suites", HiddenFiles::Skipped);
    let files = std::iter::from_fn(|| walk.next(host));
    files
        .map(|file| match file {
            Ok(file) if is_here => Ok(file.strip_prefix(".").map(Path::to_owned).unwrap_or(file)),
            file => file.map_err(CommandError::from),
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
    fn a_folder_means_every_suite_in_it() {
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
    fn a_pattern_names_the_files_it_matches() {
        with_files(|host| {
            let found = |pattern| matching(Path::new("s"), pattern, host).unwrap().map(shown);
            assert_eq!(found("a/one.jwt").as_deref(), Some("s/a/one.jwt"));
            assert_eq!(found("a/*.jwt").as_deref(), Some("s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("**/*.jwt").as_deref(), Some("s/a/b/three.jwt s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("a/[ot]*.jwt").as_deref(), Some("s/a/one.jwt s/a/two.jwt"));
            assert_eq!(found("*/?ne.jwt").as_deref(), Some("s/a/one.jwt"));
            let here = |pattern| matching(Path::new(""), pattern, host).unwrap().map(shown);
            assert_eq!(here("*.toml").as_deref(), Some("c.toml"));
            for pattern in ["s/*.toml", "./s/*.toml", "s/.//*.toml"] {
                assert_eq!(here(pattern).as_deref(), Some("s/c.toml"));
            }
            assert_eq!(found("a/none.jwt"), None);
            assert_eq!(found("none/*.jwt"), None);
            assert!(matching(Path::new("s"), "a", host).unwrap_err().to_string().contains("is a folder"));
            assert!(matching(Path::new("s"), "a/[", host).unwrap_err().to_string().contains("is no pattern"));
        });
    }
}
