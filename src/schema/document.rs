//! Writes a schema as a JSON document (JSON Schema, draft 2020-12). The document names no other: each definition that it
//! uses is under its `$defs`.

use super::Schema;
use super::shape::{Definition, Member, Name, Presence, Shape};
use crate::core::json::{self, Value};
use std::collections::VecDeque;

/// The draft of JSON Schema.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Schema {
    /// Returns the JSON Schema.
    pub(crate) fn into_value(self) -> Value<'static> {
        let mut writer = SchemaWriter::default();
        let forms = self.forms.into_iter().map(|form| writer.reference(form)).collect();
        let mut definitions = Vec::new();
        while let Some(Definition { name, description, shape }) = writer.waiting.pop_front() {
            definitions.push(json::Member::new(name, described(description, writer.shape(shape))));
        }
        object([
            ("$schema", text(DRAFT)),
            ("title", text(self.title)),
            ("description", text(self.description)),
            ("anyOf", Value::Array(forms)),
            ("$defs", Value::Object(definitions)),
        ])
    }
}

/// A writer of shapes, which collects the definitions that they use.
#[derive(Default)]
struct SchemaWriter {
    /// The names of the definitions that are used.
    used: Vec<&'static str>,
    /// Those of the definitions that are not written yet.
    waiting: VecDeque<Definition>,
}

impl SchemaWriter {
    fn reference(&mut self, definition: Definition) -> Value<'static> {
        let name = definition.name;
        if !self.used.contains(&name) {
            self.used.push(name);
            self.waiting.push_back(definition);
        }
        object([("$ref", text(format!("#/$defs/{name}")))])
    }

    fn shape(&mut self, shape: Shape) -> Value<'static> {
        match shape {
            Shape::Anything => object([]),
            Shape::Text => typed("string", []),
            Shape::Base64url => typed("string", [("pattern", text("^[A-Za-z0-9_-]*$"))]),
            Shape::Instant => typed("string", [("format", text("date-time"))]),
            Shape::Flag => typed("boolean", []),
            Shape::Always(value) => object([("const", Value::Bool(value))]),
            Shape::Number => typed("number", []),
            Shape::Integer => typed("integer", []),
            Shape::Count => typed("integer", [("minimum", Value::integer(0))]),
            Shape::FreeObject => typed("object", []),
            Shape::Map(value) => typed("object", [("additionalProperties", self.shape(*value))]),
            Shape::Members(members) => self.members(members, Value::Bool(false)),
            Shape::MembersAnd(members, others) => {
                let others = self.shape(*others);
                self.members(members, others)
            }
            Shape::List(item) => typed("array", [("items", self.shape(*item))]),
            Shape::Named(all) => names(&all.into_iter().map(Name::plain).collect::<Vec<_>>()),
            Shape::NameIn(table) => names(&table()),
            Shape::OrNull(shape) => or_null(self.shape(*shape)),
            Shape::AnyOf(shapes) => {
                object([("anyOf", Value::Array(shapes.into_iter().map(|shape| self.shape(shape)).collect()))])
            }
            Shape::Defined(definition) => self.reference(definition()),
        }
    }

    fn members(&mut self, members: Vec<Member>, others: Value<'static>) -> Value<'static> {
        let named = |presence| -> Vec<Value<'static>> {
            let chosen = members.iter().filter(|member| member.presence == presence);
            chosen.map(|member| text(member.name)).collect()
        };
        let (always, alternatives) = (named(Presence::Required), named(Presence::Alternative));
        let properties = members.into_iter().map(|member| {
            json::Member::new(member.name, described(member.description, self.shape(member.shape)))
        });
        let mut rules = vec![("properties", Value::Object(properties.collect()))];
        if !always.is_empty() {
            rules.push(("required", Value::Array(always)));
        }
        let one = |name| object([("required", Value::Array(vec![name]))]);
        if !alternatives.is_empty() {
            rules.push(("oneOf", Value::Array(alternatives.into_iter().map(one).collect())));
        }
        rules.push(("additionalProperties", others));
        typed("object", rules)
    }
}

/// Returns the schema of the names of a table. Names with a meaning are listed one by one.
fn names(names: &[Name]) -> Value<'static> {
    if names.iter().all(|name| name.meaning.is_empty() && !name.is_prefix) {
        let values = names.iter().map(|name| text(name.text.clone())).collect();
        return object([("enum", Value::Array(values))]);
    }
    let one = |name: &Name| {
        let rule = match name.is_prefix {
            // The names of the program hold letters, digits, `_`, `-` and `:`, which stand for themselves.
            true => object([("pattern", text(format!("^{}", name.text)))]),
            false => object([("const", text(name.text.clone()))]),
        };
        described(&name.meaning, rule)
    };
    typed("string", [("anyOf", Value::Array(names.iter().map(one).collect()))])
}

/// Returns a schema that also allows null.
fn or_null(schema: Value<'static>) -> Value<'static> {
    let Value::Object(mut members) = schema else { return schema };
    let is_narrow = members.iter().any(|member| matches!(&*member.name, "enum" | "const" | "anyOf"));
    match members.iter_mut().find(|member| member.name == "type") {
        Some(member) if !is_narrow => {
            member.value = Value::Array(vec![member.value.clone(), text("null")]);
            Value::Object(members)
        }
        _ => object([("anyOf", Value::Array(vec![Value::Object(members), typed("null", [])]))]),
    }
}

/// Returns a schema with a description before its rules.
fn described(description: &str, schema: Value<'static>) -> Value<'static> {
    let description = json::Member::new("description", text(description.to_owned()));
    match schema {
        Value::Object(rules) => Value::Object([vec![description], rules].concat()),
        other => other,
    }
}

fn typed(
    name: &'static str,
    rules: impl IntoIterator<Item = (&'static str, Value<'static>)>,
) -> Value<'static> {
    object([("type", text(name))].into_iter().chain(rules))
}

fn object(members: impl IntoIterator<Item = (&'static str, Value<'static>)>) -> Value<'static> {
    Value::Object(members.into_iter().map(|(name, value)| json::Member::new(name, value)).collect())
}

fn text(text: impl Into<std::borrow::Cow<'static, str>>) -> Value<'static> {
    Value::string(text)
}
