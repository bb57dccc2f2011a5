//! Judging a token: what the caller demands, the checks, and the verdict. [`Verifier`] is the only way in.

pub mod check;
mod claim_checks;
mod disclosure_checks;
pub mod doctor;
mod document;
mod encryption_failures;
mod encryption_hints;
pub mod header_cache;
mod header_checks;
mod hint_scope;
mod hints;
mod issuer_hints;
pub mod judge;
mod key_binding;
pub mod mark_check;
mod near_texts;
mod near_values;
mod opening;
mod padding;
pub mod policy;
mod presentation;
mod signature_hints;
mod streaming;
mod verifier;

pub use self::document::{DocumentVerification, SignatureDemand, read_signatures};
pub use self::encryption_hints::about_encryption;
pub use self::hint_scope::HintScope;
pub use self::hints::MOST_HINTS;
pub use self::issuer_hints::{ISSUER_HINTS, IssuerHint, about_encrypted, about_opaque};
pub use self::near_texts::RULES as NEAR_VALUE_RULES;
pub use self::opening::{Envelope, Opening};
pub use self::padding::padding_hint;
pub use self::presentation::SdJwts;
pub use self::signature_hints::ways_to_give_a_key;
pub use self::streaming::{PayloadStream, StreamedSignature, WholePayloadNeeded};
pub use self::verifier::{ParsedToken, RevocationStore, SubmittedToken, Verification, Verifier};
