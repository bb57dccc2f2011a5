//! The JSON Schemas of the documents that commands print, for `fob schema` and for tests. There is one file for each
//! command. **The table of schemas** is here; the names that schemas allow come from the tables of the program.

mod decode;
mod document;
mod encode;
mod failure;
mod inspect;
mod key;
mod list;
mod pair;
mod revoke;
mod sd_jwt;
mod shape;
mod suite;
mod tables;
mod token;
mod verdict;
mod verify;

use self::shape::Definition;
use crate::core::json::{Member, Value};
use std::fmt;

/// The schema of the documents of one command.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The title.
    title: &'static str,
    /// The output of the command, in words.
    description: &'static str,
    /// The documents. Each line of JSON Lines is one, too.
    forms: Vec<Definition>,
}

/// The words that call a command, with spaces between them, and the function that builds its schema.
type SchemaRow = (&'static str, fn() -> Schema);

/// Every schema, in the order of the list of commands. The last one is that of failures. The schemas themselves are built
/// by functions: `Member::new` says why.
static SCHEMAS: [SchemaRow; 12] = [
    ("encode", encode::schema),
    ("decode", decode::schema),
    ("verify", verify::schema),
    ("test", suite::schema),
    ("pair", pair::pair_schema),
    ("refresh", pair::refresh_schema),
    ("inspect", inspect::schema),
    ("revoke", revoke::schema),
    ("key new", key::new_schema),
    ("key show", key::show_schema),
    ("schema", list::schema),
    ("error", failure::schema),
];

impl Schema {
    /// Returns the commands that have a schema.
    pub(crate) fn commands() -> impl Iterator<Item = &'static str> {
        SCHEMAS.iter().map(|(command, _)| *command)
    }

    /// Returns the schema of a command.
    pub(crate) fn named(command: &str) -> Option<Self> {
        SCHEMAS.iter().find(|(name, _)| *name == command).map(|(_, schema)| schema())
    }
}

/// The list of schemas. As text, it is a line for each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchemaList;

impl SchemaList {
    /// Returns the list as a JSON document.
    pub(crate) fn to_value(self) -> Value<'static> {
        let entry = |(command, schema): &SchemaRow| {
            let text = |name, text| Member::new(name, Value::string(text));
            Value::Object(vec![text("command", *command), text("title", schema().title)])
        };
        Value::Object(vec![Member::new("schemas", Value::Array(SCHEMAS.iter().map(entry).collect()))])
    }
}

impl fmt::Display for SchemaList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = Schema::commands().map(str::len).max().unwrap_or_default();
        SCHEMAS.iter().try_for_each(|(command, schema)| writeln!(f, "{command:width$}  {}", schema().title))
    }
}
