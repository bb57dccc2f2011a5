//! The report as JSON Lines: one document a case. It holds no durations and no tokens, so a case that sets the clock gives
//! the same bytes on every day.

use super::{ReportFormat, SuiteReport};
use crate::output::json_line;
use crate::suite::outcome::{CaseResult, Totals};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// The format `json`.
pub(crate) const FORMAT: ReportFormat =
    ReportFormat { name: "json", begin: || Box::new(JsonLines::default()) };

/// The lines so far.
#[derive(Debug, Default)]
pub(crate) struct JsonLines(Vec<u8>);

impl SuiteReport for JsonLines {
    fn case(&mut self, case: &CaseResult) {
        json_line(&mut self.0, &CaseDocument(case));
    }

    fn end(self: Box<Self>, _totals: &Totals) -> Vec<u8> {
        self.0
    }
}

/// The document of a case.
struct CaseDocument<'a>(&'a CaseResult);

impl Serialize for CaseDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let case = self.0;
        let texts = |list: &[_]| list.iter().map(ToString::to_string).collect::<Vec<String>>();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("suite", &*case.suite)?;
        map.serialize_entry("name", &case.name)?;
        map.serialize_entry("line", &case.location.line)?;
        map.serialize_entry("column", &case.location.column)?;
        map.serialize_entry("passed", &case.passed())?;
        map.serialize_entry("expected", &texts(&case.expected))?;
        map.serialize_entry("verdict", case.verdict.name())?;
        map.serialize_entry("reasons", &case.reasons)?;
        map.serialize_entry("unmet", &texts(&case.unmet))?;
        map.serialize_entry("checks", &case.differing().collect::<Vec<_>>())?;
        map.serialize_entry("hints", &case.hints)?;
        map.serialize_entry("at", &case.at.to_rfc3339())?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::suite::report::samples;

    #[test]
    fn a_case_is_a_line_without_hostile_text() {
        let (cases, totals) = samples::run();
        assert_eq!(
            samples::report(FORMAT, &cases, &totals),
            r#"{"suite":"suites/api.toml","name":"a good token","line":5,"column":1,"passed":true,"expected":["accepted"],"verdict":"accepted","reasons":[],"unmet":[],"checks":[],"hints":[],"at":"2027-01-15T08:00:00Z"}
{"suite":"suites/api.toml","name":"an old one","line":10,"column":1,"passed":false,"expected":["accepted"],"verdict":"rejected","reasons":["expired"],"unmet":["accepted"],"checks":[{"name":"exp","status":"failed","reason":"expired","detail":"expired 1 second ago (2027-01-15 07:59:59 UTC)"}],"hints":[],"at":"2027-01-15T08:00:00Z"}
{"suite":"suites/api.toml","name":"no token <script>\u202e&\u001b[31m","line":15,"column":1,"passed":true,"expected":["malformed:segments"],"verdict":"malformed","reasons":["malformed:segments"],"unmet":[],"checks":[],"hints":[],"at":"2027-01-15T08:00:00Z"}
"#
        );
    }

    #[test]
    fn a_run_without_cases_is_an_empty_file() {
        assert_eq!(samples::report(FORMAT, &[], &samples::nothing()), "");
    }

    #[test]
    fn reports_a_check_that_should_have_failed() {
        let case = samples::case("still good", r#"{"exp":1800000600}"#, "expired", 3);
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert_eq!(
            text,
            r#"{"suite":"suites/api.toml","name":"still good","line":3,"column":1,"passed":false,"expected":["expired"],"verdict":"accepted","reasons":[],"unmet":["expired"],"checks":[{"name":"exp","status":"passed","reason":null,"detail":"expires in 10 minutes (2027-01-15 08:10:00 UTC)"}],"hints":[],"at":"2027-01-15T08:00:00Z"}
"#
        );
    }
}
