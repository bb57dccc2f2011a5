//! Talks to token servers: sends a grant or a token to revoke, and reads the answer. It verifies nothing. What a request
//! contains and what an answer means is decided in `core::oauth`.

pub(crate) mod authentication;
mod error;
mod sending;

pub(crate) use self::error::{ClientRequest, NamedClient, RequestKind, TokenServerError, TokenServerFailure};

use self::sending::Sending;
use crate::core::oauth::client::{ClientAuthentication, ClientProof};
use crate::core::oauth::cookie::Cookie;
use crate::core::oauth::message::RequestMessage;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::request::{Extra, Grant, GrantRequest, RequestFault};
use crate::core::oauth::response::{TokenAnswer, parse_token_response};
use crate::core::oauth::revocation::RevocationRequest;
use crate::core::oauth::server::{ServerDescription, TokenPlace};
use crate::host::Host;
use crate::host::server_url::ServerUrl;

/// A server to ask, and what every request to it contains.
pub(crate) struct Server<'a> {
    pub(crate) url: ServerUrl,
    /// The server whose description is used, perhaps with changes, for messages.
    pub(crate) name: ReadyServer,
    pub(crate) description: &'a ServerDescription,
    pub(crate) client: Option<&'a ClientAuthentication>,
    /// The further values of the request, from the user.
    pub(crate) extras: &'a [Extra],
    /// The cookies that the server set before.
    pub(crate) cookies: &'a [Cookie],
}

/// An exchange of a grant for tokens.
pub(crate) struct TokenExchange<'a> {
    pub(crate) server: Server<'a>,
    pub(crate) grant: Grant<'a>,
    pub(crate) kind: RequestKind,
}

impl TokenExchange<'_> {
    /// Returns the request of this exchange.
    pub(crate) fn request(&self) -> Result<RequestMessage, RequestFault> {
        let Server { description: server, client, extras, cookies, .. } = self.server;
        GrantRequest { server, grant: self.grant, client, extras, cookies }.message()
    }

    /// Sends the request, and returns the tokens that the server issues.
    pub(crate) fn send(
        &self,
        message: &RequestMessage,
        host: &mut Host<'_>,
    ) -> Result<TokenAnswer, Box<TokenServerError>> {
        let description = self.server.description;
        let (secret, token_in) = match self.grant {
            Grant::Password { password, .. } => (Some(password), None),
            Grant::Refresh { token, .. } => (Some(token), description.refresh_in.clone()),
            Grant::ClientCredentials => (None, None),
        };
        let sending = self.server.sending(self.kind, secret, token_in);
        let response = sending.send(message, |status| matches!(status, 200..=299), host)?;
        let cookies = response.set_cookie.iter().filter_map(|field| Cookie::parse(field)).collect();
        match parse_token_response(description, &response.body, cookies, host.now()) {
            Ok(mut answer) => {
                let remarks = answer.remarks.into_iter();
                answer.remarks = remarks.map(|remark| remark.mask(&sending.secrets)).collect();
                Ok(answer)
            }
            Err(unusable) => Err(sending.failed(TokenServerFailure::Unusable {
                error: unusable.reason.mask(&sending.secrets),
                arrived: unusable.arrived,
                cookies: unusable.cookies,
            })),
        }
    }
}

/// A request to end a session.
pub(crate) struct Revocation<'a> {
    pub(crate) server: Server<'a>,
    pub(crate) token: &'a str,
    /// The role of the token, if it is known.
    pub(crate) role: Option<TokenRole>,
    /// The access token, if it is known.
    pub(crate) access: Option<&'a str>,
    pub(crate) kind: RequestKind,
}

impl Revocation<'_> {
    /// Returns the request.
    pub(crate) fn request(&self) -> Result<RequestMessage, RequestFault> {
        let Server { description: server, client, extras, cookies, .. } = self.server;
        let Self { token, role, access, .. } = *self;
        RevocationRequest { server, token, role, access, client, extras, cookies }.message()
    }

    /// Sends the request, and returns the status of the successful answer.
    pub(crate) fn send(
        &self,
        message: &RequestMessage,
        host: &mut Host<'_>,
    ) -> Result<u16, Box<TokenServerError>> {
        let description = self.server.description;
        let rule = description.revocation.as_ref();
        let token_in = rule.and_then(|rule| rule.place(description, self.role));
        let sending = self.server.sending(self.kind, Some(self.token), token_in);
        let is_ended = |status| rule.is_some_and(|rule| rule.is_ended(status));
        sending.send(message, is_ended, host).map(|response| response.status)
    }
}

impl<'a> Server<'a> {
    /// Returns a request of a kind that sends this secret.
    fn sending<'s>(
        &'s self,
        kind: RequestKind,
        secret: Option<&'s str>,
        token_in: Option<TokenPlace>,
    ) -> Sending<'s> {
        let request = ClientRequest {
            kind,
            server: self.name,
            field_names: self.extras.iter().map(|extra| extra.place.shown()).collect(),
            client: self.client.map(|client| match client.proof {
                ClientProof::None => NamedClient::Public,
                ClientProof::Basic(_) => NamedClient::Basic,
                ClientProof::Form(_) => NamedClient::Form,
                ClientProof::Assertion(_) => NamedClient::Assertion,
            }),
            token_in,
            login_members: match kind {
                RequestKind::LogIn => vec![self.description.user.shown(), self.description.password.shown()],
                _ => Vec::new(),
            },
            body: match kind {
                RequestKind::LogIn | RequestKind::ClientCredentials => self.description.body,
                RequestKind::Refresh { .. } | RequestKind::Revoke { .. } => {
                    self.description.refresh_body.unwrap_or(self.description.body)
                }
            },
            is_of_session: false,
        };
        Sending { url: &self.url, request, secrets: secret.into_iter().chain(self.secrets()).collect() }
    }

    /// Returns the further texts that no message may repeat: the secret of the client, and the further values, since they
    /// may be secrets. Short values are left out: masking `1` would leave little to read.
    fn secrets(&self) -> Vec<&'a str> {
        const PUBLIC: [&str; 2] = ["client_id", "scope"];
        const MINIMUM: usize = 4;
        let is_secret = |extra: &&Extra| {
            let is_public = PUBLIC.map(TokenPlace::member).contains(&extra.place);
            !is_public && extra.value.expose().len() >= MINIMUM
        };
        let extras = self.extras.iter().filter(is_secret).map(|extra| extra.value.expose());
        let client = self.client.and_then(ClientAuthentication::secret);
        // A cookie that the server set can be a token, or prove one.
        let cookies = self.cookies.iter().map(|cookie| cookie.value.as_str());
        let cookies = cookies.filter(|value| value.len() >= MINIMUM);
        client.into_iter().chain(extras).chain(cookies).collect()
    }
}
