//! What one profile decides about its tokens. Each profile has one [`ProfileSpec`], in the file named after it.

use crate::core::json::Member;
use crate::core::mint::pair::{Issuance, PairClaims, PairError, PairRequest, Rotation, TokenRoles};
use crate::core::reason::Failure;
use crate::core::text::duration::Duration;
use crate::core::text::escape::Escapes;
use crate::core::token::Token;

/// The decisions of one profile.
pub(super) struct ProfileSpec {
    /// The name on the command line.
    pub(super) name: &'static str,
    /// The `typ` of access tokens.
    pub(super) access_typ: &'static str,
    /// The `typ` of refresh tokens.
    pub(super) refresh_typ: &'static str,
    /// How payloads are escaped.
    pub(super) escapes: Escapes,
    /// The lifetime of refresh tokens, or the refresh window, if the user gives none.
    pub(super) refresh_lifetime: Duration,
    /// The roles of a profile's tokens: two tokens, or one for both.
    pub(super) roles: TokenRoles,
    /// The claims that a token must have to be refreshed.
    pub(super) required_to_refresh: &'static [&'static str],
    /// The claims that an access token should have.
    pub(super) expected_of_access: &'static [&'static str],
    /// Makes the claims of a new pair.
    pub(super) claims: fn(&PairRequest, &Issuance) -> Result<PairClaims, PairError>,
    /// Makes the claims of what a refresh issues, from those of the refreshed token.
    pub(super) refreshed: fn(&[Member<'_>], &Issuance, Rotation) -> PairClaims,
    /// Returns why a valid token cannot be refreshed, beyond the checks of a verifier.
    pub(super) refresh_failure: fn(&Token<'_>, &Issuance) -> Option<Failure>,
}
