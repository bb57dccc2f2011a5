//! The text and hints of errors in making tokens.

use super::{CommandError, ErrorKind};
use crate::core::key::ring::KeySelectionError;
use crate::core::mint::header::HeaderError;
use crate::core::mint::signer::SignError;
use crate::core::text::escape::Shown;
use crate::core::token::algorithm::list;
use std::fmt;

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySelection { cause: KeySelectionError::None(what), .. } => f.write_str(what),
            Self::KeySelection { cause: KeySelectionError::Several(names), source } => {
                write!(f, "several keys of {source} could sign: {names}")
            }
            Self::Refused(failure) => write!(f, "{}: {}", failure.reason, failure.detail),
            Self::NoAlgorithm { key } => write!(f, "this build has no algorithm that signs with {key}"),
            Self::WrongKeyType { algorithm, key, source, .. } => {
                write!(f, "{algorithm} does not work with {key} from {source}")
            }
            Self::PublicKey { source } => {
                write!(
                    f,
                    "the key from {source} is public: it can verify, but only its private half can sign"
                )
            }
            Self::HalvesDiffer { source } => {
                write!(f, "the private half of the key from {source} does not match its public half")
            }
            Self::Header(error) => error.fmt(f),
            Self::Unusable(unusable) => unusable.fmt(f),
        }
    }
}

impl std::error::Error for SignError {}

impl From<SignError> for CommandError {
    fn from(error: SignError) -> Self {
        let hint = match &error {
            SignError::KeySelection { cause: KeySelectionError::Several(_), .. } => {
                Some("choose one with --kid".to_owned())
            }
            SignError::WrongKeyType { usable, .. } => Some(format!("this key signs with {}", list(usable))),
            SignError::Header(error) => error.hint().map(str::to_owned),
            _ => None,
        };
        let error = Self::new(ErrorKind::Unjudged, error);
        hint.into_iter().fold(error, Self::with_hint)
    }
}

impl HeaderError {
    const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Reserved { .. } => {
                Some("the algorithm comes from --alg; no extension may be made critical")
            }
            Self::Repeated { .. } => None,
        }
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved { name } => write!(f, "--header cannot set `{name}`"),
            Self::Repeated { name } => {
                write!(f, "the header parameter `{}` is given twice", Shown(name))
            }
        }
    }
}

impl std::error::Error for HeaderError {}
