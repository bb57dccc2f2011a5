//! The parts of an SD-JWT after the issuer's token (RFC 9901): disclosures and the key binding JWT. It compares digests
//! and verifies no signature. The caller gives the digest, since cryptography is a layer above.

use super::base64url;
use crate::core::json::{self, Value};
use std::collections::HashSet;

/// A digest function of SHA-256.
pub type Sha256 = fn(&[u8]) -> [u8; 32];

/// The disclosures and the key binding JWT of an SD-JWT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdJwt {
    /// The digest algorithm of `_sd_alg`.
    pub algorithm: String,
    /// The disclosures, in order.
    pub disclosures: Vec<Disclosure>,
    /// The number of digests without a disclosure: undisclosed claims, and decoys (RFC 9901 section 4.2.5), which look the
    /// same. `None` if the digest algorithm is not supported.
    pub other_digests: Option<usize>,
    /// The text of the key binding JWT.
    pub key_binding: Option<String>,
}

/// One disclosure.
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

impl SdJwt {
    /// Reads the disclosures of a token whose payload is `payload`.
    #[must_use]
    pub fn read(
        payload: &[json::Member<'_>],
        disclosures: &[String],
        key_binding: Option<&str>,
        sha256: Sha256,
    ) -> Self {
        // RFC 9901 section 4.1.1: without `_sd_alg` it is `sha-256`.
        let algorithm = match json::find(payload, "_sd_alg") {
            None => "sha-256",
            Some(value) => value.as_str().unwrap_or_default(),
        };
        let is_supported = algorithm == "sha-256";
        let mut signed = HashSet::new();
        payload.iter().for_each(|member| collect_member(member, &mut signed));
        let contents: Vec<_> = disclosures.iter().map(|disclosure| content(disclosure)).collect();
        let mut nested = HashSet::new();
        contents.iter().flatten().for_each(|disclosed| collect(&disclosed.value, &mut nested));
        let digest = |disclosure: &String| base64url::encode(&sha256(disclosure.as_bytes()));
        let digests: Vec<String> = disclosures.iter().filter(|_| is_supported).map(digest).collect();
        let known: HashSet<&str> = digests.iter().map(String::as_str).collect();
        let other = signed.union(&nested).filter(|digest| !known.contains(&***digest)).count();
        let place = |digest: Option<&String>| match digest {
            None => DigestPlace::NotChecked,
            Some(digest) if signed.contains(digest) => DigestPlace::Payload,
            Some(digest) if nested.contains(digest) => DigestPlace::Disclosure,
            Some(_) => DigestPlace::Nowhere,
        };
        let read = |(index, content)| {
            let digest = digests.get(index);
            Disclosure { content, digest: digest.cloned(), place: place(digest) }
        };
        Self {
            algorithm: algorithm.to_owned(),
            disclosures: contents.into_iter().enumerate().map(read).collect(),
            other_digests: is_supported.then_some(other),
            key_binding: key_binding.map(str::to_owned),
        }
    }
}

/// Reads one disclosure: a salt, a name unless it is for an array, and a value (RFC 9901 section 4.2).
fn content(disclosure: &str) -> Result<Disclosed, &'static str> {
    let bytes = base64url::decode(disclosure).map_err(|_| "not Base64url")?;
    let Ok(Value::Array(items)) = json::parse(&bytes).map(Value::into_owned) else {
        return Err("not a JSON array");
    };
    let mut items = items.into_iter();
    match (items.next(), items.next(), items.next(), items.next()) {
        (Some(Value::String(_)), Some(value), None, None) => Ok(Disclosed { name: None, value }),
        (Some(Value::String(_)), Some(Value::String(name)), Some(value), None) => {
            Ok(Disclosed { name: Some(name.into_owned()), value })
        }
        _ => Err("not an array of a salt, a name and a value"),
    }
}

/// Adds the digests in a value, at any depth.
fn collect(value: &Value<'_>, digests: &mut HashSet<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|member| collect_member(member, digests)),
        Value::Array(items) => {
            for item in items {
                match item.members() {
                    // An element of an array that is disclosed separately.
                    [json::Member { name, value: Value::String(digest) }] if name == "..." => {
                        digests.insert(digest.to_string());
                    }
                    _ => collect(item, digests),
                }
            }
        }
        _ => {}
    }
}

fn collect_member(member: &json::Member<'_>, digests: &mut HashSet<String>) {
    match &member.value {
        Value::Array(items) if member.name == "_sd" => {
            digests.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        value => collect(value, digests),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::digest::sha256;

    /// The disclosures of RFC 9901 section 4.2: `family_name`, and an element of `nationalities`.
    const FAMILY_NAME: &str = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0";
    const FRANCE: &str = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";

    fn read(payload: &str, disclosures: &[&str], key_binding: Option<&str>) -> SdJwt {
        let payload = json::parse(payload.as_bytes()).unwrap();
        let disclosures: Vec<String> = disclosures.iter().map(|&text| text.to_owned()).collect();
        SdJwt::read(payload.members(), &disclosures, key_binding, sha256)
    }

    #[test]
    fn reads_the_examples_of_the_specification() {
        let payload = r#"{"_sd":["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0","decoy"],"_sd_alg":"sha-256",
            "nationalities":[{"...":"w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"},{"...":"hidden"}]}"#;
        let sd_jwt = read(payload, &[FAMILY_NAME, FRANCE], Some("kb"));
        let [family_name, france] = &sd_jwt.disclosures[..] else { panic!("{sd_jwt:?}") };
        let name = Some("family_name".to_owned());
        assert_eq!(family_name.content, Ok(Disclosed { name, value: Value::string("Möbius") }));
        assert_eq!(family_name.digest.as_deref(), Some("X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"));
        assert_eq!(france.content, Ok(Disclosed { name: None, value: Value::string("FR") }));
        assert_eq!([family_name.place, france.place], [DigestPlace::Payload; 2]);
        assert_eq!((sd_jwt.other_digests, sd_jwt.key_binding.as_deref()), (Some(2), Some("kb")));
    }

    #[test]
    fn finds_disclosures_inside_disclosures_and_those_without_a_digest() {
        let inner = FAMILY_NAME;
        let outer = base64url::encode(
            r#"["salt","address",{"_sd":["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"]}]"#.as_bytes(),
        );
        let digest = base64url::encode(&sha256(outer.as_bytes()));
        let places = |payload: &str, disclosures: &[&str]| -> Vec<DigestPlace> {
            read(payload, disclosures, None).disclosures.iter().map(|one| one.place).collect()
        };
        let signed = format!(r#"{{"a":{{"_sd":["{digest}"]}}}}"#);
        assert_eq!(places(&signed, &[&outer, inner]), [DigestPlace::Payload, DigestPlace::Disclosure]);
        assert_eq!(places("{}", &[inner]), [DigestPlace::Nowhere]);
        assert_eq!(places(r#"{"_sd_alg":"sha-512"}"#, &[inner]), [DigestPlace::NotChecked]);
        assert_eq!(read(r#"{"_sd_alg":"sha-512","_sd":["x"]}"#, &[inner], None).other_digests, None);
    }

    #[test]
    fn says_why_a_disclosure_cannot_be_read() {
        let encode = |text: &str| base64url::encode(text.as_bytes());
        for (disclosure, fault) in [
            ("+".to_owned(), "not Base64url"),
            (encode("{}"), "not a JSON array"),
            (encode("[1"), "not a JSON array"),
            (encode(r#"["salt"]"#), "not an array of a salt, a name and a value"),
            (encode(r#"["salt",1,2]"#), "not an array of a salt, a name and a value"),
            (encode(r#"["a","b","c","d"]"#), "not an array of a salt, a name and a value"),
        ] {
            let read = read("{}", &[&disclosure], None);
            assert_eq!(read.disclosures[0].content, Err(fault), "{disclosure}");
        }
    }
}
