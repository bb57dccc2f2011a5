//! What is out of use, and which refresh token of a session is the current one: everything that a signature cannot
//! say, because it cannot be called back.
//!
//! A [`ledger`] decides, always in the same two steps: it reads what is known of a token, its family and its subject,
//! and writes what follows, provided that nothing of it has changed meanwhile. Where the records lie is the business
//! of a [`Shelf`]: a file of SQLite, or a server of Redis or Valkey. Records are found by `jti` and `iss`, never by the
//! text of a token, which has more than one spelling (a second ECDSA signature, say).

pub mod address;
pub mod identity;
pub mod ledger;
pub mod listing;
pub mod record;
mod redis;
pub mod revocation;
pub mod revocation_report;
mod sqlite;
pub mod token_state;
pub mod verdict;

use crate::core::key::secret::Secret;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use address::{Address, Place};
use record::{Id, Key, TokenRecord};

/// Where the records of one token lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What all records of one subject share: on a cluster they lie side by side.
    pub tag: String,
    /// The token.
    pub token: Id,
    /// The family it begins, or the one it says it is of; its record may name another.
    pub family: Id,
    /// The set of its subject's good tokens, where the layout has one, and the token's own text.
    pub member: Option<Member>,
}

impl Spot {
    /// The family of the token, given its record.
    fn family_of(&self, token: Option<&str>) -> Result<Id, CommandError> {
        let named = TokenRecord::read(token)?.and_then(|token| token.family);
        Ok(named.unwrap_or_else(|| self.family.clone()))
    }
}

/// A token in a set of good ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key of the set.
    pub set: String,
    /// The token as it is written.
    pub text: String,
}

/// What lay there, each as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The record of the token.
    pub token: Option<String>,
    /// That of its family.
    pub family: Option<String>,
    /// That of its subject.
    pub subject: Option<String>,
    /// Whether there is a set of good tokens, and whether the token is in it.
    pub set: SeenSet,
}

/// A set of good tokens, as it was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenSet {
    /// Whether there is one.
    pub exists: bool,
    /// Whether the token is in it.
    pub has_token: bool,
}

/// A record to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub key: Key,
    /// What.
    pub text: String,
    /// When the last token it speaks of expires; nothing if one never does.
    pub expires: Option<NumericDate>,
}

/// What happens to a set of good tokens. It is kept at least until the given time, and never shorter than it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetChange {
    /// The token comes into it.
    Add(Member, Option<NumericDate>),
    /// The token leaves it, in whatever spelling of its signature it stands there; nothing if there is no set.
    Remove(Member, Option<NumericDate>),
    /// Every token leaves it.
    Clear(String, Option<NumericDate>),
}

/// What is written in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Records.
    pub records: Vec<Write>,
    /// A set of good tokens, where the layout has one.
    pub set: Option<SetChange>,
    /// The time at which it is written, or that of the clock, if that is earlier: how long a record is kept counts from
    /// then.
    pub clock: NumericDate,
    /// What expired before this may go.
    pub forget: NumericDate,
}

/// Where records lie. It decides nothing.
pub trait Shelf: Send {
    /// Reads what lies at each spot, in one round trip for all of them.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn read(&mut self, spots: &[Spot]) -> Result<Vec<Seen>, CommandError>;

    /// Writes all of it or nothing: nothing if anything at the spot is no longer as it was seen, which is told by
    /// `false`.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn write(&mut self, spot: &Spot, seen: &Seen, changes: &Changes) -> Result<bool, CommandError>;

    /// Every record there is.
    ///
    /// # Errors
    /// If the store cannot be read.
    fn all(&mut self) -> Result<Vec<String>, CommandError>;

    /// Drops the records of tokens that have expired at this time and says how many those were; nothing where records
    /// go away by themselves.
    ///
    /// # Errors
    /// If the store cannot be written.
    fn prune(&mut self, now: NumericDate) -> Result<Option<usize>, CommandError>;
}

/// Whether a store that is not there is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It is an error.
    Refused,
    /// It is made, empty.
    Made,
}

/// A store that is open.
pub struct Opened {
    /// Its records.
    pub shelf: Box<dyn Shelf>,
    /// Whether it was not there before.
    pub is_new: bool,
    /// What its user should know of it.
    pub remark: Option<String>,
}

/// Opens a store. `password` is for a server, if its URL has none.
///
/// # Errors
/// If it cannot be reached or read, or is none.
pub fn open(address: &Address, password: Option<&Secret>, absent: Absent) -> Result<Opened, CommandError> {
    match &address.place {
        Place::File(path) => sqlite::open(path, absent),
        Place::Server(server) => redis::open(server, password, absent),
    }
}
