//! The decisions of a store: the state of a token, and which of several refreshes wins. Each decision reads, decides, and
//! writes only if no record has changed meanwhile; otherwise it starts again. The rules for states are in `token_state`,
//! revocations in `revocation`, and storage in a [`Backend`].

use super::backend::{Backend, RecordKeys, RecordWrite, SetChange, SetMember, Snapshot, StoreUpdate};
use super::error::StoreError;
use super::identity::TokenIdentity;
use super::location::{MissingRecord, StoreAddress, StoreLayout};
use super::record::{
    EndReason, FamilyRecord, Millis, Record, RecordId, RecordKey, SubjectRecord, TokenRecord, TokenRole,
    date, later,
};
use super::token_state::{TokenRecords, TokenState};
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;

/// The minimum lifetime of the revocation of a subject or an unrecorded family: tokens from elsewhere may live as long.
pub(super) const YEAR: Duration = Duration::seconds(366 * 86_400);
/// The minimum lifetime of any record, because clocks differ.
const MINUTE: Duration = Duration::seconds(60);
/// How long a file keeps the record of an expired token: longer than any clock is wrong.
const DAY: Duration = Duration::seconds(86_400);
/// The limit on attempts per decision. Each failed attempt means that another process succeeded, so few are needed.
const MAX_ATTEMPTS: usize = 1000;

/// A store, and the rules for reading it.
pub struct Ledger {
    backend: Box<dyn Backend>,
    address: String,
    is_new_told: bool,
    missing: MissingRecord,
    pub(super) layout: StoreLayout,
    prefix: String,
    clock: NumericDate,
    leeway: Duration,
}

/// The effect of a lookup on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// Only looks up its state.
    Query,
    /// Uses the token, which is valid for one use.
    Once,
}

/// The outcome of a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// This refresh used the token, and no other did.
    Rotated,
    /// The token is not valid.
    Refused(TokenState),
    /// The family was refreshed too recently.
    TooSoon {
        /// When it was last refreshed.
        last: Millis,
    },
}

/// Tokens that are issued together.
#[derive(Clone, Copy, Debug)]
pub struct IssuedTokens<'i> {
    /// The access token, or the token that is both.
    pub access: &'i TokenIdentity,
    /// The new refresh token, if there is one.
    pub refresh: Option<&'i TokenIdentity>,
}

impl<'i> IssuedTokens<'i> {
    /// Iterates over all tokens.
    fn all(self) -> impl Iterator<Item = &'i TokenIdentity> {
        [Some(self.access), self.refresh].into_iter().flatten()
    }

    /// Returns the token for the next refresh.
    fn next(self) -> Option<&'i TokenIdentity> {
        self.refresh.or(Some(self.access).filter(|access| access.role == TokenRole::Both))
    }

    /// Returns the latest expiry.
    fn exp(self) -> Option<Millis> {
        self.all().map(TokenIdentity::exp).reduce(later).flatten()
    }
}

impl Ledger {
    /// Returns a ledger on an open store. `clock` is the time by which expired records are deleted.
    #[must_use]
    pub fn new(backend: Box<dyn Backend>, address: &StoreAddress, clock: NumericDate) -> Self {
        let location = &address.location;
        Self {
            backend,
            address: address.to_string(),
            is_new_told: false,
            missing: address.missing,
            layout: location.layout(),
            prefix: location.prefix().to_owned(),
            clock,
            leeway: Duration::default(),
        }
    }

    /// Returns the address of a store that this process has created since the last call.
    pub fn take_new_store(&mut self) -> Option<&str> {
        let is_told = std::mem::replace(&mut self.is_new_told, self.backend.is_new());
        (self.is_new_told && !is_told).then_some(self.address.as_str())
    }

    /// Extends the lifetime of records by the leeway of the verifier, which accepts expired tokens for that long.
    pub const fn keep_longer(&mut self, leeway: Duration) {
        self.leeway = leeway;
    }

    /// Reports whether the store has a token set for each user.
    #[must_use]
    pub fn has_token_sets(&self) -> bool {
        self.layout == StoreLayout::UserTokenSet
    }

    /// Checks that the token can be recorded in this store.
    ///
    /// # Errors
    /// `claim_missing:user_id` if the layout has token sets, but the token names no user.
    pub fn fits(&self, identity: &TokenIdentity) -> Result<(), Failure> {
        if self.layout == StoreLayout::UserTokenSet && identity.user().is_none() {
            let detail = "the token has neither `user_id` nor `sub`, but the store has a token set per user";
            return Err(Failure::new(Reason::ClaimMissing("user_id".to_owned()), detail));
        }
        Ok(())
    }

    /// Returns the state of each token. All of them are read together.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn look_up(
        &mut self,
        identities: &[&TokenIdentity],
        how: TokenUse,
        now: NumericDate,
    ) -> Result<Vec<TokenState>, StoreError> {
        let key_sets: Vec<RecordKeys> =
            identities.iter().map(|identity| self.keys(identity)).collect::<Result<_, _>>()?;
        let snapshots = self.backend.read(&key_sets)?;
        let state = |(identity, snapshot): (&&TokenIdentity, &Snapshot)| {
            let records = TokenRecords::parse(snapshot)?;
            Ok(records.state(identity, self.missing, self.layout_for(identity, how), now))
        };
        identities.iter().zip(&snapshots).map(state).collect()
    }

    /// Records the tokens of a login as a new family. Returns `true` if this created the token set of the user.
    ///
    /// # Errors
    /// If the store cannot be written; it is then unchanged.
    pub fn begin(&mut self, issued: IssuedTokens<'_>, now: NumericDate) -> Result<bool, StoreError> {
        if let Some(repeated) = self.repeated(issued)? {
            return Err(duplicate(repeated));
        }
        let first = issued.next().unwrap_or(issued.access);
        let keys = self.keys(first)?;
        self.decide(&keys, |known, ledger| {
            if known.token.is_some() || known.family.is_some() {
                return Err(duplicate(first));
            }
            let family = FamilyRecord {
                id: first.family(),
                iss: first.issuer.clone(),
                sub: ledger.owner(first).map(str::to_owned),
                epoch: known.epoch(),
                begun: now.milliseconds(),
                current: issued.next().map(|next| next.label()),
                refreshed: None,
                ended: None,
                exp: issued.exp(),
            };
            let began = ledger.layout == StoreLayout::UserTokenSet && !known.set.exists;
            Ok((Some(ledger.issue(issued, family, known)?), began))
        })
    }

    /// Exchanges a refresh token for new tokens. Of several concurrent refreshes one wins; each later one ends the family.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn rotate(
        &mut self,
        old: &TokenIdentity,
        issued: IssuedTokens<'_>,
        interval: Option<Duration>,
        now: NumericDate,
    ) -> Result<RefreshOutcome, StoreError> {
        let keys = self.keys(old)?;
        let same_as_old = issued.all().find(|identity| identity.id() == old.id());
        let repeated = match same_as_old {
            Some(same) => Some(same),
            None => self.repeated(issued)?,
        };
        self.decide(&keys, |known, ledger| {
            match known.state(old, ledger.missing, ledger.layout, now) {
                state if state.is_good() => {}
                state @ TokenState::Used { ended: None, .. } => {
                    return Ok((
                        Some(ledger.end(old, known, EndReason::Reused, now)),
                        RefreshOutcome::Refused(state),
                    ));
                }
                state => return Ok((None, RefreshOutcome::Refused(state))),
            }
            let last = known.family.as_ref().and_then(|family| family.refreshed);
            if let (Some(last), Some(interval)) = (last, interval)
                && now < date(last).plus(interval)
            {
                return Ok((None, RefreshOutcome::TooSoon { last }));
            }
            if let Some(repeated) = repeated {
                return Err(duplicate(repeated));
            }
            let family = known.family.clone().unwrap_or_else(|| ledger.adopted(old, known, now));
            let family = FamilyRecord {
                current: issued.next().map(|next| next.label()),
                refreshed: Some(now.milliseconds()),
                exp: later(family.exp, issued.exp()),
                ..family
            };
            let used = TokenRecord {
                family: Some(family.id.clone()),
                used: Some(now.milliseconds()),
                ..ledger.record(old, known)
            };
            let mut update = ledger.issue(issued, family, known)?;
            update.records.push(ledger.write(RecordKey::Token(old.id()), used.clone(), used.exp));
            Ok((Some(update), RefreshOutcome::Rotated))
        })
    }

    /// Returns the state of a refresh token that was rejected for another reason. If the token was used before, this second
    /// use ends its family (RFC 9700 section 4.14.2).
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn misuse(&mut self, identity: &TokenIdentity, now: NumericDate) -> Result<TokenState, StoreError> {
        let keys = self.keys(identity)?;
        self.decide(&keys, |known, ledger| {
            let state = known.state(identity, ledger.missing, ledger.layout, now);
            let is_second = matches!(state, TokenState::Used { ended: None, .. });
            Ok((is_second.then(|| ledger.end(identity, known, EndReason::Reused, now)), state))
        })
    }

    /// Uses a token that is valid for one use, and returns its state before that.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is then unchanged.
    pub fn spend(&mut self, identity: &TokenIdentity, now: NumericDate) -> Result<TokenState, StoreError> {
        let keys = self.keys(identity)?;
        self.decide(&keys, |known, ledger| {
            let layout = ledger.layout_for(identity, TokenUse::Once);
            let state = known.state(identity, ledger.missing, layout, now);
            if !state.is_good() {
                return Ok((None, state));
            }
            let used = TokenRecord { used: Some(now.milliseconds()), ..ledger.record(identity, known) };
            let exp = used.exp;
            Ok((Some(ledger.update(vec![ledger.write(RecordKey::Token(identity.id()), used, exp)])), state))
        })
    }

    /// Returns all records.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn records(&mut self) -> Result<Vec<Record>, StoreError> {
        self.backend.all()?.iter().map(|text| Ok(Record::parse(text)?)).collect()
    }

    /// Deletes expired records and returns how many there were, or `None` if the store deletes them by itself.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn prune(&mut self) -> Result<Option<usize>, StoreError> {
        self.backend.prune(self.clock)
    }

    /// Finds a new token without `jti` that the store has already: with the same claims, in the same second, it is the same
    /// token. Recording it again would replace its family, or make it valid after a revocation.
    fn repeated<'i>(&mut self, issued: IssuedTokens<'i>) -> Result<Option<&'i TokenIdentity>, StoreError> {
        let unnamed: Vec<&TokenIdentity> = issued.all().filter(|identity| identity.jti.is_none()).collect();
        if unnamed.is_empty() {
            return Ok(None);
        }
        let keys: Vec<RecordKeys> =
            unnamed.iter().map(|identity| self.keys(identity)).collect::<Result<_, _>>()?;
        let snapshots = self.backend.read(&keys)?;
        Ok(unnamed.into_iter().zip(snapshots).find(|(_, found)| found.token.is_some()).map(|(one, _)| one))
    }

    /// Returns the layout that applies to a token. A token set holds access tokens, not links for one use.
    fn layout_for(&self, identity: &TokenIdentity, how: TokenUse) -> StoreLayout {
        if how == TokenUse::Once && identity.role != TokenRole::Access {
            StoreLayout::Own
        } else {
            self.layout
        }
    }

    /// Reads, decides and writes, again and again until no other process interferes.
    pub(super) fn decide<T>(
        &mut self,
        keys: &RecordKeys,
        mut decide: impl FnMut(&TokenRecords, &Self) -> Result<(Option<StoreUpdate>, T), StoreError>,
    ) -> Result<T, StoreError> {
        for _ in 0..MAX_ATTEMPTS {
            let snapshot = self.backend.read(std::slice::from_ref(keys))?.pop().unwrap_or_default();
            let (update, outcome) = decide(&TokenRecords::parse(&snapshot)?, self)?;
            match update {
                Some(update) if !self.backend.write(keys, &snapshot, &update)? => {}
                _ => return Ok(outcome),
            }
        }
        Err(StoreError::Contended { attempts: MAX_ATTEMPTS })
    }

    /// Returns the owner of a token in the layout of this store.
    pub(super) fn owner<'i>(&self, identity: &'i TokenIdentity) -> Option<&'i str> {
        match self.layout {
            StoreLayout::Own => identity.owner(),
            StoreLayout::UserTokenSet => identity.user(),
        }
    }

    /// Returns the token as a member of its user's token set, where the layout has one.
    pub(super) fn member(&self, identity: &TokenIdentity) -> Result<Option<SetMember>, StoreError> {
        if self.layout == StoreLayout::Own {
            return Ok(None);
        }
        self.fits(identity).map_err(StoreError::Unidentified)?;
        let user = identity.user().unwrap_or_default();
        let set = format!("{}user:{user}:token", self.prefix);
        Ok(Some(SetMember { set, text: identity.text.clone() }))
    }

    /// Returns the keys of all records that concern a token.
    pub(super) fn keys(&self, identity: &TokenIdentity) -> Result<RecordKeys, StoreError> {
        let member = self.member(identity)?;
        let tag = match &member {
            // A cluster hashes a key without braces like its whole name in braces.
            Some(member) => member.set.clone(),
            None => RecordId::from_subject(identity.owner()).as_str().to_owned(),
        };
        let (token, family) = identity.id_and_family();
        Ok(RecordKeys { tag, token, family, member })
    }

    /// Returns the record of a token, or a new one.
    pub(super) fn record(&self, identity: &TokenIdentity, known: &TokenRecords) -> TokenRecord {
        known.token.clone().unwrap_or_else(|| TokenRecord {
            jti: identity.label(),
            iss: identity.issuer.clone(),
            sub: self.owner(identity).map(str::to_owned),
            role: identity.role,
            family: known.family.as_ref().map(|family| family.id.clone()),
            exp: identity.exp(),
            used: None,
            revoked: None,
        })
    }

    /// Returns a new record for the family of a token that was issued elsewhere.
    pub(super) fn adopted(
        &self,
        identity: &TokenIdentity,
        known: &TokenRecords,
        now: NumericDate,
    ) -> FamilyRecord {
        FamilyRecord {
            id: identity.family(),
            iss: identity.issuer.clone(),
            sub: self.owner(identity).map(str::to_owned),
            epoch: known.epoch(),
            begun: now.milliseconds(),
            current: None,
            refreshed: None,
            ended: None,
            exp: identity.exp(),
        }
    }

    /// Returns the update that records newly issued tokens of a family.
    fn issue(
        &self,
        issued: IssuedTokens<'_>,
        family: FamilyRecord,
        known: &TokenRecords,
    ) -> Result<StoreUpdate, StoreError> {
        let mut records = Vec::new();
        for identity in issued.all() {
            let record = TokenRecord {
                jti: identity.label(),
                iss: identity.issuer.clone(),
                sub: self.owner(identity).map(str::to_owned),
                role: identity.role,
                family: Some(family.id.clone()),
                exp: identity.exp(),
                used: None,
                revoked: None,
            };
            // The state of a token depends on its family, so the record of the family lives as long.
            records.push(self.write(RecordKey::Token(identity.id()), record, identity.exp()));
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
        // The record of the subject rarely changes. Not writing it avoids conflicts with other sessions.
        if known.subject.as_ref() != Some(&renewed) {
            let kept = renewed.kept();
            records.push(self.write(RecordKey::Subject, renewed, kept));
        }
        let exp = family.exp;
        records.push(self.write(RecordKey::Family(family.id.clone()), family, exp));
        let mut update = self.update(records);
        if let Some(member) = self.member(issued.access)? {
            let expires = issued.access.expires.map(|expires| expires.plus(self.leeway));
            update.set = Some(SetChange::Add(member, expires));
        }
        Ok(update)
    }

    /// Returns an update that writes these records.
    pub(super) fn update(&self, records: Vec<RecordWrite>) -> StoreUpdate {
        StoreUpdate { records, set: None, clock: self.clock, forget: self.clock.minus(DAY) }
    }

    /// Returns a record to write, which lives at least until `exp`.
    pub(super) fn write(
        &self,
        key: RecordKey,
        record: impl Into<Record>,
        exp: Option<Millis>,
    ) -> RecordWrite {
        RecordWrite { key, text: record.into().to_text(), expires: self.kept(exp) }
    }

    /// Returns until when a record is kept if the last of its tokens expires at `exp`.
    pub(super) fn kept(&self, exp: Option<Millis>) -> Option<NumericDate> {
        exp.map(|exp| date(exp).plus(self.leeway).max(self.clock.plus(MINUTE)))
    }
}

fn duplicate(identity: &TokenIdentity) -> StoreError {
    StoreError::DuplicateId { label: identity.label(), has_jti: identity.jti.is_some() }
}

impl SubjectRecord {
    /// Returns the latest expiry of all tokens of the subject, or `None` if one never expires.
    pub(super) fn kept(&self) -> Option<Millis> {
        self.latest.filter(|_| !self.endless)
    }
}
