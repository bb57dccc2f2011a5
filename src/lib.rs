//! `fob`, the JSON Web Token command line, as a library: [`run`] is the whole program.
//!
//! Bytes come in, a pure core takes them apart and judges them, a report says what was found, a renderer prints
//! it. Arrows point one way, from the top of this list to its foot:
//!
//! * [`run`] parses the arguments ([`cli`]) and calls one of `commands`, which turn arguments into calls of the core
//!   and reports into output, and never call each other;
//! * `client` gets tokens from servers, as a front end does;
//! * `input` turns arguments into bytes, finds tokens in pasted text and loads keys;
//! * `batch` reads many tokens, has them worked on by several threads, and keeps their order;
//! * `suite` reads tokens with what is expected of each, and reports what came of them;
//! * [`store`] knows what is out of use, and which refresh token is the current one;
//! * `output` writes results in the form that was asked for;
//! * [`diagnostics`] says what went wrong;
//! * [`host`] is everything outside: the clock, randomness, streams, environment, files, the network, the person at the
//!   terminal;
//!   `system`, `terminal`, `signals` and `web` are the real one;
//! * `problem` is how a run can end: the exit statuses, and what ends it early;
//! * [`core`] is pure: no files, no clock, no environment, no streams but those it is handed.

mod batch;
pub mod cli;
mod commands;
pub mod core;
pub mod error;
pub mod host;
mod input;
mod keys;
mod output;
pub mod scan;
pub mod store;
mod suite;

use cli::ColorChoice;
pub use error::{CommandError, ExitStatus};
pub use host::Host;
use host::{ColorMode, HostSettings};
use std::ffi::OsString;

/// Runs `fob` with its arguments, the program's name first, and says how it ended. It can be called any number of
/// times in one process.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: &mut Host<'_>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let outcome = match cli::parse(&arguments) {
        Ok(invocation) => {
            host.configure(settings(&invocation.global));
            commands::dispatch(invocation, host)
        }
        Err(error) => return error::report_usage(&error, color_mode(cli::color_of(&arguments)), host),
    };
    outcome.unwrap_or_else(|error| error.report(host))
}

fn settings(global: &cli::GlobalArgs) -> HostSettings {
    HostSettings {
        at: global.at,
        zone: global.tz.unwrap_or_default(),
        quiet: global.quiet,
        color: color_mode(global.color.unwrap_or_default()),
    }
}

const fn color_mode(choice: ColorChoice) -> ColorMode {
    match choice {
        ColorChoice::Auto => ColorMode::Auto,
        ColorChoice::Always => ColorMode::Always,
        ColorChoice::Never => ColorMode::Never,
    }
}
