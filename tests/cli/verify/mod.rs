//! Verdicts on tokens: one, many, and suites of them.

pub(crate) mod claims;
pub(crate) mod detached;
pub(crate) mod doctor;
pub(crate) mod encrypted;
pub(crate) mod encrypted_documents;
pub(crate) mod get;
pub(crate) mod issuers;
pub(crate) mod key_binding;
pub(crate) mod known_tokens;
pub(crate) mod layers;
pub(crate) mod lines;
pub(crate) mod mutated_texts;
pub(crate) mod mutation;
pub(crate) mod near_misses;
pub(crate) mod near_values;
pub(crate) mod report_page;
pub(crate) mod sd_jwt;
pub(crate) mod serialized;
pub(crate) mod session_cookies;
pub(crate) mod signatures;
pub(crate) mod suites;
pub(crate) mod times;
pub(crate) mod vectors;
pub(crate) mod verdicts;
pub(crate) mod wycheproof_signatures;
pub(crate) mod wycheproof_tokens;
