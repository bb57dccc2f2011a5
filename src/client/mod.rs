//! Talks to token servers: posts a grant, and reads the answer. It verifies and mints nothing. What a request contains
//! and what an answer means is decided in `core::oauth`.

mod error;

pub(crate) use self::error::{ClientRequest, RequestKind, TokenServerError, TokenServerFailure};

use crate::core::oauth::client::ClientAuthentication;
use crate::core::oauth::cookie::Cookie;
use crate::core::oauth::error_response::{SentGrant, blamed_part, grant_verdict, shown_error};
use crate::core::oauth::message::RequestMessage;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::request::{Extra, Grant, GrantRequest, RequestFault};
use crate::core::oauth::response::{TokenAnswer, parse_token_response};
use crate::core::oauth::server::{ServerDescription, TokenPlace};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::excerpt;
use crate::host::server_url::{ServerUrl, UrlError};
use crate::host::{Host, HttpRequest, RequestError, Response};

/// An exchange of a grant for tokens.
pub(crate) struct TokenExchange<'a> {
    pub(crate) url: ServerUrl,
    /// The server whose description is used, perhaps with changes, for messages.
    pub(crate) name: ReadyServer,
    pub(crate) server: &'a ServerDescription,
    pub(crate) grant: Grant<'a>,
    pub(crate) kind: RequestKind,
    pub(crate) client: Option<&'a ClientAuthentication>,
    /// The further values of the request, from the user.
    pub(crate) extras: Vec<Extra<'a>>,
    /// The cookies that the server set before.
    pub(crate) cookies: &'a [Cookie],
}

impl TokenExchange<'_> {
    /// Returns the request of this exchange.
    pub(crate) fn request(&self) -> Result<RequestMessage, RequestFault> {
        let (server, grant, client) = (self.server, self.grant, self.client);
        GrantRequest { server, grant, client, extras: &self.extras, cookies: self.cookies }.message()
    }

    /// Sends the request, and returns the tokens that the server issues.
    pub(crate) fn send(
        &self,
        message: &RequestMessage,
        host: &mut Host<'_>,
    ) -> Result<TokenAnswer, Box<TokenServerError>> {
        let secrets = self.secrets();
        let url = self.url.with_query(&message.query);
        let request = HttpRequest { url: url.as_str(), message };
        let response = host.http.send(&request).map_err(|RequestError { step, detail }| {
            let error = RequestError { step, detail: mask_secrets(&detail, &secrets) };
            self.failed(TokenServerFailure::Unreachable(error))
        })?;
        match response.status {
            200..=299 => {
                let cookies = response.set_cookie.iter().filter_map(|field| Cookie::parse(field)).collect();
                match parse_token_response(self.server, &response.body, cookies, host.now()) {
                    Ok(mut answer) => {
                        answer.remarks =
                            answer.remarks.into_iter().map(|remark| remark.mask(&secrets)).collect();
                        Ok(answer)
                    }
                    Err(unusable) => Err(self.failed(TokenServerFailure::Unusable {
                        error: unusable.reason.mask(&secrets),
                        arrived: unusable.arrived,
                        cookies: unusable.cookies,
                    })),
                }
            }
            301 | 302 | 303 | 307 | 308 => Err(self.failed(self.redirect(&response, &secrets))),
            _ => Err(self.failed(self.error_response(&response, &secrets))),
        }
    }

    fn failed(&self, failure: TokenServerFailure) -> Box<TokenServerError> {
        let field_names = self.extras.iter().map(|extra| extra.place.shown()).collect();
        let request = ClientRequest { kind: self.kind, server: self.name, field_names };
        Box::new(TokenServerError { url: self.url.clone(), request, failure })
    }

    /// Returns the texts that no message may repeat: the password or the token, the secret of the client, and the further
    /// values, since they may be secrets. Short values are left out: masking `1` would leave little to read.
    fn secrets(&self) -> Vec<&str> {
        const PUBLIC: [&str; 2] = ["client_id", "scope"];
        const MINIMUM: usize = 4;
        let is_secret = |extra: &&Extra<'_>| {
            !PUBLIC.map(TokenPlace::member).contains(&extra.place) && extra.value.len() >= MINIMUM
        };
        let extras = self.extras.iter().filter(is_secret).map(|extra| extra.value);
        let granted = match self.grant {
            Grant::Password { password: secret, .. } | Grant::Refresh { token: secret, .. } => Some(secret),
            Grant::ClientCredentials => None,
        };
        let client = self.client.and_then(ClientAuthentication::secret);
        granted.into_iter().chain(client).chain(extras).collect()
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
