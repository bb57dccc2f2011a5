//! The content of an encrypted token: decrypted with its content key, decompressed, and recognized as a token or not.

use super::compression;
use super::content;
use super::error::DecryptionError;
use super::jwe::Jwe;
use crate::core::key::secret::Secret;
use crate::core::token::base64url;
use crate::core::token::header::same_typ;

/// The maximum length of a decompressed text, in multiples of the length of its token.
const MAX_RATIO: usize = 10;

/// The content of a decrypted token. Only its encryption was verified: a holder of the public key can make such a token.
#[derive(Clone, Debug)]
pub struct Decrypted {
    /// The plaintext.
    pub plaintext: Secret,
    is_nested: bool,
}

impl Decrypted {
    /// Reports whether the content is a token in turn: `cty` says so (RFC 7519 section 5.2), or it has the form of one.
    #[must_use]
    pub const fn is_nested(&self) -> bool {
        self.is_nested
    }
}

/// Decrypts the content with its key, and decompresses it.
pub(super) fn open(jwe: &Jwe<'_>, key: &Secret, max_size: usize) -> Result<Decrypted, DecryptionError> {
    let plaintext = content::open(jwe.content(), key, &jwe.sealed()).ok_or(DecryptionError::DecryptFailed)?;
    let plaintext = if jwe.is_compressed() {
        let limit = max_size.min(jwe.size().saturating_mul(MAX_RATIO));
        compression::inflate(plaintext.expose(), limit).map_err(DecryptionError::Compression)?
    } else {
        plaintext
    };
    let is_nested = jwe.cty().is_some_and(|cty| same_typ(cty, "JWT")) || is_token(plaintext.expose());
    Ok(Decrypted { plaintext, is_nested })
}

/// Reports whether bytes look like a compact serialization: three or five segments of Base64url. The issuer's token of an
/// SD-JWT counts, too: its content is signed, even if an SD-JWT is not judged inside an encrypted token.
fn is_token(bytes: &[u8]) -> bool {
    let bytes = bytes.split(|byte| *byte == b'~').next().unwrap_or_default();
    let is_symbol = |byte: &u8| *byte == b'.' || base64url::is_symbol(*byte);
    let dots = bytes.iter().filter(|byte| **byte == b'.').count();
    matches!(dots, 2 | 4) && bytes.iter().all(is_symbol)
}
