//! SHA-256, for names that are made of what they name.

/// The digest.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    // It has that length always.
    digest.as_ref().try_into().unwrap_or_default()
}
