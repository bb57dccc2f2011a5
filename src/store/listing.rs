//! What a store holds, as a table for people and as JSON.

use super::record::{Ending, FamilyRecord, Millis, Record, SubjectRecord, TokenRecord, Why, date};
use crate::core::text::duration::relative;
use crate::core::text::escape::Shown;
use crate::core::text::layout::{Row, Screen, TextLayout, count};
use crate::core::text::palette::TextRole;
use crate::core::token::numeric_date::NumericDate;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

/// The records of a store, sorted.
#[derive(Debug)]
pub struct Listing<'l> {
    families: Vec<(&'l FamilyRecord, State)>,
    tokens: Vec<&'l TokenRecord>,
    subjects: Vec<&'l SubjectRecord>,
    now: NumericDate,
}

/// Where in its life a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Active,
    UsedUp,
    Expired,
    Ended(Why),
    SubjectRevoked,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::UsedUp => "used_up",
            Self::Expired => "expired",
            Self::Ended(Why::Reused) => "reused",
            Self::Ended(Why::Revoked) => "revoked",
            Self::SubjectRevoked => "subject_revoked",
        }
    }
}

impl<'l> Listing<'l> {
    /// Sorts records: the youngest family first.
    #[must_use]
    pub fn of(records: &'l [Record], now: NumericDate) -> Self {
        let mut listing = Self { families: Vec::new(), tokens: Vec::new(), subjects: Vec::new(), now };
        for record in records {
            match record {
                Record::Token(token) => listing.tokens.push(token),
                Record::Subject(subject) => listing.subjects.push(subject),
                Record::Family(family) => listing.families.push((family, State::Active)),
            }
        }
        let subjects = &listing.subjects;
        for (family, state) in &mut listing.families {
            *state = state_of(family, subjects, now);
        }
        listing.families.sort_by_key(|(family, _)| std::cmp::Reverse(family.begun));
        listing
    }

    /// For a screen: families, then single tokens that are out of use, then subjects whose tokens were revoked.
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
            page.line(TextRole::Quiet, "the store holds nothing");
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
            page.line(TextRole::Strong, &format!("{} out of use", count(singles.len(), "token")));
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

    fn family(&self, family: &FamilyRecord, state: State) -> Row {
        let short: String = family.id.as_str().chars().take(12).collect();
        let ago = |at: Option<Millis>| at.map(|at| self.when(at)).unwrap_or_default();
        let (role, note) = match state {
            State::Active => match family.refreshed {
                Some(at) => (TextRole::Good, format!("active, refreshed {}", self.when(at))),
                None => (TextRole::Good, format!("active, begun {}", self.when(family.begun))),
            },
            State::UsedUp => (TextRole::Quiet, format!("used up {}", ago(family.refreshed))),
            State::Expired => (TextRole::Quiet, format!("expired {}", ago(family.exp))),
            State::Ended(Why::Reused) => {
                let at = family.ended.map(|ended| ended.at);
                (TextRole::Bad, format!("ended {}: a refresh token was used twice", ago(at)))
            }
            State::Ended(Why::Revoked) => {
                (TextRole::Bad, format!("revoked {}", ago(family.ended.map(|ended| ended.at))))
            }
            State::SubjectRevoked => (TextRole::Bad, "revoked with all that its subject had".to_owned()),
        };
        let until = match family.exp {
            Some(exp) if state == State::Active => format!(", expires {}", self.when(exp)),
            None => ", never expires".to_owned(),
            _ => String::new(),
        };
        Row { name: short, value: vec![whose(family.sub.as_deref())], note: Some((role, note + &until)) }
    }

    fn single(&self, token: &TokenRecord) -> Row {
        let note = match (token.revoked, token.used) {
            (Some(at), _) => format!("revoked {}", self.when(at)),
            (None, Some(at)) => format!("used up {}", self.when(at)),
            (None, None) => String::new(),
        };
        let jti = Shown(&token.jti).to_string();
        Row { name: jti, value: vec![whose(token.sub.as_deref())], note: Some((TextRole::Bad, note)) }
    }

    fn revocations(&self, subject: &SubjectRecord) -> Vec<Row> {
        let row = |(at, iss): (Millis, Option<&str>)| {
            let issuer = iss.map(|iss| format!("issued by {}", Shown(iss)));
            Row {
                name: whose(subject.sub.as_deref()),
                value: vec![issuer.unwrap_or_else(|| "everything".to_owned())],
                note: Some((TextRole::Bad, format!("issued before {}", self.at(at)))),
            }
        };
        subject.revocations.iter().map(|one| row((one.at, one.iss.as_deref()))).collect()
    }

    fn when(&self, at: Millis) -> String {
        match date(at).seconds_since(self.now) {
            0 => "just now".to_owned(),
            seconds => relative(seconds),
        }
    }

    fn at(&self, at: Millis) -> String {
        date(at).to_rfc3339().unwrap_or_else(|| "a time beyond every calendar".to_owned())
    }
}

fn whose(subject: Option<&str>) -> String {
    subject.map_or_else(|| "nobody in particular".to_owned(), |subject| Shown(subject).to_string())
}

fn state_of(family: &FamilyRecord, subjects: &[&SubjectRecord], now: NumericDate) -> State {
    if let Some(Ending { why, .. }) = family.ended {
        return State::Ended(why);
    }
    let is_revoked = subjects.iter().filter(|subject| subject.sub == family.sub).any(|subject| {
        subject.revocations.iter().any(|revocation| {
            (revocation.iss.is_none() || revocation.iss == family.iss) && family.epoch < revocation.epoch
        })
    });
    if is_revoked {
        State::SubjectRevoked
    } else if family.exp.is_some_and(|exp| now >= date(exp)) {
        State::Expired
    } else if family.current.is_none() {
        State::UsedUp
    } else {
        State::Active
    }
}

fn instant(at: Option<Millis>) -> Option<String> {
    date(at?).to_rfc3339()
}

impl Serialize for Listing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("families", &Each(&self.families))?;
        map.serialize_entry("tokens", &Each(&self.tokens))?;
        let revoked: Vec<_> =
            self.subjects.iter().filter(|subject| !subject.revocations.is_empty()).copied().collect();
        map.serialize_entry("subjects", &Each(&revoked))?;
        map.serialize_entry("at", &self.now.to_rfc3339())?;
        map.end()
    }
}

/// Rows that each become an object.
struct Each<'e, T>(&'e [T]);

impl<T: Entry> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for one in self.0 {
            list.serialize_element(&Object(one))?;
        }
        list.end()
    }
}

struct Object<'o, T>(&'o T);

impl<T: Entry> Serialize for Object<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.members(&mut map)?;
        map.end()
    }
}

/// A row of the listing.
trait Entry {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl Entry for (&FamilyRecord, State) {
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

impl Entry for &TokenRecord {
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

impl Entry for &SubjectRecord {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("subject", &self.sub)?;
        let revocations: Vec<_> = self.revocations.iter().collect();
        map.serialize_entry("revocations", &Each(&revocations))
    }
}

impl Entry for &super::record::Revocation {
    fn members<M: serde::ser::SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("iss", &self.iss)?;
        map.serialize_entry("at", &instant(Some(self.at)))
    }
}
