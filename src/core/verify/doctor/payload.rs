//! Near misses of a detached payload: other bytes, or another encoding of them, that may have been signed. They are tried with
//! one key and never make a verdict.

use crate::core::json;
use crate::core::token::Token;
use crate::core::token::detached::{DetachedPayload, PayloadEncoding};
use crate::core::token::jws::SigningInput;

/// A near miss of a detached payload.
pub struct PayloadMiss {
    /// The name of the attempt in the hint that lists what was tried. Several misses share one name.
    pub group: &'static str,
    /// The mistake, and the way to mend it.
    pub hint: &'static str,
    reading: Reading,
}

enum Reading {
    /// Other bytes, or `None` if the payload does not have the form.
    Bytes(fn(&[u8]) -> Option<Vec<u8>>),
    /// The payload, written in this encoding.
    Encoding(PayloadEncoding),
}

const LINE_BREAKS: &str = "line breaks of the payload";
const ENCODING: &str = "the encoding of the payload";

/// The near misses, in the order in which they are tried.
pub const PAYLOAD_MISSES: [PayloadMiss; 8] = [
    PayloadMiss {
        group: LINE_BREAKS,
        hint: "the signature fits the payload without the line break at its end: remove the line break",
        reading: Reading::Bytes(|bytes| {
            let bytes = bytes.strip_suffix(b"\n")?;
            Some(bytes.strip_suffix(b"\r").unwrap_or(bytes).to_vec())
        }),
    },
    PayloadMiss {
        group: LINE_BREAKS,
        hint: "the signature fits the payload with a line break at its end: add the line break (LF)",
        reading: Reading::Bytes(|bytes| Some([bytes, b"\n"].concat())),
    },
    PayloadMiss {
        group: LINE_BREAKS,
        hint: "the signature fits the payload with line breaks of LF instead of CRLF: keep the bytes as they were sent",
        reading: Reading::Bytes(|bytes| replaced(bytes, b"\r\n", b"\n")),
    },
    PayloadMiss {
        group: LINE_BREAKS,
        hint: "the signature fits the payload with line breaks of CRLF instead of LF: keep the bytes as they were sent",
        reading: Reading::Bytes(|bytes| replaced(bytes, b"\n", b"\r\n")),
    },
    PayloadMiss {
        group: "a byte order mark",
        hint: "the signature fits the payload without its byte order mark: remove the first three bytes",
        reading: Reading::Bytes(|bytes| bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec)),
    },
    PayloadMiss {
        group: "white space in JSON",
        hint: "the signature fits the payload as JSON without white space: keep the bytes as they were sent, not formatted",
        reading: Reading::Bytes(|bytes| Some(json::parse(bytes).ok()?.to_string().into_bytes())),
    },
    PayloadMiss {
        group: ENCODING,
        hint: "the payload was signed as it is, not as Base64url: the signer must say so with `b64` false and `crit` \
               (RFC 7797)",
        reading: Reading::Encoding(PayloadEncoding::Unencoded),
    },
    PayloadMiss {
        group: ENCODING,
        hint: "the payload was signed as Base64url, but `b64` is false: the signer must leave out `b64`, or sign the bytes \
               as they are",
        reading: Reading::Encoding(PayloadEncoding::Base64url),
    },
];

/// Tries other payloads of a token. Stops at the first that fits, and returns its hint. Adds the groups that were tried.
pub(super) fn examine_payload(
    token: &Token<'_>,
    payload: &[u8],
    fits: impl Fn(SigningInput<'_>) -> bool,
    tried: &mut Vec<&'static str>,
) -> Option<&'static str> {
    let encoding = PayloadEncoding::from_header(token.header.as_ref().ok()?);
    for miss in &PAYLOAD_MISSES {
        let other = match miss.reading {
            Reading::Bytes(read) => {
                read(payload).filter(|other| other != payload).map(|other| (other, encoding))
            }
            Reading::Encoding(other) => (other != encoding).then(|| (payload.to_vec(), other)),
        };
        let Some((bytes, encoding)) = other else { continue };
        let other = DetachedPayload::encoded(token.compact, bytes, encoding);
        if other.signing_input().is_some_and(&fits) {
            return Some(miss.hint);
        }
        if !tried.contains(&miss.group) {
            tried.push(miss.group);
        }
    }
    None
}

/// Returns bytes with each occurrence of a part replaced.
fn replaced(bytes: &[u8], part: &[u8], by: &[u8]) -> Option<Vec<u8>> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(offset) = memchr::memmem::find(rest, part) {
        let (before, found) = rest.split_at(offset);
        // A line break that is CRLF already stays.
        if part == b"\n" && before.ends_with(b"\r") {
            return None;
        }
        result.extend_from_slice(before);
        result.extend_from_slice(by);
        rest = found.get(part.len()..).unwrap_or_default();
    }
    result.extend_from_slice(rest);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_the_form_of_line_breaks_but_keeps_those_that_are_right() {
        for (text, part, by, expected) in [
            ("a\nb\n", "\n", "\r\n", Some("a\r\nb\r\n")),
            ("a\r\nb\r\n", "\r\n", "\n", Some("a\nb\n")),
            ("a\r\r\nb", "\r\n", "\n", Some("a\r\nb")),
            ("a\r\nb", "\n", "\r\n", None),
            ("a\nb\r\n", "\n", "\r\n", None),
            ("ab", "\n", "\r\n", Some("ab")),
        ] {
            let found = replaced(text.as_bytes(), part.as_bytes(), by.as_bytes());
            assert_eq!(found.as_deref(), expected.map(str::as_bytes), "{text:?}");
        }
    }
}
