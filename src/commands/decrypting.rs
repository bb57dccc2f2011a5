//! Loads the keys that decrypt the tokens of `decode`, `verify` and `inspect`, and the secrets of session cookies.

use crate::core::encryption::Decrypter;
use crate::core::encryption::session_cookie::{CookieSecret, SecretUse};
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::{self, DecryptionSettings, GivenKey};

/// Loads the decryption keys. A shared key among them also decrypts session cookies. `cookie` is the name of such a cookie.
pub(super) fn decrypter(
    settings: &DecryptionSettings,
    cookie: Option<&str>,
    max_size: usize,
    host: &mut Host<'_>,
) -> Result<Option<Decrypter>, CommandError> {
    let given = keys::load_decrypter(settings, max_size, host)?;
    Ok(given.map(|given| given.with_cookies(cookie.map(str::to_owned))))
}

/// Lets a secret that was given to verify signatures also decrypt session cookies. `cookie` is the name of such a cookie.
pub(super) fn with_cookies_of(
    given: &GivenKey,
    decrypter: Option<Decrypter>,
    cookie: Option<&str>,
    max_size: usize,
) -> Option<Decrypter> {
    let secret = CookieSecret::of_ring(&given.keys, cookie.map(str::to_owned), SecretUse::AlsoSignatures);
    match (decrypter, secret) {
        (decrypter, None) => decrypter,
        (Some(decrypter), Some(secret)) => Some(decrypter.or_cookies(secret)),
        (None, Some(secret)) => Some(Decrypter::of_cookies(secret, max_size)),
    }
}
