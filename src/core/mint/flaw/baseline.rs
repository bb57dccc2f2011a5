//! The baseline: a valid token and what it is judged with. Flawed tokens differ from it in one thing. Nothing is signed or
//! judged here.

use crate::core::encryption::error::EncryptionError;
use crate::core::encryption::new_key::NewKeyError;
use crate::core::encryption::{Decrypter, Encrypter};
use crate::core::json::Member;
use crate::core::key::KeyError;
use crate::core::key::ring::KeyRing;
use crate::core::mint::signer::{PreparedSigner, SignError};
use crate::core::reason::Reason;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::numeric_date::NumericDate;

/// The parts of a valid token, and what it is judged with.
#[derive(Clone, Copy, Debug)]
pub struct Baseline<'a> {
    /// The claims of the token.
    pub claims: &'a [Member<'static>],
    /// The keys of the verifier.
    pub keys: &'a KeyRing,
    /// The signer, with one of these keys and the header of the token.
    pub signer: &'a PreparedSigner<'a>,
    /// The only algorithms that the verifier allows; if empty, those of the key.
    pub algorithms: &'a [Algorithm],
    /// The encryption of the token, if it is encrypted.
    pub encryption: Option<EncryptionBaseline<'a>>,
    /// The time at which the token is issued and judged.
    pub now: NumericDate,
    /// Random bytes for other keys and for parts that look encrypted.
    pub random: &'a [u8; 128],
}

/// The encryption of a valid token, and what it is decrypted with.
#[derive(Clone, Copy, Debug)]
pub struct EncryptionBaseline<'a> {
    /// Encrypts for the key of the recipient.
    pub encrypter: &'a Encrypter,
    /// Holds the key of the recipient.
    pub decrypter: &'a Decrypter,
}

/// A reason why a token cannot have a flaw. Names of claims are unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotApplicable {
    /// The verifier rejects the token without the flaw.
    BaselineRejected {
        /// The reasons of the verifier.
        reasons: Vec<Reason>,
    },
    /// The verifier does not reject the flawed token for the flaw.
    NotDetected {
        /// The reasons of the verifier; none if it accepts the token.
        found: Vec<Reason>,
        /// The reason that was expected.
        expected: Reason,
    },
    /// The token lacks the claim of the flaw.
    NoSuchClaim {
        /// The name of the claim.
        claim: String,
    },
    /// `verify --claim` cannot name the claim, because its name holds `=`.
    NotNameable {
        /// The name of the claim.
        claim: String,
    },
    /// The key has no public half.
    NoPublicHalf {
        /// A description of the key.
        key: String,
    },
    /// The token cannot be signed.
    Sign(SignError),
    /// The token is not encrypted, so its encryption has no flaw.
    NotEncrypted,
    /// The token cannot be encrypted.
    Encrypt(EncryptionError),
    /// There is no other key to encrypt with.
    NoOtherKey(NewKeyError),
}

impl From<SignError> for NotApplicable {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<EncryptionError> for NotApplicable {
    fn from(error: EncryptionError) -> Self {
        Self::Encrypt(error)
    }
}

impl From<KeyError> for NotApplicable {
    fn from(error: KeyError) -> Self {
        Self::Sign(error.into())
    }
}
