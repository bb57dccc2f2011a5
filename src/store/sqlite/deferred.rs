//! A store that does not exist yet. Its first record creates the file, so a token that is refused leaves no file behind.

use super::super::backend::{Backend, RecordKeys, Snapshot, StoreUpdate};
use super::super::error::{FileFault, StoreError};
use super::{Sqlite, create, open_existing};
use crate::core::token::numeric_date::NumericDate;
use std::path::PathBuf;

/// A file that is opened, or created, when it is needed.
pub(super) struct Deferred {
    path: PathBuf,
    store: Option<Sqlite>,
    is_new: bool,
}

impl Deferred {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, store: None, is_new: false }
    }

    /// Returns the store if the file exists. Another process can have created it meanwhile.
    fn existing(&mut self) -> Result<Option<&mut Sqlite>, StoreError> {
        if self.store.is_none() {
            match open_existing(&self.path) {
                Ok(store) => self.store = Some(store),
                Err(StoreError::Unusable { fault: FileFault::Missing, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.store.as_mut())
    }
}

impl Backend for Deferred {
    fn read(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError> {
        match self.existing()? {
            Some(store) => store.read(key_sets),
            None => Ok(vec![Snapshot::default(); key_sets.len()]),
        }
    }

    fn write(
        &mut self,
        keys: &RecordKeys,
        snapshot: &Snapshot,
        update: &StoreUpdate,
    ) -> Result<bool, StoreError> {
        if self.existing()?.is_none() {
            self.is_new = create(&self.path)?;
        }
        match self.existing()? {
            Some(store) => store.write(keys, snapshot, update),
            // Another process removed the file in between. The caller reads again.
            None => Ok(false),
        }
    }

    fn all(&mut self) -> Result<Vec<String>, StoreError> {
        self.existing()?.map_or(Ok(Vec::new()), Backend::all)
    }

    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, StoreError> {
        self.existing()?.map_or(Ok(Some(0)), |store| store.prune(now))
    }

    fn is_new(&self) -> bool {
        self.is_new
    }
}
