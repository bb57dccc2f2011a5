//! The value of `--report`: which report to write, and where.

use super::ReportFormat;
use std::ffi::OsString;
use std::str::FromStr;

/// A report that the user asks for: `FORMAT=PATH`, where `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRequest {
    /// The format.
    pub format: ReportFormat,
    /// The path of the report.
    pub path: OsString,
}

/// Why the value of `--report` is invalid. The text is in `error::suite`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRequestError {
    /// There is no `=`.
    NoFormat,
    /// There is no format with this name.
    UnknownFormat(String),
    /// There is no path after the `=`.
    NoPath,
}

impl FromStr for ReportRequest {
    type Err = ReportRequestError;

    fn from_str(text: &str) -> Result<Self, ReportRequestError> {
        let (name, path) = text.split_once('=').ok_or(ReportRequestError::NoFormat)?;
        let format = ReportFormat::find(name).ok_or(ReportRequestError::UnknownFormat(name.to_owned()))?;
        if path.is_empty() { Err(ReportRequestError::NoPath) } else { Ok(Self { format, path: path.into() }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_format_and_a_path() {
        let read = |text: &str| text.parse::<ReportRequest>();
        assert_eq!(read("tap=-").unwrap().path, "-");
        assert_eq!(read("tap"), Err(ReportRequestError::NoFormat));
        assert_eq!(read("xml=x"), Err(ReportRequestError::UnknownFormat("xml".to_owned())));
        assert_eq!(read("tap="), Err(ReportRequestError::NoPath));
    }
}
