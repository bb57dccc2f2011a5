//! Hints: what the user can do about a verdict. A hint claims only what was tried. Hints never change a verdict.

use super::doctor::Written;
use super::encryption_hints::{about_encryption, about_other_cookie, about_unsigned};
use super::hint_scope::HintScope;
use super::issuer_hints;
use super::judge::{Judgement, Verdict};
use super::near_values;
use super::policy::Policy;
use super::signature_hints::{
    about_algorithm, about_algorithm_name, about_key_id, about_key_type, about_signature,
};
use crate::core::json::Value;
use crate::core::key::Key;
use crate::core::key::ring::KeyRing;
use crate::core::reason::{BadKeyBinding, CheckName, Reason};
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::kind::is_endless;
use crate::core::token::numeric_date::NumericDate;

/// The most hints that a verdict gets.
pub const MOST_HINTS: usize = 3;

/// The facts from which hints are derived.
pub(super) struct HintInput<'h> {
    pub(super) token: &'h Token<'h>,
    pub(super) judgement: &'h Judgement<'h>,
    pub(super) keys: Option<&'h KeyRing>,
    /// The key that was chosen.
    pub(super) key: Option<&'h Key>,
    /// The secret as the user gave it, if the key is a secret.
    pub(super) secret: Option<&'h Written>,
    pub(super) policy: &'h Policy,
    /// True if the token was encrypted with a key that sender and recipient share.
    pub(super) is_shared: bool,
    /// True if the token was inside an encrypted one.
    pub(super) is_inside: bool,
}

/// Returns what to try, in the order of reports.
pub(super) fn hints(input: &HintInput<'_>, scope: HintScope, now: NumericDate) -> Vec<String> {
    let mut hints = Vec::new();
    // An accepted token without a warning has nothing to explain. This saves 1,000 instructions.
    if input.judgement.reasons.is_empty() && input.judgement.warnings.is_empty() {
        return hints;
    }
    about_token(input, scope, &mut hints);
    if scope != HintScope::Inspect {
        hints.extend(about_store(input.judgement).map(str::to_owned));
        hints.extend(about_leeway(input, now));
    }
    if matches!(scope, HintScope::Verify | HintScope::Suite) {
        hints.extend(about_earlier_time(input, scope));
    }
    hints.truncate(MOST_HINTS);
    hints
}

/// Adds hints about the key, the signature and the policy.
fn about_token(input: &HintInput<'_>, scope: HintScope, hints: &mut Vec<String>) {
    let HintInput { token, judgement, keys, key, secret, policy, is_shared, is_inside } = *input;
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    let facts = issuer_hints::Facts { token, key, policy };
    let about_issuer = issuer_hints::about_issuer(facts, &judgement.reasons);
    hints.extend(about_issuer.map(str::to_owned));
    if let Some(key) = key.filter(|_| has(&Reason::BadSignature)) {
        about_signature(token, keys, key, secret, hints);
    }
    if has(&Reason::AlgUnsupported) {
        hints.extend(about_algorithm_name(token));
    }
    if let Some(key) = key.filter(|_| has(&Reason::AlgNotAllowed)) {
        hints.extend(about_algorithm(token, key, policy));
        hints.extend(about_key_type(token, key));
    }
    if has(&Reason::KeyNotFound) {
        hints.extend(about_key_id(token, keys, key));
    }
    if has(&Reason::AlgNone) {
        hints.push("no option accepts an unsigned token; `fob decode` shows what it says".to_owned());
    }
    if has(&Reason::Jwe) && about_issuer.is_none() && !is_inside {
        hints.extend(about_other_cookie(token, keys).or_else(|| about_encryption(token)));
    }
    // Without claims there is nothing to accept.
    if has(&Reason::NotSigned) && judgement.verdict() != Verdict::Malformed {
        hints.push(about_unsigned(is_shared, scope).to_owned());
    }
    let has_holder_key = || token.unverified_claims().is_some_and(|claims| claims.confirmation().is_some());
    if has(&Reason::BadKeyBinding(BadKeyBinding::Missing)) && has_holder_key() {
        hints.push("the holder must add a key binding JWT, signed with the key that `cnf` names".to_owned());
    }
    if token.lacks_payload() && !is_inside && (has(&Reason::Detached) || is_b64_alone(token)) {
        hints.push(
            "`fob verify` takes the payload with --payload @PATH, byte for byte as it was sent".to_owned(),
        );
    }
    if policy.strict && policy.issuers.is_empty() && has(&Reason::WrongIssuer) {
        hints.push("name the expected issuer with --iss".to_owned());
    }
    if policy.expects_key_issuer
        && (has(&Reason::WrongIssuer) || has(&Reason::ClaimMissing("iss".to_owned())))
    {
        hints.push("--issuer-keys also expects its issuer: --iss names another one".to_owned());
    }
    if policy.strict && policy.audiences.is_empty() && has(&Reason::WrongAudience) {
        hints.push("name the expected audience with --aud".to_owned());
    }
    if let Some(claims) = token.unverified_claims() {
        hints.extend(near_values::about_values(claims, policy));
        hints.extend(claims.times().filter_map(|time| time.mistake()));
    }
}

/// Reports whether the header demands the extension `b64` and no other.
fn is_b64_alone(token: &Token<'_>) -> bool {
    let crit = token.header.as_ref().ok().and_then(|header| header.get("crit"));
    crit.is_some_and(|crit| *crit == Value::Array(vec![Value::string("b64")]))
}

/// Returns what to do about the answer of a store.
fn about_store(judgement: &Judgement<'_>) -> Option<&'static str> {
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    if has(&Reason::Reused) || has(&Reason::Revoked) {
        Some("a used or revoked token stays invalid: get a new one, for example by logging in again")
    } else if has(&Reason::TooSoon) {
        Some("the token was not used up: try it again later")
    } else if has(&Reason::UnknownToken) {
        Some("get a new token: `fob pair --store` mints tokens that the store knows")
    } else if judgement.checks.iter().any(|check| check.name == CheckName::Store)
        && has(&Reason::ClaimMissing("jti".to_owned()))
    {
        Some("mint the token with an ID: `fob encode --jti` or `fob pair`")
    } else {
        None
    }
}

/// Returns the leeway that allows for clocks a little apart.
fn about_leeway(input: &HintInput<'_>, now: NumericDate) -> Option<String> {
    const LEEWAYS: [(i64, &str); 3] = [(30, "30s"), (60, "1m"), (300, "5m")];
    let claims = input.token.unverified_claims()?;
    let ahead = |name| claims.date(name).map(|date| date.seconds_since(now));
    let early = [(Reason::NotYetValid, "nbf"), (Reason::IssuedInFuture, "iat")];
    let most = early
        .iter()
        .filter(|(reason, _)| input.judgement.reasons.contains(reason))
        .filter_map(|(_, name)| ahead(name))
        .max()?;
    let (_, leeway) = LEEWAYS.iter().find(|(seconds, _)| *seconds > most)?;
    Some(format!("if the clocks differ a little, --leeway {leeway} allows for it"))
}

/// Returns how to judge an expired token as of the last second when it was valid.
fn about_earlier_time(input: &HintInput<'_>, scope: HintScope) -> Option<String> {
    if !input.judgement.only_time() || !input.judgement.reasons.contains(&Reason::Expired) {
        return None;
    }
    let exp = input.token.unverified_claims()?.date("exp")?;
    if is_endless(input.token) {
        return Some(
            "Keycloak writes `exp` 0 in offline tokens, which have no end; --ignore-exp skips the check"
                .to_owned(),
        );
    }
    // --at takes no time before 1970.
    let last = exp.minus(Duration::seconds(1));
    let last = Some(last).filter(|last| !last.is_negative())?.to_rfc3339()?;
    Some(match scope {
        HintScope::Suite => {
            format!("to judge the token as of an earlier time, write at = \"{last}\" in the case")
        }
        _ => format!("to judge the token as of an earlier time, use --at {last}"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Verifier;
    use super::*;
    use crate::core::key::secret::Secret;
    use crate::core::reason::Failure;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use crate::core::token::jws::SigningInput;

    const NOW: NumericDate = NumericDate::from_seconds(1_750_000_000);

    /// Returns a token with a valid signature.
    fn token(header: &str, payload: &str) -> String {
        let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
        let signer = key().signer(Algorithm::Hs256).unwrap();
        let signature = signer.sign(SigningInput::new(&format!("{header}.{payload}"))).unwrap();
        format!("{header}.{payload}.{}", base64url::encode(&signature))
    }

    fn key() -> Key {
        Key::hmac(Secret::new(vec![1; 32]), None, "a test".to_owned())
    }

    /// Returns the hints on a token. `change` adds what a store says.
    fn found(
        text: &str,
        policy: &Policy,
        scope: HintScope,
        change: impl FnOnce(&mut Judgement<'_>),
    ) -> String {
        let ring = KeyRing::from(key());
        let verifier = Verifier::new(&ring, policy);
        let parsed = verifier.parse(text.as_bytes()).unwrap();
        let submitted = parsed.read();
        let mut verification = verifier.judge(&submitted, NOW);
        change(&mut verification.judgement);
        verifier.add_hints(&mut verification, &submitted, scope, NOW);
        verification.hints.join("\n")
    }

    fn hints_on(payload: &str, policy: &Policy, scope: HintScope) -> String {
        found(&token(r#"{"alg":"HS256"}"#, payload), policy, scope, |_| {})
    }

    #[test]
    fn names_the_smallest_leeway_that_suffices() {
        for (payload, leeway) in [
            (r#"{"nbf":1750000001}"#, Some("30s")),
            (r#"{"nbf":1750000029}"#, Some("30s")),
            (r#"{"nbf":1750000030}"#, Some("1m")),
            (r#"{"nbf":1750000059}"#, Some("1m")),
            (r#"{"nbf":1750000060}"#, Some("5m")),
            (r#"{"nbf":1750000299}"#, Some("5m")),
            (r#"{"nbf":1750000300}"#, None),
            (r#"{"iat":1750000029}"#, Some("30s")),
            (r#"{"iat":1750000029,"nbf":1750000040}"#, Some("1m")),
            (r#"{"iat":1750000040,"nbf":1749999000}"#, Some("1m")),
        ] {
            let hint = leeway.map(|it| format!("if the clocks differ a little, --leeway {it} allows for it"));
            let hint = hint.unwrap_or_default();
            assert_eq!(hints_on(payload, &Policy::default(), HintScope::Verify), hint, "{payload}");
            assert_eq!(hints_on(payload, &Policy::default(), HintScope::Inspect), "", "{payload}");
        }
        assert_eq!(hints_on("{}", &Policy::default(), HintScope::Verify), "");
    }

    #[test]
    fn names_the_last_second_of_an_expired_token() {
        let at = "to judge the token as of an earlier time, ";
        let expired = r#"{"exp":1749999999}"#;
        for (payload, scope, hint) in [
            (expired, HintScope::Verify, format!("{at}use --at 2025-06-15T15:06:38Z")),
            (expired, HintScope::Suite, format!("{at}write at = \"2025-06-15T15:06:38Z\" in the case")),
            (expired, HintScope::Inspect, String::new()),
            (r#"{"exp":1}"#, HintScope::Verify, format!("{at}use --at 1970-01-01T00:00:00Z")),
            (r#"{"exp":0}"#, HintScope::Verify, String::new()),
            (
                r#"{"exp":0,"typ":"Offline"}"#,
                HintScope::Verify,
                "Keycloak writes `exp` 0 in offline tokens, which have no end; --ignore-exp skips the check"
                    .to_owned(),
            ),
            (r#"{"exp":1749999999,"iss":1}"#, HintScope::Verify, String::new()),
        ] {
            assert_eq!(hints_on(payload, &Policy::default(), scope), hint, "{payload}");
        }
    }

    #[test]
    fn names_the_option_that_a_policy_lacks() {
        let strict = Policy { strict: true, ignore_exp: true, ..Policy::default() };
        let named =
            Policy { issuers: vec!["b".to_owned()], audiences: vec!["c".to_owned()], ..strict.clone() };
        let of_keys = Policy { expects_key_issuer: true, ..named.clone() };
        let usual = Policy::default();
        let other = "--issuer-keys also expects its issuer: --iss names another one";
        for (payload, policy, hint) in [
            (r#"{"exp":1,"iss":"x"}"#, &strict, "name the expected issuer with --iss"),
            (r#"{"exp":1,"aud":"x"}"#, &strict, "name the expected audience with --aud"),
            (
                r#"{"exp":1,"iss":"x","aud":"x"}"#,
                &strict,
                "name the expected issuer with --iss\nname the expected audience with --aud",
            ),
            (r#"{"exp":1,"iss":"x","aud":"x"}"#, &named, ""),
            (r#"{"exp":1,"iss":"x","aud":"c"}"#, &of_keys, other),
            (r#"{"exp":1,"aud":"c"}"#, &of_keys, other),
            (r#"{"exp":1,"iss":"b","aud":"x"}"#, &of_keys, ""),
            (r#"{"iss":"x","aud":"x"}"#, &usual, ""),
        ] {
            assert_eq!(hints_on(payload, policy, HintScope::Verify), hint, "{payload}");
        }
    }

    #[test]
    fn says_what_to_do_about_the_answer_of_a_store() {
        let about = |reasons: &[Reason], has_check: bool| {
            found(&token(r#"{"alg":"HS256"}"#, "{}"), &Policy::default(), HintScope::Verify, |judgement| {
                for reason in reasons {
                    judgement.reject(CheckName::Sub, Failure::new(reason.clone(), "x"));
                }
                if has_check {
                    judgement.pass(CheckName::Store, "x");
                }
            })
        };
        let stays = "a used or revoked token stays invalid: get a new one, for example by logging in again";
        let missing = Reason::ClaimMissing("jti".to_owned());
        for (reasons, has_check, hint) in [
            (vec![Reason::Revoked], false, stays),
            (vec![Reason::Reused], false, stays),
            (vec![Reason::TooSoon], false, "the token was not used up: try it again later"),
            (
                vec![Reason::UnknownToken],
                false,
                "get a new token: `fob pair --store` mints tokens that the store knows",
            ),
            (vec![missing.clone()], true, "mint the token with an ID: `fob encode --jti` or `fob pair`"),
            (vec![missing], false, ""),
            (vec![Reason::ClaimMissing("sub".to_owned())], true, ""),
        ] {
            assert_eq!(about(&reasons, has_check), hint, "{reasons:?}");
        }
    }

    #[test]
    fn says_how_to_give_a_payload_that_is_not_in_the_token() {
        let detached = |header: &str| {
            let text = token(header, "x");
            let mut parts = text.split('.');
            let text = format!("{}..{}", parts.next().unwrap(), parts.nth(1).unwrap());
            found(&text, &Policy::default(), HintScope::Verify, |_| {})
        };
        let hint = "`fob verify` takes the payload with --payload @PATH, byte for byte as it was sent";
        assert_eq!(detached(r#"{"alg":"HS256"}"#), hint);
        assert_eq!(detached(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#), hint);
        assert!(!detached(r#"{"alg":"HS256","crit":["x"]}"#).contains("--payload"));
        assert_eq!(
            found(&token(r#"{"alg":"none"}"#, "{}"), &Policy::default(), HintScope::Verify, |_| {}),
            "no option accepts an unsigned token; `fob decode` shows what it says"
        );
    }

    #[test]
    fn gives_a_few_hints_at_most() {
        let policy = Policy {
            strict: true,
            expects_key_issuer: true,
            claims: vec![("Role".to_owned(), Value::string("x"))],
            ..Policy::default()
        };
        let text = token(r#"{"alg":"none"}"#, r#"{"exp":1,"iss":"x","aud":"x","role":"x"}"#);
        let hints = found(&text, &policy, HintScope::Verify, |_| {});
        assert_eq!(hints.lines().count(), MOST_HINTS, "{hints}");
    }
}
