//! Text and hints of the errors of sessions.

use super::input::system_text;
use super::{CommandError, ErrorKind};
use crate::client::{RequestKind, TokenServerError};
use crate::core::oauth::session::{Session, SessionFormatError, SessionGrant, SessionLogin};
use crate::core::text::escape::excerpt;
use crate::core::text::shell::{option, word};
use crate::host::ResolvedKind;
use crate::session::{SessionError, SessionFault, SessionFileError};
use std::fmt;

impl fmt::Display for SessionFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            SessionFault::Dash => f.write_str("a session is kept in a file, not in a stream"),
            SessionFault::Missing => write!(f, "there is no session in {path}: no such file"),
            SessionFault::NotAFile(ResolvedKind::Folder) => {
                write!(f, "{path} is a folder, not a session file")
            }
            SessionFault::NotAFile(ResolvedKind::BrokenLink) => {
                write!(f, "{path} is a symbolic link that leads nowhere")
            }
            SessionFault::NotAFile(_) => write!(f, "{path} is a pipe or a device, not a session file"),
            SessionFault::Unreadable(error) => {
                write!(f, "cannot read the session in {path}: {}", system_text(error))
            }
            SessionFault::Foreign => {
                write!(f, "the session in {path} is not used, since another user can change it")
            }
            SessionFault::TooLarge => write!(f, "{path} is not a session file: it is too large"),
            SessionFault::Format(SessionFormatError::NotASession) => {
                write!(f, "{path} is not a session file")
            }
            SessionFault::Format(error) => write!(f, "the session in {path} cannot be used: {error}"),
            SessionFault::NotLockable(error) => write!(f, "cannot lock the session in {path}: {error}"),
            SessionFault::Busy { seconds } => {
                write!(f, "another process has used the session in {path} for {seconds} seconds")
            }
            SessionFault::NoRoom(error) => {
                write!(f, "nothing was sent, since {path} cannot be written: {error}")
            }
            SessionFault::NotRemoved(error) => {
                write!(f, "the session is over, but {path} cannot be removed: {error}")
            }
            SessionFault::NotSaved(error) => {
                write!(f, "the server has issued tokens, but they cannot be written to {path}: {error}")
            }
        }
    }
}

impl std::error::Error for SessionFileError {}

impl From<SessionFileError> for CommandError {
    fn from(error: SessionFileError) -> Self {
        let session = option("--session", &error.path.to_string_lossy());
        let hint = match &error.fault {
            SessionFault::Missing => Some(format!("log in with `fob pair --from URL --user NAME {session}`")),
            SessionFault::Dash
            | SessionFault::NotAFile(_)
            | SessionFault::TooLarge
            | SessionFault::Format(SessionFormatError::NotASession) => {
                Some("use --session with the path of a session file, or of a new file".to_owned())
            }
            SessionFault::Foreign => Some("log in again with --session and a new file".to_owned()),
            SessionFault::Format(SessionFormatError::OtherVersion { .. }) => Some(
                "use the release of fob that wrote it, or log in again with --session and a new file"
                    .to_owned(),
            ),
            SessionFault::Format(_) => Some("move the file away, and log in again".to_owned()),
            SessionFault::NotSaved(_) => Some(
                "keep the tokens on standard output: the refresh token in the file may be used up".to_owned(),
            ),
            SessionFault::Busy { .. } => Some("try again, or end that process".to_owned()),
            SessionFault::NotLockable(_) | SessionFault::NoRoom(_) => {
                Some("a session needs a folder that can be written, and some room on its disk".to_owned())
            }
            SessionFault::Unreadable(_) | SessionFault::NotRemoved(_) => None,
        };
        Self::new(ErrorKind::Unjudged, error).with_optional_hint(hint)
    }
}

impl fmt::Display for SessionFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "it is {error}"),
            Self::NotASession => f.write_str("it is not a session"),
            Self::OtherVersion { found } => {
                write!(f, "it has version {} of the format, but this release knows version 1", excerpt(found))
            }
            Self::Duplicate { pointer } => write!(f, "it has {} more than once", excerpt(pointer)),
            Self::UnknownMember { name } => write!(f, "it has the unknown member `{}`", excerpt(name)),
            Self::MissingMember { name } => write!(f, "it has no member `{}`", excerpt(name)),
            Self::UnsendableValue { pointer } => {
                write!(f, "the value at {pointer} has characters that no request can have")
            }
            Self::InvalidValue { line } => write!(f, "line {line} has a value that cannot be right"),
        }
    }
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRefreshToken { .. } => {
                f.write_str("the access token has expired, and the server gave no refresh token")
            }
            Self::VariableNotSet { name } => {
                write!(f, "the session needs the environment variable {name}, which is not set")
            }
            Self::NoRevocationUrl { .. } => {
                f.write_str("the session does not know the URL where its server ends sessions")
            }
            Self::ExchangeKilled { signal } => {
                write!(f, "the process that asked the server was ended by signal {signal}")
            }
            Self::ExchangeLost(error) => {
                write!(f, "the process that asks the server cannot be awaited: {error}")
            }
        }
    }
}

impl std::error::Error for SessionError {}

impl From<SessionError> for CommandError {
    fn from(error: SessionError) -> Self {
        let (kind, hint) = match &error {
            SessionError::VariableNotSet { .. } => return Self::new(ErrorKind::Unjudged, error),
            SessionError::NoRefreshToken { login } => (ErrorKind::TimeOnly, log_in_again(login)),
            SessionError::NoRevocationUrl { path } => (
                ErrorKind::Unjudged,
                format!(
                    "name its revocation endpoint: `fob revoke {} --from URL`",
                    option("--session", &path.to_string_lossy())
                ),
            ),
            SessionError::ExchangeKilled { .. } | SessionError::ExchangeLost(_) => {
                (ErrorKind::Unjudged, "run the command again".to_owned())
            }
        };
        Self::new(kind, error).with_hint(hint)
    }
}

/// Returns the error of a request in a session. If the server refused the grant, the hint is the command that logs in again.
/// Options that other hints name belong to that command, too, since the session has none.
pub(crate) fn of_request(error: Box<TokenServerError>, session: &Session) -> CommandError {
    let mut error = error;
    error.request.is_of_session = true;
    let is_revocation = matches!(error.request.kind, RequestKind::Revoke { .. });
    let mut error = CommandError::from(error);
    let login = &session.login;
    // `revoke --session` takes these two.
    let is_of_login = |hint: &String| {
        hint.contains("--") && !(is_revocation && (hint.contains("--from") || hint.contains("--token-in")))
    };
    if matches!(error.kind, ErrorKind::Rejected | ErrorKind::TimeOnly) {
        error.hints.clear();
        if session.begun.is_some() {
            error.hints.push(
                "an earlier exchange was cut short: the server may have used up the refresh token then"
                    .to_owned(),
            );
        }
        error.hints.push(log_in_again(login));
    } else if error.hints.iter().any(is_of_login) {
        let command = shell_words(&login.command);
        error.hints.push(format!("add the option to the command that began the session: `{command}`"));
    }
    error
}

/// Returns the hint with the command that logs in again.
fn log_in_again(login: &SessionLogin) -> String {
    let command = shell_words(&login.command);
    match login.grant {
        SessionGrant::Password | SessionGrant::ClientCredentials => format!("log in again: `{command}`"),
        SessionGrant::RefreshToken => {
            format!("log in again with the other program, and give its new refresh token to `{command}`")
        }
    }
}

/// Returns words as a shell reads them.
fn shell_words(words: &[String]) -> String {
    words.iter().map(|text| word(text)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_of_a_login_can_be_pasted_into_a_shell() {
        let words = ["fob", "pair", "--user", "o'neill & co", "--field", ""].map(str::to_owned);
        assert_eq!(shell_words(&words), r"fob pair --user 'o'\''neill & co' --field ''");
    }
}
