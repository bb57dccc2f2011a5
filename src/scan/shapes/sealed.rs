//! Other formats of tokens: PASETO, Fernet, Branca, macaroons, Biscuit, SAML and Iron. Nothing is decrypted or verified.

use super::super::lenient_base64::decode_lenient;
use super::ShapeContent;
use super::signed_value::base62;
use crate::core::token::base64url;

/// Reads a PASETO token. The payload of a public one is followed by its signature.
pub(super) fn paseto(text: &str) -> Option<ShapeContent> {
    let mut parts = text.split('.');
    let (version, purpose, body) = (parts.next()?, parts.next()?, parts.next()?);
    let signature = match version {
        "v1" => 256,
        "v2" | "v4" => 64,
        "v3" => 96,
        _ => return None,
    };
    if !matches!(purpose, "public" | "local") || body.len() < 20 || parts.count() > 1 {
        return None;
    }
    let payload = base64url::decode(body).ok().filter(|_| purpose == "public").and_then(|mut bytes| {
        bytes.truncate(bytes.len().checked_sub(signature)?);
        String::from_utf8(bytes).ok()
    });
    Some(ShapeContent { payload, issued: None })
}

/// Reads the date of a Fernet token: version 0x80, the time, a block, ciphertext and a MAC.
pub(super) fn fernet(text: &str) -> Option<ShapeContent> {
    const SHORTEST: usize = 73;
    let bytes = text.starts_with("gAAAA").then(|| decode_lenient(text))??;
    let time = bytes.get(1..9).filter(|_| bytes.len() >= SHORTEST)?;
    let issued = time.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    Some(ShapeContent { payload: None, issued: Some(issued) })
}

/// Reads the date of a Branca token: Base62 of version 0xBA, the time, a nonce, ciphertext and a tag.
pub(super) fn branca(text: &str) -> Option<ShapeContent> {
    const SHORTEST: usize = 45;
    // The conversion takes time in proportion to the square of the length.
    if !(60..=1000).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let mut bytes: Vec<u8> = Vec::new();
    for digit in base62(text) {
        let mut carry = u32::from(digit);
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 62;
            *byte = (carry & 0xff) as u8;
            carry >>= 8;
        }
        if carry > 0 {
            bytes.insert(0, carry as u8);
        }
    }
    let [0xba, time @ ..] = &*bytes else { return None };
    let time = time.first_chunk::<4>().filter(|_| bytes.len() >= SHORTEST)?;
    let issued = u64::from(u32::from_be_bytes(*time));
    // Any text can begin with that byte, but only few have such a date.
    (1_000_000_000..4_000_000_000)
        .contains(&issued)
        .then_some(ShapeContent { payload: None, issued: Some(issued) })
}

/// Reports whether a text is a macaroon: packets of version 1 begin with their length, and version 2 with its number.
pub(super) fn is_macaroon(text: &str) -> bool {
    let Some(bytes) = decode_lenient(text) else { return false };
    let first = bytes.get(4..13).is_some_and(|name| name == b"location " || name == b"identifie");
    let length = bytes.get(..4).is_some_and(|length| length.iter().all(u8::is_ascii_hexdigit));
    // Version 2: the field `location` (1) or `identifier` (2), and the field `signature` (6) of 32 bytes at the end.
    let signature = bytes.len().checked_sub(34).and_then(|at| bytes.get(at..at + 2)) == Some(&[6, 32]);
    (first && length) || (matches!(bytes.first_chunk(), Some([2, 1 | 2])) && signature)
}

/// Reports whether a text has the prefix of a Biscuit, or is one: a block signed with 64 bytes, and a proof.
pub(super) fn is_biscuit(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("biscuit:") {
        return rest.len() >= 40 && decode_lenient(rest).is_some();
    }
    let Some(bytes) = decode_lenient(text).filter(|bytes| bytes.len() > 100) else { return false };
    let Some(fields) = fields(&bytes) else { return false };
    let [.., (4, _)] = fields[..] else { return false };
    let authority = fields.iter().find(|(number, _)| *number == 2).and_then(|(_, block)| self::fields(block));
    authority.is_some_and(|block| block.iter().any(|(number, value)| *number == 3 && value.len() == 64))
}

/// Returns the numbers and the values of the fields of a message of Protocol Buffers. Returns `None` for other bytes.
fn fields(mut bytes: &[u8]) -> Option<Vec<(u8, &[u8])>> {
    fn varint(bytes: &mut &[u8]) -> Option<usize> {
        let (mut number, mut shift) = (0_usize, 0);
        loop {
            let (&byte, rest) = bytes.split_first()?;
            *bytes = rest;
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return Some(number);
            }
            if shift > 28 {
                return None;
            }
        }
    }
    let mut fields = Vec::new();
    while let Some((&key, rest)) = bytes.split_first() {
        bytes = rest;
        let value = match key & 7 {
            0 => {
                varint(&mut bytes)?;
                &[][..]
            }
            2 => {
                let length = varint(&mut bytes)?;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                value
            }
            _ => return None,
        };
        fields.push((key >> 3, value));
    }
    Some(fields)
}

/// Reports whether a text is the Base64 of an XML element in a namespace of SAML.
pub(super) fn is_saml(text: &str) -> bool {
    const READ: usize = 2000;
    if !["PD", "PHN", "PEF", "PFJ"].iter().any(|start| text.starts_with(start)) {
        return false;
    }
    let Some(bytes) = decode_lenient(text) else { return false };
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(READ)).unwrap_or_default());
    start.starts_with('<') && start.contains("urn:oasis:names:tc:SAML:")
}

/// Reports whether a text has the eight parts of a value of Iron: its version, a password ID, salts, a nonce, ciphertext, an
/// expiry and a MAC. `iron-session` writes `~` and its own version after them.
pub(super) fn is_iron(text: &str) -> bool {
    let in_part = |byte: u8| base64url::is_symbol(byte) || b"*.~".contains(&byte);
    let parts: Vec<&str> = text.split('*').collect();
    matches!(&parts[..], ["Fe26.1" | "Fe26.2", _, salt, iv, ciphertext, _, mac_salt, mac]
        if [salt, iv, ciphertext, mac_salt, mac].iter().all(|part| !part.is_empty()))
        && text.bytes().all(in_part)
}
