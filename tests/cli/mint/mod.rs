//! Tokens that are made: signed, paired, seeded, and invalid on purpose.

pub(crate) mod encode;
pub(crate) mod flaws;
pub(crate) mod pair;
pub(crate) mod seeds;
