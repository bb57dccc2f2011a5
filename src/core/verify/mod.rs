//! Judging a token: what the caller demands, what was checked, and the verdict.

pub mod check;
pub mod doctor;
pub mod header_cache;
pub mod header_checks;
pub mod hints;
pub mod judge;
pub mod policy;
