//! The JSON serialization (RFC 7515 section 7.2, RFC 7516 section 7.2), flattened and general. Each signature becomes a token
//! of its own, with the signing input of the compact serialization. `core::encryption` reads the documents of encrypted
//! tokens, and keeps the entry of each recipient here. Nothing here verifies, and no text is repaired.

use super::base64url;
use super::detached::DetachedPayload;
use super::header::JoseHeader;
use super::jws::{Compact, Padding, too_large};
use super::parameter::wrong_types;
use crate::core::json::{self, JsonErrorKind, Member, Value, find};
use crate::core::reason::{Failure, Malformed};
use crate::core::text::escape::excerpt;

/// The largest number of signatures that is read.
pub const MAX_SIGNATURES: usize = 32;

/// The maximum size of the payloads of all signatures together, in multiples of the limit for a token.
const MAX_WORK: usize = 4;

/// The forms of the JSON serialization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonForm {
    /// One signature, in the document itself (RFC 7515 section 7.2.2).
    Flattened,
    /// An array of signatures (RFC 7515 section 7.2.1).
    General,
}

impl JsonForm {
    /// Both forms.
    pub const ALL: [Self; 2] = [Self::Flattened, Self::General];

    /// Returns the name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flattened => "flattened",
            Self::General => "general",
        }
    }
}

/// The content of a document in JSON serialization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonContent {
    /// A signed token.
    Signed,
    /// An encrypted token.
    Encrypted,
}

impl JsonContent {
    /// Recognizes a document by its members. It need not be well-formed. Returns `None` for any other object.
    #[must_use]
    pub fn from_members(members: &[Member<'_>]) -> Option<Self> {
        let has = |name| find(members, name).is_some();
        let is_text = |name| find(members, name).is_some_and(|value| value.as_str().is_some());
        // A report of `decode` has a header, a payload and a signature, too. Its payload is not text.
        let is_signed = (has("signatures") && (has("payload") || has("protected")))
            || (has("signature") && (has("protected") || is_text("payload")))
            || (is_text("payload") && is_text("protected"))
            || find(members, "signatures").is_some_and(holds_signatures);
        let is_encrypted = is_text("ciphertext")
            && ["protected", "unprotected", "recipients", "header", "iv", "tag"].into_iter().any(has);
        if is_signed { Some(Self::Signed) } else { is_encrypted.then_some(Self::Encrypted) }
    }

    /// Says that a document stands in the place of a token in compact serialization.
    #[must_use]
    pub const fn instead_of_compact(self) -> &'static str {
        match self {
            Self::Signed => {
                "a signed token in JSON serialization, where one in compact serialization is expected"
            }
            Self::Encrypted => {
                "an encrypted token in JSON serialization, where one in compact serialization is expected"
            }
        }
    }
}

/// Reports whether a value is an array of objects with signatures, as a document without its payload has it.
fn holds_signatures(value: &Value<'_>) -> bool {
    let is_signature = |item: &Value<'_>| item.get("signature").is_some() && item.get("protected").is_some();
    matches!(value, Value::Array(items) if items.iter().any(is_signature))
}

/// A signed token in JSON serialization.
#[derive(Clone, Debug)]
pub struct JsonJws {
    /// The form of the document.
    pub form: JsonForm,
    /// The signatures, in the order of the document. There is at least one.
    pub signatures: Vec<JsonEntry>,
    /// The payload, if the protected headers say that it is not encoded (RFC 7797 section 3).
    pub unencoded: Option<String>,
}

/// One signature of a document, or one recipient of an encrypted one.
#[derive(Clone, Debug)]
pub struct JsonEntry {
    content: JsonContent,
    form: JsonForm,
    number: usize,
    total: usize,
    /// The parts, joined as in the compact serialization.
    text: String,
    is_protected: bool,
    has_payload: bool,
    unprotected: Vec<Member<'static>>,
    shared: Vec<Member<'static>>,
    aad: Option<String>,
}

/// One recipient of an encrypted document, as received.
#[derive(Clone, Copy, Debug)]
pub struct RecipientParts<'m> {
    /// The protected header.
    pub protected: Option<&'m str>,
    /// The encrypted key, the initialization vector, the ciphertext and the tag.
    pub segments: [&'m str; 4],
    /// The unprotected header that all recipients share.
    pub shared: &'m [Member<'m>],
    /// The additional authenticated data.
    pub aad: Option<&'m str>,
    /// The header of the recipient.
    pub header: &'m [Member<'m>],
}

impl JsonJws {
    /// Parses a document. `max_size` limits its length in bytes.
    ///
    /// # Errors
    /// Returns the failure of a document that lacks a member, or that has one of the wrong type.
    pub fn parse(text: &[u8], max_size: usize, padding: Padding) -> Result<Self, Failure> {
        if text.len() > max_size {
            return Err(too_large(text.len() as u64, max_size));
        }
        let value = json::parse(text).map_err(|fault| {
            let malformed = match fault.kind {
                JsonErrorKind::TooDeep => Malformed::TooDeep,
                _ => Malformed::Serialization,
            };
            Failure::malformed(malformed, format!("the JSON serialization is {fault}"))
        })?;
        let Value::Object(members) = &value else {
            return Err(wrong(format!("the document is {}, not an object", value.type_name())));
        };
        if let Some(name) = value.first_duplicate() {
            let detail = format!("the document has {} more than once", excerpt(&name));
            return Err(Failure::malformed(Malformed::DuplicateMember, detail));
        }
        let payload = text_member(members, "payload", "the document")?;
        let (form, parts) = match find(members, "signatures") {
            None => (JsonForm::Flattened, vec![parts(members, "the document", padding)?]),
            Some(Value::Array(items)) => {
                check_signatures(members, items.len(), payload.map_or(0, str::len), max_size)?;
                let entries = items.iter().enumerate();
                let read = entries.map(|(index, item)| entry(index + 1, item, padding));
                (JsonForm::General, read.collect::<Result<_, _>>()?)
            }
            Some(other) => return Err(wrong(format!("`signatures` is {}, not an array", other.type_name()))),
        };
        let is_unencoded = is_unencoded(&parts)?;
        let unencoded = payload.filter(|_| is_unencoded);
        if let Some(payload) = payload.filter(|_| !is_unencoded) {
            check_alphabet("payload", payload, padding)?;
        }
        // The bytes of an unencoded payload are no segment.
        let segment = payload.filter(|_| !is_unencoded).unwrap_or_default();
        let total = parts.len();
        let signature = |(index, part): (usize, Parts<'_>)| JsonEntry {
            content: JsonContent::Signed,
            form,
            number: index + 1,
            total,
            text: [part.protected.unwrap_or_default(), segment, part.signature].join("."),
            is_protected: part.protected.is_some(),
            has_payload: payload.is_some(),
            unprotected: part.header,
            shared: Vec::new(),
            aad: None,
        };
        let signatures = parts.into_iter().enumerate().map(signature).collect();
        Ok(Self { form, signatures, unencoded: unencoded.map(str::to_owned) })
    }

    /// Returns the payload for each signature, in its parsed form, if the payload is not encoded.
    #[must_use]
    pub fn unencoded_payloads<'c, 't: 'c>(
        &self,
        signatures: impl IntoIterator<Item = &'c Compact<'t>>,
    ) -> Option<Vec<DetachedPayload>> {
        let text = self.unencoded.as_ref()?;
        let held = |compact| DetachedPayload::held(compact, text.as_bytes().to_vec());
        Some(signatures.into_iter().map(held).collect())
    }
}

impl JsonEntry {
    /// Returns the entry of one recipient. The number counts from one.
    ///
    /// # Errors
    /// Returns a failure if a part is not Base64url.
    pub fn recipient(
        form: JsonForm,
        (number, total): (usize, usize),
        parts: &RecipientParts<'_>,
    ) -> Result<Self, Failure> {
        let [key, iv, ciphertext, tag] = parts.segments;
        let protected = parts.protected.unwrap_or_default();
        for (name, text) in [
            ("protected", protected),
            ("encrypted_key", key),
            ("iv", iv),
            ("ciphertext", ciphertext),
            ("tag", tag),
            ("aad", parts.aad.unwrap_or_default()),
        ] {
            check_alphabet(name, text, Padding::Refused)?;
        }
        let owned = |members: &[Member<'_>]| members.iter().cloned().map(Member::into_owned).collect();
        Ok(Self {
            content: JsonContent::Encrypted,
            form,
            number,
            total,
            text: [protected, key, iv, ciphertext, tag].join("."),
            is_protected: parts.protected.is_some(),
            has_payload: true,
            unprotected: owned(parts.header),
            shared: owned(parts.shared),
            aad: parts.aad.map(str::to_owned),
        })
    }

    /// Reports whether the entry is a signature or a recipient.
    #[must_use]
    pub const fn content(&self) -> JsonContent {
        self.content
    }

    /// Returns the form of the document.
    #[must_use]
    pub const fn form(&self) -> JsonForm {
        self.form
    }

    /// Returns the number of the entry, from one, and the number of all entries of the document.
    #[must_use]
    pub const fn position(&self) -> (usize, usize) {
        (self.number, self.total)
    }

    /// Returns the text of the token: the parts in the order of the compact serialization, with dots between them.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Reports whether the document holds the payload, which may be empty. Otherwise the payload is detached.
    #[must_use]
    pub const fn has_payload(&self) -> bool {
        self.has_payload
    }

    /// Returns the parameters of the unprotected header of a signature, or of the header of a recipient. They are not
    /// authenticated.
    #[must_use]
    pub fn unprotected(&self) -> &[Member<'static>] {
        &self.unprotected
    }

    /// Returns the unprotected parameters that all recipients share. A signature has none.
    #[must_use]
    pub fn shared(&self) -> &[Member<'static>] {
        &self.shared
    }

    /// Returns the additional authenticated data of an encrypted document, still encoded.
    #[must_use]
    pub fn aad(&self) -> Option<&str> {
        self.aad.as_deref()
    }

    /// Splits the text into segments.
    ///
    /// # Errors
    /// Returns a failure if the text is not Base64url, which was checked when the entry was made.
    pub fn compact(&self, padding: Padding) -> Result<Compact<'_>, Failure> {
        match self.content {
            JsonContent::Signed => {
                Compact::parse_with_header(None, self.text.as_bytes(), usize::MAX, padding)
            }
            JsonContent::Encrypted => Ok(Compact::of_recipient(&self.text)),
        }
    }

    /// Reports whether the entry has a protected header. Without one, no parameter is covered.
    #[must_use]
    pub const fn is_protected(&self) -> bool {
        self.is_protected
    }

    /// Returns the header by which a key is chosen: the protected one, with the key ID of the unprotected one. A key ID only
    /// selects among the keys of the user, so it need not be protected (RFC 7515 appendix D).
    #[must_use]
    pub fn selecting<'h>(&self, protected: &JoseHeader<'h>) -> JoseHeader<'h> {
        let kid = self.unprotected.iter().find(|member| member.name == "kid").cloned();
        JoseHeader::from_members(protected.members().iter().cloned().chain(kid).collect())
    }

    /// Returns the registered parameters of the headers without protection that have the wrong JSON type.
    pub(super) fn wrong_types(&self) -> impl Iterator<Item = Failure> {
        let unprotected =
            wrong_types(&self.unprotected).map(|wrong| wrong.failure(" of the unprotected header"));
        unprotected.chain(wrong_types(&self.shared).map(|wrong| wrong.failure(" of the shared header")))
    }

    /// Lists the faults of the two headers together.
    pub(super) fn flaws(&self, protected: &JoseHeader<'_>) -> Vec<Failure> {
        let mut flaws = Vec::new();
        for (name, malformed) in [("alg", Malformed::Alg), ("crit", Malformed::Crit), ("b64", Malformed::B64)]
        {
            if find(&self.unprotected, name).is_some() && protected.get(name).is_none() {
                let detail = format!("`{name}` is in the unprotected header, which no signature covers");
                flaws.push(Failure::malformed(malformed, detail));
            }
        }
        flaws.extend(self.wrong_types());
        // RFC 7515 section 7.2.1: the names in the two headers must be disjoint.
        if let Some(both) = self.unprotected.iter().find(|member| protected.get(&member.name).is_some()) {
            let detail = format!("both headers of the signature have `{}`", excerpt(&both.name));
            flaws.push(Failure::malformed(Malformed::DuplicateMember, detail));
        }
        flaws
    }
}

/// The members of one signature, as received.
struct Parts<'m> {
    protected: Option<&'m str>,
    header: Vec<Member<'static>>,
    signature: &'m str,
}

/// Reports whether the payload is not encoded. All protected headers must say the same (RFC 7797 section 3).
fn is_unencoded(parts: &[Parts<'_>]) -> Result<bool, Failure> {
    let says_so = |part: &Parts<'_>| {
        let bytes = base64url::decode(part.protected.unwrap_or_default()).unwrap_or_default();
        JoseHeader::parse(&bytes).is_ok_and(|header| header.is_unencoded())
    };
    let count = parts.iter().filter(|part| says_so(part)).count();
    match count {
        0 => Ok(false),
        count if count == parts.len() => Ok(true),
        count => {
            let total = parts.len();
            let detail = format!("{count} of {total} signatures have `b64` false, but all must agree");
            Err(Failure::malformed(Malformed::B64, detail))
        }
    }
}

/// Checks the number of signatures, and that the members of the flattened form are not beside them
/// (RFC 7515 section 7.2.2).
fn check_signatures(
    members: &[Member<'_>],
    count: usize,
    payload: usize,
    max_size: usize,
) -> Result<(), Failure> {
    let beside = ["signature", "protected", "header"].into_iter().find(|name| find(members, name).is_some());
    if let Some(name) = beside {
        return Err(wrong(format!("the document has both `signatures` and `{name}`")));
    }
    if count == 0 {
        return Err(wrong("`signatures` is empty".to_owned()));
    }
    // Each signature has its own copy of the payload.
    let limit = MAX_SIGNATURES.min(max_size.saturating_mul(MAX_WORK) / payload.max(1));
    if count > limit {
        let detail = format!("{count} signatures, but the limit for this payload is {limit}");
        return Err(Failure::malformed(Malformed::TooLarge, detail));
    }
    Ok(())
}

/// Reads one item of the array of signatures.
fn entry<'m>(number: usize, item: &'m Value<'_>, padding: Padding) -> Result<Parts<'m>, Failure> {
    match item {
        Value::Object(members) => parts(members, &format!("signature {number}"), padding),
        other => Err(wrong(format!("signature {number} is {}, not an object", other.type_name()))),
    }
}

/// Reads the members of one signature.
fn parts<'m>(members: &'m [Member<'_>], place: &str, padding: Padding) -> Result<Parts<'m>, Failure> {
    let protected = text_member(members, "protected", place)?;
    let signature = text_member(members, "signature", place)?
        .ok_or_else(|| wrong(format!("{place} has no `signature`")))?;
    let header = match find(members, "header") {
        None => Vec::new(),
        Some(Value::Object(header)) => header.iter().cloned().map(Member::into_owned).collect(),
        Some(other) => {
            return Err(wrong(format!("`header` of {place} is {}, not an object", other.type_name())));
        }
    };
    check_alphabet("protected", protected.unwrap_or_default(), padding)?;
    check_alphabet("signature", signature, padding)?;
    Ok(Parts { protected, header, signature })
}

/// Returns a member that must be text, if it is there.
fn text_member<'m>(members: &'m [Member<'_>], name: &str, place: &str) -> Result<Option<&'m str>, Failure> {
    match find(members, name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(format!("`{name}` of {place} is {}, not a string", other.type_name()))),
    }
}

/// Fails at the first character of a member that is not Base64url. A dot would move the borders of the segments.
fn check_alphabet(name: &str, text: &str, padding: Padding) -> Result<(), Failure> {
    let digits = match padding {
        Padding::Refused => text,
        Padding::Allowed => text.trim_end_matches('='),
    };
    match digits.char_indices().find(|(_, c)| !c.is_ascii() || !base64url::is_symbol(*c as u8)) {
        None => Ok(()),
        Some((offset, c)) => {
            let found = match c {
                '=' => "`=`, but Base64url has no padding".to_owned(),
                '+' | '/' => format!("`{c}`, which belongs to standard Base64, not to Base64url"),
                c if c.is_ascii_graphic() => format!("`{c}`"),
                c => format!("the character U+{:04X}", u32::from(c)),
            };
            let detail = format!("`{name}` has at offset {offset} {found}");
            Err(Failure::malformed(Malformed::Charset, detail))
        }
    }
}

/// Returns the failure of a document with the wrong members.
fn wrong(detail: String) -> Failure {
    Failure::malformed(Malformed::Serialization, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::Token;

    fn parse(text: &str) -> Result<JsonJws, Failure> {
        JsonJws::parse(text.as_bytes(), 1 << 10, Padding::Refused)
    }

    fn recognized(text: &str) -> Option<JsonContent> {
        match json::parse(text.as_bytes()).unwrap() {
            Value::Object(members) => JsonContent::from_members(&members),
            _ => None,
        }
    }

    #[test]
    fn recognizes_documents_even_if_a_member_is_missing() {
        for text in [
            r#"{"payload":"","signatures":[]}"#,
            r#"{"signatures":[{"protected":"","signature":""}]}"#,
            r#"{"protected":"","signature":""}"#,
            r#"{"payload":"","signature":""}"#,
            r#"{"payload":"","protected":""}"#,
            r#"{"payload":{},"protected":"","signature":""}"#,
        ] {
            assert_eq!(recognized(text), Some(JsonContent::Signed), "{text}");
        }
        for text in [r#"{"ciphertext":"","protected":""}"#, r#"{"ciphertext":"","recipients":[]}"#] {
            assert_eq!(recognized(text), Some(JsonContent::Encrypted), "{text}");
        }
    }

    #[test]
    fn recognizes_no_other_object() {
        for text in [
            r#"{"header":{},"payload":{},"signature":""}"#,
            r#"{"payload":{"a":1},"signature":"sha256=00"}"#,
            r#"{"payload":"x"}"#,
            r#"{"signatures":[{"keyid":"a","sig":"b"}]}"#,
            r#"{"signatures":[{"keyid":"a","signature":"b"}]}"#,
            r#"{"signatures":[{"protected":true,"branch":"main"}]}"#,
            r#"{"ciphertext":"vault:v1:AAAA"}"#,
            r#"{"access_token":"e30.e30.AA"}"#,
        ] {
            assert_eq!(recognized(text), None, "{text}");
        }
    }

    #[test]
    fn joins_the_parts_of_each_signature() {
        let text =
            r#"{"payload":"cA","signatures":[{"protected":"aA","signature":"cw"},{"signature":"dA"}]}"#;
        let jws = parse(text).unwrap();
        assert_eq!(jws.form, JsonForm::General);
        let texts: Vec<&str> = jws.signatures.iter().map(JsonEntry::text).collect();
        assert_eq!(texts, ["aA.cA.cw", ".cA.dA"]);
        assert_eq!(jws.signatures[1].position(), (2, 2));
    }

    #[test]
    fn no_text_moves_the_borders_of_the_segments() {
        for name in ["payload", "protected", "signature"] {
            for text in ["a.b", ".", "a..b", "a.b.c"] {
                let mut document = [("payload", "e30"), ("protected", "e30"), ("signature", "AA")];
                document.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, value)| *value = text);
                let members = document.map(|(name, value)| Member::new(name, Value::string(value))).to_vec();
                let failure = parse(&Value::Object(members).to_string()).unwrap_err();
                assert_eq!(failure.reason.to_string(), "malformed:charset", "{name} {text}");
            }
        }
    }

    #[test]
    fn takes_padding_only_if_it_is_allowed() {
        let text = r#"{"payload":"e30=","protected":"e30","signature":"AA=="}"#;
        assert_eq!(parse(text).unwrap_err().reason.to_string(), "malformed:charset");
        let jws = JsonJws::parse(text.as_bytes(), 1 << 10, Padding::Allowed).unwrap();
        assert!(jws.signatures[0].compact(Padding::Allowed).unwrap().is_decoded());
        let inside = text.replace("e30=", "e=0");
        assert!(JsonJws::parse(inside.as_bytes(), 1 << 10, Padding::Allowed).is_err());
    }

    #[test]
    fn limits_the_size_and_the_depth_of_a_document() {
        let text = r#"{"payload":"e30","protected":"e30","signature":"AA"}"#;
        let reason = |text: &str, max_size| {
            let failure = JsonJws::parse(text.as_bytes(), max_size, Padding::Refused).err();
            failure.map(|failure| failure.reason.to_string())
        };
        assert_eq!(reason(text, text.len()), None);
        for less in [1, 2] {
            assert_eq!(reason(text, text.len() - less).as_deref(), Some("malformed:too_large"));
        }
        let deep = format!(r#"{{"header":{}"#, "[".repeat(json::MAX_DEPTH + 1));
        assert_eq!(reason(&deep, 1 << 10).as_deref(), Some("malformed:too_deep"));
        assert_eq!(reason(r#"{"header":["#, 1 << 10).as_deref(), Some("malformed:serialization"));
    }

    #[test]
    fn a_signature_without_a_protected_header_covers_no_parameter() {
        let jws = parse(r#"{"payload":"e30","header":{"alg":"HS256"},"signature":"AA"}"#).unwrap();
        let compact = jws.signatures[0].compact(Padding::Refused).unwrap();
        let token = Token::parse_json(&jws.signatures[0], &compact);
        assert_eq!(token.header.as_ref().unwrap().members(), []);
        let flaws: Vec<String> = token.flaws.iter().map(|flaw| flaw.reason.to_string()).collect();
        assert_eq!(flaws, ["malformed:alg"]);
    }
}
