//! The outcome of a run as lines for a terminal: one line a case, the checks that explain a failure below it, and the
//! totals at the end.

use super::outcome::{CaseResult, Totals};
use crate::core::report::check_text;
use crate::core::text::cells::cells;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Screen, TextLayout};
use crate::core::text::palette::TextRole;
use crate::core::text::styled::Styled;
use crate::core::verify::check::Status;
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
        let name = Shown(&case.name).to_string();
        let (mark, role, outcome) = if case.passed() {
            (Styled::new(TextRole::Good, "ok  "), TextRole::Quiet, case.outcome())
        } else {
            let outcome = format!("{}, expected {}", case.outcome(), case.expectation());
            (Styled::new(TextRole::Bad, "FAIL"), TextRole::Bad, outcome)
        };
        let width = screen.width.map_or(NAME, |width| NAME.min(width / 2));
        let gap = width.saturating_sub(cells(&name)) + 2;
        let fits = screen.width.is_none_or(|width| INDENT + cells(&name) + gap + cells(&outcome) <= width);
        let line = mark.then(TextRole::Plain, "  ").then(TextRole::Plain, &name);
        if fits {
            page.put(0, INDENT, &line.then(TextRole::Plain, &" ".repeat(gap)).then(role, &outcome));
        } else {
            page.put(0, INDENT, &line);
            page.hang(INDENT, 0, &Styled::new(role, outcome));
        }
        if !case.passed() {
            below(&mut page, case);
        }
        page.text
    }

    /// Returns the totals and the time.
    pub(crate) fn end(&self, totals: &Totals, screen: Screen) -> String {
        let Totals { passed, failed, left, took, .. } = totals;
        let mut page = TextLayout::new(screen);
        page.blank();
        let mut line = Styled::new(TextRole::Good, format!("{passed} passed"));
        let mut add = |role, number: usize, what: &str| {
            if number > 0 {
                line.push(TextRole::Plain, ", ");
                line.push(role, &format!("{number} {what}"));
            }
        };
        add(TextRole::Bad, *failed, "failed");
        add(TextRole::Warning, *left, "not run");
        line.push(TextRole::Plain, &format!(" in {:.2} s", took.as_secs_f64()));
        page.put(0, 0, &line);
        page.text
    }
}

/// The column where names begin, and the details below them.
const INDENT: usize = 6;

fn below(page: &mut TextLayout, case: &CaseResult) {
    let location = format!("{}:{}", case.suite, case.location.line);
    page.hang(INDENT, 2, &Styled::new(TextRole::Quiet, Shown(&location).to_string()));
    for check in case.differing() {
        let role = if check.status == Status::Failed { TextRole::Bad } else { TextRole::Warning };
        let name = Shown(&check.name.to_string()).to_string();
        let what = format!(" {}: {}", check.status.name(), check_text(check, page.screen.zone));
        page.hang(INDENT, 2, &Styled::new(role, name).then(TextRole::Plain, &Shown(&what).to_string()));
    }
    for expected in case.unasked() {
        let text = format!("{expected}: no option of this case checks for it");
        page.hang(INDENT, 2, &Styled::new(TextRole::Plain, text));
    }
    for hint in &case.hints {
        let label = Styled::new(TextRole::Good, "hint:");
        page.hang(INDENT, 6, &label.then(TextRole::Plain, &format!(" {}", Shown(hint))));
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
