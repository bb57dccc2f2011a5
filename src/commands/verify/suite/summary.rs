//! Adds the report to the summary of a step in a workflow of GitHub, which other commands of the step write, too.

use crate::error::CommandError;
use crate::error::usage::UsageError;
use crate::host::{Host, IfExists, Level, ResolvedKind};
use crate::suite::outcome::{CaseResult, Totals};
use crate::suite::report::SuiteReport as _;
use crate::suite::report::markdown::{FORMAT, LARGEST, Markdown};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The variable that names the file of the summary.
const VARIABLE: &str = "GITHUB_STEP_SUMMARY";

/// The room below which nothing is added, in bytes.
const LEAST_ROOM: usize = 2048;

/// Returns the file of the summary, if the environment names one.
pub(super) fn file(host: &Host<'_>) -> Option<PathBuf> {
    (host.env)(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Reports whether a report goes to this file.
pub(super) fn is_same(file: &Path, report: &OsStr, host: &Host<'_>) -> bool {
    let resolved = |path: &Path| host.locked_files.resolve(path).ok().map(|found| found.path);
    file == Path::new(report) || resolved(file).is_some_and(|file| resolved(Path::new(report)) == Some(file))
}

/// The part of a summary that grows case by case.
pub(super) struct StepSummary {
    report: Markdown,
    file: PathBuf,
    /// True if the user asked for the report. Then a failed write is an error.
    is_asked: bool,
}

impl StepSummary {
    pub(super) fn begin(file: PathBuf, is_asked: bool) -> Self {
        Self { report: Markdown::default(), file, is_asked }
    }

    pub(super) fn case(&mut self, case: &CaseResult) {
        self.report.case(case);
    }

    /// Appends the report to the file. A report that the user did not ask for is no reason to fail.
    pub(super) fn end(self, totals: &Totals, host: &mut Host<'_>) -> Result<(), CommandError> {
        let before = length(&self.file, host);
        let room = LARGEST.saturating_sub(before);
        if room < LEAST_ROOM {
            let text = format!("the summary {} is full: GitHub shows at most 1 MiB", self.file.display());
            host.message(Level::Warning, &text);
            return Ok(());
        }
        // A heading needs an empty line before it.
        let separator = if before > 0 { "\n\n" } else { "" };
        let text = format!("{separator}{}", self.report.within(room - separator.len(), totals));
        match (host.write)(&self.file, text.as_bytes(), IfExists::Append) {
            Ok(()) => Ok(()),
            Err(error) => {
                let error = UsageError::ReportNotWritten { format: FORMAT.name(), path: self.file, error };
                if self.is_asked {
                    return Err(error.into());
                }
                host.message(Level::Warning, &format!("{error} (named by {VARIABLE})"));
                Ok(())
            }
        }
    }
}

/// Returns the length of a regular file in bytes. Opening a pipe could wait for its other end.
fn length(file: &Path, host: &Host<'_>) -> usize {
    let is_regular = host.locked_files.resolve(file).is_ok_and(|found| found.kind == ResolvedKind::Regular);
    let length = is_regular.then(|| (host.open)(file).ok()?.length).flatten();
    usize::try_from(length.unwrap_or_default()).unwrap_or(usize::MAX)
}
