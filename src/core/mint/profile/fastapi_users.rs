//! The profile `fastapi-users`: the access token that the JWT strategy of fastapi-users 15 writes. The package has no refresh.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::TokenRoles;
use crate::core::mint::token_id::hex_id;
use crate::core::reason::{Failure, Reason};
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "fastapi-users",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    access_lifetime: Duration::seconds(3600),
    refresh_lifetime: Duration::seconds(0),
    roles: TokenRoles::AccessOnly,
    id: hex_id,
    claims: &[Slot::Subject, Slot::AudArray("fastapi-users:auth"), Slot::Iss, Slot::Others, Slot::Exp],
    expected_of_access: &[],
    required_to_refresh: &[],
    refreshed_type: None,
    refresh_failure: |_, _, _| {
        let detail = "fastapi-users has no refresh tokens";
        Some(Failure::new(Reason::WrongTokenType, detail))
    },
    next_access: NextClaims::InPlace,
    next_refresh: NextClaims::InPlace,
};
