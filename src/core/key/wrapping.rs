//! Wrappings of keys: encodings, written-out line breaks, and the JSON of other products. It turns a wrapped text into the
//! plain text of a key, and parses no key itself. It runs only on files that have no plain form.

use super::provider;
use super::secret::{Secret, SecretFormat};
use crate::core::json::{self, Value};
use crate::core::text::utf16;
use crate::core::token::algorithm::{Algorithm, Curve};
use crate::core::token::base64url;
use std::cell::OnceCell;

/// The content of a wrapping.
pub(super) enum Unwrapped {
    /// The text of a key file.
    File(Secret),
    /// A raw asymmetric key, written as a JWK.
    RawKey(Secret),
    /// An HMAC secret, written as a JWK.
    HmacSecret(Secret),
    /// The text of one key, its key ID, and its only algorithm.
    Member { text: Secret, kid: Option<String>, alg: Option<Algorithm> },
    /// The texts of the keys of a set, with their key IDs.
    Map(Vec<(String, Secret)>),
}

/// A text that may be wrapped. Its JSON is parsed once, for all wrappings that are JSON.
pub(super) struct WrappedText<'t> {
    text: &'t [u8],
    json: OnceCell<Option<Value<'t>>>,
    is_holder: OnceCell<bool>,
}

impl<'t> WrappedText<'t> {
    /// Takes a text without white space around it.
    pub(super) const fn new(text: &'t [u8]) -> Self {
        Self { text, json: OnceCell::new(), is_holder: OnceCell::new() }
    }

    /// Returns the text.
    pub(super) const fn text(&self) -> &'t [u8] {
        self.text
    }

    /// Returns the JSON of the text, if it is an object, an array or a string.
    pub(super) fn json(&self) -> Option<&Value<'t>> {
        let parse =
            || matches!(self.text.first(), Some(b'{' | b'[' | b'"')).then(|| json::parse(self.text).ok());
        self.json.get_or_init(|| parse().flatten()).as_ref()
    }

    /// Returns the JSON object of the text, if it is neither a JWK nor a JWK Set and has no duplicate names.
    fn object(&self) -> Option<&Value<'t>> {
        let value = self.json().filter(|value| matches!(value, Value::Object(_)))?;
        let is_holder = || {
            let is_jwk = value.get("kty").is_some() || value.get("keys").is_some();
            !is_jwk && value.first_duplicate().is_none()
        };
        self.is_holder.get_or_init(is_holder).then_some(value)
    }
}

/// A function that removes one wrapping, or returns `None` for a text without it.
pub(super) type Unwrap = fn(&WrappedText<'_>) -> Option<Unwrapped>;

/// Each wrapping, in the order in which they are tried.
pub(super) const WRAPPINGS: [(&str, Unwrap); 13] = [
    ("UTF-16", utf_16),
    ("an HTTP response with its head", http_response),
    ("a JSON string", json_string),
    ("line breaks of a PEM written out", written_breaks),
    ("a JSON array of JWKs", array),
    ("a secret of Hasura", hasura_secret),
    ("a pair of raw P-256 keys (VAPID)", raw_pair),
    ("a JWK Set in a JSON object", inner_set),
    ("a member of a JSON object", member),
    ("a JSON object of key IDs", map),
    ("a raw P-256 point (VAPID)", raw_point),
    ("a raw Ed25519 key, seed and public half", raw_ed25519),
    ("Base64", base64),
];

/// The members of JSON objects that hold the text of a key, the private half first.
const MEMBERS: [&str; 11] = [
    "private_key",
    "privateKey",
    "key",
    "pem",
    "jwk",
    "public_key",
    "publicKey",
    "PublicKey", // AWS KMS
    "certificate",
    "cert",
    "x509",
];

/// The members of JSON objects that hold the key ID of the key beside them.
const KID_MEMBERS: [&str; 4] = ["private_key_id", "keyId", "kid", "privateKeyId"];

fn utf_16(given: &WrappedText<'_>) -> Option<Unwrapped> {
    utf16::decoded(given.text).map(|plain| Unwrapped::File(Secret::new(plain.into_bytes())))
}

/// Rebuilds the blocks of a PEM whose line breaks were written as `\n`, `\r\n`, `\\n`, `/n` or, if the backslash was
/// lost, as `n`.
fn written_breaks(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let mut rest = std::str::from_utf8(given.text).ok().filter(|text| !text.starts_with(['{', '[']))?;
    // A block grows by at most its own length, so the text never moves in memory and leaves no copies behind.
    let mut pem = Vec::with_capacity(2 * given.text.len());
    while let Some((_, block)) = rest.split_once("-----BEGIN ") {
        let (label, block) = block.split_once("-----")?;
        let (body, tail) = block.split_once("-----END ")?;
        let body = without_breaks(body)?;
        for part in [&b"-----BEGIN "[..], label.as_bytes(), b"-----\n", body.expose()] {
            pem.extend_from_slice(part);
        }
        for part in [&b"\n-----END "[..], label.as_bytes(), b"-----\n"] {
            pem.extend_from_slice(part);
        }
        rest = tail;
    }
    (!pem.is_empty()).then(|| Unwrapped::File(Secret::new(pem)))
}

fn without_breaks(body: &str) -> Option<Secret> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let mut plain = Vec::with_capacity(body.len());
    let mut bytes = body.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if byte == b'\\' {
            while bytes.next_if_eq(&b'\\').is_some() {}
            bytes.next_if(|byte| matches!(byte, b'n' | b'r' | b't'));
        } else if !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'\'' | b',') {
            plain.push(byte);
        }
    }
    let plain = Secret::new(plain);
    let text = std::str::from_utf8(plain.expose()).ok()?;
    let between_lines = ["/r/n", "/n", "rn", "n"].iter().find_map(|separator| {
        let lines = text.strip_prefix(separator)?.strip_suffix(separator)?;
        [64, 76].iter().find_map(|width| joined_lines(lines, separator, *width))
    });
    let plain = between_lines.unwrap_or_else(|| plain.clone());
    plain.expose().iter().all(|byte| is_base64(*byte)).then_some(plain)
}

/// Removes a separator that stands after each line of this width. The separator may consist of Base64 characters.
fn joined_lines(text: &str, separator: &str, width: usize) -> Option<Secret> {
    let mut joined = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        let (line, tail) = rest.split_at_checked(width)?;
        joined.extend_from_slice(line.as_bytes());
        rest = tail.strip_prefix(separator)?;
    }
    joined.extend_from_slice(rest.as_bytes());
    Some(Secret::new(joined))
}

/// Returns the body of an HTTP response, as `curl -i` prints it. With `-L`, the heads of redirects stand before the last one.
fn http_response(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let mut text = std::str::from_utf8(given.text).ok().filter(|text| text.starts_with("HTTP/"))?;
    while text.starts_with("HTTP/") {
        let end = |mark: &str| text.find(mark).map(|at| at + mark.len());
        let body = [end("\r\n\r\n"), end("\n\n")].into_iter().flatten().min()?;
        text = text.get(body..)?;
    }
    Some(Unwrapped::File(Secret::new(text.as_bytes().to_vec())))
}

fn json_string(given: &WrappedText<'_>) -> Option<Unwrapped> {
    match given.json()? {
        Value::String(inner) => Some(Unwrapped::File(Secret::new(inner.as_bytes().to_vec()))),
        _ => None,
    }
}

fn array(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let Value::Array(members) = given.json()? else { return None };
    let has_key = members.iter().any(|member| ["kty", "x5c"].iter().any(|name| member.get(name).is_some()));
    has_key.then(|| Unwrapped::File(Secret::new([b"{\"keys\":", given.text, b"}"].concat())))
}

/// Unwraps the HMAC secret of a Hasura `HASURA_GRAPHQL_JWT_SECRET`: `{"type":"HS256","key":"…"}`.
fn hasura_secret(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let value = given.object()?;
    let alg: Algorithm = value.get("type")?.as_str()?.parse().ok()?;
    alg.mac_bytes()?;
    let key = base64url::encode(value.get("key")?.as_str()?.as_bytes());
    Some(Unwrapped::HmacSecret(jwk(&[("kty", "oct"), ("k", &key), ("alg", alg.name())])))
}

/// Unwraps the only JWK Set among the members of a JSON object, such as `jwks` in the metadata of a client.
fn inner_set(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let is_set = |value: &&Value<'_>| matches!(value.get("keys"), Some(Value::Array(_)));
    let mut sets = given.object()?.members().iter().map(|member| &member.value).filter(is_set);
    let set = sets.next().filter(|_| sets.next().is_none())?;
    Some(Unwrapped::File(Secret::new(set.to_string().into_bytes())))
}

fn member(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let value = given.object()?;
    let text = MEMBERS.iter().find_map(|name| match value.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.as_bytes().to_vec()),
        value @ Value::Object(_) => Some(value.to_string().into_bytes()),
        _ => None,
    })?;
    let named = |name: &&str| value.get(name)?.as_str().filter(|kid| !kid.is_empty());
    let alg = value.get("type").or_else(|| value.get("alg")).and_then(Value::as_str);
    Some(Unwrapped::Member {
        text: Secret::new(text),
        kid: KID_MEMBERS.iter().find_map(named).map(str::to_owned),
        alg: alg.and_then(|alg| alg.parse().ok()),
    })
}

/// Unwraps a map of key IDs to PEMs, certificates or JWKs, as Google and Firebase publish them.
fn map(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let value = given.object()?;
    let keys = value.members().iter().filter_map(|member| match &member.value {
        Value::String(text) if text.contains("BEGIN ") => {
            Some((member.name.to_string(), Secret::new(text.as_bytes().to_vec())))
        }
        key @ Value::Object(_) if key.get("kty").is_some() => {
            Some((member.name.to_string(), Secret::new(key.to_string().into_bytes())))
        }
        _ => None,
    });
    let keys: Vec<_> = keys.collect();
    (!keys.is_empty()).then_some(Unwrapped::Map(keys))
}

fn raw_pair(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let value = given.object()?;
    let bytes = |names: [&str; 2]| {
        let text = names.iter().find_map(|name| value.get(name)?.as_str())?;
        SecretFormat::Base64.read(text.as_bytes()).ok()
    };
    let (public, private) = (bytes(["publicKey", "public_key"])?, bytes(["privateKey", "private_key"])?);
    let scalar = base64url::encode(private.expose());
    let (x, y) = point(public.expose())?;
    let members = [("kty", "EC"), ("crv", "P-256"), ("x", &*x), ("y", &*y), ("d", &*scalar)];
    Some(Unwrapped::RawKey(jwk(&members)))
}

fn raw_point(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let (x, y) = point(SecretFormat::Base64.read(given.text).ok()?.expose())?;
    Some(Unwrapped::RawKey(jwk(&[("kty", "EC"), ("crv", "P-256"), ("x", &x), ("y", &y)])))
}

/// Returns the coordinates of an uncompressed point that is on P-256, as Base64url.
fn point(bytes: &[u8]) -> Option<(String, String)> {
    let (x, y) = is_p256_point(bytes).then(|| provider::coordinates(Curve::P256, bytes)).flatten()?;
    Some((base64url::encode(&x), base64url::encode(&y)))
}

/// Reports whether the bytes are an uncompressed point that is on P-256.
pub(super) fn is_p256_point(bytes: &[u8]) -> bool {
    bytes.len() == 65 && bytes.starts_with(&[4]) && provider::is_on_curve(Curve::P256, bytes)
}

/// Unwraps the 64 bytes of an Ed25519 key whose second half is the public half of the first.
fn raw_ed25519(given: &WrappedText<'_>) -> Option<Unwrapped> {
    let bytes = SecretFormat::Base64.read(given.text).ok()?;
    let (seed, public) = bytes.expose().split_at_checked(32).filter(|(_, public)| public.len() == 32)?;
    let derived = provider::ed25519_public(&Secret::new(seed.to_vec()))?;
    let (seed, x) = (base64url::encode(seed), base64url::encode(public));
    let members = [("kty", "OKP"), ("crv", "Ed25519"), ("x", &*x), ("d", &*seed)];
    (derived == public).then(|| Unwrapped::RawKey(jwk(&members)))
}

fn base64(given: &WrappedText<'_>) -> Option<Unwrapped> {
    SecretFormat::Base64.read(given.text).ok().map(Unwrapped::File)
}

/// Writes the text of a JWK.
fn jwk(members: &[(&'static str, &str)]) -> Secret {
    let members =
        members.iter().map(|(name, text)| json::Member::new(*name, Value::string((*text).to_owned())));
    Secret::new(Value::Object(members.collect()).to_string().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::KeyUse;
    use crate::core::key::file::{self, KeyFileContent, PickedKey};
    use crate::core::key::jwk::thumbprint;

    const BODY: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    fn pem() -> String {
        format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n")
    }

    fn print(file: &[u8]) -> Option<String> {
        let key = match file::read(file, "a test").ok()? {
            KeyFileContent::Ring(ring) => ring.keys().first()?.clone(),
            KeyFileContent::Documents(documents) => match file::pick(documents, KeyUse::Verify, "a test")? {
                PickedKey::Key(key) => *key,
                PickedKey::Encrypted(_) => return None,
            },
        };
        thumbprint(&key)
    }

    #[test]
    fn reads_the_same_key_in_every_wrapping() {
        let plain = print(pem().as_bytes()).unwrap();
        let encode = |text: &str| format!("{}\n", base64url::encode(text.as_bytes()));
        let utf_16: Vec<u8> = pem().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let quoted = Value::string(pem()).to_string();
        for file in [
            pem().replace('\n', "\\n").into_bytes(),
            pem().replace('\n', "\\r\\n").into_bytes(),
            pem().replace('\n', "\\\\n").into_bytes(),
            pem().replace('\n', "/n").into_bytes(),
            pem().replace('\n', "n").into_bytes(),
            encode(&pem()).into_bytes(),
            encode(&encode(&pem())).into_bytes(),
            encode(&format!("{{\"private_key\":{quoted}}}")).into_bytes(),
            utf_16,
            quoted.clone().into_bytes(),
            format!("{{\"type\":\"EdDSA\",\"key\":{quoted}}}").into_bytes(),
            format!("{{\"a1\":{quoted}}}").into_bytes(),
            pem().lines().map(|line| format!("\"{line}\",\n")).collect::<String>().into_bytes(),
            format!("{{\"KeyId\":\"arn:aws:kms:x\",\"PublicKey\":\"{BODY}\"}}").into_bytes(),
        ] {
            assert_eq!(print(&file).as_ref(), Some(&plain), "{}", String::from_utf8_lossy(&file));
        }
    }

    #[test]
    fn reads_the_set_in_an_object_and_in_a_response() {
        let set = |x: &str| format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"a"}}]}}"#);
        let set = set("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        let plain = print(set.as_bytes());
        assert!(plain.is_some());
        for file in [
            format!("{{\"jwks\":{set}}}"),
            format!("{{\"client_id\":\"a\",\"jwks\":{set}}}"),
            format!("HTTP/2 200\r\ncontent-type: application/json\r\n\r\n{set}"),
            format!("HTTP/1.1 302 Found\nLocation: /b\n\nHTTP/1.1 200 OK\nDate: x\n\n{set}\n"),
            format!("HTTP/1.1 200 OK\r\n\r\n{{\"jwks\":{set}}}"),
        ] {
            assert_eq!(print(file.as_bytes()), plain, "{file}");
        }
        // Which of two sets is meant is not known.
        assert_eq!(print(format!("{{\"a\":{set},\"b\":{set}}}").as_bytes()), None);
    }

    #[test]
    fn removes_three_layers_at_most() {
        let mut text = pem();
        for _ in 0..4 {
            text = base64url::encode(text.as_bytes());
        }
        assert_eq!(print(text.as_bytes()), None);
    }

    #[test]
    fn a_service_account_names_its_key() {
        let quoted = Value::string(pem()).to_string();
        let file = format!("{{\"private_key_id\":\"k7\",\"private_key\":{quoted}}}");
        let Ok(KeyFileContent::Ring(ring)) = file::read(file.as_bytes(), "a test") else { panic!("no ring") };
        assert_eq!(ring.only().unwrap().kid.as_deref(), Some("k7"));
    }

    #[test]
    fn joins_lines_of_one_width() {
        let joined = |text: &str| {
            let joined = joined_lines(text, "n", 4)?;
            Some(String::from_utf8(joined.expose().to_vec()).unwrap())
        };
        for (text, expected) in [
            ("abcdnefghnij", Some("abcdefghij")),
            ("abcdnefgh", Some("abcdefgh")),
            ("abcd", Some("abcd")),
            ("abc", Some("abc")),
            ("abcdn", Some("abcd")),
            ("abcde", None),
            ("abcnefgh", None),
            ("", Some("")),
        ] {
            assert_eq!(joined(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn recognizes_an_uncompressed_point_of_p256() {
        let [x, y] =
            ["axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"]
                .map(|text| base64url::decode(text).unwrap());
        let mut bytes = [&[4], &x[..], &y].concat();
        assert!(is_p256_point(&bytes));
        assert_eq!(point(&bytes), Some((base64url::encode(&x), base64url::encode(&y))));
        assert!(!is_p256_point(&bytes[..64]));
        assert!(!is_p256_point(&[&bytes[..], &[0]].concat()));
        assert!(!is_p256_point(&[&[3], &x[..]].concat()));
        bytes[64] ^= 1;
        assert!(!is_p256_point(&bytes));
        assert_eq!(point(&bytes), None);
    }

    #[test]
    fn looks_into_objects_that_are_no_keys_and_repeat_no_name() {
        for (text, is_holder) in [
            (r#"{"a":1}"#, true),
            (r#"{"kty":"oct"}"#, false),
            (r#"{"keys":[]}"#, false),
            (r#"{"a":1,"a":2}"#, false),
            (r#"{"a":{"b":1,"b":2}}"#, false),
            ("[1]", false),
            ("a", false),
        ] {
            assert_eq!(WrappedText::new(text.as_bytes()).object().is_some(), is_holder, "{text}");
        }
    }

    #[test]
    fn unwraps_a_map_of_pems_and_jwks() {
        let names = |text: &str| match map(&WrappedText::new(text.as_bytes())) {
            Some(Unwrapped::Map(keys)) => keys.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        };
        assert_eq!(names(r#"{"a":"-----BEGIN X","b":{"kty":"oct"},"c":{"x":1},"d":"x","e":1}"#), ["a", "b"]);
        assert_eq!(names(r#"{"c":{"x":1},"d":"x"}"#), [""; 0]);
    }

    #[test]
    fn takes_the_key_of_the_first_member_that_is_not_empty() {
        let quoted = Value::string(pem()).to_string();
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        for file in [
            format!(r#"{{"kid":"k7","private_key":"","public_key":{quoted}}}"#),
            format!(r#"{{"kid":"k7","private_key":null,"jwk":{jwk}}}"#),
        ] {
            let Ok(KeyFileContent::Ring(ring)) = file::read(file.as_bytes(), "a test") else {
                panic!("{file}")
            };
            assert_eq!(ring.only().and_then(|key| key.kid.as_deref()), Some("k7"), "{file}");
        }
    }
}
