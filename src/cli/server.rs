//! The options of commands that can get tokens from a server instead of minting them.

use crate::core::key::secret::Secret;
use clap::{Args, Command, Id, ValueHint};
use std::convert::Infallible;
use std::path::PathBuf;

// The server that issues the tokens.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Server")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ServerArgs {
    /// Get the tokens from this server instead of minting them; needs no key
    ///
    /// Posts the log-in or the refresh token to the URL, in the form of --profile. Only https, or http to this machine.
    /// Redirects are not followed.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub from: Option<String>,
    /// Also send this, such as client_id, scope or a one-time password; may repeat
    ///
    /// Other users of this machine can read it in `ps`, and your shell keeps it in its history.
    #[arg(long, value_name = "NAME=TEXT", requires = "from", value_parser = field)]
    pub field: Vec<Field>,
}

// The user who logs in.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Server")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct LoginArgs {
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub server: ServerArgs,
    /// Log in as this user; asks for the password, unless an option gives it
    #[arg(long, value_name = "NAME", requires = "from")]
    pub user: Option<String>,
    /// The name of the member with the user's name, such as email
    #[arg(long, value_name = "NAME", requires = "from", default_value = "username")]
    pub user_field: String,
    /// Read the password from an environment variable
    #[arg(long, value_name = "VAR", requires = "from", group = "password")]
    pub password_env: Option<String>,
    /// Read the password from a file
    #[arg(long, value_name = "PATH", requires = "from", group = "password", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
}

/// An extra member of a request, as the user wrote it. Its value may be a secret.
#[derive(Clone, Debug)]
pub struct Field(Secret);

impl Field {
    /// Returns its name and its value, or `None` if it has no name.
    #[must_use]
    pub fn parts(&self) -> Option<(&str, &str)> {
        let text = std::str::from_utf8(self.0.expose()).ok()?;
        text.split_once('=').filter(|(name, _)| !name.is_empty())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap expects this signature")]
fn field(text: &str) -> Result<Field, Infallible> {
    Ok(Field(Secret::new(text.as_bytes().to_vec())))
}

/// Makes the server options conflict with all other options of a command except those in `beside`. Otherwise, options
/// for minting or verifying would be ignored silently.
pub(super) fn apart(command: Command, beside: &[&str]) -> Command {
    const SERVER: [&str; 6] = ["from", "field", "user", "user_field", "password_env", "password_file"];
    let others: Vec<Id> = command
        .get_arguments()
        .map(|option| option.get_id().clone())
        .filter(|id| !SERVER.contains(&id.as_str()) && !beside.contains(&id.as_str()))
        .collect();
    command.mut_args(|option| {
        if SERVER.contains(&option.get_id().as_str()) { option.conflicts_with_all(&others) } else { option }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_split_at_the_first_equals_sign_and_hides_its_value() {
        let parts = |text: &str| {
            let Ok(field) = field(text);
            assert_eq!(format!("{field:?}"), "Field(Secret(…))");
            field.parts().map(|(name, value)| (name.to_owned(), value.to_owned()))
        };
        assert_eq!(parts("a=b=c"), Some(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(parts("a="), Some(("a".to_owned(), String::new())));
        assert_eq!(parts("=a"), None);
        assert_eq!(parts("a"), None);
    }
}
