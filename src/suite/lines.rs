//! The outcome of a run as lines for a terminal: one line a case, the checks that explain a failure below it, and the
//! totals at the end.

use super::outcome::{CaseResult, Totals};
use crate::core::report::check_text;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Screen, TextLayout, columns};
use crate::core::text::palette::TextRole;
use crate::core::verify::check::Status;
use std::fmt::Write as _;
use std::sync::Arc;

/// A writer of lines, which remembers the suite that it is in.
#[derive(Debug)]
pub(crate) struct OutcomeLines {
    /// True if there are several suites, so that each gets a heading.
    several: bool,
    suite: Option<Arc<str>>,
}

impl OutcomeLines {
    /// Returns a writer. With several suites, each gets a heading.
    pub(crate) const fn new(several: bool) -> Self {
        Self { several, suite: None }
    }

    /// Returns the lines of one case, after the heading of its suite if it is the first there.
    pub(crate) fn case(&mut self, case: &CaseResult, screen: Screen) -> String {
        /// The width of the column of names, if the screen is wide enough.
        const NAME: usize = 48;
        let mut page = TextLayout { text: String::new(), screen };
        if self.several && self.suite.as_ref() != Some(&case.suite) {
            if self.suite.is_some() {
                page.blank();
            }
            page.line(TextRole::Strong, &Shown(&case.suite).to_string());
            self.suite = Some(Arc::clone(&case.suite));
        }
        let palette = screen.palette;
        let mark = if case.passed() {
            palette.paint(TextRole::Good, "ok  ")
        } else {
            palette.paint(TextRole::Bad, "FAIL")
        };
        let name = Shown(&case.name).to_string();
        let (role, outcome) = if case.passed() {
            (TextRole::Quiet, case.outcome())
        } else {
            (TextRole::Bad, format!("{}, expected {}", case.outcome(), case.expectation()))
        };
        let width = screen.width.map_or(NAME, |width| NAME.min(width / 2));
        let gap = width.saturating_sub(columns(&name)) + 2;
        let fits =
            screen.width.is_none_or(|width| INDENT + columns(&name) + gap + columns(&outcome) <= width);
        // Writing to a String cannot fail.
        if fits {
            let _ = writeln!(page.text, "{mark}  {name}{:gap$}{}", "", palette.paint(role, outcome));
        } else {
            let _ = writeln!(page.text, "{mark}  {name}");
            for line in page.wrap(&outcome, INDENT) {
                let _ = writeln!(page.text, "{:INDENT$}{}", "", palette.paint(role, line));
            }
        }
        if !case.passed() {
            below(&mut page, case);
        }
        page.text
    }

    /// Returns the totals and the time.
    pub(crate) fn end(&self, totals: &Totals, screen: Screen) -> String {
        let palette = screen.palette;
        let Totals { passed, failed, left, took, .. } = totals;
        let mut counts = vec![palette.paint(TextRole::Good, format!("{passed} passed")).to_string()];
        if *failed > 0 {
            counts.push(palette.paint(TextRole::Bad, format!("{failed} failed")).to_string());
        }
        if *left > 0 {
            counts.push(palette.paint(TextRole::Warning, format!("{left} not run")).to_string());
        }
        format!("\n{} in {:.2} s\n", counts.join(", "), took.as_secs_f64())
    }
}

/// The column where names begin, and the details below them.
const INDENT: usize = 6;

fn below(page: &mut TextLayout, case: &CaseResult) {
    let palette = page.screen.palette;
    let location = format!("{}:{}", case.suite, case.location.line);
    let _ = writeln!(page.text, "{:INDENT$}{}", "", palette.paint(TextRole::Quiet, Shown(&location)));
    for check in case.differing() {
        let role = if check.status == Status::Failed { TextRole::Bad } else { TextRole::Warning };
        let what = format!("{} {}: {}", check.name, check.status.name(), check_text(check, page.screen.zone));
        for (index, line) in page.wrap(&Shown(&what).to_string(), INDENT).iter().enumerate() {
            let line = match (index, line.split_once(' ')) {
                (0, Some((name, rest))) => format!("{} {rest}", palette.paint(role, name)),
                _ => line.clone(),
            };
            let _ = writeln!(page.text, "{:INDENT$}{line}", "");
        }
    }
    for expected in case.unasked() {
        let _ = writeln!(page.text, "{:INDENT$}{expected}: no option of this case checks for it", "");
    }
    for hint in &case.hints {
        let hint = format!("hint: {}", Shown(hint));
        for line in page.wrap(&hint, INDENT) {
            let _ = writeln!(page.text, "{:INDENT$}{}", "", palette.paint(TextRole::Quiet, line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::samples;
    use super::*;

    #[test]
    fn a_case_is_a_line_and_a_failure_has_its_checks() {
        let (cases, totals) = samples::run();
        let mut lines = OutcomeLines::new(false);
        let mut text: String = cases.iter().map(|case| lines.case(case, Screen::default())).collect();
        text.push_str(&lines.end(&totals, Screen::default()));
        let expected = "\
ok    a good token                                      accepted
FAIL  an old one                                        expired, expected accepted
      suites/api.toml:10
      exp failed: expired 1 second ago (2027-01-15 07:59:59 UTC)
ok    no token <script>\\u202e&\\u001b[31m                malformed:segments

2 passed, 1 failed in 0.01 s
";
        assert_eq!(text, expected);
    }

    #[test]
    fn puts_the_outcome_below_the_name_on_a_narrow_screen() {
        let case = samples::case("for another audience", r#"{"aud":"me"}"#, "wrong_audience", 3);
        let screen = Screen { width: Some(40), ..Screen::default() };
        let text = OutcomeLines::new(false).case(&case, screen);
        let expected = "\
FAIL  for another audience
      accepted, expected wrong_audience
      suites/api.toml:3
      aud skipped: \"me\" (not checked: no
      --aud given)
";
        assert_eq!(text, expected);
    }

    #[test]
    fn names_the_check_that_should_have_failed() {
        let case =
            samples::case("for another audience", r#"{"aud":"me","exp":1800000600}"#, "wrong_audience", 3);
        let text = OutcomeLines::new(true).case(&case, Screen::default());
        let expected = "\
suites/api.toml
FAIL  for another audience                              accepted, expected wrong_audience
      suites/api.toml:3
      aud skipped: \"me\" (not checked: no --aud given)
";
        assert_eq!(text, expected);
    }
}
