//! The content of a store, as a table for people and as JSON. This file only renders records.

use super::record::{
    EndReason, FamilyEnd, FamilyRecord, Millis, Record, Revocation, SubjectRecord, TokenRecord, date,
};
use crate::core::text::duration::relative;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Row, Screen, TextLayout, count};
use crate::core::text::palette::TextRole;
use crate::core::token::numeric_date::NumericDate;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use std::collections::BTreeMap;

/// The records of a store, grouped by kind.
#[derive(Debug)]
pub struct StoreListing<'l> {
    families: Vec<(&'l FamilyRecord, FamilyState)>,
    tokens: Vec<&'l TokenRecord>,
    subjects: Vec<&'l SubjectRecord>,
    now: NumericDate,
}

/// The state of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FamilyState {
    Active,
    UsedUp,
    Expired,
    Ended(EndReason),
    SubjectRevoked,
}

impl FamilyState {
    /// Every state.
    pub(crate) const ALL: [Self; 6] = [
        Self::Active,
        Self::UsedUp,
        Self::Expired,
        Self::Ended(EndReason::Reused),
        Self::Ended(EndReason::Revoked),
        Self::SubjectRevoked,
    ];

    /// Returns the name in JSON reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::UsedUp => "used_up",
            Self::Expired => "expired",
            Self::Ended(EndReason::Reused) => "reused",
            Self::Ended(EndReason::Revoked) => "revoked",
            Self::SubjectRevoked => "subject_revoked",
        }
    }
}

impl<'l> StoreListing<'l> {
    /// Groups records, with the newest family first.
    #[must_use]
    pub fn from_records(records: &'l [Record], now: NumericDate) -> Self {
        let mut listing = Self { families: Vec::new(), tokens: Vec::new(), subjects: Vec::new(), now };
        for record in records {
            match record {
                Record::Token(token) => listing.tokens.push(token),
                Record::Subject(subject) => listing.subjects.push(subject),
                Record::Family(family) => listing.families.push((family, FamilyState::Active)),
            }
        }
        let mut revocations: BTreeMap<Option<&str>, Vec<&Revocation>> = BTreeMap::new();
        for subject in listing.subjects.iter().filter(|subject| !subject.revocations.is_empty()) {
            revocations.entry(subject.sub.as_deref()).or_default().extend(&subject.revocations);
        }
        for (family, state) in &mut listing.families {
            let revocations = revocations.get(&family.sub.as_deref()).map(Vec::as_slice);
            *state = state_of(family, revocations.unwrap_or_default(), now);
        }
        listing.families.sort_by_key(|(family, _)| std::cmp::Reverse(family.begun));
        listing
    }

    /// Renders the listing for people: families, then single revoked or used tokens, then revoked subjects.
    #[must_use]
    pub fn text(&self, screen: Screen) -> String {
        let mut page = TextLayout { text: String::new(), screen };
        let singles: Vec<&TokenRecord> = self
            .tokens
            .iter()
            .copied()
            .filter(|token| token.revoked.is_some() || token.used.is_some() && token.family.is_none())
            .collect();
        let revoked: Vec<&SubjectRecord> =
            self.subjects.iter().copied().filter(|subject| !subject.revocations.is_empty()).collect();
        if self.families.is_empty() && singles.is_empty() && revoked.is_empty() {
            page.line(TextRole::Quiet, "the store is empty");
            return page.text;
        }
        if !self.families.is_empty() {
            page.line(
                TextRole::Strong,
                &if self.families.len() == 1 {
                    "1 family".to_owned()
                } else {
                    format!("{} families", self.families.len())
                },
            );
            page.rows(
                TextRole::Quiet,
                self.families.iter().map(|(family, state)| self.family(family, *state)).collect(),
            );
        }
        if !singles.is_empty() {
            page.line(TextRole::Strong, &format!("{} revoked or used", count(singles.len(), "token")));
            page.rows(TextRole::Quiet, singles.iter().map(|token| self.single(token)).collect());
        }
        if !revoked.is_empty() {
            page.line(TextRole::Strong, &format!("{} revoked", count(revoked.len(), "subject")));
            page.rows(
                TextRole::Quiet,
                revoked.iter().flat_map(|subject| self.revocations(subject)).collect(),
            );
        }
        page.text
    }

    /// Renders the row of a family.
    fn family(&self, family: &FamilyRecord, state: FamilyState) -> Row {
        let short: String = family.id.as_str().chars().take(12).collect();
        let ago = |at: Option<Millis>| at.map(|at| self.when(at)).unwrap_or_default();
        let (role, note) = match state {
            FamilyState::Active => match family.refreshed {
                Some(at) => (TextRole::Good, format!("active, refreshed {}", self.when(at))),
                None => (TextRole::Good, format!("active, started {}", self.when(family.begun))),
            },
            FamilyState::UsedUp => (TextRole::Quiet, format!("used {}", ago(family.refreshed))),
            FamilyState::Expired => (TextRole::Quiet, format!("expired {}", ago(family.exp))),
            FamilyState::Ended(EndReason::Reused) => {
                let at = family.ended.map(|ended| ended.at);
                (TextRole::Bad, format!("ended {}: a refresh token was used twice", ago(at)))
            }
            FamilyState::Ended(EndReason::Revoked) => {
                (TextRole::Bad, format!("revoked {}", ago(family.ended.map(|ended| ended.at))))
            }
            FamilyState::SubjectRevoked => (TextRole::Bad, "revoked with its subject".to_owned()),
        };
        let until = match family.exp {
            Some(exp) if state == FamilyState::Active => format!(", expires {}", self.when(exp)),
            None => ", never expires".to_owned(),
            _ => String::new(),
        };
        let value = vec![owner(family.sub.as_deref())];
        Row { name: short, value, is_json: false, note: Some((role, note + &until)) }
    }

    /// Renders the row of a single token.
    fn single(&self, token: &TokenRecord) -> Row {
        let note = match (token.revoked, token.used) {
            (Some(at), _) => format!("revoked {}", self.when(at)),
            (None, Some(at)) => format!("used {}", self.when(at)),
            (None, None) => String::new(),
        };
        let jti = Shown(&token.jti).to_string();
        let value = vec![owner(token.sub.as_deref())];
        Row { name: jti, value, is_json: false, note: Some((TextRole::Bad, note)) }
    }

    /// Renders the rows of a revoked subject.
    fn revocations(&self, subject: &SubjectRecord) -> Vec<Row> {
        let row = |(at, iss): (Millis, Option<&str>)| {
            let issuer = iss.map(|iss| format!("issued by {}", Shown(iss)));
            Row {
                name: owner(subject.sub.as_deref()),
                value: vec![issuer.unwrap_or_else(|| "everything".to_owned())],
                is_json: false,
                note: Some((TextRole::Bad, format!("issued before {}", self.at(at)))),
            }
        };
        subject.revocations.iter().map(|one| row((one.at, one.iss.as_deref()))).collect()
    }

    /// Returns a time relative to now.
    fn when(&self, at: Millis) -> String {
        match date(at).seconds_since(self.now) {
            0 => "just now".to_owned(),
            seconds => relative(seconds),
        }
    }

    /// Returns a time as a date.
    fn at(&self, at: Millis) -> String {
        date(at).to_rfc3339().unwrap_or_else(|| "an unknown time".to_owned())
    }
}

/// Returns the displayed name of a subject.
fn owner(subject: Option<&str>) -> String {
    subject.map_or_else(|| "no subject".to_owned(), |subject| Shown(subject).to_string())
}

/// Determines the state of a family.
fn state_of(family: &FamilyRecord, revocations: &[&Revocation], now: NumericDate) -> FamilyState {
    if let Some(FamilyEnd { why, .. }) = family.ended {
        return FamilyState::Ended(why);
    }
    let is_revoked = revocations.iter().any(|revocation| {
        (revocation.iss.is_none() || revocation.iss == family.iss) && family.epoch < revocation.epoch
    });
    if is_revoked {
        FamilyState::SubjectRevoked
    } else if family.exp.is_some_and(|exp| now >= date(exp)) {
        FamilyState::Expired
    } else if family.current.is_none() {
        FamilyState::UsedUp
    } else {
        FamilyState::Active
    }
}

/// Returns a time as a date for JSON.
fn instant(at: Option<Millis>) -> Option<String> {
    date(at?).to_rfc3339()
}

impl Serialize for StoreListing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("families", &EntryArray(&self.families))?;
        map.serialize_entry("tokens", &EntryArray(&self.tokens))?;
        let revoked: Vec<_> =
            self.subjects.iter().filter(|subject| !subject.revocations.is_empty()).copied().collect();
        map.serialize_entry("subjects", &EntryArray(&revoked))?;
        map.serialize_entry("at", &self.now.to_rfc3339())?;
        map.end()
    }
}

/// A JSON array with one object per entry.
struct EntryArray<'e, T>(&'e [T]);

impl<T: ListingEntry> Serialize for EntryArray<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for one in self.0 {
            list.serialize_element(&EntryObject(one))?;
        }
        list.end()
    }
}

/// A JSON object with the members of an entry.
struct EntryObject<'o, T>(&'o T);

impl<T: ListingEntry> Serialize for EntryObject<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.members(&mut map)?;
        map.end()
    }
}

/// An entry of the listing, which writes its JSON members.
trait ListingEntry {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl ListingEntry for (&FamilyRecord, FamilyState) {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let (family, state) = self;
        map.serialize_entry("family", &family.id)?;
        map.serialize_entry("iss", &family.iss)?;
        map.serialize_entry("subject", &family.sub)?;
        map.serialize_entry("state", state.name())?;
        map.serialize_entry("current", &family.current)?;
        map.serialize_entry("begun", &instant(Some(family.begun)))?;
        map.serialize_entry("refreshed", &instant(family.refreshed))?;
        map.serialize_entry("ended", &instant(family.ended.map(|ended| ended.at)))?;
        map.serialize_entry("expires", &instant(family.exp))
    }
}

impl ListingEntry for &TokenRecord {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("jti", &self.jti)?;
        map.serialize_entry("iss", &self.iss)?;
        map.serialize_entry("subject", &self.sub)?;
        map.serialize_entry("role", self.role.name())?;
        map.serialize_entry("family", &self.family)?;
        map.serialize_entry("used", &instant(self.used))?;
        map.serialize_entry("revoked", &instant(self.revoked))?;
        map.serialize_entry("expires", &instant(self.exp))
    }
}

impl ListingEntry for &SubjectRecord {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("subject", &self.sub)?;
        let revocations: Vec<_> = self.revocations.iter().collect();
        map.serialize_entry("revocations", &EntryArray(&revocations))
    }
}

impl ListingEntry for &Revocation {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("iss", &self.iss)?;
        map.serialize_entry("at", &instant(Some(self.at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A search of all subjects for each family would take minutes here.
    #[test]
    fn finds_the_revocations_of_each_family_among_many_subjects() {
        const MANY: usize = 50_000;
        let families = (0..MANY).map(|number| {
            format!(
                r#"{{"record":"family","id":"{number:032x}","iss":"i","sub":"user-{number}","epoch":0,"begun":1,"current":"j"}}"#
            )
        });
        let subjects = (0..MANY).map(|number| {
            // Each third subject is revoked, and each sixth for another issuer.
            let revocations = match number % 6 {
                0 => r#"{"iss":"other","epoch":1,"at":2}"#,
                3 => r#"{"epoch":1,"at":2}"#,
                _ => "",
            };
            format!(r#"{{"record":"subject","sub":"user-{number}","epoch":1,"revocations":[{revocations}]}}"#)
        });
        let records: Vec<Record> =
            families.chain(subjects).map(|text| serde_json::from_str(&text).unwrap()).collect();
        let listing = StoreListing::from_records(&records, NumericDate::from_seconds(0));
        for (family, state) in listing.families {
            let number: usize = family.sub.as_ref().unwrap().trim_start_matches("user-").parse().unwrap();
            let expected = if number % 6 == 3 { FamilyState::SubjectRevoked } else { FamilyState::Active };
            assert_eq!(state, expected, "{number}");
        }
    }
}
