//! Tokens in JSON serialization on a page: the signatures of a signed document, and the unprotected parts of an encrypted one.

use super::checks;
use super::markup::EscapedHtml;
use super::parts::{header, heading, listing, payload, rows};
use super::timeline;
use crate::core::report::Anatomy;
use crate::core::report::document::{DocumentReport, authenticated_data, unprotected, unprotected_parts};
use crate::core::report::rows::header_rows;
use crate::core::report::text::title;
use crate::core::text::layout::count;
use crate::core::text::zone::Zone;
use std::fmt::Write as _;

/// Writes the headers of an encrypted document that the encryption does not protect, and what it protects beside the content.
pub(super) fn recipients(out: &mut String, anatomy: &Anatomy<'_>) {
    let Some(entry) = anatomy.token.json else { return };
    for part in unprotected_parts(anatomy, entry) {
        heading(out, "warn", &capitalized(&part.title), "not protected");
        rows(out, "h", &part.members, &header_rows(&part.members));
    }
    if let Some(aad) = entry.aad() {
        let (note, text) = authenticated_data(aad, anatomy.redaction);
        heading(out, "h", "Authenticated data", &note);
        listing(out, &text);
    }
}

/// Writes a signed document: the payload, and beside it the headers of each signature.
pub(super) fn write(out: &mut String, report: &DocumentReport<'_>, warning: Option<&str>, zone: Zone) {
    let Some(first) = report.first() else { return };
    out.push_str("<div class=\"pair\"><div class=\"token\">");
    timeline::write(out, first, zone);
    let _ = write!(out, "</div><div class=\"said\"><p>{}</p>", EscapedHtml(&title(first)));
    if let Some(warning) = warning {
        let _ = write!(out, "<p class=\"warn\">{warning}</p>");
    }
    let total = report.signatures.len();
    for (index, anatomy) in report.signatures.iter().enumerate() {
        if total > 1 {
            let bytes = anatomy.sizes().segments.into_iter().find(|(name, _)| *name == "signature");
            let note = count(bytes.map_or(0, |(_, bytes)| bytes), "byte");
            heading(out, "s", &format!("Signature {} of {total}", index + 1), &note);
        }
        header(out, anatomy);
        let unprotected = unprotected(anatomy);
        if !unprotected.is_empty() {
            heading(out, "warn", "Unprotected header", "not signed");
            rows(out, "h", &unprotected, &header_rows(&unprotected));
        }
    }
    payload(out, first, "", zone);
    out.push_str("</div></div>\n");
}

/// Writes the checks of each signature, then those of the claims.
pub(super) fn checks(out: &mut String, report: &DocumentReport<'_>, zone: Zone) {
    let Some(verification) = &report.verification else { return };
    if let Some(summary) = report.summary() {
        let _ = writeln!(out, "<p>{}</p>", EscapedHtml(&summary));
    }
    checks::begin_checks(out);
    let total = report.signatures.len();
    for (index, signature) in verification.signatures.iter().enumerate() {
        if total > 1 {
            checks::heading(out, &format!("signature {} of {total}", index + 1));
        }
        let checks = signature.judgement.checks.iter().filter(|check| check.name.is_about_signature());
        checks.for_each(|check| checks::check(out, check, false, zone));
    }
    if total > 1 && !verification.whole.judgement.checks.is_empty() {
        checks::heading(out, "claims");
    }
    verification.whole.judgement.checks.iter().for_each(|check| checks::check(out, check, false, zone));
    checks::end(out);
}

/// Returns a text with its first letter in upper case.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
