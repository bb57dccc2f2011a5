//! The rules that turn the records of a token into its state. This file reads and writes nothing.

use super::backend::{Snapshot, TokenSetState};
use super::error::StoreError;
use super::identity::TokenIdentity;
use super::location::{MissingRecord, StoreLayout};
use super::record::{
    EndReason, FamilyEnd, FamilyRecord, Millis, Revocation, SubjectRecord, TokenRecord, TokenRole, date,
};
use crate::core::token::numeric_date::NumericDate;

/// The state of a token, as recorded in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenState {
    /// The token is valid.
    Good {
        /// True if the store has a record of it.
        known: bool,
    },
    /// The token is in the token set of its user, which decides alone (see [`TokenRecords::state`]).
    InSet,
    /// The token was used before.
    Used {
        /// When it was used.
        at: Millis,
        /// The end of its family, if it has ended.
        ended: Option<FamilyEnd>,
    },
    /// The token is revoked.
    Revoked {
        /// The extent of a revocation.
        scope: RevocationScope,
        /// When, if that is recorded.
        at: Option<Millis>,
    },
    /// The token is not recorded, and the store denies such tokens.
    Unknown,
    /// The token is not recorded, but it has expired, so its record may have been deleted.
    Forgotten,
}

/// The scope of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationScope {
    /// One token.
    Token,
    /// A family, for this reason.
    Family(EndReason),
    /// Everything issued to a subject until then.
    Subject,
    /// Everything issued to a subject until then, and the token has no `iat` that shows that it is newer.
    SubjectOfUndated,
    /// The token is not in the token set of its user.
    Set,
}

/// The parsed records of one token.
pub(super) struct TokenRecords {
    pub(super) token: Option<TokenRecord>,
    pub(super) family: Option<FamilyRecord>,
    pub(super) subject: Option<SubjectRecord>,
    pub(super) set: TokenSetState,
}

impl TokenState {
    /// Reports whether the token is valid.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Good { .. } | Self::InSet)
    }
}

impl TokenRecords {
    /// Parses a snapshot.
    pub(super) fn parse(snapshot: &Snapshot) -> Result<Self, StoreError> {
        Ok(Self {
            token: TokenRecord::parse(snapshot.token.as_deref())?,
            family: FamilyRecord::parse(snapshot.family.as_deref())?,
            subject: SubjectRecord::parse(snapshot.subject.as_deref())?,
            set: snapshot.set,
        })
    }

    /// Returns the number of revocations of the subject so far.
    pub(super) fn epoch(&self) -> u64 {
        self.subject.as_ref().map_or(0, |subject| subject.epoch)
    }

    /// Returns the revocation of the subject that covers the token, if there is one.
    fn revocation(&self, identity: &TokenIdentity) -> Option<&Revocation> {
        self.subject.as_ref()?.revocations.iter().find(|revocation| {
            let concerns = revocation.iss.is_none() || revocation.iss == identity.issuer;
            concerns
                && match &self.family {
                    // The epochs give the exact order, whatever the clocks showed.
                    Some(family) => family.epoch < revocation.epoch,
                    // `iat` has whole seconds, so a token issued in the same second counts as older.
                    None => {
                        identity.issued.is_none_or(|issued| issued.seconds() <= date(revocation.at).seconds())
                    }
                }
        })
    }

    /// Returns the state of the token. A token in the set of its user is valid, whatever was revoked: every revocation takes
    /// its tokens out of the set, so another program has issued or accepted this one since. Uses are not kept in the set.
    pub(super) fn state(
        &self,
        identity: &TokenIdentity,
        missing: MissingRecord,
        layout: StoreLayout,
        now: NumericDate,
    ) -> TokenState {
        let token = self.token.as_ref();
        let ended = self.family.as_ref().and_then(|family| family.ended);
        if let Some(at) = token.and_then(|token| token.used) {
            return TokenState::Used { at, ended };
        }
        let has_set = layout == StoreLayout::UserTokenSet && identity.role != TokenRole::Refresh;
        if has_set && self.set.has_token {
            return TokenState::InSet;
        }
        if let Some(at) = token.and_then(|token| token.revoked) {
            return TokenState::Revoked { scope: RevocationScope::Token, at: Some(at) };
        }
        if let Some(FamilyEnd { at, why }) = ended {
            return TokenState::Revoked { scope: RevocationScope::Family(why), at: Some(at) };
        }
        let is_dated = self.family.is_some() || identity.issued.is_some();
        match self.revocation(identity).map(|revocation| Some(revocation.at)) {
            Some(at) if is_dated => return TokenState::Revoked { scope: RevocationScope::Subject, at },
            _ if has_set && self.set.exists => {
                return TokenState::Revoked { scope: RevocationScope::Set, at: None };
            }
            Some(at) => return TokenState::Revoked { scope: RevocationScope::SubjectOfUndated, at },
            None => {}
        }
        let known = !has_set && token.is_some();
        match missing {
            _ if known => TokenState::Good { known },
            _ if identity.is_expired(now) => TokenState::Forgotten,
            MissingRecord::Deny => TokenState::Unknown,
            MissingRecord::Allow => TokenState::Good { known },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Record, RecordId};
    use super::*;

    const NOW: NumericDate = NumericDate::from_seconds(200);

    fn identity() -> TokenIdentity {
        TokenIdentity {
            jti: Some("a".into()),
            issuer: Some("i".into()),
            origin: None,
            subject: Some("al".into()),
            user: None,
            issued: Some(NumericDate::from_seconds(100)),
            expires: None,
            role: TokenRole::Access,
            text: String::new(),
        }
    }

    fn token(used: Option<Millis>, revoked: Option<Millis>) -> TokenRecord {
        let (jti, iss, sub) = ("a".into(), Some("i".into()), Some("al".into()));
        TokenRecord { jti, iss, sub, role: TokenRole::Access, family: None, exp: None, used, revoked }
    }

    fn family(epoch: u64, ended: Option<FamilyEnd>) -> FamilyRecord {
        let (id, iss, sub) = (RecordId::from_token(None, "a"), Some("i".into()), Some("al".into()));
        FamilyRecord { id, iss, sub, epoch, begun: 0, current: None, refreshed: None, ended, exp: None }
    }

    fn subject(revocations: &[(Option<&str>, u64, Millis)]) -> SubjectRecord {
        let revocation = |(iss, epoch, at): &(Option<&str>, u64, Millis)| Revocation {
            iss: iss.map(str::to_owned),
            epoch: *epoch,
            at: *at,
        };
        SubjectRecord {
            revocations: revocations.iter().map(revocation).collect(),
            ..SubjectRecord::default()
        }
    }

    fn state(
        token: Option<TokenRecord>,
        family: Option<FamilyRecord>,
        subject: Option<SubjectRecord>,
    ) -> TokenState {
        let known = TokenRecords { token, family, subject, set: TokenSetState::default() };
        known.state(&identity(), MissingRecord::Allow, StoreLayout::Own, NOW)
    }

    #[test]
    fn reports_an_earlier_use_before_any_revocation() {
        let ended = Some(FamilyEnd { at: 5, why: EndReason::Revoked });
        let all = (token(Some(3), Some(4)), family(0, ended), subject(&[(None, 1, 200_000)]));
        let (used, revoked) = (Some(all.0.clone()), Some(token(None, Some(4))));
        assert_eq!(state(used, Some(all.1.clone()), Some(all.2.clone())), TokenState::Used { at: 3, ended });
        let scope = |state| match state {
            TokenState::Revoked { scope, .. } => scope,
            other => panic!("{other:?}"),
        };
        assert_eq!(scope(state(revoked, Some(all.1.clone()), Some(all.2.clone()))), RevocationScope::Token);
        assert_eq!(
            scope(state(None, Some(all.1), Some(all.2.clone()))),
            RevocationScope::Family(EndReason::Revoked)
        );
        assert_eq!(scope(state(None, Some(family(0, None)), Some(all.2))), RevocationScope::Subject);
        assert_eq!(state(None, Some(family(0, None)), None), TokenState::Good { known: false });
        assert_eq!(state(Some(token(None, None)), None, None), TokenState::Good { known: true });
    }

    #[test]
    fn accepts_a_family_started_after_a_revocation_despite_the_clock() {
        let revoked = || Some(subject(&[(None, 2, 900_000)]));
        assert_eq!(state(None, Some(family(2, None)), revoked()), TokenState::Good { known: false });
        assert!(matches!(state(None, Some(family(1, None)), revoked()), TokenState::Revoked { .. }));
    }

    #[test]
    fn uses_iat_for_tokens_without_a_recorded_family() {
        for (at, good) in [(99_999, true), (100_000, false), (100_999, false), (101_000, false)] {
            let found = state(None, None, Some(subject(&[(None, 1, at)])));
            assert_eq!(matches!(found, TokenState::Good { .. }), good, "{at}");
        }
    }

    #[test]
    fn limits_a_revocation_to_its_issuer() {
        let with_issuer = |iss| state(None, Some(family(0, None)), Some(subject(&[(Some(iss), 1, 0)])));
        assert!(matches!(with_issuer("i"), TokenState::Revoked { scope: RevocationScope::Subject, .. }));
        assert_eq!(with_issuer("j"), TokenState::Good { known: false });
    }

    #[test]
    fn applies_the_token_set_to_all_but_refresh_tokens() {
        let state = |set, missing, role| {
            let known = TokenRecords { token: None, family: None, subject: None, set };
            known.state(&TokenIdentity { role, ..identity() }, missing, StoreLayout::UserTokenSet, NOW)
        };
        let none = TokenSetState::default();
        let (inside, outside) = (
            TokenSetState { exists: true, has_token: true },
            TokenSetState { exists: true, has_token: false },
        );
        for (set, missing, expected) in [
            (none, MissingRecord::Allow, TokenState::Good { known: false }),
            (none, MissingRecord::Deny, TokenState::Unknown),
            (inside, MissingRecord::Allow, TokenState::InSet),
            (inside, MissingRecord::Deny, TokenState::InSet),
            (outside, MissingRecord::Allow, TokenState::Revoked { scope: RevocationScope::Set, at: None }),
            (outside, MissingRecord::Deny, TokenState::Revoked { scope: RevocationScope::Set, at: None }),
        ] {
            assert_eq!(state(set, missing, TokenRole::Access), expected);
            assert_eq!(state(set, missing, TokenRole::Other), expected);
        }
        assert_eq!(
            state(outside, MissingRecord::Allow, TokenRole::Refresh),
            TokenState::Good { known: false }
        );
    }

    #[test]
    fn a_token_in_the_set_is_valid_whatever_was_revoked_before() {
        let ended = Some(FamilyEnd { at: 5, why: EndReason::Reused });
        let inside = TokenSetState { exists: true, has_token: true };
        let state = |used, set, role| {
            let known = TokenRecords {
                token: Some(token(used, Some(4))),
                family: Some(family(0, ended)),
                subject: Some(subject(&[(None, 1, 900_000)])),
                set,
            };
            known.state(
                &TokenIdentity { role, ..identity() },
                MissingRecord::Deny,
                StoreLayout::UserTokenSet,
                NOW,
            )
        };
        assert_eq!(state(None, inside, TokenRole::Access), TokenState::InSet);
        assert_eq!(state(Some(3), inside, TokenRole::Access), TokenState::Used { at: 3, ended });
        // A set holds no refresh tokens. Outside of a set, and without one, a revocation stays.
        for (set, role) in [
            (inside, TokenRole::Refresh),
            (TokenSetState { exists: true, has_token: false }, TokenRole::Access),
            (TokenSetState::default(), TokenRole::Access),
        ] {
            let revoked = TokenState::Revoked { scope: RevocationScope::Token, at: Some(4) };
            assert_eq!(state(None, set, role), revoked, "{set:?}");
        }
    }

    #[test]
    fn a_token_without_iat_counts_as_older_than_a_revocation() {
        let known = TokenRecords {
            token: None,
            family: None,
            subject: Some(subject(&[(None, 1, 0)])),
            set: TokenSetState::default(),
        };
        let state = |issued| {
            let identity = TokenIdentity { issued, ..identity() };
            known.state(&identity, MissingRecord::Allow, StoreLayout::Own, NOW)
        };
        assert_eq!(state(Some(NumericDate::from_seconds(1))), TokenState::Good { known: false });
        let undated = TokenState::Revoked { scope: RevocationScope::SubjectOfUndated, at: Some(0) };
        assert_eq!(state(None), undated);
    }

    #[test]
    fn reports_expired_unrecorded_tokens_as_forgotten() {
        let state = |token, expires, missing| {
            let known = TokenRecords { token, family: None, subject: None, set: TokenSetState::default() };
            let expires = Some(NumericDate::from_seconds(expires));
            known.state(&TokenIdentity { expires, ..identity() }, missing, StoreLayout::Own, NOW)
        };
        assert_eq!(state(None, 200, MissingRecord::Allow), TokenState::Forgotten);
        assert_eq!(state(None, 200, MissingRecord::Deny), TokenState::Forgotten);
        assert_eq!(state(None, 201, MissingRecord::Allow), TokenState::Good { known: false });
        assert_eq!(state(None, 201, MissingRecord::Deny), TokenState::Unknown);
        assert_eq!(
            state(Some(token(None, None)), 200, MissingRecord::Deny),
            TokenState::Good { known: true }
        );
        let used = state(Some(token(Some(5), None)), 200, MissingRecord::Allow);
        assert_eq!(used, TokenState::Used { at: 5, ended: None });
    }

    #[test]
    fn rejects_a_record_under_the_key_of_another_kind() {
        let text = Record::from(token(None, None)).to_text();
        let seen = Snapshot { family: Some(text.clone()), ..Snapshot::default() };
        assert!(TokenRecords::parse(&seen).is_err());
        assert!(TokenRecords::parse(&Snapshot { token: Some(text), ..Snapshot::default() }).is_ok());
    }

    #[test]
    fn only_known_and_unrecorded_tokens_and_members_of_sets_are_good() {
        let revoked = TokenState::Revoked { scope: RevocationScope::Token, at: None };
        for (state, expected) in [
            (TokenState::Good { known: true }, true),
            (TokenState::Good { known: false }, true),
            (TokenState::InSet, true),
            (TokenState::Used { at: 1, ended: None }, false),
            (revoked, false),
            (TokenState::Unknown, false),
            (TokenState::Forgotten, false),
        ] {
            assert_eq!(state.is_good(), expected, "{state:?}");
        }
    }

    #[test]
    fn a_family_dates_a_token_without_iat() {
        let known = TokenRecords {
            token: None,
            family: Some(family(0, None)),
            subject: Some(subject(&[(None, 1, 7)])),
            set: TokenSetState { exists: true, has_token: false },
        };
        assert_eq!(known.epoch(), 0);
        let undated = TokenIdentity { issued: None, ..identity() };
        let state = known.state(&undated, MissingRecord::Allow, StoreLayout::UserTokenSet, NOW);
        assert_eq!(state, TokenState::Revoked { scope: RevocationScope::Subject, at: Some(7) });
        let later = SubjectRecord { epoch: 5, ..subject(&[]) };
        let known = TokenRecords { subject: Some(later), family: None, ..known };
        assert_eq!(known.epoch(), 5);
    }
}
