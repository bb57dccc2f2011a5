//! The commands. Each one takes parsed arguments, calls the core, and writes a report. No command calls another.

mod completions;
mod decode;
mod decrypting;
mod encode;
mod encrypted_text;
mod encrypting;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod inspect;
mod key;
mod key_settings;
mod man;
mod minting;
mod pair;
mod refresh;
mod renewing;
mod revoke;
mod schema;
mod server;
mod server_revoke;
mod server_settings;
mod session;
mod session_end;
mod session_exchange;
mod session_record;
mod settings;
mod token_output;
mod verify;

use crate::cli::key::KeyAction;
use crate::cli::{Action, Invocation};
use crate::error::usage::TOKEN_AS_SECRET;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};

/// Runs the command that the user chose.
pub(crate) fn dispatch(invocation: Invocation, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let has_token_as_secret = invocation.action.has_token_as_secret();
    match run(invocation, host) {
        Ok(ExitStatus::NoToken) if has_token_as_secret => {
            host.message(Level::Hint, TOKEN_AS_SECRET);
            Ok(ExitStatus::NoToken)
        }
        Err(error) if has_token_as_secret && error.status() == ExitStatus::NoToken => {
            Err(error.with_hint(TOKEN_AS_SECRET))
        }
        outcome => outcome,
    }
}

fn run(invocation: Invocation, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let json = invocation.global.json;
    match invocation.action {
        Action::Encode(args) => encode::encode(*args, json, host),
        Action::Decode(args) => decode::decode(&args, json, host),
        Action::Verify(args) => verify::verify(*args, json, host),
        Action::Test(args) => verify::test(&args, json, host),
        Action::Pair(args) => pair::pair(*args, json, host),
        Action::Refresh(args) => refresh::refresh(*args, json, host),
        Action::Revoke(args) => revoke::revoke(*args, json, host),
        Action::Inspect(args) => inspect::inspect(*args, json, host),
        Action::Key(KeyAction::New(args)) => key::new(args, host),
        Action::Key(KeyAction::Show(args)) => key::show(args, json, host),
        Action::Schema(args) => schema::schema(&args, json, host),
        Action::Completions(args) => completions::completions(args, host),
        Action::Man(args) => man::man(&args, host),
    }
}
