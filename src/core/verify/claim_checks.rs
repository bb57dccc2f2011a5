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
    let ahead = || {
        let ahead = distance(date.seconds_since(now));
        if is_nbf {
            format!("not valid for another {ahead}")
        } else {
            format!("issued {ahead} in the future")
        }
    };
    if now < date.minus(leeway) {
        let reason = if is_nbf { Reason::NotYetValid } else { Reason::IssuedInFuture };
        checks.fail(check, reason, || dated(format!("{}{}", ahead(), despite(leeway)), date));
    } else if now < date {
        checks.pass(check, || dated(format!("{}, within {leeway} of leeway", ahead()), date));
    } else if is_nbf && date.seconds_since(now) == 0 {
        checks.pass(check, || dated("became valid just now".to_owned(), date));
    } else {
        checks.pass(check, || distant(if is_nbf { "became valid" } else { "issued" }, date, now));
    }
}

/// Warns of a time outside the years 0 to 9999, or so close to 0 that a double becomes 0. A strict policy rejects it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::zone::Zone;
    use crate::core::token::base64url;
    use crate::core::token::jws::Compact;
    use crate::core::verify::check::Status;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);

    /// Makes every check of claims and of `typ`. Returns each check that passed or failed, and each warning.
    fn judged(header: &str, payload: &str, policy: &Policy) -> Vec<String> {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let text = format!("{header}.{payload}.AA");
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let mut checks = Checks::new(Detail::Full);
        check_typ(&mut checks, token.header.as_ref().unwrap(), policy);
        check_claims(&mut checks, &token, token.unverified_claims().unwrap(), policy, NOW);
        let failed: Vec<_> = checks.list.iter().filter_map(|check| check.reason.clone()).collect();
        assert_eq!(failed, checks.reasons);
        let line = |check: &Check<'_>| {
            let mut line = format!("{} {}", check.name, check.status.name());
            if let Some(reason) = &check.reason {
                line.push_str(&format!(" {reason}"));
            }
            line.push_str(": ");
            check.fact.write(&mut line, Zone::Utc).unwrap();
            line
        };
        let made = checks.list.iter().filter(|check| check.status != Status::Skipped).map(line);
        let warned = checks.warnings.iter().map(|warning| format!("{}: {}", warning.reason, warning.detail));
        made.chain(warned).collect()
    }

    /// Returns the only check of these claims that passed or failed.
    fn only(payload: &str, policy: &Policy) -> String {
        let mut lines = judged(r#"{"alg":"HS256"}"#, payload, policy);
        assert_eq!(lines.len(), 1, "{payload}: {lines:?}");
        lines.remove(0)
    }

    /// Returns the checks of these claims that were skipped.
    fn skipped(payload: &str, policy: &Policy) -> Vec<String> {
        let text = format!("e30.{}.AA", base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let mut checks = Checks::new(Detail::Full);
        check_claims(&mut checks, &token, token.unverified_claims().unwrap(), policy, NOW);
        let skipped = checks.list.iter().filter(|check| check.status == Status::Skipped);
        skipped.map(|check| format!("{}: {}", check.name, check.fact.sentence())).collect()
    }

    #[test]
    fn compares_each_time_with_the_clock_to_the_second() {
        let strictly = Policy::default();
        let leniently = Policy { leeway: Duration::seconds(60), ..Policy::default() };
        for (payload, policy, line) in [
            (r#"{"exp":1750000001}"#, &strictly, "exp passed: expires in 1 second (2025-06-15 15:06:41 UTC)"),
            (
                r#"{"exp":1750000000}"#,
                &strictly,
                "exp failed expired: expired just now (2025-06-15 15:06:40 UTC)",
            ),
            (
                r#"{"exp":1749999999}"#,
                &strictly,
                "exp failed expired: expired 1 second ago (2025-06-15 15:06:39 UTC)",
            ),
            (
                r#"{"exp":1749999941}"#,
                &leniently,
                "exp passed: expired 59 seconds ago, within 1 minute of leeway (2025-06-15 15:05:41 UTC)",
            ),
            (
                r#"{"exp":1750000000}"#,
                &leniently,
                "exp passed: expired just now, within 1 minute of leeway (2025-06-15 15:06:40 UTC)",
            ),
            (
                r#"{"exp":1749999940}"#,
                &leniently,
                "exp failed expired: expired 60 seconds ago, despite 1 minute of leeway (2025-06-15 15:05:40 UTC)",
            ),
            (
                r#"{"nbf":1749999999}"#,
                &strictly,
                "nbf passed: became valid 1 second ago (2025-06-15 15:06:39 UTC)",
            ),
            (
                r#"{"nbf":1750000000}"#,
                &strictly,
                "nbf passed: became valid just now (2025-06-15 15:06:40 UTC)",
            ),
            (
                r#"{"nbf":1750000001}"#,
                &strictly,
                "nbf failed not_yet_valid: not valid for another 1 second (2025-06-15 15:06:41 UTC)",
            ),
            (
                r#"{"nbf":1750000060}"#,
                &leniently,
                "nbf passed: not valid for another 60 seconds, within 1 minute of leeway (2025-06-15 15:07:40 UTC)",
            ),
            (
                r#"{"nbf":1750000061}"#,
                &leniently,
                "nbf failed not_yet_valid: not valid for another 61 seconds, despite 1 minute of leeway (2025-06-15 15:07:41 UTC)",
            ),
            (r#"{"iat":1749999999}"#, &strictly, "iat passed: issued 1 second ago (2025-06-15 15:06:39 UTC)"),
            (r#"{"iat":1750000000}"#, &strictly, "iat passed: issued now (2025-06-15 15:06:40 UTC)"),
            (
                r#"{"iat":1750000001}"#,
                &strictly,
                "iat failed issued_in_future: issued 1 second in the future (2025-06-15 15:06:41 UTC)",
            ),
            (
                r#"{"iat":1750000060}"#,
                &leniently,
                "iat passed: issued 60 seconds in the future, within 1 minute of leeway (2025-06-15 15:07:40 UTC)",
            ),
            (
                r#"{"iat":1750000061}"#,
                &leniently,
                "iat failed issued_in_future: issued 61 seconds in the future, despite 1 minute of leeway (2025-06-15 15:07:41 UTC)",
            ),
        ] {
            assert_eq!(only(payload, policy), line);
        }
    }

    #[test]
    fn compares_the_age_with_its_maximum_to_the_second() {
        let age = |iat: &str, policy: &Policy| {
            let payload = format!("{{\"iat\":{iat}}}");
            let made = judged(r#"{"alg":"HS256"}"#, &payload, policy).into_iter();
            let all = made.chain(skipped(&payload, policy));
            all.filter(|line| line.starts_with("max_age")).collect::<Vec<_>>().join("\n")
        };
        let policy = Policy { max_age: Some(Duration::seconds(600)), ..Policy::default() };
        let lenient = Policy { leeway: Duration::seconds(60), ..policy.clone() };
        assert_eq!(age("1750000000", &Policy::default()), "");
        for (iat, policy, line) in [
            (
                "1749999401",
                &policy,
                "max_age passed: issued 9 minutes 59 seconds ago, within the maximum age of 10 minutes (2025-06-15 14:56:41 UTC)",
            ),
            (
                "1749999400",
                &policy,
                "max_age failed too_old: issued 10 minutes ago, but the maximum age is 10 minutes (2025-06-15 14:56:40 UTC)",
            ),
            (
                "1749999341",
                &lenient,
                "max_age passed: issued 10 minutes ago, within the maximum age of 10 minutes (2025-06-15 14:55:41 UTC)",
            ),
            (
                "1749999340",
                &lenient,
                "max_age failed too_old: issued 11 minutes ago, but the maximum age is 10 minutes, despite 1 minute of leeway \
                 (2025-06-15 14:55:40 UTC)",
            ),
            (
                "1750000000",
                &policy,
                "max_age passed: issued now, within the maximum age of 10 minutes (2025-06-15 15:06:40 UTC)",
            ),
            ("1750000001", &policy, "max_age: not checked: issued in the future"),
            ("\"x\"", &policy, "max_age: not checked: `iat` is not a time"),
        ] {
            assert_eq!(age(iat, policy), line);
        }
        assert_eq!(only("{}", &policy), "max_age failed claim_missing:iat: the token has no `iat`");
    }

    #[test]
    fn says_which_checks_of_times_were_skipped() {
        let ignoring = Policy { ignore_exp: true, ..Policy::default() };
        let times =
            |payload, policy: &Policy| skipped(payload, policy).into_iter().take(3).collect::<Vec<_>>();
        assert_eq!(
            times("{}", &Policy::default()),
            ["exp: absent: this token never expires", "nbf: absent", "iat: absent"]
        );
        assert_eq!(
            times(r#"{"exp":1,"nbf":1}"#, &ignoring)[..2],
            ["exp: not checked: --ignore-exp was given", "iat: absent"]
        );
        let strict = Policy { strict: true, ..Policy::default() };
        assert_eq!(only("{}", &strict), "exp failed claim_missing:exp: the token has no `exp`");
    }

    #[test]
    fn rejects_values_of_another_type() {
        for (payload, start) in [
            (r#"{"exp":"x"}"#, "exp failed claim_type:exp: "),
            (r#"{"nbf":"x"}"#, "nbf failed claim_type:nbf: "),
            (r#"{"iat":"x"}"#, "iat failed claim_type:iat: "),
            (r#"{"iss":1}"#, "iss failed claim_type:iss: "),
            (r#"{"sub":1}"#, "sub failed claim_type:sub: "),
            (r#"{"jti":1}"#, "jti failed claim_type:jti: "),
            (r#"{"aud":1}"#, "aud failed claim_type:aud: "),
        ] {
            let line = only(payload, &Policy::default());
            assert!(line.starts_with(start), "{line}");
        }
    }

    #[test]
    fn warns_of_implausible_times_and_rejects_them_strictly() {
        let policy = Policy::default();
        let expected = [
            "exp passed: expires after the year 9999 (+57425-04-17 15:06:40 UTC)",
            "implausible_time:exp: `exp` looks like milliseconds: in seconds it is after the year 9999",
        ];
        assert_eq!(judged("{}", r#"{"exp":1750000000000}"#, &policy), expected);
        let expected = [
            "nbf passed: became valid before the year 0 (date out of range)",
            "implausible_time:nbf: `nbf` is before the year 0",
        ];
        assert_eq!(judged("{}", r#"{"nbf":-99999999999999}"#, &policy), expected);
        assert_eq!(
            judged("{}", r#"{"auth_time":1750000000000}"#, &policy),
            [
                "implausible_time:auth_time: `auth_time` looks like milliseconds: in seconds it is after the year 9999"
            ]
        );
        let strict = Policy { strict: true, ..Policy::default() };
        assert_eq!(
            judged("{}", r#"{"exp":1750000001,"updated_at":1e400}"#, &strict),
            [
                "exp passed: expires in 1 second (2025-06-15 15:06:41 UTC)",
                "claim:updated_at failed implausible_time:updated_at: `updated_at` is after the year 9999",
            ]
        );
    }

    #[test]
    fn compares_parties_with_what_is_expected() {
        let some = |text: &str| Some(text.to_owned());
        let expecting = Policy {
            issuers: vec!["a".to_owned(), "b".to_owned()],
            audiences: vec!["c".to_owned(), "d".to_owned()],
            subject: some("e"),
            id: some("f"),
            ..Policy::default()
        };
        assert_eq!(
            judged("{}", r#"{"iss":"b","aud":["x","d"],"sub":"e","jti":"f"}"#, &expecting),
            [r#"iss passed: "b""#, r#"aud passed: ["x","d"]"#, r#"sub passed: "e""#, r#"jti passed: "f""#]
        );
        assert_eq!(
            judged("{}", r#"{"iss":"x","aud":"y","sub":"z","jti":"e"}"#, &expecting),
            [
                r#"iss failed wrong_issuer: "x", expected "a" or "b""#,
                r#"aud failed wrong_audience: "y", expected "c" or "d""#,
                r#"sub failed wrong_subject: "z", expected "e""#,
                r#"jti failed wrong_id: "e", expected "f""#,
            ]
        );
        assert_eq!(
            judged("{}", "{}", &expecting),
            [
                "iss failed claim_missing:iss: the token has no `iss`",
                "aud failed claim_missing:aud: the token has no `aud`",
                "sub failed claim_missing:sub: the token has no `sub`",
                "jti failed claim_missing:jti: the token has no `jti`",
            ]
        );
        let strict = Policy { strict: true, ignore_exp: true, ..Policy::default() };
        assert_eq!(
            judged("{}", r#"{"exp":1,"iss":"x","aud":"y","sub":"z","jti":"e"}"#, &strict),
            [
                r#"iss failed wrong_issuer: "x", but --strict requires --iss"#,
                r#"aud failed wrong_audience: "y", but --strict requires --aud"#,
            ]
        );
        assert_eq!(
            skipped(r#"{"exp":1,"iss":"x","aud":["y"],"sub":"z","jti":"e"}"#, &Policy::default())[2..],
            [
                r#"iss: "x" (not checked: no --iss given)"#,
                r#"aud: ["y"] (not checked: no --aud given)"#,
                r#"sub: "z" (not checked: no --sub given)"#,
                r#"jti: "e" (not checked: no --jti given)"#,
            ]
        );
        assert_eq!(
            skipped("{}", &Policy::default())[3..],
            ["iss: absent, not required", "aud: absent, not required"]
        );
    }

    #[test]
    fn compares_typ_and_the_declared_type() {
        let typ = Policy { typ: Some("at+jwt".to_owned()), ..Policy::default() };
        for (header, line) in [
            (r#"{"typ":"at+jwt"}"#, r#"typ passed: "at+jwt""#),
            (r#"{"typ":"application/AT+JWT"}"#, r#"typ passed: "application/AT+JWT""#),
            (r#"{"typ":"JWT"}"#, r#"typ failed wrong_typ: "JWT", expected "at+jwt""#),
            (r#"{"typ":1}"#, r#"typ failed wrong_typ: 1, expected "at+jwt""#),
            ("{}", r#"typ failed wrong_typ: the header has no `typ`, expected "at+jwt""#),
        ] {
            assert_eq!(judged(header, "{}", &typ), [line]);
        }
        let kind = Policy { token_type: Some("access".to_owned()), ..Policy::default() };
        for (payload, line) in [
            (r#"{"token_type":"access"}"#, r#"token_type passed: "access""#),
            (
                r#"{"token_type":"refresh"}"#,
                r#"token_type failed wrong_token_type: "refresh", expected "access""#,
            ),
            (
                r#"{"token_type":"access","token_use":"id"}"#,
                r#"token_type failed wrong_token_type: "id", expected "access""#,
            ),
            (r#"{"token_use":1}"#, "token_type failed claim_type:token_use: `token_use` is not a string"),
            ("{}", "token_type failed claim_missing:token_type: the token has no `token_type`"),
        ] {
            assert_eq!(only(payload, &kind), line);
        }
        assert_eq!(judged("{}", r#"{"token_type":"refresh"}"#, &Policy::default()), [""; 0]);
    }

    #[test]
    fn compares_and_requires_claims_by_name_and_by_pointer() {
        let claim = |name: &str| vec![(name.to_owned(), Value::string("x"))];
        let named = |name| Policy { claims: claim(name), ..Policy::default() };
        let required = |name: &str| Policy { required: vec![name.to_owned()], ..Policy::default() };
        let payload = r#"{"a":"x","b":{"c":["x",1]}}"#;
        for (policy, line) in [
            (named("a"), r#"claim:a passed: "x""#),
            (named("/b/c/0"), r#"claim:/b/c/0 passed: "x""#),
            (named("/b/c/1"), r#"claim:/b/c/1 failed wrong_claim:/b/c/1: 1, expected "x""#),
            (named("/b/d"), "claim:/b/d failed claim_missing:/b/d: the token has no `/b/d`"),
            (required("/b/c"), "require:/b/c passed: present"),
            (required("d"), "require:d failed claim_missing:d: the token has no `d`"),
        ] {
            assert_eq!(only(payload, &policy), line);
        }
    }

    #[test]
    fn makes_the_listed_checks_alone_if_they_find_nothing() {
        let made = |payload: &str, policy: &Policy| {
            let claims = PlainClaims::read(payload.as_bytes()).unwrap();
            checks_without_findings(&claims, policy, NOW, Detail::Full).map(|checks| checks.len())
        };
        let policy = Policy::default();
        assert_eq!(made(r#"{"exp":1750000001}"#, &policy), Some(5));
        assert_eq!(made(r#"{"exp":1750000000}"#, &policy), None);
        assert_eq!(made(r#"{"exp":1750000000000}"#, &policy), None);
        assert_eq!(made(r#"{"auth_time":1750000000000}"#, &policy), None);
    }

    #[test]
    fn says_why_a_detached_payload_has_no_claims() {
        let policy = Policy { required: vec!["a".to_owned()], detached: true, ..Policy::default() };
        let compact = Compact::parse(b"e30.dGV4dA.AA", 100).unwrap();
        let token = Token::parse(&compact);
        let mut checks = Checks::new(Detail::Full);
        checks.unverified = true;
        check_without_claims(&mut checks, &token, &policy, NOW);
        let [skipped, failed] = &checks.list[..] else { panic!("{:?}", checks.list) };
        assert_eq!((&skipped.name, skipped.status), (&CheckName::Claims, Status::Skipped));
        assert!(skipped.fact.sentence().starts_with("no claims were judged: "), "{:?}", skipped.fact);
        assert_eq!((&failed.name, failed.status), (&CheckName::require("a"), Status::Failed));
        assert!(failed.unverified);
        assert_eq!(checks.reasons, [Reason::ClaimMissing("a".to_owned())]);
    }
}
