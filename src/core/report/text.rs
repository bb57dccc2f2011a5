//! Reports as text: aligned, coloured by segment, with dates beside the claims.
//! All text from a token passes through `escape`.

use super::finding::{Finding, Severity};
use crate::core::json::Value;
use crate::core::reason::Reason;
use crate::core::redact::MASK;
use crate::core::report::rows::{claim_rows, header_rows};
use crate::core::report::{Anatomy, FoundText, LifetimeState, TokenLocation, TokenReport, check_text};
use crate::core::text::cells::cells;
use crate::core::text::duration::{distance, lifetime};
use crate::core::text::escape::{Shown, shown_bytes};
use crate::core::text::layout::{Screen, TextLayout, count};
use crate::core::text::palette::TextRole;
use crate::core::text::styled::Styled;
use crate::core::token::claims::Payload;
use crate::core::token::jws::Compact;
use crate::core::token::kind::{TokenKind, is_endless};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::{JsonContent, JsonEntry};
use crate::core::verify::Verification;
use crate::core::verify::check::{Check, Status};
use crate::core::verify::judge::Verdict;
use std::io;

/// Writes the report of `decode`: the token, without a verdict.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_decoded(
    out: &mut (impl io::Write + ?Sized),
    anatomy: &Anatomy<'_>,
    screen: Screen,
) -> io::Result<()> {
    let mut page = TextLayout::new(screen);
    page.token_text(anatomy);
    page.outer(anatomy);
    page.headline(anatomy);
    page.sections(anatomy, None);
    let flaws = &anatomy.token.flaws;
    if !flaws.is_empty() {
        page.blank();
        for flaw in flaws {
            page.line(TextRole::Warning, &format!("{}: {}", flaw.reason, Shown(&flaw.detail)));
        }
    }
    page.blank();
    let signature = if anatomy.is_opened() { "signature: none" } else { "signature: not checked" };
    page.line(TextRole::Signature, signature);
    out.write_all(page.text.as_bytes())
}

/// The parts that the report of `verify` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportLength {
    /// The checks and the verdict.
    Verdict,
    /// The header and the payload, too.
    WithContent,
    /// The text of the token, the header and the payload, too.
    WithToken,
}

/// Writes the report of `verify`: the content of the token if it is wanted, the checks, and the verdict as the last line.
///
/// # Errors
/// Returns the errors of `out`.
pub fn write_verified(
    out: &mut (impl io::Write + ?Sized),
    verification: &Verification<'_>,
    anatomy: Option<&Anatomy<'_>>,
    length: ReportLength,
    screen: Screen,
) -> io::Result<()> {
    let mut page = TextLayout::new(screen);
    if let Some(anatomy) = anatomy.filter(|_| length != ReportLength::Verdict) {
        if length == ReportLength::WithToken {
            page.token_text(anatomy);
        }
        for outer in anatomy.outer() {
            page.sections(&outer, None);
        }
        page.sections(anatomy, Some(verification));
        if !verification.judgement.is_authentic() {
            page.blank();
            page.line(TextRole::Warning, "unverified: the content of this token is not authenticated");
        }
        page.blank();
    }
    page.all_checks(verification);
    page.blank();
    page.verdict(verification, anatomy);
    // The sections begin with a blank line.
    out.write_all(page.text.trim_start_matches('\n').as_bytes())
}

/// The length of a title of the report of `inspect`, in columns: up to 99,999 tokens.
const LONGEST_TITLE: usize = "token 99999 of 99999".len();

/// Returns the title of a token in the report of `inspect`, with the blank line before it. Numbers count from one. The total
/// is unknown while the search goes on.
#[must_use]
pub fn token_title(number: usize, total: Option<usize>, screen: Screen) -> String {
    let which = match total {
        Some(1) => "token".to_owned(),
        Some(total) => format!("token {number} of {total}"),
        None => format!("token {number}"),
    };
    let blank = if number > 1 { "\n" } else { "" };
    format!("{blank}{}", screen.palette.paint(TextRole::Strong, which))
}

/// Returns the report of `inspect` on one token, without its title.
#[must_use]
pub fn token_report(entry: &TokenReport<'_>, screen: Screen) -> String {
    let mut page = TextLayout::new(screen);
    page.location(entry);
    page.entry(entry);
    page.text
}

impl TextLayout {
    /// Adds the headline: `HS256 access token (djangorestframework-simplejwt), expires in 4 minutes`.
    pub(super) fn headline(&mut self, anatomy: &Anatomy<'_>) {
        let (role, life) = lifetime_text(anatomy);
        let title = title(anatomy);
        if self.fits(cells(&title) + 2 + cells(&life)) {
            self.append(TextRole::Strong, &title);
            self.text.push_str(", ");
            self.append(role, &life);
            return self.text.push('\n');
        }
        self.put(0, 2, &Styled::new(TextRole::Strong, title).then(TextRole::Plain, ","));
        self.put(0, 2, &Styled::new(role, life));
    }

    /// Adds the encrypted tokens around this one.
    fn outer(&mut self, anatomy: &Anatomy<'_>) {
        for outer in anatomy.outer() {
            self.put(
                0,
                2,
                &Styled::new(TextRole::Strong, title(&outer)).then(TextRole::Plain, ", decrypted"),
            );
            self.sections(&outer, None);
            self.blank();
            self.line(TextRole::Strong, "inside");
        }
    }

    /// Adds the verdict, with the reasons or the kind of the token.
    pub(super) fn verdict(&mut self, verification: &Verification<'_>, anatomy: Option<&Anatomy<'_>>) {
        let judgement = &verification.judgement;
        let role = match judgement.verdict() {
            Verdict::Accepted => TextRole::Good,
            Verdict::Rejected => TextRole::Bad,
            Verdict::Malformed => TextRole::Warning,
        };
        let mut line = Styled::new(role, judgement.verdict().name());
        if judgement.reasons.is_empty() {
            if judgement.is_by_shared_key() {
                line.push(TextRole::Plain, " by the shared key, without a signature");
            }
            if let Some(anatomy) = anatomy {
                let form = anatomy.json_form().filter(|_| anatomy.token.json.is_none());
                let form = form.map(|form| format!(", encrypted in {} JSON serialization", form.name()));
                let (form, life) = (form.unwrap_or_default(), lifetime_text(anatomy).1);
                line.push(TextRole::Plain, &format!(": {}{form}, {life}", title(anatomy)));
            }
        } else {
            let codes: Vec<_> = judgement.reasons.iter().map(short_code).collect();
            line.push(TextRole::Plain, &format!(": {}", codes.join(", ")));
            if judgement.only_time() {
                line.push(TextRole::Quiet, " (authentic otherwise)");
            }
            if let Some(form) = anatomy.and_then(Anatomy::json_form) {
                line.push(TextRole::Quiet, &format!(" ({} JSON serialization)", form.name()));
            }
        }
        self.put(0, 2, &line);
    }

    /// Adds the checks, one a line. Those of a token inside an encrypted one are indented.
    fn all_checks(&mut self, verification: &Verification<'_>) {
        let mut margin = 2;
        for envelope in &verification.envelopes {
            self.checks(&envelope.checks, margin);
            margin += 2;
            self.line(TextRole::Quiet, &format!("{:margin$}inside:", ""));
        }
        self.checks(&verification.judgement.checks, margin);
    }

    pub(super) fn checks(&mut self, checks: &[Check<'_>], margin: usize) {
        /// The width of the column of names, if there are no longer ones.
        const NAME: usize = 24;
        /// The least room for the details beside the names.
        const DETAIL: usize = 28;
        let names: Vec<String> =
            checks.iter().map(|check| Shown(&check.name.to_string()).to_string()).collect();
        let width = names.iter().map(|name| cells(name)).max().unwrap_or_default().min(NAME);
        let stacked = self.screen.width.is_some_and(|screen| screen < margin + width + 4 + DETAIL);
        let indent = margin + if stacked { 2 } else { width + 4 };
        for (check, name) in checks.iter().zip(&names) {
            let (role, mark) = match check.status {
                Status::Passed => (TextRole::Good, "✓"),
                Status::Failed => (TextRole::Bad, "✗"),
                Status::Skipped => (TextRole::Quiet, "–"),
            };
            let detail_role = match check.status {
                Status::Passed => TextRole::Plain,
                // Grey dates are hard to read.
                Status::Skipped if check.fact.date().is_some() => TextRole::Plain,
                Status::Failed | Status::Skipped => role,
            };
            let detail = Shown(&check_text(check, self.screen.zone)).to_string();
            let name_width = cells(name);
            let gap = if stacked { 0 } else { width.saturating_sub(name_width) } + 2;
            let taken = margin + 2 + name_width + gap;
            self.pad(margin);
            if self.fits(taken + cells(&detail)) {
                self.append(role, mark);
                self.pad(1);
                self.text.push_str(name);
                self.pad(gap);
                self.append(detail_role, &detail);
                self.text.push('\n');
                continue;
            }
            let line = Styled::new(role, mark).then(TextRole::Plain, " ").then(TextRole::Plain, name);
            if !stacked && name_width > width {
                self.put(margin, margin + 2, &line);
                self.hang(indent, 0, &Styled::new(detail_role, detail));
            } else {
                let line = line.then(TextRole::Plain, &" ".repeat(gap)).then(detail_role, &detail);
                self.put(margin, indent, &line);
            }
        }
    }

    /// Adds the header and the payload, and the parts of an SD-JWT after them.
    fn sections(&mut self, anatomy: &Anatomy<'_>, verification: Option<&Verification<'_>>) {
        let sizes = anatomy.sizes().segments;
        let size = |name: &str| {
            let bytes = sizes.iter().find(|(segment, _)| *segment == name).map_or(0, |(_, bytes)| *bytes);
            format!("  {}", count(bytes, "byte"))
        };
        self.blank();
        let title = if anatomy.token.json.is_some() { "protected header" } else { "header" };
        let is_there = anatomy.token.json.is_none_or(JsonEntry::is_protected);
        self.heading(TextRole::Header, title, &if is_there { size("header") } else { "  none".to_owned() });
        match anatomy.parameters() {
            Some(members) => self.member_rows(TextRole::Header, header_rows(&members), &members),
            None if anatomy.is_redacted() => self.indented(MASK),
            None => self.unreadable(anatomy.token.compact.header()),
        }
        self.recipients(anatomy);
        match anatomy.token.compact {
            Compact::Jws { payload, .. } => {
                self.blank();
                let note = match anatomy.token.detached {
                    Some(_) => ", detached",
                    None if anatomy.is_processed() => " signed, with the disclosed claims in place",
                    None => "",
                };
                self.heading(TextRole::Payload, "payload", &format!("{}{note}", size("payload")));
                match &anatomy.token.payload {
                    None if !anatomy.is_redacted() => self.unreadable(payload),
                    _ => self.payload(anatomy),
                }
            }
            Compact::Jwe { .. } if anatomy.is_opened() => {
                self.blank();
                self.heading(TextRole::Payload, "payload", "  decrypted");
                self.payload(anatomy);
            }
            Compact::Jwe { .. } => {
                let parts: Vec<_> =
                    sizes.iter().skip(1).map(|(name, bytes)| format!("{name}\u{a0}{bytes}")).collect();
                self.blank();
                // A name and its number stay on one line.
                let start = self.text.len();
                self.heading(TextRole::Payload, "encrypted", &format!("  bytes: {}", parts.join(", ")));
                let sizes = self.text.split_off(start).replace('\u{a0}', " ");
                self.text.push_str(&sizes);
            }
        }
        if let Some(sd_jwt) = &anatomy.sd_jwt {
            self.sd_jwt(sd_jwt, anatomy, verification);
        }
    }

    /// Adds the rows of the payload.
    pub(super) fn payload(&mut self, anatomy: &Anatomy<'_>) {
        match &anatomy.token.payload {
            Some(Payload::Claims(_)) => {
                let members = anatomy.claims().unwrap_or_default();
                let rows = claim_rows(&members, anatomy, self.screen.zone);
                self.member_rows(TextRole::Payload, rows, &members);
            }
            _ if anatomy.token.lacks_payload() => self.indented("detached: the token does not hold it"),
            _ if anatomy.is_redacted() => self.indented(MASK),
            Some(Payload::Json(value)) => self.hang(2, 1, &Styled::json(&value.to_string())),
            Some(Payload::Text(text, _)) => self.indented(&Shown(text).to_string()),
            Some(Payload::Bytes(bytes, _)) => self.indented(&shown_bytes(bytes)),
            None => {}
        }
    }

    /// Adds a segment that cannot be read as JSON.
    pub(super) fn unreadable(&mut self, segment: &crate::core::token::jws::Segment<'_>) {
        match &segment.decoded {
            Ok(bytes) => self.indented(&shown_bytes(bytes)),
            Err(_) => self.indented(segment.encoded),
        }
    }

    /// Adds the location of a token.
    fn location(&mut self, entry: &TokenReport<'_>) {
        let TokenLocation { line, column, place, file, wrapping } = &entry.location;
        let wrapping = wrapping.as_ref().map(|names| format!(", unwrapped: {names}")).unwrap_or_default();
        let place = format!("{}{wrapping}", Shown(place));
        let rest = match file {
            Some(file) => format!("{}:{line}:{column}, {place}", Shown(file)),
            None => format!("line {line}, column {column}, {place}"),
        };
        // The title that stands before it is not known yet.
        let is_below = self.screen.width.is_some_and(|width| LONGEST_TITLE + 2 + cells(&rest) > width);
        if is_below {
            self.blank();
        }
        self.hang(2, 0, &Styled::new(TextRole::Quiet, rest));
    }

    /// Adds all that the report says about a token.
    fn entry(&mut self, entry: &TokenReport<'_>) {
        match &entry.content {
            FoundText::Opaque { length, .. } => {
                self.line(TextRole::Strong, &format!("opaque token, {}", count(*length, "byte")))
            }
            FoundText::Unreadable { length, .. } => {
                self.line(TextRole::Strong, &format!("not a token, {}", count(*length, "byte")));
            }
            FoundText::Document(report) => self.document_entry(report),
            FoundText::Token(anatomy) => {
                self.outer(anatomy);
                self.headline(anatomy);
                self.segments(anatomy);
                self.sections(anatomy, entry.verification.as_ref());
                self.blank();
                self.signature(anatomy, entry.verification.is_some());
                self.bar(anatomy);
                if let Some(verification) = &entry.verification {
                    self.blank();
                    self.verdict(verification, None);
                    if !anatomy.is_redacted() {
                        self.all_checks(verification);
                    }
                }
            }
        }
        self.findings(&entry.findings());
    }

    /// Adds the size of the signature, and whether it is checked.
    fn signature(&mut self, anatomy: &Anatomy<'_>, judged: bool) {
        if let Compact::Jws { signature, .. } = anatomy.token.compact {
            let state = if judged { "checked below" } else { "not checked" };
            let bytes = count(signature.bytes().len(), "byte");
            self.heading(TextRole::Signature, "signature", &format!("  {bytes}, {state}"));
        }
    }

    /// Adds a bar that shows how much of the lifetime has passed.
    pub(super) fn bar(&mut self, anatomy: &Anatomy<'_>) {
        // The bar leaves most of the line to the words beside it.
        let cells = self.screen.width.map_or(24, |width| (width / 4).min(24));
        let (role, life) = lifetime_text(anatomy);
        let mut line = Styled::new(TextRole::Plain, "expiry     ");
        let indent = line.text.len();
        match anatomy.spent() {
            Some((spent, total)) => {
                let full = ((spent * cells as f64) as usize).min(cells);
                line.push(role, &format!("{}{}", "█".repeat(full), "░".repeat(cells - full)));
                let percent = (spent * 100.0) as u32;
                let total = lifetime(total.unsigned_abs());
                line.push(TextRole::Plain, &format!(" {percent} % of {total} gone, {life}"));
            }
            None => line.push(role, &life),
        }
        self.put(0, indent, &line);
    }

    /// Adds the findings, one a line.
    fn findings(&mut self, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        /// The least room for the messages beside the codes.
        const MESSAGE: usize = 28;
        /// The columns before a code: a margin, the severity and a gap.
        const BEFORE: usize = 11;
        self.blank();
        let width = findings.iter().map(|finding| cells(&finding.code)).max().unwrap_or_default();
        let stacked = self.screen.width.is_some_and(|screen| screen < BEFORE + width + 2 + MESSAGE);
        for finding in findings {
            let role = match finding.severity {
                Severity::Error => TextRole::Bad,
                Severity::Warning => TextRole::Warning,
                Severity::Info => TextRole::Quiet,
            };
            let line = Styled::new(role, format!("{:7}  ", finding.severity.name()));
            let code = Shown(&finding.code).to_string();
            let message = Shown(&finding.message).to_string();
            if stacked {
                self.hang(2, 2, &line.then(TextRole::Plain, &code));
                self.hang(4, 0, &Styled::new(TextRole::Plain, message));
            } else {
                self.pad(2);
                let line = line.then(TextRole::Plain, &format!("{code:width$}  {message}"));
                self.put(2, BEFORE + width + 2, &line);
            }
        }
    }
}

/// Returns the code of a reason. `malformed:` is left out, since the verdict before it says so.
fn short_code(reason: &Reason) -> String {
    match reason {
        Reason::Malformed(detail) => detail.code().to_owned(),
        other => other.to_string(),
    }
}

/// Returns the title of a token: `HS256 access token (djangorestframework-simplejwt)`.
pub(crate) fn title(anatomy: &Anatomy<'_>) -> String {
    let alg = anatomy.alg().map(|alg| format!("{} ", Shown(&alg))).unwrap_or_default();
    if let Some(length) = anatomy.unjudged_payload() {
        let bytes = count(usize::try_from(length).unwrap_or(usize::MAX), "byte");
        let Some(entry) = anatomy.token.json else {
            return format!("{alg}signature of a detached payload ({bytes})");
        };
        let payload = if entry.has_payload() { "an unencoded payload" } else { "a detached payload" };
        let form = entry.form().name();
        return match entry.position() {
            (_, 1) => format!("{alg}signature of {payload} ({bytes}) in {form} JSON serialization"),
            (_, total) => format!("{total} signatures of {payload} ({bytes}) in {form} JSON serialization"),
        };
    }
    let style = anatomy.style().map(|style| format!(" ({style})")).unwrap_or_default();
    let kind = anatomy.kind().description();
    match anatomy.token.json {
        None => format!("{alg}{kind}{style}"),
        Some(signature) => {
            let form = signature.form().name();
            match (signature.position(), signature.content()) {
                ((_, 1), _) => format!("{alg}{kind}{style} in {form} JSON serialization"),
                ((_, total), JsonContent::Signed) => {
                    format!("{kind}{style} in {form} JSON serialization with {total} signatures")
                }
                ((_, total), JsonContent::Encrypted) => {
                    format!("{kind} in {form} JSON serialization for {total} recipients")
                }
            }
        }
    }
}

/// Returns the stage of the lifetime in words, with its colour.
pub(crate) fn lifetime_text(anatomy: &Anatomy<'_>) -> (TextRole, String) {
    let date = |name| anatomy.all_claims()?.date(name);
    let relative_exp = || date("exp").map(|exp| exp.relative_to(anatomy.at)).unwrap_or_default();
    let from_now = |name| date(name).map(|date| date.seconds_since(anatomy.at)).unwrap_or_default();
    match anatomy.lifetime() {
        LifetimeState::Active => match date("exp").and_then(NumericDate::mistaken_unit) {
            Some((unit, _)) => (TextRole::Warning, format!("`exp` looks like {unit}, not seconds")),
            None => (TextRole::Good, format!("expires {}", relative_exp())),
        },
        LifetimeState::Expired => (TextRole::Bad, format!("expired {}", relative_exp())),
        LifetimeState::Invalid => {
            let exp = anatomy.all_claims().and_then(|claims| claims.get("exp"));
            let found = exp.map(Value::type_name).unwrap_or_default();
            (TextRole::Bad, format!("expiry unreadable: `exp` is {found}, not a number"))
        }
        LifetimeState::NotYetValid => {
            (TextRole::Warning, format!("not valid for another {}", distance(from_now("nbf"))))
        }
        LifetimeState::NoExpiry if anatomy.kind() == TokenKind::Jwe && !anatomy.is_opened() => {
            (TextRole::Quiet, "its claims are encrypted".to_owned())
        }
        LifetimeState::NoExpiry if anatomy.token.is_cut_jwe() => {
            (TextRole::Quiet, "encrypted, cut short".to_owned())
        }
        LifetimeState::NoExpiry if anatomy.token.lacks_payload() => {
            (TextRole::Quiet, "detached payload".to_owned())
        }
        LifetimeState::NoExpiry if anatomy.unjudged_payload().is_some() => {
            (TextRole::Quiet, "no claims were judged".to_owned())
        }
        LifetimeState::NoExpiry if anatomy.token.unverified_claims().is_none() => {
            (TextRole::Quiet, "no claims".to_owned())
        }
        LifetimeState::NoExpiry if is_endless(anatomy.token) => {
            (TextRole::Warning, "no end (offline token)".to_owned())
        }
        LifetimeState::NoExpiry if anatomy.kind().does_without_exp() && !anatomy.is_opened() => {
            (TextRole::Quiet, "without `exp`, as usual for this kind".to_owned())
        }
        LifetimeState::NoExpiry => (TextRole::Warning, "never expires".to_owned()),
    }
}
