//! The options for suites and their reports.

use crate::suite::report::ReportFormat;
use clap::{Arg, Args, Command, ValueHint};
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

// Suites to run, and the reports on them.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Suites")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct SuiteArgs {
    /// Run a suite: tokens with their expected outcomes; may repeat
    ///
    /// A suite is a TOML, YAML or JSON file. A folder stands for every suite in it. The cases themselves set keys and
    /// options; their paths start from the folder of the suite. The exit status is 0 if every case has the expected
    /// outcome, 1 if one has not, and 2 if a suite cannot be read.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub suite: Vec<PathBuf>,
    /// Run only the cases whose name contains this text; may repeat
    #[arg(long, value_name = "TEXT", requires = "suite")]
    pub filter: Vec<String>,
    /// Stop at the first case without the expected outcome
    #[arg(long, requires = "suite")]
    pub fail_fast: bool,
    /// Write a report to a path, or to - for standard output: junit, tap, json, github, sarif or html; may repeat
    ///
    /// Under GitHub Actions (the variable GITHUB_ACTIONS is set), annotations are printed without this option.
    #[arg(long, value_name = "FORMAT=PATH", requires = "suite")]
    pub report: Vec<ReportArg>,
}

/// Lets `--suite` conflict with the other options of a command, which the cases set themselves.
pub(super) fn alone(command: Command) -> Command {
    const OWN: [&str; 4] = ["suite", "filter", "fail_fast", "report"];
    let others = command.get_arguments().map(Arg::get_id).filter(|id| !OWN.contains(&id.as_str()));
    let others: Vec<_> = others.cloned().collect();
    command.mut_arg("suite", |suite| suite.conflicts_with_all(others))
}

/// A report that the user asks for: `FORMAT=PATH`, where `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportArg {
    /// The format.
    pub format: ReportFormat,
    /// The path of the report.
    pub path: OsString,
}

/// Why the value of `--report` is not valid. The text is in `error::suite`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportArgError {
    /// There is no `=`.
    NoFormat,
    /// There is no format with this name.
    UnknownFormat(String),
    /// There is no path after the `=`.
    NoPath,
}

impl FromStr for ReportArg {
    type Err = ReportArgError;

    fn from_str(text: &str) -> Result<Self, ReportArgError> {
        let (name, path) = text.split_once('=').ok_or(ReportArgError::NoFormat)?;
        let format = ReportFormat::find(name).ok_or(ReportArgError::UnknownFormat(name.to_owned()))?;
        if path.is_empty() { Err(ReportArgError::NoPath) } else { Ok(Self { format, path: path.into() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_report_format() {
        let command = SuiteArgs::augment_args(Command::new("test"));
        let report = command.get_arguments().find(|option| option.get_id() == "report");
        let help = report.and_then(Arg::get_help).unwrap().to_string();
        for name in ReportFormat::names() {
            assert!(help.contains(name), "{name}: {help}");
        }
    }

    #[test]
    fn a_report_has_a_format_and_a_path() {
        let read = |text: &str| text.parse::<ReportArg>();
        assert_eq!(read("tap=-").unwrap().path, "-");
        assert_eq!(read("tap"), Err(ReportArgError::NoFormat));
        assert_eq!(read("xml=x"), Err(ReportArgError::UnknownFormat("xml".to_owned())));
        assert_eq!(read("tap="), Err(ReportArgError::NoPath));
    }
}
