//! Judging a token: what the caller demands, the checks, and the verdict. [`Verifier`] is the only way in.

pub mod check;
mod claim_checks;
pub mod doctor;
pub mod header_cache;
mod header_checks;
mod hints;
mod issuer_hints;
pub mod judge;
mod near_values;
pub mod policy;
mod verifier;

pub use self::hints::HintScope;
pub use self::verifier::{ParsedToken, RevocationStore, SubmittedToken, Verification, Verifier};

/// Returns the words on every near miss of a secret that is tried after a signature failed.
#[must_use]
pub fn secret_near_misses() -> Vec<String> {
    doctor::secret_words()
}

/// Returns every hint about the tokens of an issuer.
pub fn issuer_hints() -> impl Iterator<Item = &'static str> {
    issuer_hints::all()
}
