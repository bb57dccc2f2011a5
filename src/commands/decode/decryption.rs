//! Decrypts tokens for `fob decode`, with decryption keys or with the secret of session cookies. Nothing is judged.

use crate::cli::decode::DecodeArgs;
use crate::commands::encrypted_text::EncryptedText;
use crate::commands::key_settings;
use crate::core::encryption::session_cookie::{self, CookieError};
use crate::core::encryption::{Decrypted, Decrypter, Jwe};
use crate::core::key::Material;
use crate::core::key::secret::{Secret, SecretFormat};
use crate::core::reason::{Failure, Reason};
use crate::core::token::jws::Compact;
use crate::core::verify::Verifier;
use crate::core::verify::policy::Policy;
use crate::error::CommandError;
use crate::host::Host;
use crate::keys::{self, DecryptionSettings, DecryptionSource};

/// The keys that decrypt the tokens of a run.
pub(super) struct DecodeKeys {
    settings: DecryptionSettings,
    opener: Option<Opener>,
    max_size: usize,
}

/// The key or the secret that decrypts a token.
enum Opener {
    Keys(Decrypter),
    /// The secret of an application that writes session cookies, and the name of the cookie.
    Cookie(Secret, Option<String>),
}

/// The content of a decrypted token.
pub(super) enum Content {
    /// A token.
    Token(Secret),
    /// Anything else.
    Plain(Secret),
}

impl From<Decrypted> for Content {
    fn from(decrypted: Decrypted) -> Self {
        match decrypted.is_nested() {
            true => Self::Token(decrypted.plaintext),
            false => Self::Plain(decrypted.plaintext),
        }
    }
}

/// A token that was not decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotDecrypted {
    pub(super) failure: Failure,
    pub(super) hint: Option<String>,
}

impl DecodeKeys {
    /// Loads the keys that options name. Those of the environment are loaded when an encrypted token needs them.
    pub(super) fn load(args: &DecodeArgs, host: &mut Host<'_>) -> Result<Self, CommandError> {
        let settings = key_settings::for_decrypting(args.decryption.clone(), args.password.clone());
        let max_size = args.token.limit.max_size;
        let source = match (&args.secret_env, &args.secret_file) {
            (Some(name), _) => Some(DecryptionSource::SecretVariable(name.clone())),
            (None, Some(path)) => Some(DecryptionSource::SecretFile(path.clone())),
            (None, None) => None,
        };
        let opener = if let Some(source) = source {
            let secret_format = SecretFormat::Text;
            let settings = DecryptionSettings { source, secret_format, ..settings.clone() };
            let secret = keys::load_decrypter(&settings, max_size, host)?.and_then(|decrypter| {
                match &decrypter.ring().only()?.material {
                    Material::Hmac(secret) => Some(secret.clone()),
                    _ => None,
                }
            });
            secret.map(|secret| Opener::Cookie(secret, args.cookie.clone()))
        } else if settings.is_given() {
            keys::load_decrypter(&settings, max_size, host)?.map(Opener::Keys)
        } else {
            None
        };
        Ok(Self { settings, opener, max_size })
    }

    /// Loads the key of the environment, if no option names one.
    pub(super) fn load_from_environment(&mut self, host: &mut Host<'_>) -> Result<(), CommandError> {
        if self.opener.is_none() {
            self.opener = keys::load_decrypter(&self.settings, self.max_size, host)?.map(Opener::Keys);
        }
        Ok(())
    }

    /// Decrypts a token. Returns `None` for a token that is not encrypted, or if there is no key.
    pub(super) fn open(&self, compact: &Compact<'_>) -> Option<Result<Content, NotDecrypted>> {
        let Compact::Jwe { text, .. } = compact else { return None };
        let opened = match self.opener.as_ref()? {
            Opener::Keys(decrypter) => {
                let policy = Policy::default();
                let verifier = Verifier::without_key(&policy)
                    .with_decrypter(Some(decrypter))
                    .with_max_size(self.max_size);
                verifier
                    .open(text.as_bytes())?
                    .into_decrypted()
                    .map_err(|(failure, hint)| NotDecrypted { failure, hint })
            }
            Opener::Cookie(secret, name) => self.open_cookie(text, secret, name.as_deref()),
        };
        Some(opened.map(Content::from))
    }

    /// Decrypts a document in JSON serialization, and returns the number of the recipient who was chosen, from zero. Returns
    /// `None` if there is no key.
    pub(super) fn open_document(
        &self,
        text: &EncryptedText<'_>,
    ) -> Option<(usize, Result<Content, NotDecrypted>)> {
        match self.opener.as_ref()? {
            Opener::Keys(decrypter) => {
                let policy = Policy::default();
                let verifier = Verifier::without_key(&policy)
                    .with_decrypter(Some(decrypter))
                    .with_max_size(self.max_size);
                let opening = text.open(&verifier)?;
                let recipient = opening.recipient();
                let opened = opening.into_decrypted().map(Content::from);
                Some((recipient, opened.map_err(|(failure, hint)| NotDecrypted { failure, hint })))
            }
            Opener::Cookie(..) => {
                let detail = "the secret opens session cookies, which are in compact serialization";
                let hint = "use --decrypt-key or --decrypt-secret-env for other encrypted tokens".to_owned();
                let failure = Failure::new(Reason::KeyNotFound, detail);
                Some((0, Err(NotDecrypted { failure, hint: Some(hint) })))
            }
        }
    }

    fn open_cookie(
        &self,
        text: &str,
        secret: &Secret,
        name: Option<&str>,
    ) -> Result<Decrypted, NotDecrypted> {
        let jwe = Jwe::parse(text.as_bytes(), self.max_size)
            .map_err(|error| NotDecrypted { failure: Failure::from(&error), hint: None })?;
        session_cookie::open(&jwe, secret, name, self.max_size).map(|(decrypted, _)| decrypted).map_err(
            |error| {
                let (reason, hint) = match &error {
                    CookieError::OtherAlgorithms { .. } => (
                        Reason::AlgNotAllowed,
                        "use --decrypt-key or --decrypt-secret-env for other encrypted tokens",
                    ),
                    CookieError::OtherKey { name: None } => (
                        Reason::KeyNotFound,
                        "if the cookie has a name of its own, give it with --cookie NAME",
                    ),
                    CookieError::OtherKey { name: Some(_) } => {
                        (Reason::KeyNotFound, "check --cookie: it is the name of the cookie in the browser")
                    }
                    CookieError::Decryption(_) => (Reason::DecryptFailed, ""),
                };
                let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
                NotDecrypted { failure: Failure::new(reason, error.to_string()), hint }
            },
        )
    }
}
