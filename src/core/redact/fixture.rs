//! A token made safe to keep in a file and to share, and still a token: the text of one that can be judged, names nobody
//! and opens nothing. What `redact` masks is masked, and where anything was, the signature is gone as well: with a
//! public key it would tell whoever guesses at a masked value whether the guess is right.

use crate::core::json::{self, Member, Value};
use crate::core::mint::encoding::to_json;
use crate::core::redact::{MASK, redact, redact_value};
use crate::core::text::escape::Escapes;
use crate::core::token::base64url;
use crate::core::token::claims::Payload;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, Segment};

/// The text of a token without what may tell who somebody is and without its signature, or nothing if all that it says
/// may be seen by anybody. What cannot be read is blanked: nobody knows what it says.
#[must_use]
pub fn disarmed(text: &str) -> Option<String> {
    let segments: Vec<String> = match Compact::parse(text.as_bytes(), text.len()) {
        Ok(Compact::Jws { header, payload, signature, .. }) => {
            let (new_header, new_payload) = (masked_header(&header), masked_payload(&payload));
            if new_header == header.encoded && new_payload == payload.encoded {
                return None;
            }
            vec![new_header, new_payload, without_content(&signature)]
        }
        // What is encrypted can be used by whoever holds it, and its sizes are all that can be judged.
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
            // What need not be changed stays as it was written.
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
        // No JSON, as it was not before.
        Payload::Text(..) => base64url::encode(MASK.as_bytes()),
        Payload::Bytes(..) => base64url::encode(&[MASK.as_bytes(), b"\xFF"].concat()),
    }
}

/// Masked claims, of which those that have to be texts (RFC 7519 section 4.1) are none where they were none before.
fn with_types(claims: &[Member<'_>], mut masked: Vec<Member<'static>>) -> Vec<Member<'static>> {
    let judged = |(claim, _): &(&Member<'_>, _)| matches!(&*claim.name, "sub" | "jti");
    for (claim, masked) in claims.iter().zip(&mut masked).filter(judged) {
        match &claim.value {
            // Another one, so that it is never the very token.
            Value::Number(digits) => masked.value = Value::integer(i64::from(digits == "0")),
            Value::Bool(value) => masked.value = Value::Bool(!value),
            _ => {}
        }
    }
    masked
}

/// A segment of something that is no token.
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

/// As many bytes, all of them zero.
fn without_content(segment: &Segment<'_>) -> String {
    match &segment.decoded {
        Ok(bytes) => base64url::encode(&vec![0; bytes.len()]),
        Err(_) => blank(segment.encoded),
    }
}

/// The same text with every symbol that says something replaced. The last one stays: its unused bits may be what is wrong.
fn blank(segment: &str) -> String {
    let last = segment.char_indices().next_back().map(|(at, _)| at);
    let blanked = |(at, c): (usize, char)| {
        let says = u8::try_from(c).is_ok_and(base64url::is_symbol) && Some(at) != last;
        if says { 'A' } else { c }
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

    /// The segments of a disarmed token, decoded.
    fn parts(text: &str) -> Vec<String> {
        let text = disarmed(text).unwrap();
        text.split('.').map(|part| String::from_utf8_lossy(&decode(part).unwrap()).into_owned()).collect()
    }

    fn reasons(text: &str) -> Vec<String> {
        match Compact::parse(text.as_bytes(), 1 << 20) {
            Ok(compact) => Token::parse(&compact).flaws.iter().map(|flaw| flaw.reason.to_string()).collect(),
            Err(failure) => vec![failure.reason.to_string()],
        }
    }

    #[test]
    fn masks_who_and_takes_the_signature_with_it() {
        let text = token(r#"{"alg":"HS256","kid":"k"}"#, br#"{"sub":"alice","exp":1}"#, &[1, 2]);
        assert_eq!(parts(&text), [r#"{"alg":"HS256","kid":"k"}"#, r#"{"sub":"[masked]","exp":1}"#, "\0\0"]);
    }

    #[test]
    fn what_should_have_been_a_text_becomes_none() {
        for (payload, masked) in [
            (r#"{"sub":7,"jti":true,"user_id":7}"#, r#"{"sub":0,"jti":false,"user_id":"[masked]"}"#),
            (r#"{"sub":0}"#, r#"{"sub":1}"#),
            (r#"{"sub":["al"],"jti":null}"#, r#"{"sub":["[masked]"],"jti":null}"#),
        ] {
            assert_eq!(parts(&token("{}", payload.as_bytes(), &[1]))[1..], [masked, "\0"]);
        }
    }

    #[test]
    fn leaves_alone_what_names_nobody() {
        let text = token(r#"{ "alg" : "HS256" }"#, br#"{ "exp" : 1, "iss" : "https://i" }"#, &[1, 2]);
        assert_eq!(disarmed(&text), None);
        assert_eq!(disarmed(&token("{}", b"", b"")), None);
    }

    #[test]
    fn masks_the_header_too() {
        let text = token(r#"{"alg":"RS256","kid":"al@example.org","nonce":"n"}"#, br#"{"exp":1}"#, &[7; 3]);
        assert_eq!(
            parts(&text),
            [r#"{"alg":"RS256","kid":"[masked]","nonce":"[masked]"}"#, r#"{"exp":1}"#, "\0\0\0"]
        );
    }

    #[test]
    fn an_encrypted_token_keeps_its_sizes_alone() {
        let text =
            format!("{}.c2VjcmV0.aXY.c2VjcmV0IHRvbw.dGFn", encode(br#"{"alg":"dir","enc":"A128GCM"}"#));
        let disarmed = disarmed(&text).unwrap();
        assert_eq!(disarmed.split_once('.').unwrap().1, "AAAAAAAA.AAA.AAAAAAAAAAAAAA.AAAA");
        assert_eq!(reasons(&disarmed), ["jwe"]);
    }

    #[test]
    fn says_nothing_of_what_it_was_and_has_the_same_flaws() {
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
            let masked = disarmed(&text).unwrap();
            assert_eq!(reasons(&masked), reasons(&text), "{text} {masked}");
            for segment in masked.split('.') {
                let bytes = decode(segment.trim_end_matches('=')).unwrap_or_default();
                let shown = String::from_utf8_lossy(&bytes).into_owned();
                assert!(!shown.contains("ali") && !shown.contains("bob"), "{masked}: {shown}");
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for text in ["", ".", "..", "....", "é.é.é", "a", "A=.=", "\u{202e}.\0."] {
            let _ = disarmed(text);
        }
    }
}
