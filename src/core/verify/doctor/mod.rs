//! The doctor: it runs after a signature failed, and finds out which near miss of the secret or of the token fits. It
//! tries common mistakes, never guesses secrets, and claims nothing beyond what it tried.

mod secret;
mod token;
mod variants;

pub use self::secret::Written;
pub(super) use self::secret::{examine_secret, unfilled};
pub use self::token::{TOKEN_MISSES, TokenMiss};
pub(super) use self::token::{TokenExamination, examine_token};
pub use self::variants::{SECRET_MISSES, SecretMiss};
