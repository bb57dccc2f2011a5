//! The text of errors about expected verdicts.

use crate::core::reason::UnknownOutcome;
use crate::core::text::escape::Shown;
use std::fmt;

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.meant {
            Some(meant) => write!(f, "unknown outcome: write {}", Shown(meant)),
            None => f.write_str(
                "unknown outcome: write accepted, rejected, malformed or a reason code such as expired",
            ),
        }
    }
}

impl std::error::Error for UnknownOutcome {}
