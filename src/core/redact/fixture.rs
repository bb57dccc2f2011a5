//! Masks whole tokens for test files that are shared: the result is judged like the original, but holds no personal
//! data and no valid signature. A signature would confirm guesses of the masked values to holders of the public key.

use crate::core::json::{self, Member, Value};
use crate::core::mint::encoding::to_json;
use crate::core::redact::{MASK, redact, redact_value};
use crate::core::text::escape::Escapes;
use crate::core::token::base64url;
use crate::core::token::claims::Payload;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, Segment};

/// Returns a token with personal values masked and the signature blanked, or `None` if there is nothing to mask. Segments
/// that cannot be parsed are blanked, because they may hold personal data.
#[must_use]
pub fn masked_token(text: &str) -> Option<String> {
    let segments: Vec<String> = match Compact::parse(text.as_bytes(), text.len()) {
        Ok(Compact::Jws { header, payload, signature, .. }) => {
            let (new_header, new_payload) = (masked_header(&header), masked_payload(&payload));
            if new_header == header.encoded && new_payload == payload.encoded {
                return None;
            }
            vec![new_header, new_payload, zeroed(&signature)]
        }
        // An encrypted token can be used by its holder, and only the sizes of its segments are judged.
        Ok(Compact::Jwe { header, .. }) => std::iter::once(masked_header(&header))
            .chain(text.split('.').skip(1).map(|segment| base64url::encode(&vec![0; segment.len() * 3 / 4])))
            .collect(),
        Err(_) => text.split('.').map(masked_segment).collect(),
    };
    Some(segments.join("."))
}

fn masked_header(header: &Segment<'_>) -> String {
    match header.decoded.as_deref().map(JoseHeader::parse) {
        Ok(Ok(parsed)) => {
            let masked = redact(parsed.members());
            // An unchanged header keeps its spelling.
            if masked == parsed.members() {
                header.encoded.to_owned()
            } else {
                encoded(&Value::Object(masked))
            }
        }
        Ok(Err(_)) | Err(_) => blank(header.encoded),
    }
}

fn masked_payload(payload: &Segment<'_>) -> String {
    let Ok(bytes) = payload.decoded.as_deref() else { return blank(payload.encoded) };
    match Payload::parse(bytes) {
        Payload::Claims(claims) => {
            let masked = redact(claims.members());
            if masked == claims.members() {
                payload.encoded.to_owned()
            } else {
                encoded(&Value::Object(with_types(claims.members(), masked)))
            }
        }
        Payload::Json(value) => {
            let masked = redact_value(&value);
            if masked == value { payload.encoded.to_owned() } else { encoded(&masked) }
        }
        Payload::Text("", _) => payload.encoded.to_owned(),
        // Still not JSON.
        Payload::Text(..) => base64url::encode(MASK.as_bytes()),
        Payload::Bytes(..) => base64url::encode(&[MASK.as_bytes(), b"\xFF"].concat()),
    }
}

/// Returns masked claims in which `sub` and `jti` are strings only if they were before, so that the `claim_type` check
/// (RFC 7519 section 4.1) gives the same result.
fn with_types(claims: &[Member<'_>], mut masked: Vec<Member<'static>>) -> Vec<Member<'static>> {
    let judged = |(claim, _): &(&Member<'_>, _)| matches!(&*claim.name, "sub" | "jti");
    for (claim, masked) in claims.iter().zip(&mut masked).filter(judged) {
        match &claim.value {
            // Another number, so that the result never equals the original.
            Value::Number(digits) => masked.value = Value::integer(i64::from(digits == "0")),
            Value::Bool(value) => masked.value = Value::Bool(!value),
            _ => {}
        }
    }
    masked
}

/// Masks a segment of a text that is not a token.
fn masked_segment(segment: &str) -> String {
    let bytes = base64url::decode(segment).ok();
    match bytes.as_deref().and_then(|bytes| json::parse(bytes).ok()) {
        Some(Value::Object(members)) => encoded(&Value::Object(redact(&members))),
        _ => blank(segment),
    }
}

fn encoded(value: &Value<'_>) -> String {
    match value {
        Value::Object(members) => base64url::encode(to_json(members, Escapes::Needed).as_bytes()),
        other => base64url::encode(other.to_string().as_bytes()),
    }
}

/// Returns a segment of the same size in which all bytes are zero.
fn zeroed(segment: &Segment<'_>) -> String {
    match &segment.decoded {
        Ok(bytes) => base64url::encode(&vec![0; bytes.len()]),
        Err(_) => blank(segment.encoded),
    }
}

/// Replaces every Base64url character but the last by `A`. The last one is kept, because its unused bits may be the flaw
/// of the segment.
fn blank(segment: &str) -> String {
    let last = segment.char_indices().next_back().map(|(at, _)| at);
    let blanked = |(at, c): (usize, char)| {
        let is_content = u8::try_from(c).is_ok_and(base64url::is_symbol) && Some(at) != last;
        if is_content { 'A' } else { c }
    };
    segment.char_indices().map(blanked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::Token;
    use crate::core::token::base64url::{decode, encode};

    fn token(header: &str, payload: &[u8], signature: &[u8]) -> String {
        format!("{}.{}.{}", encode(header.as_bytes()), encode(payload), encode(signature))
    }

    /// Returns the decoded segments of a masked token.
    fn parts(text: &str) -> Vec<String> {
        let text = masked_token(text).unwrap();
        text.split('.').map(|part| String::from_utf8_lossy(&decode(part).unwrap()).into_owned()).collect()
    }

    fn reasons(text: &str) -> Vec<String> {
        match Compact::parse(text.as_bytes(), 1 << 20) {
            Ok(compact) => Token::parse(&compact).flaws.iter().map(|flaw| flaw.reason.to_string()).collect(),
            Err(failure) => vec![failure.reason.to_string()],
        }
    }

    #[test]
    fn masks_personal_claims_and_zeroes_the_signature() {
        let text = token(r#"{"alg":"HS256","kid":"k"}"#, br#"{"sub":"alice","exp":1}"#, &[1, 2]);
        assert_eq!(parts(&text), [r#"{"alg":"HS256","kid":"k"}"#, r#"{"sub":"[masked]","exp":1}"#, "\0\0"]);
    }

    #[test]
    fn keeps_the_wrong_types_of_sub_and_jti() {
        for (payload, masked) in [
            (r#"{"sub":7,"jti":true,"user_id":7}"#, r#"{"sub":0,"jti":false,"user_id":"[masked]"}"#),
            (r#"{"sub":0}"#, r#"{"sub":1}"#),
            (r#"{"sub":["al"],"jti":null}"#, r#"{"sub":["[masked]"],"jti":null}"#),
        ] {
            assert_eq!(parts(&token("{}", payload.as_bytes(), &[1]))[1..], [masked, "\0"]);
        }
    }

    #[test]
    fn returns_none_if_there_is_nothing_to_mask() {
        let text = token(r#"{ "alg" : "HS256" }"#, br#"{ "exp" : 1, "iss" : "https://i" }"#, &[1, 2]);
        assert_eq!(masked_token(&text), None);
        assert_eq!(masked_token(&token("{}", b"", b"")), None);
    }

    #[test]
    fn masks_the_header() {
        let text = token(r#"{"alg":"RS256","kid":"al@example.org","nonce":"n"}"#, br#"{"exp":1}"#, &[7; 3]);
        assert_eq!(
            parts(&text),
            [r#"{"alg":"RS256","kid":"[masked]","nonce":"[masked]"}"#, r#"{"exp":1}"#, "\0\0\0"]
        );
    }

    #[test]
    fn an_encrypted_token_keeps_only_its_sizes() {
        let text =
            format!("{}.c2VjcmV0.aXY.c2VjcmV0IHRvbw.dGFn", encode(br#"{"alg":"dir","enc":"A128GCM"}"#));
        let masked = masked_token(&text).unwrap();
        assert_eq!(masked.split_once('.').unwrap().1, "AAAAAAAA.AAA.AAAAAAAAAAAAAA.AAAA");
        assert_eq!(reasons(&masked), ["jwe"]);
    }

    #[test]
    fn hides_the_content_and_keeps_the_flaws() {
        let header = r#"{"alg":"HS256"}"#;
        for text in [
            token(header, b"alice@example.org", b"AA"),
            token(header, b"\"alice\"", b"AA"),
            token(header, br#"["alice"]"#, b"AA"),
            token(header, b"{\"sub\":\"alice\xFF\"}", b"AA"),
            token(header, br#"{"sub":"alice","sub":"bob"}"#, b"AA"),
            token("alice", br#"{"sub":"alice"}"#, b"AA"),
            token(r#"{"alg":7,"user":"alice"}"#, br#"{"sub":"alice"}"#, b"AA"),
            format!("{}.{}.AB", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#)),
            format!("{}.{}B.AA", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#)),
            format!("{}.{}", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#)),
            format!("{}.{}", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#).split_at(13).0),
            format!("{}.{}=.AA", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#)),
            format!("{}.{}.AA.AA.AA.AA", encode(header.as_bytes()), encode(br#"{"sub":"alice"}"#)),
        ] {
            let masked = masked_token(&text).unwrap();
            assert_eq!(reasons(&masked), reasons(&text), "{text} {masked}");
            for segment in masked.split('.') {
                let bytes = decode(segment.trim_end_matches('=')).unwrap_or_default();
                let shown = String::from_utf8_lossy(&bytes).into_owned();
                assert!(!shown.contains("ali") && !shown.contains("bob"), "{masked}: {shown}");
            }
        }
    }

    #[test]
    fn never_panics() {
        for text in ["", ".", "..", "....", "é.é.é", "a", "A=.=", "\u{202e}.\0."] {
            let _ = masked_token(text);
        }
    }
}
