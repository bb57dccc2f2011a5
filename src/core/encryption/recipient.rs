//! Chooses the key that new tokens are encrypted for: the only key, or the only one of a set that can encrypt.

use super::algorithm::{ContentAlgorithm, KeyAlgorithm};
use super::encrypt::{Encrypter, EncryptionSettings};
use super::error::EncryptionError;
use crate::core::key::Key;
use crate::core::key::ring::KeyRing;
use crate::core::reason::Failure;

/// A reason why no key was chosen to encrypt with. Names are not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipientError {
    /// The only key cannot encrypt as asked.
    Key {
        /// The source of the key.
        source: String,
        /// The cause.
        error: EncryptionError,
        /// Another choice of algorithms that works with this key.
        alternative: Option<Alternative>,
    },
    /// The whole set is refused.
    Set(Failure),
    /// No key of the set can encrypt.
    NoneFits {
        /// The source of the set.
        source: String,
        /// The algorithm that was asked for.
        algorithm: Option<KeyAlgorithm>,
    },
    /// Several keys of the set can encrypt.
    Several {
        /// The source of the set.
        source: String,
        /// The number of keys.
        count: usize,
        /// The key IDs of those that have one.
        kids: Vec<String>,
    },
}

/// Algorithms that work with a key, in place of those that were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The key management algorithm, if it must be another.
    pub algorithm: Option<KeyAlgorithm>,
    /// The content encryption algorithm, if it must be another.
    pub content: Option<ContentAlgorithm>,
}

impl Encrypter {
    /// Prepares the key of a ring that new tokens are encrypted for.
    ///
    /// # Errors
    /// [`RecipientError`] if no single key can encrypt.
    pub fn for_recipient(keys: &KeyRing, settings: &EncryptionSettings) -> Result<Self, RecipientError> {
        if let Some(failure) = keys.unusable_reason() {
            return Err(RecipientError::Set(failure));
        }
        let source = keys.source().to_owned();
        if let [key] = keys.keys() {
            return Self::new(key, settings.clone()).map_err(|error| RecipientError::Key {
                alternative: alternative(key, settings),
                source,
                error,
            });
        }
        let fitting = keys.keys().iter().filter_map(|key| Self::new(key, settings.clone()).ok());
        let mut fitting: Vec<Self> = fitting.collect();
        match (fitting.pop(), fitting.len()) {
            (Some(one), 0) => Ok(one),
            (None, _) => Err(RecipientError::NoneFits { source, algorithm: settings.algorithm }),
            (Some(last), others) => {
                let kids = fitting.iter().chain([&last]).filter_map(|one| one.kid().map(str::to_owned));
                Err(RecipientError::Several { source, count: others + 1, kids: kids.collect() })
            }
        }
    }
}

/// Returns other algorithms that work with a key: another `enc`, else another `alg`, else both.
fn alternative(key: &Key, settings: &EncryptionSettings) -> Option<Alternative> {
    [(false, true), (true, false), (true, true)].into_iter().find_map(|(algorithm, content)| {
        let mut others = settings.clone();
        if algorithm {
            others.algorithm.take()?;
        }
        if content {
            others.content.take()?;
        }
        let found = Encrypter::new(key, others).ok()?;
        Some(Alternative {
            algorithm: algorithm.then(|| found.algorithm()),
            content: content.then(|| found.content()),
        })
    })
}
