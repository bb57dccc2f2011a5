//! What a report says about a token, as data. [`text`] and [`json`] render that one value and decide nothing.

mod compact_check;
pub mod document;
pub mod finding;
pub mod findings;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
pub(crate) mod html;
pub mod json;
pub mod key;
mod known_secret;
mod leaks;
pub mod oneline;
pub(crate) mod rows;
mod sd_jwt;
mod shared_text;
pub mod text;
mod token_text;

use super::json::{Member, Value};
use super::reason::Failure;
use super::redact::{Redaction, is_impersonal, mask_words, redact};
use super::sd_jwt::SdJwt;
use super::token::Token;
use crate::core::report::finding::{Finding, FindingCode, Messages};
use crate::core::report::findings::{Readers, findings};
use crate::core::text::zone::Zone;
use crate::core::token::claims::{ClaimsSet, RegisteredClaims, TimeClaim, time};
use crate::core::token::jws::Compact;
use crate::core::token::kind::{
    Classification, TokenKind, is_endless, is_endless_with, legend, may_be_endless,
};
use crate::core::token::numeric_date::NumericDate;
use crate::core::token::serialization::{JsonEntry, JsonForm};
use crate::core::verify::Verification;
use crate::core::verify::check::{Check, Status};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

/// Returns the documentation that prints each known secret, once for each secret.
pub fn known_secret_sources() -> impl Iterator<Item = &'static str> {
    known_secret::sources()
}

/// The stage of the lifetime of a token, from its own unverified claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeState {
    /// The lifetime has begun and has not ended.
    Active,
    /// The lifetime has ended.
    Expired,
    /// The lifetime has not begun.
    NotYetValid,
    /// The lifetime has no end: there is no `exp`.
    NoExpiry,
    /// The end of the lifetime cannot be read: `exp` is not a number.
    Invalid,
}

impl LifetimeState {
    /// Every stage.
    pub const ALL: [Self; 5] =
        [Self::Active, Self::Expired, Self::NotYetValid, Self::NoExpiry, Self::Invalid];

    /// Returns the name used in JSON reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::NoExpiry => "no_expiry",
            Self::Invalid => "invalid",
        }
    }

    /// Returns the stage of a lifetime that has an end, unless `exp` is `None`.
    fn of(exp: Option<NumericDate>, nbf: Option<NumericDate>, at: NumericDate) -> Self {
        match (exp, nbf) {
            (Some(exp), _) if at >= exp => Self::Expired,
            (_, Some(nbf)) if at < nbf => Self::NotYetValid,
            (None, _) => Self::NoExpiry,
            _ => Self::Active,
        }
    }

    /// Returns the stage that [`Anatomy::lifetime`] returns, from the registered claims of a token. Returns `None` if it depends on
    /// other claims.
    #[must_use]
    pub fn of_registered(claims: &RegisteredClaims<'_, '_>, at: NumericDate) -> Option<Self> {
        let Ok(exp) = time(claims.exp) else { return Some(Self::Invalid) };
        if may_be_endless(claims.exp.is_some(), exp) {
            return None;
        }
        Some(Self::of(exp, time(claims.nbf).ok().flatten(), at))
    }
}

/// The choice whether example secrets are tried on a token. A try costs one MAC for each of them, so long runs leave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownSecrets {
    /// They are tried on the token.
    Tried,
    /// They are left out.
    NotTried,
}

/// The form in which a report shows the payload of an SD-JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownPayload {
    /// The payload as the issuer signed it, with digests.
    Signed,
    /// The payload with the disclosed claims in their places, if the disclosures are sound.
    Processed,
}

/// The description of a token at an instant, made without a key.
#[derive(Clone, Debug)]
pub struct Anatomy<'t> {
    /// The token.
    pub token: &'t Token<'t>,
    /// The instant of the report.
    pub at: NumericDate,
    /// How much of the token may be shown.
    pub redaction: Redaction,
    /// Decides whether example secrets are tried.
    pub known_secrets: KnownSecrets,
    /// The encrypted tokens around this one, the outermost first.
    pub envelopes: &'t [Token<'t>],
    /// The recipients of the encrypted document that the token is, or that is around it.
    pub recipients: &'t [JsonEntry],
    /// The length of that document in bytes.
    pub document_size: Option<usize>,
    /// Why the token was not decrypted, if that was tried.
    pub failed_opening: Option<Failure>,
    /// The rest of the text, if the token is the issuer's token of an SD-JWT.
    pub sd_jwt: Option<SdJwt>,
    /// Decides which payload of an SD-JWT is shown.
    pub shown_payload: ShownPayload,
    classification: OnceCell<Classification>,
}

impl<'t> Anatomy<'t> {
    /// Returns the description of a token at an instant.
    #[must_use]
    pub const fn new(token: &'t Token<'t>, at: NumericDate, redaction: Redaction) -> Self {
        Self {
            token,
            at,
            redaction,
            known_secrets: KnownSecrets::NotTried,
            envelopes: &[],
            recipients: &[],
            document_size: None,
            failed_opening: None,
            sd_jwt: None,
            shown_payload: ShownPayload::Signed,
            classification: OnceCell::new(),
        }
    }

    /// Returns the description with example secrets tried or left out.
    #[must_use]
    pub fn with_known_secrets(self, known_secrets: KnownSecrets) -> Self {
        Self { known_secrets, ..self }
    }

    /// Returns the description of a token that was inside encrypted ones, the outermost first.
    #[must_use]
    pub fn with_envelopes(self, envelopes: &'t [Token<'t>]) -> Self {
        Self { envelopes, ..self }
    }

    /// Returns the description with the recipients and the length of an encrypted document.
    #[must_use]
    pub fn with_document(self, recipients: &'t [JsonEntry], size: usize) -> Self {
        Self { recipients, document_size: Some(size).filter(|_| !recipients.is_empty()), ..self }
    }

    /// Returns the form of the JSON serialization in which the token or the encrypted one around it was received.
    #[must_use]
    pub fn json_form(&self) -> Option<JsonForm> {
        self.envelopes.first().map_or(self.token.json, |outer| outer.json).map(JsonEntry::form)
    }

    /// Returns the description of an encrypted token that was not decrypted with the keys that were given.
    #[must_use]
    pub fn with_failed_opening(self, failed_opening: Option<Failure>) -> Self {
        Self { failed_opening, ..self }
    }

    /// Returns the descriptions of the encrypted tokens around this one, the outermost first.
    pub fn outer(&self) -> impl Iterator<Item = Self> {
        self.envelopes.iter().enumerate().map(|(index, token)| {
            let outer = Self::new(token, self.at, self.redaction);
            match index {
                0 => Self { recipients: self.recipients, document_size: self.document_size, ..outer },
                _ => outer,
            }
        })
    }

    /// Reports whether the token was decrypted and holds no other token.
    #[must_use]
    pub const fn is_opened(&self) -> bool {
        matches!(self.token.compact, Compact::Jwe { .. }) && self.token.payload.is_some()
    }

    /// Returns the description of an SD-JWT: the issuer's token, with the disclosures and the key binding JWT after it.
    #[must_use]
    pub fn with_sd_jwt(mut self, disclosures: &[String], key_binding: Option<&str>) -> Self {
        self.read_sd_jwt(disclosures, key_binding);
        self
    }

    /// Adds the disclosures and the key binding JWT of an SD-JWT to the description.
    pub fn read_sd_jwt(&mut self, disclosures: &[String], key_binding: Option<&str>) {
        let payload = self.token.unverified_claims().map(ClaimsSet::members).unwrap_or_default();
        self.sd_jwt = Some(SdJwt::read(payload, disclosures, key_binding));
    }

    /// Returns the description of a token that was judged. The payload is the one whose claims were judged.
    #[must_use]
    pub fn judged(self, sd_jwt: Option<&SdJwt>) -> Self {
        Self { sd_jwt: sd_jwt.cloned(), shown_payload: ShownPayload::Processed, ..self }
    }

    /// Reports whether the claims of the report have the disclosed ones in their places.
    #[must_use]
    pub fn is_processed(&self) -> bool {
        let processed = self.sd_jwt.as_ref().and_then(|sd_jwt| sd_jwt.processed.as_ref());
        self.shown_payload == ShownPayload::Processed && processed.is_some()
    }

    /// Returns the claims, with the disclosed ones in their places if the disclosures are sound. They are unverified.
    #[must_use]
    pub fn all_claims(&self) -> Option<&ClaimsSet<'_>> {
        let processed = self.sd_jwt.as_ref().and_then(|sd_jwt| sd_jwt.processed.as_ref());
        processed.or_else(|| self.token.unverified_claims())
    }

    /// Reports whether values are masked.
    #[must_use]
    pub const fn is_redacted(&self) -> bool {
        matches!(self.redaction, Redaction::Mask)
    }

    /// Returns the kind of the token.
    #[must_use]
    pub fn kind(&self) -> TokenKind {
        self.classification().kind
    }

    /// Returns the library or service that issues tokens of this shape.
    #[must_use]
    pub fn style(&self) -> Option<&'static str> {
        self.classification().style
    }

    fn classification(&self) -> Classification {
        *self.classification.get_or_init(|| Classification::from_token(self.token))
    }

    /// Returns the meaning of a claim that the issuer of tokens of this shape defines.
    #[must_use]
    pub fn claim_meaning(&self, claim: &str) -> Option<&'static str> {
        legend::meaning(self.style()?, claim)
    }

    /// Returns the findings, the most severe first.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        self.list_findings(Messages::Written)
    }

    fn list_findings(&self, messages: Messages) -> Vec<Finding> {
        let is_encrypted = self.is_opened() || !self.envelopes.is_empty();
        let readers = if is_encrypted { Readers::KeyHolders } else { Readers::All };
        let (classification, at) = (self.classification(), self.at);
        let mut findings = findings(self.token, classification, at, self.known_secrets, readers, messages);
        findings.extend(self.failed_opening.as_ref().map(|Failure { reason, detail }| {
            Finding::new(FindingCode::NotDecrypted, format!("{reason}: {detail}"))
        }));
        if self.is_redacted() {
            for finding in &mut findings {
                finding.message = mask_words(&finding.message).into_owned();
            }
        }
        findings
    }

    /// Returns the stage of the lifetime.
    #[must_use]
    pub fn lifetime(&self) -> LifetimeState {
        self.lifetime_and_end().0
    }

    /// Returns the stage of the lifetime, and its end if that can be read.
    pub(super) fn lifetime_and_end(&self) -> (LifetimeState, Option<NumericDate>) {
        let Some(claims) = self.all_claims() else { return (LifetimeState::NoExpiry, None) };
        let RegisteredClaims { exp: exp_claim, nbf, .. } = claims.registered();
        let Ok(exp) = time(exp_claim) else { return (LifetimeState::Invalid, None) };
        let is_endless = match self.sd_jwt {
            None => is_endless_with(claims, exp_claim.is_some(), exp),
            // The claims may be others than those of the token.
            Some(_) => is_endless(self.token),
        };
        let state = if is_endless {
            LifetimeState::NoExpiry
        } else {
            LifetimeState::of(exp, time(nbf).ok().flatten(), self.at)
        };
        (state, exp)
    }

    /// Returns the part of the lifetime that has passed, from 0 to 1, and the lifetime in seconds. Returns `None` if the
    /// lifetime has no beginning or no end.
    #[must_use]
    pub fn spent(&self) -> Option<(f64, i64)> {
        let claims = self.all_claims()?;
        let (start, end) = (claims.date("iat").or_else(|| claims.date("nbf"))?, claims.date("exp")?);
        let total = end.seconds_since(start);
        let passed = self.at.seconds_since(start);
        (total > 0).then(|| ((passed as f64 / total as f64).clamp(0.0, 1.0), total))
    }

    /// Returns `alg` of the header, if it is a string. Addresses and tokens in it are masked if the report is redacted.
    #[must_use]
    pub fn alg(&self) -> Option<Cow<'_, str>> {
        let alg = self.token.parameter("alg")?;
        Some(if self.is_redacted() { mask_words(alg) } else { alg.into() })
    }

    /// Returns the claims that hold a time.
    pub fn times(&self) -> impl Iterator<Item = TimeClaim<'_>> {
        let times = self.all_claims().into_iter().flat_map(ClaimsSet::times);
        times.filter(|time| !self.is_redacted() || is_impersonal(time.name))
    }

    /// Returns the header parameters, masked if the report is redacted.
    #[must_use]
    pub fn parameters(&self) -> Option<Cow<'_, [Member<'_>]>> {
        self.token.header.as_ref().ok().map(|header| self.shown(header.members()))
    }

    /// Returns the claims, masked if the report is redacted.
    #[must_use]
    pub fn claims(&self) -> Option<Cow<'_, [Member<'_>]>> {
        let claims = match self.shown_payload {
            ShownPayload::Signed => self.token.unverified_claims(),
            ShownPayload::Processed => self.all_claims(),
        };
        claims.map(|claims| self.shown(claims.members()))
    }

    /// Returns the value of a claim, masked if the report is redacted. It may be a disclosed claim.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<Cow<'_, Value<'_>>> {
        let value = self.all_claims()?.get(name)?;
        if !self.is_redacted() {
            return Some(Cow::Borrowed(value));
        }
        redact(&[Member::new(name.to_owned(), value.clone())]).pop().map(|member| Cow::Owned(member.value))
    }

    fn shown<'m>(&self, members: &'m [Member<'m>]) -> Cow<'m, [Member<'m>]> {
        if self.is_redacted() { redact(members).into() } else { members.into() }
    }

    /// Returns the length of a payload that is not encoded in the token: a detached one, or one with `b64` false.
    fn payload_size(&self) -> Option<usize> {
        let unencoded = || match (self.token.compact, &self.token.header) {
            (Compact::Jws { payload, .. }, Ok(header)) if header.is_unencoded() => {
                Some(payload.encoded.len())
            }
            _ => None,
        };
        let detached =
            self.token.detached.map(|detached| usize::try_from(detached.length).unwrap_or(usize::MAX));
        detached.or_else(unencoded)
    }

    /// Returns the length of a detached payload that is not a claims set.
    #[must_use]
    pub fn unjudged_payload(&self) -> Option<u64> {
        self.token
            .detached
            .filter(|_| self.token.unverified_claims().is_none())
            .map(|detached| detached.length)
    }

    /// Returns the sizes of the token and its segments.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let text = self.token.compact.text();
        // A token inside a document has a length of its own.
        let document = self.document_size.filter(|_| self.token.json.is_some());
        let length = document.unwrap_or(text.len());
        let bytes = |encoded: &str| encoded.len() * 3 / 4;
        match self.token.compact {
            Compact::Jws { header, payload, signature, .. } => Sizes {
                token: length,
                segments: vec![
                    ("header", bytes(header.encoded)),
                    ("payload", self.payload_size().unwrap_or_else(|| bytes(payload.encoded))),
                    ("signature", bytes(signature.encoded)),
                ],
            },
            Compact::Jwe { header, sizes: [key, iv, ciphertext, tag], .. } => Sizes {
                token: length,
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
}

/// The sizes of a token and its segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The length of the token in bytes.
    pub token: usize,
    /// The name of each segment, and its decoded length in bytes.
    pub segments: Vec<(&'static str, usize)>,
}

/// Returns what a check found, marked as `unverified` where no signature authenticates it.
#[must_use]
pub fn check_text(check: &Check<'_>, zone: Zone) -> String {
    CheckText(check, zone).to_string()
}

/// A text whose `Display` is that of [`check_text`].
pub(crate) struct CheckText<'c>(pub(crate) &'c Check<'c>, pub(crate) Zone);

impl fmt::Display for CheckText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(check, zone) = self;
        check.fact.write(f, *zone)?;
        if check.unverified && check.status != Status::Skipped {
            f.write_str("; unverified")?;
        }
        Ok(())
    }
}

/// The location of a token in a text. Lines and columns count from one; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenLocation {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The surrounding syntax: `Authorization header`, `query parameter access_token`, … The usual texts are constants: a memory
    /// of its own for each token took 500 instructions.
    pub place: Cow<'static, str>,
    /// The path of the file, if more than one text is searched.
    pub file: Option<String>,
    /// The wrappings that were removed around the token.
    pub wrapping: Option<String>,
}

/// The text found at a location.
#[derive(Debug)]
pub enum FoundText<'t> {
    /// A token that parses.
    Token(Box<Anatomy<'t>>),
    /// A signed token in JSON serialization.
    Document(Box<document::DocumentReport<'t>>),
    /// An opaque token: only its issuer can interpret it.
    Opaque {
        /// The length in bytes.
        length: usize,
        /// The kind, if the look tells it.
        kind: Option<&'static str>,
    },
    /// A text that begins like a token but does not parse.
    Unreadable {
        /// The length in bytes.
        length: usize,
        /// Why it does not parse.
        failure: Failure,
    },
}

/// The report on one found token.
#[derive(Debug)]
pub struct TokenReport<'t> {
    /// The location of the token.
    pub location: TokenLocation,
    /// The token.
    pub content: FoundText<'t>,
    /// The verification, if a key was given.
    pub verification: Option<Verification<'t>>,
}

impl TokenReport<'_> {
    /// Returns the findings on the token.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        self.list_findings(Messages::Written)
    }

    /// Returns the findings on the token for a reader of their codes. Most have no message.
    #[must_use]
    pub(super) fn brief_findings(&self) -> Vec<Finding> {
        self.list_findings(Messages::LeftOut)
    }

    fn list_findings(&self, messages: Messages) -> Vec<Finding> {
        match &self.content {
            FoundText::Token(anatomy) => anatomy.list_findings(messages),
            FoundText::Document(report) => report.findings(),
            FoundText::Opaque { kind: Some(kind), .. } => {
                vec![Finding::new(FindingCode::Opaque, format!("not a JWT: it has the form of {kind}"))]
            }
            FoundText::Opaque { kind: None, .. } => {
                vec![Finding::new(FindingCode::Opaque, "an opaque token: only its issuer can interpret it")]
            }
            FoundText::Unreadable { failure, .. } => {
                vec![Finding::from_failure(failure.clone())]
            }
        }
    }
}
