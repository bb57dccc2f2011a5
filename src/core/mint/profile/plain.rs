//! The profile `plain`: tokens of services that are written by hand, without a framework. A claim of the service's own says
//! which token is the refresh token.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::TokenRoles;
use crate::core::mint::token_id::hex_id;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "plain",
    access_typ: "JWT",
    refresh_typ: "JWT",
    escapes: Escapes::Needed,
    access_lifetime: Duration::seconds(300),
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Separate,
    id: hex_id,
    claims: &[
        Slot::NumericUserId,
        Slot::Sub,
        Slot::DefaultMark("type", "access", "refresh"),
        Slot::Others,
        Slot::Now("iat"),
        Slot::Exp,
        Slot::Aud,
        Slot::Iss,
        Slot::Jti,
    ],
    expected_of_access: &[],
    required_to_refresh: &["exp"],
    refreshed_type: None,
    refresh_failure: |_, _, _| None,
    next_access: NextClaims::InPlace,
    next_refresh: NextClaims::InPlace,
};
