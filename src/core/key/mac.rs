//! HMAC with SHA-2 (RFC 2104, RFC 7518 section 3.2). The state that a key gives is kept, so that a MAC costs the hash of
//! what is signed and nothing else: for a short message, half as much again as when the key is set up for each.

use super::provider::Unusable;
use crate::core::algorithm::Algorithm;
use crate::core::secret::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha384, Sha512};

/// A secret ready to make MACs of one size.
pub(super) enum Mac {
    Sha256(Box<Hmac<Sha256>>),
    Sha384(Box<Hmac<Sha384>>),
    Sha512(Box<Hmac<Sha512>>),
}

impl Mac {
    pub(super) fn new(secret: &Secret, algorithm: Algorithm) -> Result<Self, Unusable> {
        let secret = secret.expose();
        let ready = match algorithm {
            Algorithm::Hs256 => Hmac::new_from_slice(secret).map(Box::new).map(Self::Sha256),
            Algorithm::Hs384 => Hmac::new_from_slice(secret).map(Box::new).map(Self::Sha384),
            Algorithm::Hs512 => Hmac::new_from_slice(secret).map(Box::new).map(Self::Sha512),
            _ => return Err(Unusable),
        };
        ready.map_err(|_| Unusable)
    }

    /// Whether this is the MAC of these bytes, compared in constant time.
    pub(super) fn verifies(&self, bytes: &[u8], mac: &[u8]) -> bool {
        match self {
            Self::Sha256(state) => state.as_ref().clone().chain_update(bytes).verify_slice(mac).is_ok(),
            Self::Sha384(state) => state.as_ref().clone().chain_update(bytes).verify_slice(mac).is_ok(),
            Self::Sha512(state) => state.as_ref().clone().chain_update(bytes).verify_slice(mac).is_ok(),
        }
    }

    /// The MAC of these bytes.
    pub(super) fn of(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256(state) => state.as_ref().clone().chain_update(bytes).finalize().into_bytes().to_vec(),
            Self::Sha384(state) => state.as_ref().clone().chain_update(bytes).finalize().into_bytes().to_vec(),
            Self::Sha512(state) => state.as_ref().clone().chain_update(bytes).finalize().into_bytes().to_vec(),
        }
    }
}
