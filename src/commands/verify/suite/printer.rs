//! Prints the outcomes of cases: lines for the user, and reports. It judges nothing.

use super::summary::{self, StepSummary};
use crate::cli::masked::command_line;
use crate::cli::suite::SuiteArgs;
use crate::core::text::layout::Screen;
use crate::core::text::workflow::escape_workflow_commands;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, IfExists};
use crate::output::{self, is_stdout};
use crate::suite::lines::OutcomeLines;
use crate::suite::outcome::{CaseResult, Totals};
use crate::suite::report::{GITHUB, JSON, MARKDOWN, ReportFormat, SuiteReport};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A printer of the outcomes of cases as they come. It writes the reports at the end.
pub(super) struct Printer<'a> {
    lines: Option<OutcomeLines>,
    /// Set if a system would run commands in the lines.
    is_in_workflow: bool,
    line_stream: LineStream,
    reports: Vec<(Box<dyn SuiteReport>, ReportFormat, &'a OsStr)>,
    /// Annotations for a GitHub workflow, unless the user asked for them as a report.
    annotations: Option<Box<dyn SuiteReport>>,
    /// The report for the summary of a workflow step, if the environment names its file.
    summary: Option<StepSummary>,
    /// The file of this summary, which no report replaces.
    summary_file: Option<PathBuf>,
    /// The failed write to standard output, if one failed.
    unwritten: Option<Unwritten>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(
        args: &'a SuiteArgs,
        json: bool,
        several: bool,
        host: &Host<'_>,
    ) -> Result<Self, CommandError> {
        let asked = args.report.iter().map(|wanted| (wanted.format, wanted.path.as_os_str()));
        let asked = asked.chain(json.then_some((JSON, OsStr::new("-"))));
        let mut reports: Vec<_> = asked.map(|(format, path)| (format.begin(), format, path)).collect();
        if !reports.is_empty() {
            let command = command_line(host.command_line());
            reports.iter_mut().for_each(|(report, ..)| report.command(&command));
        }
        let mut paths = HashSet::new();
        if let Some((.., path)) = reports.iter().find(|(.., path)| !paths.insert(*path)) {
            return Err(UsageError::SharedReportPath { path: path.into() }.into());
        }
        let summary_file = summary::file(host);
        let is_summary = |path: &OsStr| {
            summary_file.as_deref().is_some_and(|file| !is_stdout(path) && summary::is_same(file, path, host))
        };
        let (for_summary, reports): (Vec<_>, Vec<_>) =
            reports.into_iter().partition(|(_, format, path)| *format == MARKDOWN && is_summary(path));
        let is_asked = !for_summary.is_empty();
        let is_taken = reports.iter().any(|(.., path)| is_summary(path));
        let is_wanted = is_asked || !(is_taken || host.is_quiet());
        let summary = summary_file.clone().filter(|_| is_wanted);
        let has_stdout_report = reports.iter().any(|(.., path)| is_stdout(path));
        let asked = args.report.iter().any(|wanted| wanted.format == GITHUB);
        Ok(Self {
            lines: (!host.is_quiet()).then(|| OutcomeLines::new(several)),
            is_in_workflow: host.is_in_workflow(),
            line_stream: if has_stdout_report { LineStream::Stderr } else { LineStream::Stdout },
            reports,
            annotations: (host.is_on_github() && !asked && !host.is_quiet()).then(|| GITHUB.begin()),
            summary: summary.map(|file| StepSummary::begin(file, is_asked)),
            summary_file,
            unwritten: None,
        })
    }

    pub(super) fn case(&mut self, result: &CaseResult, host: &mut Host<'_>) -> Result<(), CommandError> {
        for (report, ..) in &mut self.reports {
            report.case(result);
        }
        if let Some(annotations) = &mut self.annotations {
            annotations.case(result);
        }
        if let Some(summary) = &mut self.summary {
            summary.case(result);
        }
        if let Some(lines) = &mut self.lines {
            let text = lines.case(result, self.line_stream.screen(host));
            let text = if self.is_in_workflow { escape_workflow_commands(&text) } else { text };
            if let Err(unwritten) = self.line_stream.print(&text, host) {
                // The reader of the lines is gone, but reports in files have other readers.
                if self.reports.is_empty() && self.summary.is_none() {
                    return Err(unwritten.into());
                }
                (self.lines, self.annotations, self.unwritten) = (None, None, Some(unwritten));
            }
        }
        Ok(())
    }

    pub(super) fn end(self, totals: &Totals, host: &mut Host<'_>) -> Result<(), CommandError> {
        let mut first_error = self.unwritten.map(CommandError::from);
        // A failed write does not keep the other reports from being written.
        let (on_stdout, in_files): (Vec<_>, Vec<_>) =
            self.reports.into_iter().partition(|(.., path)| is_stdout(path));
        for (report, format, path) in in_files {
            let is_summary =
                self.summary_file.as_deref().is_some_and(|file| summary::is_same(file, path, host));
            let if_exists = if is_summary { IfExists::Append } else { IfExists::ReplaceTarget };
            if let Err(error) = (host.write)(Path::new(path), &report.end(totals), if_exists) {
                let error = UsageError::ReportNotWritten { format: format.name(), path: path.into(), error };
                first_error.get_or_insert(error.into());
            }
        }
        if let Some(Err(error)) = self.summary.map(|summary| summary.end(totals, host)) {
            first_error.get_or_insert(error);
        }
        if let Some(annotations) = self.annotations {
            self.line_stream.print(&String::from_utf8_lossy(&annotations.end(totals)), host)?;
        }
        for (report, format, _) in on_stdout {
            let text = report.end(totals);
            let text = match self.is_in_workflow && format != GITHUB {
                true => escape_workflow_commands(&String::from_utf8_lossy(&text)).into_bytes(),
                false => text,
            };
            if format.is_json() {
                output::write_json_lines(host, &text, ExitStatus::Unjudged)?;
            } else {
                output::write(host, &text, ExitStatus::Unjudged)?;
            }
        }
        if let Some(lines) = self.lines {
            let text = lines.end(totals, self.line_stream.screen(host));
            self.line_stream.print(&text, host)?;
        }
        first_error.map_or(Ok(()), Err)
    }
}

/// The stream that the lines are printed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LineStream {
    Stdout,
    /// Standard output belongs to a report.
    Stderr,
}

impl LineStream {
    fn screen(self, host: &Host<'_>) -> Screen {
        match self {
            Self::Stdout => host.screen(),
            Self::Stderr => host.message_screen(),
        }
    }

    fn print(self, text: &str, host: &mut Host<'_>) -> Result<(), Unwritten> {
        if self == Self::Stderr {
            // A failure of standard error cannot be reported.
            let _ = host.stderr.writer.write_all(text.as_bytes());
            let _ = host.stderr.writer.flush();
            return Ok(());
        }
        // Verdicts that were not written are no success.
        output::write(host, text.as_bytes(), ExitStatus::Unjudged)
    }
}
