//! Stores of sessions: which tokens are used up or revoked, and which refresh token of a session is current. A
//! signature can say neither, because it cannot be withdrawn.
//!
//! A [`ledger::Ledger`] decides in two steps: it reads the records of a token, its family and its subject, then writes
//! the result, provided that none of these records has changed meanwhile. A [`backend::Backend`] holds the records: an
//! SQLite file, or a Redis or Valkey server. Records are found by `jti` and `iss`, never by the text of a token, because
//! one token has several valid spellings (for example a second ECDSA signature).
//!
//! A new backend is one folder beside `sqlite` and one entry in the table `BACKENDS` of [`address`].

pub mod address;
pub mod backend;
pub mod error;
pub mod identity;
pub mod ledger;
pub mod listing;
pub mod location;
pub(crate) mod open;
pub mod record;
mod redis;
pub mod revocation;
pub mod revocation_report;
mod sqlite;
#[cfg(test)]
mod tests;
pub mod token_state;
pub mod verdict;
