//! Decides whether cached keys are fetched again for a token. The rules are those of `keys` and `remote`.

use super::encrypted_text::EncryptedText;
use crate::core::token::jws::Padding;
use crate::core::token::serialization::JsonJws;
use crate::core::verify::Verifier;
use crate::keys::GivenKey;

/// Reports whether a token, or the token inside it, names a key that the keys lack, and that may be fetched at this time.
pub(super) fn lacks_key(
    given: &GivenKey,
    verifier: &Verifier<'_>,
    text: &EncryptedText<'_>,
    now: i64,
) -> bool {
    if !given.may_be_renewed(now) {
        return false;
    }
    let opening = text.open(verifier);
    let parsed = text.parse(verifier, opening.as_ref());
    parsed.is_ok_and(|parsed| given.lacks_key(parsed.read().token()))
}

/// Reports whether a signature of a document in JSON serialization names such a key.
pub(super) fn lacks_key_of_document(
    given: &GivenKey,
    verifier: &Verifier<'_>,
    text: &[u8],
    max_size: usize,
    now: i64,
) -> bool {
    if !given.may_be_renewed(now) {
        return false;
    }
    let Ok(jws) = JsonJws::parse(text, max_size, Padding::Allowed) else { return false };
    let signatures = verifier.parse_signatures(&jws).unwrap_or_default();
    signatures.iter().any(|parsed| given.lacks_key(parsed.read().token()))
}
