//! Chance that can be repeated, for the commands that make something new.

use crate::core::key::seed::Seed;
use clap::Args;

// Where what is random comes from, if not from the system.
#[derive(Args, Clone, Copy, Debug)]
#[group(skip)]
#[command(next_help_heading = "Tests")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct SeedArgs {
    /// Make the same every time, for tests: let what is random follow from this number
    ///
    /// Anybody who knows the number makes the same, so there is no --store beside it. Times follow the clock, unless --at sets it.
    /// Signatures of HS*, RS* and EdDSA are the same every time; those of ES*, PS* and ML-DSA hold chance of their own,
    /// and only what is signed repeats. No RSA key follows from a number.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<Seed>,
}
