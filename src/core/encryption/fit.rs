//! Decides whether a key may encrypt or decrypt a token, by its type, its size, its curve and the restrictions of its JWK
//! (`use`, `key_ops`, `alg`). Of a secret, only the length is read.

use super::algorithm::{AgreementCurve, ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::error::KeyUnfit;
use crate::core::key::{Key, Material};
use crate::core::reason::{Failure, KeyMismatch, Reason};

/// The operation that a key is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EncryptionUse {
    /// Encryption, which needs the public half only.
    Encrypt,
    /// Decryption, which needs the private half.
    Decrypt,
}

/// Returns why a key does not fit, or `None` if it does. `curve` is that of the ephemeral key in the token.
pub(super) fn unfit(
    key: &Key,
    key_use: EncryptionUse,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    curve: Option<AgreementCurve>,
) -> Option<KeyUnfit> {
    type_unfit(key, algorithm, curve)
        .or_else(|| restriction_unfit(key, key_use, algorithm, content))
        .or_else(|| length_unfit(key, algorithm, content))
        .or_else(|| unusable(key))
        .or_else(|| {
            (key_use == EncryptionUse::Decrypt && !key.is_private()).then_some(KeyUnfit::NoPrivateHalf)
        })
}

/// Returns a description of a key, such as `a shared key`; not yet safe to show.
pub(super) fn kind(key: &Key) -> String {
    match key.material {
        Material::Hmac(_) => "a shared key".to_owned(),
        _ => key.kind(),
    }
}

/// Compares the type and the curve.
fn type_unfit(key: &Key, algorithm: KeyAlgorithm, curve: Option<AgreementCurve>) -> Option<KeyUnfit> {
    let wrong_type = Some(KeyUnfit::Type { found: kind(key), algorithm });
    match (&key.material, algorithm.management()) {
        (Material::Rsa(rsa), KeyManagement::Oaep(_) | KeyManagement::Pkcs1) if rsa.pss.is_none() => None,
        (
            Material::Ec(_) | Material::X25519(_),
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_),
        ) => {
            let Some(own) = AgreementCurve::of(&key.material) else { return wrong_type };
            let other = curve.filter(|curve| *curve != own)?;
            Some(KeyUnfit::Curve { key: own.name(), token: other.name() })
        }
        (
            Material::Hmac(_),
            KeyManagement::Direct
            | KeyManagement::Wrap(_)
            | KeyManagement::GcmWrap(_)
            | KeyManagement::Password(..),
        ) => None,
        _ => wrong_type,
    }
}

/// Compares the restrictions of a JWK (RFC 7517 sections 4.2 to 4.4).
fn restriction_unfit(
    key: &Key,
    key_use: EncryptionUse,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
) -> Option<KeyUnfit> {
    let restrictions = &key.restrictions;
    if let Some(alg) = &restrictions.alg {
        // A secret for direct encryption may be named after the content encryption (RFC 7520 section 5.6).
        let is_content = algorithm == KeyAlgorithm::Dir && alg == content.name();
        if alg != algorithm.name() && !is_content {
            return Some(KeyUnfit::Algorithm { key: alg.clone(), token: algorithm });
        }
    }
    if let Some(usage) = restrictions.usage.as_deref().filter(|usage| *usage != "enc") {
        return Some(KeyUnfit::Use(usage.to_owned()));
    }
    let operations = restrictions.operations.as_deref()?;
    let needed = operations_for(algorithm, key_use);
    // WebCrypto writes an empty list for the public half of a key for agreement.
    let is_agreement = matches!(algorithm.key_types(), [_, _]);
    let is_public_half = key_use == EncryptionUse::Encrypt && is_agreement && operations.is_empty();
    let has_one = operations.iter().any(|operation| needed.contains(&operation.as_str()));
    (!has_one && !is_public_half).then(|| KeyUnfit::Operations { key: operations.to_vec(), needed })
}

/// Returns the operations of which a key needs one. RFC 7517 section 4.3 does not say which operation an algorithm is, and
/// libraries differ.
const fn operations_for(algorithm: KeyAlgorithm, key_use: EncryptionUse) -> &'static [&'static str] {
    match (algorithm.management(), key_use) {
        (KeyManagement::Direct, EncryptionUse::Encrypt) => &["encrypt"],
        (KeyManagement::Direct, EncryptionUse::Decrypt) => &["decrypt"],
        (KeyManagement::Agreement | KeyManagement::AgreementWrap(_), EncryptionUse::Encrypt) => {
            &["deriveKey", "deriveBits", "wrapKey", "encrypt"]
        }
        (
            KeyManagement::Agreement | KeyManagement::AgreementWrap(_) | KeyManagement::Password(..),
            EncryptionUse::Decrypt,
        ) => &["deriveKey", "deriveBits", "unwrapKey"],
        (KeyManagement::Password(..), EncryptionUse::Encrypt) => &["deriveKey", "deriveBits", "wrapKey"],
        (_, EncryptionUse::Encrypt) => &["wrapKey", "encrypt"],
        (_, EncryptionUse::Decrypt) => &["unwrapKey", "decrypt"],
    }
}

/// Compares the length of a secret.
fn length_unfit(key: &Key, algorithm: KeyAlgorithm, content: ContentAlgorithm) -> Option<KeyUnfit> {
    let Material::Hmac(secret) = &key.material else { return None };
    let (length, expected) = (secret.expose().len(), algorithm.secret_bytes(content)?);
    let named = if algorithm == KeyAlgorithm::Dir { content.name() } else { algorithm.name() };
    (length != expected).then_some(KeyUnfit::SecretLength { algorithm: named, length, expected })
}

/// Returns why the key is refused for every use.
fn unusable(key: &Key) -> Option<KeyUnfit> {
    match &key.material {
        // Keys for agreement alone are refused for signatures, so they are judged here.
        Material::X25519(raw) => (raw.public.len() != 32).then(|| {
            let detail = format!("its `x` has {} bytes, but X25519 needs 32", raw.public.len());
            KeyUnfit::Unusable(Failure::new(Reason::KeyMismatch(KeyMismatch::Crv), detail))
        }),
        _ => key.unusable_reason().map(KeyUnfit::Unusable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;
    use crate::core::key::jwk::{self, JwkOrigin};
    use crate::core::token::algorithm::Algorithm;

    const X: &str = r#""x":"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ","y":"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck""#;
    const D: &str = r#""d":"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw""#;

    fn key(jwk: &str) -> Key {
        jwk::read(&parse(jwk.as_bytes()).unwrap(), "a test", JwkOrigin::Alone).unwrap()
    }

    fn fit(jwk: &str, alg: &str, enc: &str) -> Option<KeyUnfit> {
        unfit(&key(jwk), EncryptionUse::Decrypt, alg.parse().unwrap(), enc.parse().unwrap(), None)
    }

    fn secret(bytes: usize, others: &str) -> String {
        let k = crate::core::token::base64url::encode(&vec![1; bytes]);
        format!(r#"{{"kty":"oct","k":"{k}"{others}}}"#)
    }

    #[test]
    fn compares_the_type_and_the_length() {
        assert_eq!(fit(&secret(16, ""), "A128KW", "A256GCM"), None);
        assert_eq!(fit(&secret(64, ""), "dir", "A256CBC-HS512"), None);
        assert_eq!(fit(&secret(3, ""), "PBES2-HS256+A128KW", "A256GCM"), None);
        assert_eq!(
            fit(&secret(32, ""), "dir", "A256CBC-HS512"),
            Some(KeyUnfit::SecretLength { algorithm: "A256CBC-HS512", length: 32, expected: 64 })
        );
        assert_eq!(
            fit(&secret(32, ""), "A128GCMKW", "A256CBC-HS512"),
            Some(KeyUnfit::SecretLength { algorithm: "A128GCMKW", length: 32, expected: 16 })
        );
        for alg in ["RSA-OAEP", "RSA1_5", "ECDH-ES", "ECDH-ES+A128KW"] {
            let expected = KeyUnfit::Type { found: "a shared key".into(), algorithm: alg.parse().unwrap() };
            assert_eq!(fit(&secret(32, ""), alg, "A256GCM"), Some(expected));
        }
        let ec = format!(r#"{{"kty":"EC","crv":"P-256",{X},{D}}}"#);
        assert_eq!(fit(&ec, "ECDH-ES", "A256GCM"), None);
        let expected = KeyUnfit::Type { found: "an EC key on P-256".into(), algorithm: KeyAlgorithm::Dir };
        assert_eq!(fit(&ec, "dir", "A256GCM"), Some(expected));
        let public = format!(r#"{{"kty":"EC","crv":"P-256",{X}}}"#);
        assert_eq!(fit(&public, "ECDH-ES", "A256GCM"), Some(KeyUnfit::NoPrivateHalf));
    }

    #[test]
    fn compares_the_curve() {
        let ec = key(&format!(r#"{{"kty":"EC","crv":"P-256",{X},{D}}}"#));
        let unfit = |curve| {
            let algorithm = KeyAlgorithm::EcdhEs;
            unfit(&ec, EncryptionUse::Decrypt, algorithm, ContentAlgorithm::A128Gcm, Some(curve))
        };
        assert_eq!(unfit(AgreementCurve::P256), None);
        assert_eq!(unfit(AgreementCurve::X25519), Some(KeyUnfit::Curve { key: "P-256", token: "X25519" }));
        assert_eq!(unfit(AgreementCurve::P384), Some(KeyUnfit::Curve { key: "P-256", token: "P-384" }));
    }

    #[test]
    fn enforces_alg_use_and_key_ops() {
        let named =
            |alg: &str, token: &str, enc: &str| fit(&secret(16, &format!(r#","alg":"{alg}""#)), token, enc);
        assert_eq!(named("A128KW", "A128KW", "A128GCM"), None);
        assert_eq!(named("dir", "dir", "A128GCM"), None);
        assert_eq!(named("A128GCM", "dir", "A128GCM"), None);
        let other = |key: &str, token| Some(KeyUnfit::Algorithm { key: key.into(), token });
        assert_eq!(named("A128GCMKW", "A128KW", "A128GCM"), other("A128GCMKW", KeyAlgorithm::A128Kw));
        assert_eq!(named("HS256", "dir", "A128GCM"), other("HS256", KeyAlgorithm::Dir));
        assert_eq!(named("A128GCM", "A128KW", "A128GCM"), other("A128GCM", KeyAlgorithm::A128Kw));
        assert_eq!(fit(&secret(16, r#","use":"sig""#), "dir", "A128GCM"), Some(KeyUnfit::Use("sig".into())));
        assert_eq!(fit(&secret(16, r#","use":"enc","key_ops":["decrypt"]"#), "dir", "A128GCM"), None);
        assert_eq!(fit(&secret(16, r#","key_ops":["wrapKey","unwrapKey"]"#), "A128KW", "A128GCM"), None);
        for (operations, alg, needed) in [
            (r#"["encrypt"]"#, "dir", &["decrypt"][..]),
            (r#"["unwrapKey"]"#, "dir", &["decrypt"]),
            ("[]", "A128KW", &["unwrapKey", "decrypt"]),
            (r#"["wrapKey","encrypt"]"#, "A128GCMKW", &["unwrapKey", "decrypt"]),
        ] {
            match fit(&secret(16, &format!(r#","key_ops":{operations}"#)), alg, "A128GCM") {
                Some(KeyUnfit::Operations { needed: named, .. }) => assert_eq!(named, needed),
                other => panic!("{operations} {alg}: {other:?}"),
            }
        }
    }

    #[test]
    fn refuses_keys_that_are_unsound() {
        let off = format!(r#"{{"kty":"EC","crv":"P-256","x":"AA","y":"AA",{D}}}"#);
        assert!(matches!(fit(&off, "ECDH-ES", "A256GCM"), Some(KeyUnfit::Unusable(_))));
        let cut =
            r#"{"kty":"OKP","crv":"X25519","x":"AA","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo"}"#;
        assert!(matches!(fit(cut, "ECDH-ES", "A256GCM"), Some(KeyUnfit::Unusable(_))));
        assert!(matches!(fit(&secret(0, ""), "PBES2-HS256+A128KW", "A256GCM"), Some(KeyUnfit::Unusable(_))));
    }

    #[test]
    fn an_empty_list_of_operations_fits_only_the_public_half_of_an_agreement() {
        use EncryptionUse::{Decrypt, Encrypt};
        let ec = |operations: &str| format!(r#"{{"kty":"EC","crv":"P-256",{X},{D},"key_ops":{operations}}}"#);
        let shared = secret(16, r#","key_ops":[]"#);
        for (jwk, key_use, algorithm, fits) in [
            (ec("[]"), Encrypt, KeyAlgorithm::EcdhEs, true),
            (ec("[]"), Decrypt, KeyAlgorithm::EcdhEs, false),
            (ec(r#"["sign"]"#), Encrypt, KeyAlgorithm::EcdhEs, false),
            (ec(r#"["deriveBits"]"#), Decrypt, KeyAlgorithm::EcdhEs, true),
            (shared.clone(), Encrypt, KeyAlgorithm::A128Kw, false),
            (shared, Decrypt, KeyAlgorithm::A128Kw, false),
        ] {
            let unfit = unfit(&key(&jwk), key_use, algorithm, ContentAlgorithm::A128Gcm, None);
            assert_eq!(unfit.is_none(), fits, "{jwk} {key_use:?}: {unfit:?}");
        }
    }

    #[test]
    fn a_key_restricted_to_signatures_with_pss_encrypts_nothing() {
        let mut rsa = key(include_str!("../../../tests/vectors/keys/rsa2048.pub.jwk.json"));
        assert_eq!(type_unfit(&rsa, KeyAlgorithm::RsaOaep256, None), None);
        if let Material::Rsa(rsa) = &mut rsa.material {
            rsa.pss = Some(&[Algorithm::Ps256]);
        }
        for algorithm in [KeyAlgorithm::RsaOaep256, KeyAlgorithm::Rsa1_5] {
            let expected = Some(KeyUnfit::Type { found: "an RSA-PSS key".into(), algorithm });
            assert_eq!(type_unfit(&rsa, algorithm, None), expected);
        }
    }
}
