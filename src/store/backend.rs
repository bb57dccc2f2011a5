//! The interface between a ledger and the place that holds its records. Backends store and compare texts; they make no
//! decisions about tokens.

use super::error::StoreError;
use super::record::{RecordId, RecordKey, TokenRecord, family_in};
use crate::core::token::numeric_date::NumericDate;

/// Storage for records.
pub trait Backend: Send {
    /// Reads the records of several tokens, in one or two round trips. The records of a single token are from one moment.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn read(&mut self, key_sets: &[RecordKeys]) -> Result<Vec<Snapshot>, StoreError>;

    /// Writes a whole update, and returns `true`. Writes nothing and returns `false` if the records differ from the
    /// snapshot.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn write(
        &mut self,
        keys: &RecordKeys,
        snapshot: &Snapshot,
        update: &StoreUpdate,
    ) -> Result<bool, StoreError>;

    /// Reads all records.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn all(&mut self) -> Result<Vec<String>, StoreError>;

    /// Deletes the records of tokens that have expired at `now`, and returns how many there were. Returns `None` where
    /// records expire by themselves.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, StoreError>;

    /// Reports whether a write of this process created the store.
    fn is_new(&self) -> bool {
        false
    }
}

/// The rule for a store that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMissing {
    /// Fail.
    Fail,
    /// Create the store with its first record. Until then, it is empty.
    Create,
}

/// An open store.
pub struct OpenStore {
    /// Its records.
    pub backend: Box<dyn Backend>,
    /// A risk that the user should know of.
    pub warning: Option<StoreWarning>,
}

/// A risk in the configuration of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreWarning {
    /// The server deletes keys when its memory is full, so it may delete revocations.
    Eviction {
        /// The server, without its password.
        server: String,
        /// Its `maxmemory-policy`.
        policy: String,
    },
}

/// The keys of all records that concern one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordKeys {
    /// The hash tag that all records of one subject share, so that a cluster keeps them on one node.
    pub tag: String,
    /// The token.
    pub token: RecordId,
    /// The family that the token claims or starts; its record may name another.
    pub family: RecordId,
    /// The token as a member of its user's token set, where the layout has one.
    pub member: Option<SetMember>,
}

impl RecordKeys {
    /// Returns the family of the token, given the text of the token's record.
    ///
    /// # Errors
    /// If the text is not the record of a token.
    pub fn family_of(&self, token: Option<&str>) -> Result<RecordId, StoreError> {
        // Most records name their family where it is found without parsing. Each record is parsed later.
        if let Some(family) = token.and_then(family_in) {
            return Ok(family);
        }
        let recorded = TokenRecord::parse(token)?.and_then(|token| token.family);
        Ok(recorded.unwrap_or_else(|| self.family.clone()))
    }
}

/// A token in a user's token set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetMember {
    /// The key of the set.
    pub set: String,
    /// The text of the token.
    pub text: String,
}

/// The records of one token, as texts, at the time they were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The record of the token.
    pub token: Option<String>,
    /// The record of its family.
    pub family: Option<String>,
    /// The record of its subject.
    pub subject: Option<String>,
    /// The user's token set, where the layout has one.
    pub set: TokenSetState,
}

/// The state of a user's token set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TokenSetState {
    /// True if the set exists.
    pub exists: bool,
    /// True if the token is a member.
    pub has_token: bool,
}

/// A record to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordWrite {
    /// Its key.
    pub key: RecordKey,
    /// Its text.
    pub text: String,
    /// When the last token that it concerns expires; `None` if one never does.
    pub expires: Option<NumericDate>,
}

/// A change to a user's token set. The set then lives at least until the given time, or forever if there is none; its
/// lifetime never gets shorter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetChange {
    /// Adds the token.
    Add(SetMember, Option<NumericDate>),
    /// Removes the token with every spelling of its signature. Does nothing if there is no set.
    Remove(SetMember, Option<NumericDate>),
    /// Removes all tokens.
    Clear(String, Option<NumericDate>),
}

/// Everything that is written in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreUpdate {
    /// The records.
    pub records: Vec<RecordWrite>,
    /// The change to the token set, where the layout has one.
    pub set: Option<SetChange>,
    /// The time from which the lifetime of a record counts: the given time or the system clock, the earlier of both.
    pub clock: NumericDate,
    /// Records that expired before this time may be deleted.
    pub forget: NumericDate,
}
