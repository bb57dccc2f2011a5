//! What one profile decides about its tokens, as a table. Each profile has one [`ProfileSpec`], in the file named after it.

use crate::core::mint::pair::{Issuance, TokenRoles};
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
    /// The lifetime of access tokens if the user gives none.
    pub(super) access_lifetime: Duration,
    /// The lifetime of refresh tokens, or the refresh window, if the user gives none.
    pub(super) refresh_lifetime: Duration,
    /// The roles of a profile's tokens: two tokens, one for both, or no refresh.
    pub(super) roles: TokenRoles,
    /// Makes a `jti` of random bytes.
    pub(super) id: fn([u8; 16]) -> String,
    /// The claims of a new token, in their order.
    pub(super) claims: &'static [Slot],
    /// The claims that an access token should have.
    pub(super) expected_of_access: &'static [&'static str],
    /// The claims that a token must have to be refreshed.
    pub(super) required_to_refresh: &'static [&'static str],
    /// The `token_type` that a token with both roles must have to be refreshed.
    pub(super) refreshed_type: Option<&'static str>,
    /// Returns why a valid token cannot be refreshed, beyond the checks of a verifier. The duration is the leeway.
    pub(super) refresh_failure: fn(&Token<'_>, &Issuance, Duration) -> Option<Failure>,
    /// The claims of the access token that a refresh issues.
    pub(super) next_access: NextClaims,
    /// The claims of the refresh token that a refresh issues.
    pub(super) next_refresh: NextClaims,
}

/// The place of one claim in a new token, and its value.
#[derive(Clone, Copy)]
pub(super) enum Slot {
    /// The claim that names the type: its name, its value in access tokens, and its value in refresh tokens.
    Type(&'static str, &'static str, &'static str),
    /// Like [`Slot::Type`], but the mark of the user takes its place.
    DefaultMark(&'static str, &'static str, &'static str),
    /// `exp`.
    Exp,
    /// The time of issue, under this name.
    Now(&'static str),
    /// `jti`.
    Jti,
    /// `refresh_exp`: the end of the time in which the token can be refreshed.
    RefreshExp,
    /// False, under this name, if the user gives no other value.
    False(&'static str),
    /// A random UUID, under this name.
    Random(&'static str),
    /// `user_id`, as a text.
    UserId,
    /// `user_id`: a number if it is written as one, as a primary key is, else a text.
    NumericUserId,
    /// `sub`, if the user gives one.
    Sub,
    /// `sub`: the subject or the user ID.
    Subject,
    /// `aud`: one audience is a text, several are an array.
    Aud,
    /// `aud` as an array. It holds this audience if the user gives none.
    AudArray(&'static str),
    /// `iss`.
    Iss,
    /// The claim of this name, if the user gives one.
    Given(&'static str),
    /// All other claims that the user gives.
    Others,
}

/// The claims of a token that a refresh issues, made of those of the refreshed token.
#[derive(Clone, Copy)]
pub(super) enum NextClaims {
    /// The claims stay in their places. `exp`, `iat` and `jti` are new.
    InPlace,
    /// Like [`NextClaims::InPlace`], and this claim keeps the `jti` of the first token.
    InPlaceSince(&'static str),
    /// Like [`NextClaims::InPlace`], but `jti` stays the same. With a store, it is new.
    SameId,
    /// These claims come first, and the others follow in their order.
    Anew(&'static [Slot]),
}
