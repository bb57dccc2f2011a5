//! The report for people: one page that loads nothing. Its script adds a filter and buttons that copy; without it the page is
//! complete. All text of tokens and suites is escaped. What the page shares with that of `inspect` is in
//! `core::report::html`.

mod case;
mod header;
mod token;

use super::{ReportFormat, SuiteReport, sentence};
use crate::core::report::html::frame;
use crate::core::report::html::markup::EscapedHtml;
use crate::core::text::layout::count;
use crate::suite::outcome::{CaseResult, Totals};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// The format `html`.
pub(crate) const FORMAT: ReportFormat =
    ReportFormat { name: "html", begin: || Box::new(HtmlPage::default()) };

/// The largest group of equal failures whose list is open.
const MOST_OPEN: usize = 10;

/// The page so far.
#[derive(Debug, Default)]
pub(crate) struct HtmlPage {
    command: String,
    /// The number of cases so far, which numbers them from one.
    cases: usize,
    failures: Vec<FailureGroup>,
    /// The index of each group of failures, by its sentence.
    groups: HashMap<String, usize>,
    sections: Vec<SuiteSection>,
}

/// The failed cases with the same expectation and the same outcome.
#[derive(Debug)]
struct FailureGroup {
    sentence: String,
    cases: usize,
    items: String,
}

/// The section of a suite, with its cases in the order of the run.
#[derive(Debug)]
struct SuiteSection {
    suite: Arc<str>,
    passed: usize,
    failed: usize,
    articles: String,
}

impl HtmlPage {
    /// Adds a link to a failed case to its group.
    fn failure(&mut self, number: usize, case: &CaseResult) {
        let sentence = sentence(case);
        let next = self.failures.len();
        let index = *self.groups.entry(sentence.clone()).or_insert(next);
        if index == next {
            self.failures.push(FailureGroup { sentence, cases: 0, items: String::new() });
        }
        if let Some(group) = self.failures.get_mut(index) {
            group.cases += 1;
            let name = EscapedHtml(&case.name);
            let _ = writeln!(group.items, "<li><a href=\"#case-{number}\">{name}</a></li>");
        }
    }

    /// Writes the failed cases, the largest group first.
    fn failures(&mut self, out: &mut String) {
        if self.failures.is_empty() {
            return;
        }
        self.failures.sort_by_key(|group| std::cmp::Reverse(group.cases));
        out.push_str("<nav aria-labelledby=\"failures\"><h2 id=\"failures\">Failed cases</h2>\n");
        for FailureGroup { sentence, cases, items } in &self.failures {
            let open = if *cases <= MOST_OPEN { " open" } else { "" };
            let _ = writeln!(
                out,
                "<details{open}><summary><h3>{}</h3> <span>{}</span></summary><ol>\n{items}</ol></details>",
                EscapedHtml(sentence),
                count(*cases, "case")
            );
        }
        out.push_str("</nav>\n");
    }
}

impl SuiteReport for HtmlPage {
    fn command(&mut self, command: &str) {
        command.clone_into(&mut self.command);
    }

    fn case(&mut self, case: &CaseResult) {
        self.cases += 1;
        let number = self.cases;
        if !case.passed() {
            self.failure(number, case);
        }
        if self.sections.last().is_none_or(|section| section.suite != case.suite) {
            let suite = Arc::clone(&case.suite);
            self.sections.push(SuiteSection { suite, passed: 0, failed: 0, articles: String::new() });
        }
        if let Some(section) = self.sections.last_mut() {
            *(if case.passed() { &mut section.passed } else { &mut section.failed }) += 1;
            case::write(&mut section.articles, number, case);
        }
    }

    fn end(mut self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let articles: usize = self.sections.iter().map(|section| section.articles.len()).sum();
        let failures: usize = self.failures.iter().map(|group| group.items.len()).sum();
        let mut out = String::with_capacity(articles + failures + frame::EMPTY_SIZE);
        header::write(&mut out, totals, &self.command);
        self.failures(&mut out);
        frame::begin_articles(&mut out, "case");
        for (index, section) in self.sections.into_iter().enumerate() {
            let (number, run) = (index + 1, section.passed + section.failed);
            let _ = write!(
                out,
                "<section aria-labelledby=\"suite-{number}\"><h2 id=\"suite-{number}\">{}</h2>\n\
                 <p>{} of {run} passed</p>\n{}</section>\n",
                EscapedHtml(&section.suite),
                section.passed,
                section.articles
            );
        }
        frame::end(&mut out);
        out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::is_hostile;
    use crate::core::token::numeric_date::NumericDate;
    use crate::suite::report::samples;
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn page(cases: &[CaseResult], totals: &Totals) -> String {
        let mut page = Box::new(HtmlPage::default());
        cases.iter().for_each(|case| page.case(case));
        String::from_utf8(page.end(totals)).unwrap()
    }

    fn totals(passed: usize, failed: usize, left: usize) -> Totals {
        let began = NumericDate::from_seconds(samples::AT);
        Totals { passed, failed, left, began, took: Duration::from_millis(12) }
    }

    fn sample() -> String {
        let (cases, totals) = samples::run();
        page(&cases, &totals)
    }

    /// Returns the text between two marks, the first time they appear.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    /// Returns every tag of a page: its name, and the names of its attributes. All text is escaped, so `<` begins a tag.
    fn tags(page: &str) -> BTreeSet<String> {
        let script = between(page, "<script>", "</script>");
        let page = page.replacen(script, "", 1);
        let mut found = BTreeSet::new();
        for tag in page.split('<').skip(1) {
            let tag = tag.split_once('>').unwrap().0;
            let mut quoted = tag.split('"');
            let mut names = String::new();
            while let Some(outside) = quoted.next() {
                names.push_str(outside.trim_end_matches('='));
                quoted.next();
            }
            found.insert(names);
        }
        found
    }

    #[test]
    fn the_totals_come_first_and_then_the_failures() {
        let page = sample();
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
        assert_eq!(between(&page, "<title>", "</title>"), "1 of 3 cases failed");
        assert_eq!(
            between(&page, "<body>\n", "<main data-noun=\"case\">"),
            concat!(
                "<header>\n<p>Tokens and their expected outcomes</p>\n<h1>1 of 3 cases failed</h1>\n",
                r#"<svg class="bar" aria-hidden="true"><rect class="good" x="0.00%" width="66.67%" height="6"/>"#,
                r#"<rect class="bad" x="66.67%" width="33.33%" height="6"/></svg>"#,
                "\n<dl><div><dt>Passed</dt><dd>2</dd></div><div><dt>Failed</dt><dd>1</dd></div>",
                "<div><dt>Not run</dt><dd>0</dd></div><div><dt>Began</dt><dd>",
                r#"<time datetime="2027-01-15T08:00:00Z">2027-01-15 08:00:00 UTC</time></dd></div>"#,
                "<div><dt>Took</dt><dd>12 ms</dd></div><div><dt>fob</dt><dd>",
                env!("CARGO_PKG_VERSION"),
                "</dd></div></dl>\n</header>\n",
                "<nav aria-labelledby=\"failures\"><h2 id=\"failures\">Failed cases</h2>\n",
                "<details open><summary><h3>expected accepted; got rejected (expired)</h3> <span>1 case</span></summary><ol>\n",
                "<li><a href=\"#case-2\">an old one</a></li>\n",
                "</ol></details>\n</nav>\n"
            )
        );
        assert!(page.contains(
            "<section aria-labelledby=\"suite-1\"><h2 id=\"suite-1\">suites/api.toml</h2>\n<p>2 of 3 passed</p>\n"
        ));
    }

    #[test]
    fn a_run_without_cases_is_a_page() {
        let page = page(&[], &totals(0, 0, 0));
        assert!(page.contains("<h1>No case was run</h1>\n<dl>"), "{page}");
        assert!(page.contains("</header>\n<main data-noun=\"case\">\n</main>\n<script>"), "{page}");
        assert!(page.ends_with("</script>\n</body>\n</html>\n"), "{page}");
    }

    #[test]
    fn equal_failures_are_one_group_and_the_largest_comes_first() {
        let case = |name: &str, claims: &str| samples::case(name, claims, "accepted", 1);
        let late = |name: &str| case(name, r#"{"nbf":1800000001}"#);
        let cases = [case("one", r#"{"exp":1}"#), late("two"), late("three")];
        let page = page(&cases, &totals(0, 3, 0));
        let groups: Vec<&str> = between(&page, "<nav ", "</nav>").split("<h3>").skip(1).collect();
        assert!(
            groups[0]
                .starts_with("expected accepted; got rejected (not_yet_valid)</h3> <span>2 cases</span>")
        );
        assert!(groups[0].contains("#case-2\">two</a>") && groups[0].contains("#case-3\">three</a>"));
        assert!(groups[1].starts_with("expected accepted; got rejected (expired)</h3> <span>1 case</span>"));
        assert_eq!(groups.len(), 2);
    }

    #[test]
    fn a_large_group_is_closed() {
        let cases: Vec<CaseResult> =
            (0..=MOST_OPEN).map(|_| samples::case("a case", r#"{"exp":1}"#, "accepted", 1)).collect();
        assert!(page(&cases, &totals(0, cases.len(), 0)).contains("Failed cases</h2>\n<details><summary>"));
    }

    #[test]
    fn shows_the_command_as_text() {
        let mut page = Box::new(HtmlPage::default());
        page.command("fob test '<b>'");
        let page = String::from_utf8(page.end(&totals(0, 0, 0))).unwrap();
        assert!(
            page.contains("<pre class=\"command\"><code>fob test &#39;&lt;b&gt;&#39;</code></pre>"),
            "{page}"
        );
    }

    #[test]
    fn each_suite_is_a_section() {
        let (mut cases, totals) = samples::run();
        cases[2].suite = "suites/<other>.toml".into();
        let page = page(&cases, &totals);
        assert_eq!(page.matches("<section ").count(), 2);
        assert!(page.contains(
            "<h2 id=\"suite-2\">suites/&lt;other&gt;.toml</h2>\n<p>1 of 1 passed</p>\n<article id=\"case-3\""
        ));
    }

    #[test]
    fn all_text_of_a_case_is_escaped() {
        let hostile = "</code></style><script>__pwned=1</script><img src=x onerror=__pwned=1>\" onmouseover=\"x' \
                       javascript:__pwned=1 \u{202e}\u{200b}\u{1b}[31m&lt;";
        let quoted = serde_json::to_string(hostile).unwrap();
        let claims =
            format!(r#"{{{quoted}:{quoted},"iss":"javascript:__pwned=1","sub":{quoted},"aud":[{quoted}]}}"#);
        let mut cases = vec![
            samples::case(hostile, &claims, "claim_missing:<script>", 1),
            samples::of_token(hostile, hostile, "accepted", 2),
            samples::case("a text", hostile, "accepted", 3),
        ];
        cases.iter_mut().for_each(|case| case.suite = hostile.into());
        let hostile = page(&cases, &totals(0, 3, 0));
        assert!(!hostile.contains(|c| is_hostile(c) && c != '\n'));
        assert!(
            hostile.contains("javascript:__pwned=1") && hostile.contains(r"\u202e\u200b\u001b[31m&amp;lt;")
        );

        // The hostile page has the same tags and attributes as a harmless one.
        let claims = r#"{"iss":"a","sub":"b","aud":["c"],"a \"name\"":1}"#;
        let harmless = [
            samples::case("one", claims, "expired", 1),
            samples::of_token("two", "no token", "accepted", 2),
            samples::case("three", "no claims", "accepted", 3),
        ];
        assert_eq!(tags(&hostile), tags(&page(&harmless, &totals(0, 3, 0))));
    }

    #[test]
    fn links_lead_to_the_page_itself_only() {
        let claims = r#"{"iss":"https://id.example","jku":"javascript:alert(1)"}"#;
        let page = page(&[samples::case("https://a.example", claims, "expired", 1)], &totals(0, 1, 0));
        assert_eq!(page.matches("href=").count(), 1);
        assert!(page.contains("<a href=\"#case-1\">https://a.example</a>"));
    }

    #[test]
    fn ten_thousand_cases_stay_below_sixty_megabytes() {
        let claims = r#"{"iss":"https://id.example.com/realms/main","sub":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "aud":["api","web"],"iat":1799999850,"exp":1800000450,"scope":"openid profile email","azp":"web",
            "jti":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","realm_access":{"roles":["user","offline_access"]}}"#;
        let case = samples::case("a case with a name that says what it is about", claims, "accepted", 1);
        let one = page(std::slice::from_ref(&case), &totals(1, 0, 0)).len();
        let hundred = page(&vec![case; 100], &totals(100, 0, 0)).len();
        assert!((hundred - one) / 99 * 10_000 < 60_000_000, "{one} {hundred}");
    }
}
