//! Assignments of a value to a name, as text: `name=text` for a string, `name:=json` for any type.

use crate::core::json::{self, JsonError, Member, Slip, Value};
use std::str::FromStr;

/// A claim, a header parameter or an expected value in the form `name=text` or `name:=json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name and the value.
    pub member: Member<'static>,
    /// The form in which the value is written.
    pub form: ValueForm,
}

/// The form of a value in an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueForm {
    /// Text after `=`.
    Text,
    /// JSON after `:=`.
    Json,
}

/// A text that does not assign a value to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignmentError {
    /// There is nothing before the `=`.
    Form,
    /// There is no `=`.
    NoSign {
        /// The text with `=` in place of its colon, if that is what was meant.
        guess: Option<String>,
    },
    /// The text after `:=` is not JSON.
    Json {
        /// The name before it.
        name: String,
        /// The text after `:=`.
        text: String,
        /// The error in the text.
        error: JsonError,
        /// The cause of the error, if it is a usual one.
        slip: Option<Slip>,
    },
    /// The JSON after `:=` holds one name twice in one object.
    Repeated {
        /// The place of the second one, as a JSON Pointer.
        pointer: String,
    },
}

impl FromStr for Assignment {
    type Err = AssignmentError;

    fn from_str(text: &str) -> Result<Self, AssignmentError> {
        let (name, value) = text.split_once('=').ok_or_else(|| without_sign(text))?;
        let (name, value, form) = match name.strip_suffix(':') {
            None => (name, Value::string(value.to_owned()), ValueForm::Text),
            Some(name) => (name, typed(name, value)?, ValueForm::Json),
        };
        match name {
            "" => Err(AssignmentError::Form),
            name => Ok(Self { member: Member::new(name.to_owned(), value), form }),
        }
    }
}

/// Explains a text without `=`, such as `role:admin`.
fn without_sign(text: &str) -> AssignmentError {
    let is_plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./@".contains(&byte))
    };
    let parts = text.split_once(':').filter(|(name, value)| is_plain(name) && is_plain(value));
    AssignmentError::NoSign { guess: parts.map(|(name, value)| format!("{name}={value}")) }
}

/// Parses the text after `:=`.
fn typed(name: &str, text: &str) -> Result<Value<'static>, AssignmentError> {
    let value = json::parse(text.as_bytes()).map_err(|error| AssignmentError::Json {
        name: name.to_owned(),
        text: text.to_owned(),
        error,
        slip: Slip::find(text.as_bytes(), &error),
    })?;
    match value.first_duplicate() {
        Some(pointer) => Err(AssignmentError::Repeated { pointer }),
        None => Ok(value.into_owned()),
    }
}

/// Returns the text that parses to this claim, or `None` if the name holds `=`. A name that would be read as a JSON
/// Pointer is written as one.
#[must_use]
pub fn claim_text(member: &Member<'_>) -> Option<String> {
    if !member.name.starts_with('/') {
        return assignment_text(member);
    }
    assignment_text(&Member::new(json::pointer_to(&member.name), member.value.clone()))
}

/// Returns the text that parses to this member, or `None` if the name is empty or holds `=`.
#[must_use]
pub fn assignment_text(member: &Member<'_>) -> Option<String> {
    let name = &*member.name;
    if name.is_empty() || name.contains('=') {
        return None;
    }
    match &member.value {
        Value::String(text) if !name.ends_with(':') => Some(format!("{name}={text}")),
        value => Some(format!("{name}:={value}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_text_as_a_string_and_json_as_its_type() {
        let parse =
            |text: &str| text.parse::<Assignment>().map(|assignment| assignment.member.value.to_string());
        assert_eq!(parse("a=1"), Ok("\"1\"".into()));
        assert_eq!(parse("a:=1.10"), Ok("1.10".into()));
        assert_eq!(parse("a=b=c\"d"), Ok(r#""b=c\"d""#.into()));
        assert_eq!(parse("a="), Ok("\"\"".into()));
        assert_eq!(parse("a"), Err(AssignmentError::NoSign { guess: None }));
        assert_eq!(parse("a: b"), Err(AssignmentError::NoSign { guess: None }));
        assert_eq!(parse("a:b"), Err(AssignmentError::NoSign { guess: Some("a=b".into()) }));
        for wrong in ["=a", ":=1"] {
            assert_eq!(parse(wrong), Err(AssignmentError::Form), "{wrong}");
        }
        assert!(matches!(parse("a:=nope"), Err(AssignmentError::Json { .. })));
        assert!(matches!(parse("a:={\"b\":1,\"b\":2}"), Err(AssignmentError::Repeated { .. })));
    }

    #[test]
    fn every_member_parses_from_its_text() {
        for json in [
            r#"{"a":"text"}"#,
            r#"{"a":"b=c:=d"}"#,
            r#"{"a:":"text"}"#,
            r#"{"a:":1}"#,
            r#"{"a":"\u001b\u202e\"'\\"}"#,
            r#"{"a b":{"c":[1,null,true]}}"#,
            r#"{"-x":""}"#,
        ] {
            let value = json::parse(json.as_bytes()).unwrap();
            let member = &value.members()[0];
            let parsed: Assignment = assignment_text(member).unwrap().parse().unwrap();
            assert_eq!(&parsed.member, member, "{json}");
        }
    }
}
