//! Validates JSON documents on standard output against the schemas of `fob schema`. Every run of a test is looked at.

use crate::support::world::World;
use fob::core::json;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::sync::OnceLock;

/// The names of all schemas, as words of a command line.
pub(crate) fn names() -> Vec<String> {
    let outcome = World::bare().run("schema");
    outcome.result().lines().map(|line| line.split("  ").next().unwrap().to_owned()).collect()
}

/// Returns the schema of a command.
pub(crate) fn schema(name: &str) -> Value {
    serde_json::from_str(World::bare().run(format!("schema {name}")).result()).unwrap()
}

/// Returns the validator of a command.
fn validator(name: &str) -> &'static Validator {
    static VALIDATORS: OnceLock<BTreeMap<String, OnceLock<Validator>>> = OnceLock::new();
    let validators =
        VALIDATORS.get_or_init(|| names().into_iter().map(|name| (name, OnceLock::new())).collect());
    let validator = validators.get(name).unwrap_or_else(|| panic!("no schema {name}"));
    validator.get_or_init(|| {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        options.build(&schema(name)).unwrap()
    })
}

/// Validates a document, and returns what is wrong with it.
pub(crate) fn validate(name: &str, document: &Value) -> Result<(), String> {
    let errors: Vec<ValidationError<'_>> = validator(name).iter_errors(document).collect();
    let found: Vec<String> = errors.iter().flat_map(|error| causes("", error)).collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

/// Returns the causes of an error. Of several alternatives, those of the one with the fewest are told.
fn causes(within: &str, error: &ValidationError<'_>) -> Vec<String> {
    let path = format!("{within}{}", error.instance_path());
    match error.kind() {
        ValidationErrorKind::AnyOf { context } if error.instance().is_object() => {
            let alternatives = context
                .iter()
                .map(|errors| errors.iter().flat_map(|error| causes(within, error)).collect::<Vec<_>>());
            alternatives.min_by_key(Vec::len).unwrap_or_default()
        }
        _ => vec![format!("{path}: {error} ({})", error.schema_path())],
    }
}

/// Asserts that the JSON documents of a run are those of the schema of its command. `arguments` are without `fob`.
#[track_caller]
pub(crate) fn search(arguments: &[&str], stdout: &[u8]) {
    let Some((name, layout)) = documents_of(arguments) else { return };
    let texts: Vec<&[u8]> = match layout {
        _ if stdout.is_empty() => Vec::new(),
        Layout::Document => vec![stdout],
        Layout::Lines => stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect(),
    };
    for text in texts {
        let shown = String::from_utf8_lossy(text);
        let document = match json::parse(text) {
            Ok(value) => to_serde(&value),
            // A document with the payload of a token can nest one level deeper than the parser allows.
            Err(error) if error.kind == json::JsonErrorKind::TooDeep => continue,
            Err(error) => panic!("{arguments:?} prints what is not JSON: {error:?}\n{shown}"),
        };
        if let Err(causes) = validate(&name, &document) {
            panic!(
                "{arguments:?} prints a document that the schema of {name} does not allow:\n{causes}\n{shown}"
            );
        }
    }
}

/// How documents stand on standard output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    Document,
    Lines,
}

/// Returns the name of the schema for the documents that a run prints, and their layout. Returns `None` if the run prints
/// something else.
fn documents_of(arguments: &[&str]) -> Option<(String, Layout)> {
    let has = |names: &[&str]| {
        arguments.iter().any(|word| {
            names.iter().any(|name| {
                word == name
                    || name.starts_with("--")
                        && word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='))
            })
        })
    };
    let value = |name: &str| {
        let place = arguments.iter().rposition(|word| *word == name);
        let apart = place.and_then(|place| arguments.get(place + 1).copied());
        apart.or_else(|| arguments.iter().rev().find_map(|word| word.strip_prefix(name)?.strip_prefix('=')))
    };
    let words: Vec<OsString> =
        std::iter::once("fob").chain(arguments.iter().copied()).map(OsString::from).collect();
    let is_json = fob::cli::unparsed::wants_json(&words);
    let (command, action) = command_of(arguments);
    let format = value("--format");
    let reports = || {
        let all = arguments.iter().zip(arguments.iter().skip(1));
        let apart = all.filter(|(name, _)| **name == "--report").map(|(_, value)| *value);
        apart.chain(arguments.iter().filter_map(|word| word.strip_prefix("--report=")))
    };
    let prints = match (command, action) {
        ("help" | "completions" | "man", _) => false,
        ("encode", _) => format.map_or(is_json, |format| format == "json") && !has(&["--suite"]),
        ("pair" | "refresh", _) => format.map_or(is_json, |format| matches!(format, "json" | "oauth")),
        ("key", Some("new")) => format.is_none_or(|format| format == "jwk"),
        ("key", _) if has(&["--thumbprint"]) => is_json,
        ("key", _) => match format {
            Some(format) => format != "pem",
            None => is_json || has(&["--public", "--private"]),
        },
        ("decode", _) => is_json && !has(&["--claim", "--part"]),
        ("verify" | "test", _) if reports().any(|report| report == "json=-") => true,
        ("verify" | "test", _) if reports().any(|report| report.ends_with("=-")) => false,
        ("verify", _) => is_json && !has(&["--get", "--print"]),
        ("schema", _) => is_json && arguments.iter().all(|word| *word == "schema" || word.starts_with('-')),
        _ => is_json,
    };
    if !prints || has(&["-h", "--help", "-V", "--version", "--part", "--color", "--color=always"]) {
        return None;
    }
    let lines = match command {
        "inspect" => has(&["--oneline"]),
        "key" => has(&["--thumbprint"]),
        _ => has(&["--lines", "--suite", "--report"]) || command == "test",
    };
    let name = action.map_or(command.to_owned(), |action| format!("{command} {action}"));
    Some((name, if lines { Layout::Lines } else { Layout::Document }))
}

/// Returns the command that a command line names, and what it does with keys.
fn command_of<'w>(arguments: &[&'w str]) -> (&'w str, Option<&'w str>) {
    const COMMANDS: [&str; 14] = [
        "encode",
        "sign",
        "mint",
        "decode",
        "verify",
        "test",
        "pair",
        "refresh",
        "inspect",
        "revoke",
        "key",
        "schema",
        "completions",
        "man",
    ];
    let mut words = arguments.iter().copied();
    match words.find(|word| COMMANDS.contains(word) || *word == "help") {
        Some("sign" | "mint") => ("encode", None),
        Some("key") => ("key", words.find(|word| matches!(*word, "new" | "show"))),
        Some(command) => (command, None),
        None => ("decode", None),
    }
}

/// Converts a value. A number that does not fit becomes another one: tokens hold any numbers, documents do not.
fn to_serde(value: &json::Value<'_>) -> Value {
    match value {
        json::Value::Null => Value::Null,
        json::Value::Bool(value) => (*value).into(),
        json::Value::Number(digits) => serde_json::from_str(digits).unwrap_or_else(|_| 0.5.into()),
        json::Value::String(text) => text.as_ref().into(),
        json::Value::Array(items) => items.iter().map(to_serde).collect(),
        json::Value::Object(members) => {
            members.iter().map(|member| (member.name.to_string(), to_serde(&member.value))).collect()
        }
    }
}
