//! `fob revoke --from` and `fob revoke --issuer`: asks a server to end a session.

use crate::cli::revoke::RevokeArgs;
use crate::client::{RequestKind, Revocation, Server};
use crate::commands::server::{DetectedToken, receive_token};
use crate::commands::server_settings::{NamedServer, asked, extras};
use crate::core::json::{Member, Value};
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::server::{RevokedToken, ServerDescription};
use crate::error::network::status_text;
use crate::error::usage::UsageError;
use crate::error::{CommandError, ExitStatus};
use crate::host::{Host, Level};
use crate::output::{self, Syntax};
use crate::remote::metadata::Endpoint;
use crate::scan::pick::Preference;

/// Sends a token to a server that ends its session.
pub(crate) fn revoke(args: &RevokeArgs, json: bool, host: &mut Host<'_>) -> Result<ExitStatus, CommandError> {
    let named = asked(args.profile, &args.server)?;
    let server = NamedServer::find(&args.server, Endpoint::Revocation, host)?;
    let extras = extras(&args.server, host)?;
    // Without a description, the refresh token is the one that ends a session.
    let rule = named.and_then(|name| name.describe().revocation);
    let preference = match rule.map(|rule| rule.token) {
        Some(RevokedToken::Access) => Preference::AnyAccess,
        Some(RevokedToken::Refresh | RevokedToken::Each) | None => Preference::AnyRefresh,
    };
    let (token, _) = receive_token(&args.token, preference, host)?;
    let detected = DetectedToken::new(token.expose());
    let name = named.unwrap_or(detected.server);
    let mut description = name.describe();
    if let Some(rule) = &mut description.revocation {
        rule.token_in = args.token_in.clone().or(rule.token_in.take());
    }
    if let Some(body) = args.body {
        (description.body, description.refresh_body) = (body, None);
    }
    description.scheme = args.scheme.clone().or(description.scheme);
    description.csrf = args.csrf.clone().or(description.csrf);
    // Such a server answers the same whether it knows the token or not, and an expired token names no session.
    if description.answers_alike() && !description.is_oauth() && detected.is_expired(host) {
        return Err(UsageError::ExpiredForLogOut.into());
    }
    let client = server.client(&args.server.client, host)?;
    let kind =
        RequestKind::Revoke { is_expired: detected.is_expired(host), profile_is_detected: named.is_none() };
    let server = Server {
        url: server.url,
        name,
        description: &description,
        client: client.as_ref(),
        extras: &extras,
        cookies: &[],
    };
    let role = args.token.choice.pick.as_deref().and_then(role_of);
    let revocation = Revocation { server, token: token.expose(), role, access: None, kind };
    let message = revocation.request()?;
    let status = revocation.send(&message, host)?;
    print(revocation.server.url.as_str(), status, &description, json, host)
}

/// Returns the role that the name of a picked token gives it.
fn role_of(name: &str) -> Option<TokenRole> {
    let name = name.to_ascii_lowercase();
    match () {
        () if name.contains("refresh") => Some(TokenRole::Refresh),
        () if name.contains("access") => Some(TokenRole::Access),
        () => None,
    }
}

/// Prints what the server answered, and what that means. A success says nothing about whether the server knew the token.
pub(crate) fn print(
    url: &str,
    status: u16,
    description: &ServerDescription,
    json: bool,
    host: &mut Host<'_>,
) -> Result<ExitStatus, CommandError> {
    if json {
        let members = vec![
            Member::new("server", Value::string(url)),
            Member::new("status", Value::integer(i64::from(status))),
            Member::new("accepted", Value::Bool(true)),
        ];
        output::line_as(host, Syntax::Json, &Value::Object(members).to_string(), ExitStatus::Done)?;
    } else if !host.is_quiet() {
        let text = format!("the server accepted the request: {}", status_text(status));
        output::line(host, &text, ExitStatus::Done)?;
    }
    if description.answers_alike() {
        host.message(Level::Hint, "the server answers the same if it does not know the token");
    }
    Ok(ExitStatus::Done)
}
