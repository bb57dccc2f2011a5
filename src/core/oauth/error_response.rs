//! Error responses (RFC 6749 section 5.2) and those of other servers: what they mean for the grant, and how to show them.
//! All text in them is hostile, and may repeat secrets that were sent.

use crate::core::json::{self, Value};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::escape::beginning;

/// The verdict on the grant in an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantVerdict {
    /// The server rejected the grant.
    Rejected,
    /// The refresh token has expired.
    Expired,
    /// The server did not judge the grant.
    Undecided,
}

/// The part of a request that an error response blames, if not the grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlamedPart {
    /// The client.
    Client,
    /// The grant, which the client may not use.
    ClientGrant,
    /// The token is one of another role. The server rejects it, so this is a verdict, too.
    OtherRole,
    /// A member with this name did not arrive.
    NoMember(String),
    /// The request.
    Request,
    /// The token did not arrive where the server looks for it.
    Missing(MissingPart),
}

/// The part of a request that a server misses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MissingPart {
    /// The token, in the header field `Authorization`.
    Header,
    /// The token, in a cookie with this name.
    Cookie(String),
    /// The token, wherever.
    Token,
    /// The CSRF token.
    Csrf,
    /// The header field with a key of the project.
    ProjectKey,
}

/// The grant that was sent, as far as it matters for reading an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentGrant {
    /// A password, or the identity of the client alone.
    Password,
    /// A refresh token.
    Refresh {
        /// True if the `exp` of the token lies in the past.
        is_expired: bool,
    },
    /// A token whose session is to end.
    LogOut {
        /// True if the `exp` of the token lies in the past.
        is_expired: bool,
    },
}

/// The meaning of a code or a message in an error response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The grant is rejected.
    Rejected,
    /// The token has expired.
    Expired,
    /// The client is refused.
    Client,
    /// The client may not use the grant.
    ClientGrant,
    /// The token has another role.
    OtherRole,
    /// The request has the wrong form.
    Request,
    /// The token is not in the `Authorization` header.
    NoHeader,
    /// The token is not in the cookie that the message names in quotes.
    NoCookie,
    /// There is no token.
    NoToken,
    /// There is no CSRF token, or a wrong one.
    NoCsrf,
    /// The key of the project is missing or wrong.
    ProjectKey,
}

/// The messages of servers: how one begins, in any letter case, and its meaning. Messages come before codes, since some
/// servers use one code for several faults.
const MESSAGES: &[(&str, Meaning)] = &[
    // simplejwt before and since 5.5, its sliding tokens, drf-jwt, its predecessor, and the refresh window of both
    ("Token is expired", Meaning::Expired),
    ("Token is invalid or expired", Meaning::Expired),
    ("Token 'refresh_exp' claim has expired", Meaning::Expired),
    ("Token has expired", Meaning::Expired),
    ("Signature has expired", Meaning::Expired),
    ("Refresh has expired", Meaning::Expired),
    // Keycloak
    ("Token is not active", Meaning::Expired),
    // jsonwebtoken
    ("jwt expired", Meaning::Expired),
    // Django REST framework, and dj-rest-auth
    ("Authentication credentials were not provided", Meaning::NoHeader),
    ("No valid refresh token found", Meaning::NoToken),
    ("Refresh token was not included in cookie data", Meaning::NoToken),
    ("Refresh token was not included in request data", Meaning::NoToken),
    ("CSRF Failed", Meaning::NoCsrf),
    // Flask-JWT-Extended
    ("Missing JWT in", Meaning::NoToken),
    ("Missing Authorization Header", Meaning::NoHeader),
    ("Missing 'Bearer' type in 'Authorization' header", Meaning::NoHeader),
    ("Missing cookie", Meaning::NoCookie),
    ("Missing CSRF token", Meaning::NoCsrf),
    ("CSRF double submit tokens do not match", Meaning::NoCsrf),
    // FastAPI, and Express as developers write it
    ("Not authenticated", Meaning::NoHeader),
    ("Refresh token required", Meaning::NoToken),
    ("Refresh token is required", Meaning::NoToken),
    ("No refresh token", Meaning::NoToken),
    ("No token provided", Meaning::NoToken),
    // Supabase, whose other messages begin like those below
    ("Invalid Refresh Token: Session Expired", Meaning::Expired),
    // Services as developers write them, with status 400 or 422, too
    ("Refresh token has expired", Meaning::Expired),
    ("Refresh token is expired", Meaning::Expired),
    ("Refresh token expired", Meaning::Expired),
    ("Token expired", Meaning::Expired),
    ("Invalid refresh token", Meaning::Rejected),
    ("Refresh token is invalid", Meaning::Rejected),
    ("Invalid credentials", Meaning::Rejected),
    ("Invalid login", Meaning::Rejected),
    ("Invalid email or password", Meaning::Rejected),
    ("Invalid username or password", Meaning::Rejected),
    ("Incorrect email or password", Meaning::Rejected),
    ("Incorrect username or password", Meaning::Rejected),
    ("Incorrect password", Meaning::Rejected),
    ("Wrong password", Meaning::Rejected),
    ("Bad credentials", Meaning::Rejected),
    ("Bad username or password", Meaning::Rejected),
    // Laravel
    ("The provided credentials are incorrect", Meaning::Rejected),
    ("These credentials do not match our records", Meaning::Rejected),
    // oidc-provider says `invalid_request`
    ("no client authentication mechanism provided", Meaning::Client),
    ("requested grant type is not allowed for this client", Meaning::ClientGrant),
    // Keycloak says `unauthorized_client`
    ("Invalid client or Invalid client credentials", Meaning::Client),
    // simplejwt, and Flask-JWT-Extended
    ("Token has wrong type", Meaning::OtherRole),
    ("Only refresh tokens are allowed", Meaning::OtherRole),
    ("Only non-refresh tokens are allowed", Meaning::OtherRole),
    // Authlib says `invalid_request`
    ("Invalid 'username' or 'password' in request", Meaning::Rejected),
    // the gateway of Supabase
    ("No API key found in request", Meaning::ProjectKey),
    ("Invalid API key", Meaning::ProjectKey),
];

/// The codes of servers, and their meaning.
const CODES: &[(&str, Meaning)] = &[
    // RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1
    ("invalid_grant", Meaning::Rejected),
    ("access_denied", Meaning::Rejected),
    ("invalid_client", Meaning::Client),
    ("unauthorized_client", Meaning::ClientGrant),
    ("invalid_request", Meaning::Request),
    ("unsupported_grant_type", Meaning::Request),
    ("invalid_scope", Meaning::Request),
    ("unsupported_token_type", Meaning::Request),
    // simplejwt
    ("token_not_valid", Meaning::Rejected),
    ("no_active_account", Meaning::Rejected),
    ("bad_authorization_header", Meaning::NoHeader),
    // fastapi-users
    ("LOGIN_BAD_CREDENTIALS", Meaning::Rejected),
    ("LOGIN_USER_NOT_VERIFIED", Meaning::Rejected),
    // allauth
    ("username_password_mismatch", Meaning::Rejected),
    ("email_password_mismatch", Meaning::Rejected),
    ("required", Meaning::Request),
    // Supabase
    ("invalid_credentials", Meaning::Rejected),
    ("email_not_confirmed", Meaning::Rejected),
    ("phone_not_confirmed", Meaning::Rejected),
    ("user_banned", Meaning::Rejected),
    ("refresh_token_already_used", Meaning::Rejected),
    ("refresh_token_not_found", Meaning::Rejected),
    ("session_not_found", Meaning::Rejected),
    ("bad_jwt", Meaning::Rejected),
    ("session_expired", Meaning::Expired),
    ("no_authorization", Meaning::NoHeader),
    ("validation_failed", Meaning::Request),
    // Authlib
    ("missing_authorization", Meaning::NoHeader),
];

/// Returns what an error response says about the grant, and the part of the request that it blames instead.
/// `challenges` are its header fields `WWW-Authenticate`.
#[must_use]
pub fn judged(
    status: u16,
    body: &[u8],
    challenges: &[String],
    sent: SentGrant,
) -> (GrantVerdict, Option<BlamedPart>) {
    if !matches!(status, 400 | 401 | 403 | 422) {
        return (GrantVerdict::Undecided, None);
    }
    let value = json::parse(body).unwrap_or(Value::Null);
    let texts = texts(&value);
    let message = texts.iter().find_map(|text| {
        let known = |(begin, _): &&(&str, Meaning)| starts_with(text, begin);
        MESSAGES.iter().find(known).map(|(_, meaning)| (*meaning, *text))
    });
    let code = |code: &str| CODES.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning);
    let (meaning, text) = match message {
        // The words beside `invalid_client` can be those about a password.
        _ if texts.contains(&"invalid_client") => (Some(Meaning::Client), ""),
        Some((meaning, text)) => (Some(meaning), text),
        None => {
            let in_body = texts.iter().find_map(|text| code(text));
            (in_body.or_else(|| challenges.iter().find_map(|field| challenged(field))), "")
        }
    };
    let rejected = match sent {
        SentGrant::Refresh { is_expired: true } | SentGrant::LogOut { is_expired: true } => {
            GrantVerdict::Expired
        }
        SentGrant::Refresh { .. } | SentGrant::LogOut { .. } | SentGrant::Password => GrantVerdict::Rejected,
    };
    let blamed = |part| (GrantVerdict::Undecided, Some(part));
    match meaning {
        Some(Meaning::Rejected) => (rejected, None),
        Some(Meaning::Expired) if sent == SentGrant::Password => (GrantVerdict::Rejected, None),
        Some(Meaning::Expired) => (GrantVerdict::Expired, None),
        Some(Meaning::OtherRole) => (GrantVerdict::Rejected, Some(BlamedPart::OtherRole)),
        Some(Meaning::Client) => blamed(BlamedPart::Client),
        Some(Meaning::ClientGrant) => blamed(BlamedPart::ClientGrant),
        Some(Meaning::Request) => blamed(BlamedPart::Request),
        // A log-in sends no token, so its URL is one that wants a token.
        Some(Meaning::NoHeader | Meaning::NoToken | Meaning::NoCookie) if sent == SentGrant::Password => {
            blamed(BlamedPart::Request)
        }
        Some(Meaning::NoHeader) => blamed(BlamedPart::Missing(MissingPart::Header)),
        Some(Meaning::NoToken) => blamed(BlamedPart::Missing(MissingPart::Token)),
        Some(Meaning::NoCookie) => {
            let name = text.split('"').nth(1).unwrap_or_default().to_owned();
            blamed(BlamedPart::Missing(MissingPart::Cookie(name)))
        }
        Some(Meaning::NoCsrf) => blamed(BlamedPart::Missing(MissingPart::Csrf)),
        Some(Meaning::ProjectKey) => blamed(BlamedPart::Missing(MissingPart::ProjectKey)),
        // A page with status 403 is from a proxy, or about a CSRF token: nothing was judged.
        None if status == 403 && is_page(body) => (GrantVerdict::Undecided, None),
        // A log-out that is forbidden for a reason of its own does not end the session.
        None if status == 403 && matches!(sent, SentGrant::LogOut { .. }) => (GrantVerdict::Undecided, None),
        None if matches!(status, 401 | 403) => (rejected, None),
        None if rejects_by_form(status, &value, sent) => (rejected, None),
        None => (GrantVerdict::Undecided, missing_member(&value).map(BlamedPart::NoMember)),
    }
}

/// Reports whether a body is a page of HTML.
fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

/// Returns the name of the first member of the body that FastAPI misses.
fn missing_member(value: &Value<'_>) -> Option<String> {
    let Some(Value::Array(faults)) = value.get("detail") else { return None };
    let location = |fault: &Value<'_>| {
        let is_missing = fault.get("type").and_then(Value::as_str) == Some("missing");
        match fault.get("loc") {
            Some(Value::Array(path)) if is_missing => match path.as_slice() {
                [Value::String(body), Value::String(name)] if body == "body" => Some(name.to_string()),
                _ => None,
            },
            _ => None,
        }
    };
    faults.iter().find_map(location)
}

/// Reports whether an answer rejects the grant by its form alone: `non_field_errors` of Django, the bare status of allauth,
/// and the `msg` of Flask-JWT-Extended about a token that it cannot read.
fn rejects_by_form(status: u16, value: &Value<'_>, sent: SentGrant) -> bool {
    let names: Vec<&str> = value.members().iter().map(|member| member.name.as_ref()).collect();
    let is_refresh = sent != SentGrant::Password;
    match (status, names.as_slice()) {
        (400, names) if names.contains(&"non_field_errors") => true,
        (400, ["status"]) => is_refresh,
        (422, ["msg"]) => is_refresh && value.get("msg").and_then(Value::as_str).is_some(),
        _ => false,
    }
}

/// Returns the meaning of a challenge (RFC 6750 section 3). A server that asks for Basic asks for the client.
fn challenged(field: &str) -> Option<Meaning> {
    let error = field.split_once("error=").map(|(_, rest)| rest.trim_start_matches('"'));
    let error = error.and_then(|rest| rest.split(['"', ',', ' ']).next());
    let known = error.and_then(|error| CODES.iter().find(|(code, _)| *code == error));
    known.map(|(_, meaning)| *meaning).or_else(|| starts_with(field, "Basic ").then_some(Meaning::Client))
}

/// Returns the texts of an error response that hold a code or a message, the most specific first.
fn texts<'v>(value: &'v Value<'_>) -> Vec<&'v str> {
    const NAMES: [&str; 9] =
        ["detail", "msg", "message", "error_description", "error_code", "code", "error", "title", "reason"];
    let mut found: Vec<&str> = Vec::new();
    for object in [Some(value), value.get("error"), value.get("detail")].into_iter().flatten() {
        found.extend(NAMES.iter().filter_map(|name| object.get(name).and_then(Value::as_str)));
    }
    found.extend(strings(value.get("non_field_errors")));
    found.extend(strings(value.get("errors")));
    if let Some(Value::Array(errors)) = value.get("errors") {
        let inner =
            |error: &'v Value<'_>| ["message", "code"].map(|name| error.get(name).and_then(Value::as_str));
        found.extend(errors.iter().flat_map(inner).flatten());
    }
    found
}

fn starts_with(text: &str, begin: &str) -> bool {
    text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

fn strings<'v>(value: Option<&'v Value<'_>>) -> impl Iterator<Item = &'v str> {
    let items = match value {
        Some(Value::Array(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(Value::as_str)
}

/// Returns the text of an error response in one line: common forms in words, all others as received. Long texts are
/// cut, secrets are masked.
#[must_use]
pub fn shown_error(body: &[u8], secrets: &[&str]) -> String {
    const MAXIMUM: usize = 300;
    let text = match json::parse(body) {
        Ok(value) => in_words(&value).unwrap_or_else(|| value.to_string()),
        Err(_) => String::from_utf8_lossy(body).split_whitespace().collect::<Vec<_>>().join(" "),
    };
    beginning(&mask_secrets(&text, secrets), MAXIMUM)
}

/// Returns a common form in words, if that loses nothing.
fn in_words(value: &Value<'_>) -> Option<String> {
    let Value::Object(members) = value else { return None };
    let mut names: Vec<&str> = members.iter().map(|member| member.name.as_ref()).collect();
    names.sort_unstable();
    let text = |name| value.get(name).and_then(Value::as_str);
    Some(match names.as_slice() {
        ["detail"] => text("detail")?.to_owned(),
        ["code", "detail"] => format!("{} ({})", text("detail")?, text("code")?),
        ["error"] => text("error")?.to_owned(),
        ["msg"] => text("msg")?.to_owned(),
        ["message"] => text("message")?.to_owned(),
        ["error", "error_description"] => format!("{}: {}", text("error")?, text("error_description")?),
        ["non_field_errors"] => {
            let Some(Value::Array(items)) = value.get("non_field_errors") else { return None };
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            texts.filter(|texts| !texts.is_empty())?.join(" ")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::text::escape::{Escapes, write_json_string};
    use url::form_urlencoded::byte_serialize;

    fn judged_as(status: u16, body: &str, sent: SentGrant) -> String {
        match judged(status, body.as_bytes(), &[], sent) {
            (verdict, None) => format!("{verdict:?}").to_lowercase(),
            (GrantVerdict::Undecided, Some(part)) => format!("{part:?}"),
            (verdict, Some(part)) => format!("{verdict:?} {part:?}"),
        }
    }

    /// Each line: the status, the body, and the verdict at a log-in, at a refresh, and at a refresh with an expired token.
    #[test]
    fn tells_a_rejected_grant_from_other_errors() {
        let invalid = r#"{"detail":"Token is invalid","code":"token_not_valid"}"#;
        for (status, body, at_log_in, at_refresh, with_expired) in [
            (
                401,
                r#"{"detail":"No active account found with the given credentials"}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (401, "<html>", "rejected", "rejected", "expired"),
            (401, "Unauthorized", "rejected", "rejected", "expired"),
            (403, "", "rejected", "rejected", "expired"),
            (401, invalid, "rejected", "rejected", "expired"),
            (400, invalid, "rejected", "rejected", "expired"),
            (
                401,
                r#"{"detail":"Token is expired","code":"token_not_valid"}"#,
                "rejected",
                "expired",
                "expired",
            ),
            (401, r#"{"detail":"Token is invalid or expired"}"#, "rejected", "expired", "expired"),
            (401, r#"{"detail":"Token 'refresh_exp' claim has expired"}"#, "rejected", "expired", "expired"),
            (401, r#"{"msg":"Token has expired"}"#, "rejected", "expired", "expired"),
            (
                400,
                r#"{"non_field_errors":["Unable to log in with provided credentials."]}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (400, r#"{"non_field_errors":["Token has expired."]}"#, "rejected", "expired", "expired"),
            (400, r#"{"non_field_errors":["Signature has expired."]}"#, "rejected", "expired", "expired"),
            (400, r#"{"non_field_errors":["Refresh has expired."]}"#, "rejected", "expired", "expired"),
            (400, r#"{"error":"invalid_grant"}"#, "rejected", "rejected", "expired"),
            (
                401,
                r#"{"error":"invalid_grant","error_description":"Invalid user credentials"}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Token is not active"}"#,
                "rejected",
                "expired",
                "expired",
            ),
            (400, r#"{"error":"access_denied"}"#, "rejected", "rejected", "expired"),
            (
                400,
                r#"{"error":"invalid_request","error_description":"Invalid 'username' or 'password' in request."}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (400, r#"{"detail":"LOGIN_BAD_CREDENTIALS"}"#, "rejected", "rejected", "expired"),
            (
                400,
                r#"{"status":400,"errors":[{"message":"Wrong.","code":"username_password_mismatch","param":"password"}]}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (
                400,
                r#"{"code":400,"error_code":"invalid_credentials","msg":"Invalid login credentials"}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (
                400,
                r#"{"code":"refresh_token_already_used","message":"Already Used"}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (
                400,
                r#"{"code":400,"error_code":"session_expired","msg":"Invalid Refresh Token: Session Expired"}"#,
                "rejected",
                "expired",
                "expired",
            ),
            (400, r#"{"status": 400}"#, "undecided", "rejected", "expired"),
            (422, r#"{"msg":"Signature verification failed"}"#, "undecided", "rejected", "expired"),
            (403, r#"{"message":"Invalid refresh token"}"#, "rejected", "rejected", "expired"),
            // A refused client says nothing about the grant, whatever the status.
            (400, r#"{"error":"invalid_client"}"#, "Client", "Client", "Client"),
            (401, r#"{"error":"invalid_client"}"#, "Client", "Client", "Client"),
            (403, r#"{"error":"unauthorized_client"}"#, "ClientGrant", "ClientGrant", "ClientGrant"),
            (400, r#"{"error":"unsupported_grant_type"}"#, "Request", "Request", "Request"),
            (401, r#"{"error":"invalid_request"}"#, "Request", "Request", "Request"),
            (
                401,
                r#"{"message":"No API key found in request","hint":"x"}"#,
                "Missing(ProjectKey)",
                "Missing(ProjectKey)",
                "Missing(ProjectKey)",
            ),
            (
                400,
                r#"{"error":"invalid_request","error_description":"no client authentication mechanism provided"}"#,
                "Client",
                "Client",
                "Client",
            ),
            // Nor does a server that missed the token.
            (
                401,
                r#"{"msg":"Missing JWT in headers or cookies (Missing Authorization Header; Missing cookie \"r\")"}"#,
                "Request",
                "Missing(Token)",
                "Missing(Token)",
            ),
            (
                401,
                r#"{"msg":"Missing Authorization Header"}"#,
                "Request",
                "Missing(Header)",
                "Missing(Header)",
            ),
            (
                401,
                r#"{"msg":"Missing cookie \"refresh_token_cookie\""}"#,
                "Request",
                r#"Missing(Cookie("refresh_token_cookie"))"#,
                r#"Missing(Cookie("refresh_token_cookie"))"#,
            ),
            (401, r#"{"msg":"Missing CSRF token"}"#, "Missing(Csrf)", "Missing(Csrf)", "Missing(Csrf)"),
            (
                401,
                r#"{"detail":"Authentication credentials were not provided."}"#,
                "Request",
                "Missing(Header)",
                "Missing(Header)",
            ),
            (
                401,
                r#"{"detail":"No valid refresh token found.","code":"token_not_valid"}"#,
                "Request",
                "Missing(Token)",
                "Missing(Token)",
            ),
            (401, r#"{"message":"Refresh token required"}"#, "Request", "Missing(Token)", "Missing(Token)"),
            (
                401,
                r#"{"message":"Invalid API key"}"#,
                "Missing(ProjectKey)",
                "Missing(ProjectKey)",
                "Missing(ProjectKey)",
            ),
            (
                401,
                r#"{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}"#,
                "Client",
                "Client",
                "Client",
            ),
            (
                401,
                r#"{"detail":"Token has wrong type","code":"token_not_valid"}"#,
                "Rejected OtherRole",
                "Rejected OtherRole",
                "Rejected OtherRole",
            ),
            (400, r#"{"message":"Invalid credentials"}"#, "rejected", "rejected", "expired"),
            (
                400,
                r#"{"success":false,"errors":["Invalid email or password."]}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (
                422,
                r#"{"message":"The provided credentials are incorrect.","errors":{"email":["x"]}}"#,
                "rejected",
                "rejected",
                "expired",
            ),
            (400, r#"{"error":{"message":"Refresh token expired"}}"#, "rejected", "expired", "expired"),
            (400, r#"{"message":"Email and password are required"}"#, "undecided", "undecided", "undecided"),
            (
                401,
                r#"{"error":"invalid_client","error_description":"Invalid credentials"}"#,
                "Client",
                "Client",
                "Client",
            ),
            (403, "\n<!DOCTYPE html><h1>Forbidden</h1>", "undecided", "undecided", "undecided"),
            (400, "", "undecided", "undecided", "undecided"),
            (400, r#"{"error":["invalid_grant"]}"#, "undecided", "undecided", "undecided"),
            (400, r#"{"username":["This field is required."]}"#, "undecided", "undecided", "undecided"),
            (
                422,
                r#"{"detail":[{"type":"missing","loc":["body","username"],"msg":"Field required"}]}"#,
                r#"NoMember("username")"#,
                r#"NoMember("username")"#,
                r#"NoMember("username")"#,
            ),
            (404, r#"{"detail":"Token is expired"}"#, "undecided", "undecided", "undecided"),
            (429, invalid, "undecided", "undecided", "undecided"),
            (500, r#"{"error":"invalid_grant"}"#, "undecided", "undecided", "undecided"),
        ] {
            let verdicts = [
                judged_as(status, body, SentGrant::Password),
                judged_as(status, body, SentGrant::Refresh { is_expired: false }),
                judged_as(status, body, SentGrant::Refresh { is_expired: true }),
            ];
            assert_eq!(verdicts, [at_log_in, at_refresh, with_expired], "{status} {body}");
        }
    }

    #[test]
    fn a_challenge_can_name_the_refused_client() {
        for (field, expected) in [
            (r#"Bearer error="invalid_client""#, Some(BlamedPart::Client)),
            (r#"Basic realm="x""#, Some(BlamedPart::Client)),
            (r#"Bearer realm="api""#, None),
        ] {
            let (_, blamed) = judged(401, b"", &[field.to_owned()], SentGrant::Password);
            assert_eq!(blamed, expected, "{field}");
        }
        // The body says more than the challenge.
        let told = judged(401, br#"{"error":"invalid_grant"}"#, &["Basic x".to_owned()], SentGrant::Password);
        assert_eq!(told, (GrantVerdict::Rejected, None));
    }

    #[test]
    fn shows_common_forms_in_words_and_leaves_nothing_out() {
        for (body, expected) in [
            (r#"{"detail":"No."}"#, "No."),
            (
                r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#,
                "Token is blacklisted (token_not_valid)",
            ),
            (r#"{"detail":"No.","messages":[]}"#, r#"{"detail":"No.","messages":[]}"#),
            (r#"{"detail":["No."]}"#, r#"{"detail":["No."]}"#),
            (r#"{"detail":"a","detail":"b"}"#, r#"{"detail":"a","detail":"b"}"#),
            (r#"{"non_field_errors":["a.","b."]}"#, "a. b."),
            (r#"{"non_field_errors":[]}"#, r#"{"non_field_errors":[]}"#),
            (r#"{"non_field_errors":[7]}"#, r#"{"non_field_errors":[7]}"#),
            (r#"{"error":"invalid_grant"}"#, "invalid_grant"),
            (r#"{"error":"invalid_grant","error_description":"too old"}"#, "invalid_grant: too old"),
            (r#"{ "username" : ["x"] }"#, r#"{"username":["x"]}"#),
            ("  <h1>\n\tNot here </h1>\r\n", "<h1> Not here </h1>"),
            ("\"\\u001b[2J\"", r#""\u001b[2J""#),
            ("", ""),
        ] {
            assert_eq!(shown_error(body.as_bytes(), &[]), expected);
        }
        assert_eq!(shown_error(b"\xff\xfe", &[]), "\u{fffd}\u{fffd}");
        assert_eq!(shown_error("é".repeat(5000).as_bytes(), &[]).chars().count(), 301);
    }

    #[test]
    fn masks_secrets_that_the_server_repeats() {
        let secret = "p\u{e4}ss \"w\"&o'r<d>/+\n1";
        let encoded: String = byte_serialize(secret.as_bytes()).collect();
        let mut json = String::new();
        write_json_string(&mut json, secret, Escapes::Ascii).unwrap();
        for body in [
            format!("you sent {secret}!"),
            format!(r#"{{"detail":{json}}}"#),
            format!(r#"{{"password":{json},"x":1}}"#),
            format!("username=a&password={}&b", encoded),
            format!("password={}", encoded.replace('+', "%20")),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#x27;r&lt;d&gt;/+\n1</b>".to_owned(),
            "<b>p\u{e4}ss &quot;w&quot;&amp;o&#39;r&lt;d&gt;/+\n1</b>".to_owned(),
        ] {
            let shown = shown_error(body.as_bytes(), &["", secret]);
            assert!(shown.contains('…'), "{shown}");
            assert!(["\u{e4}ss", "4ss", "r<d"].iter().all(|piece| !shown.contains(piece)), "{shown}");
        }
        assert_eq!(shown_error(b"abc bc", &["bc", "abc"]), "… …");
        // A cut in the middle of the secret must not leave half of it.
        let body = format!("{}hunter2{}", "x".repeat(297), "y".repeat(100));
        assert!(!shown_error(body.as_bytes(), &["hunter2"]).contains("hu"));
    }
}
