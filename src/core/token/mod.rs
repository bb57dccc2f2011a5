//! JOSE and JWT as written (RFC 7515, RFC 7519): parsing a token without a key.
//!
//! A JWT in compact serialization is `header.payload.signature`. Each segment is Base64url; the header and the payload are
//! JSON objects. [`jws`] splits the text and decodes the segments, [`header`] and [`claims`] give the JSON its meaning, and
//! [`Token`] collects all three with the defects of their form. Nothing here verifies: see `core::verify`.

pub mod algorithm;
pub mod base64url;
mod claim_index;
pub mod claims;
pub mod date_text;
pub mod detached;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub mod header;
mod instant_guess;
pub mod jws;
pub mod kind;
pub mod numeric_date;
pub mod parameter;
pub(crate) mod plain_claims;
pub mod segment_shape;
pub mod serialization;

use super::json;
use super::reason::{Failure, Malformed, Reason};
use crate::core::text::escape::{excerpt, is_compact_json};
use crate::core::token::algorithm::{AlgName, Algorithm};
use crate::core::token::claims::{ClaimsSet, Payload};
use crate::core::token::detached::DetachedPayload;
use crate::core::token::header::JoseHeader;
use crate::core::token::jws::{Compact, Segment, SigningInput, signing_input, signing_input_before};
use crate::core::token::serialization::{JsonContent, JsonEntry};

/// A parsed token. None of its content is verified.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// The segments and their decoded bytes.
    pub compact: &'t Compact<'t>,
    /// The JOSE header, or why it cannot be read.
    pub header: Result<JoseHeader<'t>, Failure>,
    /// The payload, if the token is a JWS and its second segment decodes, or the detached payload if it is held.
    pub payload: Option<Payload<'t>>,
    /// The payload that was given apart from the token.
    pub detached: Option<&'t DetachedPayload>,
    /// The defects that keep the token from being a well-formed, signed JWT.
    pub flaws: Vec<Failure>,
    /// The signature or the recipient of a document, if the token was received in JSON serialization.
    pub json: Option<&'t JsonEntry>,
}

impl<'t> Token<'t> {
    /// Parses the decoded segments of a token.
    #[must_use]
    pub fn parse(compact: &'t Compact<'t>) -> Self {
        Self::parse_with_header(None, compact)
    }

    /// Parses the decoded segments of a token. A header that is already parsed is used as it is.
    #[must_use]
    pub fn parse_with_header(known: Option<&'t JoseHeader<'_>>, compact: &'t Compact<'t>) -> Self {
        let header = known.map_or_else(|| read_header(compact), |header| Ok(header.borrowed()));
        let payload = match compact {
            Compact::Jws { payload, .. } if header.as_ref().is_ok_and(JoseHeader::is_unencoded) => {
                Some(Payload::parse(payload.encoded.as_bytes()))
            }
            Compact::Jws { payload, .. } => payload.decoded.as_deref().ok().map(Payload::parse),
            Compact::Jwe { .. } => None,
        };
        let flaws = flaws(compact, header.as_ref(), payload.as_ref(), None, None);
        Self { compact, header, payload, detached: None, flaws, json: None }
    }

    /// Parses the decoded segments of one signature or one recipient of a document. The header is the protected one.
    #[must_use]
    pub fn parse_json(signature: &'t JsonEntry, compact: &'t Compact<'t>) -> Self {
        let token = Self::parse(compact);
        let header = match token.header {
            Err(_) if !signature.is_protected() => Ok(JoseHeader::from_members(Vec::new())),
            header => header,
        };
        let flaws = flaws(compact, header.as_ref(), token.payload.as_ref(), Some(signature), None);
        Self { header, flaws, json: Some(signature), ..token }
    }

    /// Parses a token whose payload is given apart from it, or one signature of such a document. The payload need not be a
    /// claims set.
    #[must_use]
    pub fn parse_detached(
        json: Option<&'t JsonEntry>,
        compact: &'t Compact<'t>,
        detached: &'t DetachedPayload,
    ) -> Self {
        let token = match json {
            Some(signature) => Self::parse_json(signature, compact),
            None => Self::parse(compact),
        };
        let payload = detached.bytes().map(Payload::parse);
        let flaws = flaws(compact, token.header.as_ref(), payload.as_ref(), json, Some(detached));
        Self { payload, detached: Some(detached), flaws, ..token }
    }

    /// Returns the bytes that the signature covers, unless a detached payload was read in pieces.
    #[must_use]
    pub fn signing_input(&self) -> Option<SigningInput<'t>> {
        match (self.detached, self.compact) {
            (Some(detached), _) => detached.signing_input(),
            (None, Compact::Jws { text, signature, .. }) => Some(signing_input_before(text, signature)),
            (None, Compact::Jwe { text, .. }) => Some(signing_input(text)),
        }
    }

    /// Reports whether the token is a JWS that holds no payload, and none was given apart from it.
    #[must_use]
    pub const fn lacks_payload(&self) -> bool {
        matches!(self.compact, Compact::Jws { payload, .. } if payload.encoded.is_empty())
            && self.detached.is_none()
    }

    /// Reports whether the token is an encrypted one that has only three of its five segments. One with claims is not encrypted,
    /// whatever its header says.
    #[must_use]
    pub fn is_cut_jwe(&self) -> bool {
        matches!(self.compact, Compact::Jws { .. })
            && self.json.is_none()
            && self.detached.is_none()
            && self.unverified_claims().is_none()
            && self.header.as_ref().is_ok_and(is_encrypted)
    }

    /// Returns a payload that the token does not hold as Base64url, in that form.
    #[must_use]
    pub fn payload_encoded_apart(&self) -> Option<String> {
        self.detached.and_then(DetachedPayload::bytes).map(base64url::encode)
    }

    /// Returns an encrypted token with its decrypted content as the payload, or without one if it was not decrypted. The
    /// flaws are those of the content.
    #[must_use]
    pub fn opened(compact: &'t Compact<'t>, content: Option<&'t [u8]>) -> Self {
        let payload = content.map(Payload::parse);
        let mut flaws: Vec<Failure> = payload.as_ref().and_then(Payload::flaw).into_iter().collect();
        let duplicate = match &payload {
            Some(Payload::Claims(claims)) => claims.first_duplicate(),
            _ => None,
        };
        flaws.extend(duplicate.map(|name| {
            let detail = format!("the payload has {} more than once", excerpt(&name));
            Failure::malformed(Malformed::DuplicateMember, detail)
        }));
        Self { compact, header: read_header(compact), payload, detached: None, flaws, json: None }
    }

    /// Returns an encrypted document with its decrypted content as the payload, for one recipient. The header is the protected
    /// one.
    #[must_use]
    pub fn opened_json(entry: &'t JsonEntry, compact: &'t Compact<'t>, content: Option<&'t [u8]>) -> Self {
        let token = Self::opened(compact, content);
        let header = match token.header {
            Err(_) if !entry.is_protected() => Ok(JoseHeader::from_members(Vec::new())),
            header => header,
        };
        Self { header, json: Some(entry), ..token }
    }

    /// Returns a header parameter as text. That of an encrypted document may be in an unprotected header
    /// (RFC 7516 section 7.2.1), that of any other token is in the protected one.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let protected = self.header.as_ref().ok()?.get(name);
        let entry = self.json.filter(|entry| entry.content() == JsonContent::Encrypted);
        let unprotected = || {
            let entry = entry?;
            json::find(entry.unprotected(), name).or_else(|| json::find(entry.shared(), name))
        };
        match protected {
            Some(value) => value.as_str(),
            None => unprotected()?.as_str(),
        }
    }

    /// Returns the claims, if the payload is a JSON object. They are unverified.
    #[must_use]
    pub fn unverified_claims(&self) -> Option<&ClaimsSet<'t>> {
        self.payload.as_ref()?.claims()
    }

    /// Returns the received text of the header, if it has the form in which a report writes it.
    #[must_use]
    pub fn compact_header(&self) -> Option<&[u8]> {
        let is_own = self.json.is_none() && self.header.is_ok();
        Some(self.compact.header().bytes()).filter(|text| is_own && is_compact_json(text))
    }

    /// Returns the received text of the claims, if it has the form in which a report writes it.
    #[must_use]
    pub fn compact_claims(&self) -> Option<&[u8]> {
        let Compact::Jws { payload, .. } = self.compact else { return None };
        let is_own = self.json.is_none() && self.detached.is_none() && self.unverified_claims().is_some();
        let is_encoded = self.header.as_ref().is_ok_and(|header| !header.is_unencoded());
        Some(payload.bytes()).filter(|text| is_own && is_encoded && is_compact_json(text))
    }

    /// Returns the sizes of a signature that has fewer bytes than its algorithm makes. An empty one is not cut short.
    #[must_use]
    pub fn short_signature(&self) -> Option<ShortSignature> {
        let Compact::Jws { signature, .. } = self.compact else { return None };
        let algorithm: Algorithm = self.header.as_ref().ok()?.alg().ok()?.parse().ok()?;
        let wanted = algorithm.signature_bytes()?;
        // Each character of Base64url has six bits. One that does not decode counts too.
        let bytes = signature.encoded.len() * 6 / 8;
        (1..wanted).contains(&bytes).then_some(ShortSignature { bytes, wanted, algorithm })
    }
}

/// The sizes of a signature that has too few bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShortSignature {
    /// The number of whole bytes.
    pub bytes: usize,
    /// The number of bytes that the algorithm makes.
    pub wanted: usize,
    /// The algorithm that the header names.
    pub algorithm: Algorithm,
}

/// Reads the header from its segment.
fn read_header<'t>(compact: &'t Compact<'t>) -> Result<JoseHeader<'t>, Failure> {
    match &compact.header().decoded {
        Ok(bytes) => JoseHeader::parse(bytes),
        Err(_) => Err(undecodable("header", compact.header())),
    }
}

/// Lists the defects of the form, in the order in which reports show them.
fn flaws(
    compact: &Compact<'_>,
    header: Result<&JoseHeader<'_>, &Failure>,
    payload: Option<&Payload<'_>>,
    json: Option<&JsonEntry>,
    detached: Option<&DetachedPayload>,
) -> Vec<Failure> {
    if json.is_none() && detached.is_none() && is_plain(compact, header, payload) {
        return Vec::new();
    }
    let mut flaws = Vec::new();
    flaws.extend(header.err().cloned());
    match compact {
        Compact::Jwe { .. } => {
            // A header without `enc` and with the algorithm of a signature is none of an encrypted token.
            let is_of_signature = |header: &JoseHeader<'_>| {
                header.get("enc").is_none()
                    && header.alg().is_ok_and(|name| name.parse::<Algorithm>().is_ok())
            };
            let detail = match json {
                None if header.is_ok_and(is_of_signature) => {
                    "five segments, as an encrypted token (JWE, RFC 7516) has, but its header is that of a signed token"
                }
                None => "five segments: encrypted (JWE, RFC 7516), not signed",
                Some(_) => "encrypted (JWE, RFC 7516), not signed",
            };
            flaws.push(Failure::new(Reason::Jwe, detail));
            flaws.extend(header.iter().flat_map(|header| header.wrong_types()));
            flaws.extend(json.iter().flat_map(|json| json.wrong_types()));
        }
        Compact::Jws { payload: encoded, signature, .. } => {
            // RFC 7515 section 4.1.11, RFC 7797: an extension may change the form of the payload.
            let extended = header.is_ok_and(JoseHeader::has_extension);
            if encoded.decoded.is_err() && !extended {
                flaws.push(undecodable("payload", encoded));
            }
            if signature.decoded.is_err() {
                flaws.push(undecodable("signature", signature));
            }
            if detached.is_some() {
                // The payload may be of any form. Only claims are judged.
            } else if json.is_none()
                && payload.and_then(Payload::claims).is_none()
                && header.is_ok_and(is_encrypted)
            {
                flaws.retain(|flaw| flaw.reason != Reason::Malformed(Malformed::Base64));
                let detail =
                    "3 segments, but an encrypted token has five (its header names `enc`): it is cut short";
                flaws.push(Failure::malformed(Malformed::Segments, detail));
            } else if encoded.encoded.is_empty() && !extended && !json.is_some_and(JsonEntry::has_payload) {
                // RFC 7515 appendix F. Only the signature tells whether the payload is empty or elsewhere.
                let detail = match json {
                    None => "the token has no payload between its dots",
                    Some(_) => "the document has no `payload`",
                };
                flaws.push(Failure::new(Reason::Detached, detail));
            } else {
                flaws.extend(payload.filter(|_| !extended).and_then(Payload::flaw));
            }
            if let Ok(header) = header {
                let of_json = json.map(|json| json.flaws(header)).unwrap_or_default();
                let is_named = of_json.iter().any(|flaw| flaw.reason == Reason::Malformed(Malformed::Alg));
                let is_repeated =
                    |flaw: &Failure| is_named && flaw.reason == Reason::Malformed(Malformed::Alg);
                flaws.extend(header.flaws().filter(|flaw| !is_repeated(flaw)));
                flaws.extend(of_json);
            }
        }
    }
    let in_header = header.ok().and_then(|header| header.duplicate().map(str::to_owned));
    let in_payload = match payload {
        Some(Payload::Claims(claims)) => claims.first_duplicate(),
        Some(Payload::Json(value)) if detached.is_none() => value.first_duplicate(),
        _ => None,
    };
    let named = in_header.map(|name| ("header", name)).or_else(|| in_payload.map(|name| ("payload", name)));
    if let Some((segment, name)) = named {
        let detail = format!("the {segment} has {} more than once", excerpt(&name));
        flaws.push(Failure::malformed(Malformed::DuplicateMember, detail));
    }
    flaws
}

/// Reports whether a header is that of an encrypted token: it names `enc`, and no algorithm of signatures.
fn is_encrypted(header: &JoseHeader<'_>) -> bool {
    header.get("enc").is_some()
        && header.alg().is_ok_and(|name| matches!(AlgName::parse(name), AlgName::Unknown))
}

/// Reports whether the form has no defect: the usual case, without the questions of the others.
fn is_plain(
    compact: &Compact<'_>,
    header: Result<&JoseHeader<'_>, &Failure>,
    payload: Option<&Payload<'_>>,
) -> bool {
    let (Compact::Jws { signature, .. }, Some(Payload::Claims(claims))) = (compact, payload) else {
        return false;
    };
    header.is_ok_and(JoseHeader::is_plain) && signature.decoded.is_ok() && claims.first_duplicate().is_none()
}

/// Returns the failure of a segment that does not decode.
fn undecodable(name: &str, segment: &Segment<'_>) -> Failure {
    let detail = match segment.decoded {
        Ok(_) => format!("the {name} cannot be read"),
        Err(error) => format!("the {name} is not Base64url: {error}"),
    };
    Failure::malformed(Malformed::Base64, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::base64url;

    fn flaws(header: &str, payload: &str) -> Vec<String> {
        let text =
            format!("{}.{}.AA", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()));
        let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
        Token::parse(&compact).flaws.iter().map(|flaw| flaw.reason.to_string()).collect()
    }

    #[test]
    fn lists_every_defect_of_the_form() {
        assert_eq!(flaws(r#"{"alg":"HS256"}"#, "{}"), [""; 0]);
        assert_eq!(
            flaws(r#"{"alg":1,"kid":2,"kid":3}"#, "x"),
            ["malformed:payload_json", "malformed:alg", "malformed:kid", "malformed:duplicate_member"]
        );
        assert_eq!(flaws("[]", "[]"), ["malformed:header_json", "malformed:payload_not_object"]);
    }

    #[test]
    fn finds_duplicates_in_nested_claims() {
        assert_eq!(flaws(r#"{"alg":"HS256"}"#, r#"{"a":{"b":1,"b":2}}"#), ["malformed:duplicate_member"]);
    }

    #[test]
    fn reads_the_header_of_a_jwe() {
        let compact = Compact::parse(b"eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn", 100).unwrap();
        let token = Token::parse(&compact);
        assert_eq!(token.header.as_ref().unwrap().alg(), Ok("dir"));
        assert_eq!(token.flaws.len(), 1);
    }

    #[test]
    fn finds_a_signature_that_is_too_short() {
        let short = |header: &str, length: usize| {
            let text = format!("{}.e30.{}", base64url::encode(header.as_bytes()), "A".repeat(length));
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            Token::parse(&compact).short_signature().map(|short| (short.bytes, short.wanted))
        };
        let hs256 = r#"{"alg":"HS256"}"#;
        for (length, expected) in
            [(0, None), (1, None), (2, Some((1, 32))), (42, Some((31, 32))), (43, None), (86, None)]
        {
            assert_eq!(short(hs256, length), expected, "{length}");
        }
        assert_eq!(short(r#"{"alg":"HS512"}"#, 85), Some((63, 64)));
        assert_eq!(short(r#"{"alg":"RS256"}"#, 42), None);
        assert_eq!(short("{}", 42), None);
    }

    #[test]
    fn returns_the_received_text_of_compact_json_alone() {
        let texts = |header: &str, payload: &str| {
            let [header, payload] = [header, payload].map(|part| base64url::encode(part.as_bytes()));
            let text = format!("{header}.{payload}.AA");
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            let token = Token::parse(&compact);
            (token.compact_header().is_some(), token.compact_claims().is_some())
        };
        // A shorter text is not looked at.
        let (header, claims) = (r#"{"alg":"HS256","kid":"a"}"#, r#"{"sub":"alice-000001"}"#);
        assert_eq!(texts(header, claims), (true, true));
        assert_eq!(texts(r#"{"alg":"HS256", "kid":"a"}"#, claims), (false, true));
        assert_eq!(texts(header, r#"{"sub": "alice-000001"}"#), (true, false));
        assert_eq!(texts(header, r#"["sub","alice-000001"]"#), (true, false));
        assert_eq!(texts(r#"["sub","alice-000001"]"#, claims), (false, false));
        let encoded = [header, claims].map(|part| base64url::encode(part.as_bytes())).join(".") + ".AA";
        let compact = Compact::parse(encoded.as_bytes(), 1000).unwrap();
        let payload = DetachedPayload::held(&compact, claims.as_bytes().to_vec());
        assert_eq!(Token::parse_detached(None, &compact, &payload).compact_claims(), None);
    }

    #[test]
    fn reads_the_header_of_a_document_that_protects_none() {
        let payload = base64url::encode(br#"{"sub":"alice-000001"}"#);
        let protected = base64url::encode(br#"{"alg":"HS256","kid":"a"}"#);
        for (members, is_read, alg) in [
            (format!(r#""protected":"{protected}""#), true, Some("HS256")),
            (r#""header":{"alg":"HS256"}"#.to_owned(), true, None),
            (r#""protected":"W10""#.to_owned(), false, None),
        ] {
            let text = format!(r#"{{"payload":"{payload}",{members},"signature":"AA"}}"#);
            let document =
                serialization::JsonJws::parse(text.as_bytes(), 1 << 20, jws::Padding::Refused).unwrap();
            let compact = document.signatures[0].compact(jws::Padding::Refused).unwrap();
            let token = Token::parse_json(&document.signatures[0], &compact);
            assert_eq!(token.header.is_ok(), is_read, "{text}");
            assert_eq!(token.header.as_ref().ok().and_then(|header| header.alg().ok()), alg, "{text}");
            assert_eq!((token.compact_header(), token.compact_claims()), (None, None), "{text}");
        }
    }

    #[test]
    fn tells_an_encrypted_token_that_is_cut_short_from_a_signed_one() {
        let encrypted = r#"{"alg":"dir","enc":"A128GCM"}"#;
        for (header, rest, is_cut, expected) in [
            (encrypted, ".aXY", true, "malformed:segments"),
            (encrypted, "aXY.Y3Q", true, "malformed:segments"),
            // Nothing else is told about its parts: they are not a payload and a signature.
            (encrypted, "aXY.x", true, "malformed:segments"),
            (encrypted, "x.Y3Q", true, "malformed:segments"),
            // One with claims is not encrypted.
            (encrypted, "e30.AA", false, ""),
            (encrypted, "eyJhIjoxLCJhIjoxfQ.AA", false, "malformed:duplicate_member"),
            (r#"{"alg":"HS256","enc":"A128GCM"}"#, "aXY.AA", false, "malformed:payload_json"),
            (r#"{"alg":"dir"}"#, "aXY.AA", false, "malformed:payload_json"),
        ] {
            let text = format!("{}.{rest}", base64url::encode(header.as_bytes()));
            let compact = Compact::parse(text.as_bytes(), 1 << 20).unwrap();
            let token = Token::parse(&compact);
            let flaws: Vec<String> = token.flaws.iter().map(|flaw| flaw.reason.to_string()).collect();
            assert_eq!((token.is_cut_jwe(), flaws.join(" ")), (is_cut, expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn reads_a_payload_that_is_not_encoded() {
        let text =
            format!(r#"{}.{{"sub":"alice"}}.AA"#, base64url::encode(br#"{"alg":"HS256","b64":false}"#));
        let compact = Compact::parse_to_show(text.as_bytes(), 1 << 20).unwrap();
        let token = Token::parse(&compact);
        let claims = token.unverified_claims().unwrap();
        assert_eq!(claims.get("sub").and_then(json::Value::as_str), Some("alice"));
    }

    /// Returns the only recipient of an encrypted document.
    fn recipient(
        protected: Option<&str>,
        shared: &[json::Member<'_>],
        header: &[json::Member<'_>],
    ) -> JsonEntry {
        let segments = ["", "aXY", "Y3Q", "dGFn"];
        let parts = serialization::RecipientParts { protected, segments, shared, aad: None, header };
        JsonEntry::recipient(serialization::JsonForm::Flattened, (1, 1), &parts).unwrap()
    }

    #[test]
    fn an_encrypted_document_needs_no_protected_header_but_a_sound_one() {
        for (protected, is_read) in [(None, true), (Some("e30"), true), (Some("W10"), false)] {
            let entry = recipient(protected, &[], &[]);
            let compact = entry.compact(jws::Padding::Refused).unwrap();
            let token = Token::opened_json(&entry, &compact, Some(b"{}"));
            assert_eq!(token.header.is_ok(), is_read, "{protected:?}");
        }
    }

    #[test]
    fn only_an_encrypted_document_has_parameters_in_unprotected_headers() {
        let member = |name, text| json::Member::new(name, json::Value::string(text));
        let protected = base64url::encode(br#"{"alg":"dir"}"#);
        let (shared, header) = ([member("enc", "shared"), member("kid", "shared")], [member("enc", "own")]);
        let entry = recipient(Some(&protected), &shared, &header);
        let compact = entry.compact(jws::Padding::Refused).unwrap();
        let token = Token::opened_json(&entry, &compact, None);
        let parameters = ["alg", "enc", "kid", "zip"].map(|name| token.parameter(name));
        assert_eq!(parameters, [Some("dir"), Some("own"), Some("shared"), None]);

        let text = format!(
            r#"{{"payload":"e30","protected":"{protected}","header":{{"enc":"x"}},"signature":"AA"}}"#
        );
        let document =
            serialization::JsonJws::parse(text.as_bytes(), 1 << 20, jws::Padding::Refused).unwrap();
        let compact = document.signatures[0].compact(jws::Padding::Refused).unwrap();
        let token = Token::parse_json(&document.signatures[0], &compact);
        assert_eq!(["alg", "enc"].map(|name| token.parameter(name)), [Some("dir"), None]);
    }

    #[test]
    fn finds_duplicates_in_any_json_that_the_token_holds() {
        let duplicate = |flaw: &String| flaw == "malformed:duplicate_member";
        assert!(flaws(r#"{"alg":"HS256"}"#, r#"[{"a":1,"a":2}]"#).iter().any(duplicate));
        let compact = Compact::parse(b"eyJhbGciOiJIUzI1NiJ9..AA", 100).unwrap();
        let payload = DetachedPayload::held(&compact, br#"[{"a":1,"a":2}]"#.to_vec());
        assert_eq!(Token::parse_detached(None, &compact, &payload).flaws, []);
    }
}
