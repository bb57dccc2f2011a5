//! The report for people: one page without scripts that loads nothing, as the policy in its head enforces. All text of
//! tokens and suites is escaped.

mod case;
mod header;
mod markup;
mod timeline;
mod token;

use self::header::STYLE;
use self::markup::EscapedHtml;
use super::{ReportFormat, SuiteReport, sentence};
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;
use std::sync::Arc;

/// The format `html`.
pub(crate) const FORMAT: ReportFormat =
    ReportFormat { name: "html", begin: || Box::new(HtmlPage::default()) };

/// The page so far.
#[derive(Debug, Default)]
pub(crate) struct HtmlPage {
    /// The number of cases so far, which numbers them from one.
    cases: usize,
    /// The items of the list of failed cases.
    failures: String,
    sections: Vec<SuiteSection>,
}

/// The section of a suite, with its cases in the order of the run.
#[derive(Debug)]
struct SuiteSection {
    suite: Arc<str>,
    passed: usize,
    failed: usize,
    articles: String,
}

impl SuiteReport for HtmlPage {
    fn case(&mut self, case: &CaseResult) {
        self.cases += 1;
        let number = self.cases;
        if !case.passed() {
            let _ = writeln!(
                self.failures,
                "<li><a href=\"#case-{number}\">{}</a> <span>{}</span></li>",
                EscapedHtml(&case.name),
                EscapedHtml(&sentence(case))
            );
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

    fn end(self: Box<Self>, totals: &Totals) -> Vec<u8> {
        let articles: usize = self.sections.iter().map(|section| section.articles.len()).sum();
        let mut out = String::with_capacity(articles + self.failures.len() + STYLE.len() + (1 << 14));
        header::write(&mut out, totals);
        if !self.failures.is_empty() {
            let _ = write!(
                out,
                "<nav aria-labelledby=\"failures\"><h2 id=\"failures\">Failed cases</h2>\n<ol>\n{}</ol></nav>\n",
                self.failures
            );
        }
        out.push_str("<main>\n");
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
        out.push_str("</main>\n</body>\n</html>\n");
        out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::digest::sha256;
    use crate::core::text::escape::is_hostile;
    use crate::core::token::base64url;
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
    fn the_policy_allows_the_style_only() {
        let page = sample();
        let digest = base64url::encode_standard(&sha256(between(&page, "<style>", "</style>").as_bytes()));
        assert_eq!(
            between(&page, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">"),
            format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
        );
        assert_eq!(page.matches("<style>").count(), 1);
        assert!(page.find("<meta http-equiv").unwrap() < page.find("<style>").unwrap());
    }

    #[test]
    fn the_style_loads_nothing() {
        // A browser normalizes these characters, and the digest of the style would not match.
        assert!(!STYLE.contains(['\r', '<', '\0']));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }

    #[test]
    fn the_totals_come_first_and_then_the_failures() {
        let page = sample();
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
        assert_eq!(between(&page, "<title>", "</title>"), "1 of 3 cases failed");
        assert_eq!(
            between(&page, "<body>\n", "<main>"),
            concat!(
                "<header>\n<p>Tokens and their expected outcomes</p>\n<h1>1 of 3 cases failed</h1>\n",
                r#"<svg class="bar" aria-hidden="true"><rect class="good" x="0.00%" width="66.67%" height="6"/>"#,
                r#"<rect class="bad" x="66.67%" width="33.33%" height="6"/></svg>"#,
                "\n<dl><div><dt>Passed</dt><dd>2</dd></div><div><dt>Failed</dt><dd>1</dd></div>",
                "<div><dt>Not run</dt><dd>0</dd></div><div><dt>Began</dt><dd>",
                r#"<time datetime="2027-01-15T08:00:00Z">2027-01-15 08:00:00 UTC</time></dd></div>"#,
                "<div><dt>Took</dt><dd>12 ms</dd></div></dl>\n</header>\n",
                "<nav aria-labelledby=\"failures\"><h2 id=\"failures\">Failed cases</h2>\n<ol>\n",
                "<li><a href=\"#case-2\">an old one</a> <span>expected accepted; got rejected (expired)</span></li>\n",
                "</ol></nav>\n"
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
        assert!(page.ends_with("</header>\n<main>\n</main>\n</body>\n</html>\n"), "{page}");
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
        let claims = r#"{"iss":"a","sub":"b","aud":["c"]}"#;
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
