//! Where what came of cases goes: lines for whoever looks on, and reports. Nothing is judged here.

use crate::cli::suite::SuiteArgs;
use crate::core::text::layout::Screen;
use crate::error::{CommandError, ExitStatus, Unwritten};
use crate::host::{Host, IfExists};
use crate::output::{self, is_stdout};
use crate::suite::lines::OutcomeLines;
use crate::suite::outcome::{CaseResult, Totals};
use crate::suite::report::{GITHUB, JSON, ReportFormat, SuiteReport, escape_workflow_commands};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;

/// Where what came of the cases goes: lines for a person, and reports.
pub(super) struct Printer<'a> {
    lines: Option<OutcomeLines>,
    /// Whether a workflow of GitHub looks for commands in them.
    on_github: bool,
    /// Whether standard output belongs to a report, and the lines go beside it.
    aside: bool,
    reports: Vec<(Box<dyn SuiteReport>, ReportFormat, &'a OsStr)>,
    /// What a workflow of GitHub shows, where it was not asked for by name.
    annotations: Option<Box<dyn SuiteReport>>,
    /// Why standard output takes nothing more.
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
        let reports: Vec<_> = asked.map(|(format, path)| (format.begin(), format, path)).collect();
        let to_stdout = reports.iter().filter(|(.., path)| is_stdout(path)).count();
        if to_stdout > 1 {
            return Err(CommandError::usage("two reports cannot share standard output")
                .with_hint("write one of them to a file"));
        }
        let mut paths = HashSet::new();
        if let Some((.., path)) = reports.iter().find(|(.., path)| !paths.insert(*path)) {
            return Err(CommandError::usage(format!(
                "two reports cannot share {}",
                Path::new(path).display()
            )));
        }
        let on_github =
            (host.env)("GITHUB_ACTIONS").is_some_and(|value| !value.is_empty() && value != "false");
        let asked = args.report.iter().any(|wanted| wanted.format == GITHUB);
        Ok(Self {
            lines: (!host.is_quiet()).then(|| OutcomeLines::new(several)),
            on_github,
            aside: to_stdout > 0,
            reports,
            annotations: (on_github && !asked && !host.is_quiet()).then(|| GITHUB.begin()),
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
        if let Some(lines) = &mut self.lines {
            let text = lines.case(result, screen(self.aside, host));
            let text = if self.on_github { escape_workflow_commands(&text) } else { text };
            if let Err(unwritten) = say(&text, self.aside, host) {
                // Whoever looked on went away; reports in files are for others.
                if self.reports.is_empty() {
                    return Err(unwritten.into());
                }
                (self.lines, self.annotations, self.unwritten) = (None, None, Some(unwritten));
            }
        }
        Ok(())
    }

    pub(super) fn end(self, totals: &Totals, host: &mut Host<'_>) -> Result<(), CommandError> {
        let mut first_problem = self.unwritten.map(CommandError::from);
        // Whatever becomes of standard output or of one report, the others are written.
        let (on_stdout, in_files): (Vec<_>, Vec<_>) =
            self.reports.into_iter().partition(|(.., path)| is_stdout(path));
        for (report, format, path) in in_files {
            if let Err(error) = (host.write)(Path::new(path), &report.end(totals), IfExists::ReplaceTarget) {
                let place = Path::new(path).display();
                let what = format!("cannot write the {} report to {place}: {error}", format.name());
                first_problem.get_or_insert(CommandError::usage(what));
            }
        }
        if let Some(annotations) = self.annotations {
            say(&String::from_utf8_lossy(&annotations.end(totals)), self.aside, host)?;
        }
        for (report, ..) in on_stdout {
            output::write(host, &report.end(totals), ExitStatus::Unjudged)?;
        }
        if let Some(lines) = self.lines {
            let text = lines.end(totals, screen(self.aside, host));
            say(&text, self.aside, host)?;
        }
        first_problem.map_or(Ok(()), Err)
    }
}

/// How lines look where they go.
fn screen(aside: bool, host: &Host<'_>) -> Screen {
    let screen = host.screen();
    if !aside {
        return screen;
    }
    let width = if host.stderr.is_terminal { (host.columns)() } else { None };
    Screen { palette: host.stderr.palette(), width, ..screen }
}

/// Says something to the person who looks on.
fn say(text: &str, aside: bool, host: &mut Host<'_>) -> Result<(), Unwritten> {
    if aside {
        // Nobody is left to tell when standard error fails.
        let _ = host.stderr.writer.write_all(text.as_bytes());
        let _ = host.stderr.writer.flush();
        return Ok(());
    }
    // Verdicts that nobody could read are no success.
    output::write(host, text.as_bytes(), ExitStatus::Unjudged)
}
