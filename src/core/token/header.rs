//! The JOSE Header (RFC 7515 section 4): every parameter kept, known or not, and read only as what it is.

use crate::core::json::{self, JsonErrorKind, Member, Value};
use crate::core::reason::{Failure, Malformed};
use std::borrow::Cow;

/// A JOSE Header as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoseHeader<'a> {
    members: HeaderMembers<'a>,
    /// The first name that appears twice, as a JSON Pointer.
    duplicate: Option<Cow<'a, str>>,
}

/// Members that belong to a header, or are lent by one that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HeaderMembers<'a> {
    Owned(Vec<Member<'a>>),
    Borrowed(&'a [Member<'a>]),
}

/// Parameters that carry or point to a key. They are shown, never used and never fetched.
pub const KEY_PARAMETERS: [&str; 4] = ["jku", "jwk", "x5c", "x5u"];

impl<'a> JoseHeader<'a> {
    /// Reads the decoded bytes of the first segment.
    ///
    /// # Errors
    /// `header_json` if they are no JSON object, `too_deep` if it nests too deep.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Failure> {
        match json::parse(bytes) {
            Ok(Value::Object(members)) => {
                let duplicate = json::first_duplicate(&members).map(Cow::Owned);
                Ok(Self { members: HeaderMembers::Owned(members), duplicate })
            }
            Ok(other) => {
                let detail = format!("the header is {}, not an object", other.type_name());
                Err(Failure::malformed(Malformed::HeaderJson, detail))
            }
            Err(fault) if fault.kind == JsonErrorKind::TooDeep => {
                Err(Failure::malformed(Malformed::TooDeep, format!("the header is {fault}")))
            }
            Err(fault) => Err(Failure::malformed(Malformed::HeaderJson, format!("the header is {fault}"))),
        }
    }

    /// Its parameters, in order, duplicates kept.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        match &self.members {
            HeaderMembers::Owned(members) => members,
            HeaderMembers::Borrowed(members) => members,
        }
    }

    /// The first name that appears more than once in one object, as a JSON Pointer.
    #[must_use]
    pub fn duplicate(&self) -> Option<&str> {
        self.duplicate.as_deref()
    }

    /// The same header on loan, for another token that has it.
    #[must_use]
    pub fn borrowed(&self) -> JoseHeader<'_> {
        JoseHeader {
            members: HeaderMembers::Borrowed(self.members()),
            duplicate: self.duplicate.as_deref().map(Cow::Borrowed),
        }
    }

    /// The same header, independent of the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> JoseHeader<'static> {
        let members = match self.members {
            HeaderMembers::Owned(members) => members,
            HeaderMembers::Borrowed(members) => members.to_vec(),
        };
        JoseHeader {
            members: HeaderMembers::Owned(members.into_iter().map(Member::into_owned).collect()),
            duplicate: self.duplicate.map(|name| Cow::Owned(name.into_owned())),
        }
    }

    /// The parameter of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        json::find(self.members(), name)
    }

    /// `alg`, which every JWS must have.
    ///
    /// # Errors
    /// `malformed:alg` if it is absent or no string.
    pub fn alg(&self) -> Result<&str, Failure> {
        match self.get("alg") {
            Some(Value::String(alg)) => Ok(alg),
            Some(other) => Err(Failure::malformed(
                Malformed::Alg,
                format!("`alg` is {}, not a string", other.type_name()),
            )),
            None => Err(Failure::malformed(Malformed::Alg, "the header has no `alg`")),
        }
    }

    /// `kid`, if there is one. It is compared, never opened.
    ///
    /// # Errors
    /// `malformed:kid` if it is no string (RFC 7515 section 4.1.4).
    pub fn kid(&self) -> Result<Option<&str>, Failure> {
        match self.get("kid") {
            None => Ok(None),
            Some(Value::String(kid)) => Ok(Some(kid)),
            Some(other) => Err(Failure::malformed(
                Malformed::Kid,
                format!("`kid` is {}, not a string", other.type_name()),
            )),
        }
    }

    /// `typ`, if it is a string.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.get("typ").and_then(Value::as_str)
    }
}

/// Whether two `typ` values name one media type: letter case does not count, nor does a leading `application/`
/// (RFC 7515 section 4.1.9).
#[must_use]
pub fn same_typ(a: &str, b: &str) -> bool {
    let bare = |typ: &str| {
        let typ = typ.to_ascii_lowercase();
        match typ.strip_prefix("application/") {
            Some(rest) if !rest.contains('/') => rest.to_owned(),
            _ => typ,
        }
    };
    bare(a) == bare(b)
}

/// What a registered parameter is called, for people.
#[must_use]
pub fn parameter_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "algorithm",
        "typ" => "type",
        "cty" => "content type",
        "kid" => "key ID",
        "jku" => "URL of a key set",
        "jwk" => "key inside the token",
        "x5u" => "URL of a certificate",
        "x5c" => "certificate chain",
        "x5t" => "certificate SHA-1 thumbprint",
        "x5t#S256" => "certificate SHA-256 thumbprint",
        "crit" => "critical extensions",
        "b64" => "payload encoding",
        "enc" => "content encryption",
        "zip" => "compression",
        "epk" => "ephemeral public key",
        "apu" => "producer",
        "apv" => "recipient",
        "iv" => "initialization vector",
        "tag" => "authentication tag",
        "p2s" => "PBES2 salt",
        "p2c" => "PBES2 iterations",
        "iss" => "issuer (copy of the claim)",
        "sub" => "subject (copy of the claim)",
        "aud" => "audience (copy of the claim)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_alg_and_kid_only_as_strings() {
        let header = JoseHeader::parse(br#"{"alg":["HS256"],"kid":1}"#).unwrap();
        assert_eq!(header.alg().unwrap_err().reason, crate::core::reason::Reason::Malformed(Malformed::Alg));
        assert_eq!(header.kid().unwrap_err().reason, crate::core::reason::Reason::Malformed(Malformed::Kid));
        assert_eq!(JoseHeader::parse(b"{}").unwrap().kid(), Ok(None));
    }

    #[test]
    fn is_an_object_or_nothing() {
        for bytes in [&b""[..], b"[]", b"\"x\"", b"{} {}", b"\xff"] {
            assert!(JoseHeader::parse(bytes).is_err());
        }
    }

    #[test]
    fn compares_media_types_as_media_types() {
        assert!(same_typ("application/AT+JWT", "at+jwt"));
        assert!(!same_typ("at+jwt", "JWT"));
        assert!(!same_typ("application/a/b", "a/b"));
    }
}
