//! Near misses of a token: other readings of its signature, and other texts that may have been signed. They are tried with
//! one key and never make a verdict.

use super::payload::examine_payload;
use crate::core::key::Key;
use crate::core::key::der::plain_ecdsa;
use crate::core::key::digest::sha256;
use crate::core::key::secret::SecretFormat;
use crate::core::token::Token;
use crate::core::token::algorithm::Algorithm;
use crate::core::token::base64url;
use crate::core::token::detached::DetachedPayload;
use crate::core::token::jws::{Compact, Segment, SigningInput};

/// A near miss of a token.
pub struct TokenMiss {
    /// The name of the attempt in the hint that lists what was tried. Several misses share one name.
    pub group: &'static str,
    /// The mistake of the signer, and the way to mend it.
    pub hint: &'static str,
    reading: Reading,
}

/// Another reading of a token. It is `None` if the token does not have the form.
enum Reading {
    /// Another reading of the signature.
    Signature(fn(&Segment<'_>, Algorithm) -> Option<Vec<u8>>),
    /// Another text that may have been signed, from the header and the payload as encoded.
    Input(fn(&Token<'_>, &str, &str) -> Option<String>),
}

const HEX: &str = "a signature in hex";
const NEWLINE: &str = "a newline in the signed text";

/// The near misses, in the order in which they are tried.
pub const TOKEN_MISSES: [TokenMiss; 9] = [
    TokenMiss {
        group: HEX,
        hint: "the hex digits of the signature were encoded: encode its bytes instead (`openssl dgst -binary`)",
        reading: Reading::Signature(|signature, _| decoded(SecretFormat::Hex, signature.bytes())),
    },
    TokenMiss {
        group: HEX,
        hint: "the signature is written in hex digits: encode its bytes in Base64url instead (`openssl dgst -binary`)",
        reading: Reading::Signature(|signature, _| decoded(SecretFormat::Hex, signature.encoded.as_bytes())),
    },
    TokenMiss {
        group: "a signature encoded twice",
        hint: "the signature was encoded in Base64 twice: encode its bytes once, in Base64url",
        reading: Reading::Signature(|signature, _| decoded(SecretFormat::Base64, signature.bytes())),
    },
    TokenMiss {
        group: "an ECDSA signature in DER",
        hint: "the signature is valid but DER-encoded: a JWS needs both numbers at full length (RFC 7518 section 3.4)",
        reading: Reading::Signature(|signature, claimed| plain_ecdsa(claimed, signature.bytes())),
    },
    TokenMiss {
        group: NEWLINE,
        hint: "a line break was signed too: write the signing input with `printf %s` instead of `echo`",
        reading: Reading::Input(|_, header, payload| Some(format!("{header}.{payload}\n"))),
    },
    TokenMiss {
        group: NEWLINE,
        hint: "a CRLF line break was signed too: sign the text without it",
        reading: Reading::Input(|_, header, payload| Some(format!("{header}.{payload}\r\n"))),
    },
    TokenMiss {
        group: "padding in the signed text",
        hint: "the padded text was signed: sign the segments without `=`",
        reading: Reading::Input(|_, header, payload| Some(format!("{}.{}", padded(header), padded(payload)))),
    },
    TokenMiss {
        group: "no padding in the signed text",
        hint: "the text was signed without its padding: remove every `=` from the token",
        reading: Reading::Input(|_, header, payload| {
            Some(format!("{}.{}", header.trim_end_matches('='), payload.trim_end_matches('=')))
        }),
    },
    TokenMiss {
        group: "a hashed `nonce` in the header",
        hint: "the signature fits after the `nonce` of the header is hashed, as Microsoft Graph does: only Graph verifies such \
               a token; request a token for your own API",
        reading: Reading::Input(hashed_nonce),
    },
];

/// The readings of a token that were tried.
#[derive(Debug, Default)]
pub(in crate::core::verify) struct TokenExamination {
    /// The hint of the reading that fits the key, if one does.
    pub(in crate::core::verify) fitting: Option<&'static str>,
    /// The groups of readings that were tried, each once.
    pub(in crate::core::verify) tried: Vec<&'static str>,
}

/// Tries the other readings of a token with a key. Stops at the first that fits.
pub(in crate::core::verify) fn examine_token(
    token: &Token<'_>,
    key: &Key,
    claimed: Algorithm,
) -> TokenExamination {
    let mut found = TokenExamination::default();
    let Compact::Jws { header, signature, .. } = token.compact else { return found };
    let Some(input) = token.signing_input() else { return found };
    if key.unusable_reason().is_some() {
        return found;
    }
    let Ok(verifier) = key.verifier(claimed) else { return found };
    let payload = std::str::from_utf8(input.as_bytes()).ok().and_then(|text| text.split_once('.'));
    let payload = payload.map(|(_, payload)| payload);
    if let Some(bytes) = token.detached.and_then(DetachedPayload::bytes) {
        let fits = |input: SigningInput<'_>| verifier.verifies(input, signature.bytes());
        if let Some(hint) = examine_payload(token, bytes, fits, &mut found.tried) {
            return TokenExamination { fitting: Some(hint), ..found };
        }
    }
    for miss in &TOKEN_MISSES {
        let fits = match miss.reading {
            Reading::Signature(read) => {
                read(signature, claimed).map(|signature| verifier.verifies(input, &signature))
            }
            Reading::Input(read) => payload
                .and_then(|payload| read(token, header.encoded, payload))
                .filter(|other| other.as_bytes() != input.as_bytes())
                .map(|other| verifier.verifies(SigningInput::new(&other), signature.bytes())),
        };
        match fits {
            Some(true) => return TokenExamination { fitting: Some(miss.hint), ..found },
            Some(false) if !found.tried.contains(&miss.group) => found.tried.push(miss.group),
            _ => {}
        }
    }
    found
}

fn decoded(format: SecretFormat, text: &[u8]) -> Option<Vec<u8>> {
    format.read(text).ok().map(|read| read.expose().to_vec())
}

fn padded(segment: &str) -> String {
    format!("{segment}{}", "=".repeat(segment.len().wrapping_neg() % 4))
}

/// Returns the signing input with the SHA-256 digest of the header's `nonce` in its place.
fn hashed_nonce(token: &Token<'_>, _: &str, payload: &str) -> Option<String> {
    let nonce = token.header.as_ref().ok()?.get("nonce")?.as_str()?.to_owned();
    let header = std::str::from_utf8(token.compact.header().decoded.as_deref().ok()?).ok()?;
    let hashed = header.replacen(
        &format!("\"{nonce}\""),
        &format!("\"{}\"", base64url::encode(&sha256(nonce.as_bytes()))),
        1,
    );
    (hashed != header).then(|| format!("{}.{payload}", base64url::encode(hashed.as_bytes())))
}
