//! A text in parts with roles. Escaped already; it knows neither colours nor widths.

use super::palette::TextRole;
use std::borrow::Cow;

/// A text whose parts have roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Styled<'t> {
    pub(crate) text: Cow<'t, str>,
    /// The end of each part but the last in bytes, and its role.
    pub(crate) parts: Vec<(usize, TextRole)>,
    /// The role of the last part.
    pub(crate) last: TextRole,
}

impl<'t> Styled<'t> {
    /// Returns a text with one role.
    pub(crate) fn new(role: TextRole, text: impl Into<Cow<'t, str>>) -> Self {
        Self { text: text.into(), parts: Vec::new(), last: role }
    }

    /// Returns the text with a part behind it.
    pub(crate) fn then(mut self, role: TextRole, text: &str) -> Self {
        self.push(role, text);
        self
    }

    /// Adds a part.
    pub(crate) fn push(&mut self, role: TextRole, text: &str) {
        self.parts.push((self.text.len(), self.last));
        self.text.to_mut().push_str(text);
        self.last = role;
    }

    /// Returns a line of JSON with a role for each name and value.
    pub(crate) fn json(line: &'t str) -> Self {
        Self { text: Cow::Borrowed(line), parts: json_parts(line), last: TextRole::Plain }
    }
}

/// Returns the parts of a line of JSON. A name is a string with a colon behind it.
fn json_parts(line: &str) -> Vec<(usize, TextRole)> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|rest| !rest.is_empty()) {
        let (length, role) = match rest.as_bytes().first() {
            Some(b'"') => {
                let length = string_length(rest);
                let is_name = rest.get(length..).is_some_and(|behind| behind.trim_start().starts_with(':'));
                (length, if is_name { TextRole::MemberName } else { TextRole::Text })
            }
            Some(b'-' | b'0'..=b'9' | b'a'..=b'z') => {
                let length = rest.find([',', ']', '}', ' ']).unwrap_or(rest.len());
                let is_null = rest.get(..length) == Some("null");
                (length, if is_null { TextRole::Null } else { TextRole::Number })
            }
            _ => {
                let length = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_alphanumeric());
                (length.unwrap_or(rest.len()).max(1), TextRole::Plain)
            }
        };
        at += length;
        parts.push((at, role));
    }
    parts
}

/// Returns the length of the JSON string that a text begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use TextRole::{MemberName, Null, Number, Plain, Text};

    #[test]
    fn each_name_and_value_of_json_has_its_role() {
        let line = r#"{"a\"b": [null,-1.5e3,true,"x:"],"c":"d"}"#;
        let styled = Styled::json(line);
        let mut start = 0;
        let mut parts = Vec::new();
        for (end, role) in &styled.parts {
            parts.push((line.get(start..*end).unwrap(), *role));
            start = *end;
        }
        assert_eq!(
            parts,
            [
                ("{", Plain),
                (r#""a\"b""#, MemberName),
                (": [", Plain),
                ("null", Null),
                (",", Plain),
                ("-1.5e3", Number),
                (",", Plain),
                ("true", Number),
                (",", Plain),
                (r#""x:""#, Text),
                ("],", Plain),
                (r#""c""#, MemberName),
                (":", Plain),
                (r#""d""#, Text),
                ("}", Plain),
            ]
        );
    }

    #[test]
    fn text_that_is_not_json_is_kept() {
        for text in ["", "é", "[masked]", "\"open", "\\", "- -", "日本"] {
            let styled = Styled::json(text);
            assert_eq!(styled.parts.last().map_or(0, |(end, _)| *end), text.len(), "{text}");
        }
    }
}
