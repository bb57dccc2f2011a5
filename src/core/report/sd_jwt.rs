//! The report on what follows the issuer's token of an SD-JWT: disclosures and the key binding JWT. Nothing is judged here.

use crate::core::json::{Members, Value};
use crate::core::reason::Failure;
use crate::core::redact::{MASK, Redaction};
use crate::core::report::Anatomy;
use crate::core::report::rows::{claim_rows, header_rows, lines_of};
use crate::core::sd_jwt::{DigestPlace, Disclosure, SdJwt};
use crate::core::text::escape::{Shown, excerpt};
use crate::core::text::layout::{Row, TextLayout};
use crate::core::text::palette::TextRole;
use crate::core::token::Token;
use crate::core::token::jws::Compact;
use crate::core::verify::Verification;
use serde::ser::{Serialize, SerializeMap, Serializer};

impl TextLayout {
    /// Adds the disclosures and the key binding JWT.
    pub(super) fn sd_jwt(
        &mut self,
        sd_jwt: &SdJwt,
        anatomy: &Anatomy<'_>,
        verification: Option<&Verification<'_>>,
    ) {
        self.blank();
        let count = sd_jwt.disclosures.len();
        self.heading(TextRole::Payload, "disclosures", &format!("  {count}"));
        self.rows(TextRole::Payload, disclosure_rows(sd_jwt, anatomy.redaction));
        if let Some(line) = other_digests_line(sd_jwt) {
            self.indented(&line);
        }
        for line in fault_lines(sd_jwt, anatomy, verification) {
            self.line(TextRole::Bad, &format!("  {line}"));
        }
        self.blank();
        let Some(text) = &sd_jwt.key_binding else {
            return self.heading(TextRole::Signature, "key binding", "  none");
        };
        let state = binding_state(verification);
        self.heading(TextRole::Signature, "key binding", &format!("  {state}"));
        if anatomy.is_redacted() {
            return self.indented(MASK);
        }
        let Ok(compact) = Compact::parse(text.as_bytes(), text.len()) else {
            return self.indented(&format!("not a JWT: {}", Shown(&excerpt(text))));
        };
        let token = Token::parse(&compact);
        let binding = Anatomy::new(&token, anatomy.at, anatomy.redaction);
        let (parameters, claims) =
            (binding.parameters().unwrap_or_default(), binding.claims().unwrap_or_default());
        self.member_rows(TextRole::Header, header_rows(&parameters), &parameters);
        let rows = claim_rows(&claims, &binding, self.screen.zone);
        self.member_rows(TextRole::Payload, rows, &claims);
    }
}

/// Returns a row for each disclosure.
pub(super) fn disclosure_rows(sd_jwt: &SdJwt, redaction: Redaction) -> Vec<Row> {
    let disclosures = sd_jwt.disclosures.iter().enumerate();
    disclosures.map(|(index, one)| row(index + 1, one, &sd_jwt.algorithm, redaction)).collect()
}

/// Returns what the digests without a disclosure are, if there are any.
pub(super) fn other_digests_line(sd_jwt: &SdJwt) -> Option<String> {
    match sd_jwt.other_digests {
        Some(0) | None => None,
        Some(1) => Some("1 more digest: a claim that is not disclosed, or a decoy".to_owned()),
        Some(more) => Some(format!("{more} more digests: claims that are not disclosed, or decoys")),
    }
}

/// Returns the faults of the disclosures, a line each. A verdict names them itself.
pub(super) fn fault_lines(
    sd_jwt: &SdJwt,
    anatomy: &Anatomy<'_>,
    verification: Option<&Verification<'_>>,
) -> Vec<String> {
    let detail = |fault: &Failure| match anatomy.is_redacted() {
        true => String::new(),
        false => format!(": {}", Shown(&fault.detail)),
    };
    let faults = sd_jwt.faults.iter().filter(|_| verification.is_none());
    faults.map(|fault| format!("{}{}", fault.reason, detail(fault))).collect()
}

/// Returns whether the key binding JWT was verified.
pub(super) fn binding_state(verification: Option<&Verification<'_>>) -> &'static str {
    match verification {
        None => "not checked",
        Some(verification) if verification.judgement.is_bound() => "verified",
        Some(_) => "not verified",
    }
}

/// Returns the row of one disclosure.
fn row(number: usize, disclosure: &Disclosure, algorithm: &str, redaction: Redaction) -> Row {
    let digest = disclosure.digest.as_deref().unwrap_or_default();
    let note = match disclosure.place {
        DigestPlace::Payload => (TextRole::Good, format!("digest {digest}, in the payload")),
        DigestPlace::Disclosure => (TextRole::Good, format!("digest {digest}, in another disclosure")),
        DigestPlace::Nowhere => {
            (TextRole::Bad, format!("digest {digest}, not in the payload: the issuer did not sign it"))
        }
        DigestPlace::NotChecked => {
            let text = format!("digest not checked: `_sd_alg` is {}", Shown(&excerpt(algorithm)));
            (TextRole::Warning, text)
        }
    };
    let (name, value) = match &disclosure.content {
        Ok(disclosed) => {
            let name = disclosed.name.as_deref().unwrap_or("(array element)");
            (Shown(name).to_string(), lines_of(&disclosed.value, usize::MAX))
        }
        Err(fault) => (number.to_string(), vec![(*fault).to_owned()]),
    };
    let value = if redaction == Redaction::Mask { vec![MASK.to_owned()] } else { value };
    let is_json = redaction == Redaction::None && disclosure.content.is_ok();
    Row { name, value, is_json, note: Some(note) }
}

/// The member `sd_jwt` of a JSON report.
pub(super) struct SdJwtEntry<'a> {
    pub(super) sd_jwt: &'a SdJwt,
    pub(super) redaction: Redaction,
    /// True if the key binding JWT passed its checks.
    pub(super) is_bound: bool,
}

impl Serialize for SdJwtEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let disclosures: Vec<_> =
            self.sd_jwt.disclosures.iter().map(|one| DisclosureEntry(one, self.redaction)).collect();
        let binding = self.sd_jwt.key_binding.as_deref().filter(|_| self.redaction == Redaction::None);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("digest_algorithm", &self.sd_jwt.algorithm)?;
        map.serialize_entry("disclosures", &disclosures)?;
        map.serialize_entry("other_digests", &self.sd_jwt.other_digests)?;
        map.serialize_entry("key_binding", &binding.map(|text| KeyBindingEntry(text, self.is_bound)))?;
        let processed = self.sd_jwt.processed.as_ref().filter(|_| self.redaction == Redaction::None);
        map.serialize_entry("processed_payload", &processed.map(|claims| Members(claims.members())))?;
        let faults: Vec<_> = self.sd_jwt.faults.iter().map(|fault| &fault.reason).collect();
        map.serialize_entry("faults", &faults)?;
        map.end()
    }
}

struct DisclosureEntry<'a>(&'a Disclosure, Redaction);

impl Serialize for DisclosureEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(disclosure, redaction) = self;
        let mask = Value::string(MASK);
        let mut map = serializer.serialize_map(None)?;
        match &disclosure.content {
            Ok(disclosed) => {
                let value = if *redaction == Redaction::Mask { &mask } else { &disclosed.value };
                map.serialize_entry("name", &disclosed.name)?;
                map.serialize_entry("value", value)?;
            }
            Err(fault) => map.serialize_entry("error", fault)?,
        }
        map.serialize_entry("digest", &disclosure.digest)?;
        map.serialize_entry("digest_in", &disclosure.place.name())?;
        map.end()
    }
}

/// The key binding JWT, and whether it passed its checks.
struct KeyBindingEntry<'a>(&'a str, bool);

impl Serialize for KeyBindingEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let compact = Compact::parse(self.0.as_bytes(), self.0.len()).ok();
        let token = compact.as_ref().map(Token::parse);
        let header = token.as_ref().and_then(|token| token.header.as_ref().ok());
        let claims = token.as_ref().and_then(Token::unverified_claims);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("header", &header.map(|header| Members(header.members())))?;
        map.serialize_entry("payload", &claims.map(|claims| Members(claims.members())))?;
        map.serialize_entry("verified", &self.1)?;
        map.end()
    }
}
