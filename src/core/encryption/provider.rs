//! The cryptography of encrypted tokens: the only file of this folder that names aws-lc-rs and getrandom. It
//! decides no policy, and reports every fault as `None`.

use super::algorithm::AgreementCurve;
use crate::core::key::secret::Secret;
use aws_lc_rs::aead::{self, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{self, PrivateKey, UnparsedPublicKey};
use aws_lc_rs::cipher::{
    self, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, PaddedBlockDecryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::kdf::{SskdfDigestAlgorithmId, get_sskdf_digest_algorithm, sskdf_digest};
use aws_lc_rs::key_wrap::{self, AesKek, KeyWrap as _};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA384_MGF1SHA384, OAEP_SHA512_MGF1SHA512,
    OaepAlgorithm, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, Pkcs1PrivateDecryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::{constant_time, hkdf, hmac, pbkdf2};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::OnceLock;

/// The block of AES in bytes.
pub(super) const BLOCK: usize = 16;

/// Returns random bytes of the operating system. AWS-LC would first measure the jitter of the processor as a second source
/// of entropy. That takes twenty times as long as the rest of a run.
pub(super) fn random(length: usize) -> Option<Secret> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).ok()?;
    Some(Secret::new(bytes))
}

/// Compares two values in constant time.
pub(super) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

fn gcm_key(key: &[u8]) -> Option<LessSafeKey> {
    let algorithm = match key.len() {
        16 => &aead::AES_128_GCM,
        24 => &aead::AES_192_GCM,
        32 => &aead::AES_256_GCM,
        _ => return None,
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}

/// Decrypts AES GCM. The tag must have its full length.
pub(super) fn gcm_open(key: &[u8], iv: &[u8], aad: &[u8], ciphertext: &[u8], tag: &[u8]) -> Option<Secret> {
    let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
    let mut plaintext = vec![0; ciphertext.len()];
    let opened =
        gcm_key(key)?.open_separate_gather(nonce, Aad::from(aad), ciphertext, tag, &mut plaintext).is_ok();
    let plaintext = Secret::new(plaintext);
    opened.then_some(plaintext)
}

/// Encrypts with AES GCM, and returns the ciphertext and the tag.
pub(super) fn gcm_seal(key: &[u8], iv: &[u8], aad: &[u8], plaintext: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
    let (mut ciphertext, mut tag) = (vec![0; plaintext.len()], vec![0; BLOCK]);
    gcm_key(key)?
        .seal_out_of_place_scatter(nonce, Aad::from(aad), plaintext, &mut ciphertext, &[], &mut tag)
        .ok()?;
    Some((ciphertext, tag))
}

fn aes_key(key: &[u8]) -> Option<UnboundCipherKey> {
    let algorithm = match key.len() {
        16 => &cipher::AES_128,
        24 => &cipher::AES_192,
        32 => &cipher::AES_256,
        _ => return None,
    };
    UnboundCipherKey::new(algorithm, key).ok()
}

/// Decrypts AES CBC with the padding of PKCS #7. The caller has verified the ciphertext.
pub(super) fn cbc_open(key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Secret> {
    let iv = FixedLength::from(<[u8; BLOCK]>::try_from(iv).ok()?);
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(aes_key(key)?).ok()?;
    let mut bytes = ciphertext.to_vec();
    let length = key.decrypt(&mut bytes, DecryptionContext::Iv128(iv)).ok().map(|plaintext| plaintext.len());
    // The buffer keeps its capacity, and all of it is wiped.
    bytes.truncate(length.unwrap_or(0));
    let plaintext = Secret::new(bytes);
    length.map(|_| plaintext)
}

/// Encrypts with AES CBC and the padding of PKCS #7.
pub(super) fn cbc_seal(key: &[u8], iv: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let iv = FixedLength::from(<[u8; BLOCK]>::try_from(iv).ok()?);
    let key = EncryptingKey::cbc(aes_key(key)?).ok()?;
    let padding = BLOCK - plaintext.len() % BLOCK;
    let mut bytes = Vec::with_capacity(plaintext.len() + padding);
    bytes.extend_from_slice(plaintext);
    bytes.resize(plaintext.len() + padding, u8::try_from(padding).ok()?);
    key.less_safe_encrypt(&mut bytes, EncryptionContext::Iv128(iv)).ok()?;
    Some(bytes)
}

/// Computes an HMAC over parts. The size of the key is the size of the hash, so that each size names one hash.
pub(super) fn mac(key: &[u8], parts: [&[u8]; 4], hash: usize) -> Option<Secret> {
    let algorithm = match hash {
        32 => hmac::HMAC_SHA256,
        48 => hmac::HMAC_SHA384,
        64 => hmac::HMAC_SHA512,
        _ => return None,
    };
    let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
    parts.iter().for_each(|part| context.update(part));
    Some(Secret::new(context.sign().as_ref().to_vec()))
}

/// AES on single blocks, with both directions prepared. AES Key Wrap with 192 bits is built from it, because the library
/// has AES Key Wrap for 128 and 256 bits only.
pub(super) struct AesBlock {
    encrypting: EncryptingKey,
    decrypting: DecryptingKey,
}

impl AesBlock {
    /// Prepares a key of 16, 24 or 32 bytes.
    pub(super) fn new(key: &[u8]) -> Option<Self> {
        let encrypting = EncryptingKey::ecb(aes_key(key)?).ok()?;
        Some(Self { encrypting, decrypting: DecryptingKey::ecb(aes_key(key)?).ok()? })
    }

    /// Encrypts one block in place.
    pub(super) fn encrypt(&self, block: &mut [u8; BLOCK]) -> Option<()> {
        self.encrypting.less_safe_encrypt(block, EncryptionContext::None).ok().map(drop)
    }

    /// Decrypts one block in place.
    pub(super) fn decrypt(&self, block: &mut [u8; BLOCK]) -> Option<()> {
        self.decrypting.decrypt(block, DecryptionContext::None).ok().map(drop)
    }
}

fn kek(key: &[u8]) -> Option<AesKek> {
    let algorithm = match key.len() {
        16 => &key_wrap::AES_128,
        32 => &key_wrap::AES_256,
        _ => return None,
    };
    AesKek::new(algorithm, key).ok()
}

/// Wraps a key with a secret of 128 or 256 bits (RFC 3394).
pub(super) fn wrap(secret: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    let mut wrapped = vec![0; key.len() + 8];
    kek(secret)?.wrap(key, &mut wrapped).ok()?;
    Some(wrapped)
}

/// Unwraps a key with a secret of 128 or 256 bits (RFC 3394).
pub(super) fn unwrap(secret: &[u8], wrapped: &[u8]) -> Option<Secret> {
    let mut key = vec![0; wrapped.len().checked_sub(8)?];
    let is_unwrapped = kek(secret)?.unwrap(wrapped, &mut key).is_ok();
    let key = Secret::new(key);
    is_unwrapped.then_some(key)
}

const fn oaep(hash: usize) -> Option<&'static OaepAlgorithm> {
    Some(match hash {
        20 => &OAEP_SHA1_MGF1SHA1,
        32 => &OAEP_SHA256_MGF1SHA256,
        48 => &OAEP_SHA384_MGF1SHA384,
        64 => &OAEP_SHA512_MGF1SHA512,
        _ => return None,
    })
}

/// A private RSA key that is prepared on first use and kept: to prepare one takes longer than to decrypt with it.
#[derive(Default)]
pub(super) struct RsaDecrypter {
    oaep: OnceLock<Option<OaepPrivateDecryptingKey>>,
    pkcs1: OnceLock<Option<Pkcs1PrivateDecryptingKey>>,
}

impl RsaDecrypter {
    /// Prepares a key in PKCS #8 for RSAES-OAEP. Returns `None` if its numbers do not belong together.
    pub(super) fn for_oaep(
        &self,
        pkcs8: impl FnOnce() -> Option<Secret>,
    ) -> Option<&OaepPrivateDecryptingKey> {
        let prepare = || OaepPrivateDecryptingKey::new(private_rsa(pkcs8)?).ok();
        self.oaep.get_or_init(prepare).as_ref()
    }

    /// Prepares a key in PKCS #8 for RSAES-PKCS1-v1_5. Returns `None` if its numbers do not belong together.
    pub(super) fn for_pkcs1(
        &self,
        pkcs8: impl FnOnce() -> Option<Secret>,
    ) -> Option<&Pkcs1PrivateDecryptingKey> {
        let prepare = || Pkcs1PrivateDecryptingKey::new(private_rsa(pkcs8)?).ok();
        self.pkcs1.get_or_init(prepare).as_ref()
    }
}

impl fmt::Debug for RsaDecrypter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaDecrypter(…)")
    }
}

fn private_rsa(pkcs8: impl FnOnce() -> Option<Secret>) -> Option<PrivateDecryptingKey> {
    PrivateDecryptingKey::from_pkcs8(pkcs8()?.expose()).ok()
}

/// Decrypts RSAES-OAEP with a hash of this size.
pub(super) fn oaep_open(key: &OaepPrivateDecryptingKey, hash: usize, ciphertext: &[u8]) -> Option<Secret> {
    let mut buffer = vec![0; key.min_output_size()];
    let length = key.decrypt(oaep(hash)?, ciphertext, &mut buffer, None).ok().map(|plain| plain.len());
    taken(buffer, length)
}

/// Decrypts RSAES-PKCS1-v1_5. The caller must not let the outcome of the padding show (RFC 7516 section 11.5).
pub(super) fn pkcs1_open(key: &Pkcs1PrivateDecryptingKey, ciphertext: &[u8]) -> Option<Secret> {
    let mut buffer = vec![0; key.min_output_size()];
    let length = key.decrypt(ciphertext, &mut buffer).ok().map(|plain| plain.len());
    taken(buffer, length)
}

/// Returns the first bytes of a buffer, which is wiped later in any case.
fn taken(mut buffer: Vec<u8>, length: Option<usize>) -> Option<Secret> {
    buffer.truncate(length.unwrap_or(0));
    let secret = Secret::new(buffer);
    length.map(|_| secret)
}

/// Encrypts with RSAES-OAEP for a public key in SubjectPublicKeyInfo.
pub(super) fn oaep_seal(spki: &[u8], hash: usize, plaintext: &[u8]) -> Option<Vec<u8>> {
    let key = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(spki).ok()?).ok()?;
    let mut ciphertext = vec![0; key.ciphertext_size()];
    key.encrypt(oaep(hash)?, plaintext, &mut ciphertext, None).ok()?;
    Some(ciphertext)
}

const fn ecdh(curve: AgreementCurve) -> &'static agreement::Algorithm {
    match curve {
        AgreementCurve::P256 => &agreement::ECDH_P256,
        AgreementCurve::P384 => &agreement::ECDH_P384,
        AgreementCurve::P521 => &agreement::ECDH_P521,
        AgreementCurve::X25519 => &agreement::X25519,
    }
}

/// A private key for key agreement.
pub(super) struct AgreementKey(PrivateKey);

impl AgreementKey {
    /// Prepares a private number. Returns `None` if it is out of range or has the wrong length.
    pub(super) fn new(curve: AgreementCurve, private: &Secret) -> Option<Self> {
        PrivateKey::from_private_key(ecdh(curve), private.expose()).ok().map(Self)
    }

    /// Generates a key for one use.
    pub(super) fn generate(curve: AgreementCurve) -> Option<Self> {
        PrivateKey::generate(ecdh(curve)).ok().map(Self)
    }

    /// Returns the public half: an uncompressed point, or the bytes of X25519.
    pub(super) fn public(&self) -> Option<Vec<u8>> {
        self.0.compute_public_key().ok().map(|public| public.as_ref().to_vec())
    }

    /// Agrees on a secret with the public half of another key. Points outside the curve and results of zero are refused.
    pub(super) fn agree(&self, public: &[u8]) -> Option<Secret> {
        let public = UnparsedPublicKey::new(self.0.algorithm(), public);
        agreement::agree(&self.0, public, (), |secret| Ok(Secret::new(secret.to_vec()))).ok()
    }
}

/// Derives a key with the Concat KDF and SHA-256 (RFC 7518 section 4.6.2, NIST SP 800-56A).
pub(super) fn concat_kdf(secret: &Secret, info: &[u8], length: usize) -> Option<Secret> {
    let algorithm = get_sskdf_digest_algorithm(SskdfDigestAlgorithmId::Sha256)?;
    let mut key = vec![0; length];
    sskdf_digest(algorithm, secret.expose(), info, &mut key).ok()?;
    Some(Secret::new(key))
}

/// Derives a key from a password (RFC 8018 section 5.2) with an HMAC whose hash has this size.
pub(super) fn pbkdf2(
    hash: usize,
    password: &Secret,
    salt: &[u8],
    count: u32,
    length: usize,
) -> Option<Secret> {
    let algorithm = match hash {
        32 => pbkdf2::PBKDF2_HMAC_SHA256,
        48 => pbkdf2::PBKDF2_HMAC_SHA384,
        64 => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return None,
    };
    let mut key = vec![0; length];
    pbkdf2::derive(algorithm, NonZeroU32::new(count)?, salt, password.expose(), &mut key);
    Some(Secret::new(key))
}

/// The size of a key from HKDF.
struct KeyBytes(usize);

impl hkdf::KeyType for KeyBytes {
    fn len(&self) -> usize {
        self.0
    }
}

/// Derives a key with HKDF and SHA-256 (RFC 5869).
pub(super) fn hkdf(secret: &Secret, salt: &[u8], info: &[u8], length: usize) -> Option<Secret> {
    let extracted = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret.expose());
    let mut key = vec![0; length];
    extracted.expand(&[info], KeyBytes(length)).ok()?.fill(&mut key).ok()?;
    Some(Secret::new(key))
}
