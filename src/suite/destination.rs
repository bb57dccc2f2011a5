//! Where a new suite goes: to standard output, or to a new file that only its owner can read. Nothing is overwritten.

use super::write::NewSuite;
use crate::error::output::NewFileError;
use crate::error::{CommandError, ExitStatus};
use crate::host::Host;
use crate::output::{self, is_stdout};
use std::io;
use std::path::Path;

/// Fails if there is already something at the path. Callers check this before any other work.
pub(crate) fn check_vacant(path: &Path, host: &Host<'_>) -> Result<(), CommandError> {
    let is_there = |outcome: io::Result<_>| match outcome {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if !is_stdout(path) && is_there((host.path_kind)(path)) {
        return Err(NewFileError::Exists { path: path.to_owned() }.into());
    }
    Ok(())
}

/// Writes a suite to its path, or to standard output.
pub(crate) fn write_suite(suite: &NewSuite, path: &Path, host: &mut Host<'_>) -> Result<(), CommandError> {
    let text = suite.to_toml();
    if is_stdout(path) {
        output::write(host, text.as_bytes(), ExitStatus::Done)?;
        return Ok(());
    }
    output::new_file(path, text.as_bytes(), "the suite", host)?;
    Ok(())
}
