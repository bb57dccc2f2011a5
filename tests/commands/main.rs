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

mod claims;
#[cfg(unix)]
mod client;
mod colour;
#[cfg(unix)]
mod crashes;
mod decode;
mod doctor;
mod documents;
mod encode;
mod flaws;
mod golden;
mod hostile;
mod inspect;
#[cfg(unix)]
mod inspect_flow;
mod inspect_texts;
#[cfg(unix)]
mod key_files;
mod key_forms;
mod key_hazards;
mod key_policy;
mod key_sets;
mod key_show;
mod key_sources;
mod keys;
mod kid_claims;
mod known;
mod lines;
mod login;
mod mutation;
mod pair;
mod peers;
#[cfg(unix)]
mod post;
#[cfg(unix)]
mod process;
mod prompts;
#[cfg(unix)]
mod pseudoterminal;
#[cfg(unix)]
mod race;
mod recordings;
mod redact;
#[cfg(unix)]
mod redis;
#[cfg(unix)]
mod redis_faults;
#[cfg(unix)]
mod redis_server;
mod refresh;
mod report_page;
mod secrets;
mod seeds;
#[cfg(unix)]
mod server;
mod sessions;
mod signatures;
#[cfg(target_os = "linux")]
mod small_disk;
mod sources;
#[cfg(unix)]
mod store_faults;
#[cfg(unix)]
mod streams;
mod suites;
mod times;
#[cfg(unix)]
mod user_token_set;
mod vectors;
mod verify;
#[cfg(unix)]
mod web;
mod world;
mod wycheproof_signatures;
mod wycheproof_tokens;
