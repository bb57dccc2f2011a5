//! How a token stands, given what is recorded of it: the rules, and nothing that reads or writes.

use super::address::{Layout, Missing};
use super::identity::Identity;
use super::record::{Ending, FamilyRecord, Millis, Revocation, Role, SubjectRecord, TokenRecord, Why, date};
use super::{Seen, SeenSet};
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;

/// What a store says of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing against it. Whether anything is recorded of it.
    Good {
        /// Whether it has a record of its own, or a set of good tokens that it is in.
        known: bool,
    },
    /// It was used up.
    Used {
        /// When.
        at: Millis,
        /// How its family fares, if it is one.
        ended: Option<Ending>,
    },
    /// It is out of use.
    Revoked {
        /// With what else.
        scope: Scope,
        /// When that was, where it is recorded.
        at: Option<Millis>,
    },
    /// Nothing is recorded of it, and that is not enough.
    Unknown,
    /// Nothing is recorded of it, and it has expired: whatever was recorded may be gone.
    Forgotten,
}

/// What was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The token itself.
    Token,
    /// Its family, and why.
    Family(Why),
    /// Everything that was issued to its subject until then.
    Subject,
    /// It is not in the set of good tokens.
    Set,
}

/// The records at a spot, read.
pub(super) struct Known {
    pub(super) token: Option<TokenRecord>,
    pub(super) family: Option<FamilyRecord>,
    pub(super) subject: Option<SubjectRecord>,
    pub(super) set: SeenSet,
}

impl Known {
    pub(super) fn read(seen: &Seen) -> Result<Self, CommandError> {
        Ok(Self {
            token: TokenRecord::read(seen.token.as_deref())?,
            family: FamilyRecord::read(seen.family.as_deref())?,
            subject: SubjectRecord::read(seen.subject.as_deref())?,
            set: seen.set,
        })
    }

    pub(super) fn epoch(&self) -> u64 {
        self.subject.as_ref().map_or(0, |subject| subject.epoch)
    }

    /// The revocation of its subject that a token falls under.
    fn revocation(&self, identity: &Identity) -> Option<&Revocation> {
        self.subject.as_ref()?.revocations.iter().find(|revocation| {
            let concerns = revocation.iss.is_none() || revocation.iss == identity.issuer;
            concerns
                && match &self.family {
                    // The order in which the store was told is exact; no clock is asked.
                    Some(family) => family.epoch < revocation.epoch,
                    // A token's `iat` has whole seconds: what was issued in the same second is taken for older.
                    None => {
                        identity.issued.is_none_or(|issued| issued.seconds() <= date(revocation.at).seconds())
                    }
                }
        })
    }

    pub(super) fn standing(
        &self,
        identity: &Identity,
        missing: Missing,
        layout: Layout,
        now: NumericDate,
    ) -> Standing {
        let token = self.token.as_ref();
        let ended = self.family.as_ref().and_then(|family| family.ended);
        if let Some(at) = token.and_then(|token| token.used) {
            return Standing::Used { at, ended };
        }
        if let Some(at) = token.and_then(|token| token.revoked) {
            return Standing::Revoked { scope: Scope::Token, at: Some(at) };
        }
        if let Some(Ending { at, why }) = ended {
            return Standing::Revoked { scope: Scope::Family(why), at: Some(at) };
        }
        if let Some(revocation) = self.revocation(identity) {
            return Standing::Revoked { scope: Scope::Subject, at: Some(revocation.at) };
        }
        let has_set = layout == Layout::UserTokenSet && identity.role != Role::Refresh;
        if has_set && self.set.exists && !self.set.has_token {
            return Standing::Revoked { scope: Scope::Set, at: None };
        }
        let known = if has_set { self.set.exists } else { token.is_some() };
        match missing {
            _ if known => Standing::Good { known },
            _ if identity.is_over(now) => Standing::Forgotten,
            Missing::Denied => Standing::Unknown,
            Missing::Good => Standing::Good { known },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Id, Record};
    use super::*;

    const NOW: NumericDate = NumericDate::from_seconds(200);

    fn identity() -> Identity {
        Identity {
            jti: "a".into(),
            issuer: Some("i".into()),
            origin: None,
            subject: Some("al".into()),
            user: None,
            issued: Some(NumericDate::from_seconds(100)),
            expires: None,
            role: Role::Access,
            text: String::new(),
        }
    }

    fn token(used: Option<Millis>, revoked: Option<Millis>) -> TokenRecord {
        let (jti, iss, sub) = ("a".into(), Some("i".into()), Some("al".into()));
        TokenRecord { jti, iss, sub, role: Role::Access, family: None, exp: None, used, revoked }
    }

    fn family(epoch: u64, ended: Option<Ending>) -> FamilyRecord {
        let (id, iss, sub) = (Id::of_token(None, "a"), Some("i".into()), Some("al".into()));
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

    fn standing(
        token: Option<TokenRecord>,
        family: Option<FamilyRecord>,
        subject: Option<SubjectRecord>,
    ) -> Standing {
        let known = Known { token, family, subject, set: SeenSet::default() };
        known.standing(&identity(), Missing::Good, Layout::Own, NOW)
    }

    #[test]
    fn a_second_use_is_told_before_all_else() {
        let ended = Some(Ending { at: 5, why: Why::Revoked });
        let all = (token(Some(3), Some(4)), family(0, ended), subject(&[(None, 1, 200_000)]));
        let (used, revoked) = (Some(all.0.clone()), Some(token(None, Some(4))));
        assert_eq!(standing(used, Some(all.1.clone()), Some(all.2.clone())), Standing::Used { at: 3, ended });
        let scope = |standing| match standing {
            Standing::Revoked { scope, .. } => scope,
            other => panic!("{other:?}"),
        };
        assert_eq!(scope(standing(revoked, Some(all.1.clone()), Some(all.2.clone()))), Scope::Token);
        assert_eq!(scope(standing(None, Some(all.1), Some(all.2.clone()))), Scope::Family(Why::Revoked));
        assert_eq!(scope(standing(None, Some(family(0, None)), Some(all.2))), Scope::Subject);
        assert_eq!(standing(None, Some(family(0, None)), None), Standing::Good { known: false });
        assert_eq!(standing(Some(token(None, None)), None, None), Standing::Good { known: true });
    }

    #[test]
    fn a_family_that_began_after_a_revocation_is_good_whatever_the_clock_said() {
        let revoked = || Some(subject(&[(None, 2, 900_000)]));
        assert_eq!(standing(None, Some(family(2, None)), revoked()), Standing::Good { known: false });
        assert!(matches!(standing(None, Some(family(1, None)), revoked()), Standing::Revoked { .. }));
    }

    #[test]
    fn a_token_of_no_known_family_is_as_old_as_it_says() {
        for (at, good) in [(99_999, true), (100_000, false), (100_999, false), (101_000, false)] {
            let found = standing(None, None, Some(subject(&[(None, 1, at)])));
            assert_eq!(matches!(found, Standing::Good { .. }), good, "{at}");
        }
    }

    #[test]
    fn a_revocation_of_one_issuer_leaves_the_others() {
        let of = |iss| standing(None, Some(family(0, None)), Some(subject(&[(Some(iss), 1, 0)])));
        assert!(matches!(of("i"), Standing::Revoked { scope: Scope::Subject, .. }));
        assert_eq!(of("j"), Standing::Good { known: false });
    }

    #[test]
    fn a_set_of_good_tokens_has_the_last_word_on_access_tokens_alone() {
        let standing = |set, missing, role| {
            let known = Known { token: None, family: None, subject: None, set };
            known.standing(&Identity { role, ..identity() }, missing, Layout::UserTokenSet, NOW)
        };
        let none = SeenSet::default();
        let (inside, outside) =
            (SeenSet { exists: true, has_token: true }, SeenSet { exists: true, has_token: false });
        for (set, missing, expected) in [
            (none, Missing::Good, Standing::Good { known: false }),
            (none, Missing::Denied, Standing::Unknown),
            (inside, Missing::Good, Standing::Good { known: true }),
            (inside, Missing::Denied, Standing::Good { known: true }),
            (outside, Missing::Good, Standing::Revoked { scope: Scope::Set, at: None }),
            (outside, Missing::Denied, Standing::Revoked { scope: Scope::Set, at: None }),
        ] {
            assert_eq!(standing(set, missing, Role::Access), expected);
            assert_eq!(standing(set, missing, Role::Other), expected);
        }
        assert_eq!(standing(outside, Missing::Good, Role::Refresh), Standing::Good { known: false });
    }

    #[test]
    fn what_is_not_known_and_over_may_have_been_forgotten() {
        let standing = |token, expires, missing| {
            let known = Known { token, family: None, subject: None, set: SeenSet::default() };
            let expires = Some(NumericDate::from_seconds(expires));
            known.standing(&Identity { expires, ..identity() }, missing, Layout::Own, NOW)
        };
        assert_eq!(standing(None, 200, Missing::Good), Standing::Forgotten);
        assert_eq!(standing(None, 200, Missing::Denied), Standing::Forgotten);
        assert_eq!(standing(None, 201, Missing::Good), Standing::Good { known: false });
        assert_eq!(standing(None, 201, Missing::Denied), Standing::Unknown);
        assert_eq!(standing(Some(token(None, None)), 200, Missing::Denied), Standing::Good { known: true });
        let used = standing(Some(token(Some(5), None)), 200, Missing::Good);
        assert_eq!(used, Standing::Used { at: 5, ended: None });
    }

    #[test]
    fn records_are_read_as_what_they_are_or_not_at_all() {
        let text = Record::from(token(None, None)).to_text();
        let seen = Seen { family: Some(text.clone()), ..Seen::default() };
        assert!(Known::read(&seen).is_err());
        assert!(Known::read(&Seen { token: Some(text), ..Seen::default() }).is_ok());
    }
}
