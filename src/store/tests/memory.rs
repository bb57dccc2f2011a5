//! A store in memory for tests. It keeps texts, like every backend, and can lose a number of races.

use crate::core::key::secret::Secret;
use crate::core::token::numeric_date::NumericDate;
use crate::store::backend::{
    Backend, IfMissing, OpenStore, RecordKeys, SetChange, Snapshot, StoreUpdate, TokenSetState,
};
use crate::store::error::StoreError;
use crate::store::ledger::Ledger;
use crate::store::location::{MissingRecord, StoreAddress, StoreLayout, StoreLocation};
use crate::store::record::RecordKey;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

/// The contents of a store.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The text of each record, and the second at which it expires, by tag and name.
    pub(super) records: BTreeMap<(String, String), (String, Option<i64>)>,
    /// The members of each token set.
    pub(super) sets: BTreeMap<String, Vec<String>>,
    /// The last update.
    pub(super) last: Option<StoreUpdate>,
    /// How many writes fail, because another process seems to be faster.
    pub(super) lost_races: usize,
    /// How many reads there were.
    pub(super) reads: usize,
}

/// A store that several ledgers share.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    contents: Arc<Mutex<Contents>>,
}

impl Memory {
    /// Calls a function with the contents.
    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Contents) -> T) -> T {
        look(&mut self.contents.lock().unwrap())
    }

    /// Returns a ledger on the store.
    pub(super) fn ledger(&self, layout: StoreLayout, missing: MissingRecord, clock: i64) -> Ledger {
        let address = StoreAddress { location: Box::new(Place { layout }), missing };
        Ledger::new(Box::new(self.clone()), &address, NumericDate::from_seconds(clock))
    }

    /// Returns the texts of all records whose name begins like this.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.with(|contents| {
            let records = contents.records.iter().filter(|((_, key), _)| key.starts_with(name));
            records.map(|(_, (text, _))| text.clone()).collect()
        })
    }

    /// Returns the expiry of all records whose name begins like this.
    pub(super) fn expiries(&self, name: &str) -> Vec<Option<i64>> {
        self.with(|contents| {
            let records = contents.records.iter().filter(|((_, key), _)| key.starts_with(name));
            records.map(|(_, (_, expires))| *expires).collect()
        })
    }

    fn snapshot(&self, keys: &RecordKeys) -> Snapshot {
        self.with(|contents| {
            let text = |key: RecordKey| contents.records.get(&(keys.tag.clone(), key.name())).cloned();
            let token = text(RecordKey::Token(keys.token.clone())).map(|(text, _)| text);
            let family = keys.family_of(token.as_deref()).unwrap();
            let set = keys.member.as_ref().map_or_else(TokenSetState::default, |member| {
                let members = contents.sets.get(&member.set);
                TokenSetState {
                    exists: members.is_some(),
                    has_token: members.is_some_and(|members| members.contains(&member.text)),
                }
            });
            Snapshot {
                family: text(RecordKey::Family(family)).map(|(text, _)| text),
                subject: text(RecordKey::Subject).map(|(text, _)| text),
                token,
                set,
            }
        })
    }
}

impl Backend for Memory {
    fn read(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError> {
        self.with(|contents| contents.reads += 1);
        Ok(key_sets.iter().map(|keys| self.snapshot(keys)).collect())
    }

    fn write(
        &mut self,
        keys: &RecordKeys,
        snapshot: &Snapshot,
        update: &StoreUpdate,
    ) -> Result<bool, StoreError> {
        assert_eq!(*snapshot, self.snapshot(keys), "the ledger hands on what it read");
        Ok(self.with(|contents| {
            if contents.lost_races > 0 {
                contents.lost_races -= 1;
                return false;
            }
            for record in &update.records {
                let kept = (record.text.clone(), record.expires.map(NumericDate::seconds));
                contents.records.insert((keys.tag.clone(), record.key.name()), kept);
            }
            if let Some(SetChange::Add(member, _)) = &update.set {
                contents.sets.entry(member.set.clone()).or_default().push(member.text.clone());
            }
            contents.last = Some(update.clone());
            true
        }))
    }

    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        Ok(self.texts(""))
    }

    /// Returns the second by which it would prune.
    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, StoreError> {
        Ok(usize::try_from(now.seconds()).ok())
    }
}

/// The address of a store in memory, which is open from the start.
#[derive(Debug)]
struct Place {
    layout: StoreLayout,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("memory")
    }
}

impl StoreLocation for Place {
    fn open(&self, _: Option<&Secret>, _: IfMissing) -> Result<OpenStore, StoreError> {
        Ok(OpenStore { backend: Box::new(Memory::default()), warning: None })
    }

    fn layout(&self) -> StoreLayout {
        self.layout
    }

    fn prefix(&self) -> &'static str {
        "p:"
    }
}
