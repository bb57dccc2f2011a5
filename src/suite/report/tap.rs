//! The report in the Test Anything Protocol, version 14. The plan of a run that ended early counts the cases that were run,
//! and a comment counts the others: `Bail out!` would end the other tests of a harness too. Perl's `prove` reads no version
//! above 13, but accepts all lines after the first.

use super::{ReportFormat, SuiteReport, check_line, sentence, tally};
use crate::core::text::escape::Shown;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;

/// The format `tap`.
pub(crate) const FORMAT: ReportFormat = ReportFormat { name: "tap", begin: || Box::new(Tap::default()) };

/// The test points so far.
#[derive(Debug, Default)]
pub(crate) struct Tap {
    points: String,
    count: usize,
}

impl SuiteReport for Tap {
    fn case(&mut self, case: &CaseResult) {
        self.count += 1;
        let (ok, number) = (if case.passed() { "ok" } else { "not ok" }, self.count);
        let description = described(&format!("{}: {}", case.suite, case.name));
        // Writing to a String cannot fail.
        let _ = writeln!(self.points, "{ok} {number} - {description}");
        diagnostics(&mut self.points, case);
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let plan = match self.count {
            0 => "1..0 # SKIP no case was run".to_owned(),
            count => format!("1..{count}"),
        };
        format!("TAP version 14\n{plan}\n{}# {}\n", self.points, tally(totals)).into_bytes()
    }
}

/// Returns a description without number signs: after one, a case could call itself skipped.
fn described(text: &str) -> String {
    Shown(text).to_string().replace('\\', "\\\\").replace('#', "\\#")
}

/// Writes the YAML block below a test point.
fn diagnostics(text: &mut String, case: &CaseResult) {
    let _ = writeln!(text, "  ---\n  message: {}", quoted(&sentence(case)));
    let (file, line, column) = (quoted(&case.suite), case.location.line, case.location.column);
    let _ = writeln!(text, "  at:\n    file: {file}\n    line: {line}\n    column: {column}");
    let _ = writeln!(text, "  verdict: {}", case.verdict.name());
    list(text, "reasons", case.reasons.iter().map(ToString::to_string));
    list(text, "expected", case.expected.iter().map(ToString::to_string));
    if !case.passed() {
        list(text, "unmet", case.unmet.iter().map(ToString::to_string));
        list(text, "checks", case.differing().map(check_line));
        list(text, "hints", case.hints.iter().cloned());
    }
    text.push_str("  ...\n");
}

fn list(text: &mut String, name: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        let _ = writeln!(text, "  {name}: []");
        return;
    }
    let _ = writeln!(text, "  {name}:");
    items.for_each(|item| _ = writeln!(text, "    - {}", quoted(&item)));
}

/// Returns a YAML scalar in double quotes.
///
/// Hostile characters are escaped twice, so that they stay escaped after parsing. The only escapes left are those of `"`
/// and `\`, since `prove` knows no others.
fn quoted(text: &str) -> String {
    format!("\"{}\"", Shown(text).to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::FORMAT;
    use crate::suite::outcome::Totals;
    use crate::suite::report::samples;

    #[test]
    fn a_case_is_a_test_point_with_its_outcome() {
        let (cases, totals) = samples::run();
        assert_eq!(
            samples::report(FORMAT, &cases, &totals),
            r#"TAP version 14
1..3
ok 1 - suites/api.toml: a good token
  ---
  message: "expected accepted; got accepted"
  at:
    file: "suites/api.toml"
    line: 5
    column: 1
  verdict: accepted
  reasons: []
  expected:
    - "accepted"
  ...
not ok 2 - suites/api.toml: an old one
  ---
  message: "expected accepted; got rejected (expired)"
  at:
    file: "suites/api.toml"
    line: 10
    column: 1
  verdict: rejected
  reasons:
    - "expired"
  expected:
    - "accepted"
  unmet:
    - "accepted"
  checks:
    - "exp failed (expired): expired 1 second ago (2027-01-15 07:59:59 UTC)"
  hints: []
  ...
ok 3 - suites/api.toml: no token <script>\\u202e&\\u001b[31m
  ---
  message: "expected malformed:segments; got malformed (malformed:segments)"
  at:
    file: "suites/api.toml"
    line: 15
    column: 1
  verdict: malformed
  reasons:
    - "malformed:segments"
  expected:
    - "malformed:segments"
  ...
# 3 cases: 2 passed, 1 failed
"#
        );
    }

    #[test]
    fn a_run_without_cases_is_skipped() {
        assert_eq!(
            samples::report(FORMAT, &[], &samples::nothing()),
            "TAP version 14\n1..0 # SKIP no case was run\n# 0 cases: 0 passed, 0 failed\n"
        );
    }

    #[test]
    fn the_plan_counts_the_cases_that_were_run() {
        let case = samples::of_token("no token", "nothing", "accepted", 3);
        let totals = Totals { failed: 1, left: 7, ..samples::nothing() };
        assert_eq!(
            samples::report(FORMAT, &[case], &totals),
            r#"TAP version 14
1..1
not ok 1 - suites/api.toml: no token
  ---
  message: "expected accepted; got malformed (malformed:segments)"
  at:
    file: "suites/api.toml"
    line: 3
    column: 1
  verdict: malformed
  reasons:
    - "malformed:segments"
  expected:
    - "accepted"
  unmet:
    - "accepted"
  checks:
    - "form failed (malformed:segments): one segment, but a JWT has three"
  hints: []
  ...
# 1 case: 0 passed, 1 failed, 7 not run
"#
        );
    }

    #[test]
    fn a_name_cannot_make_a_directive_or_a_line() {
        let name = "good # SKIP \\# TODO\nnot ok 2\r\nBail out!";
        let case = samples::case(name, "{}", "accepted", 3);
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        let line = text.lines().nth(2).unwrap();
        assert_eq!(line, r"ok 1 - suites/api.toml: good \# SKIP \\\# TODO\\nnot ok 2\\r\\nBail out!");
    }
}
