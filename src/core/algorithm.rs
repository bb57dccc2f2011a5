//! The `alg` names (RFC 7518 section 3.1) and what this build does with each.

use std::fmt;
use std::str::FromStr;

/// A signature algorithm that this build can sign and verify with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
}

/// What an `alg` value names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlgName {
    /// No signature at all; matched in every letter case.
    None,
    /// An algorithm of this build.
    Known(Algorithm),
    /// A registered signature algorithm that needs a key of another kind than any this build takes.
    Foreign,
    /// Anything else.
    Unknown,
}

/// Registered for signatures, and not for a secret.
const FOREIGN: [&str; 12] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "ES256K", "EdDSA",
    "Ed25519",
];

impl AlgName {
    /// Reads the value of `alg`. Names are case-sensitive (RFC 7515 section 4.1.1), except that no spelling of
    /// `none` gets past (RFC 8725 section 3.2).
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.eq_ignore_ascii_case("none") {
            return Self::None;
        }
        match name.parse() {
            Ok(algorithm) => Self::Known(algorithm),
            Err(_) if FOREIGN.contains(&name) => Self::Foreign,
            Err(_) => Self::Unknown,
        }
    }
}

impl Algorithm {
    /// Every algorithm of this build.
    pub const ALL: &[Self] = &[Self::Hs256, Self::Hs384, Self::Hs512];

    /// The registered name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
        }
    }

    /// In words.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Hs256 => "HMAC with SHA-256",
            Self::Hs384 => "HMAC with SHA-384",
            Self::Hs512 => "HMAC with SHA-512",
        }
    }

    /// The size of the MAC in bytes, which is also the least size of its key (RFC 7518 section 3.2).
    #[must_use]
    pub const fn mac_bytes(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }
}

impl FromStr for Algorithm {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.iter().copied().find(|algorithm| algorithm.name() == name);
        known.ok_or_else(|| "no such algorithm; it is HS256, HS384 or HS512".to_owned())
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Names as a list for people: `HS256, HS384`.
#[must_use]
pub fn list(algorithms: &[Algorithm]) -> String {
    algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_none_is_an_algorithm() {
        for name in ["none", "None", "NONE", "nOnE"] {
            assert_eq!(AlgName::of(name), AlgName::None);
        }
        assert_eq!(AlgName::of("n\u{43e}ne"), AlgName::Unknown);
    }

    #[test]
    fn names_are_case_sensitive() {
        assert_eq!(AlgName::of("HS256"), AlgName::Known(Algorithm::Hs256));
        assert_eq!(AlgName::of("hs256"), AlgName::Unknown);
        assert_eq!(AlgName::of("RS256"), AlgName::Foreign);
    }
}
