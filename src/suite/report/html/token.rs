//! The token of a case: its text in colours, its timeline, and its header and payload.

use super::markup::{EscapedHtml, class};
use super::timeline;
use crate::core::reason::CheckName;
use crate::core::redact::Redaction;
use crate::core::report::Anatomy;
use crate::core::report::rows::{claim_rows, header_rows};
use crate::core::report::text::title;
use crate::core::text::escape::shown_bytes;
use crate::core::text::layout::{Row, count};
use crate::core::text::zone::Zone;
use crate::core::token::Token;
use crate::core::token::claims::Payload;
use crate::core::token::jws::{Compact, Segment};
use crate::core::verify::check::Status;
use crate::suite::outcome::CaseResult;
use std::fmt::Write as _;

/// The length of the longest token that is shown whole and decoded. No server accepts a longer one in a header.
const LONGEST: usize = 1 << 16;

/// The classes of the three segments of a JWS.
const SIGNED: [&str; 3] = ["h", "p", "s"];
/// The classes of the five segments of a JWE.
const ENCRYPTED: [&str; 5] = ["h", "k", "i", "p", "s"];

/// Writes the token of a case, decoded if it is one.
pub(super) fn write(out: &mut String, case: &CaseResult) {
    let whole = (case.token.len() <= LONGEST).then_some(case.token.as_bytes());
    let compact = whole.and_then(|bytes| Compact::parse(bytes, LONGEST).ok());
    let Some(compact) = compact else {
        out.push_str("<div class=\"token\">");
        plain(out, &case.token);
        out.push_str("</div>\n");
        return;
    };
    let token = Token::parse(&compact);
    let anatomy = Anatomy::new(&token, case.at, Redaction::None);
    out.push_str("<div class=\"pair\"><div class=\"token\">");
    segments(out, &anatomy);
    timeline::write(out, &anatomy);
    let _ = write!(out, "</div><div class=\"said\"><p>{}</p>", EscapedHtml(&title(&anatomy)));
    let signed =
        case.checks.iter().any(|check| check.name == CheckName::Signature && check.status == Status::Passed);
    if !signed {
        out.push_str("<p class=\"warn\">Unverified: the content of this token is not authenticated.</p>");
    }
    let is_decrypted =
        case.checks.iter().any(|check| check.name == CheckName::Decrypt && check.status == Status::Passed);
    content(out, &anatomy, is_decrypted);
    out.push_str("</div></div>\n");
}

/// Writes text that is not a token.
fn plain(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>The text is empty.</p>");
        return;
    }
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    let _ = write!(out, "<pre><code>{}</code></pre>", EscapedHtml(text.get(..end).unwrap_or_default()));
    if end < text.len() {
        let _ = write!(out, "<p>and {} more</p>", count(text.len() - end, "byte"));
    }
}

/// Writes the text of the token, each segment in its colour, and the name and size of each.
fn segments(out: &mut String, anatomy: &Anatomy<'_>) {
    let classes: &[&str] = match anatomy.token.compact {
        Compact::Jws { .. } => &SIGNED,
        Compact::Jwe { .. } => &ENCRYPTED,
    };
    out.push_str("<pre><code>");
    for (index, (segment, class)) in anatomy.token.compact.text().split('.').zip(classes).enumerate() {
        let dot = if index > 0 { "." } else { "" };
        let _ = write!(out, "{dot}<span class=\"{class}\">{}</span>", EscapedHtml(segment));
    }
    out.push_str("</code></pre><p class=\"key\">");
    for (index, ((name, bytes), class)) in anatomy.sizes().segments.iter().zip(classes).enumerate() {
        let gap = if index > 0 { " · " } else { "" };
        let name = name.replace('_', " ");
        let _ = write!(out, "{gap}<span class=\"{class}\">{name}</span> {}", count(*bytes, "byte"));
    }
    out.push_str("</p>");
}

/// Writes header and payload, decoded. The content of an encrypted token is not shown: reports are shared, and its sender
/// has chosen who can read it.
fn content(out: &mut String, anatomy: &Anatomy<'_>, is_decrypted: bool) {
    out.push_str("<h4 class=\"h\">Header</h4>");
    match anatomy.parameters() {
        Some(members) => rows(out, "h", &header_rows(&members)),
        None => unreadable(out, anatomy.token.compact.header()),
    }
    let Compact::Jws { payload, .. } = anatomy.token.compact else {
        out.push_str("<h4 class=\"p\">Payload</h4>");
        out.push_str(match is_decrypted {
            true => "<p>Encrypted. It was decrypted for the checks, but this report does not show it.</p>",
            false => "<p>Encrypted: only its recipient can read it.</p>",
        });
        return;
    };
    out.push_str("<h4 class=\"p\">Payload</h4>");
    match &anatomy.token.payload {
        Some(Payload::Claims(claims)) => {
            rows(out, "p", &claim_rows(claims.members(), anatomy, Zone::Utc));
        }
        Some(Payload::Json(value)) => listing(out, &value.to_string()),
        Some(Payload::Text(..) | Payload::Bytes(..)) | None => unreadable(out, payload),
    }
}

fn unreadable(out: &mut String, segment: &Segment<'_>) {
    match &segment.decoded {
        Ok(bytes) => listing(out, &shown_bytes(bytes)),
        Err(fault) => drop(write!(out, "<p>Not Base64url: {}.</p>", EscapedHtml(&fault.to_string()))),
    }
}

fn listing(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>Empty.</p>");
    } else {
        let _ = write!(out, "<pre><code>{}</code></pre>", EscapedHtml(text));
    }
}

fn rows(out: &mut String, class_of_names: &str, rows: &[Row]) {
    if rows.is_empty() {
        out.push_str("<pre><code>{}</code></pre>");
        return;
    }
    let _ = write!(out, "<dl class=\"{class_of_names}\">");
    for row in rows {
        let _ = write!(out, "<dt>{}</dt><dd><code>", EscapedHtml(&row.name));
        for (index, line) in row.value.iter().enumerate() {
            let _ = write!(out, "{}{}", if index > 0 { "\n" } else { "" }, EscapedHtml(line));
        }
        out.push_str("</code>");
        if let Some((role, note)) = &row.note {
            let _ = write!(out, " <i class=\"{}\">{}</i>", class(*role), EscapedHtml(note));
        }
        out.push_str("</dd>");
    }
    out.push_str("</dl>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::report::samples;

    fn article(case: &CaseResult) -> String {
        let mut out = String::new();
        write(&mut out, case);
        out
    }

    /// Returns the text between two marks, the first time they appear.
    fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
        page.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    #[test]
    fn a_jws_has_three_colours_and_its_claims() {
        let (cases, _) = samples::run();
        let article = article(&cases[0]);
        let [header, payload, signature] = cases[0].token.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        assert_eq!(
            between(&article, "<div class=\"token\">", "<figure"),
            format!(
                "<pre><code><span class=\"h\">{header}</span>.<span class=\"p\">{payload}</span>.\
                 <span class=\"s\">{signature}</span></code></pre>\
                 <p class=\"key\"><span class=\"h\">header</span> 27 bytes · <span class=\"p\">payload</span> 32 bytes · \
                 <span class=\"s\">signature</span> 32 bytes</p>"
            )
        );
        assert_eq!(
            between(&article, "<div class=\"said\">", "</div>"),
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
    fn a_jwe_has_five_colours_and_a_readable_header() {
        let article = article(&samples::of_token("a JWE", "eyJhbGciOiJkaXIifQ.a-_b.Yw.ZGVmZw.aA", "jwe", 1));
        assert!(article.contains(concat!(
            r#"<span class="h">eyJhbGciOiJkaXIifQ</span>.<span class="k">a-_b</span>.<span class="i">Yw</span>."#,
            r#"<span class="p">ZGVmZw</span>.<span class="s">aA</span></code>"#
        )));
        assert!(article.contains("<span class=\"k\">encrypted key</span> 3 bytes"), "{article}");
        assert!(article.contains("<dt>alg</dt><dd><code>&quot;dir&quot;</code>"), "{article}");
        assert!(article.contains("<p>Encrypted: only its recipient can read it.</p>"), "{article}");
        assert!(
            article.contains("<p class=\"life\"><span class=\"quiet\">its claims are encrypted</span></p>")
        );
    }

    #[test]
    fn a_token_without_a_valid_signature_is_marked() {
        let good = samples::case("a case", r#"{"sub":"alice"}"#, "accepted", 1);
        assert!(!article(&good).contains("Unverified"));
        let (_, signature) = good.token.rsplit_once('.').unwrap();
        let forged = format!("eyJhbGciOiJIUzI1NiJ9.e30.{signature}");
        let forged = samples::of_token("a case", &forged, "bad_signature", 1);
        assert!(
            article(&forged).contains(
                "<p class=\"warn\">Unverified: the content of this token is not authenticated.</p>"
            )
        );
    }

    #[test]
    fn shows_unreadable_segments_as_text() {
        let said = |text: &str| {
            let article = article(&samples::of_token("a case", text, "malformed", 1));
            between(&article, "<h4 class=\"h\">Header</h4>", "</div>").to_owned()
        };
        assert_eq!(
            said("PGI-.e30.AA"),
            "<pre><code>&lt;b&gt;</code></pre><h4 class=\"p\">Payload</h4><pre><code>{}</code></pre>"
        );
        assert_eq!(
            said("e30.YQ=.AA".replace('=', "B").as_str()),
            "<pre><code>{}</code></pre><h4 class=\"p\">Payload</h4><p>Not Base64url: unused bits are set in the character at offset 2.</p>"
        );
        assert_eq!(said("..AA"), "<p>Empty.</p><h4 class=\"p\">Payload</h4><p>Empty.</p>");
    }

    #[test]
    fn shows_text_of_any_length() {
        let shown = |text: &str| {
            let article = article(&samples::of_token("a case", text, "malformed", 1));
            between(&article, "<div class=\"token\">", "</div>").to_owned()
        };
        assert_eq!(shown(""), "<p>The text is empty.</p>");
        let long = "é".repeat(LONGEST);
        assert_eq!(
            shown(&long),
            format!("<pre><code>{}</code></pre><p>and {LONGEST} bytes more</p>", "é".repeat(LONGEST / 2))
        );
    }
}
