//! What the outside world can refuse. The texts are in `error`.

use std::io;

/// An error of the outside world.
#[derive(Debug)]
pub enum HostError {
    /// Standard input can be read once.
    StdinTaken {
        /// What took it.
        by: &'static str,
        /// What it is wanted for now.
        wanted: &'static str,
    },
    /// The system has no random bytes.
    NoRandomness(io::Error),
    /// A token cannot be issued before 1970.
    IssuedBefore1970,
}
