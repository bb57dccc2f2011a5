//! AES Key Wrap (RFC 3394) with secrets of 128, 192 and 256 bits.

use super::provider::{self, AesBlock, BLOCK};
use crate::core::key::secret::Secret;
use zeroize::Zeroizing;

/// The initial value (RFC 3394 section 2.2.3.1).
const INITIAL: [u8; HALF] = [0xA6; HALF];

/// A register of the algorithm: half a block of AES.
const HALF: usize = BLOCK / 2;

/// The number of passes over the key.
const PASSES: u64 = 6;

/// Wraps a key. Returns `None` if a size is impossible.
pub(super) fn wrap(secret: &Secret, key: &Secret) -> Option<Vec<u8>> {
    let (secret, key) = (secret.expose(), key.expose());
    if secret.len() != 24 {
        return provider::wrap(secret, key);
    }
    let aes = AesBlock::new(secret)?;
    let (mut check, mut registers) = (INITIAL, registers(key)?);
    let count = registers.len() as u64;
    for pass in 0..PASSES {
        for (step, register) in (pass * count + 1..).zip(&mut registers) {
            let mut block = joined(check, *register);
            aes.encrypt(&mut block)?;
            (check, *register) = split(block);
            check = mixed(check, step);
        }
    }
    Some([check.as_slice(), registers.as_flattened()].concat())
}

/// Unwraps a key. Returns `None` if a size is impossible, or if the secret is not the one that wrapped the key.
pub(super) fn unwrap(secret: &Secret, wrapped: &[u8]) -> Option<Secret> {
    let secret = secret.expose();
    if secret.len() != 24 {
        return provider::unwrap(secret, wrapped);
    }
    let aes = AesBlock::new(secret)?;
    let (check, rest) = wrapped.split_first_chunk::<HALF>()?;
    let (mut check, mut registers) = (*check, Zeroizing::new(registers(rest)?));
    let count = registers.len() as u64;
    for pass in (0..PASSES).rev() {
        for (index, register) in registers.iter_mut().enumerate().rev() {
            let step = pass * count + index as u64 + 1;
            let mut block = joined(mixed(check, step), *register);
            aes.decrypt(&mut block)?;
            (check, *register) = split(block);
        }
    }
    let key = Secret::new(registers.as_flattened().to_vec());
    provider::is_equal(&check, &INITIAL).then_some(key)
}

/// Splits a key into at least two registers.
fn registers(key: &[u8]) -> Option<Vec<[u8; HALF]>> {
    let (registers, rest) = key.as_chunks::<HALF>();
    (rest.is_empty() && registers.len() >= 2).then(|| registers.to_vec())
}

fn joined(first: [u8; HALF], second: [u8; HALF]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block.iter_mut().zip(first.iter().chain(&second)).for_each(|(to, from)| *to = *from);
    block
}

fn split(block: [u8; BLOCK]) -> ([u8; HALF], [u8; HALF]) {
    let block = u128::from_be_bytes(block);
    let (first, second) = ((block >> 64) as u64, block as u64);
    (first.to_be_bytes(), second.to_be_bytes())
}

/// Mixes the number of a step into the check value.
fn mixed(check: [u8; HALF], step: u64) -> [u8; HALF] {
    (u64::from_be_bytes(check) ^ step).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::secret::SecretFormat;

    fn hex(text: &str) -> Secret {
        SecretFormat::Hex.read(text.as_bytes()).unwrap()
    }

    /// The vectors of RFC 3394 section 4: the size of the secret, the size of the key, and the wrapped key.
    const VECTORS: [(usize, usize, &str); 6] = [
        (16, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5"),
        (24, 16, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D"),
        (32, 16, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7"),
        (24, 24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2"),
        (32, 24, "A8F9BC1612C68B3FF6E6F4FBE30E71E4769C8B80A32CB8958CD5D17D6B254DA1"),
        (32, 32, "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"),
    ];

    #[test]
    fn wraps_and_unwraps_the_vectors_of_rfc_3394() {
        let key = hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
        for (secret, bytes, wrapped) in VECTORS {
            let secret = Secret::new((0..).take(secret).collect());
            let key = Secret::new(key.expose()[..bytes].to_vec());
            assert_eq!(wrap(&secret, &key).unwrap(), hex(wrapped).expose());
            assert_eq!(unwrap(&secret, hex(wrapped).expose()).unwrap().expose(), key.expose());
        }
    }

    #[test]
    fn rejects_every_change_of_a_wrapped_key() {
        for (size, _, wrapped) in VECTORS {
            let secret = Secret::new((0..).take(size).collect());
            let wrapped = hex(wrapped);
            for bit in 0..wrapped.expose().len() * 8 {
                let mut changed = wrapped.expose().to_vec();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert!(unwrap(&secret, &changed).is_none());
            }
            let other = Secret::new(vec![7; size]);
            assert!(unwrap(&other, wrapped.expose()).is_none());
            for length in 0..24 {
                assert!(unwrap(&secret, &wrapped.expose()[..length]).is_none());
            }
        }
    }

    #[test]
    fn refuses_keys_that_are_not_at_least_two_registers() {
        for bytes in [0, 8, 15, 17] {
            assert!(wrap(&Secret::new(vec![1; 24]), &Secret::new(vec![2; bytes])).is_none());
        }
    }
}
