//! What came of the cases, for the person who runs them: a line each, the checks that differ below those that failed, and
//! the count in the end.

use super::outcome::{CaseResult, Totals};
use crate::core::report::check_text;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Screen, TextLayout, columns};
use crate::core::text::palette::TextRole;
use crate::core::verify::check::Status;
use std::fmt::Write as _;
use std::sync::Arc;

/// The lines as they are written.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Whether each suite gets a heading.
    several: bool,
    suite: Option<Arc<str>>,
}

impl Lines {
    pub(crate) const fn new(several: bool) -> Self {
        Self { several, suite: None }
    }

    /// The lines of one case, and the heading of its suite if it is the first.
    pub(crate) fn case(&mut self, case: &CaseResult, screen: Screen) -> String {
        /// How wide names are, where they can be.
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
        // A String takes every write.
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

    /// The count and the time.
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

/// Where names begin, and what is said below them.
const INDENT: usize = 6;

fn below(page: &mut TextLayout, case: &CaseResult) {
    let palette = page.screen.palette;
    let place = format!("{}:{}", case.suite, case.place.line);
    let _ = writeln!(page.text, "{:INDENT$}{}", "", palette.paint(TextRole::Quiet, Shown(&place)));
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
        let _ = writeln!(page.text, "{:INDENT$}{expected}: no check was asked to find that", "");
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
    fn a_line_a_case_and_more_of_those_that_failed() {
        let (cases, totals) = samples::run();
        let mut lines = Lines::new(false);
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
    fn on_a_narrow_screen_the_outcome_goes_below_the_name() {
        let case = samples::case("for somebody else", r#"{"sub":"a"}"#, "wrong_audience", 3);
        let screen = Screen { width: Some(40), ..Screen::default() };
        let text = Lines::new(false).case(&case, screen);
        let expected = "\
FAIL  for somebody else
      accepted, expected wrong_audience
      suites/api.toml:3
      aud skipped: absent, and nobody
      asked
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_should_have_failed_is_named() {
        let case =
            samples::case("for somebody else", r#"{"aud":"me","exp":1800000600}"#, "wrong_audience", 3);
        let text = Lines::new(true).case(&case, Screen::default());
        let expected = "\
suites/api.toml
FAIL  for somebody else                                 accepted, expected wrong_audience
      suites/api.toml:3
      aud skipped: \"me\", not compared: nobody asked
";
        assert_eq!(text, expected);
    }
}
