//! Tests of minting: single tokens, pairs, seeded tokens, tokens with a flaw, and hints on what was probably not meant.

pub(crate) mod detached;
pub(crate) mod encode;
pub(crate) mod encrypted;
pub(crate) mod flaws;
pub(crate) mod pair;
pub(crate) mod places;
pub(crate) mod profiles;
pub(crate) mod seeds;
pub(crate) mod serialized;
pub(crate) mod traps;
