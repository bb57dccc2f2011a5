//! How a store identifies a token: by its `jti`, or else by a digest of its signing input. The signature never identifies a
//! token, since an ECDSA signature has a second valid spelling.

use super::record::{Millis, RecordId, TokenRole};
use crate::core::json::{self, Value};
use crate::core::key::digest::sha256;
use crate::core::mint::pair::{PairClaims, TokenPair, TokenRoles};
use crate::core::reason::{Failure, Reason};
use crate::core::text::hex::hex;
use crate::core::token::numeric_date::NumericDate;

/// The claims of one token that a store needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenIdentity {
    /// `jti`, if the token has one that is not empty.
    pub jti: Option<String>,
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
    /// Its text, for the layout with token sets, and for the digest of a token without `jti`.
    pub text: String,
}

impl TokenIdentity {
    /// Reads the identity of a token from its claims.
    ///
    /// # Errors
    /// `claim_type` if `jti`, `iss`, `orig_jti` or `sub` is not a string.
    pub fn from_claims(claims: &[json::Member<'_>], role: TokenRole, text: &str) -> Result<Self, Failure> {
        let date = |name| match json::find(claims, name) {
            Some(Value::Number(digits)) => Some(NumericDate::from_json_number(digits)),
            _ => None,
        };
        Ok(Self {
            jti: string(claims, "jti")?.filter(|jti| !jti.is_empty()),
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
        match &self.jti {
            Some(jti) => RecordId::from_token(self.issuer.as_deref(), jti),
            None => RecordId::from_digest(&self.digest()),
        }
    }

    /// Returns the ID of the family that the token claims: by `orig_jti`, or else its own ID.
    #[must_use]
    pub fn family(&self) -> RecordId {
        self.family_given(|| self.id())
    }

    /// Returns the ID of the record of the token, and that of the family that it claims. Most tokens have one ID for both.
    #[must_use]
    pub fn id_and_family(&self) -> (RecordId, RecordId) {
        let id = self.id();
        let family = self.family_given(|| id.clone());
        (id, family)
    }

    fn family_given(&self, own: impl FnOnce() -> RecordId) -> RecordId {
        match &self.origin {
            Some(origin) => RecordId::from_token(self.issuer.as_deref(), origin),
            None => own(),
        }
    }

    /// Returns the name of the token in records and reports: its `jti`, or else `sha256:` and the digest.
    #[must_use]
    pub fn label(&self) -> String {
        self.jti.clone().unwrap_or_else(|| format!("sha256:{}", self.digest()))
    }

    /// Returns the SHA-256 digest of the signing input (RFC 7515 section 2), as hexadecimal digits.
    fn digest(&self) -> String {
        let input = self.text.rsplit_once('.').map_or(&*self.text, |(input, _)| input);
        hex(&sha256(input.as_bytes()))
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
    fn rejects_identifiers_of_the_wrong_type() {
        for (claims, reason) in [
            (r#"{"jti":7}"#, "claim_type:jti"),
            (r#"{"jti":"a","iss":7}"#, "claim_type:iss"),
            (r#"{"jti":"a","sub":7}"#, "claim_type:sub"),
        ] {
            assert_eq!(identity(claims), Err(reason.to_owned()), "{claims}");
        }
    }

    #[test]
    fn identifies_a_token_without_jti_by_its_signing_input() {
        let of = |claims: &str, text: &str| {
            let Ok(Value::Object(members)) = json::parse(claims.as_bytes()) else { panic!("{claims}") };
            TokenIdentity::from_claims(&members, TokenRole::Other, text).unwrap()
        };
        let first = of("{}", "a.b.c");
        assert_eq!(first.id(), of(r#"{"jti":""}"#, "a.b.other").id());
        assert_eq!(first.family(), first.id());
        assert_ne!(first.id(), of("{}", "a.x.c").id());
        assert_eq!(first.label(), format!("sha256:{}", first.digest()));
        // A `jti` that repeats the name or the digest names another token.
        for jti in [first.label(), first.digest(), format!("digest {}", first.digest())] {
            assert_ne!(of(&format!(r#"{{"jti":"{jti}"}}"#), "a.b.c").id(), first.id());
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
