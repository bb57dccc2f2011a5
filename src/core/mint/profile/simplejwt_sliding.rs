//! The profile `simplejwt-sliding`: sliding tokens as djangorestframework-simplejwt 5.5 writes them. One token has both roles,
//! and is refreshed while neither `exp` nor `refresh_exp` is past.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::{Issuance, TokenRoles};
use crate::core::mint::token_id::uuid_hex;
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::{Duration, relative};
use crate::core::text::escape::Escapes;
use crate::core::token::Token;
use crate::core::verify::mark_check::other_purpose;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "simplejwt-sliding",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    access_lifetime: Duration::seconds(300),
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Shared,
    id: uuid_hex,
    claims: &[
        Slot::Type("token_type", "sliding", "sliding"),
        Slot::Exp,
        Slot::Now("iat"),
        Slot::Jti,
        Slot::RefreshExp,
        Slot::UserId,
        Slot::Sub,
        Slot::Others,
        Slot::Aud,
        Slot::Iss,
    ],
    expected_of_access: &[],
    required_to_refresh: &["exp", "jti", "refresh_exp"],
    refreshed_type: Some("sliding"),
    refresh_failure,
    next_access: NextClaims::SameId,
    next_refresh: NextClaims::SameId,
};

/// Returns why a valid sliding token is not refreshed: it has the mark of another token, or `refresh_exp` is past.
fn refresh_failure(token: &Token<'_>, issuance: &Issuance, leeway: Duration) -> Option<Failure> {
    if let Some(failure) = other_purpose(token) {
        return Some(failure);
    }
    match token.unverified_claims()?.numeric_date("refresh_exp") {
        Err(failure) => Some(failure),
        Ok(None) => None,
        Ok(Some(end)) => (issuance.now >= end.plus(leeway)).then(|| {
            let detail = format!("`refresh_exp` has passed: {}", relative(end.seconds_since(issuance.now)));
            Failure::new(Reason::Expired, detail)
        }),
    }
}
