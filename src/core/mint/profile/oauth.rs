//! The profile `oauth`: RFC 9068 access tokens, and refresh tokens whose `typ` keeps them from being used as such.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::TokenRoles;
use crate::core::mint::token_id::hex_id;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "oauth",
    access_typ: "at+jwt",
    refresh_typ: "rt+jwt",
    escapes: Escapes::Needed,
    access_lifetime: Duration::seconds(300),
    refresh_lifetime: Duration::seconds(86_400),
    roles: TokenRoles::Separate,
    id: hex_id,
    claims: &[Slot::Iss, Slot::Subject, Slot::Aud, Slot::Others, Slot::Exp, Slot::Now("iat"), Slot::Jti],
    // RFC 9068 section 2.2; the profile always writes `exp`, `iat` and `jti`.
    expected_of_access: &["iss", "sub", "aud", "client_id"],
    required_to_refresh: &["exp"],
    refreshed_type: None,
    refresh_failure: |_, _, _| None,
    next_access: NextClaims::InPlace,
    next_refresh: NextClaims::InPlace,
};
