//! Folders, looked through with all that is in them.

use super::source::unreadable;
use crate::error::CommandError;
use crate::host::{Host, PathKind};
use std::path::PathBuf;

/// The files of a folder and of all folders in it, in the order of their names.
#[derive(Debug)]
pub(crate) struct Walk {
    /// What is looked for, to say what could not be read.
    purpose: &'static str,
    hidden: Hidden,
    /// What is still to be visited, the next one last.
    rest: Vec<Step>,
}

/// What becomes of files and folders whose names begin with a dot; the folder that was named is visited, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hidden {
    Visited,
    PassedOver,
}

#[derive(Debug)]
enum Step {
    File(PathBuf),
    Folder(PathBuf),
}

impl Walk {
    pub(crate) fn of(folder: PathBuf, purpose: &'static str, hidden: Hidden) -> Self {
        Self { purpose, hidden, rest: vec![Step::Folder(folder)] }
    }

    /// The path of the next file, or why a folder cannot be looked through.
    pub(crate) fn next(&mut self, host: &Host<'_>) -> Option<Result<PathBuf, CommandError>> {
        loop {
            let folder = match self.rest.pop()? {
                Step::File(path) => return Some(Ok(path)),
                Step::Folder(path) => path,
            };
            let (files, folders) = match (host.path_kind)(&folder) {
                Ok(PathKind::Folder { files, folders }) => (files, folders),
                // It was a folder a moment ago.
                Ok(PathKind::File) => continue,
                Err(error) => return Some(Err(unreadable(&folder, self.purpose, &error))),
            };
            let files = files.into_iter().map(|name| (name, false));
            let folders = folders.into_iter().map(|name| (name, true));
            let mut names: Vec<_> = files.chain(folders).collect();
            if self.hidden == Hidden::PassedOver {
                names.retain(|(name, _)| !name.as_encoded_bytes().starts_with(b"."));
            }
            // The first of them is taken first, from the end.
            names.sort_by(|one, other| other.cmp(one));
            self.rest.extend(names.into_iter().map(|(name, is_folder)| {
                let path = folder.join(name);
                if is_folder { Step::Folder(path) } else { Step::File(path) }
            }));
        }
    }
}
