//! The option `--seed`, for the commands that mint tokens or make keys.

use super::on_demand::OptionGroup;
use crate::core::key::seed::Seed;
use clap::Args;

// Where random values come from, if not from the system.
#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[command(next_help_heading = "Tests")]
#[allow(missing_docs, reason = "clap would use a doc comment as that of the command")]
pub struct SeedArgs {
    /// Derive all random values from this number, for reproducible tests
    ///
    /// A number always gives the same values, so they are not secret. Times still follow the clock, unless --at sets it.
    /// Signatures of HS*, RS* and EdDSA are reproducible. Signatures of ES*, PS* and ML-DSA are randomized, so only the
    /// signed content is reproducible. RSA keys cannot be derived.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<Seed>,
}

impl OptionGroup for SeedArgs {
    const NAMES: &'static str = "seed";
}
