//! The path of a suite from the root of its repository, as code hosts show it. No report is written here.

use super::real_path::{real_path, without_dots};
use crate::host::Host;
use std::io::ErrorKind::NotFound;
use std::path::{Path, PathBuf};

/// The variable that names the root in a workflow of GitHub.
const WORKSPACE: &str = "GITHUB_WORKSPACE";

/// Returns the path of a suite from the root of its repository, with slashes, or `None` outside of a repository.
///
/// The root is `GITHUB_WORKSPACE` if the suite is in it, else the nearest folder above the suite that holds `.git`. Links
/// are followed. If they lead out of the repository, the path with the links counts.
pub(super) fn path_in_repository(suite: &Path, host: &Host<'_>) -> Option<String> {
    let paths = both(suite, host);
    let workspace = (host.env)(WORKSPACE).filter(|value| !value.is_empty()).map(PathBuf::from);
    let roots = workspace.map(|workspace| both(&workspace, host)).unwrap_or_default();
    let in_workspace = roots.iter().find_map(|root| paths.iter().find_map(|path| below(path, root)));
    in_workspace.or_else(|| paths.iter().find_map(|path| below(path, repository(path, host)?)))
}

/// Returns a path from the root, first with its links followed, then with its links.
fn both(path: &Path, host: &Host<'_>) -> Vec<PathBuf> {
    let named = (host.absolute)(path).ok().map(|path| without_dots(&path));
    real_path(path, host).into_iter().chain(named).collect()
}

/// Returns the nearest folder above a path that holds `.git`. It is a file in a worktree and in a submodule.
fn repository<'p>(path: &'p Path, host: &Host<'_>) -> Option<&'p Path> {
    path.ancestors().skip(1).find(|folder| match (host.path_kind)(&folder.join(".git")) {
        Ok(_) => true,
        Err(error) => error.kind() != NotFound,
    })
}

/// Returns the path of a file from a folder above it, with slashes.
fn below(path: &Path, folder: &Path) -> Option<String> {
    let parts: Vec<_> = path.strip_prefix(folder).ok()?.iter().map(|part| part.to_string_lossy()).collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::numeric_date::NumericDate;
    use crate::host::PathKind;
    use std::ffi::OsString;

    /// Returns the path of a suite from its root, in a world without links that has these entries named `.git`.
    fn found(suite: &str, workspace: &str, repositories: &[&str]) -> Option<String> {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut host = Host::fake(NumericDate::from_seconds(0), b"", &mut out, &mut err);
        host.absolute = Box::new(|path| Ok(Path::new("/home/al/work").join(path)));
        host.env = Box::new(|name| (name == WORKSPACE).then(|| OsString::from(workspace)));
        host.path_kind =
            Box::new(|path| match repositories.iter().any(|folder| Path::new(folder).join(".git") == path) {
                true => Ok(PathKind::File),
                false => Err(NotFound.into()),
            });
        path_in_repository(Path::new(suite), &host)
    }

    #[test]
    fn the_root_is_the_workspace_else_the_nearest_repository() {
        let repositories = ["/home/al", "/home/al/work/api"];
        for (suite, workspace, path) in [
            ("api/tests/a.toml", "", "tests/a.toml"),
            ("a.toml", "", "work/a.toml"),
            ("/home/al/work/api/a.toml", "", "a.toml"),
            ("../../al/./work//api/x/../a.toml", "", "a.toml"),
            ("api/tests/a.toml", "/home/al/work", "api/tests/a.toml"),
            ("api/tests/a.toml", "/home/al/work/", "api/tests/a.toml"),
            ("api/tests/a.toml", "api/../api", "tests/a.toml"),
            // A workspace that does not hold the suite.
            ("api/tests/a.toml", "/github/workspace", "tests/a.toml"),
            ("api/tests/a.toml", "/home/al/work/api/tests/a", "tests/a.toml"),
        ] {
            assert_eq!(found(suite, workspace, &repositories).as_deref(), Some(path), "{suite} {workspace}");
        }
        assert_eq!(found("/srv/a.toml", "/home/al/work", &repositories), None);
        assert_eq!(found("../../../../../../srv/a.toml", "", &repositories), None);
        assert_eq!(found("a.toml", "", &[]), None);
    }
}
