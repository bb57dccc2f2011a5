//! The report for people: one page that needs nothing beside itself. There is no script in it, nothing is fetched for it,
//! and a policy in its head says so; whatever a token says stands there as text.

mod case;
mod escape;
mod life;

use self::escape::Safe;
use super::Report;
use crate::core::base64url;
use crate::core::digest::sha256;
use crate::core::duration;
use crate::core::numeric_date::{NumericDate, Zone};
use crate::core::palette::Role;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

const STYLE: &str = include_str!("html/style.css");

/// The page as it grows.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// How many cases there are so far; they are numbered from one.
    cases: usize,
    /// The items of the list of those that failed.
    failures: String,
    chapters: Vec<Chapter>,
}

/// The cases of a suite that ran one after the other.
#[derive(Debug)]
struct Chapter {
    suite: Arc<str>,
    passed: usize,
    failed: usize,
    articles: String,
}

impl Report for Page {
    fn case(&mut self, case: &CaseResult) {
        self.cases += 1;
        let number = self.cases;
        if !case.passed() {
            let _ = write!(
                self.failures,
                "<li><a href=\"#case-{number}\">{}</a> <span>expected {}, came {}</span></li>\n",
                Safe(&case.name),
                Safe(&case.expectation()),
                Safe(&case.outcome())
            );
        }
        if self.chapters.last().is_none_or(|chapter| chapter.suite != case.suite) {
            let suite = Arc::clone(&case.suite);
            self.chapters.push(Chapter { suite, passed: 0, failed: 0, articles: String::new() });
        }
        if let Some(chapter) = self.chapters.last_mut() {
            *(if case.passed() { &mut chapter.passed } else { &mut chapter.failed }) += 1;
            case::write(&mut chapter.articles, number, case);
        }
    }

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let articles: usize = self.chapters.iter().map(|chapter| chapter.articles.len()).sum();
        let mut out = String::with_capacity(articles + self.failures.len() + STYLE.len() + (1 << 14));
        head(&mut out, totals);
        if !self.failures.is_empty() {
            let _ = write!(
                out,
                "<nav aria-labelledby=\"failures\"><h2 id=\"failures\">What failed</h2>\n<ol>\n{}</ol></nav>\n",
                self.failures
            );
        }
        out.push_str("<main>\n");
        for (index, chapter) in self.chapters.into_iter().enumerate() {
            let (number, run) = (index + 1, chapter.passed + chapter.failed);
            let _ = write!(
                out,
                "<section aria-labelledby=\"suite-{number}\"><h2 id=\"suite-{number}\">{}</h2>\n\
                 <p>{} of {run} passed</p>\n{}</section>\n",
                Safe(&chapter.suite),
                chapter.passed,
                chapter.articles
            );
        }
        out.push_str("</main>\n</body>\n</html>\n");
        out.into_bytes()
    }
}

/// Everything before the cases: the policy, the style, the tally.
fn head(out: &mut String, totals: &Totals) {
    let headline = headline(totals);
    // Nothing but this style is let in, whatever stands below.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{headline}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        base64url::encode_standard(&sha256(STYLE.as_bytes()))
    );
    let _ = write!(out, "<header>\n<p>Tokens, and what was expected of them</p>\n<h1>{headline}</h1>\n");
    tally_bar(out, totals);
    out.push_str("<dl>");
    for (name, number) in [("Passed", totals.passed), ("Failed", totals.failed), ("Not run", totals.left)] {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{number}</dd></div>");
    }
    let _ = write!(
        out,
        "<div><dt>Began</dt><dd>{}</dd></div><div><dt>Took</dt><dd>{}</dd></div></dl>\n</header>\n",
        instant(totals.began),
        span(totals.took)
    );
}

fn headline(totals: &Totals) -> String {
    let Totals { passed, failed, left, .. } = *totals;
    match (passed + failed + left, failed, left) {
        (0, ..) => "No case was run".to_owned(),
        (1, 0, 0) => "The one case passed".to_owned(),
        (1, 1, _) => "The one case failed".to_owned(),
        (all, 0, 0) => format!("All {all} cases passed"),
        (all, 0, _) => format!("{passed} of {all} cases passed"),
        (all, ..) => format!("{failed} of {all} cases failed"),
    }
}

/// The tally as a line, for the eye alone: its numbers stand below it.
fn tally_bar(out: &mut String, totals: &Totals) {
    let all = totals.passed + totals.failed + totals.left;
    if all == 0 {
        return;
    }
    out.push_str("<svg class=\"bar\" aria-hidden=\"true\">");
    let mut before = 0.0;
    for (class, number) in [("good", totals.passed), ("bad", totals.failed), ("left", totals.left)] {
        let share = number as f64 * 100.0 / all as f64;
        if number > 0 {
            let _ = write!(
                out,
                "<rect class=\"{class}\" x=\"{before:.2}%\" width=\"{share:.2}%\" height=\"6\"/>"
            );
        }
        before += share;
    }
    out.push_str("</svg>\n");
}

/// An instant as people read it, with what programs read beside it.
fn instant(date: NumericDate) -> String {
    let text = date.to_text(Zone::Utc).unwrap_or_else(|| "beyond every calendar".to_owned());
    match date.to_rfc3339() {
        Some(machine) => format!("<time datetime=\"{machine}\">{text}</time>"),
        None => text,
    }
}

/// How long something took.
fn span(took: Duration) -> String {
    match took.as_micros() {
        micros @ 0..1_000 => format!("{micros} µs"),
        micros @ 1_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..60_000_000 => format!("{:.1} s", took.as_secs_f64()),
        _ => duration::Duration::seconds(took.as_secs()).to_string(),
    }
}

/// The class of a text in its role.
const fn class(role: Role) -> &'static str {
    match role {
        Role::Header => "h",
        Role::Payload => "p",
        Role::Signature => "s",
        Role::Good => "good",
        Role::Bad => "bad",
        Role::Warning => "warn",
        Role::Quiet | Role::Strong => "quiet",
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn page(cases: &[CaseResult], totals: &Totals) -> String {
        let mut page = Box::new(Page::default());
        cases.iter().for_each(|case| page.case(case));
        String::from_utf8(page.end(totals)).unwrap()
    }

    #[test]
    #[ignore = "writes pages"]
    fn writes_pages() {
        let (mut cases, mut totals) = samples::run();
        let more = [
            r#"{"iss":"https://id.example","sub":"alice","aud":["api","web"],"iat":1799999850,"exp":1800000450,"scope":"read write","realm_access":{"roles":["offline_access","uma_authorization","default-roles-example"],"more":{"deep":[1,2,3]}}}"#,
            r#"{"sub":"bob","iat":1799900000}"#,
            r#"{"exp":1800000000000,"sub":"\u202e<script>alert(1)</script>","iss":"javascript:alert(1)"}"#,
            r#"{"iat":1900000000,"exp":2000000000,"sub":"later"}"#,
        ];
        for (index, claims) in more.into_iter().enumerate() {
            cases.push(samples::case(
                &format!("a token of kind {index} with a name of some length"),
                claims,
                if index == 1 { "expired,bad_signature" } else { "accepted" },
                20 + index * 5,
            ));
        }
        cases.push(samples::of_token("a JWE", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZodetZdvTiFvSkQ", "jwe", 60));
        cases.push(samples::of_token("an HS256 token of another key", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "bad_signature", 66));
        let passed = cases.iter().filter(|case| case.passed()).count();
        totals.passed = passed;
        totals.failed = cases.len() - passed;
        std::fs::write("target/page.html", page(&cases, &totals)).unwrap();
    }
}
