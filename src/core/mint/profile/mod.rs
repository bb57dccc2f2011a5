//! Profiles: pairs of tokens exactly as known frameworks write them. A profile decides which claims are written, in which
//! order and form, and what a refresh copies. Signing and judging are not done here.
//!
//! * `simplejwt`: djangorestframework-simplejwt 5.5
//! * `simplejwt-sliding`: its sliding tokens, one token for access and refresh
//! * `drf-jwt`: drf-jwt 1.19, with one token that is refreshed while it is valid
//! * `flask-jwt-extended`: Flask-JWT-Extended 4.7
//! * `fastapi-users`: the access token of fastapi-users 15
//! * `oauth`: RFC 9068 access tokens, and refresh tokens with a `typ` of their own
//! * `plain`: services without a framework

mod claims;
mod drf_jwt;
mod fastapi_users;
mod flask_jwt_extended;
mod oauth;
mod plain;
mod simplejwt;
mod simplejwt_sliding;
mod spec;

use self::claims::{TokenOfPair, new_claims, next_claims};
use self::spec::{ProfileSpec, Slot};
use super::pair::{
    AccessCarrier, Issuance, PairClaims, PairError, PairRequest, RefreshIssue, Rotation, StatedFacts,
    TokenPair, TokenRoles,
};
use super::signer::{PreparedSigner, SignError};
use crate::core::json::{self, Member, Value};
use crate::core::reason::Failure;
use crate::core::text::duration::Duration;
use crate::core::token::Token;
use crate::core::token::header::same_typ;
use crate::core::token::kind::declared_types;
use crate::core::token::kind::mark::{RefreshMark, is_marked};
use crate::core::verify::judge::VerifiedClaims;
use crate::core::verify::policy::Policy;
use std::fmt;

/// Makes the enum and its list of one table, so that no profile is left out. Each row names the file of a profile.
macro_rules! profiles {
    ($($profile:ident = $file:ident, $about:literal;)+) => {
        /// A framework whose tokens are issued and refreshed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Profile {
            $(#[doc = $about] $profile,)+
        }

        impl Profile {
            /// Every profile.
            pub const ALL: &[Self] = &[$(Self::$profile),+];

            /// Returns what the framework is, for help texts.
            #[must_use]
            pub const fn about(self) -> &'static str {
                match self { $(Self::$profile => $about,)+ }
            }

            const fn spec(self) -> &'static ProfileSpec {
                match self { $(Self::$profile => &$file::SPEC,)+ }
            }
        }
    };
}

profiles! {
    Simplejwt = simplejwt, "djangorestframework-simplejwt";
    SimplejwtSliding = simplejwt_sliding, "sliding tokens of djangorestframework-simplejwt";
    DrfJwt = drf_jwt, "drf-jwt, and djangorestframework-jwt with --scheme JWT";
    FlaskJwtExtended = flask_jwt_extended, "Flask-JWT-Extended";
    FastapiUsers = fastapi_users, "fastapi-users with bearer tokens";
    Oauth = oauth, "OAuth 2.0: access tokens of RFC 9068, or any token endpoint";
    Plain = plain, "a service without a framework, or one that fob does not know";
}

impl Profile {
    /// Guesses the profile of a token from its header and its claims, which are not verified.
    #[must_use]
    pub fn detect(token: &Token<'_>, mark: &RefreshMark) -> Self {
        let typ = token.header.as_ref().ok().and_then(|header| header.typ());
        let claims = token.unverified_claims();
        let get = |name| claims.and_then(|claims| claims.get(name));
        let has = |name| get(name).is_some();
        let text = |name| get(name).and_then(Value::as_str);
        let audiences = || claims.and_then(|claims| claims.audiences().ok().flatten());
        if typ.is_some_and(|typ| same_typ(typ, "rt+jwt") || same_typ(typ, "at+jwt")) {
            Self::Oauth
        } else if text("token_type") == Some("sliding") && has("refresh_exp") {
            Self::SimplejwtSliding
        } else if has("token_type") {
            Self::Simplejwt
        } else if matches!(text("type"), Some("access" | "refresh")) && (has("fresh") || has("csrf")) {
            Self::FlaskJwtExtended
        } else if mark.name().is_some()
            || is_marked(token)
            || declared_types(token).is_ok_and(|kinds| !kinds.is_empty())
        {
            Self::Plain
        } else if has("orig_iat") {
            Self::DrfJwt
        } else if audiences().is_some_and(|all| all.iter().any(|one| one.starts_with("fastapi-users:"))) {
            Self::FastapiUsers
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

    /// Returns the lifetime of access tokens, if the user gives none.
    #[must_use]
    pub const fn access_lifetime(self) -> Duration {
        self.spec().access_lifetime
    }

    /// Returns the lifetime of refresh tokens, or the refresh window, if the user gives none.
    #[must_use]
    pub const fn refresh_lifetime(self) -> Duration {
        self.spec().refresh_lifetime
    }

    /// Reports whether the user ID and the subject are one claim.
    #[must_use]
    pub fn has_one_subject(self) -> bool {
        self.spec().claims.iter().any(|slot| matches!(slot, Slot::Subject))
    }

    /// Makes the claims of a new pair.
    ///
    /// # Errors
    /// [`PairError`] if a claim of the request is given twice, is one that the profile writes, or has no place.
    pub fn claims(self, request: &PairRequest, issuance: &Issuance) -> Result<PairClaims, PairError> {
        let token = |token| {
            let members = new_claims(self.spec(), token, request, issuance)?;
            match json::first_repeated(&members) {
                Some(member) => Err(PairError::RepeatedClaim { name: member.name.to_string() }),
                None => Ok(members),
            }
        };
        let refresh = (self.roles() == TokenRoles::Separate).then(|| token(TokenOfPair::Refresh));
        Ok(PairClaims { access: token(TokenOfPair::Access)?, refresh: refresh.transpose()? })
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
    pub fn require_refreshable(self, policy: &mut Policy, mark: &RefreshMark) {
        for name in self.spec().required_to_refresh {
            if !policy.required.iter().any(|known| known == name) {
                policy.required.push((*name).to_owned());
            }
        }
        policy.token_type = self.spec().refreshed_type.map(str::to_owned);
        policy.refresh_mark = (self.roles() == TokenRoles::Separate).then(|| mark.clone());
    }

    /// Returns why a valid token cannot be refreshed, beyond the checks of a verifier.
    #[must_use]
    pub fn refresh_failure(
        self,
        token: &Token<'_>,
        issuance: &Issuance,
        leeway: Duration,
    ) -> Option<Failure> {
        (self.spec().refresh_failure)(token, issuance, leeway)
    }

    /// Makes the claims of what a refresh issues.
    #[must_use]
    pub fn refreshed_claims(
        self,
        verified: VerifiedClaims<'_>,
        issuance: &Issuance,
        request: &RefreshIssue,
    ) -> PairClaims {
        let next = |token| next_claims(self.spec(), token, verified.get().members(), issuance, request);
        let is_new = request.rotation == Rotation::Both && self.roles() == TokenRoles::Separate;
        PairClaims { access: next(TokenOfPair::Access), refresh: is_new.then(|| next(TokenOfPair::Refresh)) }
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
            random: [[0xFF; 16], [0; 16], [1; 16], [2; 16]],
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
