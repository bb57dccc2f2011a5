//! The keys to sign or verify with, from wherever they are kept: files, standard input, the environment, URLs.

pub(crate) mod password;
pub(crate) mod remote;
pub(crate) mod secret;
pub(crate) mod signing;

use self::remote::Cache;
use crate::cli::key::{IssuerKeyArgs, KeyArgs, KeyShowArgs, PasswordArgs};
use crate::core::key::file::{self, Contents, PickedKey};
use crate::core::key::lookalike::is_key_body;
use crate::core::key::ring::{KeyRing, KeySelectionError, UnreadableMember};
use crate::core::key::secret::Secret;
use crate::core::key::{Key, KeyUse};
use crate::core::verify::doctor::Written;
use crate::error::CommandError;
use crate::host::{Host, Level, OpenFile};
use crate::input::source::{open_file, read_open_file, read_opened, read_stdin};
use crate::keys::password::open;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The keys, and the secret as the user gave it, if it is one.
#[derive(Clone, Debug)]
pub(crate) struct GivenKey {
    pub(crate) keys: KeyRing,
    pub(crate) written: Option<Written>,
}

/// Whether there is a key without asking anybody: one that the options name, or one in the environment.
pub(crate) fn is_there(args: &KeyArgs, published: &IssuerKeyArgs, host: &Host<'_>) -> bool {
    let in_env = |name| in_env(name, host).is_some();
    args.is_given() || published.issuer_keys.is_some() || in_env("FOB_SECRET") || in_env("FOB_KEY")
}

/// What a variable holds, if anything.
fn in_env(name: &str, host: &Host<'_>) -> Option<OsString> {
    (host.env)(name).filter(|value| !value.is_empty())
}

/// Gets the secret or key from where the options say, else from `FOB_SECRET` or `FOB_KEY`, else from the person at the
/// terminal.
pub(crate) fn load(
    args: KeyArgs,
    published: IssuerKeyArgs,
    purpose: KeyUse,
    host: &mut Host<'_>,
) -> Result<GivenKey, CommandError> {
    let password = args.password.clone();
    let cache = Cache { folder: published.cache, offline: published.offline };
    let (kid, claim) = (args.kid.clone(), args.kid_claim.clone());
    let fetches = published.issuer_keys.is_some()
        || args.key.as_ref().and_then(|place| place.to_str()).is_some_and(remote::is_url);
    if cache.folder.is_some() && !fetches {
        return Err(CommandError::usage("--cache keeps what was fetched, and nothing is to be fetched")
            .with_hint("give --key a URL, or use --issuer-keys"));
    }
    let keys = if let Some(issuer) = published.issuer_keys {
        let fetched = remote::issuer_key_set(&issuer, &cache, host)?;
        parse(&fetched.bytes, &fetched.source, purpose, &password, host)?
    } else if let Some(place) = &args.key {
        from_place(place, &cache, purpose, &password, host)?
    } else if args.is_given() {
        return secret::load(args, host);
    } else {
        match (in_env("FOB_SECRET", host), in_env("FOB_KEY", host)) {
            (Some(_), Some(_)) => {
                return Err(CommandError::usage(
                    "FOB_SECRET and FOB_KEY are both set, and only one key can be used",
                )
                .with_hint("unset one of them, or say which with --secret-env or --key"));
            }
            (None, Some(value)) => from_variable(&value, purpose, &password, host)?,
            _ => return secret::load(args, host),
        }
    };
    let keys = narrowed(keys, kid, claim)?;
    Ok(GivenKey { keys, written: None })
}

/// Lets `--kid` and `--kid-claim` choose.
fn narrowed(keys: KeyRing, kid: Option<String>, claim: Option<String>) -> Result<KeyRing, CommandError> {
    if let Some(kid) = kid {
        let source = keys.source().to_owned();
        return keys.named(&kid).map_err(|undecided| {
            let (KeySelectionError::None(names) | KeySelectionError::Several(names)) = undecided;
            CommandError::usage(format!("the set from {source} has no key `{kid}`, it has {names}"))
        });
    }
    if claim.is_some() && keys.keys().iter().all(|key| key.kid.is_none()) {
        return Err(CommandError::usage("--kid-claim chooses among keys with names, and none here has one")
            .with_hint("give a JWK Set whose keys have a `kid` each"));
    }
    Ok(keys.by_claim(claim))
}

/// What `--key` names: a URL, a path or standard input.
fn from_place(
    place: &OsStr,
    cache: &Cache,
    purpose: KeyUse,
    password: &PasswordArgs,
    host: &mut Host<'_>,
) -> Result<KeyRing, CommandError> {
    match place.to_str() {
        Some("-") => {
            let bytes = Secret::new(read_stdin("the key", host)?);
            parse(bytes.expose(), "standard input", purpose, password, host)
        }
        Some(text) if is_key_text(text) => {
            // Not repeated: it may be private.
            Err(CommandError::usage("--key takes the path of a key, and this is the text of one")
                .with_hint("write it to a file, or give it in the variable FOB_KEY"))
        }
        Some(url) if remote::is_url(url) => match purpose {
            KeyUse::Sign => Err(CommandError::usage("a URL gives public keys, and they cannot sign")
                .with_hint("give --key the path of a private key")),
            KeyUse::Verify => {
                let fetched = remote::key_set(url, cache, host)?;
                parse(&fetched.bytes, &fetched.source, purpose, password, host)
            }
        },
        _ => {
            let path = Path::new(place);
            from_file(open_file(path, "the key", host)?, path, purpose, password, host)
        }
    }
}

fn from_file(
    file: OpenFile,
    path: &Path,
    purpose: KeyUse,
    password: &PasswordArgs,
    host: &mut Host<'_>,
) -> Result<KeyRing, CommandError> {
    let (bytes, is_shared) = read_opened(file, path, "the key")?;
    let keys = parse(bytes.expose(), &path.display().to_string(), purpose, password, host)?;
    warn_if_shared(is_shared, keys.keys(), keys.source(), host);
    Ok(keys)
}

/// Says that others can read what only its owner should.
fn warn_if_shared(is_shared: bool, keys: &[Key], source: &str, host: &mut Host<'_>) {
    if is_shared && keys.iter().any(Key::is_private) {
        host.message(
            Level::Warning,
            &format!("the private key in {source} can be read by others: `chmod 600` keeps it to yourself"),
        );
    }
}

/// What `FOB_KEY` holds: the text of a key, or the path of one. It is never repeated, since it may be private.
fn from_variable(
    value: &OsStr,
    purpose: KeyUse,
    password: &PasswordArgs,
    host: &mut Host<'_>,
) -> Result<KeyRing, CommandError> {
    const SOURCE: &str = "the variable FOB_KEY";
    let text = value.to_str().unwrap_or_default();
    if text == "-" {
        return from_place(value, &Cache::default(), purpose, password, host);
    }
    if is_key(text) {
        return parse(text.as_bytes(), SOURCE, purpose, password, host);
    }
    if remote::is_url(text) {
        return Err(CommandError::usage("FOB_KEY holds a URL, and only the command line may name one")
            .with_hint("say --key \"$FOB_KEY\""));
    }
    let path = Path::new(value);
    let file = (host.open)(path).map_err(|error| {
        CommandError::usage(format!(
            "FOB_KEY holds neither a key nor the path of a file that can be read: {error}"
        ))
    })?;
    from_file(file, path, purpose, password, host)
}

/// Whether a text is that of a key, and not the path of one.
pub(crate) fn is_key(text: &str) -> bool {
    is_key_text(text) || is_key_body(text)
}

fn is_key_text(text: &str) -> bool {
    let blank = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'');
    text.contains("-----BEGIN ") || text.trim_start_matches(blank).starts_with('{')
}

pub(super) fn unusable(source: &str, what: &str) -> CommandError {
    CommandError::usage(format!("the key from {source} cannot be used: {what}"))
}

/// Reads what a key file holds.
pub(crate) fn contents(bytes: &[u8], source: &str) -> Result<Contents, CommandError> {
    file::read(bytes, source).map_err(|no_key| {
        let problem = unusable(source, &no_key.what);
        match no_key.hint {
            Some(hint) => problem.with_hint(hint),
            None => problem,
        }
    })
}

/// What a key file holds, laid out to be looked at.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) keys: Vec<Key>,
    pub(crate) unreadable: Vec<UnreadableMember>,
    pub(crate) is_set: bool,
    pub(crate) source: String,
}

/// Reads the file that `fob key show` names.
pub(crate) fn key_file(args: &KeyShowArgs, host: &mut Host<'_>) -> Result<KeyFile, CommandError> {
    let password = &args.password;
    let (bytes, is_shared, source) = match args.path.to_str() {
        Some("-") => (Secret::new(read_stdin("the key", host)?), false, "standard input".to_owned()),
        Some(url) if remote::is_url(url) => {
            return Err(CommandError::usage("`fob key show` takes a file, not a URL")
                .with_hint("`curl URL | fob key show -` shows what is behind it"));
        }
        Some(text) if is_key_text(text) => {
            // Not repeated: it may be private.
            return Err(CommandError::usage(
                "`fob key show` takes the path of a key, and this is the text of one",
            )
            .with_hint("pipe it in: `fob key show -` reads standard input"));
        }
        _ => {
            let path = Path::new(&args.path);
            let (bytes, is_shared) = read_open_file(path, "the key", host)?;
            (bytes, is_shared, path.display().to_string())
        }
    };
    let mut shelf = match contents(bytes.expose(), &source)? {
        Contents::Ring(ring) => KeyFile {
            keys: ring.keys().to_vec(),
            unreadable: ring.unreadable().to_vec(),
            is_set: ring.is_set(),
            source,
        },
        Contents::Documents(documents) => {
            let mut keys = Vec::new();
            for document in documents {
                keys.push(match file::picked(document, &source) {
                    PickedKey::Key(key) => *key,
                    PickedKey::Encrypted(encrypted) => open(password, &encrypted, &source, host)?,
                });
            }
            KeyFile { is_set: keys.len() > 1, keys, unreadable: Vec::new(), source }
        }
    };
    if let Some(kid) = &args.kid {
        shelf.keys.retain(|key| key.kid.as_ref() == Some(kid));
        if shelf.keys.is_empty() {
            return Err(CommandError::usage(format!("there is no key named `{kid}` in {}", shelf.source)));
        }
        shelf.unreadable.clear();
        shelf.is_set = shelf.keys.len() > 1;
    }
    warn_if_shared(is_shared, &shelf.keys, &shelf.source, host);
    Ok(shelf)
}

fn parse(
    bytes: &[u8],
    source: &str,
    purpose: KeyUse,
    password: &PasswordArgs,
    host: &mut Host<'_>,
) -> Result<KeyRing, CommandError> {
    let documents = match contents(bytes, source)? {
        Contents::Ring(ring) if ring.keys().is_empty() => {
            let first = ring.unreadable().first().map(|member| format!(": {}", member.what));
            return Err(CommandError::usage(format!(
                "there is no key in {source}{}",
                first.unwrap_or_default()
            )));
        }
        Contents::Ring(ring) => return Ok(ring),
        Contents::Documents(documents) => documents,
    };
    if file::has_spare_keys(&documents) {
        host.message(Level::Warning, &format!("there are several keys in {source}, and the first is used"));
    }
    match file::pick(documents, purpose, source) {
        Some(PickedKey::Key(key)) => Ok((*key).into()),
        Some(PickedKey::Encrypted(encrypted)) => open(password, &encrypted, source, host).map(KeyRing::from),
        None => Err(CommandError::usage(format!("there is no key in {source}"))),
    }
}
