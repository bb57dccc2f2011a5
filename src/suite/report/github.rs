//! The report as annotations of a GitHub workflow: an error for each failing case, at its line in the suite, and a notice
//! with the totals. GitHub shows ten errors a step; the log has the others.

use super::{ReportFormat, SuiteReport, story, tally};
use crate::core::text::escape::Shown;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;

/// The format `github`.
pub(crate) const FORMAT: ReportFormat =
    ReportFormat { name: "github", begin: || Box::new(Annotations::default()) };

/// The workflow commands so far.
#[derive(Debug, Default)]
pub(crate) struct Annotations(String);

impl SuiteReport for Annotations {
    fn case(&mut self, case: &CaseResult) {
        if case.passed() {
            return;
        }
        let (file, title, message) =
            (property(case.file()), property(&case.name), message(&story(case).join("\n")));
        let (line, column) = (case.location.line, case.location.column);
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "::error file={file},line={line},col={column},title={title}::{message}");
    }

    fn end(mut self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let _ = writeln!(self.0, "::notice title=fob::{}", message(&tally(totals)));
        self.0.into_bytes()
    }
}

/// Encodes the message of a command, its line breaks included.
fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Encodes the value of a property.
fn property(text: &str) -> String {
    message(&Shown(text).to_string()).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::suite::outcome::Totals;
    use crate::suite::report::samples;

    #[test]
    fn a_failing_case_is_an_error_at_its_line() {
        let (cases, totals) = samples::run();
        assert_eq!(
            samples::report(FORMAT, &cases, &totals),
            r#"::error file=suites/api.toml,line=10,col=1,title=an old one::expected accepted; got rejected (expired)%0Aexp failed (expired): expired 1 second ago (2027-01-15 07:59:59 UTC)
::notice title=fob::3 cases: 2 passed, 1 failed
"#
        );
    }

    #[test]
    fn a_file_starts_at_the_root_of_the_repository() {
        let mut case = samples::case("a", r#"{"exp":1}"#, "accepted", 3);
        case.in_repository = Some("tests/a.toml".into());
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert!(text.starts_with("::error file=tests/a.toml,line=3,"), "{text}");
    }

    #[test]
    fn a_run_without_cases_is_a_notice() {
        assert_eq!(
            samples::report(FORMAT, &[], &samples::nothing()),
            "::notice title=fob::0 cases: 0 passed, 0 failed\n"
        );
    }

    #[test]
    fn a_name_cannot_end_a_property_or_a_command() {
        let mut case = samples::of_token("100%, a::b\n::stop-commands::x\u{1b}[2J", "nothing", "expired", 3);
        case.suite = "C:\\a,b%0A::c.toml".into();
        let totals = Totals { failed: 1, left: 2, ..samples::nothing() };
        assert_eq!(
            samples::report(FORMAT, &[case], &totals),
            r#"::error file=C%3A\a%2Cb%250A%3A%3Ac.toml,line=3,col=1,title=100%25%2C a%3A%3Ab\n%3A%3Astop-commands%3A%3Ax\u001b[2J::expected expired; got malformed (malformed:segments)%0Aform failed (malformed:segments): one segment, but a JWT has three
::notice title=fob::1 case: 0 passed, 1 failed, 2 not run
"#
        );
    }

    #[test]
    fn a_claim_cannot_end_a_command() {
        let mut case = samples::case("a", r#"{"exp":1}"#, "accepted", 3);
        for check in &mut case.checks {
            check.fact = "50%\n::error::x".into();
        }
        case.hints = vec!["try 5%\n::warning::y".to_owned()];
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert_eq!(
            text,
            r#"::error file=suites/api.toml,line=3,col=1,title=a::expected accepted; got rejected (expired)%0Aexp failed (expired): 50%25\n::error::x%0Ahint: try 5%25\n::warning::y
::notice title=fob::0 cases: 0 passed, 0 failed
"#
        );
    }
}
