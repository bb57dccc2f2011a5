//! One exchange of a session: asks the server, and keeps the tokens before anything is printed, so that none is lost.

use crate::client::{RequestKind, Server, TokenExchange, TokenServerError, TokenServerFailure};
use crate::commands::session_record::{client_of, extras_of};
use crate::commands::token_output::{print_arrived, warn_of_remarks, write_tokens};
use crate::core::mint::pair::{PairFormat, TokenPair};
use crate::core::oauth::client::ClientAuthentication;
use crate::core::oauth::message::RequestMessage;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::{Extra, Grant};
use crate::core::oauth::response::{AnswerRemark, TokenAnswer, unverified_exp};
use crate::core::oauth::session::{NextGrant, Session};
use crate::core::token::numeric_date::NumericDate;
use crate::error::session::of_request;
use crate::error::{CommandError, ExitStatus};
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{Host, RequestStep, SignalPatience, StopSignal};
use crate::session::{Exchange, SessionError, SessionFile, SessionFileError};

/// The next session, which is in its file, and the first signal that arrived while it was written.
pub(crate) type Exchanged = (Session, Option<StopSignal>);

/// Logs in, and keeps the tokens. `session` has everything but them.
pub(crate) fn first_tokens(
    file: &SessionFile,
    session: &Session,
    exchange: &TokenExchange<'_>,
    message: &RequestMessage,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<Exchanged, CommandError> {
    let (kept, signal) = without_signals(SignalPatience::All, host, |host| {
        let open = Exchange::begin(file, None, host)?;
        let answer = exchange.send(message, host).map_err(|error| {
            open.undo(host);
            Failed::Server { error, is_kept: false }
        })?;
        keep(&open, session, answer, host)
    });
    reported(kept, file, format, CommandError::from, host).map(|session| (session, signal))
}

/// Asks the server for the next tokens of a session, and keeps them. `kept` is the session in the file. The format is that
/// of tokens which cannot be kept.
pub(crate) fn next_tokens(
    file: &SessionFile,
    session: &Session,
    kept: Option<&Session>,
    format: PairFormat,
    host: &mut Host<'_>,
) -> Result<Exchanged, CommandError> {
    let client = client_of(session, host)?;
    let extras = extras_of(session, host)?;
    let exchange = next_exchange(session, client.as_ref(), &extras, host)?;
    let message = exchange.request()?;
    let (next, signal) = without_signals(SignalPatience::All, host, |host| {
        let open = Exchange::begin(file, kept.cloned(), host)?;
        let error = match exchange.send(&message, host) {
            Ok(answer) => return keep(&open, session, answer, host),
            Err(error) => error,
        };
        let is_kept = keep_arrived(&open, session, &error, host);
        match () {
            () if is_kept => {}
            () if may_be_used_up(&error) => open.leave_open(host),
            () => open.undo(host),
        }
        Err(Failed::Server { error, is_kept })
    });
    let next = reported(next, file, format, |error| of_request(error, session), host)?;
    Ok((next, signal))
}

/// Reports the oddities of an answer, or the failure of an exchange.
fn reported(
    next: Result<(Session, Vec<AnswerRemark>), Failed>,
    file: &SessionFile,
    format: PairFormat,
    of_server: impl FnOnce(Box<TokenServerError>) -> CommandError,
    host: &mut Host<'_>,
) -> Result<Session, CommandError> {
    match next {
        Ok((session, remarks)) => {
            warn_of_remarks(&remarks, host);
            Ok(session)
        }
        Err(failed) => {
            file.tidy(host);
            Err(failed.reported(format, of_server, host))
        }
    }
}

/// Returns the exchange that gets the next tokens of a session.
fn next_exchange<'a>(
    session: &'a Session,
    client: Option<&'a ClientAuthentication>,
    extras: &'a [Extra],
    host: &Host<'_>,
) -> Result<TokenExchange<'a>, CommandError> {
    let (grant, kind) = match session.next_grant() {
        NextGrant::Refresh { token, is_shared } => {
            let is_expired = unverified_exp(token).is_some_and(|exp| exp <= now(host));
            (
                Grant::Refresh { token, is_shared },
                RequestKind::Refresh { is_expired, profile_is_detected: false },
            )
        }
        NextGrant::ClientCredentials => (Grant::ClientCredentials, RequestKind::ClientCredentials),
        NextGrant::Login => {
            return Err(SessionError::NoRefreshToken { login: session.login.clone() }.into());
        }
    };
    let server = Server {
        url: ServerUrl::parse(&session.urls.tokens, UrlPurpose::Tokens)?,
        name: ready_server(&session.login.profile),
        description: &session.server,
        client,
        extras,
        cookies: &session.tokens.cookies,
    };
    Ok(TokenExchange { server, grant, kind })
}

/// Returns the server with this name, for messages.
pub(crate) fn ready_server(name: &str) -> ReadyServer {
    let known = ReadyServer::ALL.iter().find(|server| server.name() == name);
    known.copied().unwrap_or(ReadyServer::Oauth)
}

/// A failed exchange.
enum Failed {
    /// Nothing was sent.
    File(SessionFileError),
    /// The server issued no tokens that can be used.
    Server {
        error: Box<TokenServerError>,
        /// True if a refresh token arrived all the same, and is in the file.
        is_kept: bool,
    },
    /// The tokens arrived, but they are not in the file.
    NotSaved { error: SessionFileError, tokens: Box<TokenPair> },
}

impl From<SessionFileError> for Failed {
    fn from(error: SessionFileError) -> Self {
        Self::File(error)
    }
}

impl Failed {
    /// Prints the tokens that arrived, and returns the error.
    fn reported(
        self,
        format: PairFormat,
        of_server: impl FnOnce(Box<TokenServerError>) -> CommandError,
        host: &mut Host<'_>,
    ) -> CommandError {
        match self {
            Self::File(error) => error.into(),
            Self::Server { error, is_kept } => {
                let others: Vec<(String, String)> = match &error.failure {
                    TokenServerFailure::Unusable { arrived, .. } => {
                        // The refresh token in the file is of no use to another program.
                        let kept = arrived.refresh.as_ref().filter(|_| is_kept);
                        arrived.all.iter().filter(|(_, token)| Some(token) != kept).cloned().collect()
                    }
                    _ => Vec::new(),
                };
                print_arrived(&others, of_server(error), format, host)
            }
            Self::NotSaved { error, tokens } => {
                // A header has no place for the refresh token.
                let format = if format == PairFormat::Header { PairFormat::Oauth } else { format };
                match write_tokens(host, &tokens, format, ExitStatus::Unjudged) {
                    Ok(()) => CommandError::from(error).documented(),
                    Err(unwritten) => unwritten.into(),
                }
            }
        }
    }
}

/// Keeps the tokens of an answer. Returns the next session, and the oddities of the answer.
fn keep(
    open: &Exchange<'_>,
    session: &Session,
    answer: TokenAnswer,
    host: &Host<'_>,
) -> Result<(Session, Vec<AnswerRemark>), Failed> {
    let TokenAnswer { tokens, cookies, found_refresh_at, mut remarks } = answer;
    let mut next = session.next(tokens.clone(), cookies, now(host));
    let usual = ready_server(&session.login.profile).describe().refresh_in;
    // The user may have named another place.
    if let Some(place) = found_refresh_at
        && usual == session.server.refresh_in
    {
        next.server.return_refresh_to(place);
    }
    // The session sends the cookie back by itself.
    remarks.retain(|remark| !matches!(remark, AnswerRemark::RefreshInCookie { .. }));
    match open.finish(&next, host) {
        Ok(()) => Ok((next, remarks)),
        Err(error) => Err(Failed::NotSaved { error, tokens: Box::new(tokens) }),
    }
}

/// Keeps the refresh token of an answer without a usable access token. Returns whether there is one.
fn keep_arrived(open: &Exchange<'_>, session: &Session, error: &TokenServerError, host: &Host<'_>) -> bool {
    let TokenServerFailure::Unusable { arrived, cookies, .. } = &error.failure else { return false };
    let Some(token) = &arrived.refresh else { return false };
    let mut next = Session { serial: session.serial.saturating_add(1), begun: None, ..session.clone() };
    next.tokens.refresh = Some(token.clone());
    next.tokens.keep_cookies(cookies.clone());
    open.finish(&next, host).is_ok()
}

/// Returns whether the server may have used up the refresh token although no tokens arrived.
const fn may_be_used_up(error: &TokenServerError) -> bool {
    match &error.failure {
        TokenServerFailure::Unreachable(error) => {
            matches!(error.step, RequestStep::Time | RequestStep::Size | RequestStep::Http)
        }
        TokenServerFailure::Unusable { .. } => true,
        TokenServerFailure::ErrorResponse { status, .. } => *status >= 500,
        TokenServerFailure::RedirectWithoutLocation { .. }
        | TokenServerFailure::ForbiddenRedirect { .. }
        | TokenServerFailure::Redirect { .. } => false,
    }
}

/// Does something that SIGINT and SIGTERM must not cut short. Returns the first signal that arrived meanwhile, too.
pub(crate) fn without_signals<'h, T>(
    patience: SignalPatience,
    host: &mut Host<'h>,
    step: impl FnOnce(&mut Host<'h>) -> T,
) -> (T, Option<StopSignal>) {
    host.processes.hold_signals(patience);
    let done = step(host);
    (done, host.processes.release_signals())
}

/// Returns the real time: `--at` makes no token of a server younger.
pub(crate) fn now(host: &Host<'_>) -> NumericDate {
    (host.clock)()
}
