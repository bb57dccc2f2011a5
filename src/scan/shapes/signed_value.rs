//! Values that web frameworks sign or encrypt, such as session cookies: itsdangerous (Flask), Django, Rails and Laravel.
//! Payloads and dates are read. Signatures are not verified.

use super::super::lenient_base64::decode_lenient;
use super::super::shape::is_header;
use super::ShapeContent;
use crate::core::json::{self, Value};
use crate::core::token::base64url;
use flate2::read::ZlibDecoder;
use std::io::Read as _;

/// The limit of a payload after decompression, in bytes.
const LARGEST: u64 = 1 << 16;

/// Reads `payload.time.mac` of itsdangerous. A payload with a dot before it is compressed.
pub(super) fn itsdangerous(text: &str) -> Option<ShapeContent> {
    let compressed = text.strip_prefix('.');
    let mut parts = compressed.unwrap_or(text).split('.');
    let (encoded, time, mac) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || is_header(encoded.as_bytes()) {
        return None;
    }
    let time = base64url::decode(time).ok().filter(|bytes| (4..=5).contains(&bytes.len()))?;
    is_mac(mac, &[20, 32, 48, 64]).then_some(())?;
    let payload = payload(encoded, compressed.is_some())?;
    let seconds = time.iter().fold(0, |number, &byte| number << 8 | u64::from(byte));
    // Releases before 1.1 count from 2011.
    const EPOCH: u64 = 1_293_840_000;
    let issued = if seconds < EPOCH { seconds + EPOCH } else { seconds };
    Some(ShapeContent { payload: Some(payload), issued: Some(issued) })
}

/// Reads `payload:time:mac` of `django.core.signing`. A payload with a dot before it is compressed.
pub(super) fn django(text: &str) -> Option<ShapeContent> {
    let mut parts = text.split(':');
    let (encoded, time, mac) = (parts.next()?, parts.next()?, parts.next()?);
    let is_time = (5..=8).contains(&time.len()) && time.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if parts.next().is_some() || !is_time || !is_mac(mac, &[20, 32]) {
        return None;
    }
    let compressed = encoded.strip_prefix('.');
    let digits = compressed.unwrap_or(encoded);
    if digits.is_empty() || !digits.bytes().all(base64url::is_symbol) {
        return None;
    }
    // Django also signs plain values, without encoding them.
    let payload = payload(digits, compressed.is_some()).unwrap_or_else(|| encoded.to_owned());
    let issued =
        base62(time).iter().fold(0_u64, |number, &digit| number.saturating_mul(62) + u64::from(digit));
    Some(ShapeContent { payload: Some(payload), issued: Some(issued) })
}

/// Reads `base64--hexadecimal MAC` of Rails.
pub(super) fn rails(text: &str) -> Option<ShapeContent> {
    let text = text.replace("%3D", "=");
    let (payload, mac) = text.rsplit_once("--")?;
    let is_mac = [40, 64].contains(&mac.len()) && mac.bytes().all(|byte| byte.is_ascii_hexdigit());
    let payload = decode_lenient(payload).filter(|_| is_mac)?;
    let payload = String::from_utf8(payload).ok();
    Some(ShapeContent { payload, issued: None })
}

/// Reports whether a text is a ciphertext, a nonce of 12 bytes and a tag of 16 bytes.
pub(super) fn is_rails_encrypted(text: &str) -> bool {
    let text = text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut parts = text.split("--");
    let mut length = || parts.next().and_then(decode_lenient).map(|bytes| bytes.len());
    let (ciphertext, nonce, tag) = (length(), length(), length());
    ciphertext.is_some() && (nonce, tag) == (Some(12), Some(16)) && parts.next().is_none()
}

/// Reports whether a text is Base64 of a JSON object with the members `iv`, `value` and `mac`, as Laravel writes it.
pub(super) fn is_laravel_encrypted(text: &str) -> bool {
    // The Base64 of `{"iv":`.
    if !text.starts_with("eyJpdiI6") {
        return false;
    }
    let digits = text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let Some(bytes) = decode_lenient(&digits) else { return false };
    let Ok(Value::Object(members)) = json::parse(&bytes) else { return false };
    let is_text = |name: &&str| json::find(&members, name).is_some_and(|value| value.as_str().is_some());
    ["iv", "value", "mac"].iter().all(is_text)
}

/// Returns the values of the digits of base 62, as Django orders them.
pub(super) fn base62(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'Z' => byte - b'A' + 10,
        _ => byte.wrapping_sub(b'a') + 36,
    };
    text.bytes().map(digit).collect()
}

fn is_mac(text: &str, lengths: &[usize]) -> bool {
    base64url::decode(text).is_ok_and(|bytes| lengths.contains(&bytes.len()))
}

/// Decodes a payload, and decompresses it if it is compressed. Returns `None` if it does not begin like JSON.
fn payload(encoded: &str, is_compressed: bool) -> Option<String> {
    let bytes = base64url::decode(encoded).ok()?;
    let bytes = if is_compressed {
        let mut inflated = Vec::new();
        ZlibDecoder::new(&*bytes).take(LARGEST).read_to_end(&mut inflated).ok()?;
        inflated
    } else {
        bytes
    };
    let text = String::from_utf8(bytes).ok()?;
    text.starts_with(['{', '[', '"', '-', 'n', 't', 'f'])
        .then_some(())
        .or_else(|| text.starts_with(|c: char| c.is_ascii_digit()).then_some(()))?;
    Some(text)
}
