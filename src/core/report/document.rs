//! The report on a document in JSON serialization: its signatures with both headers of each, and the payload that they share.
//! Marks what no signature covers. Decides nothing.

use super::finding::Finding;
use super::key::KeyEntry;
use super::rows::header_rows;
use super::text::ReportLength;
use super::{Anatomy, Sizes};
use crate::core::json::{Member, Members};
use crate::core::redact::{MASK, Redaction, redact};
use crate::core::text::escape::{Shown, shown_bytes};
use crate::core::text::layout::{Screen, TextLayout, count};
use crate::core::text::palette::TextRole;
use crate::core::token::base64url;
use crate::core::token::jws::Compact;
use crate::core::token::serialization::{JsonEntry, JsonForm};
use crate::core::verify::{DocumentVerification, SignatureDemand, Verification};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::io;

/// The description of a document.
#[derive(Debug)]
pub struct DocumentReport<'t> {
    /// The form of the document.
    pub form: JsonForm,
    /// The length of the document in bytes.
    pub size: usize,
    /// The description of each signature, as a token of its own. There is at least one.
    pub signatures: Vec<Anatomy<'t>>,
    /// The verification, if a key was given.
    pub verification: Option<DocumentVerification<'t>>,
}

impl<'t> DocumentReport<'t> {
    /// Returns the description that stands for the whole document in what concerns the payload.
    #[must_use]
    pub fn first(&self) -> Option<&Anatomy<'t>> {
        self.signatures.first()
    }

    /// Returns the findings on all signatures, each once.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = Vec::new();
        for finding in self.signatures.iter().flat_map(Anatomy::findings) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
        findings
    }

    /// Returns the sizes of the document and of its payload.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let segments = self.first().map(|first| first.sizes().segments).unwrap_or_default();
        let payload = segments.into_iter().filter(|(name, _)| *name == "payload").collect();
        Sizes { token: self.size, segments: payload }
    }

    /// Returns the flaws of all signatures as lines. A flaw that all of them share, such as one of the payload, comes once.
    fn flaws(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for (index, anatomy) in self.signatures.iter().enumerate() {
            for flaw in &anatomy.token.flaws {
                let is_shared = self.signatures.iter().all(|other| other.token.flaws.contains(flaw));
                let place = if is_shared { String::new() } else { format!("signature {}: ", index + 1) };
                let line = format!("{place}{}: {}", flaw.reason, Shown(&flaw.detail));
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
        lines
    }

    fn is_redacted(&self) -> bool {
        self.first().is_some_and(Anatomy::is_redacted)
    }

    /// Returns how many signatures are accepted, and how many must be: nothing for a single one.
    pub(super) fn summary(&self) -> Option<String> {
        let verification = self.verification.as_ref().filter(|_| self.signatures.len() > 1)?;
        let demand = match verification.demand {
            SignatureDemand::All => "all are required",
            SignatureDemand::Any => "one is required (--signatures any)",
        };
        let (accepted, total) = (verification.accepted(), self.signatures.len());
        Some(format!("{accepted} of {total} signatures accepted, {demand}"))
    }
}

/// Returns the parameters of the unprotected header, masked if the report is redacted.
pub(super) fn unprotected<'m>(anatomy: &'m Anatomy<'_>) -> Cow<'m, [Member<'m>]> {
    let members = anatomy.token.json.map(|signature| signature.unprotected()).unwrap_or_default();
    masked(members, anatomy.redaction)
}

/// Parameters of an encrypted document that the encryption does not protect.
pub(super) struct UnprotectedPart<'m> {
    pub(super) title: String,
    pub(super) members: Cow<'m, [Member<'m>]>,
}

/// Returns the headers of an encrypted document that the encryption does not protect: the shared one, and that of each
/// recipient. They are masked if the report is redacted.
pub(super) fn unprotected_parts<'a>(
    anatomy: &'a Anatomy<'_>,
    entry: &'a JsonEntry,
) -> Vec<UnprotectedPart<'a>> {
    let part =
        |title: String, members| UnprotectedPart { title, members: masked(members, anatomy.redaction) };
    let shared = Some(entry.shared()).filter(|members| !members.is_empty());
    let mut parts: Vec<_> =
        shared.map(|members| part("unprotected header".to_owned(), members)).into_iter().collect();
    let all = if anatomy.recipients.is_empty() { std::slice::from_ref(entry) } else { anatomy.recipients };
    for recipient in all {
        let (number, total) = recipient.position();
        if recipient.unprotected().is_empty() && total == 1 {
            continue;
        }
        let title = if total > 1 { format!("recipient {number} of {total}") } else { "recipient".to_owned() };
        parts.push(part(title, recipient.unprotected()));
    }
    parts
}

/// Returns the length of the additional authenticated data of an encrypted document, and its text.
pub(super) fn authenticated_data(aad: &str, redaction: Redaction) -> (String, String) {
    let bytes = base64url::decode(aad).unwrap_or_default();
    let text = match redaction {
        Redaction::Mask => MASK.to_owned(),
        Redaction::None => shown_bytes(&bytes),
    };
    (format!("{}, not encrypted", count(bytes.len(), "byte")), text)
}

/// Returns members, masked if the report is redacted.
fn masked<'m>(members: &'m [Member<'m>], redaction: Redaction) -> Cow<'m, [Member<'m>]> {
    match redaction {
        Redaction::None => Cow::Borrowed(members),
        Redaction::Mask => Cow::Owned(redact(members)),
    }
}

/// Writes the report of `decode` on a document.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_decoded(
    out: &mut (impl io::Write + ?Sized),
    report: &DocumentReport<'_>,
    screen: Screen,
) -> io::Result<()> {
    let mut page = TextLayout::new(screen);
    page.document(report);
    let flaws = report.flaws();
    if !flaws.is_empty() {
        page.blank();
        flaws.iter().for_each(|flaw| page.line(TextRole::Warning, flaw));
    }
    page.blank();
    let plural = if report.signatures.len() > 1 { "signatures" } else { "signature" };
    page.line(TextRole::Signature, &format!("{plural}: not checked"));
    out.write_all(page.text.as_bytes())
}

/// Writes the report of `verify` on a document. The verdict is the last line.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_verified(
    out: &mut (impl io::Write + ?Sized),
    report: &DocumentReport<'_>,
    length: ReportLength,
    screen: Screen,
) -> io::Result<()> {
    let mut page = TextLayout::new(screen);
    let Some(verification) = &report.verification else { return Ok(()) };
    if length != ReportLength::Verdict {
        page.content(report);
        if !verification.whole.judgement.is_authentic() {
            page.blank();
            page.line(TextRole::Warning, "unverified: the content of this token is not authenticated");
        }
        page.blank();
    }
    page.document_checks(report, verification);
    page.blank();
    page.document_verdict(report, verification);
    // The content begins with a blank line.
    out.write_all(page.text.trim_start_matches('\n').as_bytes())
}

impl TextLayout {
    /// Adds the headline and the content of a document.
    fn document(&mut self, report: &DocumentReport<'_>) {
        if let Some(first) = report.first() {
            self.headline(first);
        }
        self.content(report);
    }

    /// Adds the headers of each signature, and the payload.
    fn content(&mut self, report: &DocumentReport<'_>) {
        let total = report.signatures.len();
        for (index, anatomy) in report.signatures.iter().enumerate() {
            self.blank();
            let sizes = anatomy.sizes().segments;
            let size = |name: &str| {
                let bytes = sizes.iter().find(|(segment, _)| *segment == name).map_or(0, |(_, bytes)| *bytes);
                format!("  {}", count(bytes, "byte"))
            };
            if total > 1 {
                let title = format!("signature {} of {total}", index + 1);
                self.heading(TextRole::Strong, &title, &size("signature"));
            }
            let is_protected = anatomy.token.json.is_none_or(|signature| signature.is_protected());
            let rest = if is_protected { size("header") } else { "  none".to_owned() };
            self.heading(TextRole::Header, "protected header", &rest);
            match anatomy.parameters() {
                Some(members) => self.member_rows(TextRole::Header, header_rows(&members), &members),
                None if anatomy.is_redacted() => self.indented(MASK),
                None => self.unreadable(anatomy.token.compact.header()),
            }
            let unprotected = unprotected(anatomy);
            if !unprotected.is_empty() {
                self.heading(TextRole::Warning, "unprotected header", "  not signed");
                self.member_rows(TextRole::Header, header_rows(&unprotected), &unprotected);
            }
        }
        let Some(first) = report.first() else { return };
        self.blank();
        if first.token.json.is_some_and(|signature| !signature.has_payload()) {
            return self.heading(TextRole::Payload, "payload", "  detached");
        }
        let bytes =
            first.sizes().segments.iter().find(|(name, _)| *name == "payload").map_or(0, |(_, bytes)| *bytes);
        self.heading(TextRole::Payload, "payload", &format!("  {}", count(bytes, "byte")));
        match (&first.token.payload, first.token.compact) {
            (None, Compact::Jws { payload, .. }) if !first.is_redacted() => self.unreadable(payload),
            _ => self.payload(first),
        }
    }

    /// Adds the headers of an encrypted document that the encryption does not protect, and what it protects beside the content.
    pub(super) fn recipients(&mut self, anatomy: &Anatomy<'_>) {
        let Some(entry) = anatomy.token.json else { return };
        for UnprotectedPart { title, members } in unprotected_parts(anatomy, entry) {
            self.blank();
            self.heading(TextRole::Warning, &title, "  not protected");
            self.member_rows(TextRole::Header, header_rows(&members), &members);
        }
        if let Some(aad) = entry.aad() {
            self.blank();
            let (rest, text) = authenticated_data(aad, anatomy.redaction);
            self.heading(TextRole::Header, "authenticated data", &format!("  {rest}"));
            self.indented(&text);
        }
    }

    /// Adds the checks of each signature, then those of the claims.
    fn document_checks(&mut self, report: &DocumentReport<'_>, verification: &DocumentVerification<'_>) {
        let total = report.signatures.len();
        for (index, signature) in verification.signatures.iter().enumerate() {
            if total > 1 {
                self.line(TextRole::Strong, &format!("signature {} of {total}", index + 1));
            }
            let checks = signature.judgement.checks.iter().filter(|check| check.name.is_about_signature());
            let mut checks: Vec<_> = checks.cloned().collect();
            if total == 1 {
                checks.extend(verification.whole.judgement.checks.iter().cloned());
            }
            self.checks(&checks, 2);
        }
        let whole = &verification.whole.judgement.checks;
        if total > 1 && !whole.is_empty() {
            self.line(TextRole::Strong, "claims");
            self.checks(whole, 2);
        }
    }

    /// Adds the verdict on a document, after the number of accepted signatures.
    fn document_verdict(&mut self, report: &DocumentReport<'_>, verification: &DocumentVerification<'_>) {
        if let Some(summary) = report.summary() {
            self.line(TextRole::Quiet, &summary);
        }
        self.verdict(&verification.whole, report.first());
    }

    /// Adds all that `inspect` says about a document, apart from the findings.
    pub(super) fn document_entry(&mut self, report: &DocumentReport<'_>) {
        let Some(first) = report.first() else { return };
        self.document(report);
        self.blank();
        let state = if report.verification.is_some() { "checked below" } else { "not checked" };
        let number = count(report.signatures.len(), "signature");
        self.heading(TextRole::Signature, &number, &format!("  {state}"));
        self.bar(first);
        if let Some(verification) = &report.verification {
            self.blank();
            self.document_verdict(report, verification);
            if !report.is_redacted() {
                self.document_checks(report, verification);
            }
        }
    }
}

impl DocumentReport<'_> {
    /// Writes the form and the signatures of the document.
    pub(super) fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("serialization", self.form.name())?;
        if let Some(verification) = &self.verification {
            map.serialize_entry("signatures_required", verification.demand.name())?;
        }
        let verifications = self.verification.iter().flat_map(|verification| &verification.signatures);
        let mut verifications = verifications.map(Some).chain(std::iter::repeat(None));
        let entries: Vec<_> = self
            .signatures
            .iter()
            .map(|anatomy| SignatureEntry { anatomy, verification: verifications.next().flatten() })
            .collect();
        map.serialize_entry("signatures", &entries)
    }
}

/// Writes the form and the unprotected headers of an encrypted document.
pub(super) fn encrypted_entries<M: SerializeMap>(anatomy: &Anatomy<'_>, map: &mut M) -> Result<(), M::Error> {
    let Some(entry) = anatomy.token.json else { return Ok(()) };
    map.serialize_entry("serialization", entry.form().name())?;
    map.serialize_entry("unprotected_header", &Members(&masked(entry.shared(), anatomy.redaction)))?;
    let all = if anatomy.recipients.is_empty() { std::slice::from_ref(entry) } else { anatomy.recipients };
    let recipients: Vec<_> =
        all.iter().map(|recipient| RecipientEntry(recipient, anatomy.redaction)).collect();
    map.serialize_entry("recipients", &recipients)?;
    let aad = entry.aad().filter(|_| !anatomy.is_redacted());
    aad.map_or(Ok(()), |aad| map.serialize_entry("aad", aad))
}

/// One recipient of a JSON report.
struct RecipientEntry<'a>(&'a JsonEntry, Redaction);

impl Serialize for RecipientEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("unprotected_header", &Members(&masked(self.0.unprotected(), self.1)))?;
        map.end()
    }
}

/// One signature of a JSON report.
struct SignatureEntry<'a, 't> {
    anatomy: &'a Anatomy<'t>,
    verification: Option<&'a Verification<'t>>,
}

impl Serialize for SignatureEntry<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { anatomy, verification } = self;
        let mut map = serializer.serialize_map(None)?;
        if let Some(Verification { judgement, .. }) = verification {
            map.serialize_entry("verdict", judgement.verdict().name())?;
            map.serialize_entry("reasons", &judgement.reasons)?;
            // Checks quote header parameters, so a redacted report has only the reasons.
            if !anatomy.is_redacted() {
                let warnings: Vec<_> = judgement.warnings.iter().map(|warning| &warning.reason).collect();
                let checks: Vec<_> =
                    judgement.checks.iter().filter(|check| check.name.is_about_signature()).collect();
                map.serialize_entry("warnings", &warnings)?;
                map.serialize_entry("checks", &checks)?;
            }
        }
        map.serialize_entry("header", &anatomy.parameters().as_deref().map(Members))?;
        map.serialize_entry("unprotected_header", &Members(&unprotected(anatomy)))?;
        match (verification, anatomy.token.compact) {
            (Some(Verification { key, source, .. }), _) if !anatomy.is_redacted() => {
                map.serialize_entry("key", &KeyEntry(source, *key))?;
            }
            (None, Compact::Jws { signature, .. }) if !anatomy.is_redacted() => {
                map.serialize_entry("signature", signature.encoded)?;
            }
            _ => {}
        }
        map.end()
    }
}
