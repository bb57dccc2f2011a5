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
