//! Text and hints of the errors of token servers.

use super::network::{status_text, step_hint, step_name};
use super::url::url_hint;
use super::{CommandError, ErrorKind};
use crate::client::{ClientRequest, RequestKind, TokenServerError, TokenServerFailure};
use crate::core::oauth::error_response::{BlamedPart, GrantVerdict};
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::request::RequestFault;
use crate::core::oauth::response::{AnswerRemark, TokenResponseError};
use crate::core::text::escape::beginning;
use crate::host::RequestStep;
use crate::host::server_url::UrlPurpose;
use std::fmt;

const MAY_BE_USED_UP: &str =
    "the server may have used up the refresh token: if it is rejected from now on, log in again";

const CLIENT_FIELDS: &str = "--field client_id=… (and --field client_secret=… if it has a secret)";

impl fmt::Display for TokenServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The size limit of what is repeated from an answer, in characters.
        const MAXIMUM: usize = 400;
        let action = if self.request.is_refresh() { "refresh" } else { "log in" };
        let (step, detail) = self.failure.step_and_detail();
        write!(f, "cannot {action} at {}: {step}: {}", self.url, beginning(&detail, MAXIMUM))
    }
}

impl std::error::Error for TokenServerError {}

impl From<Box<TokenServerError>> for CommandError {
    fn from(error: Box<TokenServerError>) -> Self {
        let (kind, hint) = (error.kind(), error.hint());
        Self::new(kind, *error).with_optional_hint(hint)
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
            Self::NestedInForm { place } => {
                write!(f, "a form has no member inside others, so {place} cannot be sent")
            }
            Self::Place(error) => write!(f, "{error}"),
            Self::NoRefresh => f.write_str("servers of this profile issue no refresh tokens"),
        }
    }
}

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
            RequestFault::Unsendable { .. } | RequestFault::Place(_) => None,
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

    fn hint(&self) -> Option<String> {
        let is_refresh = self.request.is_refresh();
        match &self.failure {
            TokenServerFailure::Unreachable(error) => {
                let may_have_arrived =
                    matches!(error.step, RequestStep::Time | RequestStep::Size | RequestStep::Http);
                let used_up = (may_have_arrived && is_refresh).then_some(MAY_BE_USED_UP);
                step_hint(error.step).or(used_up).map(str::to_owned)
            }
            TokenServerFailure::RedirectWithoutLocation { .. } => None,
            TokenServerFailure::ForbiddenRedirect { error, .. } => {
                url_hint(error, UrlPurpose::Tokens).map(str::to_owned)
            }
            TokenServerFailure::Redirect { adds_slash: true, .. } => Some(self.slash_hint()),
            TokenServerFailure::Redirect { .. } => {
                Some("if that is the right server, use --from with its URL".to_owned())
            }
            TokenServerFailure::Unusable { error, arrived, .. } => {
                let choice = match error {
                    TokenResponseError::Ambiguous { role, places } => {
                        let option = match role {
                            TokenRole::Access => "--access-at",
                            TokenRole::Refresh => "--refresh-at",
                        };
                        places.first().map(|place| format!("choose one, such as {option} {place}"))
                    }
                    TokenResponseError::NoToken { found, .. } if found.is_empty() => None,
                    TokenResponseError::NoToken { .. } | TokenResponseError::NotAString { .. } => {
                        Some("name the place of the access token with --access-at".to_owned())
                    }
                    _ => None,
                };
                let used_up = (is_refresh && arrived.is_empty()).then(|| MAY_BE_USED_UP.to_owned());
                let hints: Vec<String> = choice.into_iter().chain(used_up).collect();
                (!hints.is_empty()).then(|| hints.join("; "))
            }
            TokenServerFailure::ErrorResponse { status, verdict, blamed, wants_slash, .. } => match verdict {
                GrantVerdict::Expired => Some("the refresh token has expired: log in again".to_owned()),
                GrantVerdict::Rejected if blamed.is_none() => is_refresh
                    .then(|| "a used or revoked refresh token stays rejected: log in again".to_owned()),
                GrantVerdict::Rejected | GrantVerdict::Undecided => {
                    self.request_hint(*status, *blamed, *wants_slash)
                }
            },
        }
    }

    fn slash_hint(&self) -> String {
        "append a slash to the path of the --from URL".to_owned()
    }

    /// Returns what to check when the server did not judge the grant.
    fn request_hint(&self, status: u16, blamed: Option<BlamedPart>, wants_slash: bool) -> Option<String> {
        if wants_slash {
            return Some(self.slash_hint());
        }
        let request = &self.request;
        match blamed.filter(|_| matches!(status, 400 | 401 | 403)) {
            Some(BlamedPart::Client) if request.names_client() => {
                return Some("the server rejected the client: check its --field options".to_owned());
            }
            Some(BlamedPart::Client) => {
                return Some(format!("the server rejected the client: name it with {CLIENT_FIELDS}"));
            }
            Some(BlamedPart::Request) if request.server == ReadyServer::Oauth && !request.names_client() => {
                return Some(format!("{}; name a client with {CLIENT_FIELDS}", request.description()));
            }
            Some(BlamedPart::Request) => return Some(request.description()),
            None => {}
        }
        match status {
            400 | 415 | 422 => Some(request.description()),
            404 | 405 | 410 => {
                let usual = if request.is_refresh() { "/api/token/refresh/" } else { "/api/token/" };
                Some(format!("use --from with the whole URL of the endpoint, such as https://…{usual}"))
            }
            429 => Some("wait, then try again".to_owned()),
            _ => None,
        }
    }
}

impl ClientRequest {
    const fn is_refresh(&self) -> bool {
        matches!(self.kind, RequestKind::Refresh { .. })
    }

    fn names_client(&self) -> bool {
        self.field_names.iter().any(|name| name == "client_id")
    }

    /// Returns what was sent, and which options change that.
    fn description(&self) -> String {
        let fields = match self.field_names.as_slice() {
            [] => String::new(),
            names => format!(" with {}", names.join(", ")),
        };
        let (request, options) = match self.kind {
            RequestKind::LogIn => ("a log-in", "change it with --profile, --user-field and --field"),
            RequestKind::Refresh { profile_is_detected: true, .. } => {
                ("a refresh", "the token looks like one of that profile; choose another with --profile")
            }
            RequestKind::Refresh { profile_is_detected: false, .. } => {
                ("a refresh", "change it with --profile and --field")
            }
        };
        format!("fob sent {request} in the form of profile {}{fields}: {options}", self.server.name())
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
            Self::Duplicate { pointer } => write!(f, "the answer has {pointer} more than once"),
            Self::NoTokenType => f.write_str("the answer has no token_type (RFC 6749 section 5.1)"),
            Self::OtherTokenType { found } => write!(f, "the tokens have type {found}, expected Bearer"),
            Self::OddMember { name, found } => {
                write!(f, "{name} of the answer is {found}, so it is left out")
            }
            Self::OtherToken { used, other } => {
                write!(f, "the access token is from {used}, but {} has another one", other.shown())
            }
            Self::RefreshInCookie { name } => write!(f, "the refresh token came in the cookie {name}"),
            Self::MaybeRefreshInCookie { name } => {
                write!(f, "the answer has no refresh token, but set the cookie {name}")
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
