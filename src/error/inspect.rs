//! The texts of errors in inspecting a text, and of requirements that a token does not meet.

use super::{CommandError, ErrorKind, ExitStatus};
use crate::core::reason::Failure;
use crate::core::text::duration::Duration;
use crate::scan::advice::NotATokenBecause;
use std::fmt;

/// An inspection without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InspectError {
    /// The text contains no token, but perhaps a text of another kind.
    NoToken(Option<NotATokenBecause>),
    /// The text contains no token that a suite can have as a case.
    NoCase {
        /// How many tokens of which sort were left out.
        left_out: String,
    },
    /// Some of several sources could not be read. Warnings name them.
    Unreadable {
        /// The number of these sources.
        sources: usize,
    },
}

impl fmt::Display for InspectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoToken(other) => match other.as_ref().and_then(NotATokenBecause::in_text) {
                Some(message) => f.write_str(&message),
                None => f.write_str("there is no token in this text"),
            },
            Self::NoCase { left_out } => write!(f, "there is no token to make a case of: {left_out}"),
            Self::Unreadable { sources: 1 } => f.write_str("one of the texts could not be read"),
            Self::Unreadable { sources } => write!(f, "{sources} of the texts could not be read"),
        }
    }
}

impl std::error::Error for InspectError {}

impl From<InspectError> for CommandError {
    fn from(error: InspectError) -> Self {
        let kind = match error {
            InspectError::NoToken(_) | InspectError::NoCase { .. } => ErrorKind::NoToken,
            InspectError::Unreadable { .. } => ErrorKind::Unjudged,
        };
        Self::new(kind, error)
    }
}

/// The requirements that tokens of one run do not meet, for its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UnmetRequirements {
    /// The location of the first token that does not meet one, for example `line 3`.
    pub(crate) location: String,
    pub(crate) first: UnmetRequirement,
    /// The number of these tokens.
    pub(crate) tokens: usize,
    /// The status that they lead to.
    pub(crate) status: ExitStatus,
}

impl fmt::Display for UnmetRequirements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { location, first, tokens, .. } = self;
        if *tokens > 1 {
            write!(f, "{tokens} tokens do not meet a requirement; the first: ")?;
        }
        write!(f, "{location}: {first}")
    }
}

impl std::error::Error for UnmetRequirements {}

impl From<UnmetRequirements> for CommandError {
    fn from(error: UnmetRequirements) -> Self {
        let kind = match error.status {
            ExitStatus::TimeOnly => ErrorKind::TimeOnly,
            ExitStatus::NoToken => ErrorKind::NoToken,
            _ => ErrorKind::Rejected,
        };
        Self::new(kind, error)
    }
}

/// The requirement that a token does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UnmetRequirement {
    /// The token is opaque, but must be verified.
    Opaque,
    /// The token has no claims that could be checked.
    NoClaims,
    /// The token lacks a claim.
    NoClaim {
        /// The name, or the JSON Pointer.
        name: String,
    },
    /// `exp` or `nbf` is not a NumericDate.
    TimeType(Failure),
    /// The token is not valid for all of this time from now on.
    NotValidFor(Duration),
}

impl fmt::Display for UnmetRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opaque => f.write_str("an opaque token cannot be verified"),
            Self::NoClaims => f.write_str("there are no claims to check"),
            Self::NoClaim { name } => write!(f, "the token has no claim `{name}`"),
            Self::TimeType(failure) => f.write_str(&failure.detail),
            Self::NotValidFor(duration) => write!(f, "the token does not stay valid for {duration}"),
        }
    }
}
