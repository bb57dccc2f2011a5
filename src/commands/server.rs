//! `fob pair --from` and `fob refresh --from`: gets tokens from a server, and prints them.

use crate::cli::input::TokenArgs;
use crate::cli::server::{GrantName, LoginArgs, ServerArgs, ServerFormArgs};
use crate::cli::session::ContinueArgs;
use crate::client::{RequestKind, Server, TokenExchange, TokenServerFailure};
use crate::commands::server_settings::{NamedServer, asked, description, extras};
use crate::commands::session;
use crate::commands::session_record::{NewSession, session_of};
use crate::commands::settings::token_request;
use crate::commands::token_output::{TokenOutput, print_arrived, warn_of_remarks, write_tokens};
use crate::core::key::secret::Secret;
use crate::core::mint::pair::PairFormat;
use crate::core::mint::profile::Profile;
use crate::core::oauth::framework::Framework;
use crate::core::oauth::message::SecretText;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::recognized::is_never_of_refresh;
use crate::core::oauth::request::{Grant, is_token_text};
use crate::core::oauth::response::{TokenAnswer, unverified_exp};
use crate::core::oauth::session::SessionGrant;
use crate::core::oauth::session_tokens::SessionTokens;
use crate::core::text::escape::Shown;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::token::kind::mark::RefreshMark;
use crate::core::token::numeric_date::NumericDate;
use crate::error::input::token_hint;
use crate::error::report::ErrorOutput;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::server_url::ServerUrl;
use crate::host::{Host, Level};
use crate::input::token::receive;
use crate::keys::PasswordSource;
use crate::keys::password::{PasswordRequest, password};
use crate::remote::metadata::Endpoint;
use crate::scan::pick::Preference;
use crate::session::SessionFile;

/// The file that keeps a login.
pub(crate) struct KeptLogin<'a> {
    pub(crate) file: &'a SessionFile,
    /// The options of the command that logs in again.
    pub(crate) words: &'a [String],
    /// True if the access token is printed, too.
    pub(crate) prints: bool,
}

/// Logs in, and prints the tokens.
pub(crate) fn log_in(
    args: &LoginArgs,
    framework: Option<Framework>,
    output: TokenOutput<'_>,
    kept: Option<KeptLogin<'_>>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if let Some(kept) = &kept {
        // Refused before the user types a password.
        kept.file.read(host)?;
    }
    let name = asked(framework, &args.server)?.unwrap_or(ReadyServer::Simplejwt);
    let mut description = description(name, &args.form, output.scheme);
    description.user = args.user_field.clone().unwrap_or(description.user);
    description.password = args.password_field.clone().unwrap_or(description.password);
    let user = match (args.grant.unwrap_or(GrantName::Password), &args.user) {
        (GrantName::Password, None) => return Err(UsageError::NoUserToLogIn.into()),
        (GrantName::Password, Some(user)) => Some(user.as_str()),
        (GrantName::ClientCredentials, Some(_)) => return Err(UsageError::UserWithoutPasswordGrant.into()),
        (GrantName::ClientCredentials, None) => None,
    };
    let found = NamedServer::find(&args.server, Endpoint::Token, host)?;
    let extras = extras(&args.server, host)?;
    let client = found.client(&args.server.client, host)?;
    let password = user.map(|user| ask_password(args, user, &found.url, host)).transpose()?;
    let (grant, kind) = match (user, &password) {
        (Some(user), Some(password)) => {
            (Grant::Password { user, password: password.expose() }, RequestKind::LogIn)
        }
        _ => (Grant::ClientCredentials, RequestKind::ClientCredentials),
    };
    let server = Server {
        url: found.url.clone(),
        name,
        description: &description,
        client: client.as_ref(),
        extras: &extras,
        cookies: &[],
    };
    let exchange = TokenExchange { server, grant, kind };
    let Some(KeptLogin { file, words, prints }) = kept else {
        return exchange_and_print(&exchange, output.format, host);
    };
    let grant = match kind {
        RequestKind::ClientCredentials => SessionGrant::ClientCredentials,
        _ => SessionGrant::Password,
    };
    let new = NewSession { command: "pair", words, grant, name, description: &description, server: &found };
    let session = session_of(new, &args.server, &args.form, host)?;
    session::log_in(file, &exchange, session, prints.then_some(output), host)
}

/// Returns the password of a user, which an option names or the user types.
fn ask_password(
    args: &LoginArgs,
    user: &str,
    url: &ServerUrl,
    host: &mut Host<'_>,
) -> Result<SecretText, CommandError> {
    let request = PasswordRequest {
        source: &password_source(args),
        option: "--password",
        what: "password",
        purpose: "the password",
        question: &format!("Password of {} at {}", Shown(user), Shown(&url.server())),
    };
    let password = password(request, host)?;
    if password.expose().is_empty() {
        return Err(UsageError::EmptyPassword.into());
    }
    Ok(SecretText::new(password).map_err(|_| UsageError::PasswordNotUtf8)?)
}

/// Sends a refresh token, and prints the tokens that the server issues for it.
pub(crate) fn refresh(
    args: &ServerArgs,
    form: &ServerFormArgs,
    token: &TokenArgs,
    framework: Option<Framework>,
    output: TokenOutput<'_>,
    kept: Option<(&SessionFile, &ContinueArgs, &[String])>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let named = asked(framework, args)?;
    let found = NamedServer::find(args, Endpoint::Token, host)?;
    let extras = extras(args, host)?;
    let (received, place) = receive_token(token, Preference::AnyRefresh, host)?;
    let detected = DetectedToken::new(received.expose());
    let kind = RequestKind::Refresh {
        is_expired: detected.is_expired(host),
        profile_is_detected: framework.is_none() && args.issuer.is_none(),
    };
    let name = match named {
        Some(name) => name,
        // The user describes the server, so the look of the token says nothing about it.
        None if form.refresh_in.is_some() => ReadyServer::Simplejwt,
        None => detected.server,
    };
    let description = description(name, form, output.scheme);
    let has_both_roles = detected.is_sliding || description.refresh_at.is_empty();
    if token.choice.pick.is_none() && !has_both_roles && is_never_of_refresh(&place) {
        return Err(UsageError::NoRefreshTokenToSend { found: place }.into());
    }
    if let Some((file, kept, words)) = kept {
        let grant = SessionGrant::RefreshToken;
        let new =
            NewSession { command: "refresh", words, grant, name, description: &description, server: &found };
        let mut session = session_of(new, args, form, host)?;
        session.tokens = SessionTokens::with_refresh(received.expose(), detected.is_sliding);
        return session::begin(kept, file, session, output, host);
    }
    let client = found.client(&args.client, host)?;
    let grant = Grant::Refresh { token: received.expose(), is_shared: detected.is_sliding };
    let server = Server {
        url: found.url.clone(),
        name,
        description: &description,
        client: client.as_ref(),
        extras: &extras,
        cookies: &[],
    };
    exchange_and_print(&TokenExchange { server, grant, kind }, output.format, host)
}

/// Returns the token that the user gives for a server, which may be opaque, and the name that the text gives it.
pub(super) fn receive_token(
    token: &TokenArgs,
    preference: Preference,
    host: &mut Host<'_>,
) -> Result<(SecretText, String), CommandError> {
    let received = receive(token_request(token, preference), host)?;
    if received.token.len() > token.limit.max_size() {
        return Err(UsageError::TokenTooLarge.into());
    }
    let text = SecretText::new(Secret::new(received.token.to_vec())).ok();
    let text = text.filter(|text| is_token_text(text.expose()));
    let text =
        text.ok_or_else(|| UsageError::NotAB64Token { hint: token_hint(&received.token, &received.pasted) })?;
    Ok((text, received.name))
}

/// The unverified facts about a token for a server.
pub(super) struct DetectedToken {
    pub(super) server: ReadyServer,
    /// True if it is access and refresh token in one.
    is_sliding: bool,
    expires: Option<NumericDate>,
}

impl DetectedToken {
    pub(super) fn new(text: &str) -> Self {
        let expires = unverified_exp(text);
        let compact = Compact::parse(text.as_bytes(), text.len()).ok();
        let token = compact.as_ref().map(Token::parse);
        match token.as_ref().and_then(|token| Some((token, token.unverified_claims()?))) {
            // In OAuth, tokens are opaque to the client.
            None => Self { server: ReadyServer::Oauth, is_sliding: false, expires },
            Some((token, claims)) => {
                let text = |name| claims.get(name).and_then(|value| value.as_str());
                let server = match (text("typ"), text("token_use"), text("sid")) {
                    (Some("Refresh" | "Offline"), ..) => Some(ReadyServer::Keycloak),
                    (_, Some("refresh"), Some(_)) => Some(ReadyServer::Allauth),
                    _ => Framework::from(Profile::detect(token, &RefreshMark::Known)).server,
                };
                let is_sliding = text("token_type") == Some("sliding");
                Self { server: server.unwrap_or(ReadyServer::Simplejwt), is_sliding, expires }
            }
        }
    }

    /// Returns whether the `exp` of the token lies in the past.
    pub(super) fn is_expired(&self, host: &Host<'_>) -> bool {
        self.expires.is_some_and(|exp| exp <= host.now())
    }
}

fn password_source(args: &LoginArgs) -> PasswordSource {
    match (&args.password_env, &args.password_file) {
        (Some(name), _) => PasswordSource::Variable(name.clone()),
        (None, Some(path)) => PasswordSource::File(path.clone()),
        (None, None) => PasswordSource::Prompt,
    }
}

fn exchange_and_print(
    exchange: &TokenExchange<'_>,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let message = exchange.request()?;
    match exchange.send(&message, host) {
        Ok(answer) => print(&answer, format, exchange.kind, host),
        Err(error) => {
            let arrived = match &error.failure {
                TokenServerFailure::Unusable { arrived, .. } => arrived.all.clone(),
                _ => Vec::new(),
            };
            Err(print_arrived(&arrived, error.into(), format, host))
        }
    }
}

/// Prints the tokens. The server has already issued them, so a failed write is reported.
fn print(
    answer: &TokenAnswer,
    format: PairFormat,
    kind: RequestKind,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let (if_closed, hint) = match kind {
        RequestKind::LogIn | RequestKind::ClientCredentials => {
            (ExitStatus::Done, "the server has issued these tokens, but they are lost: log in again")
        }
        RequestKind::Refresh { .. } | RequestKind::Revoke { .. } => (
            ExitStatus::Unjudged,
            "the server has issued these tokens, and may have used up the refresh token: log in again",
        ),
    };
    let written = write_tokens(host, &answer.tokens, format, if_closed);
    warn_of_remarks(&answer.remarks, host);
    let Err(unwritten) = written else { return Ok(ExitStatus::Done) };
    let status = CommandError::from(unwritten).report(ErrorOutput::Nothing, host);
    host.message(Level::Hint, hint);
    Ok(status)
}
