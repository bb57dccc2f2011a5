//! The serializations of a new token: compact, or one of the two JSON forms (RFC 7515 section 7, RFC 7516 section 7). A
//! JSON form is made of tokens in compact serialization, since both sign and encrypt the same bytes.

use crate::core::json::{Member, Value};

/// The serialization of a new token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Serialization {
    /// Segments with dots between them.
    #[default]
    Compact,
    /// A JSON object with one signature or one recipient.
    Flattened,
    /// A JSON object with an array of signatures or recipients.
    General,
}

impl Serialization {
    /// Every serialization.
    pub const ALL: [Self; 3] = [Self::Compact, Self::Flattened, Self::General];

    /// Returns the name used on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Flattened => "flattened",
            Self::General => "general",
        }
    }

    /// Returns signed tokens over one payload as a document: all of them in the general form, the first in the others.
    #[must_use]
    pub fn signed<'t>(self, tokens: &'t [String]) -> Value<'t> {
        let mut payload = "";
        let mut signatures: Vec<_> = tokens
            .iter()
            .map(|token| {
                let [protected, body, signature] = segments(token);
                payload = body;
                vec![text("protected", protected), text("signature", signature)]
            })
            .collect();
        let mut members = vec![text("payload", payload)];
        if self == Self::General {
            let items = signatures.into_iter().map(Value::Object).collect();
            members.push(Member::new("signatures", Value::Array(items)));
        } else {
            members.extend(signatures.drain(..).next().unwrap_or_default());
        }
        Value::Object(members)
    }

    /// Returns an encrypted token as a document.
    #[must_use]
    pub fn encrypted(self, token: &str) -> Value<'_> {
        let [protected, key, iv, ciphertext, tag] = segments(token);
        let key = (!key.is_empty()).then(|| text("encrypted_key", key));
        let mut members = vec![text("protected", protected)];
        if self == Self::General {
            let recipient = Value::Object(key.into_iter().collect());
            members.push(Member::new("recipients", Value::Array(vec![recipient])));
        } else {
            members.extend(key);
        }
        members.extend([text("iv", iv), text("ciphertext", ciphertext), text("tag", tag)]);
        Value::Object(members)
    }
}

/// Splits a compact serialization. Segments that are not there are empty.
fn segments<const N: usize>(token: &str) -> [&str; N] {
    let mut segments = token.split('.');
    std::array::from_fn(|_| segments.next().unwrap_or_default())
}

fn text<'t>(name: &'static str, text: &'t str) -> Member<'t> {
    Member::new(name, Value::string(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_signatures_over_one_payload() {
        let tokens = ["h1.p.s1".to_owned(), "h2.p.s2".to_owned()];
        assert_eq!(
            Serialization::Flattened.signed(&tokens[..1]).to_string(),
            r#"{"payload":"p","protected":"h1","signature":"s1"}"#
        );
        assert_eq!(
            Serialization::General.signed(&tokens).to_string(),
            r#"{"payload":"p","signatures":[{"protected":"h1","signature":"s1"},{"protected":"h2","signature":"s2"}]}"#
        );
    }

    #[test]
    fn writes_an_encrypted_key_only_if_there_is_one() {
        assert_eq!(
            Serialization::Flattened.encrypted("h.k.i.c.t").to_string(),
            r#"{"protected":"h","encrypted_key":"k","iv":"i","ciphertext":"c","tag":"t"}"#
        );
        assert_eq!(
            Serialization::General.encrypted("h..i.c.t").to_string(),
            r#"{"protected":"h","recipients":[{}],"iv":"i","ciphertext":"c","tag":"t"}"#
        );
    }
}
