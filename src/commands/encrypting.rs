//! Encrypts the tokens that `encode`, `pair` and `refresh` make, if an option names a key for that.

use crate::cli::encrypt::EncryptArgs;
use crate::core::encryption::{Encrypter, EncryptionSettings};
use crate::core::json::{self, Member};
use crate::core::key::ring::KeyRing;
use crate::core::mint::pair::TokenPair;
use crate::core::token::base64url;
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::{KeySource, RecipientSettings, load_recipient};

/// The key that tokens are encrypted for.
pub(super) struct Recipient {
    /// Encrypts the tokens.
    pub(super) encrypter: Encrypter,
    /// The keys among which the key of the encrypter was chosen.
    pub(super) keys: KeyRing,
}

/// Prepares the key to encrypt with, or returns `None` if no option names one. `others` are further header parameters of
/// the encrypted tokens.
pub(super) fn recipient(
    args: EncryptArgs,
    others: Vec<Member<'static>>,
    host: &mut Host<'_>,
) -> Result<Option<Recipient>, CommandError> {
    let source = if let Some(place) = args.encrypt_for {
        KeySource::Key(place)
    } else if let Some(name) = args.encrypt_secret_env {
        KeySource::SecretVariable(name)
    } else if let Some(path) = args.encrypt_secret_file {
        KeySource::SecretFile(path)
    } else {
        return Ok(None);
    };
    let secret_format = args.encrypt_secret_format.unwrap_or_default();
    let place = RecipientSettings { source, secret_format, kid: args.encrypt_kid };
    let keys = load_recipient(place, host)?;
    let settings = EncryptionSettings {
        algorithm: args.encrypt_alg,
        content: args.enc,
        others,
        ..EncryptionSettings::default()
    };
    let encrypter = Encrypter::for_recipient(&keys, &settings)?;
    Ok(Some(Recipient { encrypter, keys }))
}

/// Returns the pair with its tokens encrypted. A store knows the signed tokens.
pub(super) fn encrypted(tokens: &TokenPair, encrypter: &Encrypter) -> Result<TokenPair, CommandError> {
    let refresh = tokens.refresh.as_deref().map(|token| encrypter.encrypt_token(token)).transpose()?;
    Ok(TokenPair { access: encrypter.encrypt_token(&tokens.access)?, refresh, ..tokens.clone() })
}

/// Returns the header of an encrypted token that was just made.
pub(super) fn header_of(token: &str) -> Vec<Member<'static>> {
    let header = token.split('.').next().and_then(|segment| base64url::decode(segment).ok());
    let header = header.as_deref().and_then(|bytes| json::parse(bytes).ok()).map(|value| value.into_owned());
    header.map(|value| value.members().to_vec()).unwrap_or_default()
}
