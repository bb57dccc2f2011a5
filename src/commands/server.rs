//! `fob pair --from` and `fob refresh --from`: gets tokens from a server, and prints them.

use crate::cli::input::TokenArgs;
use crate::cli::server::{Field, LoginArgs, ServerArgs};
use crate::cli::session::ContinueArgs;
use crate::client::{RequestKind, TokenExchange, TokenServerFailure};
use crate::commands::session;
use crate::commands::settings::token_request;
use crate::commands::token_output::{TokenOutput, print_arrived, warn_of_remarks};
use crate::core::key::secret::Secret;
use crate::core::mint::pair::PairFormat;
use crate::core::mint::profile::Profile;
use crate::core::oauth::framework::Framework;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::{Extra, Grant, is_token_text};
use crate::core::oauth::response::{TokenAnswer, unverified_exp};
use crate::core::oauth::server::{ServerDescription, TokenPlace};
use crate::core::oauth::session::{
    FieldRecord, FieldSource, Session, SessionGrant, SessionLogin, SessionTokens, SessionUrls,
    is_public_field,
};
use crate::core::text::escape::Shown;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::token::kind::mark::RefreshMark;
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
    framework: Framework,
    output: TokenOutput<'_>,
    kept: Option<KeptLogin<'_>>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let url = server_url(&args.server)?;
    if let Some(kept) = &kept {
        // Refused before the user types a password.
        kept.file.read(host)?;
    }
    let name = asked(framework)?;
    let mut server = description(name, &args.server, output.scheme);
    server.user = args.user_field.clone().unwrap_or(server.user);
    server.password = args.password_field.clone().unwrap_or(server.password);
    let user = args.user.as_deref().ok_or(UsageError::NoUserToLogIn)?;
    let variables = variables(&args.server, host)?;
    let extras = extras(&args.server, &variables)?;
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
    let grant = Grant::Password { user, password };
    let kind = RequestKind::LogIn;
    let exchange =
        TokenExchange { url, name, server: &server, grant, kind, client: None, extras, cookies: &[] };
    let Some(KeptLogin { file, words, prints }) = kept else {
        return exchange_and_print(&exchange, output.format, host);
    };
    let login = SessionLogin {
        grant: SessionGrant::Password,
        profile: name.name().to_owned(),
        command: command_words("pair", words),
    };
    let session = session_of(login, &server, &exchange.url, &args.server, host);
    session::log_in(file, &exchange, session, prints.then_some(output), host)
}

/// Sends a refresh token, and prints the tokens that the server issues for it.
pub(crate) fn refresh(
    args: &ServerArgs,
    token: &TokenArgs,
    framework: Option<Framework>,
    output: TokenOutput<'_>,
    kept: Option<(&SessionFile, &ContinueArgs, &[String])>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let url = server_url(args)?;
    let named = framework.map(asked).transpose()?;
    let variables = variables(args, host)?;
    let extras = extras(args, &variables)?;
    let received = receive(token_request(token, Preference::AnyRefresh), host)?;
    if received.token.len() > token.limit.max_size() {
        return Err(UsageError::TokenTooLarge.into());
    }
    let text = std::str::from_utf8(&received.token)
        .ok()
        .filter(|text| is_token_text(text))
        .ok_or_else(|| UsageError::NotAB64Token { hint: token_hint(&received.token, &received.pasted) })?;
    let detected = DetectedToken::new(text);
    let kind = RequestKind::Refresh {
        is_expired: unverified_exp(text).is_some_and(|exp| exp <= host.now()),
        profile_is_detected: named.is_none(),
    };
    let name = match named {
        Some(name) => name,
        // The user describes the server, so the look of the token says nothing about it.
        None if args.form.refresh_in.is_some() => ReadyServer::Simplejwt,
        None => detected.server,
    };
    let server = description(name, args, output.scheme);
    if let Some((file, kept, words)) = kept {
        let login = SessionLogin {
            grant: SessionGrant::RefreshToken,
            profile: name.name().to_owned(),
            command: command_words("refresh", words),
        };
        let mut session = session_of(login, &server, &url, args, host);
        session.tokens = SessionTokens::with_refresh(text, detected.is_sliding);
        return session::begin(kept, file, session, output, host);
    }
    let grant = Grant::Refresh { token: text, is_shared: detected.is_sliding };
    let exchange =
        TokenExchange { url, name, server: &server, grant, kind, client: None, extras, cookies: &[] };
    exchange_and_print(&exchange, output.format, host)
}

/// Returns a session of a server without its tokens.
fn session_of(
    login: SessionLogin,
    server: &ServerDescription,
    url: &ServerUrl,
    args: &ServerArgs,
    host: &mut Host<'_>,
) -> Session {
    let mut fields = Vec::new();
    for (place, text) in args.field.iter().filter_map(Field::parts) {
        if is_public_field(&place) {
            fields.push(FieldRecord { place, source: FieldSource::Text(text.to_owned()) });
        } else {
            let what =
                format!("--field {} is not kept in the session, since it may be a secret", place.shown());
            host.message(Level::Warning, &what);
            host.message(Level::Hint, "if each refresh needs it, use --field-env");
        }
    }
    let variables = args.field_env.iter().filter_map(Field::parts);
    fields.extend(
        variables.map(|(place, name)| FieldRecord { place, source: FieldSource::Variable(name.to_owned()) }),
    );
    // A refresh has another URL only if the description says so.
    let is_login = login.grant != SessionGrant::RefreshToken;
    let other = server.refresh_url.as_deref().filter(|_| is_login);
    let tokens = other.and_then(|path| url.redirected_to(path).ok());
    let tokens = tokens.as_ref().unwrap_or(url).as_str().to_owned();
    Session {
        version: Session::VERSION,
        serial: 0,
        login,
        server: server.clone(),
        urls: SessionUrls { tokens, revocation: None, issuer: None },
        client: None,
        fields,
        tokens: SessionTokens::default(),
        begun: None,
    }
}

/// Returns the words of a command with these options.
fn command_words(command: &str, options: &[String]) -> Vec<String> {
    ["fob", command].into_iter().map(str::to_owned).chain(options.iter().cloned()).collect()
}

/// Returns the server of a framework.
fn asked(framework: Framework) -> Result<ReadyServer, UsageError> {
    framework.server.ok_or(UsageError::NoServerOfProfile { name: framework.name() })
}

/// Returns the description of a server, with the changes of the user.
fn description(name: ReadyServer, args: &ServerArgs, scheme: Option<&str>) -> ServerDescription {
    let mut server = name.describe();
    let form = &args.form;
    if let Some(body) = form.body {
        (server.body, server.refresh_body) = (body, None);
    }
    if let Some(place) = &form.access_at {
        server.access_at = vec![place.clone()];
    }
    if let Some(place) = &form.refresh_at {
        server.refresh_at = vec![place.clone()];
        // A cookie goes back as a cookie.
        if matches!(place, TokenPlace::Cookie(_)) {
            server.refresh_in = Some(place.clone());
        }
    }
    if let Some(place) = &form.refresh_in {
        (server.refresh_in, server.shared_in) = (Some(place.clone()), None);
    }
    server.csrf = form.csrf.clone().or(server.csrf);
    server.scheme = scheme.map(str::to_owned).or(server.scheme);
    server
}

/// The unverified facts about a refresh token.
struct DetectedToken {
    server: ReadyServer,
    /// True if it is access and refresh token in one.
    is_sliding: bool,
}

impl DetectedToken {
    fn new(text: &str) -> Self {
        let compact = Compact::parse(text.as_bytes(), text.len()).ok();
        let token = compact.as_ref().map(Token::parse);
        match token.as_ref().and_then(|token| Some((token, token.unverified_claims()?))) {
            // In OAuth, tokens are opaque to the client.
            None => Self { server: ReadyServer::Oauth, is_sliding: false },
            Some((token, claims)) => {
                let kind = claims.get("token_type").and_then(|kind| kind.as_str());
                let server = Framework::from(Profile::detect(token, &RefreshMark::Known)).server;
                Self { server: server.unwrap_or(ReadyServer::Simplejwt), is_sliding: kind == Some("sliding") }
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

/// Returns the values of the variables that `--field-env` names.
fn variables(args: &ServerArgs, host: &Host<'_>) -> Result<Vec<Secret>, UsageError> {
    let value = |(place, name): (TokenPlace, &str)| {
        host.secret_variable(name).ok_or_else(|| UsageError::FieldVariableNotSet { place: place.shown() })
    };
    args.field_env
        .iter()
        .map(|field| field.parts().ok_or(UsageError::FieldWithoutName).and_then(value))
        .collect()
}

/// Returns the further values of a request: those of the user's options, and those of variables.
fn extras<'a>(args: &'a ServerArgs, variables: &'a [Secret]) -> Result<Vec<Extra<'a>>, UsageError> {
    let given = args.field.iter().map(|field| field.parts().ok_or(UsageError::FieldWithoutName));
    let kept = args.field_env.iter().zip(variables).map(|(field, value)| {
        let (place, _) = field.parts().ok_or(UsageError::FieldWithoutName)?;
        let value = std::str::from_utf8(value.expose())
            .map_err(|_| UsageError::FieldVariableNotUtf8 { place: place.shown() })?;
        Ok((place, value))
    });
    given.chain(kept).map(|extra| extra.map(|(place, value)| Extra { place, value })).collect()
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
            if let TokenServerFailure::Unusable { arrived, .. } = &error.failure {
                print_arrived(arrived, format, host)?;
            }
            Err(error.into())
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
        RequestKind::LogIn => {
            (ExitStatus::Done, "the server has issued these tokens, but they are lost: log in again")
        }
        RequestKind::Refresh { .. } => (
            ExitStatus::Unjudged,
            "the server has issued these tokens, and may have used up the refresh token: log in again",
        ),
    };
    let text = answer.tokens.to_text(format);
    let written = output::write(host, text.as_bytes(), if_closed);
    warn_of_remarks(&answer.remarks, host);
    let Err(unwritten) = written else { return Ok(ExitStatus::Done) };
    let status = CommandError::from(unwritten).report(ErrorOutput::Nothing, host);
    host.message(Level::Hint, hint);
    Ok(status)
}
