//! Errors of the commands themselves: what the user asked for cannot be done. Their text and hints are here, too.

use super::{CommandError, ErrorKind};
use crate::core::mint::flaw::{Flaw, NotApplicable};
use crate::core::mint::profile::Profile;
use crate::core::reason::Failure;
use std::fmt;

/// A request that a command cannot fulfil.
#[derive(Debug)]
pub(crate) enum UsageError {
    // fob encode
    /// All flaws were asked for, but no suite to write them to.
    AllFlawsWithoutSuite,
    /// The token cannot have the flaw.
    FlawNotApplicable {
        /// The flaw.
        flaw: Flaw,
        /// Why it does not apply.
        reason: NotApplicable,
    },
    /// There is no valid token that flawed ones could be made of.
    NoFlawSuite {
        /// Why there is none.
        reason: NotApplicable,
    },
    /// A line of claims is too long.
    ClaimsLineTooLong {
        /// The size of the line in bytes.
        bytes: u64,
        /// The largest size.
        maximum: usize,
    },
    /// No key was prepared for a line.
    NoSigningKey,

    // fob pair
    /// No option names the user.
    NoUser,
    /// Both --user-id and --sub name the subject of an oauth token.
    TwoOauthSubjects,
    /// A claim was given for the refresh token of a profile that has none.
    NoRefreshToken {
        /// The profile.
        profile: Profile,
    },
    /// The two tokens of a pair have different subjects.
    PairSubjectsDiffer,
    /// The store cannot keep the tokens.
    NotStorable {
        /// Why it cannot.
        failure: Failure,
    },

    // fob revoke
    /// `--subject` is empty.
    EmptySubject,
    /// The token to revoke is malformed.
    MalformedToken {
        /// Its flaw.
        failure: Failure,
    },
    /// The claims of the token to revoke do not identify it.
    UnidentifiedToken {
        /// What is missing.
        failure: Failure,
    },
}

impl UsageError {
    const fn kind(&self) -> ErrorKind {
        match self {
            Self::MalformedToken { .. } => ErrorKind::NoToken,
            _ => ErrorKind::Unjudged,
        }
    }

    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::AllFlawsWithoutSuite => Some("add --suite PATH"),
            Self::NoUser => Some("name the user with --user-id or --sub"),
            Self::PairSubjectsDiffer => {
                Some("give `sub` and `user_id` to both, with --sub, --user-id or --claim")
            }
            Self::EmptySubject => Some("give --subject the `sub` of the tokens, or their `user_id`"),
            Self::UnidentifiedToken { .. } => Some("revoke everything of its subject with --subject SUB"),
            _ => None,
        }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllFlawsWithoutSuite => {
                f.write_str("--flaw all mints many tokens, which can only be written to a suite")
            }
            Self::FlawNotApplicable { flaw, reason } => {
                write!(f, "no token can be made with the flaw {flaw}: {reason}")
            }
            Self::NoFlawSuite { reason } => write!(f, "no suite of flaws can be made: {reason}"),
            Self::ClaimsLineTooLong { bytes, maximum } => {
                write!(f, "{bytes} bytes, but a line may have {maximum}; without --lines there is no such limit")
            }
            Self::NoSigningKey => f.write_str("there is no key to sign with"),
            Self::NoUser => f.write_str("no user was given"),
            Self::TwoOauthSubjects => {
                f.write_str("an oauth token has one subject: give --user-id or --sub, not both")
            }
            Self::NoRefreshToken { profile } => {
                write!(f, "--refresh-claim cannot be used: the profile {profile} has no separate refresh token")
            }
            Self::PairSubjectsDiffer => f.write_str(
                "the access token and the refresh token have different subjects, so a store could not revoke both",
            ),
            Self::NotStorable { failure } => f.write_str(&failure.detail),
            Self::EmptySubject => f.write_str("the subject is empty"),
            Self::MalformedToken { failure } | Self::UnidentifiedToken { failure } => {
                write!(f, "{}: {}", failure.reason, failure.detail)
            }
        }
    }
}

impl std::error::Error for UsageError {}

impl From<UsageError> for CommandError {
    fn from(error: UsageError) -> Self {
        let (kind, hint) = (error.kind(), error.hint());
        let error = Self::new(kind, error);
        hint.into_iter().fold(error, Self::with_hint)
    }
}
