//! Suites of tokens, and the reports on them.

use std::ffi::{OsStr, OsString};
use std::fmt;

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

impl Wanted {
    /// Whether it goes to standard output.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.path == OsStr::new("-")
    }
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
