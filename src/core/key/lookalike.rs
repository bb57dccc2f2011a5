//! Recognizes a PEM, JWK, SSH or DER key where an HMAC secret belongs. An attacker can sign tokens with the text of a
//! public key as HMAC secret, so such a secret is refused before any token is read (RFC 8725 section 2.1).

use super::der::shape::is_key_like;
use super::secret::{Secret, SecretFormat};
use crate::core::json;

/// Returns the kind of key that the bytes contain, or `None` if they may be a secret.
#[must_use]
pub fn key_in(secret: &[u8]) -> Option<&'static str> {
    let trimmed = secret.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(secret).trim_ascii();
    if contains(trimmed, b"-----BEGIN ") || contains(trimmed, b"---- BEGIN SSH2") {
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
        wrapped_key(trimmed)
    }
}

/// Recognizes a key whose text is encoded once more, or quoted.
fn wrapped_key(text: &[u8]) -> Option<&'static str> {
    let quoted = [b'"', b'\''].iter().find_map(|quote| text.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
    if quoted.is_some_and(is_jwk) {
        return Some("a JSON Web Key");
    }
    let decoded =
        [SecretFormat::Hex, SecretFormat::Base64].iter().find_map(|format| format.read(text).ok())?;
    let inner = decoded.expose();
    if contains(inner, b"-----BEGIN ") {
        Some("an encoded PEM key")
    } else if is_jwk(inner.trim_ascii()) {
        Some("an encoded JSON Web Key")
    } else {
        is_key_like(inner).then_some("an encoded DER key")
    }
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
