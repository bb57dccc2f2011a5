//! Talks to token servers: posts a grant, and reads the answer. It verifies and mints nothing. What a request contains
//! and what an answer means is decided in `core::oauth`.

mod error;

pub(crate) use self::error::{ClientRequest, RequestKind, TokenServerError, TokenServerFailure};

use crate::core::mint::pair::TokenPair;
use crate::core::mint::profile::Profile;
use crate::core::oauth::error_response::{SentGrant, blamed_part, grant_verdict, shown_error};
use crate::core::oauth::request::{DuplicateMember, Grant, GrantRequest};
use crate::core::oauth::response::parse_token_response;
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::excerpt;
use crate::host::server_url::{ServerUrl, UrlError};
use crate::host::{Host, RequestError, Response};

/// An exchange of a grant for tokens.
pub(crate) struct TokenExchange<'a> {
    pub(crate) url: ServerUrl,
    pub(crate) profile: Profile,
    pub(crate) grant: Grant<'a>,
    pub(crate) kind: RequestKind,
    /// The extra members of the request, from the user.
    pub(crate) fields: Vec<(&'a str, &'a str)>,
}

impl TokenExchange<'_> {
    /// Returns the request of this exchange.
    pub(crate) fn request(&self) -> Result<GrantRequest, DuplicateMember> {
        GrantRequest::new(self.profile, self.grant, &self.fields)
    }

    /// Sends the request, and returns the tokens that the server issues.
    pub(crate) fn send(
        &self,
        request: &GrantRequest,
        host: &mut Host<'_>,
    ) -> Result<TokenPair, Box<TokenServerError>> {
        let secrets = self.secrets();
        let response = host.http.post(self.url.as_str(), request.content_type, &request.body).map_err(
            |RequestError { step, detail }| {
                let error = RequestError { step, detail: mask_secrets(&detail, &secrets) };
                self.failed(TokenServerFailure::Unreachable(error))
            },
        )?;
        match response.status {
            200..=299 => parse_token_response(self.profile, &response.body, host.now())
                .map_err(|error| self.failed(TokenServerFailure::Unusable(error.mask(&secrets)))),
            301 | 302 | 303 | 307 | 308 => Err(self.failed(self.redirect(&response, &secrets))),
            _ => Err(self.failed(self.error_response(&response, &secrets))),
        }
    }

    fn failed(&self, failure: TokenServerFailure) -> Box<TokenServerError> {
        let field_names = self.fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let request = ClientRequest { kind: self.kind, profile: self.profile, field_names };
        Box::new(TokenServerError { url: self.url.clone(), request, failure })
    }

    /// Returns the texts that no message may repeat: the password or the token, and the fields, since they may contain
    /// a client secret. Short values are left out: masking `1` would leave little to read.
    fn secrets(&self) -> Vec<&str> {
        const PUBLIC: [&str; 2] = ["client_id", "scope"];
        const MINIMUM: usize = 4;
        let is_secret = |name: &str, value: &str| !PUBLIC.contains(&name) && value.len() >= MINIMUM;
        let fields =
            self.fields.iter().filter(|(name, value)| is_secret(name, value)).map(|(_, value)| *value);
        let (Grant::Password { password: secret, .. } | Grant::Refresh { token: secret, .. }) = self.grant;
        std::iter::once(secret).chain(fields).collect()
    }

    /// Returns the error of a redirect. It is not followed: its target may be anyone's, and the request holds secrets.
    fn redirect(&self, response: &Response, secrets: &[&str]) -> TokenServerFailure {
        let status = response.status;
        let Some(location) = &response.location else {
            return TokenServerFailure::RedirectWithoutLocation { status };
        };
        // Masked before it is parsed, since parsing may respell a secret. Query and fragment are not shown: they may
        // contain a ticket, or what was sent.
        let location = mask_secrets(location, secrets);
        let bare = location.split(['?', '#']).next().unwrap_or_default();
        match (self.url.redirected_to(bare), self.url.redirected_to(&location)) {
            (Err(error), _) | (_, Err(error)) => {
                TokenServerFailure::ForbiddenRedirect { status, error: masked_url_error(error, secrets) }
            }
            (Ok(shown), Ok(next)) => TokenServerFailure::Redirect {
                status,
                to: excerpt(&mask_secrets(shown.as_str(), secrets)),
                adds_slash: next.is_with_slash(&self.url),
            },
        }
    }

    fn error_response(&self, response: &Response, secrets: &[&str]) -> TokenServerFailure {
        let sent = match self.kind {
            RequestKind::LogIn => SentGrant::Password,
            RequestKind::Refresh { is_expired, .. } => SentGrant::Refresh { is_expired },
        };
        TokenServerFailure::ErrorResponse {
            status: response.status,
            text: shown_error(&response.body, secrets),
            verdict: grant_verdict(response.status, &response.body, sent),
            blamed: blamed_part(&response.body),
            // Django says so in debug mode, with status 500.
            wants_slash: String::from_utf8_lossy(&response.body).contains("end in a slash"),
        }
    }
}

fn masked_url_error(error: UrlError, secrets: &[&str]) -> UrlError {
    match error {
        UrlError::PlainHttp { url } => UrlError::PlainHttp { url: mask_secrets(&url, secrets) },
        UrlError::Downgrade { url } => UrlError::Downgrade { url: mask_secrets(&url, secrets) },
        UrlError::OtherScheme { scheme } => UrlError::OtherScheme { scheme: mask_secrets(&scheme, secrets) },
        error @ (UrlError::Unparsable(_) | UrlError::NoScheme | UrlError::HasCredentials) => error,
    }
}
