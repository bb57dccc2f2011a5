//! SD-JWTs for tests: an issuer who signs with the secret of the tests, and holders who sign with a key of their own.

use crate::support::world::{NOW, signed};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fob::core::json::Value as JsonValue;
use fob::core::key::Key;
use fob::core::key::jwk::{Half, write};
use fob::core::key::seed::Seed;
use fob::core::sd_jwt::DigestAlgorithm;
use fob::core::token::algorithm::Algorithm;
use fob::core::token::jws::SigningInput;
use serde_json::{Value, json};

/// The header of an issuer's token.
pub(crate) const SD_JWT: &str = r#"{"alg":"HS256","typ":"dc+sd-jwt"}"#;

/// Returns the text of a disclosure.
pub(crate) fn disclosure(content: &Value) -> String {
    URL_SAFE_NO_PAD.encode(content.to_string())
}

/// Returns the SHA-256 digest of a text, as Base64url.
pub(crate) fn digest(text: &str) -> String {
    DigestAlgorithm::Sha256.digest(text)
}

/// Returns an issuer's token with this payload.
pub(crate) fn issued(payload: &Value) -> String {
    signed(SD_JWT, &payload.to_string())
}

/// A holder with a key.
pub(crate) struct Holder {
    key: Key,
    algorithm: Algorithm,
}

impl Holder {
    /// Returns the holder whose key is derived from a number.
    pub(crate) fn new(algorithm: Algorithm, seed: u64) -> Self {
        let key = Key::derive(algorithm, &mut Seed::from(seed).stream("a holder", 0)).unwrap();
        Self { key, algorithm }
    }

    /// Returns a holder with a key for ES256.
    pub(crate) fn es256() -> Self {
        Self::new(Algorithm::Es256, 1)
    }

    /// Returns half of the key as a JWK.
    pub(crate) fn jwk(&self, half: Half) -> Value {
        let members = write(&self.key, half).unwrap();
        serde_json::from_str(&JsonValue::Object(members).to_string()).unwrap()
    }

    /// Returns the claim `cnf` that names the holder's key.
    pub(crate) fn cnf(&self) -> Value {
        json!({"jwk": self.jwk(Half::Public)})
    }

    /// Signs a header and a payload.
    pub(crate) fn sign(&self, header: &Value, payload: &Value) -> String {
        let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", encoded(header), encoded(payload));
        let signer = self.key.signer(self.algorithm).unwrap();
        let signature = signer.sign(SigningInput::new(&input)).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the header of a key binding JWT.
    pub(crate) fn header(&self) -> Value {
        json!({"alg": self.algorithm.name(), "typ": "kb+jwt"})
    }

    /// Adds the key binding JWT to an SD-JWT that ends with `~`.
    pub(crate) fn present(&self, sd_jwt: &str) -> String {
        format!("{sd_jwt}{}", self.sign(&self.header(), &binding(sd_jwt)))
    }
}

/// Returns the payload of the key binding JWT for an SD-JWT that ends with `~`.
pub(crate) fn binding(sd_jwt: &str) -> Value {
    json!({"iat": NOW - 60, "aud": "https://verifier.example", "nonce": "n-1", "sd_hash": digest(sd_jwt)})
}
