//! Remedies: what a person can do about a verdict. Kept beside the reasons, never in them.

use super::doctor::{Written, near_misses};
use super::judge::Judgement;
use super::policy::Policy;
use crate::core::key::Key;
use crate::core::key::der::plain_ecdsa;
use crate::core::key::ring::KeyRing;
use crate::core::reason::Reason;
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::jws::{Compact, signing_input};
use crate::core::token::numeric_date::NumericDate;

/// What to try, given a judgement by one of the keys. `written` is the secret as the user gave it, if it is one.
#[must_use]
pub fn hints(
    token: &Token<'_>,
    judgement: &Judgement<'_>,
    keys: &KeyRing,
    key: Option<&Key>,
    written: Option<&Written>,
    policy: &Policy,
) -> Vec<String> {
    let mut hints = Vec::new();
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    if has(&Reason::BadSignature) {
        match (written, key) {
            (Some(written), _) => about_secret(token, written, &mut hints),
            (None, Some(key)) => about_signature(token, keys, key, &mut hints),
            (None, None) => {}
        }
    }
    if let Some(key) = key.filter(|_| has(&Reason::AlgNotAllowed)) {
        hints.extend(about_algorithm(token, key, policy));
    }
    if has(&Reason::AlgNone) {
        hints.push("nothing makes an unsigned token acceptable; `fob decode` shows what it says".to_owned());
    }
    if has(&Reason::Jwe) {
        hints.push("`fob decode` shows its header; its content needs the recipient's private key".to_owned());
    }
    if policy.strict && policy.issuers.is_empty() && has(&Reason::WrongIssuer) {
        hints.push("say whom to trust with --iss".to_owned());
    }
    if policy.strict && policy.audiences.is_empty() && has(&Reason::WrongAudience) {
        hints.push("say who is asking with --aud".to_owned());
    }
    if let Some(claims) = token.unverified_claims() {
        hints.extend(claims.times().filter_map(|time| time.mistake()));
    }
    hints
}

/// How to allow for clocks that are a little apart.
#[must_use]
pub fn leeway(token: &Token<'_>, judgement: &Judgement<'_>, now: NumericDate) -> Option<String> {
    const LEEWAYS: [(i64, &str); 3] = [(30, "30s"), (60, "1m"), (300, "5m")];
    let claims = token.unverified_claims()?;
    let ahead = |name| claims.date(name).map(|date| date.seconds_since(now));
    let early = [(Reason::NotYetValid, "nbf"), (Reason::IssuedInFuture, "iat")];
    let most = early
        .iter()
        .filter(|(reason, _)| judgement.reasons.contains(reason))
        .filter_map(|(_, name)| ahead(name))
        .max()?;
    let (_, leeway) = LEEWAYS.iter().find(|(seconds, _)| *seconds > most)?;
    Some(format!("the clocks may be apart: --leeway {leeway} allows for it"))
}

/// How to judge an expired token as of a time when it was good; for those who only look at it.
#[must_use]
pub fn earlier(token: &Token<'_>, judgement: &Judgement<'_>) -> Option<String> {
    if !judgement.only_time() || !judgement.reasons.contains(&Reason::Expired) {
        return None;
    }
    let exp = token.unverified_claims()?.date("exp")?;
    let last = exp.minus(Duration::seconds(1)).to_rfc3339()?;
    Some(format!("to judge it as of an earlier time: --at {last}"))
}

fn claimed(token: &Token<'_>) -> Option<Algorithm> {
    match AlgName::parse(token.header.as_ref().ok()?.alg().ok()?) {
        AlgName::Known(algorithm) => Some(algorithm),
        _ => None,
    }
}

fn about_secret(token: &Token<'_>, written: &Written, hints: &mut Vec<String>) {
    let Compact::Jws { text, signature, .. } = token.compact else { return };
    let (Some(claimed), Ok(signature)) = (claimed(token), &signature.decoded) else { return };
    let misses = near_misses(text, signature, claimed, written);
    if misses.is_empty() {
        hints.push(
            "no other reading of the secret fits either (line break, quotes, base64, base64url, hex, HMAC size): \
             it is another secret, or the token was changed"
                .to_owned(),
        );
    }
    hints.extend(misses.iter().map(ToString::to_string));
}

/// What else the signature may be: that of a sibling algorithm, of another key of the set, or in another form.
fn about_signature(token: &Token<'_>, keys: &KeyRing, key: &Key, hints: &mut Vec<String>) {
    let Compact::Jws { text, signature, .. } = token.compact else { return };
    let (Some(claimed), Ok(signature)) = (claimed(token), &signature.decoded) else { return };
    let fits = |key: &Key, algorithm, signature: &[u8]| {
        key.unusable_reason().is_none()
            && key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature))
    };
    let siblings = key.algorithms().iter().copied().filter(|sibling| !sibling.same_signature(claimed));
    hints.extend(siblings.filter(|sibling| fits(key, *sibling, signature)).map(|sibling| {
        format!("the signature fits this key with {sibling}, which is not what the header says")
    }));
    if plain_ecdsa(claimed, signature).is_some_and(|plain| fits(key, claimed, &plain)) {
        hints.push(
            "the signature is good, but in DER: a JWS holds the two numbers at full length (RFC 7518 section 3.4)"
                .to_owned(),
        );
    }
    let mut others = keys.keys().iter().filter(|other| !std::ptr::eq(*other, key));
    if let Some(other) = others.find(|other| fits(other, claimed, signature)) {
        let name =
            other.kid.as_deref().map_or_else(|| "another key".to_owned(), |kid| format!("the key `{kid}`"));
        hints.push(format!("the signature fits {name} of the set"));
    }
}

/// Whether the token would verify if its own algorithm were allowed: to be said, not to be acted upon.
fn about_algorithm(token: &Token<'_>, key: &Key, policy: &Policy) -> Option<String> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let algorithm = claimed(token)
        .filter(|claimed| !policy.algorithms.contains(claimed) && key.has_type(claimed.kty()))?;
    let signature = signature.decoded.as_ref().ok().filter(|_| key.unusable_reason().is_none())?;
    let fits =
        key.verifier(algorithm).is_ok_and(|verifier| verifier.verifies(signing_input(text), signature));
    Some(if fits {
        format!("its {algorithm} signature fits this key; --alg {algorithm} allows it")
    } else {
        format!("its {algorithm} signature does not fit this key either")
    })
}
