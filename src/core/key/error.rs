//! The error of using a key for signing, verifying or key generation. Its text is in `error::key`.

use crate::core::token::algorithm::Algorithm;

/// A key that cannot be prepared, used or made for an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyError {
    /// The key is not for this algorithm.
    WrongAlgorithm(Algorithm),
    /// The key has no private half.
    NoPrivateHalf,
    /// The private half does not belong to the public half.
    HalvesDiffer,
    /// No RSA key of this size can be generated.
    RsaSize {
        /// The requested size.
        bits: usize,
    },
    /// Keys for this algorithm cannot be derived from a seed.
    NotDerivable(Algorithm),
    /// The operating system provides no randomness.
    NoRandomness,
    /// The crypto library refuses the operation.
    Refused,
}
