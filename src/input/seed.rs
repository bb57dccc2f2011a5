//! Randomness that is derived from `--seed` instead of taken from the system.

use crate::core::key::seed::{Seed, Stream};
use crate::host::{Host, Level};

/// The number of the stream for a command that makes one thing.
const FIRST: u64 = 1;

/// Derives all randomness of the host from the seed, if there is one.
pub(crate) fn seed_entropy(seed: Option<Seed>, purpose: &'static str, host: &mut Host<'_>) {
    if let Some(seed) = seed {
        let mut stream = stream(seed, purpose, host);
        host.entropy = Box::new(move |bytes| {
            stream.fill(bytes);
            Ok(())
        });
    }
}

/// Returns the random bytes of a seed, and warns the user that they are not secret.
pub(crate) fn stream(seed: Seed, purpose: &'static str, host: &mut Host<'_>) -> Stream {
    let what = format!("--seed {seed} is for tests: the same number always gives the same keys and IDs");
    host.message(Level::Warning, &what);
    seed.stream(purpose, FIRST)
}
