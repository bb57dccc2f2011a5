//! The plain form of a member, which compact writers give to most claims: no white space, and a value that is a string, a
//! number of digits alone, or a word such as `true`. The texts are clean, see `quotes`. This file gives up on every other form;
//! `parse` reads it.

use super::are_digits;
use super::quotes::Quotes;
use super::value::Value;
use std::borrow::Cow;
use std::ops::Range;

/// A member of the plain form, as places in its text.
pub(crate) struct PlainMember {
    name: Range<usize>,
    /// The characters of a string, or the digits of a number; empty for a word.
    value: Range<usize>,
    kind: PlainKind,
    /// The offset behind the member.
    pub(super) end: usize,
}

enum PlainKind {
    String,
    Number,
    Bool(bool),
    Null,
}

impl PlainMember {
    /// Returns the name.
    #[inline(always)]
    pub(super) fn name<'a>(&self, text: &'a str) -> Option<&'a str> {
        text.get(self.name.clone())
    }

    /// Returns the text of the value, a string with its quotes.
    pub(super) fn value_text<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        // A quote and a colon are between.
        bytes.get(self.name.end + 2..self.end)
    }

    /// Returns the value, which borrows the text.
    #[inline(always)]
    pub(crate) fn value<'a>(&self, text: &'a str) -> Option<Value<'a>> {
        let text = || Some(Cow::Borrowed(text.get(self.value.clone())?));
        Some(match self.kind {
            PlainKind::String => Value::String(text()?),
            PlainKind::Number => Value::Number(text()?),
            PlainKind::Bool(value) => Value::Bool(value),
            PlainKind::Null => Value::Null,
        })
    }
}

/// Finds the member that begins at an offset, if it has the plain form. `quotes` are those from the offset on.
#[inline(always)]
pub(super) fn plain_member(
    bytes: &[u8],
    at: usize,
    quotes: &mut impl Iterator<Item = usize>,
) -> Option<PlainMember> {
    let name_end = quotes.next().filter(|start| *start == at).and_then(|_| quotes.next())?;
    let (name, from) = (at + 1..name_end, name_end + 2);
    // The kind of a word says which one it is, so its place is not needed.
    let word =
        |length, kind| Some(PlainMember { name: name.clone(), value: from..from, kind, end: from + length });
    match bytes.get(name_end + 1..)? {
        [b':', b'"', ..] => {
            let end = quotes.next().and_then(|_| quotes.next())?;
            Some(PlainMember { name, value: from + 1..end, kind: PlainKind::String, end: end + 1 })
        }
        [b':', b'1'..=b'9', digits @ ..] => {
            let end = from + 1 + leading_digits(digits);
            // A fraction or an exponent may follow.
            let is_whole = matches!(bytes.get(end), Some(b',' | b'}'));
            is_whole.then_some(PlainMember { name, value: from..end, kind: PlainKind::Number, end })
        }
        [b':', b't', b'r', b'u', b'e', ..] => word(4, PlainKind::Bool(true)),
        [b':', b'f', b'a', b'l', b's', b'e', ..] => word(5, PlainKind::Bool(false)),
        [b':', b'n', b'u', b'l', b'l', ..] => word(4, PlainKind::Null),
        _ => None,
    }
}

/// Calls `member` for each member of an object, with its name. Returns `None` if the text is not an object whose members all have
/// the plain form, or if `member` returns it.
#[inline(always)]
pub(crate) fn plain_members<'t>(
    bytes: &'t [u8],
    mut member: impl FnMut(&'t [u8], &PlainMember) -> Option<()>,
) -> Option<()> {
    let quotes = Quotes::find(bytes).filter(|_| bytes.first() == Some(&b'{'))?;
    let (mut rest, mut at) = (quotes.since(0), 1);
    loop {
        let plain = plain_member(bytes, at, &mut rest)?;
        member(bytes.get(plain.name.clone())?, &plain)?;
        match bytes.get(plain.end)? {
            b',' => at = plain.end + 1,
            b'}' if plain.end + 1 == bytes.len() => return Some(()),
            _ => return None,
        }
    }
}

/// Counts the digits at the beginning. Most numbers are times of ten digits; eight of them take one step.
#[inline(always)]
pub(super) fn leading_digits(bytes: &[u8]) -> usize {
    let first = match bytes.first_chunk() {
        Some(word) if are_digits(u64::from_le_bytes(*word)) => 8,
        _ => 0,
    };
    let rest = bytes.get(first..).unwrap_or_default();
    first + rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the members, if all have the plain form.
    fn members(text: &str) -> Option<Vec<(String, Value<'_>)>> {
        let mut found = Vec::new();
        plain_members(text.as_bytes(), |name, member| {
            assert_eq!(member.name(text).map(str::as_bytes), Some(name));
            let written = member.value_text(text.as_bytes())?;
            assert_eq!(crate::core::json::parse(written).ok(), member.value(text));
            found.push((String::from_utf8(name.to_vec()).ok()?, member.value(text)?));
            Some(())
        })?;
        Some(found)
    }

    #[test]
    fn reads_every_plain_value() {
        for (json, value) in [
            (r#""""#, Value::string("")),
            (r#""x y""#, Value::string("x y")),
            ("1", Value::Number("1".into())),
            ("90", Value::Number("90".into())),
            ("1700000000", Value::Number("1700000000".into())),
            ("123456789", Value::Number("123456789".into())),
            ("12345678901234567", Value::Number("12345678901234567".into())),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            let one = |name: &str| (name.to_owned(), value.clone());
            assert_eq!(members(&format!("{{\"a\":{json}}}")), Some(vec![one("a")]), "{json}");
            let text = format!(r#"{{"a":{json},"":"z","long name":{json}}}"#);
            let expected = vec![one("a"), (String::new(), Value::string("z")), one("long name")];
            assert_eq!(members(&text), Some(expected), "{json}");
        }
    }

    #[test]
    fn gives_up_on_every_other_form() {
        for text in [
            "",
            "{}",
            "[]",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":0}"#,
            r#"{"a":-1}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1e5}"#,
            r#"{"a":1"#,
            r#"{"a":1 }"#,
            r#"{"a": 1}"#,
            r#"{"a":[]}"#,
            r#"{"a":{}}"#,
            r#"{"a":tru}"#,
            r#"{"a":truex}"#,
            r#"{"a":"x}"#,
            r#"{"a":"x"y}"#,
            r#"{"a":1,}"#,
            r#"{"a":1}}"#,
            r#"{"a":1} "#,
            r#"{a":1}"#,
            r#"{ "a":1}"#,
            r#"x"a":1}"#,
            r#"{"a";1}"#,
            r#"{"a":"\u0041"}"#,
            r#"{"a":"é"}"#,
        ] {
            assert_eq!(members(text), None, "{text}");
        }
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(1_016));
        assert_eq!((long.len(), members(&long).is_some()), (1_024, true));
        assert_eq!(members(&long.replace('a', "ab")), None);
    }

    #[test]
    fn counts_the_leading_digits() {
        for length in 0..20 {
            let digits = "7".repeat(length);
            assert_eq!(leading_digits(digits.as_bytes()), length);
            assert_eq!(leading_digits(format!("{digits}x123456789").as_bytes()), length);
        }
    }
}
