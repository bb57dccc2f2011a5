//! `pair --session` and `refresh --session`: a login that a file keeps. Decides when the server is asked and by which process,
//! and prints the access token.

use crate::cli::session::ContinueArgs;
use crate::client::TokenExchange;
use crate::commands::session_exchange::{first_tokens, next_tokens, now, without_signals};
use crate::commands::token_output::{TokenOutput, write_tokens};
use crate::core::mint::pair::{AccessCarrier, PairFormat};
use crate::core::oauth::session::{NextGrant, Session};
use crate::core::oauth::session_tokens::AccessState;
use crate::core::text::duration::Duration;
use crate::core::text::shell::option;
use crate::core::token::numeric_date::NumericDate;
use crate::error::{CommandError, ExitStatus};
use crate::host::{FileLock, Host, Level, ProcessEnd, SignalPatience};
use crate::session::{SessionError, SessionFile};
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
    let format = output.map_or(PairFormat::Text, |output| output.format);
    let (session, signal) = first_tokens(file, &session, exchange, &message, format, host)?;
    if let Some(signal) = signal {
        return Ok(signal.into());
    }
    match output {
        Some(output) => print(&session, output, host),
        None => {
            let session = option("--session", &file.given.to_string_lossy());
            host.note(&format!("logged in: `fob refresh {session}` prints the access token"));
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
    let session = file.require(host)?;
    let is_newer = session.serial != before.serial;
    match (session.tokens.state(now(host), valid_for), session.next_grant()) {
        (AccessState::Good, _) => return print(&session, output, host),
        // Another process has just got this token, or there is no way to another one.
        (AccessState::Doubtful, grant) if is_newer || grant == NextGrant::Login => {
            warn_if_short(&session, valid_for, host);
            return print(&session, output, host);
        }
        // It has expired by the clock of this machine. Each further token would, too.
        (AccessState::Bad, _) if is_newer && session.tokens.has_just_arrived(now(host)) => {
            warn_if_short(&session, valid_for, host);
            return print(&session, output, host);
        }
        (_, NextGrant::Login) => {
            return Err(SessionError::NoRefreshToken { login: session.login }.into());
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
    host.forbid_prompts();
    let _lock = file.lock(host)?;
    match step {
        ExchangeStep::First => {
            let session = file.take_beginning(host)?;
            exchange_and_print(file, &session, None, valid_for, output, host)
        }
        ExchangeStep::Next => {
            let session = file.require(host)?;
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
    let color = host.color().name();
    words.push(format!("--color={color}").into());
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
    let (session, signal) = next_tokens(file, session, kept, output.format, host)?;
    if let Some(signal) = signal {
        return Ok(signal.into());
    }
    warn_if_short(&session, valid_for, host);
    print(&session, output, host)
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
        .ok_or_else(|| SessionError::NoRefreshToken { login: session.login.clone() })?;
    if let Some(scheme) = output.scheme {
        tokens.carrier = AccessCarrier::Scheme(scheme.to_owned());
    }
    if output.format == PairFormat::Text {
        tokens.stated.id_token = None;
    }
    write_tokens(host, &tokens, output.format, ExitStatus::Done)?;
    Ok(ExitStatus::Done)
}
