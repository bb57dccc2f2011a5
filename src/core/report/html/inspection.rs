//! The page of `inspect`: every token that was found, as an article. The page grows token by token.

use super::document;
use super::markup::{EscapedHtml, instant};
use super::token::{self, Remarks};
use super::{checks, frame};
use crate::core::reason::listed;
use crate::core::redact::Redaction;
use crate::core::report::text::{lifetime_text, title};
use crate::core::report::{Anatomy, FoundText, LifetimeState, TokenLocation, TokenReport};
use crate::core::text::escape::Shown;
use crate::core::text::layout::count;
use crate::core::text::zone::Zone;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::Verification;
use crate::core::verify::judge::Verdict;
use std::fmt::Write as _;

/// The largest number of tokens that are shown open.
const MOST_OPEN: usize = 10;

/// Why the content of a token is not authenticated, if no key was given.
const NO_KEY: &str = "Not verified: no key was given, so the signature was not checked.";

/// The page so far.
#[derive(Debug)]
pub(crate) struct InspectionPage {
    redaction: Redaction,
    zone: Zone,
    /// True if a key was given, so that tokens have verdicts.
    has_key: bool,
    articles: Vec<Article>,
    verdicts: Verdicts,
}

/// The number of tokens with each verdict.
#[derive(Clone, Copy, Debug, Default)]
struct Verdicts {
    accepted: usize,
    rejected: usize,
    malformed: usize,
    unjudged: usize,
}

/// A token on the page, in the two parts around the attribute that opens it.
#[derive(Debug)]
struct Article {
    /// The attributes of the article.
    attributes: String,
    content: String,
}

/// The facts of a run that its tokens do not tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    /// The time of the report.
    pub(crate) at: NumericDate,
    /// The number of places where a token was found.
    pub(crate) locations: usize,
    /// The number of texts that could not be read.
    pub(crate) unreadable: usize,
}

impl InspectionPage {
    /// Begins a page.
    pub(crate) const fn new(redaction: Redaction, has_key: bool, zone: Zone) -> Self {
        let verdicts = Verdicts { accepted: 0, rejected: 0, malformed: 0, unjudged: 0 };
        Self { redaction, zone, has_key, articles: Vec::new(), verdicts }
    }

    /// Adds a token.
    pub(crate) fn add(&mut self, entry: &TokenReport<'_>) {
        let verdict = entry.verification.as_ref().map(|verification| verification.judgement.verdict());
        *(match verdict {
            Some(Verdict::Accepted) => &mut self.verdicts.accepted,
            Some(Verdict::Rejected) => &mut self.verdicts.rejected,
            Some(Verdict::Malformed) => &mut self.verdicts.malformed,
            None => &mut self.verdicts.unjudged,
        }) += 1;
        let (class, word) = match (verdict, &entry.content) {
            (Some(Verdict::Accepted), _) => ("passed", Verdict::Accepted.name()),
            (Some(verdict), _) => ("failed", verdict.name()),
            (None, FoundText::Unreadable { .. }) => ("failed", "not a token"),
            (None, _) => ("unchecked", "not checked"),
        };
        let state = state(entry);
        let (headline, about) = headline(entry);
        let TokenLocation { line, file, .. } = &entry.location;
        let file = file.as_deref().and_then(|file| file.rsplit(['/', '\\']).next());
        let place = file.map_or_else(|| format!("line {line}"), |file| format!("{file}:{line}"));
        let mut content = String::new();
        let _ = writeln!(
            content,
            "<summary><b>{word}</b> <h3>{}</h3> <span>{}</span> <code>{}</code></summary>",
            EscapedHtml(&headline),
            EscapedHtml(&about),
            EscapedHtml(&place),
        );
        self.write(&mut content, entry);
        let number = self.articles.len() + 1;
        let attributes =
            format!("id=\"token-{number}\" class=\"{class}\" data-outcome=\"{}\"", EscapedHtml(&state));
        self.articles.push(Article { attributes, content });
    }

    /// Writes all that is below the line of a token.
    fn write(&self, out: &mut String, entry: &TokenReport<'_>) {
        self.facts(out, entry);
        let verification = entry.verification.as_ref();
        let warning = match verification {
            None if self.has_key => Some("Not verified: the key does not apply to this token."),
            None => Some(NO_KEY),
            Some(verification) if verification.judgement.is_authentic() => None,
            Some(_) => Some("Unverified: the content of this token is not authenticated."),
        };
        match &entry.content {
            FoundText::Token(anatomy) => {
                for outer in anatomy.outer() {
                    let remarks = Remarks {
                        title: ", decrypted",
                        warning: None,
                        sealed: "Decrypted: the token inside is below.",
                    };
                    token::write(out, &outer, remarks, None, self.zone);
                    out.push_str("<p class=\"inside\">Inside</p>\n");
                }
                let is_sealed = matches!(anatomy.token.compact, Compact::Jwe { .. }) && !anatomy.is_opened();
                let warning = warning.filter(|_| !is_sealed);
                let warning = match warning {
                    Some(NO_KEY) if anatomy.is_opened() => {
                        Some("Decrypted, but not signed: no signature is there.")
                    }
                    warning => warning,
                };
                let remarks =
                    Remarks { title: "", warning, sealed: "Encrypted: only its recipient can read it." };
                token::write(out, anatomy, remarks, verification, self.zone);
            }
            FoundText::Document(report) => document::write(out, report, warning, self.zone),
            FoundText::Opaque { .. } | FoundText::Unreadable { .. } => {}
        }
        checks::findings(out, &entry.findings());
        if let Some(verification) = verification {
            self.judgement(out, entry, verification);
        }
    }

    /// Writes the checks and the hints of a verification. Both can quote the token, so a masked page has neither.
    fn judgement(&self, out: &mut String, entry: &TokenReport<'_>, verification: &Verification<'_>) {
        if self.redaction == Redaction::Mask {
            out.push_str("<p>The checks are left out, because they quote the token.</p>\n");
            return;
        }
        for hint in &verification.hints {
            let _ = writeln!(out, "<p>Hint: {}</p>", EscapedHtml(hint));
        }
        match &entry.content {
            FoundText::Document(report) => document::checks(out, report, self.zone),
            _ => checks::of_verification(out, verification, self.zone),
        }
    }

    fn facts(&self, out: &mut String, entry: &TokenReport<'_>) {
        out.push_str("<dl class=\"facts\">");
        let mut fact = |name: &str, value: &str| frame::fact(out, name, &EscapedHtml(value).to_string());
        let TokenLocation { line, column, place, file, wrapping } = &entry.location;
        fact("Found as", place);
        match file {
            Some(file) => fact("Location", &format!("{file}:{line}:{column}")),
            None => fact("Location", &format!("line {line}, column {column}")),
        }
        if let Some(names) = wrapping {
            fact("Unwrapped", names);
        }
        let anatomy = match &entry.content {
            FoundText::Token(anatomy) => Some(&**anatomy),
            FoundText::Document(report) => report.first(),
            FoundText::Opaque { length, kind } => {
                kind.iter().for_each(|kind| fact("Kind", kind));
                fact("Size", &count(*length, "byte"));
                None
            }
            FoundText::Unreadable { length, .. } => {
                fact("Size", &count(*length, "byte"));
                None
            }
        };
        if let Some(anatomy) = anatomy {
            fact("Kind", anatomy.kind().description());
            anatomy.style().into_iter().for_each(|style| fact("Format of", style));
            let size = match &entry.content {
                FoundText::Document(report) => report.size,
                _ => anatomy.sizes().token,
            };
            fact("Size", &count(size, "byte"));
        }
        match &entry.verification {
            Some(verification) => fact("Verdict", &verdict_text(verification)),
            None if matches!(entry.content, FoundText::Unreadable { .. }) => {}
            None if self.has_key => fact("Verdict", "none: not checked with the key"),
            None => fact("Verdict", "none: not checked (no key given)"),
        }
        out.push_str("</dl>\n");
    }

    /// Ends the page.
    pub(crate) fn end(self, run: &Run) -> Vec<u8> {
        let total = self.articles.len();
        let size: usize = self.articles.iter().map(|article| article.content.len() + 128).sum();
        let mut out = String::with_capacity(size + frame::EMPTY_SIZE);
        let headline = self.headline();
        frame::begin(&mut out, &headline);
        let _ = write!(out, "<header>\n<p>Tokens in a text</p>\n<h1>{headline}</h1>\n");
        self.totals(&mut out, run);
        out.push_str("</header>\n");
        frame::begin_articles(&mut out, "token");
        if total > 0 {
            out.push_str("<section class=\"tokens\" aria-label=\"Tokens\">\n");
        }
        let open = if total <= MOST_OPEN { " open" } else { "" };
        for Article { attributes, content } in self.articles {
            let _ = writeln!(out, "<article {attributes}><details{open}>{content}</details></article>");
        }
        if total > 0 {
            out.push_str("</section>\n");
        }
        frame::end(&mut out);
        out.into_bytes()
    }

    fn headline(&self) -> String {
        let Verdicts { accepted, .. } = self.verdicts;
        match (self.articles.len(), self.has_key) {
            (0, _) => "No token was found".to_owned(),
            (total, false) => format!("{} found", count(total, "token")),
            (1, true) => format!("The one token was {}accepted", if accepted == 1 { "" } else { "not " }),
            (total, true) if accepted == total => format!("All {total} tokens were accepted"),
            (total, true) => format!("{accepted} of {total} tokens were accepted"),
        }
    }

    fn totals(&self, out: &mut String, run: &Run) {
        let Verdicts { accepted, rejected, malformed, unjudged } = self.verdicts;
        if self.has_key {
            frame::bar(out, [("good", accepted), ("bad", rejected + malformed), ("left", unjudged)]);
        }
        out.push_str("<dl>");
        let mut number = |name: &str, number: usize| {
            if number > 0 {
                frame::fact(out, name, &number.to_string());
            }
        };
        if self.has_key {
            number("Accepted", accepted);
            number("Rejected", rejected);
            number("Malformed", malformed);
            number("Not checked", unjudged);
        }
        if run.locations > self.articles.len() {
            number("Places", run.locations);
        }
        number("Texts not read", run.unreadable);
        if !self.has_key && !self.articles.is_empty() {
            frame::fact(out, "Signatures", "not checked (no key given)");
        }
        if self.redaction == Redaction::Mask {
            frame::fact(out, "Masked", "signatures and personal values");
        }
        frame::fact(out, "Read at", &instant(run.at, self.zone));
        frame::version(out);
        out.push_str("</dl>\n");
    }
}

/// Returns the verdict with its reasons.
fn verdict_text(verification: &Verification<'_>) -> String {
    let judgement = &verification.judgement;
    let mut text = outcome(verification);
    if judgement.reasons.is_empty() && judgement.is_by_shared_key() {
        text.push_str(" by the shared key, without a signature");
    }
    if judgement.only_time() {
        text.push_str(" (authentic otherwise)");
    }
    text
}

/// Returns the verdict, and its reasons if there are any.
fn outcome(verification: &Verification<'_>) -> String {
    let judgement = &verification.judgement;
    let verdict = judgement.verdict().name();
    if judgement.reasons.is_empty() {
        verdict.to_owned()
    } else {
        format!("{verdict}: {}", listed(&judgement.reasons))
    }
}

/// Returns the state of a token in one or two words, by which tokens are filtered: its verdict with the reasons or, without
/// one, the stage of its lifetime.
fn state(entry: &TokenReport<'_>) -> String {
    if let Some(verification) = &entry.verification {
        return outcome(verification);
    }
    let anatomy = match &entry.content {
        FoundText::Token(anatomy) => Some(&**anatomy),
        FoundText::Document(report) => report.first(),
        FoundText::Opaque { .. } => return "opaque".to_owned(),
        FoundText::Unreadable { .. } => return "not a token".to_owned(),
    };
    anatomy.map(lifetime_word).unwrap_or_default().to_owned()
}

/// Returns the stage of the lifetime in a word or two.
fn lifetime_word(anatomy: &Anatomy<'_>) -> &'static str {
    if matches!(anatomy.token.compact, Compact::Jwe { .. }) && !anatomy.is_opened() {
        return "encrypted";
    }
    if anatomy.all_claims().is_none() {
        return "no claims";
    }
    match anatomy.lifetime() {
        LifetimeState::Active => "active",
        LifetimeState::Expired => "expired",
        LifetimeState::NotYetValid => "not yet valid",
        LifetimeState::NoExpiry => "no expiry",
        LifetimeState::Invalid => "expiry unreadable",
    }
}

/// Returns the headline of a token, and what stands beside it: the reasons of its rejection, or its lifetime.
fn headline(entry: &TokenReport<'_>) -> (String, String) {
    let reasons = entry.verification.as_ref().map(|verification| &verification.judgement.reasons);
    let reasons = reasons.filter(|reasons| !reasons.is_empty()).map(|reasons| listed(reasons));
    let (headline, about) = match &entry.content {
        FoundText::Token(anatomy) => {
            let encrypted = if anatomy.envelopes.is_empty() { "" } else { ", inside an encrypted one" };
            (format!("{}{encrypted}", title(anatomy)), lifetime_text(anatomy).1)
        }
        FoundText::Document(report) => match report.first() {
            Some(first) => (title(first), lifetime_text(first).1),
            None => (String::new(), String::new()),
        },
        FoundText::Opaque { length, kind } => {
            let name = kind.map_or_else(|| "opaque token".to_owned(), |kind| Shown(kind).to_string());
            (name, count(*length, "byte"))
        }
        FoundText::Unreadable { failure, .. } => ("not a token".to_owned(), failure.reason.to_string()),
    };
    (headline, reasons.unwrap_or(about))
}
