//! The JSON serialization of encrypted tokens (RFC 7516 section 7.2), flattened and general. Each recipient becomes a
//! token of its own. It is never read where a compact serialization is expected.

use super::error::{JweError, ParameterFault};
use super::jwe::{Jwe, JweTexts, check_protected, check_size};
use super::parameters::MAX_ITERATIONS;
use crate::core::json::{self, JsonErrorKind, Member, Value};
use crate::core::reason::{Failure, Malformed};
use crate::core::token::base64url;
use crate::core::token::header::JoseHeader;
use crate::core::token::serialization::{JsonEntry, JsonForm, RecipientParts};

/// The largest number of recipients that is read.
const MAX_RECIPIENTS: usize = 32;

/// An encrypted token in JSON serialization.
#[derive(Clone, Debug)]
pub struct JsonJwe {
    /// The token of each recipient, or why this build cannot read it.
    pub recipients: Vec<Result<Jwe<'static>, JweError>>,
    /// The entry of each recipient as received, for reports.
    pub entries: Vec<JsonEntry>,
}

/// The maximum size of the copies for all recipients together, in multiples of the limit for a token.
const MAX_WORK: usize = 4;

impl JsonJwe {
    /// Parses a token. `max_size` limits its length in bytes.
    ///
    /// # Errors
    /// [`JweError`] for a fault that concerns every recipient.
    pub fn parse(text: &[u8], max_size: usize) -> Result<Self, JweError> {
        check_size(text, max_size)?;
        let value = json::parse(text).map_err(|fault| {
            let kind = match fault.kind {
                JsonErrorKind::TooDeep => Malformed::TooDeep,
                _ => Malformed::PayloadJson,
            };
            Failure::malformed(kind, format!("the JSON serialization is {fault}"))
        })?;
        let Value::Object(members) = &value else {
            return Err(JweError::Member { name: "ciphertext", found: None });
        };
        if let Some(name) = value.first_duplicate() {
            return Err(JweError::DuplicateMember(name));
        }
        let outer = Members(members);
        let protected = outer.text("protected")?;
        let texts = JweTexts {
            protected: protected.unwrap_or_default(),
            encrypted_key: "",
            iv: outer.text("iv")?.unwrap_or_default(),
            ciphertext: outer
                .text("ciphertext")?
                .ok_or(JweError::Member { name: "ciphertext", found: None })?,
            tag: outer.text("tag")?.unwrap_or_default(),
            aad: outer.text("aad")?,
            size: text.len(),
        };
        let shared = SharedHeaders {
            protected: protected_header(protected)?,
            unprotected: outer.object("unprotected")?,
        };
        let (form, items) = match json::find(members, "recipients") {
            None => (JsonForm::Flattened, vec![outer]),
            Some(Value::Array(_)) if outer.has("header") || outer.has("encrypted_key") => {
                return Err(JweError::Member { name: "recipients", found: Some("an array beside `header`") });
            }
            Some(Value::Array(items)) if items.is_empty() => {
                return Err(JweError::Member { name: "recipients", found: Some("an empty array") });
            }
            Some(Value::Array(items)) => {
                // Each recipient has its own copy of the whole token.
                let count = items.len();
                let maximum =
                    MAX_RECIPIENTS.min(max_size.saturating_mul(MAX_WORK) / texts.ciphertext.len().max(1));
                if count > maximum {
                    return Err(JweError::TooManyRecipients { count, maximum });
                }
                (JsonForm::General, items.iter().map(Members::of_recipient).collect::<Result<_, _>>()?)
            }
            Some(other) => {
                return Err(JweError::Member { name: "recipients", found: Some(other.type_name()) });
            }
        };
        let total = items.len();
        let entry = |(index, item): (usize, &Members<'_>)| {
            let encrypted_key = item.text("encrypted_key")?.unwrap_or_default();
            let parts = RecipientParts {
                protected,
                segments: [encrypted_key, texts.iv, texts.ciphertext, texts.tag],
                shared: shared.unprotected,
                aad: texts.aad,
                header: item.object("header")?,
            };
            Ok(JsonEntry::recipient(form, (index + 1, total), &parts)?)
        };
        let entries = items.iter().enumerate().map(entry).collect::<Result<Vec<_>, JweError>>()?;
        let recipients: Vec<_> = items.into_iter().map(|item| shared.token(item, &texts)).collect();
        check_same(&recipients)?;
        check_work(&recipients)?;
        Ok(Self { recipients, entries })
    }
}

/// Checks that `enc` and `zip` are the same for every recipient: all of them decrypt one content (RFC 7516 sections 4.1.2
/// and 7.2.1).
fn check_same(recipients: &[Result<Jwe<'static>, JweError>]) -> Result<(), JweError> {
    let mut read = recipients.iter().flatten();
    let Some(first) = read.next() else { return Ok(()) };
    for other in read {
        if other.content() != first.content() {
            return Err(JweError::Parameter { name: "enc", fault: ParameterFault::Differs });
        }
        if other.is_compressed() != first.is_compressed() {
            return Err(JweError::Parameter { name: "zip", fault: ParameterFault::Differs });
        }
    }
    Ok(())
}

/// Checks that the passwords of all recipients together cost no more than one may.
fn check_work(recipients: &[Result<Jwe<'static>, JweError>]) -> Result<(), JweError> {
    let sum = recipients.iter().flatten().map(|jwe| u64::from(jwe.iterations())).sum();
    if sum > u64::from(MAX_ITERATIONS) {
        let fault = ParameterFault::Total { sum, maximum: MAX_ITERATIONS };
        return Err(JweError::Parameter { name: "p2c", fault });
    }
    Ok(())
}

/// Decodes the protected header, which may be absent.
fn protected_header(text: Option<&str>) -> Result<JoseHeader<'static>, JweError> {
    let Some(text) = text else { return Ok(JoseHeader::from_members(Vec::new())) };
    let bytes = base64url::decode(text).map_err(|error| {
        Failure::malformed(Malformed::Base64, format!("the protected header is not Base64url: {error}"))
    })?;
    Ok(JoseHeader::parse(&bytes)?.into_owned())
}

/// The headers that all recipients share.
struct SharedHeaders<'t> {
    protected: JoseHeader<'static>,
    unprotected: &'t [Member<'t>],
}

impl SharedHeaders<'_> {
    /// Returns the token for one recipient. No two headers may hold the same name (RFC 7516 section 7.2.1).
    fn token(&self, recipient: Members<'_>, texts: &JweTexts<'_>) -> Result<Jwe<'static>, JweError> {
        let own = recipient.object("header")?;
        let members = self.protected.members().iter().chain(self.unprotected).chain(own);
        let header = JoseHeader::from_members(members.cloned().map(Member::into_owned).collect());
        for name in ["zip", "crit"] {
            check_protected(name, &self.protected, &header)?;
        }
        let is_alg_protected = self.protected.get("alg").is_some();
        let encrypted_key = recipient.text("encrypted_key")?.unwrap_or_default();
        Jwe::assemble(header, is_alg_protected, &JweTexts { encrypted_key, ..*texts })
    }
}

/// The members of an object, by type.
#[derive(Clone, Copy)]
struct Members<'m>(&'m [Member<'m>]);

impl<'m> Members<'m> {
    fn of_recipient(item: &'m Value<'m>) -> Result<Self, JweError> {
        match item {
            Value::Object(members) => Ok(Self(members)),
            other => Err(JweError::Member { name: "recipients", found: Some(other.type_name()) }),
        }
    }

    fn has(self, name: &str) -> bool {
        json::find(self.0, name).is_some()
    }

    fn text(self, name: &'static str) -> Result<Option<&'m str>, JweError> {
        match json::find(self.0, name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(JweError::Member { name, found: Some(other.type_name()) }),
        }
    }

    fn object(self, name: &'static str) -> Result<&'m [Member<'m>], JweError> {
        match json::find(self.0, name) {
            None => Ok(&[]),
            Some(Value::Object(members)) => Ok(members),
            Some(other) => Err(JweError::Member { name, found: Some(other.type_name()) }),
        }
    }
}
