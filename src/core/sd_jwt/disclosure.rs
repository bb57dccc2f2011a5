//! One disclosure (RFC 9901 section 4.2): a salt, a name unless it is for an array, and a value.

use crate::core::json::{self, Value};
use crate::core::token::base64url;

/// One disclosure of an SD-JWT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    /// The content, or why it cannot be read.
    pub content: Result<Disclosed, &'static str>,
    /// The digest, if its algorithm is supported.
    pub digest: Option<String>,
    /// Where the digest is.
    pub place: DigestPlace,
}

/// The content of a disclosure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    /// The name of the claim, or `None` for an element of an array.
    pub name: Option<String>,
    /// The value.
    pub value: Value<'static>,
}

/// The place of the digest of a disclosure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestPlace {
    /// In the payload of the issuer's token.
    Payload,
    /// In the value of another disclosure.
    Disclosure,
    /// In neither, so the issuer did not sign the disclosure.
    Nowhere,
    /// Not looked for, because the digest algorithm is not supported.
    NotChecked,
}

impl DigestPlace {
    /// Every place.
    pub const ALL: [Self; 4] = [Self::Payload, Self::Disclosure, Self::Nowhere, Self::NotChecked];

    /// Returns the name used in JSON reports.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Payload => Some("payload"),
            Self::Disclosure => Some("disclosure"),
            Self::Nowhere => Some("nowhere"),
            Self::NotChecked => None,
        }
    }
}

/// Reads the content of one disclosure.
pub(super) fn content(disclosure: &str) -> Result<Disclosed, &'static str> {
    let bytes = base64url::decode(disclosure).map_err(|_| "not Base64url")?;
    let Ok(Value::Array(items)) = json::parse(&bytes).map(Value::into_owned) else {
        return Err("not a JSON array");
    };
    if items.iter().any(|item| item.first_duplicate().is_some()) {
        return Err("an object in it has a name more than once");
    }
    let mut items = items.into_iter();
    match (items.next(), items.next(), items.next(), items.next()) {
        (Some(Value::String(_)), Some(value), None, None) => Ok(Disclosed { name: None, value }),
        (Some(Value::String(_)), Some(Value::String(name)), Some(value), None) => {
            Ok(Disclosed { name: Some(name.into_owned()), value })
        }
        _ => Err("not an array of a salt, a name and a value"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_why_a_disclosure_cannot_be_read() {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        for (disclosure, fault) in [
            ("+".to_owned(), "not Base64url"),
            (encode("{}"), "not a JSON array"),
            (encode("[1"), "not a JSON array"),
            (encode(r#"["salt"]"#), "not an array of a salt, a name and a value"),
            (encode(r#"["salt",1,2]"#), "not an array of a salt, a name and a value"),
            (encode(r#"[1,"name",2]"#), "not an array of a salt, a name and a value"),
            (encode(r#"["a","b","c","d"]"#), "not an array of a salt, a name and a value"),
            (encode(r#"["a","b",{"c":{"d":1,"d":2}}]"#), "an object in it has a name more than once"),
        ] {
            assert_eq!(content(&disclosure), Err(fault), "{disclosure}");
        }
    }

    #[test]
    fn names_every_place_of_a_digest() {
        assert_eq!(
            DigestPlace::ALL.map(DigestPlace::name),
            [Some("payload"), Some("disclosure"), Some("nowhere"), None]
        );
    }
}
