//! What a user gives for a key: PEM with or without text around it, DER, the body of a PEM alone, a JWK or a JWK Set.
//! Recognized by content, never by a file's name.

use super::der::{self, EncryptedKey, KeyDocument};
use super::ring::{KeyRing, UnreadableMember};
use super::{Key, KeyUse, jwk};
use crate::core::json::{self, Value};
use crate::core::key::lookalike::armourless;
use crate::core::key::secret::Secret;
use crate::core::text::escape::excerpt;

/// Why it is no key, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFileError {
    /// What is wrong; it repeats nothing secret, and is not yet safe to show.
    pub what: String,
    /// What to do.
    pub hint: Option<&'static str>,
}

impl KeyFileError {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None }
    }

    /// What `der` says of it, with a way out where there is one.
    fn broken(what: String) -> Self {
        let hint = if what.ends_with(der::SPELLED_OUT) {
            Some("`openssl ec -in OLD -param_enc named_curve -out NEW` names it")
        } else if what == der::PKCS12 {
            Some("`openssl pkcs12 -in OLD -nodes -out NEW.pem` takes the key out of it")
        } else {
            None
        };
        Self { what, hint }
    }

    const fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }
}

/// What was found in it.
#[derive(Clone, Debug)]
pub enum Contents {
    /// A JWK or a JWK Set.
    Ring(KeyRing),
    /// The blocks of a PEM, or one piece of DER, and the form it stood in.
    Documents(Vec<KeyDocument>),
}

/// A key, or one that needs a password first.
#[derive(Clone, Debug)]
pub enum PickedKey {
    /// A key.
    Key(Box<Key>),
    /// A private key under a password.
    Encrypted(EncryptedKey),
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads the bytes of a key file. `source` is where they came from, in words that show no secret.
///
/// # Errors
/// [`KeyFileError`].
pub fn read(bytes: &[u8], source: &str) -> Result<Contents, KeyFileError> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii();
    if text.is_empty() {
        return Err(KeyFileError::new("it is empty"));
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return json_keys(text, source).map(Contents::Ring);
    }
    if text.windows(BEGIN.len()).any(|window| window == BEGIN) {
        return pem_blocks(text).map(Contents::Documents);
    }
    if text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-sha2-") {
        return Err(KeyFileError::new("it is an SSH public key")
            .with_hint("an RSA or ECDSA key: `ssh-keygen -e -m PKCS8 -f KEY.pub` writes it as PEM"));
    }
    let body = armourless(text);
    let bytes = body.as_ref().map_or(bytes, Secret::expose);
    match der::read(bytes) {
        Ok(document) => Ok(Contents::Documents(vec![document])),
        Err(what) if bytes.starts_with(&[0x30]) => Err(KeyFileError::broken(what)),
        Err(_) => Err(KeyFileError::new("it is neither PEM nor DER nor a JWK nor a JWK Set")
            .with_hint("an HMAC secret is given with --secret-file, --secret-env or --secret")),
    }
}

const BEGIN: &[u8] = b"-----BEGIN ";
const BROKEN: &str = "its PEM is broken: a line or an end is missing";

/// A PEM whose line breaks are written `\\n`, as environment files do.
fn unescaped(text: &[u8]) -> Option<Secret> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\\n") {
        let (line, tail) = rest.split_at(at);
        lines.extend_from_slice(line);
        lines.push(b'\n');
        rest = tail.get(2..).unwrap_or_default();
    }
    lines.extend_from_slice(rest);
    (rest.len() < text.len()).then(|| Secret::new(lines))
}

/// The keys and certificates among the blocks of a PEM; others (parameters, requests, lists) are passed over.
fn pem_blocks(text: &[u8]) -> Result<Vec<KeyDocument>, KeyFileError> {
    const TRADITIONAL: KeyFileError = KeyFileError {
        what: String::new(),
        hint: Some("`openssl pkcs8 -topk8 -in OLD -out NEW` writes it in a form that is opened here"),
    };
    let blocks = match pem::parse_many(text) {
        Ok(blocks) if !blocks.is_empty() => blocks,
        _ => {
            let text = unescaped(text).ok_or_else(|| KeyFileError::new(BROKEN))?;
            return pem_blocks(text.expose());
        }
    };
    let mut documents = Vec::new();
    for block in &blocks {
        let encrypted = block.headers().get("Proc-Type").is_some_and(|value| value.contains("ENCRYPTED"));
        match block.tag() {
            "OPENSSH PRIVATE KEY" => {
                return Err(KeyFileError::new("it is an OpenSSH private key").with_hint(
                    "an RSA or ECDSA key: `ssh-keygen -p -m PKCS8 -f COPY` rewrites a copy of it as PKCS #8",
                ));
            }
            _ if encrypted => {
                return Err(KeyFileError {
                    what: "it is encrypted the old way of OpenSSL, with a key made by MD5".to_owned(),
                    ..TRADITIONAL
                });
            }
            tag if tag.ends_with("PRIVATE KEY")
                || tag.ends_with("PUBLIC KEY")
                || tag.ends_with("CERTIFICATE") =>
            {
                let document = der::read(block.contents())
                    .map_err(|what| KeyFileError::broken(format!("the block {}: {what}", excerpt(tag))))?;
                documents.push(document);
            }
            _ => {}
        }
    }
    if documents.is_empty() {
        let tags: Vec<_> = blocks.iter().map(|block| excerpt(block.tag())).collect();
        return Err(KeyFileError::new(format!("its PEM holds no key, only: {}", tags.join(", "))));
    }
    Ok(documents)
}

fn json_keys(text: &[u8], source: &str) -> Result<KeyRing, KeyFileError> {
    let value = json::parse(text).map_err(|fault| KeyFileError::new(format!("its JSON is {fault}")))?;
    if let Some(name) = value.first_duplicate() {
        return Err(KeyFileError::new(format!("its JSON names {} twice", excerpt(&name))));
    }
    match value.get("keys") {
        None if value.get("kty").is_none() => {
            Err(KeyFileError::new("its JSON is neither a JWK (no `kty`) nor a JWK Set (no `keys`)"))
        }
        None => jwk::read(&value, source, true)
            .map(KeyRing::from)
            .map_err(|what| KeyFileError::new(format!("its JWK cannot be used: {what}"))),
        Some(Value::Array(members)) => Ok(key_set(members, source)),
        Some(other) => Err(KeyFileError::new(format!(
            "the `keys` of its JWK Set are {}, not an array",
            other.type_name()
        ))),
    }
}

/// RFC 7517 section 5: what is not understood is passed over.
fn key_set(members: &[Value<'_>], source: &str) -> KeyRing {
    let (mut keys, mut unreadable) = (Vec::new(), Vec::new());
    for member in members {
        match jwk::read(member, source, false) {
            Ok(key) => keys.push(key),
            Err(what) => {
                let kid = member.get("kid").and_then(Value::as_str).map(str::to_owned);
                unreadable.push(UnreadableMember { kid, what });
            }
        }
    }
    KeyRing::set(keys, unreadable, source.to_owned())
}

/// The document to use: to sign, the first private key; to verify, the first that needs no password.
#[must_use]
pub fn pick(documents: Vec<KeyDocument>, purpose: KeyUse, source: &str) -> Option<PickedKey> {
    let wanted = |document: &KeyDocument| match (document, purpose) {
        (KeyDocument::Key(found), KeyUse::Sign) => found.material.is_private(),
        (KeyDocument::Key(_), KeyUse::Verify) | (KeyDocument::Encrypted(_), KeyUse::Sign) => true,
        (KeyDocument::Encrypted(_), KeyUse::Verify) => false,
    };
    let index = documents.iter().position(wanted).unwrap_or_default();
    documents.into_iter().nth(index).map(|document| picked(document, source))
}

/// A document as a key.
#[must_use]
pub fn picked(document: KeyDocument, source: &str) -> PickedKey {
    match document {
        KeyDocument::Encrypted(encrypted) => PickedKey::Encrypted(encrypted),
        KeyDocument::Key(found) => {
            let key = Key::new(found.material, source.to_owned(), found.form);
            PickedKey::Key(Box::new(Key { certificate: found.certificate, ..key }))
        }
    }
}

/// Whether a file holds several keys of a kind, of which only the first is used. A certificate beside its key, or a
/// chain of them, is one key.
#[must_use]
pub fn has_spare_keys(documents: &[KeyDocument]) -> bool {
    let kind = |document: &KeyDocument| match document {
        KeyDocument::Encrypted(_) => Some(true),
        KeyDocument::Key(found) if found.certificate.is_some() => None,
        KeyDocument::Key(found) => Some(found.material.is_private()),
    };
    let count = |private| documents.iter().filter(|document| kind(document) == Some(private)).count();
    count(true) > 1 || count(false) > 1
}
