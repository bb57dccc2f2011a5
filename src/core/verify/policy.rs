//! What a caller demands of a token. What comes of it is for `judge` to say.

use crate::core::json::Value;
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;

/// What a caller demands of a token beyond a good signature.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The algorithms allowed; empty for whatever the key allows.
    pub algorithms: Vec<Algorithm>,
    /// Any of these must be `iss`.
    pub issuers: Vec<String>,
    /// Any of these must be in `aud`.
    pub audiences: Vec<String>,
    /// Must be `sub`.
    pub subject: Option<String>,
    /// Must be `jti`.
    pub id: Option<String>,
    /// Must be the header's `typ`, compared as a media type.
    pub typ: Option<String>,
    /// Must be the kind of token: `access`, `refresh`, …
    pub token_type: Option<String>,
    /// Claims (names or JSON Pointers) and the values they must have.
    pub claims: Vec<(String, Value<'static>)>,
    /// Claims (names or JSON Pointers) that must be there.
    pub required: Vec<String>,
    /// How long ago it may have been issued.
    pub max_age: Option<Duration>,
    /// How far clocks may be apart.
    pub leeway: Duration,
    /// Whether `exp` is not compared with the clock.
    pub ignore_exp: bool,
    /// RFC 8725: no weak key, no token without `exp`, no `aud` or `iss` that nobody asked about.
    pub strict: bool,
}
