//! Turns option groups that several commands share into plain settings, so that no other module needs clap types.

use crate::batch::Plan;
use crate::batch::tally::Words;
use crate::cli::input::TokenArgs;
use crate::cli::lines::LinesArgs;
use crate::host::Host;
use crate::input::token::{DocumentSource, TokenRequest};
use crate::scan::pick::Preference;

/// Returns the token that the options ask for.
pub(super) fn token_request(args: &TokenArgs, preference: Preference) -> TokenRequest<'_> {
    TokenRequest {
        argument: args.token.as_deref(),
        pick: args.choice.pick.as_deref(),
        preference,
        join: args.choice.join,
        documents: DocumentSource::Nowhere,
    }
}

/// Returns the plan of a run over many lines. `max_size` is the maximum size of a token, in bytes.
pub(super) fn batch_plan(args: &LinesArgs, max_size: usize, words: Words, host: &Host<'_>) -> Plan {
    let threads = args.threads.map_or_else(|| (host.threads)().clamp(1, 256), usize::from);
    Plan::new(threads, if args.null { 0 } else { b'\n' }, max_size, words)
}
