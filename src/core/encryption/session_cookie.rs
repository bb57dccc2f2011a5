//! The session cookies of Auth.js (`next-auth` 5) and NextAuth.js 4: encrypted tokens whose key is derived from the
//! secret of the application with HKDF.

use super::algorithm::{ContentAlgorithm, KeyAlgorithm};
use super::error::DecryptionError;
use super::jwe::Jwe;
use super::opened::{self, Decrypted};
use super::provider;
use crate::core::json::Value;
use crate::core::key::digest::{sha256, sha512};
use crate::core::key::jwk::{Half, write};
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};
use crate::core::token::base64url;

/// The package that made a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieMaker {
    /// Auth.js: the salt is the name of the cookie.
    AuthJs,
    /// NextAuth.js 4: session cookies have no salt.
    NextAuth,
}

/// The beginnings of the names of cookies. Browsers get the second and the fourth with HTTPS.
const PREFIXES: [&str; 4] = ["authjs.", "__Secure-authjs.", "next-auth.", "__Secure-next-auth."];

/// The ends of the names of encrypted cookies, the session first.
const ENDS: [&str; 5] = ["session-token", "pkce.code_verifier", "state", "nonce", "challenge"];

/// The origin of a derived key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CookieKey {
    /// The package whose derivation it is.
    pub maker: CookieMaker,
    /// The salt: the name of the cookie, or nothing.
    pub salt: String,
}

/// A reason why a session cookie was not decrypted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieError {
    /// Both packages use `dir` with `A256CBC-HS512` or `A256GCM`; this token uses others.
    OtherAlgorithms {
        /// The key management algorithm of the token.
        algorithm: KeyAlgorithm,
        /// The content encryption algorithm of the token.
        content: ContentAlgorithm,
    },
    /// The token names its key, but no derived key has that thumbprint: the secret or the name of the cookie is another.
    OtherKey {
        /// The name of the cookie that the caller gave; without one, all usual names were tried.
        name: Option<String>,
    },
    /// The token was not decrypted.
    Decryption(DecryptionError),
}

/// The purpose that the secret of an application was given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretUse {
    /// Session cookies alone: every encrypted token counts as one.
    Cookies,
    /// It is a shared key for other encrypted tokens, too. A token counts as a session cookie if its name was given, or if
    /// the secret cannot be the key itself.
    AlsoKey,
    /// It verifies signatures, too. A token counts as a session cookie if its name was given, or if the secret decrypts it.
    AlsoSignatures,
}

/// The secret of an application that writes session cookies.
#[derive(Clone, Debug)]
pub struct CookieSecret {
    secret: Secret,
    /// Where the secret came from.
    source: String,
    /// The name of the cookie. Without it, the usual names are tried.
    name: Option<String>,
    secret_use: SecretUse,
}

impl CookieSecret {
    /// Returns the only key of a ring as the secret of an application, or `None` if it is not a secret in plain text.
    #[must_use]
    pub fn of_ring(ring: &KeyRing, name: Option<String>, secret_use: SecretUse) -> Option<Self> {
        let key = ring.only().filter(|key| key.form == "secret")?;
        let Material::Hmac(secret) = &key.material else { return None };
        Some(Self { secret: secret.clone(), source: key.source.clone(), name, secret_use })
    }

    /// Reports whether every encrypted token counts as a session cookie.
    pub(super) fn is_for_all(&self) -> bool {
        self.secret_use == SecretUse::Cookies
    }

    /// Returns where the secret came from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Reports whether a token counts as a session cookie of this application.
    pub(super) fn is_for(&self, jwe: &Jwe<'_>, max_size: usize) -> bool {
        match self.secret_use {
            SecretUse::Cookies => true,
            _ if !may_be_cookie(jwe) => false,
            SecretUse::AlsoKey => {
                self.name.is_some()
                    || self.secret.expose().len() != jwe.content().key_bytes()
                        && (names_cookie_key(jwe) || self.open(jwe, max_size).is_ok())
            }
            SecretUse::AlsoSignatures => self.name.is_some() || self.open(jwe, max_size).is_ok(),
        }
    }

    /// Decrypts a session cookie.
    pub(super) fn open(&self, jwe: &Jwe<'_>, max_size: usize) -> Result<(Decrypted, CookieKey), CookieError> {
        open(jwe, &self.secret, self.name.as_deref(), max_size)
    }
}

/// Reports whether the `kid` of a token has the form that only Auth.js writes: a thumbprint with SHA-512.
#[must_use]
pub fn names_cookie_key(jwe: &Jwe<'_>) -> bool {
    let is_thumbprint = |kid: &str| base64url::decode(kid).is_ok_and(|bytes| bytes.len() == 64);
    jwe.content() == ContentAlgorithm::A256CbcHs512
        && may_be_cookie(jwe)
        && jwe.kid().is_some_and(is_thumbprint)
}

/// Reports whether a token may be a session cookie, by its algorithms.
#[must_use]
pub fn may_be_cookie(jwe: &Jwe<'_>) -> bool {
    jwe.algorithm() == KeyAlgorithm::Dir
        && matches!(jwe.content(), ContentAlgorithm::A256CbcHs512 | ContentAlgorithm::A256Gcm)
}

/// Decrypts a cookie with the secret of the application. `name` is the name of the cookie, with or without the number of a
/// chunk. Without a name, the usual names are tried. A `kid` in the token is the thumbprint of its key, so a wrong secret
/// is known before decryption.
///
/// # Errors
/// [`CookieError`].
pub(super) fn open(
    jwe: &Jwe<'_>,
    secret: &Secret,
    name: Option<&str>,
    max_size: usize,
) -> Result<(Decrypted, CookieKey), CookieError> {
    if !may_be_cookie(jwe) {
        return Err(CookieError::OtherAlgorithms { algorithm: jwe.algorithm(), content: jwe.content() });
    }
    let candidates = candidates(jwe, name);
    let mut failure = CookieError::OtherKey { name: name.map(str::to_owned) };
    for candidate in candidates {
        let Some(key) = candidate.derive(secret, jwe.content()) else { continue };
        if let Some(kid) = jwe.kid()
            && thumbprint(&key).is_none_or(|print| print != kid)
        {
            continue;
        }
        match opened::open(jwe, &key, max_size) {
            Ok(opened) => return Ok((opened, candidate)),
            Err(error) => failure = CookieError::Decryption(error),
        }
    }
    Err(failure)
}

/// Returns the derivations that fit a token, the likely ones first.
fn candidates(jwe: &Jwe<'_>, name: Option<&str>) -> Vec<CookieKey> {
    let names: Vec<String> = match name {
        Some(name) => [Some(name), without_chunk(name)].into_iter().flatten().map(str::to_owned).collect(),
        None => {
            ENDS.iter().flat_map(|end| PREFIXES.iter().map(move |start| format!("{start}{end}"))).collect()
        }
    };
    let keys = |maker, names: Vec<String>| names.into_iter().map(move |salt| CookieKey { maker, salt });
    // NextAuth.js 4 writes no `kid`, and uses A256GCM alone.
    let is_next_auth = jwe.content() == ContentAlgorithm::A256Gcm && jwe.kid().is_none();
    let sessions = is_next_auth.then(|| CookieKey { maker: CookieMaker::NextAuth, salt: String::new() });
    let others = keys(CookieMaker::NextAuth, names.clone()).filter(|_| is_next_auth);
    sessions.into_iter().chain(others).chain(keys(CookieMaker::AuthJs, names)).collect()
}

/// Returns the name of a cookie without the number of a chunk, such as `.0`. Returns `None` if it has none.
fn without_chunk(name: &str) -> Option<&str> {
    let (base, chunk) = name.rsplit_once('.')?;
    (!chunk.is_empty() && chunk.bytes().all(|byte| byte.is_ascii_digit())).then_some(base)
}

impl CookieMaker {
    /// Returns the name of the package.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthJs => "Auth.js",
            Self::NextAuth => "NextAuth.js",
        }
    }
}

impl CookieKey {
    /// Derives the key from the secret of the application.
    fn derive(&self, secret: &Secret, content: ContentAlgorithm) -> Option<Secret> {
        let product = self.maker.name();
        let salt = &self.salt;
        let info = match (self.maker, salt.is_empty()) {
            (CookieMaker::NextAuth, true) => format!("{product} Generated Encryption Key"),
            _ => format!("{product} Generated Encryption Key ({salt})"),
        };
        provider::hkdf(secret, salt.as_bytes(), info.as_bytes(), content.key_bytes())
    }
}

/// Computes the thumbprint that Auth.js writes as `kid`: its hash is as long as the key (RFC 7638 with SHA-512 or
/// SHA-256).
fn thumbprint(key: &Secret) -> Option<String> {
    let jwk = write(&Key::hmac(key.clone(), None, String::new()), Half::Private)?;
    let required = ["k", "kty"].map(|name| jwk.iter().find(|member| member.name == name).cloned());
    let text = Value::Object(required.into_iter().flatten().collect()).to_string();
    Some(match key.expose().len() {
        64 => base64url::encode(&sha512(text.as_bytes())),
        _ => base64url::encode(&sha256(text.as_bytes())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_SIZE: usize = 1 << 20;

    fn file() -> serde_json::Value {
        serde_json::from_str(include_str!("../../../tests/vectors/session_cookies.json")).unwrap()
    }

    fn secret() -> Secret {
        Secret::new(file()["secret"].as_str().unwrap().as_bytes().to_vec())
    }

    fn attempt(token: &str, secret: &Secret, name: Option<&str>) -> Result<(String, CookieKey), CookieError> {
        let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
        let (opened, key) = open(&jwe, secret, name, MAX_SIZE)?;
        Ok((String::from_utf8(opened.plaintext.expose().to_vec()).unwrap(), key))
    }

    #[test]
    fn opens_the_cookies_of_both_packages_with_and_without_their_name() {
        let file = file();
        let cookies = file["cookies"].as_array().unwrap();
        assert_eq!(cookies.len(), 5);
        for cookie in cookies {
            let (name, token) = (cookie["cookie"].as_str().unwrap(), cookie["token"].as_str().unwrap());
            let chunk = format!("{name}.1");
            let maker = match cookie["maker"].as_str().unwrap() {
                "next-auth" => CookieMaker::NextAuth,
                _ => CookieMaker::AuthJs,
            };
            for given in [None, Some(name), Some(&*chunk)] {
                let (text, key) = attempt(token, &secret(), given).unwrap();
                assert!(text.starts_with(r#"{"name":"Alice","sub":"alice","iat":"#), "{text}");
                assert_eq!(key, CookieKey { maker, salt: name.to_owned() });
            }
        }
    }

    #[test]
    fn knows_before_decryption_that_the_secret_or_the_name_is_another() {
        let file = file();
        let token = file["cookies"][0]["token"].as_str().unwrap();
        let other = Secret::new(b"another secret".to_vec());
        assert_eq!(attempt(token, &other, None).unwrap_err(), CookieError::OtherKey { name: None });
        let name = Some("my-session");
        let error = CookieError::OtherKey { name: name.map(str::to_owned) };
        assert_eq!(attempt(token, &secret(), name).unwrap_err(), error);
        // NextAuth.js 4 writes no `kid`.
        let token = file["cookies"][3]["token"].as_str().unwrap();
        let error = CookieError::Decryption(DecryptionError::DecryptFailed);
        assert_eq!(attempt(token, &other, None).unwrap_err(), error);
    }

    #[test]
    fn opens_cookies_of_auth_js_with_a256gcm_and_without_kid() {
        use crate::core::encryption::{Encrypter, EncryptionSettings};
        let derivation = CookieKey { maker: CookieMaker::AuthJs, salt: "authjs.session-token".to_owned() };
        for content in [ContentAlgorithm::A256Gcm, ContentAlgorithm::A256CbcHs512] {
            let key = derivation.derive(&secret(), content).unwrap();
            for kid in [None, thumbprint(&key)] {
                let settings = EncryptionSettings { kid, ..EncryptionSettings::default() };
                let key = Key::hmac(key.clone(), None, String::new());
                let token = Encrypter::new(&key, settings).unwrap().encrypt(b"{}").unwrap();
                assert_eq!(attempt(&token, &secret(), None).unwrap(), ("{}".to_owned(), derivation.clone()));
            }
        }
    }

    #[test]
    fn leaves_other_tokens_alone() {
        use crate::core::encryption::{Encrypter, EncryptionSettings};
        let key = Key::hmac(Secret::new(vec![1; 16]), None, String::new());
        let token = Encrypter::new(&key, EncryptionSettings::default()).unwrap().encrypt(b"{}").unwrap();
        let (algorithm, content) = (KeyAlgorithm::Dir, ContentAlgorithm::A128Gcm);
        let error = CookieError::OtherAlgorithms { algorithm, content };
        assert_eq!(attempt(&token, &secret(), None).unwrap_err(), error);
    }

    #[test]
    fn removes_the_number_of_a_chunk() {
        for (name, base) in [
            ("a.0", Some("a")),
            ("a.b.12", Some("a.b")),
            ("a.", None),
            ("a.x", None),
            ("a.1x", None),
            ("a", None),
        ] {
            assert_eq!(without_chunk(name), base, "{name}");
        }
    }

    /// Returns the secret of an application that was given with the name of a cookie.
    fn application(secret_use: SecretUse) -> CookieSecret {
        let ring = KeyRing::from(Key::hmac(secret(), None, String::new()));
        CookieSecret::of_ring(&ring, Some("session".to_owned()), secret_use).unwrap()
    }

    /// Returns a token that this key encrypts.
    fn token(
        key: Vec<u8>,
        algorithm: KeyAlgorithm,
        content: ContentAlgorithm,
        kid: Option<String>,
    ) -> String {
        use crate::core::encryption::{Encrypter, EncryptionSettings};
        let settings = EncryptionSettings {
            algorithm: Some(algorithm),
            content: Some(content),
            kid,
            ..EncryptionSettings::default()
        };
        let key = Key::hmac(Secret::new(key), None, String::new());
        Encrypter::new(&key, settings).unwrap().encrypt(b"{}").unwrap()
    }

    #[test]
    fn a_token_with_other_algorithms_counts_only_if_the_secret_is_for_cookies_alone() {
        let token = token(vec![1; 16], KeyAlgorithm::Dir, ContentAlgorithm::A128Gcm, None);
        let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
        for (secret_use, counts) in
            [(SecretUse::Cookies, true), (SecretUse::AlsoKey, false), (SecretUse::AlsoSignatures, false)]
        {
            let secret = application(secret_use);
            assert_eq!(
                (secret.is_for_all(), secret.is_for(&jwe, MAX_SIZE)),
                (counts, counts),
                "{secret_use:?}"
            );
        }
    }

    #[test]
    fn recognizes_the_key_id_that_only_auth_js_writes() {
        let (dir, wrap) = (KeyAlgorithm::Dir, KeyAlgorithm::A256Kw);
        let (cbc, gcm) = (ContentAlgorithm::A256CbcHs512, ContentAlgorithm::A256Gcm);
        for (bytes, algorithm, content, kid, expected) in [
            (64, dir, cbc, Some(64), true),
            (64, dir, cbc, Some(32), false),
            (64, dir, cbc, None, false),
            (32, dir, gcm, Some(64), false),
            (32, wrap, cbc, Some(64), false),
        ] {
            let kid = kid.map(|length| base64url::encode(&vec![9; length]));
            let token = token(vec![1; bytes], algorithm, content, kid);
            let jwe = Jwe::parse(token.as_bytes(), MAX_SIZE).unwrap();
            assert_eq!(names_cookie_key(&jwe), expected, "{algorithm} {content} {:?}", jwe.kid());
        }
    }

    #[test]
    fn derives_the_key_of_nextauth_only_for_tokens_that_it_writes() {
        let derivation = CookieKey { maker: CookieMaker::NextAuth, salt: String::new() };
        for content in [ContentAlgorithm::A256Gcm, ContentAlgorithm::A256CbcHs512] {
            let key = derivation.derive(&secret(), content).unwrap();
            for kid in [None, thumbprint(&key)] {
                let is_next_auth = content == ContentAlgorithm::A256Gcm && kid.is_none();
                let token = token(key.expose().to_vec(), KeyAlgorithm::Dir, content, kid);
                assert_eq!(attempt(&token, &secret(), None).is_ok(), is_next_auth, "{content}");
            }
        }
    }
}
