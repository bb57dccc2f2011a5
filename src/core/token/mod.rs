//! One token as it stands, read without a key: header, payload, what is wrong with its form.

pub mod algorithm;
pub mod base64url;
pub mod claims;
pub mod header;
pub mod jws;
pub mod kind;
pub mod numeric_date;

use super::json;
use super::reason::{Failure, Malformed, Reason};
use crate::core::text::escape::excerpt;
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, Segment};

/// What a token says. Nobody has vouched for any of it.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// The segments and their bytes.
    pub compact: &'t Compact<'t>,
    /// The JOSE Header, or why there is none.
    pub header: Result<JoseHeader<'t>, Failure>,
    /// The payload of a JWS whose second segment decodes.
    pub payload: Option<Payload<'t>>,
    /// Everything that keeps it from being a well-formed, signed JWT.
    pub flaws: Vec<Failure>,
}

impl<'t> Token<'t> {
    /// Reads the segments of a token.
    #[must_use]
    pub fn parse(compact: &'t Compact<'t>) -> Self {
        Self::parse_with_header(None, compact)
    }

    /// Reads the segments of a token whose header was met before, perhaps.
    #[must_use]
    pub fn parse_with_header(known: Option<&'t JoseHeader<'_>>, compact: &'t Compact<'t>) -> Self {
        let header = match (known, &compact.header().decoded) {
            (Some(header), _) => Ok(header.borrowed()),
            (None, Ok(bytes)) => JoseHeader::parse(bytes),
            (None, Err(_)) => Err(undecodable("header", compact.header())),
        };
        let payload = match compact {
            Compact::Jws { payload, .. } => payload.decoded.as_deref().ok().map(Payload::parse),
            Compact::Jwe { .. } => None,
        };
        let flaws = flaws(compact, header.as_ref(), payload.as_ref());
        Self { compact, header, payload, flaws }
    }

    /// Its claims, if it has any; unverified.
    #[must_use]
    pub fn unverified_claims(&self) -> Option<&ClaimsSet<'t>> {
        self.payload.as_ref()?.claims()
    }
}

fn flaws(
    compact: &Compact<'_>,
    header: Result<&JoseHeader<'_>, &Failure>,
    payload: Option<&Payload<'_>>,
) -> Vec<Failure> {
    let mut flaws = Vec::new();
    flaws.extend(header.err().cloned());
    match compact {
        Compact::Jwe { .. } => {
            let detail = "five segments: encrypted for somebody, signed by nobody (RFC 7516)";
            flaws.push(Failure::new(Reason::Jwe, detail));
        }
        Compact::Jws { payload: encoded, signature, .. } => {
            if encoded.decoded.is_err() {
                flaws.push(undecodable("payload", encoded));
            }
            if signature.decoded.is_err() {
                flaws.push(undecodable("signature", signature));
            }
            flaws.extend(payload.and_then(Payload::flaw));
            if let Ok(header) = header {
                flaws.extend(header.alg().err());
                flaws.extend(header.kid().err());
            }
        }
    }
    let in_header = header.ok().and_then(|header| header.duplicate().map(str::to_owned));
    let in_payload = match payload {
        Some(Payload::Claims(claims)) => json::first_duplicate(claims.members()),
        Some(Payload::Json(value)) => value.first_duplicate(),
        _ => None,
    };
    let named = in_header.map(|name| ("header", name)).or_else(|| in_payload.map(|name| ("payload", name)));
    if let Some((place, name)) = named {
        let detail = format!("the {place} names {} more than once", excerpt(&name));
        flaws.push(Failure::malformed(Malformed::DuplicateMember, detail));
    }
    flaws
}

fn undecodable(place: &str, segment: &Segment<'_>) -> Failure {
    let detail = match segment.decoded {
        Ok(_) => format!("the {place} cannot be read"),
        Err(fault) => format!("the {place} is not Base64url: {fault}"),
    };
    Failure::malformed(Malformed::Base64, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    fn flaws(header: &str, payload: &str) -> Vec<String> {
        let text =
            format!("{}.{}.AA", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        Token::parse(&compact).flaws.iter().map(|flaw| flaw.reason.to_string()).collect()
    }

    #[test]
    fn lists_every_flaw_of_its_form() {
        assert_eq!(flaws(r#"{"alg":"HS256"}"#, "{}"), [""; 0]);
        assert_eq!(
            flaws(r#"{"alg":1,"kid":2,"kid":3}"#, "x"),
            ["malformed:payload_json", "malformed:alg", "malformed:kid", "malformed:duplicate_member"]
        );
        assert_eq!(flaws("[]", "[]"), ["malformed:header_json", "malformed:payload_not_object"]);
    }

    #[test]
    fn finds_duplicates_in_nested_claims() {
        assert_eq!(flaws(r#"{"alg":"HS256"}"#, r#"{"a":{"b":1,"b":2}}"#), ["malformed:duplicate_member"]);
    }

    #[test]
    fn a_jwe_still_shows_its_header() {
        let compact = Compact::parse(b"eyJhbGciOiJkaXIifQ....", 100).unwrap();
        let token = Token::parse(&compact);
        assert_eq!(token.header.as_ref().unwrap().alg(), Ok("dir"));
        assert_eq!(token.flaws.len(), 1);
    }
}
