//! The quotes of a short text without escapes, as bits. A parser that looks for the end of each string waits for the one before;
//! here all quotes are found at once. This file knows no grammar.

/// The words of bits that are kept, one for each 64 bytes of the text.
const WORDS: usize = 16;

const ONES: u64 = u64::from_ne_bytes([1; 8]);

/// The offsets of all quotes of a clean text: ASCII without backslashes and control characters, so that each quote begins or
/// ends a string.
pub(super) struct Quotes([u64; WORDS]);

impl Quotes {
    /// Finds the quotes of a text. Returns `None` if it is not clean, or longer than a kilobyte.
    #[inline]
    pub(super) fn find(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > 64 * WORDS || !is_clean(bytes) {
            return None;
        }
        let mut found = [0; WORDS];
        let (blocks, rest) = bytes.as_chunks::<64>();
        for (word, block) in found.iter_mut().zip(blocks) {
            *word = quote_bits(block.as_chunks().0);
        }
        let (eights, rest) = rest.as_chunks();
        if let Some(word) = found.get_mut(blocks.len()) {
            let mut last = [0; 8];
            last.iter_mut().zip(rest).for_each(|(byte, given)| *byte = *given);
            *word = quote_bits(eights) | quote_bits(&[last]) << (8 * eights.len());
        }
        Some(Self(found))
    }

    /// Returns the offsets of the quotes that are not before `offset`, in order.
    #[inline(always)]
    pub(super) fn since(&self, offset: usize) -> impl Iterator<Item = usize> {
        let mut rest = self.0.get(offset / 64..).unwrap_or_default().iter();
        let mut bits = rest.next().map_or(0, |word| word & (u64::MAX << (offset % 64)));
        let mut base = offset & !63;
        std::iter::from_fn(move || {
            while bits == 0 {
                bits = *rest.next()?;
                base += 64;
            }
            let found = base + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            Some(found)
        })
    }
}

/// Returns a bit for each of up to 64 bytes that is a quote. The first byte has the lowest bit.
#[inline(always)]
fn quote_bits(eights: &[[u8; 8]]) -> u64 {
    eights.iter().rev().fold(0, |bits, word| bits << 8 | quotes_of_eight(u64::from_le_bytes(*word)))
}

/// Returns a bit for each of eight bytes that is a quote. No byte has its highest bit set.
const fn quotes_of_eight(word: u64) -> u64 {
    // A byte that is not zero carries into its highest bit.
    let others = (word ^ (ONES * b'"' as u64)) + ONES * 0x7F;
    // The product moves the highest bits of all bytes into the highest byte, in order.
    (!others & (ONES << 7)).wrapping_mul(0x0002_0408_1020_4081) >> 56
}

/// Reports whether a text is ASCII without backslashes and control characters. It takes sixteen bytes at a time.
fn is_clean(bytes: &[u8]) -> bool {
    let is_clean = |byte: &u8| (b' '..=0x7F).contains(byte) & (*byte != b'\\');
    let all_clean = |bytes: &[u8; 16]| bytes.iter().fold(true, |all, byte| all & is_clean(byte));
    match bytes.last_chunk() {
        // The last sixteen bytes may be looked at twice.
        Some(last) => bytes.as_chunks().0.iter().all(all_clean) && all_clean(last),
        None => bytes.iter().all(is_clean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_quotes_at_all_offsets() {
        let mut seed = 4_u32;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as usize % below
        };
        let letters = [b'"', b'!', b'#', b' ', 0x7F, b'a', b'}', 0x5B];
        for length in (0..200).chain([1_023, 1_024]) {
            let text: Vec<u8> = (0..length).map(|_| letters[next(letters.len())]).collect();
            let quotes = Quotes::find(&text).unwrap();
            for since in 0..=length {
                let expected = (since..length).filter(|offset| text[*offset] == b'"');
                assert!(quotes.since(since).eq(expected), "{text:?} {since}");
            }
        }
        assert!(Quotes::find(&[b'a'; 1_025]).is_none());
    }

    #[test]
    fn finds_no_quotes_in_a_text_that_is_not_clean() {
        for length in 1..70 {
            for offset in 0..length {
                for byte in [b'\\', 0x1F, 0, b'\n', 0x80, 0xFF] {
                    let mut text = vec![b'a'; length];
                    text[offset] = byte;
                    assert!(Quotes::find(&text).is_none(), "{length} {offset} {byte}");
                }
            }
        }
    }
}
