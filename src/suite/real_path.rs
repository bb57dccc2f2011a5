//! Paths from the root, without links and dots. Nothing is opened here.

use crate::host::{Host, ResolvedKind};
use std::path::{Component, Path, PathBuf};

/// Returns the path that a path leads to, from the root and without links. Of what does not exist, the name decides. Returns
/// nothing for a broken link, such as one of `/proc` to a pipe, and for what is no file, such as a pipe.
pub(super) fn real_path(path: &Path, host: &Host<'_>) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let path = (host.absolute)(path).ok()?;
    for folder in path.ancestors() {
        if let Ok(found) = host.locked_files.resolve(folder) {
            if matches!(found.kind, ResolvedKind::BrokenLink | ResolvedKind::Special) {
                return None;
            }
            return Some(without_dots(&found.path.join(path.strip_prefix(folder).ok()?)));
        }
    }
    Some(without_dots(&path))
}

/// Returns a path from the root without `.` and `..`, as if it had no links.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            // The folder above the root is the root.
            Component::ParentDir => _ = plain.pop(),
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_as_far_as_the_path_exists() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        fs::write(root.join("a/file"), "").unwrap();
        symlink("a/b", root.join("link")).unwrap();
        symlink("nowhere", root.join("broken")).unwrap();
        let host = Host::system();
        for (path, real) in [
            ("a/file", "a/file"),
            ("link/../file", "a/file"),
            ("link/new", "a/b/new"),
            ("link/new/deeper", "a/b/new/deeper"),
            ("link/new/../../x", "a/x"),
            ("new/../x", "x"),
            ("a/./b/../../a//b", "a/b"),
        ] {
            assert_eq!(real_path(&root.join(path), &host), Some(root.join(real)), "{path}");
        }
        assert_eq!(real_path(Path::new("/../x"), &host), Some("/x".into()));
        assert_eq!(real_path(&root.join("broken"), &host), None);
        assert_eq!(real_path(&root.join("broken/x"), &host), None);
        assert_eq!(real_path(Path::new(""), &host), std::env::current_dir().unwrap().canonicalize().ok());
    }
}
