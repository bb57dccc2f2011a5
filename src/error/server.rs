//! Text and hints of the errors of token servers.

use super::network::{status_text, step_name};
use super::{CommandError, ErrorKind};
use crate::client::authentication::ClientError;
use crate::client::{RequestKind, TokenServerError, TokenServerFailure};
use crate::core::oauth::error_response::GrantVerdict;
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::request::RequestFault;
use crate::core::oauth::response::{AnswerRemark, TokenResponseError};
use crate::core::text::escape::{beginning, excerpt};
use crate::keys::KeyLoadError;
use std::fmt;

impl fmt::Display for TokenServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The size limit of what is repeated from an answer, in characters.
        const MAXIMUM: usize = 400;
        let action = match self.request.kind {
            RequestKind::LogIn => "log in",
            RequestKind::ClientCredentials => "get a token",
            RequestKind::Refresh { .. } => "refresh",
            RequestKind::Revoke { .. } => "revoke the token",
        };
        let (step, detail) = self.failure.step_and_detail();
        write!(f, "cannot {action} at {}: {step}: {}", self.url, beginning(&detail, MAXIMUM))
    }
}

impl std::error::Error for TokenServerError {}

impl From<Box<TokenServerError>> for CommandError {
    fn from(error: Box<TokenServerError>) -> Self {
        let (kind, hints) = (error.kind(), error.hints());
        hints.into_iter().fold(Self::new(kind, *error), Self::with_hint)
    }
}

impl fmt::Display for RequestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { place } => write!(f, "the member `{place}` would be sent twice"),
            Self::Unsendable { name } => {
                write!(
                    f,
                    "the value for `{name}` cannot be sent: it has characters that end a header field or a cookie"
                )
            }
            Self::Reserved { name } => write!(f, "fob writes the header field {name} itself"),
            Self::NestedInForm { place } => {
                write!(f, "a form has no member inside others, so {place} cannot be sent")
            }
            Self::Place(error) => write!(f, "{error}"),
            Self::NoRefresh => f.write_str("servers of this profile issue no refresh tokens"),
            Self::NoGrantTypes => f.write_str("servers of this profile have no grant for a client alone"),
            Self::NoRevocation => f.write_str("servers of this profile have no request that ends a session"),
        }
    }
}

impl From<ClientError> for CommandError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Secret(error) => error.into(),
            ClientError::Key(error) => of_client_key(error),
            ClientError::Sign(error) => error.into(),
            ClientError::Host(error) => error.into(),
            error @ (ClientError::EmptySecret | ClientError::SecretNotUtf8 | ClientError::NoKeyFile) => {
                Self::new(ErrorKind::Unjudged, error)
            }
        }
    }
}

/// Returns the error of a client's key. The hints on other keys name options that do not go with a server.
fn of_client_key(error: KeyLoadError) -> CommandError {
    const HINT: &str = "--client-key takes the path of a private key; for the secret of a client, use --client-secret-file or \
        --client-secret-env";
    let is_about_password = matches!(error, KeyLoadError::Password(_) | KeyLoadError::Locked { .. });
    let mut error = match error {
        KeyLoadError::NoKeyFile { .. } | KeyLoadError::TextAsPath(_) | KeyLoadError::TokenAsPath { .. } => {
            CommandError::new(ErrorKind::Unjudged, ClientError::NoKeyFile)
        }
        error => error.into(),
    };
    if !is_about_password {
        error.hints.clear();
        error.hints.push(HINT.to_owned());
    }
    error
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptySecret => f.write_str("the secret of the client is empty"),
            Self::SecretNotUtf8 => f.write_str("the secret of the client is not UTF-8 text"),
            Self::NoKeyFile => f.write_str("--client-key names no file (its argument is not shown)"),
            // The texts of the others are their own.
            Self::Secret(_) | Self::Key(_) | Self::Sign(_) | Self::Host(_) => {
                f.write_str("the client has no proof of its identity")
            }
        }
    }
}

impl std::error::Error for ClientError {}

impl std::error::Error for RequestFault {}

impl From<RequestFault> for CommandError {
    fn from(fault: RequestFault) -> Self {
        let hint = match &fault {
            RequestFault::Duplicate { .. } => {
                Some("give --field only names that --profile does not send itself")
            }
            RequestFault::NestedInForm { .. } => Some("send JSON with --body json"),
            RequestFault::NoRefresh => {
                Some("log in again with `fob pair --from`, or say where the token goes with --refresh-in")
            }
            RequestFault::NoGrantTypes => Some("use --profile oauth, or leave --grant out"),
            RequestFault::NoRevocation => Some("choose another with --profile"),
            RequestFault::Unsendable { .. } | RequestFault::Reserved { .. } | RequestFault::Place(_) => None,
        };
        Self::new(ErrorKind::Unjudged, fault).with_optional_hint(hint.map(str::to_owned))
    }
}

impl TokenServerFailure {
    fn step_and_detail(&self) -> (&'static str, String) {
        match self {
            Self::Unreachable(error) => (step_name(error.step), error.detail.clone()),
            Self::RedirectWithoutLocation { status } => {
                ("redirect", format!("the response has status {} but no Location", status_text(*status)))
            }
            Self::ForbiddenRedirect { status, error } => {
                ("redirect", format!("{}: {error}", status_text(*status)))
            }
            Self::Redirect { status, to, .. } => {
                ("redirect", format!("{} leads to {to}, but a POST is not redirected", status_text(*status)))
            }
            Self::Unusable { error, .. } => {
                let step = match error {
                    TokenResponseError::Json(_)
                    | TokenResponseError::NotAnObject { .. }
                    | TokenResponseError::Duplicate { .. } => "JSON",
                    _ => "no token",
                };
                (step, error.to_string())
            }
            Self::ErrorResponse { status, text, .. } if text.is_empty() => ("status", status_text(*status)),
            Self::ErrorResponse { status, text, .. } => {
                ("status", format!("{}: {text}", status_text(*status)))
            }
        }
    }
}

impl TokenServerError {
    const fn kind(&self) -> ErrorKind {
        match self.failure {
            TokenServerFailure::ErrorResponse { verdict: GrantVerdict::Expired, .. } => ErrorKind::TimeOnly,
            TokenServerFailure::ErrorResponse { verdict: GrantVerdict::Rejected, .. } => ErrorKind::Rejected,
            _ => ErrorKind::Unjudged,
        }
    }
}

impl fmt::Display for TokenResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "the answer is {error}"),
            Self::NotAnObject { found } => write!(f, "the answer is {found}, not an object"),
            Self::Duplicate { pointer } => write!(f, "the answer has {pointer} more than once"),
            Self::NoToken { expected, found, .. } if found.is_empty() => {
                write!(f, "the answer has no {expected}: it is an empty object")
            }
            Self::NoToken { expected, found, .. } => {
                write!(f, "the answer has no {expected}, only {}", found.join(", "))
            }
            Self::NotAString { name, found } => write!(f, "{name} is {found}, not a string"),
            Self::Ambiguous { role, places } => {
                let role = match role {
                    TokenRole::Access => "access",
                    TokenRole::Refresh => "refresh",
                };
                let places: Vec<String> = places.iter().map(ToString::to_string).collect();
                write!(f, "the answer has several {role} tokens: {}", places.join(", "))
            }
            Self::NotAToken { name } => write!(f, "{name} is not a token (RFC 6750 section 2.1)"),
        }
    }
}

impl fmt::Display for AnswerRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { pointer } => write!(f, "the answer has {} more than once", excerpt(pointer)),
            Self::NoTokenType => f.write_str("the answer has no token_type (RFC 6749 section 5.1)"),
            Self::OtherTokenType { found } => {
                write!(f, "the tokens have type {}, expected Bearer", excerpt(found))
            }
            Self::OddMember { name, found } => {
                write!(f, "{} of the answer is {found}, so it is left out", excerpt(name))
            }
            Self::OtherToken { used, other } => {
                let (used, other) = (excerpt(used), excerpt(&other.shown()));
                write!(f, "the access token is from {used}, but {other} has another one")
            }
            Self::RefreshInCookie { name } => {
                write!(f, "the refresh token came in the cookie {}", excerpt(name))
            }
            Self::MaybeRefreshInCookie { name } => {
                write!(f, "the answer has no refresh token, but set the cookie {}", excerpt(name))
            }
            Self::EmptyRefresh => {
                f.write_str("the refresh token of the answer is empty, and no cookie has one")
            }
        }
    }
}

impl AnswerRemark {
    /// Returns what the user can do about an oddity.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::OtherToken { other, .. } => Some(format!("--access-at {other} takes the other one")),
            Self::OtherTokenType { .. } => {
                Some("if the service wants another scheme, name it with --scheme".to_owned())
            }
            Self::RefreshInCookie { name } => {
                Some(format!("to refresh, send it back in the cookie with --refresh-in cookie:{name}"))
            }
            Self::MaybeRefreshInCookie { name } => {
                Some(format!("if that is the refresh token, take it with --refresh-at cookie:{name}"))
            }
            Self::Duplicate { .. } | Self::NoTokenType | Self::OddMember { .. } | Self::EmptyRefresh => None,
        }
    }
}
