//! A session: a login at a token server as a file keeps it, and what it needs next. The clock is the caller's. This file
//! neither reads nor writes files, and sends nothing.

use super::client::ClientSettings;
use super::cookie::Cookie;
use super::server::{ServerDescription, TokenPlace};
use super::session_tokens::SessionTokens;
use crate::core::json::{self, JsonError, Value};
use crate::core::mint::pair::TokenPair;
use crate::core::token::numeric_date::NumericDate;
use serde::{Deserialize, Serialize};

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

/// The beginning of a session: its grant, the profile of its server, and its command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionLogin {
    /// The grant.
    pub grant: SessionGrant,
    /// The name of the server whose description was used, perhaps with changes.
    pub profile: String,
    /// The words of the command that begins it again. Secrets are left out.
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

/// The source of a further value of a request.
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

/// The way in which a session gets its next access token.
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

/// A text that cannot be read as a session.
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
    /// A value has characters that cannot be in a request.
    UnsendableValue {
        /// The JSON Pointer of the value.
        pointer: &'static str,
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
        let session: Self =
            serde_json::from_slice(content).map_err(|error| SessionFormatError::of_member(&error))?;
        match session.tokens.unsendable() {
            Some(pointer) => Err(SessionFormatError::UnsendableValue { pointer }),
            None => Ok(session),
        }
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
    use crate::core::mint::pair::StatedFacts;
    use crate::core::oauth::ready::ReadyServer;
    use crate::core::oauth::session_tokens::tests::pair;

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

    fn accepted(pair: TokenPair) -> SessionTokens {
        session(SessionTokens::default()).next(pair, Vec::new(), NOW).tokens
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
    fn no_value_can_begin_another_line_of_output_or_of_a_request() {
        let text = session(accepted(pair("the-access-token", None, None))).to_text();
        for (from, to, pointer) in [
            ("the-access-token", r"a\r\nX: y", "/tokens/access"),
            ("the-access-token", r"a\u001b[2J", "/tokens/access"),
            ("\"Bearer\"\n", "\"Bearer\\nX: y\"\n", "/tokens/carrier"),
            ("\"scheme\": \"Bearer\"", "\"header\": \"X: y\"", "/tokens/carrier"),
            ("\"scheme\": \"Bearer\"", "\"cookie\": \"a=b; c\"", "/tokens/carrier"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let error = Session::parse(changed.as_bytes()).unwrap_err();
            assert_eq!(error, SessionFormatError::UnsendableValue { pointer }, "{to}");
        }
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
