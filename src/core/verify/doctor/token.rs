//! Near misses of a token: other spellings of its signature and of the text that was signed. It tries them with one key
//! and never makes a verdict.

use crate::core::key::Key;
use crate::core::key::der::plain_ecdsa;
use crate::core::key::digest::sha256;
use crate::core::key::secret::SecretFormat;
use crate::core::token::Token;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url;
use crate::core::token::jws::{Compact, SigningInput, signing_input};

/// The changes of the token that are tried with a secret, for the closing line.
pub(in crate::core::verify) const TOKEN_ATTEMPTS: &str =
    "a signature encoded twice, and a line break, padding or a hashed `nonce` in the signed text";

/// The changes of the token that are tried with a public key, for the closing line.
pub(in crate::core::verify) const KEY_ATTEMPTS: &str =
    "other algorithms of the key, a signature encoded twice or in ASN.1, and other forms of the signed text";

/// Returns what the signature is, if it fits the key in another spelling of the token.
pub(in crate::core::verify) fn misshapen(
    token: &Token<'_>,
    key: &Key,
    claimed: Algorithm,
) -> Option<&'static str> {
    let Compact::Jws { text, signature, .. } = token.compact else { return None };
    let verifier = key.verifier(claimed).ok().filter(|_| key.unusable_reason().is_none())?;
    let input = signing_input(text);
    let by_signature = signatures(signature.encoded, signature.bytes(), claimed)
        .into_iter()
        .find(|(bytes, _)| verifier.verifies(input, bytes));
    let by_input = || {
        inputs(token)
            .into_iter()
            .find(|(text, _)| verifier.verifies(SigningInput::new(text), signature.bytes()))
    };
    by_signature.map(|(_, what)| what).or_else(|| by_input().map(|(_, what)| what))
}

/// Returns other readings of the signature, one line a kind.
fn signatures(encoded: &str, bytes: &[u8], claimed: Algorithm) -> Vec<(Vec<u8>, &'static str)> {
    let decoded =
        |format: SecretFormat, text: &[u8]| format.read(text).ok().map(|read| read.expose().to_vec());
    [
        (decoded(SecretFormat::Hex, bytes), "the signature is the text of its hex digits: encode its bytes instead (`openssl dgst -binary`)"),
        (decoded(SecretFormat::Hex, encoded.as_bytes()), "the signature is written in hex digits: encode its bytes in Base64url instead (`openssl dgst -binary`)"),
        (decoded(SecretFormat::Base64, bytes), "the signature was encoded in Base64 twice: encode its bytes once, in Base64url"),
        (plain_ecdsa(claimed, bytes), "the signature is valid but DER-encoded: a JWS needs both numbers at full length (RFC 7518 section 3.4)"),
    ]
    .into_iter()
    .filter_map(|(bytes, what)| Some((bytes?, what)))
    .collect()
}

/// Returns other texts that may have been signed, one line a kind.
fn inputs(token: &Token<'_>) -> Vec<(String, &'static str)> {
    let Compact::Jws { header, payload, .. } = token.compact else { return Vec::new() };
    let (head, body) = (header.encoded, payload.encoded);
    [
        (Some(format!("{head}.{body}\n")), "a line break was signed too: write the signing input with `printf %s` instead of `echo`"),
        (Some(format!("{head}.{body}\r\n")), "a CRLF line break was signed too: sign the text without it"),
        (Some(format!("{}.{}", padded(head), padded(body))), "the padded text was signed: sign the segments without `=`"),
        (hashed_nonce(token, body), "the signature fits after the `nonce` of the header is hashed, as Microsoft Graph does: only Graph verifies such a token; request a token for your own API"),
    ]
    .into_iter()
    .filter_map(|(text, what)| Some((text?, what)))
    .filter(|(text, _)| text.strip_suffix(body).is_none_or(|rest| rest.strip_suffix('.') != Some(head)))
    .collect()
}

fn padded(segment: &str) -> String {
    format!("{segment}{}", "=".repeat(segment.len().wrapping_neg() % 4))
}

/// Returns the signing input with the SHA-256 digest of the header's `nonce` in its place.
fn hashed_nonce(token: &Token<'_>, payload: &str) -> Option<String> {
    let nonce = token.header.as_ref().ok()?.get("nonce")?.as_str()?.to_owned();
    let header = std::str::from_utf8(token.compact.header().decoded.as_deref().ok()?).ok()?;
    let hashed = header.replacen(
        &format!("\"{nonce}\""),
        &format!("\"{}\"", base64url::encode(&sha256(nonce.as_bytes()))),
        1,
    );
    (hashed != header).then(|| format!("{}.{payload}", base64url::encode(hashed.as_bytes())))
}
