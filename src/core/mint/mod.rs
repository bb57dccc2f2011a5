//! Makes tokens: claims and headers, pairs in the formats of known frameworks, and tokens with a defect for tests. All of
//! them are signed by one [`PreparedSigner`](signer::PreparedSigner).

pub mod assignment;
pub mod claims;
pub mod detached;
pub mod encoding;
pub mod flaw;
pub mod given_claim;
pub mod header;
pub mod pair;
pub mod prepared_claims;
pub mod profile;
pub mod serialization;
pub mod signer;
pub mod token_id;
pub mod traps;
