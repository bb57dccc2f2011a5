//! The commands as users run them: with arguments, streams, files and a clock. Most tests run them in this process, in a fake
//! world; those in `process` start real processes. `FOB_BLESS=1 cargo test` rewrites snapshots, for a person
//! to read the difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests and their helpers may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod docs;
mod inspect;
mod keys;
mod mint;
mod network;
mod process;
#[cfg(unix)]
mod session;
mod store;
mod verify;
