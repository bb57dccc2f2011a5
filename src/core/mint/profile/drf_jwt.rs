//! The profile `drf-jwt`: tokens as drf-jwt 1.19 writes them. One token has both roles, and is refreshed while it is valid.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::{Issuance, TokenRoles};
use crate::core::mint::token_id::uuid;
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::text::escape::{Escapes, Quoted};
use crate::core::token::Token;
use crate::core::token::kind::declared_types;
use crate::core::verify::mark_check::other_purpose;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "drf-jwt",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    access_lifetime: Duration::seconds(300),
    refresh_lifetime: Duration::seconds(7 * 86_400),
    roles: TokenRoles::Shared,
    id: uuid,
    claims: &[
        Slot::Given("username"),
        Slot::Now("iat"),
        Slot::Exp,
        Slot::Jti,
        Slot::NumericUserId,
        Slot::Sub,
        Slot::Others,
        Slot::Now("orig_iat"),
        Slot::Aud,
        Slot::Iss,
    ],
    expected_of_access: &[],
    required_to_refresh: &["exp", "orig_iat"],
    refreshed_type: None,
    refresh_failure,
    next_access: NextClaims::InPlaceSince("orig_jti"),
    next_refresh: NextClaims::InPlace,
};

/// Returns why drf-jwt does not refresh a valid token: the type or the mark of another token, or a refresh window that is over.
fn refresh_failure(token: &Token<'_>, issuance: &Issuance, _: Duration) -> Option<Failure> {
    if let Some(kind) = declared_types(token).ok()?.iter().find(|kind| *kind != "refresh") {
        let detail = format!("{}, but drf-jwt tokens have no type", Quoted(kind));
        return Some(Failure::new(Reason::WrongTokenType, detail));
    }
    if let Some(failure) = other_purpose(token) {
        return Some(failure);
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
