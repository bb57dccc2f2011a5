//! Decrypts tokens for `fob decode`, with decryption keys or with the secret of session cookies. Nothing is judged.

use crate::cli::decode::DecodeArgs;
use crate::commands::decrypting::decrypter;
use crate::commands::key_settings;
use crate::core::encryption::Decrypter;
use crate::core::encryption::session_cookie::{CookieSecret, SecretUse};
use crate::core::key::secret::SecretFormat;
use crate::core::verify::Verifier;
use crate::core::verify::policy::Policy;
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::{self, DecryptionSettings, DecryptionSource};

/// The keys that decrypt the tokens of a run.
pub(super) struct DecodeKeys {
    settings: DecryptionSettings,
    decrypter: Option<Decrypter>,
    cookie: Option<String>,
    /// The keys judge nothing, but decrypt as for `fob verify`.
    policy: Policy,
    max_size: usize,
}

impl DecodeKeys {
    /// Loads the keys that options name. Those of the environment are loaded when an encrypted token needs them.
    pub(super) fn load(args: &DecodeArgs, host: &mut Host<'_>) -> Result<Self, CommandError> {
        let settings = key_settings::for_decrypting(
            args.decryption.clone().into_inner(),
            args.password.clone().into_inner(),
        );
        let max_size = args.token.limit.max_size();
        let cookie = args.cookie.cookie.clone();
        let source = match (&args.secret_env, &args.secret_file) {
            (Some(name), _) => Some(DecryptionSource::SecretVariable(name.clone())),
            (None, Some(path)) => Some(DecryptionSource::SecretFile(path.clone())),
            (None, None) => None,
        };
        let mut keys =
            Self { settings, decrypter: None, cookie: cookie.clone(), policy: Policy::default(), max_size };
        if let Some(source) = source {
            let secret_format = SecretFormat::Text;
            let settings = DecryptionSettings { source, secret_format, ..keys.settings.clone() };
            let given = keys::load_decrypter(&settings, max_size, host)?;
            let secret =
                given.and_then(|given| CookieSecret::of_ring(given.ring(), cookie, SecretUse::Cookies));
            keys.decrypter = secret.map(|secret| Decrypter::of_cookies(secret, max_size));
        } else if keys.settings.is_given() {
            keys.load_decrypter(host)?;
        }
        Ok(keys)
    }

    fn load_decrypter(&mut self, host: &mut Host<'_>) -> Result<(), CommandError> {
        self.decrypter = decrypter(&self.settings, self.cookie.as_deref(), self.max_size, host)?;
        Ok(())
    }

    /// Loads the key of the environment, if no option names one.
    pub(super) fn load_from_environment(&mut self, host: &mut Host<'_>) -> Result<(), CommandError> {
        if self.decrypter.is_none() { self.load_decrypter(host) } else { Ok(()) }
    }

    /// Returns a verifier that decrypts with these keys, and judges nothing.
    pub(super) fn verifier(&self) -> Verifier<'_> {
        Verifier::without_key(&self.policy)
            .with_decrypter(self.decrypter.as_ref())
            .with_max_size(self.max_size)
    }
}
