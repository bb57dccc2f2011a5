//! One case as an article of the page: its line, and below it the expectation, the token and the checks.

use super::token;
use crate::core::reason::listed;
use crate::core::report::html::markup::{EscapedHtml, elapsed, instant};
use crate::core::report::html::{checks, frame};
use crate::core::text::zone::Zone;
use crate::suite::outcome::CaseResult;
use crate::suite::report::{explanation, sentence};
use std::fmt::Write as _;

/// Writes the article of a case. A failed case is open, a passed one is closed.
pub(super) fn write(out: &mut String, number: usize, case: &CaseResult) {
    let (word, open, outcome) =
        if case.passed() { ("passed", "", case.outcome()) } else { ("failed", " open", sentence(case)) };
    let file = case.suite.rsplit(['/', '\\']).next().unwrap_or_default();
    let _ = writeln!(
        out,
        "<article id=\"case-{number}\" class=\"{word}\" data-outcome=\"{}\"><details{open}><summary><b>{word}</b> \
         <h3>{}</h3> <span>{}</span> <code>{}:{}</code></summary>",
        EscapedHtml(&case.outcome()),
        EscapedHtml(&case.name),
        EscapedHtml(&outcome),
        EscapedHtml(file),
        case.location.line
    );
    facts(out, case);
    why(out, case);
    token::write(out, case);
    table(out, case);
    out.push_str("</details></article>\n");
}

fn facts(out: &mut String, case: &CaseResult) {
    out.push_str("<dl class=\"facts\">");
    let mut fact = |name: &str, value: &str| frame::fact(out, name, value);
    fact("Expected", &EscapedHtml(&case.expectation()).to_string());
    fact("Outcome", &EscapedHtml(&case.outcome()).to_string());
    if !case.passed() && case.unmet.len() < case.expected.len() {
        fact("Not met", &EscapedHtml(&listed(&case.unmet)).to_string());
    }
    fact("Verdict", case.verdict.name());
    fact("Judged at", &instant(case.at, Zone::Utc));
    fact("Took", &elapsed(case.took));
    fact("Location", &format!("<code>{}:{}</code>", EscapedHtml(&case.suite), case.location));
    out.push_str("</dl>\n");
}

/// Writes what the terminal shows below a failed case: the checks that differ, and the hints.
fn why(out: &mut String, case: &CaseResult) {
    let mut lines = explanation(case).peekable();
    if case.passed() || lines.peek().is_none() {
        return;
    }
    out.push_str("<ul class=\"why\">");
    for line in lines {
        let _ = write!(out, "<li>{}</li>", EscapedHtml(&line));
    }
    out.push_str("</ul>\n");
}

fn table(out: &mut String, case: &CaseResult) {
    checks::begin_checks(out);
    // The checks that explain a failure are highlighted. They come in the same order as all checks.
    let mut differing = case.differing().peekable();
    let ends = case.envelopes.iter().scan(0, |end, checks| {
        *end += checks;
        Some(*end)
    });
    let ends: Vec<usize> = ends.collect();
    for (index, check) in case.checks.iter().enumerate() {
        if ends.contains(&index) {
            checks::heading(out, "inside");
        }
        let is_telling = differing.next_if(|one| std::ptr::eq(*one, check)).is_some();
        checks::check(out, check, is_telling, Zone::Utc);
    }
    checks::end(out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    fn article(case: &CaseResult) -> String {
        let mut out = String::new();
        write(&mut out, 7, case);
        out
    }

    #[test]
    fn shows_text_that_is_not_a_token() {
        let (cases, _) = samples::run();
        assert_eq!(
            article(&cases[2]),
            concat!(
                r#"<article id="case-7" class="passed" data-outcome="malformed:segments"><details><summary><b>passed</b> "#,
                r"<h3>no token &lt;script&gt;\u202e&amp;\u001b[31m</h3> ",
                "<span>malformed:segments</span> <code>api.toml:15</code></summary>\n",
                r#"<dl class="facts"><div><dt>Expected</dt><dd>malformed:segments</dd></div>"#,
                "<div><dt>Outcome</dt><dd>malformed:segments</dd></div><div><dt>Verdict</dt><dd>malformed</dd></div>",
                r#"<div><dt>Judged at</dt><dd><time datetime="2027-01-15T08:00:00Z">2027-01-15 08:00:00 UTC"#,
                "</time></dd></div><div><dt>Took</dt><dd>250 µs</dd></div>",
                "<div><dt>Location</dt><dd><code>suites/api.toml:15:1</code></dd></div></dl>\n",
                "<div class=\"token\"><pre><code>nothing</code></pre></div>\n",
                r#"<table><thead><tr><th scope="col">Check</th><th scope="col">Status</th>"#,
                "<th scope=\"col\">Detail</th></tr></thead><tbody>\n",
                r#"<tr class="failed"><th scope="row">form</th><td>failed</td><td>one segment, but a JWT has three "#,
                "<code>malformed:segments</code></td></tr>\n</tbody></table>\n</details></article>\n",
            )
        );
    }

    #[test]
    fn a_failed_case_is_open_and_a_passed_one_is_closed() {
        let (cases, _) = samples::run();
        assert!(article(&cases[0]).starts_with(
            "<article id=\"case-7\" class=\"passed\" data-outcome=\"accepted\"><details><summary>"
        ));
        assert!(article(&cases[1]).starts_with(concat!(
            "<article id=\"case-7\" class=\"failed\" data-outcome=\"expired\"><details open>",
            "<summary><b>failed</b> <h3>an old one</h3> ",
            "<span>expected accepted; got rejected (expired)</span> <code>api.toml:10</code></summary>"
        )));
    }

    #[test]
    fn lists_the_expectations_that_were_not_met() {
        let case = samples::case("a case", r#"{"exp":1}"#, "expired,wrong_issuer", 1);
        let article = article(&case);
        assert!(article.contains("<div><dt>Not met</dt><dd>wrong_issuer</dd></div>"), "{article}");
    }

    #[test]
    fn highlights_the_checks_that_explain_a_failure() {
        let mut case = samples::case("a case", r#"{"exp":1}"#, "wrong_issuer", 1);
        case.hints = vec!["look <there>".to_owned()];
        let article = article(&case);
        assert!(article.contains("<tr class=\"failed telling\"><th scope=\"row\">exp</th>"), "{article}");
        assert!(article.contains("<tr class=\"skipped telling\"><th scope=\"row\">iss</th>"), "{article}");
        assert!(article.contains("<tr class=\"passed\"><th scope=\"row\">alg</th>"), "{article}");
        assert!(
            article.contains(concat!(
                "</dl>\n<ul class=\"why\"><li>exp failed (expired): expired 57 years ago (1970-01-01 00:00:01 UTC)</li>",
                "<li>iss skipped: absent, not required</li><li>hint: look &lt;there&gt;</li></ul>\n"
            )),
            "{article}"
        );
    }
}
