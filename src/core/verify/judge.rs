//! The judgement: a policy turned into checks, all of them made, none forgotten because another failed.
//! The one place where claims become verified.

use super::check::{Check, Checks, Detail, Fact, Status};
use super::policy::Policy;
use crate::core::json::Value;
use crate::core::reason::{Expectation, Failure, Reason};
use crate::core::text::duration::{Duration, distance, relative};
use crate::core::text::escape::Quoted;
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, RegisteredClaims, audiences, numeric_date, string};
use crate::core::token::header::{JoseHeader, same_typ};
use crate::core::token::jws::{self, Compact};
use crate::core::token::kind::declared_types;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::header_checks::{HeaderChecks, Prepared};

/// The outcome of all checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check passed.
    Accepted,
    /// Some check failed.
    Rejected,
    /// There was nothing to judge.
    Malformed,
}

impl Verdict {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Malformed => "malformed",
        }
    }
}

/// Claims under a signature that held. Only [`judge`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct VerifiedClaims<'a>(&'a ClaimsSet<'a>);

impl<'a> VerifiedClaims<'a> {
    /// The claims themselves.
    #[must_use]
    pub const fn get(self) -> &'a ClaimsSet<'a> {
        self.0
    }
}

/// All that was found.
#[derive(Clone, Debug)]
pub struct Judgement<'a> {
    /// The outcome.
    verdict: Verdict,
    /// Every reason, once, in the order of [`Reason`].
    pub reasons: Vec<Reason>,
    /// What did not fail but should be known.
    pub warnings: Vec<Failure>,
    /// Every check, in the order they were made.
    pub checks: Vec<Check>,
    /// Whether the signature held.
    authentic: bool,
    verified: Option<VerifiedClaims<'a>>,
}

impl<'a> Judgement<'a> {
    /// The judgement on text that could not even be taken apart.
    #[must_use]
    pub fn unreadable(failure: Failure) -> Self {
        let mut checks = Checks::new(Detail::Full);
        checks.refuse("form", failure);
        conclude(checks, false, None)
    }

    /// The outcome.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// The claims, if the signature held, whatever else was found against the token.
    #[must_use]
    pub const fn verified_claims(&self) -> Option<VerifiedClaims<'a>> {
        self.verified
    }

    /// Whether the signature held.
    #[must_use]
    pub const fn is_authentic(&self) -> bool {
        self.authentic
    }

    /// The claims, if nothing at all was found against the token.
    #[must_use]
    pub fn accepted_claims(&self) -> Option<VerifiedClaims<'a>> {
        self.verified.filter(|_| self.verdict == Verdict::Accepted)
    }

    /// Whether it is rejected, and only the clock is at fault.
    #[must_use]
    pub fn only_time(&self) -> bool {
        self.verdict == Verdict::Rejected && self.reasons.iter().all(Reason::is_time)
    }

    /// Whether the outcome is the one expected.
    #[must_use]
    pub fn meets(&self, expectation: &Expectation) -> bool {
        match expectation {
            Expectation::Accepted => self.verdict == Verdict::Accepted,
            Expectation::Rejected => self.verdict == Verdict::Rejected,
            Expectation::Malformed => self.verdict == Verdict::Malformed,
            Expectation::Reason(reason) => self.reasons.contains(reason),
            Expectation::Family(family) => self.reasons.iter().any(|reason| reason.family() == *family),
        }
    }

    /// Adds a failed check, found by somebody who knows more than the policy does.
    pub fn reject(&mut self, name: &str, failure: Failure) {
        if self.verdict == Verdict::Accepted {
            self.verdict = Verdict::Rejected;
        }
        self.reasons.push(failure.reason.clone());
        self.reasons.sort();
        self.reasons.dedup();
        self.add(name, Status::Failed, Some(failure.reason), failure.detail);
    }

    /// Adds a check that passed, made by somebody who knows more than the policy does.
    pub fn pass(&mut self, name: &str, detail: impl Into<String>) {
        self.add(name, Status::Passed, None, detail.into());
    }

    /// Adds a check that was not made, and why not.
    pub fn skip(&mut self, name: &str, detail: impl Into<String>) {
        self.add(name, Status::Skipped, None, detail.into());
    }

    fn add(&mut self, name: &str, status: Status, reason: Option<Reason>, detail: String) {
        let unverified = !self.authentic;
        self.checks.push(Check {
            name: name.to_owned().into(),
            status,
            reason,
            fact: detail.into(),
            unverified,
        });
    }
}

/// Judges a token by what its header and the key chosen for it allow and by a policy, at an instant: every check is made,
/// whatever the others say. The gate is that of the token's header; there is none where there is nothing to verify.
#[must_use]
pub fn judge<'a>(
    token: &'a Token<'_>,
    gate: Option<&HeaderChecks<'_>>,
    policy: &Policy,
    now: NumericDate,
    telling: Detail,
) -> Judgement<'a> {
    let mut checks = Checks::new(telling);
    if token.flaws.is_empty() {
        checks.pass("form", || "three segments, strict Base64url and JSON");
    }
    for flaw in &token.flaws {
        checks.refuse("form", flaw.clone());
    }
    let authentic = match (token.compact, gate) {
        (Compact::Jws { signature, text, .. }, Some(gate)) => {
            gate.tell(&mut checks);
            match (gate.verifier(), &signature.decoded) {
                (Err(obstacle), _) => {
                    checks.skip("signature", || obstacle);
                    false
                }
                (Ok(_), Err(_)) => {
                    checks.skip("signature", || "not checked: it cannot be decoded");
                    false
                }
                (Ok(verifier), Ok(bytes)) => check_signature(&mut checks, text, bytes, verifier),
            }
        }
        _ => false,
    };
    checks.unverified = !authentic;
    if let Ok(header) = &token.header {
        check_typ(&mut checks, header, policy);
    }
    let claims = token.unverified_claims();
    if let Some(claims) = claims {
        let registered = claims.registered();
        check_required(&mut checks, claims, policy);
        check_times(&mut checks, &registered, policy, now);
        check_parties(&mut checks, &registered, policy);
        check_token_type(&mut checks, token, policy);
        check_named(&mut checks, claims, policy);
    }
    conclude(checks, authentic, claims.filter(|_| authentic).map(VerifiedClaims))
}

/// Draws the sum of all checks.
fn conclude(checks: Checks, authentic: bool, verified: Option<VerifiedClaims<'_>>) -> Judgement<'_> {
    let Checks { mut reasons, warnings, list: checks, .. } = checks;
    reasons.sort();
    reasons.dedup();
    let verdict = if reasons.is_empty() {
        Verdict::Accepted
    } else if reasons.iter().any(Reason::is_malformed) {
        Verdict::Malformed
    } else {
        Verdict::Rejected
    };
    Judgement { verdict, reasons, warnings, checks, authentic, verified }
}

fn check_signature(checks: &mut Checks, text: &str, signature: &[u8], verifier: &Prepared<'_>) -> bool {
    let algorithm = verifier.algorithm;
    let holds = verifier.verifies(jws::signing_input(text), signature);
    if holds {
        checks.pass("signature", || format!("{algorithm} over the bytes received"));
    } else {
        checks.fail("signature", Reason::BadSignature, || {
            match (signature.len(), verifier.signature_bytes()) {
                (0, _) => "the signature is empty".to_owned(),
                (got, wanted) if got != wanted => format!("{got} bytes, and {algorithm} makes {wanted}"),
                _ => format!("not the {algorithm} of this token under this key"),
            }
        });
    }
    holds
}

fn check_typ(checks: &mut Checks, header: &JoseHeader<'_>, policy: &Policy) {
    let Some(wanted) = &policy.typ else { return };
    let was_expected = || format!("{} was expected", Quoted(wanted));
    match header.get("typ") {
        Some(Value::String(typ)) if same_typ(typ, wanted) => {
            checks.pass("typ", || Quoted(typ).to_string());
        }
        Some(other) => {
            checks.fail("typ", Reason::WrongTyp, || format!("{other}, and {}", was_expected()));
        }
        None => checks
            .fail("typ", Reason::WrongTyp, || format!("the header has no `typ`, and {}", was_expected())),
    }
}

fn missing(name: &str) -> Failure {
    Failure::new(Reason::ClaimMissing(name.to_owned()), format!("the token has no `{name}`"))
}

fn check_required(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy) {
    for name in &policy.required {
        let check = checks.name("require", name);
        if claims.has(name) {
            checks.pass(check, || "present");
        } else {
            checks.refuse(check, missing(name));
        }
    }
}

fn check_times(checks: &mut Checks, claims: &RegisteredClaims<'_, '_>, policy: &Policy, now: NumericDate) {
    let leeway = policy.leeway;
    let allowance =
        || if leeway == Duration::ZERO { String::new() } else { format!(", with {leeway} of leeway") };
    let ago = |date: NumericDate| now.seconds_since(date);
    let at = |sentence: String, date| Fact { sentence: sentence.into(), date: Some(date) };

    match numeric_date("exp", claims.exp) {
        Err(failure) => checks.refuse("exp", failure),
        Ok(None) if policy.strict => checks.refuse("exp", missing("exp")),
        Ok(None) => checks.skip("exp", || "absent: this token never expires"),
        Ok(Some(exp)) if policy.ignore_exp => {
            checks.skip("exp", || at("not compared with the clock, as asked".to_owned(), exp));
        }
        Ok(Some(exp)) if now >= exp.plus(leeway) => checks.fail("exp", Reason::Expired, || {
            let when = if ago(exp) == 0 { "just now".to_owned() } else { relative(-ago(exp)) };
            at(format!("expired {when}{}", allowance()), exp)
        }),
        Ok(Some(exp)) if now >= exp => checks
            .pass("exp", || at(format!("expired {}, tolerated{}", relative(-ago(exp)), allowance()), exp)),
        Ok(Some(exp)) => {
            checks.pass("exp", || at(format!("expires {}", relative(exp.seconds_since(now))), exp));
        }
    }

    for (name, claim, reason) in
        [("nbf", claims.nbf, Reason::NotYetValid), ("iat", claims.iat, Reason::IssuedInFuture)]
    {
        let date = match numeric_date(name, claim) {
            Err(failure) => {
                checks.refuse(name, failure);
                continue;
            }
            Ok(None) => {
                checks.skip(name, || "absent");
                continue;
            }
            Ok(Some(date)) => date,
        };
        let sentence = || {
            let ahead = date.seconds_since(now);
            match (name, now < date) {
                ("nbf", true) => format!("not valid for another {}", distance(ahead)),
                ("nbf", false) if ahead == 0 => "valid from this second on".to_owned(),
                ("nbf", false) => format!("valid since {}", distance(ahead)),
                (_, true) => format!("issued {} in the future", distance(ahead)),
                (_, false) => format!("issued {}", relative(ahead)),
            }
        };
        if now < date.minus(leeway) {
            checks.fail(name, reason, || at(format!("{}{}", sentence(), allowance()), date));
        } else if now < date {
            checks.pass(name, || at(format!("{}, tolerated{}", sentence(), allowance()), date));
        } else {
            checks.pass(name, || at(sentence(), date));
        }
    }

    let Some(max_age) = policy.max_age else { return };
    match numeric_date("iat", claims.iat) {
        // Said already.
        Err(_) => checks.skip("max_age", || "not checked: `iat` is no time"),
        Ok(None) => checks.refuse("max_age", missing("iat")),
        Ok(Some(iat)) if now < iat => checks.skip("max_age", || "not checked: issued in the future"),
        Ok(Some(iat)) if iat.plus(max_age).plus(leeway) <= now => {
            checks.fail("max_age", Reason::TooOld, || {
                let when = relative(-ago(iat));
                at(format!("issued {when}, and {max_age} are allowed{}", allowance()), iat)
            });
        }
        Ok(Some(iat)) => {
            checks.pass("max_age", || at(format!("issued {}, within {max_age}", relative(-ago(iat))), iat));
        }
    }
}

/// What was expected, any of it.
fn expected(wanted: &[String]) -> String {
    let wanted: Vec<_> = wanted.iter().map(|text| Quoted(text).to_string()).collect();
    format!("{} was expected", wanted.join(" or "))
}

/// `iss`, `aud`, `sub` and `jti`.
fn check_parties(checks: &mut Checks, claims: &RegisteredClaims<'_, '_>, policy: &Policy) {
    for (name, claim, wanted, reason) in [
        ("iss", claims.iss, policy.issuers.as_slice(), Reason::WrongIssuer),
        ("sub", claims.sub, policy.subject.as_slice(), Reason::WrongSubject),
        ("jti", claims.jti, policy.id.as_slice(), Reason::WrongId),
    ] {
        match string(name, claim) {
            Err(failure) => checks.refuse(name, failure),
            Ok(None) if !wanted.is_empty() => checks.refuse(name, missing(name)),
            Ok(None) if name == "iss" => checks.skip(name, || "absent, and nobody asked"),
            Ok(None) => {}
            Ok(Some(text)) if wanted.iter().any(|wanted| wanted == text) => {
                checks.pass(name, || Quoted(text).to_string());
            }
            Ok(Some(text)) if !wanted.is_empty() => {
                checks.fail(name, reason, || format!("{}, and {}", Quoted(text), expected(wanted)));
            }
            Ok(Some(text)) if name == "iss" && policy.strict => {
                checks.fail(name, reason, || format!("{}, and nobody said whom to trust", Quoted(text)));
            }
            Ok(Some(text)) => {
                checks.skip(name, || format!("{}, not compared: nobody asked", Quoted(text)));
            }
        }
        if name == "iss" {
            check_audience(checks, claims, policy);
        }
    }
}

fn check_audience(checks: &mut Checks, claims: &RegisteredClaims<'_, '_>, policy: &Policy) {
    let received = || claims.aud.map(ToString::to_string).unwrap_or_default();
    let wanted = &policy.audiences;
    let audiences = match audiences(claims.aud) {
        Err(failure) => return checks.refuse("aud", failure),
        Ok(None) if !wanted.is_empty() => return checks.refuse("aud", missing("aud")),
        Ok(None) => return checks.skip("aud", || "absent, and nobody asked"),
        Ok(Some(audiences)) => audiences,
    };
    if wanted.iter().any(|wanted| audiences.contains(wanted)) {
        checks.pass("aud", received);
    } else if !wanted.is_empty() {
        checks.fail("aud", Reason::WrongAudience, || format!("{}, and {}", received(), expected(wanted)));
    } else if policy.strict {
        checks
            .fail("aud", Reason::WrongAudience, || format!("{}, and nobody said who is asking", received()));
    } else {
        checks.skip("aud", || format!("{}, not compared: nobody asked", received()));
    }
}

fn check_token_type(checks: &mut Checks, token: &Token<'_>, policy: &Policy) {
    let Some(wanted) = &policy.token_type else { return };
    match declared_types(token) {
        Err(name) => {
            checks.fail("token_type", Reason::ClaimType(name.to_owned()), || format!("`{name}` is no string"))
        }
        Ok(kinds) if kinds.is_empty() => checks.refuse("token_type", missing("token_type")),
        Ok(kinds) => match kinds.iter().find(|kind| *kind != wanted) {
            None => checks.pass("token_type", || Quoted(wanted).to_string()),
            Some(kind) => checks.fail("token_type", Reason::WrongTokenType, || {
                format!("{}, and {} was expected", Quoted(kind), Quoted(wanted))
            }),
        },
    }
}

fn check_named(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy) {
    for (name, wanted) in &policy.claims {
        let check = checks.name("claim", name);
        match claims.locate(name) {
            None => checks.refuse(check, missing(name)),
            Some(value) if value.same(wanted) => checks.pass(check, || value.to_string()),
            Some(value) => checks.fail(check, Reason::WrongClaim(name.clone()), || {
                format!("{value}, and {wanted} was expected")
            }),
        }
    }
}
