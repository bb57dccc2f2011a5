//! The profile `oauth`: RFC 9068 access tokens, and refresh tokens whose `typ` keeps them from being used as such.

use super::members::{add, aud, exp, iat, jti, renewed, text};
use super::spec::ProfileSpec;
use crate::core::json::Member;
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::pair::{Issuance, PairClaims, PairError, PairRequest, Rotation, TokenRoles};
use crate::core::mint::token_id::hex_id;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "oauth",
    access_typ: "at+jwt",
    refresh_typ: "rt+jwt",
    escapes: Escapes::Needed,
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Separate,
    required_to_refresh: &["exp"],
    // RFC 9068 section 2.2; the profile always writes `exp`, `iat` and `jti`.
    expected_of_access: &["iss", "sub", "aud", "client_id"],
    claims,
    refreshed,
    refresh_failure: |_, _| None,
};

/// The claims that name the type of a token; see `kind::declared_types`.
const TYPE_CLAIMS: [&str; 3] = ["token_type", "token_use", "typ"];

/// Makes the claims of a new pair: `iss`, `sub` and `aud` come first, `exp`, `iat` and `jti` come last.
fn claims(request: &PairRequest, issuance: &Issuance) -> Result<PairClaims, PairError> {
    let [access, refresh] = issuance.random;
    let lifetimes = issuance.lifetimes;
    let token = |lifetime, random, own: &[GivenClaim]| {
        let mut members = Vec::new();
        members.extend(text("iss", request.issuer.as_ref()));
        members.extend(text("sub", request.subject.as_ref().or(request.user_id.as_ref())));
        members.extend(aud(request));
        add(request.claims.iter().chain(own), &mut members)?;
        members.extend([exp(issuance, lifetime), iat(issuance), jti(hex_id(random))]);
        Ok::<_, PairError>(members)
    };
    Ok(PairClaims {
        access: token(lifetimes.access, access, &request.access_claims)?,
        refresh: Some(token(lifetimes.refresh, refresh, &request.refresh_claims)?),
    })
}

/// Makes the claims of what a refresh issues.
fn refreshed(old: &[Member<'_>], issuance: &Issuance, rotation: Rotation) -> PairClaims {
    let [access_random, refresh_random] = issuance.random;
    let lifetimes = issuance.lifetimes;
    let token =
        |lifetime, random| renewed(old, [exp(issuance, lifetime), iat(issuance), jti(hex_id(random))]);
    // The header names the type of a token. A claim with the type of the old token must not be copied.
    let mut access = token(lifetimes.access, access_random);
    access.retain(|member| !TYPE_CLAIMS.contains(&&*member.name));
    let refresh = (rotation == Rotation::Both).then(|| token(lifetimes.refresh, refresh_random));
    PairClaims { access, refresh }
}
