//! The options of commands that can get tokens from a server instead of minting them.

use super::one_of;
use crate::core::key::secret::Secret;
use crate::core::oauth::client::SecretPlace;
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
    /// Get the tokens from this server instead of minting them
    ///
    /// Needs no key. Posts the log-in or the refresh token to the URL, in the form of --profile. Only https, or http to
    /// this machine. Redirects are not followed.
    #[arg(long, value_name = "URL", group = "server", value_hint = ValueHint::Url)]
    pub from: Option<String>,
    /// Like --from, for the server that this issuer names
    ///
    /// Its URL is in the metadata of the issuer (OpenID Connect Discovery, RFC 8414). Without --profile, the issuer is
    /// asked as an OAuth server. The metadata must name this issuer.
    #[arg(long, value_name = "URL", group = "server", value_hint = ValueHint::Url)]
    pub issuer: Option<String>,
    /// Also send this, such as scope or a one-time password; may repeat
    ///
    /// PLACE is a member of the body, a JSON Pointer to one, cookie:NAME or header:NAME. Other users of this machine can
    /// read the text in `ps`, and your shell keeps it in its history: for a secret, use --field-env.
    #[arg(long, value_name = "PLACE=TEXT", requires = "server", value_parser = field)]
    pub field: Vec<Field>,
    /// Also send the text of an environment variable, such as header:apikey=ANON_KEY; may repeat
    #[arg(long, value_name = "PLACE=VAR", requires = "server", value_parser = field)]
    pub field_env: Vec<Field>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub client: ClientArgs,
}

// The client at a token server of OAuth.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Client")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ClientArgs {
    /// The identifier of the client
    #[arg(long, value_name = "ID", requires = "server")]
    pub client: Option<String>,
    /// Read the secret of the client from an environment variable
    #[arg(long, value_name = "VAR", requires = "client", group = "client_proof")]
    pub client_secret_env: Option<String>,
    /// Read the secret of the client from a file
    #[arg(long, value_name = "PATH", requires = "client", group = "client_proof", value_hint = ValueHint::FilePath)]
    pub client_secret_file: Option<PathBuf>,
    /// Sign an assertion with the key in this file instead of sending a secret (private_key_jwt, RFC 7523)
    #[arg(long, value_name = "PATH", requires = "client", group = "client_proof", value_hint = ValueHint::FilePath)]
    pub client_key: Option<PathBuf>,
    /// Send the secret in the Authorization header or in the form [default: as the issuer says, or else basic]
    #[arg(long, value_name = "PLACE", requires = "client", conflicts_with = "client_key",
        value_parser = one_of(&SecretPlace::ALL, SecretPlace::name))]
    pub client_auth: Option<SecretPlace>,
}

// The parts of a server's description that differ from --profile.
#[derive(Args, Clone, Debug)]
#[group(skip)]
#[command(next_help_heading = "Servers of other kinds")]
#[allow(missing_docs, reason = "clap would take a doc comment for that of the command")]
pub struct ServerFormArgs {
    /// Send the members of the request in this format
    #[arg(long, value_name = "FORMAT", requires = "server", value_parser = one_of(&BodyFormat::ALL, BodyFormat::name))]
    pub body: Option<BodyFormat>,
    /// Send the refresh token here: a member, a JSON Pointer, cookie:NAME, header or header:NAME
    ///
    /// `header` is the header field Authorization, with the scheme of --scheme.
    #[arg(long, value_name = "PLACE", requires = "server", value_parser = place)]
    pub refresh_in: Option<TokenPlace>,
    /// Take the access token from here in the answer: a member, a JSON Pointer or cookie:NAME
    #[arg(long, value_name = "PLACE", requires = "server", value_parser = place)]
    pub access_at: Option<TokenPlace>,
    /// Take the refresh token from here in the answer: a member, a JSON Pointer or cookie:NAME
    #[arg(long, value_name = "PLACE", requires = "server", value_parser = place)]
    pub refresh_at: Option<TokenPlace>,
    /// Send the value of this cookie in this header field, if the token is in a cookie
    #[arg(long, value_name = "COOKIE=HEADER", requires = "server", value_parser = csrf)]
    pub csrf: Option<CsrfRule>,
    /// Refresh the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    #[arg(long, value_name = "URL", requires_all = ["server", "session"], value_hint = ValueHint::Url)]
    pub refresh_url: Option<String>,
    /// End the session at this URL, which can be relative to that of the log-in [default: that of --profile]
    #[arg(long, value_name = "URL", requires_all = ["server", "session"], value_hint = ValueHint::Url)]
    pub revoke_url: Option<String>,
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
    #[command(flatten)]
    #[allow(missing_docs, reason = "the group says what it is")]
    pub form: ServerFormArgs,
    /// The grant: password, or client-credentials for a token of the client itself [default: password]
    #[arg(long, value_name = "GRANT", requires = "server", value_parser = grant, help_heading = "Server")]
    pub grant: Option<GrantName>,
    /// Log in as this user; asks for the password
    ///
    /// --password-env or --password-file gives the password, so that no question is asked.
    #[arg(long, value_name = "NAME", requires = "server", help_heading = "Server")]
    pub user: Option<String>,
    /// The member with the user's name, such as email or /user/email [default: that of --profile]
    #[arg(long, value_name = "PLACE", requires = "server", value_parser = place, help_heading = "Server")]
    pub user_field: Option<TokenPlace>,
    /// The member with the password [default: that of --profile]
    #[arg(long, value_name = "PLACE", requires = "server", value_parser = place, help_heading = "Server")]
    pub password_field: Option<TokenPlace>,
    /// Read the password from an environment variable
    #[arg(long, value_name = "VAR", requires = "server", group = "password", help_heading = "Server")]
    pub password_env: Option<String>,
    /// Read the password from a file
    #[arg(long, value_name = "PATH", requires = "server", group = "password", help_heading = "Server",
        value_hint = ValueHint::FilePath)]
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

/// A grant that a command line can make. Others need a user and a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantName {
    /// A user's name and password (RFC 6749 section 4.3).
    Password,
    /// The client itself (RFC 6749 section 4.4).
    ClientCredentials,
}

/// Parses the name of a grant, and says of the others which program makes them.
fn grant(text: &str) -> Result<GrantName, &'static str> {
    let name = text.rsplit(':').next().unwrap_or(text).replace('_', "-").to_ascii_lowercase();
    match name.as_str() {
        "password" => Ok(GrantName::Password),
        "client-credentials" => Ok(GrantName::ClientCredentials),
        "refresh-token" | "refresh" => Err("`fob refresh --from URL` sends a refresh token"),
        _ => Err(
            "only password and client-credentials work without a browser: log in with the tool of the server, \
            and give what it prints to `fob refresh --from URL @FILE` or `fob decode @FILE`",
        ),
    }
}

pub(super) fn place(text: &str) -> Result<TokenPlace, NotAPlace> {
    TokenPlace::parse(text)
}

pub(super) fn csrf(text: &str) -> Result<CsrfRule, &'static str> {
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
    fn a_grant_that_needs_a_browser_is_refused() {
        assert_eq!(grant("client_credentials"), Ok(GrantName::ClientCredentials));
        assert_eq!(grant("password"), Ok(GrantName::Password));
        for name in
            ["authorization_code", "implicit", "device", "urn:ietf:params:oauth:grant-type:device_code", "x"]
        {
            assert!(grant(name).unwrap_err().contains("without a browser"), "{name}");
        }
        assert!(grant("refresh_token").unwrap_err().contains("fob refresh"));
    }

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
