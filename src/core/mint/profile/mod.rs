//! Profiles: pairs of tokens exactly as known frameworks write them. A profile decides which claims are written, in which
//! order and form, and what a refresh copies. Signing and judging are not done here.
//!
//! * `simplejwt`: djangorestframework-simplejwt 5.5
//! * `drf-jwt`: drf-jwt 1.19, with one token that is refreshed while it is valid
//! * `oauth`: RFC 9068 access tokens, and refresh tokens with a `typ` of their own

mod drf_jwt;
mod members;
mod oauth;
mod simplejwt;
mod spec;

use self::spec::ProfileSpec;
use super::pair::{
    AccessCarrier, Issuance, PairClaims, PairError, PairRequest, Rotation, StatedFacts, TokenPair, TokenRoles,
};
use super::signer::{PreparedSigner, SignError};
use crate::core::json::{self, Member, Value};
use crate::core::reason::Failure;
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::header::same_typ;
use crate::core::token::kind::declared_types;
use crate::core::verify::judge::VerifiedClaims;
use crate::core::verify::policy::Policy;
use std::fmt;

/// Makes the enum and its list of one table, so that no profile is left out. Each row names the file of a profile.
macro_rules! profiles {
    ($($(#[doc = $doc:literal])+ $profile:ident = $file:ident;)+) => {
        /// A framework whose tokens are issued and refreshed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Profile {
            $($(#[doc = $doc])+ $profile,)+
        }

        impl Profile {
            /// Every profile.
            pub const ALL: &[Self] = &[$(Self::$profile),+];

            const fn spec(self) -> &'static ProfileSpec {
                match self { $(Self::$profile => &$file::SPEC,)+ }
            }
        }
    };
}

profiles! {
    /// djangorestframework-simplejwt.
    Simplejwt = simplejwt;
    /// drf-jwt.
    DrfJwt = drf_jwt;
    /// OAuth 2.0 with RFC 9068 access tokens.
    Oauth = oauth;
}

impl Profile {
    /// Guesses the profile of a token from its header and its claims, which are not verified.
    #[must_use]
    pub fn detect(token: &Token<'_>) -> Self {
        let typ = token.header.as_ref().ok().and_then(|header| header.typ());
        let has = |name| token.unverified_claims().is_some_and(|claims| claims.get(name).is_some());
        if typ.is_some_and(|typ| same_typ(typ, "rt+jwt") || same_typ(typ, "at+jwt")) {
            Self::Oauth
        } else if has("orig_iat") && declared_types(token).is_ok_and(|kinds| kinds.is_empty()) {
            Self::DrfJwt
        } else {
            Self::Simplejwt
        }
    }

    /// Returns the name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.spec().name
    }

    /// Returns whether access and refresh are two tokens.
    #[must_use]
    pub const fn roles(self) -> TokenRoles {
        self.spec().roles
    }

    /// Returns the lifetime of refresh tokens, or the refresh window, if the user gives none.
    #[must_use]
    pub const fn refresh_lifetime(self) -> Duration {
        self.spec().refresh_lifetime
    }

    /// Makes the claims of a new pair.
    ///
    /// # Errors
    /// [`PairError`] if a claim of the request is given twice, is one that the profile writes, or has no place.
    pub fn claims(self, request: &PairRequest, issuance: &Issuance) -> Result<PairClaims, PairError> {
        let pair = (self.spec().claims)(request, issuance)?;
        let repeated = [Some(&pair.access), pair.refresh.as_ref()]
            .into_iter()
            .flatten()
            .find_map(|members| json::first_repeated(members));
        match repeated {
            Some(member) => Err(PairError::RepeatedClaim { name: member.name.to_string() }),
            None => Ok(pair),
        }
    }

    /// Returns the claims that the access token of a pair should have, but lacks.
    #[must_use]
    pub fn missing_claims(self, pair: &PairClaims) -> Vec<&'static str> {
        let is_missing = |name: &&str| json::find(&pair.access, name).is_none();
        self.spec().expected_of_access.iter().copied().filter(is_missing).collect()
    }

    /// Signs the claims of a pair.
    ///
    /// # Errors
    /// [`SignError`] if the crypto library refuses.
    pub fn sign(
        self,
        pair: &PairClaims,
        issuance: &Issuance,
        signer: &PreparedSigner<'_>,
    ) -> Result<TokenPair, SignError> {
        let spec = self.spec();
        let sign = |typ, claims: &[Member<'_>]| signer.sign_typed(typ, claims, spec.escapes);
        Ok(TokenPair {
            access: sign(spec.access_typ, &pair.access)?,
            refresh: pair.refresh.as_deref().map(|claims| sign(spec.refresh_typ, claims)).transpose()?,
            lifetime: Some(issuance.lifetimes.access),
            scope: json::find(&pair.access, "scope").and_then(Value::as_str).map(str::to_owned),
            roles: spec.roles,
            stated: StatedFacts::default(),
            carrier: AccessCarrier::default(),
        })
    }

    /// Adds what a token must have to be refreshed to the policy of the user.
    pub fn require_refreshable(self, policy: &mut Policy) {
        for name in self.spec().required_to_refresh {
            if !policy.required.iter().any(|known| known == name) {
                policy.required.push((*name).to_owned());
            }
        }
        if self.roles() == TokenRoles::Separate {
            policy.token_type.get_or_insert_with(|| "refresh".to_owned());
        }
    }

    /// Returns why a valid token cannot be refreshed, beyond the checks of a verifier.
    #[must_use]
    pub fn refresh_failure(self, token: &Token<'_>, issuance: &Issuance) -> Option<Failure> {
        (self.spec().refresh_failure)(token, issuance)
    }

    /// Makes the claims of what a refresh issues.
    #[must_use]
    pub fn refreshed_claims(
        self,
        verified: VerifiedClaims<'_>,
        issuance: &Issuance,
        rotation: Rotation,
    ) -> PairClaims {
        (self.spec().refreshed)(verified.get().members(), issuance, rotation)
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::mint::encoding::to_json;
    use crate::core::mint::pair::Lifetimes;
    use crate::core::text::escape::Escapes;
    use crate::core::token::numeric_date::NumericDate;

    fn issuance() -> Issuance {
        Issuance {
            now: NumericDate::from_seconds(1_704_067_200),
            lifetimes: Lifetimes { access: Duration::seconds(300), refresh: Duration::seconds(86_400) },
            random: [[0xFF; 16], [0; 16]],
        }
    }

    fn json(members: &[Member<'_>]) -> String {
        to_json(members, Escapes::Needed)
    }

    #[test]
    fn writes_a_pair_as_simplejwt_does() {
        let request = PairRequest {
            user_id: Some("1".into()),
            issuer: Some("me".into()),
            audiences: vec!["api".into()],
            ..PairRequest::default()
        };
        let pair = Profile::Simplejwt.claims(&request, &issuance()).unwrap();
        assert_eq!(
            json(&pair.access),
            r#"{"token_type":"access","exp":1704067500,"iat":1704067200,"jti":"ffffffffffff4fffbfffffffffffffff","user_id":"1","aud":"api","iss":"me"}"#
        );
        assert_eq!(
            json(&pair.refresh.unwrap()),
            r#"{"token_type":"refresh","exp":1704153600,"iat":1704067200,"jti":"00000000000040008000000000000000","user_id":"1","aud":"api","iss":"me"}"#
        );
    }

    #[test]
    fn writes_one_token_as_drf_jwt_does() {
        let request = PairRequest {
            user_id: Some("7".into()),
            claims: vec![
                Member::new("extra", Value::Bool(true)).into(),
                Member::new("username", Value::string("å")).into(),
            ],
            ..PairRequest::default()
        };
        let pair = Profile::DrfJwt.claims(&request, &issuance()).unwrap();
        assert_eq!(
            json(&pair.access),
            r#"{"username":"å","iat":1704067200,"exp":1704067500,"jti":"ffffffff-ffff-4fff-bfff-ffffffffffff","user_id":7,"extra":true,"orig_iat":1704067200}"#
        );
        assert_eq!(pair.refresh, None);
    }

    #[test]
    fn rejects_a_claim_that_the_profile_writes() {
        let request = PairRequest {
            user_id: Some("1".into()),
            claims: vec![Member::new("exp", Value::integer(1)).into()],
            ..PairRequest::default()
        };
        let error = PairError::RepeatedClaim { name: "exp".into() };
        assert_eq!(Profile::Simplejwt.claims(&request, &issuance()), Err(error));
    }

    #[test]
    fn names_the_claims_that_rfc_9068_requires() {
        let request = PairRequest { subject: Some("u".into()), ..PairRequest::default() };
        let missing =
            |profile: Profile| profile.missing_claims(&profile.claims(&request, &issuance()).unwrap());
        assert_eq!(missing(Profile::Oauth), ["iss", "aud", "client_id"]);
        assert_eq!(missing(Profile::Simplejwt), [""; 0]);
    }
}
