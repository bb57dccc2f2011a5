//! The frame of a page: the head with the policy, the style and the script, and the bar of totals. It knows nothing of tokens.

use super::markup::EscapedHtml;
use crate::core::key::digest::sha256;
use crate::core::token::base64url;
use std::fmt::Write as _;

/// The style of every page.
const STYLE: &str = include_str!("style.css");

/// The script of every page. It adds the controls that need it; without it the page is complete.
const SCRIPT: &str = include_str!("script.js");

/// The size of a page without tokens, as a guess for its buffer.
pub(crate) const EMPTY_SIZE: usize = STYLE.len() + SCRIPT.len() + (1 << 14);

/// Writes the head of a page, and begins its body.
pub(crate) fn begin(out: &mut String, title: &str) {
    let digest = |text: &str| base64url::encode_standard(&sha256(text.as_bytes()));
    // The policy allows this style and this script only, should any text below ever escape its quotes.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; \
         script-src 'sha256-{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n",
        digest(STYLE),
        digest(SCRIPT),
        EscapedHtml(title)
    );
}

/// Begins the part of a page with its articles. `noun` is what an article is about: `case` or `token`.
pub(crate) fn begin_articles(out: &mut String, noun: &str) {
    let _ = writeln!(out, "<main data-noun=\"{noun}\">");
}

/// Ends the articles and the page.
pub(crate) fn end(out: &mut String) {
    let _ = write!(out, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
}

/// Draws numbers as parts of a bar, each in its class. It is hidden from screen readers, since the numbers are below it.
pub(crate) fn bar<const N: usize>(out: &mut String, parts: [(&str, usize); N]) {
    let all: usize = parts.iter().map(|(_, number)| number).sum();
    if all == 0 {
        return;
    }
    out.push_str("<svg class=\"bar\" aria-hidden=\"true\">");
    let mut before = 0.0;
    for (class, number) in parts {
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

/// Writes a fact of a list of facts. The value is markup.
pub(crate) fn fact(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, "<div><dt>{name}</dt><dd>{value}</dd></div>");
}

/// Writes the version of the program as a fact.
pub(crate) fn version(out: &mut String) {
    fact(out, "fob", env!("CARGO_PKG_VERSION"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text between two marks, the first time they appear.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    fn page() -> String {
        let mut page = String::new();
        begin(&mut page, "a <title>");
        begin_articles(&mut page, "case");
        end(&mut page);
        page
    }

    #[test]
    fn the_policy_allows_the_style_and_the_script_only() {
        let page = page();
        let digest =
            |text: &str| format!("'sha256-{}'", base64url::encode_standard(&sha256(text.as_bytes())));
        let (style, script) =
            (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
        assert_eq!(
            between(&page, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\">"),
            format!(
                "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
                digest(style),
                digest(script)
            )
        );
        for tag in ["<style", "<script"] {
            assert_eq!(page.matches(tag).count(), 1, "{tag}");
            assert!(page.find("<meta http-equiv").unwrap() < page.find(tag).unwrap());
        }
        assert_eq!(between(&page, "<title>", "</title>"), "a &lt;title&gt;");
    }

    #[test]
    fn the_style_and_the_script_load_nothing() {
        for text in [STYLE, SCRIPT] {
            // A browser normalizes these characters, and the digest would not match.
            assert!(!text.contains(['\r', '\0']) && !text.contains("</"));
        }
        assert!(!STYLE.contains('<') && !STYLE.contains("url(") && !STYLE.contains("@import"));
        for word in [
            "fetch",
            "XMLHttpRequest",
            "import",
            "http:",
            "https:",
            "href",
            "assign(location",
            "open(",
            "src",
            "cookie",
            "Storage",
            "location =",
        ] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }

    #[test]
    fn the_script_never_makes_markup_from_text() {
        for word in ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "Function("] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
