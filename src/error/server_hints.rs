//! What a user can do about the errors of token servers. Each hint names one thing, with the exact option.

use super::network::step_hint;
use super::url::url_hint;
use crate::client::{ClientRequest, NamedClient, RequestKind, TokenServerError, TokenServerFailure};
use crate::core::oauth::error_response::{BlamedPart, GrantVerdict, MissingPart};
use crate::core::oauth::message::is_http_token;
use crate::core::oauth::ready::ReadyServer;
use crate::core::oauth::recognized::TokenRole;
use crate::core::oauth::response::TokenResponseError;
use crate::core::oauth::server::{BodyFormat, GrantTypePlace, TokenPlace};
use crate::core::text::duration::Duration;
use crate::host::RequestStep;
use crate::host::server_url::UrlPurpose;

const MAY_BE_USED_UP: &str =
    "the server may have used up the refresh token: if it is rejected from now on, log in again";

const NAME_CLIENT: &str = "--client ID (and --client-secret-env VAR if it has a secret)";

impl TokenServerError {
    /// Returns the hints for the user.
    pub(super) fn hints(&self) -> Vec<String> {
        let is_refresh = matches!(self.request.kind, RequestKind::Refresh { .. });
        let one = |hint: &str| vec![hint.to_owned()];
        match &self.failure {
            TokenServerFailure::Unreachable(error) => {
                let may_have_arrived =
                    matches!(error.step, RequestStep::Time | RequestStep::Size | RequestStep::Http);
                let used_up = (may_have_arrived && is_refresh).then_some(MAY_BE_USED_UP);
                step_hint(error.step).or(used_up).map(str::to_owned).into_iter().collect()
            }
            TokenServerFailure::RedirectWithoutLocation { .. } => Vec::new(),
            TokenServerFailure::ForbiddenRedirect { error, .. } => {
                url_hint(error, UrlPurpose::Tokens).map(str::to_owned).into_iter().collect()
            }
            TokenServerFailure::Redirect { adds_slash: true, .. } => vec![self.request.slash_hint()],
            TokenServerFailure::Redirect { .. } => {
                vec![format!("if that is the right server, use {} with its URL", self.request.url_option())]
            }
            TokenServerFailure::Unusable { error, arrived, .. } => {
                let used_up = (is_refresh && arrived.all.is_empty()).then(|| MAY_BE_USED_UP.to_owned());
                unusable_hint(error).into_iter().chain(used_up).collect()
            }
            TokenServerFailure::ErrorResponse { blamed: Some(BlamedPart::OtherRole), .. } => one(
                "the server wants a token of another role: choose it with --pick, or give the other token",
            ),
            TokenServerFailure::ErrorResponse { verdict: GrantVerdict::Expired, .. } => {
                match self.request.kind {
                    RequestKind::Revoke { .. } => Vec::new(),
                    _ => one("the refresh token has expired: log in again"),
                }
            }
            TokenServerFailure::ErrorResponse { verdict: GrantVerdict::Rejected, .. } => {
                match self.request.kind {
                    RequestKind::Refresh { .. } => {
                        one("a used or revoked refresh token stays rejected: log in again")
                    }
                    _ => Vec::new(),
                }
            }
            TokenServerFailure::ErrorResponse { status, blamed, retry_after, wants_slash, .. } => {
                if *wants_slash {
                    return vec![self.request.slash_hint()];
                }
                match blamed {
                    Some(part) => self.request.blamed_hints(part),
                    None => self.request.status_hint(*status, *retry_after).into_iter().collect(),
                }
            }
        }
    }
}

fn unusable_hint(error: &TokenResponseError) -> Option<String> {
    match error {
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
    }
}

impl ClientRequest {
    /// Returns the option that names the URL of the request.
    const fn url_option(&self) -> &'static str {
        match self.kind {
            RequestKind::Refresh { .. } | RequestKind::ClientCredentials if self.is_of_session => {
                "--refresh-url"
            }
            _ => "--from",
        }
    }

    fn slash_hint(&self) -> String {
        format!("append a slash to the path of the {} URL", self.url_option())
    }

    /// Returns what to do about the part of the request that the server blames.
    fn blamed_hints(&self, part: &BlamedPart) -> Vec<String> {
        match part {
            BlamedPart::Client => vec![self.client_hint()],
            BlamedPart::ClientGrant => vec![match self.kind {
                RequestKind::LogIn | RequestKind::ClientCredentials => {
                    "the client may not use this grant: choose another with --grant, or allow it at the server"
                }
                RequestKind::Refresh { .. } | RequestKind::Revoke { .. } => {
                    "the server does not let this client do that: name another with --client"
                }
            }
            .to_owned()],
            BlamedPart::NoMember(name) => vec![self.member_hint(name)],
            // The verdict has a hint of its own.
            BlamedPart::OtherRole => Vec::new(),
            BlamedPart::Request => {
                let is_oauth = self.server.describe().grant_type == Some(GrantTypePlace::Body);
                let unnamed = is_oauth && self.client.is_none() && !self.has_field("client_id");
                let name =
                    unnamed.then(|| format!("if the server wants a client, name it with {NAME_CLIENT}"));
                std::iter::once(self.description()).chain(name).collect()
            }
            BlamedPart::Missing(part) => vec![self.missing_hint(part)],
        }
    }

    /// Returns what to do if the server misses a member. If that was sent, the server did not read its format.
    fn member_hint(&self, name: &str) -> String {
        let is_sent = self.login_members.iter().any(|member| member == name)
            || self.has_field(name)
            || self.token_in == Some(TokenPlace::member(name));
        match self.body {
            _ if !is_sent => self.description(),
            BodyFormat::Json => {
                "the server did not read the JSON that was sent: send a form with --body form".to_owned()
            }
            BodyFormat::Form => {
                "the server did not read the form that was sent: send JSON with --body json".to_owned()
            }
        }
    }

    fn client_hint(&self) -> String {
        let check = match self.client {
            None if self.has_field("client_id") => {
                "check its --field options, or name it with --client ID".to_owned()
            }
            None => format!("name it with {NAME_CLIENT}"),
            Some(NamedClient::Public) => {
                "check --client; if it has a secret, give that with --client-secret-env VAR".to_owned()
            }
            Some(NamedClient::Basic) => {
                "check --client and its secret; --client-auth form sends the secret in the form instead"
                    .to_owned()
            }
            Some(NamedClient::Form) => {
                "check --client and its secret; --client-auth basic sends the secret in a header instead"
                    .to_owned()
            }
            Some(NamedClient::Assertion) => {
                "check --client, and that the server knows the public half of --client-key; some servers need --issuer instead of --from".to_owned()
            }
        };
        format!("the server rejected the client: {check}")
    }

    /// Returns how to send the part that the server misses.
    fn missing_hint(&self, part: &MissingPart) -> String {
        let option = match self.kind {
            RequestKind::Revoke { .. } => "--token-in",
            _ => "--refresh-in",
        };
        match part {
            MissingPart::Header if self.token_in == Some(TokenPlace::Authorization) => {
                "the server found no token in the Authorization header: name the scheme that it expects with --scheme"
                    .to_owned()
            }
            MissingPart::Header => {
                format!("the server found no token in the Authorization header: send it there with {option} header")
            }
            MissingPart::Cookie(name) if is_http_token(name) => {
                format!("the server found no token in that cookie: send it there with {option} cookie:{name}")
            }
            MissingPart::Cookie(_) | MissingPart::Token => format!(
                "the server found no token where it looks: name the place with {option}, such as {option} header or {option} cookie:NAME"
            ),
            MissingPart::Csrf => {
                "send the CSRF token with --csrf COOKIE=HEADER, such as --csrf csrf_refresh_token=X-CSRF-TOKEN".to_owned()
            }
            MissingPart::ProjectKey => {
                "send the key of the project with --field-env header:apikey=VAR".to_owned()
            }
        }
    }

    /// Returns what to check when a status alone says what is wrong.
    fn status_hint(&self, status: u16, retry_after: Option<u64>) -> Option<String> {
        match (status, retry_after) {
            (429 | 503, Some(seconds)) => {
                Some(format!("wait {}, then try again", Duration::seconds(seconds)))
            }
            (429, None) => Some("wait, then try again".to_owned()),
            (400 | 415 | 422, _) => Some(self.description()),
            (410, _) if matches!(self.kind, RequestKind::Revoke { .. }) => {
                Some("the session is already over".to_owned())
            }
            (404 | 405 | 410, _) => {
                let whole = format!("use {} with the whole URL of the endpoint", self.url_option());
                Some(
                    self.usual_path()
                        .map_or_else(|| whole.clone(), |path| format!("{whole}, such as https://…/{path}")),
                )
            }
            _ => None,
        }
    }

    /// Returns the usual path of the endpoint, if the server has one.
    fn usual_path(&self) -> Option<String> {
        let server = self.server.describe();
        let beside = |url: String| url.trim_start_matches("../").to_owned();
        match self.kind {
            _ if self.server == ReadyServer::Simplejwt => {
                let end = match self.kind {
                    RequestKind::Refresh { .. } => "refresh/",
                    RequestKind::Revoke { .. } => "blacklist/",
                    RequestKind::LogIn | RequestKind::ClientCredentials => "",
                };
                Some(format!("api/token/{end}"))
            }
            RequestKind::LogIn | RequestKind::ClientCredentials => None,
            RequestKind::Refresh { .. } => server.refresh_url.map(beside),
            RequestKind::Revoke { .. } => server.revocation.and_then(|rule| rule.url).map(beside),
        }
    }

    fn has_field(&self, name: &str) -> bool {
        self.field_names.iter().any(|known| known == name)
    }

    /// Returns what was sent, and which options change that.
    fn description(&self) -> String {
        let fields = match self.field_names.as_slice() {
            [] => String::new(),
            names => format!(" with {}", names.join(", ")),
        };
        let detected = "the token looks like one of that profile; choose another with --profile";
        let (request, options) = match self.kind {
            RequestKind::LogIn => ("a log-in", "change it with --profile, --body, --user-field and --field"),
            RequestKind::ClientCredentials => {
                ("a request of a client", "change it with --profile, --body and --field")
            }
            RequestKind::Refresh { profile_is_detected: true, .. } => ("a refresh", detected),
            RequestKind::Revoke { profile_is_detected: true, .. } => ("a revocation", detected),
            RequestKind::Refresh { profile_is_detected: false, .. } => {
                ("a refresh", "change it with --profile and --field")
            }
            RequestKind::Revoke { profile_is_detected: false, .. } => {
                ("a revocation", "change it with --profile and --field")
            }
        };
        format!("fob sent {request} in the form of profile {}{fields}: {options}", self.server.name())
    }
}
