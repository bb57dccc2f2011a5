//! Key agreement with an ephemeral key (RFC 7518 section 4.6, RFC 8037 section 3.2): ECDH-ES, and the Concat KDF.

use super::algorithm::{AgreementCurve, ContentAlgorithm, KeyAlgorithm, KeyManagement};
use super::error::KeyUnfit;
use super::parameters::EphemeralKey;
use super::provider::{self, AgreementKey};
use crate::core::key::secret::Secret;
use crate::core::key::{Key, Material};

/// The names of the two sides, which the derived key depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parties<'p> {
    /// Information on the producer (`apu`).
    pub(super) producer: &'p [u8],
    /// Information on the recipient (`apv`).
    pub(super) recipient: &'p [u8],
}

/// Derives the key of a token from its ephemeral key and the private key of the recipient. Returns `None` if the agreement
/// fails.
///
/// # Errors
/// [`KeyUnfit`] if the private key cannot be used.
pub(super) fn receive(
    key: &Key,
    ephemeral: &EphemeralKey,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    parties: Parties<'_>,
) -> Result<Option<Secret>, KeyUnfit> {
    let (private, public) = match &key.material {
        Material::Ec(ec) => (ec.private.as_ref(), ec.point()),
        Material::X25519(raw) => (raw.seed.as_ref(), raw.public.clone()),
        _ => return Err(KeyUnfit::Type { found: key.kind(), algorithm }),
    };
    let private = private.ok_or(KeyUnfit::NoPrivateHalf)?;
    let private = AgreementKey::new(ephemeral.curve, private).ok_or(KeyUnfit::HalvesDiffer)?;
    if private.public().as_ref() != Some(&public) {
        return Err(KeyUnfit::HalvesDiffer);
    }
    let shared = private.agree(&ephemeral.public);
    Ok(shared.and_then(|shared| derive(&shared, algorithm, content, parties)))
}

/// Generates an ephemeral key, and derives the key of a new token for the public key of the recipient.
pub(super) fn send(
    key: &Key,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    parties: Parties<'_>,
) -> Option<(EphemeralKey, Secret)> {
    let curve = AgreementCurve::of(&key.material)?;
    let recipient = match &key.material {
        Material::Ec(ec) => ec.point(),
        Material::X25519(raw) => raw.public.clone(),
        _ => return None,
    };
    let private = AgreementKey::generate(curve)?;
    let derived = derive(&private.agree(&recipient)?, algorithm, content, parties)?;
    Some((EphemeralKey { curve, public: private.public()? }, derived))
}

/// Derives a key from an agreed secret (RFC 7518 section 4.6.2): for the content, or for AES Key Wrap.
fn derive(
    shared: &Secret,
    algorithm: KeyAlgorithm,
    content: ContentAlgorithm,
    parties: Parties<'_>,
) -> Option<Secret> {
    let (name, length) = match algorithm.management() {
        KeyManagement::AgreementWrap(bytes) => (algorithm.name(), bytes),
        _ => (content.name(), content.key_bytes()),
    };
    let mut info = Vec::new();
    for part in [name.as_bytes(), parties.producer, parties.recipient] {
        info.extend_from_slice(&u32::try_from(part.len()).ok()?.to_be_bytes());
        info.extend_from_slice(part);
    }
    info.extend_from_slice(&u32::try_from(length * 8).ok()?.to_be_bytes());
    provider::concat_kdf(shared, &info, length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::EcKey;
    use crate::core::token::algorithm::Curve;
    use crate::core::token::base64url::{decode, encode};

    fn ec(x: &str, y: &str, d: &str) -> Key {
        let [x, y, d] = [x, y, d].map(|text| decode(text).unwrap());
        let key = EcKey { curve: Curve::P256, x, y, private: Some(Secret::new(d)) };
        Key::new(Material::Ec(key), String::new(), "JWK")
    }

    #[test]
    fn agrees_on_the_key_of_rfc_7518_appendix_c() {
        let alice = ec(
            "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
            "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
        );
        let bob = ec(
            "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
            "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
            "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
        );
        let parties = Parties { producer: b"Alice", recipient: b"Bob" };
        for (private, public) in [(&bob, &alice), (&alice, &bob)] {
            let Material::Ec(other) = &public.material else { panic!("an EC key") };
            let ephemeral = EphemeralKey { curve: AgreementCurve::P256, public: other.point() };
            let (alg, enc) = (KeyAlgorithm::EcdhEs, ContentAlgorithm::A128Gcm);
            let key = receive(private, &ephemeral, alg, enc, parties).unwrap().unwrap();
            assert_eq!(encode(key.expose()), "VqqN6vgjbSBcIijNcacQGg");
        }
    }

    #[test]
    fn refuses_a_private_half_of_another_key() {
        let mixed = ec(
            "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
            "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
            "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
        );
        let Material::Ec(own) = &mixed.material else { panic!("an EC key") };
        let ephemeral = EphemeralKey { curve: AgreementCurve::P256, public: own.point() };
        let parties = Parties { producer: b"", recipient: b"" };
        let result = receive(&mixed, &ephemeral, KeyAlgorithm::EcdhEs, ContentAlgorithm::A128Gcm, parties);
        assert_eq!(result.unwrap_err(), KeyUnfit::HalvesDiffer);
    }

    #[test]
    fn refuses_points_of_small_order_on_x25519() {
        let private = AgreementKey::generate(AgreementCurve::X25519).unwrap();
        let mut one = [0; 32];
        one[0] = 1;
        for point in [[0; 32], one] {
            assert!(private.agree(&point).is_none());
        }
    }
}
