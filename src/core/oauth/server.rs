//! Descriptions of token servers: how they are asked, and where their answers have the tokens. A description is plain data,
//! which a session file keeps. This file sends nothing.

use super::message::{Method, is_http_token};
use crate::core::json::{pointer_to, unescaped};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A description of how to ask a token server, and of where its answers have the tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerDescription {
    /// How the members of a request are written.
    pub body: BodyFormat,
    /// How the members of a refresh are written, if in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_body: Option<BodyFormat>,
    /// Where a request has `grant_type` (RFC 6749 section 4), if the server reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<GrantTypePlace>,
    /// Where a log-in has the user's name.
    pub user: TokenPlace,
    /// Where a log-in has the user's password.
    pub password: TokenPlace,
    /// Where a request has the refresh token. `None` if the server issues none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_in: Option<TokenPlace>,
    /// Where a request has a token that is access token and refresh token in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_in: Option<TokenPlace>,
    /// Where an answer has the access token. The first place with a token counts.
    pub access_at: Vec<TokenPlace>,
    /// Where an answer has the refresh token. The first place with a token counts.
    pub refresh_at: Vec<TokenPlace>,
    /// The proof that a request with cookies was intended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<CsrfRule>,
    /// Where requests to the service have the access token.
    pub access_in: TokenPlace,
    /// The scheme of the `Authorization` header (RFC 9110 section 11.1). `None` is the type that an answer names, or Bearer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheme: Option<String>,
    /// The URL for a refresh, relative to that of the log-in. `None` if both are the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_url: Option<String>,
    /// How a session is ended, if the server can end one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<RevocationRule>,
}

/// The format of the members of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyFormat {
    /// As an HTML form.
    Form,
    /// As a JSON object.
    Json,
}

impl BodyFormat {
    /// Both formats.
    pub const ALL: [Self; 2] = [Self::Form, Self::Json];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
        }
    }
}

/// The place of `grant_type` in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GrantTypePlace {
    /// Among the members of the body.
    Body,
    /// Among the members of the body of a log-in alone.
    LogIn,
    /// In the query of the URL.
    Query,
}

/// The header with a CSRF token, and the cookie that the token comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsrfRule {
    /// The name of the cookie.
    pub cookie: String,
    /// The name of the header field.
    pub header: String,
}

impl CsrfRule {
    /// Parses a rule as users write it: `COOKIE=HEADER`. Returns `None` if a name is missing or cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (cookie, header) = text.split_once('=')?;
        (is_http_token(cookie) && is_http_token(header))
            .then(|| Self { cookie: cookie.to_owned(), header: header.to_owned() })
    }
}

/// The request that ends a session, and a further status that confirms the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevocationRule {
    /// The URL, relative to that of the log-in. `None` if the user or the issuer's metadata must name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The method of the request.
    pub method: Method,
    /// The token that ends the session.
    pub token: RevokedToken,
    /// Where the request has that token. `None` if it is the usual place: for a refresh token that of a refresh, for an
    /// access token that of the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_in: Option<TokenPlace>,
    /// True if the request also authenticates with the access token.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub authorized: bool,
    /// A status outside 200 to 299 that also says that the session has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_status: Option<u16>,
}

/// The token that ends a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RevokedToken {
    /// The refresh token.
    Refresh,
    /// The access token.
    Access,
    /// Both tokens, in two requests: each request ends one token.
    Each,
}

/// A place in a request or in an answer, for a token or another value. Users write `refresh`, `/data/refreshToken`, `cookie:NAME`, `header`
/// or `header:NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TokenPlace {
    /// A member of the body at this JSON Pointer (RFC 6901).
    Member(String),
    /// A cookie with this name.
    Cookie(String),
    /// The header field `Authorization`, with the scheme of the server.
    Authorization,
    /// The header field with this name.
    Header(String),
}

/// A text that names no place of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPlace;

impl fmt::Display for NotAPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a member (refresh, /data/refresh), cookie:NAME, header or header:NAME")
    }
}

impl std::error::Error for NotAPlace {}

impl TokenPlace {
    /// Returns the place of a member at the top.
    #[must_use]
    pub fn member(name: &str) -> Self {
        Self::Member(pointer_to(name))
    }

    /// Parses a place as users write it.
    ///
    /// # Errors
    /// [`NotAPlace`] if a name is empty, or is not one of a cookie or a header field (RFC 9110 section 5.6.2).
    pub fn parse(text: &str) -> Result<Self, NotAPlace> {
        match text.split_once(':') {
            Some(("cookie", name)) if is_http_token(name) => Ok(Self::Cookie(name.to_owned())),
            Some(("header", name)) if name.eq_ignore_ascii_case("authorization") => Ok(Self::Authorization),
            Some(("header", name)) if is_http_token(name) => Ok(Self::Header(name.to_owned())),
            Some(("cookie" | "header", _)) => Err(NotAPlace),
            _ if text == "header" => Ok(Self::Authorization),
            _ if text.is_empty() => Err(NotAPlace),
            _ if text.starts_with('/') => Ok(Self::Member(text.to_owned())),
            _ => Ok(Self::member(text)),
        }
    }
}

impl TokenPlace {
    /// Returns the name of a member at the top, or `None` for any other place.
    #[must_use]
    pub fn top_member(&self) -> Option<String> {
        let Self::Member(pointer) = self else { return None };
        let name = pointer.strip_prefix('/')?;
        (!name.contains('/')).then(|| unescaped(name))
    }

    /// Returns the place for messages: a member at the top by its name, any other place as users write it.
    #[must_use]
    pub fn shown(&self) -> String {
        self.top_member().unwrap_or_else(|| self.to_string())
    }
}

impl fmt::Display for TokenPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(pointer) => f.write_str(pointer),
            Self::Cookie(name) => write!(f, "cookie:{name}"),
            Self::Authorization => f.write_str("header"),
            Self::Header(name) => write!(f, "header:{name}"),
        }
    }
}

impl TryFrom<String> for TokenPlace {
    type Error = NotAPlace;

    fn try_from(text: String) -> Result<Self, NotAPlace> {
        Self::parse(&text)
    }
}

impl From<TokenPlace> for String {
    fn from(place: TokenPlace) -> Self {
        place.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_place_as_it_is_written() {
        for (text, written) in [
            ("refresh", "/refresh"),
            ("/data/refreshToken", "/data/refreshToken"),
            ("a~b", "/a~0b"),
            ("cookie:refresh_token_cookie", "cookie:refresh_token_cookie"),
            ("header", "header"),
            ("header:Authorization", "header"),
            ("header:X-Session-Token", "header:X-Session-Token"),
        ] {
            let place = TokenPlace::parse(text).unwrap();
            assert_eq!(place.to_string(), written);
            assert_eq!(TokenPlace::parse(written), Ok(place));
        }
        for text in ["", "cookie:", "cookie:a b", "header:", "header:a:b", "cookie:a;b"] {
            assert_eq!(TokenPlace::parse(text), Err(NotAPlace), "{text}");
        }
    }
}
