//! Keys that are not secrets: recognizes a PEM, JWK, SSH or DER key where an HMAC secret was meant.
//! A token signed with the text of a public key as its secret is the oldest trick there is; a secret that is
//! such a text is refused before any token is looked at.

use super::secret::{Secret, SecretFormat};
use crate::core::json;

/// What kind of key the bytes hold, in words; nothing when they may be a secret.
#[must_use]
pub fn key_in(secret: &[u8]) -> Option<&'static str> {
    let trimmed = secret.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(secret).trim_ascii();
    if contains(trimmed, b"-----BEGIN ") || contains(trimmed, b"---- BEGIN SSH2") {
        Some("a PEM key")
    } else if is_ssh(trimmed) {
        Some("an SSH key")
    } else if is_jwk(trimmed) {
        Some("a JSON Web Key")
    } else if is_der_key(secret) || is_der_key(trimmed) {
        Some("a DER key")
    } else if armourless(trimmed).is_some_and(|der| is_der_key(der.expose())) {
        Some("the body of a PEM key")
    } else {
        wrapped(trimmed)
    }
}

/// A key whose text was encoded once more, or stands in quotes.
fn wrapped(text: &[u8]) -> Option<&'static str> {
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
        is_der_key(inner).then_some("an encoded DER key")
    }
}

/// Whether a text is the Base64 of a DER key, without the lines around it.
#[must_use]
pub fn is_key_body(text: &str) -> bool {
    armourless(text.trim().as_bytes()).is_some_and(|der| is_der_key(der.expose()))
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

/// The Base64 between the lines of a PEM, when it stands alone, in either alphabet.
pub(super) fn armourless(text: &[u8]) -> Option<Secret> {
    let body: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    // DER begins with a SEQUENCE, which Base64 spells with an M.
    body.starts_with(b"M").then(|| SecretFormat::Base64.read(&body).ok()).flatten()
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// Whether the bytes are one DER SEQUENCE of at least two well-formed elements, the first an INTEGER or a
/// SEQUENCE: PKCS#1, PKCS#8, SEC1, SPKI and X.509 all are, and no secret is by chance.
fn is_der_key(bytes: &[u8]) -> bool {
    let Some((SEQUENCE, mut inner, [])) = element(bytes) else { return false };
    let mut elements = 0;
    while !inner.is_empty() {
        let Some((tag, _, rest)) = element(inner) else { return false };
        if elements == 0 && tag != INTEGER && tag != SEQUENCE {
            return false;
        }
        elements += 1;
        inner = rest;
    }
    elements >= 2
}

/// Splits off one DER element: its tag, its contents, what follows.
pub(super) fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[tag, first], rest) = bytes.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    Some((tag, contents, rest))
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
    fn sees_a_public_key_through_every_disguise() {
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
    fn lets_secrets_be_secrets() {
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
