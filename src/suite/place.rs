//! Where a new suite goes: to standard output, or to a file that was not there before, for its owner alone.

use super::write::NewSuite;
use crate::error::output::NewFileError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::output::{self, is_stdout};
use std::io;
use std::path::Path;

/// Refuses a place where something is, before anything is done for nothing.
pub(crate) fn vacant(path: &Path, host: &Host<'_>) -> Result<(), CommandError> {
    let is_there = |outcome: io::Result<_>| match outcome {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if !is_stdout(path) && is_there((host.path_kind)(path)) {
        return Err(NewFileError::Exists { path: path.to_owned() }.into());
    }
    Ok(())
}

/// Writes the suite to its place.
pub(crate) fn put(suite: &NewSuite, path: &Path, host: &mut Host<'_>) -> Result<(), CommandError> {
    let text = suite.to_toml();
    if is_stdout(path) {
        output::write(host, text.as_bytes(), ExitStatus::Done)?;
        return Ok(());
    }
    output::new_file(path, text.as_bytes(), "the suite", host)?;
    Ok(())
}
