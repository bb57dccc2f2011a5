//! The options of sessions: logins that a file keeps.

use super::server::LoginArgs;
use crate::core::oauth::server::TokenPlace;
use crate::core::oauth::session::is_public_field;
use crate::core::text::duration::Duration;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, Error, FromArgMatches, ValueHint};
use std::path::PathBuf;

// The session that a login begins.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Session")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct KeepArgs {
    /// Keep the login in this file, for `fob refresh --session FILE`
    ///
    /// Needs --from or --issuer. The file holds the tokens and the URLs, and says where the secret of the client is.
    /// Only its owner can read it. A file that is not a session is never replaced. No token is printed unless --format
    /// or --json asks for it.
    #[arg(long, value_name = "FILE", requires = "server", value_hint = ValueHint::FilePath)]
    pub session: Option<PathBuf>,
}

// The session of a refresh, which is the usual way to refresh.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ContinueArgs {
    /// Print the access token of this login, and refresh it first if it expires soon
    ///
    /// FILE is what `fob pair --session FILE` wrote. However many processes ask at once, one of them asks the server.
    /// The refresh token stays in the file. With --from and a refresh token of another program, the file is made. The
    /// clock is the real one, whatever --at says.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub session: Option<PathBuf>,
    /// Refresh the access token if it expires sooner than this [default: 30s]
    #[arg(long, value_name = "DURATION", requires = "session")]
    pub valid_for: Option<Duration>,
}

// The session that is ended.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Session")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct EndArgs {
    /// Log out: end the login in this file at its server, and remove the file
    ///
    /// If the server cannot be reached, the file stays. If the file does not know the URL that ends sessions, --from
    /// names it.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub session: Option<PathBuf>,
}

/// The options about the server that the user gave, as the words of a command that logs in again. Secrets are left out. It
/// is empty without `--session`. As a field it stands before all others, which take their values away.
#[derive(Clone, Debug)]
pub struct LoginWords(pub Vec<String>);

impl FromArgMatches for LoginWords {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        // Most runs have no session.
        let is_kept = matches.value_source("session") == Some(ValueSource::CommandLine);
        Ok(Self(if is_kept { login_words(matches) } else { Vec::new() }))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for LoginWords {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

fn login_words(matches: &ArgMatches) -> Vec<String> {
    let server = LoginArgs::augment_args(Command::new("login"));
    let options =
        server.get_arguments().filter_map(|option| Some((option.get_id().as_str(), option.get_long()?)));
    let mut names: Vec<(&str, &str)> = options.collect();
    names.extend(["profile", "scheme", "session"].map(|name| (name, name)));
    let mut words = Vec::new();
    for (id, long) in names {
        // Not every command has every option.
        let Ok(Some(values)) = matches.try_get_raw(id) else { continue };
        if matches.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        for value in values {
            let value = value.to_string_lossy();
            let place = value.split_once('=').and_then(|(place, _)| TokenPlace::parse(place).ok());
            if id != "field" || place.is_some_and(|place| is_public_field(&place)) {
                words.extend([format!("--{long}"), value.into_owned()]);
            }
        }
    }
    words
}
