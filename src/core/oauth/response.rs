//! The tokens in what a server answers when it is asked for some, or why there are none that can be used. Every text in
//! an answer is hostile, and nothing is a token that could not stand in a header.

use crate::core::json::{self, Value};
use crate::core::mint::pair::{TokenPair, TokenRoles};
use crate::core::mint::profile::Profile;
use crate::core::oauth::request::is_sendable;
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use std::fmt;

/// Why a good answer cannot be used. It repeats names and types, never a value that could be a token; but whole, however
/// long they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It is not JSON.
    Json(json::JsonError),
    /// It is JSON of this type, and no object.
    NotAnObject(&'static str),
    /// It has a member twice, at this place.
    Duplicate(String),
    /// It has no access token.
    NoToken {
        /// What that would be called.
        wanted: &'static str,
        /// What it has.
        names: Vec<String>,
        /// Whose answer it looks like.
        looks_like: Option<Profile>,
    },
    /// A member that should be text has this type.
    NotText(&'static str, &'static str),
    /// A token has characters that no token has (RFC 6750 section 2.1).
    Unsendable(&'static str),
    /// It says of its tokens that they are of this type, or of none; a client knows what to do with Bearer alone (RFC
    /// 6749 section 7.1).
    TokenType(Option<String>),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(fault) => write!(f, "the answer is {fault}"),
            Self::NotAnObject(what) => write!(f, "the answer is {what}, not an object"),
            Self::Duplicate(place) => write!(f, "the answer has {place} twice"),
            Self::NoToken { wanted, names, .. } if names.is_empty() => {
                write!(f, "the answer has no {wanted}: it is empty")
            }
            Self::NoToken { wanted, names, .. } => {
                write!(f, "the answer has no {wanted}, but {}", names.join(", "))
            }
            Self::NotText(name, what) => write!(f, "{name} is {what}, not a string"),
            Self::Unsendable(name) => {
                write!(f, "{name} has characters that no token has (RFC 6750 section 2.1)")
            }
            Self::TokenType(Some(other)) => {
                write!(f, "the tokens are of the type {other}, and only Bearer can be used")
            }
            Self::TokenType(None) => f.write_str("the answer has no token_type (RFC 6749 section 5.1)"),
        }
    }
}

impl Profile {
    /// The tokens in a good answer, at the time it came.
    ///
    /// # Errors
    /// [`Unusable`] if there are none that can be used.
    pub fn tokens(self, body: &[u8], now: NumericDate) -> Result<TokenPair, Unusable> {
        let value = json::parse(body).map_err(Unusable::Json)?;
        if !matches!(value, Value::Object(_)) {
            return Err(Unusable::NotAnObject(value.type_name()));
        }
        if let Some(place) = value.first_duplicate() {
            return Err(Unusable::Duplicate(place));
        }
        let [access, refresh] = match self {
            // Sliding tokens of simplejwt are both in one, as those of drf-jwt are.
            Self::Simplejwt if value.get("access").is_none() && value.get("token").is_some() => ["token"; 2],
            Self::Simplejwt => ["access", "refresh"],
            Self::DrfJwt => ["token"; 2],
            Self::Oauth => ["access_token", "refresh_token"],
        };
        let single = access == refresh;
        let Some(access_token) = token(&value, access)? else {
            return Err(Unusable::NoToken {
                wanted: access,
                names: value.members().iter().map(|member| member.name.to_string()).collect(),
                looks_like: of_other(self, &value),
            });
        };
        let refresh = if single { None } else { token(&value, refresh)? };
        let (mut told, mut scope) = (None, None);
        if self == Self::Oauth {
            match text(&value, "token_type")? {
                Some(kind) if kind.eq_ignore_ascii_case("Bearer") => {}
                other => return Err(Unusable::TokenType(other)),
            }
            told = lifetime(value.get("expires_in"));
            scope = text(&value, "scope")?;
        }
        let lifetime = told.or_else(|| expiry(&access_token).map(|exp| seconds(exp.seconds_since(now))));
        let roles = if single { TokenRoles::Shared } else { TokenRoles::Separate };
        Ok(TokenPair { access: access_token, refresh, lifetime, scope, roles })
    }
}

/// A member that is text; one that is null is not there.
fn text(value: &Value<'_>, name: &'static str) -> Result<Option<String>, Unusable> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(other) => Err(Unusable::NotText(name, other.type_name())),
    }
}

/// A member that is a token.
fn token(value: &Value<'_>, name: &'static str) -> Result<Option<String>, Unusable> {
    match text(value, name)? {
        Some(token) if !is_sendable(&token) => Err(Unusable::Unsendable(name)),
        token => Ok(token),
    }
}

/// The profile whose answer this would be.
fn of_other(profile: Profile, value: &Value<'_>) -> Option<Profile> {
    [("access_token", Profile::Oauth), ("access", Profile::Simplejwt), ("token", Profile::DrfJwt)]
        .into_iter()
        .find(|(name, other)| *other != profile && value.get(name).is_some())
        .map(|(_, other)| other)
}

/// `expires_in` of RFC 6749 section 5.1; some servers write the number as text.
fn lifetime(value: Option<&Value<'_>>) -> Option<Duration> {
    match value? {
        Value::Number(digits) => {
            let date = NumericDate::from_json_number(digits);
            (!date.is_negative()).then(|| seconds(date.seconds()))
        }
        Value::String(digits) => digits.parse().ok().map(Duration::seconds),
        _ => None,
    }
}

fn seconds(number: i64) -> Duration {
    Duration::seconds(u64::try_from(number).unwrap_or(0))
}

/// When a token expires, if it is a JWT that says so. Nobody vouches for it.
#[must_use]
pub fn expiry(token: &str) -> Option<NumericDate> {
    let compact = Compact::parse(token.as_bytes(), token.len()).ok()?;
    Token::parse(&compact).unverified_claims().and_then(|claims: &ClaimsSet<'_>| claims.date("exp"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    fn read(profile: Profile, body: &str) -> Result<TokenPair, String> {
        profile.tokens(body.as_bytes(), NOW).map_err(|unusable| unusable.to_string())
    }

    fn tokens(access: &str, refresh: Option<&str>, lifetime: Option<u64>, single: bool) -> TokenPair {
        TokenPair {
            access: access.to_owned(),
            refresh: refresh.map(str::to_owned),
            lifetime: lifetime.map(Duration::seconds),
            scope: None,
            roles: if single { TokenRoles::Shared } else { TokenRoles::Separate },
        }
    }

    fn jwt(claims: &str) -> String {
        let segment = |text: &str| base64url::encode(text.as_bytes());
        format!("{}.{}.AA", segment(r#"{"alg":"HS256"}"#), segment(claims))
    }

    #[test]
    fn reads_the_answer_of_each_kind_of_server() {
        let read = |profile, body| read(profile, body).unwrap();
        assert_eq!(
            read(Profile::Simplejwt, r#"{"refresh":"r","access":"a"}"#),
            tokens("a", Some("r"), None, false)
        );
        assert_eq!(read(Profile::Simplejwt, r#"{"access":"a"}"#), tokens("a", None, None, false));
        assert_eq!(read(Profile::Simplejwt, r#"{"token":"a"}"#), tokens("a", None, None, true));
        assert_eq!(read(Profile::DrfJwt, r#"{"pk":7,"token":"a"}"#), tokens("a", None, None, true));
        let whole = r#"{"access_token":"a","token_type":"bEARER","expires_in":3600,"refresh_token":"r","scope":"x y","id_token":7}"#;
        let expected =
            TokenPair { scope: Some("x y".to_owned()), ..tokens("a", Some("r"), Some(3600), false) };
        assert_eq!(read(Profile::Oauth, whole), expected);
        let least = r#"{"access_token":"a","token_type":"Bearer","refresh_token":null,"scope":null}"#;
        assert_eq!(read(Profile::Oauth, least), tokens("a", None, None, false));
    }

    #[test]
    fn the_lifetime_is_what_the_server_says_else_what_the_token_says() {
        let lifetime = |access: &str, told: &str| {
            let body = format!(r#"{{"access_token":"{access}","token_type":"Bearer"{told}}}"#);
            read(Profile::Oauth, &body).unwrap().lifetime.map(Duration::as_seconds)
        };
        let later = jwt(r#"{"exp":1300}"#);
        for (access, told, expected) in [
            (later.as_str(), r#","expires_in":60"#, Some(60)),
            (&later, r#","expires_in":"60""#, Some(60)),
            (&later, r#","expires_in":60.9"#, Some(60)),
            (&later, r#","expires_in":-1"#, Some(300)),
            (&later, r#","expires_in":"soon""#, Some(300)),
            (&later, r#","expires_in":null"#, Some(300)),
            (&later, "", Some(300)),
            (&jwt(r#"{"exp":900}"#), "", Some(0)),
            (&jwt(r#"{"exp":"900"}"#), "", None),
            (&jwt("{}"), "", None),
            ("opaque", "", None),
        ] {
            assert_eq!(lifetime(access, told), expected, "{told}");
        }
        let access = read(Profile::Simplejwt, &format!(r#"{{"access":"{later}"}}"#)).unwrap();
        assert_eq!(access.lifetime, Some(Duration::seconds(300)));
    }

    #[test]
    fn what_cannot_be_used_is_named_and_no_value_is_repeated() {
        use Profile::{DrfJwt, Oauth, Simplejwt};
        for (profile, body, expected) in [
            (Simplejwt, "<html>", "the answer is not JSON at offset 0: expected a value"),
            (Simplejwt, "", "the answer is not JSON at offset 0: expected a value"),
            (
                Simplejwt,
                r#"{"access":"a",}"#,
                "the answer is not JSON at offset 14: expected a member name in quotes",
            ),
            (Simplejwt, r#"["a"]"#, "the answer is an array, not an object"),
            (Simplejwt, r#"{"access":"a","access":"b"}"#, "the answer has /access twice"),
            (Simplejwt, r#"{"access":"a","x":{"y":1,"y":2}}"#, "the answer has /x/y twice"),
            (Simplejwt, "{}", "the answer has no access: it is empty"),
            (Simplejwt, r#"{"access_token":"s","x":"s"}"#, "the answer has no access, but access_token, x"),
            (Simplejwt, r#"{"access":null,"x":1}"#, "the answer has no access, but access, x"),
            (Simplejwt, r#"{"access":7}"#, "access is a number, not a string"),
            (Simplejwt, r#"{"access":"a","refresh":["r"]}"#, "refresh is an array, not a string"),
            (Simplejwt, r#"{"access":""}"#, "access has characters that no token has (RFC 6750 section 2.1)"),
            (
                Simplejwt,
                r#"{"access":"a b"}"#,
                "access has characters that no token has (RFC 6750 section 2.1)",
            ),
            (DrfJwt, r#"{"access":"a"}"#, "the answer has no token, but access"),
            (
                DrfJwt,
                r#"{"token":"\u001b[2Jx"}"#,
                "token has characters that no token has (RFC 6750 section 2.1)",
            ),
            (Oauth, r#"{"access_token":"a"}"#, "the answer has no token_type (RFC 6749 section 5.1)"),
            (
                Oauth,
                r#"{"access_token":"a","token_type":"mac"}"#,
                "the tokens are of the type mac, and only Bearer can be used",
            ),
            (Oauth, r#"{"access_token":"a","token_type":1}"#, "token_type is a number, not a string"),
            (
                Oauth,
                r#"{"access_token":"a","token_type":"Bearer","scope":1}"#,
                "scope is a number, not a string",
            ),
            (
                Oauth,
                r#"{"access_token":"a","token_type":"Bearer","refresh_token":"a\nb"}"#,
                "refresh_token has characters that no token has (RFC 6750 section 2.1)",
            ),
        ] {
            assert_eq!(read(profile, body).unwrap_err(), expected, "{body}");
        }
    }

    #[test]
    fn an_answer_of_another_kind_of_server_is_recognized() {
        let other = |profile: Profile, body: &str| match profile.tokens(body.as_bytes(), NOW) {
            Err(Unusable::NoToken { looks_like, .. }) => looks_like,
            other => panic!("{other:?}"),
        };
        assert_eq!(other(Profile::Simplejwt, r#"{"access_token":"a"}"#), Some(Profile::Oauth));
        assert_eq!(other(Profile::Oauth, r#"{"access":"a"}"#), Some(Profile::Simplejwt));
        assert_eq!(other(Profile::Oauth, r#"{"token":"a"}"#), Some(Profile::DrfJwt));
        assert_eq!(other(Profile::Oauth, r#"{"key":"a"}"#), None);
    }
}
