//! Parses a key file: PEM with or without text around it, DER, the body of a PEM alone, a JWK or a JWK Set. The content
//! decides the form, never the name of the file. A file in none of these forms is unwrapped, three layers at most.

use super::der::{self, DerError, EncryptedKey, KeyDocument};
use super::jwk::{self, JwkError, JwkOrigin};
use super::lookalike::pem_body;
use super::pem::{self, PemError};
use super::ring::{KeyRing, UnreadableMember};
use super::secret::Secret;
use super::shape::{self, KeyFileShape};
use super::wrapping::{Unwrapped, WRAPPINGS, WrappedText};
use super::{Key, KeyUse};
use crate::core::json::{self, JsonError, Value};

/// A file that is not a key that can be read. It contains no part of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFileError {
    /// The file is empty.
    Empty,
    /// The file is an SSH public key.
    SshPublicKey(SshKeyType),
    /// The file is none of the forms that a key has.
    UnknownForm,
    /// The file holds no key, but has a known shape.
    Shape(KeyFileShape),
    /// The file is DER, but not a key that can be read.
    Der(DerError),
    /// The file is PEM, but without a key that can be read.
    Pem(PemError),
    /// The file begins like JSON, but is not.
    Json(JsonError),
    /// A member name appears twice in one object; its JSON pointer, not yet safe to show.
    DuplicateMember(String),
    /// The JSON is neither a JWK nor a JWK Set.
    NotAJwk,
    /// The JWK cannot be read.
    Jwk(JwkError),
    /// The `keys` of the JWK Set are not an array.
    KeysNotAnArray {
        /// The JSON type.
        found: &'static str,
    },
}

/// The type of an SSH public key, as far as it decides what the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SshKeyType {
    /// Ed25519, which `ssh-keygen` writes in no other form.
    Ed25519,
    /// RSA or ECDSA, which `ssh-keygen` writes as PEM.
    RsaOrEcdsa,
    /// A type that signs no JWT, such as DSA, or a key on a security token.
    Other,
}

/// The content of a key file.
#[derive(Clone, Debug)]
pub enum KeyFileContent {
    /// A JWK or a JWK Set.
    Ring(KeyRing),
    /// The blocks of a PEM, or one key in DER.
    Documents(Vec<KeyDocument>),
}

/// A key, or one that needs a password first.
#[derive(Clone, Debug)]
pub enum PickedKey {
    /// A key.
    Key(Box<Key>),
    /// A private key encrypted with a password.
    Encrypted(EncryptedKey),
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Parses a key file. `source` describes where the bytes come from, without a secret.
///
/// # Errors
/// [`KeyFileError`].
pub fn read(bytes: &[u8], source: &str) -> Result<KeyFileContent, KeyFileError> {
    const MAX_LAYERS: usize = 3;
    read_layer(bytes, source, MAX_LAYERS)
}

/// Parses a key file in a plain form, or inside at most `layers` wrappings.
fn read_layer(bytes: &[u8], source: &str, layers: usize) -> Result<KeyFileContent, KeyFileError> {
    plain(bytes, source).or_else(|error| {
        let text = text_of(bytes);
        let inside = |_| {
            let given = WrappedText::new(text);
            WRAPPINGS.iter().find_map(|(_, unwrap)| content(unwrap(&given)?, source, layers.checked_sub(1)?))
        };
        let may_be_wrapped = !matches!(error, KeyFileError::Empty);
        may_be_wrapped.then_some(()).and_then(inside).ok_or_else(|| with_shape(error, text))
    })
}

fn text_of(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes).trim_ascii()
}

/// Replaces an error that names no cause by the shape of the file, if it has a known one.
fn with_shape(error: KeyFileError, text: &[u8]) -> KeyFileError {
    let shape = match error {
        KeyFileError::UnknownForm => shape::shape(text),
        KeyFileError::NotAJwk => shape::shape(text)
            .filter(|shape| matches!(shape, KeyFileShape::KeysByUrl { .. } | KeyFileShape::Secrets { .. })),
        KeyFileError::Pem(PemError::Broken) => {
            shape::shape(text).filter(|shape| matches!(shape, KeyFileShape::Hyphens))
        }
        _ => None,
    };
    shape.map_or(error, KeyFileError::Shape)
}

/// Parses the content of a wrapping. Returns `None` if it is not a key.
fn content(unwrapped: Unwrapped, source: &str, layers: usize) -> Option<KeyFileContent> {
    let read = |text: &Secret| read_layer(text.expose(), source, layers).ok();
    match unwrapped {
        Unwrapped::File(text) | Unwrapped::RawKey(text) | Unwrapped::HmacSecret(text) => read(&text),
        Unwrapped::Member { text, kid, alg } => {
            let content = read(&text)?;
            let Some(mut key) = only_key(&content, source) else { return Some(content) };
            key.kid = kid.or(key.kid);
            key.restrictions.alg = key.restrictions.alg.or(alg.map(|alg| alg.name().to_owned()));
            Some(KeyFileContent::Ring(key.into()))
        }
        Unwrapped::Map(members) => {
            let named = |(kid, text): (String, Secret)| {
                Some(Key { kid: Some(kid), ..only_key(&read(&text)?, source)? })
            };
            let keys: Vec<Key> = members.into_iter().filter_map(named).collect();
            (!keys.is_empty())
                .then(|| KeyFileContent::Ring(KeyRing::from_set(keys, Vec::new(), source.to_owned())))
        }
    }
}

/// Returns the key of a file, the first one if it has several. Returns `None` for a set and for an encrypted key.
fn only_key(content: &KeyFileContent, source: &str) -> Option<Key> {
    match content {
        KeyFileContent::Ring(ring) => ring.only().cloned(),
        KeyFileContent::Documents(documents) => match picked(documents.first()?.clone(), source) {
            PickedKey::Key(key) => Some(*key),
            PickedKey::Encrypted(_) => None,
        },
    }
}

/// Parses a key file in a plain form.
fn plain(bytes: &[u8], source: &str) -> Result<KeyFileContent, KeyFileError> {
    let text = text_of(bytes);
    if text.is_empty() {
        return Err(KeyFileError::Empty);
    }
    if text.starts_with(b"{") || text.starts_with(b"[") {
        return json_keys(text, source).map(KeyFileContent::Ring);
    }
    if pem::is_pem(text) {
        return pem::read(text).map(KeyFileContent::Documents).map_err(KeyFileError::Pem);
    }
    if let Some(key_type) = ssh_key_type(text) {
        return Err(KeyFileError::SshPublicKey(key_type));
    }
    let body = pem_body(text);
    let bytes = body.as_ref().map_or(bytes, Secret::expose);
    match der::read(bytes) {
        Ok(document) => Ok(KeyFileContent::Documents(vec![document])),
        Err(error) if der::shape::begins_like_key(bytes) => Err(KeyFileError::Der(error)),
        Err(_) => Err(KeyFileError::UnknownForm),
    }
}

/// Returns the type of an SSH public key, by the first word of its line.
fn ssh_key_type(text: &[u8]) -> Option<SshKeyType> {
    let word = text.split(u8::is_ascii_whitespace).next()?;
    match word {
        b"ssh-ed25519" => Some(SshKeyType::Ed25519),
        b"ssh-rsa" => Some(SshKeyType::RsaOrEcdsa),
        _ if word.starts_with(b"ecdsa-sha2-") => Some(SshKeyType::RsaOrEcdsa),
        _ if word.starts_with(b"ssh-") || word.starts_with(b"sk-") && word.ends_with(b"@openssh.com") => {
            Some(SshKeyType::Other)
        }
        _ => None,
    }
}

fn json_keys(text: &[u8], source: &str) -> Result<KeyRing, KeyFileError> {
    let value = json::parse(text).map_err(KeyFileError::Json)?;
    if let Some(name) = value.first_duplicate() {
        return Err(KeyFileError::DuplicateMember(name));
    }
    match value.get("keys") {
        None if value.get("kty").is_none() && value.get("x5c").is_none() => Err(KeyFileError::NotAJwk),
        None => jwk::read(&value, source, JwkOrigin::Alone).map(KeyRing::from).map_err(KeyFileError::Jwk),
        Some(Value::Array(members)) => Ok(key_set(members, source)),
        Some(other) => Err(KeyFileError::KeysNotAnArray { found: other.type_name() }),
    }
}

/// Parses the members of a JWK Set. Those that cannot be read are skipped (RFC 7517 section 5).
fn key_set(members: &[Value<'_>], source: &str) -> KeyRing {
    let (mut keys, mut unreadable) = (Vec::new(), Vec::new());
    for member in members {
        match jwk::read(member, source, JwkOrigin::InSet) {
            Ok(key) => keys.push(key),
            Err(error) => {
                let kid = member.get("kid").and_then(Value::as_str).map(str::to_owned);
                unreadable.push(UnreadableMember { kid, error });
            }
        }
    }
    KeyRing::from_set(keys, unreadable, source.to_owned())
}

/// Returns the document to use: for signing the first private key, for verifying the first that needs no password.
#[must_use]
pub fn pick(documents: Vec<KeyDocument>, key_use: KeyUse, source: &str) -> Option<PickedKey> {
    let suits = |document: &KeyDocument| match (document, key_use) {
        (KeyDocument::Key(parsed), KeyUse::Sign) => parsed.material.is_private(),
        (KeyDocument::Key(_), KeyUse::Verify) | (KeyDocument::Encrypted(_), KeyUse::Sign) => true,
        (KeyDocument::Encrypted(_), KeyUse::Verify) => false,
    };
    let index = documents.iter().position(suits).unwrap_or_default();
    documents.into_iter().nth(index).map(|document| picked(document, source))
}

/// Converts a document to a key.
#[must_use]
pub fn picked(document: KeyDocument, source: &str) -> PickedKey {
    match document {
        KeyDocument::Encrypted(encrypted) => PickedKey::Encrypted(encrypted),
        KeyDocument::Key(parsed) => {
            let key = Key::new(parsed.material, source.to_owned(), parsed.form);
            PickedKey::Key(Box::new(Key { certificate: parsed.certificate, ..key }))
        }
    }
}

/// Reports whether a file holds several private keys or several public keys, of which only the first is used.
/// Certificates do not count: a certificate beside its key, or a chain, is one key.
#[must_use]
pub fn has_spare_keys(documents: &[KeyDocument]) -> bool {
    let is_private = |document: &KeyDocument| match document {
        KeyDocument::Encrypted(_) => Some(true),
        KeyDocument::Key(parsed) if parsed.certificate.is_some() => None,
        KeyDocument::Key(parsed) => Some(parsed.material.is_private()),
    };
    let count = |private| documents.iter().filter(|document| is_private(document) == Some(private)).count();
    count(true) > 1 || count(false) > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    fn error(text: &str) -> KeyFileError {
        read(text.as_bytes(), "a test").unwrap_err()
    }

    #[test]
    fn says_that_a_begin_line_lacks_hyphens() {
        let hyphens = KeyFileError::Shape(KeyFileShape::Hyphens);
        assert_eq!(error(&format!("-----BEGIN PUBLIC KEY---\n{BODY}\n-----END PUBLIC KEY-----\n")), hyphens);
        assert_eq!(error(&format!("---BEGIN PUBLIC KEY---\n{BODY}\n---END PUBLIC KEY---\n")), hyphens);
        let broken = KeyFileError::Pem(PemError::Broken);
        assert_eq!(error(&format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n")), broken);
    }

    #[test]
    fn the_names_of_a_map_are_the_key_ids() {
        let jwk =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"own"}"#;
        let pem = format!(r"-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n");
        let map = format!(r#"{{"a":{jwk},"b":"{pem}"}}"#);
        let Ok(KeyFileContent::Ring(ring)) = read(map.as_bytes(), "a test") else { panic!("no ring") };
        let kids: Vec<_> = ring.keys().iter().map(|key| key.kid.as_deref()).collect();
        assert_eq!(kids, [Some("a"), Some("b")]);
    }

    #[test]
    fn recognizes_the_first_word_of_an_ssh_public_key() {
        for (word, expected) in [
            ("ssh-ed25519", Some(SshKeyType::Ed25519)),
            ("ssh-rsa", Some(SshKeyType::RsaOrEcdsa)),
            ("ecdsa-sha2-nistp256", Some(SshKeyType::RsaOrEcdsa)),
            ("ssh-dss", Some(SshKeyType::Other)),
            ("sk-ssh-ed25519@openssh.com", Some(SshKeyType::Other)),
            // A key of another service, and an address.
            ("sk-live-0123456789abcdef", None),
            ("alice@openssh.com", None),
            ("secret", None),
        ] {
            assert_eq!(ssh_key_type(format!("{word} AAAA").as_bytes()), expected, "{word}");
        }
    }
}
