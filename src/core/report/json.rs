//! Reports as JSON documents. Scripts rely on the members and their order, so neither may change.
//! Nothing is decided here.

use super::compact_check::CompactCheck;
use super::document::{DocumentReport, encrypted_entries};
use super::finding::Finding;
use super::key::KeyEntry;
use super::sd_jwt::SdJwtEntry;
use crate::core::json::{Members, ReceivedMembers, Value};
use crate::core::reason::Failure;
use crate::core::report::{Anatomy, CheckText, FoundText, Sizes, TokenLocation, TokenReport};
use crate::core::text::zone::Zone;
use crate::core::token::claims::{Payload, TimeClaim};
use crate::core::token::date_text::DateText;
use crate::core::token::jws::Compact;
use crate::core::token::numeric_date::NumericDate;
use crate::core::verify::Verification;
use crate::core::verify::check::Check;
use crate::core::verify::judge::Judgement;
use serde::ser::{Serialize, SerializeMap, SerializeStruct as _, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

impl Anatomy<'_> {
    fn entries<M: SerializeMap>(
        &self,
        map: &mut M,
        payload_name: &str,
        judgement: Option<&Judgement<'_>>,
    ) -> Result<(), M::Error> {
        let inner = InnerToken { anatomy: self, depth: 0, payload_name, judgement };
        inner.entries(map)
    }

    fn own_entries<M: SerializeMap>(
        &self,
        map: &mut M,
        payload_name: &str,
        judgement: Option<&Judgement<'_>>,
    ) -> Result<(), M::Error> {
        self.header_entry(map)?;
        encrypted_entries(self, map)?;
        self.payload_entry(map, payload_name)?;
        let signature = match self.token.compact {
            Compact::Jws { signature, .. } if !self.is_redacted() => Some(signature.encoded),
            _ => None,
        };
        map.serialize_entry("signature", &signature)?;
        self.state_entries(map, judgement)
    }

    fn header_entry<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let parameters = self.parameters();
        let text = self.token.compact_header().filter(|_| !self.is_redacted());
        let members = parameters.as_deref().map(|members| ReceivedMembers { members, text });
        map.serialize_entry("header", &members)
    }

    /// Writes whether the token is verified, its times, and the parts of an SD-JWT.
    fn state_entries<M: SerializeMap>(
        &self,
        map: &mut M,
        judgement: Option<&Judgement<'_>>,
    ) -> Result<(), M::Error> {
        map.serialize_entry("verified", &judgement.is_some_and(Judgement::is_authentic))?;
        map.serialize_entry("status", self.lifetime().name())?;
        map.serialize_entry("times", &Times(self))?;
        self.sd_jwt_entry(map, judgement)?;
        map.serialize_entry("at", &self.at.rfc3339())
    }

    fn sd_jwt_entry<M: SerializeMap>(
        &self,
        map: &mut M,
        judgement: Option<&Judgement<'_>>,
    ) -> Result<(), M::Error> {
        let Some(sd_jwt) = &self.sd_jwt else { return Ok(()) };
        let is_bound = judgement.is_some_and(Judgement::is_bound);
        map.serialize_entry("sd_jwt", &SdJwtEntry { sd_jwt, redaction: self.redaction, is_bound })
    }

    fn payload_entry<M: SerializeMap>(&self, map: &mut M, name: &str) -> Result<(), M::Error> {
        match &self.token.payload {
            Some(Payload::Claims(_)) => {
                let claims = self.claims();
                let text =
                    self.token.compact_claims().filter(|_| !self.is_redacted() && !self.is_processed());
                let members = claims.as_deref().map(|members| ReceivedMembers { members, text });
                map.serialize_entry(name, &members)
            }
            Some(Payload::Json(value)) => map.serialize_entry(name, &(!self.is_redacted()).then_some(value)),
            Some(Payload::Text(text, _)) => map.serialize_entry(name, &(!self.is_redacted()).then_some(text)),
            Some(Payload::Bytes(..)) if !self.is_redacted() => {
                map.serialize_entry(name, &())?;
                let encoded = match (self.token.payload_encoded_apart(), self.token.compact) {
                    (Some(encoded), _) => Cow::Owned(encoded),
                    (None, Compact::Jws { payload, .. }) => Cow::Borrowed(payload.encoded),
                    (None, Compact::Jwe { .. }) => return Ok(()),
                };
                map.serialize_entry("payload_base64url", &encoded)
            }
            _ => map.serialize_entry(name, &()),
        }
    }
}

/// A token, with the number of encrypted tokens around it.
struct InnerToken<'a, 't> {
    anatomy: &'a Anatomy<'t>,
    depth: usize,
    payload_name: &'a str,
    judgement: Option<&'a Judgement<'a>>,
}

impl InnerToken<'_, '_> {
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self.anatomy.outer().nth(self.depth) {
            Some(outer) => {
                map.serialize_entry("header", &outer.parameters().as_deref().map(Members))?;
                encrypted_entries(&outer, map)?;
                map.serialize_entry("inner", &Self { depth: self.depth + 1, ..*self })
            }
            None => self.anatomy.own_entries(map, self.payload_name, self.judgement),
        }
    }
}

impl Serialize for InnerToken<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

/// The verdict on a token and its content, with the number of encrypted tokens around it.
struct InnerVerdict<'a> {
    document: &'a VerifyDocument<'a>,
    depth: usize,
}

impl Serialize for InnerVerdict<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let verification = self.document.verification;
        match verification.envelopes.get(self.depth) {
            Some(envelope) => map.serialize_entry("checks", &envelope.checks)?,
            None => map.serialize_entry("checks", &verification.judgement.checks)?,
        }
        self.document.layer_entries(&mut map, self.depth)?;
        map.end()
    }
}

/// The checks of a token, with the number of encrypted tokens around it.
struct InnerChecks<'a> {
    verification: &'a Verification<'a>,
    depth: usize,
}

impl Serialize for InnerChecks<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.verification.envelopes.get(self.depth) {
            Some(envelope) => {
                map.serialize_entry("checks", &envelope.checks)?;
                map.serialize_entry("inner", &Self { depth: self.depth + 1, ..*self })?;
            }
            None => map.serialize_entry("checks", &self.verification.judgement.checks)?,
        }
        map.end()
    }
}

impl Serialize for Sizes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The writer copies names of fields, and looks at those of entries for escapes.
        let mut fields = serializer.serialize_struct("Sizes", 4)?;
        fields.serialize_field("token", &self.token)?;
        self.segments.iter().try_for_each(|(name, bytes)| fields.serialize_field(name, bytes))?;
        fields.end()
    }
}

struct Times<'a, 't>(&'a Anatomy<'t>);

impl Serialize for Times<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.times().try_for_each(|time| map.serialize_entry(time.name, &TimeEntry(&time, self.0.at)))?;
        map.end()
    }
}

struct TimeEntry<'a>(&'a TimeClaim<'a>, NumericDate);

impl Serialize for TimeEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(time, at) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("value", &Value::Number(time.digits.into()))?;
        map.serialize_entry("utc", &time.date.rfc3339())?;
        map.serialize_entry("seconds_from_now", &time.date.checked_seconds_since(*at))?;
        if let Some((unit, meant)) = time.mistaken {
            map.serialize_entry("mistaken_for", unit)?;
            map.serialize_entry("meant", &meant.rfc3339())?;
        }
        map.end()
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("severity", self.severity.name())?;
        map.serialize_entry("message", &self.message)?;
        map.end()
    }
}

/// The document of `decode --json`.
#[derive(Debug)]
pub struct DecodeDocument<'a>(pub &'a Anatomy<'a>, pub Option<&'a str>);

impl Serialize for DecodeDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.1.map_or(Ok(()), |wrapping| {
            map.serialize_entry("found", &BTreeMap::from([("wrapping", wrapping)]))
        })?;
        self.0.entries(&mut map, "payload", None)?;
        map.serialize_entry("findings", &self.0.findings())?;
        map.end()
    }
}

/// The document of `decode --json` about a token in JSON serialization.
#[derive(Debug)]
pub struct DecodeJsonDocument<'a>(pub &'a DocumentReport<'a>);

impl Serialize for DecodeJsonDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.entries(&mut map)?;
        if let Some(first) = self.0.first() {
            first.payload_entry(&mut map, "payload")?;
            first.state_entries(&mut map, None)?;
        }
        map.serialize_entry("findings", &self.0.findings())?;
        map.end()
    }
}

/// The document that `--lines --json` writes for a line without a readable token.
#[derive(Debug)]
pub struct ErrorDocument<'a>(pub &'a Failure);

impl Serialize for ErrorDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Facts<'a>(&'a Failure);
        impl Serialize for Facts<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut map = serializer.serialize_map(Some(3))?;
                map.serialize_entry("code", &self.0.reason)?;
                map.serialize_entry("message", &format!("{}: {}", self.0.reason, self.0.detail))?;
                map.serialize_entry("hint", &())?;
                map.end()
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("error", &Facts(self.0))?;
        map.end()
    }
}

/// The document of `verify --json`.
#[derive(Debug)]
pub struct VerifyDocument<'a> {
    /// The verification.
    pub verification: &'a Verification<'a>,
    /// The token, if it parses.
    pub anatomy: Option<&'a Anatomy<'a>>,
    /// The instant of the verdict. The lines of a block share its text.
    pub at: Option<DateText>,
    /// The names of the wrappings that were removed around the token.
    pub wrapping: Option<&'a str>,
}

impl VerifyDocument<'_> {
    fn judgement_entries<M: SerializeMap>(
        map: &mut M,
        verification: &Verification<'_>,
    ) -> Result<(), M::Error> {
        let judgement = &verification.judgement;
        let warnings: Vec<_> = judgement.warnings.iter().map(|warning| &warning.reason).collect();
        map.serialize_entry("verdict", judgement.verdict().name())?;
        if judgement.is_by_shared_key() {
            map.serialize_entry("signed", &false)?;
        }
        map.serialize_entry("reasons", &judgement.reasons)?;
        map.serialize_entry("warnings", &warnings)?;
        let checks = verification.envelopes.first().map_or(&judgement.checks, |envelope| &envelope.checks);
        map.serialize_entry("checks", checks)?;
        map.serialize_entry("hints", &verification.hints)
    }

    /// Writes the header, the key and the content of a token. `depth` is the number of encrypted tokens around it.
    fn layer_entries<M: SerializeMap>(&self, map: &mut M, depth: usize) -> Result<(), M::Error> {
        let Verification { key, source, envelopes, .. } = self.verification;
        if let Some(envelope) = envelopes.get(depth) {
            let outer = self.anatomy.and_then(|anatomy| anatomy.outer().nth(depth));
            match outer.filter(|outer| outer.token.json.is_some()) {
                Some(outer) => {
                    map.serialize_entry("header", &outer.parameters().as_deref().map(Members))?;
                    encrypted_entries(&outer, map)?;
                }
                None => map.serialize_entry("header", &Members(envelope.header.members()))?,
            }
            map.serialize_entry("key", &KeyEntry(envelope.source, envelope.key))?;
            map.serialize_entry("inner", &InnerVerdict { document: self, depth: depth + 1 })
        } else {
            self.content_entries(map)?;
            map.serialize_entry("key", &KeyEntry(source, *key))
        }
    }

    /// Writes the header and the payload. The name of the payload says whether it is verified.
    fn content_entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        let name = if self.verification.judgement.is_authentic() { "payload" } else { "unverified_payload" };
        if let Some(anatomy) = self.anatomy {
            anatomy.header_entry(map)?;
            encrypted_entries(anatomy, map)?;
            anatomy.payload_entry(map, name)?;
            anatomy.token.detached.map_or(Ok(()), |detached| {
                let has_claims = anatomy.token.unverified_claims().is_some();
                map.serialize_entry("detached", &DetachedEntry { bytes: detached.length, has_claims })
            })?;
            anatomy.sd_jwt_entry(map, Some(&self.verification.judgement))
        } else {
            map.serialize_entry("header", &())?;
            map.serialize_entry(name, &())
        }
    }
}

impl Serialize for VerifyDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        Self::judgement_entries(&mut map, self.verification)?;
        self.layer_entries(&mut map, 0)?;
        self.wrapping.map_or(Ok(()), |wrapping| {
            map.serialize_entry("found", &BTreeMap::from([("wrapping", wrapping)]))
        })?;
        map.serialize_entry("at", &self.at)?;
        map.end()
    }
}

/// The document of `verify --json` about a token in JSON serialization.
#[derive(Debug)]
pub struct VerifyJsonDocument<'a> {
    /// The description of the document.
    pub report: &'a DocumentReport<'a>,
    /// The verdict on the document.
    pub verification: &'a Verification<'a>,
    /// The instant of the verdict.
    pub at: NumericDate,
}

impl Serialize for VerifyJsonDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        VerifyDocument::judgement_entries(&mut map, self.verification)?;
        self.report.entries(&mut map)?;
        let name = if self.verification.judgement.is_authentic() { "payload" } else { "unverified_payload" };
        if let Some(first) = self.report.first() {
            first.payload_entry(&mut map, name)?;
        }
        map.serialize_entry("at", &self.at.rfc3339())?;
        map.end()
    }
}

impl Serialize for Check<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable()
            && let Some(usual) = CompactCheck::new(self)
        {
            return usual.serialize(serializer);
        }
        // A verdict has a dozen checks. The writer copies names of fields, and looks at those of entries for escapes.
        let mut fields = serializer.serialize_struct("Check", 4)?;
        fields.serialize_field("name", &self.name)?;
        fields.serialize_field("status", &self.status)?;
        fields.serialize_field("reason", &self.reason)?;
        fields.serialize_field("detail", &CheckText(self, Zone::Utc))?;
        fields.end()
    }
}

impl Serialize for CheckText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The size of a detached payload, and whether it is a claims set.
struct DetachedEntry {
    bytes: u64,
    has_claims: bool,
}

impl Serialize for DetachedEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("bytes", &self.bytes)?;
        map.serialize_entry("claims", &self.has_claims)?;
        map.end()
    }
}

/// Writes one token of the document of `inspect --json`.
impl Serialize for TokenReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("found", &LocationEntry(&self.location))?;
        let (kind, style, sizes) = match &self.content {
            FoundText::Token(anatomy) => {
                let sizes = anatomy.outer().next().map_or_else(|| anatomy.sizes(), |outer| outer.sizes());
                (anatomy.kind().name(), anatomy.style(), sizes)
            }
            FoundText::Document(report) => {
                let first = report.first();
                let kind = first.map_or("unreadable", |first| first.kind().name());
                (kind, first.and_then(Anatomy::style), report.sizes())
            }
            FoundText::Opaque { length, .. } => ("opaque", None, Sizes { token: *length, segments: vec![] }),
            FoundText::Unreadable { length, .. } => {
                ("unreadable", None, Sizes { token: *length, segments: vec![] })
            }
        };
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("style", &style)?;
        map.serialize_entry("sizes", &sizes)?;
        map.serialize_entry("findings", &self.findings())?;
        let judgement = self.verification.as_ref().map(|verification| &verification.judgement);
        if let FoundText::Token(anatomy) = &self.content {
            anatomy.entries(&mut map, "payload", judgement)?;
        }
        if let FoundText::Document(report) = &self.content {
            report.entries(&mut map)?;
            if let Some(first) = report.first() {
                first.payload_entry(&mut map, "payload")?;
                first.state_entries(&mut map, judgement)?;
            }
        }
        if let Some(verification) = &self.verification {
            let redacted = match &self.content {
                FoundText::Token(anatomy) => anatomy.is_redacted(),
                FoundText::Document(report) => report.first().is_some_and(Anatomy::is_redacted),
                FoundText::Opaque { .. } | FoundText::Unreadable { .. } => false,
            };
            map.serialize_entry("verification", &VerificationEntry { verification, redacted })?;
        }
        map.end()
    }
}

struct LocationEntry<'a>(&'a TokenLocation);

impl Serialize for LocationEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.file.as_ref().map_or(Ok(()), |file| map.serialize_entry("file", file))?;
        map.serialize_entry("line", &self.0.line)?;
        map.serialize_entry("column", &self.0.column)?;
        map.serialize_entry("where", &self.0.place)?;
        self.0.wrapping.as_ref().map_or(Ok(()), |wrapping| map.serialize_entry("wrapping", wrapping))?;
        map.end()
    }
}

struct VerificationEntry<'a> {
    verification: &'a Verification<'a>,
    /// Checks quote claims, so a redacted report has only the verdict and the reasons.
    redacted: bool,
}

impl Serialize for VerificationEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.redacted {
            map.serialize_entry("verdict", self.verification.judgement.verdict().name())?;
            if self.verification.judgement.is_by_shared_key() {
                map.serialize_entry("signed", &false)?;
            }
            map.serialize_entry("reasons", &self.verification.judgement.reasons)?;
        } else {
            VerifyDocument::judgement_entries(&mut map, self.verification)?;
            if !self.verification.envelopes.is_empty() {
                let inner = InnerChecks { verification: self.verification, depth: 1 };
                map.serialize_entry("inner", &inner)?;
            }
        }
        map.end()
    }
}
