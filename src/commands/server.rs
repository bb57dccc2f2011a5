//! `fob pair --from` and `fob refresh --from`: gets tokens from a server, and prints them.

use crate::cli::input::TokenArgs;
use crate::cli::server::{LoginArgs, ServerArgs};
use crate::client::{RequestKind, TokenExchange};
use crate::commands::settings::token_request;
use crate::core::mint::pair::{PairFormat, TokenPair};
use crate::core::mint::profile::Profile;
use crate::core::oauth::request::{Grant, is_b64token};
use crate::core::oauth::response::unverified_exp;
use crate::core::text::escape::Shown;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::error::input::token_hint;
use crate::error::report::ErrorOutput;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level};
use crate::input::token::receive;
use crate::keys::PasswordSource;
use crate::keys::password::{PasswordRequest, password};
use crate::output;
use crate::scan::pick::Preference;

/// Logs in, and prints the tokens.
pub(crate) fn log_in(
    args: &LoginArgs,
    profile: Profile,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let url = server_url(&args.server)?;
    let user = args.user.as_deref().ok_or(UsageError::NoUserToLogIn)?;
    let fields = fields(&args.server)?;
    let request = PasswordRequest {
        source: &password_source(args),
        option: "--password",
        what: "password",
        question: &format!("Password of {} at {}", Shown(user), Shown(&url.server())),
    };
    let password = password(request, host)?;
    let password = match std::str::from_utf8(password.expose()) {
        Ok("") => return Err(UsageError::EmptyPassword.into()),
        Ok(text) => text,
        Err(_) => return Err(UsageError::PasswordNotUtf8.into()),
    };
    let grant = Grant::Password { user_field: &args.user_field, user, password };
    let exchange = TokenExchange { url, profile, grant, kind: RequestKind::LogIn, fields };
    exchange_and_print(&exchange, format, host)
}

/// Sends a refresh token, and prints the tokens that the server issues for it.
pub(crate) fn refresh(
    server: &ServerArgs,
    token: &TokenArgs,
    profile: Option<Profile>,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let url = server_url(server)?;
    let fields = fields(server)?;
    let received = receive(token_request(token, Preference::AnyRefresh), host)?;
    if received.token.len() > token.limit.max_size() {
        return Err(UsageError::TokenTooLarge.into());
    }
    let text = std::str::from_utf8(&received.token)
        .ok()
        .filter(|text| is_b64token(text))
        .ok_or_else(|| UsageError::NotAB64Token { hint: token_hint(&received.token, &received.pasted) })?;
    let detected = DetectedToken::new(text);
    let kind = RequestKind::Refresh {
        is_expired: unverified_exp(text).is_some_and(|exp| exp <= host.now()),
        profile_is_detected: profile.is_none(),
    };
    let grant = Grant::Refresh { token: text, sliding: detected.is_sliding };
    let profile = profile.unwrap_or(detected.profile);
    exchange_and_print(&TokenExchange { url, profile, grant, kind, fields }, format, host)
}

/// The unverified facts about a refresh token.
struct DetectedToken {
    profile: Profile,
    /// True if it is access and refresh token in one.
    is_sliding: bool,
}

impl DetectedToken {
    fn new(text: &str) -> Self {
        let compact = Compact::parse(text.as_bytes(), text.len()).ok();
        let token = compact.as_ref().map(Token::parse);
        match token.as_ref().and_then(|token| Some((token, token.unverified_claims()?))) {
            // In OAuth, tokens are opaque to the client.
            None => Self { profile: Profile::Oauth, is_sliding: false },
            Some((token, claims)) => {
                let kind = claims.get("token_type").and_then(|kind| kind.as_str());
                Self { profile: Profile::detect(token), is_sliding: kind == Some("sliding") }
            }
        }
    }
}

fn server_url(server: &ServerArgs) -> Result<ServerUrl, CommandError> {
    Ok(ServerUrl::parse(server.from.as_deref().unwrap_or_default(), UrlPurpose::Tokens)?)
}

fn password_source(args: &LoginArgs) -> PasswordSource {
    match (&args.password_env, &args.password_file) {
        (Some(name), _) => PasswordSource::Variable(name.clone()),
        (None, Some(path)) => PasswordSource::File(path.clone()),
        (None, None) => PasswordSource::Prompt,
    }
}

fn fields(server: &ServerArgs) -> Result<Vec<(&str, &str)>, UsageError> {
    let fields: Option<Vec<_>> = server.field.iter().map(|field| field.parts()).collect();
    fields.ok_or(UsageError::FieldWithoutName)
}

fn exchange_and_print(
    exchange: &TokenExchange<'_>,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let request = exchange.request().map_err(|duplicate| UsageError::DuplicateField { name: duplicate.0 })?;
    let tokens = exchange.send(&request, host)?;
    print(&tokens, format, exchange.kind, host)
}

/// Prints the tokens. The server has already issued them, so a failed write is reported.
fn print(
    tokens: &TokenPair,
    format: PairFormat,
    kind: RequestKind,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let (if_closed, hint) = match kind {
        RequestKind::LogIn => {
            (ExitStatus::Done, "the server has issued these tokens, but they are lost: log in again")
        }
        RequestKind::Refresh { .. } => (
            ExitStatus::Unjudged,
            "the server has issued these tokens, and may have used up the refresh token: log in again",
        ),
    };
    let text = tokens.to_text(format);
    let Err(unwritten) = output::write(host, text.as_bytes(), if_closed) else { return Ok(ExitStatus::Done) };
    let status = CommandError::from(unwritten).report(ErrorOutput::Nothing, host);
    host.message(Level::Hint, hint);
    Ok(status)
}
