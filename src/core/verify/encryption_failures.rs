//! Turns the errors of reading and decrypting an encrypted token into failed checks.

use crate::core::encryption::CompressionError;
use crate::core::encryption::error::{
    DecryptionError, EphemeralKeyError, JweError, KeyUnfit, ParameterFault,
};
use crate::core::encryption::session_cookie::CookieError;
use crate::core::reason::{CheckName, Failure, KeyMismatch, Malformed, Reason};

/// Returns the check that a token fails because it cannot be read, and why.
pub(super) fn unreadable(error: &JweError) -> (CheckName<'static>, Failure) {
    let detail = || error.to_string();
    let malformed = |malformed| (CheckName::Form, Failure::malformed(malformed, detail()));
    match error {
        JweError::Form(failure) => (CheckName::Form, failure.clone()),
        JweError::NotEncrypted => malformed(Malformed::Segments),
        JweError::Member { .. } => malformed(Malformed::Serialization),
        JweError::TooManyRecipients { .. } => malformed(Malformed::TooLarge),
        JweError::DuplicateMember(_) => malformed(Malformed::DuplicateMember),
        JweError::Base64 { .. } => malformed(Malformed::Base64),
        JweError::Parameter { name: "iv" | "tag", fault: ParameterFault::Length { .. } }
        | JweError::Length { .. }
        | JweError::Blocks { .. }
        | JweError::NoEncryptedKey => (CheckName::Decrypt, Failure::new(Reason::DecryptFailed, detail())),
        JweError::Parameter { name, .. } => malformed(Malformed::of_parameter(name)),
        JweError::EphemeralKey(EphemeralKeyError::Curve(_)) | JweError::Algorithm(_) => {
            (CheckName::Alg, Failure::new(Reason::AlgUnsupported, detail()))
        }
        JweError::EphemeralKey(_) => malformed(Malformed::Epk),
        JweError::Content(_) | JweError::Compression(_) => {
            (CheckName::Enc, Failure::new(Reason::AlgUnsupported, detail()))
        }
        JweError::Extension => (CheckName::Crit, Failure::new(Reason::CritUnsupported, detail())),
    }
}

impl From<&JweError> for Failure {
    fn from(error: &JweError) -> Self {
        unreadable(error).1
    }
}

/// Returns the check that a token fails because it is not decrypted, and why. The check of `alg` is made elsewhere.
pub(super) fn undecrypted(error: &DecryptionError) -> Option<(CheckName<'static>, Failure)> {
    let of_key = |reason| Some((CheckName::Key, Failure::new(reason, error.to_string())));
    match error {
        DecryptionError::NotAllowed { .. } => None,
        DecryptionError::NoKey(_) => of_key(Reason::KeyNotFound),
        DecryptionError::Key(KeyUnfit::Unusable(failure)) => Some((CheckName::Key, failure.clone())),
        DecryptionError::Key(unfit) => of_key(Reason::KeyMismatch(match unfit {
            KeyUnfit::Type { .. } => KeyMismatch::Kty,
            KeyUnfit::Curve { .. } | KeyUnfit::HalvesDiffer => KeyMismatch::Crv,
            KeyUnfit::SecretLength { .. } | KeyUnfit::Algorithm { .. } => KeyMismatch::Alg,
            KeyUnfit::Use(_) => KeyMismatch::Use,
            KeyUnfit::Operations { .. } | KeyUnfit::NoPrivateHalf | KeyUnfit::Unusable(_) => {
                KeyMismatch::KeyOps
            }
        })),
        DecryptionError::Compression(CompressionError::TooLarge { .. }) => {
            Some((CheckName::Decrypt, Failure::malformed(Malformed::TooLarge, error)))
        }
        DecryptionError::OtherRsaSize { .. }
        | DecryptionError::DecryptFailed
        | DecryptionError::Compression(CompressionError::Invalid)
        | DecryptionError::NoRandomness => {
            Some((CheckName::Decrypt, Failure::new(Reason::DecryptFailed, error.to_string())))
        }
    }
}

/// Returns the check that fails for a session cookie that is not decrypted, and why.
pub(super) fn unopened_cookie(error: &CookieError) -> (CheckName<'static>, Failure) {
    let (check, reason) = match error {
        CookieError::OtherAlgorithms { .. } => (CheckName::Alg, Reason::AlgNotAllowed),
        CookieError::OtherKey { .. } => (CheckName::Key, Reason::KeyNotFound),
        CookieError::Decryption(cause) => {
            let failed = || Failure::new(Reason::DecryptFailed, cause.to_string());
            let (check, failure) = undecrypted(cause).unwrap_or_else(|| (CheckName::Decrypt, failed()));
            return (check, failure);
        }
    };
    (check, Failure::new(reason, error.to_string()))
}
