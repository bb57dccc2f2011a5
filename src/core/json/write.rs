//! Writing JSON: compact text, and serde documents. Numbers keep every digit.

use super::{Member, Value};
use crate::core::text::escape::{Escapes, write_json_string};
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use std::fmt;

impl Value<'_> {
    /// Writes the value as compact JSON.
    ///
    /// # Errors
    /// Only those of `out`.
    pub fn write(&self, out: &mut impl fmt::Write, escapes: Escapes) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(digits) => out.write_str(digits),
            Self::String(text) => write_json_string(out, text, escapes),
            Self::Array(items) => {
                out.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.write_char(',')?;
                    }
                    item.write(out, escapes)?;
                }
                out.write_char(']')
            }
            Self::Object(members) => write_object(out, members, escapes),
        }
    }
}

/// Writes members as a compact JSON object.
///
/// # Errors
/// Only those of `out`.
pub fn write_object(out: &mut impl fmt::Write, members: &[Member<'_>], escapes: Escapes) -> fmt::Result {
    out.write_char('{')?;
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.write_char(',')?;
        }
        write_json_string(out, &member.name, escapes)?;
        out.write_char(':')?;
        member.value.write(out, escapes)?;
    }
    out.write_char('}')
}

/// Writes compact JSON that is safe to show in a terminal.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Escapes::Hostile)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // Bytes are the digits of a number for the writer of documents.
            Self::Number(digits) => serializer.serialize_bytes(digits.as_bytes()),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| array.serialize_element(item))?;
                array.end()
            }
            Self::Object(members) => Members(members).serialize(serializer),
        }
    }
}

/// Members of an object, to be written as one.
#[derive(Clone, Copy, Debug)]
pub struct Members<'m>(pub &'m [Member<'m>]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|member| object.serialize_entry(&*member.name, &member.value))?;
        object.end()
    }
}

/// Members of an object, with the text that they were read from if it has the form in which they are written.
#[derive(Clone, Copy, Debug)]
pub struct ReceivedMembers<'m> {
    /// The members.
    pub members: &'m [Member<'m>],
    /// Their text.
    pub text: Option<&'m [u8]>,
}

impl Serialize for ReceivedMembers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text {
            // A document on one line holds the text as it is.
            Some(text) if !serializer.is_human_readable() => serializer.serialize_bytes(text),
            _ => Members(self.members).serialize(serializer),
        }
    }
}

/// Writes compact JSON that is safe to show in a terminal.
impl fmt::Display for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_object(f, self.0, Escapes::Hostile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn written(text: &str, escapes: Escapes) -> String {
        let mut written = String::new();
        parse(text.as_bytes()).unwrap().write(&mut written, escapes).unwrap();
        written
    }

    #[test]
    fn keeps_order_digits_and_duplicates() {
        let text = r#"{"b":1.10,"a":123456789012345678901234567890,"b":1e3,"c":[-0.0,1E+300]}"#;
        assert_eq!(written(text, Escapes::Needed), text);
    }

    #[test]
    fn resolves_escapes_in_names_and_strings() {
        assert_eq!(written(r#"{"\u0061":"\ud83d\ude80\n\/"}"#, Escapes::Needed), "{\"a\":\"🚀\\n/\"}");
    }

    #[test]
    fn writes_ascii_as_python_does() {
        assert_eq!(written("[\"å🚀\\u007f\"]", Escapes::Ascii), r#"["\u00e5\ud83d\ude80\u007f"]"#);
    }
}
