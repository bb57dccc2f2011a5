//! The disclosures and the key binding JWT of an SD-JWT on a page. Nothing is judged here.

use super::markup::EscapedHtml;
use super::parts::{heading, listing, rows};
use crate::core::redact::MASK;
use crate::core::report::Anatomy;
use crate::core::report::rows::{claim_rows, header_rows};
use crate::core::report::sd_jwt::{binding_state, disclosure_rows, fault_lines, other_digests_line};
use crate::core::sd_jwt::SdJwt;
use crate::core::text::zone::Zone;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::verify::Verification;
use std::fmt::Write as _;

/// Writes the disclosures and the key binding JWT.
pub(super) fn write(
    out: &mut String,
    sd_jwt: &SdJwt,
    anatomy: &Anatomy<'_>,
    verification: Option<&Verification<'_>>,
    zone: Zone,
) {
    heading(out, "i", "Disclosures", &sd_jwt.disclosures.len().to_string());
    if !sd_jwt.disclosures.is_empty() {
        rows(out, "i", &[], &disclosure_rows(sd_jwt, anatomy.redaction));
    }
    if let Some(line) = other_digests_line(sd_jwt) {
        let _ = write!(out, "<p>{}</p>", EscapedHtml(&line));
    }
    for line in fault_lines(sd_jwt, anatomy, verification) {
        let _ = write!(out, "<p class=\"bad\">{}</p>", EscapedHtml(&line));
    }
    let Some(text) = &sd_jwt.key_binding else {
        return heading(out, "s", "Key binding", "none");
    };
    heading(out, "s", "Key binding", binding_state(verification));
    if anatomy.is_redacted() {
        return listing(out, MASK);
    }
    let Ok(compact) = Compact::parse(text.as_bytes(), text.len()) else {
        out.push_str("<p>Not a JWT:</p>");
        return super::parts::plain(out, text);
    };
    let token = Token::parse(&compact);
    let binding = Anatomy::new(&token, anatomy.at, anatomy.redaction);
    super::parts::plain(out, text);
    let (parameters, claims) =
        (binding.parameters().unwrap_or_default(), binding.claims().unwrap_or_default());
    rows(out, "h", &parameters, &header_rows(&parameters));
    rows(out, "p", &claims, &claim_rows(&claims, &binding, zone));
}
