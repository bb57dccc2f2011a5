//! The secret or key to sign or verify with, from wherever it is kept.

use super::source::{ask, read_file, read_open_file, read_stdin};
use crate::cli::key::{IssuerKeyArgs, KeyArgs, KeyShowArgs};
use crate::core::algorithm::{Algorithm, list};
use crate::core::doctor::Written;
use crate::core::escape::Shown;
use crate::core::json::Member;
use crate::core::key::der::{Encrypted, Locked};
use crate::core::key::file::{self, Contents, Picked};
use crate::core::key::ring::{KeyRing, Undecided, Unreadable};
use crate::core::key::{Key, Purpose, Signer};
use crate::core::reason::Failure;
use crate::core::secret::{Secret, SecretFormat, without_line_break};
use crate::host::{Host, Remark};
use crate::input::remote::{self, Cache};
use crate::problem::Problem;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The keys, and the secret as the user gave it, if it is one.
#[derive(Clone, Debug)]
pub(crate) struct GivenKey {
    pub(crate) keys: KeyRing,
    pub(crate) written: Option<Written>,
}

/// Gets the secret or key from where the options say, else from `FOB_SECRET` or `FOB_KEY`, else from the person at the
/// terminal.
pub(crate) fn load(
    args: KeyArgs,
    published: IssuerKeyArgs,
    purpose: Purpose,
    host: &mut Host<'_>,
) -> Result<GivenKey, Problem> {
    let password = Password { variable: args.key_password_env.clone(), file: args.key_password_file.clone() };
    let cache = Cache { folder: published.cache, offline: published.offline };
    let (kid, claim) = (args.kid.clone(), args.kid_claim.clone());
    let fetches = published.issuer_keys.is_some()
        || args.key.as_ref().and_then(|place| place.to_str()).is_some_and(remote::is_url);
    if cache.folder.is_some() && !fetches {
        return Err(Problem::usage("--cache keeps what was fetched, and nothing is to be fetched")
            .with_hint("give --key a URL, or use --issuer-keys"));
    }
    let keys = if let Some(issuer) = published.issuer_keys {
        let fetched = remote::issuer_key_set(&issuer, &cache, host)?;
        parse(&fetched.bytes, &fetched.source, purpose, &password, host)?
    } else if let Some(place) = &args.key {
        from_place(place, &cache, purpose, &password, host)?
    } else if args.is_given() {
        return secret(args, host);
    } else {
        let in_env = |name: &str| (host.env)(name).filter(|value| !value.is_empty());
        match (in_env("FOB_SECRET"), in_env("FOB_KEY")) {
            (Some(_), Some(_)) => {
                return Err(Problem::usage(
                    "FOB_SECRET and FOB_KEY are both set, and only one key can be used",
                )
                .with_hint("unset one of them, or say which with --secret-env or --key"));
            }
            (None, Some(value)) => from_variable(&value, &cache, purpose, &password, host)?,
            _ => return secret(args, host),
        }
    };
    let keys = narrowed(keys, kid, claim)?;
    Ok(GivenKey { keys, written: None })
}

/// Lets `--kid` and `--kid-claim` choose.
fn narrowed(keys: KeyRing, kid: Option<String>, claim: Option<String>) -> Result<KeyRing, Problem> {
    if let Some(kid) = kid {
        let source = keys.source().to_owned();
        return keys.named(&kid).map_err(|undecided| {
            let (Undecided::None(names) | Undecided::Several(names)) = undecided;
            Problem::usage(format!("the set from {source} has no key `{kid}`, it has {names}"))
        });
    }
    if claim.is_some() && keys.only().is_some_and(|key| key.kid.is_none()) {
        return Err(Problem::usage(
            "--kid-claim chooses among keys with names, and this is one key without a name",
        )
        .with_hint("give a JWK Set whose keys have a `kid` each"));
    }
    Ok(keys.by_claim(claim))
}

/// What `--key` names: a URL, a path or standard input.
fn from_place(
    place: &OsStr,
    cache: &Cache,
    purpose: Purpose,
    password: &Password,
    host: &mut Host<'_>,
) -> Result<KeyRing, Problem> {
    match place.to_str() {
        Some("-") => {
            let bytes = Secret::new(read_stdin("the key", host)?);
            parse(bytes.expose(), "standard input", purpose, password, host)
        }
        Some(text) if is_key_text(text) => {
            // Not repeated: it may be private.
            Err(Problem::usage("--key takes the path of a key, and this is the text of one")
                .with_hint("write it to a file, or give it in the variable FOB_KEY"))
        }
        Some(url) if remote::is_url(url) => match purpose {
            Purpose::Sign => Err(Problem::usage("a URL gives public keys, and they cannot sign")
                .with_hint("give --key the path of a private key")),
            Purpose::Verify => {
                let fetched = remote::key_set(url, cache, host)?;
                parse(&fetched.bytes, &fetched.source, purpose, password, host)
            }
        },
        _ => from_file(Path::new(place), purpose, password, host),
    }
}

fn from_file(
    path: &Path,
    purpose: Purpose,
    password: &Password,
    host: &mut Host<'_>,
) -> Result<KeyRing, Problem> {
    let (bytes, is_shared) = read_open_file(path, "the key", host)?;
    let keys = parse(bytes.expose(), &path.display().to_string(), purpose, password, host)?;
    warn_if_shared(is_shared, keys.keys(), keys.source(), host);
    Ok(keys)
}

/// Says that others can read what only its owner should.
fn warn_if_shared(is_shared: bool, keys: &[Key], source: &str, host: &mut Host<'_>) {
    if is_shared && keys.iter().any(Key::is_private) {
        host.remark(
            Remark::Warning,
            &format!("the private key in {source} can be read by others: `chmod 600` keeps it to yourself"),
        );
    }
}

/// What `FOB_KEY` holds: the text of a key, or the path of one.
fn from_variable(
    value: &OsStr,
    cache: &Cache,
    purpose: Purpose,
    password: &Password,
    host: &mut Host<'_>,
) -> Result<KeyRing, Problem> {
    match value.to_str() {
        Some(text) if is_key_text(text) => {
            parse(text.as_bytes(), "the variable FOB_KEY", purpose, password, host)
        }
        Some(url) if remote::is_url(url) => {
            Err(Problem::usage("FOB_KEY holds a URL, and only the command line may name one")
                .with_hint("say --key \"$FOB_KEY\""))
        }
        _ => from_place(value, cache, purpose, password, host),
    }
}

fn is_key_text(text: &str) -> bool {
    text.contains("-----BEGIN ") || text.trim_start().starts_with('{')
}

/// Where the password of a key is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Password {
    pub(crate) variable: Option<String>,
    pub(crate) file: Option<PathBuf>,
}

impl Password {
    fn get(&self, source: &str, host: &mut Host<'_>) -> Result<Secret, Problem> {
        if let Some(name) = &self.variable {
            return variable(name, host).ok_or_else(|| {
                Problem::usage("the environment variable named with --key-password-env is not set")
            });
        }
        if let Some(path) = &self.file {
            let bytes = Secret::new(read_file(path, "the password", host)?);
            return Ok(Secret::new(without_line_break(bytes.expose()).to_vec()));
        }
        let hint = "use --key-password-env VAR or --key-password-file PATH";
        let question = format!("Password of {}", Shown(source));
        ask(&question, true, "password for the encrypted key", hint, host).map(Secret::new)
    }

    /// Opens an encrypted key.
    pub(crate) fn open(
        &self,
        encrypted: &Encrypted,
        source: &str,
        host: &mut Host<'_>,
    ) -> Result<Key, Problem> {
        let password = self.get(source, host)?;
        let material = encrypted.open(password.expose()).map_err(|locked| match locked {
            Locked::Password => Problem::usage(format!("the password does not open the key in {source}")),
            Locked::Scheme(what) => Problem::usage(format!(
                "the key in {source} is encrypted with {what}, which is not opened here"
            ))
            .with_hint("`openssl pkcs8 -topk8 -v2 aes-256-cbc -in OLD -out NEW` encrypts it anew"),
            Locked::Content(what) => unusable(source, &what),
        })?;
        Ok(Key::new(material, source.to_owned(), "encrypted PKCS #8"))
    }
}

fn unusable(source: &str, what: &str) -> Problem {
    Problem::usage(format!("the key from {source} cannot be used: {what}"))
}

/// Reads what a key file holds.
pub(crate) fn contents(bytes: &[u8], source: &str) -> Result<Contents, Problem> {
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
pub(crate) struct Shelf {
    pub(crate) keys: Vec<Key>,
    pub(crate) unreadable: Vec<Unreadable>,
    pub(crate) is_set: bool,
    pub(crate) source: String,
}

/// Reads the file that `fob key show` names.
pub(crate) fn shelf(args: &KeyShowArgs, host: &mut Host<'_>) -> Result<Shelf, Problem> {
    let password = Password { variable: args.key_password_env.clone(), file: args.key_password_file.clone() };
    let (bytes, is_shared, source) = match args.path.to_str() {
        Some("-") => (Secret::new(read_stdin("the key", host)?), false, "standard input".to_owned()),
        Some(url) if remote::is_url(url) => {
            return Err(Problem::usage("`fob key show` takes a file, not a URL")
                .with_hint("`curl URL | fob key show -` shows what is behind it"));
        }
        _ => {
            let path = Path::new(&args.path);
            let (bytes, is_shared) = read_open_file(path, "the key", host)?;
            (bytes, is_shared, path.display().to_string())
        }
    };
    let mut shelf = match contents(bytes.expose(), &source)? {
        Contents::Ring(ring) => Shelf {
            keys: ring.keys().to_vec(),
            unreadable: ring.unreadable().to_vec(),
            is_set: ring.is_set(),
            source,
        },
        Contents::Documents(documents) => {
            let mut keys = Vec::new();
            for document in documents {
                keys.push(match file::picked(document, &source) {
                    Picked::Key(key) => *key,
                    Picked::Encrypted(encrypted) => password.open(&encrypted, &source, host)?,
                });
            }
            Shelf { is_set: keys.len() > 1, keys, unreadable: Vec::new(), source }
        }
    };
    if let Some(kid) = &args.kid {
        shelf.keys.retain(|key| key.kid.as_ref() == Some(kid));
        if shelf.keys.is_empty() {
            return Err(Problem::usage(format!("there is no key named `{kid}` in {}", shelf.source)));
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
    purpose: Purpose,
    password: &Password,
    host: &mut Host<'_>,
) -> Result<KeyRing, Problem> {
    let documents = match contents(bytes, source)? {
        Contents::Ring(ring) if ring.keys().is_empty() => {
            let first = ring.unreadable().first().map(|member| format!(": {}", member.what));
            return Err(Problem::usage(format!("there is no key in {source}{}", first.unwrap_or_default())));
        }
        Contents::Ring(ring) => return Ok(ring),
        Contents::Documents(documents) => documents,
    };
    if file::has_spare_keys(&documents) {
        host.remark(Remark::Warning, &format!("there are several keys in {source}, and the first is used"));
    }
    match file::pick(documents, purpose, source) {
        Some(Picked::Key(key)) => Ok((*key).into()),
        Some(Picked::Encrypted(encrypted)) => password.open(&encrypted, source, host).map(KeyRing::from),
        None => Err(Problem::usage(format!("there is no key in {source}"))),
    }
}

/// A secret larger than this is some other file.
const LARGEST_SECRET: usize = 64 << 10;

/// Gets the secret from where the options say, else from `FOB_SECRET`, else from the person at the terminal.
fn secret(args: KeyArgs, host: &mut Host<'_>) -> Result<GivenKey, Problem> {
    if args.kid_claim.is_some() {
        return Err(Problem::usage("--kid-claim chooses among the keys of a set, and a secret is one key")
            .with_hint("give --key a JWK Set with a secret for each user"));
    }
    let format = args.secret_format;
    let (bytes, source, file) = if let Some(text) = args.secret {
        if text.expose() == b"-" && host.stdin_is_terminal {
            (ask_for(host)?, "the prompt".to_owned(), false)
        } else if text.expose() == b"-" {
            (Secret::new(read_stdin("the secret", host)?), "standard input".to_owned(), true)
        } else {
            if text.expose().starts_with(b"@") || text.expose().starts_with(b"--") {
                let what = "the secret looks like a path or an option, and is taken as it stands";
                host.remark(Remark::Warning, &format!("{what}; a file is given with --secret-file"));
            }
            (text, "--secret".to_owned(), false)
        }
    } else if let Some(path) = args.secret_file {
        (Secret::new(read_file(&path, "the secret", host)?), path.display().to_string(), true)
    } else if let Some(name) = args.secret_env {
        let bytes = variable(&name, host).ok_or_else(|| {
            // Somebody may have written the secret where its variable's name belongs.
            let is_name =
                name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
            if is_name {
                Problem::usage(format!("the environment variable {name} is not set"))
                    .with_hint(format!("set it with `export {name}=…`, or use --secret-file"))
            } else {
                Problem::usage("the environment variable named with --secret-env is not set")
                    .with_hint("--secret-env takes the name of a variable, --secret the secret itself")
            }
        })?;
        (bytes, format!("the variable {name}"), false)
    } else if let Some(bytes) = variable("FOB_SECRET", host) {
        (bytes, "the variable FOB_SECRET".to_owned(), false)
    } else {
        (ask_for(host)?, "the prompt".to_owned(), false)
    };
    if bytes.expose().len() > LARGEST_SECRET {
        return Err(Problem::usage(format!("the secret from {source} is larger than 64 KiB"))
            .with_hint("is that the right file?"));
    }
    // Only what comes out of a file has a line break that nobody meant.
    let secret = match format {
        SecretFormat::Text if !file => Ok(bytes.clone()),
        format => format.read(bytes.expose()),
    }
    .map_err(|what| {
        Problem::usage(what)
            .with_hint("say how it is written with --secret-format text, base64, base64url, hex or raw")
    })?;
    let written = Written { bytes, taken: secret.clone(), in_file: file };
    Ok(GivenKey { keys: Key::hmac(secret, args.kid, source).into(), written: Some(written) })
}

/// A key that is ready to sign, and what a new token says of it.
pub(crate) struct Minting<'k> {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<&'k str>,
    pub(crate) signer: Signer,
}

/// Makes ready the key that signs a token with these claims: the only one that can, or the one the claims name.
pub(crate) fn ready_to_sign<'k>(
    given: &'k GivenKey,
    algorithm: Option<Algorithm>,
    claims: &[Member<'_>],
    host: &mut Host<'_>,
) -> Result<Minting<'k>, Problem> {
    let keys = &given.keys;
    let key = keys.signing_key(algorithm, claims).map_err(|undecided| match undecided {
        Undecided::None(what) => Problem::usage(what),
        Undecided::Several(names) => {
            Problem::usage(format!("several keys of {} could sign: {names}", keys.source()))
                .with_hint("choose one with --kid")
        }
    })?;
    if let Some(refusal) = keys.refusal() {
        return Err(Problem::usage(format!("{}: {}", refusal.reason, refusal.detail)));
    }
    // A key that a claim names is found by that claim again.
    let kid = key.kid.as_deref().filter(|_| keys.claim().is_none());
    fit_to_sign(key, algorithm, host).map(|(algorithm, signer)| Minting { algorithm, kid, signer })
}

/// Refuses to mint with a key that no verifier should take, and warns of a weak one.
pub(crate) fn fit_to_sign(
    key: &Key,
    algorithm: Option<Algorithm>,
    host: &mut Host<'_>,
) -> Result<(Algorithm, Signer), Problem> {
    let refused = |failure: Failure| Problem::usage(format!("{}: {}", failure.reason, failure.detail));
    if let Some(refusal) = key.refusal() {
        return Err(refused(refusal));
    }
    let algorithm = algorithm
        .or_else(|| key.algorithm())
        .ok_or_else(|| Problem::usage(format!("no algorithm of this build signs with {}", key.kind())))?;
    if algorithm.kty() != key.kty() {
        let fitting = list(key.algorithms());
        return Err(Problem::usage(format!(
            "{algorithm} does not work with {} from {}",
            key.kind(),
            key.source
        ))
        .with_hint(format!("it signs with {fitting}")));
    }
    if !key.is_private() {
        return Err(Problem::usage(format!(
            "the key from {} is public: it can verify, and only its private half can sign",
            key.source
        )));
    }
    if let Some(misfit) = key.misfit(algorithm, Purpose::Sign) {
        return Err(refused(misfit));
    }
    if let Some(weakness) = key.weakness(algorithm) {
        host.remark(Remark::Warning, &format!("{}: {}", weakness.reason, weakness.detail));
    }
    let signer = key.signer(algorithm).map_err(|_| {
        Problem::usage(format!("the halves of the key from {} do not belong together", key.source))
    })?;
    Ok((algorithm, signer))
}

fn ask_for(host: &mut Host<'_>) -> Result<Secret, Problem> {
    let hint = "use --key PATH, --secret-env VAR, --secret-file PATH, --secret -, or the variables FOB_SECRET and FOB_KEY";
    ask("Secret", true, "secret", hint, host).map(Secret::new)
}

fn variable(name: &str, host: &Host<'_>) -> Option<Secret> {
    (host.env)(name).map(|value| Secret::new(value.into_encoded_bytes()))
}
