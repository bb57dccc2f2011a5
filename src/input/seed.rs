//! Chance that follows from `--seed`, instead of from the system.

use crate::core::key::seed::{Seed, Stream};
use crate::host::{Host, Level};

/// Lets everything random follow from the seed, if there is one.
pub(crate) fn sow(seed: Option<Seed>, purpose: &'static str, host: &mut Host<'_>) {
    if let Some(seed) = seed {
        let mut stream = stream(seed, purpose, host);
        host.entropy = Box::new(move |bytes| {
            stream.fill(bytes);
            Ok(())
        });
    }
}

/// The bytes of a seed, with a word on what they are good for.
pub(crate) fn stream(seed: Seed, purpose: &'static str, host: &mut Host<'_>) -> Stream {
    let what = format!("with --seed {seed} this is for tests: whoever knows the number makes the same");
    host.message(Level::Warning, &what);
    seed.stream(purpose, FIRST)
}

/// The number of what is made alone.
const FIRST: u64 = 1;
