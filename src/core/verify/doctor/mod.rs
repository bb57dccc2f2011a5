//! The doctor: after a signature failed, it tries near misses of the secret and of the token. It tries common mistakes, never
//! guesses secrets, and reports only what it tried.

mod parts;
mod payload;
mod secret;
mod token;
mod variants;

pub use self::payload::{PAYLOAD_MISSES, PayloadMiss};
pub(super) use self::secret::examine_secret;
pub use self::secret::{Unfilled, Written, unfilled};
pub use self::token::{TOKEN_MISSES, TokenMiss};
pub(super) use self::token::{TokenExamination, examine_token};
pub use self::variants::{SECRET_MISSES, SecretMiss};
