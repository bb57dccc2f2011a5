//! The process: calls [`fob::run`] with the arguments and the real [`fob::Host`].

use std::process::ExitCode;

fn main() -> ExitCode {
    fob::run(std::env::args_os(), &mut fob::Host::system().of_program()).into()
}
