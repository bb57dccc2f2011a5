//! The text of errors in working on many lines.

use super::{CommandError, ErrorKind};
use crate::batch::BatchError;
use crate::scan::pick::PickError;

impl<E: Into<Self>> From<BatchError<E>> for CommandError {
    fn from(error: BatchError<E>) -> Self {
        match error {
            BatchError::NoToken => Self::new(ErrorKind::NoToken, PickError::Empty),
            BatchError::Input(error) => error.into(),
            BatchError::Output(error) => error.into(),
            BatchError::Work(error) => error.into(),
        }
    }
}
