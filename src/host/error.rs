//! What the outside world can refuse. The texts are in `error`.

use std::io;

/// An error of the outside world.
#[derive(Debug)]
pub enum HostError {
    /// Standard input can be read once.
    StdinTaken {
        /// The purpose that it was read for.
        by: &'static str,
        /// The purpose that needs it now.
        wanted: &'static str,
    },
    /// The system has no random bytes.
    NoRandomness(io::Error),
    /// A token cannot be issued before 1970.
    IssuedBefore1970,
}
