//! Turns the key options of all commands into plain settings.

use crate::cli::key::{IssuerKeyArgs, KeyArgs, PasswordArgs};
use crate::keys::{KeyCache, KeySettings, KeySource, PasswordSource};

/// Returns the settings of a command that signs, which fetches no keys.
pub(super) fn for_signing(args: KeyArgs) -> KeySettings {
    for_verifying(args, IssuerKeyArgs::default())
}

/// Returns the settings of a command that verifies.
pub(super) fn for_verifying(args: KeyArgs, issuer: IssuerKeyArgs) -> KeySettings {
    let source = if let Some(url) = issuer.issuer_keys {
        KeySource::Issuer(url)
    } else if let Some(place) = args.key {
        KeySource::Key(place)
    } else if let Some(secret) = args.secret {
        KeySource::Secret(secret)
    } else if let Some(path) = args.secret_file {
        KeySource::SecretFile(path)
    } else if let Some(name) = args.secret_env {
        KeySource::SecretVariable(name)
    } else {
        KeySource::Unspecified
    };
    KeySettings {
        source,
        secret_format: args.secret_format,
        kid: args.kid,
        kid_claim: args.kid_claim,
        password: key_password(args.password),
        cache: KeyCache { folder: issuer.cache, offline: issuer.offline },
    }
}

/// Returns where the password of an encrypted key comes from.
pub(super) fn key_password(args: PasswordArgs) -> PasswordSource {
    match (args.key_password_env, args.key_password_file) {
        (Some(name), _) => PasswordSource::Variable(name),
        (None, Some(path)) => PasswordSource::File(path),
        (None, None) => PasswordSource::Prompt,
    }
}
