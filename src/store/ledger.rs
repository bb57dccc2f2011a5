//! The decisions: is this token good, who wins a refresh, what does a revocation end. Each reads, decides, and writes
//! only if nothing has changed meanwhile; else it begins again. Where records lie is the business of a [`Shelf`].

use super::address::{Address, Layout, Missing};
use super::identity::Identity;
use super::record::{
    Ending, FamilyRecord, Id, Key, Millis, Record, Revocation, Role, SubjectRecord, TokenRecord, Why, date,
    later,
};
use super::{Changes, Member, Seen, SeenSet, SetChange, Shelf, Spot, Write};
use crate::core::duration::Duration;
use crate::core::numeric_date::NumericDate;
use crate::core::reason::{Failure, Reason};
use crate::problem::Problem;

/// How long the revocation of a subject, or of a family nothing is known of, is kept at least: tokens that were minted
/// elsewhere may live as long.
const YEAR: Duration = Duration::seconds(366 * 86_400);
/// How long a record is kept at least, whatever has expired: clocks are not all alike.
const MINUTE: Duration = Duration::seconds(60);
/// How often a decision is begun again. Whoever was in the way has got on each time, so it ends far sooner.
const MOST_ATTEMPTS: usize = 1000;

/// A store, and what it is asked.
pub struct Ledger {
    shelf: Box<dyn Shelf>,
    missing: Missing,
    layout: Layout,
    prefix: String,
    forget: NumericDate,
}

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

/// How a refresh ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The token was used up by this refresh and by no other.
    Won,
    /// It is not good.
    Refused(Standing),
    /// Its family was refreshed a moment ago.
    TooSoon {
        /// When.
        last: Millis,
    },
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
    /// Whether there was no set of good tokens before, in the layout that has one: there is one now.
    pub set_began: bool,
}

/// The tokens that are handed out together.
#[derive(Clone, Copy, Debug)]
pub struct Issued<'i> {
    /// The access token, or the one that is both.
    pub access: &'i Identity,
    /// The refresh token, if there is a new one.
    pub refresh: Option<&'i Identity>,
}

impl<'i> Issued<'i> {
    fn all(self) -> impl Iterator<Item = &'i Identity> {
        [Some(self.access), self.refresh].into_iter().flatten()
    }

    /// The one that is exchanged for the next.
    fn next(self) -> Option<&'i Identity> {
        self.refresh.or(Some(self.access).filter(|access| access.role == Role::Both))
    }

    /// When the last of them expires.
    fn exp(self) -> Option<Millis> {
        self.all().map(Identity::exp).reduce(later).flatten()
    }
}

/// The records at a spot, read.
struct Known {
    token: Option<TokenRecord>,
    family: Option<FamilyRecord>,
    subject: Option<SubjectRecord>,
    set: SeenSet,
}

impl Known {
    fn read(seen: &Seen) -> Result<Self, Problem> {
        Ok(Self {
            token: TokenRecord::read(seen.token.as_deref())?,
            family: FamilyRecord::read(seen.family.as_deref())?,
            subject: SubjectRecord::read(seen.subject.as_deref())?,
            set: seen.set,
        })
    }

    fn epoch(&self) -> u64 {
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

    fn standing(&self, identity: &Identity, missing: Missing, layout: Layout) -> Standing {
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
        if !known && missing == Missing::Denied {
            return Standing::Unknown;
        }
        Standing::Good { known }
    }
}

impl Ledger {
    /// Keeps a store in the way its address says. What expired before `forget` may go whenever something is written.
    #[must_use]
    pub fn new(shelf: Box<dyn Shelf>, address: &Address, forget: NumericDate) -> Self {
        let prefix = match &address.place {
            super::address::Place::Server(server) => server.prefix.clone(),
            super::address::Place::File(_) => String::new(),
        };
        Self { shelf, missing: address.missing, layout: address.layout(), prefix, forget }
    }

    /// Whether a token can be kept here at all.
    ///
    /// # Errors
    /// `claim_missing:user_id` where users have sets and the token names none.
    pub fn fits(&self, identity: &Identity) -> Result<(), Failure> {
        if self.layout == Layout::UserTokenSet && identity.user().is_none() {
            let detail = "the token names no user: it has neither `user_id` nor `sub`";
            return Err(Failure::new(Reason::ClaimMissing("user_id".to_owned()), detail));
        }
        Ok(())
    }

    /// What the store says of each token, in one round trip for all of them.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn look_up(&mut self, identities: &[&Identity]) -> Result<Vec<Standing>, Problem> {
        let spots: Result<Vec<Spot>, Problem> =
            identities.iter().map(|identity| self.spot(identity)).collect();
        let seen = self.shelf.read(&spots?)?;
        let standing = |(identity, seen): (&&Identity, &Seen)| {
            Ok(Known::read(seen)?.standing(identity, self.missing, self.layout))
        };
        identities.iter().zip(&seen).map(standing).collect()
    }

    /// Begins a family with the tokens of a login. Says whether there was no set of good tokens before, in the layout
    /// that has one.
    ///
    /// # Errors
    /// If it cannot be written; then nothing of it is.
    pub fn begin(&mut self, issued: Issued<'_>, now: NumericDate) -> Result<bool, Problem> {
        let first = issued.next().unwrap_or(issued.access);
        let spot = self.spot(first)?;
        self.decide(&spot, |known, ledger| {
            if known.token.is_some() || known.family.is_some() {
                return Err(Problem::usage("the store knows a token with this `jti` already"));
            }
            let family = FamilyRecord {
                id: first.family(),
                iss: first.issuer.clone(),
                sub: ledger.whose(first).map(str::to_owned),
                epoch: known.epoch(),
                begun: now.milliseconds(),
                current: issued.next().map(|next| next.jti.clone()),
                refreshed: None,
                ended: None,
                exp: issued.exp(),
            };
            let began = ledger.layout == Layout::UserTokenSet && !known.set.exists;
            Ok((Some(ledger.hand_out(issued, family, known, now)?), began))
        })
    }

    /// Uses up a refresh token for these successors: of all who try, one wins. Whoever comes later ends the family.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn rotate(
        &mut self,
        old: &Identity,
        issued: Issued<'_>,
        interval: Option<Duration>,
        now: NumericDate,
    ) -> Result<Refreshed, Problem> {
        let spot = self.spot(old)?;
        self.decide(&spot, |known, ledger| {
            match known.standing(old, ledger.missing, ledger.layout) {
                Standing::Good { .. } => {}
                standing @ Standing::Used { ended: None, .. } => {
                    return Ok((
                        Some(ledger.end(old, known, Why::Reused, now)),
                        Refreshed::Refused(standing),
                    ));
                }
                standing => return Ok((None, Refreshed::Refused(standing))),
            }
            let last = known.family.as_ref().and_then(|family| family.refreshed);
            if let (Some(last), Some(interval)) = (last, interval)
                && now < date(last).plus(interval)
            {
                return Ok((None, Refreshed::TooSoon { last }));
            }
            let family = known.family.clone().unwrap_or_else(|| ledger.adopted(old, known, now));
            let family = FamilyRecord {
                current: issued.next().map(|next| next.jti.clone()),
                refreshed: Some(now.milliseconds()),
                exp: later(family.exp, issued.exp()),
                ..family
            };
            let used = TokenRecord {
                family: Some(family.id.clone()),
                used: Some(now.milliseconds()),
                ..ledger.record(old, known)
            };
            let mut changes = ledger.hand_out(issued, family, known, now)?;
            changes.records.push(ledger.write(Key::Token(old.id()), used.clone(), used.exp, now));
            Ok((Some(changes), Refreshed::Won))
        })
    }

    /// Uses up a token that is good for one use.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn spend(&mut self, identity: &Identity, now: NumericDate) -> Result<Standing, Problem> {
        let spot = self.spot(identity)?;
        self.decide(&spot, |known, ledger| {
            let standing = known.standing(identity, ledger.missing, ledger.layout);
            if !matches!(standing, Standing::Good { .. }) {
                return Ok((None, standing));
            }
            let used = TokenRecord { used: Some(now.milliseconds()), ..ledger.record(identity, known) };
            let exp = used.exp;
            Ok((
                Some(ledger.changes(vec![ledger.write(Key::Token(identity.id()), used, exp, now)], now)),
                standing,
            ))
        })
    }

    /// Puts one token out of use.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn revoke_token(&mut self, identity: &Identity, now: NumericDate) -> Result<Revoked, Problem> {
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
                set_began: ledger.layout == Layout::UserTokenSet && !known.set.exists,
            };
            let exp = record.exp;
            let mut changes =
                ledger.changes(vec![ledger.write(Key::Token(identity.id()), record, exp, now)], now);
            if let Some(member) = ledger.member(identity)? {
                changes.set = Some(SetChange::Remove(member, ledger.kept(exp, now)));
            }
            Ok((Some(changes), revoked))
        })
    }

    /// Puts a token and everything that descends from the same login out of use. In the layout of a set, which cannot
    /// tell one login from another, that is all there is of its user.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn revoke_family(&mut self, identity: &Identity, now: NumericDate) -> Result<Revoked, Problem> {
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
                set_began: ledger.layout == Layout::UserTokenSet && !known.set.exists,
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
    ) -> Result<Revoked, Problem> {
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
                set_began: false,
            };
            let mut changes = ledger.changes(vec![ledger.write(Key::Subject, record, kept, now)], now);
            if let Some(Member { set, .. }) = ledger.member(&nobody)? {
                changes.set = Some(SetChange::Clear(set, ledger.kept(kept, now)));
            }
            Ok((Some(changes), revoked))
        })
    }

    /// Every record there is.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn records(&mut self) -> Result<Vec<Record>, Problem> {
        self.shelf.all()?.iter().map(|text| Record::read(text)).collect()
    }

    /// Drops what has expired at this time and says how many records those were; nothing if they go by themselves.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, Problem> {
        self.shelf.prune(now)
    }

    /// Reads, decides, and writes what was decided, until nobody came between.
    fn decide<T>(
        &mut self,
        spot: &Spot,
        mut decide: impl FnMut(&Known, &Self) -> Result<(Option<Changes>, T), Problem>,
    ) -> Result<T, Problem> {
        for _ in 0..MOST_ATTEMPTS {
            let seen = self.shelf.read(std::slice::from_ref(spot))?.pop().unwrap_or_default();
            let (changes, outcome) = decide(&Known::read(&seen)?, self)?;
            match changes {
                Some(changes) if !self.shelf.write(spot, &seen, &changes)? => {}
                _ => return Ok(outcome),
            }
        }
        Err(Problem::usage("the store is too busy: others changed the same records again and again"))
    }

    /// Whose a token is: in the layout of a set, that of the user who is named there.
    fn whose<'i>(&self, identity: &'i Identity) -> Option<&'i str> {
        match self.layout {
            Layout::Own => identity.whose(),
            Layout::UserTokenSet => identity.user(),
        }
    }

    fn member(&self, identity: &Identity) -> Result<Option<Member>, Problem> {
        if self.layout == Layout::Own {
            return Ok(None);
        }
        self.fits(identity).map_err(|failure| Problem::usage(failure.detail))?;
        let user = identity.user().unwrap_or_default();
        let set = format!("{}user:{user}:token", self.prefix);
        Ok(Some(Member { set, text: identity.text.clone() }))
    }

    fn spot(&self, identity: &Identity) -> Result<Spot, Problem> {
        let member = self.member(identity)?;
        let tag = match &member {
            // A key without braces lies where a key with its whole name in braces lies.
            Some(member) => member.set.clone(),
            None => Id::of_subject(identity.whose()).as_str().to_owned(),
        };
        Ok(Spot { tag, token: identity.id(), family: identity.family(), member })
    }

    /// The record of a token as it is, or as it begins.
    fn record(&self, identity: &Identity, known: &Known) -> TokenRecord {
        known.token.clone().unwrap_or_else(|| TokenRecord {
            jti: identity.jti.clone(),
            iss: identity.issuer.clone(),
            sub: self.whose(identity).map(str::to_owned),
            role: identity.role,
            family: known.family.as_ref().map(|family| family.id.clone()),
            exp: identity.exp(),
            used: None,
            revoked: None,
        })
    }

    /// The family of a token that was minted elsewhere.
    fn adopted(&self, identity: &Identity, known: &Known, now: NumericDate) -> FamilyRecord {
        FamilyRecord {
            id: identity.family(),
            iss: identity.issuer.clone(),
            sub: self.whose(identity).map(str::to_owned),
            epoch: known.epoch(),
            begun: now.milliseconds(),
            current: None,
            refreshed: None,
            ended: None,
            exp: identity.exp(),
        }
    }

    /// What is written when tokens of a family are handed out.
    fn hand_out(
        &self,
        issued: Issued<'_>,
        family: FamilyRecord,
        known: &Known,
        now: NumericDate,
    ) -> Result<Changes, Problem> {
        let mut records = Vec::new();
        for identity in issued.all() {
            let record = TokenRecord {
                jti: identity.jti.clone(),
                iss: identity.issuer.clone(),
                sub: self.whose(identity).map(str::to_owned),
                role: identity.role,
                family: Some(family.id.clone()),
                exp: identity.exp(),
                used: None,
                revoked: None,
            };
            // A verdict on the token needs its family, so that must not go sooner.
            records.push(self.write(Key::Token(identity.id()), record, identity.exp(), now));
        }
        let subject = known.subject.clone().unwrap_or_default();
        let latest = match family.exp {
            Some(exp) => subject.latest.max(Some(exp)),
            None => subject.latest,
        };
        let renewed = SubjectRecord {
            sub: family.sub.clone(),
            latest,
            endless: subject.endless || family.exp.is_none(),
            ..subject
        };
        // Most of the time there is nothing new to say of a subject, and others may be at it.
        if known.subject.as_ref() != Some(&renewed) {
            let kept = renewed.kept();
            records.push(self.write(Key::Subject, renewed, kept, now));
        }
        let exp = family.exp;
        records.push(self.write(Key::Family(family.id.clone()), family, exp, now));
        let mut changes = self.changes(records, now);
        if let Some(member) = self.member(issued.access)? {
            changes.set = Some(SetChange::Add(member, issued.access.expires));
        }
        Ok(changes)
    }

    /// What is written when a family ends.
    fn end(&self, identity: &Identity, known: &Known, why: Why, now: NumericDate) -> Changes {
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
        let mut records = vec![self.write(Key::Family(family.id.clone()), family, exp, now)];
        let mut set = None;
        if let Ok(Some(Member { set: name, .. })) = self.member(identity) {
            let subject = self.revoked_subject(known, self.whose(identity), None, now);
            let kept = subject.kept();
            records.push(self.write(Key::Subject, subject, kept, now));
            set = Some(SetChange::Clear(name, self.kept(kept, now)));
        }
        Changes { set, ..self.changes(records, now) }
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
        let mut revocations = old.revocations;
        // A later one says all that an earlier one of the same issuer said.
        revocations.retain(|earlier| issuer.is_some() && earlier.iss.as_deref() != issuer);
        revocations.push(Revocation { iss: issuer.map(str::to_owned), epoch, at: now.milliseconds() });
        let latest = old.latest.max(Some(now.plus(YEAR).milliseconds()));
        SubjectRecord { sub: sub.map(str::to_owned), epoch, revocations, latest, endless: old.endless }
    }

    fn changes(&self, records: Vec<Write>, now: NumericDate) -> Changes {
        Changes { records, set: None, now, forget: self.forget }
    }

    fn write(&self, key: Key, record: impl Into<Record>, exp: Option<Millis>, now: NumericDate) -> Write {
        Write { key, text: record.into().to_text(), expires: self.kept(exp, now) }
    }

    fn kept(&self, exp: Option<Millis>, now: NumericDate) -> Option<NumericDate> {
        exp.map(|exp| date(exp).max(now.plus(MINUTE)))
    }
}

impl SubjectRecord {
    /// Until when there are tokens it may speak of; nothing means for ever.
    fn kept(&self) -> Option<Millis> {
        self.latest.filter(|_| !self.endless)
    }
}
