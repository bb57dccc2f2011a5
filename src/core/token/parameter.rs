//! The table of registered header parameters and their JSON types (RFC 7515 section 4.1, RFC 7516 section 4.1, RFC 7518
//! section 4, RFC 7797). It judges types only. What a parameter says is for its readers.

use crate::core::json::{Member, Value};
use crate::core::reason::{Failure, Malformed};

/// The JSON type that a parameter must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ParameterType {
    Text,
    Flag,
    Number,
    Object,
    /// An array of strings.
    Texts,
    /// An array of one or more strings that are not empty (RFC 7515 section 4.1.6).
    Certificates,
}

/// Each registered parameter whose type is judged. `alg` is judged with its presence, by `JoseHeader::alg`.
const PARAMETERS: [(&str, ParameterType); 20] = [
    ("typ", ParameterType::Text),
    ("cty", ParameterType::Text),
    ("kid", ParameterType::Text),
    ("jku", ParameterType::Text),
    ("jwk", ParameterType::Object),
    ("x5u", ParameterType::Text),
    ("x5c", ParameterType::Certificates),
    ("x5t", ParameterType::Text),
    ("x5t#S256", ParameterType::Text),
    ("crit", ParameterType::Texts),
    ("b64", ParameterType::Flag),
    ("enc", ParameterType::Text),
    ("zip", ParameterType::Text),
    ("epk", ParameterType::Object),
    ("apu", ParameterType::Text),
    ("apv", ParameterType::Text),
    ("iv", ParameterType::Text),
    ("tag", ParameterType::Text),
    ("p2s", ParameterType::Text),
    ("p2c", ParameterType::Number),
];

impl ParameterType {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Flag => "a boolean",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::Texts => "an array of strings",
            Self::Certificates => "an array of one or more certificates",
        }
    }

    fn admits(self, value: &Value<'_>) -> bool {
        match (self, value) {
            (Self::Text, Value::String(_))
            | (Self::Flag, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Texts, Value::Array(items)) => items.iter().all(|item| item.as_str().is_some()),
            (Self::Certificates, Value::Array(items)) => {
                !items.is_empty()
                    && items.iter().all(|item| item.as_str().is_some_and(|text| !text.is_empty()))
            }
            _ => false,
        }
    }

    /// Says what a value is that does not have this type.
    fn found(self, value: &Value<'_>) -> &'static str {
        match (self, value) {
            (Self::Certificates, Value::Array(items)) if items.is_empty() => "an empty array",
            (Self::Certificates, Value::Array(items)) if items.iter().all(|item| item.as_str().is_some()) => {
                "an array with an empty string"
            }
            (Self::Texts | Self::Certificates, Value::Array(_)) => "an array of other values",
            (_, other) => other.type_name(),
        }
    }
}

/// A registered parameter of the wrong JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongType {
    /// The parameter.
    pub name: &'static str,
    /// The JSON type that it needs.
    pub expected: &'static str,
    /// The JSON type that it has.
    pub found: &'static str,
}

impl WrongType {
    /// Returns the failure of a token with this parameter. `header` says which header it is in, if it is not the protected one.
    #[must_use]
    pub fn failure(self, header: &str) -> Failure {
        let Self { name, expected, found } = self;
        Failure::malformed(
            Malformed::of_parameter(name),
            format!("`{name}`{header} is {found}, not {expected}"),
        )
    }
}

/// Returns the registered parameters of the wrong JSON type, in the order of the header. A repeated one is returned once.
pub fn wrong_types(members: &[Member<'_>]) -> impl Iterator<Item = WrongType> {
    let mut seen: u32 = 0;
    members.iter().filter_map(move |member| {
        let index = PARAMETERS.iter().position(|(name, _)| *name == member.name)?;
        let (name, expected) = PARAMETERS.get(index)?;
        let wrong = WrongType { name, expected: expected.name(), found: expected.found(&member.value) };
        let is_new = seen & 1 << index == 0;
        if expected.admits(&member.value) || !is_new {
            return None;
        }
        seen |= 1 << index;
        Some(wrong)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::json::parse;

    fn faults(header: &str) -> Vec<String> {
        let Ok(Value::Object(members)) = parse(header.as_bytes()) else { panic!("{header}") };
        wrong_types(&members).map(|wrong| wrong.failure("").reason.to_string()).collect()
    }

    #[test]
    fn every_parameter_has_one_type_and_a_reason_of_its_own() {
        let values = ["null", "true", "1", "\"x\"", "[]", "[1]", "[\"x\"]", "{}"];
        for (name, expected) in PARAMETERS {
            for value in values {
                let admitted = match expected {
                    ParameterType::Text => value == "\"x\"",
                    ParameterType::Flag => value == "true",
                    ParameterType::Number => value == "1",
                    ParameterType::Object => value == "{}",
                    ParameterType::Texts => value == "[]" || value == "[\"x\"]",
                    ParameterType::Certificates => value == "[\"x\"]",
                };
                let wanted: Vec<String> =
                    (!admitted).then(|| format!("malformed:{name}")).into_iter().collect();
                assert_eq!(faults(&format!("{{\"{name}\":{value}}}")), wanted, "{name} {value}");
            }
        }
    }

    #[test]
    fn other_parameters_have_any_type() {
        assert_eq!(faults(r#"{"kid":1,"kid":2}"#), ["malformed:kid"]);
        assert_eq!(faults(r#"{"x":1,"TYP":2,"alg":3,"typ ":4}"#), [""; 0]);
    }

    #[test]
    fn says_what_an_array_holds() {
        for (header, what) in [
            (r#"{"crit":["a",1]}"#, "`crit` is an array of other values, not an array of strings"),
            (
                r#"{"x5c":["a",1]}"#,
                "`x5c` is an array of other values, not an array of one or more certificates",
            ),
            (r#"{"x5c":[]}"#, "`x5c` is an empty array, not an array of one or more certificates"),
            (
                r#"{"x5c":["a",""]}"#,
                "`x5c` is an array with an empty string, not an array of one or more certificates",
            ),
        ] {
            let Ok(Value::Object(members)) = parse(header.as_bytes()) else { panic!() };
            let details: Vec<String> = wrong_types(&members).map(|wrong| wrong.failure("").detail).collect();
            assert_eq!(details, [what]);
        }
    }
}
