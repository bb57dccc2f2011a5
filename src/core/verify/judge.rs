//! The judgement of a token: every check is made, whatever the others find. Only this file turns claims into verified
//! claims. It does not choose keys and asks no store; [`Verifier`](super::Verifier) does.

use super::check::{Check, Checks, Detail, Status};
use super::claim_checks::{check_claims, check_typ, check_without_claims};
use super::disclosure_checks::check_disclosures;
use super::fact::Fact;
use super::header_checks::{HeaderChecks, PreparedVerifier};
use super::key_binding::check_key_binding;
use super::opening::Opening;
use super::policy::Policy;
use super::presentation::Presentation;
use crate::core::reason::{CheckName, Expectation, Failure, Malformed, Reason};
use crate::core::sd_jwt::is_marked;
use crate::core::text::layout::count;
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::detached::DetachedPayload;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::{JsonContent, JsonEntry};

/// The outcome of all checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check passed.
    Accepted,
    /// Some check failed.
    Rejected,
    /// The text is not a signed token, so there was nothing to judge.
    Malformed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Accepted, Self::Rejected, Self::Malformed];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Malformed => "malformed",
        }
    }
}

/// Claims whose signature was verified. Only `judge` makes one.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedClaims<'a>(&'a ClaimsSet<'a>);

impl<'a> VerifiedClaims<'a> {
    /// Returns the claims.
    #[must_use]
    pub const fn get(self) -> &'a ClaimsSet<'a> {
        self.0
    }
}

/// The verdict on a token, and the checks that led to it.
#[derive(Clone, Debug)]
pub struct Judgement<'a> {
    verdict: Verdict,
    /// Every reason, once, in the order of [`Reason`].
    pub reasons: Vec<Reason>,
    /// Findings that did not fail a check.
    pub warnings: Vec<Failure>,
    /// Every check, in the order they were made.
    pub checks: Vec<Check<'a>>,
    /// True if the signature is valid.
    authentic: bool,
    /// True if the claims have no signature, but were encrypted with a shared key and the policy accepts that.
    by_shared_key: bool,
    /// True if a key binding JWT proves that the holder presents the token.
    bound: bool,
    verified: Option<VerifiedClaims<'a>>,
}

impl<'a> Judgement<'a> {
    /// Returns the judgement on text that could not be parsed.
    #[must_use]
    pub(super) fn unreadable(failure: Failure) -> Self {
        let mut checks = Checks::new(Detail::Full);
        checks.reject(CheckName::Form, failure);
        conclude(checks, false, None)
    }

    /// Returns the judgement on a document with several signatures, from those of the signatures that count. Its checks are
    /// the ones of `leading` that are not about its signature.
    #[must_use]
    pub(super) fn of_document(counted: &[&Self], leading: &Self) -> Self {
        let authentic = counted.iter().all(|one| one.authentic);
        let mut warnings: Vec<Failure> = Vec::new();
        for warning in counted.iter().flat_map(|one| &one.warnings) {
            if !warnings.contains(warning) {
                warnings.push(warning.clone());
            }
        }
        let mut checks = Checks::new(Detail::Full);
        checks.list =
            leading.checks.iter().filter(|check| !check.name.is_about_signature()).cloned().collect();
        checks.reasons = counted.iter().flat_map(|one| &one.reasons).cloned().collect();
        checks.warnings = warnings;
        conclude(checks, authentic, leading.verified.filter(|_| authentic))
    }

    /// Returns the outcome.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// Returns the claims if the signature is valid, even if other checks failed.
    #[must_use]
    pub const fn verified_claims(&self) -> Option<VerifiedClaims<'a>> {
        self.verified
    }

    /// Reports whether claims without a signature count as verified, because they were encrypted with a shared key.
    #[must_use]
    pub const fn is_by_shared_key(&self) -> bool {
        self.by_shared_key
    }

    /// Reports whether the signature is valid, or a shared key stands in for it.
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authentic
    }

    /// Reports whether every check of a key binding JWT passed that was made.
    #[must_use]
    pub const fn is_bound(&self) -> bool {
        self.bound
    }

    /// Returns the claims if no check failed.
    #[must_use]
    pub fn accepted_claims(&self) -> Option<VerifiedClaims<'a>> {
        self.verified.filter(|_| self.verdict == Verdict::Accepted)
    }

    /// Reports whether the token is rejected and every reason depends on the clock alone.
    #[must_use]
    pub fn only_time(&self) -> bool {
        self.verdict == Verdict::Rejected && self.reasons.iter().all(Reason::is_time)
    }

    /// Reports whether the outcome is the expected one.
    #[must_use]
    pub fn meets(&self, expectation: &Expectation) -> bool {
        match expectation {
            Expectation::Accepted => self.verdict == Verdict::Accepted,
            Expectation::Rejected => self.verdict == Verdict::Rejected,
            Expectation::Malformed => self.verdict == Verdict::Malformed,
            Expectation::Reason(reason) => self.reasons.contains(reason),
            Expectation::Family(code) => self.reasons.iter().any(|reason| reason.code() == *code),
        }
    }

    /// Adds a check that failed outside the policy: in a store, or in a profile.
    pub fn reject(&mut self, name: CheckName<'static>, failure: Failure) {
        if self.verdict == Verdict::Accepted {
            self.verdict = Verdict::Rejected;
        }
        self.reasons.push(failure.reason.clone());
        self.reasons.sort();
        self.reasons.dedup();
        self.add(name, Status::Failed, Some(failure.reason), failure.detail);
    }

    /// Adds a check that passed outside the policy.
    pub fn pass(&mut self, name: CheckName<'static>, detail: impl Into<String>) {
        self.add(name, Status::Passed, None, detail.into());
    }

    /// Adds a check that was not made, and says why.
    pub fn skip(&mut self, name: CheckName<'static>, detail: impl Into<String>) {
        self.add(name, Status::Skipped, None, detail.into());
    }

    /// Adds the reasons for which the outer token is rejected.
    pub(super) fn enclose(&mut self, reasons: Vec<Reason>) {
        self.reasons.extend(reasons);
        self.reasons.sort();
        self.reasons.dedup();
        self.verdict = verdict(&self.reasons);
    }

    fn add(&mut self, name: CheckName<'static>, status: Status, reason: Option<Reason>, detail: String) {
        let unverified = !self.authentic;
        self.checks.push(Check { name, status, reason, fact: detail.into(), unverified });
    }
}

/// The checks of a header, as a judgement gets them.
#[derive(Clone, Copy, Debug)]
pub(super) enum SettledHeader<'a, 'c, 'k> {
    /// Kept for other tokens. The judgement borrows their text.
    Kept(&'a HeaderChecks<'k>),
    /// Made for this token alone. The judgement copies their text.
    Made(&'c HeaderChecks<'k>),
}

impl<'a: 'c, 'c, 'k> SettledHeader<'a, 'c, 'k> {
    const fn checks(self) -> &'c HeaderChecks<'k> {
        match self {
            Self::Kept(kept) => kept,
            Self::Made(made) => made,
        }
    }

    fn append_to(self, checks: &mut Checks<'a>) -> &'c HeaderChecks<'k> {
        match self {
            Self::Kept(kept) => kept.append_to(checks),
            Self::Made(made) => made.append_copies_to(checks),
        }
        self.checks()
    }

    /// Returns the finding if the signature is valid.
    fn valid_signature(self) -> Fact<'a> {
        match self {
            Self::Kept(kept) => kept.valid_signature().into(),
            Self::Made(made) => made.valid_signature().to_owned().into(),
        }
    }
}

/// Judges a token at an instant, by the checks of its header and by a policy. Makes every check, whatever the others
/// find. A token whose header cannot be parsed has no header checks, and its signature is not verified. `is_verified` is the
/// outcome of a signature that was checked before.
pub(super) fn judge<'a>(
    token: &'a Token<'_>,
    presentation: Option<&'a Presentation<'_>>,
    settled: Option<SettledHeader<'a, '_, '_>>,
    is_verified: Option<bool>,
    policy: &Policy,
    now: NumericDate,
    detail: Detail,
) -> Judgement<'a> {
    let mut checks = Checks::new(detail);
    let header_checks = settled.map(SettledHeader::checks);
    if token.flaws.is_empty() {
        checks.pass(CheckName::Form, || form(token, presentation));
    }
    let is_detached = token.flaws.iter().any(|flaw| flaw.reason == Reason::Detached);
    let is_empty = is_detached && is_signed(token, header_checks);
    for flaw in &token.flaws {
        let is_payload = is_empty && flaw.reason == Reason::Detached;
        // A signature over no bytes says that the payload is empty (RFC 7515 section 5.2).
        let empty = || token.payload.as_ref().and_then(Payload::flaw);
        let failure = if is_payload { empty() } else { None };
        checks.reject(CheckName::Form, failure.unwrap_or_else(|| flaw.clone()));
    }
    let authentic = match (token.compact, settled) {
        (Compact::Jws { signature, .. }, Some(settled)) => {
            let header_checks = settled.append_to(&mut checks);
            check_certificate(&mut checks, header_checks, policy, now);
            match (header_checks.verifier(), &signature.decoded) {
                (Err(obstacle), _) => {
                    checks.skip(CheckName::Signature, || obstacle);
                    false
                }
                (Ok(_), Err(_)) => {
                    checks.skip(CheckName::Signature, || "not checked: the signature is not Base64url");
                    false
                }
                (Ok(_), Ok(_)) if is_detached && !is_empty => {
                    checks.skip(CheckName::Signature, || "not checked: the payload is detached");
                    false
                }
                (Ok(verifier), Ok(bytes)) => {
                    let known = is_verified.or(header_checks.streamed);
                    let is_valid = known.unwrap_or_else(|| verifies(token, verifier, bytes));
                    check_signature(&mut checks, is_valid, bytes, verifier, settled);
                    is_valid
                }
            }
        }
        _ => false,
    };
    checks.unverified = !authentic;
    // An extension may change what the payload means, so nothing is said about its claims.
    let extended = if token.detached.is_some() {
        checks.reasons.contains(&Reason::CritUnsupported)
    } else {
        token.header.as_ref().is_ok_and(JoseHeader::has_extension)
    };
    let is_read = !extended && token.unverified_claims().is_some();
    if let Some(presentation) = presentation.filter(|_| is_read) {
        check_disclosures(&mut checks, &presentation.sd_jwt);
    }
    let is_marked = is_marked_as_sd_jwt(token);
    let token = presentation.and_then(|presentation| presentation.processed.as_ref()).unwrap_or(token);
    let claims = token.unverified_claims();
    let bound =
        check_key_binding(&mut checks, presentation, is_marked, claims.filter(|_| !extended), policy, now);
    if let Ok(header) = &token.header {
        check_typ(&mut checks, header, policy);
    }
    match (claims, token.detached) {
        _ if extended => {}
        (Some(claims), _) => check_claims(&mut checks, token, claims, policy, now),
        (None, Some(_)) => check_without_claims(&mut checks, token, policy, now),
        (None, None) => {}
    }
    let verified = claims.filter(|_| authentic).map(VerifiedClaims);
    Judgement { bound, ..conclude(checks, authentic, verified) }
}

/// Reports whether a token with `cnf` says that it is the issuer's token of an SD-JWT.
fn is_marked_as_sd_jwt(token: &Token<'_>) -> bool {
    let bound = token.unverified_claims().filter(|claims| claims.confirmation().is_some());
    match (&token.header, bound) {
        (Ok(header), Some(claims)) => is_marked(header, claims.members()),
        _ => false,
    }
}

/// Derives the verdict from the checks.
fn conclude<'a>(checks: Checks<'a>, authentic: bool, verified: Option<VerifiedClaims<'a>>) -> Judgement<'a> {
    let Checks { mut reasons, warnings, list: checks, .. } = checks;
    reasons.sort();
    reasons.dedup();
    let by_shared_key = false;
    Judgement {
        verdict: verdict(&reasons),
        reasons,
        warnings,
        checks,
        authentic,
        by_shared_key,
        bound: false,
        verified,
    }
}

/// Returns the verdict for these reasons.
fn verdict(reasons: &[Reason]) -> Verdict {
    if reasons.is_empty() {
        Verdict::Accepted
    } else if reasons.iter().any(Reason::is_malformed) {
        Verdict::Malformed
    } else {
        Verdict::Rejected
    }
}

/// Judges an encrypted token that holds no token, or that was not decrypted. Its claims have no signature: they count as
/// verified only if they were encrypted with a shared key and the policy accepts that.
pub(super) fn judge_opened<'a>(
    token: &'a Token<'_>,
    opening: &Opening<'_>,
    policy: &Policy,
    now: NumericDate,
    detail: Detail,
) -> Judgement<'a> {
    let mut checks = Checks::new(detail);
    checks.append_copies(&opening.checks);
    if !opening.is_decrypted() {
        return conclude(checks, false, None);
    }
    let is_accepted = policy.accept_shared_key && opening.is_shared();
    if is_accepted {
        checks.skip(
            CheckName::Signature,
            || "none: every holder of the shared key can write these claims (--accept-shared-key)",
        );
    } else {
        checks.fail(CheckName::Signature, Reason::NotSigned, || match opening.is_shared() {
            true => "none: every holder of the shared key can write these claims",
            false => "none: every holder of the public key can write these claims",
        });
    }
    checks.unverified = !is_accepted;
    for flaw in &token.flaws {
        let detail = format!("the decrypted content: {}", flaw.detail);
        checks.reject(CheckName::Form, Failure { detail, ..flaw.clone() });
    }
    if let Ok(header) = &token.header {
        check_typ(&mut checks, header, policy);
    }
    let claims = token.unverified_claims();
    // A token in JSON serialization must not pass for a claims set.
    if let Some(content) = claims.and_then(|claims| JsonContent::from_members(claims.members())) {
        let detail = format!("the decrypted content: {}", content.instead_of_compact());
        checks.reject(CheckName::Form, Failure::malformed(Malformed::Charset, detail));
    }
    opening.check_copies(&mut checks, claims);
    check_key_binding(&mut checks, None, false, claims, policy, now);
    if let Some(claims) = claims {
        check_claims(&mut checks, token, claims, policy, now);
    }
    let verified = claims.filter(|_| is_accepted).map(VerifiedClaims);
    Judgement { by_shared_key: is_accepted, ..conclude(checks, is_accepted, verified) }
}

/// Compares the dates of the key's certificate with the clock.
fn check_certificate(
    checks: &mut Checks<'_>,
    header_checks: &HeaderChecks<'_>,
    policy: &Policy,
    now: NumericDate,
) {
    // A key that is refused has worse faults than the dates of its certificate.
    if header_checks.verifier().is_err() {
        return;
    }
    let certificate = header_checks.choice.key.and_then(|key| key.certificate.as_ref());
    match certificate.and_then(|certificate| certificate.weakness(now)) {
        Some(failure) if policy.strict => checks.revise(&CheckName::Key, failure),
        weakness => checks.warnings.extend(weakness),
    }
}

/// Reports whether the signature is valid for the token as it is.
fn is_signed(token: &Token<'_>, header_checks: Option<&HeaderChecks<'_>>) -> bool {
    let Compact::Jws { signature, .. } = token.compact else { return false };
    let verifier = header_checks.and_then(|header_checks| header_checks.verifier().ok());
    match (verifier, &signature.decoded) {
        (Some(verifier), Ok(bytes)) => verifies(token, verifier, bytes),
        _ => false,
    }
}

/// Reports whether a signature is valid for the signing input of a token.
fn verifies(token: &Token<'_>, verifier: &PreparedVerifier<'_>, signature: &[u8]) -> bool {
    token.signing_input().is_some_and(|input| verifier.verifies(input, signature))
}

/// Describes the form of a token without flaws.
fn form(token: &Token<'_>, presentation: Option<&Presentation<'_>>) -> Fact<'static> {
    const STRICT: &str = "three segments, strict Base64url and JSON";
    match (token.detached, token.json.map(JsonEntry::form), presentation) {
        (None, None, None) => STRICT.into(),
        (None, None, Some(Presentation { text, .. })) => {
            let binding = if text.key_binding.is_some() { "a key binding JWT" } else { "no key binding JWT" };
            format!("SD-JWT: {STRICT}; {} and {binding}", count(text.disclosures.len(), "disclosure")).into()
        }
        (None, Some(form), _) => {
            format!("{} JSON serialization, strict Base64url and JSON", form.name()).into()
        }
        (Some(detached), Some(form), _) => {
            let is_there = token.json.is_some_and(JsonEntry::has_payload);
            let payload = if is_there { "an unencoded payload" } else { "a detached payload" };
            format!("{} JSON serialization and {payload}, {}", form.name(), bytes(detached)).into()
        }
        (Some(detached), None, _) => {
            format!("a header, a signature and a detached payload, {}", bytes(detached)).into()
        }
    }
}

/// Returns the length of a detached payload in words.
fn bytes(detached: &DetachedPayload) -> String {
    let plural = if detached.length == 1 { "" } else { "s" };
    format!("{} byte{plural}", detached.length)
}

fn check_signature<'a>(
    checks: &mut Checks<'a>,
    is_valid: bool,
    signature: &[u8],
    verifier: &PreparedVerifier<'_>,
    settled: SettledHeader<'a, '_, '_>,
) {
    let algorithm = verifier.algorithm;
    let tried_in_vain = settled.checks().tried_in_vain;
    if is_valid {
        checks.pass(CheckName::Signature, || settled.valid_signature());
    } else {
        checks.fail(CheckName::Signature, Reason::BadSignature, || {
            match (signature.len(), verifier.signature_bytes()) {
                (0, _) => "the signature is empty".to_owned(),
                (got, expected) if got != expected => {
                    format!("{}, expected {expected} for {algorithm}", count(got, "byte"))
                }
                _ if tried_in_vain > 1 => {
                    format!("not the {algorithm} signature of this token by any of the {tried_in_vain} keys that fit")
                }
                _ => format!("not the {algorithm} signature of this token by this key"),
            }
        });
    }
}
