//! Encrypted tokens as received (RFC 7516): the compact and the JSON serialization, taken apart. Reading is strict: one
//! token has one text, and nothing is repaired. Nothing here decrypts.

use super::algorithm::{ContentAlgorithm, ContentCipher, KeyAlgorithm, KeyManagement};
use super::content::Sealed;
use super::error::{JweError, JwePart, ParameterFault};
use super::parameters::{KeyParameters, required_text, text};
use super::provider::BLOCK;
use crate::core::json::{self, Member, Value};
use crate::core::reason::{Failure, Malformed};
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, too_large};
use crate::core::token::parameter::{WrongType, wrong_types};

/// A parsed encrypted token, for one recipient. Its content is unknown, and its header is unverified.
#[derive(Clone, Debug)]
pub struct Jwe<'t> {
    header: JoseHeader<'t>,
    is_alg_protected: bool,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    is_compressed: bool,
    pub(super) parameters: KeyParameters,
    pub(super) encrypted_key: Vec<u8>,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
    tag: Vec<u8>,
    /// The additional authenticated data, as received.
    aad: String,
    /// The length of the whole text in bytes.
    size: usize,
}

/// The parts of a token that both serializations have, still encoded.
pub(super) struct JweTexts<'t> {
    /// The protected header.
    pub(super) protected: &'t str,
    /// The encrypted key.
    pub(super) encrypted_key: &'t str,
    /// The initialization vector.
    pub(super) iv: &'t str,
    /// The ciphertext.
    pub(super) ciphertext: &'t str,
    /// The authentication tag.
    pub(super) tag: &'t str,
    /// The additional authenticated data of the JSON serialization.
    pub(super) aad: Option<&'t str>,
    /// The length of the whole text in bytes.
    pub(super) size: usize,
}

impl<'t> Jwe<'t> {
    /// Parses the compact serialization (RFC 7516 section 7.1). `max_size` limits its length in bytes.
    ///
    /// # Errors
    /// [`JweError`].
    pub fn parse(token: &'t [u8], max_size: usize) -> Result<Self, JweError> {
        let (text, header) = match Compact::parse(token, max_size)? {
            Compact::Jwe { text, header, .. } => (text, header),
            Compact::Jws { .. } => return Err(JweError::NotEncrypted),
        };
        let bytes = header.decoded.map_err(|error| {
            Failure::malformed(Malformed::Base64, format!("the header is not Base64url: {error}"))
        })?;
        let header = JoseHeader::parse(&bytes)?.into_owned();
        let mut segments = text.split('.');
        let mut next = || segments.next().unwrap_or_default();
        let texts = JweTexts {
            protected: next(),
            encrypted_key: next(),
            iv: next(),
            ciphertext: next(),
            tag: next(),
            aad: None,
            size: text.len(),
        };
        Self::assemble(header, true, &texts)
    }

    /// Gives the parts of a token their meaning. The header is the union of all headers for the recipient.
    pub(super) fn assemble(
        header: JoseHeader<'t>,
        is_alg_protected: bool,
        texts: &JweTexts<'_>,
    ) -> Result<Self, JweError> {
        if let Some(name) = header.duplicate() {
            return Err(JweError::DuplicateMember(name.to_owned()));
        }
        if let Some(WrongType { name, expected, found }) = wrong_types(header.members()).next() {
            return Err(JweError::Parameter { name, fault: ParameterFault::Type { expected, found } });
        }
        if header.get("crit").is_some() {
            return Err(JweError::Extension);
        }
        let alg = required_text(&header, "alg")?;
        let algorithm = alg.parse().map_err(|_| JweError::Algorithm(alg.to_owned()))?;
        let enc = required_text(&header, "enc")?;
        let content = enc.parse().map_err(|_| JweError::Content(enc.to_owned()))?;
        let is_compressed = match text(&header, "zip")? {
            None => false,
            Some("DEF") => true,
            Some(other) => return Err(JweError::Compression(other.to_owned())),
        };
        let decode = |part, text| base64url::decode(text).map_err(|error| JweError::Base64 { part, error });
        let jwe = Self {
            is_alg_protected,
            algorithm,
            content,
            is_compressed,
            parameters: KeyParameters::read(&header, algorithm)?,
            encrypted_key: decode(JwePart::EncryptedKey, texts.encrypted_key)?,
            iv: decode(JwePart::Iv, texts.iv)?,
            ciphertext: decode(JwePart::Ciphertext, texts.ciphertext)?,
            tag: decode(JwePart::Tag, texts.tag)?,
            aad: match texts.aad {
                None => texts.protected.to_owned(),
                Some(aad) => format!("{}.{aad}", texts.protected),
            },
            size: texts.size,
            header,
        };
        jwe.check_lengths()?;
        Ok(jwe)
    }

    /// Checks the lengths that the algorithms determine.
    fn check_lengths(&self) -> Result<(), JweError> {
        let key_bytes = self.content.key_bytes();
        let encrypted_key = match self.algorithm.management() {
            KeyManagement::Direct | KeyManagement::Agreement => Some(0),
            KeyManagement::Wrap(_) | KeyManagement::AgreementWrap(_) | KeyManagement::Password(..) => {
                Some(key_bytes + BLOCK / 2)
            }
            KeyManagement::GcmWrap(_) => Some(key_bytes),
            KeyManagement::Oaep(_) | KeyManagement::Pkcs1 => None,
        };
        if encrypted_key != Some(0) && self.encrypted_key.is_empty() {
            return Err(JweError::NoEncryptedKey);
        }
        for (part, length, expected) in [
            (JwePart::EncryptedKey, self.encrypted_key.len(), encrypted_key),
            (JwePart::Iv, self.iv.len(), Some(self.content.iv_bytes())),
            (JwePart::Tag, self.tag.len(), Some(self.content.tag_bytes())),
        ] {
            if let Some(expected) = expected.filter(|expected| *expected != length) {
                return Err(JweError::Length { part, length, expected });
            }
        }
        let length = self.ciphertext.len();
        if self.content.cipher() == ContentCipher::CbcHmac && (length == 0 || !length.is_multiple_of(BLOCK)) {
            return Err(JweError::Blocks { length });
        }
        Ok(())
    }

    /// Returns the header: in the JSON serialization, the union of all headers for the recipient. It is unverified until
    /// the token is decrypted.
    #[must_use]
    pub const fn header(&self) -> &JoseHeader<'t> {
        &self.header
    }

    /// Reports whether `alg` is in the protected header. Otherwise decryption does not verify it.
    #[must_use]
    pub const fn is_alg_protected(&self) -> bool {
        self.is_alg_protected
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

    /// Returns the number of iterations that turn a password into a key. Zero if the algorithm takes no password.
    #[must_use]
    pub(super) const fn iterations(&self) -> u32 {
        match self.parameters {
            KeyParameters::Password { iterations, .. } => iterations,
            _ => 0,
        }
    }

    /// Reports whether the content is compressed.
    #[must_use]
    pub const fn is_compressed(&self) -> bool {
        self.is_compressed
    }

    /// Returns the key ID, if the header names one. An empty key ID names no key.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str).filter(|kid| !kid.is_empty())
    }

    /// Returns the content type.
    #[must_use]
    pub fn cty(&self) -> Option<&str> {
        self.header.get("cty").and_then(Value::as_str)
    }

    /// Returns the first of `iss`, `sub` and `aud` whose copy in the header differs from the claim (RFC 7519 section 5.3).
    #[must_use]
    pub fn differing_claim(&self, claims: &[Member<'_>]) -> Option<&'static str> {
        let differs = |name: &&str| {
            let copy = self.header.get(name);
            copy.is_some_and(|copy| json::find(claims, name).is_none_or(|claim| !copy.same(claim)))
        };
        ["iss", "sub", "aud"].into_iter().find(differs)
    }

    /// Returns the length of the whole text in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.size
    }

    pub(super) const fn sealed(&self) -> Sealed<'_> {
        Sealed {
            iv: self.iv.as_slice(),
            aad: self.aad.as_bytes(),
            ciphertext: self.ciphertext.as_slice(),
            tag: self.tag.as_slice(),
        }
    }
}

/// Checks that a parameter is in the protected header, if it is anywhere.
pub(super) fn check_protected(
    name: &'static str,
    protected: &JoseHeader<'_>,
    whole: &JoseHeader<'_>,
) -> Result<(), JweError> {
    match whole.get(name).is_some() && protected.get(name).is_none() {
        true => Err(JweError::Parameter { name, fault: ParameterFault::Unprotected }),
        false => Ok(()),
    }
}

/// Checks the length of a text.
pub(super) fn check_size(text: &[u8], max_size: usize) -> Result<(), JweError> {
    if text.len() > max_size {
        return Err(too_large(text.len() as u64, max_size).into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the error of a token with this header and these other segments.
    fn error(header: &str, rest: &str) -> JweError {
        let token = format!("{}.{rest}", base64url::encode(header.as_bytes()));
        Jwe::parse(token.as_bytes(), 10_000).unwrap_err()
    }

    const DIR: &str = r#"{"alg":"dir","enc":"A128GCM"}"#;
    const IV: &str = "AAAAAAAAAAAAAAAA";
    const TAG: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    fn parameter(name: &'static str, fault: ParameterFault) -> JweError {
        JweError::Parameter { name, fault }
    }

    #[test]
    fn reads_the_header_and_the_parts() {
        let token = format!("{}..{IV}.AQID.{TAG}", base64url::encode(DIR.as_bytes()));
        let jwe = Jwe::parse(token.as_bytes(), 1000).unwrap();
        assert_eq!((jwe.algorithm(), jwe.content()), (KeyAlgorithm::Dir, ContentAlgorithm::A128Gcm));
        assert_eq!((jwe.sealed().ciphertext, jwe.size()), (&[1, 2, 3][..], token.len()));
        assert_eq!(jwe.sealed().aad, token.split('.').next().unwrap().as_bytes());
        assert_eq!((jwe.kid(), jwe.cty(), jwe.is_compressed()), (None, None, false));
    }

    #[test]
    fn compares_copies_of_claims_in_the_header() {
        let header = r#"{"alg":"dir","enc":"A128GCM","iss":"joe","aud":["a","b"]}"#;
        let token = format!("{}..{IV}..{TAG}", base64url::encode(header.as_bytes()));
        let jwe = Jwe::parse(token.as_bytes(), 1000).unwrap();
        let differing = |claims: &str| {
            let Ok(Value::Object(claims)) = json::parse(claims.as_bytes()) else { panic!("an object") };
            jwe.differing_claim(&claims)
        };
        assert_eq!(differing(r#"{"iss":"joe","aud":["a","b"],"sub":"x"}"#), None);
        assert_eq!(differing(r#"{"iss":"Joe","aud":["a","b"]}"#), Some("iss"));
        assert_eq!(differing(r#"{"aud":["a","b"]}"#), Some("iss"));
        assert_eq!(differing(r#"{"iss":"joe","aud":["b","a"]}"#), Some("aud"));
    }

    #[test]
    fn rejects_other_tokens_and_sizes() {
        let form = |token: &[u8]| match Jwe::parse(token, 60).unwrap_err() {
            JweError::Form(failure) => failure.reason.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(form(b"e30.e30.e30"), "NotEncrypted");
        assert_eq!(form(b"e30.e30.e30.e30"), "malformed:segments");
        assert_eq!(form(b"e30..e3=..e30"), "malformed:charset");
        assert_eq!(form(b"e3..e30..e30"), "malformed:base64");
        assert_eq!(form(b"W10..e30..e30"), "malformed:header_json");
        assert_eq!(form(&[b'a'; 61]), "malformed:too_large");
    }

    #[test]
    fn rejects_parameters_that_are_missing_or_have_another_type() {
        let rest = format!(".{IV}..{TAG}");
        let text = |found| ParameterFault::Type { expected: "a string", found };
        for (header, expected) in [
            (r#"{"enc":"A128GCM"}"#, parameter("alg", ParameterFault::Missing)),
            (r#"{"alg":"dir"}"#, parameter("enc", ParameterFault::Missing)),
            (r#"{"alg":7,"enc":"A128GCM"}"#, parameter("alg", text("a number"))),
            (r#"{"alg":"dir","enc":["A128GCM"]}"#, parameter("enc", text("an array"))),
            (r#"{"alg":"dir","enc":"A128GCM","kid":{}}"#, parameter("kid", text("an object"))),
            (r#"{"alg":"dir","enc":"A128GCM","cty":true}"#, parameter("cty", text("a boolean"))),
            (r#"{"alg":"dir","enc":"A128GCM","zip":null}"#, parameter("zip", text("null"))),
            (r#"{"alg":"dir","enc":"A128GCM","zip":"def"}"#, JweError::Compression("def".into())),
            (r#"{"alg":"DIR","enc":"A128GCM"}"#, JweError::Algorithm("DIR".into())),
            (r#"{"alg":"HS256","enc":"A128GCM"}"#, JweError::Algorithm("HS256".into())),
            (r#"{"alg":"dir","enc":"A128KW"}"#, JweError::Content("A128KW".into())),
            (r#"{"alg":"dir","enc":"A128GCM","crit":[]}"#, JweError::Extension),
            (r#"{"alg":"dir","enc":"A128GCM","alg":"dir"}"#, JweError::DuplicateMember("/alg".into())),
            (r#"{"alg":"dir","enc":"A128GCM","x":{"a":1,"a":2}}"#, JweError::DuplicateMember("/x/a".into())),
        ] {
            assert_eq!(error(header, &rest), expected, "{header}");
        }
    }

    #[test]
    fn rejects_lengths_that_no_algorithm_produces() {
        let length = |part, length, expected| JweError::Length { part, length, expected };
        assert_eq!(error(DIR, &format!("AA.{IV}..{TAG}")), length(JwePart::EncryptedKey, 1, 0));
        assert_eq!(error(DIR, &format!(".{IV}AAAA..{TAG}")), length(JwePart::Iv, 15, 12));
        assert_eq!(error(DIR, &format!(".AA..{TAG}")), length(JwePart::Iv, 1, 12));
        assert_eq!(error(DIR, &format!(".{IV}..AAAA")), length(JwePart::Tag, 3, 16));
        let base64 = JweError::Base64 {
            part: JwePart::Ciphertext,
            error: base64url::Base64urlError::TrailingBits { offset: 1 },
        };
        assert_eq!(error(DIR, &format!(".{IV}.AB.{TAG}")), base64);
        let wrap = r#"{"alg":"A128KW","enc":"A128CBC-HS256"}"#;
        assert_eq!(error(wrap, &format!(".{TAG}.{TAG}.{TAG}")), JweError::NoEncryptedKey);
        let key = base64url::encode(&[0; 40]);
        assert_eq!(
            error(wrap, &format!("{key}AAAA.{TAG}.{TAG}.{TAG}")),
            length(JwePart::EncryptedKey, 43, 40)
        );
        assert_eq!(error(wrap, &format!("{key}.{TAG}.AAAA.{TAG}")), JweError::Blocks { length: 3 });
        assert_eq!(error(wrap, &format!("{key}.{TAG}..{TAG}")), JweError::Blocks { length: 0 });
    }

    #[test]
    fn rejects_faulty_parameters_of_key_management() {
        let key = base64url::encode(&[0; 40]);
        let rest = format!("{key}.{IV}..{TAG}");
        let gcm = |others: &str| error(&format!(r#"{{"alg":"A128GCMKW","enc":"A128GCM"{others}}}"#), &rest);
        assert_eq!(gcm(""), parameter("iv", ParameterFault::Missing));
        assert_eq!(
            gcm(r#","iv":"AAAA","tag":"AAAA""#),
            parameter("iv", ParameterFault::Length { length: 3, expected: 12 })
        );
        assert_eq!(
            gcm(&format!(r#","iv":"{IV}","tag":"AAAA""#)),
            parameter("tag", ParameterFault::Length { length: 3, expected: 16 })
        );
        let password = |others: &str| {
            error(&format!(r#"{{"alg":"PBES2-HS256+A128KW","enc":"A128GCM"{others}}}"#), &rest)
        };
        assert_eq!(password(""), parameter("p2s", ParameterFault::Missing));
        assert_eq!(
            password(r#","p2s":"AAAAAAAAAA""#),
            parameter("p2s", ParameterFault::TooShort { length: 7, minimum: 8 })
        );
        for count in ["0", "-1", "1000001", "1e3", "4096.0", "99999999999999999999"] {
            assert_eq!(
                password(&format!(r#","p2s":"AAAAAAAAAAA","p2c":{count}"#)),
                parameter("p2c", ParameterFault::OutOfRange { value: count.into(), maximum: 1_000_000 })
            );
        }
        assert_eq!(
            password(r#","p2s":"AAAAAAAAAAA","p2c":"4096""#),
            parameter("p2c", ParameterFault::Type { expected: "a number", found: "a string" })
        );
    }

    #[test]
    fn rejects_faulty_ephemeral_keys() {
        use crate::core::encryption::error::EphemeralKeyError as Fault;
        let rest = format!(".{IV}..{TAG}");
        let epk = |jwk: &str| error(&format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{jwk}}}"#), &rest);
        let x = "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ";
        let y = "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck";
        for (jwk, expected) in [
            (r#"{"kty":"EC"}"#.to_owned(), Fault::Missing("crv")),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}"}}"#), Fault::Missing("y")),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":7}}"#), Fault::Member("y")),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}="}}"#), Fault::Member("y")),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}","d":"{x}"}}"#), Fault::Private),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"{y}","y":"{x}"}}"#), Fault::Point { curve: "P-256" }),
            (format!(r#"{{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}"}}"#), Fault::Point { curve: "P-384" }),
            (format!(r#"{{"kty":"EC","crv":"P-256","x":"AA","y":"{y}"}}"#), Fault::Point { curve: "P-256" }),
            (
                format!(r#"{{"kty":"EC","crv":"secp256k1","x":"{x}","y":"{y}"}}"#),
                Fault::Curve("secp256k1".into()),
            ),
            (
                format!(r#"{{"kty":"OKP","crv":"P-256","x":"{x}","y":"{y}"}}"#),
                Fault::Curve("P-256 of type OKP".into()),
            ),
            (format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#), Fault::Curve("Ed25519".into())),
            (r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#.to_owned(), Fault::Point { curve: "X25519" }),
        ] {
            assert_eq!(epk(&jwk), JweError::EphemeralKey(expected), "{jwk}");
        }
        assert_eq!(
            epk("[]"),
            parameter("epk", ParameterFault::Type { expected: "an object", found: "an array" })
        );
    }

    #[test]
    fn takes_a_text_of_the_largest_size() {
        assert!(check_size(b"12345", 5).is_ok());
        assert!(check_size(b"123456", 5).is_err());
        assert!(check_size(b"1234567", 5).is_err());
    }
}
