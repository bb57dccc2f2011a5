//! A report in the Test Anything Protocol, version 14. A run that ended early has a plan of what was run, and says what was
//! left in a comment: to bail out would end the other tests of a harness too. Perl's `prove` reads no version above 13; but
//! for the first line, it takes these reports.

use super::{Report, check_line, sentence, tally};
use crate::core::text::escape::Shown;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;

/// The test points so far.
#[derive(Debug, Default)]
pub(crate) struct Tap {
    points: String,
    count: usize,
}

impl Report for Tap {
    fn case(&mut self, case: &CaseResult) {
        self.count += 1;
        let (ok, number) = (if case.passed() { "ok" } else { "not ok" }, self.count);
        let description = described(&format!("{}: {}", case.suite, case.name));
        // A String takes every write.
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

/// A description: a number sign would begin a directive, and a case could call itself skipped.
fn described(text: &str) -> String {
    Shown(text).to_string().replace('\\', "\\\\").replace('#', "\\#")
}

/// The YAML block below a test point.
fn diagnostics(text: &mut String, case: &CaseResult) {
    let _ = writeln!(text, "  ---\n  message: {}", quoted(&sentence(case)));
    let (file, line, column) = (quoted(&case.suite), case.place.line, case.place.column);
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

/// A scalar in double quotes. What is hostile is escaped twice, so that whoever shows what was read is safe too, and no
/// reader has to know any escape but these two: that of `prove` does not.
fn quoted(text: &str) -> String {
    format!("\"{}\"", Shown(text).to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use crate::cli::suite::Format;
    use crate::suite::outcome::Totals;
    use crate::suite::report::samples;

    #[test]
    fn a_case_is_a_test_point_with_what_came_of_it_below() {
        let (cases, totals) = samples::run();
        assert_eq!(
            samples::report(Format::Tap, &cases, &totals),
            r#"TAP version 14
1..3
ok 1 - suites/api.toml: a good token
  ---
  message: "expected accepted; came out accepted"
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
  message: "expected accepted; came out rejected (expired)"
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
  message: "expected malformed:segments; came out malformed (malformed:segments)"
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
    fn a_run_without_a_case_is_a_skipped_one() {
        assert_eq!(
            samples::report(Format::Tap, &[], &samples::nothing()),
            "TAP version 14\n1..0 # SKIP no case was run\n# 0 cases: 0 passed, 0 failed\n"
        );
    }

    #[test]
    fn a_run_that_ended_early_plans_what_was_run() {
        let case = samples::of_token("no token", "nothing", "accepted", 3);
        let totals = Totals { failed: 1, left: 7, ..samples::nothing() };
        assert_eq!(
            samples::report(Format::Tap, &[case], &totals),
            r#"TAP version 14
1..1
not ok 1 - suites/api.toml: no token
  ---
  message: "expected accepted; came out malformed (malformed:segments)"
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
    fn a_name_is_neither_a_directive_nor_a_line_of_its_own() {
        let name = "good # SKIP \\# TODO\nnot ok 2\r\nBail out!";
        let case = samples::case(name, "{}", "accepted", 3);
        let text = samples::report(Format::Tap, &[case], &samples::nothing());
        let line = text.lines().nth(2).unwrap();
        assert_eq!(
            line,
            r"ok 1 - suites/api.toml: good \# SKIP \\\# TODO\\u000anot ok 2\\u000d\\u000aBail out!"
        );
    }
}
