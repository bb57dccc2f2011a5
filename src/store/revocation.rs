//! How a ledger revokes a token, a family or a subject.

use super::backend::{SetChange, SetMember, StoreUpdate};
use super::error::StoreError;
use super::identity::TokenIdentity;
use super::ledger::{Ledger, YEAR};
use super::location::StoreLayout;
use super::record::{
    EndReason, FamilyEnd, FamilyRecord, Millis, RecordId, RecordKey, Revocation, SubjectRecord, TokenRecord,
    TokenRole, later,
};
use crate::core::token::numeric_date::NumericDate;
use crate::store::token_state::{RevocationScope, TokenRecords};

/// The effect of a revocation on a token set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetEffect {
    /// Nothing the user should know.
    Kept,
    /// The revocation created the set.
    Began,
    /// The set was there, and the revocation emptied it.
    Cleared,
    /// There is no set. Services that only look at the set still accept the token.
    Absent,
}

/// The outcome of a revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationOutcome {
    /// The scope of a revocation.
    pub scope: RevocationScope,
    /// True if the store had a record of it before.
    pub known: bool,
    /// When it was revoked before, if it was.
    pub before: Option<Millis>,
    /// The family, of a token or revoked itself.
    pub family: Option<RecordId>,
    /// Until when the revocation is kept; `None` means forever.
    pub kept: Option<Millis>,
    /// The effect on the token set, where the layout has one.
    pub set: SetEffect,
}

impl Ledger {
    /// Revokes one token.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn revoke_token(
        &mut self,
        identity: &TokenIdentity,
        now: NumericDate,
    ) -> Result<RevocationOutcome, StoreError> {
        let keys = self.keys(identity)?;
        self.decide(&keys, |known, ledger| {
            let old = ledger.record(identity, known);
            // A token that another program has put back into the set is valid again.
            let before = old.revoked.filter(|_| !known.set.has_token);
            let record = TokenRecord { revoked: before.or(Some(now.milliseconds())), ..old };
            let revoked = RevocationOutcome {
                scope: RevocationScope::Token,
                known: known.token.is_some() || known.set.has_token,
                before,
                family: known.family.as_ref().map(|family| family.id.clone()),
                kept: record.exp,
                set: match ledger.member(identity)? {
                    Some(_) if identity.role != TokenRole::Refresh && !known.set.exists => SetEffect::Absent,
                    _ => SetEffect::Kept,
                },
            };
            let exp = record.exp;
            let mut update = ledger.update(vec![ledger.write(RecordKey::Token(identity.id()), record, exp)]);
            // A set holds access tokens. Without a set all are valid, so creating one would revoke all others.
            if let Some(member) = ledger.member(identity)?.filter(|_| identity.role != TokenRole::Refresh) {
                update.set = Some(SetChange::Remove(member, ledger.kept(exp)));
            }
            Ok((Some(update), revoked))
        })
    }

    /// Revokes a token and all tokens that descend from the same login. A token set does not tell logins apart, so in
    /// that layout this revokes everything of the user.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn revoke_family(
        &mut self,
        identity: &TokenIdentity,
        now: NumericDate,
    ) -> Result<RevocationOutcome, StoreError> {
        let keys = self.keys(identity)?;
        self.decide(&keys, |known, ledger| {
            let family = known.family.as_ref();
            let exp = match family {
                Some(family) => later(family.exp, identity.exp()),
                None => later(identity.exp(), Some(now.plus(YEAR).milliseconds())),
            };
            // As above.
            let ended = family.and_then(|family| family.ended).filter(|_| !known.set.has_token);
            let revoked = RevocationOutcome {
                scope: RevocationScope::Family(ended.map_or(EndReason::Revoked, |ended| ended.why)),
                known: family.is_some(),
                before: ended.map(|ended| ended.at),
                family: Some(family.map_or_else(|| identity.family(), |family| family.id.clone())),
                kept: exp,
                set: match (ledger.layout, known.set.exists) {
                    (StoreLayout::UserTokenSet, false) => SetEffect::Began,
                    (StoreLayout::UserTokenSet, true) => SetEffect::Cleared,
                    (StoreLayout::Own, _) => SetEffect::Kept,
                },
            };
            let update = ended.is_none().then(|| ledger.end(identity, known, EndReason::Revoked, now));
            Ok((update, revoked))
        })
    }

    /// Revokes everything issued to a subject so far, by one issuer or by all.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn revoke_subject(
        &mut self,
        subject: &str,
        issuer: Option<&str>,
        now: NumericDate,
    ) -> Result<RevocationOutcome, StoreError> {
        // An identity with an empty `jti` stands for the subject alone; no token has this record.
        let owner = TokenIdentity {
            jti: Some(String::new()),
            issuer: issuer.map(str::to_owned),
            origin: None,
            subject: Some(subject.to_owned()),
            user: None,
            issued: None,
            expires: None,
            role: TokenRole::Other,
            text: String::new(),
        };
        let keys = self.keys(&owner)?;
        self.decide(&keys, |known, ledger| {
            let record = ledger.revoked_subject(known, Some(subject), issuer, now);
            let kept = record.kept();
            let revoked = RevocationOutcome {
                scope: RevocationScope::Subject,
                known: known.subject.is_some() || known.set.exists,
                before: None,
                family: None,
                kept,
                set: SetEffect::Kept,
            };
            let mut update = ledger.update(vec![ledger.write(RecordKey::Subject, record, kept)]);
            if let Some(SetMember { set, .. }) = ledger.member(&owner)? {
                update.set = Some(SetChange::Clear(set, ledger.kept(kept)));
            }
            Ok((Some(update), revoked))
        })
    }

    /// Returns the update that ends a family.
    pub(super) fn end(
        &self,
        identity: &TokenIdentity,
        known: &TokenRecords,
        why: EndReason,
        now: NumericDate,
    ) -> StoreUpdate {
        let found = known.family.clone();
        let exp = match &found {
            Some(family) => later(family.exp, identity.exp()),
            None => later(identity.exp(), Some(now.plus(YEAR).milliseconds())),
        };
        let family = FamilyRecord {
            ended: Some(FamilyEnd { at: now.milliseconds(), why }),
            current: None,
            exp,
            ..found.unwrap_or_else(|| self.adopted(identity, known, now))
        };
        let mut records = vec![self.write(RecordKey::Family(family.id.clone()), family, exp)];
        let mut set = None;
        if let Ok(Some(SetMember { set: name, .. })) = self.member(identity) {
            let subject = self.revoked_subject(known, self.owner(identity), None, now);
            let kept = subject.kept();
            records.push(self.write(RecordKey::Subject, subject, kept));
            set = Some(SetChange::Clear(name, self.kept(kept)));
        }
        StoreUpdate { set, ..self.update(records) }
    }

    /// Returns the record of a subject with a new revocation.
    fn revoked_subject(
        &self,
        known: &TokenRecords,
        sub: Option<&str>,
        issuer: Option<&str>,
        now: NumericDate,
    ) -> SubjectRecord {
        let old = known.subject.clone().unwrap_or_default();
        let epoch = old.epoch.saturating_add(1);
        // The new revocation replaces earlier ones of the same issuer. Its time is never earlier than theirs, even if
        // the clock went backwards.
        let (replaced, mut revocations): (Vec<_>, Vec<_>) = old
            .revocations
            .into_iter()
            .partition(|earlier| issuer.is_none() || earlier.iss.as_deref() == issuer);
        let at = replaced.iter().map(|earlier| earlier.at).fold(now.milliseconds(), Millis::max);
        revocations.push(Revocation { iss: issuer.map(str::to_owned), epoch, at });
        let latest = old.latest.max(Some(now.plus(YEAR).milliseconds()));
        SubjectRecord { sub: sub.map(str::to_owned), epoch, revocations, latest, endless: old.endless }
    }
}
