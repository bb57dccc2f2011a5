//! What a caller demands of a token. The checks themselves are in `claim_checks` and `header_checks`.

use crate::core::json::Value;
use crate::core::text::duration::Duration;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::kind::mark::RefreshMark;

/// A caller's demands on a token beyond a valid signature.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The allowed algorithms. If it is empty, the key allows its own.
    pub algorithms: Vec<Algorithm>,
    /// The expected values of `iss`; one must match.
    pub issuers: Vec<String>,
    /// True if the caller named no issuer, and the expected one is that of the keys.
    pub expects_key_issuer: bool,
    /// The expected members of `aud`; one must be there.
    pub audiences: Vec<String>,
    /// The expected `sub`.
    pub subject: Option<String>,
    /// The expected `jti`.
    pub id: Option<String>,
    /// The expected `typ` of the header, compared as a media type.
    pub typ: Option<String>,
    /// The expected kind of token: `access`, `refresh`, …
    pub token_type: Option<String>,
    /// How a refresh token is marked, if the token must be one.
    pub refresh_mark: Option<RefreshMark>,
    /// Claims (names or JSON Pointers) and their expected values.
    pub claims: Vec<(String, Value<'static>)>,
    /// Claims (names or JSON Pointers) that must be present.
    pub required: Vec<String>,
    /// The expected `nonce` of a key binding JWT.
    pub holder_nonce: Option<String>,
    /// The expected members of `aud` of a key binding JWT; one must be there.
    pub holder_audiences: Vec<String>,
    /// The longest allowed time since `iat` of a key binding JWT.
    pub holder_max_age: Option<Duration>,
    /// The longest allowed time since `iat`.
    pub max_age: Option<Duration>,
    /// The allowed difference between clocks.
    pub leeway: Duration,
    /// True if the caller gives the payload apart from the token (RFC 7515 appendix F). The token is then a JWS whose payload
    /// may be anything, not only a claims set.
    pub detached: bool,
    /// True if `exp` is not compared with the clock.
    pub ignore_exp: bool,
    /// True if weak keys, tokens without `exp`, and an unexpected `aud` or `iss` are rejected (RFC 8725).
    pub strict: bool,
    /// True if claims without a signature are accepted if they were encrypted with a shared key.
    pub accept_shared_key: bool,
}

impl Policy {
    /// Reports whether the checks of claims look at the registered claims and the times of OpenID Connect alone, and no check
    /// at `typ` or at a holder. Every new demand must be listed here.
    pub(super) const fn looks_at_listed_claims_alone(&self) -> bool {
        let Self {
            typ,
            token_type,
            refresh_mark,
            claims,
            required,
            holder_nonce,
            holder_audiences,
            holder_max_age,
            detached,
            // The checks of the header, and those of the listed claims, know these.
            algorithms: _,
            issuers: _,
            expects_key_issuer: _,
            audiences: _,
            subject: _,
            id: _,
            max_age: _,
            leeway: _,
            ignore_exp: _,
            strict: _,
            accept_shared_key: _,
        } = self;
        let holder = holder_nonce.is_none() && holder_audiences.is_empty() && holder_max_age.is_none();
        let kind = typ.is_none() && token_type.is_none() && refresh_mark.is_none();
        holder && kind && claims.is_empty() && required.is_empty() && !*detached
    }

    /// Demands the issuer that published the keys, if the caller named no other one.
    #[must_use]
    pub fn expecting_key_issuer(mut self, issuer: Option<&str>) -> Self {
        if let Some(issuer) = issuer.filter(|_| self.issuers.is_empty()) {
            self.issuers.push(issuer.to_owned());
            self.expects_key_issuer = true;
        }
        self
    }
}
