//! Answers of token servers (RFC 6749 section 5.1): the tokens in a successful answer, or why it cannot be used. All text in
//! an answer is hostile. Tokens that have arrived are never dropped because something else in the answer is odd.

use super::cookie::{self, Cookie};
use super::recognized::{Candidate, TokenRole, in_body, in_cookies};
use super::request::is_token_text;
use super::server::{ServerDescription, TokenPlace};
use crate::core::json::{self, JsonError, Value};
use crate::core::mint::pair::{AccessCarrier, StatedFacts, TokenPair, TokenRoles};
use crate::core::redact::echo::mask_secrets;
use crate::core::text::duration::Duration;
use crate::core::text::name::folded;
use crate::core::token::Token;
use crate::core::token::claims::ClaimsSet;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;

/// The tokens of a successful answer, and what came with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The tokens.
    pub tokens: TokenPair,
    /// The cookies that the answer set.
    pub cookies: Vec<Cookie>,
    /// The place of the refresh token, if it is not one of the description.
    pub found_refresh_at: Option<TokenPlace>,
    /// The oddities of the answer.
    pub remarks: Vec<AnswerRemark>,
}

/// An oddity of an answer whose tokens can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerRemark {
    /// It has a member twice.
    Duplicate {
        /// The JSON Pointer of the member.
        pointer: String,
    },
    /// It has no token type, which OAuth requires.
    NoTokenType,
    /// Its tokens have a type that is neither Bearer nor DPoP.
    OtherTokenType {
        /// The type.
        found: String,
    },
    /// A member has an unexpected form, and is left out.
    OddMember {
        /// The name of the member.
        name: String,
        /// The type of the member, with its article.
        found: &'static str,
    },
    /// Another token has a less certain name.
    OtherToken {
        /// The place of the token that is used.
        used: String,
        /// The place of the other one.
        other: TokenPlace,
    },
    /// The refresh token came in a cookie, without an option that says so.
    RefreshInCookie {
        /// The name of the cookie.
        name: String,
    },
    /// There is no refresh token, but a cookie that could hold it.
    MaybeRefreshInCookie {
        /// The name of the cookie.
        name: String,
    },
    /// The refresh token is an empty text, and no cookie can hold it.
    EmptyRefresh,
}

/// A successful answer without usable tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusableAnswer {
    /// Why it cannot be used.
    pub reason: TokenResponseError,
    /// The tokens that arrived all the same.
    pub arrived: ArrivedTokens,
    /// The cookies that the answer set.
    pub cookies: Vec<Cookie>,
}

/// The tokens in an answer that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivedTokens {
    /// The places, and the tokens.
    pub all: Vec<(String, String)>,
    /// The refresh token, if it is certain which one that is.
    pub refresh: Option<String>,
}

/// A successful answer that cannot be used. The error repeats names and types, never a value that could be a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenResponseError {
    /// It is not JSON.
    Json(JsonError),
    /// It is JSON, but not an object.
    NotAnObject {
        /// The type of the JSON value, with its article.
        found: &'static str,
    },
    /// It has two different tokens at one place.
    Duplicate {
        /// The JSON Pointer of the member.
        pointer: String,
    },
    /// It has several tokens of one role, at different places.
    Ambiguous {
        /// The role.
        role: TokenRole,
        /// The places.
        places: Vec<TokenPlace>,
    },
    /// It has no access token.
    NoToken {
        /// The place of the access token.
        expected: String,
        /// The names of the members it has.
        found: Vec<String>,
    },
    /// A member is not a string.
    NotAString {
        /// The name of the member.
        name: String,
        /// The type of the member, with its article.
        found: &'static str,
    },
    /// A token has characters that no token has.
    NotAToken {
        /// The name of the member.
        name: String,
    },
}

impl TokenResponseError {
    /// Replaces secrets in the parts that come from the server.
    #[must_use]
    pub fn mask(mut self, secrets: &[&str]) -> Self {
        match &mut self {
            Self::Duplicate { pointer: text } => *text = mask_secrets(text, secrets),
            Self::NoToken { found, .. } => {
                for name in found {
                    *name = mask_secrets(name, secrets);
                }
            }
            Self::Ambiguous { places, .. } => {
                for place in places {
                    *place = masked_place(place, secrets);
                }
            }
            Self::Json(_) | Self::NotAnObject { .. } | Self::NotAString { .. } | Self::NotAToken { .. } => {}
        }
        self
    }
}

impl AnswerRemark {
    /// Replaces secrets in the parts that come from the server.
    #[must_use]
    pub fn mask(mut self, secrets: &[&str]) -> Self {
        match &mut self {
            Self::Duplicate { pointer: text }
            | Self::OtherTokenType { found: text }
            | Self::OddMember { name: text, .. }
            | Self::RefreshInCookie { name: text }
            | Self::MaybeRefreshInCookie { name: text } => *text = mask_secrets(text, secrets),
            Self::OtherToken { used, other } => {
                *used = mask_secrets(used, secrets);
                *other = masked_place(other, secrets);
            }
            Self::NoTokenType | Self::EmptyRefresh => {}
        }
        self
    }
}

fn masked_place(place: &TokenPlace, secrets: &[&str]) -> TokenPlace {
    match place {
        TokenPlace::Member(pointer) => TokenPlace::Member(mask_secrets(pointer, secrets)),
        TokenPlace::Cookie(name) => TokenPlace::Cookie(mask_secrets(name, secrets)),
        other => other.clone(),
    }
}

/// Parses the tokens in a successful answer of a server: its body and its cookies, received at this time.
///
/// # Errors
/// [`UnusableAnswer`] if it has no usable access token. The tokens that arrived are in it.
pub fn parse_token_response(
    server: &ServerDescription,
    body: &[u8],
    cookies: Vec<Cookie>,
    now: NumericDate,
) -> Result<TokenAnswer, Box<UnusableAnswer>> {
    let answer = Answer::read(server, body, &cookies);
    match answer.tokens(now) {
        Ok((tokens, found_refresh_at, remarks)) => {
            Ok(TokenAnswer { tokens, cookies, found_refresh_at, remarks })
        }
        Err(reason) => {
            let arrived = answer.arrived();
            Err(Box::new(UnusableAnswer { reason, arrived, cookies }))
        }
    }
}

/// An answer while it is read.
struct Answer<'a> {
    server: &'a ServerDescription,
    body: Result<Value<'a>, JsonError>,
    cookies: &'a [Cookie],
    in_body: Vec<Candidate>,
    in_cookies: Vec<Candidate>,
}

/// A token that was found, and its place.
struct Found {
    place: TokenPlace,
    token: String,
}

impl<'a> Answer<'a> {
    fn read(server: &'a ServerDescription, body: &'a [u8], cookies: &'a [Cookie]) -> Self {
        let body = json::parse(body);
        let in_body = body.as_ref().map(in_body).unwrap_or_default();
        Self { server, body, cookies, in_body, in_cookies: in_cookies(cookies) }
    }

    /// Returns the tokens, the place of a refresh token that is not at one of the description, and the oddities.
    fn tokens(
        &self,
        now: NumericDate,
    ) -> Result<(TokenPair, Option<TokenPlace>, Vec<AnswerRemark>), TokenResponseError> {
        let mut remarks = Vec::new();
        let access = self.access(&mut remarks)?;
        let roles = match &self.server.shared_in {
            Some(shared) if *shared == access.place => TokenRoles::Shared,
            _ => TokenRoles::Separate,
        };
        let refresh = match roles {
            TokenRoles::Shared | TokenRoles::AccessOnly => None,
            TokenRoles::Separate => self.refresh(&access, &mut remarks)?,
        };
        let stated = self.stated(&access.place, &mut remarks);
        let age = match &access.place {
            TokenPlace::Cookie(name) => cookie::find(self.cookies, name).and_then(|cookie| cookie.max_age),
            _ => None,
        };
        let told = |exp: NumericDate| seconds(exp.seconds_since(now));
        let lifetime = stated
            .expires_in
            .or_else(|| unverified_exp(&access.token).map(told))
            .or_else(|| age.map(Duration::seconds));
        let elsewhere = |found: &Found| !self.server.refresh_at.contains(&found.place);
        let found_refresh_at =
            refresh.as_ref().filter(|found| elsewhere(found)).map(|found| found.place.clone());
        let tokens = TokenPair {
            carrier: self.carrier(&access.place, stated.token_type.as_deref()),
            access: access.token,
            refresh: refresh.map(|found| found.token),
            lifetime,
            scope: stated.scope.clone(),
            roles,
            stated,
        };
        Ok((tokens, found_refresh_at, remarks))
    }

    /// Returns the access token: where the description has it, or else under a name that says it.
    fn access(&self, remarks: &mut Vec<AnswerRemark>) -> Result<Found, TokenResponseError> {
        if let Some(found) = self.described(&self.server.access_at)? {
            return Ok(found);
        }
        if let Some(found) = self.recognized(TokenRole::Access, &self.in_body, remarks)? {
            return Ok(found);
        }
        if let Some(found) = self.recognized(TokenRole::Access, &self.in_cookies, remarks)? {
            return Ok(found);
        }
        let body = match &self.body {
            Err(error) => return Err(TokenResponseError::Json(*error)),
            Ok(body) => body,
        };
        if !matches!(body, Value::Object(_)) {
            return Err(TokenResponseError::NotAnObject { found: body.type_name() });
        }
        let expected = self.server.access_at.first();
        // A member at the place, but of another form, says more than that there is no token.
        if let Some(TokenPlace::Member(pointer)) = expected {
            let name = TokenPlace::Member(pointer.clone()).shown();
            match body.pointer(pointer) {
                None | Some(Value::Null) => {}
                Some(Value::String(_)) => return Err(TokenResponseError::NotAToken { name }),
                Some(other) => {
                    return Err(TokenResponseError::NotAString { name, found: other.type_name() });
                }
            }
        }
        Err(TokenResponseError::NoToken {
            expected: expected.map(TokenPlace::shown).unwrap_or_default(),
            found: body.members().iter().map(|member| member.name.to_string()).collect(),
        })
    }

    /// Returns the refresh token, if there is one.
    fn refresh(
        &self,
        access: &Found,
        remarks: &mut Vec<AnswerRemark>,
    ) -> Result<Option<Found>, TokenResponseError> {
        if let Some(found) = self.described(&self.server.refresh_at)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.recognized(TokenRole::Refresh, &self.in_body, remarks)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.recognized(TokenRole::Refresh, &self.in_cookies, remarks)? {
            if let TokenPlace::Cookie(name) = &found.place {
                remarks.push(AnswerRemark::RefreshInCookie { name: name.clone() });
            }
            return Ok(Some(found));
        }
        self.explain_missing_refresh(access, remarks);
        Ok(None)
    }

    /// Adds why there is no refresh token where the server has one.
    fn explain_missing_refresh(&self, access: &Found, remarks: &mut Vec<AnswerRemark>) {
        let place = self.server.refresh_at.iter().find_map(|place| match place {
            TokenPlace::Member(pointer) => Some((place, self.body.as_ref().ok()?.pointer(pointer)?)),
            _ => None,
        });
        let other = self.in_cookies.iter().find(|candidate| candidate.token != access.token);
        match (place, other.map(|candidate| &candidate.place)) {
            (_, Some(TokenPlace::Cookie(name))) => {
                remarks.push(AnswerRemark::MaybeRefreshInCookie { name: name.clone() });
            }
            (Some((_, Value::String(text))), _) if text.is_empty() => {
                remarks.push(AnswerRemark::EmptyRefresh)
            }
            (Some((_, Value::Null)) | None, _) => {}
            (Some((place, value)), _) => {
                remarks.push(AnswerRemark::OddMember { name: place.shown(), found: odd_type(value) });
            }
        }
    }

    /// Returns the token at the first of these places that has one.
    fn described(&self, places: &[TokenPlace]) -> Result<Option<Found>, TokenResponseError> {
        for place in places {
            let tokens = match place {
                TokenPlace::Member(pointer) => match &self.body {
                    Ok(body) => tokens_at(body, pointer),
                    Err(_) => Vec::new(),
                },
                TokenPlace::Cookie(name) => {
                    let cookie = cookie::find(self.cookies, name).map(|cookie| cookie.value.clone());
                    cookie.filter(|value| is_token_text(value)).into_iter().collect()
                }
                TokenPlace::Authorization | TokenPlace::Header(_) => Vec::new(),
            };
            match tokens.as_slice() {
                [] => {}
                [token] => {
                    return Ok(Some(Found { place: place.clone(), token: token.clone() }));
                }
                _ => return Err(TokenResponseError::Duplicate { pointer: place.to_string() }),
            }
        }
        Ok(None)
    }

    /// Returns the only token of a role among the candidates. A name that says the role comes before one that does not.
    fn recognized(
        &self,
        role: TokenRole,
        candidates: &[Candidate],
        remarks: &mut Vec<AnswerRemark>,
    ) -> Result<Option<Found>, TokenResponseError> {
        let of_role: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.role == role).collect();
        let explicit: Vec<&Candidate> =
            of_role.iter().copied().filter(|candidate| candidate.is_explicit).collect();
        let first = if explicit.is_empty() { &of_role } else { &explicit };
        let Some(chosen) = first.first() else { return Ok(None) };
        if first.iter().any(|candidate| candidate.token != chosen.token) {
            let places: Vec<TokenPlace> = first.iter().map(|candidate| candidate.place.clone()).collect();
            return Err(match places.split_first() {
                Some((place, rest)) if rest.iter().all(|other| other == place) => {
                    TokenResponseError::Duplicate { pointer: place.to_string() }
                }
                _ => TokenResponseError::Ambiguous { role, places },
            });
        }
        if let Some(other) = of_role.iter().find(|candidate| candidate.token != chosen.token) {
            let used = chosen.place.shown();
            remarks.push(AnswerRemark::OtherToken { used, other: other.place.clone() });
        }
        Ok(Some(Found { place: chosen.place.clone(), token: chosen.token.clone() }))
    }

    /// Returns what the answer states beside its tokens: in the object with the access token, or else at the top.
    fn stated(&self, access: &TokenPlace, remarks: &mut Vec<AnswerRemark>) -> StatedFacts {
        let Ok(body) = &self.body else { return StatedFacts::default() };
        if let Some(pointer) = body.first_duplicate() {
            remarks.push(AnswerRemark::Duplicate { pointer });
        }
        let beside = match access {
            TokenPlace::Member(pointer) => {
                pointer.rsplit_once('/').and_then(|(parent, _)| body.pointer(parent))
            }
            _ => None,
        };
        let objects = [beside, Some(body)];
        let member = |name: &str| {
            let members = objects.iter().flatten().flat_map(|object| object.members());
            let mut of_name = members.filter(|member| folded(&member.name) == name);
            of_name.find(|member| member.value != Value::Null)
        };
        let mut text = |name: &str| {
            let member = member(name)?;
            if let Some(text) = member.value.as_str() {
                return Some(text.to_owned());
            }
            // Some servers write a scope as an array.
            if let Value::Array(items) = &member.value
                && let Some(texts) = items.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()
                && name == "scope"
            {
                return Some(texts.join(" "));
            }
            let found = member.value.type_name();
            remarks.push(AnswerRemark::OddMember { name: member.name.to_string(), found });
            None
        };
        let (token_type, scope, id_token) = (text("tokentype"), text("scope"), text("idtoken"));
        let lifetime = member("expiresin").and_then(|member| {
            let lifetime = expires_in(&member.value);
            if lifetime.is_none() {
                let found = odd_type(&member.value);
                remarks.push(AnswerRemark::OddMember { name: member.name.to_string(), found });
            }
            lifetime
        });
        match &token_type {
            None if self.server.grant_type.is_some() => remarks.push(AnswerRemark::NoTokenType),
            Some(found) if known_scheme(found).is_none() => {
                remarks.push(AnswerRemark::OtherTokenType { found: found.clone() });
            }
            _ => {}
        }
        StatedFacts { token_type, expires_in: lifetime, scope, id_token }
    }

    /// Returns the part of a request that the access token is sent in. The type that an answer names is a scheme
    /// (RFC 6749 section 7.1). Servers compare schemes with letter case, so a known one gets its usual form.
    fn carrier(&self, access: &TokenPlace, token_type: Option<&str>) -> AccessCarrier {
        match (&self.server.access_in, access) {
            (TokenPlace::Cookie(name), _) | (TokenPlace::Authorization, TokenPlace::Cookie(name)) => {
                AccessCarrier::Cookie(name.clone())
            }
            (TokenPlace::Header(name), _) => AccessCarrier::Header(name.clone()),
            (TokenPlace::Authorization | TokenPlace::Member(_), _) => {
                let chosen = self.server.scheme.as_deref();
                let scheme = chosen.or_else(|| token_type.and_then(known_scheme)).unwrap_or("Bearer");
                AccessCarrier::Scheme(scheme.to_owned())
            }
        }
    }

    /// Returns the tokens in the answer.
    fn arrived(&self) -> ArrivedTokens {
        // Without an access token, no token but the named one is a refresh token.
        let access = Found { place: TokenPlace::Authorization, token: String::new() };
        let refresh = self.refresh(&access, &mut Vec::new()).ok().flatten();
        ArrivedTokens { all: self.every_token(), refresh: refresh.map(|found| found.token) }
    }

    /// Returns every token in the answer, with its place.
    fn every_token(&self) -> Vec<(String, String)> {
        let candidates = self.in_body.iter().chain(&self.in_cookies);
        let mut arrived: Vec<(String, String)> =
            candidates.map(|candidate| (candidate.place.to_string(), candidate.token.clone())).collect();
        let places = self.server.access_at.iter().chain(&self.server.refresh_at);
        for place in places {
            let (TokenPlace::Member(pointer), Ok(body)) = (place, &self.body) else { continue };
            for token in tokens_at(body, pointer) {
                if arrived.iter().all(|(_, known)| *known != token) {
                    arrived.push((place.to_string(), token));
                }
            }
        }
        arrived
    }
}

/// Returns the different tokens at a JSON Pointer. A name that an object has twice can lead to two.
fn tokens_at(body: &Value<'_>, pointer: &str) -> Vec<String> {
    let mut values = vec![body];
    for name in pointer.split('/').skip(1).map(json::unescaped) {
        values = values
            .into_iter()
            .flat_map(|value| match value {
                Value::Object(members) => members
                    .iter()
                    .filter(|member| member.name == name)
                    .map(|member| &member.value)
                    .collect::<Vec<_>>(),
                Value::Array(items) => {
                    name.parse::<usize>().ok().and_then(|index| items.get(index)).into_iter().collect()
                }
                _ => Vec::new(),
            })
            .collect();
    }
    let mut tokens: Vec<String> = Vec::new();
    for text in values.into_iter().filter_map(Value::as_str).filter(|text| is_token_text(text)) {
        if tokens.iter().all(|known| known != text) {
            tokens.push(text.to_owned());
        }
    }
    tokens
}

/// Returns the usual form of a scheme that RFC 6750 or RFC 9449 defines.
fn known_scheme(token_type: &str) -> Option<&'static str> {
    ["Bearer", "DPoP"].into_iter().find(|known| known.eq_ignore_ascii_case(token_type))
}

/// Returns the type of a value, for one of the right type but of an unexpected form too.
fn odd_type(value: &Value<'_>) -> &'static str {
    match value {
        Value::String(_) => "a text of another form",
        Value::Number(_) => "a number out of range",
        other => other.type_name(),
    }
}

/// Returns `expires_in` (RFC 6749 section 5.1). Some servers write the number as a string, some a duration such as `15m`.
fn expires_in(value: &Value<'_>) -> Option<Duration> {
    match value {
        Value::Number(digits) => {
            let date = NumericDate::from_json_number(digits);
            (!date.is_negative()).then(|| seconds(date.seconds()))
        }
        Value::String(text) => match text.parse::<u64>() {
            Ok(number) => Some(Duration::seconds(number)),
            Err(_) => text.parse::<Duration>().ok(),
        },
        _ => None,
    }
}

fn seconds(number: i64) -> Duration {
    Duration::seconds(u64::try_from(number).unwrap_or(0))
}

/// Returns the `expires_in` of an answer, at the top or inside one object, as in `{"data": {"expires_in": 60}}`. The body may
/// follow the head of a response.
#[must_use]
pub fn stated_lifetime(text: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(text).ok()?;
    let body = if text.trim_start().starts_with('{') { text } else { text.get(text.find("\n{")? + 1..)? };
    let body = json::parse(body.trim().as_bytes()).ok()?;
    let of = |object: &Value<'_>| {
        let mut members = object.members().iter();
        members
            .find(|member| folded(&member.name) == "expiresin")
            .and_then(|member| expires_in(&member.value))
    };
    of(&body).or_else(|| body.members().iter().find_map(|member| of(&member.value)))
}

/// Returns the `exp` of a token, if it is a JWT that has one. The token is not verified.
#[must_use]
pub fn unverified_exp(token: &str) -> Option<NumericDate> {
    unverified_claims(token, |claims| claims.date("exp"))
}

/// Returns the `exp` of a token and its `iat`, in seconds since 1970, if it is a JWT with an `exp`. The token is not verified.
#[must_use]
pub fn unverified_times(token: &str) -> Option<(i64, Option<i64>)> {
    unverified_claims(token, |claims| {
        Some((claims.date("exp")?.seconds(), claims.date("iat").map(NumericDate::seconds)))
    })
}

fn unverified_claims<T>(token: &str, read: impl FnOnce(&ClaimsSet<'_>) -> Option<T>) -> Option<T> {
    let compact = Compact::parse(token.as_bytes(), token.len()).ok()?;
    Token::parse(&compact).unverified_claims().and_then(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::oauth::ready::ReadyServer::{self, DrfJwt, Oauth, Simplejwt};
    use crate::core::token::base64url;

    const NOW: NumericDate = NumericDate::from_seconds(1000);

    fn answer(
        server: &ServerDescription,
        body: &str,
        cookies: &[&str],
    ) -> Result<TokenAnswer, UnusableAnswer> {
        let cookies = cookies.iter().filter_map(|field| Cookie::parse(field)).collect();
        parse_token_response(server, body.as_bytes(), cookies, NOW).map_err(|unusable| *unusable)
    }

    fn read(server: ReadyServer, body: &str) -> TokenAnswer {
        answer(&server.describe(), body, &[]).unwrap()
    }

    fn refused(server: ReadyServer, body: &str) -> String {
        answer(&server.describe(), body, &[]).unwrap_err().reason.to_string()
    }

    fn tokens(access: &str, refresh: Option<&str>, roles: TokenRoles) -> TokenPair {
        TokenPair {
            access: access.to_owned(),
            refresh: refresh.map(str::to_owned),
            lifetime: None,
            scope: None,
            roles,
            stated: StatedFacts::default(),
            carrier: AccessCarrier::default(),
        }
    }

    fn remarks(answer: &TokenAnswer) -> String {
        answer.remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    fn jwt(claims: &str) -> String {
        let segment = |text: &str| base64url::encode(text.as_bytes());
        format!("{}.{}.AA", segment(r#"{"alg":"HS256"}"#), segment(claims))
    }

    #[test]
    fn reads_the_answer_of_each_server() {
        use TokenRoles::{Separate, Shared};
        for (server, body, expected) in [
            (Simplejwt, r#"{"refresh":"r","access":"a"}"#, tokens("a", Some("r"), Separate)),
            (Simplejwt, r#"{"access":"a"}"#, tokens("a", None, Separate)),
            (Simplejwt, r#"{"token":"a"}"#, tokens("a", None, Shared)),
            (DrfJwt, r#"{"pk":7,"token":"a"}"#, tokens("a", None, Shared)),
        ] {
            let answer = read(server, body);
            assert_eq!((answer.tokens, answer.remarks), (expected, Vec::new()), "{body}");
        }
        let whole = r#"{"access_token":"a","token_type":"bEARER","expires_in":3600,"refresh_token":"r","scope":"x y","id_token":"i"}"#;
        let answer = read(Oauth, whole);
        let stated = StatedFacts {
            token_type: Some("bEARER".to_owned()),
            expires_in: Some(Duration::seconds(3600)),
            scope: Some("x y".to_owned()),
            id_token: Some("i".to_owned()),
        };
        let expected = TokenPair {
            stated,
            lifetime: Some(Duration::seconds(3600)),
            scope: Some("x y".to_owned()),
            ..tokens("a", Some("r"), Separate)
        };
        assert_eq!((answer.tokens, answer.remarks), (expected, Vec::new()));
        let least = r#"{"access_token":"a","token_type":"Bearer","refresh_token":null,"scope":null}"#;
        let answer = read(Oauth, least);
        assert_eq!((answer.tokens.refresh, answer.tokens.scope, answer.remarks), (None, None, Vec::new()));
    }

    #[test]
    fn recognizes_tokens_that_the_description_does_not_name() {
        for (body, access, refresh) in [
            (r#"{"accessToken":"a","refreshToken":"r"}"#, "a", Some("r")),
            (r#"{"data":{"access_token":"a","refresh_token":"r","expires_in":60}}"#, "a", Some("r")),
            (r#"{"tokens":{"access":{"token":"a"},"refresh":{"token":"r"}}}"#, "a", Some("r")),
            (r#"{"access":"a","data":{"refreshToken":"r"}}"#, "a", Some("r")),
            (r#"{"user":{"token":"a"}}"#, "a", None),
        ] {
            let answer = read(Simplejwt, body);
            assert_eq!((answer.tokens.access.as_str(), answer.tokens.refresh.as_deref()), (access, refresh));
            assert_eq!(remarks(&answer), "", "{body}");
        }
        assert_eq!(
            read(Simplejwt, r#"{"data":{"access_token":"a","expires_in":60}}"#).tokens.lifetime,
            Some(Duration::seconds(60))
        );
    }

    #[test]
    fn never_chooses_between_two_tokens_silently() {
        assert_eq!(
            refused(Simplejwt, r#"{"data":{"accessToken":"a"},"old":{"accessToken":"b"}}"#),
            "the answer has several access tokens: /data/accessToken, /old/accessToken"
        );
        assert_eq!(
            refused(Simplejwt, r#"{"access":"a","x":{"refresh":"r"},"y":{"refresh":"s"}}"#),
            "the answer has several refresh tokens: /x/refresh, /y/refresh"
        );
        assert_eq!(
            refused(Simplejwt, r#"{"access":"a","access":"b"}"#),
            "the answer has /access more than once"
        );
        assert_eq!(refused(Oauth, r#"{"token":"a","token":"b"}"#), "the answer has /token more than once");
        let certain = read(Oauth, r#"{"data":{"accessToken":"a"},"token":"b","token_type":"Bearer"}"#);
        assert_eq!(certain.tokens.access, "a");
        assert_eq!(
            remarks(&certain),
            "the access token is from /data/accessToken, but token has another one"
        );
        // One token at two places is no choice.
        assert_eq!(remarks(&read(Simplejwt, r#"{"a":{"token":"a"},"b":{"token":"a"}}"#)), "");
    }

    #[test]
    fn oddities_beside_the_tokens_are_remarks() {
        for (body, said) in [
            (r#"{"access_token":"a"}"#, "the answer has no token_type (RFC 6749 section 5.1)"),
            (r#"{"access_token":"a","token_type":"mac"}"#, "the tokens have type mac, expected Bearer"),
            (
                r#"{"access_token":"a","token_type":1}"#,
                "token_type of the answer is a number, so it is left out; the answer has no token_type (RFC 6749 section 5.1)",
            ),
            (
                r#"{"access_token":"a","token_type":"DPoP","scope":1,"expires_in":"soon"}"#,
                "scope of the answer is a number, so it is left out; expires_in of the answer is a text of another form, so it is left out",
            ),
            (
                r#"{"access_token":"a","token_type":"Bearer","x":{"y":1,"y":2}}"#,
                "the answer has /x/y more than once",
            ),
            (
                r#"{"access_token":"a","token_type":"Bearer","refresh_token":"a\nb"}"#,
                "refresh_token of the answer is a text of another form, so it is left out",
            ),
            (
                r#"{"access_token":"a","token_type":"Bearer","refresh_token":["r"]}"#,
                "refresh_token of the answer is an array, so it is left out",
            ),
            (
                r#"{"access_token":"a","token_type":"Bearer","refresh_token":""}"#,
                "the refresh token of the answer is empty, and no cookie has one",
            ),
        ] {
            let answer = read(Oauth, body);
            assert_eq!((answer.tokens.access.as_str(), remarks(&answer).as_str()), ("a", said), "{body}");
        }
    }

    #[test]
    fn finds_tokens_in_cookies() {
        let dj_rest_auth = ["my-app-auth=a; HttpOnly; Max-Age=300", "my-refresh-token=r; HttpOnly"];
        let body = r#"{"access":"a","refresh":"","user":{}}"#;
        let answer_of =
            |server: &ServerDescription, body, cookies: &[&str]| answer(server, body, cookies).unwrap();
        let found = answer_of(&Simplejwt.describe(), body, &dj_rest_auth);
        assert_eq!(found.tokens.refresh.as_deref(), Some("r"));
        assert_eq!(remarks(&found), "the refresh token came in the cookie my-refresh-token");
        assert_eq!(found.cookies.len(), 2);
        // The name `jwt` does not say that the cookie holds a refresh token.
        let course = answer_of(&Simplejwt.describe(), r#"{"accessToken":"a"}"#, &["jwt=r; HttpOnly"]);
        assert_eq!(course.tokens.refresh, None);
        assert_eq!(remarks(&course), "the answer has no refresh token, but set the cookie jwt");
        let named = ServerDescription {
            refresh_at: vec![TokenPlace::parse("cookie:jwt").unwrap()],
            ..Simplejwt.describe()
        };
        let named = answer_of(&named, r#"{"accessToken":"a"}"#, &["jwt=r; HttpOnly"]);
        assert_eq!((named.tokens.refresh.as_deref(), remarks(&named).as_str()), (Some("r"), ""));
        let empty = answer_of(&Simplejwt.describe(), "", &["fastapiusersauth=a; Max-Age=3600"]);
        assert_eq!(empty.tokens.carrier, AccessCarrier::Cookie("fastapiusersauth".to_owned()));
        assert_eq!(empty.tokens.lifetime, Some(Duration::seconds(3600)));
    }

    #[test]
    fn keeps_the_tokens_of_an_answer_that_cannot_be_used() {
        let arrived = |body: &str, cookies: &[&str]| {
            let unusable = answer(&Simplejwt.describe(), body, cookies).unwrap_err();
            let shown: Vec<String> =
                unusable.arrived.all.iter().map(|(place, token)| format!("{place} {token}")).collect();
            shown.join(", ")
        };
        assert_eq!(arrived(r#"{"refresh":"r"}"#, &[]), "/refresh r");
        assert_eq!(
            arrived(r#"{"access":"a","access":"b","refresh":"r"}"#, &[]),
            "/access a, /access b, /refresh r"
        );
        assert_eq!(arrived("<html>", &["refreshToken=r"]), "cookie:refreshToken r");
        assert_eq!(arrived("<html>", &[]), "");
    }

    #[test]
    fn the_scheme_is_the_stated_type_or_that_of_the_description() {
        let scheme = |server: &ServerDescription, kind: &str| {
            let body = format!(r#"{{"access_token":"a","token_type":"{kind}"}}"#);
            match answer(server, &body, &[]).unwrap().tokens.carrier {
                AccessCarrier::Scheme(scheme) => scheme,
                other => panic!("{other:?}"),
            }
        };
        let mut server = Oauth.describe();
        assert_eq!(scheme(&server, "bearer"), "Bearer");
        assert_eq!(scheme(&server, "dpop"), "DPoP");
        assert_eq!(scheme(&server, "mac"), "Bearer");
        server.scheme = Some("Bearer".to_owned());
        assert_eq!(scheme(&server, "DPoP"), "Bearer");
        server.access_in = TokenPlace::parse("header:X-Session-Token").unwrap();
        let header = answer(&server, r#"{"access_token":"a","token_type":"Bearer"}"#, &[]).unwrap();
        assert_eq!(header.tokens.carrier, AccessCarrier::Header("X-Session-Token".to_owned()));
    }

    #[test]
    fn the_lifetime_is_expires_in_or_else_the_exp_of_the_token() {
        let lifetime = |access: &str, told: &str| {
            let body = format!(r#"{{"access_token":"{access}","token_type":"Bearer"{told}}}"#);
            read(Oauth, &body).tokens.lifetime.map(Duration::as_seconds)
        };
        let later = jwt(r#"{"exp":1300}"#);
        for (access, told, expected) in [
            (later.as_str(), r#","expires_in":60"#, Some(60)),
            (&later, r#","expires_in":"60""#, Some(60)),
            (&later, r#","expiresIn":"15m""#, Some(900)),
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
        let access = read(Simplejwt, &format!(r#"{{"access":"{later}"}}"#));
        assert_eq!(access.tokens.lifetime, Some(Duration::seconds(300)));
    }

    #[test]
    fn errors_name_members_but_repeat_no_values() {
        for (server, body, expected) in [
            (Simplejwt, "<html>", "the answer is not JSON at offset 0: expected a value"),
            (Simplejwt, "", "the answer is not JSON at offset 0: expected a value"),
            (
                Simplejwt,
                r#"{"access":"a",}"#,
                "the answer is not JSON at offset 14: expected a member name in quotes",
            ),
            (Simplejwt, r#"["a"]"#, "the answer is an array, not an object"),
            (Simplejwt, "{}", "the answer has no access: it is an empty object"),
            (Simplejwt, r#"{"key":"s","x":"s"}"#, "the answer has no access, only key, x"),
            (Simplejwt, r#"{"access":null,"x":1}"#, "the answer has no access, only access, x"),
            (Simplejwt, r#"{"access":7}"#, "access is a number, not a string"),
            (Simplejwt, r#"{"access":""}"#, "access is not a token (RFC 6750 section 2.1)"),
            (Simplejwt, r#"{"access":"a b"}"#, "access is not a token (RFC 6750 section 2.1)"),
            (DrfJwt, r#"{"token":"\u001b[2Jx"}"#, "token is not a token (RFC 6750 section 2.1)"),
        ] {
            assert_eq!(refused(server, body), expected, "{body}");
        }
    }
}
