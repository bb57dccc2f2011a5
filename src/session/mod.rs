//! Session files: where they are, how they are locked, read and replaced so that no refresh token is lost. What a session
//! holds is decided in `core::oauth::session`, and what is sent in `client`.

pub(crate) mod error;
mod file;

pub(crate) use self::error::{SessionError, SessionFault, SessionFileError};
pub(crate) use self::file::{Exchange, SessionFile};
