//! What a store says, as checks of a judgement. The checks that need no store are made before.

use super::identity::TokenIdentity;
use super::ledger::{Ledger, RefreshOutcome, TokenUse};
use super::record::{EndReason, Millis, TokenRole, date};
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::{Duration, relative};
use crate::core::token::Token;
use crate::core::token::kind::declared_types;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::judge::{Judgement, VerifiedClaims};
use crate::error::CommandError;
use crate::store::token_state::{RevocationScope, TokenState};

/// What the check is called.
const CHECK: &str = "store";

/// Asks a store about a token whose signature held, and adds what it says to the judgement. [`TokenUse::Once`] uses the token
/// up, if nothing else is found against it. Says whether it was.
///
/// # Errors
/// If the store cannot be asked.
pub fn consult(
    judgement: &mut Judgement<'_>,
    token: &Token<'_>,
    ledger: &mut Ledger,
    how: TokenUse,
    now: NumericDate,
) -> Result<bool, CommandError> {
    let Some(identity) = asked_for(judgement, token, ledger) else { return Ok(false) };
    let spend = how == TokenUse::Once && judgement.accepted_claims().is_some();
    let state = if spend {
        ledger.spend(&identity, now)?
    } else {
        ledger.look_up(&[&identity], how, now)?.first().copied().unwrap_or(TokenState::Unknown)
    };
    add(judgement, state, now);
    Ok(spend && matches!(state, TokenState::Good { .. }))
}

/// Asks a store about many tokens in one round trip, and adds what it says to their judgements.
///
/// # Errors
/// If the store cannot be asked.
pub fn consult_all<'j: 'a, 'a>(
    tokens: impl IntoIterator<Item = (&'a mut Judgement<'j>, &'a Token<'j>)>,
    ledger: &mut Ledger,
    now: NumericDate,
) -> Result<(), CommandError> {
    let asked = |(judgement, token): (&'a mut Judgement<'j>, &'a Token<'j>)| {
        asked_for(judgement, token, ledger).map(|identity| (judgement, identity))
    };
    let asked: Vec<(&mut Judgement<'j>, TokenIdentity)> = tokens.into_iter().filter_map(asked).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let identities: Vec<&TokenIdentity> = asked.iter().map(|(_, identity)| identity).collect();
    let states = ledger.look_up(&identities, TokenUse::Query, now)?;
    for ((judgement, _), state) in asked.into_iter().zip(states) {
        add(judgement, state, now);
    }
    Ok(())
}

/// What a store is asked for; nothing if it is not asked, which the judgement then says.
fn asked_for(judgement: &mut Judgement<'_>, token: &Token<'_>, ledger: &Ledger) -> Option<TokenIdentity> {
    let Some(claims) = judgement.verified_claims() else {
        judgement.skip(CHECK, "not asked: nobody vouches for what the token says it is");
        return None;
    };
    identify(judgement, claims, role_of(token), token.compact.text(), ledger)
}

/// Asks a store about a refresh token that something else was found against, and adds what it says to the judgement. If
/// its signature held and it was used before, its family ends.
///
/// # Errors
/// If the store cannot be asked.
pub fn consult_refused(
    judgement: &mut Judgement<'_>,
    token: &Token<'_>,
    ledger: &mut Ledger,
    now: NumericDate,
) -> Result<(), CommandError> {
    let claims = judgement.verified_claims();
    // What is no refresh token was never used as one.
    let Some(claims) = claims.filter(|_| !judgement.reasons.contains(&Reason::WrongTokenType)) else {
        return consult(judgement, token, ledger, TokenUse::Query, now).map(|_| ());
    };
    if let Some(identity) = identify(judgement, claims, role_of(token), token.compact.text(), ledger) {
        let state = ledger.misuse(&identity, now)?;
        refreshed(judgement, RefreshOutcome::Refused(state), Duration::default(), now);
    }
    Ok(())
}

/// What the store knows a token by; nothing if it could not, which is then a failed check.
pub fn identify(
    judgement: &mut Judgement<'_>,
    claims: VerifiedClaims<'_>,
    role: TokenRole,
    text: &str,
    ledger: &Ledger,
) -> Option<TokenIdentity> {
    let identity = TokenIdentity::from_claims(claims.get().members(), role, text);
    match identity.and_then(|identity| ledger.fits(&identity).map(|()| identity)) {
        Ok(identity) => Some(identity),
        Err(failure) => {
            judgement.reject(CHECK, failure);
            None
        }
    }
}

/// What a token says it is for.
#[must_use]
pub fn role_of(token: &Token<'_>) -> TokenRole {
    let is = |wanted: &str| declared_types(token).is_ok_and(|kinds| kinds.iter().any(|kind| kind == wanted));
    if is("refresh") {
        TokenRole::Refresh
    } else if is("access") {
        TokenRole::Access
    } else {
        TokenRole::Other
    }
}

/// Adds what a store says of a token.
fn add(judgement: &mut Judgement<'_>, state: TokenState, now: NumericDate) {
    if state == TokenState::Forgotten && judgement.reasons.contains(&Reason::Expired) {
        // The verdict on it is the same before its record goes and after.
        judgement.skip(CHECK, "not judged: the token has expired, and a store forgets what has expired");
        return;
    }
    match outcome(state, now) {
        Ok(detail) => judgement.pass(CHECK, detail),
        Err(failure) => judgement.reject(CHECK, failure),
    }
}

fn outcome(state: TokenState, now: NumericDate) -> Result<&'static str, Failure> {
    let ago = |at: Millis| when(at, now);
    let (reason, detail) = match state {
        TokenState::Good { known: true } => return Ok("known, and nothing against it"),
        TokenState::Good { known: false } => return Ok("not known, and nothing against it"),
        TokenState::Used { at, ended } => {
            let family = if ended.is_some() { "; its family has ended" } else { "" };
            (Reason::Reused, format!("it was used up {}{family}", ago(at)))
        }
        TokenState::Revoked { scope, at } => {
            let when = at.map(|at| format!(" {}", ago(at))).unwrap_or_default();
            let detail = match scope {
                RevocationScope::Token => format!("it was revoked{when}"),
                RevocationScope::Family(EndReason::Revoked) => format!("its family was revoked{when}"),
                RevocationScope::Family(EndReason::Reused) => {
                    format!("its family ended{when}: one of its refresh tokens was used twice")
                }
                RevocationScope::Subject => format!("all that its subject had was revoked{when}"),
                RevocationScope::Set => "it is not in the set of its user's good tokens".to_owned(),
            };
            (Reason::Revoked, detail)
        }
        TokenState::Unknown => (
            Reason::UnknownToken,
            "the store knows nothing of it, and is to refuse what it does not know".to_owned(),
        ),
        TokenState::Forgotten => (
            Reason::UnknownToken,
            "it has expired, and the store does not know it: what it knew may have gone with it".to_owned(),
        ),
    };
    Err(Failure::new(reason, detail))
}

/// Adds how a refresh ended.
pub fn refreshed(
    judgement: &mut Judgement<'_>,
    refreshed: RefreshOutcome,
    interval: Duration,
    now: NumericDate,
) {
    match refreshed {
        RefreshOutcome::Rotated => judgement.pass(CHECK, "used up by this refresh and by no other"),
        RefreshOutcome::TooSoon { last } => {
            let detail =
                format!("its family was refreshed {}, and {interval} must lie between", when(last, now));
            judgement.reject(CHECK, Failure::new(Reason::TooSoon, detail));
        }
        // Whoever was first has used it; this use is the second, and has ended the family.
        RefreshOutcome::Refused(TokenState::Used { at, ended: None }) => {
            let detail = format!("it was used up {}; with this second use its family ends", when(at, now));
            judgement.reject(CHECK, Failure::new(Reason::Reused, detail));
        }
        RefreshOutcome::Refused(state) => add(judgement, state, now),
    }
}

fn when(at: Millis, now: NumericDate) -> String {
    match date(at).seconds_since(now) {
        0 => "just now".to_owned(),
        seconds => relative(seconds),
    }
}

/// What to do about what a store said.
#[must_use]
pub fn advice(judgement: &Judgement<'_>) -> Option<&'static str> {
    let has = |reason: &Reason| judgement.reasons.contains(reason);
    if has(&Reason::Reused) || has(&Reason::Revoked) {
        Some("nothing makes it good again: a new one is needed, by logging in again, say")
    } else if has(&Reason::TooSoon) {
        Some("it was not used up: the same token is good later")
    } else if has(&Reason::UnknownToken) {
        Some("a new one is needed: `fob pair --store` mints tokens that the store knows")
    } else if judgement.checks.iter().any(|check| check.name == CHECK)
        && has(&Reason::ClaimMissing("jti".to_owned()))
    {
        Some("a token gets an ID with `fob encode --jti`, or from `fob pair`")
    } else {
        None
    }
}
