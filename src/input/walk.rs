//! Visits the files of a folder and of all folders in it. It opens no file.

use super::InputError;
use super::source::unreadable;
use crate::host::{Host, PathKind};
use std::path::PathBuf;

/// A visit of all files below a folder, in the order of their names.
#[derive(Debug)]
pub(crate) struct Walk {
    /// The content that is searched for, for messages.
    purpose: &'static str,
    hidden: HiddenFiles,
    /// The paths that are still to be visited, the next one last.
    rest: Vec<WalkStep>,
}

/// The treatment of files and folders whose names begin with a dot. The first folder is visited with any name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HiddenFiles {
    Visited,
    Skipped,
}

#[derive(Debug)]
enum WalkStep {
    File(PathBuf),
    Folder(PathBuf),
}

impl Walk {
    /// Starts at a folder.
    pub(crate) fn new(folder: PathBuf, purpose: &'static str, hidden: HiddenFiles) -> Self {
        Self { purpose, hidden, rest: vec![WalkStep::Folder(folder)] }
    }

    /// Returns the path of the next file, or the error of a folder that cannot be read.
    pub(crate) fn next(&mut self, host: &Host<'_>) -> Option<Result<PathBuf, InputError>> {
        loop {
            let folder = match self.rest.pop()? {
                WalkStep::File(path) => return Some(Ok(path)),
                WalkStep::Folder(path) => path,
            };
            let (files, folders) = match (host.path_kind)(&folder) {
                Ok(PathKind::Folder { files, folders }) => (files, folders),
                // The folder was replaced by a file since its parent was read.
                Ok(PathKind::File) => continue,
                Err(error) => return Some(Err(unreadable(&folder, self.purpose, error))),
            };
            let files = files.into_iter().map(|name| (name, false));
            let folders = folders.into_iter().map(|name| (name, true));
            let mut names: Vec<_> = files.chain(folders).collect();
            if self.hidden == HiddenFiles::Skipped {
                names.retain(|(name, _)| !name.as_encoded_bytes().starts_with(b"."));
            }
            // Steps are taken from the end, so the first name comes last.
            names.sort_by(|one, other| other.cmp(one));
            self.rest.extend(names.into_iter().map(|(name, is_folder)| {
                let path = folder.join(name);
                if is_folder { WalkStep::Folder(path) } else { WalkStep::File(path) }
            }));
        }
    }
}
