//! The judgement: a policy turned into checks, all of them made, none forgotten because another failed.
//! The one place where claims become verified.

use super::algorithm::{self, AlgName, Algorithm};
use super::check::{Check, Checks, Fact, Status};
use super::claims::ClaimsSet;
use super::duration::{Duration, distance, relative};
use super::escape::Quoted;
use super::header::{JoseHeader, same_typ};
use super::json::{self, Value};
use super::jws::{self, Compact};
use super::key::ring::Choice;
use super::key::{Key, Purpose};
use super::kind::declared_types;
use super::numeric_date::NumericDate;
use super::policy::Policy;
use super::reason::{Expectation, Failure, KeyMismatch, Reason};
use super::token::Token;

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
        let mut checks = Checks::default();
        checks.fail("form", failure);
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
        self.checks.push(Check { name: name.to_owned(), status, reason, fact: detail.into(), unverified });
    }
}

/// Judges a token by the key chosen for it and a policy at an instant: every check is made, whatever the others say.
#[must_use]
pub fn judge<'a>(
    token: &'a Token<'_>,
    choice: &Choice<'_>,
    policy: &Policy,
    now: NumericDate,
) -> Judgement<'a> {
    let mut checks = Checks::default();
    if token.flaws.is_empty() {
        checks.pass("form", "three segments, strict Base64url and JSON");
    }
    for flaw in &token.flaws {
        checks.fail("form", flaw.clone());
    }
    let authentic = match (token.compact, &token.header) {
        (Compact::Jws { signature, text, .. }, Ok(header)) => {
            let algorithm = check_algorithm(&mut checks, header, choice, policy);
            let key = check_key(&mut checks, choice, algorithm, policy);
            check_crit(&mut checks, header);
            let obstacle = if algorithm.is_none() {
                Some("not checked: the algorithm is not allowed")
            } else if key.is_none() {
                Some("not checked: the key is not usable")
            } else if header.get("b64").is_some() {
                Some("not checked: what `b64` makes of the signing input is not understood")
            } else if json::first_duplicate(header.members()).is_some() {
                Some("not checked: the header can be read in two ways")
            } else if signature.decoded.is_err() {
                Some("not checked: it cannot be decoded")
            } else {
                None
            };
            match (obstacle, algorithm, key, &signature.decoded) {
                (None, Some(algorithm), Some(key), Ok(bytes)) => {
                    check_signature(&mut checks, text, bytes, key, algorithm)
                }
                (obstacle, ..) => {
                    checks.skip("signature", obstacle.unwrap_or_default());
                    false
                }
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
        check_required(&mut checks, claims, policy);
        check_times(&mut checks, claims, policy, now);
        check_parties(&mut checks, claims, policy);
        check_token_type(&mut checks, token, policy);
        check_named(&mut checks, claims, policy);
    }
    conclude(checks, authentic, claims.filter(|_| authentic).map(VerifiedClaims))
}

/// Draws the sum of all checks.
fn conclude(checks: Checks, authentic: bool, verified: Option<VerifiedClaims<'_>>) -> Judgement<'_> {
    let mut reasons: Vec<Reason> = checks.list.iter().filter_map(|check| check.reason.clone()).collect();
    reasons.sort();
    reasons.dedup();
    let verdict = if reasons.is_empty() {
        Verdict::Accepted
    } else if reasons.iter().any(Reason::is_malformed) {
        Verdict::Malformed
    } else {
        Verdict::Rejected
    };
    Judgement { verdict, reasons, warnings: checks.warnings, checks: checks.list, authentic, verified }
}

/// The algorithm, if the caller allows it and the key is of its type. The token has no say beyond naming it.
fn check_algorithm(
    checks: &mut Checks,
    header: &JoseHeader<'_>,
    choice: &Choice<'_>,
    policy: &Policy,
) -> Option<Algorithm> {
    let name = header.alg().ok()?;
    let fail = |reason, detail: String| Err(Failure::new(reason, detail));
    let asked = !policy.algorithms.is_empty();
    // A key that nothing works with is refused as such.
    let of_type = |known: Algorithm| match choice.key {
        Some(key) => key.kty() == known.kty() || key.algorithms().is_empty(),
        None => choice.fits_type,
    };
    let outcome = match AlgName::of(name) {
        AlgName::None => fail(Reason::AlgNone, format!("`{name}`: the token is not signed")),
        AlgName::Unknown => {
            fail(Reason::AlgUnsupported, format!("`{name}` is no algorithm that is known here"))
        }
        AlgName::Known(known) if asked && !policy.algorithms.contains(&known) => fail(
            Reason::AlgNotAllowed,
            format!("{known}, and only {} is allowed", algorithm::list(&policy.algorithms)),
        ),
        AlgName::Known(known) if !of_type(known) => {
            let kind = choice.key.map_or_else(|| "any key of the set".to_owned(), Key::kind);
            let reason = if asked { Reason::KeyMismatch(KeyMismatch::Kty) } else { Reason::AlgNotAllowed };
            fail(reason, format!("{known} does not work with {kind}"))
        }
        AlgName::Known(known) => Ok(known),
    };
    let allowed_by = if asked { "the caller" } else { "the key" };
    checks.check(
        "alg",
        outcome.clone().map(|known| {
            let by_key = choice.key.is_some_and(|key| key.algorithms().contains(&known));
            let text =
                if asked || by_key { format!("{known}, allowed by {allowed_by}") } else { known.to_string() };
            text.into()
        }),
    );
    outcome.ok()
}

/// The key, if it may be used at all, for this token and this algorithm.
fn check_key<'k>(
    checks: &mut Checks,
    choice: &Choice<'k>,
    algorithm: Option<Algorithm>,
    policy: &Policy,
) -> Option<&'k Key> {
    let failure = choice.key.and_then(Key::refusal).or_else(|| choice.failure.clone());
    let misfit = || choice.key?.misfit(algorithm?, Purpose::Verify);
    if let Some(failure) = failure.or_else(misfit) {
        checks.fail("key", failure);
        return None;
    }
    let Some(key) = choice.key else {
        checks.skip("key", "none was chosen: the algorithm is not known");
        return None;
    };
    match algorithm.and_then(|algorithm| key.weakness(algorithm)) {
        Some(weakness) if policy.strict => checks.fail("key", weakness),
        weakness => {
            checks.warnings.extend(weakness);
            let mut fact = format!("{}, {} bits, from {}", key.kind(), key.bits(), key.source);
            if let Some(how) = &choice.how {
                fact.push_str(", ");
                fact.push_str(how);
            }
            checks.pass("key", fact);
        }
    }
    Some(key)
}

fn check_crit(checks: &mut Checks, header: &JoseHeader<'_>) {
    for name in ["crit", "b64"] {
        if let Some(value) = header.get(name) {
            let detail = format!("`{name}` is {value}: no extension is understood, so none may be critical");
            checks.fail("crit", Failure::new(Reason::CritUnsupported, detail));
        }
    }
}

fn check_signature(
    checks: &mut Checks,
    text: &str,
    signature: &Vec<u8>,
    key: &Key,
    algorithm: Algorithm,
) -> bool {
    let holds =
        key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(jws::signing_input(text), signature));
    checks.check(
        "signature",
        if holds {
            Ok(format!("{algorithm} over the bytes received").into())
        } else {
            // An RSA signature is as long as the modulus.
            let (got, wanted) =
                (signature.len(), algorithm.signature_bytes().unwrap_or_else(|| key.bits().div_ceil(8)));
            let detail = match got {
                0 => "the signature is empty".to_owned(),
                got if got != wanted => format!("{got} bytes, and {algorithm} makes {wanted}"),
                _ => format!("not the {algorithm} of this token under this key"),
            };
            Err(Failure::new(Reason::BadSignature, detail))
        },
    );
    holds
}

fn check_typ(checks: &mut Checks, header: &JoseHeader<'_>, policy: &Policy) {
    let Some(typ_wanted) = &policy.typ else { return };
    let wanted = Quoted(typ_wanted);
    let outcome = match header.get("typ") {
        Some(Value::String(typ)) if same_typ(typ, typ_wanted) => Ok(Quoted(typ).to_string().into()),
        Some(other) => Err(Failure::new(Reason::WrongTyp, format!("{other}, and {wanted} was expected"))),
        None => {
            Err(Failure::new(Reason::WrongTyp, format!("the header has no `typ`, and {wanted} was expected")))
        }
    };
    checks.check("typ", outcome);
}

fn missing(name: &str) -> Failure {
    Failure::new(Reason::ClaimMissing(name.to_owned()), format!("the token has no `{name}`"))
}

fn check_required(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy) {
    for name in &policy.required {
        let outcome = if claims.has(name) { Ok("present".into()) } else { Err(missing(name)) };
        checks.check(&format!("require:{name}"), outcome);
    }
}

fn check_times(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy, now: NumericDate) {
    let leeway = policy.leeway;
    let allowance =
        if leeway == Duration::ZERO { String::new() } else { format!(", with {leeway} of leeway") };
    let ago = |date: NumericDate| now.seconds_since(date);
    let at = |sentence: String, date| Fact { sentence, date: Some(date) };
    let fail = |reason, fact: Fact| (Status::Failed, Some(reason), fact);
    let refuse = |failure: Failure| fail(failure.reason, failure.detail.into());

    let (status, reason, fact) = match claims.numeric_date("exp") {
        Err(failure) => refuse(failure),
        Ok(None) if policy.strict => refuse(missing("exp")),
        Ok(None) => (Status::Skipped, None, "absent: this token never expires".into()),
        Ok(Some(exp)) if policy.ignore_exp => {
            (Status::Skipped, None, at("not compared with the clock, as asked".to_owned(), exp))
        }
        Ok(Some(exp)) if now >= exp.plus(leeway) => {
            let when = if ago(exp) == 0 { "just now".to_owned() } else { relative(-ago(exp)) };
            fail(Reason::Expired, at(format!("expired {when}{allowance}"), exp))
        }
        Ok(Some(exp)) if now >= exp => {
            (Status::Passed, None, at(format!("expired {}, tolerated{allowance}", relative(-ago(exp))), exp))
        }
        Ok(Some(exp)) => {
            (Status::Passed, None, at(format!("expires {}", relative(exp.seconds_since(now))), exp))
        }
    };
    checks.add("exp", status, reason, fact);

    for (name, reason) in [("nbf", Reason::NotYetValid), ("iat", Reason::IssuedInFuture)] {
        let (status, reason, fact) = match claims.numeric_date(name) {
            Err(failure) => refuse(failure),
            Ok(None) => (Status::Skipped, None, "absent".into()),
            Ok(Some(date)) => {
                let ahead = date.seconds_since(now);
                let sentence = match (name, now < date) {
                    ("nbf", true) => format!("not valid for another {}", distance(ahead)),
                    ("nbf", false) if ahead == 0 => "valid from this second on".to_owned(),
                    ("nbf", false) => format!("valid since {}", distance(ahead)),
                    (_, true) => format!("issued {} in the future", distance(ahead)),
                    (_, false) => format!("issued {}", relative(ahead)),
                };
                if now < date.minus(leeway) {
                    fail(reason, at(format!("{sentence}{allowance}"), date))
                } else if now < date {
                    (Status::Passed, None, at(format!("{sentence}, tolerated{allowance}"), date))
                } else {
                    (Status::Passed, None, at(sentence, date))
                }
            }
        };
        checks.add(name, status, reason, fact);
    }

    if let Some(max_age) = policy.max_age {
        let (status, reason, fact) = match claims.numeric_date("iat") {
            // Said already.
            Err(_) => (Status::Skipped, None, "not checked: `iat` is no time".into()),
            Ok(None) => refuse(missing("iat")),
            Ok(Some(iat)) if now < iat => (Status::Skipped, None, "not checked: issued in the future".into()),
            Ok(Some(iat)) if iat.plus(max_age).plus(leeway) <= now => {
                let sentence =
                    format!("issued {}, and {max_age} are allowed{allowance}", relative(-ago(iat)));
                fail(Reason::TooOld, at(sentence, iat))
            }
            Ok(Some(iat)) => {
                (Status::Passed, None, at(format!("issued {}, within {max_age}", relative(-ago(iat))), iat))
            }
        };
        checks.add("max_age", status, reason, fact);
    }
}

/// `iss`, `aud`, `sub` and `jti`.
fn check_parties(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy) {
    let one = |text: &str| Quoted(text).to_string();
    let any = |wanted: &[String]| {
        let wanted: Vec<_> = wanted.iter().map(|text| one(text)).collect();
        format!("{} was expected", wanted.join(" or "))
    };

    for (name, wanted, reason) in [
        ("iss", policy.issuers.as_slice(), Reason::WrongIssuer),
        ("sub", policy.subject.as_slice(), Reason::WrongSubject),
        ("jti", policy.id.as_slice(), Reason::WrongId),
    ] {
        match claims.string(name) {
            Err(failure) => checks.fail(name, failure),
            Ok(None) if !wanted.is_empty() => checks.fail(name, missing(name)),
            Ok(None) if name == "iss" => checks.skip(name, "absent, and nobody asked"),
            Ok(None) => {}
            Ok(Some(text)) if wanted.iter().any(|wanted| wanted == text) => checks.pass(name, one(text)),
            Ok(Some(text)) if !wanted.is_empty() => {
                checks.fail(name, Failure::new(reason, format!("{}, and {}", one(text), any(wanted))));
            }
            Ok(Some(text)) if name == "iss" && policy.strict => {
                let detail = format!("{}, and nobody said whom to trust", one(text));
                checks.fail(name, Failure::new(reason, detail));
            }
            Ok(Some(text)) => checks.skip(name, format!("{}, not compared: nobody asked", one(text))),
        }
        if name == "iss" {
            check_audience(checks, claims, policy, &any(&policy.audiences));
        }
    }
}

fn check_audience(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy, expected: &str) {
    let received = claims.get("aud").map(ToString::to_string).unwrap_or_default();
    let wanted = &policy.audiences;
    match claims.audiences() {
        Err(failure) => checks.fail("aud", failure),
        Ok(None) if !wanted.is_empty() => checks.fail("aud", missing("aud")),
        Ok(None) => checks.skip("aud", "absent, and nobody asked"),
        Ok(Some(audiences)) if wanted.iter().any(|wanted| audiences.contains(&wanted.as_str())) => {
            checks.pass("aud", received);
        }
        Ok(Some(_)) if !wanted.is_empty() => {
            checks.fail("aud", Failure::new(Reason::WrongAudience, format!("{received}, and {expected}")));
        }
        Ok(Some(_)) if policy.strict => {
            let detail = format!("{received}, and nobody said who is asking");
            checks.fail("aud", Failure::new(Reason::WrongAudience, detail));
        }
        Ok(Some(_)) => checks.skip("aud", format!("{received}, not compared: nobody asked")),
    }
}

fn check_token_type(checks: &mut Checks, token: &Token<'_>, policy: &Policy) {
    let Some(wanted) = &policy.token_type else { return };
    let outcome = match declared_types(token) {
        Err(name) => Err(Failure::new(Reason::ClaimType(name.to_owned()), format!("`{name}` is no string"))),
        Ok(kinds) if kinds.is_empty() => Err(missing("token_type")),
        Ok(kinds) => match kinds.iter().find(|kind| *kind != wanted) {
            None => Ok(Quoted(wanted).to_string().into()),
            Some(kind) => {
                let detail = format!("{}, and {} was expected", Quoted(kind), Quoted(wanted));
                Err(Failure::new(Reason::WrongTokenType, detail))
            }
        },
    };
    checks.check("token_type", outcome);
}

fn check_named(checks: &mut Checks, claims: &ClaimsSet<'_>, policy: &Policy) {
    for (name, wanted) in &policy.claims {
        let outcome = match claims.locate(name) {
            None => Err(missing(name)),
            Some(value) if value.same(wanted) => Ok(value.to_string().into()),
            Some(value) => Err(Failure::new(
                Reason::WrongClaim(name.clone()),
                format!("{value}, and {wanted} was expected"),
            )),
        };
        checks.check(&format!("claim:{name}"), outcome);
    }
}
