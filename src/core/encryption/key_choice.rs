//! Chooses the decryption key of a token from a ring: by its key ID if the token names one, else the only key that fits.
//! The unverified header only selects. Nothing is tried: no choice depends on whether a key decrypts the token.

use super::error::NoDecryptionKey;
use super::jwe::Jwe;
use crate::core::key::Key;
use crate::core::key::jwk::thumbprint;
use crate::core::key::ring::KeyRing;

/// Returns the key for a token. `fits` reports whether a key may decrypt it.
///
/// # Errors
/// [`NoDecryptionKey`].
pub(super) fn choose<'k>(
    ring: &'k KeyRing,
    jwe: &Jwe<'_>,
    fits: impl Fn(&Key) -> bool,
) -> Result<&'k Key, NoDecryptionKey> {
    let none_fits = NoDecryptionKey::NoneFits(jwe.algorithm());
    let wanted = jwe.kid();
    if let Some(key) = ring.only() {
        return match (wanted, key.kid.as_deref()) {
            (Some(wanted), Some(own)) if wanted != own => {
                Err(NoDecryptionKey::OtherKid { wanted: wanted.to_owned(), key: own.to_owned() })
            }
            _ => Ok(key),
        };
    }
    // A header may name a key although the set names none.
    let nameless = ring.keys().iter().all(|key| key.kid.as_deref().is_none_or(str::is_empty))
        && ring.unreadable().iter().all(|member| member.kid.is_none());
    let wanted = wanted.filter(|_| !nameless);
    let is_wanted = |key: &&Key| wanted.is_none_or(|wanted| key.kid.as_deref() == Some(wanted));
    let named: Vec<&Key> = ring.keys().iter().filter(is_wanted).collect();
    if let (Some(wanted), []) = (wanted, named.as_slice()) {
        let unreadable = ring.unreadable().iter().find(|member| member.kid.as_deref() == Some(wanted));
        let wanted = wanted.to_owned();
        return Err(match unreadable {
            Some(member) => NoDecryptionKey::Unreadable { wanted, error: member.error.clone() },
            None => NoDecryptionKey::Named { wanted, known: ring.names() },
        });
    }
    let fitting: Vec<&Key> = named.iter().copied().filter(|key| fits(key)).collect();
    match (fitting.as_slice(), named.as_slice()) {
        // A key that the set repeats is one key.
        ([first, rest @ ..], _) if rest.iter().all(|key| is_same(first, key)) => Ok(first),
        // The caller says why the key that the token names does not fit.
        ([], [first, ..]) if wanted.is_some() => Ok(first),
        ([], _) => Err(none_fits),
        (several, _) => Err(NoDecryptionKey::Several {
            count: several.len(),
            algorithm: jwe.algorithm(),
            wanted: wanted.map(str::to_owned),
        }),
    }
}

fn is_same(a: &Key, b: &Key) -> bool {
    thumbprint(a).is_some_and(|print| thumbprint(b) == Some(print))
}
