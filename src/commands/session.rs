//! The steps of `pair`, `refresh` and `revoke` with `--session`: a login that a file keeps. The file comes first and the
//! output last, so that no token is lost. Files and locks are in `session`, requests in `client`.

use crate::cli::session::ContinueArgs;
use crate::client::{RequestKind, Server, TokenExchange, TokenServerError, TokenServerFailure};
use crate::commands::session_record::{client_of, extras_of};
use crate::commands::token_output::{TokenOutput, print_arrived, warn_of_remarks};
use crate::core::mint::pair::{AccessCarrier, PairFormat, TokenPair};
use crate::core::oauth::client::ClientAuthentication;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::{Extra, Grant};
use crate::core::oauth::response::{AnswerRemark, TokenAnswer, unverified_exp};
use crate::core::oauth::session::{AccessState, NextGrant, Session};
use crate::core::text::duration::Duration;
use crate::core::text::escape::Shown;
use crate::core::token::numeric_date::NumericDate;
use crate::error::session::of_exchange;
use crate::error::{CommandError, ExitStatus};
use crate::host::server_url::{ServerUrl, UrlPurpose};
use crate::host::{FileLock, Host, Level, ProcessEnd, RequestStep, SignalPatience, StopSignal};
use crate::output;
use crate::session::{Exchange, SessionError, SessionFile, SessionFileError};
use std::ffi::OsString;

/// How much longer an access token must be good, unless the user says otherwise.
const VALID_FOR: Duration = Duration::seconds(30);

/// The variable that tells a process to make the exchange of the process that started it. An option would be offered to users
/// by completions.
const STEP: &str = "FOB_SESSION_STEP";

/// The exchange that a process makes for the one that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExchangeStep {
    /// The first one of a session.
    First,
    /// A later one.
    Next,
}

impl ExchangeStep {
    const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Next => "next",
        }
    }

    fn of_process(host: &Host<'_>) -> Option<Self> {
        let step = (host.env)(STEP)?;
        [Self::First, Self::Next].into_iter().find(|known| step == known.name())
    }
}

/// Logs in, and keeps the login in a file. `session` has everything but the tokens.
pub(crate) fn log_in(
    file: &SessionFile,
    exchange: &TokenExchange<'_>,
    mut session: Session,
    output: Option<TokenOutput<'_>>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let message = exchange.request()?;
    let _lock = file.lock(host)?;
    session.serial = file.recover(host)?.map_or(0, |old| old.serial);
    let (sent, signal) = without_signals(SignalPatience::All, host, |host| {
        let kept = Exchange::begin(file, None, host)?;
        let answer = exchange.send(&message, host).map_err(|error| {
            kept.undo(host);
            Failed::Server(error)
        })?;
        keep(&kept, &session, answer, host)
    });
    let (session, remarks) = match sent {
        Ok(kept) => kept,
        Err(failed) => {
            file.tidy(host);
            return Err(failed.reported(output.map(|output| output.format), CommandError::from, host));
        }
    };
    warn_of_remarks(&remarks, host);
    if let Some(signal) = signal {
        return Ok(signal.into());
    }
    match output {
        Some(output) => print(&session, output, host),
        None => {
            let path = Shown(&file.given.display().to_string()).to_string();
            host.note(&format!("logged in: `fob refresh --session {path}` prints the access token"));
            Ok(ExitStatus::Done)
        }
    }
}

/// Prints the access token of a session. If it is not good for long enough, the server is asked for the next one first.
pub(crate) fn refresh(
    args: &ContinueArgs,
    file: &SessionFile,
    output: TokenOutput<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let valid_for = args.valid_for.unwrap_or(VALID_FOR);
    if let Some(step) = ExchangeStep::of_process(host) {
        return exchange_for_parent(step, file, valid_for, output, host);
    }
    let before = file.read(host)?.ok_or_else(|| file.missing())?;
    if before.tokens.state(now(host), valid_for) == AccessState::Good {
        return print(&before, output, host);
    }
    let mut lock = file.lock(host)?;
    let session = file.recover(host)?.ok_or_else(|| file.missing())?;
    let is_newer = session.serial != before.serial;
    match (session.tokens.state(now(host), valid_for), session.next_grant()) {
        (AccessState::Good, _) => return print(&session, output, host),
        // Another process has just got this token, or there is no way to another one.
        (AccessState::Doubtful, grant) if is_newer || grant == NextGrant::Login => {
            warn_if_short(&session, valid_for, host);
            return print(&session, output, host);
        }
        (_, NextGrant::Login) => {
            return Err(SessionError::NoRefreshToken { login: session.login.command }.into());
        }
        _ => {}
    }
    let words = words(file, valid_for, output, host);
    if let Some(outcome) = run_again(ExchangeStep::Next, &words, &mut lock, host) {
        return outcome;
    }
    exchange_and_print(file, &session, Some(&session), valid_for, output, host)
}

/// Begins a session with the refresh token of another program, which `session` has, and prints the access token.
pub(crate) fn begin(
    args: &ContinueArgs,
    file: &SessionFile,
    mut session: Session,
    output: TokenOutput<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let valid_for = args.valid_for.unwrap_or(VALID_FOR);
    let mut lock = file.lock(host)?;
    session.serial = file.recover(host)?.map_or(0, |old| old.serial);
    file.keep_beginning(&session, host)?;
    let words = words(file, valid_for, output, host);
    if let Some(outcome) = run_again(ExchangeStep::First, &words, &mut lock, host) {
        return outcome;
    }
    let session = file.take_beginning(host)?;
    exchange_and_print(file, &session, None, valid_for, output, host)
}

/// Makes the exchange of another process, which may have been killed meanwhile. That process has passed on its lock, and
/// has decided that the exchange is needed.
fn exchange_for_parent(
    step: ExchangeStep,
    file: &SessionFile,
    valid_for: Duration,
    output: TokenOutput<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    host.processes.leave_foreground();
    let _lock = file.lock(host)?;
    match step {
        ExchangeStep::First => {
            let session = file.take_beginning(host)?;
            exchange_and_print(file, &session, None, valid_for, output, host)
        }
        ExchangeStep::Next => {
            let session = file.recover(host)?.ok_or_else(|| file.missing())?;
            exchange_and_print(file, &session, Some(&session), valid_for, output, host)
        }
    }
}

/// Starts this program once more for the exchange, so that the tokens are kept even if this process is killed. Returns
/// `None` where that is impossible.
fn run_again(
    step: ExchangeStep,
    words: &[OsString],
    lock: &mut FileLock,
    host: &mut Host<'_>,
) -> Option<Result<ExitStatus, CommandError>> {
    let (end, signal) = without_signals(SignalPatience::First, host, |host| {
        host.processes.run_again(words, (STEP, step.name()), lock)
    });
    let outcome = match end? {
        Ok(ProcessEnd::Exited(code)) => {
            let known = ExitStatus::ALL.iter().find(|status| **status as i32 == code);
            Ok(known.copied().unwrap_or(ExitStatus::Unjudged))
        }
        Ok(ProcessEnd::Killed(signal)) => Err(SessionError::ExchangeKilled { signal }.into()),
        Err(error) => Err(SessionError::ExchangeLost(error).into()),
    };
    Some(match (outcome, signal) {
        (Ok(_), Some(signal)) => Ok(signal.into()),
        (outcome, _) => outcome,
    })
}

/// Returns the arguments of the process that makes the exchange. It needs no others: the rest is in the file.
fn words(file: &SessionFile, valid_for: Duration, output: TokenOutput<'_>, host: &Host<'_>) -> Vec<OsString> {
    let (format, _) = output.format.describe();
    let mut path = OsString::from("--session=");
    path.push(&file.given);
    let mut words = vec![OsString::from("refresh"), path];
    words.extend(
        [format!("--valid-for={}s", valid_for.as_seconds()), format!("--format={format}")]
            .map(OsString::from),
    );
    words.extend(output.scheme.map(|scheme| format!("--scheme={scheme}").into()));
    words.extend(host.is_quiet().then(|| "--quiet".into()));
    words.extend(output.errors_as_json.then(|| "--json".into()));
    words
}

/// Asks the server for the next tokens of a session, keeps them, and prints the access token. `kept` is the session in the
/// file.
fn exchange_and_print(
    file: &SessionFile,
    session: &Session,
    kept: Option<&Session>,
    valid_for: Duration,
    output: TokenOutput<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let client = client_of(session, host)?;
    let extras = extras_of(session, host)?;
    let exchange = next_exchange(session, client.as_ref(), &extras, host)?;
    let message = exchange.request()?;
    let (sent, signal) = without_signals(SignalPatience::All, host, |host| {
        let open = Exchange::begin(file, kept.cloned(), host)?;
        match exchange.send(&message, host) {
            Ok(answer) => keep(&open, session, answer, host),
            Err(error) if may_be_used_up(&error) => {
                keep_arrived(&open, session, &error, host);
                Err(Failed::Server(error))
            }
            Err(error) => {
                open.undo(host);
                Err(Failed::Server(error))
            }
        }
    });
    let (session, remarks) = match sent {
        Ok(kept) => kept,
        Err(failed) => {
            file.tidy(host);
            return Err(failed.reported(Some(output.format), |error| of_exchange(error, session), host));
        }
    };
    warn_of_remarks(&remarks, host);
    if let Some(signal) = signal {
        return Ok(signal.into());
    }
    warn_if_short(&session, valid_for, host);
    print(&session, output, host)
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
            return Err(SessionError::NoRefreshToken { login: session.login.command.clone() }.into());
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
fn ready_server(name: &str) -> ReadyServer {
    let known = ReadyServer::ALL.iter().find(|server| server.name() == name);
    known.copied().unwrap_or(ReadyServer::Oauth)
}

/// A failed exchange.
enum Failed {
    /// Nothing was sent.
    File(SessionFileError),
    /// The server issued no tokens that can be used.
    Server(Box<TokenServerError>),
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
        format: Option<PairFormat>,
        of_server: impl FnOnce(Box<TokenServerError>) -> CommandError,
        host: &mut Host<'_>,
    ) -> CommandError {
        let format = format.unwrap_or(PairFormat::Text);
        match self {
            Self::File(error) => error.into(),
            Self::Server(error) => {
                if let TokenServerFailure::Unusable { arrived, .. } = &error.failure
                    && let Err(unwritten) = print_arrived(arrived, format, host)
                {
                    return unwritten;
                }
                of_server(error)
            }
            Self::NotSaved { error, tokens } => {
                // A header has no place for the refresh token.
                let format = if format == PairFormat::Header { PairFormat::Oauth } else { format };
                match output::write(host, tokens.to_text(format).as_bytes(), ExitStatus::Unjudged) {
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
    let TokenAnswer { tokens, cookies, remarks } = answer;
    let next = session.next(tokens.clone(), cookies, now(host));
    match open.finish(&next, host) {
        Ok(()) => Ok((next, remarks)),
        Err(error) => Err(Failed::NotSaved { error, tokens: Box::new(tokens) }),
    }
}

/// Keeps the refresh token of an answer without a usable access token.
fn keep_arrived(open: &Exchange<'_>, session: &Session, error: &TokenServerError, host: &Host<'_>) {
    let TokenServerFailure::Unusable { arrived, cookies, .. } = &error.failure else {
        return open.leave_open(host);
    };
    let is_refresh = |place: &str| session.server.refresh_at.iter().any(|known| known.to_string() == place);
    let Some((_, token)) = arrived.iter().find(|(place, _)| is_refresh(place)) else {
        return open.leave_open(host);
    };
    let mut next = Session { serial: session.serial.saturating_add(1), begun: None, ..session.clone() };
    next.tokens.refresh = Some(token.clone());
    next.tokens.keep_cookies(cookies.clone());
    if open.finish(&next, host).is_err() {
        open.leave_open(host);
    }
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
fn without_signals<'h, T>(
    patience: SignalPatience,
    host: &mut Host<'h>,
    step: impl FnOnce(&mut Host<'h>) -> T,
) -> (T, Option<StopSignal>) {
    host.processes.hold_signals(patience);
    let done = step(host);
    (done, host.processes.release_signals())
}

/// Warns that the access token is not good for as long as the user wants.
fn warn_if_short(session: &Session, valid_for: Duration, host: &mut Host<'_>) {
    let now = now(host);
    if session.tokens.state(now, valid_for) == AccessState::Good {
        return;
    }
    if let Some(expires) = session.tokens.expires.map(NumericDate::from_seconds) {
        host.message(Level::Warning, &format!("the access token expires {}", expires.relative_to(now)));
    }
}

/// Prints the access token alone. The refresh token stays in the file: whatever is printed ends up in logs, and a second
/// program that refreshed would end the session.
fn print(
    session: &Session,
    output: TokenOutput<'_>,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    let mut tokens = session
        .tokens
        .access_pair(now(host))
        .ok_or_else(|| SessionError::NoRefreshToken { login: session.login.command.clone() })?;
    if let Some(scheme) = output.scheme {
        tokens.carrier = AccessCarrier::Scheme(scheme.to_owned());
    }
    if output.format == PairFormat::Text {
        tokens.stated.id_token = None;
    }
    output::write(host, tokens.to_text(output.format).as_bytes(), ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}

/// Returns the real time: `--at` makes no token of a server younger.
fn now(host: &Host<'_>) -> NumericDate {
    (host.clock)()
}
