//! The fuzz target of tokens: each text is parsed, judged, and reported as text and as JSON. A valid signature is computed again
//! with another library, and the claims of an accepted token are read with another parser.

use super::json::{DecodeDocument, VerifyDocument};
use super::text::{ReportLength, write_decoded, write_verified};
use super::{Anatomy, KnownSecrets};
use crate::core::encryption::{Decrypter, Encrypter, EncryptionSettings};
use crate::core::json::{append_compact, append_indented};
use crate::core::key::Key;
use crate::core::key::ring::KeyRing;
use crate::core::key::secret::Secret;
use crate::core::redact::Redaction;
use crate::core::text::escape::is_hostile;
use crate::core::text::layout::Screen;
use crate::core::token::base64url::DecodeBuffer;
use crate::core::token::jws::{Compact, MAX_SIZE};
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::check::Detail;
use crate::core::verify::judge::{Judgement, Verdict};
use crate::core::verify::policy::Policy;
use crate::core::verify::{HintScope, Opening, PlainToken, SdJwts, Verification, Verifier};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::sync::LazyLock;

/// 2026-01-31T12:00:00Z.
const NOW: i64 = 1_769_860_800;

/// As long as the hash of HS512, so that each HMAC algorithm fits.
const SECRET: &[u8; 64] = b"zebra-crossing-at-seven-minutes!zebra-crossing-at-seven-minutes!";

static KEYS: LazyLock<KeyRing> =
    LazyLock::new(|| KeyRing::from(Key::hmac(Secret::new(SECRET.to_vec()), None, "a target".to_owned())));

/// Judges a token, or signs one first: a text that begins with `{` is a header on its first line, and a payload.
pub fn token(bytes: &[u8]) {
    let text = if bytes.starts_with(b"{") { signed(bytes) } else { bytes.to_vec() };
    let strict = Policy {
        issuers: vec!["https://id.example".to_owned()],
        audiences: vec!["api".to_owned()],
        strict: true,
        ..Policy::default()
    };
    judge(&text, &Policy::default());
    judge(&text, &strict);
    decode(&text);
}

/// Signs a header and a payload with the algorithm that the header names, or with HS256.
fn signed(lines: &[u8]) -> Vec<u8> {
    let mut parts = lines.splitn(2, |byte| *byte == b'\n');
    let mut next = || URL_SAFE_NO_PAD.encode(parts.next().unwrap_or_default());
    let mut text = format!("{}.{}", next(), next());
    let algorithm = algorithm(&text).unwrap_or(hmac::HMAC_SHA256);
    let tag = hmac::sign(&hmac::Key::new(algorithm, SECRET), text.as_bytes());
    text.push('.');
    text.push_str(&URL_SAFE_NO_PAD.encode(tag));
    text.into_bytes()
}

/// Returns the HMAC algorithm that the header of a token names.
fn algorithm(text: &str) -> Option<hmac::Algorithm> {
    match decoded(text.split('.').next()?)?.get("alg")?.as_str()? {
        "HS256" => Some(hmac::HMAC_SHA256),
        "HS384" => Some(hmac::HMAC_SHA384),
        "HS512" => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

/// Reads a segment with other libraries than the program does.
fn decoded(segment: &str) -> Option<serde_json::Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).ok()?).ok()
}

/// Judges a token alone and inside an encrypted one.
pub fn nested(bytes: &[u8]) {
    let text = signed(bytes);
    let settings =
        EncryptionSettings { compresses: bytes.len().is_multiple_of(2), ..EncryptionSettings::default() };
    let key = Key::hmac(Secret::new(vec![7; 32]), None, "a target".to_owned());
    let decrypter = Decrypter::new(KeyRing::from(key.clone()), MAX_SIZE);
    let (policy, at) = (Policy::default(), NumericDate::from_seconds(NOW));
    let verifier = Verifier::new(&KEYS, &policy).with_decrypter(Some(&decrypter));
    let encrypted = Encrypter::new(&key, settings)
        .and_then(|encrypter| encrypter.encrypt_token(&String::from_utf8_lossy(&text)));
    let Ok(encrypted) = encrypted else { return assert_eq!(text, b"never refused") };
    let opening = verifier.open(encrypted.as_bytes());
    assert_eq!(opening.as_ref().and_then(Opening::signed), Some(&*text));
    let (Ok(alone), Ok(inside)) =
        (verifier.parse(&text), verifier.parse_opened(encrypted.as_bytes(), opening.as_ref()))
    else {
        return assert_eq!(text, b"never malformed");
    };
    let (alone, inside) = (alone.read(), inside.read());
    let (expected, verification) = (verifier.judge(&alone, at).judgement, verifier.judge(&inside, at));
    let judgement = &verification.judgement;
    assert_eq!((judgement.verdict(), &judgement.reasons), (expected.verdict(), &expected.reasons));
    assert_eq!(judgement.checks, expected.checks);
    assert_eq!(judgement.is_authentic(), expected.is_authentic());
    let anatomy = Anatomy::new(inside.token(), at, Redaction::None);
    assert_reported(&verification, Some(&anatomy), at);
}

fn judge(text: &[u8], policy: &Policy) {
    let at = NumericDate::from_seconds(NOW);
    let verifier = Verifier::new(&KEYS, policy).with_sd_jwts(SdJwts::Accepted);
    let parsed = match verifier.parse(text) {
        Ok(parsed) => parsed,
        Err(failure) => {
            let verification = verifier.unreadable(failure, None);
            assert_eq!(verification.judgement.verdict(), Verdict::Malformed);
            return assert_reported(&verification, None, at);
        }
    };
    let submitted = parsed.read();
    let mut verification = verifier.judge(&submitted, at);
    verifier.add_hints(&mut verification, &submitted, HintScope::Verify, at);
    let judgement = &verification.judgement;
    assert_eq!(judgement.verdict() == Verdict::Accepted, judgement.reasons.is_empty());
    let is_verified = judgement.verified_claims().is_some();
    assert!(judgement.is_authentic() || !is_verified);
    if judgement.is_authentic() {
        assert_signed(text);
    }
    if judgement.verdict() == Verdict::Accepted {
        assert_sound(parsed.compact());
    } else if judgement.is_authentic() && !policy.strict {
        assert!(!is_usual(text), "{:?} {}", judgement.reasons, String::from_utf8_lossy(text));
    }
    let anatomy = Anatomy::new(submitted.token(), at, Redaction::None).judged(submitted.sd_jwt());
    assert_reported(&verification, Some(&anatomy), at);
    assert_same_in_lines(text, &verifier, judgement, at);
}

/// Asserts that another library computes the same MAC over the text as it was received.
fn assert_signed(text: &[u8]) {
    let text = text.split(|byte| *byte == b'~').next().unwrap_or_default();
    let text = str::from_utf8(text).unwrap_or_default();
    let Some((input, signature)) = text.rsplit_once('.') else { return assert_eq!(text, "two dots") };
    let tag = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    let valid = algorithm(text).is_some_and(|algorithm| {
        hmac::verify(&hmac::Key::new(algorithm, SECRET), input.as_bytes(), &tag).is_ok()
    });
    assert!(valid, "{text}");
}

/// Asserts that another parser reads claims that are sound at this time.
fn assert_sound(compact: &Compact<'_>) {
    let mut objects = compact.text().split('.').take(2).map(|segment| {
        let bytes = URL_SAFE_NO_PAD.decode(segment).unwrap_or_default();
        (serde_json::from_slice::<Members>(&bytes), serde_json::from_slice(&bytes))
    });
    let (Some((Ok(parameters), Ok(serde_json::Value::Object(header)))), Some((Ok(members), Ok(claims)))) =
        (objects.next(), objects.next())
    else {
        return assert_eq!(compact.text(), "two objects");
    };
    let serde_json::Value::Object(claims) = claims else { return assert_eq!(claims, serde_json::json!({})) };
    assert_eq!((parameters.0.len(), members.0.len()), (header.len(), claims.len()), "a name is repeated");
    assert!(!header.contains_key("crit") && !header.contains_key("b64"));
    let time = |name: &str| claims.get(name).map(|value| value.as_f64());
    assert!(time("exp").is_none_or(|exp| exp.is_some_and(|exp| exp >= NOW as f64)));
    assert!(time("nbf").is_none_or(|nbf| nbf.is_some_and(|nbf| nbf <= NOW as f64)));
    assert!(time("iat").is_none_or(|iat| iat.is_some_and(|iat| iat <= NOW as f64)));
    let text = |name: &str| claims.get(name).is_none_or(serde_json::Value::is_string);
    assert!(["iss", "sub", "jti"].into_iter().all(text), "{claims:?}");
}

/// Reports whether a token has the usual header, and claims of the usual form that are sound now. Such a token is accepted.
fn is_usual(text: &[u8]) -> bool {
    let usual = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let Ok(text) = str::from_utf8(text) else { return false };
    let mut segments = text.split('.');
    if segments.next() != Some(&*usual) {
        return false;
    }
    let payload =
        segments.next().and_then(|segment| URL_SAFE_NO_PAD.decode(segment).ok()).unwrap_or_default();
    let (Ok(Members(members)), Ok(serde_json::Value::Object(claims))) =
        (serde_json::from_slice(&payload), serde_json::from_slice(&payload))
    else {
        return false;
    };
    let is_before = |value: &serde_json::Value| value.as_f64().is_some_and(|time| time <= NOW as f64 - 1.0);
    members.len() == claims.len()
        && claims.iter().all(|(name, value)| match name.as_str() {
            "exp" => value.as_f64().is_some_and(|time| time >= NOW as f64 + 1.0),
            "nbf" | "iat" => is_before(value),
            "iss" | "sub" | "jti" => value.is_string(),
            "aud" => {
                value.is_string() || value.as_array().is_some_and(|all| all.iter().all(|one| one.is_string()))
            }
            name => name.len() <= 2 && !value.is_object() && !value.is_array(),
        })
}

/// The names of the members of an object, repeated ones too.
struct Members(Vec<String>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.push(name);
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// Asserts that text and JSON report the verdict, and let no hostile character through.
fn assert_reported(verification: &Verification<'_>, anatomy: Option<&Anatomy<'_>>, at: NumericDate) {
    let verdict = verification.judgement.verdict().name();
    let mut json = Vec::new();
    let document = VerifyDocument { verification, anatomy, at: at.rfc3339(), wrapping: None };
    append_compact(&mut json, &document);
    let read = assert_json(&json);
    // A number beyond doubles is kept, but serde_json does not read it.
    if !read.is_null() {
        assert_eq!(read.get("verdict").and_then(serde_json::Value::as_str), Some(verdict));
        let reasons: Vec<String> = verification.judgement.reasons.iter().map(ToString::to_string).collect();
        assert_eq!(read.get("reasons"), Some(&serde_json::Value::from(reasons)));
        let is_shown = read.get("payload").is_some_and(|payload| !payload.is_null());
        assert!(verification.judgement.is_authentic() || !is_shown);
        let mut indented = Vec::new();
        append_indented(&mut indented, &document, 0);
        assert_eq!(serde_json::from_slice::<serde_json::Value>(&indented).ok(), Some(read));
    }

    for length in [ReportLength::Verdict, ReportLength::WithToken] {
        for width in [None, Some(40)] {
            let mut text = Vec::new();
            let screen = Screen { width, ..Screen::default() };
            assert!(write_verified(&mut text, verification, anatomy, length, screen).is_ok());
            let text = assert_text(text);
            let is_verdict = |line: &str| line.starts_with(verdict);
            let unindented = |line: &&str| !line.starts_with(' ');
            assert!(text.lines().rfind(unindented).is_some_and(is_verdict), "{text}");
        }
    }
}

/// Asserts that a document is JSON on one line without hostile characters, and returns its content.
fn assert_json(json: &[u8]) -> serde_json::Value {
    let text = String::from_utf8_lossy(json);
    assert_eq!(text.chars().find(|c| is_hostile(*c)), None, "{text}");
    let read = serde_json::from_slice(json);
    let is_out_of_range = |error: &serde_json::Error| error.to_string().starts_with("number out of range");
    assert!(read.as_ref().err().is_none_or(is_out_of_range), "{text}");
    read.unwrap_or_default()
}

/// Asserts that a report has no hostile characters but line breaks, and returns it.
fn assert_text(report: Vec<u8>) -> String {
    let text = String::from_utf8(report).unwrap_or_default();
    assert_eq!(text.chars().find(|c| *c != '\n' && is_hostile(*c)), None, "{text}");
    assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
    text
}

/// Asserts that a header of the cache, and a judgement without words, give the same reasons.
fn assert_same_in_lines(text: &[u8], verifier: &Verifier<'_>, alone: &Judgement<'_>, at: NumericDate) {
    let mut cache = verifier.with_detail(Detail::ReasonsOnly).header_cache();
    let Some(cached) = cache.lookup(text).cloned() else { return };
    let mut buffer = DecodeBuffer::default();
    let plain = PlainToken::parse(verifier, text, &cached, &mut buffer);
    if let Some(plain) = plain.filter(|plain| plain.is_accepted(at)) {
        assert_eq!((alone.verdict(), &*alone.warnings), (Verdict::Accepted, plain.warnings()));
    }
    let parsed = verifier.parse_cached(text, Some(&cached));
    for parsed in plain.and_then(|plain| plain.parsed().ok()).into_iter().chain(parsed) {
        let submitted = parsed.read();
        for detail in [Detail::Full, Detail::ReasonsOnly] {
            let judgement = verifier.with_detail(detail).judge(&submitted, at).judgement;
            assert_eq!((judgement.verdict(), &judgement.reasons), (alone.verdict(), &alone.reasons));
            assert_eq!(judgement.is_authentic(), alone.is_authentic());
            assert!(detail == Detail::ReasonsOnly || judgement.checks == alone.checks);
        }
    }
}

/// Describes a token without a key, whole and masked.
fn decode(text: &[u8]) {
    let at = NumericDate::from_seconds(NOW);
    let policy = Policy::default();
    let verifier = Verifier::without_key(&policy).with_sd_jwts(SdJwts::Accepted);
    let Ok(parsed) = verifier.parse(text) else { return };
    assert!(parsed.is_sd_jwt() || Compact::parse_to_show(text, MAX_SIZE).is_ok());
    let submitted = parsed.read();
    let judgement = verifier.judge(&submitted, at).judgement;
    assert!(!judgement.is_authentic() && judgement.verified_claims().is_none());
    for redaction in [Redaction::None, Redaction::Mask] {
        let anatomy = Anatomy::new(submitted.token(), at, redaction);
        let anatomy = anatomy.with_known_secrets(KnownSecrets::NotTried).judged(submitted.sd_jwt());
        let mut json = Vec::new();
        append_compact(&mut json, &DecodeDocument(&anatomy, None));
        assert_json(&json);
        let mut text = Vec::new();
        assert!(write_decoded(&mut text, &anatomy, Screen::default()).is_ok());
        assert_text(text);
    }
}
