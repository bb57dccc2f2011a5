//! Strict JSON (RFC 8259) that loses nothing: members keep their order, numbers their digits, and a name that
//! appears twice appears twice. It judges form only; what a member means is for its readers.

mod decimal;
mod duplicates;
mod parse;

pub(super) use self::decimal::Decimal;
pub use self::duplicates::{first_duplicate, first_repeated, repeated};
pub use self::parse::{Fault, FaultKind, MAX_DEPTH, parse};
use crate::core::text::escape::{Escapes, write_json_string};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use std::borrow::Cow;
use std::fmt;

/// A JSON value as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, digit for digit.
    Number(Cow<'a, str>),
    /// A string, its escapes resolved.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Value<'a>>),
    /// An object: its members in order, duplicates kept.
    Object(Vec<Member<'a>>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// The name, its escapes resolved.
    pub name: Cow<'a, str>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Value<'a> {
    /// A string value.
    pub fn string(text: impl Into<Cow<'a, str>>) -> Self {
        Self::String(text.into())
    }

    /// A whole number.
    #[must_use]
    pub fn integer(number: i64) -> Self {
        Self::Number(Cow::Owned(number.to_string()))
    }

    /// The text of a string; nothing for any other type.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The name of the type, as JSON calls it.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The members of an object; none for any other type.
    #[must_use]
    pub fn members(&self) -> &[Member<'a>] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The first member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        find(self.members(), name)
    }

    /// The value at a JSON Pointer (RFC 6901), which is empty or starts with `/`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        let Some(rest) = pointer.strip_prefix('/') else { return pointer.is_empty().then_some(self) };
        rest.split('/').try_fold(self, |value, token| {
            let name = unescaped(token);
            match value {
                Self::Object(members) => find(members, &name),
                // An index has no leading zero (RFC 6901 section 4).
                Self::Array(items) if name == "0" || !name.starts_with(['0', '+']) => {
                    items.get(name.parse::<usize>().ok()?)
                }
                _ => None,
            }
        })
    }

    /// Whether two values mean the same: numbers by value (`1` is `1.0`), members in any order.
    #[must_use]
    pub fn same(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(a), Value::Bool(b)) => a == b,
            (Self::String(a), Value::String(b)) => a == b,
            (Self::Number(a), Value::Number(b)) => a == b || Decimal::of(a) == Decimal::of(b),
            (Self::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|member| find(b, &member.name).is_some_and(|value| member.value.same(value)))
            }
            _ => false,
        }
    }

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

    /// The same value, independent of the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Number(digits) => Value::Number(Cow::Owned(digits.into_owned())),
            Self::String(text) => Value::String(Cow::Owned(text.into_owned())),
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Self::Object(members) => Value::Object(members.into_iter().map(Member::into_owned).collect()),
        }
    }
}

impl<'a> Member<'a> {
    /// A member from its parts.
    pub fn new(name: impl Into<Cow<'a, str>>, value: Value<'a>) -> Self {
        Self { name: name.into(), value }
    }

    /// The same member, independent of the bytes it was read from.
    #[must_use]
    pub fn into_owned(self) -> Member<'static> {
        Member { name: Cow::Owned(self.name.into_owned()), value: self.value.into_owned() }
    }
}

/// One token of a JSON Pointer as the name it stands for (RFC 6901 section 4).
#[must_use]
pub fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// The value of the first member of that name.
#[must_use]
pub fn find<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Value<'a>> {
    members.iter().find(|member| member.name == name).map(|member| &member.value)
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

impl fmt::Display for Value<'_> {
    /// Compact JSON that is safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Escapes::Hostile)
    }
}

impl serde::Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            // What a whole number of its own would look like needs no more; only a raw value keeps every other digit.
            Self::Number(digits) if let Some(number) = plain_integer(digits) => {
                serializer.serialize_i64(number)
            }
            Self::Number(digits) => serde_json::value::RawValue::from_string(digits.to_string())
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
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

/// The number of digits that are written as it would be.
fn plain_integer(digits: &str) -> Option<i64> {
    digits.parse().ok().filter(|_| digits != "-0")
}

/// Members, written as the object they are.
#[derive(Clone, Copy, Debug)]
pub struct Members<'m>(pub &'m [Member<'m>]);

impl serde::Serialize for Members<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|member| object.serialize_entry(&*member.name, &member.value))?;
        object.end()
    }
}

impl fmt::Display for Members<'_> {
    /// Compact JSON that is safe to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_object(f, self.0, Escapes::Hostile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Value<'_>, escapes: Escapes) -> String {
        let mut text = String::new();
        value.write(&mut text, escapes).unwrap();
        text
    }

    fn compact(text: &str) -> String {
        written(&parse(text.as_bytes()).unwrap(), Escapes::Needed)
    }

    fn fault(bytes: &[u8]) -> Fault {
        parse(bytes).unwrap_err()
    }

    #[test]
    fn keeps_order_digits_and_duplicates() {
        let text = r#"{"b":1.10,"a":123456789012345678901234567890,"b":1e3,"c":[-0.0,1E+300]}"#;
        assert_eq!(compact(text), text);
    }

    #[test]
    fn a_json_document_keeps_every_digit_too() {
        let value = parse(br#"{"n":123456789012345678901234567890,"n":1.10}"#).unwrap();
        assert_eq!(
            serde_json::to_string(&value).unwrap(),
            r#"{"n":123456789012345678901234567890,"n":1.10}"#
        );
    }

    #[test]
    fn resolves_escapes_in_names_and_strings() {
        assert_eq!(compact(r#"{"\u0061":"\ud83d\ude80\n\/"}"#), "{\"a\":\"🚀\\n/\"}");
    }

    #[test]
    fn writes_ascii_as_python_does() {
        let value = parse("[\"å🚀\\u007f\"]".as_bytes()).unwrap();
        assert_eq!(written(&value, Escapes::Ascii), r#"["\u00e5\ud83d\ude80\u007f"]"#);
    }

    #[test]
    fn refuses_what_is_not_json() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "NaN",
            "Infinity",
            "-",
            "tru",
            "nul",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\t\"",
            "{}{}",
            "[1] x",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "//c\n1",
            "\u{feff}{}",
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_the_place_of_a_fault() {
        let expected = FaultKind::Syntax("a member name in quotes was expected");
        assert_eq!(fault(br#"{"a":1,}"#), Fault { kind: expected, offset: 7 });
        assert_eq!(fault(b"{\"a\":\"\xff\"}"), Fault { kind: FaultKind::Utf8, offset: 6 });
    }

    #[test]
    fn stops_at_the_depth_limit_and_not_before() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(
            fault(nested(MAX_DEPTH + 1).as_bytes()),
            Fault { kind: FaultKind::TooDeep, offset: MAX_DEPTH }
        );
        assert_eq!(fault("[".repeat(1_000_000).as_bytes()).kind, FaultKind::TooDeep);
    }

    #[test]
    fn finds_duplicates_at_any_depth_and_in_any_spelling() {
        let first = |json: &str| parse(json.as_bytes()).unwrap().first_duplicate();
        assert_eq!(first(r#"{"role":1,"\u0072ole":2}"#).unwrap(), "/role");
        assert_eq!(first(r#"{"a":[0,{"x/y":1,"x/y":2}]}"#).unwrap(), "/a/1/x~1y");
        assert_eq!(first(r#"{"a":{"b":1},"b":[{"b":1},{"b":1}]}"#), None);
    }

    #[test]
    fn a_string_ends_where_it_ends_wherever_that_is() {
        let pieces = [
            "", "a", "\u{1f}", "\0", "\t", "\"", "\\", "\\\"", "\\n", "\u{7f}", "é", "\u{80}", "日", "🚀",
            " ", "!",
        ];
        for before in 0..18 {
            for (piece, after) in pieces.iter().flat_map(|piece| (0..10).map(move |after| (piece, after))) {
                let text = format!("\"{}{piece}{}\"", "a".repeat(before), "é".repeat(after));
                let expected = serde_json::from_str::<String>(&text).ok();
                let found = parse(text.as_bytes()).ok().and_then(|value| value.as_str().map(str::to_owned));
                assert_eq!(found, expected, "{text:?}");
            }
        }
    }

    #[test]
    fn names_that_are_alike_at_a_glance_are_told_apart() {
        let first = |names: &[String]| {
            let members: Vec<String> = names.iter().map(|name| format!("\"{name}\":0")).collect();
            let text = format!("{{{}}}", members.join(","));
            parse(text.as_bytes()).unwrap().first_duplicate()
        };
        let mut seed = 3_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let (mut with, mut without) = (0, 0);
        for _ in 0..3_000 {
            // The same length, the same two letters first and the same one last: or nearly.
            let names: Vec<String> = (0..1 + next(12))
                .map(|_| format!("ab{}{}z", char::from(b'a' + next(4) as u8), "x".repeat(next(6) as usize)))
                .collect();
            let mut seen = std::collections::HashSet::new();
            let expected = names.iter().find(|name| !seen.insert(*name)).map(|name| format!("/{name}"));
            *(if expected.is_some() { &mut with } else { &mut without }) += 1;
            assert_eq!(first(&names), expected, "{names:?}");
        }
        assert!(with > 300 && without > 300, "{with} {without}");
        assert_eq!(first(&["a".repeat(256), String::new()]), None);
        assert_eq!(first(&[String::new(), String::new()]), Some("/".to_owned()));
    }

    #[test]
    fn finds_one_duplicate_among_many_names() {
        let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\":0")).collect();
        let text = format!("{{{},\"7\":1}}", many.join(","));
        assert_eq!(parse(text.as_bytes()).unwrap().first_duplicate().unwrap(), "/7");
    }

    #[test]
    fn looks_for_duplicates_in_linear_time_whatever_the_names() {
        let long = "x".repeat(300_000);
        let many = |item: &str| vec![item; 70_000].join(",");
        let duplicates = format!("{{\"{long}\":{{{}}}}}", many("\"a\":1"));
        assert!(parse(duplicates.as_bytes()).unwrap().first_duplicate().is_some());
        let containers = format!("{{\"{long}\":[{}]}}", many("{}"));
        assert_eq!(parse(containers.as_bytes()).unwrap().first_duplicate(), None);
    }

    #[test]
    fn follows_a_pointer() {
        let value = parse(br#"{"a":[{"b~/c":"d"}],"":1}"#).unwrap();
        assert_eq!(value.pointer("/a/0/b~0~1c"), Some(&Value::string("d")));
        assert_eq!(value.pointer("/"), Some(&Value::integer(1)));
        assert_eq!(value.pointer("/a/00"), None);
        assert_eq!(value.pointer("/a/1"), None);
    }

    #[test]
    fn compares_numbers_by_value() {
        for (a, b) in [("1", "1.0"), ("1e3", "1000"), ("0", "-0.0"), ("12.50", "1.25e1")] {
            assert!(parse(a.as_bytes()).unwrap().same(&parse(b.as_bytes()).unwrap()), "{a} {b}");
        }
        for (a, b) in [("1", "-1"), ("1", "\"1\""), ("9007199254740993", "9007199254740992")] {
            assert!(!parse(a.as_bytes()).unwrap().same(&parse(b.as_bytes()).unwrap()), "{a} {b}");
        }
    }
}
