//! What a store knows a token by: its claims, never its text.

use super::record::{Id, Millis, Role};
use crate::core::json::{self, Value};
use crate::core::mint::pair::{PairClaims, TokenPair, TokenRoles};
use crate::core::reason::{Failure, Reason};
use crate::core::token::numeric_date::NumericDate;

/// One token, as far as a store cares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `jti`.
    pub jti: String,
    /// `iss`.
    pub issuer: Option<String>,
    /// `orig_jti`: the first token of its family, as drf-jwt writes it.
    pub origin: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `user_id`.
    pub user: Option<String>,
    /// `iat`.
    pub issued: Option<NumericDate>,
    /// `exp`.
    pub expires: Option<NumericDate>,
    /// What it is for.
    pub role: Role,
    /// Its text, for the layout that keeps texts.
    pub text: String,
}

impl Identity {
    /// That of a token with these claims.
    ///
    /// # Errors
    /// `claim_missing:jti` if it has none, `claim_type` if what names it is no text.
    pub fn of(claims: &[json::Member<'_>], role: Role, text: &str) -> Result<Self, Failure> {
        let date = |name| match json::find(claims, name) {
            Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
            _ => None,
        };
        let jti = string(claims, "jti")?.filter(|jti| !jti.is_empty()).ok_or_else(|| {
            let detail = "the token has no `jti`, and a store knows it by nothing else";
            Failure::new(Reason::ClaimMissing("jti".to_owned()), detail)
        })?;
        Ok(Self {
            jti,
            issuer: string(claims, "iss")?,
            origin: string(claims, "orig_jti")?.filter(|origin| !origin.is_empty()),
            subject: string(claims, "sub")?,
            user: named(claims, "user_id"),
            issued: date("iat"),
            expires: date("exp"),
            role,
            text: text.to_owned(),
        })
    }

    /// Whose it is: `sub`, or `user_id` where there is none.
    #[must_use]
    pub fn whose(&self) -> Option<&str> {
        self.subject.as_deref().or(self.user.as_deref())
    }

    /// Whose it is in the layout that names users: `user_id`, or `sub` where there is none.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref().or(self.subject.as_deref())
    }

    /// What its record is found by.
    #[must_use]
    pub fn id(&self) -> Id {
        Id::of_token(self.issuer.as_deref(), &self.jti)
    }

    /// The family it is of, unless its record names another: that of `orig_jti`, or its own.
    #[must_use]
    pub fn family(&self) -> Id {
        Id::of_token(self.issuer.as_deref(), self.origin.as_deref().unwrap_or(&self.jti))
    }

    /// `exp` in milliseconds.
    #[must_use]
    pub fn exp(&self) -> Option<Millis> {
        self.expires.map(NumericDate::milliseconds)
    }

    /// Whether it has expired at this time.
    #[must_use]
    pub fn is_over(&self, now: NumericDate) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }
}

/// Those of the tokens of a pair.
///
/// # Errors
/// As [`Identity::of`].
pub fn identities(pair: &PairClaims, tokens: &TokenPair) -> Result<(Identity, Option<Identity>), Failure> {
    let role = if tokens.roles == TokenRoles::Shared { Role::Both } else { Role::Access };
    let access = Identity::of(&pair.access, role, &tokens.access)?;
    let refresh = pair.refresh.as_deref().zip(tokens.refresh.as_deref());
    let refresh = refresh.map(|(claims, text)| Identity::of(claims, Role::Refresh, text)).transpose()?;
    Ok((access, refresh))
}

/// That a pair is of one subject, whichever way a store finds out whose it is: what is written under the one name is
/// looked for under the other.
#[must_use]
pub fn is_of_one_subject(pair: &PairClaims) -> bool {
    let whose = |claims: &Vec<json::Member<'_>>| {
        let identity = Identity::of(claims, Role::Other, "").ok()?;
        Some([identity.whose().map(str::to_owned), identity.user().map(str::to_owned)])
    };
    pair.refresh.as_ref().is_none_or(|refresh| whose(refresh) == whose(&pair.access))
}

fn string(claims: &[json::Member<'_>], name: &str) -> Result<Option<String>, Failure> {
    match json::find(claims, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(Failure::new(Reason::ClaimType(name.to_owned()), format!("`{name}` is no string"))),
    }
}

/// A user is a text to one system and a number to the next.
fn named(claims: &[json::Member<'_>], name: &str) -> Option<String> {
    match json::find(claims, name)? {
        Value::String(text) => Some(text.to_string()),
        Value::Number(digits) => Some(digits.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(claims: &str) -> Result<Identity, String> {
        let Ok(Value::Object(members)) = json::parse(claims.as_bytes()) else { panic!("{claims}") };
        Identity::of(&members, Role::Other, "").map_err(|failure| failure.reason.to_string())
    }

    #[test]
    fn a_token_without_an_id_is_nothing_to_a_store() {
        for (claims, reason) in [
            ("{}", "claim_missing:jti"),
            (r#"{"jti":""}"#, "claim_missing:jti"),
            (r#"{"jti":7}"#, "claim_type:jti"),
            (r#"{"jti":"a","iss":7}"#, "claim_type:iss"),
            (r#"{"jti":"a","sub":7}"#, "claim_type:sub"),
        ] {
            assert_eq!(identity(claims), Err(reason.to_owned()), "{claims}");
        }
    }

    #[test]
    fn a_user_is_a_text_or_a_number() {
        let of = |claims| identity(claims).unwrap();
        assert_eq!(of(r#"{"jti":"a","user_id":7}"#).whose(), Some("7"));
        assert_eq!(of(r#"{"jti":"a","user_id":"7","sub":"al"}"#).whose(), Some("al"));
        assert_eq!(of(r#"{"jti":"a","user_id":"7","sub":"al"}"#).user(), Some("7"));
        assert_eq!(of(r#"{"jti":"a"}"#).whose(), None);
    }

    #[test]
    fn the_family_is_that_of_the_first_token() {
        let first = identity(r#"{"jti":"a","iss":"i"}"#).unwrap();
        let next = identity(r#"{"jti":"b","iss":"i","orig_jti":"a"}"#).unwrap();
        assert_eq!(next.family(), first.id());
        assert_eq!(first.family(), first.id());
        assert_ne!(identity(r#"{"jti":"a"}"#).unwrap().id(), first.id());
    }
}
