//! Tests of minting: single tokens, pairs, seeded tokens, and tokens with a flaw.

pub(crate) mod encode;
pub(crate) mod flaws;
pub(crate) mod pair;
pub(crate) mod seeds;
