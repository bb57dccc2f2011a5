//! The options of commands that can get tokens from a server instead of minting them.

use super::one_of;
use crate::core::key::secret::Secret;
use crate::core::oauth::message::is_http_token;
use crate::core::oauth::server::{BodyFormat, CsrfRule, NotAPlace, TokenPlace};
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
    /// Also send this, such as scope or a one-time password; may repeat
    ///
    /// NAME is a member of the body, a JSON Pointer to one, cookie:NAME or header:NAME. Other users of this machine can
    /// read the text in `ps`, and your shell keeps it in its history: for a secret, use --field-env.
    #[arg(long, value_name = "NAME=TEXT", requires = "from", value_parser = field)]
    pub field: Vec<Field>,
    /// Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat
    #[arg(long, value_name = "NAME=VAR", requires = "from", value_parser = field)]
    pub field_env: Vec<Field>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub form: ServerFormArgs,
}

// The parts of a server's description that differ from --profile.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Servers of other kinds")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ServerFormArgs {
    /// Send the members of the request in this format
    #[arg(long, value_name = "FORMAT", requires = "from", value_parser = one_of(&BodyFormat::ALL, BodyFormat::name))]
    pub body: Option<BodyFormat>,
    /// Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    ///
    /// `header` is the header field Authorization, with the scheme of --scheme.
    #[arg(long, value_name = "PLACE", requires = "from", value_parser = place)]
    pub refresh_in: Option<TokenPlace>,
    /// Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME
    #[arg(long, value_name = "PLACE", requires = "from", value_parser = place)]
    pub access_at: Option<TokenPlace>,
    /// Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME
    #[arg(long, value_name = "PLACE", requires = "from", value_parser = place)]
    pub refresh_at: Option<TokenPlace>,
    /// Send the value of this cookie in this header field, if the token is in a cookie
    #[arg(long, value_name = "COOKIE=HEADER", requires = "from", value_parser = csrf)]
    pub csrf: Option<CsrfRule>,
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
    /// The member with the user's name, such as email or /user/email [default: that of --profile]
    #[arg(long, value_name = "NAME", requires = "from", value_parser = place)]
    pub user_field: Option<TokenPlace>,
    /// The member with the password [default: that of --profile]
    #[arg(long, value_name = "NAME", requires = "from", value_parser = place)]
    pub password_field: Option<TokenPlace>,
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
    /// Returns its place and its value, or `None` if it has no place.
    #[must_use]
    pub fn parts(&self) -> Option<(TokenPlace, &str)> {
        let text = std::str::from_utf8(self.0.expose()).ok()?;
        let (place, value) = text.split_once('=')?;
        Some((TokenPlace::parse(place).ok()?, value))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "clap expects this signature")]
fn field(text: &str) -> Result<Field, Infallible> {
    Ok(Field(Secret::new(text.as_bytes().to_vec())))
}

fn place(text: &str) -> Result<TokenPlace, NotAPlace> {
    TokenPlace::parse(text)
}

fn csrf(text: &str) -> Result<CsrfRule, &'static str> {
    CsrfRule::parse(text).ok_or("write COOKIE=HEADER, such as csrftoken=X-CSRFToken")
}

/// Parses a scheme of the `Authorization` header.
pub(super) fn scheme(text: &str) -> Result<String, &'static str> {
    if is_http_token(text) { Ok(text.to_owned()) } else { Err("a scheme is one word, such as Bearer") }
}

/// Makes the server options conflict with all other options of a command except those in `beside`. Otherwise, options
/// for minting or verifying would be ignored silently.
pub(super) fn apart(command: Command, beside: &[&str]) -> Command {
    let server = LoginArgs::augment_args(Command::new("server"));
    let session = ["session", "valid_for"].map(Id::from).into_iter();
    let server: Vec<Id> =
        server.get_arguments().map(|option| option.get_id().clone()).chain(session).collect();
    let others: Vec<Id> = command
        .get_arguments()
        .map(|option| option.get_id().clone())
        .filter(|id| !server.contains(id) && !beside.contains(&id.as_str()))
        .collect();
    command.mut_args(|option| {
        if server.contains(option.get_id()) { option.conflicts_with_all(&others) } else { option }
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
            field.parts().map(|(place, value)| (place.shown(), value.to_owned()))
        };
        assert_eq!(parts("a=b=c"), Some(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(parts("a="), Some(("a".to_owned(), String::new())));
        assert_eq!(parts("=a"), None);
        assert_eq!(parts("a"), None);
    }
}
