//! Where a new suite goes: to standard output, or to a file that was not there before, for its owner alone.

use super::write::NewSuite;
use crate::host::{Existing, Host};
use crate::output;
use crate::problem::{ExitStatus, Problem};
use std::io;
use std::path::Path;

/// Whether the suite goes to standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Refuses a place where something is, before anything is done for nothing.
pub(crate) fn vacant(path: &Path, host: &Host<'_>) -> Result<(), Problem> {
    let is_there = |outcome: io::Result<_>| match outcome {
        Ok(_) => true,
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    if !is_stdout(path) && is_there((host.look)(path)) { Err(taken(path)) } else { Ok(()) }
}

/// Writes the suite to its place.
pub(crate) fn put(suite: &NewSuite, path: &Path, host: &mut Host<'_>) -> anyhow::Result<()> {
    let text = suite.to_toml();
    if is_stdout(path) {
        output::write(host, text.as_bytes(), ExitStatus::Done)?;
        return Ok(());
    }
    (host.write)(path, text.as_bytes(), Existing::Kept).map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            taken(path)
        } else {
            Problem::usage(format!("cannot write the suite to {}: {error}", path.display()))
        }
    })?;
    Ok(())
}

fn taken(path: &Path) -> Problem {
    Problem::usage(format!("{} is already there, and nothing is overwritten", path.display()))
        .with_hint("choose another path, or move the old file away")
}
