//! The decisions: is this token good, and who wins a refresh. Each reads, decides, and writes only if nothing has changed
//! meanwhile; else it begins again. Where records lie is the business of a [`Shelf`]; how a token stands is a rule of
//! `standing`; what a revocation ends is written down by `revocation`.

use super::address::{Address, Layout, Missing};
use super::identity::Identity;
use super::record::{
    FamilyRecord, Id, Key, Millis, Record, Role, SubjectRecord, TokenRecord, Why, date, later,
};
use super::{Changes, Member, Seen, SetChange, Shelf, Spot, Write};
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use crate::store::token_state::{Known, Standing};

/// How long the revocation of a subject, or of a family nothing is known of, is kept at least: tokens that were minted
/// elsewhere may live as long.
pub(super) const YEAR: Duration = Duration::seconds(366 * 86_400);
/// How long a record is kept at least, whatever has expired: clocks are not all alike.
const MINUTE: Duration = Duration::seconds(60);
/// How long after a token has expired its record stays in a file: longer than clocks are wrong.
const DAY: Duration = Duration::seconds(86_400);
/// How often a decision is begun again. Whoever was in the way has got on each time, so it ends far sooner.
const MOST_ATTEMPTS: usize = 1000;

/// A store, and what it is asked.
pub struct Ledger {
    shelf: Box<dyn Shelf>,
    missing: Missing,
    pub(super) layout: Layout,
    prefix: String,
    clock: NumericDate,
    leeway: Duration,
}

/// What a token is asked about for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To know how it stands.
    None,
    /// It is good for one use, and this is to be it.
    Once,
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

impl Ledger {
    /// Keeps a store in the way its address says. `clock` is the time, or the one that is set for this run alone, if that
    /// is earlier: what expired a day before may go whenever something is written.
    #[must_use]
    pub fn new(shelf: Box<dyn Shelf>, address: &Address, clock: NumericDate) -> Self {
        let prefix = match &address.place {
            super::address::Place::Server(server) => server.prefix.clone(),
            super::address::Place::File(_) => String::new(),
        };
        let (missing, layout) = (address.missing, address.layout());
        Self { shelf, missing, layout, prefix, clock, leeway: Duration::default() }
    }

    /// Keeps what is written from now on for so much longer: whoever takes tokens that are over by that much has to know
    /// of them for as long.
    pub const fn keep_longer(&mut self, leeway: Duration) {
        self.leeway = leeway;
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
    pub fn look_up(
        &mut self,
        identities: &[&Identity],
        how: Use,
        now: NumericDate,
    ) -> Result<Vec<Standing>, CommandError> {
        let spots: Result<Vec<Spot>, CommandError> =
            identities.iter().map(|identity| self.spot(identity)).collect();
        let seen = self.shelf.read(&spots?)?;
        let standing = |(identity, seen): (&&Identity, &Seen)| {
            Ok(Known::read(seen)?.standing(identity, self.missing, self.layout_for(identity, how), now))
        };
        identities.iter().zip(&seen).map(standing).collect()
    }

    /// Begins a family with the tokens of a login. Says whether there was no set of good tokens before, in the layout
    /// that has one.
    ///
    /// # Errors
    /// If it cannot be written; then nothing of it is.
    pub fn begin(&mut self, issued: Issued<'_>, now: NumericDate) -> Result<bool, CommandError> {
        let first = issued.next().unwrap_or(issued.access);
        let spot = self.spot(first)?;
        self.decide(&spot, |known, ledger| {
            if known.token.is_some() || known.family.is_some() {
                return Err(CommandError::usage("the store knows a token with this `jti` already"));
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
            Ok((Some(ledger.hand_out(issued, family, known)?), began))
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
    ) -> Result<Refreshed, CommandError> {
        let spot = self.spot(old)?;
        self.decide(&spot, |known, ledger| {
            match known.standing(old, ledger.missing, ledger.layout, now) {
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
            let mut changes = ledger.hand_out(issued, family, known)?;
            changes.records.push(ledger.write(Key::Token(old.id()), used.clone(), used.exp));
            Ok((Some(changes), Refreshed::Won))
        })
    }

    /// Looks how a refresh token stands that is not refreshed, whatever else is wrong with it. If it was used before, this
    /// is its second use, and ends the family (RFC 9700 section 4.14.2).
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn misuse(&mut self, identity: &Identity, now: NumericDate) -> Result<Standing, CommandError> {
        let spot = self.spot(identity)?;
        self.decide(&spot, |known, ledger| {
            let standing = known.standing(identity, ledger.missing, ledger.layout, now);
            let is_second = matches!(standing, Standing::Used { ended: None, .. });
            Ok((is_second.then(|| ledger.end(identity, known, Why::Reused, now)), standing))
        })
    }

    /// Uses up a token that is good for one use.
    ///
    /// # Errors
    /// If it cannot be read or written; then nothing has changed.
    pub fn spend(&mut self, identity: &Identity, now: NumericDate) -> Result<Standing, CommandError> {
        let spot = self.spot(identity)?;
        self.decide(&spot, |known, ledger| {
            let layout = ledger.layout_for(identity, Use::Once);
            let standing = known.standing(identity, ledger.missing, layout, now);
            if !matches!(standing, Standing::Good { .. }) {
                return Ok((None, standing));
            }
            let used = TokenRecord { used: Some(now.milliseconds()), ..ledger.record(identity, known) };
            let exp = used.exp;
            Ok((Some(ledger.changes(vec![ledger.write(Key::Token(identity.id()), used, exp)])), standing))
        })
    }

    /// Every record there is.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn records(&mut self) -> Result<Vec<Record>, CommandError> {
        self.shelf.all()?.iter().map(|text| Record::read(text)).collect()
    }

    /// Drops what has expired by its clock and says how many records those were; nothing if they go by themselves.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn prune(&mut self) -> Result<Option<usize>, CommandError> {
        self.shelf.prune(self.clock)
    }

    /// A set is of access tokens, and says nothing of a link that is good for one use.
    fn layout_for(&self, identity: &Identity, how: Use) -> Layout {
        if how == Use::Once && identity.role != Role::Access { Layout::Own } else { self.layout }
    }

    /// Reads, decides, and writes what was decided, until nobody came between.
    pub(super) fn decide<T>(
        &mut self,
        spot: &Spot,
        mut decide: impl FnMut(&Known, &Self) -> Result<(Option<Changes>, T), CommandError>,
    ) -> Result<T, CommandError> {
        for _ in 0..MOST_ATTEMPTS {
            let seen = self.shelf.read(std::slice::from_ref(spot))?.pop().unwrap_or_default();
            let (changes, outcome) = decide(&Known::read(&seen)?, self)?;
            match changes {
                Some(changes) if !self.shelf.write(spot, &seen, &changes)? => {}
                _ => return Ok(outcome),
            }
        }
        Err(CommandError::usage("the store is too busy: others changed the same records again and again"))
    }

    /// Whose a token is: in the layout of a set, that of the user who is named there.
    pub(super) fn whose<'i>(&self, identity: &'i Identity) -> Option<&'i str> {
        match self.layout {
            Layout::Own => identity.whose(),
            Layout::UserTokenSet => identity.user(),
        }
    }

    pub(super) fn member(&self, identity: &Identity) -> Result<Option<Member>, CommandError> {
        if self.layout == Layout::Own {
            return Ok(None);
        }
        self.fits(identity).map_err(|failure| CommandError::usage(failure.detail))?;
        let user = identity.user().unwrap_or_default();
        let set = format!("{}user:{user}:token", self.prefix);
        Ok(Some(Member { set, text: identity.text.clone() }))
    }

    pub(super) fn spot(&self, identity: &Identity) -> Result<Spot, CommandError> {
        let member = self.member(identity)?;
        let tag = match &member {
            // A key without braces lies where a key with its whole name in braces lies.
            Some(member) => member.set.clone(),
            None => Id::of_subject(identity.whose()).as_str().to_owned(),
        };
        Ok(Spot { tag, token: identity.id(), family: identity.family(), member })
    }

    /// The record of a token as it is, or as it begins.
    pub(super) fn record(&self, identity: &Identity, known: &Known) -> TokenRecord {
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
    pub(super) fn adopted(&self, identity: &Identity, known: &Known, now: NumericDate) -> FamilyRecord {
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
    ) -> Result<Changes, CommandError> {
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
            records.push(self.write(Key::Token(identity.id()), record, identity.exp()));
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
            records.push(self.write(Key::Subject, renewed, kept));
        }
        let exp = family.exp;
        records.push(self.write(Key::Family(family.id.clone()), family, exp));
        let mut changes = self.changes(records);
        if let Some(member) = self.member(issued.access)? {
            let expires = issued.access.expires.map(|expires| expires.plus(self.leeway));
            changes.set = Some(SetChange::Add(member, expires));
        }
        Ok(changes)
    }

    pub(super) fn changes(&self, records: Vec<Write>) -> Changes {
        Changes { records, set: None, clock: self.clock, forget: self.clock.minus(DAY) }
    }

    pub(super) fn write(&self, key: Key, record: impl Into<Record>, exp: Option<Millis>) -> Write {
        Write { key, text: record.into().to_text(), expires: self.kept(exp) }
    }

    pub(super) fn kept(&self, exp: Option<Millis>) -> Option<NumericDate> {
        exp.map(|exp| date(exp).plus(self.leeway).max(self.clock.plus(MINUTE)))
    }
}

impl SubjectRecord {
    /// Until when there are tokens it may speak of; nothing means for ever.
    pub(super) fn kept(&self) -> Option<Millis> {
        self.latest.filter(|_| !self.endless)
    }
}
