//! Random bytes that one thread draws in blocks. The source is asked for a block at a time, since each request is a system
//! call. No byte is used twice, and used bytes are wiped.

use std::io;
use zeroize::{Zeroize as _, Zeroizing};

/// The size of a block, in bytes.
const BLOCK: usize = 4096;

/// Random bytes that were drawn and not yet used.
#[derive(Default)]
pub struct RandomPool {
    block: Zeroizing<Vec<u8>>,
    used: usize,
}

impl RandomPool {
    /// Fills a buffer with bytes of the pool. `source` fills the pool if it has too few. With a block for 256 token IDs, an ID
    /// takes 40 ns in place of 340.
    ///
    /// # Errors
    /// Returns the errors of `source`. The pool is then empty.
    #[inline]
    pub fn fill(
        &mut self,
        bytes: &mut [u8],
        mut source: impl FnMut(&mut [u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        if bytes.len() > BLOCK {
            return source(bytes);
        }
        if self.block.len() - self.used < bytes.len() {
            self.refill(source)?;
        }
        if let Some(fresh) = self.block.get_mut(self.used..).and_then(|rest| rest.get_mut(..bytes.len())) {
            bytes.copy_from_slice(fresh);
            fresh.fill(0);
        }
        self.used += bytes.len();
        Ok(())
    }

    /// Draws a whole block, in place of the rest of the last one.
    #[inline(never)]
    fn refill(&mut self, mut source: impl FnMut(&mut [u8]) -> io::Result<()>) -> io::Result<()> {
        self.used = 0;
        self.block.resize(BLOCK, 0);
        source(&mut self.block).inspect_err(|_| self.block.zeroize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Returns a source of the numbers from one, four bytes each, and never zero.
    fn numbers() -> impl FnMut(&mut [u8]) -> io::Result<()> {
        let mut number = 0_u32;
        move |bytes| {
            for word in bytes.as_chunks_mut::<4>().0 {
                number += 1;
                *word = number.to_be_bytes();
            }
            Ok(())
        }
    }

    #[test]
    fn uses_each_byte_once_and_wipes_it() {
        let (mut pool, mut source, mut seen) = (RandomPool::default(), numbers(), HashSet::new());
        for size in [4, 16, 60, 4096, 8192, 4, 128, 4092].into_iter().cycle().take(200) {
            let mut bytes = vec![0; size];
            pool.fill(&mut bytes, &mut source).unwrap();
            for word in bytes.as_chunks::<4>().0 {
                assert_ne!(*word, [0; 4]);
                assert!(seen.insert(*word), "{word:?}");
            }
            assert!(pool.block.iter().take(pool.used).all(|byte| *byte == 0));
        }
    }

    #[test]
    fn an_error_of_the_source_leaves_nothing_to_use() {
        let mut pool = RandomPool::default();
        pool.fill(&mut [0; 16], numbers()).unwrap();
        let mut bytes = [0; 4090];
        let fails = |bytes: &mut [u8]| {
            bytes.fill(7);
            Err(io::Error::other("no"))
        };
        assert!(pool.fill(&mut bytes, fails).is_err());
        assert!(pool.fill(&mut [0; 16], fails).is_err());
        let mut bytes = [0; 4];
        pool.fill(&mut bytes, numbers()).unwrap();
        assert_eq!(bytes, 1_u32.to_be_bytes());
    }
}
