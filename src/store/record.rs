//! The records of a store, as they are written: JSON, one object each, times in milliseconds since 1970. They hold no
//! token and no secret.

use crate::core::key::digest::sha256;
use crate::core::mint::token_id::hex_id;
use crate::core::token::numeric_date::NumericDate;
use crate::error::CommandError;
use serde::{Deserialize, Serialize};

/// What a record is found by: the digest of what it speaks of, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(String);

impl Id {
    /// Of a token, which `iss` and `jti` name together.
    #[must_use]
    pub fn of_token(issuer: Option<&str>, jti: &str) -> Self {
        // No two pairs are written alike: the length of the first stands before it.
        let written = match issuer {
            Some(issuer) => format!("token {} {issuer}{jti}", issuer.len()),
            None => format!("token - {jti}"),
        };
        Self::of(&written)
    }

    /// Of a subject; those that have none share one.
    #[must_use]
    pub fn of_subject(subject: Option<&str>) -> Self {
        subject.map_or_else(|| Self::of("nobody"), |subject| Self::of(&format!("subject {subject}")))
    }

    fn of(text: &str) -> Self {
        let [first, _] = halves(sha256(text.as_bytes()));
        Self(hex_id(first))
    }

    /// Its text, 32 hexadecimal digits.
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

/// Which record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// That of a token.
    Token(Id),
    /// That of a family.
    Family(Id),
    /// That of the subject.
    Subject,
}

impl Key {
    /// Its name beside the others of its subject.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Token(id) => format!("token:{}", id.as_str()),
            Self::Family(id) => format!("family:{}", id.as_str()),
            Self::Subject => "subject".to_owned(),
        }
    }
}

/// An instant, in milliseconds since 1970.
pub type Millis = i64;

/// Any record.
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

/// What a token is to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It gives access.
    Access,
    /// It is exchanged for the next.
    Refresh,
    /// It is both, as drf-jwt has it.
    Both,
    /// Nothing is known of it but what was done to it.
    Other,
}

impl Role {
    /// The name used in reports.
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

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenRecord {
    /// `jti`.
    pub jti: String,
    /// `iss`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// What it is for.
    pub role: Role,
    /// The family it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family: Option<Id>,
    /// `exp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Millis>,
    /// When it was used up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Millis>,
    /// When it was revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Millis>,
}

/// The tokens that descend from one login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyRecord {
    /// What it is found by.
    pub id: Id,
    /// `iss` of its tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// Whose they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// How often its subject had been revoked when it began.
    pub epoch: u64,
    /// When it began, or was first seen.
    pub begun: Millis,
    /// `jti` of the refresh token that is good now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// When it was refreshed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refreshed: Option<Millis>,
    /// When it was ended, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ending>,
    /// When its last token expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exp: Option<Millis>,
}

/// How a family ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// When.
    pub at: Millis,
    /// Why.
    pub why: Why,
}

/// Why a family ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// One of its refresh tokens was used a second time (RFC 9700 section 4.14.2).
    Reused,
    /// Somebody revoked it.
    Revoked,
}

/// Whoever tokens are issued to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubjectRecord {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    /// How often it has been revoked.
    pub epoch: u64,
    /// What was revoked, at most once for each issuer.
    pub revocations: Vec<Revocation>,
    /// When the last of its tokens expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<Millis>,
    /// Whether one of its tokens never expires.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub endless: bool,
}

/// That everything which was issued to a subject so far is out of use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Of this issuer alone; nothing for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The number it has among the revocations of the subject. A family that began before it is out of use.
    pub epoch: u64,
    /// When. It counts for tokens that no family is known of.
    pub at: Millis,
}

impl Record {
    /// As it is written.
    #[must_use]
    pub fn to_text(&self) -> String {
        // A record holds nothing that JSON has no words for.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads one that was written.
    ///
    /// # Errors
    /// If this is no record, or one of a kind that this program does not know.
    pub fn read(text: &str) -> Result<Self, CommandError> {
        serde_json::from_str(text).map_err(|error| {
            CommandError::usage(format!("the store holds a record that cannot be read: {error}")).with_hint(
                "it is damaged, or was written by a newer version of this program; nothing was changed",
            )
        })
    }
}

macro_rules! one_kind {
    ($name:ident, $variant:ident) => {
        impl $name {
            /// Reads the record of this kind, if there is one.
            ///
            /// # Errors
            /// If what is there is anything else.
            pub fn read(text: Option<&str>) -> Result<Option<Self>, CommandError> {
                match text.map(Record::read).transpose()? {
                    None => Ok(None),
                    Some(Record::$variant(record)) => Ok(Some(record)),
                    Some(_) => {
                        Err(CommandError::usage("the store holds a record where another kind belongs"))
                    }
                }
            }
        }

        impl From<$name> for Record {
            fn from(record: $name) -> Self {
                Self::$variant(record)
            }
        }
    };
}

one_kind!(TokenRecord, Token);
one_kind!(FamilyRecord, Family);
one_kind!(SubjectRecord, Subject);

/// The later of two times, where nothing means never.
#[must_use]
pub fn later(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    one.zip(other).map(|(one, other)| one.max(other))
}

/// The date of an instant.
#[must_use]
pub fn date(at: Millis) -> NumericDate {
    NumericDate::from_milliseconds(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tokens_share_an_id() {
        let ids = [
            Id::of_token(None, "a"),
            Id::of_token(Some(""), "a"),
            Id::of_token(Some("a"), ""),
            Id::of_token(Some("a"), "b"),
            Id::of_token(Some("ab"), ""),
            Id::of_token(None, "1 ab"),
            Id::of_subject(None),
            Id::of_subject(Some("")),
            Id::of_subject(Some("a")),
        ];
        for (at, id) in ids.iter().enumerate() {
            assert_eq!(id.as_str().len(), 32);
            assert!(!ids[..at].contains(id), "{at}");
        }
    }

    #[test]
    fn a_record_reads_back_and_leaves_out_what_is_not_there() {
        let record = TokenRecord {
            jti: "a\u{1b}".into(),
            iss: None,
            sub: Some("7".into()),
            role: Role::Refresh,
            family: Some(Id::of_token(None, "a")),
            exp: Some(1_769_860_800_000),
            used: None,
            revoked: None,
        };
        let text = Record::from(record.clone()).to_text();
        assert_eq!(
            text,
            r#"{"record":"token","jti":"a\u001b","sub":"7","role":"refresh","family":"FAMILY","exp":1769860800000}"#
                .replace("FAMILY", Id::of_token(None, "a").as_str())
        );
        assert_eq!(TokenRecord::read(Some(&text)).unwrap(), Some(record));
        assert!(FamilyRecord::read(Some(&text)).is_err());
    }

    #[test]
    fn what_a_newer_version_wrote_is_refused() {
        for text in [
            r#"{"record":"token","jti":"a","role":"access","colour":"blue"}"#,
            r#"{"record":"lease","jti":"a"}"#,
            r#"{"record":"token","jti":"a","role":"driver"}"#,
            r#"{"jti":"a"}"#,
            "7",
            "",
        ] {
            assert!(Record::read(text).is_err(), "{text}");
        }
    }
}
