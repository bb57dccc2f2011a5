//! The tokens of a session, as its file keeps them, and how long the access token is good. The clock is the caller's.

use super::cookie::{Cookie, is_cookie_value};
use super::message::is_http_token;
use crate::core::mint::pair::{AccessCarrier, StatedFacts, TokenPair, TokenRoles};
use crate::core::oauth::response::unverified_times;
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The tokens of a session, and what the server said about them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionTokens {
    /// The access token. `None` before the first exchange.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// The newest refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
    /// True if the access token is the refresh token, too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_shared: bool,
    /// `id_token`, as the server sent it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// `token_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// `scope`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The part of a request that the access token is sent in.
    pub carrier: CarrierRecord,
    /// When the access token arrived, in seconds since 1970.
    pub arrived: i64,
    /// When the access token expires, in seconds since 1970: from `expires_in`, or else from the claim `exp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// The cookies that the server set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cookies: Vec<Cookie>,
}

impl fmt::Debug for SessionTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { arrived, expires, .. } = self;
        f.debug_struct("SessionTokens")
            .field("arrived", arrived)
            .field("expires", expires)
            .finish_non_exhaustive()
    }
}

/// The part of a request that an access token is sent in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum CarrierRecord {
    /// The header field `Authorization`, with this scheme.
    Scheme(String),
    /// A cookie with this name.
    Cookie(String),
    /// A header field with this name.
    Header(String),
}

impl From<CarrierRecord> for AccessCarrier {
    fn from(record: CarrierRecord) -> Self {
        match record {
            CarrierRecord::Scheme(name) => Self::Scheme(name),
            CarrierRecord::Cookie(name) => Self::Cookie(name),
            CarrierRecord::Header(name) => Self::Header(name),
        }
    }
}

impl From<AccessCarrier> for CarrierRecord {
    fn from(carrier: AccessCarrier) -> Self {
        match carrier {
            AccessCarrier::Scheme(name) => Self::Scheme(name),
            AccessCarrier::Cookie(name) => Self::Cookie(name),
            AccessCarrier::Header(name) => Self::Header(name),
        }
    }
}

/// The time for which an access token is certainly good, compared with the time asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// At least as long as asked.
    Good,
    /// It has not expired, but it will too early, or the server has not said when.
    Doubtful,
    /// Not at all: it has expired, there is none, or it arrived in the future, since a clock was wrong.
    Bad,
}

impl Default for SessionTokens {
    /// Returns no tokens, as a session has them before its first exchange.
    fn default() -> Self {
        Self {
            access: None,
            refresh: None,
            is_shared: false,
            id_token: None,
            token_type: None,
            scope: None,
            carrier: AccessCarrier::default().into(),
            arrived: 0,
            expires: None,
            cookies: Vec::new(),
        }
    }
}

impl SessionTokens {
    /// Returns the tokens of a session before its first exchange. A shared token is the access token, too.
    #[must_use]
    pub fn with_refresh(token: &str, is_shared: bool) -> Self {
        let token = Some(token.to_owned());
        let (access, refresh) = if is_shared { (token, None) } else { (None, token) };
        Self { access, refresh, is_shared, ..Self::default() }
    }

    /// Takes over cookies. One with the same name replaces the old one, and an empty one deletes it.
    pub fn keep_cookies(&mut self, cookies: Vec<Cookie>) {
        for cookie in cookies {
            self.cookies.retain(|old| old.name != cookie.name);
            self.cookies.push(cookie);
        }
        self.cookies.retain(|cookie| !cookie.value.is_empty());
    }

    /// Returns whether the access token is good at this time, and for so much longer.
    #[must_use]
    pub fn state(&self, now: NumericDate, valid_for: Duration) -> AccessState {
        let is_from_future = self.arrived > now.seconds();
        if self.access.is_none() || is_from_future {
            return AccessState::Bad;
        }
        match self.expires.map(NumericDate::from_seconds) {
            None => AccessState::Doubtful,
            Some(expires) if expires <= now => AccessState::Bad,
            Some(expires) if expires < now.plus(valid_for) => AccessState::Doubtful,
            Some(_) => AccessState::Good,
        }
    }

    /// Returns the JSON Pointer of a value that cannot be printed as a header field. A file can have any.
    pub(super) fn unsendable(&self) -> Option<&'static str> {
        let is_cookie = matches!(self.carrier, CarrierRecord::Cookie(_));
        let is_printable = |token: &String| {
            token.bytes().all(|byte| byte.is_ascii_graphic()) && (!is_cookie || is_cookie_value(token))
        };
        let (CarrierRecord::Scheme(name) | CarrierRecord::Cookie(name) | CarrierRecord::Header(name)) =
            &self.carrier;
        if !self.access.as_ref().is_none_or(is_printable) {
            return Some("/tokens/access");
        }
        (!is_http_token(name)).then_some("/tokens/carrier")
    }

    /// Returns whether the access token arrived so recently that the server would hardly issue a better one.
    #[must_use]
    pub fn has_just_arrived(&self, now: NumericDate) -> bool {
        const RECENT: i64 = 10;
        self.access.is_some() && (0..=RECENT).contains(&now.seconds().saturating_sub(self.arrived))
    }

    /// Returns the access token without the refresh token, with the lifetime that is left.
    #[must_use]
    pub fn access_pair(&self, now: NumericDate) -> Option<TokenPair> {
        let left = |expires: i64| u64::try_from(expires.saturating_sub(now.seconds())).unwrap_or(0);
        let lifetime = self.expires.map(|expires| Duration::seconds(left(expires)));
        Some(TokenPair {
            access: self.access.clone()?,
            refresh: None,
            lifetime,
            scope: self.scope.clone(),
            roles: if self.is_shared { TokenRoles::Shared } else { TokenRoles::Separate },
            stated: StatedFacts {
                token_type: self.token_type.clone(),
                expires_in: lifetime,
                scope: self.scope.clone(),
                id_token: self.id_token.clone(),
            },
            carrier: self.carrier.clone().into(),
        })
    }

    /// Takes over the tokens of an answer that arrived at this time. If it has no refresh token, the old one stays
    /// (RFC 6749 section 6), and so do other facts that it does not repeat.
    pub fn accept(&mut self, pair: TokenPair, cookies: Vec<Cookie>, arrived: NumericDate) {
        let seconds = arrived.seconds();
        let later = |lifetime: Duration| {
            seconds.saturating_add(i64::try_from(lifetime.as_seconds()).unwrap_or(i64::MAX))
        };
        // The clock of the server may be another one than that of this machine, so the life of a token counts from its `iat`.
        let own = |(exp, iat): (i64, Option<i64>)| {
            iat.map_or(exp, |iat| seconds.saturating_add(exp.saturating_sub(iat)))
        };
        self.expires = match (pair.stated.expires_in.map(later), unverified_times(&pair.access)) {
            // Some servers state a longer life than the token has.
            (Some(stated), Some(times)) => Some(stated.min(own(times))),
            (Some(stated), None) => Some(stated),
            (None, Some(times)) => Some(times.0.min(own(times))),
            // The lifetime of a cookie is the last resort.
            (None, None) => pair.lifetime.map(later),
        };
        self.arrived = seconds;
        self.is_shared = pair.roles == TokenRoles::Shared;
        self.access = Some(pair.access);
        let newer = |old: &mut Option<String>, new: Option<String>| *old = new.or(old.take());
        newer(&mut self.refresh, pair.refresh);
        newer(&mut self.id_token, pair.stated.id_token);
        newer(&mut self.token_type, pair.stated.token_type);
        newer(&mut self.scope, pair.stated.scope);
        self.carrier = pair.carrier.into();
        self.keep_cookies(cookies);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::core::token::base64url;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    pub(in crate::core::oauth) fn pair(
        access: &str,
        refresh: Option<&str>,
        expires_in: Option<u64>,
    ) -> TokenPair {
        let expires_in = expires_in.map(Duration::seconds);
        TokenPair {
            access: access.to_owned(),
            refresh: refresh.map(str::to_owned),
            lifetime: None,
            scope: None,
            roles: TokenRoles::Separate,
            stated: StatedFacts { expires_in, ..StatedFacts::default() },
            carrier: AccessCarrier::default(),
        }
    }

    fn accepted(pair: TokenPair) -> SessionTokens {
        let mut tokens = SessionTokens::default();
        tokens.accept(pair, Vec::new(), NOW);
        tokens
    }

    #[test]
    fn an_access_token_is_good_until_it_expires_too_early() {
        let tokens = accepted(pair("a", None, Some(100)));
        let state =
            |at: i64, valid_for| tokens.state(NumericDate::from_seconds(at), Duration::seconds(valid_for));
        assert_eq!(state(1000, 100), AccessState::Good);
        assert_eq!(state(1000, 101), AccessState::Doubtful);
        assert_eq!(state(1070, 30), AccessState::Good);
        assert_eq!(state(1099, 30), AccessState::Doubtful);
        assert_eq!(state(1100, 0), AccessState::Bad);
        assert_eq!(state(999, 0), AccessState::Bad, "the clock was wrong, now or then");
        assert_eq!(SessionTokens::default().state(NOW, Duration::ZERO), AccessState::Bad);
    }

    #[test]
    fn the_lifetime_comes_from_the_answer_or_else_from_the_token() {
        let jwt = |claims: &str| {
            let segment = |text: &str| base64url::encode(text.as_bytes());
            format!("{}.{}.{}", segment(r#"{"alg":"HS256"}"#), segment(claims), segment("s"))
        };
        let token = jwt(r#"{"exp":1300}"#);
        assert_eq!(accepted(pair(&token, None, Some(60))).expires, Some(1060));
        assert_eq!(accepted(pair(&token, None, None)).expires, Some(1300));
        // A server can state a longer life than the token has.
        assert_eq!(accepted(pair(&token, None, Some(86_400))).expires, Some(1300));
        // Its clock is an hour ahead, or an hour behind.
        for claims in [r#"{"iat":4600,"exp":4900}"#, r#"{"iat":-2600,"exp":-2300}"#] {
            assert_eq!(accepted(pair(&jwt(claims), None, Some(86_400))).expires, Some(1300), "{claims}");
            assert_eq!(accepted(pair(&jwt(claims), None, Some(60))).expires, Some(1060), "{claims}");
        }
        let ahead = jwt(r#"{"iat":4600,"exp":4900}"#);
        assert_eq!(accepted(pair(&ahead, None, None)).expires, Some(1300));
        assert_eq!(accepted(pair("opaque", None, None)).expires, None);
        let cookie = TokenPair { lifetime: Some(Duration::seconds(5)), ..pair("opaque", None, None) };
        assert_eq!(accepted(cookie).expires, Some(1005));
        assert_eq!(accepted(pair("a", None, Some(u64::MAX))).expires, Some(i64::MAX));
        let unknown = accepted(pair("opaque", None, None));
        assert_eq!(unknown.state(NOW, Duration::ZERO), AccessState::Doubtful);
    }
}
