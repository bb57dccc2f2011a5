//! The content of a suite file as a tree of tables, lists and values, each with its location. TOML, YAML and JSON give
//! the same tree. Nothing here knows what a suite is.

mod json;
mod toml;
mod yaml;

use super::location::{LineIndex, SourceLocation};
use crate::core::json::JsonErrorKind;
use crate::core::text::escape::{Escapes, write_json_string};
use std::collections::HashMap;
use std::fmt::Write as _;

/// How deep lists and tables may be nested.
pub(crate) const MAX_NESTING: usize = 64;

/// How many values a file may have, counting those that YAML aliases repeat.
pub(crate) const MAX_VALUES: usize = 2_000_000;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) location: SourceLocation,
    pub(crate) value: NodeValue,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeValue {
    Null,
    Flag(bool),
    /// A number as JSON writes it.
    Number {
        digits: String,
        /// True if the file has the same digits: YAML's `0x10` and TOML's `1_000` are rewritten.
        as_written: bool,
    },
    Text(String),
    List(Vec<Node>),
    Table(Vec<NodeMember>),
}

/// A member of a table. Members keep the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NodeMember {
    pub(crate) name: String,
    /// Where the name begins.
    pub(crate) location: SourceLocation,
    pub(crate) node: Node,
}

/// The type of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeType {
    Null,
    Flag,
    Number,
    Text,
    List,
    Table,
}

/// A file that is not valid TOML, YAML or JSON, or is too large to be a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    pub(crate) location: SourceLocation,
    pub(crate) kind: SyntaxErrorKind,
}

/// A syntax error of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxErrorKind {
    NotUtf8,
    /// The file begins like JSON, and is not.
    Json(JsonErrorKind),
    /// The message of the TOML parser.
    Toml(String),
    /// The message of the YAML parser.
    Yaml(String),
    Empty,
    /// Nested deeper than [`MAX_NESTING`].
    TooDeep,
    /// More values than [`MAX_VALUES`].
    TooManyValues,
    DuplicateMember {
        name: String,
        first_line: usize,
    },
    /// A member name in YAML that is not text.
    NameNotText,
    /// An integer of TOML beyond 128 bits.
    IntegerTooLarge,
    /// A number that JSON cannot hold: an infinity, or not a number.
    NotInJson,
    /// A second document in one YAML file.
    SecondDocument,
    /// A YAML alias without its anchor.
    UnknownAlias,
    /// A YAML tag.
    Tag,
}

impl SyntaxErrorKind {
    /// Returns the error of this kind at a location.
    pub(super) const fn at(self, location: SourceLocation) -> SyntaxError {
        SyntaxError { location, kind: self }
    }
}

impl NodeValue {
    /// Returns the type of the value.
    pub(crate) const fn node_type(&self) -> NodeType {
        match self {
            Self::Null => NodeType::Null,
            Self::Flag(_) => NodeType::Flag,
            Self::Number { .. } => NodeType::Number,
            Self::Text(_) => NodeType::Text,
            Self::List(_) => NodeType::List,
            Self::Table(_) => NodeType::Table,
        }
    }

    /// Returns the value as JSON, its members in their order.
    pub(crate) fn to_json(&self) -> String {
        let mut text = String::new();
        self.write_json(&mut text);
        text
    }

    fn write_json(&self, text: &mut String) {
        // Writing to a String cannot fail.
        let string = |text: &mut String, value: &str| _ = write_json_string(text, value, Escapes::Needed);
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

/// The language of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Json,
    Toml,
    Yaml,
}

/// Parses a file. Its content decides the language, not its name.
///
/// # Errors
/// A [`SyntaxError`] with its location.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, SyntaxError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        SyntaxErrorKind::NotUtf8.at(LineIndex::new(&before).location(before.len()))
    })?;
    match language(text) {
        Language::Json => json::parse(text),
        Language::Toml => toml::parse(text),
        Language::Yaml => yaml::parse(text),
    }
}

/// Finds the language of a text.
///
/// `{` begins JSON. `[` begins a table of TOML, unless the whole text is JSON. After the first name, `=` is TOML and `:`
/// is YAML; quotes and comments do not count.
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

/// Returns the members, or an error if two of them have the same name.
fn without_duplicates(members: Vec<NodeMember>) -> Result<Vec<NodeMember>, SyntaxError> {
    let mut lines = HashMap::with_capacity(members.len());
    for member in &members {
        if let Some(first_line) = lines.insert(member.name.as_str(), member.location.line) {
            let name = member.name.clone();
            return Err(SyntaxErrorKind::DuplicateMember { name, first_line }.at(member.location));
        }
    }
    Ok(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn json_of(text: &str) -> String {
        parse(text.as_bytes()).unwrap().value.to_json()
    }

    fn error(text: &str) -> String {
        let error = parse(text.as_bytes()).unwrap_err();
        format!("{}: {}", error.location, error.kind)
    }

    #[test]
    fn three_languages_give_the_same_tree() {
        let expected = r#"{"a":1,"b":["x",true,null],"c":{"d":"2026-01-31"}}"#;
        assert_eq!(json_of(expected), expected);
        assert_eq!(json_of("a: 1\nb: [x, true, ~]\nc:\n  d: '2026-01-31'\n"), expected);
        let toml = "a = 1\nb = [\"x\", true]\n[c]\nd = 2026-01-31\n";
        assert_eq!(json_of(toml), r#"{"a":1,"b":["x",true],"c":{"d":"2026-01-31"}}"#);
    }

    #[test]
    fn recognizes_the_language_by_content() {
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
    fn every_error_has_its_location() {
        assert_eq!(error("a = 1\nb = = 2\n").split(": ").next(), Some("2:5"));
        assert_eq!(error("{\"a\": 1,\n \"b\" 2}"), "2:6: not JSON: expected `:`");
        assert_eq!(error("{\"a\": \"é\\x\"}"), "1:9: not JSON: unknown escape");
        assert_eq!(
            error("a: 1\nb: [1\nc: 2\n").split(": ").next().map(|location| location.split_at(2).0),
            Some("3:")
        );
        assert_eq!(error("é: 1\nb: 2\né: 3\n"), "3:1: duplicate member `é`, first in line 1");
        assert_eq!(error("{\"b\": 1,\n  \"b\": 2}"), "2:3: duplicate member `b`, first in line 1");
        assert!(error("a = 1\na = 2\n").starts_with("2:1: "));
        let error = parse(b"a = 1\nb = \"\xff\"").unwrap_err();
        assert_eq!(error, SyntaxErrorKind::NotUtf8.at(SourceLocation { line: 2, column: 6 }));
    }

    #[test]
    fn columns_count_characters() {
        for text in ["\"é\" = 1\nb = { \"ü\" = \"\" }", "{\"é\": 1,\n\"b\":{ \"ü\" : \"\" }}"] {
            let NodeValue::Table(members) = parse(text.as_bytes()).unwrap().value else { panic!() };
            let NodeValue::Table(inner) = &members[1].node.value else { panic!() };
            let location = SourceLocation { line: 2, column: 7 };
            assert_eq!((inner[0].location, inner[0].node.location.column), (location, 13), "{text}");
        }
    }

    #[test]
    fn parses_a_file_of_one_line_in_linear_time() {
        let case = "{\"name\":\"é\",\"token\":\"a.b.c\",\"expect\":[\"rejected\"]}";
        let file = |between: &str| format!("[{}]", vec![case; 20_000].join(between));
        let took = |text: String| {
            let began = Instant::now();
            json::parse(&text).unwrap();
            began.elapsed()
        };
        let (lines, line) = (took(file(",\n")), took(file(",")));
        // The allowance covers other load on the machine.
        assert!(line < 5 * lines + Duration::from_secs(3), "{line:?} {lines:?}");
    }

    #[test]
    fn checks_many_members_for_duplicates_in_linear_time() {
        let members = |value: &str| {
            let members: Vec<String> = (0..60_000).map(|number| format!("\"m{number}\"{value}")).collect();
            members.join(",\n")
        };
        let began = Instant::now();
        assert!(parse(format!("{{{}}}", members(": 1")).as_bytes()).is_ok());
        assert!(parse(format!("{{{}}}", members(": 1").replace("m59999", "m7")).as_bytes()).is_err());
        assert!(parse(format!("a: 1\n{}", members(": 1").replace(',', "")).as_bytes()).is_ok());
        // A quadratic check takes minutes in a debug build.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }

    #[test]
    fn rejects_deep_nesting() {
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
        assert!(error("a = inf").starts_with("1:5: "));
        assert!(error("a: [.nan]").starts_with("1:5: "));
    }
}
