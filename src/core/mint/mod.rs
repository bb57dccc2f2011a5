//! Making tokens: claims and header built, signed, and invalid variants for tests.

pub mod flaw;
pub mod issue;
pub mod profile;
