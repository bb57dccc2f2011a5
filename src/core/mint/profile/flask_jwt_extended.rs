//! The profile `flask-jwt-extended`: tokens as Flask-JWT-Extended 4.7 writes them.

use super::spec::{NextClaims, ProfileSpec, Slot};
use crate::core::mint::pair::TokenRoles;
use crate::core::mint::token_id::uuid;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;

pub(super) static SPEC: ProfileSpec = ProfileSpec {
    name: "flask-jwt-extended",
    access_typ: "JWT",
    refresh_typ: "JWT",
    // PyJWT escapes everything outside ASCII.
    escapes: Escapes::Ascii,
    access_lifetime: Duration::seconds(15 * 60),
    refresh_lifetime: Duration::seconds(30 * 86_400),
    roles: TokenRoles::Separate,
    id: uuid,
    claims: CLAIMS,
    expected_of_access: &[],
    required_to_refresh: &["exp"],
    refreshed_type: None,
    refresh_failure: |_, _, _| None,
    // A token after a refresh is never fresh: the user gave no password for it.
    next_access: NextClaims::Anew(CLAIMS),
    next_refresh: NextClaims::Anew(CLAIMS),
};

/// The claims that the package writes, and then those that the service adds.
const CLAIMS: &[Slot] = &[
    Slot::False("fresh"),
    Slot::Now("iat"),
    Slot::Jti,
    Slot::Type("type", "access", "refresh"),
    Slot::Subject,
    Slot::Now("nbf"),
    Slot::Random("csrf"),
    Slot::Aud,
    Slot::Iss,
    Slot::Exp,
    Slot::Others,
];
