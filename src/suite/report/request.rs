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

/// The page that the user asks `inspect` for: `html=PATH`, where `-` is standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The path of the page.
    pub path: OsString,
}

/// The format of a page.
pub(crate) const PAGE: &str = "html";

/// A value of `--report` that is invalid. The text is in `error::suite`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRequestError {
    /// The formats that the command has.
    pub formats: Vec<&'static str>,
    /// The mistake.
    pub kind: ReportRequestErrorKind,
    /// The request that was probably meant.
    pub meant: Option<String>,
}

/// A mistake in the value of `--report`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReportRequestErrorKind {
    /// There is no `=`.
    NoFormat,
    /// There is no format with this name.
    UnknownFormat(String),
    /// There is no path after the `=`.
    NoPath,
}

/// Splits a value into one of the formats and the path.
fn split(
    text: &str,
    formats: impl IntoIterator<Item = &'static str>,
) -> Result<(&str, OsString), ReportRequestError> {
    let formats: Vec<_> = formats.into_iter().collect();
    let kind = match text.split_once('=') {
        None => ReportRequestErrorKind::NoFormat,
        Some((name, _)) if !formats.contains(&name) => ReportRequestErrorKind::UnknownFormat(name.to_owned()),
        Some((_, "")) => ReportRequestErrorKind::NoPath,
        Some((name, path)) => return Ok((name, path.into())),
    };
    let meant = meant(text, &formats);
    Err(ReportRequestError { formats, kind, meant })
}

/// Returns the request that a format or a path alone means, or a format in other letters.
fn meant(text: &str, formats: &[&'static str]) -> Option<String> {
    let like = |name: &str| {
        let format = ReportFormat::named_like(name)?.name();
        formats.contains(&format).then_some(format)
    };
    if let Some((name, path)) = text.split_once('=') {
        return like(name).map(|format| format!("{format}={path}"));
    }
    if let Some(format) = like(text) {
        return Some(format!("{format}=PATH"));
    }
    let (_, ending) = text.rsplit_once('.')?;
    like(ending).map(|format| format!("{format}={text}"))
}

impl FromStr for ReportRequest {
    type Err = ReportRequestError;

    fn from_str(text: &str) -> Result<Self, ReportRequestError> {
        let (name, path) = split(text, ReportFormat::names())?;
        let unknown = || ReportRequestError {
            formats: ReportFormat::names().collect(),
            kind: ReportRequestErrorKind::UnknownFormat(name.to_owned()),
            meant: None,
        };
        Ok(Self { format: ReportFormat::find(name).ok_or_else(unknown)?, path })
    }
}

impl FromStr for PageRequest {
    type Err = ReportRequestError;

    fn from_str(text: &str) -> Result<Self, ReportRequestError> {
        split(text, [PAGE]).map(|(_, path)| Self { path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_a_format_and_a_path() {
        let read = |text: &str| text.parse::<ReportRequest>().map_err(|error| error.kind);
        assert_eq!(read("tap=-").unwrap().path, "-");
        assert_eq!(read("tap"), Err(ReportRequestErrorKind::NoFormat));
        assert_eq!(read("xml=x"), Err(ReportRequestErrorKind::UnknownFormat("xml".to_owned())));
        assert_eq!(read("tap="), Err(ReportRequestErrorKind::NoPath));
    }

    #[test]
    fn guesses_at_a_request_in_another_form() {
        let meant = |text: &str| text.parse::<ReportRequest>().unwrap_err().meant;
        for (text, request) in [
            ("tap", Some("tap=PATH")),
            ("x.html", Some("html=x.html")),
            ("out/report.xml", Some("junit=out/report.xml")),
            ("xml=x", Some("junit=x")),
            ("HTML=x", Some("html=x")),
            ("pdf=x", None),
            ("x", None),
        ] {
            assert_eq!(meant(text).as_deref(), request, "{text}");
        }
        assert_eq!("x.xml".parse::<PageRequest>().unwrap_err().meant, None);
    }

    #[test]
    fn a_page_is_html() {
        let read = |text: &str| text.parse::<PageRequest>();
        assert_eq!(read("html=a=b").unwrap().path, "a=b");
        let error = read("junit=x").unwrap_err();
        assert_eq!(error.kind, ReportRequestErrorKind::UnknownFormat("junit".to_owned()));
        assert_eq!(error.formats, ["html"]);
    }
}
