//! Sends one request to a token server, and says why there is no successful answer. Secrets are masked in every error.

use super::error::{ClientRequest, RequestKind, TokenServerError, TokenServerFailure};
use crate::core::oauth::error_response::{SentGrant, judged, shown_error};
use crate::core::oauth::message::RequestMessage;
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::excerpt;
use crate::host::server_url::{ServerUrl, UrlError};
use crate::host::{Host, HttpRequest, RequestError, Response};

/// A request that is ready to be sent, and what errors say about it.
pub(super) struct Sending<'a> {
    pub(super) url: &'a ServerUrl,
    pub(super) request: ClientRequest,
    /// The texts that no message may repeat.
    pub(super) secrets: Vec<&'a str>,
}

impl Sending<'_> {
    /// Sends the request, and returns an answer whose status `is_success` accepts.
    pub(super) fn send(
        &self,
        message: &RequestMessage,
        is_success: impl Fn(u16) -> bool,
        host: &mut Host<'_>,
    ) -> Result<Response, Box<TokenServerError>> {
        let url = self.url.with_query(&message.query);
        let request = HttpRequest { url: url.as_str(), message };
        let response = host.http.send(&request).map_err(|RequestError { step, detail }| {
            let error = RequestError { step, detail: mask_secrets(&detail, &self.secrets) };
            self.failed(TokenServerFailure::Unreachable(error))
        })?;
        match response.status {
            status if is_success(status) => Ok(response),
            301 | 302 | 303 | 307 | 308 => Err(self.failed(self.redirect(&response))),
            _ => Err(self.failed(self.error_response(&response))),
        }
    }

    /// Returns the error of this request.
    pub(super) fn failed(&self, failure: TokenServerFailure) -> Box<TokenServerError> {
        Box::new(TokenServerError { url: self.url.clone(), request: self.request.clone(), failure })
    }

    /// Returns the error of a redirect. It is not followed: its target can belong to another party, and the request holds secrets.
    fn redirect(&self, response: &Response) -> TokenServerFailure {
        let (status, secrets) = (response.status, &self.secrets);
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
                adds_slash: next.is_with_slash(self.url),
            },
        }
    }

    fn error_response(&self, response: &Response) -> TokenServerFailure {
        let sent = match self.request.kind {
            RequestKind::LogIn | RequestKind::ClientCredentials => SentGrant::Password,
            RequestKind::Refresh { is_expired, .. } => SentGrant::Refresh { is_expired },
            RequestKind::Revoke { is_expired, .. } => SentGrant::LogOut { is_expired },
        };
        let (verdict, blamed) = judged(response.status, &response.body, &response.www_authenticate, sent);
        TokenServerFailure::ErrorResponse {
            status: response.status,
            text: shown_error(&response.body, &self.secrets),
            verdict,
            blamed,
            retry_after: response.retry_after.as_deref().and_then(|seconds| seconds.parse().ok()),
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
