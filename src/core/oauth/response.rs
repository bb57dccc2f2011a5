//! Token responses (RFC 6749 section 5.1): the tokens in a successful answer, or why they cannot be used. All text in an
//! answer is hostile.

use crate::core::json::{self, JsonError, Value};
use crate::core::mint::pair::{TokenPair, TokenRoles};
use crate::core::mint::profile::Profile;
use crate::core::oauth::request::is_b64token;
use crate::core::redact::echo::mask_secrets;
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;

/// Why a successful answer cannot be used. It repeats names and types, never a value that could be a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenResponseError {
    /// It is not JSON.
    Json(JsonError),
    /// It is JSON, but not an object.
    NotAnObject {
        /// The type of the JSON value, with its article.
        found: &'static str,
    },
    /// It has a member twice.
    Duplicate {
        /// The JSON Pointer of the member.
        pointer: String,
    },
    /// It has no access token.
    NoToken {
        /// The name of the member with the access token.
        expected: &'static str,
        /// The names of the members it has.
        found: Vec<String>,
        /// The profile whose answer it looks like.
        looks_like: Option<Profile>,
    },
    /// A member is not a string.
    NotAString {
        /// The name of the member.
        name: &'static str,
        /// The type of the member, with its article.
        found: &'static str,
    },
    /// A token is not a `b64token` (RFC 6750 section 2.1).
    NotAToken {
        /// The name of the member.
        name: &'static str,
    },
    /// It has no token type.
    NoTokenType,
    /// Its tokens have another type than Bearer (RFC 6749 section 7.1).
    OtherTokenType {
        /// The type.
        found: String,
    },
}

impl TokenResponseError {
    /// Replaces secrets in the parts that come from the server.
    #[must_use]
    pub fn mask(mut self, secrets: &[&str]) -> Self {
        match &mut self {
            Self::Duplicate { pointer: text } | Self::OtherTokenType { found: text } => {
                *text = mask_secrets(text, secrets);
            }
            Self::NoToken { found, .. } => {
                for name in found {
                    *name = mask_secrets(name, secrets);
                }
            }
            Self::Json(_)
            | Self::NotAnObject { .. }
            | Self::NotAString { .. }
            | Self::NotAToken { .. }
            | Self::NoTokenType => {}
        }
        self
    }
}

/// Parses the tokens in a successful answer of a profile's server, received at this time.
///
/// # Errors
/// [`TokenResponseError`] if it has no usable tokens.
pub fn parse_token_response(
    profile: Profile,
    body: &[u8],
    now: NumericDate,
) -> Result<TokenPair, TokenResponseError> {
    let value = json::parse(body).map_err(TokenResponseError::Json)?;
    if !matches!(value, Value::Object(_)) {
        return Err(TokenResponseError::NotAnObject { found: value.type_name() });
    }
    if let Some(pointer) = value.first_duplicate() {
        return Err(TokenResponseError::Duplicate { pointer });
    }
    let [access, refresh] = match profile {
        // Sliding tokens of simplejwt, like those of drf-jwt, are access and refresh token in one.
        Profile::Simplejwt if value.get("access").is_none() && value.get("token").is_some() => ["token"; 2],
        Profile::Simplejwt => ["access", "refresh"],
        Profile::DrfJwt => ["token"; 2],
        Profile::Oauth => ["access_token", "refresh_token"],
    };
    let roles = if access == refresh { TokenRoles::Shared } else { TokenRoles::Separate };
    let Some(access_token) = token(&value, access)? else {
        return Err(TokenResponseError::NoToken {
            expected: access,
            found: value.members().iter().map(|member| member.name.to_string()).collect(),
            looks_like: other_profile(profile, &value),
        });
    };
    let refresh = if roles == TokenRoles::Shared { None } else { token(&value, refresh)? };
    let (mut stated, mut scope) = (None, None);
    if profile == Profile::Oauth {
        match text(&value, "token_type")? {
            Some(kind) if kind.eq_ignore_ascii_case("Bearer") => {}
            Some(found) => return Err(TokenResponseError::OtherTokenType { found }),
            None => return Err(TokenResponseError::NoTokenType),
        }
        stated = expires_in(value.get("expires_in"));
        scope = text(&value, "scope")?;
    }
    let lifetime =
        stated.or_else(|| unverified_exp(&access_token).map(|exp| seconds(exp.seconds_since(now))));
    Ok(TokenPair { access: access_token, refresh, lifetime, scope, roles })
}

/// Returns a member that is a string. A null counts as missing.
fn text(value: &Value<'_>, name: &'static str) -> Result<Option<String>, TokenResponseError> {
    match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(other) => Err(TokenResponseError::NotAString { name, found: other.type_name() }),
    }
}

/// Returns a member that is a token.
fn token(value: &Value<'_>, name: &'static str) -> Result<Option<String>, TokenResponseError> {
    match text(value, name)? {
        Some(token) if !is_b64token(&token) => Err(TokenResponseError::NotAToken { name }),
        token => Ok(token),
    }
}

/// Returns the other profile whose answer this looks like.
fn other_profile(profile: Profile, value: &Value<'_>) -> Option<Profile> {
    [("access_token", Profile::Oauth), ("access", Profile::Simplejwt), ("token", Profile::DrfJwt)]
        .into_iter()
        .find(|(name, other)| *other != profile && value.get(name).is_some())
        .map(|(_, other)| other)
}

/// Returns `expires_in` (RFC 6749 section 5.1). Some servers write the number as a string.
fn expires_in(value: Option<&Value<'_>>) -> Option<Duration> {
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

/// Returns the `exp` of a token, if it is a JWT that has one. The token is not verified.
#[must_use]
pub fn unverified_exp(token: &str) -> Option<NumericDate> {
    let compact = Compact::parse(token.as_bytes(), token.len()).ok()?;
    Token::parse(&compact).unverified_claims().and_then(|claims: &ClaimsSet<'_>| claims.date("exp"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    fn read(profile: Profile, body: &str) -> Result<TokenPair, String> {
        parse_token_response(profile, body.as_bytes(), NOW).map_err(|error| error.to_string())
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
    fn reads_the_answer_of_each_profile() {
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
    fn the_lifetime_is_expires_in_or_else_the_exp_of_the_token() {
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
    fn errors_name_members_but_repeat_no_values() {
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
            (Simplejwt, r#"{"access":"a","access":"b"}"#, "the answer has /access more than once"),
            (Simplejwt, r#"{"access":"a","x":{"y":1,"y":2}}"#, "the answer has /x/y more than once"),
            (Simplejwt, "{}", "the answer has no access: it is an empty object"),
            (Simplejwt, r#"{"access_token":"s","x":"s"}"#, "the answer has no access, only access_token, x"),
            (Simplejwt, r#"{"access":null,"x":1}"#, "the answer has no access, only access, x"),
            (Simplejwt, r#"{"access":7}"#, "access is a number, not a string"),
            (Simplejwt, r#"{"access":"a","refresh":["r"]}"#, "refresh is an array, not a string"),
            (Simplejwt, r#"{"access":""}"#, "access is not a token (RFC 6750 section 2.1)"),
            (Simplejwt, r#"{"access":"a b"}"#, "access is not a token (RFC 6750 section 2.1)"),
            (DrfJwt, r#"{"access":"a"}"#, "the answer has no token, only access"),
            (DrfJwt, r#"{"token":"\u001b[2Jx"}"#, "token is not a token (RFC 6750 section 2.1)"),
            (Oauth, r#"{"access_token":"a"}"#, "the answer has no token_type (RFC 6749 section 5.1)"),
            (
                Oauth,
                r#"{"access_token":"a","token_type":"mac"}"#,
                "the tokens have type mac, expected Bearer",
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
                "refresh_token is not a token (RFC 6750 section 2.1)",
            ),
        ] {
            assert_eq!(read(profile, body).unwrap_err(), expected, "{body}");
        }
    }

    #[test]
    fn recognizes_the_answer_of_another_profile() {
        let other = |profile: Profile, body: &str| match parse_token_response(profile, body.as_bytes(), NOW) {
            Err(TokenResponseError::NoToken { looks_like, .. }) => looks_like,
            other => panic!("{other:?}"),
        };
        assert_eq!(other(Profile::Simplejwt, r#"{"access_token":"a"}"#), Some(Profile::Oauth));
        assert_eq!(other(Profile::Oauth, r#"{"access":"a"}"#), Some(Profile::Simplejwt));
        assert_eq!(other(Profile::Oauth, r#"{"token":"a"}"#), Some(Profile::DrfJwt));
        assert_eq!(other(Profile::Oauth, r#"{"key":"a"}"#), None);
    }
}
