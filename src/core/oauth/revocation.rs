//! Requests that end a session: revocation endpoints (RFC 7009), and the log-out of other servers. This file sends nothing.

use super::client::ClientAuthentication;
use super::cookie::Cookie;
use super::message::RequestMessage;
use super::recognized::TokenRole;
use super::request::{Extra, Parts, RequestFault};
use super::server::{GrantTypePlace, RevocationRule, RevokedToken, ServerDescription, TokenPlace};

/// The parts of a request that ends a session.
#[derive(Clone, Copy)]
pub struct RevocationRequest<'a> {
    /// How the server is asked.
    pub server: &'a ServerDescription,
    /// The token.
    pub token: &'a str,
    /// The role of the token, if it is known.
    pub role: Option<TokenRole>,
    /// The access token, if it is known.
    pub access: Option<&'a str>,
    /// The client, if it is named.
    pub client: Option<&'a ClientAuthentication>,
    /// The further values.
    pub extras: &'a [Extra],
    /// The cookies that the server set before.
    pub cookies: &'a [Cookie],
}

impl RevocationRequest<'_> {
    /// Returns the message of the request.
    ///
    /// # Errors
    /// [`RequestFault`] if the server has no such request, or a value cannot be sent.
    pub fn message(&self) -> Result<RequestMessage, RequestFault> {
        let server = self.server;
        let rule = server.revocation.as_ref().ok_or(RequestFault::NoRevocation)?;
        let place = rule.place(server, self.role).ok_or(RequestFault::NoRevocation)?;
        let mut parts = Parts::default();
        parts.put(&place, self.token, server)?;
        parts.prove(&place, self.token, server, self.cookies)?;
        if let Some(role) = self.role
            && server.is_oauth()
        {
            parts.member("/token_type_hint", hint(role));
        }
        if rule.authorized {
            parts.put(&server.access_in, self.access.unwrap_or(self.token), server)?;
        }
        let format = server.refresh_body.unwrap_or(server.body);
        parts.finish(rule.method, format, self.client, self.extras, server)
    }
}

/// Returns the `token_type_hint` of a role (RFC 7009 section 2.1).
const fn hint(role: TokenRole) -> &'static str {
    match role {
        TokenRole::Access => "access_token",
        TokenRole::Refresh => "refresh_token",
    }
}

impl RevocationRule {
    /// Returns where the request has the token: where the rule says, or else in the usual place of its role.
    #[must_use]
    pub fn place(&self, server: &ServerDescription, role: Option<TokenRole>) -> Option<TokenPlace> {
        if let Some(place) = &self.token_in {
            return Some(place.clone());
        }
        match (self.token, role) {
            // Each token is sent where the service expects an access token.
            (RevokedToken::Access | RevokedToken::Each, _) => Some(server.access_in.clone()),
            (RevokedToken::Refresh, _) => server.refresh_in.clone(),
        }
    }

    /// Reports whether a status says that the session has ended.
    #[must_use]
    pub fn is_ended(&self, status: u16) -> bool {
        matches!(status, 200..=299) || self.ended_status == Some(status)
    }
}

impl ServerDescription {
    /// Reports whether the server answers the same if it does not know the token. A revocation endpoint does (RFC 7009
    /// section 2.2), and so does a log-out that says only that the request has no user.
    #[must_use]
    pub fn answers_alike(&self) -> bool {
        let is_vague = self.revocation.as_ref().is_some_and(|rule| rule.ended_status.is_some());
        self.is_oauth() || (is_vague && self.access_in == TokenPlace::Authorization)
    }

    /// Reports whether the server is one of OAuth 2.0, whose revocation endpoint answers the same for unknown tokens.
    #[must_use]
    pub fn is_oauth(&self) -> bool {
        self.grant_type == Some(GrantTypePlace::Body)
            && self.revocation.as_ref().is_some_and(|rule| rule.token_in == Some(TokenPlace::member("token")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::oauth::message::Method;
    use crate::core::oauth::ready::ReadyServer;

    /// Returns the request as text: its method, its header fields and its body.
    fn request(server: ReadyServer, role: Option<TokenRole>) -> String {
        let server = server.describe();
        let request = RevocationRequest {
            server: &server,
            token: "t.t",
            role,
            access: None,
            client: None,
            extras: &[],
            cookies: &[],
        };
        let message = request.message().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let fields = message.headers.iter();
        let fields = fields.map(|field| format!(" {}: {}", field.name(), text(field.value().expose())));
        let body = message.body.as_ref().map(|body| format!(" {}", text(body.bytes.expose())));
        let method = if message.method == Method::Delete { "DELETE" } else { "POST" };
        format!("{method}{}{}", fields.collect::<String>(), body.unwrap_or_default())
    }

    #[test]
    fn each_server_gets_the_token_where_it_looks_for_it() {
        use ReadyServer as Server;
        for (server, expected) in [
            (Server::Simplejwt, r#"POST {"refresh":"t.t"}"#),
            (Server::DrfJwt, r#"POST Authorization: Bearer t.t {"token":"t.t"}"#),
            (Server::Oauth, "POST token=t.t"),
            (Server::Keycloak, "POST token=t.t"),
            (Server::DjRestAuth, r#"POST {"refresh":"t.t"}"#),
            (Server::Allauth, "DELETE Authorization: Bearer t.t"),
            (Server::AllauthSession, "DELETE X-Session-Token: t.t"),
            (Server::FlaskJwtExtended, "DELETE Authorization: Bearer t.t"),
            (Server::FlaskJwtExtendedCookie, "POST Cookie: access_token_cookie=t.t"),
            (Server::Fastapi, r#"POST {"refresh_token":"t.t"}"#),
            (Server::FastapiUsers, "POST Authorization: Bearer t.t"),
            (Server::FastapiUsersCookie, "POST Cookie: fastapiusersauth=t.t"),
            (Server::Express, r#"POST {"refreshToken":"t.t"}"#),
            (Server::Supabase, "POST Authorization: Bearer t.t"),
        ] {
            assert_eq!(request(server, None), expected, "{server:?}");
        }
    }

    #[test]
    fn a_revocation_endpoint_gets_a_hint() {
        let role = Some(TokenRole::Refresh);
        assert_eq!(request(ReadyServer::Oauth, role), "POST token=t.t&token_type_hint=refresh_token");
        assert_eq!(request(ReadyServer::Simplejwt, role), r#"POST {"refresh":"t.t"}"#);
    }
}
