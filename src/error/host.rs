//! Text and hints of the errors of the outside world.

use super::{CommandError, ErrorKind};
use crate::host::HostError;
use std::fmt;

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StdinTaken { by, wanted } => {
                write!(f, "standard input cannot provide both {by} and {wanted}")
            }
            Self::NoRandomness(error) => write!(f, "the operating system provides no random bytes: {error}"),
            Self::IssuedBefore1970 => f.write_str("a token cannot be issued before 1970"),
        }
    }
}

impl std::error::Error for HostError {}

impl From<HostError> for CommandError {
    fn from(error: HostError) -> Self {
        let hint = match error {
            HostError::StdinTaken { .. } => Some("give one of them as an argument or in a file"),
            HostError::NoRandomness(_) | HostError::IssuedBefore1970 => None,
        };
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}
