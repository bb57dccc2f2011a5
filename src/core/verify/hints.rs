//! Hints: what the user can do about a verdict. A hint claims only what was tried. Hints never change a verdict.

use super::doctor::{
    KEY_ATTEMPTS, SECRET_ATTEMPTS, TOKEN_ATTEMPTS, Written, misshapen, near_misses, unfilled,
};
use super::issuer_hints;
use super::judge::Judgement;
use super::near_values;
use super::policy::Policy;
use crate::core::key::Key;
use crate::core::key::ring::KeyRing;
use crate::core::reason::{CheckName, Reason};
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm, KeyType};
use crate::core::token::jws::{Compact, signing_input};
use crate::core::token::kind::is_endless;
use crate::core::token::numeric_date::NumericDate;

/// The situation that hints are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintScope {
    /// The user looks at tokens: hints about the key, the signature and the policy.
    Inspect,
    /// The user refreshes a token: also hints about the store and the clock.
    Refresh,
    /// The user verifies a token: also a hint on how to judge it as of an earlier time.
    Verify,
}

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
}

/// Returns what to try, in the order of reports.
pub(super) fn hints(input: &HintInput<'_>, scope: HintScope, now: NumericDate) -> Vec<String> {
    let mut hints = Vec::new();
    about_token(input, &mut hints);
    if scope != HintScope::Inspect {
        hints.extend(about_store(input.judgement).map(str::to_owned));
        hints.extend(about_leeway(input, now));
    }
    if scope == HintScope::Verify {
        hints.extend(about_earlier_time(input));
    }
    hints
}

/// Adds hints about the key, the signature and the policy.
fn about_token(input: &HintInput<'_>, hints: &mut Vec<String>) {
    let HintInput { token, judgement, keys, key, secret, policy } = *input;
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    if has(&Reason::BadSignature) {
        match (secret, key) {
            (Some(secret), _) => about_secret(token, key, secret, hints),
            (None, Some(key)) => about_signature(token, keys, key, hints),
            (None, None) => {}
        }
    }
    if let Some(key) = key.filter(|_| has(&Reason::AlgNotAllowed)) {
        hints.extend(about_algorithm(token, key, policy));
        hints.extend(about_key_type(token, key));
    }
    if has(&Reason::KeyNotFound) {
        hints.extend(about_key_id(token, keys));
    }
    hints.extend(issuer_hints::about_issuer(token, &judgement.reasons).map(str::to_owned));
    if has(&Reason::AlgNone) {
        hints.push("no option accepts an unsigned token; `fob decode` shows what it says".to_owned());
    }
    if has(&Reason::Jwe) {
        hints.push("`fob decode` shows the header; decrypting the rest needs the recipient's key".to_owned());
    }
    if policy.strict && policy.issuers.is_empty() && has(&Reason::WrongIssuer) {
        hints.push("name the expected issuer with --iss".to_owned());
    }
    if policy.strict && policy.audiences.is_empty() && has(&Reason::WrongAudience) {
        hints.push("name the expected audience with --aud".to_owned());
    }
    if let Some(claims) = token.unverified_claims() {
        if has(&Reason::WrongIssuer) {
            hints.extend(near_values::about_issuer(claims, policy));
        }
        if has(&Reason::WrongAudience) || has(&Reason::ClaimMissing("aud".to_owned())) {
            hints.extend(near_values::about_audience(claims, policy));
        }
        if judgement.reasons.iter().any(|reason| matches!(reason, Reason::WrongClaim(_))) {
            hints.extend(near_values::about_claims(claims, policy));
        }
        hints.extend(claims.times().filter_map(|time| time.mistake()));
    }
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
fn about_earlier_time(input: &HintInput<'_>) -> Option<String> {
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
    // No clock of --at is before 1970.
    let last = exp.minus(Duration::seconds(1));
    let last = Some(last).filter(|last| !last.is_negative())?.to_rfc3339()?;
    Some(format!("to judge the token as of an earlier time, use --at {last}"))
}

/// Returns the algorithm that the header names.
fn claimed(token: &Token<'_>) -> Option<Algorithm> {
    match AlgName::parse(token.header.as_ref().ok()?.alg().ok()?) {
        AlgName::Known(algorithm) => Some(algorithm),
        _ => None,
    }
}

/// Adds the near misses of the secret and of the token that the signature fits, or what was tried in vain.
fn about_secret(token: &Token<'_>, key: Option<&Key>, secret: &Written, hints: &mut Vec<String>) {
    let Compact::Jws { text, signature, .. } = token.compact else { return };
    let (Some(claimed), Ok(signature)) = (claimed(token), &signature.decoded) else { return };
    if let Some(what) = key.and_then(|key| misshapen(token, key, claimed)) {
        hints.push(what.to_owned());
        return;
    }
    let Some(misses) = near_misses(text, signature, claimed, secret) else { return };
    if misses.is_empty() {
        let tried = || {
            format!("no variant of the secret or the token fits (tried: {SECRET_ATTEMPTS}; {TOKEN_ATTEMPTS})")
        };
        hints.push(unfilled(secret).map_or_else(tried, str::to_owned));
    }
    hints.extend(misses.iter().take(2).map(ToString::to_string));
}

/// Reports whether a signature fits a key that is not refused.
fn fits(token: &Token<'_>, key: &Key, algorithm: Algorithm) -> bool {
    let Compact::Jws { text, signature, .. } = token.compact else { return false };
    let Ok(signature) = &signature.decoded else { return false };
    key.unusable_reason().is_none()
        && key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature))
}

/// Adds what else the signature fits: another algorithm of the key, another encoding, or another key of the set.
fn about_signature(token: &Token<'_>, keys: Option<&KeyRing>, key: &Key, hints: &mut Vec<String>) {
    let Some(claimed) = claimed(token) else { return };
    let before = hints.len();
    let siblings = key.algorithms().iter().copied().filter(|sibling| !sibling.same_signature(claimed));
    hints.extend(
        siblings.filter(|sibling| fits(token, key, *sibling)).map(|sibling| {
            format!("the signature fits this key with {sibling}, but the header says {claimed}")
        }),
    );
    if hints.len() == before {
        hints.extend(about_salt(token, key, claimed));
    }
    hints.extend(misshapen(token, key, claimed).map(str::to_owned));
    let mut others = keys.into_iter().flat_map(KeyRing::keys).filter(|other| !std::ptr::eq(*other, key));
    if let Some(other) = others.find(|other| fits(token, other, claimed)) {
        let name =
            other.kid.as_deref().map_or_else(|| "another key".to_owned(), |kid| format!("the key `{kid}`"));
        hints.push(format!("the signature fits {name} of the set"));
    }
    if hints.len() == before {
        let others =
            if keys.is_some_and(|keys| keys.keys().len() > 1) { ", other keys of the set" } else { "" };
        let salts = if key.has_type(KeyType::Rsa) { ", PSS salts" } else { "" };
        hints.push(format!(
            "compare the key with the signer's, by the thumbprint that `fob key show --thumbprint PATH` prints; nothing else \
             fits (tried: {KEY_ATTEMPTS}{salts}{others})"
        ));
    }
}

/// Returns whether the signature is RSASSA-PSS with a salt that RFC 7518 section 3.5 does not allow.
fn about_salt(token: &Token<'_>, key: &Key, claimed: Algorithm) -> Option<String> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let signature = signature.decoded.as_ref().ok().filter(|_| key.unusable_reason().is_none())?;
    let (algorithm, length) = key.pss_salt(signing_input(text), signature)?;
    let wanted = match algorithm {
        Algorithm::Ps384 => 48,
        Algorithm::Ps512 => 64,
        _ => 32,
    };
    let called =
        if algorithm == claimed { String::new() } else { format!(", although the header says {claimed}") };
    Some(format!(
        "the signature is {algorithm} (RSASSA-PSS) with a salt of {length} bytes{called}: sign with {algorithm} and a salt \
         of {wanted} bytes (openssl: rsa_pss_saltlen:digest)"
    ))
}

/// Returns the option that takes the kind of key that the token's algorithm needs.
fn about_key_type(token: &Token<'_>, key: &Key) -> Option<String> {
    let claimed = claimed(token)?;
    let needs_secret = claimed.kty() == KeyType::Oct;
    if needs_secret == key.has_type(KeyType::Oct) {
        return None;
    }
    Some(if needs_secret {
        format!("{claimed} needs a secret: use --secret-file PATH or --secret-env VAR")
    } else {
        let issuer = token
            .unverified_claims()
            .and_then(|claims| claims.get("iss")?.as_str().and_then(near_values::argument));
        match issuer.filter(|issuer| issuer.starts_with("https://")) {
            Some(issuer) => format!("{claimed} needs a public key: use --key PATH or --issuer-keys {issuer}"),
            None => format!("{claimed} needs a public key: use --key PATH"),
        }
    })
}

/// Returns whether another key of the set verifies a token whose key ID the set lacks.
fn about_key_id(token: &Token<'_>, keys: Option<&KeyRing>) -> Option<String> {
    let claimed = claimed(token)?;
    let keys = keys.filter(|keys| keys.is_set() && keys.unusable_reason().is_none())?;
    let candidates: Vec<&Key> = keys.keys().iter().filter(|key| key.has_type(claimed.kty())).collect();
    if candidates.is_empty() {
        return None;
    }
    Some(match candidates.iter().find(|key| fits(token, key, claimed)) {
        Some(Key { kid: Some(kid), .. }) => {
            format!(
                "the key `{kid}` of the set verifies the signature: the signer writes another key ID than the set"
            )
        }
        Some(_) => "a key without a key ID in the set verifies the signature".to_owned(),
        None => format!(
            "none of the {} keys tried verifies the signature: get the current set of the issuer",
            candidates.len()
        ),
    })
}

/// Returns whether the signature fits under the algorithm of the header, which is not allowed.
fn about_algorithm(token: &Token<'_>, key: &Key, policy: &Policy) -> Option<String> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let algorithm = claimed(token)
        .filter(|claimed| !policy.algorithms.contains(claimed) && key.has_type(claimed.kty()))?;
    let signature = signature.decoded.as_ref().ok().filter(|_| key.unusable_reason().is_none())?;
    let fits =
        key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature));
    Some(if fits {
        format!("the {algorithm} signature fits this key: --alg {algorithm} allows it")
    } else {
        format!("the {algorithm} signature does not fit this key either")
    })
}
