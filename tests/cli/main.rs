//! The commands as a user meets them: arguments, streams, files and a clock in; an exit status and two
//! streams out. Most runs happen in this process, in a world of the test's own making; those in `process` are
//! real ones. `FOB_BLESS=1 cargo test` rewrites the snapshots and the completions, for a person to read the
//! difference.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that goes wrong may say so the short way, in its helpers too"
)]

#[path = "../support/mod.rs"]
mod support;

mod docs;
mod inspect;
mod keys;
mod mint;
mod network;
mod process;
mod store;
mod verify;
