//! An SD-JWT that is ready to be judged: its text, its disclosures, and the token with the disclosed claims in their
//! places. Nothing is judged here.

use crate::core::sd_jwt::{SdJwt, SdJwtText, is_marked};
use crate::core::token::Token;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::Compact;

/// The treatment of SD-JWTs (RFC 9901).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SdJwts {
    /// Only the compact serialization is a token.
    #[default]
    Refused,
    /// An SD-JWT is a token, too.
    Accepted,
}

/// An SD-JWT as its holder presents it.
#[derive(Clone, Debug)]
pub(super) struct Presentation<'t> {
    /// The text.
    pub(super) text: &'t SdJwtText<'t>,
    /// The disclosures.
    pub(super) sd_jwt: SdJwt,
    /// The token with the processed payload. `None` if the disclosures break a rule.
    pub(super) processed: Option<Token<'t>>,
}

impl<'t> Presentation<'t> {
    /// Reads the disclosures of an issuer's token.
    pub(super) fn read(text: &'t SdJwtText<'t>, issued: &Token<'t>) -> Self {
        let payload = issued.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
        let sd_jwt = SdJwt::read(payload, &text.disclosures, text.key_binding);
        let claims = sd_jwt.processed.clone().filter(|_| issued.unverified_claims().is_some());
        let processed =
            claims.map(|claims| Token { payload: Some(Payload::Claims(claims)), ..issued.clone() });
        Self { text, sd_jwt, processed }
    }
}

/// Reports whether the parts of a text make an SD-JWT. The issuer's token is signed and holds its payload. If nothing is
/// after its `~`, it must say that it is an SD-JWT.
pub(super) fn is_sd_jwt(text: &SdJwtText<'_>, compact: &Compact<'_>) -> bool {
    let Compact::Jws { payload, .. } = compact else { return false };
    if payload.encoded.is_empty() {
        return false;
    }
    if !text.disclosures.is_empty() || text.key_binding.is_some() {
        return true;
    }
    let token = Token::parse(compact);
    let payload = token.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
    token.header.as_ref().is_ok_and(|header: &JoseHeader<'_>| is_marked(header, payload))
}
