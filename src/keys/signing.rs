//! Prepares the key that signs new tokens, and warns the user of a weak one.

use crate::core::mint::signer::PreparedSigner;
use crate::host::{Host, Level};

/// Warns the user if the key is weak for its algorithm.
pub(crate) fn warn_if_weak(signer: &PreparedSigner<'_>, host: &mut Host<'_>) {
    if let Some(weakness) = signer.weakness() {
        host.message(Level::Warning, &format!("{}: {}", weakness.reason, weakness.detail));
    }
}
