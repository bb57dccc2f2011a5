//! The options for suites and their reports.

use super::on_demand::{OptionGroup, has_option};
use super::one_of;
use crate::suite::permission::Permission;
use crate::suite::report::request::ReportRequest;
use clap::{Arg, Args, Command, ValueHint};
use std::path::PathBuf;

// Suites to run, and the reports on them.
#[derive(Args, Clone, Debug, Default)]
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
    /// Allow the suites more than their own files: network, store or paths; may repeat
    ///
    /// By itself, a suite opens no connection, uses no store, and reads nothing outside of its own folder. With network, keys
    /// are fetched from the URLs that a suite names. With store, a suite may use a store, with FOB_STORE_PASSWORD; a store on
    /// a server also needs network. With paths, a suite may name files outside of its folder.
    #[arg(
        long,
        value_name = "WHAT",
        value_delimiter = ',',
        value_parser = one_of(&Permission::ALL, Permission::name),
        requires = "suite"
    )]
    pub allow: Vec<Permission>,
    /// Write a report: junit, tap, json, github, sarif, markdown or html
    ///
    /// May repeat. PATH is a file, or - for standard output. Under GitHub Actions (the variable GITHUB_ACTIONS is set),
    /// annotations are printed without this option. If GITHUB_STEP_SUMMARY names a file, the Markdown report is appended to
    /// it. -q switches both off.
    #[arg(long, value_name = "FORMAT=PATH", requires = "suite")]
    pub report: Vec<ReportRequest>,
}

impl OptionGroup for SuiteArgs {
    const NAMES: &'static str = "suite filter fail-fast allow report";
}

/// Run suites: tokens with their expected outcomes.
///
/// `fob verify --suite PATH` does the same. The exit status is 0 if every case has the expected outcome. It is 1 if a case
/// has another outcome, and 2 if a suite cannot be read. `at` in a case or in [defaults] overrides --at.
#[derive(Args, Clone, Debug)]
#[group(skip)]
pub struct TestArgs {
    /// The suites, and the options for them.
    #[command(flatten)]
    pub suites: SuiteArgs,
}

impl TestArgs {
    /// Adds the options. The suites are arguments here.
    pub(super) fn options(command: Command) -> Command {
        Self::augment_args(command).mut_arg("suite", |suite| {
            suite
                .long(None)
                .index(1)
                .num_args(1..)
                .required(true)
                .help("The suites: TOML, YAML or JSON files, or folders of them")
                .long_help(None)
                .help_heading(None)
        })
    }
}

/// Lets `--suite` conflict with the other options of a command, which the cases set themselves.
pub(super) fn alone(command: Command) -> Command {
    const OWN: [&str; 5] = ["suite", "filter", "fail_fast", "allow", "report"];
    if !has_option(&command, "suite") {
        return command;
    }
    let others = command.get_arguments().map(Arg::get_id).filter(|id| !OWN.contains(&id.as_str()));
    let others: Vec<_> = others.cloned().collect();
    command.mut_arg("suite", |suite| suite.conflicts_with_all(others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::ReportFormat;

    #[test]
    fn the_help_names_every_report_format() {
        let command = SuiteArgs::augment_args(Command::new("test"));
        let report = command.get_arguments().find(|option| option.get_id() == "report");
        let help = report.and_then(Arg::get_help).unwrap().to_string();
        for name in ReportFormat::names() {
            assert!(help.contains(name), "{name}: {help}");
        }
    }
}
