//! The texts and hints of errors in showing a token.

use super::{CommandError, ErrorKind};
use crate::core::reason::Failure;
use crate::core::text::escape::excerpt;
use crate::core::token::claims::{ClaimsSet, meant};
use std::fmt;

/// A token, a segment or a claim that cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// The token or the segment does not parse.
    Malformed {
        /// The defect.
        failure: Failure,
        /// The apparent form of the input.
        hint: Option<String>,
    },
    /// The token is encrypted, and the keys that were given do not decrypt it.
    NotDecrypted {
        /// The cause.
        failure: Failure,
        /// A hint for the user.
        hint: Option<String>,
    },
    /// The payload is not a claims set, with the defect if there is one.
    NoClaims(Option<Failure>),
    /// The token lacks the claim.
    NoSuchClaim {
        /// The name or the JSON Pointer of a value that the user may mean.
        meant: Option<String>,
        /// The name, or the JSON Pointer.
        name: String,
    },
    /// The claim has more than one value.
    AmbiguousClaim(Failure),
}

impl DecodeError {
    /// Returns the error of a claim that is not among these claims, with the one that the user may mean.
    pub(crate) fn no_such_claim(name: &str, claims: Option<&ClaimsSet<'_>>) -> Self {
        Self::NoSuchClaim {
            meant: claims.and_then(|claims| meant(claims.members(), name)),
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { failure: Failure { reason, detail }, .. }
            | Self::NotDecrypted { failure: Failure { reason, detail }, .. }
            | Self::AmbiguousClaim(Failure { reason, detail })
            | Self::NoClaims(Some(Failure { reason, detail })) => write!(f, "{reason}: {detail}"),
            Self::NoClaims(None) => f.write_str("the token has no claims"),
            Self::NoSuchClaim { name, .. } => write!(f, "the token has no claim `{name}`"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<DecodeError> for CommandError {
    fn from(error: DecodeError) -> Self {
        let kind = match error {
            DecodeError::NoSuchClaim { .. } => ErrorKind::Rejected,
            DecodeError::NotDecrypted { ref failure, .. } if !failure.reason.is_malformed() => {
                ErrorKind::Rejected
            }
            _ => ErrorKind::NoToken,
        };
        let hint = match &error {
            DecodeError::Malformed { hint, .. } | DecodeError::NotDecrypted { hint, .. } => hint.clone(),
            DecodeError::AmbiguousClaim(_) => {
                Some("run `fob decode` without --claim to see all values".to_owned())
            }
            DecodeError::NoSuchClaim { meant, .. } => {
                meant.as_ref().map(|meant| format!("write `{}`, which the token has", excerpt(meant)))
            }
            DecodeError::NoClaims(_) => None,
        };
        let error = Self::new(kind, error);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }
}
