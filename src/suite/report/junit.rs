//! The report as JUnit XML, by the schema of Jenkins' xUnit plugin. That schema has no attribute for the line of a test
//! case, so the line is in the text.

use super::{ReportFormat, SuiteReport, sentence, story};
use crate::core::text::escape::Shown;
use crate::suite::outcome::{CaseResult, Totals};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The format `junit`.
pub(crate) const FORMAT: ReportFormat = ReportFormat { name: "junit", begin: || Box::new(Junit::default()) };

/// The suites so far.
#[derive(Debug, Default)]
pub(crate) struct Junit {
    suites: Vec<TestSuite>,
}

impl SuiteReport for Junit {
    fn case(&mut self, case: &CaseResult) {
        let path = Shown(&case.suite).to_string();
        let suite = match self.suites.pop() {
            Some(suite) if suite.name.as_str() == path => suite,
            other => {
                self.suites.extend(other);
                let mut suite = TestSuite::new(&*path);
                let file = Shown(case.file()).to_string();
                suite.extra.insert("file".into(), file.as_str().into());
                suite
            }
        };
        self.suites.push(with_case(suite, &path, case));
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let mut report = quick_junit::Report::new("fob");
        report.set_time(totals.took).add_test_suites(self.suites);
        let began = totals.began.to_rfc3339();
        for suite in &mut report.test_suites {
            suite.extra.extend(began.as_deref().map(|began| ("timestamp".into(), began.into())));
        }
        // A String takes every write, and all of its text is valid in XML.
        let text = report.to_string().unwrap_or_default();
        // The schema has no such attribute on the root, which comes first.
        text.replacen(" skipped=\"0\"", "", 1).into_bytes()
    }
}

fn with_case(mut suite: TestSuite, path: &str, case: &CaseResult) -> TestSuite {
    let location = format!("{}:{}", Shown(case.file()), case.location);
    let status = if case.passed() {
        TestCaseStatus::success()
    } else {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        // GitLab shows the description only, Jenkins shows both.
        status.set_type(case.verdict.name()).set_message(sentence(case));
        status.set_description(format!("{location}\n{}", story(case).join("\n")));
        status
    };
    let mut test = TestCase::new(Shown(&case.name).to_string(), status);
    test.set_classname(path).set_time(case.took);
    if case.passed() {
        test.set_system_out(format!("{location}\n{}", sentence(case)));
    }
    let took = suite.time.unwrap_or(Duration::ZERO).saturating_add(case.took);
    suite.set_time(took).add_test_case(test);
    suite
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::suite::report::samples;

    #[test]
    fn a_suite_is_a_test_suite_and_a_failure_has_its_checks() {
        let (cases, totals) = samples::run();
        assert_eq!(
            samples::report(FORMAT, &cases, &totals),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fob" tests="3" failures="1" errors="0" time="0.012">
    <testsuite name="suites/api.toml" tests="3" skipped="0" errors="0" failures="1" time="0.001" file="suites/api.toml" timestamp="2027-01-15T08:00:00Z">
        <testcase name="a good token" classname="suites/api.toml" time="0.000">
            <system-out>suites/api.toml:5:1
expected accepted; got accepted</system-out>
        </testcase>
        <testcase name="an old one" classname="suites/api.toml" time="0.000">
            <failure message="expected accepted; got rejected (expired)" type="rejected">suites/api.toml:10:1
expected accepted; got rejected (expired)
exp failed (expired): expired 1 second ago (2027-01-15 07:59:59 UTC)</failure>
        </testcase>
        <testcase name="no token &lt;script&gt;\u202e&amp;\u001b[31m" classname="suites/api.toml" time="0.000">
            <system-out>suites/api.toml:15:1
expected malformed:segments; got malformed (malformed:segments)</system-out>
        </testcase>
    </testsuite>
</testsuites>
"#
        );
    }

    #[test]
    fn a_run_without_cases_is_a_report_without_suites() {
        assert_eq!(
            samples::report(FORMAT, &[], &samples::nothing()),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="fob" tests="0" failures="0" errors="0" time="0.000">
</testsuites>
"#
        );
    }

    #[test]
    fn files_start_at_the_root_of_the_repository_and_names_are_as_given() {
        let mut case = samples::case("a", r#"{"exp":1}"#, "accepted", 3);
        case.in_repository = Some("tests/a.toml".into());
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert!(
            text.contains(r#"<testsuite name="suites/api.toml""#) && text.contains(r#" file="tests/a.toml""#)
        );
        assert!(
            text.contains(r#"classname="suites/api.toml""#) && text.contains(">tests/a.toml:3:1\n"),
            "{text}"
        );
    }

    #[test]
    fn each_suite_has_its_own_totals() {
        let mut cases = samples::run().0;
        cases[2].suite = "suites/<b>\"&.toml".into();
        let text = samples::report(FORMAT, &cases, &samples::nothing());
        let suites: Vec<&str> =
            text.lines().filter(|line| line.contains("<testsuite ")).map(str::trim).collect();
        assert_eq!(
            suites,
            [
                r#"<testsuite name="suites/api.toml" tests="2" skipped="0" errors="0" failures="1" time="0.001" file="suites/api.toml" timestamp="2027-01-15T08:00:00Z">"#,
                r#"<testsuite name="suites/&lt;b&gt;&quot;&amp;.toml" tests="1" skipped="0" errors="0" failures="0" time="0.000" file="suites/&lt;b&gt;&quot;&amp;.toml" timestamp="2027-01-15T08:00:00Z">"#,
            ]
        );
    }

    #[test]
    fn escapes_every_character_that_xml_does_not_allow() {
        let name: String = (0..=0x11_FFFF_u32)
            .filter_map(char::from_u32)
            .filter(|c| u32::from(*c) % 0xFFF < 0x100)
            .collect();
        let text =
            samples::report(FORMAT, &[samples::of_token(&name, "no", "accepted", 1)], &samples::nothing());
        let is_allowed = |c| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(is_allowed));
        assert!(text.chars().all(|c| c == '\n' || !crate::core::text::escape::is_hostile(c)));
    }
}
