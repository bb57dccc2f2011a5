//! Encrypts the tokens that `encode` and `pair` make, if an option names a key for that.

use crate::cli::encrypt::EncryptArgs;
use crate::core::encryption::{Encrypter, EncryptionSettings};
use crate::core::json::{self, Member};
use crate::core::token::base64url;
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::{KeySource, RecipientSettings, load_recipient};

/// Prepares the key to encrypt with, or returns `None` if no option names one. `others` are further header parameters of
/// the encrypted tokens.
pub(super) fn encrypter(
    args: EncryptArgs,
    others: Vec<Member<'static>>,
    host: &mut Host<'_>,
) -> Result<Option<Encrypter>, CommandError> {
    let source = if let Some(place) = args.encrypt_for {
        KeySource::Key(place)
    } else if let Some(name) = args.encrypt_secret_env {
        KeySource::SecretVariable(name)
    } else if let Some(path) = args.encrypt_secret_file {
        KeySource::SecretFile(path)
    } else {
        return Ok(None);
    };
    let recipient =
        RecipientSettings { source, secret_format: args.encrypt_secret_format, kid: args.encrypt_kid };
    let keys = load_recipient(recipient, host)?;
    let settings = EncryptionSettings {
        algorithm: args.encrypt_alg,
        content: args.enc,
        others,
        ..EncryptionSettings::default()
    };
    Ok(Some(Encrypter::for_recipient(&keys, &settings)?))
}

/// Returns the header of an encrypted token that was just made.
pub(super) fn header_of(token: &str) -> Vec<Member<'static>> {
    let header = token.split('.').next().and_then(|segment| base64url::decode(segment).ok());
    let header = header.as_deref().and_then(|bytes| json::parse(bytes).ok()).map(|value| value.into_owned());
    header.map(|value| value.members().to_vec()).unwrap_or_default()
}
