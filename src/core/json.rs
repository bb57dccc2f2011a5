//! Strict JSON (RFC 8259) that loses nothing: members keep their order, numbers their digits, and a name that
//! appears twice appears twice. It judges form only; what a member means is for its readers.

use super::escape::{Escapes, write_json_string};
use serde::ser::{SerializeMap as _, SerializeSeq as _};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 128;

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

/// What is wrong with a text that is not strict JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The bytes are not UTF-8.
    Utf8,
    /// The text breaks the grammar; what was expected instead.
    Syntax(&'static str),
    /// Deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// Why a text is not JSON, and where: `offset` counts bytes from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where, in bytes.
    pub offset: usize,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FaultKind::Utf8 => write!(f, "not UTF-8 at offset {}", self.offset),
            FaultKind::Syntax(expected) => write!(f, "not JSON at offset {}: {expected}", self.offset),
            FaultKind::TooDeep => {
                write!(f, "nested deeper than {MAX_DEPTH} levels at offset {}", self.offset)
            }
        }
    }
}

/// Parses one JSON text; nothing but white space may follow it.
///
/// # Errors
/// A [`Fault`] that names the place. Duplicate names are no fault here: see [`Value::duplicates`].
pub fn parse(bytes: &[u8]) -> Result<Value<'_>, Fault> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| Fault { kind: FaultKind::Utf8, offset: error.valid_up_to() })?;
    let mut parser = Parser { text, at: 0, depth: 0 };
    parser.skip_white_space();
    let value = parser.value()?;
    parser.skip_white_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.expected("the end of the text")),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let eaten = self.peek() == Some(byte);
        self.at += usize::from(eaten);
        eaten
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) -> usize {
        let from = self.at;
        while self.peek().is_some_and(&accept) {
            self.at += 1;
        }
        self.at - from
    }

    fn skip_white_space(&mut self) {
        self.skip_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// The text from `from` to here. Only ASCII bounds are ever asked for.
    fn since(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    const fn expected(&self, what: &'static str) -> Fault {
        Fault { kind: FaultKind::Syntax(what), offset: self.at }
    }

    fn value(&mut self) -> Result<Value<'a>, Fault> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.expected("a value was expected")),
        }
    }

    fn word(&mut self, word: &'static str, value: Value<'a>) -> Result<Value<'a>, Fault> {
        if self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.expected("a value was expected"))
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Result<Value<'a>, Fault>) -> Result<Value<'a>, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault { kind: FaultKind::TooDeep, offset: self.at });
        }
        self.depth += 1;
        self.at += 1;
        self.skip_white_space();
        let value = inner(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.skip_white_space();
            items.push(self.value()?);
            self.skip_white_space();
            if self.eat(b']') {
                return Ok(Value::Array(items));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `]` was expected"));
            }
        }
    }

    fn object(&mut self) -> Result<Value<'a>, Fault> {
        let mut members = Vec::new();
        if self.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.skip_white_space();
            if self.peek() != Some(b'"') {
                return Err(self.expected("a member name in quotes was expected"));
            }
            let name = self.string()?;
            self.skip_white_space();
            if !self.eat(b':') {
                return Err(self.expected("`:` was expected"));
            }
            self.skip_white_space();
            members.push(Member { name, value: self.value()? });
            self.skip_white_space();
            if self.eat(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.eat(b',') {
                return Err(self.expected("`,` or `}` was expected"));
            }
        }
    }

    fn number(&mut self) -> Result<Value<'a>, Fault> {
        let from = self.at;
        self.eat(b'-');
        if !self.eat(b'0') && self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            return Err(self.expected("a digit was expected"));
        }
        if self.eat(b'.') && self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
            return Err(self.expected("a digit was expected after the point"));
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            if self.skip_while(|byte| byte.is_ascii_digit()) == 0 {
                return Err(self.expected("a digit was expected in the exponent"));
            }
        }
        Ok(Value::Number(Cow::Borrowed(self.since(from))))
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let from = self.at;
        self.skip_while(is_plain);
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Cow::Borrowed(self.text.get(from..self.at - 1).unwrap_or_default()));
        }
        let mut text = self.since(from).to_owned();
        loop {
            let from = self.at;
            self.skip_while(is_plain);
            text.push_str(self.since(from));
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                Some(_) => return Err(self.expected("a control character must be escaped in a string")),
                None => return Err(self.expected("the string does not end")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        self.at += 2;
        Ok(match self.text.as_bytes().get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(start),
            _ => return Err(Fault { kind: FaultKind::Syntax("no such escape"), offset: start }),
        })
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Fault> {
        let lone =
            Fault { kind: FaultKind::Syntax("half of a surrogate pair is no character"), offset: start };
        let first = self.hex4()?;
        let code = match first {
            0xD800..=0xDBFF => {
                if !(self.eat(b'\\') && self.eat(b'u')) {
                    return Err(lone);
                }
                match self.hex4()? {
                    second @ 0xDC00..=0xDFFF => 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00),
                    _ => return Err(lone),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or(lone)
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        let from = self.at;
        let digits = self.skip_while(|byte| byte.is_ascii_hexdigit()).min(4);
        self.at = from + digits;
        match u32::from_str_radix(self.since(from), 16) {
            Ok(code) if digits == 4 => Ok(code),
            _ => Err(self.expected("four hexadecimal digits were expected")),
        }
    }
}

const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
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
            let name = token.replace("~1", "/").replace("~0", "~");
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

    /// Where names appear more than once in one object, at any depth, as JSON Pointers.
    #[must_use]
    pub fn duplicates(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.collect_duplicates("", &mut found);
        found
    }

    fn collect_duplicates(&self, path: &str, found: &mut Vec<String>) {
        match self {
            Self::Object(members) => collect_duplicates(members, path, found),
            Self::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| item.is_container()) {
                    item.collect_duplicates(&format!("{path}/{index}"), found);
                }
            }
            _ => {}
        }
    }

    const fn is_container(&self) -> bool {
        matches!(self, Self::Array(_) | Self::Object(_))
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

    /// The value as compact JSON text.
    #[must_use]
    pub fn to_json(&self, escapes: Escapes) -> String {
        let mut text = String::new();
        // A String takes every write.
        let _ = self.write(&mut text, escapes);
        text
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

/// For each member in order, whether its name stood earlier in the same object.
pub fn repeated<'m>(members: &'m [Member<'_>]) -> impl Iterator<Item = bool> + 'm {
    // A few names are compared faster than hashed; many are not, and a hostile token may hold a hundred thousand.
    const FEW: usize = 16;
    let mut seen = HashSet::new();
    members.iter().enumerate().map(move |(index, member)| {
        if members.len() <= FEW {
            members.iter().take(index).any(|earlier| earlier.name == member.name)
        } else {
            !seen.insert(&*member.name)
        }
    })
}

/// Where names appear more than once among these members or below them, as JSON Pointers. RFC 7515 section 4 and
/// RFC 7519 section 4 forbid it.
#[must_use]
pub fn duplicates(members: &[Member<'_>]) -> Vec<String> {
    let mut found = Vec::new();
    collect_duplicates(members, "", &mut found);
    found
}

fn collect_duplicates(members: &[Member<'_>], path: &str, found: &mut Vec<String>) {
    for (member, repeated) in members.iter().zip(repeated(members)) {
        if repeated {
            found.push(child(path, &member.name));
        }
        if member.value.is_container() {
            member.value.collect_duplicates(&child(path, &member.name), found);
        }
    }
}

fn child(path: &str, name: &str) -> String {
    format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"))
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
            // Only a raw value keeps every digit.
            Self::Number(digits) => serde_json::value::RawValue::from_string(digits.to_string())
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut array = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| array.serialize_element(item))?;
                array.end()
            }
            Self::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|member| object.serialize_entry(&*member.name, &member.value))?;
                object.end()
            }
        }
    }
}

/// A JSON number by value: a sign, digits without zeros at either end, and a power of ten.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    pub(super) digits: String,
    pub(super) exponent: i64,
}

impl Decimal {
    /// Reads the text of a JSON number. An exponent beyond 64 bits saturates.
    pub(super) fn of(number: &str) -> Self {
        let (negative, rest) = number.strip_prefix('-').map_or((false, number), |rest| (true, rest));
        let (mantissa, exponent) = rest.split_once(['e', 'E']).unwrap_or((rest, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let limit = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse::<i64>().unwrap_or(limit);
        let all = [whole, fraction].concat();
        let significant = all.trim_end_matches('0');
        let dropped = all.len() - significant.len();
        let digits = significant.trim_start_matches('0');
        if digits.is_empty() {
            return Self { negative: false, digits: String::new(), exponent: 0 };
        }
        let shift = dropped as i64 - fraction.len() as i64;
        Self { negative, digits: digits.to_owned(), exponent: exponent.saturating_add(shift) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compact(text: &str) -> String {
        parse(text.as_bytes()).unwrap().to_json(Escapes::Needed)
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
        assert_eq!(value.to_json(Escapes::Ascii), r#"["\u00e5\ud83d\ude80\u007f"]"#);
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
        let value = parse(br#"{"role":1,"\u0072ole":2,"a":[{"x/y":1,"x/y":2}]}"#).unwrap();
        assert_eq!(value.duplicates(), ["/role", "/a/0/x~1y"]);
    }

    #[test]
    fn finds_one_duplicate_among_many_names() {
        let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\":0")).collect();
        let text = format!("{{{},\"7\":1}}", many.join(","));
        assert_eq!(parse(text.as_bytes()).unwrap().duplicates(), ["/7"]);
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
