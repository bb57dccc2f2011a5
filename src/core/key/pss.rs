//! The salt of an RSASSA-PSS signature (RFC 8017 section 9.1.2), for hints on signatures whose salt has another length than
//! RFC 7518 section 3.5 demands. It accepts no signature: the crypto library verifies.

use super::arithmetic::rsa_public;
use super::digest::sha2;
use super::integer::bits;
use super::material::RsaKey;

/// Returns the length of the salt in bytes, if the signature is RSASSA-PSS of the message with a hash of `hash` bytes.
pub(super) fn salt_length(key: &RsaKey, hash: usize, message: &[u8], signature: &[u8]) -> Option<usize> {
    let encoded = rsa_public(&key.n, &key.e, signature)?;
    let free = bits(&key.n).checked_sub(1)?;
    let encoded = encoded.get(encoded.len().checked_sub(free.div_ceil(8))?..)?;
    let (rest, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    let (masked, digest) = rest.split_at_checked(rest.len().checked_sub(hash)?)?;
    if trailer != [0xBC] {
        return None;
    }
    let mut block: Vec<u8> =
        masked.iter().zip(mask(hash, digest, masked.len())?).map(|(a, b)| a ^ b).collect();
    let unused = u32::try_from(encoded.len() * 8 - free).ok()?;
    let first = block.first_mut()?;
    *first &= 0xFF_u8.checked_shr(unused)?;
    let start = block.iter().position(|byte| *byte != 0).filter(|at| block.get(*at) == Some(&1))?;
    let salt = block.get(start + 1..)?;
    let expected = sha2(hash, &[&[0; 8], sha2(hash, message)?.as_slice(), salt].concat())?;
    (expected == digest).then_some(salt.len())
}

/// Computes MGF1 (RFC 8017 appendix B.2.1).
fn mask(hash: usize, seed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut mask = Vec::new();
    for counter in 0_u32.. {
        if mask.len() >= length {
            break;
        }
        mask.extend(sha2(hash, &[seed, &counter.to_be_bytes()].concat())?);
    }
    mask.truncate(length);
    Some(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url::decode;

    /// Returns the length of the salt in a signature of `message` with SHA-256.
    fn salt(n: &str, signature: &str) -> Option<usize> {
        let key = RsaKey { n: decode(n).unwrap(), e: vec![1, 0, 1], private: None, pss: None };
        salt_length(&key, 32, b"message", &decode(signature).unwrap())
    }

    const N1024: &str = "gn0LIHgCZvSbqEQw3DLzIDPARRZw8iufUXnJLOiB94tuf6dVd3haJx9pQ4_MflZwvSFcOCvNz7iSVrBPzBFOXLsN7KtAHJrQ8Ovw\
        Qr0VYUli2kt5rs0nti3CVW14hkayvuNFUzqxvTMMNwHSgKQJY95Iezrc7XaG71Un5gBQrM8";
    const N512: &str =
        "kkv4gRiLoX7ASsSBh-tYYQneUP6VGTKmTi913xJ3hHAADV3u3kpBazV5BKrjncX5eCeoioT_BLmBOe7djAQLLw";
    const N513: &str =
        "AVIdqvWz9G95FN2vdOkuqE3PL_AEglWgud-1EAjRUNlij6IT08uZlaXkDrOQ-3QX01EjQoIYhRz9DqoRa3B7QDc";
    const N509: &str =
        "FjhoD_6nj337wKDC32ciamU3pjn0RgNzdS-3--1E8Nol27YSIU9X9ybdgzFufK-JiQWZCnWIDPHAvEUXWGYOow";

    /// Moduli whose bits fill a whole number of bytes, one more, or some fewer.
    #[test]
    fn reads_salts_of_any_length() {
        for (n, signature, length) in [
            (
                N1024,
                "CtKdcWArxDnRsfxl1DuBu8z84ktjoEcUlha2TrW0NVUqZ0kHBRkeb25KvN5P4wC-GwLL1A2QFRyY0Ll8836w-w6GvfC1vxlMR7qn\
                GGyunkjKXke7a-M_0WJulcqDKquIF9VT9_Cqf4yMbVh1kLRIsHCOLncnbqdpiqFw1MEp58g",
                0,
            ),
            (
                N1024,
                "N5q4auxBQBPmLiMugRmVxn-Z-OSUXxtKtPy26MWai646jPi9L3evHk_wbEVdyNAt9-Of8okERYbiu5L6uKttTt3LBEKp-08tizID\
                MirifgTV6bd7yp6lrr3XK47lGKwEA394QUBy74DVr5LPEp5ZkXwFMeseb2tAGkpukRtpXaQ",
                20,
            ),
            (
                N1024,
                "GGgnmgcHnMDNjO9P47O0Iz9i7jwlgJzPknQiEOjQTdagRoXgo3sdXMpqLmvCA6PhcvtHyVe6FiCp6P_cRs003_9SyMbEIyzxZOJX\
                Ua9RhQjmxHPtcheJlxYK8IofksuP7tS8P4mbL2TTFQDo_w55e14kJ_5HZXKt4f8xQLff1FM",
                30,
            ),
            (
                N512,
                "jIK9n5zqzAwzAgwpos5Pj9qgbXvQ4l_5_6jA46IAQxdlIdcH3mAmD66u3Liw17NfKMi96AJrDcLNB-V-jgzP2Q",
                0,
            ),
            (
                N512,
                "ePajfU9jyDehXpHykEN83V7Y04AnPfUK7N_cC1NguLXK9jZdjwlkKQB1zSpcISVzTRBj96WUQ-PlU3-NuU6HYw",
                20,
            ),
            (
                N512,
                "dzPVAWKP2TzI5YNbOegF0xkkiWiQYWmmQtGEBSfwZ2RHp_ww-Mq6RF-41AlQpvl-Dj13wUgEJhjRTXtcncjK_g",
                30,
            ),
            (
                N513,
                "ASS3O2CQSkmsYf3HLBGmCsgVJ4lICnMwvi3IOa1hr8tuijRC7T_wT3W0Gfa-9rrixEPZXg7FCn-LSEMLbO3XZ5U",
                0,
            ),
            (
                N513,
                "APYUuJy-ocOdxprHOxitkYxTaYSEE5o77egBAGpJL8LqB7S4bG7g4XDLPRP3oESGzL4wC00DDJRcef6Fd8vPrKc",
                20,
            ),
            (
                N513,
                "ASGoYprvYpIQ5tYyhqG8rKg2noAHhiSaX_dTovm66EerpZY4J1GvKOveBcp29a4q7wdtn619m_45iRJc830GvME",
                30,
            ),
            (
                N509,
                "ED8vkUWvIVLF3WVIXOOkmwZgvZkvu2tp_vOAr5EONWpy1cEPNPxOWDnwptPeEEWXqZbn-OFhqGB3Ghxhs0gDMg",
                0,
            ),
            (
                N509,
                "E9XB6Q8Ng4DO9FTx5tEwdVBY3450a6itm1Ee0lSJR5OYovuIx-j83SfD5QQFtgbaE7IFxZClN_2MRX0ckVd4Dw",
                20,
            ),
            (
                N509,
                "EPYSxd_5owe05MclWryWmgRs3AhXU178RDW-rPZ0rXEfAgACzxMqRRzVBnaBsveYF52mUbS5WHFBblBzWwFbaw",
                30,
            ),
        ] {
            assert_eq!(salt(n, signature), Some(length), "{signature}");
        }
    }

    #[test]
    fn reads_no_salt_from_an_encoding_with_a_fault() {
        for (fault, signature) in [
            (
                "another trailer",
                "T2x14tcci5TeQyHUJ_S98NuWzqAQYhSkFiC4wBUljc1vHhvAySlSQuTKW8CCFpsz40b-N4OS2D417d4ICvZWBA",
            ),
            (
                "another separator before the salt",
                "LZ_y6dMOBswmhG-HI56-wh5uwN0HxNUA-egP8v8JHIpQu0f0ZYfbHQbFGz9CT6B1uz5OjCn5VM5I4h3cBkpUyA",
            ),
            (
                "padding that is not zero",
                "Kax97fOPjPIhXUPxb2thL8qByHviGZcuXnPyBD5_pOKSkTbZmL5NNLycoOkvOcS1hbGJtQgTa1kZFjee5poTug",
            ),
            (
                "padding of nines",
                "Ek3spSLyBOgsZPvWMObCJQRNsws9RECGyqvzmPehWonNX2Gs5s6DTCPoH1Ky5G5F-j9e1RK1x6cANUoYtPKjhQ",
            ),
        ] {
            assert_eq!(salt(N512, signature), None, "{fault}");
        }
    }

    #[test]
    fn reads_no_salt_of_another_message_hash_or_key() {
        let signature =
            "ePajfU9jyDehXpHykEN83V7Y04AnPfUK7N_cC1NguLXK9jZdjwlkKQB1zSpcISVzTRBj96WUQ-PlU3-NuU6HYw";
        assert_eq!(salt(N512, signature), Some(20));
        let key = RsaKey { n: decode(N512).unwrap(), e: vec![1, 0, 1], private: None, pss: None };
        let signature = decode(signature).unwrap();
        assert_eq!(salt_length(&key, 32, b"massage", &signature), None);
        assert_eq!(salt_length(&key, 48, b"message", &signature), None);
        assert_eq!(salt_length(&key, 33, b"message", &signature), None);
        assert_eq!(salt_length(&RsaKey { e: vec![3], ..key.clone() }, 32, b"message", &signature), None);
        assert_eq!(salt_length(&RsaKey { n: vec![1], ..key.clone() }, 32, b"message", &[0]), None);
        assert_eq!(salt_length(&RsaKey { n: Vec::new(), ..key }, 32, b"message", &signature), None);
    }
}
