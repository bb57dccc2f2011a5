//! Recognizes a PEM, JWK, SSH or DER key where an HMAC secret belongs. An attacker can sign tokens with the text of a
//! public key as HMAC secret, so such a secret is refused before any token is read (RFC 8725 section 2.1).

use super::der::shape::is_key_like;
use super::provider;
use super::readings;
use super::secret::{Secret, SecretFormat};
use super::wrapping::{Unwrap, Unwrapped, WRAPPINGS, WrappedText, is_p256_point};
use crate::core::json::Value;
use crate::core::token::algorithm::{Curve, KeyType};

/// The most wrappings around a key. `--key` takes off as many.
const MAX_LAYERS: usize = 3;

/// The length of the shortest text that is unwrapped, unless it is JSON. No public key in a wrapping is shorter, but the
/// Base64 text of 32 random bytes is, so that such a secret costs next to nothing.
const SHORTEST_WRAPPED: usize = 45;

/// Returns the kind of key that the bytes contain, or `None` if they may be a secret. A key counts in every wrapping from
/// which `--key` would take it.
#[must_use]
pub fn key_in(secret: &[u8]) -> Option<&'static str> {
    key_in_layers(secret, MAX_LAYERS).or_else(|| readings::key_in(secret))
}

fn key_in_layers(secret: &[u8], layers: usize) -> Option<&'static str> {
    let text = WrappedText::new(text_of(secret));
    plain_key(secret, &text).or_else(|| wrapped_key(secret, &text, layers))
}

fn text_of(secret: &[u8]) -> &[u8] {
    secret.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(secret).trim_ascii()
}

/// Recognizes a key without a wrapping.
fn plain_key(secret: &[u8], given: &WrappedText<'_>) -> Option<&'static str> {
    let trimmed = given.text();
    let is_der = |bytes: &[u8]| bytes.starts_with(&[0x30]) && is_key_like(bytes);
    if is_pem(trimmed) {
        Some("a PEM key")
    } else if is_ssh(trimmed) {
        Some("an SSH key")
    } else if is_jwk(given) {
        Some("a JSON Web Key")
    } else if is_der(secret) || is_der(trimmed) {
        Some("a DER key")
    } else if pem_body(trimmed).is_some_and(|der| is_key_like(der.expose())) {
        Some("the body of a PEM key")
    } else {
        point(secret)
    }
}

/// Recognizes a key inside at most `layers` wrappings: those that `--key` takes off, hexadecimal digits and quotes.
fn wrapped_key(secret: &[u8], given: &WrappedText<'_>, layers: usize) -> Option<&'static str> {
    let text = given.text();
    let is_json = matches!(text.first(), Some(b'{' | b'[' | b'"'));
    let layers = layers.checked_sub(1).filter(|_| is_json || secret.len() >= SHORTEST_WRAPPED)?;
    let inner = |text: &[u8]| key_in_layers(text, layers);
    let inside = |(name, unwrap): &(&'static str, Unwrap)| match unwrap(given)? {
        Unwrapped::File(text) | Unwrapped::Member { text, .. } => inner(text.expose()),
        Unwrapped::Map(members) => members.iter().find_map(|(_, text)| inner(text.expose())),
        Unwrapped::RawKey(_) => Some(*name),
        Unwrapped::HmacSecret(_) => None,
    };
    let quoted = || inner(text.strip_prefix(b"'")?.strip_suffix(b"'")?);
    let in_hex = || inner(SecretFormat::Hex.read(text).ok()?.expose());
    let in_json = || key_in_value(given.json().filter(|value| value.as_str().is_none())?, layers);
    let kind = WRAPPINGS.iter().find_map(inside).or_else(quoted).or_else(in_json).or_else(in_hex)?;
    if is_json {
        return Some(kind);
    }
    Some(match kind {
        "a PEM key" => "an encoded PEM key",
        "a JSON Web Key" => "an encoded JSON Web Key",
        "a DER key" => "an encoded DER key",
        kind if WRAPPINGS.iter().any(|(name, _)| *name == kind) => kind,
        _ => "an encoded key",
    })
}

/// Recognizes a key in a JSON value, at any depth.
fn key_in_value(value: &Value<'_>, layers: usize) -> Option<&'static str> {
    match value {
        Value::String(text) => key_in_layers(text.as_bytes(), layers),
        Value::Array(items) => items.iter().find_map(|item| key_in_value(item, layers)),
        Value::Object(_) if has_key_type(value) => Some("a JSON Web Key"),
        Value::Object(members) => members.iter().find_map(|member| key_in_value(&member.value, layers)),
        _ => None,
    }
}

/// Reports whether a text holds the BEGIN line of a key, also with too few hyphens or in UTF-16.
fn is_pem(text: &[u8]) -> bool {
    const LINES: [&[u8]; 5] = [
        b"---- BEGIN SSH2",
        b"BEGIN PUBLIC KEY",
        b"BEGIN RSA PUBLIC KEY",
        b"BEGIN PRIVATE KEY",
        b"BEGIN CERTIFICATE",
    ];
    let has_line = |text: &[u8]| {
        contains(text, b"BEGIN ") && (LINES.iter().any(|line| contains(text, line)) || has_key_label(text))
    };
    let without_zeros = || text.iter().copied().filter(|byte| *byte != 0).collect::<Vec<u8>>();
    has_line(text) || (text.contains(&0) && has_line(&without_zeros()))
}

/// Reports whether a BEGIN line with a hyphen names what belongs to a public key. Other blocks, such as a static key of OpenVPN,
/// are secrets.
fn has_key_label(text: &[u8]) -> bool {
    const BEGIN: &[u8] = b"-BEGIN ";
    const WORDS: [&[u8]; 6] = [b"KEY", b"CERTIFICATE", b"PKCS", b"CMS", b"PARAMETERS", b"PGP"];
    text.windows(BEGIN.len()).enumerate().filter(|(_, window)| *window == BEGIN).any(|(at, _)| {
        let label = text.get(at + BEGIN.len()..).unwrap_or_default();
        let label = label.split(|byte| matches!(byte, b'-' | b'\n' | b'\r')).next().unwrap_or_default();
        WORDS.iter().any(|word| contains(label, word)) && !contains(label, b"STATIC KEY")
    })
}

/// Reports whether a text is the Base64 body of a PEM key, without its BEGIN and END lines.
#[must_use]
pub fn is_key_body(text: &str) -> bool {
    pem_body(text.trim().as_bytes()).is_some_and(|der| is_key_like(der.expose()))
}

/// Recognizes an uncompressed point that is on a curve. A random secret is not.
fn point(bytes: &[u8]) -> Option<&'static str> {
    if is_p256_point(bytes) {
        return Some("a raw P-256 point");
    }
    let is_point =
        |curve: &Curve| bytes.len() == 1 + 2 * curve.bytes() && provider::is_on_curve(*curve, bytes);
    let is_uncompressed = bytes.starts_with(&[4]);
    (is_uncompressed && Curve::ALL.iter().any(is_point)).then_some("a raw curve point")
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn is_ssh(text: &[u8]) -> bool {
    [&b"ssh-rsa "[..], b"ssh-ed25519 ", b"ssh-dss ", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
}

fn is_jwk(given: &WrappedText<'_>) -> bool {
    given.json().is_some_and(|value| {
        has_key_type(value)
            || matches!(value.get("keys"), Some(Value::Array(keys)) if keys.is_empty() || keys.iter().any(has_key_type))
    })
}

/// Reports whether a JSON value has a `kty` that is registered (RFC 7518 section 6.1).
fn has_key_type(value: &Value<'_>) -> bool {
    value.get("kty").and_then(Value::as_str).and_then(KeyType::from_name).is_some()
}

/// Decodes the Base64 body of a PEM without its BEGIN and END lines, in either alphabet.
pub(super) fn pem_body(text: &[u8]) -> Option<Secret> {
    // DER begins with a SEQUENCE, whose first character in Base64 is M.
    text.trim_ascii_start().starts_with(b"M").then(|| SecretFormat::Base64.read(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::material::Material;
    use crate::core::text::hex::hex;
    use crate::core::token::algorithm::Algorithm;
    use crate::core::token::base64url;
    use base64::Engine as _;

    // The base point of P-256, uncompressed.
    const POINT: &str =
        "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";

    // The Ed25519 public key of RFC 8410 section 10.1.
    const BODY: &str = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    fn der() -> Vec<u8> {
        SecretFormat::Base64.read(BODY.as_bytes()).unwrap().expose().to_vec()
    }

    #[test]
    fn recognizes_keys_in_every_encoding() {
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n");
        for (secret, kind) in [
            (pem.clone().into_bytes(), "a PEM key"),
            (format!("\u{feff}  \r\n{}", pem.replace('\n', "\r\n")).into_bytes(), "a PEM key"),
            (der(), "a DER key"),
            (BODY.into(), "the body of a PEM key"),
            (BODY.trim_end_matches('=').into(), "the body of a PEM key"),
            (BODY.replace('+', "-").replace('/', "_").into(), "the body of a PEM key"),
            (b" {\"kty\":\"oct\",\"k\":\"AA\"}".to_vec(), "a JSON Web Key"),
            (b"{\"keys\":[]}".to_vec(), "a JSON Web Key"),
            (b"ssh-ed25519 AAAAC3Nz me@host".to_vec(), "an SSH key"),
        ] {
            assert_eq!(key_in(&secret), Some(kind), "{}", String::from_utf8_lossy(&secret));
        }
    }

    #[test]
    fn recognizes_keys_in_every_wrapping() {
        use base64::engine::general_purpose::STANDARD;
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n");
        let encoded = STANDARD.encode(&pem);
        let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#;
        let utf_16: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (secret, kind) in [
            (format!("[{jwk}]").into_bytes(), "a JSON Web Key"),
            (format!("{{\"a\":{jwk}}}").into_bytes(), "a JSON Web Key"),
            (format!("{{\"key\":{{\"jwk\":{jwk}}}}}").into_bytes(), "a JSON Web Key"),
            (format!("\"{encoded}\"").into_bytes(), "an encoded PEM key"),
            (format!("{{\"key\":\"{encoded}\"}}").into_bytes(), "an encoded PEM key"),
            (STANDARD.encode(&encoded).into_bytes(), "an encoded key"),
            (pem.replace("-----", "----").into_bytes(), "a PEM key"),
            (STANDARD.encode(jwk).into_bytes(), "an encoded JSON Web Key"),
            (STANDARD.encode(der()).into_bytes(), "the body of a PEM key"),
            (utf_16.clone(), "a PEM key"),
            ([b"\xFF\xFE", &*utf_16].concat(), "a PEM key"),
            (STANDARD.encode(&utf_16).into_bytes(), "an encoded PEM key"),
            (STANDARD.encode(STANDARD.encode(&encoded)).into_bytes(), "an encoded key"),
            (format!("{{\"k1\":{jwk}}}").into_bytes(), "a JSON Web Key"),
            (format!("{{\"realm\":\"r\",\"public_key\":\"{BODY}\"}}").into_bytes(), "the body of a PEM key"),
            (POINT.into(), "a raw P-256 point (VAPID)"),
            (base64url::decode(POINT).unwrap(), "a raw P-256 point"),
            (STANDARD.encode(POINT).into_bytes(), "a raw P-256 point (VAPID)"),
            (hex(&der()).into_bytes(), "an encoded DER key"),
            (format!("{{\"publicKey\":\"{POINT}\"}}").into_bytes(), "a raw P-256 point (VAPID)"),
        ] {
            assert_eq!(key_in(&secret), Some(kind), "{}", String::from_utf8_lossy(&secret));
        }
    }

    #[test]
    fn a_key_in_each_wrapping_is_refused_as_a_secret() {
        use crate::core::key::provider::ed25519_public;
        use base64::engine::general_purpose::STANDARD;
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n");
        let quoted = Value::string(pem.clone()).to_string();
        let seed = [7; 32];
        let ed25519 = [&seed[..], &ed25519_public(&Secret::new(seed.to_vec())).unwrap()].concat();
        let samples: [Vec<u8>; 13] = [
            pem.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            format!("HTTP/2 200\r\n\r\n{pem}").into(),
            quoted.clone().into(),
            pem.replace('\n', "\\n").into(),
            br#"[{"kty":"OKP","crv":"Ed25519","x":"AA"}]"#.to_vec(),
            br#"{"type":"HS256","key":"zebra-crossing-at-eleven-minutes"}"#.to_vec(),
            format!(r#"{{"publicKey":"{POINT}","privateKey":"{}"}}"#, base64url::encode(&seed)).into(),
            br#"{"jwks":{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}}"#.to_vec(),
            format!(r#"{{"certificate":{quoted}}}"#).into(),
            format!(r#"{{"a1":{quoted}}}"#).into(),
            POINT.into(),
            base64url::encode(&ed25519).into(),
            STANDARD.encode(&pem).into(),
        ];
        assert_eq!(samples.len(), WRAPPINGS.len(), "a sample for each wrapping, in the order of the table");
        for ((name, unwrap), sample) in WRAPPINGS.iter().zip(samples) {
            let unwrapped =
                unwrap(&WrappedText::new(&sample)).unwrap_or_else(|| panic!("no sample for: {name}"));
            let is_key = !matches!(unwrapped, Unwrapped::HmacSecret(_));
            assert_eq!(key_in(&sample).is_some(), is_key, "{name}");
            assert_eq!(key_in(STANDARD.encode(&sample).as_bytes()).is_some(), is_key, "{name} in Base64");
        }
    }

    #[test]
    fn accepts_secrets() {
        for secret in [
            "",
            "secret",
            "0123456789abcdef0123456789abcdef",
            "MIGHTY secret",
            "{not json}",
            "{\"a\":1}",
            "0\u{2}",
            "{\"type\":\"HS256\",\"key\":\"3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R\"}",
            "3EK6FD+o0+c7tzBNVfjpMkNDi2yARAAKzQlk8O2IKoxQu4nF7EdAh8s3TwpHwrdWT6R+BBiHkMuiYqIqVn3Xwg==",
        ] {
            assert_eq!(key_in(secret.as_bytes()), None, "{secret}");
        }
        assert_eq!(key_in(&[0x30; 64]), None);
    }

    #[test]
    fn knows_the_labels_of_public_keys() {
        for (line, expected) in [
            ("-BEGIN PUBLIC KEY-", true),
            ("x\n-BEGIN CERTIFICATE-", true),
            ("-BEGIN PKCS7-", true),
            ("-BEGIN CMS-", true),
            ("-BEGIN EC PARAMETERS-", true),
            ("-BEGIN PGP MESSAGE-", true),
            ("-BEGIN OpenVPN STATIC KEY V1-", false),
            ("-BEGIN SESSION-KEY", false),
            ("-BEGIN SESSION\nKEY", false),
            ("BEGIN PUBLIC KEY", false),
            ("-BEGIN SESSION- -BEGIN PUBLIC KEY", true),
            ("-BEGIN ", false),
        ] {
            assert_eq!(has_key_label(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn finds_a_key_at_any_depth_of_a_value() {
        let pem = format!(r"-----BEGIN PUBLIC KEY-----\n{BODY}\n-----END PUBLIC KEY-----\n");
        for (json, expected) in [
            (format!(r#""{pem}""#), Some("a PEM key")),
            (format!(r#"[1,"x",["{pem}"]]"#), Some("a PEM key")),
            (format!(r#"{{"a":{{"b":["x","{pem}"]}}}}"#), Some("a PEM key")),
            (r#"[{"kty":"oct"}]"#.to_owned(), Some("a JSON Web Key")),
            (r#"[1,"x",{"a":null}]"#.to_owned(), None),
        ] {
            let value = crate::core::json::parse(json.as_bytes()).unwrap();
            assert_eq!(key_in_value(&value, 3), expected, "{json}");
        }
    }

    #[test]
    fn recognizes_a_point_of_any_curve() {
        let p256 = base64url::decode(POINT).unwrap();
        assert_eq!(point(&p256), Some("a raw P-256 point"));
        for algorithm in [Algorithm::Es384, Algorithm::Es512, Algorithm::Es256K] {
            let Ok(Material::Ec(key)) = provider::generate(algorithm, None) else { panic!("{algorithm}") };
            let mut bytes = key.point();
            assert_eq!(point(&bytes), Some("a raw curve point"), "{algorithm}");
            assert_eq!(point(&bytes[..bytes.len() - 1]), None, "{algorithm}");
            *bytes.last_mut().unwrap() ^= 1;
            assert_eq!(point(&bytes), None, "{algorithm}");
        }
        let mut other = p256.clone();
        other[64] ^= 1;
        assert_eq!(point(&other), None);
        assert_eq!(point(&[&[2], &p256[1..33]].concat()), None, "a compressed point");
    }

    #[test]
    fn takes_der_as_it_is_or_between_white_space() {
        let der = der();
        let around = |before: &str, after: &str| [before.as_bytes(), &der, after.as_bytes()].concat();
        for (before, after, expected) in
            [("", "", true), ("", "\n", true), (" ", "", true), ("\r\n ", " ", true), ("x", "", false)]
        {
            let given = around(before, after);
            let found = plain_key(&given, &WrappedText::new(given.trim_ascii()));
            assert_eq!(found, expected.then_some("a DER key"), "{before:?} {after:?}");
        }
    }

    #[test]
    fn takes_a_public_begin_line_without_hyphens_and_others_with_one() {
        for (line, expected) in [
            ("BEGIN PUBLIC KEY", true),
            ("BEGIN CERTIFICATE", true),
            ("BEGIN EC PARAMETERS", false),
            ("-BEGIN EC PARAMETERS", true),
            ("END PUBLIC KEY", false),
            ("BEGIN", false),
        ] {
            assert_eq!(is_pem(line.as_bytes()), expected, "{line}");
            let utf_16: Vec<u8> = line.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(is_pem(&utf_16), expected, "{line} in UTF-16");
        }
    }

    #[test]
    fn recognizes_the_body_of_a_pem_key_by_its_content() {
        for text in [BODY.to_owned(), format!(" {BODY}\n"), BODY.replace('+', "-").replace('/', "_")] {
            assert!(is_key_body(&text), "{text}");
        }
        for text in [
            "",
            "MIGHTY secret",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
            "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQ",
        ] {
            assert!(!is_key_body(text), "{text}");
        }
    }
}
