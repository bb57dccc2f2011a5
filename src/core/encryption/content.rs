//! Content encryption: AES GCM, and AES CBC with HMAC (RFC 7518 sections 5.2 and 5.3). Sizes are checked by the caller.

use super::algorithm::{ContentAlgorithm, ContentCipher};
use super::provider;
use crate::core::key::secret::Secret;

/// The encrypted content of a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sealed<'s> {
    /// The initialization vector.
    pub(super) iv: &'s [u8],
    /// The additional authenticated data.
    pub(super) aad: &'s [u8],
    /// The ciphertext.
    pub(super) ciphertext: &'s [u8],
    /// The authentication tag.
    pub(super) tag: &'s [u8],
}

/// Decrypts content. Returns `None` for a wrong key, a wrong tag or a wrong padding, without a difference.
pub(super) fn open(content: ContentAlgorithm, key: &Secret, sealed: &Sealed<'_>) -> Option<Secret> {
    let Sealed { iv, aad, ciphertext, tag } = *sealed;
    if key.expose().len() != content.key_bytes() || tag.len() != content.tag_bytes() {
        return None;
    }
    match content.cipher() {
        ContentCipher::Gcm => provider::gcm_open(key.expose(), iv, aad, ciphertext, tag),
        ContentCipher::CbcHmac => {
            // The tag is verified before anything is decrypted, so that the padding is no oracle.
            let (mac_key, aes_key) = key.expose().split_at(content.key_bytes() / 2);
            let expected = cbc_tag(content, mac_key, iv, aad, ciphertext)?;
            if !provider::is_equal(expected.expose(), tag) {
                return None;
            }
            provider::cbc_open(aes_key, iv, ciphertext)
        }
    }
}

/// Encrypts content, and returns the ciphertext and the tag. An initialization vector must be used only once per key.
pub(super) fn seal(
    content: ContentAlgorithm,
    key: &Secret,
    iv: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Option<(Vec<u8>, Vec<u8>)> {
    if key.expose().len() != content.key_bytes() {
        return None;
    }
    match content.cipher() {
        ContentCipher::Gcm => provider::gcm_seal(key.expose(), iv, aad, plaintext),
        ContentCipher::CbcHmac => {
            let (mac_key, aes_key) = key.expose().split_at(content.key_bytes() / 2);
            let ciphertext = provider::cbc_seal(aes_key, iv, plaintext)?;
            let tag = cbc_tag(content, mac_key, iv, aad, &ciphertext)?;
            Some((ciphertext, tag.expose().to_vec()))
        }
    }
}

/// Computes the tag of AES CBC: the first half of the HMAC (RFC 7518 section 5.2.2.1).
fn cbc_tag(
    content: ContentAlgorithm,
    mac_key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
) -> Option<Secret> {
    let bits = (aad.len() as u64).checked_mul(8)?.to_be_bytes();
    let mac = provider::mac(mac_key, [aad, iv, ciphertext, &bits], content.key_bytes())?;
    mac.expose().get(..content.tag_bytes()).map(|tag| Secret::new(tag.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::SecretFormat;

    fn hex(text: &str) -> Vec<u8> {
        SecretFormat::Hex.read(text.as_bytes()).unwrap().expose().to_vec()
    }

    /// The test cases of RFC 7518 appendix B, which share everything but the key.
    #[test]
    fn seals_and_opens_the_vectors_of_rfc_7518() {
        let text = b"A cipher system must not be required to be secret, and it must be able to fall into the hands of the enemy without inconvenience";
        let iv = hex("1af38c2dc2b96ffdd86694092341bc04");
        let aad = b"The second principle of Auguste Kerckhoffs";
        for (content, tag) in [
            (ContentAlgorithm::A128CbcHs256, "652c3fa36b0a7c5b3219fab3a30bc1c4"),
            (ContentAlgorithm::A192CbcHs384, "8490ac0e58949bfe51875d733f93ac2075168039ccc733d7"),
            (
                ContentAlgorithm::A256CbcHs512,
                "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5",
            ),
        ] {
            let key = Secret::new((0..).take(content.key_bytes()).collect());
            let (ciphertext, computed) = seal(content, &key, &iv, aad, text).unwrap();
            assert_eq!(computed, hex(tag), "{content}");
            let sealed = Sealed { iv: &iv, aad, ciphertext: &ciphertext, tag: &computed };
            assert_eq!(open(content, &key, &sealed).unwrap().expose(), text);
        }
    }

    #[test]
    fn rejects_every_change_of_key_tag_data_and_ciphertext() {
        for content in ContentAlgorithm::ALL.iter().copied() {
            let key = Secret::new(vec![7; content.key_bytes()]);
            let iv = vec![1; content.iv_bytes()];
            let (ciphertext, tag) = seal(content, &key, &iv, b"header", b"seventeen bytes..").unwrap();
            let parts = [iv.clone(), b"header".to_vec(), ciphertext, tag, key.expose().to_vec()];
            let attempt = |parts: &[Vec<u8>; 5]| {
                let [iv, aad, ciphertext, tag, key] = parts;
                open(content, &Secret::new(key.clone()), &Sealed { iv, aad, ciphertext, tag })
            };
            assert_eq!(attempt(&parts).unwrap().expose(), b"seventeen bytes..", "{content}");
            for part in 0..parts.len() {
                // The tag of CBC does not depend on the key of AES: the second half of the key.
                let is_cbc_key = part == 4 && content.cipher() == ContentCipher::CbcHmac;
                let bits = if is_cbc_key { parts[part].len() * 4 } else { parts[part].len() * 8 };
                for bit in 0..bits {
                    let mut changed = parts.clone();
                    changed[part][bit / 8] ^= 1 << (bit % 8);
                    assert!(attempt(&changed).is_none(), "{content} {part} {bit}");
                }
                let mut shorter = parts.clone();
                shorter[part].pop();
                assert!(attempt(&shorter).is_none(), "{content} {part}");
            }
        }
    }

    #[test]
    fn opens_empty_content() {
        for content in ContentAlgorithm::ALL.iter().copied() {
            let key = Secret::new(vec![7; content.key_bytes()]);
            let iv = vec![1; content.iv_bytes()];
            let (ciphertext, tag) = seal(content, &key, &iv, b"", b"").unwrap();
            let sealed = Sealed { iv: &iv, aad: b"", ciphertext: &ciphertext, tag: &tag };
            assert_eq!(open(content, &key, &sealed).unwrap().expose(), b"");
        }
    }

    #[test]
    fn rejects_a_key_of_another_algorithm() {
        for content in ContentAlgorithm::ALL.iter().copied() {
            let key = Secret::new(vec![7; content.key_bytes()]);
            let iv = vec![1; content.iv_bytes()];
            let (ciphertext, tag) = seal(content, &key, &iv, b"header", b"text").unwrap();
            let sealed = Sealed { iv: &iv, aad: b"header", ciphertext: &ciphertext, tag: &tag };
            for other in ContentAlgorithm::ALL.iter().copied() {
                let opens = open(other, &key, &sealed).is_some();
                assert_eq!(opens, other == content, "{content} as {other}");
            }
        }
    }
}
