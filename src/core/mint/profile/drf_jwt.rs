//! The profile `drf-jwt`: tokens as drf-jwt 1.19 writes them. One token has both roles, and is refreshed while it is valid.

use super::members::{add, aud, exp, iat, jti, renewed, text};
use super::spec::ProfileSpec;
use crate::core::json::{self, Member, Value};
use crate::core::mint::given_claim::GivenClaim;
use crate::core::mint::pair::{Issuance, PairClaims, PairError, PairRequest, Rotation, TokenRoles};
use crate::core::mint::token_id::uuid;
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::text::escape::{Escapes, Quoted};
use crate::core::token::Token;
use crate::core::token::kind::declared_types;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "drf-jwt",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    refresh_lifetime: Duration::seconds(7 * 86_400),
    roles: TokenRoles::Shared,
    required_to_refresh: &["exp", "orig_iat"],
    expected_of_access: &[],
    claims,
    refreshed,
    refresh_failure,
};

/// Makes the claims of the one new token: `username` comes first, `orig_iat`, `aud` and `iss` come last.
fn claims(request: &PairRequest, issuance: &Issuance) -> Result<PairClaims, PairError> {
    let [random, _] = issuance.random;
    let is_username = |claim: &&GivenClaim| claim.member().is_some_and(|member| member.name == "username");
    let mut members = Vec::new();
    add(request.claims.iter().find(is_username).into_iter(), &mut members)?;
    members.extend([iat(issuance), exp(issuance, issuance.lifetimes.access), jti(uuid(random))]);
    members.extend(request.user_id.as_ref().map(user_id));
    members.extend(text("sub", request.subject.as_ref()));
    let others = request.claims.iter().filter(|claim| !is_username(claim));
    add(others.chain(&request.access_claims).chain(&request.refresh_claims), &mut members)?;
    members.push(Member::new("orig_iat", iat(issuance).value));
    members.extend(aud(request));
    members.extend(text("iss", request.issuer.as_ref()));
    Ok(PairClaims { access: members, refresh: None })
}

/// Returns `user_id`: a number if the ID is written as one, as a primary key is, else a string.
fn user_id(id: &String) -> Member<'static> {
    let is_number = id.parse::<u64>().is_ok_and(|number| number.to_string() == *id);
    let value = if is_number { Value::Number(id.clone().into()) } else { Value::string(id.clone()) };
    Member::new("user_id", value)
}

/// Makes the claims of the next token. `orig_jti` names the first token of the chain.
fn refreshed(old: &[Member<'_>], issuance: &Issuance, _: Rotation) -> PairClaims {
    let [random, _] = issuance.random;
    let new = [exp(issuance, issuance.lifetimes.access), iat(issuance), jti(uuid(random))];
    let mut access = renewed(old, new);
    let first = json::find(old, "jti").filter(|_| json::find(old, "orig_jti").is_none());
    access.extend(first.map(|first| Member::new("orig_jti", first.clone().into_owned())));
    PairClaims { access, refresh: None }
}

/// Returns why drf-jwt does not refresh a valid token: another issuer's type claim, or a refresh window that is over.
fn refresh_failure(token: &Token<'_>, issuance: &Issuance) -> Option<Failure> {
    if let Some(kind) = declared_types(token).ok()?.iter().find(|kind| *kind != "refresh") {
        let detail = format!("{}, but drf-jwt tokens have no type", Quoted(kind));
        return Some(Failure::new(Reason::WrongTokenType, detail));
    }
    let window = issuance.lifetimes.refresh;
    match token.unverified_claims()?.numeric_date("orig_iat") {
        Err(failure) => Some(failure),
        Ok(None) => None,
        Ok(Some(first)) => (issuance.now > first.plus(window)).then(|| {
            let detail = format!("the refresh window of {window} after the first issue is over");
            Failure::new(Reason::Expired, detail)
        }),
    }
}
