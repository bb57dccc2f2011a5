//! `revoke --session`: ends a login at its server, and removes the file. The server comes first: while it has not answered,
//! the file stays.

use crate::client::{RequestKind, Revocation, Server};
use crate::commands::session_exchange::{next_tokens, now, ready_server};
use crate::commands::session_record::{client_of, extras_of};
use crate::core::json::{Member, Value};
use crate::core::mint::pair::PairFormat;
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::response::unverified_exp;
use crate::core::oauth::server::{RevokedToken, TokenPlace};
use crate::core::oauth::session::{NextGrant, Session};
use crate::core::oauth::session_tokens::AccessState;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Shown;
use crate::core::token::numeric_date::NumericDate;
use crate::error::network::status_text;
use crate::error::session::of_request;
use crate::error::{CommandError, ErrorKind, ExitStatus};
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, Level};
use crate::output::{self, Syntax};
use crate::session::{SessionError, SessionFile};
use std::path::Path;

/// How long an access token must be good to log out with it.
const LOG_OUT_TIME: Duration = Duration::seconds(10);

/// The parts of the request that the user names. All others are in the file.
pub(crate) struct NamedEnd<'a> {
    /// The URL that ends sessions.
    pub(crate) url: Option<&'a str>,
    /// Where the request has the token.
    pub(crate) token_in: Option<TokenPlace>,
}

/// Ends the session in a file.
pub(crate) fn log_out(
    path: &Path,
    named: NamedEnd<'_>,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let file = SessionFile::locate(path, host)?;
    let url = named.url.map(|url| ServerUrl::parse(url, UrlPurpose::Tokens)).transpose()?;
    file.read(host)?.ok_or_else(|| file.missing())?;
    let _lock = file.lock(host)?;
    let session = file.require(host)?;
    let answer = end(&file, session, url, named.token_in, host)?;
    file.remove(host)?;
    print(&file, &answer, json, host)
}

/// The answer of the server to the end of a session.
enum Ending {
    /// It has no request that ends a session.
    NotAsked,
    /// It accepted the request, with this status.
    Accepted { url: ServerUrl, status: u16, answers_alike: bool },
    /// It no longer accepted the tokens of the session.
    Refused,
}

/// Asks the server to end the session.
fn end(
    file: &SessionFile,
    session: Session,
    named: Option<ServerUrl>,
    token_in: Option<TokenPlace>,
    host: &mut Host<'_>,
) -> Result<Ending, CommandError> {
    let Some(rule) = session.server.revocation.clone() else {
        host.message(
            Level::Warning,
            "this server has no request that ends a session: only the file is removed",
        );
        return Ok(Ending::NotAsked);
    };
    let url = match (named, &session.urls.revocation) {
        (Some(url), _) => url,
        (None, Some(url)) => ServerUrl::parse(url, UrlPurpose::Tokens)?,
        (None, None) => return Err(SessionError::NoRevocationUrl { path: file.given.clone() }.into()),
    };
    let is_access_needed = rule.authorized || rule.token == RevokedToken::Access;
    let session = if is_access_needed { with_good_access(file, session, host) } else { Ok(session) };
    let mut session = match session {
        Ok(session) => session,
        Err(error) => return refused_or(error, host),
    };
    // Only now, so that the file does not keep the place.
    if let (Some(place), Some(rule)) = (token_in, &mut session.server.revocation) {
        rule.token_in = Some(place);
    }
    let tokens = &session.tokens;
    let access = tokens.access.as_deref().map(|token| (token, TokenRole::Access));
    let refresh = tokens.refresh.as_deref().map(|token| (token, TokenRole::Refresh));
    let ended: Vec<(&str, TokenRole)> = match rule.token {
        RevokedToken::Access => access.into_iter().collect(),
        // Without a refresh token, there is only the access token to end.
        RevokedToken::Refresh => refresh.or(access).into_iter().collect(),
        RevokedToken::Each => refresh.into_iter().chain(access).collect(),
    };
    let mut last = Ending::NotAsked;
    for (token, role) in ended {
        last = match send(&session, url.clone(), token, role, host) {
            Ok(ending) => ending,
            Err(error) => refused_or(error, host)?,
        };
    }
    if !is_access_needed {
        note_access(&session, host);
    }
    Ok(last)
}

/// Returns the session with an access token that the server still accepts.
fn with_good_access(
    file: &SessionFile,
    session: Session,
    host: &mut Host<'_>,
) -> Result<Session, CommandError> {
    let is_bad = session.tokens.state(now(host), LOG_OUT_TIME) != AccessState::Good
        && (session.tokens.expires.is_some() || session.tokens.access.is_none());
    if !is_bad || session.next_grant() == NextGrant::Login {
        return Ok(session);
    }
    next_tokens(file, &session, Some(&session), PairFormat::Text, host).map(|(session, _)| session)
}

/// Sends one token to end its use.
fn send(
    session: &Session,
    url: ServerUrl,
    token: &str,
    role: TokenRole,
    host: &mut Host<'_>,
) -> Result<Ending, CommandError> {
    // An assertion of the client can be used once.
    let client = client_of(session, host)?;
    let extras = extras_of(session, host)?;
    let is_expired = unverified_exp(token).is_some_and(|exp| exp <= now(host));
    let server = Server {
        url: url.clone(),
        name: ready_server(&session.login.profile),
        description: &session.server,
        client: client.as_ref(),
        extras: &extras,
        cookies: &session.tokens.cookies,
    };
    let kind = RequestKind::Revoke { is_expired, profile_is_detected: false };
    let access = session.tokens.access.as_deref();
    let revocation = Revocation { server, token, role: Some(role), access, kind };
    let message = revocation.request()?;
    let status = revocation.send(&message, host).map_err(|error| of_request(error, session))?;
    Ok(Ending::Accepted { url, status, answers_alike: session.server.answers_alike() })
}

/// Returns how a session ended whose tokens the server refused: it is over already. All other errors stay errors.
fn refused_or(error: CommandError, host: &mut Host<'_>) -> Result<Ending, CommandError> {
    if !matches!(error.kind(), ErrorKind::Rejected | ErrorKind::TimeOnly) {
        return Err(error);
    }
    host.message(Level::Warning, &format!("the server no longer accepts the session: {error}"));
    Ok(Ending::Refused)
}

/// Says that an access token may stay good: services that judge it themselves do not ask the server.
fn note_access(session: &Session, host: &mut Host<'_>) {
    let now = now(host);
    if let Some(expires) =
        session.tokens.expires.map(NumericDate::from_seconds).filter(|expires| *expires > now)
    {
        let text = format!(
            "services that do not ask the server can accept the access token until it expires {}",
            expires.relative_to(now)
        );
        host.message(Level::Hint, &text);
    }
}

/// Prints what became of the session.
fn print(
    file: &SessionFile,
    ending: &Ending,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let path = Shown(&file.given.display().to_string()).to_string();
    if json {
        let (server, status) = match ending {
            Ending::Accepted { url, status, .. } => {
                (Value::string(url.as_str()), Value::integer(i64::from(*status)))
            }
            Ending::NotAsked | Ending::Refused => (Value::Null, Value::Null),
        };
        let members = vec![
            Member::new("server", server),
            Member::new("status", status),
            Member::new("accepted", Value::Bool(matches!(ending, Ending::Accepted { .. }))),
            Member::new("removed", Value::string(path)),
        ];
        output::line_as(host, Syntax::Json, &Value::Object(members).to_string(), ExitStatus::Done)?;
    } else if !host.is_quiet() {
        let text = match ending {
            Ending::Accepted { status, .. } => {
                format!(
                    "logged out: the server accepted the request ({}); {path} is removed",
                    status_text(*status)
                )
            }
            Ending::NotAsked | Ending::Refused => format!("{path} is removed"),
        };
        output::line(host, &text, ExitStatus::Done)?;
    }
    if matches!(ending, Ending::Accepted { answers_alike: true, .. }) {
        host.message(
            Level::Hint,
            "a server answers the same if it does not know the token (RFC 7009 section 2.2)",
        );
    }
    Ok(ExitStatus::Done)
}
