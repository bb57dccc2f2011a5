//! Everything that is to be said about a token, as data. One value; text and JSON render that one value.

use super::claims::{ClaimsSet, Payload, TimeClaim};
use super::doctor::Written;
use super::findings::{Finding, findings};
use super::hints::hints;
use super::json::{Member, Value};
use super::jws::Compact;
use super::key::Key;
use super::kind::{Kind, style};
use super::numeric_date::{NumericDate, Zone};
use super::policy::{Check, Judgement, Policy, Status, judge};
use super::reason::Failure;
use super::redact::{is_personal, redact};
use super::token::Token;
use serde::ser::{Serialize, SerializeMap, SerializeSeq as _, Serializer};

/// Where in its life a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Begun and not over.
    Active,
    /// Over.
    Expired,
    /// Not begun.
    NotYetValid,
    /// Without an end.
    NoExpiry,
}

impl Lifetime {
    /// The name used in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::NoExpiry => "no_expiry",
        }
    }
}

/// What can be said about a token without a key, at an instant.
#[derive(Clone, Debug)]
pub struct Anatomy<'t> {
    /// The token itself.
    pub token: &'t Token<'t>,
    /// The instant.
    pub at: NumericDate,
    /// What kind it claims to be.
    pub kind: Kind,
    /// Whose style it has.
    pub style: Option<&'static str>,
    /// What there is to notice.
    pub findings: Vec<Finding>,
    /// Whether personal values are masked and the signature is left out.
    pub redacted: bool,
}

impl<'t> Anatomy<'t> {
    /// Looks at a token.
    #[must_use]
    pub fn of(token: &'t Token<'t>, at: NumericDate, redacted: bool) -> Self {
        Self {
            token,
            at,
            kind: Kind::of(token),
            style: style(token),
            findings: findings(token, at),
            redacted,
        }
    }

    /// Where in its life it is: only by what it says itself.
    #[must_use]
    pub fn lifetime(&self) -> Lifetime {
        let date = |name| self.token.unverified_claims()?.numeric_date(name).ok()?;
        match (date("exp"), date("nbf")) {
            (Some(exp), _) if self.at >= exp => Lifetime::Expired,
            (_, Some(nbf)) if self.at < nbf => Lifetime::NotYetValid,
            (None, _) => Lifetime::NoExpiry,
            _ => Lifetime::Active,
        }
    }

    /// How much of its life has passed, from 0 to 1, and the seconds of that life; nothing without a beginning
    /// and an end.
    #[must_use]
    pub fn spent(&self) -> Option<(f64, i64)> {
        let claims = self.token.unverified_claims()?;
        let date = |name| claims.numeric_date(name).ok().flatten();
        let (start, end) = (date("iat").or_else(|| date("nbf"))?, date("exp")?);
        let total = end.seconds_since(start);
        let passed = self.at.seconds_since(start);
        (total > 0).then(|| ((passed as f64 / total as f64).clamp(0.0, 1.0), total))
    }

    /// The `alg` of the header, if it is text.
    #[must_use]
    pub fn alg(&self) -> Option<&str> {
        self.token.header.as_ref().ok()?.alg().ok()
    }

    /// The times among the claims that are to be shown.
    pub fn times(&self) -> impl Iterator<Item = TimeClaim<'_>> {
        let members = self.token.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
        members.iter().filter(|member| !(self.redacted && is_personal(member))).filter_map(TimeClaim::of)
    }

    /// The members of the payload as they are to be shown.
    #[must_use]
    pub fn claims(&self) -> Option<Vec<Member<'_>>> {
        let members = self.token.unverified_claims()?.members();
        Some(if self.redacted { redact(members) } else { members.to_vec() })
    }

    fn entries<M: SerializeMap>(
        &self,
        map: &mut M,
        payload_name: &str,
        verified: bool,
    ) -> Result<(), M::Error> {
        map.serialize_entry(
            "header",
            &self.token.header.as_ref().ok().map(|header| Members(header.members())),
        )?;
        self.payload_entry(map, payload_name)?;
        let signature = match self.token.compact {
            Compact::Jws { signature, .. } if !self.redacted => Some(signature.encoded),
            _ => None,
        };
        map.serialize_entry("signature", &signature)?;
        map.serialize_entry("verified", &verified)?;
        map.serialize_entry("status", self.lifetime().name())?;
        map.serialize_entry("times", &Times(self))?;
        map.serialize_entry("at", &self.at.to_rfc3339())
    }

    fn payload_entry<M: SerializeMap>(&self, map: &mut M, name: &str) -> Result<(), M::Error> {
        match &self.token.payload {
            Some(Payload::Claims(_)) => map.serialize_entry(name, &self.claims().map(Value::Object)),
            Some(Payload::Json(value)) => map.serialize_entry(name, &(!self.redacted).then_some(value)),
            Some(Payload::Text(text, _)) => map.serialize_entry(name, &(!self.redacted).then_some(text)),
            Some(Payload::Bytes(..)) if !self.redacted => {
                map.serialize_entry(name, &())?;
                let Compact::Jws { payload, .. } = self.token.compact else { return Ok(()) };
                map.serialize_entry("payload_base64url", payload.encoded)
            }
            _ => map.serialize_entry(name, &()),
        }
    }

    fn sizes(&self) -> Sizes {
        let text = self.token.compact.text();
        let bytes = |encoded: &str| encoded.len() * 3 / 4;
        match self.token.compact {
            Compact::Jws { header, payload, signature, .. } => Sizes {
                token: text.len(),
                segments: vec![
                    ("header", bytes(header.encoded)),
                    ("payload", bytes(payload.encoded)),
                    ("signature", bytes(signature.encoded)),
                ],
            },
            Compact::Jwe { header, sizes: [key, iv, ciphertext, tag], .. } => Sizes {
                token: text.len(),
                segments: vec![
                    ("header", bytes(header.encoded)),
                    ("encrypted_key", key * 3 / 4),
                    ("iv", iv * 3 / 4),
                    ("ciphertext", ciphertext * 3 / 4),
                    ("tag", tag * 3 / 4),
                ],
            },
        }
    }

    /// The bytes of each segment, decoded, with the segment's name.
    #[must_use]
    pub fn segment_sizes(&self) -> Vec<(&'static str, usize)> {
        self.sizes().segments
    }
}

struct Members<'m>(&'m [Member<'m>]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|member| map.serialize_entry(&*member.name, &member.value))?;
        map.end()
    }
}

struct Sizes {
    token: usize,
    segments: Vec<(&'static str, usize)>,
}

impl Serialize for Sizes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("token", &self.token)?;
        self.segments.iter().try_for_each(|(name, bytes)| map.serialize_entry(name, bytes))?;
        map.end()
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
        map.serialize_entry("utc", &time.date.to_rfc3339())?;
        map.serialize_entry("seconds_from_now", &time.date.seconds_since(*at))?;
        if let Some((unit, meant)) = time.mistaken {
            map.serialize_entry("mistaken_for", unit)?;
            map.serialize_entry("meant", &meant.to_rfc3339())?;
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
pub struct DecodeDocument<'a>(pub &'a Anatomy<'a>);

impl Serialize for DecodeDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.0.entries(&mut map, "payload", false)?;
        map.serialize_entry("findings", &self.0.findings)?;
        map.end()
    }
}

/// A judgement with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Verification<'t> {
    /// The checks and their outcome.
    pub judgement: Judgement<'t>,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl<'t> Verification<'t> {
    /// Judges a token and says what to do about the outcome. `written` is the secret as the user gave it.
    #[must_use]
    pub fn of(token: &'t Token<'_>, key: &Key, written: &Written, policy: &Policy, at: NumericDate) -> Self {
        let judgement = judge(token, key, policy, at);
        let hints = hints(token, &judgement, key, written, policy, at);
        Self { judgement, hints }
    }

    /// The verdict on text that could not be taken apart.
    #[must_use]
    pub fn unreadable(failure: Failure, hint: Option<String>) -> Self {
        Self { judgement: Judgement::unreadable(failure), hints: hint.into_iter().collect() }
    }
}

/// The document of `verify --json`.
#[derive(Debug)]
pub struct VerifyDocument<'a> {
    /// The judgement.
    pub verification: &'a Verification<'a>,
    /// The token, if it could be taken apart.
    pub anatomy: Option<&'a Anatomy<'a>>,
    /// The key it was judged by.
    pub key: &'a Key,
    /// The instant of judgement.
    pub at: NumericDate,
}

impl VerifyDocument<'_> {
    fn judgement_entries<M: SerializeMap>(
        map: &mut M,
        verification: &Verification<'_>,
    ) -> Result<(), M::Error> {
        let judgement = &verification.judgement;
        let warnings: Vec<_> = judgement.warnings.iter().map(|warning| &warning.reason).collect();
        map.serialize_entry("verdict", judgement.verdict.name())?;
        map.serialize_entry("reasons", &judgement.reasons)?;
        map.serialize_entry("warnings", &warnings)?;
        map.serialize_entry("checks", &judgement.checks)?;
        map.serialize_entry("hints", &verification.hints)
    }
}

impl Serialize for VerifyDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        Self::judgement_entries(&mut map, self.verification)?;
        let name = if self.verification.judgement.authentic { "payload" } else { "unverified_payload" };
        if let Some(anatomy) = self.anatomy {
            let header = anatomy.token.header.as_ref().ok();
            map.serialize_entry("header", &header.map(|header| Members(header.members())))?;
            anatomy.payload_entry(&mut map, name)?;
        } else {
            map.serialize_entry("header", &())?;
            map.serialize_entry(name, &())?;
        }
        map.serialize_entry("key", &KeyEntry(self.key))?;
        map.serialize_entry("at", &self.at.to_rfc3339())?;
        map.end()
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("status", self.status.name())?;
        map.serialize_entry("reason", &self.reason)?;
        map.serialize_entry("detail", &detail(self, Zone::Utc))?;
        map.end()
    }
}

/// What a check found, in words, and whether nobody vouches for it.
#[must_use]
pub fn detail(check: &Check, zone: Zone) -> String {
    let text = check.fact.text(zone);
    if check.unverified && check.status != Status::Skipped { format!("{text}; unverified") } else { text }
}

struct KeyEntry<'a>(&'a Key);

impl Serialize for KeyEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("source", &self.0.source)?;
        map.serialize_entry("kty", self.0.kty())?;
        map.serialize_entry("kid", &self.0.kid)?;
        map.serialize_entry("bits", &self.0.bits())?;
        map.end()
    }
}

/// Where a token was found in a text. Lines and columns count from one; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// In what: `Authorization header`, `query parameter access_token`, …
    pub place: String,
}

/// What was found there.
#[derive(Debug)]
pub enum Subject<'t> {
    /// A token that could be taken apart.
    Token(Box<Anatomy<'t>>),
    /// A token whose text says nothing: only its issuer can tell what it means.
    Opaque {
        /// Its length in bytes.
        length: usize,
    },
    /// Something that begins like a token and cannot be one.
    Unreadable {
        /// Its length in bytes.
        length: usize,
        /// Why not.
        failure: Failure,
    },
}

/// One token that was found, and all about it.
#[derive(Debug)]
pub struct Entry<'t> {
    /// Where.
    pub found: Found,
    /// What.
    pub subject: Subject<'t>,
    /// The judgement, if a key was given.
    pub verification: Option<Verification<'t>>,
}

impl Entry<'_> {
    /// What there is to notice about it.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        use super::findings::Severity;
        match &self.subject {
            Subject::Token(anatomy) => anatomy.findings.clone(),
            Subject::Opaque { .. } => vec![Finding::new(
                "opaque",
                Severity::Info,
                "an opaque token: only its issuer can tell what it means",
            )],
            Subject::Unreadable { failure, .. } => vec![Finding::of(failure.clone(), Severity::Error)],
        }
    }
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("found", &FoundEntry(&self.found))?;
        let (kind, style, sizes) = match &self.subject {
            Subject::Token(anatomy) => (anatomy.kind.name(), anatomy.style, anatomy.sizes()),
            Subject::Opaque { length } => ("opaque", None, Sizes { token: *length, segments: vec![] }),
            Subject::Unreadable { length, .. } => {
                ("unreadable", None, Sizes { token: *length, segments: vec![] })
            }
        };
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("style", &style)?;
        map.serialize_entry("sizes", &sizes)?;
        map.serialize_entry("findings", &self.findings())?;
        if let Subject::Token(anatomy) = &self.subject {
            let verified =
                self.verification.as_ref().is_some_and(|verification| verification.judgement.authentic);
            anatomy.entries(&mut map, "payload", verified)?;
        }
        if let Some(verification) = &self.verification {
            let redacted = matches!(&self.subject, Subject::Token(anatomy) if anatomy.redacted);
            map.serialize_entry("verification", &VerificationEntry { verification, redacted })?;
        }
        map.end()
    }
}

struct FoundEntry<'a>(&'a Found);

impl Serialize for FoundEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("line", &self.0.line)?;
        map.serialize_entry("column", &self.0.column)?;
        map.serialize_entry("where", &self.0.place)?;
        map.end()
    }
}

struct VerificationEntry<'a> {
    verification: &'a Verification<'a>,
    /// Checks quote claims, so a redacted report has only their sum.
    redacted: bool,
}

impl Serialize for VerificationEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.redacted {
            map.serialize_entry("verdict", self.verification.judgement.verdict.name())?;
            map.serialize_entry("reasons", &self.verification.judgement.reasons)?;
        } else {
            VerifyDocument::judgement_entries(&mut map, self.verification)?;
        }
        map.end()
    }
}

/// The document of `inspect --json`.
#[derive(Debug)]
pub struct InspectDocument<'a>(pub &'a [Entry<'a>]);

impl Serialize for InspectDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Entries<'a>(&'a [Entry<'a>]);
        impl Serialize for Entries<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut list = serializer.serialize_seq(Some(self.0.len()))?;
                self.0.iter().try_for_each(|entry| list.serialize_element(entry))?;
                list.end()
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("tokens", &Entries(self.0))?;
        map.end()
    }
}
