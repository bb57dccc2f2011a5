//! RSA keys in DER: PKCS #1 (RFC 8017 appendix A.1), and the RSASSA-PSS parameters around it (RFC 4055 section 3.1).

use super::error::{DerError, DerStructure};
use super::oid;
use crate::core::key::material::{Material, RsaKey, RsaPrivate};
use crate::core::key::secret::Secret;
use crate::core::token::algorithm::Algorithm;
use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Any, Encode as _, Tag, Tagged as _};
use pkcs1::{RsaPrivateKeyRef, RsaPssParams, RsaPublicKeyRef, TrailerField};
use pkcs8::PrivateKeyInfoRef;
use pkcs8::spki::{AlgorithmIdentifier, AlgorithmIdentifierRef};

/// Parses an RSAPrivateKey.
pub(super) fn private(bytes: &[u8], pss: Option<&'static [Algorithm]>) -> Result<Material, DerError> {
    let key = RsaPrivateKeyRef::try_from(bytes).map_err(|_| DerError::Malformed(DerStructure::Pkcs1))?;
    if key.other_prime_infos.is_some() {
        return Err(DerError::TooManyPrimes);
    }
    let secret = |number: UintRef<'_>| Secret::new(number.as_bytes().to_vec());
    Ok(Material::Rsa(RsaKey {
        n: key.modulus.as_bytes().to_vec(),
        e: key.public_exponent.as_bytes().to_vec(),
        private: Some(RsaPrivate {
            d: secret(key.private_exponent),
            p: secret(key.prime1),
            q: secret(key.prime2),
            dp: secret(key.exponent1),
            dq: secret(key.exponent2),
            qi: secret(key.coefficient),
        }),
        pss,
    }))
}

/// Parses an RSAPublicKey.
pub(super) fn public(bytes: &[u8], pss: Option<&'static [Algorithm]>) -> Result<Material, DerError> {
    let key = RsaPublicKeyRef::try_from(bytes).map_err(|_| DerError::Malformed(DerStructure::Pkcs1))?;
    let [n, e] = [key.modulus, key.public_exponent].map(|number| number.as_bytes().to_vec());
    Ok(Material::Rsa(RsaKey { n, e, private: None, pss }))
}

/// Parses the PKCS #8 form of a new RSA key, as the crypto library returns it.
pub(in crate::core::key) fn from_new_pkcs8(bytes: &[u8]) -> Result<Material, DerError> {
    let info = PrivateKeyInfoRef::try_from(bytes).map_err(|_| DerError::Malformed(DerStructure::Pkcs8))?;
    private(info.private_key.as_bytes(), None)
}

/// Encodes an RSAPrivateKey.
pub(in crate::core::key) fn encode_private(key: &RsaKey, private: &RsaPrivate) -> Option<Secret> {
    let number = |bytes| UintRef::new(bytes).ok();
    let structure = RsaPrivateKeyRef {
        modulus: number(&key.n)?,
        public_exponent: number(&key.e)?,
        private_exponent: number(private.d.expose())?,
        prime1: number(private.p.expose())?,
        prime2: number(private.q.expose())?,
        exponent1: number(private.dp.expose())?,
        exponent2: number(private.dq.expose())?,
        coefficient: number(private.qi.expose())?,
        other_prime_infos: None,
    };
    structure.to_der().ok().map(Secret::new)
}

/// Encodes an RSAPublicKey.
pub(super) fn encode_public(key: &RsaKey) -> Option<Vec<u8>> {
    let number = |bytes| UintRef::new(bytes).ok();
    RsaPublicKeyRef { modulus: number(&key.n)?, public_exponent: number(&key.e)? }.to_der().ok()
}

/// The hash of each RSASSA-PSS algorithm, and its length in bytes.
const PSS_HASHES: [(ObjectIdentifier, u8, &[Algorithm]); 3] = [
    (oid::SHA256, 32, &[Algorithm::Ps256]),
    (oid::SHA384, 48, &[Algorithm::Ps384]),
    (oid::SHA512, 64, &[Algorithm::Ps512]),
];

/// Returns the algorithms of a key restricted to RSASSA-PSS: all three, or the one whose hash the parameters name.
/// Returns no algorithm if no `alg` fits the parameters (RFC 7518 section 3.5), and `None` for an ordinary RSA key.
pub(super) fn pss_algorithms(
    key: ObjectIdentifier,
    parameters: Option<AnyRef<'_>>,
) -> Option<&'static [Algorithm]> {
    if key != oid::RSA_PSS {
        return None;
    }
    let Some(parameters) = parameters.filter(|parameters| parameters.tag() == Tag::Sequence) else {
        return Some(&[Algorithm::Ps256, Algorithm::Ps384, Algorithm::Ps512]);
    };
    Some(one_pss_algorithm(parameters).unwrap_or_default())
}

fn one_pss_algorithm(parameters: AnyRef<'_>) -> Option<&'static [Algorithm]> {
    let parameters = parameters.decode_as::<RsaPssParams<Any>>().ok()?;
    let (hash, longest, algorithms) = PSS_HASHES.iter().find(|(hash, ..)| parameters.hash.oid == *hash)?;
    let mask_hash = parameters.mask_gen.parameters?.oid;
    let fits = parameters.mask_gen.oid == oid::MGF1
        && mask_hash == *hash
        // The salt length must be stated: its default is that of SHA-1.
        && parameters.salt_len != RsaPssParams::<Any>::SALT_LEN_DEFAULT
        && parameters.salt_len <= *longest;
    fits.then_some(algorithms)
}

/// Encodes RSASSA-PSS-params with one hash for signature and mask, and a salt as long as the hash.
pub(super) fn encode_pss_parameters(algorithm: Algorithm) -> Option<Vec<u8>> {
    let (hash, length, _) = PSS_HASHES.iter().find(|(.., algorithms)| algorithms.contains(&algorithm))?;
    let hash = AlgorithmIdentifierRef { oid: *hash, parameters: Some(AnyRef::NULL) };
    let parameters = RsaPssParams {
        hash,
        mask_gen: AlgorithmIdentifier { oid: oid::MGF1, parameters: Some(hash) },
        salt_len: *length,
        trailer_field: TrailerField::BC,
    };
    parameters.to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use der::Decode as _;

    #[test]
    fn finds_the_algorithm_that_the_parameters_of_a_pss_key_allow() {
        let algorithms = |hash, mask, mask_hash, salt_len| {
            let [hash, mask_hash] =
                [hash, mask_hash].map(|oid| AlgorithmIdentifierRef { oid, parameters: Some(AnyRef::NULL) });
            let mask_gen = AlgorithmIdentifier { oid: mask, parameters: Some(mask_hash) };
            let parameters = RsaPssParams { hash, mask_gen, salt_len, trailer_field: TrailerField::BC };
            let der = parameters.to_der().unwrap();
            pss_algorithms(oid::RSA_PSS, Some(AnyRef::from_der(&der).unwrap())).unwrap()
        };
        let none: &[Algorithm] = &[];
        for (hash, mask, mask_hash, salt, expected) in [
            (oid::SHA256, oid::MGF1, oid::SHA256, 32, &[Algorithm::Ps256][..]),
            (oid::SHA384, oid::MGF1, oid::SHA384, 48, &[Algorithm::Ps384]),
            (oid::SHA512, oid::MGF1, oid::SHA512, 64, &[Algorithm::Ps512]),
            // The parameters state the shortest salt. A signer may take a longer one.
            (oid::SHA256, oid::MGF1, oid::SHA256, 0, &[Algorithm::Ps256]),
            (oid::SHA256, oid::MGF1, oid::SHA256, 33, none),
            (oid::SHA256, oid::MGF1, oid::SHA256, 20, none),
            (oid::SHA256, oid::MGF1, oid::SHA512, 32, none),
            (oid::SHA256, oid::SHA256, oid::SHA256, 32, none),
            (oid::MGF1, oid::MGF1, oid::MGF1, 32, none),
        ] {
            assert_eq!(algorithms(hash, mask, mask_hash, salt), expected, "{hash} {mask} {mask_hash} {salt}");
        }
    }
}
