//! HMAC with SHA-256 (RFC 2104) of a whole message, on the block function of `sha2`. The two states that the key gives are
//! kept. This file knows no token and compares nothing.

use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The state of SHA-256: eight words.
type State = Zeroizing<[u32; 8]>;

/// The initial state of SHA-256 (FIPS 180-4 section 5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The bytes of a block.
const BLOCK: usize = 64;

/// A key of HMAC, as the states after its two padded blocks.
///
/// `hmac` copies its states and a buffer for each message, and passes blocks to the hash one by one. With SHA extensions it
/// takes 243 ns for the MAC of a token of 261 bytes, this takes 195.
pub(super) struct HmacSha256 {
    inner: State,
    outer: State,
}

impl HmacSha256 {
    /// Prepares a key.
    pub(super) fn new(secret: &[u8]) -> Self {
        let mut key = Zeroizing::new([0; BLOCK]);
        if secret.len() > BLOCK {
            // RFC 2104 section 2: a key that is longer than a block is hashed first.
            key.iter_mut().zip(Sha256::digest(secret)).for_each(|(byte, hashed)| *byte = hashed);
        } else {
            key.iter_mut().zip(secret).for_each(|(byte, given)| *byte = *given);
        }
        let state = |padding: u8| {
            let mut state = Zeroizing::new(INITIAL);
            compress256(&mut state, &[*Zeroizing::new(key.map(|byte| byte ^ padding))]);
            state
        };
        Self { inner: state(0x36), outer: state(0x5c) }
    }

    /// Computes the MAC of a message.
    pub(super) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let message = Padded::new(message);
        let mut inner = *self.inner;
        compress256(&mut inner, message.blocks);
        compress256(&mut inner, message.last());
        let mut outer = *self.outer;
        compress256(&mut outer, &[outer_block(&inner)]);
        bytes(&outer)
    }

    /// Computes the MACs of two messages. Their blocks alternate: a block waits for the one before it in its message, and a
    /// processor hashes one of the other message meanwhile. With SHA extensions a MAC takes 155 ns in place of 200.
    pub(super) fn two_macs(&self, messages: [&[u8]; 2]) -> [[u8; 32]; 2] {
        let [first, second] = messages.map(Padded::new);
        let (mut one, mut two) = (*self.inner, *self.inner);
        let (mut blocks, mut others) = (first.each(), second.each());
        loop {
            let (block, other) = (blocks.next(), others.next());
            block.into_iter().for_each(|block| compress256(&mut one, std::slice::from_ref(block)));
            other.into_iter().for_each(|block| compress256(&mut two, std::slice::from_ref(block)));
            if block.is_none() && other.is_none() {
                break;
            }
        }
        let (block, other) = (outer_block(&one), outer_block(&two));
        let (mut one, mut two) = (*self.outer, *self.outer);
        compress256(&mut one, &[block]);
        compress256(&mut two, &[other]);
        [bytes(&one), bytes(&two)]
    }
}

/// Returns the padded block of an inner hash, which follows the block of the key.
fn outer_block(inner: &[u32; 8]) -> [u8; BLOCK] {
    let [block, _] = Padded::new(&bytes(inner)).end;
    block
}

/// A message after the block of the key, with the padding of SHA-256 (FIPS 180-4 section 5.1.1).
struct Padded<'m> {
    /// The whole blocks.
    blocks: &'m [[u8; BLOCK]],
    /// The last bytes, the mark and the length.
    end: [[u8; BLOCK]; 2],
    /// The number of blocks of the end.
    count: usize,
}

impl<'m> Padded<'m> {
    #[inline]
    fn new(message: &'m [u8]) -> Self {
        let (blocks, rest) = message.as_chunks();
        let mut end = [[0; BLOCK]; 2];
        // The mark and the length take nine bytes.
        let count = if rest.len() + 9 > BLOCK { 2 } else { 1 };
        let bytes = end.as_flattened_mut();
        if let Some((start, [mark, ..])) = bytes.split_at_mut_checked(rest.len()) {
            start.copy_from_slice(rest);
            *mark = 0x80;
        }
        if let Some(bits) = bytes.get_mut(..count * BLOCK).and_then(<[u8]>::last_chunk_mut) {
            *bits = (8 * (BLOCK + message.len()) as u64).to_be_bytes();
        }
        Self { blocks, end, count }
    }

    /// Returns the blocks of the end.
    fn last(&self) -> &[[u8; BLOCK]] {
        self.end.get(..self.count).unwrap_or_default()
    }

    /// Returns all blocks in order.
    fn each(&self) -> impl Iterator<Item = &[u8; BLOCK]> {
        self.blocks.iter().chain(self.last())
    }
}

/// Returns the words of a state as bytes.
fn bytes(state: &[u32; 8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.as_chunks_mut().0.iter_mut().zip(state).for_each(|(bytes, word)| *bytes = word.to_be_bytes());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit as _, Mac as _};

    /// Compares with the MAC of `hmac`, for keys and messages of every length around one and two blocks.
    #[test]
    fn computes_the_mac_of_the_library() {
        let bytes: Vec<u8> = (0..300_u32).map(|number| (number * 7) as u8).collect();
        for secret in (0..140).map(|length| &bytes[..length]) {
            let ours = HmacSha256::new(secret);
            let library = Hmac::<Sha256>::new_from_slice(secret).unwrap();
            for message in
                (0..150).chain([191, 192, 217, 247, 248, 255, 256, 300]).map(|length| &bytes[..length])
            {
                let mac = library.clone().chain_update(message).finalize().into_bytes();
                assert_eq!(ours.mac(message)[..], mac[..], "{} {}", secret.len(), message.len());
            }
        }
    }

    #[test]
    fn computes_the_same_macs_two_at_a_time() {
        let bytes: Vec<u8> = (0..300_u32).map(|number| (number * 5) as u8).collect();
        let key = HmacSha256::new(b"Jefe");
        let lengths = [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 128, 217, 300];
        for (first, second) in lengths.iter().flat_map(|first| lengths.map(|second| (*first, second))) {
            let (first, second) = (&bytes[..first], &bytes[300 - second..]);
            assert_eq!(key.two_macs([first, second]), [key.mac(first), key.mac(second)]);
        }
    }
}
