//! Writes a schema as a JSON document (JSON Schema, draft 2020-12). The document names no other: each definition that it
//! uses is under its `$defs`.

use super::Schema;
use super::shape::{Definition, Member, Name, Presence, Shape};
use crate::core::json::{self, Value};

/// The draft of JSON Schema.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Schema {
    /// Returns the JSON Schema.
    pub(crate) fn to_value(&self) -> Value<'static> {
        let mut writer = SchemaWriter::default();
        let forms = self.forms.iter().map(|form| writer.reference(form)).collect();
        let mut definitions = Vec::new();
        while let Some(definition) = writer.used.get(definitions.len()).copied() {
            let value = described(definition.description, writer.shape(&definition.shape));
            definitions.push(json::Member::new(definition.name, value));
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

/// Writes shapes, and collects the definitions that they use.
#[derive(Default)]
struct SchemaWriter {
    used: Vec<&'static Definition>,
}

impl SchemaWriter {
    fn reference(&mut self, definition: &'static Definition) -> Value<'static> {
        if !self.used.iter().any(|used| std::ptr::eq(*used, definition)) {
            self.used.push(definition);
        }
        object([("$ref", text(format!("#/$defs/{}", definition.name)))])
    }

    fn shape(&mut self, shape: &'static Shape) -> Value<'static> {
        match shape {
            Shape::Anything => object([]),
            Shape::Text => typed("string", []),
            Shape::Base64url => typed("string", [("pattern", text("^[A-Za-z0-9_-]*$"))]),
            Shape::Instant => typed("string", [("format", text("date-time"))]),
            Shape::Flag => typed("boolean", []),
            Shape::Always(value) => object([("const", Value::Bool(*value))]),
            Shape::Number => typed("number", []),
            Shape::Integer => typed("integer", []),
            Shape::Count => typed("integer", [("minimum", Value::integer(0))]),
            Shape::FreeObject => typed("object", []),
            Shape::Map(value) => typed("object", [("additionalProperties", self.shape(value))]),
            Shape::Members(groups) => {
                let members: Vec<_> = groups.iter().copied().flatten().collect();
                self.members(&members, Value::Bool(false))
            }
            Shape::MembersAnd(members, others) => {
                let others = self.shape(others);
                self.members(&members.iter().collect::<Vec<_>>(), others)
            }
            Shape::List(item) => typed("array", [("items", self.shape(item))]),
            Shape::Named(all) => names(&all.iter().map(|name| Name::plain(*name)).collect::<Vec<_>>()),
            Shape::NameIn(table) => names(&table()),
            Shape::OrNull(shape) => or_null(self.shape(shape)),
            Shape::AnyOf(shapes) => {
                object([("anyOf", Value::Array(shapes.iter().map(|shape| self.shape(shape)).collect()))])
            }
            Shape::Defined(definition) => self.reference(definition),
        }
    }

    fn members(&mut self, members: &[&'static Member], others: Value<'static>) -> Value<'static> {
        let properties: Vec<_> = members
            .iter()
            .map(|member| {
                json::Member::new(member.name, described(member.description, self.shape(&member.shape)))
            })
            .collect();
        let named = |presence| -> Vec<Value<'static>> {
            let chosen = members.iter().filter(|member| member.presence == presence);
            chosen.map(|member| text(member.name)).collect()
        };
        let mut rules = vec![("properties", Value::Object(properties))];
        let always = named(Presence::Required);
        if !always.is_empty() {
            rules.push(("required", Value::Array(always)));
        }
        let one = |name| object([("required", Value::Array(vec![name]))]);
        let alternatives: Vec<_> = named(Presence::Alternative).into_iter().map(one).collect();
        if !alternatives.is_empty() {
            rules.push(("oneOf", Value::Array(alternatives)));
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
