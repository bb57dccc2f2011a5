//! Suites of tokens, and the reports on them.

use clap::{Arg, Args, Command, ValueHint};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

// Tokens with what is expected of each.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Suites")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct SuiteArgs {
    /// Run the cases of a suite: tokens with what is expected of each; may repeat
    ///
    /// A suite is a file of TOML, YAML or JSON, and a folder means every suite in it. Keys and options are those of its cases,
    /// paths start from its folder. The exit status is 0 if all cases come out as expected, 1 if one does not, 2 if a suite
    /// cannot be read.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub suite: Vec<PathBuf>,
    /// Run only the cases with this in their name; repeated, with any of these
    #[arg(long, value_name = "TEXT", requires = "suite")]
    pub filter: Vec<String>,
    /// Stop at the first case that does not come out as expected
    #[arg(long, requires = "suite")]
    pub fail_fast: bool,
    /// Write a report: junit, tap, json, github, sarif or html, and where to, - for standard output; may repeat
    ///
    /// Under GitHub Actions (the variable GITHUB_ACTIONS) annotations are printed without being asked for.
    #[arg(long, value_name = "FORMAT=PATH", requires = "suite")]
    pub report: Vec<Wanted>,
}

/// Has `--suite` stand without every other option of a command: its cases have their own.
pub(super) fn alone(command: Command) -> Command {
    const OWN: [&str; 4] = ["suite", "filter", "fail_fast", "report"];
    let others = command.get_arguments().map(Arg::get_id).filter(|id| !OWN.contains(&id.as_str()));
    let others: Vec<_> = others.cloned().collect();
    command.mut_arg("suite", |suite| suite.conflicts_with_all(others))
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JUnit XML, as Jenkins and GitLab read it.
    Junit,
    /// The Test Anything Protocol, version 14.
    Tap,
    /// JSON Lines: a document a case.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0.
    Sarif,
    /// One page for people.
    Html,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Junit, Self::Tap, Self::Json, Self::Github, Self::Sarif, Self::Html];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Junit => "junit",
            Self::Tap => "tap",
            Self::Json => "json",
            Self::Github => "github",
            Self::Sarif => "sarif",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A report that is asked for: `FORMAT=PATH`, where `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its format.
    pub format: Format,
    /// Where it goes.
    pub path: OsString,
}

impl std::str::FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names = Format::ALL.map(Format::name).join(", ");
        let (name, path) =
            text.split_once('=').ok_or_else(|| format!("write FORMAT=PATH, the format one of {names}"))?;
        let format = Format::ALL.into_iter().find(|format| format.name() == name);
        let format = format.ok_or_else(|| format!("no report has this format, but {names}"))?;
        if path.is_empty() {
            return Err("after = comes the path of the report, or - for standard output".to_owned());
        }
        Ok(Self { format, path: path.into() })
    }
}
