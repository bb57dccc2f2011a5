//! The parts of a token on a page: header, payload, and texts that are neither. Each value stands beside its name.

use super::markup::{EscapedHtml, class};
use crate::core::json::Member;
use crate::core::redact::MASK;
use crate::core::report::Anatomy;
use crate::core::report::rows::{claim_rows, header_rows};
use crate::core::text::escape::{Quoted, Shown, shown_bytes};
use crate::core::text::layout::{Row, count};
use crate::core::text::zone::Zone;
use crate::core::token::claims::Payload;
use crate::core::token::jws::{Compact, Segment};
use crate::core::token::serialization::JsonEntry;
use std::fmt::Write as _;

/// The length of the longest text that is shown whole. No server accepts a longer token in a header.
pub(crate) const LONGEST: usize = 1 << 16;

/// Writes a text that is not shown as a token.
pub(crate) fn plain(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>The text is empty.</p>");
        return;
    }
    let end = (0..=LONGEST.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    // A part of a text is not offered as its copy.
    let class = if end < text.len() { " class=\"cut\"" } else { "" };
    let _ =
        write!(out, "<pre{class}><code>{}</code></pre>", EscapedHtml(text.get(..end).unwrap_or_default()));
    if end < text.len() {
        let _ = write!(out, "<p>and {} more</p>", count(text.len() - end, "byte"));
    }
}

/// Writes the heading of a part, with a note beside it.
pub(super) fn heading(out: &mut String, class: &str, title: &str, note: &str) {
    let gap = if note.is_empty() { "" } else { " " };
    let note = if note.is_empty() { String::new() } else { format!("<i>{}</i>", EscapedHtml(note)) };
    let _ = write!(out, "<h4 class=\"{class}\">{}{gap}{note}</h4>", EscapedHtml(title));
}

/// Writes the header that a signature or the encryption protects.
pub(super) fn header(out: &mut String, anatomy: &Anatomy<'_>) {
    let json = anatomy.token.json;
    let note = if json.is_none_or(JsonEntry::is_protected) { "" } else { "none" };
    heading(out, "h", if json.is_some() { "Protected header" } else { "Header" }, note);
    match anatomy.parameters() {
        Some(members) => rows(out, "h", &members, &header_rows(&members)),
        None if anatomy.is_redacted() => listing(out, MASK),
        None => unreadable(out, anatomy.token.compact.header()),
    }
}

/// Writes the payload, or why it cannot be shown.
pub(super) fn payload(out: &mut String, anatomy: &Anatomy<'_>, sealed: &str, zone: Zone) {
    let is_jwe = matches!(anatomy.token.compact, Compact::Jwe { .. });
    let note = match anatomy.token.detached {
        Some(_) => "detached",
        None if anatomy.is_processed() => "signed, with the disclosed claims in place",
        None if is_jwe && anatomy.is_opened() => "decrypted",
        None => "",
    };
    heading(out, "p", "Payload", note);
    if is_jwe && !anatomy.is_opened() {
        let _ = write!(out, "<p>{sealed}</p>");
        return;
    }
    match (&anatomy.token.payload, anatomy.token.compact) {
        (Some(Payload::Claims(_)), _) => {
            let members = anatomy.claims().unwrap_or_default();
            rows(out, "p", &members, &claim_rows(&members, anatomy, zone));
        }
        _ if anatomy.token.lacks_payload() => out.push_str("<p>Detached: the token does not hold it.</p>"),
        _ if anatomy.is_redacted() => listing(out, MASK),
        (Some(Payload::Json(value)), _) => listing(out, &value.to_string()),
        (Some(Payload::Text(text, _)), _) => listing(out, &Shown(text).to_string()),
        (Some(Payload::Bytes(bytes, _)), _) => listing(out, &shown_bytes(bytes)),
        (None, Compact::Jws { payload, .. }) => unreadable(out, payload),
        (None, Compact::Jwe { .. }) => {}
    }
}

/// Writes a segment that is not JSON.
fn unreadable(out: &mut String, segment: &Segment<'_>) {
    match &segment.decoded {
        Ok(bytes) => listing(out, &shown_bytes(bytes)),
        Err(fault) => drop(write!(out, "<p>Not Base64url: {}.</p>", EscapedHtml(&fault.to_string()))),
    }
}

/// Writes a text as a block.
pub(super) fn listing(out: &mut String, text: &str) {
    if text.is_empty() {
        out.push_str("<p>Empty.</p>");
    } else {
        let _ = write!(out, "<pre><code>{}</code></pre>", EscapedHtml(text));
    }
}

/// Writes rows: names, values and notes. The members that the rows show give the names as JSON, for copies.
pub(super) fn rows(out: &mut String, class_of_names: &str, members: &[Member<'_>], rows: &[Row]) {
    if rows.is_empty() {
        out.push_str("<pre><code>{}</code></pre>");
        return;
    }
    let _ = write!(out, "<dl class=\"{class_of_names}\">");
    for (index, row) in rows.iter().enumerate() {
        out.push_str("<dt");
        let name = members.get(index).map(|member| Quoted(&member.name).to_string()).unwrap_or_default();
        // The script puts most names into quotes itself.
        if name.contains('\\') {
            let _ = write!(out, " data-json=\"{}\"", EscapedHtml(&name));
        }
        let _ = write!(out, ">{}</dt><dd><code>", EscapedHtml(&row.name));
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

    #[test]
    fn offers_no_copy_of_a_text_that_is_cut() {
        let shown = |text: &str| {
            let mut out = String::new();
            plain(&mut out, text);
            out
        };
        assert_eq!(shown(""), "<p>The text is empty.</p>");
        assert_eq!(shown("<b>"), "<pre><code>&lt;b&gt;</code></pre>");
        assert_eq!(
            shown(&"é".repeat(LONGEST)),
            format!(
                "<pre class=\"cut\"><code>{}</code></pre><p>and {LONGEST} bytes more</p>",
                "é".repeat(LONGEST / 2)
            )
        );
    }
}
