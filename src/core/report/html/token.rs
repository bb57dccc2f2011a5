//! A token on a page: its text in colours with the sizes, its timeline, and its content.

use super::markup::EscapedHtml;
use super::{document, parts, sd_jwt, timeline};
use crate::core::report::Anatomy;
use crate::core::report::text::title;
use crate::core::text::layout::count;
use crate::core::text::zone::Zone;
use crate::core::token::jws::Compact;
use crate::core::verify::Verification;
use std::fmt::Write as _;

/// The classes of the three segments of a JWS.
const SIGNED: [&str; 3] = ["h", "p", "s"];
/// The classes of the five segments of a JWE.
const ENCRYPTED: [&str; 5] = ["h", "k", "i", "p", "s"];

/// Sentences of the page beside a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remarks<'r> {
    /// Stands after the title, such as `decrypted`.
    pub(crate) title: &'r str,
    /// Why the content is not authenticated, if it is not.
    pub(crate) warning: Option<&'r str>,
    /// Stands in the place of a payload that is encrypted.
    pub(crate) sealed: &'r str,
}

/// Writes the text of a token with its timeline, and beside it the header and the payload. `verification` tells whether the
/// key binding of an SD-JWT was verified.
pub(crate) fn write(
    out: &mut String,
    anatomy: &Anatomy<'_>,
    remarks: Remarks<'_>,
    verification: Option<&Verification<'_>>,
    zone: Zone,
) {
    out.push_str("<div class=\"pair\"><div class=\"token\">");
    // The segments of a document do not stand beside each other.
    if !anatomy.is_redacted() && anatomy.token.json.is_none() {
        segments(out, anatomy);
    }
    sizes(out, anatomy);
    timeline::write(out, anatomy, zone);
    let Remarks { title: state, warning, sealed } = remarks;
    let _ = write!(out, "</div><div class=\"said\"><p>{}{state}</p>", EscapedHtml(&title(anatomy)));
    if let Some(warning) = warning {
        let _ = write!(out, "<p class=\"warn\">{warning}</p>");
    }
    parts::header(out, anatomy);
    document::recipients(out, anatomy);
    parts::payload(out, anatomy, sealed, zone);
    if let Some(sd_jwt) = &anatomy.sd_jwt {
        sd_jwt::write(out, sd_jwt, anatomy, verification, zone);
    }
    out.push_str("</div></div>\n");
}

/// Returns the classes of the segments.
fn classes(anatomy: &Anatomy<'_>) -> &'static [&'static str] {
    match anatomy.token.compact {
        Compact::Jws { .. } => &SIGNED,
        Compact::Jwe { .. } => &ENCRYPTED,
    }
}

/// Writes the text of the token, each segment in its colour.
fn segments(out: &mut String, anatomy: &Anatomy<'_>) {
    let text = anatomy.token.compact.text();
    if text.len() > parts::LONGEST {
        return parts::plain(out, text);
    }
    out.push_str("<pre><code>");
    for (index, (segment, class)) in text.split('.').zip(classes(anatomy)).enumerate() {
        let dot = if index > 0 { "." } else { "" };
        let _ = write!(out, "{dot}<span class=\"{class}\">{}</span>", EscapedHtml(segment));
    }
    out.push_str("</code></pre>");
}

/// Writes the name and the size of each segment.
fn sizes(out: &mut String, anatomy: &Anatomy<'_>) {
    out.push_str("<p class=\"key\">");
    let sizes = anatomy.sizes().segments;
    for (index, ((name, bytes), class)) in sizes.iter().zip(classes(anatomy)).enumerate() {
        let gap = if index > 0 { " · " } else { "" };
        let name = name.replace('_', " ");
        let _ = write!(out, "{gap}<span class=\"{class}\">{name}</span> {}", count(*bytes, "byte"));
    }
    out.push_str("</p>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::redact::Redaction;
    use crate::core::token::Token;
    use crate::core::token::numeric_date::NumericDate;

    const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const PAYLOAD: &str = "eyJzdWIiOiJhbGljZSIsImV4cCI6MTgwMDAwMDYwMH0";
    const SIGNATURE: &str = "c2lnbmF0dXJl";

    fn written(text: &str, redaction: Redaction) -> String {
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let anatomy = Anatomy::new(&token, NumericDate::from_seconds(1_800_000_000), redaction);
        let remarks = Remarks { title: "", warning: None, sealed: "Sealed." };
        let mut out = String::new();
        write(&mut out, &anatomy, remarks, None, Zone::Utc);
        out
    }

    /// Returns the text between two marks, the first time they appear.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    #[test]
    fn a_jws_has_three_colours_and_its_claims() {
        let written = written(&format!("{HEADER}.{PAYLOAD}.{SIGNATURE}"), Redaction::None);
        assert_eq!(
            between(&written, "<div class=\"token\">", "<figure"),
            format!(
                "<pre><code><span class=\"h\">{HEADER}</span>.<span class=\"p\">{PAYLOAD}</span>.\
                 <span class=\"s\">{SIGNATURE}</span></code></pre>\
                 <p class=\"key\"><span class=\"h\">header</span> 27 bytes · <span class=\"p\">payload</span> 32 bytes · \
                 <span class=\"s\">signature</span> 9 bytes</p>"
            )
        );
        assert_eq!(
            between(&written, "<div class=\"said\">", "</div>"),
            concat!(
                "<p>HS256 JWT</p><h4 class=\"h\">Header</h4><dl class=\"h\">",
                "<dt>alg</dt><dd><code>&quot;HS256&quot;</code> <i class=\"quiet\">algorithm: HMAC with SHA-256</i></dd>",
                "<dt>typ</dt><dd><code>&quot;JWT&quot;</code> <i class=\"quiet\">type</i></dd></dl>",
                "<h4 class=\"p\">Payload</h4><dl class=\"p\">",
                "<dt>sub</dt><dd><code>&quot;alice&quot;</code> <i class=\"quiet\">subject</i></dd>",
                "<dt>exp</dt><dd><code>1800000600</code> ",
                "<i class=\"good\">expires 2027-01-15 08:10:00 UTC, in 10 minutes</i></dd></dl>",
            )
        );
    }

    #[test]
    fn a_masked_token_has_no_text_and_no_personal_value() {
        let written = written(&format!("{HEADER}.{PAYLOAD}.{SIGNATURE}"), Redaction::Mask);
        for hidden in [HEADER, PAYLOAD, SIGNATURE, "alice"] {
            assert!(!written.contains(hidden), "{hidden}: {written}");
        }
        assert!(written.contains("<dt>sub</dt><dd><code>&quot;[masked]&quot;</code>"), "{written}");
        let text = self::written(&format!("{HEADER}.YWxpY2U.{SIGNATURE}"), Redaction::Mask);
        assert!(text.contains("Payload</h4><pre><code>[masked]</code></pre>"), "{text}");
    }

    #[test]
    fn a_jwe_has_five_colours_and_a_readable_header() {
        let written = written("eyJhbGciOiJkaXIifQ.a-_b.Yw.ZGVmZw.aA", Redaction::None);
        assert!(written.contains(concat!(
            r#"<span class="h">eyJhbGciOiJkaXIifQ</span>.<span class="k">a-_b</span>.<span class="i">Yw</span>."#,
            r#"<span class="p">ZGVmZw</span>.<span class="s">aA</span></code>"#
        )));
        assert!(written.contains("<span class=\"k\">encrypted key</span> 3 bytes"), "{written}");
        assert!(written.contains("<dt>alg</dt><dd><code>&quot;dir&quot;</code>"), "{written}");
        assert!(written.contains("<p>Sealed.</p>"), "{written}");
        assert!(
            written.contains("<p class=\"life\"><span class=\"quiet\">its claims are encrypted</span></p>")
        );
    }

    #[test]
    fn shows_unreadable_segments_as_text() {
        let said = |text: &str| {
            let written = written(text, Redaction::None);
            between(&written, "<h4 class=\"h\">Header</h4>", "</div>").to_owned()
        };
        assert_eq!(
            said("PGI-.e30.AA"),
            "<pre><code>&lt;b&gt;</code></pre><h4 class=\"p\">Payload</h4><pre><code>{}</code></pre>"
        );
        assert_eq!(
            said("e30.YQB.AA"),
            "<pre><code>{}</code></pre><h4 class=\"p\">Payload</h4><p>Not Base64url: unused bits are set in the character at offset 2.</p>"
        );
        assert_eq!(
            said("..AA"),
            "<p>Empty.</p><h4 class=\"p\">Payload</h4><p>Detached: the token does not hold it.</p>"
        );
    }

    #[test]
    fn gives_the_json_of_a_name_that_needs_escapes() {
        // {"a\"b\u202e":1}
        let written = written("e30.eyJhXCJiXHUyMDJlIjoxfQ.AA", Redaction::None);
        assert!(
            written.contains(r#"<dt data-json="&quot;a\&quot;b\u202e&quot;">a&quot;b\u202e</dt>"#),
            "{written}"
        );
    }
}
