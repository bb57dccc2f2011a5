//! **The only way to encrypt**: the [`Encrypter`], which chooses the algorithms for a key and makes tokens in compact
//! serialization. All randomness comes from the crypto library, so that no initialization vector is ever used twice.

use super::agreement::{self, Parties};
use super::algorithm::{ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::compression;
use super::content;
use super::error::EncryptionError;
use super::fit::{EncryptionUse, kind, unfit};
use super::key_wrap;
use super::parameters::{EphemeralKey, MAX_ITERATIONS, password_salt};
use super::provider;
use crate::core::json::{self, Member, Value};
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};
use crate::core::token::base64url;

/// The smallest number of PBES2 iterations for new tokens (RFC 7518 section 4.8.1.2).
const MIN_ITERATIONS: u32 = 1_000;

/// The default number of PBES2 iterations. Some libraries refuse more unless they are told to accept it.
const DEFAULT_ITERATIONS: u32 = 10_000;

/// The size of a new PBES2 salt in bytes.
const SALT: usize = 16;

/// The header parameters that only the encryption sets.
const RESERVED: [&str; 12] =
    ["alg", "enc", "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "crit", "b64"];

/// The caller's settings for new encrypted tokens.
#[derive(Clone, Debug, Default)]
pub struct EncryptionSettings {
    /// The key management algorithm; by default that of the key.
    pub algorithm: Option<KeyAlgorithm>,
    /// The content encryption algorithm; by default `A256GCM`, or the one that a shared key fits.
    pub content: Option<ContentAlgorithm>,
    /// The key ID to write instead of the key's own.
    pub kid: Option<String>,
    /// True if the content is compressed. Compression can reveal secrets that stand beside text of an attacker.
    pub compresses: bool,
    /// Information on the producer, for key agreement.
    pub producer: Vec<u8>,
    /// Information on the recipient, for key agreement.
    pub recipient: Vec<u8>,
    /// The number of PBES2 iterations.
    pub iterations: Option<u32>,
    /// Further header parameters, in order.
    pub others: Vec<Member<'static>>,
}

/// A key prepared for encrypting tokens.
#[derive(Clone, Debug)]
pub struct Encrypter {
    key: Key,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    settings: EncryptionSettings,
}

impl Encrypter {
    /// Chooses the algorithms for a key, and checks that it may be used with them.
    ///
    /// # Errors
    /// [`EncryptionError`].
    pub fn new(key: &Key, settings: EncryptionSettings) -> Result<Self, EncryptionError> {
        let (algorithm, content) = algorithms(key, &settings)?;
        if algorithm == KeyAlgorithm::Rsa1_5 {
            return Err(EncryptionError::NeverMade(algorithm));
        }
        if let Some(unfit) = unfit(key, EncryptionUse::Encrypt, algorithm, content, None) {
            return Err(unfit.into());
        }
        if let Some(count) = settings.iterations
            && !(MIN_ITERATIONS..=MAX_ITERATIONS).contains(&count)
        {
            return Err(EncryptionError::Iterations {
                count,
                minimum: MIN_ITERATIONS,
                maximum: MAX_ITERATIONS,
            });
        }
        let others = &settings.others;
        if let Some(member) = others.iter().find(|member| RESERVED.contains(&&*member.name)) {
            return Err(EncryptionError::Reserved(member.name.to_string()));
        }
        let has_kid = settings.kid.is_some() || key.kid.is_some();
        let repeated = match json::find(others, "kid").filter(|_| has_kid) {
            Some(_) => Some("kid"),
            None => json::first_repeated(others).map(|member| &*member.name),
        };
        if let Some(name) = repeated {
            return Err(EncryptionError::Repeated(name.to_owned()));
        }
        Ok(Self { key: key.clone(), algorithm, content, settings })
    }

    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Returns the caller's settings.
    #[must_use]
    pub const fn settings(&self) -> &EncryptionSettings {
        &self.settings
    }

    /// Returns the key management algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// Returns the content encryption algorithm.
    #[must_use]
    pub const fn content(&self) -> ContentAlgorithm {
        self.content
    }

    /// Returns the key ID that the tokens get, if any.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.settings.kid.as_deref().or(self.key.kid.as_deref())
    }

    /// Encrypts a signed token, whose `cty` becomes `JWT` (RFC 7519 section 5.2) unless the settings hold another.
    ///
    /// # Errors
    /// [`EncryptionError`].
    pub fn encrypt_token(&self, token: &str) -> Result<String, EncryptionError> {
        let cty = json::find(&self.settings.others, "cty").is_none().then_some("JWT");
        self.seal(token.as_bytes(), cty)
    }

    /// Encrypts any content.
    ///
    /// # Errors
    /// [`EncryptionError`].
    pub fn encrypt(&self, plaintext: &[u8]) -> Result<String, EncryptionError> {
        self.seal(plaintext, None)
    }

    fn seal(&self, plaintext: &[u8], cty: Option<&str>) -> Result<String, EncryptionError> {
        let mut header = vec![text("alg", self.algorithm.name()), text("enc", self.content.name())];
        header.extend(self.kid().map(|kid| text("kid", kid)));
        header.extend(cty.map(|cty| text("cty", cty)));
        let (content_key, encrypted_key) = self.keys(&mut header)?;
        let compressed;
        let plaintext = if self.settings.compresses {
            header.push(text("zip", "DEF"));
            compressed = compression::deflate(plaintext).ok_or(EncryptionError::Refused)?;
            compressed.expose()
        } else {
            plaintext
        };
        header.extend(self.settings.others.iter().cloned());
        let header = base64url::encode(Value::Object(header).to_string().as_bytes());
        let iv = random(self.content.iv_bytes())?;
        let sealed = content::seal(self.content, &content_key, iv.expose(), header.as_bytes(), plaintext);
        let (ciphertext, tag) = sealed.ok_or(EncryptionError::Refused)?;
        let [key, iv, ciphertext, tag] =
            [&*encrypted_key, iv.expose(), &*ciphertext, &*tag].map(base64url::encode);
        Ok(format!("{header}.{key}.{iv}.{ciphertext}.{tag}"))
    }

    /// Makes the content encryption key, its encrypted form, and the header parameters that go with it.
    fn keys(&self, header: &mut Vec<Member<'static>>) -> Result<(Secret, Vec<u8>), EncryptionError> {
        let key = &self.key;
        let secret = || match &key.material {
            Material::Hmac(secret) => Ok(secret),
            _ => Err(EncryptionError::Refused),
        };
        let fresh = || random(self.content.key_bytes());
        let refused = EncryptionError::Refused;
        match self.algorithm.management() {
            KeyManagement::Direct => Ok((secret()?.clone(), Vec::new())),
            KeyManagement::Wrap(_) => {
                let content_key = fresh()?;
                let wrapped = key_wrap::wrap(secret()?, &content_key).ok_or(refused)?;
                Ok((content_key, wrapped))
            }
            KeyManagement::GcmWrap(_) => {
                let (content_key, iv) = (fresh()?, random(12)?);
                let sealed = provider::gcm_seal(secret()?.expose(), iv.expose(), &[], content_key.expose());
                let (wrapped, tag) = sealed.ok_or(refused)?;
                header.extend([bytes("iv", iv.expose()), bytes("tag", &tag)]);
                Ok((content_key, wrapped))
            }
            KeyManagement::Oaep(hash) => {
                let content_key = fresh()?;
                let spki = key.to_spki().ok_or_else(|| refused.clone())?;
                let wrapped = provider::oaep_seal(&spki, hash, content_key.expose()).ok_or(refused)?;
                Ok((content_key, wrapped))
            }
            KeyManagement::Pkcs1 => Err(EncryptionError::NeverMade(self.algorithm)),
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_) => {
                let (producer, recipient) = (&*self.settings.producer, &*self.settings.recipient);
                let parties = Parties { producer, recipient };
                let sent = agreement::send(key, self.algorithm, self.content, parties);
                let (ephemeral, derived) = sent.ok_or_else(|| refused.clone())?;
                header.push(Member::new("epk", ephemeral_jwk(&ephemeral).ok_or_else(|| refused.clone())?));
                for (name, party) in [("apu", producer), ("apv", recipient)] {
                    header.extend((!party.is_empty()).then(|| bytes(name, party)));
                }
                if self.algorithm.has_no_encrypted_key() {
                    return Ok((derived, Vec::new()));
                }
                let content_key = fresh()?;
                let wrapped = key_wrap::wrap(&derived, &content_key).ok_or(refused)?;
                Ok((content_key, wrapped))
            }
            KeyManagement::Password(hash, length) => {
                let (content_key, salt) = (fresh()?, random(SALT)?);
                let count = self.settings.iterations.unwrap_or(DEFAULT_ITERATIONS);
                let full = password_salt(self.algorithm, salt.expose());
                let derived = provider::pbkdf2(hash, secret()?, &full, count, length);
                let derived = derived.ok_or_else(|| refused.clone())?;
                header.push(bytes("p2s", salt.expose()));
                header.push(Member::new("p2c", Value::integer(i64::from(count))));
                let wrapped = key_wrap::wrap(&derived, &content_key).ok_or(refused)?;
                Ok((content_key, wrapped))
            }
        }
    }
}

/// Chooses the algorithms: the settings come first, then the `alg` of the key, then the type of the key.
fn algorithms(
    key: &Key,
    settings: &EncryptionSettings,
) -> Result<(KeyAlgorithm, ContentAlgorithm), EncryptionError> {
    let named = key.restrictions.alg.as_deref();
    let named_content = named.and_then(|alg| alg.parse::<ContentAlgorithm>().ok());
    let secret = match &key.material {
        Material::Hmac(secret) => Some(secret.expose().len()),
        _ => None,
    };
    let no_default = || EncryptionError::NoDefault { key: kind(key), secret };
    let by_type = || match &key.material {
        Material::Rsa(_) => Some(KeyAlgorithm::RsaOaep256),
        Material::Ec(_) | Material::X25519(_) => Some(KeyAlgorithm::EcdhEsA256Kw),
        Material::Hmac(secret) => {
            ContentAlgorithm::for_secret_of(secret.expose().len()).map(|_| KeyAlgorithm::Dir)
        }
        _ => None,
    };
    let by_key = || match named_content {
        Some(_) => Some(KeyAlgorithm::Dir),
        None => named.and_then(|alg| alg.parse().ok()),
    };
    let algorithm = settings.algorithm.or_else(by_key).or_else(by_type).ok_or_else(no_default)?;
    let fitting = || match (algorithm.management(), secret) {
        (KeyManagement::Direct, Some(length)) => {
            named_content.or_else(|| ContentAlgorithm::for_secret_of(length)).ok_or_else(no_default)
        }
        _ => Ok(ContentAlgorithm::A256Gcm),
    };
    Ok((algorithm, settings.content.map_or_else(fitting, Ok)?))
}

/// Returns an ephemeral public key as a JWK.
fn ephemeral_jwk(key: &EphemeralKey) -> Option<Value<'static>> {
    let crv = text("crv", key.curve.name());
    Some(Value::Object(match key.curve.ec() {
        Some(curve) => {
            let (x, y) = key.public.get(1..)?.split_at_checked(curve.bytes())?;
            vec![text("kty", "EC"), crv, bytes("x", x), bytes("y", y)]
        }
        None => vec![text("kty", "OKP"), crv, bytes("x", &key.public)],
    }))
}

fn text(name: &'static str, text: &str) -> Member<'static> {
    Member::new(name, Value::string(text.to_owned()))
}

fn bytes(name: &'static str, bytes: &[u8]) -> Member<'static> {
    Member::new(name, Value::string(base64url::encode(bytes)))
}

fn random(length: usize) -> Result<Secret, EncryptionError> {
    provider::random(length).ok_or(EncryptionError::NoRandomness)
}
