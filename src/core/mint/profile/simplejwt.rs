//! The profile `simplejwt`: tokens as djangorestframework-simplejwt 5.5 writes them.

use super::members::{add, aud, exp, iat, jti, renewed, text};
use super::spec::ProfileSpec;
use crate::core::json::{Member, Value};
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::pair::{Issuance, PairClaims, PairError, PairRequest, Rotation, TokenRoles};
use crate::core::mint::token_id::uuid_hex;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "simplejwt",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Separate,
    required_to_refresh: &["exp", "jti"],
    expected_of_access: &[],
    claims,
    refreshed,
    refresh_failure: |_, _| None,
};

/// The claims that a refresh does not copy: `RefreshToken.no_copy_claims` of version 5.5.1.
const NOT_COPIED: [&str; 4] = ["token_type", "exp", "iat", "jti"];

/// Makes the claims of a new pair.
fn claims(request: &PairRequest, issuance: &Issuance) -> Result<PairClaims, PairError> {
    let [access, refresh] = issuance.random;
    let lifetimes = issuance.lifetimes;
    let token = |kind, lifetime, random, own: &[GivenClaim]| {
        let mut members = first_claims(kind, issuance, lifetime, random);
        // Since 5.5.1, `user_id` is a string for every type of primary key.
        members.extend(text("user_id", request.user_id.as_ref()));
        members.extend(text("sub", request.subject.as_ref()));
        add(request.claims.iter().chain(own), &mut members)?;
        // PyJWT appends these when it encodes.
        members.extend(aud(request));
        members.extend(text("iss", request.issuer.as_ref()));
        Ok::<_, PairError>(members)
    };
    Ok(PairClaims {
        access: token("access", lifetimes.access, access, &request.access_claims)?,
        refresh: Some(token("refresh", lifetimes.refresh, refresh, &request.refresh_claims)?),
    })
}

/// Makes the claims of what a refresh issues.
fn refreshed(old: &[Member<'_>], issuance: &Issuance, rotation: Rotation) -> PairClaims {
    let [access_random, refresh_random] = issuance.random;
    let lifetimes = issuance.lifetimes;
    let mut access = first_claims("access", issuance, lifetimes.access, access_random);
    let is_copied = |member: &&Member<'_>| !NOT_COPIED.contains(&&*member.name);
    access.extend(old.iter().filter(is_copied).cloned().map(Member::into_owned));
    let refresh =
        || renewed(old, [exp(issuance, lifetimes.refresh), iat(issuance), jti(uuid_hex(refresh_random))]);
    PairClaims { access, refresh: (rotation == Rotation::Both).then(refresh) }
}

/// Returns the claims that every token begins with.
fn first_claims(
    kind: &'static str,
    issuance: &Issuance,
    lifetime: Duration,
    random: [u8; 16],
) -> Vec<Member<'static>> {
    vec![
        Member::new("token_type", Value::string(kind)),
        exp(issuance, lifetime),
        iat(issuance),
        jti(uuid_hex(random)),
    ]
}
