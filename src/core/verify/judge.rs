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

    /// Reports whether the key binding JWT passed every check that was made.
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

#[cfg(test)]
mod tests {
    use super::super::Verifier;
    use super::*;
    use crate::core::key::Key;
    use crate::core::key::ring::KeyRing;
    use crate::core::key::secret::Secret;
    use crate::core::reason::ReasonCode;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::jws::SigningInput;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);
    const HEADER: &str = r#"{"alg":"HS256"}"#;

    fn key(byte: u8) -> Key {
        Key::hmac(Secret::new(vec![byte; 32]), None, format!("key {byte}"))
    }

    /// Returns a token that the first key signs.
    fn token(header: &str, payload: &str) -> String {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let signer = key(1).signer(Algorithm::Hs256).unwrap();
        let signature = signer.sign(SigningInput::new(&format!("{header}.{payload}"))).unwrap();
        format!("{header}.{payload}.{}", base64url::encode(&signature))
    }

    /// Returns the line of the check of the signature, and the verdict.
    fn signature(text: &str, ring: &KeyRing, payload: Option<&str>) -> (String, Verdict) {
        let policy = Policy { detached: payload.is_some(), ..Policy::default() };
        let verifier = Verifier::new(ring, &policy);
        let parsed = verifier.parse(text.as_bytes()).unwrap();
        let payload = payload.map(|it| DetachedPayload::held(parsed.compact(), it.as_bytes().to_vec()));
        let submitted = match &payload {
            Some(payload) => parsed.read_with(payload),
            None => parsed.read(),
        };
        let judgement = verifier.judge(&submitted, NOW).judgement;
        let checks = judgement.checks.iter().filter(|check| check.name == CheckName::Signature);
        let lines: Vec<_> =
            checks.map(|check| format!("{}: {}", check.status.name(), check.fact.sentence())).collect();
        (lines.join("\n"), judgement.verdict())
    }

    #[test]
    fn says_why_a_signature_is_not_valid() {
        let good = token(HEADER, "{}");
        let (input, mac) = good.rsplit_once('.').unwrap();
        let short = format!("{input}.{}", mac.get(..mac.len() - 3).unwrap());
        let collected = |keys: &[u8]| {
            KeyRing::collect(keys.iter().map(|byte| KeyRing::from(key(*byte))).collect()).unwrap()
        };
        for (text, ring, line, verdict) in [
            (&*good, KeyRing::from(key(1)), "passed: HS256 over the bytes received", Verdict::Accepted),
            (
                &good,
                KeyRing::from(key(2)),
                "failed: not the HS256 signature of this token by this key",
                Verdict::Rejected,
            ),
            (
                &format!("{input}."),
                KeyRing::from(key(1)),
                "failed: the signature is empty",
                Verdict::Rejected,
            ),
            (&short, KeyRing::from(key(1)), "failed: 30 bytes, expected 32 for HS256", Verdict::Rejected),
            (&good, collected(&[2, 1]), "passed: HS256 over the bytes received", Verdict::Accepted),
            (
                &good,
                collected(&[2]),
                "failed: not the HS256 signature of this token by this key",
                Verdict::Rejected,
            ),
            (
                &good,
                collected(&[2, 3]),
                "failed: not the HS256 signature of this token by any of the 2 keys that fit",
                Verdict::Rejected,
            ),
            (&short, collected(&[2, 3]), "failed: 30 bytes, expected 32 for HS256", Verdict::Rejected),
        ] {
            assert_eq!(signature(text, &ring, None), (line.to_owned(), verdict), "{text}");
        }
        let bad = format!("{input}.{}=", mac.get(..mac.len() - 1).unwrap());
        assert!(Verifier::new(&collected(&[1]), &Policy::default()).parse(bad.as_bytes()).is_err());
    }

    #[test]
    fn verifies_the_signature_over_a_payload_that_is_given() {
        let good = token(HEADER, "ab");
        let mut parts = good.split('.');
        let detached = format!("{}..{}", parts.next().unwrap(), parts.nth(1).unwrap());
        let ring = KeyRing::from(key(1));
        let passed = "passed: HS256 over the bytes received".to_owned();
        assert_eq!(signature(&detached, &ring, Some("ab")), (passed.clone(), Verdict::Accepted));
        let failed = "failed: not the HS256 signature of this token by this key".to_owned();
        assert_eq!(signature(&detached, &ring, Some("a")), (failed, Verdict::Rejected));
        let skipped = "skipped: not checked: the payload is detached".to_owned();
        assert_eq!(signature(&detached, &ring, None), (skipped, Verdict::Malformed));
        // A signature over no bytes is verified, and the payload is then no claims set.
        assert_eq!(signature(&token(HEADER, ""), &ring, None), (passed, Verdict::Malformed));
    }

    #[test]
    fn describes_the_form_with_the_length_of_the_payload() {
        for (payload, words) in [("", "0 bytes"), ("a", "1 byte"), ("ab", "2 bytes")] {
            let compact = Compact::parse(b"e30..AA", 100).unwrap();
            let payload = DetachedPayload::held(&compact, payload.as_bytes().to_vec());
            assert_eq!(bytes(&payload), words);
            let token = Token::parse_detached(None, &compact, &payload);
            let expected = format!("a header, a signature and a detached payload, {words}");
            assert_eq!(form(&token, None).sentence(), expected);
        }
        let text = token(HEADER, "{}");
        let compact = Compact::parse(text.as_bytes(), 1000).unwrap();
        let form = form(&Token::parse(&compact), None);
        assert_eq!(form.sentence(), "three segments, strict Base64url and JSON");
    }

    #[test]
    fn meets_only_what_happened() {
        let ring = KeyRing::from(key(1));
        let policy = Policy::default();
        let verifier = Verifier::new(&ring, &policy);
        let [accepted, rejected, malformed] =
            [token(HEADER, "{}"), token(HEADER, r#"{"exp":1}"#), token(HEADER, "[]")].map(|text| {
                let parsed = verifier.parse(text.as_bytes()).unwrap();
                let read = parsed.read();
                let judgement = verifier.judge(&read, NOW).judgement;
                let expectations = [
                    Expectation::Accepted,
                    Expectation::Rejected,
                    Expectation::Malformed,
                    Expectation::Reason(Reason::Expired),
                    Expectation::Family(ReasonCode::Expired),
                    Expectation::Family(ReasonCode::Malformed),
                ];
                let claims = [judgement.verified_claims().is_some(), judgement.accepted_claims().is_some()];
                let facts = [judgement.is_authentic(), judgement.only_time(), judgement.is_by_shared_key()];
                (expectations.map(|it| judgement.meets(&it)), claims, facts, judgement.is_bound())
            });
        assert_eq!(
            accepted,
            ([true, false, false, false, false, false], [true, true], [true, false, false], false)
        );
        assert_eq!(
            rejected,
            ([false, true, false, true, true, false], [true, false], [true, true, false], false)
        );
        assert_eq!(
            malformed,
            ([false, false, true, false, false, true], [false, false], [true, false, false], false)
        );
    }

    #[test]
    fn adds_checks_from_outside() {
        for (text, unverified) in [(token(HEADER, "{}"), false), (format!("{}A", token(HEADER, "{}")), true)]
        {
            let (ring, policy) = (KeyRing::from(key(1)), Policy::default());
            let verifier = Verifier::new(&ring, &policy);
            let parsed =
                verifier.parse(&text.as_bytes()[..text.len() - usize::from(unverified) * 4]).unwrap();
            let read = parsed.read();
            let mut judgement = verifier.judge(&read, NOW).judgement;
            let before = judgement.checks.len();
            let verdict = if unverified { Verdict::Rejected } else { Verdict::Accepted };
            assert_eq!(judgement.verdict(), verdict);
            judgement.pass(CheckName::Store, "not revoked");
            judgement.skip(CheckName::Store, "not asked");
            assert_eq!(judgement.verdict(), verdict);
            judgement.reject(CheckName::Store, Failure::new(Reason::Revoked, "revoked"));
            judgement.reject(CheckName::Store, Failure::new(Reason::Revoked, "revoked"));
            assert_eq!(judgement.verdict(), Verdict::Rejected);
            assert_eq!(judgement.reasons.iter().filter(|it| **it == Reason::Revoked).count(), 1);
            let added: Vec<_> = judgement.checks[before..]
                .iter()
                .map(|check| (check.status, check.fact.sentence().into_owned(), check.unverified))
                .collect();
            let line = |status, text: &str| (status, text.to_owned(), unverified);
            assert_eq!(
                added,
                [
                    line(Status::Passed, "not revoked"),
                    line(Status::Skipped, "not asked"),
                    line(Status::Failed, "revoked"),
                    line(Status::Failed, "revoked"),
                ]
            );
        }
    }

    #[test]
    fn draws_the_judgement_on_a_document_from_its_signatures() {
        let warning = |text: &str| Failure::new(Reason::Revoked, text);
        let judgement = |reasons: &[Reason], warnings: &[&str], authentic| {
            let mut checks = Checks::new(Detail::Full);
            checks.pass(CheckName::Signature, || "x");
            checks.pass(CheckName::Exp, || "x");
            checks.reasons = reasons.to_vec();
            checks.warnings = warnings.iter().map(|text| warning(text)).collect();
            conclude(checks, authentic, None)
        };
        let one = judgement(&[Reason::Expired], &["a", "b"], true);
        let two = judgement(&[Reason::Expired, Reason::AlgNone], &["b", "c"], true);
        let both = Judgement::of_document(&[&one, &two], &one);
        assert_eq!(both.warnings, ["a", "b", "c"].map(warning));
        assert_eq!(both.reasons.len(), 2);
        assert!(both.is_authentic());
        assert_eq!(both.checks.iter().map(|check| check.name.clone()).collect::<Vec<_>>(), [CheckName::Exp]);
        let three = judgement(&[], &[], false);
        assert!(!Judgement::of_document(&[&one, &three], &one).is_authentic());
        assert_eq!(Judgement::of_document(&[&three], &three).verdict(), Verdict::Accepted);
    }

    #[test]
    fn says_nothing_about_claims_behind_an_extension() {
        let (ring, policy) = (KeyRing::from(key(1)), Policy::default());
        let verifier = Verifier::new(&ring, &policy);
        let names = |header: &str| {
            let text = token(header, r#"{"exp":1}"#);
            let parsed = verifier.parse(text.as_bytes()).unwrap();
            let read = parsed.read();
            let judgement = verifier.judge(&read, NOW).judgement;
            let exp = judgement.checks.iter().any(|check| check.name == CheckName::Exp);
            (exp, judgement.reasons)
        };
        assert_eq!(names(HEADER), (true, vec![Reason::Expired]));
        assert_eq!(names(r#"{"alg":"HS256","crit":["x"]}"#), (false, vec![Reason::CritUnsupported]));
    }

    #[test]
    fn counts_the_keys_that_were_tried_only_if_there_are_several() {
        let mut named = key(3);
        named.kid = Some("b".to_owned());
        let ring = KeyRing::collect([key(2), named].map(KeyRing::from).to_vec()).unwrap();
        // The token names neither key. Only the key without a name may be meant.
        let text = token(r#"{"alg":"HS256","kid":"c"}"#, "{}");
        let line = "failed: not the HS256 signature of this token by this key";
        assert_eq!(signature(&text, &ring, None), (line.to_owned(), Verdict::Rejected));
    }
}
