//! The head of the page: the totals of the run, and the command that ran it.

use crate::core::report::html::frame;
use crate::core::report::html::markup::{EscapedHtml, elapsed, instant};
use crate::core::text::zone::Zone;
use crate::suite::outcome::Totals;
use std::fmt::Write as _;

/// Writes everything before the cases: the policy, the style, the totals and the command.
pub(super) fn write(out: &mut String, totals: &Totals, command: &str) {
    let headline = headline(totals);
    frame::begin(out, &headline);
    let _ = write!(out, "<header>\n<p>Tokens and their expected outcomes</p>\n<h1>{headline}</h1>\n");
    frame::bar(out, [("good", totals.passed), ("bad", totals.failed), ("left", totals.left)]);
    out.push_str("<dl>");
    for (name, number) in [("Passed", totals.passed), ("Failed", totals.failed), ("Not run", totals.left)] {
        frame::fact(out, name, &number.to_string());
    }
    frame::fact(out, "Began", &instant(totals.began, Zone::Utc));
    frame::fact(out, "Took", &elapsed(totals.took));
    frame::version(out);
    out.push_str("</dl>\n");
    if !command.is_empty() {
        let _ = writeln!(out, "<pre class=\"command\"><code>{}</code></pre>", EscapedHtml(command));
    }
    out.push_str("</header>\n");
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
