//! What a ledger does to put a token, a family or a subject out of use.

use super::address::Layout;
use super::identity::Identity;
use super::ledger::{Ledger, YEAR};
use super::record::{
    Ending, FamilyRecord, Id, Key, Millis, Revocation, Role, SubjectRecord, TokenRecord, Why, later,
};
use super::{Changes, Member, SetChange};
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use crate::store::token_state::{Known, Scope};

/// What a revocation made of a set of good tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetFate {
    /// Nothing that has to be said.
    Kept,
    /// There was none, and there is one now.
    Began,
    /// There was none, and there is none: whoever looks only there still takes the token.
    Missing,
}

/// What a revocation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// What is out of use.
    pub scope: Scope,
    /// Whether anything had been recorded of it.
    pub known: bool,
    /// When it had been revoked before.
    pub before: Option<Millis>,
    /// The family of a token that was revoked alone.
    pub family: Option<Id>,
    /// Until when this is kept; nothing means for ever.
    pub kept: Option<Millis>,
    /// What became of the set of good tokens, in the layout that has one.
    pub set: SetFate,
}

impl Ledger {
    /// Puts one token out of use.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn revoke_token(&mut self, identity: &Identity, now: NumericDate) -> Result<Revoked, CommandError> {
        let spot = self.spot(identity)?;
        self.decide(&spot, |known, ledger| {
            let old = ledger.record(identity, known);
            let before = old.revoked;
            let record = TokenRecord { revoked: before.or(Some(now.milliseconds())), ..old };
            let revoked = Revoked {
                scope: Scope::Token,
                known: known.token.is_some() || known.set.has_token,
                before,
                family: known.family.as_ref().map(|family| family.id.clone()),
                kept: record.exp,
                set: match ledger.member(identity)? {
                    Some(_) if identity.role != Role::Refresh && !known.set.exists => SetFate::Missing,
                    _ => SetFate::Kept,
                },
            };
            let exp = record.exp;
            let mut changes = ledger.changes(vec![ledger.write(Key::Token(identity.id()), record, exp)]);
            // A set is of access tokens. Where there is none all are good, and to begin one would end all the others.
            if let Some(member) = ledger.member(identity)?.filter(|_| identity.role != Role::Refresh) {
                changes.set = Some(SetChange::Remove(member, ledger.kept(exp)));
            }
            Ok((Some(changes), revoked))
        })
    }

    /// Puts a token and everything that descends from the same login out of use. In the layout of a set, which cannot
    /// tell one login from another, that is all there is of its user.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn revoke_family(&mut self, identity: &Identity, now: NumericDate) -> Result<Revoked, CommandError> {
        let spot = self.spot(identity)?;
        self.decide(&spot, |known, ledger| {
            let family = known.family.as_ref();
            let exp = match family {
                Some(family) => later(family.exp, identity.exp()),
                None => later(identity.exp(), Some(now.plus(YEAR).milliseconds())),
            };
            let ended = family.and_then(|family| family.ended);
            let revoked = Revoked {
                scope: Scope::Family(ended.map_or(Why::Revoked, |ended| ended.why)),
                known: family.is_some(),
                before: ended.map(|ended| ended.at),
                family: Some(family.map_or_else(|| identity.family(), |family| family.id.clone())),
                kept: exp,
                set: if ledger.layout == Layout::UserTokenSet && !known.set.exists {
                    SetFate::Began
                } else {
                    SetFate::Kept
                },
            };
            let changes = ended.is_none().then(|| ledger.end(identity, known, Why::Revoked, now));
            Ok((changes, revoked))
        })
    }

    /// Puts everything out of use that was issued to a subject so far, by one issuer or by any.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn revoke_subject(
        &mut self,
        subject: &str,
        issuer: Option<&str>,
        now: NumericDate,
    ) -> Result<Revoked, CommandError> {
        // No token is spoken of: what stands in its place is never found.
        let nobody = Identity {
            jti: String::new(),
            issuer: issuer.map(str::to_owned),
            origin: None,
            subject: Some(subject.to_owned()),
            user: None,
            issued: None,
            expires: None,
            role: Role::Other,
            text: String::new(),
        };
        let spot = self.spot(&nobody)?;
        self.decide(&spot, |known, ledger| {
            let record = ledger.revoked_subject(known, Some(subject), issuer, now);
            let kept = record.kept();
            let revoked = Revoked {
                scope: Scope::Subject,
                known: known.subject.is_some() || known.set.exists,
                before: None,
                family: None,
                kept,
                set: SetFate::Kept,
            };
            let mut changes = ledger.changes(vec![ledger.write(Key::Subject, record, kept)]);
            if let Some(Member { set, .. }) = ledger.member(&nobody)? {
                changes.set = Some(SetChange::Clear(set, ledger.kept(kept)));
            }
            Ok((Some(changes), revoked))
        })
    }

    /// What is written when a family ends.
    pub(super) fn end(&self, identity: &Identity, known: &Known, why: Why, now: NumericDate) -> Changes {
        let found = known.family.clone();
        let exp = match &found {
            Some(family) => later(family.exp, identity.exp()),
            None => later(identity.exp(), Some(now.plus(YEAR).milliseconds())),
        };
        let family = FamilyRecord {
            ended: Some(Ending { at: now.milliseconds(), why }),
            current: None,
            exp,
            ..found.unwrap_or_else(|| self.adopted(identity, known, now))
        };
        let mut records = vec![self.write(Key::Family(family.id.clone()), family, exp)];
        let mut set = None;
        if let Ok(Some(Member { set: name, .. })) = self.member(identity) {
            let subject = self.revoked_subject(known, self.whose(identity), None, now);
            let kept = subject.kept();
            records.push(self.write(Key::Subject, subject, kept));
            set = Some(SetChange::Clear(name, self.kept(kept)));
        }
        Changes { set, ..self.changes(records) }
    }

    /// The record of a subject once all that it has is out of use.
    fn revoked_subject(
        &self,
        known: &Known,
        sub: Option<&str>,
        issuer: Option<&str>,
        now: NumericDate,
    ) -> SubjectRecord {
        let old = known.subject.clone().unwrap_or_default();
        let epoch = old.epoch.saturating_add(1);
        // A later one says all that an earlier one of the same issuer said; and if the clock went back in between, it
        // says no less.
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
