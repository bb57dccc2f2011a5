//! The digest algorithms of `_sd_alg` (RFC 9901 section 4.1.1). The cryptography is in `key::digest`.

use crate::core::key::digest::sha2;
use crate::core::token::base64url;

/// A digest algorithm, by its name in the IANA registry of hash algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// SHA-256, the default.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// Every algorithm that is supported.
    pub const ALL: [Self; 3] = [Self::Sha256, Self::Sha384, Self::Sha512];

    /// Returns the name that `_sd_alg` has.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// Returns the algorithm with that name. Letter case counts.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Computes the digest of a text, as Base64url.
    #[must_use]
    pub fn digest(self, text: &str) -> String {
        let length = match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        };
        base64url::encode(&sha2(length, text.as_bytes()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_digest_of_the_specification() {
        // RFC 9901 section 4.2.3.
        let disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
        let digest = DigestAlgorithm::Sha256.digest(disclosure);
        assert_eq!(digest, "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    }

    #[test]
    fn each_algorithm_has_its_length_and_its_name() {
        for (algorithm, characters) in DigestAlgorithm::ALL.into_iter().zip([43, 64, 86]) {
            assert_eq!(algorithm.digest("x").len(), characters);
            assert_eq!(DigestAlgorithm::from_name(algorithm.name()), Some(algorithm));
        }
        assert_eq!(DigestAlgorithm::from_name("SHA-256"), None);
    }
}
