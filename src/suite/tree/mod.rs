//! A file of tables, lists and values, whatever it is written in, with the place of each: so that whoever finds fault with
//! one can point at it. Nothing here knows what a suite is.

mod json;
mod toml;
mod yaml;

use super::outcome::Place;
use crate::core::text::escape::{Shown, excerpt};
use std::cell::Cell;
use std::collections::HashMap;
use std::fmt::Write as _;

/// How deep lists and tables may be nested.
const DEEPEST: usize = 64;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Flag(bool),
    /// A number of JSON, digit for digit, and whether the file has it in these digits.
    Number {
        digits: String,
        as_written: bool,
    },
    Text(String),
    List(Vec<Node>),
    Table(Vec<Member>),
}

/// A member of a table, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Where its name stands.
    pub(crate) place: Place,
    pub(crate) node: Node,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) place: Place,
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(place: Place, what: impl Into<String>) -> Self {
        Self { place, what: what.into(), hint: None }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Value {
    /// What it is, in a sentence.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Flag(_) => "true or false",
            Self::Number { .. } => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }

    /// As JSON, its members in their order.
    pub(crate) fn to_json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    fn write_json(&self, text: &mut String) {
        let string = |text: &mut String, value: &str| {
            // A String takes every write.
            let _ = crate::core::text::escape::write_json_string(
                text,
                value,
                crate::core::text::escape::Escapes::Needed,
            );
        };
        match self {
            Self::Null => text.push_str("null"),
            Self::Flag(flag) => _ = write!(text, "{flag}"),
            Self::Number { digits, .. } => text.push_str(digits),
            Self::Text(value) => string(text, value),
            Self::List(nodes) => {
                for (index, node) in nodes.iter().enumerate() {
                    text.push(if index == 0 { '[' } else { ',' });
                    node.value.write_json(text);
                }
                text.push_str(if nodes.is_empty() { "[]" } else { "]" });
            }
            Self::Table(members) => {
                for (index, member) in members.iter().enumerate() {
                    text.push(if index == 0 { '{' } else { ',' });
                    string(text, &member.name);
                    text.push(':');
                    member.node.value.write_json(text);
                }
                text.push_str(if members.is_empty() { "{}" } else { "}" });
            }
        }
    }
}

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Json,
    Toml,
    Yaml,
}

/// Reads a file by its content, whatever its name.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, Fault> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        Fault::new(Places::of(&before).at(before.len()), "this is no UTF-8")
    })?;
    match language(text) {
        Language::Json => json::parse(text),
        Language::Toml => toml::parse(text),
        Language::Yaml => yaml::parse(text),
    }
}

/// The first sign that stands outside of quotes and comments tells: `{` begins JSON, `[` a table of TOML unless all of it is
/// JSON, and behind the first name `=` is TOML and `:` is YAML.
fn language(text: &str) -> Language {
    let mut lines =
        text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let Some(line) = lines.next() else { return Language::Toml };
    match line.bytes().next() {
        Some(b'{') => return Language::Json,
        Some(b'[') if json::parse(text).is_ok() => return Language::Json,
        Some(b'[') => return Language::Toml,
        _ if line.starts_with("---") || line.starts_with('%') => return Language::Yaml,
        _ => {}
    }
    let mut quote = None;
    for byte in line.bytes() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => return Language::Toml,
            (None, b':') => return Language::Yaml,
            (None, _) => {}
        }
    }
    Language::Yaml
}

/// Returns the members if their names differ.
fn unique(members: Vec<Member>) -> Result<Vec<Member>, Fault> {
    let mut lines = HashMap::with_capacity(members.len());
    for member in &members {
        if let Some(line) = lines.insert(member.name.as_str(), member.place.line) {
            let name = excerpt(&member.name);
            return Err(Fault::new(
                member.place,
                format!("`{}` is there already, in line {line}", Shown(&name)),
            ));
        }
    }
    Ok(members)
}

/// Lines and columns of a text.
struct Places<'t> {
    text: &'t str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    /// The byte that was asked for last, and how many characters of its line stand before it: a file can be one line, and
    /// nobody counts it from its beginning for each value.
    last: Cell<(usize, usize)>,
}

impl<'t> Places<'t> {
    fn of(text: &'t str) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, lines: std::iter::once(0).chain(breaks).collect(), last: Cell::default() }
    }

    /// The place of a byte.
    fn at(&self, offset: usize) -> Place {
        let line = self.lines.partition_point(|begin| *begin <= offset);
        let begin = line.checked_sub(1).and_then(|index| self.lines.get(index)).copied().unwrap_or_default();
        let (from, before) = match self.last.get() {
            (last, before) if (begin..=offset).contains(&last) => (last, before),
            _ => (begin, 0),
        };
        let before = before + self.text.get(from..offset).unwrap_or_default().chars().count();
        self.last.set((offset, before));
        Place { line, column: before + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json_of(text: &str) -> String {
        parse(text.as_bytes()).unwrap().value.to_json()
    }

    fn fault(text: &str) -> String {
        let fault = parse(text.as_bytes()).unwrap_err();
        format!("{}:{}: {}", fault.place.line, fault.place.column, fault.what)
    }

    #[test]
    fn one_table_in_three_languages() {
        let expected = r#"{"a":1,"b":["x",true,null],"c":{"d":"2026-01-31"}}"#;
        assert_eq!(json_of(expected), expected);
        assert_eq!(json_of("a: 1\nb: [x, true, ~]\nc:\n  d: '2026-01-31'\n"), expected);
        let toml = "a = 1\nb = [\"x\", true]\n[c]\nd = 2026-01-31\n";
        assert_eq!(json_of(toml), r#"{"a":1,"b":["x",true],"c":{"d":"2026-01-31"}}"#);
    }

    #[test]
    fn the_language_is_known_by_what_stands_there() {
        for (text, expected) in [
            ("# c\n\n a = 1", Language::Toml),
            ("\"a:b\" = 1", Language::Toml),
            ("[a]", Language::Toml),
            ("[1, {}]", Language::Json),
            ("", Language::Toml),
            ("# c\na: b = c", Language::Yaml),
            ("'a=b': 1", Language::Yaml),
            ("---\na: 1", Language::Yaml),
            ("- a", Language::Yaml),
            ("\n {", Language::Json),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }

    #[test]
    fn every_fault_has_its_place() {
        assert_eq!(fault("a = 1\nb = = 2\n").split(": ").next(), Some("2:5"));
        assert_eq!(fault("{\"a\": 1,\n \"b\" 2}").split(": ").next(), Some("2:6"));
        assert_eq!(
            fault("a: 1\nb: [1\nc: 2\n").split(": ").next().map(|place| place.split_at(2).0),
            Some("3:")
        );
        assert_eq!(fault("é: 1\nb: 2\né: 3\n"), "3:1: `é` is there already, in line 1");
        assert_eq!(fault("{\"b\": 1,\n  \"b\": 2}"), "2:3: `b` is there already, in line 1");
        assert!(fault("a = 1\na = 2\n").starts_with("2:1: "));
        let fault = parse(b"a = 1\nb = \"\xff\"").unwrap_err();
        assert_eq!((fault.place, &*fault.what), (Place { line: 2, column: 6 }, "this is no UTF-8"));
    }

    #[test]
    fn columns_count_characters() {
        let Value::Table(members) = parse("\"é\" = 1\nb = { \"ü\" = \"\" }".as_bytes()).unwrap().value
        else {
            panic!()
        };
        let Value::Table(inner) = &members[1].node.value else { panic!() };
        assert_eq!((inner[0].place, inner[0].node.place.column), (Place { line: 2, column: 7 }, 13));
    }

    #[test]
    fn a_place_is_the_same_whatever_was_asked_for_before() {
        let text = "é1\n2é3é\n\nü";
        let offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
        let places = Places::of(text);
        for first in &offsets {
            for second in &offsets {
                places.at(*first);
                assert_eq!(places.at(*second), Places::of(text).at(*second), "{first} {second}");
            }
        }
        assert_eq!(places.at(text.len()), Place { line: 4, column: 2 });
    }

    #[test]
    fn a_file_of_one_line_takes_no_longer() {
        let case = "{\"name\":\"é\",\"token\":\"a.b.c\",\"expect\":[\"rejected\"]}";
        let file = |between: &str| format!("[{}]", vec![case; 20_000].join(between));
        let took = |text: String| {
            let began = std::time::Instant::now();
            json::parse(&text).unwrap();
            began.elapsed()
        };
        let (lines, line) = (took(file(",\n")), took(file(",")));
        // Whatever else the machine does meanwhile.
        let busy = std::time::Duration::from_secs(3);
        assert!(line < 5 * lines + busy, "{line:?} {lines:?}");
    }

    #[test]
    fn checks_many_members_for_duplicates_in_linear_time() {
        let members = |separator: &str| {
            let members: Vec<String> =
                (0..60_000).map(|number| format!("\"m{number}\"{separator}")).collect();
            members.join(",\n")
        };
        let began = std::time::Instant::now();
        assert!(parse(format!("{{{}}}", members(": 1")).as_bytes()).is_ok());
        assert!(parse(format!("{{{}}}", members(": 1").replace("m59999", "m7")).as_bytes()).is_err());
        assert!(parse(format!("a: 1\n{}", members(": 1").replace(',', "")).as_bytes()).is_ok());
        // A quadratic check takes minutes in a debug build.
        assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    fn no_depth_is_too_much() {
        for (open, close) in [("a = ", ""), ("{\"a\": ", "}"), ("a: ", "")] {
            let deep = |depth| format!("{open}{}{}{close}", "[".repeat(depth), "]".repeat(depth));
            assert!(parse(deep(60).as_bytes()).is_ok(), "{open}");
            for depth in [65, 500, 100_000] {
                assert!(parse(deep(depth).as_bytes()).is_err(), "{open} {depth}");
            }
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        assert_eq!(
            json_of("{\"a\":[12345678901234567890,1.10,1e400,-0]}"),
            "{\"a\":[12345678901234567890,1.10,1e400,-0]}"
        );
        assert_eq!(
            json_of("a: [12345678901234567890, 1.10, 0x10, -3]"),
            "{\"a\":[12345678901234567890,1.10,16,-3]}"
        );
        assert_eq!(json_of("a = [1_000, +5, 0x10, 1.10]"), "{\"a\":[1000,5,16,1.10]}");
        assert!(fault("a = inf").starts_with("1:5: "));
        assert!(fault("a: [.nan]").starts_with("1:5: "));
    }
}
