//! Text and hints of the errors of loading keys.

use super::fetch::ISSUER_WITH_QUERY;
use super::input::system_text;
use super::key::DECRYPT_OPENSSH;
use super::url::url_hint;
use super::{CommandError, ErrorKind};
use crate::core::key::KeyUse;
use crate::core::key::der::UnlockError;
use crate::core::key::file::KeyFileError;
use crate::core::key::ring::RepeatedKid;
use crate::core::key::shape::KeyFileShape;
use crate::core::text::escape::excerpt;
use crate::core::text::shell::argument;
use crate::host::server_url::{ForbiddenUrl, UrlError};
use crate::keys::password::PasswordError;
use crate::keys::{KeyLoadError, PathArgument};
use std::fmt;

impl fmt::Display for KeyLoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::NoKeyFile { .. } => {
                f.write_str("--key names no file (its argument is not shown, since it may be a secret)")
            }
            Self::NoSecretFile => {
                f.write_str("--secret-file names no file (its argument is not shown, since it may be a secret)")
            }
            Self::NoFileToShow => {
                f.write_str("`fob key show` names no file (its argument is not shown, since it may be a secret)")
            }
            Self::TokenAsPath { argument: PathArgument::KeyOption, .. } => {
                f.write_str("--key takes the path of a key, but its argument is a token (not shown)")
            }
            Self::TokenAsPath { argument: PathArgument::KeyShow, .. } => {
                f.write_str("`fob key show` takes the path of a key, but its argument is a token (not shown)")
            }
            Self::Password(error) => error.fmt(f),
            Self::IssuerUrl { error: ForbiddenUrl { error: UrlError::NoScheme, .. }, .. } => {
                f.write_str("the URL of --issuer-keys has no https://")
            }
            Self::Url(error) | Self::IssuerUrl { error, .. } => error.fmt(f),
            Self::Fetch(error) => error.fmt(f),
            Self::PublicKeyNotGiven { algorithm, .. } => {
                write!(
                    f,
                    "no key was given, but the token is signed with {algorithm}, which needs a public key"
                )
            }
            Self::IssuerWithQuery => f.write_str(ISSUER_WITH_QUERY),
            Self::NothingToCache => f.write_str("--cache is given, but no key is fetched"),
            Self::TwoVariables => {
                f.write_str("FOB_SECRET and FOB_KEY are both set, but only one key can be used")
            }
            Self::UrlInVariable => {
                f.write_str("FOB_KEY contains a URL, but fob fetches no URL from a variable")
            }
            Self::UnreadableVariable { error, .. } => {
                write!(
                    f,
                    "FOB_KEY contains neither a key nor the path of a readable file: {}",
                    system_text(error)
                )
            }
            Self::UrlToSign => f.write_str("a URL gives public keys, which cannot sign"),
            Self::SecretFromUrl { source } => write!(
                f,
                "{source} serves a key of type `oct`, which is an HMAC secret, but a URL must serve only public keys"
            ),
            Self::UrlToShow => f.write_str("`fob key show` takes the path of a file, not a URL"),
            Self::TextAsPath(PathArgument::KeyOption) => {
                f.write_str("--key takes the path of a key, not its text")
            }
            Self::TextAsPath(PathArgument::KeyShow) => {
                f.write_str("`fob key show` takes the path of a key, not its text")
            }
            Self::Unusable { source, error, .. } => write!(f, "the key from {source} cannot be used: {}", error),
            Self::PasswordForOpenSsh { source } => write!(
                f,
                "the key from {source} cannot be used: it is an OpenSSH private key encrypted with a password, and the \
                 options for passwords open only PKCS #8 keys"
            ),
            Self::Locked { source, error } => match error {
                UnlockError::WrongPassword => write!(f, "the password does not open the key in {source}"),
                UnlockError::Scheme(scheme) => {
                    write!(f, "the key in {source} is encrypted with {scheme}, which is not supported")
                }
                UnlockError::Content(why) => write!(f, "the key from {source} cannot be used: {why}"),
            },
            Self::NoKey { source, first: None } => write!(f, "{source} contains no key"),
            Self::NoKey { source, first: Some(why) } => write!(f, "{source} contains no usable key: {why}"),
            Self::NoSuchKid { kid, source, known: None } => {
                write!(f, "{source} contains no key with ID `{kid}`")
            }
            Self::NoSuchKid { kid, source, known: Some(known) } => {
                write!(f, "the set from {source} has no key with ID `{kid}`, it has {known}")
            }
            Self::RepeatedKid(RepeatedKid { kid, sources: [first, second] })
            | Self::RepeatedKidInSet(RepeatedKid { kid, sources: [first, second] }) => {
                write!(f, "two keys have the ID `{}`: one from {first}, one from {second}", excerpt(kid))
            }
            Self::SecretWithoutKid { source } => {
                write!(f, "{source} contains no key; if it is a secret, it needs a key ID")
            }
            Self::NoKids => f.write_str("--kid-claim chooses among keys with IDs, but no key has an ID"),
            Self::KidClaimWithSecret => {
                f.write_str("--kid-claim chooses among the keys of a set, but a secret is a single key")
            }
            Self::PromptedToken => f.write_str("the text given as the secret is a token"),
            Self::SecretVariableNotSet { name: Some(name) } => {
                write!(f, "the environment variable {name} is not set")
            }
            Self::SecretVariableNotSet { name: None } => {
                f.write_str("the environment variable named with --secret-env is not set")
            }
            Self::SecretTooLarge { source, maximum } => {
                write!(f, "the secret from {source} is larger than {} KiB", maximum >> 10)
            }
            Self::SecretFormat(error) => error.fmt(f),
            Self::OfDecryption(error) => match &**error {
                Self::UrlInVariable => {
                    f.write_str("FOB_DECRYPT_KEY contains a URL, but decryption keys are never fetched")
                }
                Self::UnreadableVariable { error, .. } => write!(
                    f,
                    "FOB_DECRYPT_KEY contains neither a key nor the path of a readable file: {}",
                    system_text(error)
                ),
                Self::NoKeyFile { .. } => f.write_str(
                    "--decrypt-key names no file (its argument is not shown, since it may be a secret)",
                ),
                Self::NoSecretFile => f.write_str(
                    "--decrypt-secret-file names no file (its argument is not shown, since it may be a secret)",
                ),
                Self::TokenAsPath { .. } => {
                    f.write_str("--decrypt-key takes the path of a key, but its argument is a token (not shown)")
                }
                Self::UrlToSign => f.write_str("a URL gives public keys, which cannot decrypt"),
                Self::TextAsPath(_) => f.write_str("--decrypt-key takes the path of a key, not its text"),
                Self::SecretVariableNotSet { name: None } => {
                    f.write_str("the environment variable named with --decrypt-secret-env is not set")
                }
                other => other.fmt(f),
            },
        }
    }
}

impl std::error::Error for KeyLoadError {}

impl From<KeyLoadError> for CommandError {
    fn from(error: KeyLoadError) -> Self {
        let hint = match &error {
            KeyLoadError::SecretVariableNotSet { name: Some(name) } => {
                Some(format!("set it with `export {name}=…`, or use --secret-file"))
            }
            KeyLoadError::PublicKeyNotGiven { ways, .. } => {
                Some(format!("use {ways}, or the variable FOB_KEY"))
            }
            KeyLoadError::IssuerUrl { issuer, error } => issuer_hint(issuer, error),
            KeyLoadError::OfDecryption(error) => decryption_hint(error),
            other => fixed_hint(other).map(str::to_owned),
        };
        match error {
            KeyLoadError::Input(error) => error.into(),
            KeyLoadError::Password(error) => error.into(),
            KeyLoadError::Url(error) => error.into(),
            KeyLoadError::Fetch(error) => (*error).into(),
            // An error of another type keeps its own kind and hints.
            KeyLoadError::OfDecryption(error) if is_of_another_type(&error) => (*error).into(),
            error => Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint),
        }
    }
}

/// Returns how to write the URL of an issuer that must not be requested.
fn issuer_hint(issuer: &str, error: &ForbiddenUrl) -> Option<String> {
    let rest = match &error.error {
        UrlError::NoScheme => Some(issuer),
        UrlError::PlainHttp { .. } => {
            issuer.strip_prefix("http://").filter(|rest| !rest.contains(['@', '?']))
        }
        _ => None,
    };
    match rest.and_then(|rest| argument(&format!("https://{rest}"))) {
        Some(url) if error.error == UrlError::NoScheme => Some(format!("write --issuer-keys {url}")),
        Some(url) => Some(format!(
            "write --issuer-keys {url}, or pipe the keys in: curl JWKS_URI | fob verify --key - TOKEN"
        )),
        None => url_hint(&error.error, error.purpose).map(str::to_owned),
    }
}

/// Reports whether the error is one of input, passwords or servers.
const fn is_of_another_type(error: &KeyLoadError) -> bool {
    matches!(
        error,
        KeyLoadError::Input(_) | KeyLoadError::Password(_) | KeyLoadError::Url(_) | KeyLoadError::Fetch(_)
    )
}

/// Returns a hint about a decryption key, in the options for such keys.
fn decryption_hint(error: &KeyLoadError) -> Option<String> {
    let hint = match error {
        KeyLoadError::SecretVariableNotSet { name: Some(name) } => {
            return Some(format!("set it with `export {name}=…`, or use --decrypt-secret-file"));
        }
        KeyLoadError::UnreadableVariable { may_be_secret: true, .. } => {
            "for a shared key as text, use --decrypt-secret-env with the name of a variable"
        }
        KeyLoadError::NoKeyFile { may_be_secret: false } => "--decrypt-key takes the path of a key",
        KeyLoadError::NoKeyFile { may_be_secret: true } => {
            "--decrypt-key takes the path of a key; for a shared key as text, use --decrypt-secret-file or --decrypt-secret-env"
        }
        KeyLoadError::NoSecretFile => {
            "--decrypt-secret-file takes the path of a file; for a shared key in a variable, use --decrypt-secret-env"
        }
        KeyLoadError::TokenAsPath { .. } => "write fob decode TOKEN --decrypt-key PATH",
        KeyLoadError::RepeatedKid(_) => "leave out one of the --decrypt-key options",
        KeyLoadError::UrlInVariable | KeyLoadError::UrlToSign => {
            "use --decrypt-key with the path of a private key"
        }
        KeyLoadError::TextAsPath(_) => {
            "write the key to a file, or set the variable FOB_DECRYPT_KEY to its text"
        }
        KeyLoadError::SecretVariableNotSet { name: None } => {
            "--decrypt-secret-env takes the name of a variable that holds the shared key"
        }
        KeyLoadError::SecretFormat(_) => {
            "set the encoding of the shared key with --decrypt-secret-format text, base64, base64url, hex or raw"
        }
        KeyLoadError::Unusable {
            error: KeyFileError::UnknownForm | KeyFileError::Shape(KeyFileShape::Secrets { .. }),
            ..
        } => "for a shared key as text, use --decrypt-secret-file or --decrypt-secret-env",
        KeyLoadError::Unusable { error: KeyFileError::Shape(KeyFileShape::KeysByUrl { .. }), .. } => {
            "use --decrypt-key with the path of a private key"
        }
        other => return fixed_hint(other).map(str::to_owned),
    };
    Some(hint.to_owned())
}

/// Returns a hint about a file that is not a usable key, in the options of the command that reads it.
const fn unusable_hint(error: &KeyFileError, purpose: Option<KeyUse>) -> Option<&'static str> {
    Some(match (error, purpose) {
        (KeyFileError::UnknownForm, None) => {
            "if it is a secret, write fob key show --format jwks --private --kid KID PATH"
        }
        (KeyFileError::Shape(KeyFileShape::Secrets { .. }), None) => {
            "copy one secret to a file, and write fob key show --format jwks --private --kid KID PATH"
        }
        (KeyFileError::Shape(KeyFileShape::KeysByUrl { .. }), None) => {
            "pipe the keys in: `curl URL | fob key show -`"
        }
        (KeyFileError::Shape(KeyFileShape::KeysByUrl { .. }), Some(KeyUse::Sign)) => {
            "use --key with the path of a private key"
        }
        _ => return error.hint(),
    })
}

fn fixed_hint(error: &KeyLoadError) -> Option<&'static str> {
    Some(match error {
        KeyLoadError::IssuerWithQuery => "use --key with the URL of a key set",
        KeyLoadError::NoKeyFile { may_be_secret: true } => {
            "--key takes the path of a key; for an HMAC secret, use --secret-file, --secret-env or --secret"
        }
        KeyLoadError::NoKeyFile { may_be_secret: false } => "--key takes the path of a key",
        KeyLoadError::NoSecretFile => {
            "--secret-file takes the path of a file; to give the secret itself, use --secret; --secret - reads it from standard input"
        }
        KeyLoadError::NoFileToShow => "write fob key show PATH, or pipe the key in: `fob key show -`",
        KeyLoadError::TokenAsPath { argument: PathArgument::KeyShow, .. } => "write fob decode TOKEN",
        KeyLoadError::TokenAsPath { purpose: KeyUse::Verify, .. } => "write fob verify TOKEN --key PATH",
        KeyLoadError::TokenAsPath { purpose: KeyUse::Sign, .. } => {
            "write --key PATH, with the path of a private key"
        }
        KeyLoadError::UnreadableVariable { may_be_secret: true, .. } => {
            "for an HMAC secret, set FOB_SECRET in place of FOB_KEY"
        }
        KeyLoadError::RepeatedKid(_) => "leave out one of the --key options",
        KeyLoadError::RepeatedKidInSet(_) => "give each key an ID of its own: --kid KID before its file",
        KeyLoadError::SecretWithoutKid { .. } => "give the ID before the file: --kid KID PATH",
        KeyLoadError::NothingToCache => "use --key with a URL, or --issuer-keys",
        KeyLoadError::TwoVariables => "unset one of them, or choose one with --secret-env or --key",
        KeyLoadError::UrlInVariable => "use --key \"$FOB_KEY\"",
        KeyLoadError::UrlToSign => "use --key with the path of a private key",
        KeyLoadError::SecretFromUrl { .. } => "give an HMAC secret with --secret-file or --secret-env",
        KeyLoadError::UrlToShow => "pipe it in: `curl URL | fob key show -`",
        KeyLoadError::TextAsPath(PathArgument::KeyOption) => {
            "write the key to a file, or set the variable FOB_KEY to its text"
        }
        KeyLoadError::TextAsPath(PathArgument::KeyShow) => {
            "pipe it in: `fob key show -` reads standard input"
        }
        KeyLoadError::Unusable { error, purpose, .. } => return unusable_hint(error, *purpose),
        KeyLoadError::PasswordForOpenSsh { .. } => DECRYPT_OPENSSH,
        KeyLoadError::Locked { error: UnlockError::Scheme(_), .. } => {
            "encrypt it again with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW`"
        }
        KeyLoadError::NoKids => "use a JWK Set in which every key has a `kid`",
        KeyLoadError::KidClaimWithSecret => {
            "use --key with a JWK Set that has a secret for each user; `fob key show --format jwks` makes one"
        }
        KeyLoadError::SecretVariableNotSet { name: None } => {
            "--secret-env takes the name of a variable without $, --secret the secret itself"
        }
        KeyLoadError::PromptedToken => {
            "give the token as an argument or as @PATH, and type the secret when you are asked for it"
        }
        KeyLoadError::SecretTooLarge { .. } => "check the path: real secrets are much shorter",
        KeyLoadError::SecretFormat(_) => {
            "set the encoding of the secret with --secret-format text, base64, base64url, hex or raw"
        }
        _ => return None,
    })
}

impl fmt::Display for PasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::VariableNotSet { name: Some(name), option } => {
                write!(f, "the environment variable {name} is not set ({option}-env)")
            }
            Self::VariableNotSet { name: None, option } => {
                write!(f, "the environment variable named with {option}-env is not set")
            }
            Self::NoFile { option } => {
                write!(f, "{option}-file names no file (its argument is not shown, since it may be a secret)")
            }
            Self::Input(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PasswordError {}

impl From<PasswordError> for CommandError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Input(error) => error.into(),
            error @ PasswordError::NoFile { option } => Self::new(ErrorKind::Unjudged, error).with_hint(
                format!("{option}-file takes the path of a file, {option}-env the name of a variable"),
            ),
            error @ PasswordError::VariableNotSet { .. } => Self::new(ErrorKind::Unjudged, error),
        }
    }
}
