//! Encrypted tokens (RFC 7516, RFC 7518): reads them, decrypts them and makes them. This folder does not judge the content.
//! Successful decryption says nothing about the sender, unless the key is a shared key.
//!
//! Files depend on each other in one direction: `algorithm` (the tables), `compression` ← `error`, `provider` (cryptography)
//! ← `content`, `key_wrap`, `parameters` ← `agreement`, `fit`, `jwe` ← `serialization`, `key_choice`, `opened` ←
//! `session_cookie` ← `decrypt`, `encrypt` ← `new_key`, `recipient`.

mod agreement;
pub mod algorithm;
mod compression;
mod content;
mod decrypt;
mod encrypt;
pub mod error;
mod fit;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod jwe;
mod key_choice;
mod key_wrap;
pub mod new_key;
mod opened;
mod parameters;
mod provider;
pub mod recipient;
mod serialization;
pub mod session_cookie;
#[cfg(test)]
mod tests;

pub use self::compression::CompressionError;
pub use self::decrypt::Decrypter;
pub use self::encrypt::{Encrypter, EncryptionSettings};
pub use self::jwe::Jwe;
pub use self::opened::Decrypted;
pub use self::parameters::MAX_ITERATIONS;
pub use self::serialization::JsonJwe;
