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

/// A piece of JSON that is complete only with the pieces around it. The fields of a tuple struct can be pieces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonPiece<'t>(pub(crate) &'t [u8]);

impl Serialize for JsonPiece<'_> {
    #[inline]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
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
            Some(text) => serialize_verbatim(self.members, text, serializer),
            None => Members(self.members).serialize(serializer),
        }
    }
}

/// Writes members with the parts of their text, which is compact and has no escapes, so that the length of each part is known. To
/// search each name and each string for escapes takes 330 instructions a member, this takes 130.
fn serialize_verbatim<S: Serializer>(
    members: &[Member<'_>],
    text: &[u8],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(members.len()))?;
    // Behind the brace.
    let mut at = 1;
    for Member { name, value } in members {
        let name_end = at + name.len() + 2;
        let end = name_end + 1 + compact_length(value);
        let parts = text.get(at..name_end).zip(text.get(name_end + 1..end));
        // The next member follows a comma.
        at = end + 1;
        match (parts, value) {
            (None, _) => object.serialize_entry(&**name, value)?,
            (Some((name, _)), Value::Array(_) | Value::Object(_)) => {
                object.serialize_entry(&JsonPiece(name), value)?;
            }
            (Some((name, value)), _) => object.serialize_entry(&JsonPiece(name), &JsonPiece(value))?,
        }
    }
    object.end()
}

/// Returns the length of a value as compact JSON without escapes.
fn compact_length(value: &Value<'_>) -> usize {
    // The brackets, and a comma between each two.
    let brackets = |count: usize| 2 + count.saturating_sub(1);
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(digits) => digits.len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => brackets(items.len()) + items.iter().map(compact_length).sum::<usize>(),
        Value::Object(members) => {
            let length = |member: &Member<'_>| member.name.len() + 3 + compact_length(&member.value);
            brackets(members.len()) + members.iter().map(length).sum::<usize>()
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
    use crate::core::json::{append_compact, append_indented, parse};
    use crate::core::text::escape::is_compact_json;

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

    /// Numbers that look random and are the same in every run.
    struct Numbers {
        state: u64,
        /// How many of the pieces of texts are used. The first ones are plain.
        pieces: usize,
    }

    impl Numbers {
        fn below(&mut self, limit: usize) -> usize {
            self.state =
                self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.state >> 33) as usize % limit
        }

        fn text(&mut self) -> String {
            const PIECES: [&str; 20] = [
                "a",
                "claim",
                "https://id.example/",
                "0123456789abcdef",
                " ",
                "\"",
                "\\",
                "\n",
                "\t",
                "\u{8}",
                "\0",
                "\u{1f}",
                "\u{7f}",
                "é",
                "\u{9b}",
                "\u{2028}",
                "\u{202e}",
                "\u{feff}",
                "🚀",
                "\u{e0041}",
            ];
            (0..self.below(6)).map(|_| PIECES[self.below(self.pieces)]).collect()
        }

        fn value(&mut self, depth: usize) -> Value<'static> {
            match self.below(if depth == 0 { 6 } else { 8 }) {
                0 => Value::Null,
                1 => Value::Bool(self.below(2) == 0),
                2 => {
                    let digits =
                        ["0", "-0.0", "1E+300", "123456789012345678901234567890", "1.10", "1700000000"];
                    Value::Number(digits[self.below(digits.len())].into())
                }
                3..6 => Value::string(self.text()),
                6 => Value::Array((0..self.below(4)).map(|_| self.value(depth - 1)).collect()),
                _ => Value::Object(self.members(depth - 1)),
            }
        }

        fn members(&mut self, depth: usize) -> Vec<Member<'static>> {
            (0..self.below(5)).map(|_| Member::new(self.text(), self.value(depth))).collect()
        }
    }

    fn compact(document: &impl Serialize) -> String {
        let mut out = Vec::new();
        append_compact(&mut out, document);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn documents_hold_values_as_they_are_written_alone() {
        let mut numbers = Numbers { state: 18, pieces: 20 };
        for _ in 0..3_000 {
            let value = numbers.value(5);
            let document = compact(&value);
            assert_eq!(document, value.to_string());
            assert!(document.bytes().all(|byte| byte != 0x7f && byte >= b' '), "{document}");
            assert_eq!(parse(document.as_bytes()).unwrap(), value);
            let mut indented = Vec::new();
            append_indented(&mut indented, &value, 0);
            assert_eq!(parse(&indented).unwrap(), value);
        }
        let deep = format!("{}1{}", "[".repeat(60), "]".repeat(60));
        assert_eq!(compact(&parse(deep.as_bytes()).unwrap()), deep);
    }

    #[test]
    fn documents_hold_plain_texts_as_serde_json_writes_them() {
        let mut numbers = Numbers { state: 7, pieces: 20 };
        let texts: Vec<String> = (0..3_000)
            .map(|_| numbers.text())
            .filter(|text| {
                !text.contains(['\u{7f}', '\u{9b}', '\u{2028}', '\u{202e}', '\u{feff}', '\u{e0041}'])
            })
            .collect();
        assert_eq!(compact(&texts), serde_json::to_string(&texts).unwrap());
    }

    #[test]
    fn received_members_are_written_as_any_others() {
        let mut numbers = Numbers { state: 42, pieces: 5 };
        let mut copied = 0;
        for _ in 0..5_000 {
            let mut text = Members(&numbers.members(3)).to_string();
            if numbers.below(4) == 0 {
                // A blank or an escape may stand at any place. Some of these texts are no JSON.
                let at = numbers.below(text.len());
                let mut other = text.clone().into_bytes();
                other
                    .splice(at..at, [&b" "[..], b"\n", b"\\u0041", b"\\/"][numbers.below(4)].iter().copied());
                text = String::from_utf8(other).unwrap_or(text);
            }
            let Ok(Value::Object(members)) = parse(text.as_bytes()) else { continue };
            let received = Some(text.as_bytes()).filter(|text| is_compact_json(text));
            copied += usize::from(received.is_some());
            let received = ReceivedMembers { members: &members, text: received };
            assert_eq!(compact(&received), compact(&Members(&members)), "{text}");
            let indented = |document: &dyn Fn(&mut Vec<u8>)| {
                let mut out = Vec::new();
                document(&mut out);
                String::from_utf8(out).unwrap()
            };
            let depth = numbers.below(4);
            let laid_out = indented(&|out| append_indented(out, &received, depth));
            assert_eq!(laid_out, indented(&|out| append_indented(out, &Members(&members), depth)), "{text}");
        }
        assert!(copied > 300, "{copied}");
    }

    #[test]
    fn writes_ascii_as_python_does() {
        assert_eq!(written("[\"å🚀\\u007f\"]", Escapes::Ascii), r#"["\u00e5\ud83d\ude80\u007f"]"#);
    }
}
