//! Tokens with exactly one defect, to test verifiers with. All parts that can be valid are valid, so that only the defect
//! can be the reason for a rejection. The verdict on each token is asked of the verifier, not assumed.

mod baseline;
mod builder;
mod change;
mod encrypted;
mod table;
mod test_token;

pub use self::baseline::{Baseline, EncryptionBaseline, NotApplicable};
pub use self::table::{Flaw, FlawChoice, UnknownFlaw};
pub use self::test_token::{TestToken, VerifyOption};
