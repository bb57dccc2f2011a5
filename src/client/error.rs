//! Why a token server issued or revoked no tokens. Secrets are masked here; the texts are in `error`.

use crate::core::oauth::cookie::Cookie;
use crate::core::oauth::error_response::{BlamedPart, GrantVerdict};
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::response::{ArrivedTokens, TokenResponseError};
use crate::core::oauth::server::{BodyFormat, TokenPlace};
use crate::host::RequestError;
use crate::host::server_url::{ServerUrl, UrlError};

/// A failed request for tokens, or for their revocation, with its URL and its cause.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenServerError {
    pub(crate) url: ServerUrl,
    pub(crate) request: ClientRequest,
    pub(crate) failure: TokenServerFailure,
}

/// A request, described without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientRequest {
    pub(crate) kind: RequestKind,
    /// The server whose description was used, perhaps with changes.
    pub(crate) server: ReadyServer,
    /// The names of the extra members.
    pub(crate) field_names: Vec<String>,
    /// How the client was named, if an option named it.
    pub(crate) client: Option<NamedClient>,
    /// Where the request has its token, if it has one.
    pub(crate) token_in: Option<TokenPlace>,
    /// The names of the members that hold the user and the password.
    pub(crate) login_members: Vec<String>,
    /// How the members of the request are written.
    pub(crate) body: BodyFormat,
    /// True if a session file said how to ask, and not the options of this command.
    pub(crate) is_of_session: bool,
}

/// The way in which a request names its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedClient {
    /// By its identifier alone.
    Public,
    /// With a secret in the `Authorization` header.
    Basic,
    /// With a secret in the body.
    Form,
    /// With a signed assertion.
    Assertion,
}

/// The kind of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestKind {
    /// A log-in with a password.
    LogIn,
    /// A request for a token of the client itself.
    ClientCredentials,
    /// A refresh.
    Refresh {
        /// True if the `exp` of the refresh token lies in the past.
        is_expired: bool,
        /// True if the profile was detected from the token, not named by the user.
        profile_is_detected: bool,
    },
    /// A request to end a session.
    Revoke {
        /// True if the `exp` of the token lies in the past.
        is_expired: bool,
        /// True if the profile was detected from the token, not named by the user.
        profile_is_detected: bool,
    },
}

/// The cause of a failed exchange.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TokenServerFailure {
    /// There was no complete answer.
    Unreachable(RequestError),
    /// The answer is a redirect that has no location.
    RedirectWithoutLocation { status: u16 },
    /// The answer is a redirect to a URL that must not be requested.
    ForbiddenRedirect { status: u16, error: UrlError },
    /// The answer is a redirect.
    Redirect {
        status: u16,
        /// The target, without query and fragment.
        to: String,
        /// True if the target is the URL with a slash appended.
        adds_slash: bool,
    },
    /// The answer is successful, but has no usable access token.
    Unusable {
        error: TokenResponseError,
        /// The tokens that arrived all the same.
        arrived: ArrivedTokens,
        /// The cookies that the answer set.
        cookies: Vec<Cookie>,
    },
    /// The answer is an error.
    ErrorResponse {
        status: u16,
        /// The text of the answer.
        text: String,
        verdict: GrantVerdict,
        blamed: Option<BlamedPart>,
        /// The seconds after which the server wants to be asked again.
        retry_after: Option<u64>,
        /// True if the server says that the URL must end with a slash.
        wants_slash: bool,
    },
}
