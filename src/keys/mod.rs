//! Loads the keys to sign or verify with: from files, standard input, the environment, URLs or the user. It takes plain
//! settings and knows no command line. What a key is good for is decided in `core::key`.

mod decryption;
mod error;
mod key_file;
mod key_set;
mod named_files;
mod parse;
pub(crate) mod password;
mod recipient;
mod recognize;
mod renewal;
mod secret;
mod settings;
pub(crate) mod signing;

pub(crate) use self::decryption::{
    DECRYPTION_VARIABLE, DecryptionSettings, DecryptionSource, load_decrypter,
};
pub(crate) use self::error::{KeyLoadError, PathArgument, RecipientKeyError};
pub(crate) use self::key_file::{KeyFile, key_file};
pub(crate) use self::named_files::{NamedFile, named_files};
pub(crate) use self::recipient::{RecipientSettings, load_recipient};
pub(crate) use self::recognize::{is_key, is_url};
pub(crate) use self::settings::{KeySettings, KeySource, PasswordSource};

use self::key_set::FetchedKeys;
use self::parse::warn_if_shared;
use self::recognize::{is_pem_or_json, is_plainly_a_path, is_token};
use self::renewal::{LoadedKeys, Renewal};
use crate::core::key::file::{self, KeyFileError};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::{Secret, SecretVariable};
use crate::core::key::{Key, KeyUse, Material};
use crate::core::verify::doctor::Written;
use crate::host::{Host, OpenFile};
use crate::input::InputError;
use crate::input::source::{open_file, read_opened, read_stdin};
use crate::remote::DocumentCache;
use std::ffi::OsStr;
use std::io::ErrorKind::NotFound;
use std::path::Path;

/// The loaded keys, and the secret as the user gave it, if the key is one.
#[derive(Clone, Debug)]
pub(crate) struct GivenKey {
    pub(crate) keys: KeyRing,
    pub(crate) written: Option<Written>,
    /// The issuer that published the keys, as its metadata give it, if the user named one.
    pub(crate) issuer: Option<String>,
    /// How the keys are fetched again, if some are from the cache.
    renewal: Option<Renewal>,
}

impl GivenKey {
    /// Returns no key, for a run in which a decryption key is enough.
    pub(crate) fn none() -> Self {
        Self::from(KeyRing::empty())
    }
}

impl From<KeyRing> for GivenKey {
    fn from(keys: KeyRing) -> Self {
        Self { keys, written: None, issuer: None, renewal: None }
    }
}

/// Returns whether the settings or the environment name a key, so that the user need not be asked.
pub(crate) fn is_available(settings: &KeySettings, host: &Host<'_>) -> bool {
    let is_set = |name| variable(name, host).is_some();
    !matches!(settings.source, KeySource::Unspecified) || is_set("FOB_SECRET") || is_set("FOB_KEY")
}

/// Loads the key from where the settings say, else from `FOB_SECRET` or `FOB_KEY`, else from the user.
pub(crate) fn load(
    settings: &KeySettings,
    purpose: KeyUse,
    host: &mut Host<'_>,
) -> Result<GivenKey, KeyLoadError> {
    let KeySettings { source, password, cache, .. } = settings;
    let fetches = match source {
        KeySource::Issuer(_) => true,
        KeySource::Key(place) => place.to_str().is_some_and(is_url),
        KeySource::Keys(places) => places.iter().filter_map(|place| place.to_str()).any(is_url),
        _ => false,
    };
    if cache.folder.is_some() && !fetches {
        return Err(KeyLoadError::NothingToCache);
    }
    let mut issuer = None;
    let parts = match source {
        KeySource::Issuer(text) => {
            let found = key_set::issuer_key_set(text, cache, host).map_err(|error| match error {
                KeyLoadError::Url(error) => KeyLoadError::IssuerUrl { issuer: text.trim().to_owned(), error },
                other => other,
            })?;
            issuer = Some(found.issuer);
            vec![from_url(&found.keys, purpose, password, host)?]
        }
        KeySource::Key(place) => vec![from_place(place, cache, purpose, password, host)?],
        KeySource::Keys(places) => {
            let mut parts = Vec::new();
            for place in places {
                parts.push(from_place(place, cache, purpose, password, host)?);
            }
            parts
        }
        KeySource::Secret(_) | KeySource::SecretFile(_) | KeySource::SecretVariable(_) => {
            return secret::load(settings, purpose, host);
        }
        KeySource::Unspecified => match (variable("FOB_SECRET", host), variable("FOB_KEY", host)) {
            (Some(_), Some(_)) => return Err(KeyLoadError::TwoVariables),
            (None, Some(value)) => {
                vec![from_variable(value.expose(), "FOB_KEY", purpose, password, host)?.into()]
            }
            _ => return secret::load(settings, purpose, host),
        },
    };
    let renewal = Renewal::new(parts, settings, purpose);
    let (keys, renewal) = renewal.into_keys(host)?;
    Ok(GivenKey { issuer, renewal, ..GivenKey::from(keys) })
}

/// Returns the value of a variable, unless it is empty.
fn variable(name: &str, host: &Host<'_>) -> Option<SecretVariable> {
    (host.env)(name).filter(|value| !value.is_empty()).map(SecretVariable::new)
}

/// Applies `--kid` and `--kid-claim`.
fn narrowed(keys: KeyRing, settings: &KeySettings) -> Result<KeyRing, KeyLoadError> {
    if let Some(kid) = &settings.kid {
        let source = keys.source().to_owned();
        return keys.named(kid).map_err(|error| KeyLoadError::NoSuchKid {
            kid: kid.clone(),
            source,
            known: Some(error.names),
        });
    }
    if settings.kid_claim.is_some() && keys.keys().iter().all(|key| key.kid.is_none()) {
        return Err(KeyLoadError::NoKids);
    }
    Ok(keys.by_claim(settings.kid_claim.clone()))
}

/// Loads keys from what `--key` names: a URL, a path or standard input.
fn from_place(
    place: &OsStr,
    cache: &DocumentCache,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<LoadedKeys, KeyLoadError> {
    match place.to_str() {
        Some("-") => {
            let bytes = Secret::new(read_stdin("the key", host)?);
            Ok(parse::keys(bytes.expose(), "standard input", purpose, password, host)?.into())
        }
        Some(text) if is_pem_or_json(text) => Err(KeyLoadError::TextAsPath(PathArgument::KeyOption)),
        Some(url) if is_url(url) => match purpose {
            KeyUse::Sign => Err(KeyLoadError::UrlToSign),
            KeyUse::Verify => from_url(&key_set::key_set(url, cache, host)?, purpose, password, host),
        },
        _ => {
            let path = Path::new(place);
            let file =
                open_file(path, "the key", host).map_err(|error| not_a_path(place, purpose, error, host))?;
            Ok(from_file(file, path, purpose, password, host)?.into())
        }
    }
}

/// Parses a fetched key set. Every reader of a published secret could sign tokens with it, so secrets are refused.
fn from_url(
    fetched: &FetchedKeys,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<LoadedKeys, KeyLoadError> {
    let document = &fetched.document;
    let secret = || KeyLoadError::SecretFromUrl { source: document.source.clone() };
    if key_set::has_secret(&document.content) {
        return Err(secret());
    }
    let keys = parse::keys(&document.content, &document.source, purpose, password, host)?;
    let is_secret = |key: &Key| matches!(key.material, Material::Hmac(_));
    match keys.keys().iter().any(is_secret) {
        true => Err(secret()),
        false => Ok(LoadedKeys { keys, fetched: Some((fetched.url.clone(), document.age)) }),
    }
}

/// Returns the error of a place that cannot be opened. The text of a key and a possible secret have errors of their own.
fn not_a_path(place: &OsStr, purpose: KeyUse, error: InputError, host: &Host<'_>) -> KeyLoadError {
    if is_token(place) {
        return KeyLoadError::TokenAsPath { argument: PathArgument::KeyOption, purpose };
    }
    match (error, file::read(place.as_encoded_bytes(), "")) {
        (_, Ok(_)) => KeyLoadError::TextAsPath(PathArgument::KeyOption),
        (InputError::Unreadable { error, .. }, Err(content))
            if !is_plainly_a_path(place, host) && error.kind() == NotFound =>
        {
            KeyLoadError::NoKeyFile { may_be_secret: content == KeyFileError::UnknownForm }
        }
        (error, _) => KeyLoadError::Input(error),
    }
}

/// Reports whether a text that names no file begins or ends like a path.
fn is_path(text: &str) -> bool {
    text.starts_with(['/', '.', '~'])
        || text.contains('\\')
        || Path::new(text).extension().is_some_and(|ending| ending.len() <= LONGEST_ENDING)
}

/// The length of the longest ending of a key file, such as `jwks` or `pkcs8`.
const LONGEST_ENDING: usize = 5;

fn from_file(
    file: OpenFile,
    path: &Path,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<KeyRing, KeyLoadError> {
    let (bytes, is_shared) = read_opened(file, path, "the key")?;
    let keys = parse::keys(bytes.expose(), &path.display().to_string(), purpose, password, host)?;
    warn_if_shared(is_shared, keys.keys(), keys.source(), host);
    Ok(keys)
}

/// Loads keys from the value of a variable such as `FOB_KEY`: the text of a key, or the path of one. The value may be
/// private, so no error repeats it.
fn from_variable(
    value: &OsStr,
    name: &str,
    purpose: KeyUse,
    password: &PasswordSource,
    host: &mut Host<'_>,
) -> Result<KeyRing, KeyLoadError> {
    let source = format!("the variable {name}");
    let text = value.to_str().unwrap_or_default();
    let bytes = value.as_encoded_bytes();
    if text == "-" {
        return Ok(from_place(value, &DocumentCache::default(), purpose, password, host)?.keys);
    }
    if is_key(text) {
        return parse::keys(bytes, &source, purpose, password, host);
    }
    if is_url(text) {
        return Err(KeyLoadError::UrlInVariable);
    }
    let path = Path::new(value);
    match (host.open)(path) {
        Ok(file) => from_file(file, path, purpose, password, host),
        // The value may still be a key in a form that only unwrapping shows.
        Err(error) => match parse::keys(bytes, &source, purpose, password, host) {
            Err(KeyLoadError::Unusable { error: KeyFileError::UnknownForm, .. }) => {
                Err(KeyLoadError::UnreadableVariable { error, may_be_secret: !is_path(text) })
            }
            other => other,
        },
    }
}
