//! `fob`, the JSON Web Token command line, as a library: [`run`] is the whole program.
//!
//! Bytes come in, a pure core takes them apart and judges them, a report says what was found, and a renderer prints it.
//! Each module uses only modules below it in this list; `docs/architecture.md` shows the layers and every file:
//!
//! * [`run`] parses the arguments, configures the host and calls a command;
//! * `commands` has one file or folder a subcommand. A command turns options into calls and results into output;
//! * [`cli`] holds the option types, and only `commands` and this file use it;
//! * `schema` describes the documents that commands print, as JSON Schemas;
//! * `suite` reads tokens with expected verdicts, and writes reports on them;
//! * `batch` works on many tokens, one a line, with several threads, and keeps their order;
//! * `client` talks to token servers;
//! * `session` keeps logins at token servers in files;
//! * `output` writes results in the requested format;
//! * `keys` loads keys from files, variables, prompts and URLs;
//! * `remote` fetches and caches documents: key sets, and metadata of issuers;
//! * [`store`] records revoked and used tokens, and the current refresh token of each session;
//! * `input` turns an argument into bytes: text, `@FILE`, standard input, folders, gzip, lines and prompts;
//! * [`scan`] finds tokens in any text;
//! * [`host`] is the outside world, which tests replace: clock, randomness, streams, environment, files, network, terminal;
//! * [`core`] is pure: it has no access to files, clock, environment or streams, except for the local time zone.
//!
//! [`error`] stands beside them. It turns the typed errors of all modules into text, hints and an exit status.

/// The name under which the helpers of the command tests know the library.
#[cfg(any(test, fuzzing))]
extern crate self as fob;

mod batch;
pub mod cli;
mod client;
mod commands;
pub mod core;
pub mod error;
#[cfg(any(test, fuzzing))]
pub mod fuzz;
pub mod host;
mod input;
mod keys;
mod output;
mod remote;
pub mod scan;
mod schema;
mod session;
pub mod store;
mod suite;

use cli::{ColorChoice, Unparsed};
use error::report::{ErrorOutput, report_help, report_mistake};
pub use error::{CommandError, ExitStatus};
pub use host::Host;
use host::{ColorMode, HostSettings};
use std::ffi::OsString;

/// Runs `fob` with its arguments, the program's name first, and returns the exit status. A process can call it any
/// number of times.
pub fn run(arguments: impl IntoIterator<Item = OsString>, host: &mut Host<'_>) -> ExitStatus {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    match cli::parse(&arguments) {
        Ok(invocation) => {
            let output = error_output(invocation.global.json);
            host.configure(settings(&invocation.global));
            host.set_command_line(arguments);
            commands::dispatch(invocation, host).unwrap_or_else(|error| error.report(output, host))
        }
        Err(unparsed) => {
            let output = error_output(cli::unparsed::wants_json(&arguments));
            let color = color_mode(cli::unparsed::color(&arguments));
            host.set_command_line(arguments);
            match unparsed {
                Unparsed::Help(help) => report_help(&help, output, color, host),
                Unparsed::Mistake(mistake) => report_mistake(&mistake, output, color, host),
            }
        }
    }
}

const fn error_output(json: bool) -> ErrorOutput {
    if json { ErrorOutput::Document } else { ErrorOutput::Nothing }
}

/// Returns the settings of the host that the global options ask for.
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
