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
    /// The words that call the command, with spaces between them.
    pub(crate) command: &'static str,
    /// The title.
    title: &'static str,
    /// The output of the command, in words.
    description: &'static str,
    /// The documents. Each line of JSON Lines is one, too.
    forms: &'static [&'static Definition],
}

impl Schema {
    /// Every schema, in the order of the list of commands. The last one is that of failures.
    pub(crate) const ALL: &[Self] = &[
        encode::SCHEMA,
        decode::SCHEMA,
        verify::SCHEMA,
        suite::SCHEMA,
        pair::PAIR_SCHEMA,
        pair::REFRESH_SCHEMA,
        inspect::SCHEMA,
        revoke::SCHEMA,
        key::NEW,
        key::SHOW,
        list::SCHEMA,
        failure::SCHEMA,
    ];

    /// Returns the schema of a command.
    pub(crate) fn named(command: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|schema| schema.command == command)
    }
}

/// The list of schemas. As text, it is a line for each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchemaList;

impl SchemaList {
    /// Returns the list as a JSON document.
    pub(crate) fn to_value(self) -> Value<'static> {
        let entry = |schema: &Schema| {
            let text = |name, text| Member::new(name, Value::string(text));
            Value::Object(vec![text("command", schema.command), text("title", schema.title)])
        };
        Value::Object(vec![Member::new("schemas", Value::Array(Schema::ALL.iter().map(entry).collect()))])
    }
}

impl fmt::Display for SchemaList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = Schema::ALL.iter().map(|schema| schema.command.len()).max().unwrap_or_default();
        Schema::ALL.iter().try_for_each(|schema| writeln!(f, "{:width$}  {}", schema.command, schema.title))
    }
}
