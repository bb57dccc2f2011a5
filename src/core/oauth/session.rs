//! A session: a login at a token server as a file keeps it, and what it needs next. The clock is the caller's. This file
//! neither reads nor writes files, and sends nothing.

use super::client::ClientSettings;
use super::cookie::Cookie;
use super::server::{ServerDescription, TokenPlace};
use crate::core::json::{self, JsonError, Value};
use crate::core::mint::pair::{AccessCarrier, StatedFacts, TokenPair, TokenRoles};
use crate::core::oauth::response::unverified_exp;
use crate::core::text::duration::Duration;
use crate::core::token::numeric_date::NumericDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A login at a token server, and its tokens. No secret of the client or the user is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// The version of the format.
    #[serde(rename = "fob_session")]
    pub version: u64,
    /// How many times the tokens were replaced. A file beside the session with the next number is newer.
    pub serial: u64,
    /// How the session was begun.
    pub login: SessionLogin,
    /// How the server is asked.
    pub server: ServerDescription,
    /// The URLs of the server.
    pub urls: SessionUrls,
    /// The client, if it has an identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientSettings>,
    /// Further values of each request that are not secret.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldRecord>,
    /// The tokens.
    pub tokens: SessionTokens,
    /// When an exchange began that has not ended, in seconds since 1970: the server may have used up the refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<i64>,
}

/// How a session was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionLogin {
    /// The grant.
    pub grant: SessionGrant,
    /// The name of the server whose description was used, perhaps with changes.
    pub profile: String,
    /// The words of the command that began it, without the name of the program. Secrets are left out.
    pub command: Vec<String>,
}

/// The grant that began a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionGrant {
    /// A user's name and password.
    Password,
    /// The client's own identity, which can be used again at any time.
    ClientCredentials,
    /// A refresh token that another program got.
    RefreshToken,
}

/// The URLs of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionUrls {
    /// Where new tokens come from: by a refresh, or by the grant of the client.
    pub tokens: String,
    /// Where the session is ended, if the server can end it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<String>,
    /// The issuer, if its metadata named the other URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
}

/// A further value of each request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRecord {
    /// Where the request has it.
    pub place: TokenPlace,
    /// Where its value comes from.
    pub source: FieldSource,
}

/// Where a further value of a request comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FieldSource {
    /// This text, which is not secret.
    Text(String),
    /// The environment variable with this name.
    Variable(String),
}

/// Returns whether a value at this place is certainly no secret, so that a session may keep it. A one-time password, which
/// has any name, must not be kept.
#[must_use]
pub fn is_public_field(place: &TokenPlace) -> bool {
    const PUBLIC: [&str; 4] = ["client_id", "scope", "audience", "resource"];
    PUBLIC.iter().any(|name| *place == TokenPlace::member(name))
}

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

/// How long an access token is certainly good.
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

/// How a session gets its next access token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum NextGrant<'s> {
    /// By a refresh with this token.
    Refresh {
        /// The token.
        token: &'s str,
        /// True if it is the access token, too.
        is_shared: bool,
    },
    /// By the client's own identity.
    ClientCredentials,
    /// Only by another login.
    Login,
}

/// Why a text is not a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionFormatError {
    /// It is not JSON.
    Json(JsonError),
    /// It is JSON, but not a session.
    NotASession,
    /// It is a session in a version of the format that this program does not know.
    OtherVersion {
        /// The version.
        found: String,
    },
    /// It has a member twice.
    Duplicate {
        /// The JSON Pointer of the member.
        pointer: String,
    },
    /// It has a member that this version does not know.
    UnknownMember {
        /// The name of the member.
        name: String,
    },
    /// It lacks a member.
    MissingMember {
        /// The name of the member.
        name: String,
    },
    /// A value cannot be right.
    InvalidValue {
        /// Its line, from 1.
        line: usize,
    },
}

impl SessionFormatError {
    /// Reads the fact from an error of serde. Its text is not kept, since it can repeat a token.
    fn of_member(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let name = |start: &str| {
            let name = text.strip_prefix(start)?.split('`').next()?;
            Some(name.to_owned())
        };
        if let Some(name) = name("unknown field `") {
            Self::UnknownMember { name }
        } else if let Some(name) = name("missing field `") {
            Self::MissingMember { name }
        } else {
            Self::InvalidValue { line: error.line() }
        }
    }

    /// Returns whether the text is certainly no session, in no version of the format.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        matches!(self, Self::NotASession)
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
        let stated = pair.stated.expires_in.map(later);
        let told = || unverified_exp(&pair.access).map(NumericDate::seconds);
        // The lifetime of a cookie is the last resort.
        self.expires = stated.or_else(told).or_else(|| pair.lifetime.map(later));
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

impl Session {
    /// The version of the format that this program reads and writes.
    pub const VERSION: u64 = 1;

    /// Parses the content of a session file.
    ///
    /// # Errors
    /// [`SessionFormatError`], which never repeats a value.
    pub fn parse(content: &[u8]) -> Result<Self, SessionFormatError> {
        let value = json::parse(content).map_err(SessionFormatError::Json)?;
        match value.get("fob_session") {
            None => return Err(SessionFormatError::NotASession),
            Some(Value::Number(version)) if version.as_ref() == Self::VERSION.to_string() => {}
            Some(Value::Number(version)) => {
                return Err(SessionFormatError::OtherVersion { found: version.to_string() });
            }
            Some(_) => return Err(SessionFormatError::NotASession),
        }
        if let Some(pointer) = value.first_duplicate() {
            return Err(SessionFormatError::Duplicate { pointer });
        }
        serde_json::from_slice(content).map_err(|error| SessionFormatError::of_member(&error))
    }

    /// Returns the content of the session file.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Maps with keys that are not strings are the only values that cannot be written, and there are none.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Returns the next session: these tokens in place of the old ones.
    #[must_use]
    pub fn next(&self, pair: TokenPair, cookies: Vec<Cookie>, arrived: NumericDate) -> Self {
        let mut next = Self { serial: self.serial.saturating_add(1), begun: None, ..self.clone() };
        next.tokens.accept(pair, cookies, arrived);
        next
    }

    /// Returns how the session gets its next access token.
    #[must_use]
    pub fn next_grant(&self) -> NextGrant<'_> {
        let SessionTokens { access, refresh, is_shared, .. } = &self.tokens;
        match (refresh, access) {
            (Some(token), _) if self.server.refresh_in.is_some() => {
                NextGrant::Refresh { token, is_shared: false }
            }
            (_, Some(token)) if *is_shared => NextGrant::Refresh { token, is_shared: true },
            _ if self.login.grant == SessionGrant::ClientCredentials => NextGrant::ClientCredentials,
            _ => NextGrant::Login,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::oauth::ready::ReadyServer;
    use crate::core::token::base64url;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    fn session(tokens: SessionTokens) -> Session {
        Session {
            version: Session::VERSION,
            serial: 0,
            login: SessionLogin {
                grant: SessionGrant::Password,
                profile: "oauth".to_owned(),
                command: vec!["fob".to_owned()],
            },
            server: ReadyServer::Oauth.describe(),
            urls: SessionUrls { tokens: "https://a.example/".to_owned(), revocation: None, issuer: None },
            client: None,
            fields: Vec::new(),
            tokens,
            begun: Some(1),
        }
    }

    fn pair(access: &str, refresh: Option<&str>, expires_in: Option<u64>) -> TokenPair {
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
        session(SessionTokens::default()).next(pair, Vec::new(), NOW).tokens
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
        assert_eq!(accepted(pair("opaque", None, None)).expires, None);
        let cookie = TokenPair { lifetime: Some(Duration::seconds(5)), ..pair("opaque", None, None) };
        assert_eq!(accepted(cookie).expires, Some(1005));
        assert_eq!(accepted(pair("a", None, Some(u64::MAX))).expires, Some(i64::MAX));
        let unknown = accepted(pair("opaque", None, None));
        assert_eq!(unknown.state(NOW, Duration::ZERO), AccessState::Doubtful);
    }

    #[test]
    fn an_answer_replaces_what_it_repeats_and_nothing_else() {
        let first = TokenPair {
            stated: StatedFacts {
                id_token: Some("i".to_owned()),
                scope: Some("s".to_owned()),
                ..StatedFacts::default()
            },
            ..pair("a", Some("r"), Some(60))
        };
        let cookies = |fields: &[&str]| fields.iter().filter_map(|field| Cookie::parse(field)).collect();
        let begun = session(SessionTokens::default()).next(first, cookies(&["c=1", "d=1"]), NOW);
        assert_eq!((begun.serial, begun.begun), (1, None));
        let later = NumericDate::from_seconds(2000);
        let next = begun.next(pair("b", None, None), cookies(&["c=2", "d=; Max-Age=0"]), later);
        let SessionTokens { access, refresh, id_token, scope, arrived, expires, cookies, .. } = next.tokens;
        assert_eq!(access.as_deref(), Some("b"));
        assert_eq!(
            (refresh.as_deref(), id_token.as_deref(), scope.as_deref()),
            (Some("r"), Some("i"), Some("s"))
        );
        assert_eq!((arrived, expires), (2000, None));
        assert_eq!(cookies.iter().map(|cookie| cookie.value.as_str()).collect::<Vec<_>>(), ["2"]);
    }

    #[test]
    fn the_next_grant_follows_from_the_tokens_and_the_login() {
        let with = |tokens| session(tokens);
        let refresh = |token, is_shared| NextGrant::Refresh { token, is_shared };
        assert!(with(SessionTokens::with_refresh("r", false)).next_grant() == refresh("r", false));
        assert!(with(SessionTokens::with_refresh("t", true)).next_grant() == refresh("t", true));
        let mut single = with(accepted(pair("a", None, Some(60))));
        assert!(single.next_grant() == NextGrant::Login);
        single.login.grant = SessionGrant::ClientCredentials;
        assert!(single.next_grant() == NextGrant::ClientCredentials);
    }

    #[test]
    fn a_file_reads_back_as_it_was_written_and_debug_output_hides_its_tokens() {
        let session = session(accepted(pair("the-access-token", Some("the-refresh-token"), Some(60))));
        assert_eq!(Session::parse(session.to_text().as_bytes()), Ok(session.clone()));
        let shown = format!("{session:?}");
        assert!(!shown.contains("the-access-token") && !shown.contains("the-refresh-token"), "{shown}");
    }

    #[test]
    fn no_error_repeats_a_value() {
        let text = session(accepted(pair("the-access-token", None, None))).to_text();
        for (from, to) in [("1000", "\"the-access-token\""), ("\"scheme\"", "\"the-access-token\"")] {
            let error = Session::parse(text.replace(from, to).as_bytes()).unwrap_err();
            assert!(!error.to_string().contains("the-access-token"), "{error}");
        }
    }
}
