//! Recognizes a PEM, JWK, SSH or DER key where an HMAC secret belongs. An attacker can sign tokens with the text of a
//! public key as HMAC secret, so such a secret is refused before any token is read (RFC 8725 section 2.1).

use super::der::shape::is_key_like;
use super::secret::{Secret, SecretFormat};
use crate::core::json::{self, Value};

/// Returns the kind of key that the bytes contain, or `None` if they may be a secret.
#[must_use]
pub fn key_in(secret: &[u8]) -> Option<&'static str> {
    const MAX_LAYERS: usize = 3;
    key_in_layers(secret, MAX_LAYERS)
}

/// Recognizes a key in at most `layers` wrappings.
fn key_in_layers(secret: &[u8], layers: usize) -> Option<&'static str> {
    let trimmed = secret.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(secret).trim_ascii();
    if is_pem(trimmed) {
        Some("a PEM key")
    } else if is_ssh(trimmed) {
        Some("an SSH key")
    } else if is_jwk(trimmed) {
        Some("a JSON Web Key")
    } else if is_key_like(secret) || is_key_like(trimmed) {
        Some("a DER key")
    } else if pem_body(trimmed).is_some_and(|der| is_key_like(der.expose())) {
        Some("the body of a PEM key")
    } else {
        wrapped_key(trimmed, layers.checked_sub(1)?)
    }
}

/// Recognizes a key in one more wrapping: an encoding, quotes or JSON.
fn wrapped_key(text: &[u8], layers: usize) -> Option<&'static str> {
    let quoted = [b'"', b'\''].iter().find_map(|quote| text.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
    if let Some(kind) = quoted.and_then(|text| key_in_layers(text, layers)) {
        return Some(kind);
    }
    if let Some(kind) = key_in_json(text, layers) {
        return Some(kind);
    }
    let decoded =
        [SecretFormat::Hex, SecretFormat::Base64].iter().find_map(|format| format.read(text).ok())?;
    key_in_layers(decoded.expose(), layers).map(|kind| match kind {
        "a PEM key" => "an encoded PEM key",
        "a JSON Web Key" => "an encoded JSON Web Key",
        "a DER key" => "an encoded DER key",
        _ => "an encoded key",
    })
}

/// Recognizes a key in a JSON array or object, at any depth.
fn key_in_json(text: &[u8], layers: usize) -> Option<&'static str> {
    let is_json = text.starts_with(b"[") || text.starts_with(b"{");
    key_in_value(&is_json.then(|| json::parse(text).ok()).flatten()?, layers)
}

fn key_in_value(value: &Value<'_>, layers: usize) -> Option<&'static str> {
    match value {
        Value::String(text) => key_in_layers(text.as_bytes(), layers),
        Value::Array(items) => items.iter().find_map(|item| key_in_value(item, layers)),
        Value::Object(_) if value.get("kty").is_some() => Some("a JSON Web Key"),
        Value::Object(members) => members.iter().find_map(|member| key_in_value(&member.value, layers)),
        _ => None,
    }
}

/// Reports whether a text holds the BEGIN line of a key, also with too few hyphens or in UTF-16.
fn is_pem(text: &[u8]) -> bool {
    const LINES: [&[u8]; 6] = [
        b"-----BEGIN ",
        b"---- BEGIN SSH2",
        b"BEGIN PUBLIC KEY",
        b"BEGIN RSA PUBLIC KEY",
        b"BEGIN PRIVATE KEY",
        b"BEGIN CERTIFICATE",
    ];
    let has_line = |text: &[u8]| LINES.iter().any(|line| contains(text, line));
    let without_zeros = || text.iter().copied().filter(|byte| *byte != 0).collect::<Vec<u8>>();
    has_line(text) || (text.contains(&0) && has_line(&without_zeros()))
}

/// Reports whether a text is the Base64 body of a PEM key, without its BEGIN and END lines.
#[must_use]
pub fn is_key_body(text: &str) -> bool {
    pem_body(text.trim().as_bytes()).is_some_and(|der| is_key_like(der.expose()))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn is_ssh(text: &[u8]) -> bool {
    [&b"ssh-rsa "[..], b"ssh-ed25519 ", b"ssh-dss ", b"ecdsa-sha2-", b"sk-ssh-", b"sk-ecdsa-"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
}

fn is_jwk(text: &[u8]) -> bool {
    text.starts_with(b"{")
        && json::parse(text).is_ok_and(|value| value.get("kty").is_some() || value.get("keys").is_some())
}

/// Decodes the Base64 body of a PEM without its BEGIN and END lines, in either alphabet.
pub(super) fn pem_body(text: &[u8]) -> Option<Secret> {
    let body: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // DER begins with a SEQUENCE, whose first character in Base64 is M.
    body.starts_with(b"M").then(|| SecretFormat::Base64.read(&body).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;

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
            (utf_16, "a PEM key"),
        ] {
            assert_eq!(key_in(&secret), Some(kind), "{}", String::from_utf8_lossy(&secret));
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
        ] {
            assert_eq!(key_in(secret.as_bytes()), None, "{secret}");
        }
        assert_eq!(key_in(&[0x30; 64]), None);
    }
}
