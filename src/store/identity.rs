//! The claims by which a store identifies a token. The text of a token never identifies it.

use super::record::{Millis, RecordId, TokenRole};
use crate::core::json::{self, Value};
use crate::core::mint::pair::{PairClaims, TokenPair, TokenRoles};
use crate::core::reason::{Failure, Reason};
use crate::core::token::numeric_date::NumericDate;

/// The claims of one token that a store needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenIdentity {
    /// `jti`.
    pub jti: String,
    /// `iss`.
    pub issuer: Option<String>,
    /// `orig_jti`: the `jti` of the first token of its family, in drf-jwt.
    pub origin: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `user_id`.
    pub user: Option<String>,
    /// `iat`.
    pub issued: Option<NumericDate>,
    /// `exp`.
    pub expires: Option<NumericDate>,
    /// Its purpose.
    pub role: TokenRole,
    /// Its text, for the layout with token sets.
    pub text: String,
}

impl TokenIdentity {
    /// Reads the identity of a token from its claims.
    ///
    /// # Errors
    /// `claim_missing:jti` if there is no `jti`; `claim_type` if `jti`, `iss`, `orig_jti` or `sub` is not a string.
    pub fn from_claims(claims: &[json::Member<'_>], role: TokenRole, text: &str) -> Result<Self, Failure> {
        let date = |name| match json::find(claims, name) {
            Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
            _ => None,
        };
        let jti = string(claims, "jti")?.filter(|jti| !jti.is_empty()).ok_or_else(|| {
            let detail = "the token has no `jti`, but a store identifies tokens by it";
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

    /// Returns the owner in the layout [`Own`](super::location::StoreLayout::Own): `sub`, or else `user_id`.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.subject.as_deref().or(self.user.as_deref())
    }

    /// Returns the owner in the layout [`UserTokenSet`](super::location::StoreLayout::UserTokenSet): `user_id`, or else
    /// `sub`.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref().or(self.subject.as_deref())
    }

    /// Returns the ID of the record of the token.
    #[must_use]
    pub fn id(&self) -> RecordId {
        RecordId::from_token(self.issuer.as_deref(), &self.jti)
    }

    /// Returns the ID of the family that the token claims: by `orig_jti`, or else by its own `jti`.
    #[must_use]
    pub fn family(&self) -> RecordId {
        RecordId::from_token(self.issuer.as_deref(), self.origin.as_deref().unwrap_or(&self.jti))
    }

    /// Returns `exp` in milliseconds.
    #[must_use]
    pub fn exp(&self) -> Option<Millis> {
        self.expires.map(NumericDate::milliseconds)
    }

    /// Reports whether the token has expired at `now`.
    #[must_use]
    pub fn is_expired(&self, now: NumericDate) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }
}

/// Returns the identities of an access token and of its refresh token, if there is one.
///
/// # Errors
/// As for [`TokenIdentity::from_claims`].
pub fn identities(
    pair: &PairClaims,
    tokens: &TokenPair,
) -> Result<(TokenIdentity, Option<TokenIdentity>), Failure> {
    let role = if tokens.roles == TokenRoles::Shared { TokenRole::Both } else { TokenRole::Access };
    let access = TokenIdentity::from_claims(&pair.access, role, &tokens.access)?;
    let refresh = pair.refresh.as_deref().zip(tokens.refresh.as_deref());
    let refresh = refresh
        .map(|(claims, text)| TokenIdentity::from_claims(claims, TokenRole::Refresh, text))
        .transpose()?;
    Ok((access, refresh))
}

/// Reports whether both tokens of a pair have the same owner, by `sub` first and by `user_id` first. If not, revoking the
/// owner of one would miss the other.
#[must_use]
pub fn is_of_one_subject(pair: &PairClaims) -> bool {
    let owners = |claims: &Vec<json::Member<'_>>| {
        let identity = TokenIdentity::from_claims(claims, TokenRole::Other, "").ok()?;
        Some([identity.owner().map(str::to_owned), identity.user().map(str::to_owned)])
    };
    pair.refresh.as_ref().is_none_or(|refresh| owners(refresh) == owners(&pair.access))
}

/// Returns a claim that must be a string.
fn string(claims: &[json::Member<'_>], name: &str) -> Result<Option<String>, Failure> {
    match json::find(claims, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(_) => Err(Failure::new(Reason::ClaimType(name.to_owned()), format!("`{name}` is not a string"))),
    }
}

/// Returns a claim that is a string or a number: some systems number their users.
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

    fn identity(claims: &str) -> Result<TokenIdentity, String> {
        let Ok(Value::Object(members)) = json::parse(claims.as_bytes()) else { panic!("{claims}") };
        TokenIdentity::from_claims(&members, TokenRole::Other, "")
            .map_err(|failure| failure.reason.to_string())
    }

    #[test]
    fn rejects_tokens_without_usable_identifiers() {
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
    fn accepts_user_ids_as_strings_and_numbers() {
        let of = |claims| identity(claims).unwrap();
        assert_eq!(of(r#"{"jti":"a","user_id":7}"#).owner(), Some("7"));
        assert_eq!(of(r#"{"jti":"a","user_id":"7","sub":"al"}"#).owner(), Some("al"));
        assert_eq!(of(r#"{"jti":"a","user_id":"7","sub":"al"}"#).user(), Some("7"));
        assert_eq!(of(r#"{"jti":"a"}"#).owner(), None);
    }

    #[test]
    fn takes_the_family_from_orig_jti() {
        let first = identity(r#"{"jti":"a","iss":"i"}"#).unwrap();
        let next = identity(r#"{"jti":"b","iss":"i","orig_jti":"a"}"#).unwrap();
        assert_eq!(next.family(), first.id());
        assert_eq!(first.family(), first.id());
        assert_ne!(identity(r#"{"jti":"a"}"#).unwrap().id(), first.id());
    }
}
