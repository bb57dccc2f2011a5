//! Makes tokens: claims and header are built, signed by one [`PreparedSigner`](signer::PreparedSigner), or made invalid on
//! purpose for tests.

pub mod encoding;
pub mod flaw;
pub mod header;
pub mod profile;
pub mod signer;
