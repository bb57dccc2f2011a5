//! The parts of a text that holds several secrets: values with a name, as in a `.env` file, YAML or JSON, or plain lines.
//! It reads no format completely. A part that is not a secret only costs an attempt.

use crate::core::json::{self, Value};
use crate::core::key::secret::Secret;
use crate::core::text::escape::excerpt;
use crate::core::text::space::trimmed;
use std::fmt;

/// The most parts that are tried.
const MOST: usize = 100;

/// The place of a part in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::core::verify) enum Part {
    /// The name of the value; not yet safe to show.
    Named(String),
    /// The number of the line, from 1.
    Line(usize),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "the secret named `{}`", excerpt(name)),
            Self::Line(number) => write!(f, "line {number} of this secret"),
        }
    }
}

/// The words and marks that may stand before the name of a variable, in any letter case: of shells, PowerShell, Docker and
/// programs.
const BEFORE_NAME: [&str; 12] = [
    "export ",
    "set ",
    "setx ",
    "env ",
    "declare -x ",
    "const ",
    "let ",
    "var ",
    "-e ",
    "--env ",
    "$env:",
    "- ",
];

/// A part of a text, with the secrets that it can be. A comment or a mark at its end may belong to the secret.
pub(super) type Readings = (Part, Vec<Secret>);

/// Returns the values that have a name: of lines such as `NAME=value`, `export NAME=value`, `$env:NAME=value`,
/// `name: value`, `'name' => 'value'` and `key="name" value="value"`, or of JSON members.
pub(super) fn named(text: &[u8]) -> Vec<Readings> {
    if let Some(value) = text.trim_ascii_start().starts_with(b"{").then(|| json::parse(text).ok()).flatten() {
        let mut members = Vec::new();
        add_members(&value, &mut members);
        return members;
    }
    let named = |line| {
        let (name, values) =
            attributes(line).map(|(name, value)| (name, vec![value])).or_else(|| assignment(line))?;
        let secrets = values.into_iter().map(|value| Secret::new(value.to_vec())).collect();
        Some((Part::Named(String::from_utf8_lossy(name).into_owned()), secrets))
    };
    text.split(|byte| *byte == b'\n').take(MOST).filter_map(named).collect()
}

/// Returns the lines of a text that has several.
pub(super) fn lines(text: &[u8]) -> Vec<Readings> {
    let lines = text.split(|byte| *byte == b'\n').take(MOST).enumerate();
    let filled = lines.map(|(index, line)| (index, line.trim_ascii())).filter(|(_, line)| !line.is_empty());
    let lines: Vec<_> =
        filled.map(|(index, line)| (Part::Line(index + 1), vec![Secret::new(line.to_vec())])).collect();
    if lines.len() > 1 { lines } else { Vec::new() }
}

/// Adds the texts in a JSON object, with the names of their members.
fn add_members(value: &Value<'_>, members: &mut Vec<Readings>) {
    for member in value.members() {
        match &member.value {
            Value::String(text) if members.len() < MOST => {
                let secret = Secret::new(text.as_bytes().to_vec());
                members.push((Part::Named(member.name.to_string()), vec![secret]));
            }
            Value::Object(_) => add_members(&member.value, members),
            _ => {}
        }
    }
}

/// Returns the name of a line, and the values that it can have.
fn assignment(line: &[u8]) -> Option<(&[u8], Vec<&[u8]>)> {
    let line = without_word(line.trim_ascii()).trim_ascii();
    // The quotes can stand around the name and the value together.
    let is_pair = |text: &&[u8]| text.split(|byte| *byte == b'=').next().is_some_and(is_name);
    let line = unquoted(line).filter(is_pair).unwrap_or(line);
    let at = line.iter().position(|byte| matches!(byte, b'=' | b':'))?;
    let (name, rest) = line.split_at_checked(at)?;
    let name = unquoted(name.trim_ascii()).unwrap_or(name.trim_ascii());
    let (is_named, value) = match rest {
        [b'=', b'>', value @ ..] => (is_yaml_name(name), value),
        [b'=', value @ ..] => (is_property_name(name), value),
        // Only a blank after the colon makes a mapping of YAML.
        [_, value @ ..] => (is_yaml_name(name) && value.first().is_some_and(u8::is_ascii_whitespace), value),
        [] => return None,
    };
    let values = values(value);
    (is_named && !values.is_empty()).then_some((name, values))
}

/// Returns the values that a text behind a name can mean: without its quotes, without a comment, and without a mark and
/// invisible characters at its end.
fn values(text: &[u8]) -> Vec<&[u8]> {
    let text = text.trim_ascii();
    let comment = text
        .windows(2)
        .position(|pair| matches!(pair, [b' ' | b'\t', b'#']))
        .or_else(|| text.windows(3).position(|mark| mark == b" //"));
    let mut found: Vec<&[u8]> = Vec::new();
    for text in [Some(text), comment.and_then(|at| text.get(..at))].into_iter().flatten() {
        let text = text.trim_ascii();
        // A mark after a closing quote ends a statement or a member.
        let open = without_end_mark(text);
        let plain = unquoted(text).or_else(|| open.and_then(unquoted)).unwrap_or(text);
        let open = open.filter(|_| plain.len() == text.len());
        for value in [Some(plain), open, Some(trimmed(plain))].into_iter().flatten() {
            if !value.is_empty() && !found.contains(&value) {
                found.push(value);
            }
        }
    }
    found
}

/// Returns the text without the mark at its end that ends a statement or a member.
pub(super) fn without_end_mark(text: &[u8]) -> Option<&[u8]> {
    text.strip_suffix(b";").or_else(|| text.strip_suffix(b",")).map(<[u8]>::trim_ascii_end)
}

/// Returns the name and the value of an XML element such as `<add key="name" value="value"/>`.
fn attributes(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let element = line.trim_ascii().strip_prefix(b"<")?;
    let attribute = |name: &[u8]| {
        let start = memchr::memmem::find(element, name)? + name.len();
        element.get(start..)?.split(|byte| *byte == b'"').next()
    };
    let value = attribute(b" value=\"").filter(|value| !value.is_empty())?;
    Some((attribute(b" key=\"").or_else(|| attribute(b" name=\"")).unwrap_or(b"value"), value))
}

fn without_word(line: &[u8]) -> &[u8] {
    let rest = |word: &&str| {
        let (start, rest) = line.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word.as_bytes()).then_some(rest)
    };
    BEFORE_NAME.iter().find_map(rest).unwrap_or(line)
}

/// The quotes that stand on both sides of a text.
const QUOTES: [&str; 5] = ["\"", "'", "`", "\\\"", "\\'"];

/// The quotes of word processors and other languages. Any of them may stand on either side.
const TYPOGRAPHIC: [&str; 13] = [
    "\u{201c}", "\u{201d}", "\u{201e}", "\u{201f}", "\u{2018}", "\u{2019}", "\u{201a}", "\u{201b}", "\u{ab}",
    "\u{bb}", "\u{2039}", "\u{203a}", "\u{b4}",
];

/// Returns the text between a pair of quotes.
pub(super) fn unquoted(text: &[u8]) -> Option<&[u8]> {
    let same = |quote: &&str| text.strip_prefix(quote.as_bytes())?.strip_suffix(quote.as_bytes());
    let strip_any = || {
        let text = TYPOGRAPHIC.iter().find_map(|quote| text.strip_prefix(quote.as_bytes()))?;
        TYPOGRAPHIC.iter().find_map(|quote| text.strip_suffix(quote.as_bytes()))
    };
    QUOTES.iter().find_map(same).or_else(strip_any)
}

/// Returns the text without the quote at one of its ends, if there is a quote at that end alone.
pub(super) fn half_unquoted(text: &[u8]) -> Option<&[u8]> {
    let mut quotes = QUOTES.iter().chain(&TYPOGRAPHIC).map(|quote| quote.as_bytes());
    let (at_start, at_end) = (
        quotes.clone().find_map(|quote| text.strip_prefix(quote)),
        quotes.find_map(|quote| text.strip_suffix(quote)),
    );
    match (at_start, at_end) {
        (Some(rest), None) | (None, Some(rest)) => Some(rest),
        _ => None,
    }
}

/// Reports whether a text can be the name of a variable.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.first().is_some_and(|first| !first.is_ascii_digit())
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// Reports whether a text can be the name of a property, such as `jwt.secret` of Spring.
fn is_property_name(name: &[u8]) -> bool {
    name.first().is_some_and(|first| first.is_ascii_alphabetic() || *first == b'_') && is_yaml_name(name)
}

fn is_yaml_name(name: &[u8]) -> bool {
    let is_in_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    !name.is_empty() && name.iter().all(is_in_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: Vec<Readings>) -> Vec<String> {
        let text = |(part, values): Readings| {
            let values: Vec<_> =
                values.iter().map(|value| String::from_utf8_lossy(value.expose()).into_owned()).collect();
            format!("{part}={}", values.join(" or "))
        };
        parts.into_iter().map(text).collect()
    }

    #[test]
    fn finds_the_named_values_of_usual_files() {
        for text in [
            "A=x\nexport B='y'\n",
            "# secrets\nA: x\n  B: \"y\"\n",
            r#"{"A":"x","n":1,"in":{"B":"y"}}"#,
            "data:\r\n  A: x\r\n  B: y\r\n",
            "$env:A=\"x\"\n$Env:B = 'y'\n",
            "set A=x\r\nENV B=y\r\n",
            "const A = 'x';\n\"B\": \"y\",\n",
            "A=\u{201c}x\u{201d}\nB=\u{ab}y\u{bb}\n",
            "'A' => 'x',\n  \"B\" => \"y\",\n",
            "environment:\n  - A=x\n  - \"B=y\"\n",
            "<a>\n  <add key=\"A\" value=\"x\" />\n  <add value=\"y\" key=\"B\"/>\n</a>",
        ] {
            assert_eq!(
                shown(named(text.as_bytes())),
                ["the secret named `A`=x", "the secret named `B`=y"],
                "{text}"
            );
        }
        assert_eq!(shown(named(b"a:b\nhttps://x\n-=x\n")), [""; 0]);
    }

    #[test]
    fn finds_lines_if_there_are_several() {
        assert_eq!(shown(lines(b"x\n\n y\r\n")), ["line 1 of this secret=x", "line 3 of this secret=y"]);
        assert_eq!(shown(lines(b"x\n\n")), [""; 0]);
    }

    #[test]
    fn removes_one_quote_only_where_the_other_is_missing() {
        for (text, rest) in [("\"x", "x"), ("x'", "x"), ("\u{201c}x", "x"), ("\\\"x", "x")] {
            assert_eq!(half_unquoted(text.as_bytes()), Some(rest.as_bytes()), "{text}");
        }
        for text in ["x", "'x'", "\"x'", ""] {
            assert_eq!(half_unquoted(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn needs_a_name_before_a_value() {
        for (line, parts) in [
            ("A=x", &["the secret named `A`=x"][..]),
            ("_a1 = x", &["the secret named `_a1`=x"]),
            ("1a=x", &[]),
            ("=x", &[]),
            ("a-b=x", &["the secret named `a-b`=x"]),
            ("jwt.secret=x", &["the secret named `jwt.secret`=x"]),
            ("a=x # prod", &["the secret named `a`=x # prod or x"]),
            ("a: 'x'\t# prod", &["the secret named `a`='x'\t# prod or x"]),
            ("a = \"x\"; // prod", &["the secret named `a`=\"x\"; // prod or x"]),
            ("a=x\u{a0}", &["the secret named `a`=x\u{a0} or x"]),
            ("<add key=\"a\" value=\"\"/>", &[]),
            ("a-b: x", &["the secret named `a-b`=x"]),
            ("1.a: x", &["the secret named `1.a`=x"]),
            ("a/b: x", &[]),
            (": x", &[]),
            ("a:x", &[]),
            ("a=", &[]),
            ("a: ", &[]),
            ("a='x';", &["the secret named `a`=x"]),
            ("a=x;", &["the secret named `a`=x; or x"]),
        ] {
            assert_eq!(shown(named(line.as_bytes())), parts, "{line}");
        }
        assert!(is_name(b"a1_") && !is_name(b"") && !is_name(b"1a") && !is_name(b"a-b"));
        assert!(is_yaml_name(b"1.a-b_c") && !is_yaml_name(b"") && !is_yaml_name(b"a b"));
    }

    #[test]
    fn takes_a_limited_number_of_parts() {
        let members: Vec<String> = (0..=MOST).map(|number| format!(r#""a{number}":"x""#)).collect();
        assert_eq!(named(format!("{{{}}}", members.join(",")).as_bytes()).len(), MOST);
        let text = "A=x\n".repeat(MOST + 1);
        assert_eq!((named(text.as_bytes()).len(), lines(text.as_bytes()).len()), (MOST, MOST));
    }
}
