//! The report as GitHub Flavored Markdown: the failed cases with their explanations, and the passed ones folded. It is also
//! what the summary of a step shows on GitHub. Text from outside is never interpreted: it stands in code, or is plain words.

use super::{ReportFormat, SuiteReport, check_line};
use crate::core::text::escape::{Shown, holds_hostile};
use crate::core::text::layout::count;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;

/// The format `markdown`.
pub(crate) const FORMAT: ReportFormat =
    ReportFormat { name: "markdown", begin: || Box::new(Markdown::default()) };

/// The largest summary of a step that GitHub shows, in bytes. It drops a larger one as a whole.
pub(crate) const LARGEST: usize = 1 << 20;

/// The room for the lines that say how much was left out, in bytes.
const CLOSING: usize = 512;

/// The cases so far.
#[derive(Debug, Default)]
pub(crate) struct Markdown {
    /// A section for each failed case.
    failed: Vec<String>,
    /// An item for each passed case.
    passed: Vec<String>,
}

impl SuiteReport for Markdown {
    fn case(&mut self, case: &CaseResult) {
        if case.passed() {
            self.passed.push(item(case));
        } else {
            self.failed.push(section(case));
        }
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        self.within(LARGEST, totals).into_bytes()
    }
}

impl Markdown {
    /// Returns the report, cut to at most `room` bytes. Even the shortest report needs about [`CLOSING`] bytes.
    pub(crate) fn within(&self, room: usize, totals: &Totals) -> String {
        let mut text = format!("## fob: {}\n", title(totals));
        let room = room.saturating_sub(CLOSING);
        let shown = append(&mut text, &self.failed, room);
        let (unshown, mut cut) = (self.failed.len() - shown, Vec::new());
        if unshown > 0 {
            cut.push(count(unshown, "more failed case"));
        }
        let mut unlisted = self.passed.len();
        let details = format!("\n<details>\n<summary>{unlisted} passed</summary>\n\n");
        // The failed cases come first: without room for them, no passed case is listed.
        let has_room =
            self.passed.first().is_some_and(|first| text.len() + details.len() + first.len() <= room);
        if unshown == 0 && has_room {
            text.push_str(&details);
            unlisted -= append(&mut text, &self.passed, room);
            text.push_str("\n</details>\n");
        }
        if unlisted > 0 {
            let is_partial = unlisted < self.passed.len();
            cut.push(count(unlisted, if is_partial { "more passed case" } else { "passed case" }));
        }
        if !cut.is_empty() {
            let _ = writeln!(
                text,
                "\nThe report is too large for a summary, and leaves out {}.",
                cut.join(" and ")
            );
        }
        text
    }
}

/// Returns the totals in a few words.
fn title(totals: &Totals) -> String {
    let Totals { passed, failed, left, .. } = *totals;
    let run = count(passed + failed, "case");
    let outcome = if failed > 0 { format!("{failed} of {run} failed") } else { format!("{run} passed") };
    let left = if left > 0 { format!(", {left} not run") } else { String::new() };
    outcome + &left
}

/// Appends pieces as long as the text is shorter than `room`. Returns their number.
fn append(text: &mut String, pieces: &[String], room: usize) -> usize {
    let fitting = pieces.iter().take_while(|piece| {
        let fits = text.len() + piece.len() <= room;
        if fits {
            text.push_str(piece);
        }
        fits
    });
    fitting.count()
}

/// Returns the section of a failed case: its name, its place, both outcomes, and the lines that explain them.
fn section(case: &CaseResult) -> String {
    let mut text = format!("\n### ✗ {}\n\n", words(&case.name));
    let _ = writeln!(
        text,
        "{}: expected {}, got {}",
        place(case),
        code(&case.expectation()),
        code(&case.outcome())
    );
    let hints = case.hints.iter().map(|hint| format!("hint: {}", Shown(hint)));
    let unasked = case.unasked().map(|expected| format!("{expected}: no option of this case checks for it"));
    let lines: Vec<String> = case.differing().map(check_line).chain(unasked).chain(hints).collect();
    if !lines.is_empty() {
        let lines = lines.join("\n");
        let fence = fence(&lines, 3);
        let _ = write!(text, "\n{fence}text\n{lines}\n{fence}\n");
    }
    text
}

/// Returns the line of a passed case.
fn item(case: &CaseResult) -> String {
    format!("* {}: {} in {}\n", words(&case.name), code(&case.outcome()), place(case))
}

/// Returns the place of a case in its suite, from the root of the repository.
fn place(case: &CaseResult) -> String {
    code(&format!("{}:{}", case.file(), case.location.line))
}

/// Returns a text as it is if it consists of plain words. Any other text becomes code.
///
/// In code, GitHub knows no mentions, issues, commits, links, HTML and emoji. A backslash would not stop those that GitHub
/// finds after the Markdown was rendered.
fn words(text: &str) -> String {
    let is_plain = |word: &str| {
        let word = word.strip_suffix(',').unwrap_or(word);
        // A word of hexadecimal digits may be a commit.
        let is_commit = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        !word.is_empty() && !is_commit && word.chars().all(char::is_alphanumeric)
    };
    if !holds_hostile(text) && text.split(' ').all(is_plain) { text.to_owned() } else { code(text) }
}

/// Returns a text as code in a line. Its hostile characters are escaped, so it has no line break.
fn code(text: &str) -> String {
    let text = Shown(text).to_string();
    let fence = fence(&text, 1);
    // Without a space, a backtick at an end would belong to the fence. Spaces at both ends would be removed.
    let is_tight = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']);
    if is_tight { format!("{fence}{text}{fence}") } else { format!("{fence} {text} {fence}") }
}

/// Returns a row of backticks that the text does not contain.
fn fence(text: &str, shortest: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(shortest.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    #[test]
    fn failed_cases_are_explained_and_passed_ones_folded() {
        let (mut cases, totals) = samples::run();
        cases[1].in_repository = Some("tests/suites/api.toml".into());
        assert_eq!(
            samples::report(FORMAT, &cases, &totals),
            r"## fob: 1 of 3 cases failed

### ✗ an old one

`tests/suites/api.toml:10`: expected `accepted`, got `expired`

```text
exp failed (expired): expired 1 second ago (2027-01-15 07:59:59 UTC)
```

<details>
<summary>2 passed</summary>

* a good token: `accepted` in `suites/api.toml:5`
* `no token <script>\u202e&\u001b[31m`: `malformed:segments` in `suites/api.toml:15`

</details>
"
        );
    }

    #[test]
    fn a_run_without_failures_has_its_totals_first() {
        let (mut cases, totals) = samples::run();
        cases.remove(1);
        let text = samples::report(FORMAT, &cases, &Totals { failed: 0, ..totals });
        assert!(text.starts_with("## fob: 2 cases passed\n\n<details>\n"), "{text}");
        assert_eq!(samples::report(FORMAT, &[], &samples::nothing()), "## fob: 0 cases passed\n");
        let totals = Totals { failed: 2, left: 5, ..samples::nothing() };
        assert_eq!(samples::report(FORMAT, &[], &totals), "## fob: 2 of 2 cases failed, 5 not run\n");
    }

    #[test]
    fn a_check_without_an_option_is_named() {
        let case = samples::case("for me", r#"{"exp":1800000600}"#, "claim_missing:jti", 3);
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert!(text.contains("claim_missing:jti: no option of this case checks for it\n```\n"), "{text}");
    }

    #[test]
    fn only_plain_words_are_not_code() {
        for plain in ["alice", "a good token", "1984", "ünïcödé, naïve", "an hour later, again"] {
            assert_eq!(words(plain), plain);
        }
        for text in [
            "@octocat",
            "#123",
            "a | b",
            "<b>",
            "[x](y)",
            "https://x.example",
            "www.x.example",
            "a@b.c",
            ":tada:",
            "*x*",
            "_x_",
            "~x~",
            "$x$",
            "a  b",
            " a",
            "a ",
            "x\\y",
            "GH-123",
            "da39a3e",
            "a/b#1",
            "1. x",
            "",
        ] {
            assert_eq!(words(text), code(text), "{text}");
            assert!(code(text).starts_with('`') && code(text).ends_with('`'), "{text}");
        }
        assert_eq!(words("\u{115f}"), "`\\u115f`");
        assert_eq!(words("\u{202e}x\n# y"), "`\\u202ex\\n# y`");
    }

    #[test]
    fn backticks_do_not_end_code() {
        for (text, written) in [
            ("`", "`` ` ``"),
            ("a`b", "``a`b``"),
            ("``a``", "``` ``a`` ```"),
            ("`a` ``b`` @c", "``` `a` ``b`` @c ```"),
            (" a ", "`  a  `"),
        ] {
            assert_eq!(code(text), written);
        }
        let mut case = samples::case("a", r#"{"exp":1}"#, "accepted", 3);
        case.hints = vec!["````\n</details>@octocat".to_owned()];
        let text = samples::report(FORMAT, &[case], &samples::nothing());
        assert!(text.contains("\n`````text\n"), "{text}");
        assert!(text.contains("\nhint: ````\\n</details>@octocat\n`````\n"), "{text}");
    }

    #[test]
    fn a_report_that_is_too_large_says_what_it_leaves_out() {
        let of = |number: usize, expect: &str| -> Vec<CaseResult> {
            (1..=number).map(|line| samples::case("the same", r#"{"exp":1}"#, expect, line)).collect()
        };
        let report = |cases: &[CaseResult], room| {
            let mut report = Markdown::default();
            cases.iter().for_each(|case| report.case(case));
            report.within(room, &samples::nothing())
        };
        for (failed, passed, room, said) in [
            (40, 9, 4096, "leaves out 18 more failed cases and 9 passed cases."),
            (40, 0, 4096, "leaves out 18 more failed cases."),
            (2, 300, 4096, "leaves out 231 more passed cases."),
            (1, 1, 720, "leaves out 1 passed case."),
        ] {
            let cases = [of(failed, "accepted"), of(passed, "expired")].concat();
            let text = report(&cases, room);
            assert!(text.len() <= room, "{}", text.len());
            assert!(
                text.ends_with(&format!("\nThe report is too large for a summary, and {said}\n")),
                "{text}"
            );
            assert_eq!(text.matches("<details>").count(), text.matches("\n\n</details>\n").count());
            assert_eq!(text.matches("```").count() % 2, 0);
        }
        let cases = [of(10_000, "accepted"), of(20_000, "expired")].concat();
        let text = samples::report(FORMAT, &cases, &samples::nothing());
        assert!((LARGEST - 1024..=LARGEST).contains(&text.len()), "{}", text.len());
    }
}
