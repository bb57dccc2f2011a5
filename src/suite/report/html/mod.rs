//! The report for people: one page that needs nothing beside itself. There is no script in it, nothing is fetched for it,
//! and a policy in its head says so; whatever a token says stands there as text.

mod case;
mod escape;
mod timeline;

use self::escape::Safe;
use super::{Report, sentence};
use crate::core::key::digest::sha256;
use crate::core::text::duration;
use crate::core::text::palette::TextRole;
use crate::core::text::zone::Zone;
use crate::core::token::base64url;
use crate::core::token::numeric_date::NumericDate;
use crate::suite::outcome::{CaseResult, Totals};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

const STYLE: &str = include_str!("style.css");

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
            let _ = writeln!(
                self.failures,
                "<li><a href=\"#case-{number}\">{}</a> <span>{}</span></li>",
                Safe(&case.name),
                Safe(&sentence(case))
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
    let text = date.to_text(Zone::Utc).unwrap_or_else(|| "date out of range".to_owned());
    match date.to_rfc3339() {
        Some(machine) => format!("<time datetime=\"{machine}\">{text}</time>"),
        None => text,
    }
}

/// How long something took.
fn span(took: Duration) -> String {
    match took.as_micros() {
        // A clock may count milliseconds.
        0 => "under 1 ms".to_owned(),
        micros @ 1..1_000 => format!("{micros} µs"),
        micros @ 1_000..1_000_000 => format!("{} ms", micros / 1_000),
        1_000_000..60_000_000 => format!("{:.1} s", took.as_secs_f64()),
        _ => duration::Duration::seconds(took.as_secs()).to_string(),
    }
}

/// The class of a text in its role.
const fn class(role: TextRole) -> &'static str {
    match role {
        TextRole::Header => "h",
        TextRole::Payload => "p",
        TextRole::Signature => "s",
        TextRole::Good => "good",
        TextRole::Bad => "bad",
        TextRole::Warning => "warn",
        TextRole::Quiet | TextRole::Strong => "quiet",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::is_hostile;
    use crate::suite::report::samples;
    use std::collections::BTreeSet;

    fn page(cases: &[CaseResult], totals: &Totals) -> String {
        let mut page = Box::new(Page::default());
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

    /// What stands between two marks, the first time.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    /// Every tag of a page: its name, and the names of its attributes. Where all text is escaped, `<` begins nothing else.
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
    fn the_policy_lets_in_the_style_and_nothing_else() {
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
    fn the_style_is_what_a_browser_reads_and_asks_for_nothing() {
        // A browser reads other line ends as these, and the digest would be that of something else.
        assert!(!STYLE.contains(['\r', '<', '\0']));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }

    #[test]
    fn the_tally_comes_first_and_then_what_failed() {
        let page = sample();
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
        assert_eq!(between(&page, "<title>", "</title>"), "1 of 3 cases failed");
        assert_eq!(
            between(&page, "<body>\n", "<main>"),
            concat!(
                "<header>\n<p>Tokens, and what was expected of them</p>\n<h1>1 of 3 cases failed</h1>\n",
                r#"<svg class="bar" aria-hidden="true"><rect class="good" x="0.00%" width="66.67%" height="6"/>"#,
                r#"<rect class="bad" x="66.67%" width="33.33%" height="6"/></svg>"#,
                "\n<dl><div><dt>Passed</dt><dd>2</dd></div><div><dt>Failed</dt><dd>1</dd></div>",
                "<div><dt>Not run</dt><dd>0</dd></div><div><dt>Began</dt><dd>",
                r#"<time datetime="2027-01-15T08:00:00Z">2027-01-15 08:00:00 UTC</time></dd></div>"#,
                "<div><dt>Took</dt><dd>12 ms</dd></div></dl>\n</header>\n",
                "<nav aria-labelledby=\"failures\"><h2 id=\"failures\">What failed</h2>\n<ol>\n",
                "<li><a href=\"#case-2\">an old one</a> <span>expected accepted; came out rejected (expired)</span></li>\n",
                "</ol></nav>\n"
            )
        );
        assert!(page.contains(
            "<section aria-labelledby=\"suite-1\"><h2 id=\"suite-1\">suites/api.toml</h2>\n<p>2 of 3 passed</p>\n"
        ));
    }

    #[test]
    fn the_headline_counts_as_people_do() {
        for (passed, failed, left, line) in [
            (0, 0, 0, "No case was run"),
            (1, 0, 0, "The one case passed"),
            (0, 1, 0, "The one case failed"),
            (0, 1, 1, "1 of 2 cases failed"),
            (7, 0, 0, "All 7 cases passed"),
            (7, 0, 2, "7 of 9 cases passed"),
            (7, 2, 1, "2 of 10 cases failed"),
        ] {
            assert_eq!(headline(&totals(passed, failed, left)), line);
        }
    }

    #[test]
    fn a_run_of_nothing_is_a_page_too() {
        let page = page(&[], &totals(0, 0, 0));
        assert!(page.contains("<h1>No case was run</h1>\n<dl>"), "{page}");
        assert!(page.ends_with("</header>\n<main>\n</main>\n</body>\n</html>\n"), "{page}");
    }

    #[test]
    fn every_suite_is_a_section() {
        let (mut cases, totals) = samples::run();
        cases[2].suite = "suites/<other>.toml".into();
        let page = page(&cases, &totals);
        assert_eq!(page.matches("<section ").count(), 2);
        assert!(page.contains(
            "<h2 id=\"suite-2\">suites/&lt;other&gt;.toml</h2>\n<p>1 of 1 passed</p>\n<article id=\"case-3\""
        ));
    }

    #[test]
    fn says_how_long_things_took() {
        for (micros, text) in [
            (0, "under 1 ms"),
            (999, "999 µs"),
            (1_999, "1 ms"),
            (1_250_000, "1.2 s"),
            (90_000_000, "1 minute 30 seconds"),
        ] {
            assert_eq!(span(Duration::from_micros(micros)), text);
        }
    }

    #[test]
    fn whatever_a_case_says_is_text() {
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

        // No tag and no attribute that a harmless page does not have.
        let claims = r#"{"iss":"a","sub":"b","aud":["c"]}"#;
        let harmless = [
            samples::case("one", claims, "expired", 1),
            samples::of_token("two", "no token", "accepted", 2),
            samples::case("three", "no claims", "accepted", 3),
        ];
        assert_eq!(tags(&hostile), tags(&page(&harmless, &totals(0, 3, 0))));
    }

    #[test]
    fn only_its_own_places_are_linked() {
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
