//! Digests of bytes. It interprets none of them, and does not wipe them.

use aws_lc_rs::digest::{
    Algorithm, Context, Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest,
};

/// Computes the SHA-256 digest (FIPS 180-4).
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut sum = [0; 32];
    sum.iter_mut().zip(digest(&SHA256, bytes).as_ref()).for_each(|(to, from)| *to = *from);
    sum
}

/// Computes the SHA-1 digest (FIPS 180-4), for `x5t` alone (RFC 7517 section 4.8).
#[must_use]
pub(super) fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut sum = [0; 20];
    sum.iter_mut().zip(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()).for_each(|(to, from)| *to = *from);
    sum
}

/// Computes the SHA-512 digest (FIPS 180-4).
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    let mut sum = [0; 64];
    sum.iter_mut().zip(digest(&SHA512, bytes).as_ref()).for_each(|(to, from)| *to = *from);
    sum
}

/// Computes the SHA-2 digest of this length in bytes, or returns `None` for another length.
pub(in crate::core) fn sha2(length: usize, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(digest(algorithm(length)?, bytes).as_ref().to_vec())
}

/// Returns the SHA-2 algorithm with digests of this length in bytes.
const fn algorithm(length: usize) -> Option<&'static Algorithm> {
    match length {
        32 => Some(&SHA256),
        48 => Some(&SHA384),
        64 => Some(&SHA512),
        _ => None,
    }
}

/// A SHA-2 digest of bytes that come in pieces.
pub(super) struct DigestStream(Context);

impl DigestStream {
    /// Begins a digest of this length in bytes. Returns `None` for a length that no digest has.
    pub(super) fn new(length: usize) -> Option<Self> {
        algorithm(length).map(|algorithm| Self(Context::new(algorithm)))
    }

    /// Adds bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the digest.
    pub(super) fn finish(self) -> Digest {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn computes_the_first_example_of_fips_180() {
        let hex = sha256(b"abc").iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
