//! Where a new suite goes: to standard output, or to a new file that only its owner can read. Nothing is overwritten.

use super::error::SuiteError;
use super::permission::option;
use super::reach::needed;
use super::write::NewSuite;
use crate::error::ExitStatus;
use crate::error::output::NewFileError;
use crate::host::Host;
use crate::output::{self, is_stdout};
use std::io;
use std::path::Path;

/// Fails if there is already something at the path. Callers check this before any other work.
pub(crate) fn check_vacant(path: &Path, host: &Host<'_>) -> Result<(), NewFileError> {
    let is_there = |outcome: io::Result<_>| match outcome {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if !is_stdout(path) && is_there((host.path_kind)(path)) {
        return Err(NewFileError::Exists { path: path.to_owned() });
    }
    Ok(())
}

/// Writes a suite to its path, or to standard output. Returns a hint if it can run only with `--allow`.
pub(crate) fn write_suite(
    suite: &NewSuite,
    path: &Path,
    host: &mut Host<'_>,
) -> Result<Option<String>, SuiteError> {
    let text = suite.to_toml();
    if is_stdout(path) {
        output::write(host, text.as_bytes(), ExitStatus::Done).map_err(SuiteError::NoOutput)?;
    } else {
        output::new_file(path, text.as_bytes(), "the suite", host).map_err(SuiteError::NotWritten)?;
    }
    let settings = suite.cases.iter().flat_map(|case| &case.settings).chain(&suite.defaults);
    let needed = needed(settings, path, host);
    Ok((!needed.is_empty())
        .then(|| format!("run the suite with {}: its keys are outside of its folder", option(&needed))))
}
