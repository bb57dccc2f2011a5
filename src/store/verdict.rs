//! The answers of a store, as checks of a judgement. The verifier first makes the checks that need no store.

use super::error::StoreError;
use super::identity::TokenIdentity;
use super::ledger::{Ledger, RefreshOutcome, TokenUse};
use super::record::{EndReason, Millis, TokenRole, date};
use crate::core::json::Value;
use crate::core::reason::{CheckName, Failure, Reason};
use crate::core::text::duration::{Duration, relative};
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::kind::declared_types;
use crate::core::token::kind::mark::{Purpose, purpose};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::RevocationStore;
use crate::core::verify::judge::{Judgement, VerifiedClaims};
use crate::store::token_state::{RevocationScope, TokenState};

/// A check that asks a ledger about the tokens that a verifier judges, and can use them up.
pub struct LedgerCheck<'l> {
    ledger: &'l mut Ledger,
    how: TokenUse,
    used_up: bool,
}

impl<'l> LedgerCheck<'l> {
    /// Returns a check that looks tokens up, or uses each accepted token up if `how` is [`TokenUse::Once`].
    #[must_use]
    pub const fn new(ledger: &'l mut Ledger, how: TokenUse) -> Self {
        Self { ledger, how, used_up: false }
    }

    /// Reports whether a token was used up.
    #[must_use]
    pub const fn used_up(&self) -> bool {
        self.used_up
    }

    /// Uses a token up if every other check passed; otherwise looks it up.
    fn use_once(
        &mut self,
        judgement: &mut Judgement<'_>,
        token: &Token<'_>,
        at: NumericDate,
    ) -> Result<(), StoreError> {
        let Some(identities) = Identities::of(judgement, token, self.ledger) else { return Ok(()) };
        let Identities { signed, disclosed } = &identities;
        let asked: Vec<&TokenIdentity> = disclosed.iter().collect();
        let ended = self.ledger.look_up(&asked, TokenUse::Once, at)?.into_iter().find(has_ended);
        let state = if let Some(ended) = ended {
            ended
        } else if judgement.accepted_claims().is_some() {
            let state = self.ledger.spend(signed, at)?;
            self.used_up |= state.is_good();
            state
        } else {
            let states = self.ledger.look_up(&[signed], TokenUse::Once, at)?;
            states.first().copied().unwrap_or(TokenState::Unknown)
        };
        add(judgement, state, at);
        Ok(())
    }
}

impl RevocationStore for LedgerCheck<'_> {
    type Error = StoreError;

    fn check<'t>(
        &mut self,
        tokens: &mut [(&mut Judgement<'t>, &Token<'t>)],
        at: NumericDate,
    ) -> Result<(), StoreError> {
        if self.how == TokenUse::Once {
            return tokens.iter_mut().try_for_each(|(judgement, token)| self.use_once(judgement, token, at));
        }
        let identities: Vec<Option<Identities>> = tokens
            .iter_mut()
            .map(|(judgement, token)| Identities::of(judgement, token, self.ledger))
            .collect();
        let asked: Vec<&TokenIdentity> = identities.iter().flatten().flat_map(Identities::asked).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let mut states = self.ledger.look_up(&asked, TokenUse::Query, at)?.into_iter();
        for ((judgement, _), identities) in tokens.iter_mut().zip(&identities) {
            let Some(identities) = identities else { continue };
            let Some(state) = states.next() else { continue };
            let ended = identities.disclosed.as_ref().and_then(|_| states.next()).filter(has_ended);
            add(judgement, ended.unwrap_or(state), at);
        }
        Ok(())
    }
}

/// The identities of one token. The holder of an SD-JWT chooses which claims to disclose, and must not choose the record of
/// the token with them.
struct Identities {
    /// The identity by the claims that the issuer signed in the clear. It names the record.
    signed: TokenIdentity,
    /// The identity with the disclosed claims, by which the token can be revoked with its subject. `None` if they change
    /// nothing.
    disclosed: Option<TokenIdentity>,
}

impl Identities {
    /// Returns the identities of a token. Returns `None`, and says why in the judgement, if the store cannot be asked about
    /// the token.
    fn of(judgement: &mut Judgement<'_>, token: &Token<'_>, ledger: &Ledger) -> Option<Self> {
        let verified = judgement.verified_claims().zip(token.unverified_claims());
        let Some((claims, in_clear)) = verified else {
            judgement.skip(CheckName::Store, "not checked: the signature is not verified");
            return None;
        };
        // Each signature has a digest of its own, so a document without `jti` could be used once for each of them.
        let is_one_of_several = token.json.is_some_and(|signature| signature.position().1 > 1);
        let has_id = claims.get().get("jti").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
        // The text of a token whose payload is not encoded lacks the payload, and is the same for all of them.
        let is_apart = token.detached.is_some();
        if (is_one_of_several || is_apart) && !has_id {
            let kind =
                if is_one_of_several { "with several signatures" } else { "whose payload is not encoded" };
            let detail = format!("the token has no `jti`, by which a store knows a document {kind}");
            judgement.reject(CheckName::Store, Failure::new(Reason::ClaimMissing("jti".to_owned()), detail));
            return None;
        }
        let (role, text) = (role_of(token), token.compact.text());
        let signed = identify_claims(judgement, in_clear, role, text, ledger)?;
        if std::ptr::eq(claims.get(), in_clear) {
            return Some(Self { signed, disclosed: None });
        }
        let all = identify(judgement, claims, role, text, ledger)?;
        let all = TokenIdentity { jti: signed.jti.clone(), origin: signed.origin.clone(), ..all };
        let disclosed = Some(all).filter(|all| *all != signed);
        Some(Self { signed, disclosed })
    }

    /// Returns the identities that a store is asked about: the signed one first.
    fn asked(&self) -> impl Iterator<Item = &TokenIdentity> {
        std::iter::once(&self.signed).chain(&self.disclosed)
    }
}

/// Reports whether a token is not valid any more. The disclosed claims of a token can say only that: its own record is
/// named by the claims in the clear.
const fn has_ended(state: &TokenState) -> bool {
    matches!(state, TokenState::Used { .. } | TokenState::Revoked { .. })
}

/// Asks a store about a refresh token that failed another check, and adds the answer to the judgement. If the signature
/// is valid and the token was used before, its family ends. The role is that of a token that passes every check.
///
/// # Errors
/// If the store cannot be asked.
pub fn consult_refused<'t>(
    judgement: &mut Judgement<'t>,
    token: &Token<'t>,
    role: TokenRole,
    ledger: &mut Ledger,
    now: NumericDate,
) -> Result<(), StoreError> {
    let claims = judgement.verified_claims();
    // Only a refresh token can have been used as one.
    let Some(claims) = claims.filter(|_| !judgement.reasons.contains(&Reason::WrongTokenType)) else {
        return LedgerCheck::new(ledger, TokenUse::Query).check(&mut [(judgement, token)], now);
    };
    if let Some(identity) = identify(judgement, claims, role, token.compact.text(), ledger) {
        let state = ledger.misuse(&identity, now)?;
        refreshed(judgement, RefreshOutcome::Refused(state), Duration::default(), now);
    }
    Ok(())
}

/// Returns the identity that the store knows a token by. Returns `None` and adds a failed check if the store cannot
/// keep such a token.
pub fn identify(
    judgement: &mut Judgement<'_>,
    claims: VerifiedClaims<'_>,
    role: TokenRole,
    text: &str,
    ledger: &Ledger,
) -> Option<TokenIdentity> {
    identify_claims(judgement, claims.get(), role, text, ledger)
}

fn identify_claims(
    judgement: &mut Judgement<'_>,
    claims: &ClaimsSet<'_>,
    role: TokenRole,
    text: &str,
    ledger: &Ledger,
) -> Option<TokenIdentity> {
    let identity = TokenIdentity::from_claims(claims.members(), role, text);
    match identity.and_then(|identity| ledger.fits(&identity).map(|()| identity)) {
        Ok(identity) => Some(identity),
        Err(failure) => {
            judgement.reject(CheckName::Store, failure);
            None
        }
    }
}

/// Returns what a token declares it is for. In a layout with token sets, a refresh token needs no membership. So a mark that
/// `declared_types` does not know never makes a token one there.
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

/// Returns what a token declares it is for, or else what its marks say, for records in which the purpose decides nothing.
#[must_use]
pub fn marked_role_of(token: &Token<'_>) -> TokenRole {
    match (role_of(token), purpose(token)) {
        (TokenRole::Other, Some(Purpose::Refresh)) => TokenRole::Refresh,
        (TokenRole::Other, Some(Purpose::Access)) => TokenRole::Access,
        (role, _) => role,
    }
}

/// Adds the answer of a store.
fn add(judgement: &mut Judgement<'_>, state: TokenState, now: NumericDate) {
    if state == TokenState::Forgotten && judgement.reasons.contains(&Reason::Expired) {
        // The verdict must be the same before the record is removed and after.
        judgement.skip(
            CheckName::Store,
            "not checked: the token has expired, and the store removes records of expired tokens",
        );
        return;
    }
    match outcome(state, now) {
        Ok(detail) => judgement.pass(CheckName::Store, detail),
        Err(failure) => judgement.reject(CheckName::Store, failure),
    }
}

fn outcome(state: TokenState, now: NumericDate) -> Result<&'static str, Failure> {
    let ago = |at: Millis| when(at, now);
    let (reason, detail) = match state {
        TokenState::Good { known: true } => return Ok("known, not used or revoked"),
        TokenState::InSet => return Ok("in the set of its user's valid tokens"),
        TokenState::Good { known: false } => return Ok("not known to the store, so not used or revoked"),
        TokenState::Used { at, ended } => {
            let family = if ended.is_some() { "; its family has ended" } else { "" };
            (Reason::Reused, format!("used before: {}{family}", ago(at)))
        }
        TokenState::Revoked { scope, at } => {
            let when = at.map(|at| format!(" {}", ago(at))).unwrap_or_default();
            let detail = match scope {
                RevocationScope::Token => format!("revoked{when}"),
                RevocationScope::Family(EndReason::Revoked) => format!("its family was revoked{when}"),
                RevocationScope::Family(EndReason::Reused) => {
                    format!("its family was ended{when}, because one of its refresh tokens was used twice")
                }
                RevocationScope::Subject => format!("all tokens of its subject were revoked{when}"),
                RevocationScope::SubjectOfUndated => format!(
                    "all tokens of its subject were revoked{when}, and the token has no `iat` that shows that it is newer"
                ),
                RevocationScope::Set => "not in the set of its user's valid tokens".to_owned(),
            };
            (Reason::Revoked, detail)
        }
        TokenState::Unknown => {
            (Reason::UnknownToken, "not known to the store, which rejects unknown tokens".to_owned())
        }
        TokenState::Forgotten => (
            Reason::UnknownToken,
            "expired and not known to the store, whose record may have been removed".to_owned(),
        ),
    };
    Err(Failure::new(reason, detail))
}

/// Adds the outcome of a refresh.
pub fn refreshed(
    judgement: &mut Judgement<'_>,
    refreshed: RefreshOutcome,
    interval: Duration,
    now: NumericDate,
) {
    match refreshed {
        RefreshOutcome::Rotated => judgement.pass(CheckName::Store, "used by this refresh, and not before"),
        RefreshOutcome::TooSoon { last } => {
            let detail = format!(
                "its family was refreshed {}, but the minimum interval is {interval}",
                when(last, now)
            );
            judgement.reject(CheckName::Store, Failure::new(Reason::TooSoon, detail));
        }
        // The first use was a refresh; this second use has ended the family.
        RefreshOutcome::Refused(TokenState::Used { at, ended: None }) => {
            let detail = format!("used before: {}; this second use ends its family", when(at, now));
            judgement.reject(CheckName::Store, Failure::new(Reason::Reused, detail));
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
