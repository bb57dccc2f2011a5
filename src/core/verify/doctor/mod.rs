//! The doctor: it runs after a signature failed, and finds out which near miss of the secret or of the token fits. It
//! tries common mistakes, never guesses secrets, and claims nothing beyond what it tried.

mod secret;
mod token;

pub use self::secret::Written;
pub(super) use self::secret::{SECRET_ATTEMPTS, near_misses, unfilled};
pub(super) use self::token::{KEY_ATTEMPTS, TOKEN_ATTEMPTS, misshapen};

/// Returns the words on every near miss of a secret.
pub(super) fn secret_words() -> Vec<String> {
    secret::all_words()
}
