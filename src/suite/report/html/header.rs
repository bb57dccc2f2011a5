//! The head of the page: the policy, the style, and the totals of the run.

use super::markup::{elapsed, instant};
use crate::core::key::digest::sha256;
use crate::core::token::base64url;
use crate::suite::outcome::Totals;
use std::fmt::Write as _;

/// The style of the page.
pub(super) const STYLE: &str = include_str!("style.css");

/// Writes everything before the cases: the policy, the style, and the totals.
pub(super) fn write(out: &mut String, totals: &Totals) {
    let headline = headline(totals);
    // The policy allows this style only, should any text below ever escape its quotes.
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
    let _ = write!(out, "<header>\n<p>Tokens and their expected outcomes</p>\n<h1>{headline}</h1>\n");
    tally_bar(out, totals);
    out.push_str("<dl>");
    for (name, number) in [("Passed", totals.passed), ("Failed", totals.failed), ("Not run", totals.left)] {
        let _ = write!(out, "<div><dt>{name}</dt><dd>{number}</dd></div>");
    }
    let _ = write!(
        out,
        "<div><dt>Began</dt><dd>{}</dd></div><div><dt>Took</dt><dd>{}</dd></div></dl>\n</header>\n",
        instant(totals.began),
        elapsed(totals.took)
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

/// Draws the totals as a bar. It is hidden from screen readers, since the numbers are below it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    #[test]
    fn the_headline_counts_the_cases() {
        for (passed, failed, left, line) in [
            (0, 0, 0, "No case was run"),
            (1, 0, 0, "The one case passed"),
            (0, 1, 0, "The one case failed"),
            (0, 1, 1, "1 of 2 cases failed"),
            (7, 0, 0, "All 7 cases passed"),
            (7, 0, 2, "7 of 9 cases passed"),
            (7, 2, 1, "2 of 10 cases failed"),
        ] {
            assert_eq!(headline(&Totals { passed, failed, left, ..samples::nothing() }), line);
        }
    }
}
