//! The JOSE header (RFC 7515 section 4). It keeps every parameter, known or not, in order.
//! A parameter of the wrong JSON type is an error; it is never converted.

use super::parameter::wrong_types;
use crate::core::json::{self, JsonErrorKind, Member, Value};
use crate::core::reason::{Failure, Malformed};
use std::borrow::Cow;

/// A parsed JOSE header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoseHeader<'a> {
    members: HeaderMembers<'a>,
    /// The first repeated name, as a JSON Pointer.
    duplicate: Option<Cow<'a, str>>,
    /// True if the form has no defect and no extension.
    is_plain: bool,
}

/// The members of a header: its own, or borrowed from a header that is kept for many tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HeaderMembers<'a> {
    Owned(Vec<Member<'a>>),
    Borrowed(&'a [Member<'a>]),
}

/// The parameters that carry a key or the URL of a key (RFC 7515 sections 4.1.2 to 4.1.6). They are shown, but never used
/// and never fetched: the sender of a token must not choose the key that verifies it.
pub const KEY_PARAMETERS: [&str; 4] = ["jku", "jwk", "x5c", "x5u"];

impl<'a> JoseHeader<'a> {
    /// Parses the decoded bytes of the first segment.
    ///
    /// # Errors
    /// Returns `header_json` if the bytes are not a JSON object, `too_deep` if they nest too deep.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Failure> {
        match json::parse(bytes) {
            Ok(Value::Object(members)) => Ok(Self::from_members(members)),
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

    /// Returns a header of these parameters.
    #[must_use]
    pub fn from_members(members: Vec<Member<'a>>) -> Self {
        let duplicate = json::first_duplicate(&members).map(Cow::Owned);
        let mut header = Self { members: HeaderMembers::Owned(members), duplicate, is_plain: false };
        header.is_plain =
            header.duplicate.is_none() && !header.has_extension() && header.flaws().next().is_none();
        header
    }

    /// Reports whether the form has no defect and demands no extension. It is found out once for all tokens with the same
    /// header. Half of the work around the payload of a plain token was to look for both.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Returns the defects of single parameters. A plain header has none, so they are looked for once a header.
    pub(super) fn flaws(&self) -> impl Iterator<Item = Failure> {
        self.alg().err().into_iter().chain(self.wrong_types())
    }

    /// Returns the registered parameters of the wrong JSON type, without `alg` (RFC 7515 section 5.2 step 4).
    pub(super) fn wrong_types(&self) -> impl Iterator<Item = Failure> {
        let members = if self.is_plain { &[] } else { self.members() };
        wrong_types(members).map(|wrong| wrong.failure(""))
    }

    /// Returns the parameters in order, including duplicates.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        match &self.members {
            HeaderMembers::Owned(members) => members,
            HeaderMembers::Borrowed(members) => members,
        }
    }

    /// Reports whether the header demands an extension, which may change the form and the meaning of the payload: `crit`
    /// (RFC 7515 section 4.1.11) or `b64` (RFC 7797). A JWT has none that is supported.
    #[must_use]
    pub fn has_extension(&self) -> bool {
        !self.is_plain && (self.get("crit").is_some() || self.get("b64").is_some())
    }

    /// Reports whether `b64` is false, so that the payload is not encoded (RFC 7797 section 3).
    #[must_use]
    pub fn is_unencoded(&self) -> bool {
        !self.is_plain && self.get("b64") == Some(&Value::Bool(false))
    }

    /// Returns the first name that an object repeats, as a JSON Pointer.
    #[must_use]
    pub fn duplicate(&self) -> Option<&str> {
        self.duplicate.as_deref()
    }

    /// Returns a header that borrows the members of this one, for another token with the same header.
    #[must_use]
    pub fn borrowed(&self) -> JoseHeader<'_> {
        JoseHeader {
            members: HeaderMembers::Borrowed(self.members()),
            duplicate: self.duplicate.as_deref().map(Cow::Borrowed),
            is_plain: self.is_plain,
        }
    }

    /// Returns the header with copies of the bytes that it borrows.
    #[must_use]
    pub fn into_owned(self) -> JoseHeader<'static> {
        let members = match self.members {
            HeaderMembers::Owned(members) => members,
            HeaderMembers::Borrowed(members) => members.to_vec(),
        };
        JoseHeader {
            members: HeaderMembers::Owned(members.into_iter().map(Member::into_owned).collect()),
            duplicate: self.duplicate.map(|name| Cow::Owned(name.into_owned())),
            is_plain: self.is_plain,
        }
    }

    /// Returns the first parameter with a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        json::find(self.members(), name)
    }

    /// Returns `alg`, which every JWS must have (RFC 7515 section 4.1.1).
    ///
    /// # Errors
    /// Returns `malformed:alg` if it is absent or not a string.
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

    /// Returns `kid`, the key ID, if the header has one. It is only compared: never a path, never a query.
    ///
    /// # Errors
    /// Returns `malformed:kid` if it is not a string (RFC 7515 section 4.1.4).
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

    /// Returns `typ`, the media type of the token, if it is a string.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.get("typ").and_then(Value::as_str)
    }
}

/// Reports whether two `typ` values name the same media type. Letter case and a leading `application/` do not matter
/// (RFC 7515 section 4.1.9).
#[must_use]
pub fn same_typ(a: &str, b: &str) -> bool {
    bare_typ(a).eq_ignore_ascii_case(bare_typ(b))
}

/// Returns a `typ` without a leading `application/`.
pub(super) fn bare_typ(typ: &str) -> &str {
    const PREFIX: &str = "application/";
    match typ.split_at_checked(PREFIX.len()) {
        Some((start, rest)) if start.eq_ignore_ascii_case(PREFIX) && !rest.contains('/') => rest,
        _ => typ,
    }
}

/// Returns the name of a registered parameter in words.
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
    fn rejects_alg_and_kid_that_are_not_strings() {
        let header = JoseHeader::parse(br#"{"alg":["HS256"],"kid":1}"#).unwrap();
        assert_eq!(header.alg().unwrap_err().reason, crate::core::reason::Reason::Malformed(Malformed::Alg));
        assert_eq!(header.kid().unwrap_err().reason, crate::core::reason::Reason::Malformed(Malformed::Kid));
        assert_eq!(JoseHeader::parse(b"{}").unwrap().kid(), Ok(None));
    }

    #[test]
    fn is_plain_without_a_defect_and_without_an_extension() {
        let is_plain = |json: &str| JoseHeader::parse(json.as_bytes()).unwrap().into_owned().is_plain();
        for json in [r#"{"alg":"HS256"}"#, r#"{"alg":"x","kid":"","typ":"1","jwk":{}}"#] {
            assert!(is_plain(json), "{json}");
        }
        for json in [
            "{}",
            r#"{"alg":1}"#,
            r#"{"alg":"HS256","kid":1}"#,
            r#"{"alg":"HS256","typ":1}"#,
            r#"{"alg":"HS256","x5c":[1]}"#,
            r#"{"alg":"HS256","crit":[]}"#,
            r#"{"alg":"HS256","b64":true}"#,
            r#"{"alg":"HS256","x":1,"x":1}"#,
            r#"{"alg":"HS256","x":{"a":1,"a":2}}"#,
        ] {
            assert!(!is_plain(json), "{json}");
        }
    }

    #[test]
    fn rejects_a_header_that_is_not_an_object() {
        for bytes in [&b""[..], b"[]", b"\"x\"", b"{} {}", b"\xff"] {
            assert!(JoseHeader::parse(bytes).is_err());
        }
    }

    #[test]
    fn tells_a_header_that_nests_too_deep_from_one_that_is_not_json() {
        let reason = |text: &str| JoseHeader::parse(text.as_bytes()).unwrap_err().reason.to_string();
        let deep = "[".repeat(json::MAX_DEPTH + 1);
        assert_eq!(reason(&format!(r#"{{"a":{deep}"#)), "malformed:too_deep");
        assert_eq!(reason(r#"{"a":["#), "malformed:header_json");
    }

    #[test]
    fn compares_typ_as_a_media_type() {
        assert!(same_typ("application/AT+JWT", "at+jwt"));
        assert!(!same_typ("at+jwt", "JWT"));
        assert!(!same_typ("application/a/b", "a/b"));
    }

    #[test]
    fn names_each_registered_parameter_in_words() {
        for (name, words) in [
            ("alg", "algorithm"),
            ("typ", "type"),
            ("cty", "content type"),
            ("kid", "key ID"),
            ("jku", "URL of a key set"),
            ("jwk", "key inside the token"),
            ("x5u", "URL of a certificate"),
            ("x5c", "certificate chain"),
            ("x5t", "certificate SHA-1 thumbprint"),
            ("x5t#S256", "certificate SHA-256 thumbprint"),
            ("crit", "critical extensions"),
            ("b64", "payload encoding"),
            ("enc", "content encryption"),
            ("zip", "compression"),
            ("epk", "ephemeral public key"),
            ("apu", "producer"),
            ("apv", "recipient"),
            ("iv", "initialization vector"),
            ("tag", "authentication tag"),
            ("p2s", "PBES2 salt"),
            ("p2c", "PBES2 iterations"),
            ("iss", "issuer (copy of the claim)"),
            ("sub", "subject (copy of the claim)"),
            ("aud", "audience (copy of the claim)"),
        ] {
            assert_eq!(parameter_name(name), Some(words), "{name}");
        }
        assert_eq!(parameter_name("x"), None);
    }

    #[test]
    fn tells_extensions_and_an_unencoded_payload() {
        for (json, has_extension, is_unencoded) in [
            (r#"{"alg":"HS256"}"#, false, false),
            (r#"{"alg":"HS256","crit":[]}"#, true, false),
            (r#"{"alg":"HS256","b64":true}"#, true, false),
            (r#"{"alg":"HS256","b64":false}"#, true, true),
            (r#"{"b64":false}"#, true, true),
            ("{}", false, false),
        ] {
            let header = JoseHeader::parse(json.as_bytes()).unwrap();
            assert_eq!(
                (header.has_extension(), header.is_unencoded()),
                (has_extension, is_unencoded),
                "{json}"
            );
            assert_eq!(header.borrowed().members(), header.members(), "{json}");
            assert_eq!(header.borrowed().has_extension(), has_extension, "{json}");
        }
    }
}
