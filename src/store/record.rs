//! The records of a store and their serialization: one JSON object each, with times in milliseconds since 1970. Records
//! hold no token and no secret.

use crate::core::key::digest::sha256;
use crate::core::mint::token_id::hex_id;
use crate::core::token::numeric_date::NumericDate;
use serde::{Deserialize, Serialize};

/// The ID of a token, a family or a subject: 32 hexadecimal digits of a SHA-256 digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(String);

impl RecordId {
    /// Returns the ID of the token with this `iss` and `jti`. It is also the ID of the family that the token starts.
    #[must_use]
    pub fn from_token(issuer: Option<&str>, jti: &str) -> Self {
        // The length of the issuer makes the encoding of each pair unique.
        let encoded = match issuer {
            Some(issuer) => format!("token {} {issuer}{jti}", issuer.len()),
            None => format!("token - {jti}"),
        };
        Self::from_text(&encoded)
    }

    /// Returns the ID of a token without `jti`, from the digest of its signing input.
    #[must_use]
    pub fn from_digest(digest: &str) -> Self {
        Self::from_text(&format!("digest {digest}"))
    }

    /// Returns the ID of a subject. All tokens without a subject share one.
    #[must_use]
    pub fn from_subject(subject: Option<&str>) -> Self {
        // Existing stores contain the digest of this word.
        let encoded = subject.map_or_else(|| "nobody".to_owned(), |subject| format!("subject {subject}"));
        Self::from_text(&encoded)
    }

    fn from_text(text: &str) -> Self {
        let [first, _] = halves(sha256(text.as_bytes()));
        Self(hex_id(first))
    }

    /// Returns the 32 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn halves(bytes: [u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    halves.as_flattened_mut().copy_from_slice(&bytes);
    halves
}

/// The key of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordKey {
    /// The record of a token.
    Token(RecordId),
    /// The record of a family.
    Family(RecordId),
    /// The record of the subject.
    Subject,
}

impl RecordKey {
    /// Returns the name of the record among those of its subject.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Token(id) => format!("token:{}", id.as_str()),
            Self::Family(id) => format!("family:{}", id.as_str()),
            Self::Subject => "subject".to_owned(),
        }
    }
}

/// A point in time, in milliseconds since 1970.
pub type Millis = i64;

/// The kind of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A token.
    Token,
    /// A family.
    Family,
    /// A subject.
    Subject,
}

/// A record that cannot be read. The text is in `error::store`.
#[derive(Debug)]
pub enum RecordError {
    /// It cannot be parsed.
    Syntax(serde_json::Error),
    /// It has another kind than its key says.
    WrongKind {
        /// The kind that the key stands for.
        expected: RecordKind,
        /// The kind of the record.
        found: RecordKind,
    },
}

/// A record of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "lowercase")]
pub enum Record {
    /// A token.
    Token(TokenRecord),
    /// A family.
    Family(FamilyRecord),
    /// A subject.
    Subject(SubjectRecord),
}

/// The purpose of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenRole {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// Both at once, as in drf-jwt.
    Both,
    /// Any other token, such as one for a single use.
    Other,
}

impl TokenRole {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Access, Self::Refresh, Self::Both, Self::Other];

    /// Returns the name for reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Both => "access and refresh",
            Self::Other => "other",
        }
    }
}

/// The record of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRecord {
    /// `jti`, or `sha256:` and the digest of the signing input of a token without one.
    pub jti: String,
    /// `iss`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The subject or user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// Its purpose.
    pub role: TokenRole,
    /// Its family.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<RecordId>,
    /// `exp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Millis>,
    /// When it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Millis>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Millis>,
}

/// The record of a family: all tokens that descend from one login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyRecord {
    /// The ID of the family.
    pub id: RecordId,
    /// The `iss` of its tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The subject or user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The number of revocations of its subject before the family started.
    pub epoch: u64,
    /// When it started, or when the store first saw one of its tokens.
    pub begun: Millis,
    /// The `jti` or the digest of the current refresh token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// When it was last refreshed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refreshed: Option<Millis>,
    /// When and why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<FamilyEnd>,
    /// When its last token expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Millis>,
}

/// The end of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyEnd {
    /// When it ended.
    pub at: Millis,
    /// Why it ended.
    pub why: EndReason,
}

/// The reason for the end of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndReason {
    /// A refresh token was used twice (RFC 9700 section 4.14.2).
    Reused,
    /// The user revoked it.
    Revoked,
}

/// The record of a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectRecord {
    /// The subject or user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// The number of its revocations.
    pub epoch: u64,
    /// The revocations, at most one per issuer.
    pub revocations: Vec<Revocation>,
    /// The latest expiry of its tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Millis>,
    /// True if one of its tokens never expires.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub endless: bool,
}

/// A revocation of everything that was issued to a subject until then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// The issuer it is limited to, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Its number among the revocations of the subject. It revokes all families that started before it.
    pub epoch: u64,
    /// When it happened. This decides about tokens without a recorded family.
    pub at: Millis,
}

impl Record {
    /// Serializes the record.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Serializing these types cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Parses a record.
    ///
    /// # Errors
    /// If the text is not a record, or a record of a kind that this version does not know.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        serde_json::from_str(text).map_err(RecordError::Syntax)
    }

    /// Returns the kind of the record.
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Token(_) => RecordKind::Token,
            Self::Family(_) => RecordKind::Family,
            Self::Subject(_) => RecordKind::Subject,
        }
    }
}

/// Returns the text of a record behind its kind, if the kind comes first, as this program writes it.
fn behind_kind<'t>(text: &'t str, kind: &str) -> Option<&'t str> {
    text.strip_prefix(r#"{"record":""#)?.strip_prefix(kind)?.strip_prefix(r#"","#)
}

/// Returns the family that the record of a token names. Returns `None` if it names none, and for texts that this program does
/// not write. The text may be no record all the same; [`TokenRecord::parse`] decides that.
pub(super) fn family_in(token: &str) -> Option<RecordId> {
    // A string cannot hold these characters: its quotes are escaped.
    let (_, behind) = behind_kind(token, "token")?.split_once(r#""family":""#)?;
    let (id, _) = behind.split_once('"')?;
    (!id.contains('\\')).then(|| RecordId(id.to_owned()))
}

macro_rules! record_of_kind {
    ($name:ident, $kind:ident, $text:literal) => {
        impl $name {
            /// Parses a record of this kind, if there is one.
            ///
            /// # Errors
            /// If the text is not a record of this kind.
            pub fn parse(text: Option<&str>) -> Result<Option<Self>, RecordError> {
                // To find the kind anywhere, serde keeps all members aside. This takes SAVED of INSTRUCTIONS.
                let known = text.and_then(|text| behind_kind(text, $text));
                let known = known.and_then(|members| serde_json::from_str(&["{", members].concat()).ok());
                if known.is_some() {
                    return Ok(known);
                }
                match text.map(Record::parse).transpose()? {
                    None => Ok(None),
                    Some(Record::$kind(record)) => Ok(Some(record)),
                    Some(other) => {
                        Err(RecordError::WrongKind { expected: RecordKind::$kind, found: other.kind() })
                    }
                }
            }
        }

        impl From<$name> for Record {
            fn from(record: $name) -> Self {
                Self::$kind(record)
            }
        }
    };
}

record_of_kind!(TokenRecord, Token, "token");
record_of_kind!(FamilyRecord, Family, "family");
record_of_kind!(SubjectRecord, Subject, "subject");

/// Returns the later of two expiries. `None` means that a token never expires.
#[must_use]
pub fn later(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// Converts milliseconds to a date.
#[must_use]
pub fn date(at: Millis) -> NumericDate {
    NumericDate::from_milliseconds(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_each_token_and_subject_its_own_id() {
        let ids = [
            RecordId::from_token(None, "a"),
            RecordId::from_token(Some(""), "a"),
            RecordId::from_token(Some("a"), ""),
            RecordId::from_token(Some("a"), "b"),
            RecordId::from_token(Some("ab"), ""),
            RecordId::from_token(None, "1 ab"),
            RecordId::from_subject(None),
            RecordId::from_subject(Some("")),
            RecordId::from_subject(Some("a")),
        ];
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(id.as_str().len(), 32);
            assert!(!ids[..at].contains(id), "{at}");
        }
    }

    #[test]
    fn round_trips_a_record_and_omits_absent_members() {
        let record = TokenRecord {
            jti: "a\u{1b}".into(),
            iss: None,
            sub: Some("7".into()),
            role: TokenRole::Refresh,
            family: Some(RecordId::from_token(None, "a")),
            exp: Some(1_769_860_800_000),
            used: None,
            revoked: None,
        };
        let text = Record::from(record.clone()).to_text();
        assert_eq!(
            text,
            r#"{"record":"token","jti":"a\u001b","sub":"7","role":"refresh","family":"FAMILY","exp":1769860800000}"#
                .replace("FAMILY", RecordId::from_token(None, "a").as_str())
        );
        assert_eq!(TokenRecord::parse(Some(&text)).unwrap(), Some(record));
        let error = FamilyRecord::parse(Some(&text)).unwrap_err();
        assert!(matches!(
            error,
            RecordError::WrongKind { expected: RecordKind::Family, found: RecordKind::Token }
        ));
    }

    /// Compares the quick ways to read a record with the general one, for records and for texts that are nearly one.
    #[test]
    fn reads_the_same_records_in_each_way() {
        fn general<T>(text: &str, of: impl Fn(Record) -> Option<T>) -> Option<T> {
            Record::parse(text).ok().and_then(of)
        }
        let records = [
            r#"{"record":"token","jti":"a\"family\":\"x","iss":"i","sub":"7","role":"refresh","family":"f0","exp":1,"used":2}"#,
            r#"{"record":"token","jti":"a","role":"both"}"#,
            r#"{"jti":"a","role":"other","record":"token","family":"f1"}"#,
            r#"{"record":"family","id":"f","epoch":3,"begun":4,"current":"c","ended":{"at":5,"why":"reused"},"exp":-6}"#,
            r#"{"record":"subject","sub":"s","epoch":1,"revocations":[{"epoch":1,"at":2}],"latest":9,"endless":true}"#,
            r#"{"record":"subject","epoch":0,"revocations":[]}"#,
        ];
        let pieces = [
            "",
            ",",
            "{",
            "}",
            "\"",
            "\\",
            " ",
            "7",
            "null",
            ",\"used\":3",
            ",\"record\":\"token\"",
            "\"x\":1,",
        ];
        let mut seed = 5_u64;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        let mut sound = 0;
        for round in 0..20_000 {
            let mut text = records[next(records.len())].to_owned();
            if round % 8 > 0 {
                let at = next(text.len());
                let end = (at + next(3)).min(text.len());
                text.replace_range(at..end, pieces[next(pieces.len())]);
            }
            let token =
                general(&text, |record| if let Record::Token(token) = record { Some(token) } else { None });
            let family =
                general(&text, |record| if let Record::Family(one) = record { Some(one) } else { None });
            let subject =
                general(&text, |record| if let Record::Subject(one) = record { Some(one) } else { None });
            sound += usize::from(token.is_some() || family.is_some() || subject.is_some());
            if let (Some(token), Some(found)) = (&token, family_in(&text)) {
                assert_eq!(token.family, Some(found), "{text}");
            }
            assert_eq!(TokenRecord::parse(Some(&text)).ok().flatten(), token, "{text}");
            assert_eq!(FamilyRecord::parse(Some(&text)).ok().flatten(), family, "{text}");
            assert_eq!(SubjectRecord::parse(Some(&text)).ok().flatten(), subject, "{text}");
        }
        assert!(sound > 3_000, "{sound}");
        assert_eq!(family_in(records[0]).unwrap().as_str(), "f0");
        assert_eq!(family_in(records[1]), None);
    }

    #[test]
    fn rejects_records_of_newer_versions() {
        for text in [
            r#"{"record":"token","jti":"a","role":"access","colour":"blue"}"#,
            r#"{"record":"lease","jti":"a"}"#,
            r#"{"record":"token","jti":"a","role":"driver"}"#,
            r#"{"jti":"a"}"#,
            "7",
            "",
        ] {
            assert!(Record::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_records_and_roles() {
        let id = RecordId::from_token(None, "a");
        assert_eq!(RecordKey::Token(id.clone()).name(), format!("token:{}", id.as_str()));
        assert_eq!(RecordKey::Family(id.clone()).name(), format!("family:{}", id.as_str()));
        assert_eq!(RecordKey::Subject.name(), "subject");
        let names = TokenRole::ALL.map(TokenRole::name);
        assert_eq!(names, ["access", "refresh", "access and refresh", "other"]);
    }

    #[test]
    fn no_expiry_is_later_than_one_that_never_comes() {
        for (one, other, expected) in [
            (Some(1), Some(2), Some(2)),
            (Some(2), Some(1), Some(2)),
            (None, Some(1), None),
            (Some(1), None, None),
        ] {
            assert_eq!(later(one, other), expected);
        }
    }
}
