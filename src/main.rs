//! The process and nothing else: builds a [`fob::Host`] from what the system gives and hands it to [`fob::run`].

use std::process::ExitCode;

fn main() -> ExitCode {
    fob::run(std::env::args_os(), &mut fob::Host::system()).into()
}
