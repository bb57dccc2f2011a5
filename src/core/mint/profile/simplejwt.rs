//! The profile `simplejwt`: tokens as djangorestframework-simplejwt 5.5 writes them.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::TokenRoles;
use crate::core::mint::token_id::uuid_hex;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

/// The claim that names the type.
const TYPE: Slot = Slot::Type("token_type", "access", "refresh");

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "simplejwt",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    access_lifetime: Duration::seconds(300),
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Separate,
    id: uuid_hex,
    // Since 5.5.1, `user_id` is a string for every type of primary key. PyJWT appends `aud` and `iss` when it encodes.
    claims: &[
        TYPE,
        Slot::Exp,
        Slot::Now("iat"),
        Slot::Jti,
        Slot::UserId,
        Slot::Sub,
        Slot::Others,
        Slot::Aud,
        Slot::Iss,
    ],
    expected_of_access: &[],
    required_to_refresh: &["exp", "jti"],
    refreshed_type: None,
    refresh_failure: |_, _, _| None,
    // All other claims are copied: `RefreshToken.no_copy_claims` of version 5.5.1 names these.
    next_access: NextClaims::Anew(&[TYPE, Slot::Exp, Slot::Now("iat"), Slot::Jti]),
    next_refresh: NextClaims::InPlace,
};
