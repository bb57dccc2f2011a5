//! One token as it stands, read without a key: header, payload, what is wrong with its form.

use super::claims::{ClaimsSet, Payload};
use super::header::JoseHeader;
use super::json;
use super::jws::{Compact, Segment};
use super::reason::{Failure, Malformed, Reason};

/// What a token says. Nobody has vouched for any of it.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// The segments and their bytes.
    pub compact: &'t Compact<'t>,
    /// The JOSE Header, or why there is none.
    pub header: Result<JoseHeader<'t>, Failure>,
    /// The payload of a JWS whose second segment decodes.
    pub payload: Option<Payload<'t>>,
}

impl<'t> Token<'t> {
    /// Reads the segments of a token.
    #[must_use]
    pub fn read(compact: &'t Compact<'t>) -> Self {
        let header = match &compact.header().decoded {
            Ok(bytes) => JoseHeader::parse(bytes),
            Err(_) => Err(undecodable("header", compact.header())),
        };
        let payload = match compact {
            Compact::Jws { payload, .. } => payload.decoded.as_deref().ok().map(Payload::parse),
            Compact::Jwe { .. } => None,
        };
        Self { compact, header, payload }
    }

    /// Its claims, if it has any; unverified.
    #[must_use]
    pub fn unverified_claims(&self) -> Option<&ClaimsSet<'t>> {
        self.payload.as_ref()?.claims()
    }

    /// Everything that keeps it from being a well-formed, signed JWT.
    #[must_use]
    pub fn flaws(&self) -> Vec<Failure> {
        let mut flaws = Vec::new();
        flaws.extend(self.header.as_ref().err().cloned());
        match self.compact {
            Compact::Jwe { .. } => flaws.push(Failure::new(
                Reason::Jwe,
                "five segments: encrypted for somebody, signed by nobody (RFC 7516)",
            )),
            Compact::Jws { payload, signature, .. } => {
                if payload.decoded.is_err() {
                    flaws.push(undecodable("payload", payload));
                }
                if signature.decoded.is_err() {
                    flaws.push(undecodable("signature", signature));
                }
                flaws.extend(self.payload.as_ref().and_then(Payload::flaw));
                if let Ok(header) = &self.header {
                    flaws.extend(header.alg().err());
                    flaws.extend(header.kid().err());
                }
            }
        }
        if let Some((place, name)) = self.duplicates().first() {
            let detail = format!("{place} names {name} more than once");
            flaws.push(Failure::malformed(Malformed::DuplicateMember, detail));
        }
        flaws
    }

    /// Every name that appears more than once in its object: in which segment, and where as a JSON Pointer.
    #[must_use]
    pub fn duplicates(&self) -> Vec<(&'static str, String)> {
        let header = self.header.as_ref().map(|header| json::duplicates(header.members()));
        let payload = match &self.payload {
            Some(Payload::Claims(claims)) => json::duplicates(claims.members()),
            Some(Payload::Json(value)) => value.duplicates(),
            _ => Vec::new(),
        };
        let header = header.unwrap_or_default().into_iter().map(|path| ("the header", path));
        header.chain(payload.into_iter().map(|path| ("the payload", path))).collect()
    }
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
    use super::super::base64url;
    use super::*;

    fn flaws(header: &str, payload: &str) -> Vec<String> {
        let text =
            format!("{}.{}.AA", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        Token::read(&compact).flaws().iter().map(|flaw| flaw.reason.to_string()).collect()
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
        let token = Token::read(&compact);
        assert_eq!(token.header.as_ref().unwrap().alg(), Ok("dir"));
        assert_eq!(token.flaws().len(), 1);
    }
}
