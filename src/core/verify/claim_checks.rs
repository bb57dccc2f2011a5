//! The checks of claims, and of the header's `typ`: presence, types, times, parties and values. They need no key.
//! Each looks at claims that the signature may not cover; the verdict is drawn in `judge`.

use super::check::{Check, Checks, Detail};
use super::fact::Fact;
use super::mark_check::check_refresh_mark;
use super::policy::Policy;
use crate::core::json::Value;
use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::text::duration::{Duration, distance, relative};
use crate::core::text::escape::{text_excerpt, value_excerpt};
use crate::core::token::Token;
use crate::core::token::claims::{
    ClaimsSet, Payload, RegisteredClaims, audiences, not_a_string, not_a_time, text, time,
};
use crate::core::token::header::{JoseHeader, same_typ};
use crate::core::token::kind::declared_types;
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::plain_claims::PlainClaims;

/// Makes every check of claims.
pub(super) fn check_claims<'a>(
    checks: &mut Checks<'a>,
    token: &Token<'_>,
    claims: &'a ClaimsSet<'_>,
    policy: &Policy,
    now: NumericDate,
) {
    let registered = claims.registered();
    check_required(checks, claims, policy);
    check_listed(checks, &registered, claims.other_times(), policy, now);
    check_token_type(checks, token, policy);
    check_refresh_mark(checks, token, policy);
    check_named(checks, claims, policy);
}

/// Makes the checks of the claims that every verification looks at. `others` are the times of OpenID Connect.
#[inline(always)]
fn check_listed<'a: 'c, 'c>(
    checks: &mut Checks<'a>,
    registered: &RegisteredClaims<'a, '_>,
    others: impl Iterator<Item = (&'static str, &'c Value<'c>)>,
    policy: &Policy,
    now: NumericDate,
) {
    check_times(checks, registered, &RegisteredTimes::parse(registered), policy, now);
    for (name, value) in others {
        check_plausible(checks, CheckName::claim(name), time(Some(value)), Some(value), policy);
    }
    check_parties(checks, registered, policy);
}

/// Makes the checks of claims for a policy that [looks at the listed claims alone](Policy::looks_at_listed_claims_alone). Returns
/// `None` if one of them finds anything, be it a failure or a warning.
#[inline]
pub(super) fn checks_without_findings<'a>(
    claims: &'a PlainClaims<'_>,
    policy: &Policy,
    now: NumericDate,
    detail: Detail,
) -> Option<Vec<Check<'a>>> {
    let mut checks = Checks::of_claims(detail);
    check_listed(&mut checks, &claims.registered(), claims.other_times(), policy, now);
    (checks.reasons.is_empty() && checks.warnings.is_empty()).then_some(checks.list)
}

/// Makes the checks of a detached payload that is not a claims set. Each claim that the policy demands is missing.
pub(super) fn check_without_claims(
    checks: &mut Checks<'_>,
    token: &Token<'_>,
    policy: &Policy,
    now: NumericDate,
) {
    checks.skip(CheckName::Claims, || match token.payload.as_ref().and_then(Payload::flaw) {
        Some(flaw) => format!("no claims were judged: {}", flaw.detail),
        None => "no claims were judged: the payload is larger than --max-size".to_owned(),
    });
    let no_claims = ClaimsSet::default();
    let mut demanded = checks.empty();
    check_claims(&mut demanded, token, &no_claims, policy, now);
    checks.append_failed(demanded);
}

/// Compares the header's `typ` with the expected media type.
pub(super) fn check_typ(checks: &mut Checks<'_>, header: &JoseHeader<'_>, policy: &Policy) {
    let Some(expected) = &policy.typ else { return };
    match header.get("typ") {
        Some(Value::String(typ)) if same_typ(typ, expected) => {
            checks.pass(CheckName::Typ, || text_excerpt(typ));
        }
        Some(other) => {
            checks.fail(CheckName::Typ, Reason::WrongTyp, || {
                format!("{}, expected {}", value_excerpt(other), text_excerpt(expected))
            });
        }
        None => checks.fail(CheckName::Typ, Reason::WrongTyp, || {
            format!("the header has no `typ`, expected {}", text_excerpt(expected))
        }),
    }
}

fn check_required(checks: &mut Checks<'_>, claims: &ClaimsSet<'_>, policy: &Policy) {
    for name in &policy.required {
        let check = CheckName::require(name);
        if claims.has(name) {
            checks.pass(check, || "present");
        } else {
            checks.reject_missing(check, name);
        }
    }
}

/// Returns a fact with its date.
fn dated(sentence: String, date: NumericDate) -> Fact<'static> {
    Fact::Dated(sentence.into(), date)
}

/// Returns a fact with its date, and the distance of the date from now.
fn distant(verb: &'static str, date: NumericDate, now: NumericDate) -> Fact<'static> {
    Fact::Distant(verb, date.distance_from(now), date)
}

/// Describes the leeway that was not enough; nothing if there was none.
fn despite(leeway: Duration) -> String {
    if leeway == Duration::ZERO { String::new() } else { format!(", despite {leeway} of leeway") }
}

/// A claim that must be a time, if it is present. The error is a value of another type.
type ParsedTime<'c> = Result<Option<NumericDate>, &'c Value<'c>>;

/// The registered claims that are times. Each is parsed once, for all its checks.
struct RegisteredTimes<'c> {
    exp: ParsedTime<'c>,
    nbf: ParsedTime<'c>,
    iat: ParsedTime<'c>,
}

impl<'c> RegisteredTimes<'c> {
    fn parse(claims: &RegisteredClaims<'c, '_>) -> Self {
        Self { exp: time(claims.exp), nbf: time(claims.nbf), iat: time(claims.iat) }
    }
}

fn check_times(
    checks: &mut Checks<'_>,
    claims: &RegisteredClaims<'_, '_>,
    times: &RegisteredTimes<'_>,
    policy: &Policy,
    now: NumericDate,
) {
    check_exp(checks, times.exp, policy, now);
    check_begin(checks, CheckName::Nbf, times.nbf, policy, now);
    check_begin(checks, CheckName::Iat, times.iat, policy, now);
    check_age(checks, times.iat, policy, now);
    check_plausible(checks, CheckName::Exp, times.exp, claims.exp, policy);
    check_plausible(checks, CheckName::Nbf, times.nbf, claims.nbf, policy);
    check_plausible(checks, CheckName::Iat, times.iat, claims.iat, policy);
}

fn check_exp(checks: &mut Checks<'_>, exp: ParsedTime<'_>, policy: &Policy, now: NumericDate) {
    let leeway = policy.leeway;
    let expired = |exp: NumericDate| match exp.seconds_since(now) {
        0 => "expired just now".to_owned(),
        _ => format!("expired {}", exp.relative_to(now)),
    };
    match exp {
        Err(value) => checks.reject(CheckName::Exp, not_a_time("exp", value)),
        Ok(None) if policy.strict => checks.reject_missing(CheckName::Exp, "exp"),
        Ok(None) => checks.skip(CheckName::Exp, || "absent: this token never expires"),
        Ok(Some(exp)) if policy.ignore_exp => {
            checks.skip(CheckName::Exp, || dated("not checked: --ignore-exp was given".to_owned(), exp));
        }
        Ok(Some(exp)) if now >= exp.plus(leeway) => {
            checks.fail(CheckName::Exp, Reason::Expired, || {
                dated(format!("{}{}", expired(exp), despite(leeway)), exp)
            });
        }
        Ok(Some(exp)) if now >= exp => {
            checks
                .pass(CheckName::Exp, || dated(format!("{}, within {leeway} of leeway", expired(exp)), exp));
        }
        Ok(Some(exp)) => checks.pass(CheckName::Exp, || distant("expires", exp, now)),
    }
}

/// Checks that the time of `nbf` or `iat` is not in the future.
#[inline(always)]
fn check_begin(
    checks: &mut Checks<'_>,
    check: CheckName<'static>,
    claim: ParsedTime<'_>,
    policy: &Policy,
    now: NumericDate,
) {
    let leeway = policy.leeway;
    let is_nbf = matches!(check, CheckName::Nbf);
    let date = match claim {
        Err(value) => {
            let failure = not_a_time(check.prefix(), value);
            return checks.reject(check, failure);
        }
        Ok(None) => return checks.skip(check, || "absent"),
        Ok(Some(date)) => date,
    };
    let sentence = || {
        let ahead = date.seconds_since(now);
        match (is_nbf, now < date) {
            (true, true) => format!("not valid for another {}", distance(ahead)),
            (true, false) if ahead == 0 => "became valid just now".to_owned(),
            (true, false) => format!("became valid {}", date.relative_to(now)),
            (false, true) => format!("issued {} in the future", distance(ahead)),
            (false, false) => format!("issued {}", date.relative_to(now)),
        }
    };
    if now < date.minus(leeway) {
        let reason = if is_nbf { Reason::NotYetValid } else { Reason::IssuedInFuture };
        checks.fail(check, reason, || dated(format!("{}{}", sentence(), despite(leeway)), date));
    } else if now < date {
        checks.pass(check, || dated(format!("{}, within {leeway} of leeway", sentence()), date));
    } else if is_nbf && date.seconds_since(now) == 0 {
        checks.pass(check, || dated(sentence(), date));
    } else {
        checks.pass(check, || distant(if is_nbf { "became valid" } else { "issued" }, date, now));
    }
}

/// Warns of a time outside the calendar, or one of which a double loses digits. A strict policy rejects it.
#[inline(always)]
fn check_plausible(
    checks: &mut Checks<'_>,
    check: CheckName<'static>,
    claim: ParsedTime<'_>,
    value: Option<&Value<'_>>,
    policy: &Policy,
) {
    if let (Ok(Some(date)), Some(Value::Number(digits))) = (claim, value)
        && let Some(words) = date.implausibility(digits)
    {
        add_implausible(checks, check, date, words, policy);
    }
}

/// Adds what is wrong with an implausible time. Most of them count milliseconds.
#[cold]
fn add_implausible(
    checks: &mut Checks<'_>,
    check: CheckName<'static>,
    date: NumericDate,
    words: &str,
    policy: &Policy,
) {
    let name = match &check {
        CheckName::Claim(name) => name.clone().into_owned(),
        check => check.prefix().to_owned(),
    };
    let detail = match date.mistaken_unit().filter(|_| date.is_after_calendar()) {
        Some((unit, _)) => format!("`{name}` looks like {unit}: in seconds it is after the year 9999"),
        None => format!("`{name}` {words}"),
    };
    let failure = Failure::new(Reason::ImplausibleTime(name), detail);
    if policy.strict {
        checks.reject(check, failure);
    } else {
        checks.warnings.push(failure);
    }
}

fn check_age(checks: &mut Checks<'_>, iat: ParsedTime<'_>, policy: &Policy, now: NumericDate) {
    let leeway = policy.leeway;
    let Some(max_age) = policy.max_age else { return };
    let issued = |iat: NumericDate| format!("issued {}", relative(iat.seconds_since(now)));
    match iat {
        // The `iat` check reports this failure.
        Err(_) => checks.skip(CheckName::MaxAge, || "not checked: `iat` is not a time"),
        Ok(None) => checks.reject_missing(CheckName::MaxAge, "iat"),
        Ok(Some(iat)) if now < iat => {
            checks.skip(CheckName::MaxAge, || "not checked: issued in the future");
        }
        Ok(Some(iat)) if iat.plus(max_age).plus(leeway) <= now => {
            checks.fail(CheckName::MaxAge, Reason::TooOld, || {
                dated(format!("{}, but the maximum age is {max_age}{}", issued(iat), despite(leeway)), iat)
            });
        }
        Ok(Some(iat)) => checks.pass(CheckName::MaxAge, || {
            dated(format!("{}, within the maximum age of {max_age}", issued(iat)), iat)
        }),
    }
}

/// Joins the expected values.
fn any_of(expected: &[String]) -> String {
    let expected: Vec<_> = expected.iter().map(|text| text_excerpt(text)).collect();
    expected.join(" or ")
}

/// Checks `iss`, `aud`, `sub` and `jti`.
fn check_parties<'a>(checks: &mut Checks<'a>, claims: &RegisteredClaims<'a, '_>, policy: &Policy) {
    check_party(checks, CheckName::Iss, claims.iss, &policy.issuers, policy);
    check_audience(checks, claims, policy);
    check_party(checks, CheckName::Sub, claims.sub, policy.subject.as_slice(), policy);
    check_party(checks, CheckName::Jti, claims.jti, policy.id.as_slice(), policy);
}

/// Compares a claim that names one party, or the token, with the expected values.
#[inline(always)]
fn check_party<'a>(
    checks: &mut Checks<'a>,
    check: CheckName<'static>,
    claim: Option<&'a Value<'_>>,
    expected: &[String],
    policy: &Policy,
) {
    let is_issuer = matches!(check, CheckName::Iss);
    match text(claim) {
        Err(value) => {
            let failure = not_a_string(check.prefix(), value);
            checks.reject(check, failure);
        }
        Ok(None) if !expected.is_empty() => {
            let name = check.prefix();
            checks.reject_missing(check, name);
        }
        Ok(None) if is_issuer => checks.skip(check, || "absent, not required"),
        Ok(None) => {}
        Ok(Some(text)) if expected.iter().any(|expected| expected == text) => {
            checks.pass(check, || Fact::Text { text, unchecked: None });
        }
        Ok(Some(text)) if !expected.is_empty() => {
            let reason = wrong_party(&check);
            checks.fail(check, reason, || format!("{}, expected {}", text_excerpt(text), any_of(expected)));
        }
        Ok(Some(text)) if is_issuer && policy.strict => {
            checks.fail(check, Reason::WrongIssuer, || {
                format!("{}, but --strict requires --iss", text_excerpt(text))
            });
        }
        Ok(Some(text)) => {
            let name = check.prefix();
            checks.skip(check, || Fact::Text { text, unchecked: Some(name) });
        }
    }
}

/// Returns the reason for which the check of a party fails.
const fn wrong_party(check: &CheckName<'_>) -> Reason {
    match check {
        CheckName::Iss => Reason::WrongIssuer,
        CheckName::Sub => Reason::WrongSubject,
        _ => Reason::WrongId,
    }
}

fn check_audience<'a>(checks: &mut Checks<'a>, claims: &RegisteredClaims<'a, '_>, policy: &Policy) {
    let received_fact = |unchecked| match claims.aud {
        Some(value) => Fact::Value { value, unchecked },
        None => "".into(),
    };
    let received = || claims.aud.map(value_excerpt).unwrap_or_default();
    let expected = &policy.audiences;
    let audiences = match audiences(claims.aud) {
        Err(failure) => return checks.reject(CheckName::Aud, failure),
        Ok(None) if !expected.is_empty() => return checks.reject_missing(CheckName::Aud, "aud"),
        Ok(None) => return checks.skip(CheckName::Aud, || "absent, not required"),
        Ok(Some(audiences)) => audiences,
    };
    if expected.iter().any(|expected| audiences.contains(expected)) {
        checks.pass(CheckName::Aud, || received_fact(None));
    } else if !expected.is_empty() {
        checks.fail(CheckName::Aud, Reason::WrongAudience, || {
            format!("{}, expected {}", received(), any_of(expected))
        });
    } else if policy.strict {
        checks.fail(CheckName::Aud, Reason::WrongAudience, || {
            format!("{}, but --strict requires --aud", received())
        });
    } else {
        checks.skip(CheckName::Aud, || received_fact(Some("aud")));
    }
}

fn check_token_type(checks: &mut Checks<'_>, token: &Token<'_>, policy: &Policy) {
    let Some(expected) = &policy.token_type else { return };
    match declared_types(token) {
        Err(name) => checks.fail(CheckName::TokenType, Reason::ClaimType(name.to_owned()), || {
            format!("`{name}` is not a string")
        }),
        Ok(kinds) if kinds.is_empty() => checks.reject_missing(CheckName::TokenType, "token_type"),
        Ok(kinds) => match kinds.iter().find(|kind| *kind != expected) {
            None => checks.pass(CheckName::TokenType, || text_excerpt(expected)),
            Some(kind) => checks.fail(CheckName::TokenType, Reason::WrongTokenType, || {
                format!("{}, expected {}", text_excerpt(kind), text_excerpt(expected))
            }),
        },
    }
}

fn check_named<'a>(checks: &mut Checks<'a>, claims: &'a ClaimsSet<'_>, policy: &Policy) {
    for (name, expected) in &policy.claims {
        let check = CheckName::claim(name);
        match claims.locate(name) {
            None => checks.reject_missing(check, name),
            Some(value) if value.same(expected) => {
                checks.pass(check, || Fact::Value { value, unchecked: None });
            }
            Some(value) => checks.fail(check, Reason::WrongClaim(name.clone()), || {
                format!("{}, expected {}", value_excerpt(value), value_excerpt(expected))
            }),
        }
    }
}
