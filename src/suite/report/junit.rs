//! The report as JUnit XML, by the schema of Jenkins' xUnit plugin. That schema has no attribute for the line of a test
//! case, so the line is in the text.

use super::{ReportFormat, SuiteReport, sentence, story};
use crate::core::text::escape::Shown;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt;
use std::fmt::Write as _;
use std::time::Duration;

/// The format `junit`.
pub(crate) const FORMAT: ReportFormat = ReportFormat { name: "junit", begin: || Box::new(Junit::default()) };

/// The suites so far.
#[derive(Debug, Default)]
pub(crate) struct Junit {
    suites: Vec<TestSuite>,
}

/// A suite, with its cases as XML.
#[derive(Debug)]
struct TestSuite {
    name: String,
    file: String,
    tests: usize,
    failures: usize,
    took: Duration,
    cases: String,
}

impl SuiteReport for Junit {
    fn case(&mut self, case: &CaseResult) {
        let name = Shown(&case.suite).to_string();
        match self.suites.last_mut() {
            Some(suite) if suite.name == name => suite.add(case),
            _ => {
                let mut suite = TestSuite::new(name, case.file());
                suite.add(case);
                self.suites.push(suite);
            }
        }
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let tests: usize = self.suites.iter().map(|suite| suite.tests).sum();
        let failures: usize = self.suites.iter().map(|suite| suite.failures).sum();
        let (time, began) = (Seconds(totals.took), totals.began.to_rfc3339());
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"fob\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"{time}\">\n"
        );
        self.suites.iter().for_each(|suite| suite.write(&mut text, began.as_deref()));
        text.push_str("</testsuites>\n");
        text.into_bytes()
    }
}

impl TestSuite {
    fn new(name: String, file: &str) -> Self {
        let file = Shown(file).to_string();
        Self { name, file, tests: 0, failures: 0, took: Duration::ZERO, cases: String::new() }
    }

    fn add(&mut self, case: &CaseResult) {
        self.tests += 1;
        self.failures += usize::from(!case.passed());
        self.took = self.took.saturating_add(case.took);
        let shown = Shown(&case.name).to_string();
        let (name, class, time) = (Xml(&shown), Xml(&self.name), Seconds(case.took));
        // Writing to a String cannot fail.
        let _ = write!(
            self.cases,
            "        <testcase name=\"{name}\" classname=\"{class}\" time=\"{time}\">\n            "
        );
        let location = format!("{}:{}", Shown(case.file()), case.location);
        let (location, said) = (Xml(&location), sentence(case));
        let said = Xml(&said);
        let _ = if case.passed() {
            write!(self.cases, "<system-out>{location}\n{said}</system-out>")
        } else {
            // GitLab shows the text only, Jenkins shows both.
            let (kind, story) = (Xml(case.verdict.name()), story(case).join("\n"));
            let story = Xml(&story);
            write!(self.cases, "<failure message=\"{said}\" type=\"{kind}\">{location}\n{story}</failure>")
        };
        self.cases.push_str("\n        </testcase>\n");
    }

    fn write(&self, text: &mut String, began: Option<&str>) {
        let Self { tests, failures, cases, .. } = self;
        let (name, file, time) = (Xml(&self.name), Xml(&self.file), Seconds(self.took));
        let _ = write!(
            text,
            "    <testsuite name=\"{name}\" tests=\"{tests}\" skipped=\"0\" errors=\"0\" \
             failures=\"{failures}\" time=\"{time}\" file=\"{file}\""
        );
        if let Some(began) = began {
            let _ = write!(text, " timestamp=\"{}\"", Xml(began));
        }
        let _ = write!(text, ">\n{cases}    </testsuite>\n");
    }
}

/// A time in seconds, with three decimals.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0.as_secs_f64())
    }
}

/// Text of an element or an attribute. Its control characters are escaped already (XML 1.0 allows hardly any of them).
struct Xml<'a>(&'a str);

impl fmt::Display for Xml<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clean = 0;
        for (at, special) in self.0.match_indices(['<', '>', '&', '\'', '"']) {
            f.write_str(self.0.get(clean..at).unwrap_or_default())?;
            f.write_str(match special {
                "<" => "&lt;",
                ">" => "&gt;",
                "&" => "&amp;",
                "'" => "&apos;",
                _ => "&quot;",
            })?;
            clean = at + special.len();
        }
        f.write_str(self.0.get(clean..).unwrap_or_default())
    }
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
        cases[2].suite = "suites/<b>\"&'.toml".into();
        let text = samples::report(FORMAT, &cases, &samples::nothing());
        let suites: Vec<&str> =
            text.lines().filter(|line| line.contains("<testsuite ")).map(str::trim).collect();
        assert_eq!(
            suites,
            [
                r#"<testsuite name="suites/api.toml" tests="2" skipped="0" errors="0" failures="1" time="0.001" file="suites/api.toml" timestamp="2027-01-15T08:00:00Z">"#,
                r#"<testsuite name="suites/&lt;b&gt;&quot;&amp;&apos;.toml" tests="1" skipped="0" errors="0" failures="0" time="0.000" file="suites/&lt;b&gt;&quot;&amp;&apos;.toml" timestamp="2027-01-15T08:00:00Z">"#,
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
